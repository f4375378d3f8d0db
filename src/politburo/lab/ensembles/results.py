"""A result: the histories that a run left on disk, and the questions that can be put to them.

    result = open_result("results/ussr")
    result.band("power.PERSON", [0.05, 0.5, 0.95])     # (months, 3)
    result.table(["ruler", "ruler_month"])             # an Arrow table, one row a history
    result.query("select ruler, count(*) from histories group by ruler")
    result.trace(4711)                                 # that history again, with its events

Nothing is read before it is asked for. `Kept` arrays of a million histories take some 4 GB, so what needs them all at once
(`targets`, `outcomes`) reads the first hundred thousand, unless told otherwise, and `query` is the way to the rest.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ...case.compile import Compiled
from ...case.schema import Case
from ...engine.ensemble import Engine
from ...engine.state import Kept
from ...faults import Fault, Faults, listed, nearest
from . import parts, provenance, years
from .arrow import numbers
from .columns import SCALE, Layout, quantiles, to_kept

#: Histories that `targets` and `outcomes` read unless told otherwise.
MOST_AT_ONCE = 100_000


class Result:
    """The histories of one run. Made by `run` and `open_result`.

    path : where it lies
    n : histories asked for
    done : histories that are there (fewer when the run was stopped or some failed)
    """

    def __init__(self, path: Path, folder: tempfile.TemporaryDirectory | None = None, call: provenance.Call | None = None):
        self.path = Path(path)
        if call is not None:
            self.__dict__["call"] = call  # read from the copy a moment ago
        self.provenance: dict[str, Any] = provenance.read_provenance(self.path)
        self._folder = folder  # a run without `out` lives as long as its result

    @property
    def n(self) -> int:
        return int(self.provenance["histories"])

    @property
    def id(self) -> str:
        """The hash that names the run."""
        return self.provenance["id"]

    @cached_property
    def done(self) -> int:
        return sum(pq.read_metadata(file).num_rows for file in self._files)

    @property
    def complete(self) -> bool:
        return self.done == self.n

    @cached_property
    def call(self) -> provenance.Call:
        """The request that the result answers, rebuilt from its own copy of the case."""
        return provenance.call_of(self.path, self.provenance)

    @property
    def case(self) -> Case:
        """The case as it was run, from the copy kept in the result, changes included."""
        return self.call.case

    @property
    def compiled(self) -> Compiled:
        return self.call.compiled

    @cached_property
    def layout(self) -> Layout:
        """Names of the columns and series."""
        return Layout.of(self.compiled)

    @property
    def _files(self) -> list[Path]:
        return parts.part_files(self.path)

    @cached_property
    def failures(self) -> list[dict]:
        """The histories that failed: number, particle, error, traceback."""
        return parts.failures(self.path)

    # Reading

    def table(self, columns: Sequence[str] | None = None, most: int | None = None) -> pa.Table:
        """Rows in order of history, as an Arrow table; `columns` by name (all by default), `most` rows (all by default)."""
        names = self.layout.schema.names
        wrong = [name for name in columns or () if name not in names]
        if wrong:
            raise Faults([Fault("columns", 0, 0, f"no column {name!r}", listed(names), nearest(name, names)) for name in wrong])
        tables, rows = [], 0
        for table in self._read(columns):
            tables.append(table)
            rows += table.num_rows
            if most is not None and rows >= most:
                break
        empty = self.layout.schema.empty_table()
        whole = pa.concat_tables(tables) if tables else empty.select(columns) if columns is not None else empty
        return whole.slice(0, most)

    def _read(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        schema = self.layout.schema
        for file in self._files:
            table = parts.read(file, columns)
            yield table.replace_schema_metadata(schema.metadata)  # without the failures of the part

    def kept(self, most: int | None = None, bands: bool = True) -> Kept:
        """What is kept of each history as arrays (see `politburo.engine.state.Kept`), `bands` of all of them included.

        bands : False leaves their table empty, which saves reading it
        most : read no more than the first so many histories. Memory: some 4 kB a history of forty people. Of the country's
        years only the series are read that the case's targets and outcomes ask for; see `yearly_values` for the others.
        """
        pieces, rows, counts = [], 0, self.bands if bands else None
        for table in self._read():
            piece = table if most is None else table.slice(0, most - rows)
            pieces.append(to_kept(self.layout, piece, counts))
            rows += piece.num_rows
            if most is not None and rows >= most:
                break
        if not pieces:
            return to_kept(self.layout, self.layout.schema.empty_table(), counts)
        if len(pieces) == 1:
            joined = pieces[0]
        else:
            joined = Kept(*(np.concatenate(arrays) for arrays in list(zip(*pieces, strict=True))[:-1]), pieces[0].bands)
        wanted = years.asked(self.compiled) if self._year_files else ()
        if not wanted:
            return joined
        found = list(years.read(self._year_files, wanted, self.calendar, most))
        return joined._replace(years=years.sparse(found, wanted, self.calendar))

    @property
    def _year_files(self) -> list[Path]:
        return [path for part in self._files if (path := part.with_name(part.name.replace("part-", "years-"))).exists()]

    @property
    def calendar(self) -> tuple[int, ...]:
        """Calendar years of the country's record; none without a country."""
        return self.layout.calendar if self._year_files else ()

    @property
    def yearly_names(self) -> tuple[str, ...]:
        """Names of the country's yearly series; none without a country."""
        return years.SERIES if self._year_files else ()

    def yearly_values(self, name: str, most: int | None = MOST_AT_ONCE) -> np.ndarray:
        """One series of the country in each history, (H, Y) float32; the years are `calendar`."""
        years.column(name)
        if not self._year_files:
            raise Faults([Fault(str(self.path), 0, 0, "no yearly series", "a run of a case with a country, its mechanisms not left out")])
        return np.concatenate([piece[0] for piece in years.read(self._year_files, [name], self.calendar, most)])

    def yearly(self, name: str, at: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95), most: int | None = MOST_AT_ONCE) -> np.ndarray:
        """Quantiles of a series of the country in each year of `calendar`, (Y, len(at))."""
        wanted = np.atleast_1d(np.asarray(at, float))
        if not ((wanted >= 0) & (wanted <= 1)).all():
            raise Faults([Fault("quantiles", 0, 0, str(list(wanted)), "numbers from 0 to 1")])
        return np.quantile(self.yearly_values(name, most).astype(float), wanted, axis=0).T

    @cached_property
    def bands(self) -> np.ndarray:
        """(T, Q, 128) counts of histories: months, series (`series`), equal bins of each series' scale."""
        return parts.merge_bands(self.path, self.layout, write=False)

    @property
    def series(self) -> tuple[str, ...]:
        """Names of the monthly series: power.PERSON (share of the circle's power), seats.PERSON, fear, ..."""
        return self.layout.series

    def band(self, series: str, at: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95)) -> np.ndarray:
        """Quantiles of a series in each month, (T, len(at)). They err by at most 1/128 of the series' scale."""
        if series not in self.series:
            raise Faults([Fault("series", 0, 0, f"no series {series!r}", listed(self.series), nearest(series, self.series))])
        wanted = np.atleast_1d(np.asarray(at, float))
        if not ((wanted >= 0) & (wanted <= 1)).all():
            raise Faults([Fault("quantiles", 0, 0, str(list(wanted)), "numbers from 0 to 1")])
        return quantiles(self.bands[:, self.series.index(series)], wanted, SCALE.get(series, 1.0))

    def query(self, sql: str) -> pa.Table:
        """Ask in SQL: `histories`, `bands` and (with a country) `years` are the tables. Reads only what the question needs. Needs DuckDB."""
        try:
            import duckdb
        except ImportError:
            raise Faults([Fault("query", 0, 0, "DuckDB is not installed", "pip install 'politburo[analysis]'")]) from None
        with duckdb.connect() as connection:
            for view, pattern in (("histories", "part-*.parquet"), ("bands", parts.BANDS), ("years", "years-*.parquet")):
                if list(self.path.glob(pattern)):
                    files = str(self.path / pattern).replace("'", "''")
                    connection.execute(f"create view {view} as select * from read_parquet('{files}')")
            try:
                return connection.sql(sql).to_arrow_table()
            except duckdb.Error as error:
                raise Faults([Fault("query", 0, 0, str(error), "SQL over histories, bands and years")]) from None

    # Asking

    def trace(self, history: int) -> tuple[Kept, np.ndarray]:
        """Run this history again with its events written down: (Kept, structured array of events).

        Raises `Faults` when the engine is no longer the one that made the result, because another engine would tell
        another history.
        """
        if history < 0:
            raise Faults([Fault("history", 0, 0, str(history), "a number from 0")])
        changed = [key for key in ("engine", "parameters", "months", "mechanisms") if self.call.identity[key] != self.provenance[key]]
        if changed:
            made = f"made with another {' and '.join(changed)} (politburo {self.provenance['versions']['politburo']})"
            raise Faults([Fault(str(self.path), 0, 0, made, "that version, or politburo rerun to make the result anew")])
        if self.case.digest != self.provenance["case"]["copy"]:
            raise Faults([Fault(str(provenance.case_folder(self.path, self.provenance)), 0, 0, "not the case that was run", "the copy as the run left it")])
        row = self.call.rows(np.array([history]))[0]
        return self._engine.trace(history, row)

    @cached_property
    def _engine(self) -> Engine:
        return Engine(self.compiled.world, self.compiled.parameters, self.compiled.months, self.call.mechanisms)

    def targets(self, most: int = MOST_AT_ONCE) -> list:
        """The record laid beside the first `most` histories; see `politburo.lab.targets`."""
        from ..targets import evaluate

        return evaluate(self.compiled, self.kept(most, bands=False))

    def outcomes(self, most: int = MOST_AT_ONCE) -> list:
        """The case's questions answered from the first `most` histories; see `politburo.lab.targets`."""
        from ..targets import outcomes

        return outcomes(self.compiled, self.kept(most, bands=False))

    # Data frames and labelled arrays, see `politburo.lab.ensembles.frames`

    def frame(self, what: str = "histories", library: str = "polars", **options: Any) -> Any:
        """"histories", "outcomes", "targets" or "bands" as a frame of "polars", "pandas" or "arrow", in the case's words."""
        from .frames import frame

        return frame(self, what, library, **options)

    def to_xarray(self, at: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95), counts: bool = False) -> Any:
        """The monthly bands as an `xarray.Dataset`: band(month, series, quantile)."""
        from .frames import to_xarray

        return to_xarray(self, at, counts)

    def __repr__(self) -> str:
        missing = "" if self.complete else f", {self.done:,} there"
        return f"<Result {self.provenance['case']['name']} {self.id[:8]}: {self.n:,} histories{missing}, {self.path}>"


