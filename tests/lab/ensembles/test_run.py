"""Runs to disk: the same bytes however they came about, nothing mixed, nothing lost, nothing silently wrong."""

import hashlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from politburo.case import load_case
from politburo.case.load import CASES
from politburo.engine import month
from politburo.engine.country.kernel import STANDARD as COUNTRY
from politburo.engine.ensemble import Engine
from politburo.faults import Faults
from politburo.lab.ensembles import arrow, parts, provenance, years
from politburo.lab.ensembles.results import Result, compare, open_result
from politburo.lab.ensembles.run import Interrupted, rerun, run
from politburo.lab.ensembles.work import cut, slice_size

UNTIL = "1924-09"  # 30 months
N = 120
PART = 50  # two whole parts and a short one


def small(out=None, **options) -> Result:
    return run("ussr", **{"n": N, "until": UNTIL, "out": out, "part": PART, "slice_": 10, "workers": 2, **options})


def contents(path: Path) -> dict[str, str]:
    """Every file of a result, and a digest of its bytes."""
    files = sorted(p for p in path.rglob("*") if p.is_file())
    return {str(p.relative_to(path)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def straight(tmp_path_factory) -> Result:
    return small(tmp_path_factory.mktemp("runs") / "straight")


@pytest.fixture(scope="module")
def bytes_(straight) -> dict[str, str]:
    return contents(straight.path)


def rows(result: Result) -> str:
    """A digest of all rows and bands, whatever files they are in."""
    digest = hashlib.sha256(result.bands.tobytes())
    for array in result.kept():
        digest.update(array.tobytes())
    return digest.hexdigest()


# The same bytes


def test_what_a_result_holds(straight, bytes_):
    assert sorted(name for name in bytes_ if "/" not in name) == [
        "bands-00000000.parquet", "bands-00000050.parquet", "bands-00000100.parquet", "bands.parquet",
        "part-00000000.parquet", "part-00000050.parquet", "part-00000100.parquet", "run.json",
        "years-00000000.parquet", "years-00000050.parquet", "years-00000100.parquet",
    ]  # fmt: skip
    assert straight.complete and straight.n == straight.done == N
    assert straight.table(["history"])["history"].to_pylist() == list(range(N))
    compiled = straight.compiled
    engine = Engine(compiled.world, compiled.parameters, compiled.months, straight.call.mechanisms)
    kept, _ = engine.run(0, straight.call.rows(np.arange(N)))
    for name, a, b in zip(kept._fields, kept, straight.kept(), strict=True):
        if name != "years":  # read apart, see test_run_years
            assert a.dtype == b.dtype and np.array_equal(a, b), name


@pytest.mark.parametrize("options", [{"workers": 1}, {"slice_": 1}, {"slice_": 7, "workers": 2}, {"slice_": 100}, {"slice_": None}], ids=str)
def test_threads_and_slices(tmp_path, bytes_, options):
    small(tmp_path / "r", **options)
    assert contents(tmp_path / "r") == bytes_


@pytest.mark.parametrize("part", [1000, 33, 119])
def test_parts_decide_files_only(tmp_path, straight, part):
    other = small(tmp_path / "r", part=part)
    assert rows(other) == rows(straight) and compare(other, straight) == []


@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_processes(tmp_path, bytes_, method):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} here")
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as pool:
        small(tmp_path / "r", executor=pool)
    assert contents(tmp_path / "r") == bytes_


class Dying(Executor):
    """A process pool whose workers are killed after a few slices."""

    def __init__(self):
        self.pool, self.given = ProcessPoolExecutor(1, multiprocessing.get_context("spawn")), 0

    def submit(self, *arguments):
        self.given += 1
        if self.given == 4:
            # Killed between two slices: Python's pool waits for ever for the rest of a result whose sender died.
            self.first.result()
            for process in list(self.pool._processes.values()):
                process.kill()
                process.join()
        self.first = future = self.pool.submit(*arguments)
        return future


def test_killed_workers_lose_nothing(tmp_path, bytes_):
    notices = []
    small(tmp_path / "r", executor=Dying(), progress=lambda p: notices.append(p.text) if p.phase == "notice" else None)
    assert contents(tmp_path / "r") == bytes_
    assert any("gave up" in text for text in notices)


def test_a_change_that_changes_nothing(tmp_path, bytes_):
    value = load_case("ussr").value("parameters.foresight")
    small(tmp_path / "r", changes={"parameters.foresight": value, "rules.ban_on_factions": True})
    assert contents(tmp_path / "r") == bytes_


def test_a_change_that_changes_something(straight, tmp_path):
    other = small(tmp_path / "r", changes={"rules.ban_on_factions": False})
    assert other.id != straight.id and rows(other) != rows(straight)
    assert not other.case.rules["ban_on_factions"].value


def test_seed_and_coder_error_count(straight):
    digests = {rows(straight), rows(small(seed=1)), rows(small(coder_error=False))}
    assert len(digests) == 3


# Extending, stopping, killing


def test_extending(tmp_path, bytes_, straight):
    path = tmp_path / "r"
    for n in (7, 50, 63, N):
        result = small(path, n=n)
        assert result.done == n
        assert np.array_equal(result.kept().first, straight.kept().first[:n])
        assert result.bands.sum() == n * len(result.series) * result.compiled.months
    assert contents(path) == bytes_


def test_asking_for_fewer_keeps_the_rest(tmp_path, bytes_):
    small(tmp_path / "r")
    assert small(tmp_path / "r", n=10).n == N
    assert contents(tmp_path / "r") == bytes_


def test_only_what_is_missing_is_computed(tmp_path, bytes_, monkeypatch):
    small(tmp_path / "r")
    (tmp_path / "r" / "part-00000050.parquet").unlink()
    (tmp_path / "r" / "part-00000100.parquet").write_bytes(b"PAR1 but no more")
    ran = []
    plain = Engine.run

    def spy(self, first, rows, *more, **named):
        ran.extend(range(first, first + len(rows)) if self.months else [])
        return plain(self, first, rows, *more, **named)

    monkeypatch.setattr(Engine, "run", spy)
    seen = []
    small(tmp_path / "r", progress=seen.append)
    assert sorted(ran) == list(range(50, N))
    assert seen[0].found == 50 and seen[-1].done == N
    assert contents(tmp_path / "r") == bytes_


@pytest.mark.parametrize("after", [1, 45, 60, 119])
def test_stopping_keeps_what_is_finished(tmp_path, bytes_, after):
    def stop(now):
        if now.done >= after:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        small(tmp_path / "r", progress=stop)
    assert open_result(tmp_path / "r").done == stopped.value.done >= after
    small(tmp_path / "r")
    assert contents(tmp_path / "r") == bytes_


CHILD = "import sys; from politburo.lab.ensembles.run import run; run('ussr', 400, until='1925-03', out=sys.argv[1], part=40, slice_=5, workers=2)"


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_at_random_moments(tmp_path):
    """A real process is killed again and again; what it leaves, resumed, has the bytes of an uninterrupted run."""
    path, whole = tmp_path / "killed", tmp_path / "whole"
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(whole)])
    while not (whole / "run.json").exists():
        time.sleep(0.002)
    began = time.monotonic()
    assert child.wait() == 0
    took = time.monotonic() - began
    seed = random.randrange(10**6)
    print("seed", seed)
    rng, found, killed = random.Random(seed), 0, 0
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], stderr=subprocess.PIPE)
        while child.poll() is None and len(list(path.glob("*.parquet"))) <= found:
            time.sleep(0.002)
        time.sleep(rng.uniform(0, took / 6))
        child.send_signal(signal.SIGKILL)
        killed += child.wait() == -signal.SIGKILL
        found = len(list(path.glob("*.parquet")))
    assert found > 0 and killed >= 1, "the kills came too late to mean anything"
    subprocess.run([sys.executable, "-c", CHILD, str(path)], check=True)
    assert contents(path) == contents(whole)


