"""Block industry of a country: its fixed inputs.

`industry-branches.csv`: output of each branch in 1928 (the model's unit), 1913 and 1921. `industry-years.csv`: hand-coded paths
(how much of the machines goes into new capacity, machine imports, the weight of metals, what was occupied, what was annexed)
and the record of the other blocks, which is used when those do not run. `industry-plans.csv`: the plans' bases, targets and results.
Every row carries its label; an assumed one says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...evidence import Evidence
from ...faults import Fault, Faults, listed, nearest
from ...marked import Row, scan_csv
from ..values import as_number
from .labels import cited

BRANCHES = ("coal", "iron", "steel", "oil", "electricity", "machines")
PLANNED = BRANCHES[:5]
#: Columns of `path`, in the order in which `engine.country.industry.AROUND` has them after the levers.
PATHS = (
    "build", "machines", "metal", "occupied", "annexed", "ground", "harvest", "procured", "exported", "herd", "kolkhoz", "population", "arrests",
)  # fmt: skip
YEARS = (1921, 1970)  # the years a path may speak of


class Industry(NamedTuple):
    """Fixed inputs. B branches, Y years from `since`; after the last coded year a path keeps its last value."""

    base: np.ndarray  # (B, 3): output of 1928 in its unit; outputs of 1913 and of 1921 over it
    path: np.ndarray  # (Y, 13) PATHS
    target: np.ndarray  # (Y, 5) planned output in its unit, between base and target by equal rates; 0 where there is no plan
    since: np.ndarray  # (1,) int64: year of the first row


@dataclass(frozen=True)
class Planned:
    """A figure of a plan: what was, what was to be and when, what came."""

    plan: int
    quantity: str
    unit: str
    base_year: int
    base: float
    target_year: int
    target: float
    result_year: int
    result: float
    evidence: Evidence
    source: str
    note: str


def empty() -> Industry:
    """The block without data: nothing is made."""
    return Industry(np.zeros((len(BRANCHES), 3)), np.zeros((1, len(PATHS))), np.zeros((1, len(PLANNED))), np.array([YEARS[0]]))


def read(folder: Path, faults: list[Fault]) -> Industry:
    """Read the block's files from a case's folder country/."""
    folder = Path(folder)
    if not (folder / "industry-branches.csv").exists():
        return empty()
    base = _branches(folder / "industry-branches.csv", faults)
    path, since = _years(folder / "industry-years.csv", faults)
    target = np.zeros((len(path), len(PLANNED)))
    for row in plans(folder, faults):
        if row.quantity in PLANNED and row.base > 0 and row.target > 0:
            column, years = PLANNED.index(row.quantity), row.target_year - row.base_year
            for year in range(row.base_year + 1, row.target_year + 1):
                if 0 <= year - since < len(target):
                    target[year - since, column] = row.base * (row.target / row.base) ** ((year - row.base_year) / years)
    return Industry(base, path, target, np.array([since]))


def plans(folder: Path, faults: list[Fault]) -> list[Planned]:
    """The figures of the plans, in the order of the file; none without a file."""
    path = Path(folder) / "industry-plans.csv"
    if not path.exists():
        return []
    numbers = ("plan", "base_year", "base", "target_year", "target", "result_year", "result")
    rows = _rows(path, ("plan", "quantity", "unit", *numbers[1:], "evidence", "source", "note"), faults)
    out = []
    for row in rows:
        values = {name: _number(row, name, faults) for name in numbers}
        if not cited(row, faults, "where the value stands") or any(v is None for v in values.values()):
            continue
        v = {name: float(value or 0.0) for name, value in values.items()}
        if v["target_year"] <= v["base_year"]:
            faults.append(row.fault("target_year", f"a plan from {v['base_year']:g} to {v['target_year']:g}", "a target year after the base year"))
            continue
        get = row.values.get
        out.append(
            Planned(
                int(v["plan"]), get("quantity", ""), get("unit", ""), int(v["base_year"]), v["base"], int(v["target_year"]), v["target"],
                int(v["result_year"]), v["result"], Evidence(get("evidence", "")), get("source", ""), get("note", ""),
            )
        )  # fmt: skip
    return out


def _branches(path: Path, faults: list[Fault]) -> np.ndarray:
    base = np.zeros((len(BRANCHES), 3))
    seen: set[str] = set()
    for row in _rows(path, ("branch", "unit", "output_1928", "output_1913", "output_1921", "evidence", "source", "note"), faults):
        name = _word(row, "branch", BRANCHES, seen, faults)
        values = [_number(row, f"output_{year}", faults, above=0.0) for year in (1928, 1913, 1921)]
        if cited(row, faults, "where the value stands") and name and None not in values:
            now, before, start = (float(v or 0.0) for v in values)
            base[BRANCHES.index(name)] = now, before / now, start / now
    faults += [Fault(str(path), 0, 0, f"no branch {name!r}", "one row for each of " + listed(BRANCHES)) for name in BRANCHES if name not in seen]
    return base


def _years(path: Path, faults: list[Fault]) -> tuple[np.ndarray, int]:
    """Paths by year; years between coded ones lie on a straight line, those outside keep the nearest value."""
    known: dict[str, dict[int, float]] = {name: {} for name in PATHS}
    for row in _rows(path, ("quantity", "year", "value", "error", "unit", "evidence", "source", "note"), faults):
        name = _word(row, "quantity", PATHS, None, faults)
        year, value = _number(row, "year", faults), _number(row, "value", faults, above=None, least=0.0)
        if not cited(row, faults, "where the value stands") or name is None or year is None or value is None:
            continue
        if not YEARS[0] <= year <= YEARS[1] or year != int(year):
            faults.append(row.fault("year", f"year is {year:g}", f"a year from {YEARS[0]} to {YEARS[1]}"))
        elif int(year) in known[name]:
            faults.append(row.fault("year", f"{name} of {int(year)} a second time", "once"))
        else:
            known[name][int(year)] = value
    faults += [Fault(str(path), 0, 0, f"no {name}", "a path for each of " + listed(PATHS, 20)) for name in PATHS if not known[name]]
    first = min((min(years) for years in known.values() if years), default=YEARS[0])
    last = max((max(years) for years in known.values() if years), default=YEARS[0])
    table = np.zeros((last - first + 1, len(PATHS)))
    for k, name in enumerate(PATHS):
        if known[name]:
            years = sorted(known[name])
            table[:, k] = np.interp(np.arange(first, last + 1), years, [known[name][y] for y in years])
    return table, first


def _rows(path: Path, columns: tuple[str, ...], faults: list[Fault]) -> list[Row]:
    try:
        rows, found = scan_csv(path, columns)
    except Faults as error:
        faults += error.faults
        return []
    faults += found
    return [row for row in rows if not row.ragged]


def _word(row: Row, column: str, allowed: tuple[str, ...], seen: set[str] | None, faults: list[Fault]) -> str | None:
    name = row.values.get(column, "")
    if name not in allowed:
        faults.append(row.fault(column, f"unknown {column} {name!r}", listed(allowed, 20), nearest(name, allowed)))
        return None
    if seen is not None:
        if name in seen:
            faults.append(row.fault(column, f"{column} {name!r} a second time", "once"))
        seen.add(name)
    return name


def _number(row: Row, column: str, faults: list[Fault], above: float | None = None, least: float | None = None) -> float | None:
    text = row.values.get(column, "")
    value = as_number(text)
    if value is None or (above is not None and value <= above) or (least is not None and value < least):
        limit = "" if above is None and least is None else f" above {above:g}" if above is not None else f" of at least {least:g}"
        faults.append(row.fault(column, f"{column} is {text!r}", "a number" + limit))
        return None
    return value
