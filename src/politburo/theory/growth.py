"""The plan's own theory of growth: Fel'dman and Mahalanobis, and soft budgets as an extra.

*Fel'dman-Domar* (1928, 1957). Machines make machines: a share g of investment goes back into producer goods,
with capital-output ratios V1 there and V2 in consumer goods:

    I(t) = I0 exp(g t / V1),      C(t) = C0 + ((1 - g)/g) (V1/V2) I0 (exp(g t / V1) - 1).

More g means less consumption now and more later; two paths cross once.

*Mahalanobis* (1953). With a0 the opening investment rate, l_k the share of investment in capital goods, b_k
and b_c incremental output-capital
ratios:  Y_t / Y_0 = 1 + a0 (l_k b_k + l_c b_c) / (l_k b_k) [(1 + l_k b_k)^t - 1],  l_c = 1 - l_k.

*Soft budgets* (derived after Allen 2003). Firms under a hard budget hire until the marginal product equals
the farm wage; under a soft one until the average product does. Industry y = A k^a n^(1-a): soft hiring is
(1/(1-a))^(1/a) times the hard, from the same capital.

Sources as named; formulas cited from memory of the works, values recomputed. The soft-budget comparison is
derived, not published. Growth figures must name an index and base year: 1926/27 prices explain much of the
official rate. Cost: a line a year."""

from __future__ import annotations

from math import exp, isfinite
from typing import Any

from .inputs import _items, real, reject, whole
from .results import DERIVED, Result


def _share(value: Any, argument: str) -> float:
    return real(value, argument, "a share above 0, at most 1", high=1.0, above=0.0)


def feldman_at(
    t: float,
    share: float,
    v1: float = 3.0,
    v2: float = 3.0,
    investment: float = 1.0,
    consumption: float = 9.0,
) -> tuple[float, float]:
    """(I, C) at time t."""
    growth = exp(share * t / v1)
    return investment * growth, consumption + (1 - share) / share * v1 / v2 * investment * (growth - 1)


def feldman(
    share: Any,
    times: Any = (0, 5, 10, 15, 20, 30),
    *,
    v1: Any = 3,
    v2: Any = 3,
    investment: Any = 1,
    consumption: Any = 9,
) -> Result:
    """Investment, consumption and income along a Fel'dman-Domar path.

    Parameters
    ----------
    share : number
        g, share of investment in producer goods, above 0, at most 1.
    times : sequence of numbers
        Years, at least 0.
    v1, v2 : number
        Capital-output ratios, above 0.
    investment, consumption : number
        I0 and C0.

    >>> round(feldman(0.5, [10]).column("consumption")[0], 6)
    13.29449
    """
    g = _share(share, "share")
    a, b, i0 = (
        real(x, n, "a number above 0", above=0.0)
        for x, n in ((v1, "v1"), (v2, "v2"), (investment, "investment"))
    )
    c0 = real(consumption, "consumption", "a number of at least 0", low=0.0)
    rows = []
    for k, t in enumerate(_items(times, "times")):
        at = real(t, f"times[{k}]", "a number of at least 0, within range", low=0.0, high=700 * a / g)
        i, c = feldman_at(at, g, a, b, i0, c0)
        rows.append((at, i, c, i + c))
    return Result(
        title=f"Fel'dman-Domar path, share {g:g} of investment in producer goods",
        source="Fel'dman (1928), Domar (1957)",
        columns=("years", "investment", "consumption", "income"),
        rows=rows,
    )