def test_every_moment_between_two_files(tmp_path, bytes_, monkeypatch):
    """Die at each of the writes of a run, in turn; each time the same call ends with the same bytes."""

    class Died(BaseException):
        pass

    plain, count = arrow.replacing, 0
    for last in (1, 2, 3, 5, 6, 8):
        path = tmp_path / str(last)
        count = 0

        @parts.contextmanager
        def dying(target, last=last):
            nonlocal count
            with plain(target) as beside:
                yield beside
                count += 1
                if count == last:
                    raise Died  # written beside, not moved into place

        with monkeypatch.context() as patch:
            for module in (arrow, parts, years):
                patch.setattr(module, "replacing", dying)
            with pytest.raises(Died):
                small(path, n=70)
                small(path)
        small(path)
        assert contents(path) == bytes_, last


def test_half_extended_part_is_made_anew(tmp_path, bytes_):
    """Killed between the bands and the rows of a part: the two do not belong together, so neither is believed."""
    short, long = tmp_path / "short", tmp_path / "long"
    small(short, n=70)
    small(long)
    shutil.copy(long / "bands-00000050.parquet", short / "bands-00000050.parquet")
    small(short)
    assert contents(short) == bytes_


# Refusals


def fault_of(*arguments, **options) -> str:
    with pytest.raises(Faults) as caught:
        run(*arguments, **options)
    return str(caught.value)


