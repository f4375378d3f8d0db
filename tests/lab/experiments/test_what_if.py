"""Twins: a null change differs in nothing, shared luck, intervals that cover, where histories part; arms on disk."""

import hashlib
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo.case import load_case
from politburo.faults import Faults
from politburo.lab.experiments.arms import Arm, engine_of, kept, run_arms
from politburo.lab.experiments.changes import read
from politburo.lab.ensembles.cluster import connect
from politburo.lab.experiments.paired import difference, student
from politburo.lab.ensembles.results import compare, open_result
from politburo.lab.ensembles.run import Interrupted
from politburo.lab.experiments.twins import Traces, decided_by, fell_apart, part, partings, same, seen_by, traced
from politburo.lab.experiments.what_if import what_if
from politburo.views.what_if import Row, heading, tolls_table

UNTIL = "1924-09"  # 30 months
N = 60


@pytest.fixture(scope="module")
def case():
    return load_case("ussr")


@pytest.fixture(scope="module")
def base(case, standard):
    return Arm(case, (), UNTIL)


def arm(base, *words):
    return base.plus(*read(base.case, words))


def contents(path: Path) -> dict[str, str]:
    return {str(p.relative_to(path)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(path.rglob("*")) if p.is_file()}


def identical(a, b) -> bool:
    return all(x.tobytes() == y.tobytes() for x, y in zip(a, b, strict=True))


# Twins

NULL = ["posts.general_secretary=stalin@1923-01", "ties.lenin.trotsky={tie}", "alliance(lenin,trotsky)=-1@1922-06", "posts.war_commissar=trotsky@1922-04..1922-12"]


def test_a_null_change_differs_in_nothing(base):
    """Changes that act in the engine, and order what is so already: not one bit differs, at any worker count and cut."""
    tie = base.case.tie("lenin", "trotsky")
    before = kept(base, N, 1)
    for word in NULL:
        null = arm(base, word.format(tie=tie))
        assert identical(before, kept(null, N, 1)) and identical(before, kept(null, N, 3)), word
    assert identical(before, kept(base, N, 4))
    halves = [kept(base, np.arange(a, b), 1) for a, b in ((0, 25), (25, N))]
    assert np.array_equal(np.concatenate([k.first for k in halves]), before.first)


@pytest.mark.parametrize(
    "word",
    ["rules.ban_on_factions=off", "posts.general_secretary=trotsky@1923-03", "alliance(stalin,trotsky)@1922-10",
     "document=published@1923-04", "people.lenin.health=active", "luck.motions=resampled", "luck.coalitions=frozen",
     "people.trotsky.health=dead@1923-06", "signals.hardship=1@1922-06"],
)  # fmt: skip
def test_a_change_acts_from_its_month(base, word):
    changed = arm(base, word)
    a, b = kept(base, N, 2), kept(changed, N, 2)
    apart = ~same(a, b)
    assert apart.any(), "it does something"
    seen = seen_by(base.call.compiled, a, b)
    assert np.array_equal(np.isfinite(seen), apart)
    span = next((i.span for c in changed.changes for i in c.interventions if i.span is not None), None)
    first = 0 if span is None else span.first
    assert np.nanmin(seen) >= first, "nothing happens before its cause"
    fell = fell_apart(a, b)
    for p in partings(base.call, changed.call, np.arange(20)).partings:
        assert p.month < 0 or first <= p.month <= fell[p.history]
        assert p.month >= 0 or not np.isfinite(fell[p.history])


def test_what_was_ordered_happens(base):
    """The trace of a changed history shows the order carried out, in its month."""
    changed = arm(base, "posts.general_secretary=trotsky@1923-03", "people.kirov.health=dead@1923-06", "document=buried")
    names = changed.call.compiled.people
    post = changed.call.compiled.posts.index("general_secretary")
    events = traced(changed.call, np.arange(10))
    from politburo.engine import events as ev

    for e in events:
        mine = e[(e["kind"] == ev.POST) & (e["actor"] == -1)]
        assert [(int(r["month"]), names[r["target"]], int(r["a"])) for r in mine] == [(11, "trotsky", post)]
        dead = e[(e["kind"] == ev.DEATH) & (e["actor"] == names.index("kirov"))]
        assert dead["month"].tolist() == [14]
        read_ = e[e["kind"] == ev.DOCUMENT]
        assert (read_["a"] == 0).all() and not (e["kind"] == ev.DISMISSAL).any()


def test_frozen_luck_is_the_same_in_every_history(base):
    """With all luck and the parameters the same, histories differ in nothing: what `frozen` freezes is all that made them differ."""
    from politburo.engine import luck

    words = [f"luck.{source}=frozen" for source in luck.SOURCES if source not in ("health",)]
    frozen = arm(base, *words)
    m = len(base.call.compiled.particles)
    found = kept(frozen, np.array([0, m, 2 * m]), 1)
    assert (found.first == found.first[:1]).all() and (found.whole == found.whole[:1]).all()
    other = kept(base, np.array([0, m, 2 * m]), 1)
    assert not (other.first == other.first[:1]).all()
    assert np.array_equal(found.first[0], other.first[0]), "history 0 has its own luck"


def test_parting_is_where_traces_differ(base):
    changed = arm(base, "rules.ban_on_factions=off")
    (a,), (b,) = traced(base.call, np.array([3])), traced(changed.call, np.array([3]))
    assert part(3, a, a).month == -1
    found = part(3, a, a[a["month"] < 12])
    assert found.month >= 12 and found.kinds[0] and not found.kinds[1]


def test_a_trace_that_stops_early_is_the_beginning_of_the_whole(base):
    """At any number of threads, in one room for many histories, whatever was asked for before."""
    call, some = base.call, [3, 11, 4, 30]
    whole = traced(call, some)
    assert all(a.tobytes() == engine_of(call).trace(h, call.rows(np.array([h]))[0])[1].tobytes() for h, a in zip(some, whole, strict=True))
    traces = Traces(call)
    for workers, months in ((1, [5, 12, 1, 30]), (2, [9, 9, 9, 9]), (1, [30, 30, 30, 30])):
        for a, b, m in zip(traces.of(some, months, workers), whole, months, strict=True):
            assert a[a["month"] < m].tobytes() == b[b["month"] < m].tobytes()


def test_twins_traced_to_the_month_that_tells_them_apart_part_where_whole_traces_do(base):
    for word in ("rules.ban_on_factions=off", "luck.coalitions=frozen"):
        changed = arm(base, word)
        a, b = kept(base, N, 2), kept(changed, N, 2)
        rows = np.flatnonzero(~same(a, b))[:20]
        short = partings(base.call, changed.call, rows)
        long = partings(base.call, changed.call, rows, 2, None, fell_apart(a, b)[rows], np.full(len(rows), np.inf))
        assert short == long and len(short.partings) == len(rows) > 0
        decided = decided_by(base.call.compiled, a, b)[rows]
        assert all(p.month <= m for p, m in zip(short.partings, decided, strict=True) if np.isfinite(m) and p.month >= 0)


# Paired differences


@given(st.lists(st.sampled_from([0.0, 1.0, float("nan")]), min_size=4, max_size=60), st.integers(2, 30))
def test_difference_of_a_thing_with_itself_is_nothing(values, m):
    y = np.array(values)
    d = difference(y, y, np.arange(len(y)) % m)
    n = int(np.isfinite(y).sum())
    assert d.pairs == n and d.differ == 0
    assert n == 0 or (d.mean == 0 and not d.clear and d.low < 0 < d.high)


@given(st.integers(0, 2**32 - 1))
def test_differences_add_up(seed):
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(size=(3, 50))
    p = np.arange(50) % 12
    assert difference(a, c, p).mean == pytest.approx(difference(a, b, p).mean + difference(b, c, p).mean)
    assert difference(b, a, p).mean == -difference(a, b, p).mean


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=80))
def test_the_spread_of_pairs_is_that_of_the_pairs(values):
    d = np.array(values, float)
    found = difference(np.zeros(len(d)), d, np.arange(len(d)) % 7)
    assert found.up == (d > 0).mean() and found.down == pytest.approx((d < 0).mean())
    if d.any():
        assert (d <= found.low80).mean() >= 0.1 - 1e-9 and (d >= found.high80).mean() >= 0.1 - 1e-9
        assert (d < found.low80).mean() <= 0.1 + 1e-9 and (d > found.high80).mean() <= 0.1 + 1e-9 and found.low80 <= found.high80
    else:
        assert found.low80 == found.high80 == 0.0


