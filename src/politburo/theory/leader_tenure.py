"""How leaders lose office as their tenure grows: hazards from spells, and Svolik's contested and established
autocracy.

*Hazards.* For each year of tenure: leaders at risk, exits of each kind, hazard = exits / at risk. In the
published leader data the coup hazard falls from about one in ten in the first year to under one in fifty
after fifteen.

*Power sharing* (derived). The ruler holds the share b of power. Each period, with probability g, he grabs the
step s, if he can. A grab is noticed with probability t; allies who notice rise when their share 1 - b is at
least the threshold a, and then succeed with probability 1 - b. Success removes the ruler; failure leaves him
with the step. From b > 1 - a on even a sure signal moves nobody: *established* autocracy, absorbing here.
Below it autocracy is *contested*. So

    hazard(b) = g t (1 - b)  while contested,  0 once established.

Sources: M. Svolik, "Power Sharing and Leadership Dynamics in Authoritarian Regimes", AJPS 53 (2009), whose
formulas we could not obtain: the power-sharing recursion is derived, not published. The hazard table counts
his published data."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from .inputs import _items, number, real, reject, whole
from .results import ARITHMETIC, DERIVED, Result


def leader_hazard(
    tenures: Any, exits: Any, *, kinds: Sequence[str] = ("coup", "natural"), years: int = 26
) -> Result:
    """Hazard of each kind of exit by year of tenure.

    Parameters
    ----------
    tenures : sequence of numbers
        Years in office at exit or when observation ended; a tenure of 2.73 ends in year 3, one of exactly 2
        in year 2.
    exits : sequence of str or None
        How each spell ended; None or "" for spells still running (censored).
    kinds : sequence of str
        Exit words that get columns of their own.
    years : int
        Rows.

    Returns
    -------
    Result
        tenure_year, at_risk, then exits and hazard of each kind, all exits and their hazard.

    Cost: spells x years.
    """
    items = _items(tenures, "tenures")
    words = list(exits)
    if len(items) != len(words) or not items:
        raise reject(
            "exits", f"{len(words)} words for {len(items)} tenures", "one for each tenure, at least one"
        )
    durations = [number(t, f"tenures[{i}]", "a number of at least 0", low=0) for i, t in enumerate(items)]
    years = whole(years, "years", 1, 200)
    last = [max(1, ceil(d)) for d in durations]
    rows = []
    for year in range(1, years + 1):
        at_risk = sum(y >= year for y in last)
        ended = [w for y, w in zip(last, words) if y == year and w not in (None, "")]
        row: list[Any] = [year, at_risk]
        for kind in kinds:
            count = ended.count(kind)
            row += [count, count / at_risk if at_risk else None]
        rows.append((*row, len(ended), len(ended) / at_risk if at_risk else None))
    columns = ["tenure_year", "at_risk"]
    for kind in kinds:
        columns += [f"{kind} exits", f"{kind} hazard"]
    return Result(
        title=f"Hazards of {len(items)} leaders by year of tenure",
        source="counting of exits (the table of Svolik 2009)",
        standing=ARITHMETIC,
        columns=(*columns, "all exits", "any exit hazard"),
        rows=rows,
    )


def hazards_from_counts(at_risk: Sequence[int], exits: Sequence[int]) -> list[float]:
    """exits / at risk, year by year; `Faults` when more leave than are at risk or numbers are negative."""
    if len(at_risk) != len(exits):
        raise reject("exits", f"{len(exits)} years", f"{len(at_risk)}, as in at_risk")
    out = []
    for k, (n, d) in enumerate(zip(at_risk, exits)):
        n, d = whole(n, f"at_risk[{k}]"), whole(d, f"exits[{k}]")
        if d > n:
            raise reject(f"exits[{k}]", str(d), f"at most the {n} at risk")
        out.append(d / n if n else 0.0)
    return out


def power_sharing(
    start: Any = 0.3,
    *,
    step: Any = 0.1,
    grab: Any = 0.5,
    noticed: Any = 0.6,
    threshold: Any = 0.3,
    periods: int = 40,
) -> Result:
    """Contested and established autocracy: the exact distribution of the ruler's power over time.

    Parameters
    ----------
    start, step : number
        Ruler's share of power b at the start, and what a grab adds (capped at 1).
    grab, noticed : number
        Chance of a grab each period (g), and that it is noticed (t).
    threshold : number
        Least share of the allies at which they rise (a).
    periods : int

    Returns
    -------
    Result
        For each period: chance that the ruler has been removed, that rule is established, expected b of
        survivors, and the hazard of removal in the period among rulers still there.

    Derived, not published. Cost: periods x levels of b. Falsified by coup hazards that do not fall with
    tenure."""
    b0 = number(start, "start", "a share from 0 to 1", 0, 1)
    ds = number(step, "step", "a share above 0, at most 1", 0, 1)
    if ds == 0:
        raise reject("step", "0", "a share above 0, at most 1")
    g, t = (
        real(v, a, "a probability from 0 to 1", 0.0, 1.0) for v, a in ((grab, "grab"), (noticed, "noticed"))
    )
    a = number(threshold, "threshold", "a share from 0 to 1", 0, 1)
    periods = whole(periods, "periods", 1, 100_000)
    levels = [b0]
    while levels[-1] < 1:
        levels.append(min(levels[-1] + ds, type(ds)(1)))
    contested = [1 - b >= a for b in levels]
    chance = [1.0] + [0.0] * (len(levels) - 1)
    removed = 0.0
    rows = []
    for period in range(periods + 1):
        alive = sum(chance)
        established = sum(p for p, c in zip(chance, contested) if not c)
        mean = sum(p * float(b) for p, b in zip(chance, levels)) / alive if alive > 1e-300 else None
        fall = sum(p * g * t * float(1 - b) for p, b, c in zip(chance, levels, contested) if c)
        rows.append((period, removed, established, mean, fall / alive if alive > 1e-300 else None))
        new = [0.0] * len(levels)
        for k, p in enumerate(chance):
            if not contested[k] or k == len(levels) - 1:
                new[k] += p
                continue
            lost = g * t * float(1 - levels[k])
            new[k] += p * (1 - g)
            new[k + 1] += p * (g - lost)
        chance = new
        removed += fall
    return Result(
        title="Power sharing: contested and established autocracy",
        source="after Svolik (2009)",
        standing=DERIVED,
        columns=("period", "removed", "established", "ruler's share (survivors)", "hazard"),
        rows=rows,
        facts={
            "established from a share above": float(1 - a),
            "ever established": rows[-1][2],
            "ever removed": rows[-1][1],
        },
    )


def removal_hazard(share: Any, *, grab: Any = 0.5, noticed: Any = 0.6, threshold: Any = 0.3) -> float:
    """Hazard of removal at one ruler's share b: g t (1 - b) while 1 - b >= a, else 0. Derived, not published."""
    b = real(share, "share", "a share from 0 to 1", 0.0, 1.0)
    a = real(threshold, "threshold", "a share from 0 to 1", 0.0, 1.0)
    g, t = (
        real(v, n, "a probability from 0 to 1", 0.0, 1.0) for v, n in ((grab, "grab"), (noticed, "noticed"))
    )
    return g * t * (1 - b) if 1 - b >= a else 0.0


__all__ = ["hazards_from_counts", "leader_hazard", "power_sharing", "removal_hazard"]
