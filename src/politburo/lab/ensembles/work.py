"""Running slices of histories on whatever can run them: threads here, or any executor that can `submit`.

A slice is some consecutive histories of a part. Its cut decides nothing: a history depends on its number only, rows
are put in order and counts are added. So slices are sized for the machine, parts for the disk.
"""

from __future__ import annotations

import pickle
import traceback
from collections import deque
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ...case.arrays import World
from ...engine.ensemble import Engine
from .columns import Layout, sparse
from .parts import Slice
from .provenance import Call, settled

#: Most and fewest histories of a slice. Setting up and packing a slice costs some 20 ms, as much as a few histories.
LARGEST, SMALLEST = 625, 16


@dataclass(frozen=True)
class Task:
    """What a worker needs: the world, the mechanisms (a user's own as text), the names. Pickled once for a run."""

    id: str
    world: World
    parameters: tuple[str, ...]
    months: int
    mechanisms: tuple[str | tuple[str, str], ...]
    layout: Layout

    @classmethod
    def of(cls, call: Call) -> Task:
        mechanisms = tuple((m.name, m.read_text()) if isinstance(m, Path) else m for m in call.mechanisms)
        compiled = call.compiled
        return cls(call.id, compiled.world, compiled.parameters, compiled.months, mechanisms, Layout.of(compiled))

    def engine(self) -> Engine:
        entries = [settled(*m) if isinstance(m, tuple) else m for m in self.mechanisms]
        return Engine(self.world, self.parameters, self.months, entries)


def engine_of(call: Call) -> Engine:
    """The engine of a call, one for as long as the call lasts; machine code is made when it is the first with this list of mechanisms.

    Setting one up takes as long as a dozen histories: the country's recorded path.
    """
    engine = call.__dict__.get("_engine")
    if engine is None:
        compiled = call.compiled
        engine = call.__dict__["_engine"] = Engine(compiled.world, compiled.parameters, compiled.months, call.mechanisms)
    return engine


def run_slice(engine: Engine, layout: Layout, histories: np.ndarray, particles: np.ndarray, rows: np.ndarray) -> Slice:
    """Run consecutive histories. One that raises becomes a failure with its traceback; the others are not lost."""
    try:
        kept, _ = engine.run(int(histories[0]), rows)
    except Exception as error:
        if len(histories) == 1:
            failure = {
                "history": int(histories[0]), "particle": int(particles[0]), "error": f"{type(error).__name__}: {error}",
                "traceback": traceback.format_exc(),
            }  # fmt: skip
            none = sparse(layout, np.zeros((1, len(layout.series), 128), np.int64))
            return Slice(0, layout.schema.empty_table(), none, None, [failure])
        half = len(histories) // 2
        return _join([run_slice(engine, layout, histories[s], particles[s], rows[s]).packed(layout) for s in (slice(half), slice(half, None))])
    return Slice(len(histories), kept=kept, histories=histories, particles=particles)


def _join(slices: list[Slice]) -> Slice:
    import pyarrow as pa

    return Slice(
        sum(s.done for s in slices), pa.concat_tables([s.rows for s in slices]), pa.concat_tables([s.bands for s in slices]),
        pa.concat_tables(yearly) if (yearly := [s.years for s in slices if s.years is not None]) else None,
        [failure for s in slices for failure in s.failures],
    )  # fmt: skip


#: The last engine that this process was given, so that a worker sets it up once and not for each slice.
_LAST: dict[str, tuple[Engine, Layout]] = {}


def run_elsewhere(id_: str, task: bytes, histories: np.ndarray, particles: np.ndarray, rows: np.ndarray) -> Slice:
    """`run_slice` in another process, as tables."""
    if id_ not in _LAST:
        opened: Task = pickle.loads(task)
        _LAST.clear()
        _LAST[id_] = (opened.engine(), opened.layout)
    return run_slice(*_LAST[id_], histories, particles, rows).packed(_LAST[id_][1])


