"""Levers: what a line sets, by month. Names, units and bounds; the recorded path; the table from lines to levers.

`levers.csv` is the recorded path, a step function: `lever,month,value,low,high,evidence,source,note`; a value holds until the
next row. `lines.csv` says how far a lever moves when the prevailing line differs from the recorded one:
`lever,issue,slope,from,to,evidence,source,note`, the change of the lever for a change of 1 in the line's position on
an issue (positions run from -1 to 1), between two months. `line.csv` is the recorded line itself:
`issue,month,value,evidence,source,note`.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...faults import Fault, listed, nearest
from ...marked import Row, scan_csv
from ..values import Month, as_number
from .labels import cited


class Lever(NamedTuple):
    """A lever: name, unit, bounds, and what it means."""

    name: str
    unit: str
    low: float
    high: float
    rest: float  # value where the case gives none
    means: str


LEVERS = (
    Lever("drive", "-1..2", -1.0, 2.0, 0.0, "collectivisation: -1 pause, 0 consolidation, 0.5 encouragement, 1 pressure, 2 assault"),
    Lever("price", "ratio", 0.1, 3.0, 1.0, "state grain price over other prices, 1 = 1926/27"),
    Lever("extraordinary", "share", 0.0, 0.3, 0.0, "share of peasants' stocks seized"),
    Lever("quota", "million t", -1.0, 80.0, -1.0, "national procurement plan of the agricultural year; below 0 = market"),
    Lever("rigidity", "offset", -3.0, 3.0, 0.0, "how much less plans follow regional harvests than the fitted response"),
    Lever("export", "million t a year", 0.0, 10.0, 0.0, "grain exported"),
    Lever("reserve", "million t", 0.0, 10.0, 0.0, "grain kept as state reserve; a fall is a release"),
    Lever("relief", "million t a year", 0.0, 20.0, 0.0, "grain returned or lent to villages"),
    Lever("search", "0..1", 0.0, 1.0, 0.0, "household searches, blacklists, closed borders"),
    Lever("plots", "0..1", 0.0, 1.0, 0.0, "private plots and open trade in bread"),
    Lever("sedentarise", "0..1", 0.0, 1.0, 0.0, "forced settlement in pastoral regions"),
    Lever("effort", "ratio", 0.0, 3.0, 1.0, "investment effort, 1 = the fitted path"),
    Lever("heavy", "share", 0.0, 1.0, 0.45, "share of investment that goes to producer goods"),
    Lever("defence", "share", 0.0, 0.9, 0.05, "share of producer goods that goes to defence"),
    Lever("imports", "ratio", 0.0, 3.0, 1.0, "machinery imports, 1 = as recorded"),
    Lever("arrests", "thousand a year", 0.0, 5000.0, 0.0, "arrests for political cases outside campaigns"),
    Lever("quota_shot", "thousand a year", 0.0, 2000.0, 0.0, "limit of a campaign: to be shot"),
    Lever("quota_camp", "thousand a year", 0.0, 3000.0, 0.0, "limit of a campaign: to be sent to camps"),
    Lever("severity", "share", 0.0, 1.0, 0.05, "share of death sentences outside campaigns"),
    Lever("exile", "thousand a year", 0.0, 5000.0, 0.0, "deported as kulaks"),
    Lever("deport", "thousand a year", 0.0, 5000.0, 0.0, "deported otherwise, by people or border zone"),
    Lever("release", "share a year", 0.0, 1.0, 0.25, "share of the camps' stock released in a year"),
    Lever("amnesty", "share", 0.0, 1.0, 0.0, "share of the camps' stock released at once in that year"),
    Lever("party_purge", "share a year", 0.0, 0.5, 0.02, "members expelled"),
    Lever("party_open", "share of members a year", 0.0, 1.0, 0.1, "members admitted"),
    Lever("army_purge", "share a year", 0.0, 0.5, 0.0, "share of the command discharged"),
    Lever("closure", "hazard a year", 0.0, 1.0, 0.0, "open churches closed"),
    Lever("reopening", "thousand a year", 0.0, 20.0, 0.0, "churches opened again"),
    Lever("schooling", "hazard a year", 0.0, 0.5, 0.03, "illiterates between 9 and 49 who learn to read"),
    Lever("abortion_ban", "0/1", 0.0, 1.0, 0.0, "abortion is a crime"),
    Lever("press", "0..1", 0.0, 1.0, 0.5, "push of the press's circulation"),
    Lever("cult", "0..1", 0.0, 1.0, 0.0, "praise of the leader asked for"),
    Lever("ordinary", "thousand a year", 0.0, 5000.0, 0.0, "sentenced to camps and colonies under ordinary and labour law"),
    Lever("banish", "share", 0.0, 1.0, 0.1, "share of exile among other sentences outside campaigns"),
    Lever("war", "0..1", 0.0, 1.0, 0.0, "war: mobilisation, occupation"),
)  # fmt: skip
NAMES = tuple(lever.name for lever in LEVERS)
NUMBER = {name: i for i, name in enumerate(NAMES)}
LEVER = np.dtype([(name, "f8") for name in NAMES])


class Step(NamedTuple):
    """One row of levers.csv or line.csv: a value from a month on, until the next row of the same name."""

    name: str
    month: Month
    value: float
    low: float
    high: float
    evidence: str
    source: str
    note: str


class Slope(NamedTuple):
    """One row of lines.csv: how a lever answers the line's position on an issue, between two months."""

    lever: str
    issue: str
    slope: float
    first: Month
    last: Month
    evidence: str
    source: str
    note: str


