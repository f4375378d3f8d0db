"""Two-sector wedge accounting: frictions as deviations from first-order conditions, and the way back.

Theory (the structure of Cheremukhin, Golosov, Guriev and Tsyvinski 2013, 2017). Sectors j = A (agriculture),
M (the rest) produce

    Y_j = Z_j K_j^(a_j) N_j^(b_j),      K = K_A + K_M,   N = N_A + N_M,

a household spends C_A = Y_A on food with subsistence g and C_M = Y_M - investment on the rest, Stone-Geary
weights h and 1 - h, so the relative price of food is p = [h / (C_A - g)] / [(1 - h) / C_M]. Without frictions
marginal value products of labour, and of capital, are equal in both sectors, and saving satisfies the Euler
equation. Wedges measure how far they are not:

    tau_N = (b_M Y_M / N_M) / (p b_A Y_A / N_A),     tau_K = (a_M Y_M / K_M) / (p a_A Y_A / K_A),
    tau_I(t) = [C_M(t+1) / C_M(t)] / [B (1 - d + a_M Y_M(t+1) / K_M(t+1))].

`simulate` finds the allocation for given wedges; `measure_wedges` recovers them from the series: the round
trip is exact to 1e-8.

Parameters are arguments without historical standing: the authors' values and data tables were not obtained,
and none are shipped. Derived, not published. Cost: a bisection in a bisection a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .inputs import real, reals, reject
from .results import DERIVED, Result

SOURCE = "after Cheremukhin, Golosov, Guriev and Tsyvinski (2013, 2017)"


@dataclass(frozen=True)
class TwoSectors:
    """Parameters: output elasticities of capital and labour by sector, food weight and subsistence, discount,
    depreciation.
    """

    capital_a: float = 0.15
    labour_a: float = 0.55
    capital_m: float = 0.3
    labour_m: float = 0.7
    food_weight: float = 0.2
    subsistence: float = 0.1
    discount: float = 0.96
    depreciation: float = 0.05

    def __post_init__(self) -> None:
        for name in ("capital_a", "labour_a", "capital_m", "labour_m", "food_weight", "discount"):
            real(getattr(self, name), name, "above 0, below 1", above=0.0, below=1.0)
        real(self.subsistence, "subsistence", "a number of at least 0", low=0.0)
        real(self.depreciation, "depreciation", "a share from 0 to 1", 0.0, 1.0)
        for sector in "am":
            total = getattr(self, f"capital_{sector}") + getattr(self, f"labour_{sector}")
            if total > 1 + 1e-12:
                raise reject(
                    f"capital_{sector} + labour_{sector}", f"{total:g}", "at most 1 (no increasing returns)"
                )


def _bisect(f, low: float, high: float) -> float:
    """Root of an increasing f on (low, high)."""
    for _ in range(200):
        middle = (low + high) / 2
        if f(middle) < 0:
            low = middle
        else:
            high = middle
        if high - low <= 1e-16 * max(1.0, abs(high)):
            break
    return (low + high) / 2


def _allocate(
    p: TwoSectors, k: float, n: float, invest: float, za: float, zm: float, tau_n: float, tau_k: float
):
    """Shares of labour and capital in agriculture that meet the two intratemporal conditions."""

    def capital_share(x: float) -> float:
        # tau_k / tau_n fixes the ratio of capital to labour intensities, so capital follows labour
        ratio = (
            (p.capital_m / p.capital_a) / (p.labour_m / p.labour_a) * tau_n / tau_k * (1 - x) / x
        )  # (K_M / K_A)
        return 1 / (1 + ratio)

    def outputs(x: float):
        z = capital_share(x)
        ya = za * (z * k) ** p.capital_a * (x * n) ** p.labour_a
        ym = zm * ((1 - z) * k) ** p.capital_m * ((1 - x) * n) ** p.labour_m
        return z, ya, ym

    def excess(x: float) -> float:
        """Measured labour wedge less the wanted one; rises with x, because food then becomes cheap and
        industry scarce.
        """
        _, ya, ym = outputs(x)
        ca, cm = ya - p.subsistence, ym - invest
        if ca <= 0:
            return -1.0
        if cm <= 0:
            return 1.0
        price = p.food_weight / ca * cm / (1 - p.food_weight)
        return (p.labour_m * ym / (1 - x)) / (price * p.labour_a * ya / x) - tau_n

    x = _bisect(excess, 1e-12, 1 - 1e-12)
    z, ya, ym = outputs(x)
    if ya <= p.subsistence or ym <= invest or abs(excess(x)) > 1e-6 * tau_n:
        raise reject(
            "productivity",
            f"outputs {ya:.4g} of food and {ym:.4g} of other goods",
            "food above subsistence and goods above investment at some allocation",
        )
    return x, z, ya, ym


def simulate(
    parameters: TwoSectors,
    productivity_a: Any,
    productivity_m: Any,
    labour: Any,
    investment: Any,
    *,
    capital: Any = 3,
    labour_wedge: Any = None,
    capital_wedge: Any = None,
) -> Result:
    """Allocations over time for given productivities, labour, investment and wedges.

    Parameters
    ----------
    productivity_a, productivity_m, labour, investment : sequences of equal length
        Z_A, Z_M, N, and investment of each year.
    capital : number
        Opening capital; K' = (1 - d) K + investment.
    labour_wedge, capital_wedge : sequences, optional
        tau_N and tau_K, default 1 (no friction). The intertemporal wedge is implied by investment and is a
        column.

    Returns
    -------
    Result
        One row a year: output, capital and labour by sector, consumption, relative price, and the wedges put
        in. Derived, not published.
    """
    za = reals(productivity_a, "productivity_a", None, "numbers above 0", low=1e-300)
    years = len(za)
    if not years:
        raise reject("productivity_a", "an empty set", "at least one year")
    zm = reals(productivity_m, "productivity_m", years, "numbers above 0", low=1e-300)
    n = reals(labour, "labour", years, "numbers above 0", low=1e-300)
    invest = reals(investment, "investment", years, "numbers of at least 0", low=0.0)
    tn = reals(
        labour_wedge if labour_wedge is not None else [1.0] * years,
        "labour_wedge",
        years,
        "numbers above 0",
        low=1e-300,
    )
    tk = reals(
        capital_wedge if capital_wedge is not None else [1.0] * years,
        "capital_wedge",
        years,
        "numbers above 0",
        low=1e-300,
    )
    k = real(capital, "capital", "a number above 0", above=0.0)
    p, rows = parameters, []
    for t in range(years):
        x, z, ya, ym = _allocate(p, k, n[t], invest[t], za[t], zm[t], tn[t], tk[t])
        ca, cm = ya, ym - invest[t]
        price = p.food_weight / (ca - p.subsistence) * cm / (1 - p.food_weight)
        rows.append((t, ya, ym, z * k, (1 - z) * k, x * n[t], (1 - x) * n[t], ca, cm, price, tn[t], tk[t]))
        k = (1 - p.depreciation) * k + invest[t]
    return Result(
        title=f"Two sectors, {years} years",
        source=SOURCE,
        standing=DERIVED,
        columns=("year", "Y_A", "Y_M", "K_A", "K_M", "N_A", "N_M", "C_A", "C_M", "price", "tau_N", "tau_K"),
        rows=rows,
    )


def measure_wedges(parameters: TwoSectors, series: Any) -> Result:
    """Wedges from the series of outputs, inputs and consumption (the columns of `simulate` up to C_M).

    Parameters
    ----------
    series : Result of `simulate`, or mapping of columns Y_A, Y_M, K_A, K_M, N_A, N_M, C_A, C_M

    Returns
    -------
    Result
        tau_N, tau_K each year, and tau_I between this year and the next (None in the last). Derived, not
        published.
    """
    wanted = ("Y_A", "Y_M", "K_A", "K_M", "N_A", "N_M", "C_A", "C_M")
    columns = {c: series.column(c) for c in wanted} if isinstance(series, Result) else dict(series)
    missing = [c for c in wanted if c not in columns]
    if missing:
        raise reject("series", f"no {', '.join(missing)}", ", ".join(wanted))
    size = len(list(columns["Y_A"]))
    s = {c: np.array(reals(columns[c], c, size, "numbers above 0", low=1e-300)) for c in wanted}
    p = parameters
    if (s["C_A"] <= p.subsistence).any():
        raise reject("C_A", f"{s['C_A'].min():g}", f"above the subsistence of {p.subsistence:g}")
    price = p.food_weight / (s["C_A"] - p.subsistence) * s["C_M"] / (1 - p.food_weight)
    tn = (p.labour_m * s["Y_M"] / s["N_M"]) / (price * p.labour_a * s["Y_A"] / s["N_A"])
    tk = (p.capital_m * s["Y_M"] / s["K_M"]) / (price * p.capital_a * s["Y_A"] / s["K_A"])
    back = 1 - p.depreciation + p.capital_m * s["Y_M"][1:] / s["K_M"][1:]
    ti = [*map(float, (s["C_M"][1:] / s["C_M"][:-1]) / (p.discount * back)), None]
    rows = [(t, float(tn[t]), float(tk[t]), ti[t], float(price[t])) for t in range(size)]
    return Result(
        title=f"Wedges of {size} years",
        source=SOURCE,
        standing=DERIVED,
        columns=("year", "tau_N", "tau_K", "tau_I", "price"),
        rows=rows,
    )


def consumption_equivalent(baseline: Any, alternative: Any, *, discount: Any = 0.96) -> float:
    """The share by which baseline consumption would have to rise every year to be as good as the alternative
    (log utility).

    0 for equal paths, x for a path scaled by 1 + x. Derived, not published.
    """
    a = reals(baseline, "baseline", None, "numbers above 0", low=1e-300)
    b = reals(alternative, "alternative", len(a), "numbers above 0", low=1e-300)
    if not a:
        raise reject("baseline", "an empty set", "at least one year")
    d = real(discount, "discount", "above 0, at most 1", high=1.0, above=0.0)
    weights = d ** np.arange(len(a))
    return float(np.expm1((weights * (np.log(b) - np.log(a))).sum() / weights.sum()))
