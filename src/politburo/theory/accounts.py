"""Accounts that must add up: stocks and flows, parts and totals, with every residual named.

*Stock and flow*: N(t+1) = N(t) + inflows - outflows + residual. A residual is reported, never smoothed: a
published series may hold a misprint or an unrecorded flow, and the reader must see where.

*Parts and totals*: each row's parts against its total, each column's sum against a printed one. A cell is
*located* as a misprint when its row and its column fail by the same amount, because then only that cell
explains both.

*Implied flows*: with stocks and one outflow known, inflow less other outflows follows.

Cost: one pass. Exact when the inputs are whole numbers or fractions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from .inputs import _items, number, reject
from .results import ARITHMETIC, Result


def _exact(values: Any, argument: str, size: int | None = None) -> list[Fraction]:
    items = _items(values, argument)
    if size is not None and len(items) != size:
        raise reject(argument, f"{len(items)} values", f"{size} values")
    return [number(v, f"{argument}[{i}]") for i, v in enumerate(items)]


def _tidy(value: Fraction) -> int | Fraction:
    return int(value) if value.denominator == 1 else value


def stock_flow(
    stocks: Any,
    inflows: Mapping[str, Any],
    outflows: Mapping[str, Any],
    *,
    years: Sequence[Any] | None = None,
    tolerance: Any = 0,
) -> Result:
    """Residual of each period.

    Parameters
    ----------
    stocks : sequence
        At the start of each period and at the end of the last.
    inflows, outflows : mapping name -> sequence, one value a period
    years : sequence, optional
        Labels of the periods.
    tolerance : number
        Residuals beyond this are listed in the notes.

    Returns
    -------
    Result
        One row a period: opening stock, each flow, closing stock, residual (closing - opening - inflows +
        outflows).

    >>> stock_flow([100, 103], {"births": [5]}, {"deaths": [3]}).column("residual")
    [1]
    """
    n = _exact(stocks, "stocks")
    if len(n) < 2:
        raise reject("stocks", f"{len(n)} values", "at least two")
    periods = len(n) - 1
    plus = {k: _exact(v, f"inflows[{k!r}]", periods) for k, v in inflows.items()}
    minus = {k: _exact(v, f"outflows[{k!r}]", periods) for k, v in outflows.items()}
    limit = number(tolerance, "tolerance", "a number of at least 0", low=0)
    labels = list(years) if years is not None else list(range(periods))
    if len(labels) != periods:
        raise reject("years", f"{len(labels)} labels", f"{periods}, one for each period")
    rows, notes = [], []
    for t in range(periods):
        residual = n[t + 1] - n[t] - sum(v[t] for v in plus.values()) + sum(v[t] for v in minus.values())
        if abs(residual) > limit:
            notes.append(f"{labels[t]}: residual {_tidy(residual)}")
        rows.append(
            (
                labels[t],
                _tidy(n[t]),
                *(_tidy(v[t]) for v in plus.values()),
                *(_tidy(v[t]) for v in minus.values()),
                _tidy(n[t + 1]),
                _tidy(residual),
            )
        )
    return Result(
        title=f"Stock-flow account of {periods} periods",
        source="accounting identity",
        standing=ARITHMETIC,
        columns=(
            "period",
            "opening",
            *(f"+ {k}" for k in plus),
            *(f"- {k}" for k in minus),
            "closing",
            "residual",
        ),
        rows=rows,
        facts={
            "periods beyond tolerance": len(notes),
            "sum of residuals": _tidy(sum((Fraction(r[-1]) for r in rows), Fraction(0))),
        },
        notes=notes,
    )


def implied_flow(stocks: Any, outflow: Any, *, years: Sequence[Any] | None = None) -> Result:
    """Arrivals less other departures implied by stocks and one known outflow (deaths): N(t+1) - N(t) +
    outflow.
    """
    n = _exact(stocks, "stocks")
    d = _exact(outflow, "outflow", len(n) - 1)
    labels = list(years) if years is not None else list(range(len(d)))
    if len(labels) != len(d):
        raise reject("years", f"{len(labels)} labels", f"{len(d)}")
    rows = [
        (labels[t], _tidy(n[t]), _tidy(d[t]), _tidy(n[t + 1]), _tidy(n[t + 1] - n[t] + d[t]))
        for t in range(len(d))
    ]
    return Result(
        title="Implied net arrivals",
        source="accounting identity",
        standing=ARITHMETIC,
        columns=("period", "opening", "known outflow", "closing", "net arrivals"),
        rows=rows,
        facts={"net arrivals in all": _tidy(sum((Fraction(r[4]) for r in rows), Fraction(0)))},
    )


def check_sums(
    parts: Mapping[str, Any],
    totals: Any,
    *,
    rows: Sequence[Any] | None = None,
    column_sums: Mapping[str, Any] | None = None,
    total_sum: Any = None,
) -> Result:
    """Do parts add up to totals, row by row and column by column; which single cell would explain the gaps?

    Parameters
    ----------
    parts : mapping name -> sequence
    totals : sequence
    rows : labels
    column_sums : mapping name -> printed sum, optional
    total_sum : printed sum of totals, optional

    Returns
    -------
    Result
        One row a failing row or column with its gap; `facts`: rows that add up, gaps, and cells located as
        misprints.
    """
    whole = _exact(totals, "totals")
    columns = {k: _exact(v, f"parts[{k!r}]", len(whole)) for k, v in parts.items()}
    if not columns:
        raise reject("parts", "an empty set", "at least one part")
    labels = list(rows) if rows is not None else list(range(len(whole)))
    if len(labels) != len(whole):
        raise reject("rows", f"{len(labels)} labels", f"{len(whole)}")
    unknown = [k for k in column_sums or {} if k not in columns]
    if unknown:
        raise reject("column_sums", repr(unknown[0]), ", ".join(columns))
    gaps = [whole[i] - sum(c[i] for c in columns.values()) for i in range(len(whole))]
    table: list[tuple[Any, ...]] = [("row", label, _tidy(g)) for label, g in zip(labels, gaps) if g]
    column_gaps = {
        k: number(v, f"column_sums[{k!r}]") - sum(columns[k]) for k, v in (column_sums or {}).items()
    }
    if total_sum is not None:
        column_gaps["total"] = number(total_sum, "total_sum") - sum(whole)
    table += [("column", k, _tidy(g)) for k, g in column_gaps.items() if g]
    located = []
    for label, g in zip(labels, gaps):
        # a part too small by d leaves its row total and its column sum both d above the parts; a wrong total
        # leaves the row gap -d
        located += [
            (label, k, _tidy(d))
            for k, d in column_gaps.items()
            if d and ((k != "total" and d == g) or (k == "total" and d == -g))
        ]
    return Result(
        title=f"Sums of {len(whole)} rows",
        source="parts and totals",
        standing=ARITHMETIC,
        columns=("where", "label", "gap"),
        rows=table,
        facts={
            "rows that add up": sum(not g for g in gaps),
            "rows": len(whole),
            "misprints located": "; ".join(f"{r} {c}: off by {d}" for r, c, d in located) or "none",
        },
    )
