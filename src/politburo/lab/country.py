"""The country's series in an ensemble: quantiles by year, totals over the spans that a record names; from a result or alone.

    summaries(result, ["coal", "famine_deaths"])      # of a run to disk
    alone("ussr", 200, ["coal"])                       # the country on its recorded levers, no politics, in memory

A `Summary` is what views lay beside the record. "Alone" runs the country's mechanisms on the recorded levers: what the blocks were
fitted in, and the half of the model that says nothing about who rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..case.country.series import Point, Record
from ..case.schema import Case
from ..engine import month
from ..engine.ensemble import Engine
from ..faults import Fault, Faults
from .ensembles import years
from .ensembles.provenance import plan
from .ensembles.results import MOST_AT_ONCE, Result

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


@dataclass(frozen=True, eq=False)
class Summary:
    """One series: (Y, 7) quantiles at `years`, and the quantiles of totals over spans (first year, last year)."""

    name: str
    years: np.ndarray
    values: np.ndarray
    totals: Mapping[tuple[int, int], np.ndarray] = field(default_factory=dict)


def spans(points: Iterable[Point]) -> tuple[tuple[int, int], ...]:
    """Spans of several years that figures of the record are totals over."""
    return tuple(dict.fromkeys((p.years[0], p.years[-1]) for p in points if not p.stock and p.end - p.start > 1.01))


def summarise(name: str, values: np.ndarray, calendar: Sequence[int], wanted: Iterable[tuple[int, int]] = ()) -> Summary:
    """Quantiles of (H, Y) values."""
    values = values.astype(float)
    totals = {}
    for first, last in wanted:
        at = [k for k, year in enumerate(calendar) if first <= year <= last]
        if len(at) == last - first + 1:
            totals[first, last] = np.quantile(values[:, at].sum(axis=1), QUANTILES)
    return Summary(name, np.array(calendar), np.quantile(values, QUANTILES, axis=0).T, totals)


def summaries(result: Result, names: Sequence[str] | None = None, most: int = MOST_AT_ONCE) -> dict[str, Summary]:
    """Series of a result; by default those that the record has figures of."""
    record = record_of(result.case)
    names = [n for n in record.quantities if n in years.SERIES] if names is None else names
    return {n: summarise(n, result.yearly_values(n, most), result.calendar, spans(record.of(n))) for n in names}


def alone(case: Case | str | Path, n: int = 200, names: Sequence[str] | None = None, until: str | None = None) -> dict[str, Summary]:
    """Series of the country on its recorded levers, without politics: histories 0 .. n - 1 under the case's luck and draws.

    until : by default the case's last month. Cost: some milliseconds a history.
    """
    call = plan(case, until=until if until is not None else _last(case))
    compiled = call.compiled
    if compiled.world.country is None:
        raise Faults([Fault(str(call.files), 0, 0, "no country", "a case with a folder country/")])
    record = record_of(call.case)
    names = [x for x in record.quantities if x in years.SERIES] if names is None else names
    engine = Engine(compiled.world, compiled.parameters, compiled.months, month.of_side(call.mechanisms, "country"))
    kept, _ = engine.run(0, np.tile(compiled.values, (n, 1)))
    calendar = years.calendar(compiled)
    return {x: summarise(x, kept.years[:, : len(calendar), years.column(x)], calendar, spans(record.of(x))) for x in names}


def _last(case: Case | str | Path) -> str:
    from ..case.load import load_case

    return str((case if isinstance(case, Case) else load_case(case)).last)


def record_of(case: Case) -> Record:
    """The quantitative record of a case; empty without a country."""
    return Record([]) if case.country is None else case.country.record
