"""Numbers with which a block of the country begins, and stocks that enter its books from outside in a given year.

`opening-BLOCK.csv`: `name,value,unit,evidence,source,note`, one row for each name that the block asks for.
`entered-BLOCK.csv`: `year,name,value,evidence,source,note`: what comes into an account other than by its own flows, such as colonies
that are counted from 1935 on, or parishes of annexed territory. Both are named lines of the accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...evidence import Evidence
from ...faults import Fault, Faults, listed, nearest
from ...marked import Row, scan_csv
from ..values import as_number


def read_openings(path: Path, names: Sequence[str], faults: list[Fault]) -> np.ndarray | None:
    """Values in the order of `names`; None when there is no file or something is wrong with it."""
    if not path.exists():
        return None
    before = len(faults)
    out = dict.fromkeys(names, np.nan)
    for row in _rows(path, ("name", "value", "unit", "evidence", "note"), faults):
        name, value = row.values["name"], as_number(row.values["value"])
        if name not in out:
            faults.append(row.fault("name", f"unknown name {name!r}", listed(names), nearest(name, names)))
        elif not np.isnan(out[name]):
            faults.append(row.fault("name", f"{name} a second time", "once"))
        elif value is None or value < 0:
            faults.append(row.fault("value", f"{name} is {row.values['value']!r}", "a number of at least 0"))
        else:
            out[name] = value
    if len(faults) == before:
        faults += [Fault(str(path), 0, 0, f"no row for {name}", listed(names)) for name, value in out.items() if np.isnan(value)]
    return np.array(list(out.values())) if len(faults) == before else None


def read_entered(path: Path, names: Sequence[str], faults: list[Fault]) -> list[tuple[str, int, float]]:
    """(name, year, value) of every row; below 0 for what leaves."""
    if not path.exists():
        return []
    out = []
    for row in _rows(path, ("year", "name", "value", "evidence", "note"), faults):
        name, year, value = row.values["name"], as_number(row.values["year"]), as_number(row.values["value"])
        if name not in names:
            faults.append(row.fault("name", f"unknown name {name!r}", listed(names), nearest(name, names)))
        elif year is None or value is None:
            faults.append(row.fault("value", f"{row.values['year']!r}, {row.values['value']!r}", "a year and a number"))
        else:
            out.append((name, int(year), float(value)))
    return out


def _rows(path: Path, columns: Sequence[str], faults: list[Fault]) -> list[Row]:
    try:
        rows, found = scan_csv(path, columns, ("source",))
    except Faults as error:
        faults += error.faults
        return []
    faults += found
    labels = [str(e) for e in Evidence]
    good = []
    for row in rows:
        label = row.values.get("evidence", "")
        if row.ragged:
            continue
        if label not in labels:
            faults.append(row.fault("evidence", f"evidence is {label!r}", listed(labels), nearest(label, labels)))
        elif label == "assumed" and not row.values.get("note"):
            faults.append(row.fault("note", "no note", "why this value is assumed"))
        else:
            good.append(row)
    return good
