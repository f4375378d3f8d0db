"""The benchmark compares like with like: Mesa, NumPy and the engine run the same histories of the reduced model."""

import numpy as np
import pytest

pytest.importorskip("mesa")

from benchmarks.reduced import engine_model
from benchmarks.reduced.keyed import OneHistory, uniforms
from benchmarks.reduced.mesa_model import Party
from benchmarks.reduced.numpy_model import Histories
from benchmarks.reduced.world import CIRCLE, MONTHS

HISTORIES = (0, 1, 2**33 + 5)
LIMIT = 1e-12  # NumPy sums places by a matrix product, in its own order


@pytest.fixture(scope="module")
def engine():
    return engine_model.engine()


@pytest.fixture(scope="module")
def ours(engine):
    return {h: engine_model.final(engine, h) for h in HISTORIES}


def differences(a, b):
    return {name: float(np.abs(np.asarray(a[name]) - np.asarray(b[name])).max()) for name in b}


def test_something_happens(ours):
    """Thirty years in which nobody falls, dies or changes sides would make agreement cheap."""
    for state in ours.values():
        passed, _, deaths, leader, _ = state["counts"]
        assert passed >= 5 and deaths >= 5
        assert 0 < state["side"].sum() <= 24
        assert state["circle"].sum() <= CIRCLE
        assert state["side"][leader] == 1
        assert np.allclose(state["clients"].sum(axis=1), 1.0, atol=1e-9)
    assert len({tuple(state["counts"]) for state in ours.values()}) == len(HISTORIES)
    assert sum(state["counts"][1] for state in ours.values()) > 0


@pytest.mark.parametrize("rows", [1, 24])
def test_numpy_agrees(ours, rows):
    histories = Histories(len(HISTORIES), keyed=True, rows=rows)
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
    keyed = kept.whole[:, 9]
    own = Histories(256, seed=7, rows=1).run(MONTHS).passed
    error = np.sqrt(keyed.var() / len(keyed) + own.var() / len(own))
    assert abs(keyed.mean() - own.mean()) < 4.0 * error


def test_a_number_that_differs_is_noticed(ours):
    """The comparison above can fail: one more draw of luck changes the end."""
    histories = Histories(1, seed=1, keyed=True, rows=1).run(MONTHS)
    assert max(differences(histories.final(0), ours[0]).values()) > 0.01


def test_keyed_numbers_are_those_of_the_engine():
    """Word 0 of block 3 is what the engine's `luck.uniform` gives actor 3: the same generator, counter and key."""
    from politburo.engine import luck

    philox = getattr(luck.philox, "py_func", luck.philox)
    history, month = 2**33 + 5, 7
    counter = np.uint64(month) | (np.uint64(luck.HEALTH) << np.uint64(16))
    word = philox(
        np.uint64(3),
        counter,
        np.uint64(history % 2**32),
        np.uint64(history >> 32),
        *engine_model.world(0).key,
    )[0]
    assert uniforms(0, np.array([history]), month, luck.HEALTH, 16)[12, 0] == (float(word) + 0.5) / 2**32
