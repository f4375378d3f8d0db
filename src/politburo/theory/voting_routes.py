"""Two further ways to power indices: two sorted halves for weights with many digits, and random orders.

*Halves* (meet in the middle): to count the coalitions that i swings, the other players are split in two halves whose subset
sums are sorted; pairs with q - w_i <= a + b < q are counted by two pointers, by size for Shapley-Shubik. Exact;
2**(n/2) sums a player; beyond 63 bits the same on Python integers. Horowitz and Sahni (1974); Klinz and Woeginger (2005).

*Sampling*: random orders for Shapley-Shubik, random coalitions for Banzhaf, with 95 % half-widths (Agresti-Coull). The same
seed gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial, sqrt
from typing import Any

import numpy as np

from .compiling import call
from .inputs import INT64
from .voting_counts import half_counts, wide_half_counts


def shapley_of_sizes(by_size: Sequence[int], n: int) -> Fraction:
    return Fraction(
        sum(int(c) * factorial(s) * factorial(n - 1 - s) for s, c in enumerate(by_size)), factorial(n)
    )


def by_halves(w: list[int], q: int, wanted: list[str]) -> dict[str, Any]:
    """Meet in the middle: sums of two halves, sorted; swings by size for Shapley-Shubik."""
    n = len(w)
    sizes = "shapley_shubik" in wanted
    wide = sum(w) >= INT64
    swings, shapley, winning = [], [], 0

    def pairs(first, second, low, high, bounds):
        return (
            wide_half_counts(first, second, low, high, bounds)
            if wide
            else [int(c) for c in call(half_counts, first, second, low, high, bounds)]
        )

    for i in range(n):
        others = w[:i] + w[i + 1 :]
        a, b = others[::2], others[1::2]
        (first, first_size), (second, second_size) = _subset_sums(a, wide), _subset_sums(b, wide)
        order = np.argsort(second, kind="stable")
        order = order[np.argsort(second_size[order], kind="stable")]
        second, second_size = second[order], second_size[order]
        bounds = np.searchsorted(second_size, np.arange(len(b) + 2))
        by_size = [0] * n
        for s in range(len(a) + 1):
            mine = np.sort(first[first_size == s])
            for k, c in enumerate(pairs(mine, second, q - w[i], q, bounds)):
                by_size[s + k] += c
        swings.append(sum(by_size))
        if sizes:
            shapley.append(shapley_of_sizes(by_size, n))
        if i == 0:  # winning coalitions with i, and without
            merged, mine = np.sort(second), np.sort(first)
            bound, top = np.array([0, len(merged)]), sum(w) + 1
            winning = pairs(mine, merged, q - w[i], top, bound)[0] + pairs(mine, merged, q, top, bound)[0]
    return {
        "method": "two sorted halves, exact",
        "swings": swings,
        "winning": winning,
        "exact": {"shapley_shubik": shapley} if sizes else {},
        "notes": [
            "Deegan-Packel, Holler and Johnston left out: the weights have too many different sums to count by weight"
        ],
    }


def _subset_sums(values: list[int], wide: bool) -> tuple[np.ndarray, np.ndarray]:
    sums, sizes = np.zeros(1, object if wide else np.int64), np.zeros(1, np.int64)
    for v in values:
        sums, sizes = np.concatenate([sums, sums + v]), np.concatenate([sizes, sizes + 1])
    return sums, sizes


def by_sampling(w: list[int], q: int, samples: int, seed: int) -> dict[str, Any]:
    n = len(w)
    rng = np.random.Generator(np.random.Philox(seed))
    array = np.array(w, np.int64)
    pivots, decisive, wins = np.zeros(n, np.int64), np.zeros(n, np.int64), 0
    chunk = max(1, 4_000_000 // n)
    done = 0
    while done < samples:
        size = min(chunk, samples - done)
        orders = np.argsort(rng.random((size, n)), axis=1)
        reached = np.cumsum(array[orders], axis=1) >= q
        at = reached.argmax(axis=1)
        pivots += np.bincount(orders[np.arange(size), at], minlength=n)
        inside = rng.random((size, n)) < 0.5
        sums = inside @ array
        wins += int((sums >= q).sum())
        without = sums[:, None] - inside * array
        decisive += ((without < q) & (without + array >= q)).sum(axis=0)
        done += size

    def half_width(counts: np.ndarray) -> list[float]:
        share = (counts + 2) / (samples + 4)  # Agresti-Coull: never zero wide
        return [float(1.96 * sqrt(p * (1 - p) / (samples + 4))) for p in share]

    beta = decisive / samples
    return {
        "method": f"{samples:,} random orders and coalitions, seed {seed}",
        "power_to_act": wins / samples,
        "values": {
            "shapley_shubik": [float(v) for v in pivots / samples],
            "banzhaf": [float(v) for v in beta],
            "banzhaf_normalised": [float(v) for v in beta / beta.sum()],
            "rae": [float(0.5 + b / 2) for b in beta],
        },
        "errors": {"shapley_shubik": half_width(pivots), "banzhaf": half_width(decisive)},
        "notes": ["sampled: +- columns are half-widths of 95 % intervals for each member by itself"],
    }
