"""Ruling coalitions when many members are equal: states are counts of each type.

Members of equal power are interchangeable, so a coalition is a vector of counts and the subset programme of
`coalition_table` runs over prod(m_t + 1) vectors instead of 2**n masks: a Central Committee of 120 in five or
six factions is a few million states. The recurrence is the same (one-unit removals), the test the same
integers.

Cost: states times types. Memory: 8 bytes a state. Source: Acemoglu, Egorov and Sonin (2008); grouping is
ours."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb, prod

import numpy as np
from numba import njit

from .compiling import call
from .inputs import fits_int64, reject

MOST_STATES = 200_000_000


@njit(cache=True, error_model="numpy", nogil=True)
def _fill_counts(best, counts, powers, num, den, slack):
    """best[state] = den g of the heaviest self-enforcing coalition inside; states in mixed radix, first type
    fastest.
    """
    types = counts.size
    stride = np.empty(types, np.int64)
    digit = np.zeros(types, np.int64)
    size = 1
    for t in range(types):
        stride[t] = size
        size *= counts[t] + 1
    power = np.int64(0)
    best[0] = 0
    for state in range(1, size):
        t = 0
        while digit[t] == counts[t]:
            power -= powers[t] * digit[t]
            digit[t] = 0
            t += 1
        digit[t] += 1
        power += powers[t]
        heaviest = np.int64(0)
        for t in range(types):
            if digit[t] > 0:
                inside = best[state - stride[t]]
                if inside > heaviest:
                    heaviest = inside
        best[state] = den * power if heaviest <= num * power - slack else heaviest
    return size


@njit(cache=True, error_model="numpy", nogil=True)
def _scan_counts(best, counts, powers, num, den, slack, found):
    """Least winning self-enforcing power, the number of states with it, of self-enforcing states; states in
    `found`.
    """
    types = counts.size
    digit = np.zeros(types, np.int64)
    total = np.int64(0)
    for t in range(types):
        total += counts[t] * powers[t]
    least = den * total + 1
    ties = 0
    stable = 0
    power = np.int64(0)
    for state in range(1, best.size):
        t = 0
        while digit[t] == counts[t]:
            power -= powers[t] * digit[t]
            digit[t] = 0
            t += 1
        digit[t] += 1
        power += powers[t]
        if best[state] == den * power:
            stable += 1
            if den * power > num * total - slack and den * power <= least:
                if den * power < least:
                    least = den * power
                    ties = 0
                if ties < found.size:
                    found[ties] = state
                ties += 1
    return least, ties, stable


def rule_types(
    powers: Sequence[int], counts: Sequence[int], share: Fraction, exact_wins: bool = False, most: int = 64
) -> tuple[list[tuple[int, ...]], int, int]:
    """Ruling coalitions of a circle of types.

    Parameters
    ----------
    powers, counts : sequences of int
        Whole power of one member of each type, and how many members have it.
    share : Fraction
        Supermajority.

    Returns
    -------
    (compositions, ties, stable)
        The lightest winning self-enforcing count vectors (at most `most`), the number of *coalitions of
        members* among all such vectors, and the number of self-enforcing count vectors.

    Raises `Faults` above 200 million states or when sums pass 63 bits.
    """
    states = prod(c + 1 for c in counts)
    if states > MOST_STATES:
        raise reject(
            "powers", f"{len(counts)} types with {states:,} count vectors", f"at most {MOST_STATES:,}"
        )
    num, den = share.numerator, share.denominator
    fits_int64(den * sum(p * c for p, c in zip(powers, counts)) + 1, "powers")
    best = np.empty(states, np.int64)
    sizes, weights = np.array(counts, np.int64), np.array(powers, np.int64)
    call(_fill_counts, best, sizes, weights, num, den, int(exact_wins))
    found = np.zeros(max(most, 1), np.int64)
    _, ties, stable = call(_scan_counts, best, sizes, weights, num, den, int(exact_wins), found)
    vectors = []
    for state in found[: min(int(ties), most)]:
        digits = []
        for count in counts:
            digits.append(int(state % (count + 1)))
            state //= count + 1
        vectors.append(tuple(digits))
    coalitions = sum(prod(comb(c, d) for c, d in zip(counts, v)) for v in vectors)
    return vectors, coalitions, int(stable)
