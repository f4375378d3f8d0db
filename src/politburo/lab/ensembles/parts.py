"""Parts of a result: each holds a fixed stretch of histories, appears whole or not at all, and never changes its rows.

Part k covers histories k * size to (k + 1) * size - 1. It is two files: `part-FIRST.parquet` with a row for each history,
and `bands-FIRST.parquet` with the counts of its monthly series. Both are written beside and moved into place, the
bands first, so that a part that is there is finished; a process killed at any moment leaves at worst a part that is
not there. A part that is short (the run was stopped, or asked for fewer histories) is completed by adding the missing
rows, and its bytes are then those of a part written at once.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ...faults import Fault, Faults
from . import years
from .arrow import numbers, read, replacing, write_table, write_text
from .columns import Layout, dense, sparse

#: Histories of a part: 400 files for a million histories, some ten seconds of work each.
SIZE = 2500
BANDS = "bands.parquet"
FAILURES = "failures.jsonl"


def part_file(folder: Path, first: int) -> Path:
    """The rows of the part that begins with this history."""
    return folder / f"part-{first:08d}.parquet"


def bands_file(folder: Path, first: int) -> Path:
    """The counts of that part."""
    return folder / f"bands-{first:08d}.parquet"


def part_files(folder: Path) -> list[Path]:
    """Every finished part, in order of history."""
    return sorted(folder.glob("part-*.parquet"), key=lambda path: int(path.stem.split("-")[1]))


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the folder against a second writer, where the system can; the lock leaves no file and dies with the process."""
    try:
        import fcntl
    except ImportError:  # Windows: two writers would write the same bytes
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            words = "one process at a time; wait for it, or give another --out"
            raise Faults([Fault(str(folder), 0, 0, "another process is writing to this result", words)]) from None
        except OSError:
            pass  # a file system without locks
        yield
    finally:
        os.close(handle)


@dataclass
class Slice:
    """Some histories of a part as they come from a worker: rows, counts, and those that failed."""

    rows: pa.Table
    bands: pa.Table
    failures: list[dict] = field(default_factory=list)
    years: pa.Table | None = None  # the country's record, where there is a country


