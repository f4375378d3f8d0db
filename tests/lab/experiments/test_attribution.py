"""Attribution: the axioms on random games, exactly; planted and irrelevant causes; doubts told apart."""

from fractions import Fraction
from itertools import permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo.faults import Faults
from politburo.lab.experiments.attribution import Attribution, attribute, masks_of, orders, sample, sizes, uncertain
from politburo.theory.voting import power_indices


@st.composite
def games(draw, whole=st.booleans(), most=6):
    """(k, outcomes (2**k, H)): counts and months, or shares as the engine keeps them."""
    k, h = draw(st.integers(1, most)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    if draw(whole):
        return k, rng.integers(-200, 200, (1 << k, h)).astype(float)
    return k, rng.random((1 << k, h)).astype(np.float32).astype(float)


def names(k):
    return [f"c{i}" for i in range(k)]


@given(games())
def test_the_parts_sum_to_the_total_effect_on_every_stream_exactly(game):
    k, v = game
    found = attribute(names(k), v)
    assert np.array_equal(found.parts.sum(axis=0), found.total)
    assert found.total.dtype == np.int64
    # on the grid of whole outcomes nothing was rounded at all
    if found.exponent == 0:
        assert np.array_equal(found.total, (v[-1] - v[0]) * factorial(k))
    else:
        assert np.abs(found.outcome((1 << k) - 1) - v[-1]).max() <= 2.0 ** -(found.exponent + 1)


@given(games(most=4))
def test_it_is_the_mean_over_all_orders(game):
    """Against the definition, in fractions, order by order."""
    k, v = game
    found = attribute(names(k), v)
    for h in range(v.shape[1]):
        slow = [Fraction(0)] * k
        for order in permutations(range(k)):
            mask = 0
            for i in order:
                slow[i] += Fraction(int(found.values[mask | 1 << i, h])) - Fraction(int(found.values[mask, h]))
                mask |= 1 << i
        assert [Fraction(int(x)) for x in found.parts[:, h]] == slow


@given(games(most=5), st.data())
def test_alike_causes_get_alike_parts(game, data):
    k, v = game
    if k < 2:
        return
    i, j = data.draw(st.permutations(range(k)))[:2]
    masks = np.arange(1 << k)
    swapped = masks & ~(1 << i) & ~(1 << j) | (((masks >> i) & 1) << j) | (((masks >> j) & 1) << i)
    same = v[np.minimum(masks, swapped)]
    found = attribute(names(k), same)
    assert np.array_equal(found.parts[i], found.parts[j])


@given(games(most=5), st.data())
def test_a_cause_that_never_matters_gets_nothing(game, data):
    k, v = game
    i = data.draw(st.integers(0, k - 1))
    found = attribute(names(k), v[np.arange(1 << k) & ~(1 << i)])
    assert not found.parts[i].any()
    if k > 1:
        j = (i + 1) % k
        assert not found.interaction(i, j).any()
    assert not found.removed(i).any() and not found.alone(i).any()


@given(games(whole=st.just(True), most=5), st.integers(0, 2**32))
def test_parts_add_up_over_outcomes(game, seed):
    k, v = game
    other = np.random.default_rng(seed).integers(-50, 50, v.shape).astype(float)
    both, one, two = (attribute(names(k), x).parts for x in (v + other, v, other))
    assert np.array_equal(both, one + two)


@given(st.lists(st.integers(1, 9), min_size=2, max_size=7), st.data())
def test_a_voting_game_is_shapley_and_shubik(weights, data):
    """The same numbers as the theory room's exact index, which counts in another way."""
    quota = data.draw(st.integers(sum(weights) // 2 + 1, sum(weights)))
    k = len(weights)
    total = sum(((np.arange(1 << k) >> i) & 1) * w for i, w in enumerate(weights))
    found = attribute(names(k), (total >= quota)[:, None].astype(float))
    known = power_indices(weights, quota=quota, indices=["shapley_shubik"])
    assert [Fraction(int(x), factorial(k)) for x in found.parts[:, 0]] == list(known.exact["shapley_shubik"])


def test_the_interaction_index():
    """A pair that works together only, one that stands in for the other, and one that is merely added."""
    together = attribute("ab", np.array([[0.0], [0], [0], [1]]))
    either = attribute("ab", np.array([[0.0], [1], [1], [1]]))
    added = attribute("ab", np.array([[0.0], [1], [1], [2]]))
    assert [g.interaction(0, 1)[0] for g in (together, either, added)] == [1.0, -1.0, 0.0]
    # with three causes: the index of the majority game, by hand: S = {}: 1; S = {c}: -1 with weights 1/2, 1/2
    majority = attribute("abc", (sizes(3) >= 2)[:, None].astype(float))
    assert majority.interaction(0, 1)[0] == 0.0


def planted(h=400, k=4, seed=1) -> tuple[np.ndarray, np.ndarray]:
    """A toy case with known causes: 0 lifts the chance by .5, 1 and 2 only together by .25, 3 does nothing."""
    rng = np.random.default_rng(seed)
    luck = rng.random(h)
    rows = []
    for mask in range(1 << k):
        has = [(mask >> i) & 1 for i in range(k)]
        rows.append(luck < 0.1 + 0.5 * has[0] + 0.25 * (has[1] & has[2]))
    return np.array(rows, float), np.arange(h) % 20


def test_a_planted_cause_is_recovered_and_an_irrelevant_one_gets_zero_within_its_interval():
    v, particles = planted()
    found = attribute(names(4), v)
    seen = [uncertain(found.effect(i), particles) for i in range(4)]
    for u, truth in zip(seen, (0.5, 0.125, 0.125, 0.0), strict=True):
        low, high = u.interval()
        assert low <= truth <= high and high - low < 0.12
    assert seen[3].mean == 0.0
    assert abs(found.interaction(1, 2).mean() - 0.25) < 0.06 and not found.interaction(0, 3).any()
    lost, had = found.needed(0)
    assert had == int(v[-1].sum()) and abs(lost / had - 0.5 / 0.85) < 0.08


def test_twelve_causes_fit_and_thirteen_do_not():
    v = np.random.default_rng(0).integers(0, 2, (1 << 12, 3)).astype(float)
    found = attribute(names(12), v)
    assert np.array_equal(found.parts.sum(axis=0), found.total)
    shares = attribute(names(12), v / 3.0)
    assert shares.exponent == 31 and np.array_equal(shares.parts.sum(axis=0), shares.total)
    with pytest.raises(Faults, match="13 causes"):
        attribute(names(13), np.zeros((1 << 13, 1)))


@pytest.mark.parametrize("bad, words", [(np.zeros((3, 2)), "shape"), (np.full((4, 2), np.nan), "not a number"), (np.full((4, 2), 1e18), "smaller values")])
def test_bad_outcomes_are_faults(bad, words):
    with pytest.raises(Faults, match=words):
        attribute("ab", bad)


# -- sampled orders


@given(games(most=6))
def test_sampled_orders_sum_exactly_too(game):
    k, v = game
    if k < 2:
        return
    asked = []

    def play(mask):
        asked.append(mask)
        return v[mask]

    found = sample(names(k), play, pairs=3, seed=5)
    assert len(asked) == len(set(asked)) == found.played == len(masks_of(k, orders(k, 3, 5)))
    assert np.array_equal(found.parts.sum(axis=0), found.total)
    exact = attribute(names(k), v)
    for i in range(k):
        assert np.allclose(found.removed(i), exact.removed(i), atol=1e-6) and np.allclose(found.alone(i), exact.alone(i), atol=1e-6)


def test_the_stated_error_of_sampled_orders_is_right():
    """Over many seeds the exact value lies within twice the stated error about as often as it should."""
    v = np.random.default_rng(3).random((1 << 7, 5))
    exact = attribute(names(7), v)
    inside = []
    for seed in range(60):
        found = sample(names(7), lambda mask: v[mask], pairs=12, seed=seed)
        inside += [abs(found.effect(i).mean() - exact.effect(i).mean()) <= 2.2 * found.error[i] for i in range(7)]
    assert 0.90 <= np.mean(inside) <= 1.0  # 2.2 is the 95 % point of t with 11 degrees of freedom


def test_beyond_twelve_causes():
    """Fifteen causes, two of them planted: an additive game is exact in every order."""
    def play(mask):
        return np.array([3.0 * (mask & 1) + 2.0 * ((mask >> 14) & 1), 1.0 * (mask & 1)])

    found = sample(names(15), play, pairs=4)
    assert found.effect(0).tolist() == [3.0, 1.0] and found.effect(14).tolist() == [2.0, 0.0]
    assert not found.error.any() and not found.effect(5).any()


# -- doubts


def test_doubts_are_told_apart():
    """Effects made of a part of the particle, one of the coding and one of luck come out as they went in."""
    rng = np.random.default_rng(7)
    h, m = 6000, 60
    particle = np.arange(h) % m
    by_particle, by_coding = rng.normal(0, 0.3, m), rng.normal(0, 0.2, h)
    values = 1.0 + by_particle[particle] + by_coding + rng.normal(0, 0.4, h)
    of = np.arange(2000)
    twins = 1.0 + by_particle[particle[of]] + by_coding[of] + rng.normal(0, 0.4, 2000)
    u = uncertain(values, particle, twins, of)
    assert abs(u.parameters - by_particle.std()) < 0.05 and abs(u.coding - 0.2) < 0.07 and abs(u.luck - 0.4) < 0.05
    # the mean is no better known than the particles allow, however many histories
    assert abs(u.error - by_particle.std() / np.sqrt(m)) < 0.012
    assert u.interval()[0] < u.mean < u.interval()[1] and u.band("luck")[0] < u.band("luck")[1]
    without = uncertain(values, particle)
    assert np.isnan(without.coding) and without.luck > u.luck


def test_the_interval_covers():
    """95 % intervals cover the truth in about 95 of 100 repetitions, with particles that differ and without."""
    rng = np.random.default_rng(11)
    for spread in (0.0, 0.5):
        hits = 0
        for _ in range(400):
            particle = np.arange(300) % 40
            values = rng.normal(0, spread, 40)[particle] + rng.normal(0, 1, 300)
            low, high = uncertain(values, particle).interval()
            hits += low <= 0.0 <= high
        assert 0.90 <= hits / 400 <= 0.985


def test_one_particle_or_one_history():
    assert uncertain(np.array([1.0, 2.0, 3.0]), np.zeros(3)).parameters == 0.0
    assert np.isnan(uncertain(np.array([1.0]), np.zeros(1)).error)
    each = uncertain(np.arange(30.0), np.arange(30), np.arange(30.0), np.arange(30))  # one history a particle: not told apart
    assert np.isnan(each.parameters) and np.isnan(each.coding) and each.luck < 2.0
    assert isinstance(attribute("a", np.array([[0.0], [1.0]])), Attribution)
