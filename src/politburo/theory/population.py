"""Populations: cohort-component projection, Leslie matrices, life tables, excess deaths.

*Projection.* n_{a+1}(t+1) = n_a(t) s_a(t) + migrants, n_0(t+1) = sum_a n_a f_a s_b; the last age group is
open when asked.

*Leslie matrix.* The same as one matrix: its largest eigenvalue is the growth factor, its vector the stable
age shares.

*Life table.* From a hazard m(x): survivors l(x) = exp(-integral of m), e_0 = integral of l. Constant m gives
e_0 = 1/m; Gompertz m = a exp(b x) gives e_0 = exp(a/b) E_1(a/b) / b. From death rates by age group: l, d, L,
T, e with deaths in mid-interval.

*Excess deaths.* Deaths less a baseline that must be named: a constant rate of given years, or a straight line
between the means of two stretches of years; lost births likewise. Different baselines give different answers:
report the band.

Sources: Leslie (1945), Gompertz (1825); the accounts of Andreev, Darskii and Khar'kova for the method of
reconstruction. Formulas are textbook results cited from memory and checked against closed forms. Cost: ages x
years."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, inf
from typing import Any

import numpy as np

from .inputs import real, reals, reject, rows_of, whole, word
from .results import ARITHMETIC, Result


def project(
    start: Any,
    survival: Any,
    fertility: Any,
    *,
    years: int = 10,
    birth_survival: Any = 1,
    migration: Any = None,
    open_end: bool = False,
) -> Result:
    """Cohort-component projection with constant rates.

    Parameters
    ----------
    start : sequence
        People in each age group.
    survival : sequence
        Chance to live into the next group; one less than the groups (the last: to stay in the open group,
        used with `open_end`).
    fertility : sequence
        Births a person a period.
    years : int
        Periods (the width of an age group each).
    birth_survival : number
        Chance that a newborn is alive at the end of the period.
    migration : sequence, optional
        Net migrants into each group each period.
    open_end : bool
        Whether the last group keeps its survivors (then `survival` has one value for every group).

    Returns
    -------
    Result
        Rows (period, people in each group, total); every change is accounted for: see `facts`.

    >>> [round(v, 3) for v in project([100, 80, 40], [.8, .5], [0, 1.2, .5]).rows[-1][1:4]]
    [205.978, 155.62, 71.637]
    """
    n = np.array(reals(start, "start", None, "numbers of at least 0", low=0.0))
    groups = len(n)
    if not groups:
        raise reject("start", "an empty set", "at least one age group")
    s = np.array(
        reals(survival, "survival", groups if open_end else groups - 1, "shares from 0 to 1", 0.0, 1.0)
    )
    f = np.array(reals(fertility, "fertility", groups, "numbers of at least 0", low=0.0))
    b = real(birth_survival, "birth_survival", "a share from 0 to 1", 0.0, 1.0)
    m = np.zeros(groups) if migration is None else np.array(reals(migration, "migration", groups))
    rows, born, died = [(0, *map(float, n), float(n.sum()))], 0.0, 0.0
    for period in range(1, whole(years, "years", 0, 100_000) + 1):
        births = float(n @ f)
        new = np.zeros(groups)
        new[0] = births * b
        new[1:] = n[: groups - 1] * s[: groups - 1]
        if open_end:
            new[-1] += n[-1] * s[-1]
        born += births
        died += float(n.sum()) + births - float(new.sum())
        n = new + m
        if (n < 0).any():
            raise reject(
                "migration", f"{n.min():g} people in an age group in period {period}", "no age group below 0"
            )
        rows.append((period, *map(float, n), float(n.sum())))
    return Result(
        title=f"Projection of {groups} age groups",
        source="cohort-component method",
        columns=("period", *(f"age {a}" for a in range(groups)), "total"),
        rows=rows,
        facts={
            "births": born,
            "deaths": died,
            "net migration": float(m.sum()) * (len(rows) - 1),
            "residual": rows[-1][-1] - (rows[0][-1] + born - died + float(m.sum()) * (len(rows) - 1)),
        },
    )


def leslie(matrix: Any) -> Result:
    """Growth factor and stable age shares of a Leslie matrix.

    >>> round(leslie([[0, 1.2, .5], [.8, 0, 0], [0, .5, 0]]).facts["growth factor"], 10)
    1.0708706373
    """
    rows = rows_of(matrix)
    size = len(rows)
    if not size:
        raise reject("matrix", "an empty set", "a square table")
    a = np.array(
        [reals(r, f"matrix[{i}]", size, "numbers of at least 0", low=0.0) for i, r in enumerate(rows)]
    )
    values, vectors = np.linalg.eig(a)
    at = int(np.argmax(values.real))
    if values[at].real <= 0:
        raise reject("matrix", "no positive eigenvalue", "a population that reproduces")
    vector = np.abs(vectors[:, at].real)
    shares = vector / vector.sum()
    return Result(
        title=f"Leslie matrix of {size} age groups",
        source="Leslie (1945)",
        columns=("age group", "stable share"),
        rows=[(i, float(v)) for i, v in enumerate(shares)],
        facts={"growth factor": float(values[at].real)},
    )


def life_expectancy(
    hazard: str | Callable[[float], float], *, rate: Any = None, slope: Any = None, step: float = 0.01
) -> float:
    """e_0 of a hazard: "constant" (rate), "gompertz" (rate, slope), or a function of age (integrated by
    Simpson's rule).

    >>> round(life_expectancy("gompertz", rate=5e-5, slope=0.1), 3)
    70.277
    """
    if callable(hazard):
        function = hazard
    else:
        word(hazard, "hazard", ("constant", "gompertz"))
        a = real(rate, "rate", "a number above 0", above=0.0)
        if hazard == "constant":
            return 1 / a
        b = real(slope, "slope", "a number above 0", above=0.0)

        def function(age: float) -> float:
            return a * exp(min(b * age, 700.0))

    h = real(step, "step", "years, above 0, at most 1", high=1.0, above=0.0)
    total, cumulated, age, here = 0.0, 0.0, 0.0, function(0.0)
    if not 0 <= here < inf:
        raise reject("hazard", f"{here} at age 0", "a finite hazard of at least 0")
    survivors = 1.0
    while survivors > 1e-15 and age < 1e6:
        middle, after = function(age + h / 2), function(age + h)
        half = cumulated + h / 24 * (
            5 * here + 8 * middle - after
        )  # integral over the first half, to third order
        cumulated += h / 6 * (here + 4 * middle + after)
        mid_survivors, end_survivors = exp(-half), exp(-min(cumulated, 745.0))
        total += h / 6 * (survivors + 4 * mid_survivors + end_survivors)
        survivors, age, here = end_survivors, age + h, after
    return total


def life_table(rates: Any, widths: Any = 1, *, radix: Any = 100_000) -> Result:
    """Life table from death rates by age group; the last group is open.

    Parameters
    ----------
    rates : sequence
        Deaths a person-year m_x in each group; the last above 0.
    widths : number or sequence
        Years in each group but the last.
    radix : number
        l_0.

    Returns
    -------
    Result
        age, m, q, l, d, L, T, e for each group (deaths at mid-interval, q = w m / (1 + w m / 2), at most 1).
    """
    m = reals(rates, "rates", None, "numbers of at least 0", low=0.0)
    k = len(m)
    if k < 1 or m[-1] <= 0:
        raise reject(
            "rates",
            f"{k} groups" if k < 1 else "0 in the open group",
            "at least one group and a positive last rate",
        )
    w = (
        reals(widths, "widths", k - 1, "years above 0", low=1e-9)
        if hasattr(widths, "__iter__")
        else [real(widths, "widths", "years above 0", above=0.0)] * (k - 1)
    )
    alive = real(radix, "radix", "a number above 0", above=0.0)
    rows, age = [], 0.0
    for i in range(k):
        last = i == k - 1
        q = 1.0 if last else min(1.0, w[i] * m[i] / (1 + w[i] * m[i] / 2))
        d = alive * q
        lived = alive / m[i] if last else w[i] * (alive - d / 2)
        rows.append([age, m[i], q, alive, d, lived])
        alive -= d
        age += 0 if last else w[i]
    above = 0.0
    for row in reversed(rows):
        above += row[5]
        row += [above, above / row[3] if row[3] else 0.0]
    return Result(
        title=f"Life table of {k} groups",
        source="period life table",
        columns=("age", "m", "q", "l", "d", "L", "T", "e"),
        rows=[tuple(r) for r in rows],
        facts={"life expectancy at birth": rows[0][7]},
    )


def excess_deaths(
    years: Sequence[int],
    population: Any,
    deaths: Any,
    *,
    crisis: Sequence[int],
    before: Sequence[int],
    after: Sequence[int] | None = None,
) -> Result:
    """Deaths above a baseline in the crisis years.

    Parameters
    ----------
    years : sequence of int
    population : sequence
        At 1 January of each year and of the year after the last (one more value than years).
    deaths : sequence
    crisis, before, after : sequences of years
        Baseline: the mean death rate of `before`, constant; or, with `after`, a straight line between the two
        means.

    Returns
    -------
    Result
        One row a crisis year: deaths, baseline rate (per thousand of mid-year population), expected, excess.
    """
    span = [int(y) for y in years]
    d = reals(deaths, "deaths", len(span), "numbers of at least 0", low=0.0)
    p = reals(population, "population", len(span) + 1, "numbers above 0", low=1e-300)
    middle = [(a + b) / 2 for a, b in zip(p, p[1:])]

    def mean(chosen: Sequence[int], argument: str) -> tuple[float, float]:
        missing = [y for y in chosen if y not in span]
        if missing or not list(chosen):
            raise reject(argument, f"{missing or 'no years'}", f"years from {span[0]} to {span[-1]}")
        at = [span.index(y) for y in chosen]
        return sum(d[i] for i in at) / sum(middle[i] for i in at), sum(chosen) / len(chosen)

    base, when = mean(before, "before")
    later, later_when = mean(after, "after") if after is not None else (base, when + 1)
    rows = []
    for year in crisis:
        if year not in span:
            raise reject("crisis", str(year), f"years from {span[0]} to {span[-1]}")
        i = span.index(year)
        rate = base if after is None else base + (later - base) * (year - when) / (later_when - when)
        rows.append((year, d[i], 1000 * rate, rate * middle[i], d[i] - rate * middle[i]))
    named = (
        f"constant, {before[0]}-{before[-1]}"
        if after is None
        else f"linear, {before[0]}-{before[-1]} to {after[0]}-{after[-1]}"
    )
    return Result(
        title=f"Excess deaths {crisis[0]}-{crisis[-1]}",
        source="deaths less baseline",
        standing=ARITHMETIC,
        columns=("year", "deaths", "baseline rate", "expected", "excess"),
        rows=rows,
        facts={"baseline": named, "excess in all": sum(r[4] for r in rows)},
    )
