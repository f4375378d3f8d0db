"""Arrow and Parquet under the results: arrays over the same memory, files that appear whole or not at all.

`pyarrow`'s own conversions import pandas only to ask whether something is one of its tables, a third of a second at every
start, so numbers go over by their buffers. Files are written beside and moved into place, one row group each.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

#: How a file is called while it is written.
BESIDE = ".writing-"


def as_arrow(values: np.ndarray, kind: pa.DataType) -> pa.Array:
    """An Arrow array over the same memory. (`pa.array` and `to_numpy` would import pandas, a third of a second, only to ask.)"""
    values = np.ascontiguousarray(values, kind.to_pandas_dtype())
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])


def numbers(column: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """A column of numbers without nulls as a NumPy array, read-only."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    kind = np.dtype(array.type.to_pandas_dtype())
    if not len(array):
        return np.zeros(0, kind)
    return np.frombuffer(array.buffers()[1], kind, len(array), array.offset * kind.itemsize)


def repeated(names: tuple[str, ...], which: np.ndarray) -> pa.Array:
    """The strings `names[which]` as an Arrow array, likewise. (Casting a dictionary imports `pyarrow.compute`, 40 ms.)"""
    data = [name.encode() for name in names]
    offsets = np.zeros(len(which) + 1, np.int32)
    np.cumsum(np.array([*map(len, data)], np.int32)[which], out=offsets[1:])
    begins = np.flatnonzero(np.diff(which, prepend=-1))  # equal ones mostly stand together
    lengths = np.diff(begins, append=len(which)).tolist()
    text = b"".join(data[name] * count for name, count in zip(which[begins].tolist(), lengths, strict=True))
    return pa.StringArray.from_buffers(len(which), pa.py_buffer(offsets), pa.py_buffer(text))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to; what is there at the end takes the place of `path` in one step."""
    beside = path.with_name(f"{BESIDE}{path.name}")
    yield beside
    with open(beside, "rb+") as file:
        os.fsync(file.fileno())
    beside.replace(path)


def write_text(path: Path, text: str) -> None:
    """Write a small file in one step."""
    with replacing(path) as beside:
        beside.write_bytes(text.encode())


def write_table(path: Path, table: pa.Table, repeated: Sequence[str] = ()) -> None:
    """Write one row group in one step: zstd, and dictionaries for the columns named in `repeated`.

    Six hundred columns cost a third more with dictionaries and bounds for each, and take more room.
    """
    with replacing(path) as beside:
        pq.write_table(
            table.combine_chunks(), beside, row_group_size=max(table.num_rows, 1), compression="zstd", compression_level=1,
            use_dictionary=list(repeated), write_statistics=[name for name in ("history", "month") if name in table.column_names],
        )  # fmt: skip


def read(path: Path, columns: Sequence[str] | None = None, encoded: Sequence[str] = ()) -> pa.Table:
    """A Parquet file as a table; columns in `encoded` as dictionaries. (`pyarrow.parquet.read_table` would import its dataset module,
    and pandas with it.)
    """
    with pq.ParquetFile(path, read_dictionary=list(encoded)) as file:
        table = file.read(None if columns is None else list(columns))
    return table if columns is None else table.select(list(columns))


def sweep(folder: Path) -> None:
    """Remove what a killed process left half-written."""
    for path in folder.glob(f"{BESIDE}*"):
        path.unlink(missing_ok=True)
