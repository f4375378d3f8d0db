"""Ruling coalitions: thousands of random circles by four solvers and the definition, the game tree, walks over power.

What the test suite checks on a handful of circles is checked here on many: the same masks from the small kernel, the subset table
(one and two threads), the types, the killer search with recursion forced, and the definition in plain Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from . import Check

SHARES = [Fraction(1, 2), Fraction(3, 5), Fraction(2, 3), Fraction(3, 4), Fraction(4, 5), Fraction(9, 10)]
FAMILIES = {
    "1 to 3": lambda rng, n: rng.integers(1, 4, n),
    "1 to 29": lambda rng, n: rng.integers(1, 30, n),
    "below a million": lambda rng, n: rng.integers(1, 10**6, n),
    "lognormal": lambda rng, n: (1e5 * rng.lognormal(0, 1, n)).astype(int) + 1,
    "near equal": lambda rng, n: rng.integers(10**6, 10**6 + 500, n),
}


def checks(circles: int = 400) -> Iterator[Check]:
    """Agreement of the solvers; robustness of the theorem on the game tree."""
    from politburo.theory.coalition import reference_table, subset_table
    from politburo.theory.coalition_search import search
    from politburo.theory.coalition_table import CoalitionTable
    from politburo.theory.coalition_tree import coalition_game
    from politburo.theory.coalition_types import rule_types

    rng = np.random.default_rng(2026)
    for family, draw in FAMILIES.items():
        wrong = 0
        for _ in range(circles):
            n, share = int(rng.integers(1, 9)), SHARES[rng.integers(len(SHARES))]
            powers = [int(p) for p in draw(rng, n)]
            wrong += list(subset_table(powers, share)[2]) != reference_table(powers, share)
        yield Check(
            f"small kernel is the definition, powers {family}",
            wrong == 0,
            f"{wrong} of {circles} differ",
            "0",
        )
        wrong = unproved = 0
        for _ in range(circles // 20):
            n, share = int(rng.integers(12, 19)), SHARES[rng.integers(len(SHARES))]
            powers = [int(p) for p in draw(rng, n)]
            one, two = CoalitionTable(powers, share), CoalitionTable(powers, share, threads=2)
            masks, ties, _ = one.ruling(most=4096)
            wrong += not (one.best == two.best).all()
            kinds = sorted(set(powers))
            if len(kinds) < n - 2:
                wrong += rule_types(kinds, [powers.count(k) for k in kinds], share)[1] != ties
            found = search(powers, share, seconds=20, largest_table=10)
            unproved += not found.proved
            wrong += found.proved and one.weight(found.mask) != one.weight(masks[0])
        yield Check(f"threads, types and search give the table's answer, powers {family}", wrong == 0,
                    f"{wrong} of {circles // 20} differ, {unproved} not proved in 20 s", "0 differ")  # fmt: skip
    wrong = 0
    for _ in range(60):
        powers = [64 * int(p) + 2**i for i, p in enumerate(rng.integers(1, 200, rng.integers(2, 6)))]
        mask = int(subset_table(powers, Fraction(1, 2))[2][-1])
        names = ", ".join("ABCDE"[i] for i in range(len(powers)) if mask >> i & 1)
        wrong += {row[0] for row in coalition_game(powers).rows} != {names}
    yield Check("game tree, every order of proposers, 60 generic circles", wrong == 0, f"{wrong} differ", "0")
    stable = moved = 0
    for _ in range(200):
        powers = rng.integers(10**6, 2 * 10**6, 7)
        nudged = powers + rng.integers(-5, 6, 7)
        masks = [subset_table([int(p) for p in row], Fraction(1, 2))[2][-1] for row in (powers, nudged)]
        stable += masks[0] == masks[1]
        moved += masks[0] != masks[1]
    yield Check(
        "a nudge of 5 in a million rarely moves the answer",
        stable >= 190,
        f"{moved} of 200 moved",
        "at most 10",
    )
