"""The same bits, however the work is cut, whoever does it, compiled or not; and nothing done is nothing changed."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from politburo.engine.ensemble import Engine
from politburo.lab.ensembles.provenance import plan

UNTIL = "1925-06"  # 39 months: votes, motions, a congress or two
N = 100


@pytest.fixture(scope="module")
def call():
    return plan("ussr", until=UNTIL)


@pytest.fixture(scope="module")
def engine(call):
    return Engine(call.compiled.world, call.compiled.parameters, call.compiled.months, call.mechanisms)


@pytest.fixture(scope="module")
def whole(call, engine):
    return engine.run(0, call.rows(np.arange(N)))[0]


def together(pieces):
    """Chunks in order as one: rows joined, bands added."""
    joined = [np.concatenate(arrays) for arrays in list(zip(*pieces, strict=True))[:-1]]
    return [*joined, sum(piece.bands for piece in pieces)]


def same(a, b):
    return all(x.dtype == y.dtype and x.tobytes() == y.tobytes() for x, y in zip(a, b, strict=True))


def test_histories_differ(whole):
    assert len({whole.whole[h].tobytes() + whole.first[h].tobytes() for h in range(N)}) > N // 2


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("chunk", [1, 7, 100])
def test_threads_and_chunks(call, engine, whole, workers, chunk):
    histories = np.arange(N)
    jobs = [(first, call.rows(histories[first : first + chunk])) for first in range(0, N, chunk)]
    pieces = [kept for _, kept in engine.chunks(jobs, workers)]
    assert same(together(pieces), whole)


def test_order_of_chunks_does_not_matter(call, engine, whole):
    """What an earlier history leaves in the work space must not reach a later one."""
    room = None
    for history in (99, 3, 50, 3, 0):
        kept, _ = engine.run(history, call.rows(np.array([history])), room=room)
        assert same([array[0] for array in kept[:-1]], [array[history] for array in whole[:-1]]), history
        room = engine.run(history, call.rows(np.array([history])))[::-1]


def test_room_that_was_used_before(call, engine, whole):
    kept, state = engine.run(40, call.rows(np.arange(40, 50)))
    kept.bands[:] = 0
    again, _ = engine.run(7, call.rows(np.arange(7, 17)), room=(state, kept))
    assert same([array for array in again[:-1]], [array[7:17] for array in whole[:-1]])


def test_tracing_changes_nothing(call, engine, whole):
    for history in (0, 17, 99):
        kept, events = engine.trace(history, call.rows(np.array([history]))[0])
        assert len(events) > 10
        assert same([array[0] for array in kept[:-1]], [array[history] for array in whole[:-1]])


def test_seed_decides(call, whole):
    other = call.compiled.with_seed(call.seed + 1)
    kept, _ = Engine(other.world, other.parameters, other.months, call.mechanisms).run(0, call.rows(np.arange(N)))
    assert not same(kept, whole)


def test_a_shorter_run_is_the_beginning_of_a_longer_one(call, whole):
    short = plan("ussr", until="1923-12")
    kept, _ = Engine(short.compiled.world, short.compiled.parameters, short.compiled.months, short.mechanisms).run(0, short.rows(np.arange(N)))
    early = short.compiled.months
    first = np.where(whole.first < early, whole.first, -1)
    assert np.array_equal(kept.first, first)
    assert np.array_equal(kept.bands, whole.bands[:early])


CHILD = """
import json, sys
import numpy as np
from politburo.engine.ensemble import Engine
from politburo.engine.month import STANDARD
from politburo.lab.ensembles.provenance import plan
call = plan("ussr", until=sys.argv[1])
c = call.compiled
histories = np.array(json.loads(sys.argv[2]))
"""

PLAIN = CHILD + """
import hashlib
engine = Engine(c.world, c.parameters, c.months, call.mechanisms)
digests = []
for history in histories:
    kept, _ = engine.run(int(history), call.rows(np.array([history])))
    digests.append([hashlib.sha256(array.tobytes()).hexdigest() for array in kept])
print(json.dumps(digests))
"""

# What each mechanism does is set to nothing in one run, and the mechanism is left out of the other.
ZERO = CHILD + """
NOTHING = {
    "opinion": {"opinion_speed": 0.0},
    "stances": {"stance_speed": 0.0, "drift": 0.0},
    "motions": {"motion_rate": 0.0},
    "opposition": {"organise": 0.0, "recant": 0.0, "readmission": 0.0},
}
found = {}
plain = Engine(c.world, c.parameters, c.months, STANDARD).run(0, call.rows(histories))[0]
for name, values in NOTHING.items():
    rows = call.rows(histories)
    for parameter, value in values.items():
        rows[:, c.parameters.index(parameter)] = value
    runs = [
        Engine(c.world, c.parameters, c.months, mechanisms).run(0, rows)[0]
        for mechanisms in (STANDARD, [m for m in STANDARD if m != name])
    ]
    found[name] = [
        [field for field, x, y in zip(plain._fields, *runs) if x.tobytes() != y.tobytes()],
        sum(x.tobytes() != y.tobytes() for x, y in zip(plain, runs[0])),
    ]
print(json.dumps(found))
"""


def child(script, *arguments, compiled=False):
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "0" if compiled else "1"}
    done = subprocess.run([sys.executable, "-c", script, *arguments], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_compiled_equals_uncompiled(call, engine):
    import hashlib

    histories = [0, 1, 17, 4711, 999_999, 2**33]
    plain = child(PLAIN, UNTIL, json.dumps(histories))
    for history, digests in zip(histories, plain, strict=True):
        kept, _ = engine.run(history, call.rows(np.array([history])))
        found = [hashlib.sha256(array.tobytes()).hexdigest() for array in kept]
        assert found == digests, history


def test_zero_strength_is_absence():
    """A mechanism whose rates are zero leaves every history as it is without the mechanism, and they are not idle rates."""
    for name, (differ, against_plain) in child(ZERO, "1925-12", json.dumps([0, 1])).items():
        assert differ == [], name
        assert against_plain > 0, name


def test_more_months_than_the_world_has_are_refused(call):
    """The compiled code does not look where its arrays end, so the engine must."""
    compiled = call.compiled
    for months in (-1, compiled.months + 1):
        with pytest.raises(ValueError, match=f"compiled for 0 to {compiled.months}"):
            Engine(compiled.world, compiled.parameters, months, call.mechanisms)
