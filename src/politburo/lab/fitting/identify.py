"""Which parameters the record says something about: overlap of prior and posterior, and profiles.

Theory. A parameter is identified by the data when its posterior differs from its prior. The overlap is the shared area of the two
densities in the prior's own coordinate, integral min(1, f(u)) du, f a kernel density reflected at the walls: 1 = nothing
learned, 0 = everything (Garrett and Zeger 2000 call above .35 weakly identified; we state the number and its error). A
finite ensemble of prior draws has an overlap below 1 too, so each is held against its 5 % quantile for as many draws as the
ensemble is worth: vectors that descend from one another move together in all parameters at once, and n independent ones would give the
correlation matrix of D parameters n D / (n + D) effective dimensions (its squared trace over its squared norm), which is solved for n. The
contraction 1 - var(posterior) / var(prior) says the same of the spread alone; it is negative when the posterior sits at both ends.

A profile holds one parameter at a value and lets all others move to make up for it: flat means that the others can, whatever the
ensemble looks like. Its search is short and greedy (a lower bound at each value), and its best vectors are judged again on fresh luck.

An ensemble found by closeness is narrower than any posterior (see politburo.lab.fitting.fit), so its overlaps are too small: it may
be called identified where it is only well searched. Say which summary made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...case.compile import Compiled
from ...faults import Fault, Faults, listed, nearest
from .fit import Judge, Prior

POINTS = 256


@dataclass(frozen=True)
class Identified:
    """One parameter: quantiles of the ensemble in its units, overlap with the prior, and what that amounts to."""

    name: str
    means: str
    unit: str
    mechanism: str
    evidence: str
    low: float
    high: float
    q10: float
    q50: float
    q90: float
    overlap: float
    error: float
    null: float
    contraction: float
    edge: str  # "low", "high" or ""

    @property
    def verdict(self) -> str:
        """identified: overlap surely at most a half; not: no less than prior draws have; weakly: between."""
        if self.overlap >= self.null:
            return "not identified"
        return "identified" if self.overlap + self.error <= min(0.5, self.null) else "weakly"


def _width(u: np.ndarray, w: np.ndarray) -> float:
    """Silverman's bandwidth of a weighted sample, at least one cell."""
    spread = np.sqrt(max(w @ (u - w @ u) ** 2, 1e-12))
    order = np.argsort(u)
    ladder = np.cumsum(w[order])
    q25, q75 = (u[order][min(np.searchsorted(ladder, q), len(u) - 1)] for q in (0.25, 0.75))
    return float(max(0.9 * (min(spread, (q75 - q25) / 1.34) or spread) * (w**2).sum() ** 0.2, 1.0 / POINTS))


def _bumps(u: np.ndarray, width: float) -> np.ndarray:
    """(POINTS, n): the kernel of each number, reflected at both ends, with mean 1 over the cells."""
    at = (np.arange(POINTS) + 0.5) / POINTS
    bumps = sum(np.exp(-0.5 * ((at[:, None] - image) / width) ** 2) for image in (u, -u, 2 - u))
    return bumps / bumps.mean(axis=0)


