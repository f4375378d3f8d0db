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

from ..case.arrays import World
from . import country as _country
from . import month as _month
from .country.kernel import Bound, Root, compile_apart, entry_names, is_compiled
from .country.year import AGED, REGIONAL, YEAR
from .kernel import COMPILED
from .state import Kept, State, allocate, for_kernel, keep, plain


def parameter_table(names: Sequence[str], rows: np.ndarray) -> np.ndarray:
    """Parameters as a structured array, one row a history, so that a mechanism reads `p.threat`."""
    table = np.zeros(len(rows), np.dtype([(name, "f8") for name in names or ("none",)]))
    for column, name in enumerate(names):
        table[name] = rows[:, column]
    return table.view(np.recarray) if COMPILED else plain(table)


#: Histories that the recorded path of the signals is the mean of.
BASELINE = 32


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
        if not 0 <= months <= len(world.signal):
            # The compiled code does not look where its arrays end.
            raise ValueError(f"{months} months: the world is compiled for 0 to {len(world.signal)}")
        self.world = world
        self.names = tuple(names)
        self.months = months
        self.mechanisms = tuple(_month.STANDARD if mechanisms is None else mechanisms)
        self._politics = _month.of_side(self.mechanisms, "politics")
        # Country mechanisms in a case without a country have nothing to work on.
        self._listed = entry_names(_month.of_side(self.mechanisms, "country")) if world.country is not None else ()
        self._entry = _month.histories(self._politics)
        self._form = for_kernel(world)
        self._extra = _month.extra_state(self._politics)
        if self._listed:
            self._land = _country.land(world, bool(self._politics))
            self._baseline: tuple | None = None
            self._lock = threading.Lock()
            self._zero = _country.allocate(world.country)
            columns = len(YEAR.names) + len(REGIONAL) * len(_country.REGIONS) + len(AGED)
            start = world.country.first
            self._years = ((start + months - 1) // 12 - start // 12 + 1, columns)

    @property
    def is_compiled(self) -> bool:
        """Whether the machine code of politics and country is in the cache."""
        if not _month.is_compiled(self._politics):
            return False
        if not self._listed or not COMPILED:
            return True
        state, kept = allocate(self.world, *self._extra), keep(self.world, 0, self._years)
        return is_compiled(self._listed, self._arrays(state, kept))

    @property
    def runs_country(self) -> bool:
        """Whether the country runs."""
        return bool(self._listed)

    def country_rows(self, first: int, count: int) -> np.ndarray:
        """(count, P) parameters of the country that these histories draw."""
        return self.world.country.draws.rows(first, count)

    def _bind(self, first: int, state: State, kept: Kept) -> Bound:
        """The country on the room of one run. The draws of a history depend on its number alone."""
        with self._lock:  # threads begin at the same time, and one of them is enough
            if self._baseline is None:
                self._baseline = self._recorded_path() if self._politics and "signals" in self._listed else ()
                if self._baseline:
                    base, spread = self._baseline
                    self._land = _country.land(self.world._replace(country=self.world.country._replace(base=base, spread=spread)), True)
        table = parameter_table(self.world.country.draws.names, self.country_rows(first, len(kept.years)))
        own = _country.allocate(self.world.country)
        shared = _country.LandState(state.now, state.people, state.office, state.stance, state.opinion, own)
        return Bound(Root(self._land, table, shared, kept.years), self._listed)

    def _recorded_path(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and reach (largest distance from it) of the signals on the recorded levers, by month: what differences are measured from.

        Histories 0 to 31 of the country alone, under the case's own draws and luck whatever was changed by hand. Cost: some
        15 ms.
        """
        country = self.world.country
        draws = country.draws if country.recorded_draws is None else country.recorded_draws
        world = self.world._replace(country=country._replace(lever=country.recorded, draws=draws), salt=np.zeros_like(self.world.salt))
        land = _country.land(world, False)
        kept, state = keep(self.world, BASELINE, self._years), allocate(self.world, *self._extra)
        own = _country.allocate(country)
        shared = _country.LandState(state.now, state.people, state.office, state.stance, state.opinion, own)
        bound = Bound(Root(land, parameter_table(draws.names, draws.rows(0, BASELINE)), shared, kept.years), self._listed)
        trails = np.zeros((BASELINE, *own.coupling.trail.shape))
        now = state.now[0]
        now.ruler = now.chief = now.leader = now.force_post = -1
        try:
            for history in range(BASELINE):
                now.history, now.month = history, 0
                bound.call(history, 1)
                if self.months:
                    bound.call(history, -self.months)
                trails[history] = own.coupling.trail
        finally:
            bound.close()
        mean = trails.mean(axis=0)
        return mean, np.abs(trails - mean).max(axis=0)

    def _ready(self, state: State, kept: Kept, table: np.ndarray) -> None:
        """Compile what is not yet there; politics and country at the same time where both are missing."""
        if not COMPILED or self._entry.is_ready(self._form, table, state, kept):
            return
        apart = None
        if self._listed:
            root = self._arrays(state, kept)
            if not is_compiled(self._listed, root) and not self._entry.is_compiled():
                apart = compile_apart(self._listed, root)
        self._entry.compile(self._form, table, state, kept, 0, 0, self.months, 0, 0, 0)
        if apart is not None:
            apart.wait()

    def _arrays(self, state: State, kept: Kept) -> Root:
        """What the country's code would be given, for the types of it."""
        table = parameter_table(self.world.country.draws.names, self.country_rows(0, 1))
        shared = _country.LandState(state.now, state.people, state.office, state.stance, state.opinion, self._zero)
        return Root(self._land, table, shared, kept.years)

    def room(self, histories: int) -> tuple[State, Kept]:
        """Room for so many histories, which `run(..., room=...)` fills; it may be used again, and bands then go on counting."""
        return allocate(self.world, *self._extra), keep(self.world, histories, self._years if self._listed else (0, 0))

    def run(self, first: int, rows: np.ndarray, tracing: bool = False, room: tuple | None = None, until: int | None = None):
        """Run histories first, first + 1, ... with one row of parameters each. Returns (Kept, State).

        until : stop after so many months; what happens in them is the same
        """
        months = self.months if until is None else until
        if not 0 <= months <= self.months:
            raise ValueError(f"{months} months of {self.months}")
        state, kept = room if room is not None else self.room(len(rows))
        table = parameter_table(self.names, rows)
        self._ready(state, kept, table)
        if not self._listed:
            self._entry(self._form, table, state, kept, first, len(rows), months, int(tracing), 0, 0)
            return kept, state
        bound = self._bind(first, state, kept)
        try:
            self._entry(self._form, table, state, kept, first, len(rows), months, int(tracing), bound.code, bound.data)
        finally:
            bound.close()
        return kept, state

    def country(self, history: int, row: np.ndarray):
        """State of the country after the last month of one history (`CountryState`: books, ages, herds and so on)."""
        state, kept = allocate(self.world, *self._extra), keep(self.world, 1, self._years)
        bound = self._bind(history, state, kept)
        table = parameter_table(self.names, row[None, :])
        self._ready(state, kept, table)
        try:
            self._entry(self._form, table, state, kept, history, 1, self.months, 0, bound.code, bound.data)
        finally:
            bound.close()
        return bound.state.country

    def traces(self, histories: Sequence[int], rows: np.ndarray, months: Sequence[int]) -> Iterator[np.ndarray]:
        """Events of single histories, each in its first so many months; `rows`: their parameters, one row each.

        As `trace` would give them, in one room: making room and binding the country to it take as long as half a history.
        """
        state, kept = self.room(1)
        if not COMPILED or not self._listed:
            for history, row, until in zip(histories, rows, months, strict=True):
                self.run(int(history), row[None, :], True, (state, kept), int(until))
                yield np.array(state.event[: int(state.now[0].events)])
            return
        self.run(0, rows[:0], True, (state, kept))  # what is still to be compiled
        table = parameter_table(self.names, rows)
        drawn = parameter_table(self.world.country.draws.names, np.concatenate([self.country_rows(int(h), 1) for h in histories]))
        bound = self._bind(0, state, kept)
        try:
            for k, (history, until) in enumerate(zip(histories, months, strict=True)):
                bound._root.p[:] = drawn[k]
                self._entry(self._form, table[k : k + 1], state, kept, int(history), 1, int(until), 1, bound.code, bound.data)
                yield np.array(state.event[: int(state.now[0].events)])
        finally:
            bound.close()

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
