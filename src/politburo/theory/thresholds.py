"""Thresholds and preference falsification: who speaks up once how many have (Granovetter 1978, Kuran 1989,
1991).

Theory. Person i joins when at least T_i of the others already have (in heads or in percent). Starting from
nobody, those with threshold 0 begin and the crowd grows to the least fixed point. A small change in one
threshold can change everything.

Numbers tested: Kuran's two ten-person societies (10 % and 90 % join, thresholds in percent), Granovetter's
hundred (all join, or one). Cost: n log n. Exact: integers and fractions. The reference values are cited from
memory of the works and recomputed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from politburo.faults import Fault, Faults

from .inputs import _items, number, read_number, reject, word
from .results import Result


def cascade(thresholds: Any, unit: str = "heads") -> Result:
    """How far a cascade runs from nobody.

    Parameters
    ----------
    thresholds : sequence of numbers of at least 0
        How many (unit "heads") or what percentage of all (unit "percent") must have joined before a person
        does.
    unit : {"heads", "percent"}

    Returns
    -------
    Result
        Rows (round, joined, share); `facts`: joined in the end, the next threshold that was not met.

    >>> cascade(range(100)).facts["joined"]
    100
    >>> cascade([0, 2, *range(2, 100)]).facts["joined"]
    1
    """
    items = _items(thresholds, "thresholds")
    word(unit, "unit", ("heads", "percent"))
    if not items:
        raise reject("thresholds", "an empty set", "at least one person")
    faults, values = [], []
    for i, item in enumerate(items):
        found = read_number(item)
        if isinstance(found, str) or found < 0:
            faults.append(
                Fault(
                    f"thresholds[{i}]",
                    0,
                    0,
                    found if isinstance(found, str) else str(item),
                    "numbers of at least 0",
                )
            )
        else:
            values.append(found)
    if faults:
        raise Faults(faults)
    n = len(values)
    heads = sorted(v if unit == "heads" else v * n / 100 for v in values)
    joined, rows = 0, [(0, 0, Fraction(0))]
    while True:
        now = sum(h <= joined for h in heads)
        if now == joined:
            break
        joined = now
        rows.append((len(rows), joined, Fraction(joined, n)))
    waiting = heads[joined] if joined < n else None
    return Result(
        title=f"Threshold cascade among {n}",
        source="Granovetter (1978), Kuran (1989, 1991)",
        columns=("round", "joined", "share"),
        rows=rows,
        facts={"joined": joined, "share": Fraction(joined, n), "next threshold, in heads": waiting},
    )


def falsification(private: Any, pressure: Any, *, speaking: Any = 0) -> Result:
    """Public support when private opinion is hidden for fear (Kuran's choice rule, linear).

    Parameters
    ----------
    private : sequence of numbers from 0 to 1
        Each person's private support for the opposition.
    pressure : number
        Weight of what others say against what one thinks, 0 (free) to below 1.
    speaking : number
        Share of the opposition's public support at the start.

    Returns
    -------
    Result
        Rows (round, public share); a person speaks for the opposition when (1 - pressure) private + pressure
        share >= 1/2.

    Derived, not published: the linear rule is ours, the idea Kuran's.
    """
    items = [
        number(v, f"private[{i}]", "a number from 0 to 1", 0, 1)
        for i, v in enumerate(_items(private, "private"))
    ]
    if not items:
        raise reject("private", "an empty set", "at least one person")
    w = number(pressure, "pressure", "from 0 to below 1", low=0)
    if w >= 1:
        raise reject("pressure", str(pressure), "from 0 to below 1")
    share = number(speaking, "speaking", "a share from 0 to 1", 0, 1)
    rows, seen = [(0, share)], {share}
    while True:
        share = Fraction(sum((1 - w) * v + w * share >= Fraction(1, 2) for v in items), len(items))
        rows.append((len(rows), share))
        if share in seen:
            break
        seen.add(share)
    hidden = sum(v > Fraction(1, 2) for v in items)
    from .results import DERIVED

    return Result(
        title="Preference falsification",
        source="after Kuran (1991)",
        standing=DERIVED,
        columns=("round", "public share"),
        rows=rows,
        facts={"private opponents": Fraction(hidden, len(items)), "public in the end": share},
    )
