"""Are ranks uniform? Tests for simulation-based calibration.

Theory. Draw a parameter from its prior, a record from the model with it, and a posterior from the record: the rank of the
parameter among the posterior's draws is then uniform (Cook, Gelman and Rubin 2006; Talts et al. 2018), whatever the model. Ranks heaped in
the middle say that the posterior is too wide, at both ends too narrow, at one end that it is off to a side.

Three tests, each with its own power: chi-square on equal bins; Kolmogorov-Smirnov on ranks spread evenly within their steps;
and the largest departure of the empirical distribution from simultaneous bands, which hold the whole curve at once with the
stated probability (Säilynoja, Bürkner and Vehtari 2022, by simulation).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...faults import Fault, Faults


def scipy_stats():
    """SciPy's statistics, or a fault that names the extra."""
    try:
        from scipy import stats
    except ImportError:
        raise Faults([Fault("scipy", 0, 0, "SciPy is not installed", "pip install 'politburo[inference]'")]) from None
    return stats


@dataclass(frozen=True)
class Uniformity:
    """Of one parameter: tail probabilities of the three tests, and where the ranks heap."""

    name: str
    count: int
    chi_square: float
    kolmogorov: float
    ecdf: float
    shape: str  # "even", "too wide", "too narrow", "too low", "too high"

    @property
    def least(self) -> float:
        """The smallest of the three; times three it is a tail probability of all (Bonferroni)."""
        return min(self.chi_square, self.kolmogorov, self.ecdf)


def fractions(ranks: np.ndarray, most: int, seed: int = 0) -> np.ndarray:
    """Ranks 0 .. most as numbers in (0, 1), spread evenly within their step (so that they are uniform if the ranks are)."""
    rng = np.random.default_rng([seed, most])
    return (np.asarray(ranks) + rng.random(np.shape(ranks))) / (most + 1)


def uniformity(fractions_: np.ndarray, name: str = "", bins: int | None = None, seed: int = 0) -> Uniformity:
    """Test numbers in (0, 1) for uniformity. `bins`: by default so many that each expects at least eight."""
    stats = scipy_stats()
    u = np.sort(np.asarray(fractions_, float))
    n = len(u)
    bins = bins or int(np.clip(n // 8, 4, 20))
    counts = np.histogram(u, bins, (0, 1))[0]
    return Uniformity(
        name, n, float(stats.chisquare(counts).pvalue), float(stats.kstest(u, "uniform").pvalue), _ecdf_tail(u, seed), _shape(u)
    )


def _departure(ecdf: np.ndarray, at: np.ndarray, n: int) -> np.ndarray:
    """The smallest two-sided binomial tail of the curve over all points `at`, for each row of counts (rows, points)."""
    stats = scipy_stats()
    below = stats.binom.cdf(ecdf, n, at)
    above = stats.binom.sf(ecdf - 1, n, at)
    return np.minimum(1.0, 2 * np.minimum(below, above)).min(axis=-1)


@lru_cache(maxsize=64)
def _simulated(n: int, points: int, simulations: int, seed: int) -> np.ndarray:
    """Departures of uniform samples of n, in order."""
    at = np.arange(1, points) / points
    draws = np.random.default_rng([seed, n]).random((simulations, n))
    counts = np.stack([(draws <= a).sum(axis=1) for a in at], axis=1)
    return np.sort(_departure(counts, at, n))


def _ecdf_tail(u: np.ndarray, seed: int, simulations: int = 2000) -> float:
    """How often uniform samples depart as far as this one anywhere along the curve."""
    n, points = len(u), min(len(u), 50)
    at = np.arange(1, points) / points
    mine = float(_departure(np.searchsorted(u, at, side="right")[None, :], at, n)[0])
    further = np.searchsorted(_simulated(n, points, simulations, seed), mine, side="right")
    return float((1 + further) / (simulations + 1))


def band(n: int, level: float = 0.95, points: int = 50, simulations: int = 2000, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Simultaneous bands of the empirical distribution of n uniform numbers: (points, low, high)."""
    stats = scipy_stats()
    at = np.arange(1, points) / points
    tail = float(np.quantile(_simulated(n, points, simulations, seed), 1 - level))
    return at, stats.binom.ppf(tail / 2, n, at) / n, stats.binom.isf(tail / 2, n, at) / n


def _shape(u: np.ndarray) -> str:
    """Which way the ranks heap, by the first two shifted Legendre moments in standard errors."""
    n = len(u)
    tilt = np.sqrt(12 * n) * (u.mean() - 0.5)
    bend = np.sqrt(180 * n) * (((u - 0.5) ** 2).mean() - 1 / 12)
    if max(abs(tilt), abs(bend)) < 2.5:
        return "even"
    if abs(tilt) >= abs(bend):
        return "too high" if tilt < 0 else "too low"
    return "too narrow" if bend > 0 else "too wide"


def coverage(fractions_: np.ndarray, mass: float) -> tuple[float, float]:
    """Share of central intervals of this mass that hold the truth, and its standard error."""
    inside = np.abs(np.asarray(fractions_) - 0.5) <= mass / 2
    share = float(inside.mean())
    return share, float(np.sqrt(max(share * (1 - share), mass * (1 - mass)) / len(inside)))
