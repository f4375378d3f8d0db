"""Block grain of a country: places, years and weather as arrays, each number with its label in the files.

`grain-places.csv` has one row a number (place, quantity, value, error); `grain-years.csv` likewise by year;
`grain-weather.csv` the regional anomalies of the recorded mode; `grain-residuals.csv` what the structure
leaves unexplained of each harvest series and `grain-harvests.csv` the series as each row takes it, both
written by the fit (`python -m verify.grain_fit --write`). An error is the standard deviation of a number's
logarithm; it is drawn once a history (luck of the country's coding), with national sums kept.

Kazakhstan is two places, settled and pastoral; results are kept for the ten REGIONS.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...evidence import Evidence
from ...faults import Fault, Faults, listed, nearest
from ...marked import Row, scan_csv
from ..values import as_number

#: Regions, in order.
REGIONS = (
    "ukraine", "north_caucasus", "lower_volga", "middle_volga", "black_earth", "kazakhstan", "urals", "west_siberia",
    "rest_europe", "rest_asia",
)  # fmt: skip

#: Places and the region of each.
PLACES = {
    **{name: i for i, name in enumerate(REGIONS) if name != "kazakhstan"},
    "kazakhstan_settled": REGIONS.index("kazakhstan"),
    "kazakhstan_pastoral": REGIONS.index("kazakhstan"),
}

#: Numbers of a place; units stand in the file and in docs/reference/grain.md.
QUANTITIES = (
    "people", "area", "yield", "norm", "potatoes", "horses", "cattle", "sheep", "pigs", "feed", "towns", "speed", "solid", "search",
    "pastoral", "annexed",
)  # fmt: skip
PLACE = np.dtype([("region", "i8"), *((name if name != "yield" else "yields", "f8") for name in QUANTITIES)])

#: Competing series of the harvest, in the order of the parameter `grain_series`.
SERIES = ("central", "revised", "low", "dw_low", "dw_high")
ANIMALS = ("horses", "cattle", "sheep", "pigs")
YEARLY = (
    "rural_change", "annexed", "urban", "potatoes", "tractors", "herd_horses", "herd_cattle", "herd_sheep", "herd_pigs",
    "war_horses", "war_cattle", "war_sheep", "war_pigs", "war_tractors", "starved", "fields",
)  # fmt: skip
YEARS = np.dtype([("rural", "f8"), *((name, "f8") for name in YEARLY)])
FIRST, LAST = 1920, 1953
COUNT = LAST - FIRST + 1


class Grain(NamedTuple):
    """Fixed inputs of the block. C places, Y years from FIRST, M rows of residuals."""

    place: np.ndarray  # (C,) PLACE
    error: np.ndarray  # (C, len(QUANTITIES)) sd of the logarithm
    year: np.ndarray  # (Y,) YEARS
    harvest: np.ndarray  # (len(SERIES), Y) million t
    harvest_error: np.ndarray  # (len(SERIES), Y) sd of the logarithm
    weather: np.ndarray  # (Y, C) recorded regional anomaly of the yield, logarithm
    weather_error: np.ndarray  # (Y, C) its sd; -1 where there is no record and it is drawn
    residual: np.ndarray  # (M, Y) logarithm of recorded over structural harvest
    expected: np.ndarray  # (M, Y) million t, the harvest of the record as each row takes it; 0 where there is none
    mode: np.ndarray  # (1,) int64: 0 residuals as fitted, 1 hold the national harvest to the series and write the residual


class _Numbers:
    """Cells of a file in long form, checked; every fault is collected."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults

    def number(self, row: Row, column: str) -> float:
        found = as_number(row.values.get(column, ""))
        if found is None:
            self.faults.append(row.fault(column, f"{column} is {row.values.get(column, '')!r}", "a number"))
            return 0.0
        return float(found)

    def word(self, row: Row, column: str, allowed: tuple[str, ...]) -> int:
        word = row.values.get(column, "")
        if word not in allowed:
            self.faults.append(row.fault(column, f"{column} is {word!r}", listed(allowed), nearest(word, allowed)))
            return -1
        return allowed.index(word)

    def year(self, row: Row) -> int:
        year = int(self.number(row, "year"))
        if not FIRST <= year <= LAST:
            self.faults.append(row.fault("year", f"year is {year}", f"{FIRST} to {LAST}"))
            return -1
        return year - FIRST

    def label(self, row: Row) -> None:
        if self.word(row, "evidence", tuple(str(e) for e in Evidence)) < 0:
            return
        if row.values["evidence"] == "assumed":
            if not row.values.get("note"):
                self.faults.append(row.fault("note", "no note", "why this value is assumed"))
        elif not row.values.get("source"):
            self.faults.append(row.fault("source", "no source", "an id, for every label but assumed"))


def read(folder: Path, faults: list[Fault]) -> Grain:
    """Read the block's files from a case's folder country/; `empty()` when it has none of them."""
    if not (folder / "grain-places.csv").exists():
        return empty()
    own: list[Fault] = []
    grain = _blank()
    try:
        _places(folder / "grain-places.csv", grain, own)
        _years(folder / "grain-years.csv", grain, own)
        _weather(folder / "grain-weather.csv", grain, own)
        if (folder / "grain-residuals.csv").exists():
            grain = grain._replace(residual=_by_year(folder / "grain-residuals.csv", own))
        if (folder / "grain-harvests.csv").exists():
            grain = grain._replace(expected=_by_year(folder / "grain-harvests.csv", own))
    except Faults as error:
        own += error.faults
    faults += own
    return empty() if own else grain


def empty() -> Grain:
    """The block without data: no places, so its mechanisms do nothing."""
    full = _blank()
    return full._replace(place=full.place[:0], error=full.error[:0], weather=full.weather[:, :0], weather_error=full.weather_error[:, :0])


