"""The benchmark compares like with like: Mesa, NumPy and the engine run the same histories of the reduced model."""

import numpy as np
import pytest

pytest.importorskip("mesa")

from benchmarks.reduced import engine_model
from benchmarks.reduced.keyed import OneHistory, uniforms
from benchmarks.reduced.mesa_model import Party
from benchmarks.reduced.numpy_model import Histories
from benchmarks.reduced.numpy_plain import PlainHistories
from benchmarks.reduced.world import LEADERS, LEAST_SEATS, MONTHS, MOST_SEATS, circle_limit

HISTORIES = (0, 1, 2**33 + 5)  # numbers beyond 32 bits too
LIMIT = 1e-12  # NumPy sums places by a matrix product, in its own order


@pytest.fixture(scope="module")
def engine():
    return engine_model.engine()


@pytest.fixture(scope="module")
def ours(engine):
    return {h: engine_model.final(engine, h) for h in HISTORIES}


def differences(a, b):
    found = {}
    for name in b:
        one, other = np.asarray(a[name], float), np.asarray(b[name], float)
        assert one.shape == other.shape, name
        found[name] = float(np.abs(one - other).max())
    return found


def test_something_happens(ours):
    """Thirty years in which nobody falls, dies or changes sides would make agreement cheap."""
    for state in ours.values():
        passed, failed, deaths, leader, _, size = state["counts"]
        assert passed >= 5 and failed >= 1 and deaths >= 5
        assert 0 < state["side"].sum() < LEADERS
        assert state["circle"].sum() <= circle_limit(MOST_SEATS)
        assert LEAST_SEATS <= size <= MOST_SEATS and len(state["patron"]) == size
        assert state["side"][leader] == 1
        assert np.allclose(state["clients"].sum(axis=1), 1.0, atol=1e-9)
        attached = np.bincount(state["patron"].astype(int), minlength=LEADERS + 1)[:LEADERS] / size
        assert np.allclose(state["seats"], attached, atol=1e-12)
        assert len(set(state["boss"])) > 3 and state["harvest"].std() > 0.01 and np.abs(state["line"]).max() > 0.0
    assert len({tuple(state["counts"]) for state in ours.values()}) == len(HISTORIES)
    assert len({state["counts"][5] for state in ours.values()}) > 1


@pytest.mark.parametrize("kind", [Histories, PlainHistories])
def test_numpy_agrees(ours, kind):
    histories = kind(len(HISTORIES), keyed=True)
    histories.histories = np.array(HISTORIES)
    histories.run(MONTHS)
    for column, h in enumerate(HISTORIES):
        worst = differences(histories.final(column), ours[h])
        assert max(worst.values()) < LIMIT, (h, worst)


@pytest.mark.parametrize("history", HISTORIES[:2])
def test_mesa_agrees(ours, history):
    luck = OneHistory(0, history)
    party = Party(luck=luck)
    for _ in range(MONTHS):
        party.step()
        luck.next_month()
    worst = differences(party.final(), ours[history])
    assert max(worst.values()) < LIMIT, worst


def test_own_generators_give_the_same_distribution(engine):
    """What is timed (NumPy's own luck) behaves as what is compared (keyed luck): mean falls within four standard errors."""
    kept, _ = engine.run(0, engine_model.rows(400))
    own = Histories(256, seed=7).run(MONTHS)
    for keyed, theirs in ((kept.whole[:, 9], own.passed), (kept.whole[:, 10], own.failed), (kept.leader[:, -1], own.leader)):
        error = np.sqrt(keyed.var() / len(keyed) + theirs.var() / len(theirs))
        assert abs(keyed.mean() - theirs.mean()) < 4.0 * error


def test_mesa_lists_are_the_same_model():
    """Plain lists in the inner loops change nothing but the time."""
    sets, lists = Party(seed=3).run(30), Party(seed=3, lists=True).run(30)
    assert max(differences(sets.final(), lists.final()).values()) == 0.0


def test_a_number_that_differs_is_noticed(ours):
    """The comparison above can fail: other luck gives another end."""
    other = Histories(1, seed=1, keyed=True).run(MONTHS).final(0)
    assert np.abs(other["power"] - ours[0]["power"]).max() > 0.01


def test_keyed_numbers_are_those_of_the_engine():
    """Number 43 is word 1 of block 11, as the engine's generator gives it; number 3 is the engine's `luck.uniform` for actor 3."""
    from politburo.engine import luck

    philox = getattr(luck.philox, "py_func", luck.philox)
    history, month = 2**33 + 5, 7
    counter = np.uint64(month) | (np.uint64(luck.HEALTH) << np.uint64(16))
    key = engine_model.world(0).key
    drawn = uniforms(0, np.array([history]), month, luck.HEALTH, 64)[:, 0]
    for number, block, word in ((3, 3, 0), (43, 11, 1), (63, 15, 3)):
        words = philox(np.uint64(block), counter, np.uint64(history % 2**32), np.uint64(history >> 32), *key)
        assert drawn[number] == (float(words[word]) + 0.5) / 2**32