def test_the_spread_does_not_narrow_with_histories_and_the_interval_does():
    rng = np.random.default_rng(1)
    few, many = (difference(np.zeros(n), rng.normal(1, 2, n), np.arange(n) % 20) for n in (2_000, 200_000))
    assert many.high - many.low < 0.2 * (few.high - few.low)
    assert (many.low80, many.high80) == pytest.approx((1 - 2 * 1.2816, 1 + 2 * 1.2816), abs=0.1)
    assert few.high80 - few.low80 == pytest.approx(2 * 2 * 1.2816, abs=0.4)


def test_intervals_cover_and_parts_are_told_apart():
    """Planted effect, posterior spread, coder error and luck: 95 % intervals cover, each part is found."""
    rng = np.random.default_rng(7)
    m, h, effect = 40, 800, 0.1
    p = np.arange(h) % m
    covered, posterior, coding = [], [], []
    for _ in range(200):
        shared = effect + rng.normal(0, 0.3, m)[p] + rng.normal(0, 0.5, h)
        d, again = (shared + rng.normal(0, 1, h) for _ in range(2))
        zero = np.zeros(h)
        found = difference(zero, d, p, 1.0, (zero, again))
        covered.append(found.low <= effect <= found.high)
        posterior.append(found.posterior)
        coding.append(found.coding)
    assert 0.90 <= np.mean(covered) <= 0.99
    assert np.mean(posterior) == pytest.approx(0.3, abs=0.03) and np.mean(coding) == pytest.approx(0.5, abs=0.05)
    assert student(64) == pytest.approx(1.9977, abs=1e-3) and student(9) == pytest.approx(2.2622, abs=1e-3)