@dataclass
class Part:
    """A part while it is being completed: which histories are there, and what has come in for the others."""

    folder: Path
    layout: Layout
    first: int
    stop: int
    missing: np.ndarray = field(init=False)  # numbers of the histories still to run
    _old: pa.Table | None = None
    _old_years: pa.Table | None = None
    _new: list[Slice] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._old = self._read()
        if self._old is None:
            self._old_years = None  # rows that are not believed take their years with them
        there = np.array([], np.int64) if self._old is None else numbers(self._old["history"])
        self.missing = np.setdiff1d(np.arange(self.first, self.stop), there)

    def _read(self) -> pa.Table | None:
        """The rows that are there; None when the files cannot be read or do not belong together."""
        path = part_file(self.folder, self.first)
        if not path.exists():
            return None
        try:
            rows = read(path)
            counted = _histories(pq.read_schema(bands_file(self.folder, self.first)))
        except (OSError, pa.ArrowException):
            return None
        wanted = _years_in(rows.schema) * rows.num_rows
        yearly = None
        if wanted:
            if years.rows_in(self.folder, self.first) != wanted:
                return None
            yearly = read(years.file(self.folder, self.first))
        same = rows.schema.remove_metadata().equals(self.layout.schema.remove_metadata())
        if not same or counted != rows.num_rows:
            return None
        self._old_years = yearly  # only together with the rows
        return rows

    def add(self, slice_: Slice) -> None:
        self._new.append(slice_)

    def write(self) -> None:
        """Write the part with all that has come in."""
        if not self._new:
            return
        tables = [slice_.rows for slice_ in self._new]
        if self._old is None and len(self._new) == 1:
            counted = self._new[0].bands  # nothing to add up
        else:
            bands = np.zeros((self.layout.months, len(self.layout.series), 128), np.int64)
            for slice_ in self._new:
                dense(self.layout, slice_.bands, bands)
            if self._old is not None:
                dense(self.layout, read(bands_file(self.folder, self.first)), bands)
            counted = sparse(self.layout, bands)
        if self._old is not None:
            tables.insert(0, self._old.replace_schema_metadata(self.layout.schema.metadata))
        rows = pa.concat_tables(tables)
        if (np.diff(numbers(rows["history"])) < 0).any():  # sorting copies every column, and slices mostly come in order
            rows = rows.sort_by("history")
        failures = sorted((row for slice_ in self._new for row in slice_.failures), key=lambda row: row["history"])
        metadata = dict(self.layout.schema.metadata)
        found = [slice_.years for slice_ in self._new if slice_.years is not None]
        if self._old_years is not None:
            found.insert(0, self._old_years)
        if found:
            yearly = pa.concat_tables(found)
            if (np.diff(numbers(yearly["history"])) < 0).any():
                yearly = yearly.sort_by([("history", "ascending"), ("year", "ascending")])
            metadata[b"years"] = str(yearly.num_rows // max(rows.num_rows, 1)).encode()
            years.write(years.file(self.folder, self.first), yearly)
        if failures:
            metadata[b"failures"] = json.dumps(failures).encode()
        write_table(bands_file(self.folder, self.first), _counted(self.layout, counted, rows.num_rows))
        write_table(part_file(self.folder, self.first), rows.replace_schema_metadata(metadata))
        self._old, self._old_years, self._new = None, None, []


def _counted(layout: Layout, counts: pa.Table, histories: int) -> pa.Table:
    about = json.dumps({"histories": histories, "months": layout.months, "start": layout.start, "bins": 128})
    return counts.replace_schema_metadata({"politburo": about})


def _histories(schema: pa.Schema) -> int:
    """How many histories a table of bands counts."""
    return json.loads(schema.metadata[b"politburo"])["histories"]


def _years_in(schema: pa.Schema) -> int:
    """How many years of the country's record each history of a part has."""
    return int((schema.metadata or {}).get(b"years", b"0"))


def missing(folder: Path, layout: Layout, size: int, histories: int) -> Iterator[Part]:
    """The parts that lack a history below `histories`, in order; a part that is whole costs one look at its footer."""
    for first in range(0, histories, size):
        stop = min(first + size, histories)
        if rows_in(folder, first) < stop - first:
            part = Part(folder, layout, first, stop)
            if len(part.missing):
                yield part


def rows_in(folder: Path, first: int) -> int:
    """Histories in a part; 0 when it is not there, cannot be read, or lacks its bands."""
    try:
        count = pq.read_metadata(part_file(folder, first)).num_rows
        wanted = _years_in(pq.read_schema(part_file(folder, first))) * count
        if wanted and years.rows_in(folder, first) != wanted:
            return 0
        return count if _histories(pq.read_schema(bands_file(folder, first))) == count else 0
    except (OSError, pa.ArrowException, KeyError):
        return 0


def merge_bands(folder: Path, layout: Layout, write: bool = True) -> np.ndarray:
    """The counts of all parts together, (T, Q, 128); written as `bands.parquet`, unless that is there and complete."""
    firsts = [int(path.stem.split("-")[1]) for path in part_files(folder)]
    histories = sum(rows_in(folder, first) for first in firsts)
    path = folder / BANDS
    try:
        if _histories(pq.read_schema(path)) == histories:
            return dense(layout, read(path))
    except (OSError, pa.ArrowException):
        pass
    bands = np.zeros((layout.months, len(layout.series), 128), np.int64)
    for first in firsts:
        if rows_in(folder, first):
            dense(layout, read(bands_file(folder, first)), bands)
    if write:
        write_table(path, _counted(layout, sparse(layout, bands), histories))
    return bands


def close_bands(folder: Path, layout: Layout) -> None:
    """Write `bands.parquet`, unless it is there and complete; that of a single part is a copy of the part's."""
    files = part_files(folder)
    if bands_whole(folder):
        return
    if len(files) == 1 and rows_in(folder, first := int(files[0].stem.split("-")[1])):
        with replacing(folder / BANDS) as beside:
            shutil.copyfile(bands_file(folder, first), beside)
        return
    merge_bands(folder, layout)


def bands_whole(folder: Path) -> bool:
    """Whether `bands.parquet` counts every history that is there."""
    try:
        return _histories(pq.read_schema(folder / BANDS)) == sum(rows_in(folder, int(path.stem.split("-")[1])) for path in part_files(folder))
    except (OSError, pa.ArrowException, KeyError):
        return False


def failures(folder: Path) -> list[dict]:
    """Every history that failed, as the parts have it."""
    found: list[dict] = []
    for path in part_files(folder):
        found += json.loads((pq.read_schema(path).metadata or {}).get(b"failures", b"[]"))
    return found


def write_failures(folder: Path, rows: Iterable[dict]) -> None:
    """`failures.jsonl`: one line a history that failed; no file when none did."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if text:
        write_text(folder / FAILURES, text)
    else:
        (folder / FAILURES).unlink(missing_ok=True)