def open_result(path: str | Path) -> Result:
    """The result in a directory. Raises `Faults` when there is none."""
    return Result(Path(path))


def compare(a: Result, b: Result) -> list[str]:
    """Where two results differ, in words; empty when every history and every count that both hold is the same, bit for bit."""
    words = []
    if a.layout.schema.names != b.layout.schema.names:
        return ["other columns"]
    if a.done != b.done:
        words.append(f"{a.done:,} histories and {b.done:,}")
    counts: dict[str, int] = {}
    for one, other in _side_by_side(a._read(), b._read()):
        if one.equals(other):
            continue
        for column in one.column_names:
            x, y = numbers(one[column]), numbers(other[column])
            differ = int(((x != y) & ~((x != x) & (y != y))).sum())
            if differ:
                counts[column] = counts.get(column, 0) + differ
    if counts:
        most = sorted(counts, key=counts.get, reverse=True)
        words.append(f"{len(counts)} of {len(a.layout.schema.names)} columns, most of all {most[0]} in {counts[most[0]]:,} histories")
    if not words and not np.array_equal(a.bands, b.bands):
        words.append("monthly series")
    return words


def _side_by_side(a: Iterator[pa.Table], b: Iterator[pa.Table]) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Two streams of rows cut alike, as far as both go, whatever the sizes of their parts."""
    one, other = next(a, None), next(b, None)
    while one is not None and other is not None:
        rows = min(one.num_rows, other.num_rows)
        if rows:
            yield one.slice(0, rows), other.slice(0, rows)
        one = one.slice(rows) if one.num_rows > rows else next(a, None)
        other = other.slice(rows) if other.num_rows > rows else next(b, None)