def test_another_run_is_refused(tmp_path, straight, bytes_):
    words = fault_of("ussr", 10, 7, "1924-08", {"rules.ban_on_factions": False}, ["fear"], out=straight.path, coder_error=False)
    for part in ("seed 1922 there, 7 asked for", "until 1924-09 there, 1924-08", "ban_on_factions as in the case there, false asked for",
                 "coder error True there, False", "fear only there", "another --out"):  # fmt: skip
        assert part in words
    assert "case ussr there, ussr-1953 asked for" in fault_of("ussr-1953", 10, out=straight.path)
    assert "parts of 50 histories, not 60" in fault_of("ussr", 10, until=UNTIL, part=60, out=straight.path)
    assert contents(straight.path) == bytes_


def test_changed_files_are_named(tmp_path):
    mine = tmp_path / "mine"
    shutil.copytree(CASES / "ussr", mine)
    run(mine, 3, until="1922-06", out=tmp_path / "r")
    text = (mine / "traits.csv").read_text()
    (mine / "traits.csv").write_text("# a comment changes nothing\n" + text)
    run(mine, 4, until="1922-06", out=tmp_path / "r")
    line = next(line for line in text.splitlines() if line.startswith("stalin,ambition,"))
    cells = line.split(",")
    cells[5] = "0.04"  # error
    (mine / "traits.csv").write_text(text.replace(line, ",".join(cells)))
    assert "files of the case changed since: traits.csv" in fault_of(mine, 5, until="1922-06", out=tmp_path / "r")


