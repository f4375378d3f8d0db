"""Results as data frames and labelled arrays, in the words of the case: dates for months, names for people.

    result.frame("histories")                    # one row a history; months as dates, persons as ids, null for never and nobody
    result.frame("outcomes", library="pandas")   # one row a history, one column a question of the case
    result.frame("targets")                      # one row a recorded fact: the record, the middle, the closeness
    result.frame("bands", at=(0.1, 0.5, 0.9))    # month, series and quantiles
    result.to_xarray()                           # band(month, series, quantile) with coordinates

A frame is made from an Arrow table by the library that was asked for, which is imported only then: Polars, pandas, or none
("arrow"). Cost: columns are decoded one by one; ask for those that you need. What needs no decoding is faster with
`Result.table` and `Result.query`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ...faults import Fault, Faults, listed, nearest
from .arrow import numbers

if TYPE_CHECKING:
    from .results import Result

KINDS = ("histories", "outcomes", "targets", "bands")
LIBRARIES = ("polars", "pandas", "arrow")
_PERSONS = ("ruler", "leader@", "ruler@")
_MONTHS = ("ruler_month", "purge_start", "died.", "fall.")


def frame(result: Result, what: str = "histories", library: str = "polars", columns: Sequence[str] | None = None,
          at: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95), most: int | None = None) -> Any:  # fmt: skip
    """A result as a data frame; see the head of this module. `columns` of histories (by default all but masks), `most` rows."""
    if what not in KINDS:
        raise Faults([Fault("frame", 0, 0, f"frame of {what!r}", listed(KINDS), nearest(what, KINDS))])
    made = {"histories": lambda: histories(result, columns, most), "outcomes": lambda: outcomes(result, most),
            "targets": lambda: targets(result, most), "bands": lambda: bands(result, at)}[what]  # fmt: skip
    return to_library(made(), library)


def to_library(table: pa.Table, library: str) -> Any:
    """An Arrow table as a Polars or pandas frame, or as it is."""
    if library == "arrow":
        return table
    if library == "polars":
        return needed("polars", "frames of Polars", "analysis").from_arrow(table)
    if library == "pandas":
        needed("pandas", "frames of pandas", "analysis")
        return table.to_pandas(date_as_object=False)
    raise Faults([Fault("frame", 0, 0, f"library {library!r}", listed(LIBRARIES), nearest(library, LIBRARIES))])


def needed(module: str, what: str, extra: str) -> Any:
    """A library that is only needed on request, or a fault that says how to get it."""
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError:
        raise Faults([Fault(what, 0, 0, f"{module} is not installed", f"pip install 'politburo[{extra}]'")]) from None


# -- tables ------------------------------------------------------------------------------------------------------


def histories(result: Result, columns: Sequence[str] | None = None, most: int | None = None) -> pa.Table:
    """Rows with months as dates (null = never), persons as ids (null = nobody), sets of persons as lists of ids."""
    layout = result.layout
    if columns is None:
        columns = [name for name in layout.schema.names if not _is_mask(name)]
    raw = result.table(columns, most)
    return pa.table({name: _decoded(result, name, numbers(raw[name])) for name in columns})


def _is_mask(name: str) -> bool:
    return name.startswith(("circle@", "candidates@", "side@"))


def _decoded(result: Result, name: str, values: np.ndarray) -> pa.Array:
    if name.startswith(_MONTHS) or (name.startswith("congress.") and name.endswith(".month")):
        return dates(result, values)
    if name == "ruler" or name.startswith(_PERSONS[1:]):
        return persons(result, values)
    if _is_mask(name):
        people = result.layout.people
        return pa.array([[p for i, p in enumerate(people) if int(mask) >> i & 1] for mask in values], pa.list_(pa.string()))
    if name in ("document_vote",) or (name.startswith("congress.") and name.endswith((".against", ".size", ".circle"))):
        return pa.array(values, mask=values < 0)
    return pa.array(values)


def dates(result: Result, months: np.ndarray) -> pa.Array:
    """Month numbers as the first day of that month; null where negative or not a number."""
    case = result.case
    known = np.isfinite(months) & (months >= 0)
    ordinal = np.where(known, months, 0).astype(np.int64) + (case.start.year - 1970) * 12 + case.start.month - 1
    days = ordinal.astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)
    return pa.array(days, pa.int32(), mask=~known).cast(pa.date32())


def persons(result: Result, numbers_: np.ndarray) -> pa.Array:
    """Person numbers as ids; null for nobody."""
    index = np.where(numbers_ >= 0, numbers_, 0).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(index, mask=np.asarray(numbers_) < 0), list(result.layout.people)).cast(pa.string())


def outcomes(result: Result, most: int | None = None) -> pa.Table:
    """One row a history, one column a question of the case, in its unit: a date, a truth, a name, a share, a count."""
    from .results import MOST_AT_ONCE

    found = result.outcomes(most or MOST_AT_ONCE)
    rows = numbers(result.table(["history"], most or MOST_AT_ONCE)["history"])
    columns: dict[str, pa.Array] = {"history": pa.array(rows)}
    for o in found:
        if o.unit == "month":
            columns[o.id] = dates(result, o.values)
        elif o.unit == "yes":
            columns[o.id] = pa.array(o.values > 0.5)
        elif o.unit == "who":
            columns[o.id] = persons(result, o.values)
        elif o.unit in ("share", "count", "list"):
            columns[o.id] = pa.array(o.values, mask=~np.isfinite(o.values))
        # an order has no single value of a history; its shares are in Result.outcomes()
    return pa.table(columns)


def targets(result: Result, most: int | None = None) -> pa.Table:
    """One row a target: what is on record and how the histories lie to it; months as dates in columns of text."""
    from .results import MOST_AT_ONCE

    rows = []
    for t in result.targets(most or MOST_AT_ONCE):

        def shown(value: float, unit: str = t.unit) -> str | None:
            if not np.isfinite(value):
                return None
            return str(result.compiled.month(round(value))) if unit == "month" else f"{value:g}"

        rows.append({
            "target": t.id, "question": t.question, "record": t.record, "evidence": t.evidence, "fitted": t.fitted, "weight": t.weight,
            "happened": t.happened, "q10": shown(t.quantile(0.1)), "q50": shown(t.quantile(0.5)), "q90": shown(t.quantile(0.9)),
            "closeness": t.closeness, "surprise": t.surprise,
        })  # fmt: skip
    return pa.Table.from_pylist(rows)


def bands(result: Result, at: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95)) -> pa.Table:
    """One row a month and series, one column a quantile (q05, q50, ...)."""
    cube = np.stack([result.band(name, at) for name in result.series], axis=1)  # (T, Q, K)
    months = cube.shape[0]
    every = dates(result, np.repeat(np.arange(months), len(result.series)))
    columns: dict[str, Any] = {"month": every, "series": pa.array(list(result.series) * months)}
    for k, quantile in enumerate(at):
        columns[_name(quantile)] = pa.array(cube[:, :, k].reshape(-1))
    return pa.table(columns)


def _name(quantile: float) -> str:
    percent = f"{100 * quantile:g}"
    return "q" + (percent.zfill(2) if percent.isdigit() else percent.replace(".", "_"))


# -- labelled arrays ---------------------------------------------------------------------------------------------


def to_xarray(result: Result, at: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95), counts: bool = False) -> Any:
    """Bands as an `xarray.Dataset`: band(month, series, quantile), and count(month, series, bin) on request.

    Months are the first day of each; attributes name the run, the case and the number of histories.
    """
    xarray = needed("xarray", "labelled arrays", "notebook")
    compiled = result.compiled
    first = np.datetime64(date(result.case.start.year, result.case.start.month, 1), "M")
    months = (first + np.arange(compiled.months)).astype("datetime64[ns]")
    cube = np.stack([result.band(name, at) for name in result.series], axis=1)
    data: dict[str, Any] = {"band": (("month", "series", "quantile"), cube)}
    coordinates: dict[str, Any] = {"month": months, "series": list(result.series), "quantile": list(at)}
    if counts:
        data["count"] = (("month", "series", "bin"), result.bands)
        coordinates["bin"] = np.arange(result.bands.shape[2])
    about = {"case": result.case.name, "run": result.id, "histories": result.done}
    return xarray.Dataset(data, coordinates, about)
