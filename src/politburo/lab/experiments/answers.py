"""The answers of many arms to one question: nothing else is kept of a history, so thousands of arms fit into memory.

    found = play(calls, question, n=1000)          # found.values[a, h]: the answer of history h of arm a

An explanation asks one number of each history of hundreds of arms. So an arm's histories are run, answered and forgotten,
on threads or on an executor; the arms share one pool; arms that run the same world (a change without effect, two words for
one thing) are run once. With a `store`, the answers of each finished arm lie in a file named by the arm's identity and the
question, so that an interrupted or extended explanation runs only what is missing.

The bits depend on neither workers nor cut. Cost beside the engine's: see benchmarks/explain_speed.py.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ...case.compile import Compiled
from ...engine import luck
from ...engine.ensemble import Engine
from ...faults import Fault, Faults
from ..ensembles.provenance import Call, settled
from .questions import Question
from ..ensembles.run import Interrupted, Progress, cores

#: Histories that a worker runs at a time.
CHUNK = 500
_CODING = frozenset(luck.SOURCES["coding"] + luck.SOURCES["signals"])


@dataclass
class Answers:
    """What came of it.

    values : (arms, n), nan where a history failed; ran, found, same : arms that were run, were in the store, were another's world
    like : the first arm that runs the same world, for each arm
    """

    values: np.ndarray
    ran: int = 0
    found: int = 0
    same: int = 0
    like: list[int] = field(default_factory=list)
    failures: list[dict] = field(default_factory=list)
    seconds: float = 0.0


def world_key(call: Call) -> str:
    """A hash of all that decides the bits of an arm's histories, whatever words it was asked for with."""
    digest = hashlib.sha256(json.dumps([[str(m) for m in call.mechanisms], call.compiled.months, call.seed]).encode())
    for part in _parts((*call.compiled.world, call.compiled.particles)):
        if isinstance(part, np.ndarray):
            digest.update(str((part.shape, part.dtype)).encode() + np.ascontiguousarray(part).tobytes())
        else:
            digest.update(repr(part).encode())
    return digest.hexdigest()


def _parts(value: Any) -> Iterator[Any]:
    """Every array and plain value inside tuples, however deep."""
    if isinstance(value, tuple):
        for part in value:
            yield from _parts(part)
    else:
        yield value


def other_luck(call: Call, number: int = 1) -> Call:
    """The call with the same coding errors and parameters and other luck of everything else."""
    salt = call.compiled.world.salt.copy()
    rest = np.array([site not in _CODING for site in range(luck.SITES)])
    word = int.from_bytes(hashlib.sha256(f"twin:{number}".encode()).digest()[:4], "little")
    salt[rest] ^= np.uint64(word)
    compiled = replace(call.compiled, world=call.compiled.world._replace(salt=salt))
    compiled.__dict__["particles"] = call.compiled.particles  # those of the call, however they came about
    return replace(call, compiled=compiled)


def play(
    calls: Iterable[Call], question: Question, n: int, arms: int, *, workers: int | None = None, executor: Any = None,
    store: str | Path | None = None, progress: Callable[[Progress], None] | None = None, chunk: int | None = None,
) -> Answers:  # fmt: skip
    """Answers of histories 0 .. n - 1 of every call; `arms` is how many calls come (they may be made one by one).

    workers : threads, by default one a core; executor : anything with `submit(function, *arguments) -> future`; store : a
    directory. Raises `Interrupted` (with a store) or KeyboardInterrupt on Ctrl-C; finished arms are kept in the store.
    """
    return _Player(question, n, arms, workers or cores(), executor, store, progress, chunk or CHUNK).play(calls)


