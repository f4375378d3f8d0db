"""Comparison after equal refits: fitting and structure add up, a planted difference is found on the right side, held-out cases are refitted elsewhere."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from made_histories import again, recorded_histories
from typer.testing import CliRunner

from politburo.case import load_case
from politburo.cli import app
from politburo.faults import Faults
from politburo.lab.ensembles.provenance import plan
from politburo.lab.fitting.refit import PRIOR, SCORING, SHIPPED, Refit, Search
from politburo.lab.scoring import compare as lab
from politburo.lab.scoring import refitted
from politburo.lab.scoring.leave_out_refit import targets_refitted
from politburo.lab.scoring.recorded import Recorded
from politburo.lab.scoring.refitted import AS_SHIPPED, CLOSENESS, STAGES, Stage, resamples_of_islands
from politburo.lab.scoring.score import draw

BUDGET = 40_000


@pytest.fixture(scope="module")
def call():
    return plan("ussr-1953")


@pytest.fixture(scope="module")
def standard(call):
    return draw(call, call.rows(np.arange(120)), workers=1)


def planted(monkeypatch, drawn):
    """Searches that find twelve prior vectors on three islands at once, and `drawn(call, first)` instead of histories. Returns what was searched."""
    asked = []

    def search(call, histories, how, workers, folder, tell):
        asked.append((call.case.name, call.mechanisms, histories))
        names = tuple(n for n, q in call.compiled.case.parameters.items() if q.fitted)
        rng = np.random.default_rng(3)
        low, high = (np.array([getattr(call.case.parameters[n], end) for n in names]) for end in ("low", "high"))
        values = low + rng.random((12, len(names))) * (high - low)
        return {
            STAGES[kind]: Refit("ussr", kind, names, values, np.repeat([0, 1, 2], 4) + 3 * k, np.zeros(12), (0.1, 0.3), histories)
            for k, kind in enumerate((SHIPPED, PRIOR))
        }

    monkeypatch.setattr(refitted, "search", search)
    for module in (lab, refitted):
        monkeypatch.setattr(module, "draw", lambda mine, rows, first=0, **_: again(drawn(mine, first), len(rows)))
    return asked


def run(slot="coalition", only=("contest",), **given):
    return lab.compare("ussr-1953", slot, n=60, prior=12, each=3, only=only, refit=BUDGET, **given)


def test_a_held_out_case_is_refitted_on_the_case_that_lends_its_parameters(monkeypatch, standard):
    asked = planted(monkeypatch, lambda call, first: standard)
    found = run()
    assert [(name, n) for name, _, n in asked] == [("ussr", BUDGET)] * 2 and found.refitted_on == "ussr"
    assert "coalition" in asked[0][1] and "coalition_contest" in asked[1][1] and "grain" in asked[1][1]
    assert found.stages == (AS_SHIPPED, *STAGES.values()) and set(found.refits) == {"coalition", "coalition_contest"}


def test_mechanisms_that_do_the_same_are_not_told_apart(monkeypatch, standard):
    planted(monkeypatch, lambda call, first: standard)
    found = run()
    for p in found.parts:
        assert p.shipped == p.fitting == p.structure == 0 and p.structure_low <= 0 <= p.structure_high
    assert all("better" not in words and "worse" not in words for words in found.words())
    assert len(found.words()) == 3


def test_what_a_refit_makes_good_is_fitting_and_what_it_does_not_is_structure(monkeypatch, call, standard):
    truth = recorded_histories(call, 60)

    def rival_after_a_refit(mine, first):
        return truth if "coalition_contest" in mine.mechanisms and first == SCORING else standard

    planted(monkeypatch, rival_after_a_refit)
    found = run()
    parts = {(p.measure, p.stage): p for p in found.parts}
    close = parts[CLOSENESS, STAGES[PRIOR]]
    assert close.shipped == 0 and close.structure > 0.2 and close.structure_low > 0 and close.fitting == pytest.approx(-close.structure)
    assert any("refitted from the prior: better in" in words and CLOSENESS in words for words in found.words())

    def rival_always_wrong(mine, first):
        return standard if "coalition_contest" in mine.mechanisms else truth

    planted(monkeypatch, rival_always_wrong)
    found = run()
    for p in found.parts:
        assert p.shipped == pytest.approx(p.fitting + p.structure)
    close = next(p for p in found.parts if p.measure == CLOSENESS)
    assert close.structure_high < 0 and close.fitting_low <= 0 <= close.fitting_high
    assert any("is left after equal searches" in words for words in found.words())


def test_tables_and_stages(monkeypatch, standard):
    planted(monkeypatch, lambda call, first: standard)
    found = run()
    kinds = {row["table"] for row in found.table()}
    assert kinds == {"score", "closeness", "evidence", "parts"}
    assert {x.stage for x in found.scores} == set(found.stages)
    for x in found.close:
        assert x.low <= x.level <= x.high or x.low == pytest.approx(x.high)
        assert x.mechanism != "coalition" or x.gain == x.gain_low == x.gain_high == 0


def test_without_a_refit_nothing_is_searched(monkeypatch, standard):
    asked = planted(monkeypatch, lambda call, first: standard)
    found = lab.compare("ussr-1953", "coalition", n=60, prior=12, each=3, only=["contest"])
    assert not asked and found.stages == (AS_SHIPPED,) and not found.parts and not found.refits


def test_islands_are_drawn_together():
    island, number = np.repeat([0, 1, 2], 4), np.arange(120) % 12
    counts = resamples_of_islands(island, number, 5, 2000)
    assert counts.shape == (2000, 120) and counts.mean() == pytest.approx(1.0, abs=0.03)
    correlation = np.corrcoef(counts.T)
    same = correlation[0, 1]  # two vectors of one island
    assert same > 0.05 > correlation[0, 4] and correlation[0, 12] > same, "one vector's histories hang together most"
    assert not np.array_equal(counts, resamples_of_islands(island, number, 6, 2000))


def test_a_gain_smaller_than_what_is_printed_is_none():
    score = refitted.Scored("coalition_contest", "votes", 3, 1.0, 0.9, 1.1, 0.004, 0.003, 0.005)
    close = refitted.Close("coalition_contest", 0.4, 0.4, 0.4, 0.0004, 0.0003, 0.0005)
    (words,) = refitted.sentences(("coalition", "coalition_contest"), [score], [close], [])
    assert words == "contest, as shipped: not to be told apart from the standard in votes, closeness."
    (words,) = refitted.sentences(("coalition", "coalition_contest"), [replace(score, gain=-0.2, gain_low=-0.3, gain_high=-0.1)], [close], [])
    assert words == "contest, as shipped: worse in votes (-0.20, -0.30 to -0.10); not to be told apart in closeness."


def test_levels_are_means_and_draws(call, standard):
    """Closeness of a stage is the plain mean, and a draw that takes every history once gives it again."""
    record = Recorded(call.compiled)
    from politburo.lab.scoring.forecasts import forecasts

    stage = Stage("x")
    close = refitted.each_closeness(call, standard, False)
    stage.add("coalition", forecasts(record, standard), close, np.ones((2, 120)))
    for measure, (count, levels) in stage.levels("coalition").items():
        level, spread = levels["coalition"]
        assert spread == pytest.approx([level, level]) and count >= 1, measure


def test_faults_of_a_refit(tmp_path, call):
    with pytest.raises(Faults) as caught:
        lab.compare("ussr-1953", "coalition", refit=500)
    assert "500 histories" in str(caught.value.faults[0]) and "or more" in str(caught.value.faults[0])
    own = SimpleNamespace(**{**vars(plan("ussr")), "case": replace(plan("ussr").case, targets={})})
    with pytest.raises(Faults) as caught:
        refitted.lender(own, "coalition")
    assert "no target to refit ussr to" in str(caught.value.faults[0])
    (tmp_path / "file").write_text("")
    for words, said in (
        (["--refits", str(tmp_path)], "no search to keep"), (["--refit", "500"], "500 histories"), (["--refit", "40000", "--refits", str(tmp_path / "file")], "a folder"),
    ):  # fmt: skip
        result = CliRunner().invoke(app, ["compare", "ussr-1953", "--module", "purge", *words])
        assert result.exit_code == 1 and said in result.output and "Traceback" not in result.output
    for words, said in ((["--refit", "9000"], "nothing to leave out"), (["--leave-out", "cases", "--refit", "9000"], "targets or --leave-out people")):
        result = CliRunner().invoke(app, ["score", "ussr", *words])
        assert result.exit_code == 1 and said in result.output


def test_the_command_tells_all_stages_and_says_them_in_words(monkeypatch, standard):
    planted(monkeypatch, lambda call, first: standard)
    words = ["compare", "ussr-1953", "--module", "purge", "--rival", "blind", "-n", "60", "--prior", "10", "--each", "2", "--refit", str(BUDGET)]
    result = CliRunner().invoke(app, words)
    said = " ".join(result.output.split())
    assert result.exit_code == 0, result.output
    assert "refitted from the prior, 40,000 histories of search on ussr" in said and "In words" in said and "not to be told apart" in said
    import json

    told = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert told["refitted_on"] == "ussr" and len(told["searches"]) == 4 and len(told["words"]) == 3


# -- leaving a target out


def test_a_target_is_left_out_by_a_search_of_its_own(tmp_path):
    case = load_case("ussr")
    fitted = [k for k, t in case.targets.items() if t.fitted]
    kept = [*fitted[:3], *(k for k in fitted if case.targets[k].kind == "members")][:4]
    case = replace(case, targets={k: t for k, t in case.targets.items() if k in kept})
    tiny = Search(islands=1, size=4, batch=2, moves=1, draws=1, choice=1, kinds=(SHIPPED,))
    heard = []
    rows = targets_refitted(case, 60, each=4, search=tiny, workers=1, refits=tmp_path, tell=heard.append)
    assert [r.id for r in rows] == [k for k in case.targets] and len(heard) == len(rows) + 1
    for r in rows:
        assert r.flattery == pytest.approx(r.fitted - r.left_out) and r.low <= r.high and r.flattery_low <= r.flattery_high
        assert max(r.before, r.fitted, r.left_out) <= 0
    assert len(list(tmp_path.glob("refit-ussr-*.npz"))) == len(rows) + 1, "one search for each, and one that leaves nothing out"
    assert targets_refitted(case, 60, each=4, search=tiny, workers=2, refits=tmp_path) == rows
    assert targets_refitted(case, 60, each=4, search=tiny, workers=2) == rows, "the same without the kept searches and for any number of workers"
    people = targets_refitted(case, 60, together=True, each=4, search=tiny, workers=1)
    assert len(people) < len(rows) and any("falls of" in r.question for r in people)


def test_a_case_without_a_posterior_of_its_own_is_refused():
    with pytest.raises(Faults) as caught:
        targets_refitted("ussr-1953")
    assert "no posterior of its own" in str(caught.value.faults[0])