def test_a_directory_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "letters.txt").write_text("mine")
    assert "letters.txt" in fault_of("ussr", 3, out=tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["letters.txt"]
    assert "a file" in fault_of("ussr", 3, out=tmp_path / "letters.txt")


@pytest.mark.skipif(sys.platform == "win32", reason="no locks there")
def test_a_second_writer_is_refused(straight):
    with parts.only_writer(straight.path):
        assert "another process is writing" in fault_of("ussr", N, until=UNTIL, out=straight.path)


def test_wrong_requests(tmp_path):
    words = fault_of("ussr", 10, -1, "1959-12", {"rules.ban_on_fractions": 1}, ["fera", "opinion"], out=tmp_path / "r")
    for part in ("did you mean rules.ban_on_factions?", "from 1922-04 to 1953-03", "no mechanism 'fera'", "did you mean fear?", "seed -1"):
        assert part in words
    assert "YYYY-MM" in fault_of("ussr", until="December", out=tmp_path / "r")
    assert "at least one history" in fault_of("ussr", 0, out=tmp_path / "r")
    assert "did you mean ussr?" in fault_of("usssr", out=tmp_path / "r")
    assert "at least one thread" in fault_of("ussr", workers=0, out=tmp_path / "r")
    assert not (tmp_path / "r").exists()
    with pytest.raises(Faults, match="no such directory"):
        open_result(tmp_path / "r")


# Failures


def breaking(monkeypatch, bad):
    plain = Engine.run

    def run_(self, first, rows, *more, **named):
        if self.months and any(first <= history < first + len(rows) for history in bad):
            raise ValueError("the month has thirteen days")
        return plain(self, first, rows, *more, **named)

    monkeypatch.setattr(Engine, "run", run_)


def test_failed_histories_are_rows(tmp_path, bytes_, straight, monkeypatch):
    path, bad = tmp_path / "r", [3, 4, 77]
    with monkeypatch.context() as patch:
        breaking(patch, bad)
        result = small(path)
    assert result.done == N - len(bad) and not result.complete
    found = [json.loads(line) for line in (path / "failures.jsonl").read_text().splitlines()]
    assert [row["history"] for row in found] == bad == [row["history"] for row in result.failures]
    assert all("thirteen days" in row["error"] and "Traceback" in row["traceback"] for row in found)
    good = np.setdiff1d(np.arange(N), bad)
    assert result.table(["history"])["history"].to_pylist() == good.tolist()
    assert np.array_equal(result.kept().whole, straight.kept().whole[good])
    assert result.bands.sum() == len(good) * len(result.series) * result.compiled.months
    small(path)  # the cause is gone: the same call tries them again
    assert contents(path) == bytes_


def test_all_fail_and_the_sweep_goes_on(tmp_path, monkeypatch):
    breaking(monkeypatch, range(N))
    result = small(tmp_path / "r", n=20)
    assert result.done == 0 and len(result.failures) == 20
    assert result.kept().first.shape[0] == 0 and result.table().num_rows == 0


MECHANISM = '''"""A mechanism of one's own that breaks in some histories."""
from politburo.engine.kernel import kernel

@kernel
def step(w, p, s):
    if s.now[0].history % 5 == 2 and s.now[0].month == 3:
        raise ValueError("broken on purpose")
'''
OWN = """
import json, sys
from politburo.lab.ensembles.run import run, rerun
from politburo.lab.ensembles.results import compare
result = run(sys.argv[1], 12, until="1922-09", out=sys.argv[2], workers=2)
again = rerun(sys.argv[2], sys.argv[2] + "-again")
print(json.dumps([result.done, [row["history"] for row in result.failures], compare(result, again), result.provenance["mechanisms"]]))
"""


def test_a_mechanism_of_ones_own_that_breaks(tmp_path):
    """Uncompiled, in its own process: the file beside the case is run, copied with the result, and run again from there."""
    mine = tmp_path / "mine"
    shutil.copytree(CASES / "ussr", mine)
    (mine / "breaks.py").write_text(MECHANISM)
    names = ", ".join(month.STANDARD)
    text = "\n".join(line for line in (mine / "case.yaml").read_text().splitlines() if not line.startswith("mechanisms:"))
    (mine / "case.yaml").write_text(f"{text}\nmechanisms: [{names}, {{file: breaks.py}}]\n")
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "POLITBURO_CACHE": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", OWN, str(mine), str(tmp_path / "r")], env=environment, capture_output=True, text=True
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    count, failed, differ, mechanisms = json.loads(done.stdout)
    assert (count, failed, differ) == (10, [2, 7], [])
    assert mechanisms[-1] == "breaks.py" and (tmp_path / "r" / "case" / "breaks.py").read_text() == MECHANISM


def test_a_mechanism_without_step_or_parameters_is_a_fault(tmp_path):
    mine = tmp_path / "mine"
    shutil.copytree(CASES / "ussr", mine)
    (mine / "empty.py").write_text("PARAMETERS = ('foresigth',)\n")
    (mine / "broken.py").write_text("def step(w, p, s:\n")
    text = "\n".join(line for line in (mine / "case.yaml").read_text().splitlines() if not line.startswith("mechanisms:"))
    (mine / "case.yaml").write_text(f"{text}\nmechanisms: [health, {{file: empty.py}}, {{file: broken.py}}]\n")
    words = fault_of(mine, 3, out=tmp_path / "r")
    assert "empty.py: no function step" in words and "did you mean foresight?" in words and "broken.py:1" in words


# Provenance and results


def test_rerun_and_compare(straight, tmp_path, bytes_):
    again = rerun(straight.path, tmp_path / "again")
    assert contents(tmp_path / "again") == bytes_ and compare(straight, again) == []
    other = small(tmp_path / "other", seed=5)
    assert compare(straight, other)


def test_borrowed_parameters_come_along(tmp_path):
    result = run("ussr-1953", 5, changes={"rules.ban_on_factions": False}, out=tmp_path / "r")
    copy = tmp_path / "r" / "case"
    assert (copy / "parameters.yaml").read_bytes() == (CASES / "ussr" / "parameters.yaml").read_bytes()
    assert load_case(copy).header.parameters == "own"
    assert compare(result, rerun(tmp_path / "r", tmp_path / "again")) == []
    assert result.case.changes == {"rules.ban_on_factions": False}


@pytest.mark.parametrize(
    ("file", "edit"),
    [("people.csv", lambda text: text.replace(",1878", ",1879")), ("country/levers.csv", lambda text: text.replace("imports,1921-01,1,", "imports,1921-01,0.5,"))],
)
def test_files_that_change_between_reading_and_running_are_a_fault(tmp_path, file, edit):
    mine = tmp_path / "mine"
    shutil.copytree(CASES / "ussr", mine)
    case = load_case(mine)
    text = (mine / file).read_text()
    assert edit(text) != text
    (mine / file).write_text(edit(text))
    words = fault_of(case, 3, out=tmp_path / "r")
    assert "the files changed after the case was loaded" in words
    (mine / file).write_text(text)
    (mine / "rules.yaml").write_text((mine / "rules.yaml").read_text() + "\n# the same content in other letters: read again, and run\n")
    assert run(case, 3, until="1922-04", out=tmp_path / "again").done == 3


def test_a_result_stands_on_its_own_copy_from_the_first(tmp_path):
    mine = tmp_path / "mine"
    shutil.copytree(CASES / "ussr", mine)
    result = run(mine, 3, until="1922-04", out=tmp_path / "r", changes={"rules.ban_on_factions": False})
    shutil.rmtree(mine)
    later = open_result(tmp_path / "r")
    for case in (result.case, later.case):
        assert case.path == tmp_path / "r" / "case" and case.country.path == case.path / "country" and case.country.record
    assert result.call.id == later.call.id and result.case == later.case
    assert result.case.with_values({"rules.ban_on_factions": True}).digest == later.case.with_values({"rules.ban_on_factions": True}).digest


def test_provenance_says_what_was_run(straight):
    found = json.loads((straight.path / "run.json").read_text())
    assert found["id"] == straight.call.id and found["histories"] == N and found["seed"] == 1922 and found["until"] == UNTIL
    assert found["mechanisms"] == [*month.STANDARD, *COUNTRY] and found["engine"] == month.source_digest()
    assert sum(found["case"]["evidence"].values()) > 500
    text = json.dumps(found)
    assert str(Path.home()) not in text and str(straight.path) not in text
    names = json.loads(pq.read_schema(straight.path / "part-00000000.parquet").metadata[b"politburo"])["people"]
    assert names["stalin"] == straight.case.people["stalin"].name


def test_another_engine_tells_no_tale(straight, tmp_path):
    shutil.copytree(straight.path, tmp_path / "r")
    found = json.loads((tmp_path / "r" / "run.json").read_text())
    (tmp_path / "r" / "run.json").write_text(json.dumps(found | {"engine": "0" * 64}))
    with pytest.raises(Faults, match="another engine"):
        open_result(tmp_path / "r").trace(3)


def test_an_edited_copy_tells_no_tale(straight, tmp_path):
    shutil.copytree(straight.path, tmp_path / "r")
    file = tmp_path / "r" / "case" / "people.csv"
    file.write_text(file.read_text().replace(",1878", ",1879"))
    with pytest.raises(Faults, match="not the case that was run"):
        open_result(tmp_path / "r").trace(3)


def test_compare_says_where(straight, tmp_path):
    shutil.copytree(straight.path, tmp_path / "r")
    file = tmp_path / "r" / "part-00000050.parquet"
    table = parts.read(file)
    row = table["motions"].to_numpy().copy()
    row[3] += 1
    parts.write_table(file, table.set_column(table.column_names.index("motions"), table.schema.field("motions"), pa.array(row)))
    assert compare(straight, open_result(tmp_path / "r")) == ["1 of %d columns, most of all motions in 1 histories" % table.num_columns]


def test_trace_is_the_history(straight):
    kept = straight.kept()
    for history in (0, 63, 119):
        again, events = straight.trace(history)
        assert len(events) and np.array_equal(again.first[0], kept.first[history])
        assert np.array_equal(again.whole[0], kept.whole[history])


def test_bands_and_queries(straight):
    band = straight.band("power.stalin", [0.1, 0.5, 0.9])
    assert band.shape == (straight.compiled.months, 3) and (np.diff(band, axis=1) >= 0).all() and (band <= 1).all()
    with pytest.raises(Faults, match=r"did you mean power\.stalin\?"):
        straight.band("power.stalinn")
    with pytest.raises(Faults, match="did you mean ruler"):
        straight.table(["rulr"])
    with pytest.raises(Faults, match="0 to 1"):
        straight.band("fear", [1.5])
    rows_ = straight.query('select count(*) as n, max("fall.trotsky.condemned") as last from histories').to_pylist()
    assert rows_ == [{"n": N, "last": int(straight.kept().first[:, straight.compiled.people.index("trotsky"), 1].max())}]
    counted = straight.query("select sum(count) as n from bands where series = 'fear' and month = 0").to_pylist()
    assert counted == [{"n": N}]


def test_reading_a_few(straight):
    assert straight.kept(most=60).first.shape[0] == 60
    assert np.array_equal(straight.kept(most=60).first, straight.kept().first[:60])
    assert straight.table(["history"], most=55).num_rows == 55


def test_a_result_without_a_place_goes_with_its_last_user():
    result = small(n=5)
    path = result.path
    assert path.exists() and result.done == 5
    del result
    assert not path.exists()


def test_says_that_it_compiles(monkeypatch):
    seen = []
    monkeypatch.setattr(month, "is_compiled", lambda entries: False)
    small(n=5, progress=lambda now: seen.append(now.phase))
    assert seen[0] == "compiling" and seen[1] == "running" and seen[-1] == "done"


def test_slices():
    missing = np.array([0, 1, 2, 5, 6, 9])
    assert [list(s) for s in cut(missing, 2)] == [[0, 1], [2], [5, 6], [9]]
    assert slice_size(10, 2) == 16 and slice_size(10**6, 2) == 625 and slice_size(1200, 2) == 100
    assert provenance.FORMAT == 1
