"""The columns of a result: what is kept of each history, as an Arrow table and back.

One row a history. Months are counted from the first month of the case (0), -1 is never; persons are numbered in the
order of the case, -1 is nobody; a set of persons is a 64-bit mask (bit i = person i). `to_table` and `to_kept` are
inverse to each other, bit for bit. Bands become a sparse table of counts, (month, series, bin, count), which adds
up in any order.

    history                 int64    number of the history
    particle                int32    row of the posterior ensemble that it used
    died.P                  int16    month of death of person P
    fall.P.RUNG             int16    first month in which the sanction was in force
    circle@M, candidates@M  uint64   full and candidate members of the circle at the end of month M
    side@M                  uint64   those who stood with the ruling coalition
    leader@M, ruler@M       int16    strongest full member; sole ruler
    congress.K.month ...    int16    K-th congress: month, committee size, circle size; .against float32
    ruler, purge_start ...           measures of the whole history, named in `politburo.engine.state.WHOLE`
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from ...case.arrays import MOST_CONGRESSES, RUNGS
from ...case.compile import Compiled
from ...engine.state import BINS, SERIES_OF_ALL, SERIES_OF_PERSON, WHOLE, Kept

from . import years
from .arrow import as_arrow, numbers, repeated

#: Measures that are shares or indices; every other one is a whole number.
SHARES = ("committee_dead_share", "army_lost", "ballot_dissent", "document_vote", "fear", "grievance")
#: What is kept of a congress, in the order of `Kept.congress`, with its type.
CONGRESS = (("month", pa.int16()), ("against", pa.float32()), ("size", pa.int16()), ("circle", pa.int16()))
#: Full scale of a series where it is not one: values are divided by it before they are counted.
SCALE = {"suspicion": 4.0}

BANDS = pa.schema([("month", pa.int16()), ("series", pa.string()), ("bin", pa.uint8()), ("count", pa.int64())])


@dataclass(frozen=True)
class Layout:
    """Names behind the numbers: everything needed to write and read the columns of one compiled case."""

    people: tuple[str, ...]
    names: tuple[str, ...]
    watched: tuple[str, ...]
    checks: tuple[str, ...]
    start: str
    months: int
    calendar: tuple[int, ...] = ()  # years of the country's record

    @classmethod
    def of(cls, compiled: Compiled) -> Layout:
        return cls(
            compiled.people, compiled.names, compiled.watched, tuple(map(str, compiled.checks)), str(compiled.case.start),
            compiled.months, years.calendar(compiled) if compiled.world.country is not None else (),
        )  # fmt: skip

    @cached_property
    def series(self) -> tuple[str, ...]:
        """Names of the monthly series, in the order of `Kept.bands`."""
        return (*(f"{kind}.{person}" for person in self.watched for kind in SERIES_OF_PERSON), *SERIES_OF_ALL)

    @cached_property
    def schema(self) -> pa.Schema:
        """Columns in order, with the names of people, months and measures in the metadata."""
        fields = [("history", pa.int64()), ("particle", pa.int32())]
        fields += [(name, pa.float32() if name in SHARES else pa.int16()) for name in WHOLE]
        fields += [(f"died.{person}", pa.int16()) for person in self.people]
        fields += [(f"fall.{person}.{rung}", pa.int16()) for person in self.people for rung in RUNGS[1:]]
        for month in self.checks:
            fields += [(f"{mask}@{month}", pa.uint64()) for mask in ("circle", "candidates", "side")]
            fields += [(f"leader@{month}", pa.int16()), (f"ruler@{month}", pa.int16())]
        fields += [(f"congress.{k + 1}.{name}", kind) for k in range(MOST_CONGRESSES) for name, kind in CONGRESS]
        about = {
            "people": dict(zip(self.people, self.names, strict=True)), "start": self.start, "months": self.months,
            "rungs": RUNGS[1:], "checks": self.checks,
        }  # fmt: skip
        return pa.schema(fields, metadata={"politburo": json.dumps(about, ensure_ascii=False)})


def to_table(layout: Layout, kept: Kept, histories: np.ndarray, particles: np.ndarray) -> pa.Table:
    """The histories of `kept` as rows. `histories`, `particles`: (H,) their numbers and the particles they used."""
    columns: list[np.ndarray] = [histories.astype(np.int64), particles.astype(np.int32)]
    columns += [kept.whole[:, k] for k in range(len(WHOLE))]
    columns += list(np.ascontiguousarray(kept.alive.T))
    columns += [row for person in np.ascontiguousarray(kept.first[:, :, 1:].transpose(1, 2, 0)) for row in person]
    bit = np.uint64(1) << np.arange(len(layout.people), dtype=np.uint64)
    full, candidate, side = ((values.astype(np.uint64) @ bit).T for values in (kept.circle == 2, kept.circle == 1, kept.side == 1))
    for c in range(len(layout.checks)):
        columns += [full[c], candidate[c], side[c], kept.leader[:, c], kept.ruler[:, c]]
    for k in range(MOST_CONGRESSES):
        columns += [kept.congress[:, k, j] for j in range(len(CONGRESS))]
    schema = layout.schema
    return pa.Table.from_arrays([as_arrow(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema)


def to_kept(layout: Layout, table: pa.Table, bands: np.ndarray | None = None) -> Kept:
    """The arrays that `to_table` was given. Bands are not in the rows; pass them, or the table is left empty."""
    n, h, c = len(layout.people), table.num_rows, len(layout.checks)

    def column(name: str, dtype: type) -> np.ndarray:
        return numbers(table[name]).astype(dtype, copy=False)

    kept = Kept(
        first=np.full((h, n, len(RUNGS)), -1, np.int16),
        circle=np.zeros((h, c, n), np.int8),
        side=np.zeros((h, c, n), np.int8),
        alive=np.empty((h, n), np.int16),
        leader=np.empty((h, c), np.int16),
        ruler=np.empty((h, c), np.int16),
        whole=np.empty((h, len(WHOLE)), np.float32),
        congress=np.empty((h, MOST_CONGRESSES, len(CONGRESS)), np.float32),
        years=np.zeros((h, 0, 0), np.float32),
        bands=np.zeros((0, len(layout.series), BINS), np.int64) if bands is None else bands,
    )
    for k, name in enumerate(WHOLE):
        kept.whole[:, k] = column(name, np.float32)
    for i, person in enumerate(layout.people):
        kept.alive[:, i] = column(f"died.{person}", np.int16)
        for r, rung in enumerate(RUNGS[1:], 1):
            kept.first[:, i, r] = column(f"fall.{person}.{rung}", np.int16)
    for k, month in enumerate(layout.checks):
        full, candidate, side = (column(f"{mask}@{month}", np.uint64) for mask in ("circle", "candidates", "side"))
        kept.circle[:, k] = 2 * _bits(full, n) + _bits(candidate, n)
        kept.side[:, k] = _bits(side, n)
        kept.leader[:, k] = column(f"leader@{month}", np.int16)
        kept.ruler[:, k] = column(f"ruler@{month}", np.int16)
    for k in range(MOST_CONGRESSES):
        for j, (name, _) in enumerate(CONGRESS):
            kept.congress[:, k, j] = column(f"congress.{k + 1}.{name}", np.float32)
    return kept


def _bits(mask: np.ndarray, n: int) -> np.ndarray:
    """A column of masks as a table of 0 and 1, (H, n)."""
    return ((mask[:, None] >> np.arange(n, dtype=np.uint64)) & np.uint64(1)).astype(np.int8)


def sparse(layout: Layout, bands: np.ndarray) -> pa.Table:
    """Counts of (T, Q, 128) as the rows that are not zero, in order of month, series and bin."""
    where = np.flatnonzero(bands)
    month, rest = np.divmod(where.astype(np.int32) if bands.size < 2**31 else where, bands.shape[1] * BINS)
    q, bin_ = rest // BINS, rest % BINS  # a power of two: shifts and masks
    columns = [as_arrow(month, pa.int16()), repeated(layout.series, q), as_arrow(bin_, pa.uint8()), as_arrow(bands.reshape(-1)[where], pa.int64())]
    return pa.Table.from_arrays(columns, schema=BANDS)


def dense(layout: Layout, table: pa.Table, into: np.ndarray | None = None) -> np.ndarray:
    """Counts as (T, Q, 128), added to `into` when it is given."""
    bands = np.zeros((layout.months, len(layout.series), BINS), np.int64) if into is None else into
    encoded = table["series"].combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    number = {name: q for q, name in enumerate(layout.series)}
    of = np.array([number[name] for name in encoded.dictionary.to_pylist()] or [0])
    place = (numbers(table["month"]).astype(np.int64) * len(layout.series) + of[numbers(encoded.indices)]) * BINS + numbers(table["bin"])
    np.add.at(bands.reshape(-1), place, numbers(table["count"]))  # a place may come several times
    return bands


def quantiles(counts: np.ndarray, at: np.ndarray, scale: float = 1.0) -> np.ndarray:
    """Quantiles of counted values. `counts`: (T, 128); `at`: (K,) in [0, 1]. Returns (T, K), nan where nothing is counted.

    Linear inside a bin, so a quantile errs by at most 1/128 of the scale; what lies in the lowest bin reads as 0, because
    nearly all of it is exactly 0 (a person outside the circle has no power in it).
    """
    total = counts.sum(axis=1, keepdims=True)
    below = np.cumsum(counts, axis=1)
    rank = np.clip(at[None, :] * total, 0.5, None)  # the least value lies in the first bin that holds anything
    bin_ = np.minimum((below[:, None, :] < rank[:, :, None]).sum(axis=2), BINS - 1)
    inside = np.take_along_axis(counts, bin_, axis=1)
    before = np.take_along_axis(below, bin_, axis=1) - inside
    value = np.where(bin_ == 0, 0.0, (bin_ + np.clip((rank - before) / np.maximum(inside, 1), 0.0, 1.0)) / BINS)
    return np.where(total > 0, value * scale, np.nan)
