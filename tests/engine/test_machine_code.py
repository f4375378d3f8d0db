"""Kept machine code: the same numbers as Numba's own, never stale, never damaged, and no compiler at a warm start."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from politburo.engine import machine_code
from politburo.engine.entry import Entry
from politburo.engine.kernel import COMPILED

pytestmark = pytest.mark.skipif(not COMPILED, reason="machine code")

TEXT = '''
from numba import njit


@njit(error_model="numpy", nogil=True, cache=True, _nrt=False)
def histories(w, params, s, kept, first, count, months, tracing, code, data):
    for h in range(count):
        if tracing == 7:
            raise ValueError("seven")
        for t in range(months):
            s.state[0].x = s.state[0].x / 3.0 + params[h].rate * w.table[t % 2, 1] - (first + h)
            kept.row[h, t] = s.state[0].x + code - data
'''


class W(NamedTuple):
    table: np.ndarray
    country: object = None


class S(NamedTuple):
    state: np.ndarray


class K(NamedTuple):
    row: np.ndarray


def arguments(count: int = 3, months: int = 4, kind: str = "f4"):
    w = W(np.array([[0.25, 0.3], [1 / 3, 0.7]]))
    params = np.zeros(5, [("rate", "f8"), ("other", "f8")]).view(np.recarray)
    params.rate = np.arange(5) / 7
    s = S(np.ones(1, [("n", "i8"), ("x", "f8")]).view(np.recarray))
    return w, params, s, K(np.zeros((5, 6), kind)), 11, count, months, 0, 5, 2


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "month_small.py"
    path.write_text(TEXT)
    return path


@pytest.fixture
def fresh(file, monkeypatch):
    """An entry as another process would have it."""

    def fresh() -> Entry:
        monkeypatch.setattr(machine_code, "_loaded", {})
        return Entry(file)

    return fresh


def kept(entry, **sizes) -> bytes:
    given = arguments(**sizes)
    entry(*given)
    return given[3].row.tobytes() + given[2].state.tobytes()


def codes(file: Path) -> list[Path]:
    return sorted(file.parent.glob("*.code"))


def test_kept_code_gives_the_bits_of_the_plain_function_without_numba(file, fresh):
    first = fresh()
    made = kept(first)
    assert len(codes(file)) == 1 and first.is_compiled()
    plain = arguments()
    first.py_func(*plain)
    assert made == plain[3].row.tobytes() + plain[2].state.tobytes()
    again = fresh()
    assert again.is_compiled() and again.is_ready(*arguments()[:4])
    assert kept(again) == made
    assert "dispatcher" not in again.__dict__, "Numba was asked"


def test_other_types_have_code_of_their_own(file, fresh):
    entry = fresh()
    for kind in ("f4", "f8", "f4"):
        given = arguments(kind=kind)
        plain = arguments(kind=kind)
        entry(*given)
        entry.py_func(*plain)
        assert given[3].row.tobytes() == plain[3].row.tobytes()
    assert len(codes(file)) == 2


def test_lengths_are_no_types(file, fresh):
    kept(fresh())
    entry = fresh()
    kept(entry, count=5, months=6)
    assert len(codes(file)) == 1 and "dispatcher" not in entry.__dict__


def shortened(content: bytes) -> bytes:
    return content[:-100]


def flipped(content: bytes) -> bytes:
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def headless(content: bytes) -> bytes:
    return content[: len(machine_code.MAGIC)]


def renamed(content: bytes) -> bytes:
    about, code = machine_code._cut(content)
    return machine_code.MAGIC + json.dumps({**json.loads(about), "symbol": "another"}).encode() + b"\n" + code


def asking(content: bytes) -> bytes:
    about, code = machine_code._cut(content)
    return machine_code.MAGIC + json.dumps({**json.loads(about), "missing": ["no_such_function"]}).encode() + b"\n" + code


@pytest.mark.parametrize(
    "damage",
    [shortened, flipped, headless, renamed, asking, lambda content: b"", lambda content: machine_code.MAGIC + b"[1]\nx", lambda content: b"another format\n{}\n"],
)  # fmt: skip
def test_damaged_code_is_not_run_and_is_written_anew(file, fresh, damage):
    right = kept(fresh())
    (path,) = codes(file)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    entry = fresh()
    assert not entry.is_ready(*arguments()[:4])
    assert kept(entry) == right
    assert path.read_bytes() == whole
    assert codes(file) == [path] and not list(file.parent.glob("*.part"))


def test_a_lost_cache_of_numba_does_not_matter_and_the_other_way_round(file, fresh):
    right = kept(fresh())
    for part in (file.parent / "__pycache__").iterdir():
        part.unlink()
    entry = fresh()
    assert kept(entry) == right and "dispatcher" not in entry.__dict__
    codes(file)[0].unlink()
    assert not fresh().is_compiled()
    assert kept(fresh()) == right and len(codes(file)) == 1


def test_where_nothing_can_be_written_numba_does_the_work(file, fresh, monkeypatch):
    right = kept(fresh())
    monkeypatch.setattr(machine_code, "place", lambda folder, name, *depends: Path(file) / "not-a-folder" / name)
    entry = fresh()
    assert kept(entry) == right and kept(entry) == right
    assert entry.is_ready(*arguments()[:4])


def test_an_error_is_numbas(file, fresh):
    kept(fresh())
    entry = fresh()
    given = arguments()
    with pytest.raises(ValueError, match="seven"):
        entry(*given[:7], 7, *given[8:])
    assert kept(entry) == kept(fresh())


def test_arguments_that_are_passed_otherwise_are_not_kept(file, fresh, monkeypatch):
    monkeypatch.setattr(machine_code, "_expected", lambda value: ["i64"])
    entry = fresh()
    plain = arguments()
    entry.py_func(*plain)
    assert kept(entry) == plain[3].row.tobytes() + plain[2].state.tobytes()
    assert not codes(file)


def test_threads_share_it(file, fresh):
    right = kept(fresh())
    entry = fresh()
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: kept(entry), range(200))) == {right}


def test_the_place_depends_on_settings_types_and_name(tmp_path, monkeypatch):
    machine_code.machine.cache_clear()
    layout = machine_code.layout(arguments()[:4])
    place = machine_code.place(tmp_path, "a", layout)
    assert place == machine_code.place(tmp_path, "a", layout) != machine_code.place(tmp_path, "b", layout)
    assert place != machine_code.place(tmp_path, "a", machine_code.layout(arguments(kind="f8")[:4]))
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    machine_code.machine.cache_clear()
    assert place != machine_code.place(tmp_path, "a", layout)
    machine_code.machine.cache_clear()


def test_layout_sees_what_changes_the_code():
    a = np.zeros((4, 4))
    seen = [a, a.T, a[:, :2], a.astype("f4"), a[0], None, 1]
    seen += [np.zeros((4, 4), [(name, "f8")]) for name in "xy"]
    locked = a.copy()
    locked.flags.writeable = False
    seen.append(locked)
    assert len(set(map(machine_code.layout, seen))) == len(seen)
    assert machine_code.layout(W(a)) != machine_code.layout(W(a, 1)) != machine_code.layout((a, 1))
    assert machine_code.layout(a) == machine_code.layout(np.ones((2, 7))) == machine_code.layout(np.ones((0, 7)))


def test_what_an_object_file_asks_for():
    with pytest.raises(ValueError, match="ELF"):
        machine_code.undefined(b"MZ" + bytes(100))


PROCESS = """
import sys
sys.path.insert(0, {tests!r})
from test_machine_code import Entry, kept, Path
print(kept(Entry(Path({file!r}))).hex())
"""


def test_two_processes_at_once(file):
    words = [sys.executable, "-c", PROCESS.format(tests=str(Path(__file__).parent), file=str(file))]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, env=environment, text=True) for _ in range(2)]
    said = {process.communicate()[0] for process in both}
    assert [process.returncode for process in both] == [0, 0] and len(said) == 1
    assert len(codes(file)) == 1 and not list(file.parent.glob("*.part"))


WARM = """
import sys
from politburo.lab.ensembles.run import run
result = run({case!r}, n=4, workers=1)
print(*(name for name in ("scipy.linalg", "pandas", "numba.np.arraymath", "numba.np.arrayobj", "pyarrow.compute") if name in sys.modules))
"""


def test_a_warm_run_needs_no_compiler():
    """What makes a start slow stays away: the second process loads kept code only."""
    said = []
    for _ in range(2):
        process = subprocess.run([sys.executable, "-c", WARM.format(case="template")], capture_output=True, text=True, check=True)
        said.append(process.stdout.strip())
    assert said[1] == ""
