"""Tolls of famine by harvest series: a number of dead never stands without the harvest that it was reckoned on,
nor without its band.

    of(result, "famine_deaths")          # of a run to disk
    of("ussr", "famine_deaths.ukraine")   # the country alone on its recorded levers

The ensemble of the grain block has rows for each of five competing series of the harvest, each with the diet
fitted again. So the tolls of the series resemble each other by construction; what the dispute over the
harvest means for the model is the diet that each of them needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..case.compile import Compiled
from ..case.country.grain import SERIES
from ..case.schema import Case
from ..engine import month
from ..engine.ensemble import Engine
from .ensembles import years
from .ensembles.provenance import plan
from .ensembles.results import MOST_AT_ONCE, Result

#: Famines: first and last year of dying.
FAMINES = ((1930, 1934), (1946, 1947))
LEAST = 8  # histories; a band of fewer is not shown
QUANTILES = (0.05, 0.5, 0.95)
#: The series in words.
HARVEST_NAMES = {
    "central": "Davies and Wheatcroft, middle", "revised": "Soviet revised", "low": "Western low", "dw_low": "Davies and Wheatcroft, low",
    "dw_high": "Davies and Wheatcroft, high",
}  # fmt: skip


@dataclass(frozen=True)
class Toll:
    """Deaths, thousand, of one famine under one harvest series: 5, 50 and 95 % of the histories that drew it."""

    series: str
    first: int
    last: int
    histories: int
    low: float
    middle: float
    high: float


def by_series(values: np.ndarray, series: np.ndarray, calendar: Sequence[int]) -> list[Toll]:
    """Tolls from (H, Y) yearly deaths and (H,) numbers of the series; famines that the calendar does not hold whole are left out."""
    found = []
    for first, last in FAMINES:
        at = [k for k, year in enumerate(calendar) if first <= year <= last]
        if len(at) < last - first + 1:
            continue
        whole = values[:, at].astype(float).sum(axis=1)
        for k, name in enumerate(SERIES):
            drew = whole[series == k]
            if len(drew) >= LEAST:
                found.append(Toll(name, first, last, len(drew), *np.quantile(drew, QUANTILES)))
    return found


def of(what: Result | Case | str | Path, name: str = "famine_deaths", n: int = 200) -> list[Toll]:
    """Tolls of a result, or of a case's country alone (`n` histories on its recorded levers); empty where no series is drawn."""
    if isinstance(what, Result):
        compiled, calendar = what.compiled, what.calendar
        values = what.yearly_values(name, MOST_AT_ONCE)
    else:
        from .country import _last

        call = plan(what, until=_last(what))
        compiled = call.compiled
        calendar = years.calendar(compiled)
        engine = Engine(compiled.world, compiled.parameters, compiled.months, month.of_side(call.mechanisms, "country"))
        kept, _ = engine.run(0, np.tile(compiled.values, (n, 1)))
        values = kept.years[:, : len(calendar), years.column(name)]
    series = drawn(compiled, np.arange(len(values)))
    return [] if series is None else by_series(values, series, calendar)


def drawn(compiled: Compiled, histories: np.ndarray) -> np.ndarray | None:
    """(H,) number of the harvest series that each of these histories draws; None where none is drawn."""
    country = compiled.world.country
    if country is None or "grain_series" not in country.draws.names or not len(histories):
        return None
    column = country.draws.names.index("grain_series")
    found = np.full(len(histories), country.draws.central[column])
    for columns, rows in country.draws.blocks:
        for k in np.flatnonzero(np.asarray(columns) == column):
            found = rows[histories % len(rows), k]
    return found.round().astype(int)


def is_toll(name: str) -> bool:
    """Whether a series of the country counts the dead of a famine."""
    return name.partition(".")[0] in ("famine_deaths", "famine_deaths_town")