class _Player:
    def __init__(self, question: Question, n: int, arms: int, workers: int, executor: Any, store: str | Path | None,
                 progress: Callable[[Progress], None] | None, chunk: int):  # fmt: skip
        self.question, self.n, self.workers, self.executor = question, n, workers, executor
        self.chunk = max(1, min(chunk, -(-n // max(1, workers if arms < 2 * workers else 1))))
        self.store = None if store is None else Path(store)
        self.progress, self.began = progress, time.monotonic()
        self.answers = Answers(np.full((arms, n), np.nan))
        self.waiting: dict[int, int] = {}
        self.path_of: dict[int, Path] = {}
        self.same: dict[str, int] = {}
        self.ready: set[tuple] = set()
        self.flight: deque = deque()
        self.done = 0
        self.pool: ThreadPoolExecutor | None = None

    def play(self, calls: Iterable[Call]) -> Answers:
        values, twins = self.answers.values, {}
        if self.store is not None:
            try:
                self.store.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise Faults([Fault(str(self.store), 0, 0, f"cannot be made ({error.strerror})", "a directory to keep answers in")]) from None
        self.say("running")
        try:
            for a, call in enumerate(calls):
                key = world_key(call)
                self.answers.like.append(self.same.get(key, a))
                if key in self.same:
                    twins[a] = self.same[key]
                    self.answers.same += 1
                    self.done += self.n
                    continue
                self.same[key] = a
                for job in self.jobs(a, call, key):
                    self.flight.append(job)
                    while len(self.flight) > 3 * self.workers:
                        self.take()
            while self.flight:
                self.take()
        except KeyboardInterrupt:
            for *_, future in self.flight:
                future.cancel()
            if self.store is not None:
                raise Interrupted(self.store, self.done, values.size) from None
            raise
        finally:
            if self.pool is not None:
                self.pool.shutdown(wait=True, cancel_futures=True)
        for a, other in twins.items():
            values[a] = values[other]
        self.answers.seconds = time.monotonic() - self.began
        self.say("done")
        return self.answers

    def say(self, phase: str, text: str = "") -> None:
        if self.progress is not None:
            found = (self.answers.found + self.answers.same) * self.n
            self.progress(Progress(phase, self.done, self.answers.values.size, min(found, self.done), len(self.answers.failures), time.monotonic() - self.began, text))

    def jobs(self, a: int, call: Call, key: str) -> Iterator[tuple]:
        first = self.known(a, key)
        self.done += first
        if first >= self.n:
            self.answers.found += 1
            return
        self.answers.ran += 1
        engine, task = None, b""
        starts = list(range(first, self.n, self.chunk))
        self.waiting[a] = len(starts)
        for start in starts:
            rows = call.rows(np.arange(start, min(start + self.chunk, self.n)))
            if self.executor is not None:
                task = task or _task(call, self.question)
                try:
                    yield a, call, start, rows, self.executor.submit(answer_elsewhere, key, task, start, rows)
                    continue
                except (BrokenExecutor, RuntimeError) as error:
                    self.broken(error)
            if engine is None:
                engine = Engine(call.compiled.world, call.compiled.parameters, call.compiled.months, call.mechanisms)
                if call.mechanisms not in self.ready:  # one thread finds or makes the machine code
                    if not engine.is_compiled:
                        self.say("notice", "making machine code for this list of mechanisms: once on this machine, half a minute to a minute and a half")
                    engine.run(0, rows[:0])
                    self.ready.add(call.mechanisms)
            yield a, call, start, rows, self.local().submit(answer, engine, call.compiled, self.question, start, rows)

    def local(self) -> ThreadPoolExecutor:
        if self.pool is None:
            self.pool = ThreadPoolExecutor(self.workers)
        return self.pool

    def broken(self, error: BaseException) -> None:
        if self.executor is not None:
            self.say("notice", f"the executor gave up ({type(error).__name__}: {error}); the rest runs on threads here")
        self.executor = None

    def known(self, a: int, key: str) -> int:
        """How many answers of an arm the store has; they are put in place."""
        if self.store is None:
            return 0
        question = json.dumps([self.question.kind, self.question.unit, str(self.question.until), dict(self.question.given)], sort_keys=True)
        from ...engine.month import source_digest

        name = hashlib.sha256(f"{key}{question}{source_digest()}".encode()).hexdigest()[:32]
        self.path_of[a] = self.store / f"answers-{name}.npy"
        try:
            there = np.load(self.path_of[a], allow_pickle=False)
        except (OSError, ValueError):
            return 0
        count = min(len(there), self.n)
        if np.isnan(there[:count]).any():  # failed before: tried again
            return 0
        self.answers.values[a, :count] = there[:count]
        return count

    def take(self) -> None:
        a, call, start, rows, future = self.flight[0]
        try:
            values, failures = future.result()
        except Exception as error:
            if isinstance(error, BrokenExecutor):
                self.broken(error)
            engine = Engine(call.compiled.world, call.compiled.parameters, call.compiled.months, call.mechanisms)
            values, failures = answer(engine, call.compiled, self.question, start, rows)
        self.flight.popleft()
        self.answers.values[a, start : start + len(values)] = values
        self.answers.failures += [{"arm": a, **failure} for failure in failures]
        self.done += len(values)
        self.waiting[a] -= 1
        if self.waiting[a] == 0 and a in self.path_of:
            beside = self.path_of[a].with_suffix(f".{os.getpid()}.part")
            with beside.open("wb") as file:
                np.save(file, self.answers.values[a])
            beside.replace(self.path_of[a])
        self.say("running")


def answer(engine: Engine, compiled: Compiled, question: Question, first: int, rows: np.ndarray) -> tuple[np.ndarray, list[dict]]:
    """Answers of histories first, first + 1, ...; one that raises is nan, with its traceback beside."""
    try:
        kept, _ = engine.run(first, rows)
        return question.values(compiled, kept), []
    except Exception as error:
        if len(rows) == 1:
            failure = {"history": first, "error": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}
            return np.array([np.nan]), [failure]
        half = len(rows) // 2
        one, two = (answer(engine, compiled, question, at, part) for at, part in ((first, rows[:half]), (first + half, rows[half:])))
        return np.concatenate([one[0], two[0]]), one[1] + two[1]


def _task(call: Call, question: Question) -> bytes:
    """An arm and a question for the way to another process, without what no question reads."""
    case, compiled = call.compiled.case, call.compiled
    bare = {name: {} for name in ("sources", "localities", "posts", "issues", "shocks", "parameters")}
    case = replace(case, _draft=None, ties=(), blocs=(), memberships=(), signals=(), posterior=None, country=None, **bare)
    compiled = replace(compiled, case=case)
    names = tuple((m.name, m.read_text()) if isinstance(m, Path) else m for m in call.mechanisms)
    return pickle.dumps((compiled, names, question), protocol=5)


#: The last arm that this process was given, so that a worker sets it up once and not for each slice.
_LAST: dict[str, tuple[Engine, Compiled, Question]] = {}


def answer_elsewhere(id_: str, task: bytes, first: int, rows: np.ndarray) -> tuple[np.ndarray, list[dict]]:
    """`answer` in another process."""
    if id_ not in _LAST:
        compiled, names, question = pickle.loads(task)
        entries = [settled(*m) if isinstance(m, tuple) else m for m in names]
        _LAST.clear()
        _LAST[id_] = (Engine(compiled.world, compiled.parameters, compiled.months, entries), compiled, question)
    engine, compiled, question = _LAST[id_]
    return answer(engine, compiled, question, first, rows)