# The answer


@pytest.fixture(scope="module")
def answer(case, standard):
    return what_if(case, ["rules.ban_on_factions=off", "posts.war_commissar=stalin@1923-01"], 80, UNTIL, outcomes=["trotsky condemned by 1924-06"], traces=20)


def test_all_combinations(answer):
    assert [len(c.arm.changes) for c in answer.comparisons] == [1, 1, 2]
    a, b, both = (c.effect("trotsky condemned by 1924-06") for c in answer.comparisons)
    assert both.beyond.mean == pytest.approx(both.difference.mean - a.difference.mean - b.difference.mean)
    assert a.beyond is None and a.before == b.before == both.before
    assert a.after - a.before == pytest.approx(a.difference.mean)


def test_effects_are_those_of_the_histories(case, answer):
    """The same number from the histories themselves."""
    base = Arm(case, (), UNTIL)
    changed = base.plus(answer.changes[0])
    i = base.call.compiled.people.index("trotsky")
    shares = []
    for k in (kept(base, 80), kept(changed, 80)):
        months = k.first[:, i, 1:].astype(float)
        months[months < 0] = np.inf
        shares.append((months.min(axis=1) <= 26).mean())
    e = answer.comparisons[0].effect("trotsky condemned by 1924-06")
    assert [e.before, e.after] == shares


def test_answer_as_data(answer):
    data = json.loads(json.dumps(answer.to_dict(), allow_nan=False))
    assert len(data["arms"]) == 3 and len(data["effects"]) == len(answer.rows()) and data["histories"] == 80
    assert {"arm", "id", "what", "difference", "low", "high"} <= set(data["effects"][0])


