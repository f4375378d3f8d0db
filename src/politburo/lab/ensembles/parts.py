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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ...engine.state import Kept
from ...faults import Fault, Faults
from . import years
from .arrow import numbers, read, replacing, write_table, write_text
from .columns import BANDS as BANDS_SCHEMA
from .columns import Layout, dense, sparse, to_table

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
    """Some histories of a part as they come from a worker: tables from another process, arrays from a thread of this one.

    done : histories in it; failures : those that failed, each as a row
    rows, bands, years : tables; the years where there is a country
    kept, histories, particles : arrays instead of them, which are packed once for the whole part
    """

    done: int
    rows: pa.Table | None = None
    bands: pa.Table | None = None
    years: pa.Table | None = None
    failures: list[dict] = field(default_factory=list)
    kept: Kept | None = None
    histories: np.ndarray | None = None
    particles: np.ndarray | None = None

    def packed(self, layout: Layout) -> Slice:
        """The same as tables."""
        if self.kept is None:
            return self
        rows = to_table(layout, self.kept, self.histories, self.particles)
        yearly = years.to_table(self.kept.years, self.histories, layout.calendar)
        return Slice(self.done, rows, sparse(layout, self.kept.bands), yearly, self.failures)


def joined(slices: Sequence[Slice]) -> Slice:
    """Slices of arrays as one, in the order of histories; their bands are left out."""
    if len(slices) == 1:
        return slices[0]
    slices = sorted(slices, key=lambda one: one.histories[0])
    kept = Kept(*(None if name == "bands" else np.concatenate([getattr(one.kept, name) for one in slices]) for name in Kept._fields))
    histories, particles = (np.concatenate([getattr(one, name) for one in slices]) for name in ("histories", "particles"))
    return Slice(len(histories), kept=kept, histories=histories, particles=particles)


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
    _counts: np.ndarray | None = None  # bands of slices that came as arrays

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
            counted = _histories(said(bands_file(self.folder, self.first)))
        except (OSError, pa.ArrowException):
            return None
        wanted = _years_in(rows.schema.metadata) * rows.num_rows
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
        if slice_.kept is not None:  # counted at once: a table of counts is larger than the histories of a small slice
            counts = np.asarray(slice_.kept.bands)
            self._counts = counts if self._counts is None else np.add(self._counts, counts, out=self._counts)
            slice_ = replace(slice_, kept=slice_.kept._replace(bands=None))
        self._new.append(slice_)

    def write(self) -> None:
        """Write the part with all that has come in."""
        if not self._new:
            return
        there = [] if self._old is None else [self._old.replace_schema_metadata(self.layout.schema.metadata)]
        found = [] if self._old_years is None else [self._old_years]
        arrays = [slice_ for slice_ in self._new if slice_.kept is not None]
        tables = [slice_ for slice_ in self._new if slice_.kept is None]
        if arrays:
            whole = joined(arrays)
            there.append(to_table(self.layout, whole.kept, whole.histories, whole.particles))
            found.append(years.to_table(whole.kept.years, whole.histories, self.layout.calendar))
        there += [slice_.rows for slice_ in tables]
        found += [slice_.years for slice_ in tables]
        counted = self._all_bands(tables)
        rows = pa.concat_tables(there)
        if (np.diff(numbers(rows["history"])) < 0).any():  # sorting copies every column, and slices mostly come in order
            rows = rows.sort_by("history")
        failures = sorted((row for slice_ in self._new for row in slice_.failures), key=lambda row: row["history"])
        metadata = dict(self.layout.schema.metadata)
        if found := [table for table in found if table is not None]:
            yearly = pa.concat_tables(found)
            if (np.diff(numbers(yearly["history"])) < 0).any():
                yearly = yearly.sort_by([("history", "ascending"), ("year", "ascending")])
            metadata[b"years"] = str(yearly.num_rows // max(rows.num_rows, 1)).encode()
            years.write(years.file(self.folder, self.first), yearly)
        if failures:
            metadata[b"failures"] = json.dumps(failures).encode()
        write_table(bands_file(self.folder, self.first), _counted(self.layout, counted, rows.num_rows), BANDS_SCHEMA.names)
        write_table(part_file(self.folder, self.first), rows.replace_schema_metadata(metadata))
        self._old, self._old_years, self._new, self._counts = None, None, [], None

    def _all_bands(self, tables: Sequence[Slice]) -> pa.Table:
        """The counts of all histories of the part."""
        if self._old is None and self._counts is None and len(tables) == 1:
            return tables[0].bands  # nothing to add up
        bands = self._counts
        if bands is None:
            bands = np.zeros((self.layout.months, len(self.layout.series), 128), np.int64)
        for slice_ in tables:
            dense(self.layout, slice_.bands, bands)
        if self._old is not None:
            dense(self.layout, _read_bands(bands_file(self.folder, self.first)), bands)
        return sparse(self.layout, bands)


def _counted(layout: Layout, counts: pa.Table, histories: int) -> pa.Table:
    about = json.dumps({"histories": histories, "months": layout.months, "start": layout.start, "bins": 128})
    return counts.replace_schema_metadata({"politburo": about})


def said(path: Path) -> Mapping[bytes, bytes]:
    """What a file says of itself, without its columns: reading those of six hundred takes longer."""
    return pq.read_metadata(path).metadata or {}


def _histories(about: Mapping[bytes, bytes]) -> int:
    """How many histories a table of bands counts."""
    return json.loads(about[b"politburo"])["histories"]


def _years_in(about: Mapping[bytes, bytes] | None) -> int:
    """How many years of the country's record each history of a part has."""
    return int((about or {}).get(b"years", b"0"))


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
        footer = pq.read_metadata(part_file(folder, first))
        count, wanted = footer.num_rows, _years_in(footer.metadata) * footer.num_rows
        if wanted and years.rows_in(folder, first) != wanted:
            return 0
        return count if _histories(said(bands_file(folder, first))) == count else 0
    except (OSError, pa.ArrowException, KeyError):
        return 0


def merge_bands(folder: Path, layout: Layout, write: bool = True) -> np.ndarray:
    """The counts of all parts together, (T, Q, 128); written as `bands.parquet`, unless that is there and complete."""
    firsts = [int(path.stem.split("-")[1]) for path in part_files(folder)]
    histories = sum(rows_in(folder, first) for first in firsts)
    path = folder / BANDS
    try:
        if _histories(said(path)) == histories:
            return dense(layout, _read_bands(path))
    except (OSError, pa.ArrowException):
        pass
    bands = np.zeros((layout.months, len(layout.series), 128), np.int64)
    for first in firsts:
        if rows_in(folder, first):
            dense(layout, _read_bands(bands_file(folder, first)), bands)
    if write:
        write_table(path, _counted(layout, sparse(layout, bands), histories), BANDS_SCHEMA.names)
    return bands


def _read_bands(path: Path) -> pa.Table:
    return read(path, encoded=["series"])


def close_bands(folder: Path, layout: Layout, fresh: bool = False) -> None:
    """Write `bands.parquet`, unless it is there and complete; that of a single part is a copy of the part's.

    fresh : the parts were written a moment ago, and need not be looked at again
    """
    files = part_files(folder)
    if not fresh and bands_whole(folder):
        return
    if len(files) == 1 and (fresh or rows_in(folder, int(files[0].stem.split("-")[1]))):
        with replacing(folder / BANDS) as beside:
            shutil.copyfile(bands_file(folder, int(files[0].stem.split("-")[1])), beside)
        return
    merge_bands(folder, layout)


def bands_whole(folder: Path) -> bool:
    """Whether `bands.parquet` counts every history that is there."""
    try:
        return _histories(said(folder / BANDS)) == sum(rows_in(folder, int(path.stem.split("-")[1])) for path in part_files(folder))
    except (OSError, pa.ArrowException, KeyError):
        return False


def failures(folder: Path) -> list[dict]:
    """Every history that failed, as the parts have it."""
    found: list[dict] = []
    for path in part_files(folder):
        found += json.loads(said(path).get(b"failures", b"[]"))
    return found


def write_failures(folder: Path, rows: Iterable[dict]) -> None:
    """`failures.jsonl`: one line a history that failed; no file when none did."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if text:
        write_text(folder / FAILURES, text)
    else:
        (folder / FAILURES).unlink(missing_ok=True)