STEP_COLUMNS = ("month", "value", "evidence", "source", "note")
SLOPE_COLUMNS = ("lever", "issue", "slope", "from", "to", "evidence", "source", "note")


def read_steps(path: Path, column: str, allowed: list[str], faults: list[Fault]) -> list[Step]:
    """Rows of levers.csv (column `lever`) or line.csv (column `issue`), in order of name and month."""
    rows, found = scan_csv(path, (column, *STEP_COLUMNS), ("low", "high"))
    faults += found
    steps = []
    for row in rows:
        name, value = row.values.get(column, ""), as_number(row.values.get("value", ""))
        low, high = (as_number(row.values.get(end, "")) for end in ("low", "high"))
        month = _month(row, "month", faults)
        good = cited(row, faults) and month is not None and not row.ragged
        if name not in allowed:
            faults.append(row.fault(column, f"unknown {column} {name!r}", listed(allowed, 40), nearest(name, allowed)))
            continue
        if value is None:
            faults.append(row.fault("value", f"value is {row.values.get('value', '')!r}", "a number"))
            continue
        if column == "lever":
            lever = LEVERS[NUMBER[name]]
            if not lever.low <= value <= lever.high:
                faults.append(row.fault("value", f"{name} is {value:g}", f"from {lever.low:g} to {lever.high:g} ({lever.unit})"))
        elif not -1.0 <= value <= 1.0:
            faults.append(row.fault("value", f"{name} is {value:g}", "from -1 to 1"))
        if good:
            get = row.values.get
            steps.append(Step(name, month, value, value if low is None else low, value if high is None else high, get("evidence", ""), get("source", ""), get("note", "")))
    seen: set[tuple[str, Month]] = set()
    for step in steps:
        if (step.name, step.month) in seen:
            faults.append(Fault(str(path), 0, 0, f"{step.name} from {step.month} a second time", "once"))
        seen.add((step.name, step.month))
    return sorted(steps, key=lambda step: (step.name, step.month))


def read_slopes(path: Path, issues: list[str], faults: list[Fault]) -> list[Slope]:
    """Rows of lines.csv."""
    rows, found = scan_csv(path, SLOPE_COLUMNS)
    faults += found
    slopes = []
    for row in rows:
        get = row.values.get
        lever, issue, slope = get("lever", ""), get("issue", ""), as_number(get("slope", ""))
        first, last = _month(row, "from", faults), _month(row, "to", faults)
        good = cited(row, faults) and not row.ragged
        for column, word, allowed in (("lever", lever, NAMES), ("issue", issue, issues)):
            if word not in allowed:
                faults.append(row.fault(column, f"unknown {column} {word!r}", listed(allowed, 40), nearest(word, allowed)))
                good = False
        if slope is None:
            faults.append(row.fault("slope", f"slope is {get('slope', '')!r}", "a number"))
        elif good and first is not None and last is not None:
            slopes.append(Slope(lever, issue, slope, first, last, get("evidence", ""), get("source", ""), get("note", "")))
    return slopes


def _month(row: Row, column: str, faults: list[Fault]) -> Month | None:
    try:
        return Month.parse(row.values.get(column, ""))
    except ValueError:
        faults.append(row.fault(column, f"{column} is {row.values.get(column, '')!r}", "a month YYYY-MM"))
        return None


def path_of(steps: list[Step], names: tuple[str, ...], rest: list[float], start: Month, months: int) -> np.ndarray:
    """Steps as a table, (months, names): each value from its month on, before the first row the resting value."""
    table = np.tile(np.array(rest, float), (months, 1))
    for step in steps:
        at = max(0, step.month - start)
        if at < months:
            table[at:, names.index(step.name)] = step.value
    return table
