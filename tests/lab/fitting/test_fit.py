"""Calibration: the box, proposals that stay in it, a search that climbs, the same particles every time."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo.engine.kernel import COMPILED
from politburo.engine.month import STANDARD
from politburo.lab.fitting import fit as fitting
from politburo.lab.fitting.fit import Fit, Judge, Prior

D = 5


def box(low, high, log) -> Prior:
    low, high, log = np.array(low, float), np.array(high, float), np.array(log, bool)
    return Prior(tuple(f"p{i}" for i in range(len(low))), np.arange(len(low)), low, high, log)


@st.composite
def boxes(draw):
    count = draw(st.integers(1, 6))
    low, high, log = [], [], []
    for _ in range(count):
        log.append(draw(st.booleans()))
        low.append(draw(st.floats(1e-4, 5)) if log[-1] else draw(st.floats(-5, 5)))
        high.append(
            low[-1] * draw(st.floats(1.05, 1000)) if log[-1] else low[-1] + draw(st.floats(0.01, 100))
        )
    return box(low, high, log)


points = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@given(boxes(), points)
def test_prior_goes_there_and_back(prior, rng):
    unit = rng.random((20, len(prior.names)))
    values = prior.values(unit)
    assert (values >= prior.low - 1e-9).all() and (values <= prior.high * (1 + 1e-12) + 1e-9).all()
    np.testing.assert_allclose(prior.unit(values), unit, atol=1e-9)


@given(boxes())
def test_ends_and_middle_of_the_prior(prior):
    d = len(prior.names)
    np.testing.assert_allclose(prior.values(np.zeros((1, d)))[0], prior.low, rtol=1e-12)
    np.testing.assert_allclose(prior.values(np.ones((1, d)))[0], prior.high, rtol=1e-12)
    middle = np.where(
        prior.log, np.sqrt(np.where(prior.log, prior.low * prior.high, 1)), (prior.low + prior.high) / 2
    )
    np.testing.assert_allclose(prior.values(np.full((1, d), 0.5))[0], middle, rtol=1e-9, atol=1e-12)
    # What lies outside the box is taken to its wall.
    below, above = (
        np.where(prior.log, prior.low / 2, prior.low - 1),
        np.where(prior.log, prior.high * 2, prior.high + 1),
    )
    assert (prior.unit(below[None]) == 0).all() and (prior.unit(above[None]) == 1).all()


@given(boxes(), points)
def test_the_prior_is_monotone(prior, rng):
    a, b = np.sort(rng.random((2, len(prior.names))), axis=0)
    assert (prior.values(a[None]) <= prior.values(b[None])).all()


def test_prior_of_a_case_is_its_fitted_parameters(ussr):
    prior = Prior.of(ussr)
    parameters = ussr.case.parameters
    fitted = [n for n in ussr.parameters if parameters[n].fitted and parameters[n].high > parameters[n].low]
    assert list(prior.names) == fitted and 5 < len(fitted) < len(ussr.parameters)
    assert [ussr.parameters[c] for c in prior.columns] == fitted
    for i, name in enumerate(fitted):
        assert (prior.low[i], prior.high[i], prior.log[i]) == (
            parameters[name].low,
            parameters[name].high,
            parameters[name].scale == "log",
        )


# -- a toy
# ---------------------------------------------------------------------------------------------------------


class Toy:
    """A judge without an engine: J falls with the distance from a hidden point, and a little luck of the
    batch.
    """

    def __init__(self, peak=(0.2, 0.8, 0.5, 0.35, 0.65)):
        self.peak, self.asked = np.array(peak), []

    def rows(self, prior, values):
        return prior.unit(values)

    def __call__(self, rows, first):
        assert ((rows >= 0) & (rows <= 1)).all(), "a proposal outside the box was judged"
        self.asked.append((first, len(rows)))
        luck = np.random.default_rng(first).normal(0, 0.3, len(self.peak))
        return np.exp(-2 * ((rows - self.peak) ** 2).sum(axis=1)) * (1 + 0.02 * (rows * luck).sum(axis=1))


def toy_case():
    """As much of a compiled case as the prior needs."""
    low, high = [0.0, 1.0, -2.0, 0.01, 5.0], [1.0, 3.0, 2.0, 10.0, 50.0]
    scales = ["linear", "linear", "linear", "log", "log"]
    q = {
        f"p{i}": SimpleNamespace(low=low[i], high=high[i], scale=scales[i], fitted=True, value=low[i])
        for i in range(D)
    } | {"fixed": SimpleNamespace(low=0.0, high=1.0, scale="linear", fitted=False, value=0.5)}
    return SimpleNamespace(
        parameters=tuple(q),
        case=SimpleNamespace(parameters=q),
        values=np.array([x.value for x in q.values()]),
    )


def begun(judge, **given_):
    return fitting.begin(
        toy_case(), judge, **{"islands": 2, "size": 24, "batch": 1, "seed": 5, "draws": 2, **given_}
    )


def test_a_toy_fit_climbs():
    judge = Toy()
    fit = begun(judge)
    start = fit.score.mean()
    fitting.run(fit, judge, 15)
    assert fit.generation == 15 and fit.unit.shape == (2, 24, D)
    assert fit.score.mean() > start + 0.1 and fit.score.mean() > 0.9
    np.testing.assert_allclose(fit.unit.reshape(-1, D).mean(axis=0), judge.peak, atol=0.15)
    values = fit.particles()
    assert values.shape == (48, D)
    assert (values >= fit.prior.low).all() and (values <= fit.prior.high).all()
    bars = [note["bar"] for note in fit.diary[1:]]
    assert np.mean(bars[-3:]) > np.mean(bars[:3]) + 0.05, "the bar rises"
    assert all(0 < note["accepted"] <= 1 for note in fit.diary[1:])


def test_wide_bells_come_first():
    """Each generation has the width that the schedule gives it, the last ones and the choice at the end the coded one."""
    judge = Toy()
    fit = begun(judge, widths=((3.0, 2), (1.5, 1)))
    found = [judge.width]
    for _ in range(5):
        fitting.step(fit, judge)
        found.append(judge.width)
    assert found == [3.0, 3.0, 3.0, 1.5, 1.0, 1.0]
    judge.width = 7.0
    fitting.thin(fit, judge, 4)
    assert judge.width == 1.0


def test_a_wide_bell_is_a_bell_of_that_width(ussr):
    """Raising a bell to the power 1 / f**2 is widening it f times; shares and lists are left alone."""
    from politburo.lab.targets import _bell, is_bell

    x = np.array([0.0, 3.0, 11.0, np.nan])
    np.testing.assert_allclose(_bell(x, 2.0, 4.0) ** (1 / 9), _bell(x, 2.0, 12.0), rtol=1e-12)
    kinds = {t.kind: is_bell(t) for t in ussr.case.targets.values() if t.fitted}
    assert kinds["fall"] and kinds["ruler_date"] and kinds["vote"] and not kinds["members"] and not kinds["ruler"]


def test_only_what_clears_the_bar_stays():
    judge = Toy()
    fit = begun(judge)
    for _ in range(4):
        note = fitting.step(fit, judge)
        assert (fit.score.min(axis=1) >= np.array(note["bar"]) - 1e-4).all()
        first = judge.asked[-1][0]
        np.testing.assert_allclose(judge(fit.unit.reshape(-1, D), first).reshape(fit.score.shape), fit.score)


def test_proposals_stay_in_the_box_at_a_corner():
    """The best point is a corner of the box, so half of all jumps lead out; the toy refuses to judge what is
    outside.
    """
    judge = Toy(peak=(0.0, 1.0, 0.0, 1.0, 0.0))
    fit = fitting.run(begun(judge), judge, 8)
    assert ((fit.unit >= 0) & (fit.unit <= 1)).all()
    assert np.abs(fit.unit.reshape(-1, D).mean(axis=0) - judge.peak).max() < 0.35


def test_every_generation_has_luck_of_its_own_shared_by_all():
    judge = Toy()
    fitting.run(begun(judge), judge, 3)
    firsts = [first for first, _ in judge.asked]
    assert firsts[0] == 0 and len(set(firsts)) == 4
    assert [firsts.count(f) for f in sorted(set(firsts))] == [
        1,
        3,
        3,
        3,
    ]  # scored afresh, then two moves, on the same batch
    assert min(np.diff(sorted(set(firsts)))) >= 1_000_000


def test_islands_never_meet():
    """Every copy and every jump comes from the island itself: an island in one corner cannot leave the plane
    it spans.
    """
    judge = Toy()
    fit = begun(judge)
    assert not np.array_equal(fit.unit[0], fit.unit[1]), "islands start from draws of their own"
    # Island 0 is one point, island 1 is far away: without its neighbour, island 0 moves by the small jitter
    # alone.
    fit.unit[0], fit.unit[1] = 0.5, np.random.default_rng(1).random(fit.unit[1].shape)
    fitting.step(fit, judge)
    assert np.abs(fit.unit[0] - 0.5).max() < 0.2
    assert np.abs(fit.unit[1] - 0.5).max() > 0.3


def test_interrupted_and_resumed_is_straight(tmp_path):
    judge = Toy()
    straight = fitting.run(begun(judge), judge, 6)
    state = tmp_path / "fit.npz"
    heard = []
    half = fitting.run(begun(Toy()), Toy(), 3, state=state, tell=heard.append)
    assert [note["generation"] for note in heard] == [1, 2, 3] and half.generation == 3
    again = Fit(half.compiled, half.prior, half.islands, half.size, half.batch, half.seed)
    again.load(state)
    assert again.generation == 3
    fitting.run(again, Toy(), 6, state=state)
    assert (
        again.unit.tobytes() == straight.unit.tobytes() and again.score.tobytes() == straight.score.tobytes()
    )
    assert json.dumps(again.diary) == json.dumps(straight.diary)
    assert [p.name for p in tmp_path.iterdir()] == ["fit.npz"], "no half-written state is left behind"


def test_another_seed_is_another_fit():
    judge = Toy()
    one, two = fitting.run(begun(judge), judge, 2), fitting.run(begun(judge, seed=6), judge, 2)
    assert not np.array_equal(one.unit, two.unit)
    np.testing.assert_array_equal(one.unit, fitting.run(begun(judge), judge, 2).unit)


def test_thinning_takes_the_best_of_all_islands_on_new_luck():
    judge = Toy()
    fit = fitting.run(begun(judge), judge, 4)
    values, fresh = fitting.thin(fit, judge, 10)
    assert values.shape == (10, D) and fresh.shape == (10,)
    assert judge.asked[-1] == (900_000_000, 48), "judged on luck that the search never saw"
    mine = fit.particles()
    everything = judge(judge.rows(fit.prior, mine), 900_000_000)
    np.testing.assert_allclose(judge(judge.rows(fit.prior, values), 900_000_000), fresh)
    np.testing.assert_allclose(np.sort(fresh), np.sort(everything)[-10:])
    places = [int(np.flatnonzero((mine == v).all(axis=1))[0]) for v in values]
    assert places == sorted(places), "by island and place"


# -- the engine
# ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not COMPILED, reason="many histories")
def test_workers_do_not_matter(standard, ussr):
    """The real judge: the same J and the same particles for one thread and for two; J is what the targets
    say.
    """
    from politburo.case.compile import compile_case
    from politburo.case.values import Month
    from politburo.lab.targets import closeness, evaluate

    compiled = compile_case(ussr.case, until=Month(1926, 1))
    found = []
    for workers in (1, 2):
        judge = Judge(compiled, 6, workers, mechanisms=STANDARD)
        fit = fitting.begin(compiled, judge, islands=2, size=5, batch=6, seed=3, draws=2)
        fitting.run(fit, judge, 2)
        found.append(fit)
    one, two = found
    assert one.unit.tobytes() == two.unit.tobytes() and one.score.tobytes() == two.score.tobytes()
    assert one.diary == two.diary
    judge = Judge(compiled, 6, 1, mechanisms=STANDARD)
    row = judge.rows(one.prior, one.particles()[:1])[0]
    kept = standard(compiled.world, compiled.months).run(2_000_000, np.tile(row, (6, 1)))[0]
    assert closeness(evaluate(compiled, kept)) == pytest.approx(judge.one(row, 2_000_000))
    assert one.score[0, 0] == pytest.approx(judge.one(row, 2_000_000)), (
        "scored on the batch of its generation"
    )
    total, results = fitting.ensemble_closeness(judge, np.stack([row, row]), 2_000_000, 6)
    assert (
        total == pytest.approx(judge.one(row, 2_000_000))
        and len(results) > 5
    )
