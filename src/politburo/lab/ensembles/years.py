"""The country's yearly record: a second table beside the histories, one row a history and calendar year.

Columns: `history`, `year`, then every series of `politburo.engine.country.year` and, for each region, `NAME.REGION`; float32. A
part's years are `years-FIRST.parquet`: no dictionaries, bytes split into streams, zstd, so that a year of a hundred series takes
some 200 bytes. Only years whose December was run are there. A case without a country has none of this.

Reading is by column and part by part, so memory grows with what is asked for: one series of 100,000 histories over
thirty-one years is 12 MB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ...case.compile import Compiled
from ...case.country import REGIONS
from ...engine.country.year import AGED, NAMES, REGIONAL
from ...faults import Fault, Faults, listed, nearest
from .arrow import as_arrow, numbers, replacing

#: Every series, in the order of `Kept.years`.
SERIES = (*NAMES, *(f"{name}.{region}" for name in REGIONAL for region in REGIONS), *AGED)
_COLUMN = {name: k for k, name in enumerate(SERIES)}


def column(name: str) -> int:
    """The place of a series in `Kept.years`; an unknown one is a fault with the nearest name."""
    if name not in _COLUMN:
        raise Faults([Fault("series", 0, 0, f"no series {name!r}", listed(SERIES, 20), nearest(name, SERIES))])
    return _COLUMN[name]


def calendar(compiled: Compiled) -> tuple[int, ...]:
    """Calendar years whose December lies within the months that are run."""
    first = compiled.case.start.ordinal
    return tuple(y for y in range(first // 12, (first + compiled.months - 1) // 12 + 1) if first <= y * 12 + 11 < first + compiled.months)


def schema() -> pa.Schema:
    """Types of the columns."""
    return pa.schema([("history", pa.int64()), ("year", pa.int16()), *((name, pa.float32()) for name in SERIES)])


def to_table(years: np.ndarray, histories: np.ndarray, years_run: Sequence[int]) -> pa.Table | None:
    """The years of some histories as rows; None when there are none. `years`: (H, Y, V) as in `Kept`."""
    if years.shape[1] == 0 or not years_run:
        return None
    n, y = len(histories), len(years_run)
    values = years[:, :y].reshape(n * y, years.shape[2])
    columns = [np.repeat(histories.astype(np.int64), y), np.tile(np.asarray(years_run, np.int16), n), *np.ascontiguousarray(values.T)]
    kinds = schema()
    return pa.Table.from_arrays([as_arrow(column, field.type) for column, field in zip(columns, kinds, strict=True)], schema=kinds)


def file(folder: Path, first: int) -> Path:
    """The years of the part that begins with this history."""
    return folder / f"years-{first:08d}.parquet"


def write(path: Path, table: pa.Table) -> None:
    """Write one row group in one step."""
    with replacing(path) as beside:
        pq.write_table(
            table.combine_chunks(), beside, row_group_size=max(table.num_rows, 1), compression="zstd", compression_level=1,
            use_dictionary=False, use_byte_stream_split=list(SERIES), column_encoding={"history": "DELTA_BINARY_PACKED", "year": "DELTA_BINARY_PACKED"},
        )  # fmt: skip


def rows_in(folder: Path, first: int) -> int:
    """Rows of a part's years; 0 when they cannot be read."""
    try:
        return pq.read_metadata(file(folder, first)).num_rows
    except (OSError, pa.ArrowException):
        return 0


def read(files: Sequence[Path], names: Sequence[str], years_run: Sequence[int], most: int | None = None) -> Iterator[np.ndarray]:
    """Part by part, (len(names), H, Y) float32 of the series named."""
    taken, y = 0, len(years_run)
    for path in files:
        with pq.ParquetFile(path) as opened:
            table = opened.read(list(names))
        histories = table.num_rows // y if most is None else min(table.num_rows // y, most - taken)
        yield np.stack([numbers(table[name]).reshape(-1, y)[:histories] for name in names])
        taken += histories
        if most is not None and taken >= most:
            return


def total(values: np.ndarray, years_run: Sequence[int], first: int, last: int | None = None) -> np.ndarray:
    """A value in a year, or the total over years: (H,) from (H, Y)."""
    at = [k for k, year in enumerate(years_run) if first <= year <= (first if last is None else last)]
    return values[:, at].sum(axis=1, dtype=np.float64)


def asked(compiled: Compiled) -> tuple[str, ...]:
    """Series that the case's own targets and outcomes ask for."""
    entries = [*compiled.case.targets.values(), *compiled.case.outcomes.values()]
    return tuple(dict.fromkeys(entry.series for entry in entries if entry.kind == "series"))


def sparse(parts_: Sequence[np.ndarray], names: Sequence[str], years_run: Sequence[int]) -> np.ndarray:
    """(H, Y, V) that holds these series only; the others are 0 and take no memory until they are read."""
    n = sum(piece.shape[1] for piece in parts_)
    found = np.zeros((len(SERIES), n, len(years_run)), np.float32)
    for k, name in enumerate(names):
        found[column(name)] = np.concatenate([piece[k] for piece in parts_])
    return found.transpose(1, 2, 0)