def test_the_sentence_tells_mean_and_pairs_apart(answer):
    e = answer.effect("trotsky condemned by 1924-06")
    assert "interval of the mean" in answer.said and "only with the change" in answer.said
    assert f"{100 * e.difference.up:.1f}% say yes only with" in answer.said and answer.to_dict()["said"] == answer.said
    row = next(r for r in answer.to_dict()["effects"] if r["id"] == e.id and r["arm"] == answer.comparisons[-1].arm.text)
    assert (row["up"], row["down"]) == (e.difference.up, e.difference.down) and row["up"] - row["down"] == pytest.approx(row["difference"])


def test_a_toll_stands_with_its_harvest_series(case, standard):
    """Each history in the series that it drew; the parts together are the whole."""
    found = what_if(case, ["levers.quota@1922-04..1924-08=*1.3"], 97, "1924-12", traces=0)
    tolls = [e for e in found.comparisons[0].effects if e.harvests]
    assert {e.id.partition(".")[0] for e in tolls} == {"famine_deaths", "famine_deaths_town"}
    e = found.effect("famine_deaths")
    assert {h.series for h in e.harvests} == {"central", "revised", "low", "dw_low", "dw_high"} and sum(h.histories for h in e.harvests) == 97
    assert sum(h.histories * h.difference.mean for h in e.harvests) / 97 == pytest.approx(e.difference.mean)
    table = tolls_table(found, [Row(True, e.question, e.what, (e,))])
    assert [str(c.header) for c in table.columns][:3] == ["toll", "harvest series", "pairs"] and table.row_count == 5
    assert tolls_table(found, [Row(True, "", "", (found.effect("coal"),))]) is None
    assert len(found.to_dict()["tolls"]) == sum(len(e.harvests) for e in tolls)
    heavy = replace(e, before=5000.0, after=4000.0, difference=replace(e.difference, mean=-1000.0, low=-1200.0, high=-800.0))
    for less, said in ((heavy, True), (replace(heavy, before=500_000.0), False), (replace(heavy, before=e.before, after=e.after, difference=e.difference), False)):
        arm = replace(found.comparisons[0], effects=(less,))
        assert ("The toll “" in replace(found, comparisons=(arm,)).said) is said  # by the size of what changed, not by its being clear alone


def test_a_change_without_effect_says_so(case, standard):
    found = what_if(case, ["rules.ban_on_factions=on"], 20, UNTIL, traces=5)
    assert found.unchanged == 1.0 and "changes nothing" in found.warnings[0]
    found = what_if(case, ["posts.general_secretary=stalin@1923-01"], 20, UNTIL, traces=5)
    assert found.unchanged == 1.0 and "no effect anywhere" in found.warnings[0]
    assert not found.comparisons[0].partings.kinds and all(e.difference.differ == 0 for e in found.comparisons[0].effects)


def test_coder_error_is_told_apart(case, standard):
    found = what_if(case, ["posts.war_commissar=stalin@1923-01"], 40, UNTIL, traces=5, coding=True)
    there = [e.difference.coding for e in found.comparisons[0].effects if e.difference.differ and e.difference.pairs > 2]
    assert there and all(np.isfinite(there))


@pytest.mark.parametrize(
    ("options", "said"),
    [({"changes": []}, "nothing to change"), ({"n": 0}, "at least one history"), ({"until": "1999-01"}, "1999-01"),
     ({"outcomes": ["trotski condemned by 1924"]}, "did you mean"), ({"outcomes": ["trotsky condemned by 1930"]}, "needs histories until"),
     ({"changes": [f"ties.lenin.{p}=0.5" for p in ("stalin", "kamenev", "rykov", "tomsky", "kirov", "bukharin", "frunze")]}, "--apart")],
)  # fmt: skip
def test_wrong_requests(case, options, said):
    with pytest.raises(Faults, match=said):
        what_if(case, **{"changes": ["rules.ban_on_factions=off"], "n": 5, "until": UNTIL, **options})


# On disk


