"""Power indices: counting against enumeration, invariants, sampling, blocs, unions, several majorities, bad
input.
"""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from politburo.faults import Faults
from politburo.theory.examples import council, game
from politburo.theory.voting import INDICES, power_indices
from politburo.theory.voting_blocs import blocs, owen
from politburo.theory.voting_chambers import Chamber, multi_majority

weights = st.lists(st.integers(0, 12), min_size=2, max_size=8).filter(any)
NORMALISED = ("shapley_shubik", "banzhaf_normalised", "deegan_packel", "holler", "johnston")


@settings(max_examples=60)
@given(weights, st.data())
def test_counting_is_enumeration(w, data):
    q = data.draw(st.integers(1, sum(w)))
    a, b = power_indices(w, q, method="enumerate"), power_indices(w, q, method="count")
    assert (a.winning, a.minimal_winning, a.swings) == (b.winning, b.minimal_winning, b.swings)
    assert a.exact["shapley_shubik"] == b.exact["shapley_shubik"]
    for index in INDICES:
        assert a[index] == pytest.approx(b[index], abs=1e-13)


@settings(max_examples=25)
@given(weights, st.data())
def test_halves_are_enumeration(w, data):
    q = data.draw(st.integers(1, sum(w)))
    a, b = power_indices(w, q, method="enumerate"), power_indices(w, q, method="halves")
    assert (a.winning, a.swings, a.exact["shapley_shubik"]) == (
        b.winning,
        b.swings,
        b.exact["shapley_shubik"],
    )
    wide = power_indices([x * 10**20 for x in w], q * 10**20, method="halves")
    assert wide.swings == a.swings


@given(weights, st.data())
def test_invariants(w, data):
    q = data.draw(st.integers(1, sum(w)))
    found = power_indices(w, q)
    for index in NORMALISED:
        assert sum(found.exact[index]) == 1
    for i, x in enumerate(w):
        for j in range(i):
            if w[j] == x:  # symmetric players
                assert all(found.exact[index][i] == found.exact[index][j] for index in found.exact)
        if found.swings[i] == 0:  # a dummy
            assert all(found.exact[index][i] == 0 for index in NORMALISED)
            assert found.exact["rae"][i] == Fraction(1, 2)
    with_dummy = power_indices([*w, 0], q)
    assert with_dummy.exact["shapley_shubik"] == [*found.exact["shapley_shubik"], 0]
    assert power_indices([3 * x for x in w], 3 * q).exact == found.exact  # scaling


@settings(max_examples=20)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=5).filter(any), st.data())
def test_shapley_by_its_definition(w, data):
    q = data.draw(st.integers(1, sum(w)))
    pivots = [0] * len(w)
    orders = list(permutations(range(len(w))))
    for order in orders:
        reached = 0
        for i in order:
            reached += w[i]
            if reached >= q:
                pivots[i] += 1
                break
    assert power_indices(w, q).exact["shapley_shubik"] == [Fraction(p, len(orders)) for p in pivots]


@pytest.mark.parametrize("players", [70, 120])
def test_large_bodies_quadrature_against_exact_integers(players):
    rng = np.random.default_rng(players)
    w = [int(x) for x in rng.integers(1, 12, players)]
    q = sum(w) * 2 // 3
    found = power_indices(w, q, indices=["shapley_shubik", "banzhaf", "banzhaf_normalised"])
    # Shapley by size with Python integers: the generating function, one player taken out
    at = max(range(players), key=w.__getitem__)
    counts = [[0] * q for _ in range(players + 1)]
    counts[0][0] = 1
    for done, x in enumerate(w[:at] + w[at + 1 :]):
        for s in range(done, -1, -1):
            for u in range(q - x - 1, -1, -1):
                if counts[s][u]:
                    counts[s + 1][u + x] += counts[s][u]
    from math import factorial

    by_size = [sum(row[max(q - w[at], 0) : q]) for row in counts]
    exact = Fraction(
        sum(c * factorial(s) * factorial(players - 1 - s) for s, c in enumerate(by_size[:players])),
        factorial(players),
    )
    assert found["shapley_shubik"][at] == pytest.approx(float(exact), abs=1e-13)
    assert found.swings[at] == sum(by_size)
    assert sum(found["shapley_shubik"]) == pytest.approx(1, abs=1e-12)


def test_sampling_within_four_standard_errors():
    w = [5, 4, 3, 2, 2, 1]
    exact, sampled = power_indices(w), power_indices(w, method="sample", samples=200_000, seed=3)
    for index in ("shapley_shubik", "banzhaf"):
        for a, b, half in zip(exact[index], sampled[index], sampled.errors[index]):
            assert abs(a - b) < 4 * half / 1.96
    assert sampled.rows == power_indices(w, method="sample", samples=200_000, seed=3).rows