def cut(missing: np.ndarray, most: int) -> Iterator[np.ndarray]:
    """Runs of consecutive numbers, none longer than `most`, in order."""
    if not len(missing):
        return
    for stretch in np.split(missing, np.flatnonzero(np.diff(missing) != 1) + 1):
        for at in range(0, len(stretch), most):
            yield stretch[at : at + most]


def slice_size(histories: int, workers: int) -> int:
    """Histories of a slice: enough slices that no worker waits long at the end, not so many that packing them shows."""
    if workers == 1:  # nobody waits for anybody
        return LARGEST
    return int(min(LARGEST, max(SMALLEST, -(-histories // (6 * workers)))))


class Work:
    """What slices of one call need, made when it is first needed: the engine here, or its description for workers elsewhere."""

    def __init__(self, call: Call, layout: Layout | None = None, engine: Engine | None = None):
        self.call, self.layout = call, layout or Layout.of(call.compiled)
        self._engine = engine

    @cached_property
    def task(self) -> bytes:
        """The `Task`, pickled."""
        return pickle.dumps(Task.of(self.call), protocol=5)

    def arguments(self, histories: np.ndarray) -> tuple[np.ndarray, ...]:
        return histories, self.call.particle(histories), self.call.rows(histories)

    def here(self, histories: np.ndarray) -> Slice:
        """A slice run in this process."""
        return run_slice(self._engine or engine_of(self.call), self.layout, *self.arguments(histories))


class Stream:
    """Slices in the order in which they were given, a few in flight and no more, so that memory stays flat.

    executor : None for threads of this process; else anything with `submit(function, *arguments) -> future`. When it breaks
        (a worker was killed), what it had not given back is run here, and `notice` says so.
    """

    def __init__(self, workers: int, executor: Any = None, notice: Any = None):
        self._workers = workers
        self._foreign, self._notice = executor, notice
        self._pool: Executor | None = ThreadPoolExecutor(workers) if executor is None else None
        self._flight: deque = deque()
        self._told = False

    def map(self, jobs: Iterator[tuple[Any, Work, np.ndarray]]) -> Iterator[tuple[Any, Slice]]:
        """(tag, Slice) for each (tag, work, histories)."""
        for tag, work, histories in jobs:
            self._flight.append((tag, work, histories, self._submit(work, histories)))
            if len(self._flight) > 2 * self._workers:
                yield self._next()
        while self._flight:
            yield self._next()

    def _submit(self, work: Work, histories: np.ndarray) -> Any:
        if self._foreign is not None:
            try:
                return self._foreign.submit(run_elsewhere, work.call.id, work.task, *work.arguments(histories))
            except (BrokenExecutor, RuntimeError) as error:
                self._broken(error)
        return self._local().submit(work.here, histories)

    def _local(self) -> Executor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._workers)
        return self._pool

    def _broken(self, error: BaseException) -> None:
        if self._foreign is not None and self._notice is not None:
            self._notice(f"the executor gave up ({type(error).__name__}: {error}); the rest runs on threads here")
        self._foreign = None

    def _next(self) -> tuple[Any, Slice]:
        # Looked at, and taken off only when it is there: an interrupt while waiting must not lose a slice.
        tag, work, histories, future = self._flight[0]
        try:
            slice_ = future.result()
        except Exception as error:
            if isinstance(error, BrokenExecutor):
                self._broken(error)
            elif not self._told and self._notice is not None:
                self._told = True
                self._notice(f"work came back undone ({type(error).__name__}: {error}); it is done here")
            slice_ = work.here(histories)
        self._flight.popleft()
        return tag, slice_

    def finish(self, keep: bool) -> list[tuple[Any, Slice]]:
        """Stop: cancel what has not begun, wait for what has, and give what came of it when `keep`."""
        found = []
        for *_, future in self._flight:
            future.cancel()
        for tag, *_, future in self._flight:
            if keep and not future.cancelled():
                try:
                    found.append((tag, future.result()))
                except Exception:
                    continue  # it will be run when the run goes on
        self._flight.clear()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        return found
