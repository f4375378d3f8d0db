"""Block people of a country: ages, hazards and patterns (`people.csv`), changes of territory and migration (`migration.csv`)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...faults import Fault, Faults
from ...marked import scan_csv
from ..values import as_number

AGES = 101
SEXES = ("male", "female")
COLUMNS = ("opening", "annexed", "early", "late", "famine", "war", "terror", "fertility_early", "fertility_late")
EVENT = np.dtype([("year", "i8"), ("territory", "i8"), ("persons", "i8")])


class People(NamedTuple):
    """Fixed inputs of the block. Index 0 of a hazard is the year of birth, index a + 1 is age a on 1 January."""

    opening: np.ndarray  # (2, AGES) int64 persons on the first 1 January, men first
    annexed: np.ndarray  # (2, AGES) int64 persons who come with the territory
    early: np.ndarray  # (2, AGES + 1) hazard of death a year before the fall of mortality in the 1940s
    late: np.ndarray  # (2, AGES + 1) the same after it
    famine: np.ndarray  # (2, AGES + 1) pattern of famine deaths
    war: np.ndarray  # (2, AGES + 1) hazard of a year of full mobilisation
    terror: np.ndarray  # (2, AGES + 1) pattern of executions and deaths in camps
    fertility_early: np.ndarray  # (AGES,) share of her births that a woman aged a on 1 January has this year
    fertility_late: np.ndarray  # (AGES,)
    event: np.ndarray  # (E,) EVENT


def empty() -> People:
    """The block without data: nobody."""
    age, hazard = np.zeros((2, AGES), np.int64), np.zeros((2, AGES + 1))
    return People(age, age.copy(), *(hazard.copy() for _ in range(5)), np.zeros(AGES), np.zeros(AGES), np.zeros(0, EVENT))


def read(folder: Path, faults: list[Fault]) -> People:
    """Read people.csv and migration.csv of a case's folder country/; an empty block when there is no people.csv."""
    path = folder / "people.csv"
    if not path.exists():
        return empty()
    before = len(faults)
    table = _table(path, faults)
    events = _events(folder / "migration.csv", faults)
    if len(faults) > before:
        return empty()
    take = {name: np.ascontiguousarray(table[i]) for i, name in enumerate(COLUMNS)}
    fertility = []
    for name in ("fertility_early", "fertility_late"):
        at = take[name][1, 1:]  # women aged 0, 1, ... at the birth
        fertility.append(0.5 * (at + np.append(at[1:], 0.0)))
    return People(
        opening=take["opening"][:, 1:].astype(np.int64), annexed=take["annexed"][:, 1:].astype(np.int64), early=take["early"], late=take["late"],
        famine=take["famine"], war=take["war"], terror=take["terror"], fertility_early=fertility[0], fertility_late=fertility[1],
        event=events,
    )  # fmt: skip


def _table(path: Path, faults: list[Fault]) -> np.ndarray:
    """(columns, 2, AGES + 1), with a fault for every sex and age that is missing, doubled or not a number of at least 0."""
    out = np.full((len(COLUMNS), 2, AGES + 1), np.nan)
    try:
        rows, found = scan_csv(path, ("sex", "age", *COLUMNS))
    except Faults as error:
        faults += error.faults
        return out
    faults += found
    if found:
        return out
    for row in rows:
        sex, age = row.values["sex"], as_number(row.values["age"])
        if sex not in SEXES:
            faults.append(row.fault("sex", f"sex is {sex!r}", ", ".join(SEXES)))
            continue
        if age is None or age != int(age) or not -1 <= age < AGES:
            faults.append(row.fault("age", f"age is {row.values['age']!r}", f"a whole number from -1 (born in the year) to {AGES - 1}"))
            continue
        at = (SEXES.index(sex), int(age) + 1)
        if not np.isnan(out[0][at]):
            faults.append(row.fault("age", f"{sex} aged {int(age)} a second time", "once"))
        for i, name in enumerate(COLUMNS):
            value = as_number(row.values[name])
            if value is None or value < 0:
                faults.append(row.fault(name, f"{name} is {row.values[name]!r}", "a number of at least 0"))
                value = 0.0
            out[(i, *at)] = value
    for sex in range(2):
        gone = np.flatnonzero(np.isnan(out[0, sex])) - 1
        if len(gone):
            faults.append(Fault(str(path), 0, 0, f"no row for {SEXES[sex]} aged {', '.join(map(str, gone[:8]))}", f"every age from -1 to {AGES - 1}"))
    return out


def _events(path: Path, faults: list[Fault]) -> np.ndarray:
    """Changes of territory and migration: `year,kind,persons,evidence,source,note`, at the beginning of the year."""
    if not path.exists():
        return np.zeros(0, EVENT)
    try:
        rows, found = scan_csv(path, ("year", "kind", "persons", "evidence", "note"), ("source",))
    except Faults as error:
        faults += error.faults
        return np.zeros(0, EVENT)
    faults += found
    out = []
    for row in rows:
        year, kind, persons = as_number(row.values.get("year", "")), row.values.get("kind", ""), as_number(row.values.get("persons", ""))
        if year is None:
            faults.append(row.fault("year", f"year is {row.values.get('year', '')!r}", "a year"))
        if kind not in ("territory", "migration"):
            faults.append(row.fault("kind", f"kind is {kind!r}", "territory, migration"))
        if kind == "migration" and persons is None:
            faults.append(row.fault("persons", f"persons is {row.values.get('persons', '')!r}", "a number, below 0 for those who left"))
        if year is not None and kind in ("territory", "migration"):
            out.append((int(year), int(kind == "territory"), int(persons or 0)))
    return np.array(out, EVENT) if out else np.zeros(0, EVENT)