def test_the_same_answer_from_memory_from_what_was_just_stored_and_from_the_disk(case, standard, tmp_path):
    words = ["rules.ban_on_factions=off", "levers.quota@1922-04..1924-08=*1.3"]
    answers = [what_if(case, words, N, UNTIL, workers=w, store=place).to_dict() for w, place in ((1, None), (2, tmp_path), (1, tmp_path))]
    assert answers[0] == answers[1] == answers[2]


@pytest.fixture(scope="module")
def arms(base):
    return [base, arm(base, "rules.ban_on_factions=off"), arm(base, "posts.general_secretary=stalin@1923-01"), base]


@pytest.fixture(scope="module")
def stored(arms, tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    return run_arms(arms, N, 2, None, store, slice_=10), store


def test_a_store_keeps_results(arms, stored):
    results, store = stored
    assert results[0].path == results[3].path and len({r.path for r in results}) == 3, "an arm asked for twice is run once"
    for a, r in zip(arms, results, strict=True):
        found, there = open_result(r.path), kept(a, N)
        read_back = found.kept()
        assert found.complete and found.id == a.id and np.array_equal(found.bands, there.bands)
        assert all(np.array_equal(getattr(read_back, name), getattr(there, name)) for name in there._fields if name != "years")
    assert not compare(results[0], results[2]), "the null change"
    assert results[1].trace(3)[1].tobytes() == traced(arms[1].call, np.array([3]))[0].tobytes()


def test_interrupted_and_extended_sweeps_have_the_same_bytes(arms, stored, tmp_path):
    def stop(progress):
        if progress.phase == "running" and progress.done >= 50:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        run_arms(arms, N, 2, None, tmp_path, stop, slice_=10)
    computed = []
    run_arms(arms, N, 1, None, tmp_path, lambda p: computed.append(p), slice_=7)
    assert computed[-1].found >= 50 and computed[-1].done == 3 * N
    assert contents(tmp_path) == contents(stored[1])
    again = []
    run_arms(arms, N, 2, None, tmp_path, again.append)
    assert again[-1].found == again[-1].done == 3 * N


def test_another_process_gives_the_same_bytes(arms, stored, tmp_path):
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        run_arms(arms, N, 2, pool, tmp_path, slice_=20)
    assert contents(tmp_path) == contents(stored[1])


def test_a_killed_dask_worker_loses_nothing(arms, stored, tmp_path):
    """Real worker processes, one killed in the middle; the sweep goes on and the bytes are the same."""
    pytest.importorskip("distributed")
    with connect("local:2") as cluster:
        workers = list(cluster.client.run(os.getpid).values())
        killed = []

        def kill(progress):
            if progress.phase == "running" and progress.done >= 20 and not killed:
                killed.append(workers[0])
                os.kill(workers[0], signal.SIGKILL)

        run_arms(arms, N, 2, cluster, tmp_path, kill, slice_=10)
        assert killed and workers[0] not in cluster.client.run(os.getpid).values()
    assert contents(tmp_path) == contents(stored[1])


def test_wrong_clusters():
    for address, said in (("loca:2", "did you mean local:2"), ("local:0", "at least one"), ("nowhere", "address of a scheduler")):
        with pytest.raises(Faults, match=said):
            connect(address)


def test_a_history_that_fails_is_left_out_with_its_twin(case, standard, monkeypatch, tmp_path):
    """In memory and in a store: the others are compared, the failure is a row with its traceback, and is said."""
    from politburo.engine.ensemble import Engine

    plain, banned = Engine.run, Arm(case, (), UNTIL).call.compiled.world.rule[0].copy()

    def run(engine, first, rows, *rest, **named):
        if first <= 7 < first + len(rows) and engine.world.rule[0] != banned:
            raise ZeroDivisionError("seven")
        return plain(engine, first, rows, *rest, **named)

    whole = what_if(case, "rules.ban_on_factions=off", 24, UNTIL, workers=1, traces=0)
    monkeypatch.setattr(Engine, "run", run)
    for place in (None, tmp_path):
        found = what_if(case, "rules.ban_on_factions=off", 24, UNTIL, workers=1, traces=0, store=place)
        assert found.failed == 1 and [(f["arm"], f["history"]) for f in found.failures] == [("rules.ban_on_factions=off", 7)]
        assert "seven" in found.failures[0]["error"] and "Traceback" in found.failures[0]["traceback"]
        assert {e.difference.pairs for e in found.comparisons[0].effects if e.unit == "amount"} == {23}
        assert "history 7 of rules.ban_on_factions=off" in str(heading(found)) and found.to_dict()["failures"]
        mine, all_ = (np.delete(w.comparisons[0].seen, [7] if len(w.comparisons[0].seen) == 24 else []) for w in (found, whole))
        assert np.array_equal(mine, all_, equal_nan=True)

    def none(engine, first, rows, *rest, **named):
        if len(rows):
            raise ZeroDivisionError("all of them")
        return plain(engine, first, rows, *rest, **named)

    monkeypatch.setattr(Engine, "run", none)
    with pytest.raises(Faults, match="every history fails: ZeroDivisionError: all of them"):
        what_if(case, "rules.ban_on_factions=off", 3, UNTIL, workers=1)


# On the command line


def command(*words, cwd):
    return subprocess.run([Path(sys.executable).parent / "politburo", "what-if", *words], capture_output=True, text=True, cwd=cwd, timeout=300)


def test_command(tmp_path):
    done = command("ussr", "testament=published@1923-04", "-n", "30", "--until", UNTIL, "--report", "page.html", "--out", "arms", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "The founder's document is published in April 1923" in done.stdout and "A typical pair" in done.stdout
    text = (tmp_path / "page.html").read_text()
    assert text.count("<svg") >= 2 and "http://" not in text.replace("http://www.w3.org", "")
    assert json.loads((tmp_path / "arms" / "what-if.json").read_text())["histories"] == 30
    done = command("ussr", "rules.ban_on_fractions=off", cwd=tmp_path)
    assert done.returncode == 1 and "did you mean rules.ban_on_factions?" in done.stderr and "Traceback" not in done.stderr


def test_what_to_type_to_go_on_is_what_was_typed():
    from politburo.cli.what_if import _again

    given = {"-n": 30, "--until": "1924-09", "--outcome": ["trotsky condemned by 1924"], "--changes": [Path("mine.yaml")], "--apart": True, "--seed": None,
             "--coding": False, "--out": Path("arms")}  # fmt: skip
    said = _again(["ussr", "levers.quota@1931-07=*0.85"], given)
    assert said == (
        "politburo what-if ussr 'levers.quota@1931-07=*0.85' -n 30 --until 1924-09 --outcome 'trotsky condemned by 1924' --changes mine.yaml --apart --out arms"
    )


def test_interrupted_on_the_command_line_and_typed_again(tmp_path):
    """Ctrl-C while it runs: the command that is then named goes on from there, and answers as one that was never stopped."""
    words = ["what-if", "ussr", "rules.ban_on_factions=off", "-n", "600", "--until", UNTIL, "--workers", "1", "--json", "--out", "arms"]
    program = Path(sys.executable).parent / "politburo"
    with subprocess.Popen([program, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as running:
        deadline = time.monotonic() + 120
        while len(list(tmp_path.glob("arms/*/run.json"))) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.3)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=120)
    if running.returncode == 0:
        pytest.skip("it was done before it could be stopped")
    assert "To go on:" in said and "Traceback" not in said
    line = next(line for line in said.splitlines() if line.strip().startswith("politburo "))
    done = subprocess.run([program, *shlex.split(line)[1:]], capture_output=True, text=True, cwd=tmp_path, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    never = what_if("ussr", "rules.ban_on_factions=off", 600, UNTIL, workers=1)
    assert found == json.loads(json.dumps(never.to_dict()))


def test_one_word_is_not_a_list_of_letters():
    with pytest.raises(Faults) as error:
        what_if("template", "nowhere=1", n=2)
    assert len(error.value.faults) == 1 and "nowhere" in str(error.value.faults[0])
