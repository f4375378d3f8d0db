"""Power indices: coverage of sampled intervals, quadrature against exact integers, counting against enumeration at 20 players."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from . import Check


def checks(repeats: int = 60) -> Iterator[Check]:
    """Coverage, and agreement of the routes."""
    from politburo.theory.voting import INDICES, power_indices

    rng = np.random.default_rng(7)
    weights = [int(w) for w in rng.integers(1, 30, 9)]
    exact = power_indices(weights)
    for index in ("shapley_shubik", "banzhaf"):
        inside = total = 0
        for seed in range(repeats):
            sampled = power_indices(weights, method="sample", samples=20_000, seed=seed)
            for a, b, half in zip(exact[index], sampled[index], sampled.errors[index]):
                inside += abs(a - b) <= half
                total += 1
        share = inside / total
        yield Check(
            f"95 % intervals of sampled {index} cover",
            0.92 <= share <= 0.98,
            f"{share:.3f} of {total}",
            "0.92 to 0.98",
        )
    worst = 0.0
    for _ in range(4):
        weights = [int(w) for w in rng.integers(1, 40, 20)]
        quota = int(rng.integers(sum(weights) // 2 + 1, sum(weights)))
        a, b = (
            power_indices(weights, quota, method="enumerate"),
            power_indices(weights, quota, method="count"),
        )
        worst = max(worst, *(abs(x - y) for index in INDICES for x, y in zip(a[index], b[index])))
        if (a.winning, a.minimal_winning, a.swings) != (b.winning, b.minimal_winning, b.swings):
            worst = float("inf")
    yield Check(
        "counting is enumeration at 20 players, all nine indices",
        worst < 1e-12,
        f"largest difference {worst:.1e}",
        "1e-12",
    )
    worst = 0.0
    for players in (60, 61, 62):
        weights = [int(w) for w in rng.integers(1, 9, players)]
        counted = power_indices(weights, indices=["shapley_shubik"])
        from politburo.theory.voting import _by_quadrature

        kinds = np.array(sorted(set(weights)), np.int64)
        quota = int(counted.quota)
        values, _, _ = _by_quadrature(
            np.array(sorted(weights), np.int64), kinds, quota, sum(weights) - quota + 1, 1, True
        )
        worst = max(
            worst,
            *(abs(values[list(kinds).index(w)] - v) for w, v in zip(weights, counted["shapley_shubik"])),
        )
    yield Check(
        "quadrature is exact counting at 60 to 62 players",
        worst < 1e-12,
        f"largest difference {worst:.1e}",
        "1e-12",
    )
