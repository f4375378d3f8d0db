"""Arms: one case under some changes, run on the same luck as its twins, each result kept under its identity.

    base = Arm(case, until="1930-12")
    arms = [base, base.plus(change)]
    results = run_arms(arms, n=10_000, store="results/arms")      # on disk, resumable
    here = kept(base, 1_000)                                        # in memory, for small experiments

Theory. A twin of history h is history h of another arm: the same number, seed and particle, hence the same draws at every
decision that both come to (keyed luck, `politburo.engine.luck`). What differs between twins is what the change does, and the
noise of a comparison is that of the difference, not of the two arms. An arm's identity is a hash of everything that decides
its bits (`lab.provenance.Call.id`): the same arm asked for twice is run once, whatever words it was asked for with, and
a store keeps what it has when a sweep is broken off or extended.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...case.effect import same_arrays
from ...case.schema import Case
from ...case.values import Month
from ...engine.state import Kept
from ..ensembles import arrow, parts, provenance
from ..ensembles.columns import Layout
from ..ensembles.provenance import Call, plan
from ..ensembles.results import Result
from ..ensembles.run import Interrupted, Progress, _ready, _Teller, cores
from ..ensembles.work import Stream, Work, cut, engine_of, slice_size

if TYPE_CHECKING:
    from .changes import Change

#: Histories that a thread runs at a time in memory.
CHUNK = 125


@dataclass(frozen=True)
class Arm:
    """A case with changes, ready to be run.

    case : the case as loaded, without the changes
    changes : in any order; the identity does not depend on it
    until : the last month that the question needs; an earlier one saves time
    """

    case: Case
    changes: tuple[Change, ...] = ()
    until: str | Month | None = None
    seed: int = 1922
    coder_error: bool = True
    without: tuple[str, ...] = ()

    def plus(self, *changes: Change) -> Arm:
        """This arm with more changes."""
        return replace(self, changes=(*self.changes, *(c for c in changes if c not in self.changes)))

    @property
    def base(self) -> Arm:
        """The twin without changes."""
        return replace(self, changes=())

    @cached_property
    def call(self) -> Call:
        """The checked request. Raises `Faults` when the changes do not go together."""
        values = {key: value for change in self.changes for key, value in change.values.items()}
        words = [one.text for change in self.changes for one in change.interventions]
        return plan(changed(self.case, values), None, self.without, self.until, self.seed, self.coder_error, words)

    @property
    def id(self) -> str:
        """Hash of everything that decides the bits of its histories."""
        return self.call.id

    @property
    def text(self) -> str:
        """The words of its changes."""
        return " + ".join(change.text for change in self.changes) or "baseline"

    @property
    def title(self) -> str:
        """The sentences of its changes."""
        return "; ".join(change.title for change in self.changes) or "as it was"

    def __hash__(self) -> int:
        return hash((self.case.digest, self.changes, str(self.until), self.seed, self.coder_error, self.without))

    def __repr__(self) -> str:
        return f"<Arm {self.case.name}: {self.text}>"


def changed(case: Case, values: Mapping[str, Any]) -> Case:
    """The case with these values set, validated once however often it is asked for."""
    return _changed(case, case.path, tuple((key, type(value).__name__, value) for key, value in sorted(values.items()))) if values else case


@lru_cache(maxsize=128)
def _changed(case: Case, path: Path, values: tuple[tuple[str, str, Any], ...]) -> Case:
    return case.with_values({key: value for key, _, value in values})


def same_world(a: Call, b: Call) -> bool:
    """Whether two calls run the same histories: the same arrays, particles and mechanisms."""
    return a.mechanisms == b.mechanisms and a.seed == b.seed and same_arrays(a.compiled, b.compiled)


# In memory


def kept(arm: Arm | Call, histories: int | Sequence[int] | np.ndarray = 1000, workers: int | None = None) -> Kept:
    """What is kept of some histories of an arm (0 .. n - 1, or these numbers in ascending order), without the disk.

    The same bits as a run to disk. Memory: some 3 kB a history, 9 kB with a country to 1930. An error in a mechanism is raised, not kept.
    """
    call = arm if isinstance(arm, Call) else arm.call
    numbers = np.arange(histories) if isinstance(histories, int | np.integer) else np.asarray(histories, np.int64)
    engine = engine_of(call)
    workers = workers or cores()
    chunk = max(1, min(CHUNK, -(-len(numbers) // (4 * workers))))
    _, whole = engine.room(len(numbers))
    jobs, at = [], 0
    for slice_ in cut(numbers, chunk):
        jobs.append((slice_, at))
        at += len(slice_)
    own = threading.local()  # each thread has a state and bands of its own; rows are written where they belong
    bands: list[np.ndarray] = []

    def run(job: tuple[np.ndarray, int]) -> None:
        slice_, at = job
        if not hasattr(own, "state"):
            own.state, room = engine.room(0)
            own.bands = room.bands
            bands.append(room.bands)
        rows = [getattr(whole, name)[at : at + len(slice_)] for name in Kept._fields if name != "bands"]
        engine.run(int(slice_[0]), call.rows(slice_), room=(own.state, Kept(*rows, own.bands)))

    if workers == 1 or len(jobs) < 2:
        for job in jobs:
            run(job)
    else:
        run(jobs[0])  # one thread finds or makes the machine code
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(run, jobs[1:]))
    for more in bands[1:]:
        bands[0] += more
    return whole._replace(bands=bands[0]) if bands else whole


def joined(pieces: Sequence[Kept]) -> Kept:
    """Several `Kept` one after the other; their bands added."""
    if len(pieces) == 1:
        return pieces[0]
    arrays = {name: np.concatenate([getattr(piece, name) for piece in pieces]) for name in Kept._fields if name != "bands"}
    bands = pieces[0].bands.copy()
    for piece in pieces[1:]:
        bands += piece.bands
    return Kept(**arrays, bands=bands)


# To disk


@dataclass
class _Job:
    """One arm that is being completed."""

    path: Path
    call: Call
    size: int
    layout: Layout
    work: Work
    total: int
    there: int = 0
    todo: list[parts.Part] = field(default_factory=list)


def run_arms(
    arms: Sequence[Arm],
    n: int = 1000,
    workers: int | None = None,
    executor: Any = None,
    store: str | Path = "results/arms",
    progress: Callable[[Progress], None] | None = None,
    slice_: int | None = None,
    fresh: Callable[[str, parts.Slice], None] | None = None,
) -> list[Result]:
    """Histories 0 .. n - 1 of every arm, each in a folder of the store named by its identity; in the order of the arms.

    arms : those with one identity are run once
    workers : threads; by default one a core
    executor : anything with `submit(function, *arguments) -> future`: a process pool, `lab.cluster.Cluster`. The same bytes.
    store : a directory; what it has is not run again, and an interrupted sweep goes on where it was
    progress : called with a `Progress` that counts histories over all arms
    fresh : called with an arm's identity and each slice that has been run for it, so that it need not be read again

    All arms share one pool, so that no worker waits between two of them. A history that fails is a row of its arm's
    `failures.jsonl`. Raises `Faults` before anything is run when an arm is wrong, `Interrupted` on Ctrl-C with all that is
    finished kept. Memory: some 50 MB a worker. Cost beside the engine's: see docs/discussion/scale.md.
    """
    store, workers, tell = Path(store), workers or getattr(executor, "workers", None) or cores(), _Teller(progress)
    calls = {arm.id: arm.call for arm in arms}
    bases = {arm.id: arm.base.call for arm in arms}
    store.mkdir(parents=True, exist_ok=True)
    with parts.only_writer(store):
        jobs = _run_all(store, calls, bases, int(n), workers, executor, slice_, tell, fresh)
    results = {name: Result(job.path, None, job.call) for name, job in jobs.items()}
    return [results[arm.id] for arm in arms]


def _run_all(
    store: Path, calls: dict[str, Call], bases: dict[str, Call], n: int, workers: int, executor: Any, slice_: int | None, tell: _Teller,
    fresh: Callable[[str, parts.Slice], None] | None,
) -> dict[str, _Job]:  # fmt: skip
    copies: dict[Path, tuple[str, str]] = {}
    jobs = {name: _open(store, call, bases[name], n, copies) for name, call in calls.items()}
    tell.total = n * len(jobs)
    tell.found = tell.done = sum(min(job.there, n) for job in jobs.values())
    pending = [job for job in jobs.values() if job.there < n]
    if executor is None:
        for job in {job.call.mechanisms: job for job in pending}.values():
            engine = engine_of(job.call)
            if not engine.is_compiled:
                _ready(job.call, tell)
            engine.run(0, job.call.rows(np.arange(0)))  # one thread finds the machine code
    tell.say("running")
    _complete(pending, Stream(workers, executor, lambda text: tell.say("notice", text)), slice_ or slice_size(n * max(len(pending), 1), workers), tell, fresh)
    closed = {job.path for job in pending}
    for job in jobs.values():
        if job.path not in closed and not parts.bands_whole(job.path):  # a sweep that was broken off between the last part and its books
            _close(job)
    tell.say("done")
    return jobs


def _open(store: Path, call: Call, base: Call, n: int, copies: dict[Path, tuple[str, str]]) -> _Job:
    """The folder of an arm, begun or recognised by its name, which is its identity."""
    path = store / f"{call.case.name}-{call.id[:20]}"
    layout = Layout.of(call.compiled)
    work = Work(call, layout)
    if (path / provenance.RUN).exists():
        there = provenance.read_provenance(path)
        if there["id"] != call.id:
            raise RuntimeError(f"{path} holds another arm")  # a collision of 80 bits
        if n > there["histories"]:
            provenance.write_provenance(path, {**there, "histories": n})
        size = there["part"]
    else:
        path.mkdir(parents=True, exist_ok=True)
        size = parts.SIZE
        content = call.provenance(n, size)
        content["case"] |= provenance.shared_copy(store, base, call, copies)
        provenance.write_provenance(path, content)
    job = _Job(path, call, size, layout, work, n)
    job.there = sum(min(parts.rows_in(path, first), n - first) for first in range(0, n, size))
    return job


def _complete(
    pending: Sequence[_Job], stream: Stream, most: int, tell: _Teller, fresh: Callable[[str, parts.Slice], None] | None = None
) -> None:
    opened: dict[tuple[Path, int], parts.Part] = {}
    waiting: dict[tuple[Path, int], int] = {}
    left: dict[Path, int] = {}
    job_of = {job.path: job for job in pending}

    def jobs() -> Iterator[tuple[tuple[Path, int], Work, np.ndarray]]:
        for job in pending:
            arrow.sweep(job.path)
            todo = list(parts.missing(job.path, job.layout, job.size, job.total))
            left[job.path] = len(todo)
            for part in todo:
                tag = (job.path, part.first)
                slices = list(cut(part.missing, most))
                opened[tag], waiting[tag] = part, len(slices)
                for histories in slices:
                    yield tag, job.work, histories

    def take(tag: tuple[Path, int], slice_: parts.Slice) -> None:
        if fresh is not None:
            fresh(job_of[tag[0]].call.id, slice_)
        opened[tag].add(slice_)
        waiting[tag] -= 1
        tell.done += slice_.done
        tell.failed += len(slice_.failures)

    def finish(tag: tuple[Path, int]) -> None:
        opened.pop(tag).write()
        left[tag[0]] -= 1
        if left[tag[0]] == 0:
            _close(job_of[tag[0]], True)

    writer = ThreadPoolExecutor(1)  # parts are packed and written while the engine goes on
    writing: list = []
    try:
        for tag, slice_ in stream.map(jobs()):
            take(tag, slice_)
            if waiting[tag] == 0:
                writing.append(writer.submit(finish, tag))
            tell.say("running")
    except KeyboardInterrupt:
        for tag, slice_ in stream.finish(keep=True):
            take(tag, slice_)
        writer.shutdown(wait=True)
        for part in list(opened.values()):
            part.write()
        raise Interrupted(pending[0].path.parent, tell.done, tell.total) from None
    finally:
        stream.finish(keep=False)
        writer.shutdown(wait=True)
    for future in writing:
        future.result()


def _close(job: _Job, fresh: bool = False) -> None:
    parts.write_failures(job.path, parts.failures(job.path))
    parts.close_bands(job.path, job.layout, fresh)


def disk(path: Path) -> int:
    """Bytes of a store."""
    return sum(os.path.getsize(file) for file in Path(path).rglob("*") if file.is_file())
