"""Paired differences: what a change does to a number, history by history, and how sure that is.

Theory. Twins share luck, so the effect of a change is estimated by the mean of d_h = y'_h - y_h over histories h, and its error is
that of the differences, which is smaller the more luck the twins still share (common random numbers; Law, Simulation
Modeling and Analysis, chapter 11). Three things make d_h differ from history to history:

    d_h = effect + posterior_p(h) + coding_h + luck_h

History h uses particle p(h) = h mod M of the posterior, so histories with one particle form a cluster. By one-way analysis
of variance the spread between clusters is what the posterior leaves open and that within them is coding and luck. `again` are
the differences of the same histories with other luck and the same coding and particle; their covariance with d is the spread
of particle and coding together, which tells coder error from luck (pick-freeze, Homma and Saltelli 1996).

The interval is Student's for the mean of clusters (M - 1 degrees of freedom), so it covers luck, coding and the choice of
particles; with fewer than ten clusters that of the mean of histories. When no pair differs it is plus or minus 3 / n times the
scale: nothing seen in n tries can still happen that often (rule of three, Hanley and Lippman-Hand 1983).

The interval is about the mean and shrinks with n. How differently the change goes from one history to another is something else and
does not shrink: `up` and `down` are the shares of pairs in which the value rises and falls, `low80` and `high80` enclose the middle
80 % of the differences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEAST_CLUSTERS = 10


@dataclass(frozen=True)
class Difference:
    """A mean difference with its 95 % interval.

    pairs : twins in which both values exist; differ : those in which they are not the same
    luck : standard error of the mean from luck and coder error alone (particles as they are)
    posterior : standard deviation of the effect from particle to particle
    coding : standard deviation of the effect from coding to coding; nan when the design does not tell
    up, down : shares of pairs in which the value is larger and smaller with the change
    low80, high80 : 10 % and 90 % of the differences of single pairs lie below them
    """

    mean: float
    low: float
    high: float
    pairs: int
    differ: int
    luck: float
    posterior: float
    coding: float = float("nan")
    up: float = 0.0
    down: float = 0.0
    low80: float = 0.0
    high80: float = 0.0

    @property
    def clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.pairs > 0 and (self.low > 0 or self.high < 0)


class Clusters:
    """Histories by their particle: the parts of an interval that depend on no value, made once for many differences."""

    def __init__(self, particle: np.ndarray):
        self.particle = np.asarray(particle)
        _, self.number = np.unique(self.particle, return_inverse=True)
        self.size = np.bincount(self.number)

    def only(self, there: np.ndarray) -> Clusters:
        """Those of some histories."""
        return self if there.all() else Clusters(self.particle[there])


def difference(
    before: np.ndarray, after: np.ndarray, particle: np.ndarray | Clusters, scale: float = 1.0,
    again: tuple[np.ndarray, np.ndarray] | None = None,
) -> Difference:  # fmt: skip
    """The paired difference after - before.

    before, after : (H,) values of twins, nan where there is none; particle : (H,) number of each history's particle, or its `Clusters`
    scale : the range that a value can have, for the rule of three
    again : the same two under other luck, with the same coding and particles
    """
    d = np.asarray(after, float) - np.asarray(before, float)
    there = np.isfinite(d)
    n = int(there.sum())
    if n == 0:
        nan = float("nan")
        return Difference(nan, nan, nan, 0, 0, nan, nan, nan, nan, nan, nan, nan)
    used = d if n == len(d) else d[there]
    mean = within = between = up = down = low = high = 0.0
    differ = int(np.count_nonzero(used))
    if differ == 0:
        half = 3.0 / n * scale
    else:
        clusters = (particle if isinstance(particle, Clusters) else Clusters(particle)).only(there)
        mean = float(used.sum() / n)
        within, between, error, count = _components(used, mean, clusters)
        half = float("inf") if n == 1 else student(count - 1 if count >= LEAST_CLUSTERS else n - 1) * error
        rising = np.count_nonzero(used > 0)
        up, down = rising / n, (differ - rising) / n
        low, high = middle(used)
    coding = float("nan")
    if again is not None:
        e = np.asarray(again[1], float) - np.asarray(again[0], float)
        both = there & np.isfinite(e)
        if both.sum() > 2:
            shared = float(np.cov(d[both], e[both])[0, 1])
            coding = float(np.sqrt(max(0.0, shared - between)))
    luck = float(np.sqrt(max(within, 0.0) / n))
    return Difference(mean, mean - half, mean + half, n, differ, luck, float(np.sqrt(between)), coding, up, down, low, high)


def middle(values: np.ndarray) -> tuple[float, float]:
    """The values below which 10 % and 90 % lie (those of the nearest rank, so that whole numbers stay whole)."""
    n = len(values)
    ranks = [min(n - 1, int(0.1 * n)), max(0, n - 1 - int(0.1 * n))]
    found = np.partition(values, ranks)
    return float(found[ranks[0]]), float(found[ranks[1]])


def _components(d: np.ndarray, centre: float, clusters: Clusters) -> tuple[float, float, float, int]:
    """Variance within clusters, between them, standard error of the mean, number of clusters."""
    number, size = clusters.number, clusters.size
    n, m = len(d), len(size)
    sums = np.bincount(number, d)
    apart = d - centre
    total = float(apart @ apart)
    among = float((size * (sums / size - centre) ** 2).sum())
    plain = float(np.sqrt(total / max(n - 1, 1) / n))
    if m < 2 or n == m:
        return total / max(n - 1, 1), 0.0, plain, m
    within = max(0.0, total - among) / (n - m)
    typical = (n - (size**2).sum() / n) / (m - 1)
    between = max(0.0, (among / (m - 1) - within) / typical)
    if m < LEAST_CLUSTERS:
        return within, between, plain, m
    error = np.sqrt(((sums - size * centre) ** 2).sum() * m / (m - 1)) / n
    return within, between, float(error), m


def student(freedom: int) -> float:
    """The 97.5 % quantile of Student's distribution, by the first terms of its expansion (exact to 1 % from 4 degrees of freedom on)."""
    z, v = 1.959963984540054, max(float(freedom), 1.0)
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + g1 / v + g2 / v**2 + g3 / v**3