def _blank() -> Grain:
    c = len(PLACES)
    place = np.zeros(c, PLACE)
    place["region"] = list(PLACES.values())
    return Grain(
        place, np.zeros((c, len(QUANTITIES))), np.zeros(COUNT, YEARS), np.full((len(SERIES), COUNT), 60.0), np.zeros((len(SERIES), COUNT)),
        np.zeros((COUNT, c)), np.full((COUNT, c), -1.0), np.zeros((1, COUNT)), np.zeros((1, COUNT)), np.zeros(1, np.int64),
    )  # fmt: skip


def _scan(path: Path, columns: tuple[str, ...], faults: list[Fault]) -> list[Row]:
    rows, found = scan_csv(path, columns, ("source", "note"))
    faults += found
    return [] if found else rows


def _places(path: Path, grain: Grain, faults: list[Fault]) -> None:
    check, names, seen = _Numbers(faults), tuple(PLACES), set()
    for row in _scan(path, ("place", "quantity", "value", "error", "unit", "evidence"), faults):
        c, q = check.word(row, "place", names), check.word(row, "quantity", QUANTITIES)
        value, error = check.number(row, "value"), check.number(row, "error")
        check.label(row)
        if value < 0 or not 0 <= error <= 0.5:
            faults.append(row.fault("value", f"value {value:g}, error {error:g}", "value 0 or more, error 0 to 0.5"))
        if (c, q) in seen:
            faults.append(row.fault("quantity", f"{row.values['quantity']} of {row.values['place']} a second time", "once"))
        seen.add((c, q))
        if c >= 0 and q >= 0:
            grain.place[PLACE.names[q + 1]][c] = value
            grain.error[c, q] = error
    missing = [f"{QUANTITIES[q]} of {names[c]}" for c in range(len(names)) for q in range(len(QUANTITIES)) if (c, q) not in seen]
    if missing and not faults:
        faults.append(Fault(str(path), 0, 0, f"no {listed(missing)}", "every quantity of every place"))
    for name in ("people", "area"):
        if not faults and not (grain.place[name] > 0).all():
            faults.append(Fault(str(path), 0, 0, f"a place with {name} of 0", "above 0"))
    for name in (*ANIMALS, "towns"):
        if faults:
            break
        # Shares as coded need not sum to one to the last digit.
        total = grain.place[name].sum()
        if not 0.9 < total < 1.1:
            faults.append(Fault(str(path), 0, 0, f"shares of {name} sum to {total:g}", "1"))
        grain.place[name] /= total or 1.0


def _years(path: Path, grain: Grain, faults: list[Fault]) -> None:
    check, known = _Numbers(faults), (*YEARLY, *(f"harvest_{name}" for name in SERIES))
    points: dict[str, dict[int, float]] = {}
    for row in _scan(path, ("quantity", "year", "value", "error", "unit", "evidence"), faults):
        q, y = check.word(row, "quantity", known), check.year(row)
        value, error = check.number(row, "value"), check.number(row, "error")
        check.label(row)
        if q < 0 or y < 0:
            continue
        name = known[q]
        if y in points.setdefault(name, {}):
            faults.append(row.fault("year", f"{name} of {FIRST + y} a second time", "once"))
        points[name][y] = value
        if q >= len(YEARLY):
            grain.harvest[q - len(YEARLY), y] = value
            grain.harvest_error[q - len(YEARLY), y] = error
            if not value > 0:
                faults.append(row.fault("value", f"harvest of {value:g}", "above 0"))
    for name in SERIES:
        absent = [str(FIRST + y) for y in range(COUNT) if y not in points.get(f"harvest_{name}", {})]
        if absent and not faults:
            faults.append(Fault(str(path), 0, 0, f"no harvest_{name} for {listed(absent)}", f"every year {FIRST} to {LAST}"))
    for name in YEARLY:
        given = points.get(name, {})
        if name == "urban" or name.startswith("herd_"):  # stocks: between years by a straight line
            if given:
                grain.year[name] = np.interp(np.arange(COUNT), sorted(given), [given[y] for y in sorted(given)])
        else:
            if name == "fields":
                grain.year[name] = 1.0
            for y, value in given.items():
                grain.year[name][y] = value
    # Rural people at the start of each agricultural year. The census of December 1926 is the anchor; a case that begins before
    # (after) a famine of the record has more (fewer) people by it.
    change = grain.year["rural_change"] + grain.year["annexed"] - grain.year["starved"]
    grown = np.concatenate([[0.0], np.cumsum(change)])[:-1]
    grain.year["rural"] = grain.place["people"].sum() + grown - grown[1926 - FIRST] - 0.46 * change[1926 - FIRST]


def _weather(path: Path, grain: Grain, faults: list[Fault]) -> None:
    check, names = _Numbers(faults), tuple(PLACES)
    for row in _scan(path, ("year", "place", "anomaly", "error", "evidence"), faults):
        y, c = check.year(row), check.word(row, "place", names)
        anomaly, error = check.number(row, "anomaly"), check.number(row, "error")
        check.label(row)
        if not -2 <= anomaly <= 2 or not 0 <= error <= 1:
            faults.append(row.fault("anomaly", f"anomaly {anomaly:g}, error {error:g}", "anomaly -2 to 2, error 0 to 1"))
        if y >= 0 and c >= 0:
            grain.weather[y, c] = anomaly
            grain.weather_error[y, c] = error


def _by_year(path: Path, faults: list[Fault]) -> np.ndarray:
    years = tuple(str(year) for year in range(FIRST, LAST + 1))
    check = _Numbers(faults)
    rows = _scan(path, years, faults)
    found = np.array([[check.number(row, year) for year in years] for row in rows])
    return found if len(rows) else np.zeros((1, COUNT))