def feldman_crossover(first: Any, second: Any, *, v1: Any = 3, v2: Any = 3, horizon: Any = 200) -> Result:
    """When the path with the larger share of producer goods overtakes the other in consumption.

    >>> round(feldman_crossover(0.3, 0.5).facts["years"], 3)
    8.518
    """
    low, high = sorted((_share(first, "first"), _share(second, "second")))
    a, b = real(v1, "v1", "a number above 0", above=0.0), real(v2, "v2", "a number above 0", above=0.0)
    if low == high:
        raise reject("second", f"{high:g}", "a share other than the first")
    end = real(horizon, "horizon", "a number above 0", above=0.0, high=600 * a / high)

    def lead(t: float) -> float:
        return feldman_at(t, high, a, b)[1] - feldman_at(t, low, a, b)[1]

    left, right = 1e-9, end
    years: float | None = None
    if lead(end) > 0:
        for _ in range(200):
            middle = (left + right) / 2
            if lead(middle) > 0:
                right = middle
            else:
                left = middle
        years = right
    return Result(
        title=f"Consumption under {high:g} overtakes {low:g}",
        source="Fel'dman (1928), Domar (1957)",
        columns=("share", "consumption then"),
        rows=[(s, feldman_at(years, s, a, b)[1] if years else None) for s in (low, high)],
        facts={"years": years},
    )


def mahalanobis(
    share: Any, times: Any = (0, 5, 10, 20, 30), *, rate: Any = 0.1, beta_k: Any = 0.2, beta_c: Any = 0.35
) -> Result:
    """Income relative to the start along a Mahalanobis path.

    Parameters
    ----------
    share : number
        l_k, share of investment in capital goods, above 0, at most 1.
    rate, beta_k, beta_c : number
        a0, b_k, b_c.

    >>> round(mahalanobis(0.3, [10]).column("income")[0], 6)
    1.402014
    """
    l = _share(share, "share")
    a0, bk, bc = (
        real(x, n, "a number above 0", above=0.0)
        for x, n in ((rate, "rate"), (beta_k, "beta_k"), (beta_c, "beta_c"))
    )
    rows = []
    for k, t in enumerate(_items(times, "times")):
        at = real(t, f"times[{k}]", "a number of at least 0", low=0.0)
        try:
            y = 1 + a0 * (l * bk + (1 - l) * bc) / (l * bk) * ((1 + l * bk) ** at - 1)
        except OverflowError:
            y = float("inf")
        if not isfinite(y):
            raise reject(f"times[{k}]", f"{at:g} years", "a horizon at which income is still a finite number")
        rows.append((at, y))
    return Result(
        title=f"Mahalanobis path, share {l:g} of investment in capital goods",
        source="Mahalanobis (1953)",
        columns=("years", "income"),
        rows=rows,
    )


def soft_budget(
    capital: Any, *, wage: Any = 1, technology: Any = 1, alpha: Any = 0.4, pool: Any = None
) -> Result:
    """Industrial employment and output under hard and soft budgets, from the same capital.

    `pool` caps employment at the rural labour there is. Derived, not published (after Allen 2003).
    """
    k, w, t = (
        real(x, n, "a number above 0", above=0.0)
        for x, n in ((capital, "capital"), (wage, "wage"), (technology, "technology"))
    )
    a = real(alpha, "alpha", "above 0, below 1", above=0.0, below=1.0)
    most = float("inf") if pool is None else real(pool, "pool", "a number above 0", above=0.0)
    rows = []
    for budget, factor in (("hard", 1 - a), ("soft", 1.0)):
        n = min(k * (factor * t / w) ** (1 / a), most)
        y = t * k**a * n ** (1 - a)
        rows.append((budget, n, y, y - w * n))
    return Result(
        title="Hard and soft budgets",
        source="after Allen (2003)",
        standing=DERIVED,
        columns=("budget", "employment", "output", "surplus over the farm wage"),
        rows=rows,
    )


def annual_rate(first: Any, last: Any, years: Any) -> float:
    """Compound annual growth between two levels of one index (same base year)."""
    a, b = (
        real(first, "first", "a number above 0", above=0.0),
        real(last, "last", "a number above 0", above=0.0),
    )
    return (b / a) ** (1 / whole(years, "years", 1, 100_000)) - 1
