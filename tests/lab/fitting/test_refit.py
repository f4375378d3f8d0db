"""Refits of equal budget: starting points shared by mechanisms, a search that climbs, kept, resumed and the same for any number of workers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo.faults import Faults
from politburo.lab.ensembles.provenance import plan
from politburo.lab.fitting import refit as lab
from politburo.lab.fitting.fit import Judge, Prior
from politburo.lab.fitting.refit import PRIOR, SHIPPED, Search, refit, starts
from politburo.lab.scoring.compare import with_mechanism

TINY = Search(islands=2, size=6, batch=2)
BUDGET = 2000  # of TINY: thirteen generations


@pytest.fixture(scope="module")
def call():
    return plan("ussr")


class Planted(Judge):
    """A judge without an engine: closeness falls with the distance of the first five fitted parameters from a hidden point."""

    def __init__(self, call, workers=1, peak=0.3):
        super().__init__(call.compiled, TINY.batch, workers, mechanisms=call.mechanisms)
        self.prior, self.peak, self.asked, self.without = Prior.of(call.compiled), peak, 0, set()

    def one(self, row, first):
        self.asked += 1
        self.without.add(self.left_out)
        unit = self.prior.unit(row[None, self.prior.columns])[0, :5]
        luck = np.random.default_rng(first).normal(0, 0.02)
        return float(np.exp(-2 * ((unit - self.peak) ** 2).sum()) + luck)


def prior_and_particles(call):
    prior = Prior.of(call.compiled)
    return prior, call.compiled.particles[:, prior.columns]


def test_starting_points_lie_in_the_box_and_are_of_their_kind(call):
    prior, particles = prior_and_particles(call)
    unit, kinds = starts(prior, particles, TINY, 7)
    assert kinds == (SHIPPED, SHIPPED, PRIOR, PRIOR) and unit.shape == (4, 12, len(prior.names))
    assert unit.min() >= 0 and unit.max() <= 1
    shipped = prior.unit(particles)

    def nearest(points):
        return np.sqrt(((points[:, None] - shipped[None]) ** 2).mean(axis=2)).min(axis=1)

    # A step of .15 in every direction, against about .4 between a particle and a draw from the prior.
    assert nearest(unit[0]).mean() == pytest.approx(lab.WIDEN, abs=0.03) and nearest(unit[2]).mean() > 2 * lab.WIDEN
    assert len(np.unique(unit[:, :, 0])) == unit[:, :, 0].size, "islands start from draws of their own"
    nothing, kinds = starts(prior, None, TINY, 7)
    assert kinds == (PRIOR,) * 4 and nothing.shape == unit.shape


def test_mechanisms_share_the_starting_values_that_they_share(call):
    other = with_mechanism(call, "coalition", "coalition_quantal")
    (one, mine), (two, theirs) = prior_and_particles(call), prior_and_particles(other)
    a, _ = starts(one, mine, TINY, 7)
    b, _ = starts(two, theirs, TINY, 7)
    assert set(two.names) - set(one.names) == {"heat"}
    for column, name in enumerate(one.names):
        assert np.array_equal(a[:, :, column], b[:, :, two.names.index(name)]), name


@given(st.floats(-3, 3))
def test_folding_stays_inside_and_leaves_the_inside_alone(x):
    y = float(lab._folded(np.array([x]))[0])
    assert 0 <= y <= 1 and (y == x or not 0 <= x <= 1)
    assert float(lab._folded(np.array([-x]))[0]) == pytest.approx(y)


@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(2, 40), st.integers(1, 30))
def test_a_search_keeps_to_its_budget(histories, islands, size, batch):
    search = Search(islands=islands, size=size, batch=batch)
    each = 2 * islands * size * batch

    def cost(g):
        return each * (search.draws + 1 + search.choice + g * (search.moves + 1))

    try:
        g = search.generations(histories)
    except Faults as error:
        assert cost(1) > histories and f"{cost(1):,} or more" in str(error.faults[0])
    else:
        assert cost(g) <= histories < cost(g + 1)


def test_it_costs_what_it_says(call):
    judge = Planted(call)
    refit(call, BUDGET, TINY, judge=judge)
    g = TINY.generations(BUDGET)
    assert judge.asked * TINY.batch == 4 * 6 * 2 * (2 + 1 + 2 + 3 * g) <= BUDGET


def test_it_climbs_and_keeps_the_better_half_of_each_kind(call):
    found = refit(call, 4 * BUDGET, TINY, judge=Planted(call))
    assert set(found) == {SHIPPED, PRIOR}
    for kind, r in found.items():
        assert r.start == kind and r.case == "ussr" and len(r.values) == len(r.score) == len(r.island) == 6
        assert r.climbed[1] > r.climbed[0] + 0.1 and r.score.mean() >= r.climbed[1]
    assert set(found[SHIPPED].island) <= {0, 1} and set(found[PRIOR].island) <= {2, 3}


def test_the_same_for_any_number_of_workers_and_another_for_another_seed(call):
    one, three = (refit(call, BUDGET, TINY, judge=Planted(call, workers)) for workers in (1, 3))
    other = refit(call, BUDGET, TINY, seed=8, judge=Planted(call))
    for kind in one:
        assert one[kind].values.tobytes() == three[kind].values.tobytes() and one[kind].score.tobytes() == three[kind].score.tobytes()
        assert not np.array_equal(one[kind].values, other[kind].values)


def test_rows_go_by_name(call):
    found = refit(call, BUDGET, TINY, judge=Planted(call))[PRIOR]
    names = tuple(reversed(call.compiled.parameters)) + ("unknown",)
    rows = found.rows(names, np.full(len(names), -1.0))
    assert np.array_equal(rows[:, names.index(found.names[3])], found.values[:, 3])
    assert (rows[:, -1] == -1).all() and (rows == -1).sum() == len(rows) * (len(names) - len(found.names))


def test_a_kept_search_is_read_and_an_interrupted_one_goes_on(call, tmp_path):
    straight = refit(call, BUDGET, TINY, judge=Planted(call))

    class Stops(Planted):
        def one(self, row, first):
            if first >= 3_000_000 and first < lab.CHOICE:
                raise KeyboardInterrupt
            return super().one(row, first)

    with pytest.raises(KeyboardInterrupt):
        refit(call, BUDGET, TINY, folder=tmp_path, judge=Stops(call))
    assert [p.name.endswith(".state.npz") for p in tmp_path.iterdir()] == [True]
    judge = Planted(call)
    again = refit(call, BUDGET, TINY, folder=tmp_path, judge=judge)
    assert 0 < judge.asked < BUDGET // TINY.batch and len(list(tmp_path.iterdir())) == 1, "no state is left behind"
    read = Planted(call)
    third = refit(call, BUDGET, TINY, folder=tmp_path, judge=read)
    assert read.asked == 0
    for kind in straight:
        for r in (again[kind], third[kind]):
            assert r.values.tobytes() == straight[kind].values.tobytes() and r.names == straight[kind].names
            assert r.climbed == pytest.approx(straight[kind].climbed) and np.array_equal(r.island, straight[kind].island)
    # Another budget, seed, mechanism or target left out is another search.
    for change in ({"histories": 2 * BUDGET}, {"seed": 3}, {"left_out": frozenset({"trotsky_leaves_politburo"})}):
        other = Planted(call)
        refit(**{"call": call, "histories": BUDGET, "search": TINY, "folder": tmp_path, "judge": other, **change})
        assert other.asked
    mechanism = with_mechanism(call, "purge", "purge_blind")
    other = Planted(mechanism)
    refit(mechanism, BUDGET, TINY, folder=tmp_path, judge=other)
    assert other.asked


def test_a_broken_file_is_named(call, tmp_path):
    refit(call, BUDGET, TINY, folder=tmp_path, judge=Planted(call))
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"not an archive")
    with pytest.raises(Faults) as caught:
        refit(call, BUDGET, TINY, folder=tmp_path, judge=Planted(call))
    assert path.name in str(caught.value.faults[0]) and "delete it" in str(caught.value.faults[0])


def test_what_is_left_out_is_not_judged(call):
    judge, out = Planted(call), frozenset({"stalin_rules"})
    refit(call, BUDGET, TINY, left_out=out, judge=judge)
    assert judge.without == {out} and judge.left_out == frozenset()


def test_closeness_without_a_target_is_the_mean_of_the_others(call):
    from politburo.lab.targets import evaluate

    judge = Judge(call.compiled, 6, 1, mechanisms=call.mechanisms)
    row = call.compiled.particles[0]
    results = evaluate(call.compiled, judge.kept(row, 5), fitted_only=True)
    everything = judge.one(row, 5)
    judge.left_out = frozenset({results[0].id, results[-1].id})
    weight = np.array([r.weight for r in results[1:-1]])
    expected = weight @ np.array([r.closeness for r in results[1:-1]]) / weight.sum()
    assert judge.one(row, 5) == pytest.approx(expected) != everything


def test_faults_come_before_any_search(call):
    from dataclasses import replace

    with pytest.raises(Faults) as caught:
        refit(call, 100, TINY)
    assert "100 histories" in str(caught.value.faults[0])
    bare = replace(call, case=replace(call.case, targets={}))
    with pytest.raises(Faults) as caught:
        refit(bare, BUDGET, TINY)
    assert "no target to refit ussr to" in str(caught.value.faults[0]) and "targets.yaml" in str(caught.value.faults[0])