def test_public_good_index_is_not_monotone():
    holler = power_indices([35, 20, 15, 15, 15], 51).exact["holler"]
    assert holler[1] < holler[2]


@settings(max_examples=25)
@given(weights, st.data())
def test_owen_between_its_limits(w, data):
    q = data.draw(st.integers(1, sum(w)))
    base = power_indices(w, q)
    alone = owen(w, [None] * len(w), q)
    assert alone.column("owen") == base.exact["shapley_shubik"]
    assert alone.column("banzhaf_owen") == base.exact["banzhaf"]
    together = owen(w, ["union"] * len(w), q)
    assert together.column("owen") == base.exact["shapley_shubik"]
    labels = [str(i % 3) for i in range(len(w))]
    split = owen(w, labels, q)
    totals = power_indices([sum(x for x, l in zip(w, labels) if l == k) for k in sorted(set(labels))], q)
    for k, value in zip(sorted(set(labels)), totals.exact["shapley_shubik"]):
        assert sum(o for o, l in zip(split.column("owen"), labels) if l == k) == value


def test_bloc_of_three_among_seven():
    row = blocs([1] * 7, ["three"] * 3 + ["two"] * 2 + [None] * 2, 4).rows[0]
    assert row[3] == 0.5 and row[4] == pytest.approx(3 / 7)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=7).filter(any), st.data())
def test_one_chamber_is_the_weighted_game(w, data):
    q = data.draw(st.integers(1, sum(w)))
    base = power_indices(w, q)
    found = multi_majority([[Chamber("only", w, q)]])
    assert found.column("swings") == base.swings
    assert found.column("shapley_shubik") == pytest.approx(base["shapley_shubik"], abs=1e-13)


@settings(max_examples=20)
@given(st.integers(2, 6), st.integers(0, 10**6))
def test_several_majorities_by_their_definition(n, seed):
    rng = np.random.default_rng(seed)
    w = rng.integers(0, 6, (3, n))
    assume((w.sum(axis=1) > 0).all())
    q = [int(rng.integers(1, row.sum() + 1)) for row in w]

    def wins(mask):
        got = [sum(int(x) for i, x in enumerate(row) if mask >> i & 1) for row in w]
        return (got[0] >= q[0] and got[1] >= q[1]) or got[2] >= q[2]

    rows = [list(map(int, r)) for r in w]
    found = multi_majority(
        [[Chamber("a", rows[0], q[0]), Chamber("b", rows[1], q[1])], [Chamber("c", rows[2], q[2])]], threads=2
    )
    winning = [m for m in range(1 << n) if wins(m)]
    assert found.facts["winning coalitions"] == len(winning)
    assert found.column("swings") == [
        sum(m >> i & 1 and not wins(m ^ 1 << i) for m in winning) for i in range(n)
    ]


def test_council_rules():
    nice, lisbon = council("nice"), council("lisbon")
    # in the Nice game votes nearly always decide: its Banzhaf indices are near those of votes alone
    alone = power_indices(game("eu28").weights, 260)
    assert nice.column("banzhaf_normalised")[0] == pytest.approx(alone["banzhaf_normalised"][0], abs=1e-4)
    assert (
        lisbon.facts["power of the body to act (Coleman)"]
        > 5 * nice.facts["power of the body to act (Coleman)"]
    )
    assert sum(lisbon.column("shapley_shubik")) == pytest.approx(1, abs=1e-12)


def test_right_where_machine_integers_overflow():
    found = power_indices([1] * 101, 51)
    assert found.winning == 2**100
    assert found["shapley_shubik"] == pytest.approx([1 / 101] * 101, abs=1e-14)
    assert found.minimal_winning == __import__("math").comb(101, 51)


@pytest.mark.parametrize(("w", "extra", "found"), [
    ([], {}, "empty set"), ([-1, 2], {}, "-1"), ([float("nan"), 2], {}, "nan"), ([0, 0], {}, "only zeros"), ([1, 2], {"quota": 0}, "0"),
    ([1, 2], {"quota": 4}, "4"), ([1, 2], {"quota": float("inf")}, "inf"), ([1, 2], {"indices": ["banzaf"]}, "banzaf"),
    ([1, 2], {"method": "guess"}, "guess"), ([2**62] * 60, {}, "bits"), ([1, 2], {"names": ["A"]}, "1 names"),
])  # fmt: skip
def test_bad_input_is_named(w, extra, found):
    with pytest.raises(Faults) as error:
        power_indices(w, **extra)
    assert found in str(error.value) and "allowed" in str(error.value)


def test_bad_chambers_are_named_all_at_once():
    with pytest.raises(Faults) as error:
        multi_majority([[Chamber("a", [1, 2, 3], 4), Chamber("b", [1, -2, 3], 9), Chamber("c", [1, 2], 2)]])
    assert len(error.value.faults) == 3
