"""Running many histories: chunks of them on threads, the same bits however they are cut.

A history depends on its number, the seed, the world and its row of parameters only. So an ensemble is cut into
chunks of any size, each thread fills its own `Kept`, and bands (counts) are added. Machine code releases the
interpreter, so two threads run on two cores.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numba.core import config

from ..case.arrays import World
from . import month as _month
from .kernel import COMPILED
from .state import Kept, allocate, for_kernel, keep, plain


def parameter_table(names: Sequence[str], rows: np.ndarray) -> np.ndarray:
    """Parameters as a structured array, one row a history, so that a mechanism reads `p.threat`."""
    table = np.zeros(len(rows), np.dtype([(name, "f8") for name in names]))
    for column, name in enumerate(names):
        table[name] = rows[:, column]
    return table.view(np.recarray) if COMPILED else plain(table)


_compiling = threading.Lock()


def _compile(entry, *arguments) -> None:
    """Compile the entry for these arguments (a run of no histories), at LLVM's first level of optimisation.

    The third level takes a quarter longer to compile and makes histories 4 % faster, with the same bits.
    """
    with _compiling:
        if COMPILED and not entry.signatures:
            level = config.OPT
            config.OPT = type(level)(1)
            try:
                entry(*arguments)
            finally:
                config.OPT = level


class Engine:
    """A world with its mechanisms, ready to run.

    Parameters
    ----------
    world : World
    names : parameter names, in the order of the columns of every parameter array
    mechanisms : names or paths of the mechanisms, in order; None = the standard month
    months : how many months a history runs; at most the length of the world's signals
    """

    def __init__(self, world: World, names: Sequence[str], months: int, mechanisms: Sequence[str | Path] | None = None):
        self.world = world
        self.names = tuple(names)
        self.months = months
        self.mechanisms = tuple(_month.STANDARD if mechanisms is None else mechanisms)
        self._entry = _month.histories(self.mechanisms)
        self._form = for_kernel(world)
        self._extra = _month.extra_state(self.mechanisms)

    def run(self, first: int, rows: np.ndarray, tracing: bool = False, room: tuple | None = None):
        """Run histories first, first + 1, ... with one row of parameters each. Returns (Kept, State)."""
        state, kept = room if room is not None else (allocate(self.world, *self._extra), keep(self.world, len(rows)))
        table = parameter_table(self.names, rows)
        if COMPILED and not self._entry.signatures:
            _compile(self._entry, self._form, table, state, kept, first, 0, self.months, int(tracing))
        self._entry(self._form, table, state, kept, first, len(rows), self.months, int(tracing))
        return kept, state

    def trace(self, history: int, row: np.ndarray):
        """One history with its events: (Kept, structured array of events)."""
        kept, state = self.run(history, row[None, :], tracing=True)
        return kept, np.array(state.event[: int(state.now[0].events)])

    def chunks(self, jobs: Sequence[tuple[int, np.ndarray]], workers: int = 1) -> Iterator[tuple[int, Kept]]:
        """Run jobs (first history, parameter rows) on threads; yields (number of the job, Kept) in the order of the jobs."""
        if workers <= 1:
            for number, (first, rows) in enumerate(jobs):
                yield number, self.run(first, rows)[0]
            return
        with ThreadPoolExecutor(workers) as pool:
            waiting: list = []
            for number, (first, rows) in enumerate(jobs):
                waiting.append((number, pool.submit(self.run, first, rows)))
                # Keep a few chunks in flight and no more, so that memory does not grow with the ensemble.
                if len(waiting) > 2 * workers:
                    done, future = waiting.pop(0)
                    yield done, future.result()[0]
            for done, future in waiting:
                yield done, future.result()[0]