def density(u: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Kernel density of numbers in [0, 1] at the middles of POINTS cells, reflected at both ends; its mean is 1."""
    w = np.full(len(u), 1 / len(u)) if weights is None else weights / weights.sum()
    return _bumps(u, _width(u, w)) @ w


def overlap(u: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Shared area of a sample's density and the flat prior."""
    return float(np.minimum(density(u, weights), 1.0).mean())


def worth(unit: np.ndarray) -> float:
    """How many independent vectors an ensemble is worth, by the effective dimensions of its correlations; at most its size."""
    varied = unit[:, unit.std(axis=0) > 1e-9]
    d = varied.shape[1]
    if d < 3 or len(unit) < 3:
        return float(len(np.unique(unit, axis=0)))
    roots = np.linalg.eigvalsh(np.corrcoef(varied.T))
    dimensions = roots.sum() ** 2 / (roots**2).sum()
    return float(min(len(unit), dimensions * d / (d - dimensions))) if dimensions < d - 1e-9 else float(len(unit))


@lru_cache(maxsize=64)
def null_overlap(count: int, quantile: float = 0.05, draws: int = 400) -> float:
    """The overlap that only this share of samples of `count` prior draws falls below."""
    rng = np.random.default_rng([count, 13])
    return float(np.quantile([overlap(rng.random(count)) for _ in range(draws)], quantile))


def identify(compiled: Compiled, values: np.ndarray | None = None, prior: Prior | None = None, bootstraps: int = 200) -> list[Identified]:
    """Every fitted parameter of an ensemble, by default the case's own posterior. `values`: (M, D) in the prior's order."""
    prior = prior or Prior.of(compiled)
    if values is None:
        if compiled.case.posterior is None:
            raise Faults([Fault(str(compiled.case.path), 0, 0, "no posterior ensemble", "posterior.csv, as `politburo fit` writes it")])
        values = compiled.particles[:, prior.columns]
    unit = prior.unit(values)
    # Copies of one vector are one vector, so the bootstrap draws distinct ones; its error is widened to the ensemble's worth.
    distinct, copies = np.unique(unit, axis=0, return_counts=True)
    effective = max(3.0, min(worth(unit), float(len(distinct))))
    widened = np.sqrt(len(distinct) / effective)
    rng = np.random.default_rng([len(unit), 31])
    drawn = rng.multinomial(len(distinct), np.full(len(distinct), 1 / len(distinct)), size=bootstraps).T * copies[:, None].astype(float)
    drawn /= drawn.sum(axis=0)
    found = []
    for i, name in enumerate(prior.names):
        u = distinct[:, i]
        # The bandwidth stays: only the weights of the vectors are drawn anew.
        again = np.minimum(_bumps(u, _width(u, copies / copies.sum())) @ drawn, 1.0).mean(axis=0)
        q10, q50, q90 = np.quantile(values[:, i], [0.1, 0.5, 0.9])
        middle = float(np.median(unit[:, i]))
        q = compiled.case.parameters[name]
        found.append(
            Identified(
                name, q.means, q.unit, q.mechanism, str(q.evidence), float(prior.low[i]), float(prior.high[i]), float(q10), float(q50),
                float(q90), overlap(u, copies.astype(float)), float(np.std(again) * widened), null_overlap(int(effective)),
                1.0 - float(unit[:, i].var()) * 12, "low" if middle < 0.06 else "high" if middle > 0.94 else "",
            )
        )  # fmt: skip
    return found


def pairs(unit: np.ndarray, names: tuple[str, ...], least: float = 0.6) -> list[tuple[str, str, float]]:
    """Parameters that the record tells only together: pairs whose correlation in the ensemble is at least `least` in size."""
    r = np.corrcoef(unit.T)
    a, b = np.triu_indices(len(names), 1)
    order = np.argsort(-np.abs(r[a, b]), kind="stable")
    return [(names[a[k]], names[b[k]], float(r[a[k], b[k]])) for k in order if abs(r[a[k], b[k]]) >= least]


@dataclass(frozen=True)
class Profile:
    """Best score that was found with one parameter held at each of some values, judged on fresh luck, and its error."""

    name: str
    by: str
    values: np.ndarray
    score: np.ndarray
    error: np.ndarray

    @property
    def flat(self) -> bool:
        """Whether no two values differ by more than four times the error of their difference (many pairs, four batches each)."""
        gap = self.score[:, None] - self.score[None, :]
        return bool((np.abs(gap) <= 4 * np.sqrt(self.error[:, None] ** 2 + self.error[None, :] ** 2) + 1e-12).all())


def profile(
    judge: Judge, prior: Prior, unit: np.ndarray, name: str, points: int = 7, rounds: int = 3, first: int = 600_000_000, seed: int = 3
) -> Profile:
    """Hold `name` at `points` values over its range, and let a population that starts at `unit` (M, D) climb for `rounds`.

    Cost: points * (M * (rounds + 1) + 12) * batch histories.
    """
    if name not in prior.names:
        raise Faults([Fault("--profile", 0, 0, f"{name!r} is not fitted", listed(prior.names), nearest(name, prior.names))])
    column = prior.names.index(name)
    grid = (np.arange(points) + 0.5) / points
    best, error = np.zeros(points), np.zeros(points)
    for g, held in enumerate(grid):
        rng = np.random.default_rng([seed, column, g])
        pool = unit.copy()
        pool[:, column] = held
        score = judge(judge.rows(prior, prior.values(pool)), first)
        for _ in range(rounds):
            a, b = (rng.permutation(len(pool)) for _ in range(2))
            touched = rng.random(pool.shape) < 0.35
            moved = np.where(touched, pool + 0.6 * (pool[a] - pool[b]) + 0.02 * rng.normal(size=pool.shape), pool)
            moved = np.clip(moved, 0, 1)
            moved[:, column] = held
            found = judge(judge.rows(prior, prior.values(moved)), first)
            better = found > score
            pool[better], score[better] = moved[better], found[better]
        top = pool[np.argsort(-score, kind="stable")[:3]]
        rows = judge.rows(prior, prior.values(top))
        # Chosen on one batch of luck, judged on four others.
        fresh = np.stack([judge(rows, first + (k + 1) * judge.batch) for k in range(4)])
        winner = int(fresh.mean(axis=0).argmax())
        best[g], error[g] = fresh[:, winner].mean(), fresh[:, winner].std(ddof=1) / 2
    values = np.array([prior.values(np.where(np.arange(len(prior.names)) == column, g, 0.5)[None])[0, column] for g in grid])
    return Profile(name, judge.by, values, best, error)
