"""Ruling coalitions: every solver against the definition, invariants, the game tree, ties, bad input."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from politburo.faults import Faults
from politburo.theory.coalition import (
    reference_table,
    ruling_coalition,
    ruling_many,
    self_enforcing_coalitions,
    subset_table,
)
from politburo.theory.coalition_kernel import LANES, rule_one
from politburo.theory.coalition_robust import fragility, robustness
from politburo.theory.coalition_search import by_size_rule, search
from politburo.theory.coalition_table import CoalitionTable
from politburo.theory.coalition_tree import coalition_game
from politburo.theory.coalition_types import rule_types

SHARES = [Fraction(1, 2), Fraction(3, 5), Fraction(2, 3), Fraction(3, 4), Fraction(9, 10)]
CONWAY_GUY = {3: (3, 5, 6, 7), 4: (6, 9, 11, 12, 13), 5: (11, 17, 20, 22, 23, 24)}
shares = st.sampled_from(SHARES)
small = st.one_of(
    st.lists(st.integers(1, 4), min_size=1, max_size=7), st.lists(st.integers(1, 500), min_size=1, max_size=7)
)


@given(small, shares)
def test_small_kernel_is_the_definition(powers, share):
    n, weight, ruling, order, count = subset_table(powers, share)
    assert list(ruling) == reference_table(powers, share)
    assert list(weight) == [sum(p for i, p in enumerate(powers) if x >> i & 1) for x in range(1 << n)]
    stable = [x for x in range(1, 1 << n) if ruling[x] == x]
    assert list(order[:count]) == sorted(stable, key=lambda x: (weight[x], x))
    mask = rule_one(
        np.array(powers, np.int64),
        n,
        share.numerator,
        share.denominator,
        np.zeros(1 << n, np.int64),
        np.zeros(1 << n, np.int64),
    )
    assert mask == ruling[-1]


@settings(max_examples=12)
@given(st.lists(st.integers(1, 60), min_size=9, max_size=10), shares, st.booleans())
def test_table_is_the_definition(powers, share, wins):
    n = len(powers)
    ruling = reference_table(powers, share, wins)
    table = CoalitionTable(powers, share, wins)
    masks, ties, stable = table.ruling()
    everything = [x for x in range(1, 1 << n) if ruling[x] == x]
    assert list(table.self_enforcing()) == everything and stable == len(everything)
    assert masks[0] == ruling[-1]
    assert all(table.is_self_enforcing(x) == (ruling[x] == x) for x in range(1, 1 << n, 7))


@settings(max_examples=4)
@given(st.just(18), shares, st.integers(0, 10**6), st.sampled_from([40, 10**6, 2**30]))
def test_threads_and_wide_integers_agree(n, share, seed, top):
    powers = [int(p) for p in np.random.default_rng(seed).integers(1, top, n)]
    one, two = CoalitionTable(powers, share), CoalitionTable(powers, share, threads=2)
    assert (one.best == two.best).all()
    assert one.best.dtype == (np.int32 if share.denominator * sum(powers) < 2**31 - 1 else np.int64)


@given(st.lists(st.integers(1, 3), min_size=9, max_size=12), shares)
@settings(max_examples=25)
def test_types_agree_with_subsets(powers, share):
    kinds = sorted(set(powers))
    masks, ties, _ = CoalitionTable(powers, share).ruling(most=10_000)
    _, coalitions, _ = rule_types(kinds, [powers.count(k) for k in kinds], share)
    assert coalitions == ties == len(masks)


@settings(max_examples=15)
@given(st.integers(9, 14), shares, st.integers(0, 10**6))
def test_search_with_recursion_agrees_with_the_table(n, share, seed):
    powers = [int(p) for p in np.random.default_rng(seed).integers(1, 10**6, n)]
    table = CoalitionTable(powers, share)
    found = search(powers, share, seconds=60, largest_table=6)
    assert found.proved and table.weight(found.mask) == table.weight(table.ruling()[0][0])


@settings(max_examples=30)
@given(st.integers(9, 15), st.sampled_from(SHARES[:4]), st.integers(0, 10**6))
def test_size_rule_when_it_answers(n, share, seed):
    powers = [int(p) for p in np.random.default_rng(seed).integers(10**6, 10**6 + 300, n)]
    mask = by_size_rule(powers, share)
    if mask is not None:
        assert mask in CoalitionTable(powers, share).ruling(most=1000)[0]


def test_size_rule_answers_sixty_near_equal_members_at_once():
    powers = [10**6 + k for k in range(40)]
    found = ruling_coalition(powers)
    assert found.proved and len(found.members) == 31 and found.solver == "size rule"


def test_search_says_when_it_did_not_prove():
    powers = [int(p) for p in np.random.default_rng(1).pareto(1.5, 40) * 1e5 + 1]
    found = ruling_coalition(powers, "2/3", seconds=0.05)
    if not found.proved:
        assert any("not proved" in note for note in found.notes)


@given(small, shares)
def test_invariants(powers, share):
    base = ruling_coalition(powers, share)
    total = sum(powers)
    for rulers in base.tied:
        chosen = [p for n, p in zip(base.powers.names, powers) if n in rulers]
        assert sum(chosen) > share * total  # power
        assert len(ruling_coalition(chosen, share).members) == len(
            chosen
        )  # idempotence: the rulers rule themselves
    scaled = ruling_coalition([Fraction(7 * p, 3) for p in powers], share)
    assert scaled.tied == base.tied and scaled.n_self_enforcing == base.n_self_enforcing  # scaling


@given(small, shares, st.randoms())
def test_order_of_members_does_not_matter(powers, share, random):
    names = [f"m{i}" for i in range(len(powers))]
    pairs = list(zip(names, powers))
    random.shuffle(pairs)
    base = {frozenset(t) for t in ruling_coalition(powers, share, names=names).tied}
    assert {frozenset(t) for t in ruling_coalition(dict(pairs), share).tied} == base


@pytest.mark.parametrize("powers", [(3, 4, 5), (3, 4, 5, 10), *CONWAY_GUY.values()][:5])
@pytest.mark.parametrize("share", ["1/2", "3/5"])
def test_game_tree_gives_the_axioms_answer_for_every_order(powers, share):
    base, played = ruling_coalition(powers, share), coalition_game(powers, share)
    if base.n_tied == 1 and not base.n_exact_shares:
        assert played.facts["same for every order"]
        assert played.rows[0][0] == ", ".join(base.members)


@settings(max_examples=15)
@given(st.lists(st.integers(1, 97), min_size=2, max_size=4))
def test_game_tree_on_generic_powers(powers):
    generic = [64 * p + 2**i for i, p in enumerate(powers)]  # distinct subset sums
    base = ruling_coalition(generic)
    if not base.n_exact_shares:
        assert {row[0] for row in coalition_game(generic).rows} == {", ".join(base.members)}


@settings(max_examples=20)
@given(
    st.lists(st.integers(1, 30), min_size=2, max_size=5),
    st.sampled_from(SHARES[:3]),
    st.lists(st.fractions(0, 70), min_size=6, max_size=6),
)
def test_fragility_agrees_with_solving_at_each_point(powers, share, points):
    picture = fragility(powers, "A", majority=share)
    for t in points:
        if not 0 < t < picture.rows[-1][1]:
            continue
        here = [
            r
            for r in picture.rows
            if r[0] < t < r[1] or (t == r[0] and r[2][0] == "[") or (t == r[1] and r[2][2] == "]")
        ]
        assert len(here) == 1
        assert here[0][3] == " or ".join(", ".join(x) for x in ruling_coalition([t, *powers[1:]], share).tied)


def test_fourth_member_beside_three_four_five():
    rows = [(str(a), str(b), who) for a, b, _, who, _ in fragility([3, 4, 5, 1], "D").rows if a != b]
    assert rows == [
        ("0", "1", "A, B, C"),
        ("1", "3", "A, B, D"),
        ("3", "4", "A, B, D"),
        ("4", "5", "A, B, D"),
        ("5", "12", "A, B, C"),
        ("12", "24", "D"),
    ]


def test_robustness_edges_change_the_answer():
    base = ruling_coalition([3, 4, 5, 10]).members
    for k, row in enumerate(robustness([3, 4, 5, 10]).rows):
        for edge, beyond in ((row[2], Fraction(-1, 1000)), (row[3], Fraction(1, 1000))):
            powers = [Fraction(p) for p in (3, 4, 5, 10)]
            powers[k] = edge - beyond
            assert ruling_coalition(powers).members == base
            at, past = [], []
            for out, value in ((at, edge), (past, edge + beyond)):
                powers[k] = value
                out.append(ruling_coalition(powers).tied)
            assert at != [(base,)] or past != [(base,)]


def test_ties_are_reported_and_the_convention_is_an_argument():
    tied = ruling_coalition([1, 1, 1])
    assert tied.n_tied == 3 and "tie" in tied.notes[0]
    with pytest.raises(Faults, match="tied for the lightest"):
        ruling_coalition([1, 1, 1], ties="refuse")
    assert ruling_coalition([3, 4, 5, 12]).members == ("A", "B", "C", "D")
    assert ruling_coalition([3, 4, 5, 12]).n_exact_shares > 0
    assert ruling_coalition([3, 4, 5, 12], exact_share="wins").tied == (("A", "B", "C"), ("D",))


def test_floats_and_decimals_are_exact():
    floats = ruling_coalition([0.1, 0.2, 0.3])
    assert floats.powers.total == Fraction(3, 5)
    assert floats.tied == ruling_coalition([1, 2, 3]).tied  # 0.3 is exactly half: floats would have to guess
    assert (
        ruling_coalition(["4.6", "4.9", "4.2", "5.3", "5.4"]).members
        == ruling_coalition([46, 49, 42, 53, 54]).members
    )


def test_large_committee_in_factions():
    found = ruling_coalition([5] * 40 + [7] * 40 + [11] * 40)
    assert found.solver == "3 types" and found.proved and found.n_tied >= 1


@settings(max_examples=10)
@given(st.integers(1, 9), st.integers(0, 10**6), shares)
def test_many_circles_at_once(n, seed, share):
    powers = np.random.default_rng(seed).integers(1, 1000, (LANES + 3, n))
    masks = ruling_many(powers, share)
    for row in range(0, LANES + 3, 17):
        assert masks[row] == subset_table([int(p) for p in powers[row]], share)[2][-1]
    wide = ruling_many(powers[:2].astype(np.int64) * 2**40, share)
    assert (wide == masks[:2]).all()


@settings(max_examples=10)
@given(st.lists(st.integers(1, 20), min_size=1, max_size=9), shares)
def test_list_of_self_enforcing(powers, share):
    rows = self_enforcing_coalitions(powers, share).rows
    assert len(rows) == sum(reference_table(powers, share)[x] == x for x in range(1, 1 << len(powers)))


@pytest.mark.parametrize(("powers", "extra", "found"), [
    ([], {}, "empty set"), ([3, -1], {}, "-1"), ([3, float("nan")], {}, "nan"), ([3, float("inf")], {}, "inf"), ([3, 0], {}, "0"),
    ([3, True], {}, "truth value"), ([3, "x"], {}, "'x'"), ([3, None], {}, "None"), ([3, 4], {"majority": "1/3"}, "1/3"),
    ([3, 4], {"majority": 1}, "1"), ([3, 4], {"ties": "al"}, "'al'"), ([3, 4], {"names": ["A"]}, "1 names"),
    ([3, 4], {"names": ["A", "A"]}, "more than once"), ([2**62] * 20, {}, "bits"), ([[1, 2], [3, 4]], {}, "list"),
    (np.ones((2, 2)), {}, "2 dimensions"), ("345", {}, "'345'"),
])  # fmt: skip
def test_bad_input_is_named(powers, extra, found):
    with pytest.raises(Faults) as error:
        ruling_coalition(powers, **extra)
    assert found in str(error.value) and "allowed" in str(error.value)


def test_data_frames_and_mappings():
    import pandas as pd
    import polars as pl

    expected = ruling_coalition([3, 4, 5, 10], names=list("WXYZ")).members
    for frame in (
        pd.DataFrame({"name": list("WXYZ"), "power": [3, 4, 5, 10]}),
        pl.DataFrame({"name": list("WXYZ"), "power": [3, 4, 5, 10]}),
        dict(zip("WXYZ", [3, 4, 5, 10])),
    ):
        assert ruling_coalition(frame).members == expected


def test_large_powers_fall_back_to_unbounded_integers():
    assert ruling_coalition([3 * 10**30, 4 * 10**30, 5 * 10**30, 10**31]).members == ("A", "B", "C")
