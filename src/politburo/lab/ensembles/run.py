"""Running an ensemble to disk: `run`, and `rerun` of what a result says of itself.

    result = run("ussr", n=10_000, out="results/ussr")
    result = run("ussr", n=20_000, out="results/ussr")                 # extends it
    result = run("ussr", changes={"rules.ban_on_factions": False}, without=["document"])

What holds, and is tested: the bits do not depend on threads, processes or the cut; a run that was killed, stopped or
extended ends with the bytes of one that was not; a different run is never mixed in; a history that fails is a row of
`failures.jsonl`; memory does not grow with the number of histories.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ...case.effect import same_arrays
from ...case.load import moved, same_files
from ...case.schema import Case
from ...case.values import Month
from ...engine import month
from ...engine.ensemble import Engine
from ...faults import Fault, Faults
from . import arrow, parts, provenance
from .columns import Layout
from .provenance import Call, plan
from .results import Result, open_result
from .work import Stream, Work, cut, slice_size


@dataclass(frozen=True)
class Progress:
    """What a run says of itself while it goes on.

    phase : "compiling" (machine code is made first), "running", "merging", "done", or "notice" with `text`
    done, total : histories there and asked for; found : those that were there before; failed : those that failed
    seconds : since the run began
    """

    phase: str
    done: int = 0
    total: int = 0
    found: int = 0
    failed: int = 0
    seconds: float = 0.0
    text: str = ""


class Interrupted(KeyboardInterrupt):
    """The run was stopped; what was finished is kept, and the same call goes on from there."""

    def __init__(self, path: Path, done: int, total: int):
        super().__init__(f"{done:,} of {total:,} histories kept in {path}")
        self.path, self.done, self.total = path, done, total


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    case: Case | str | Path,
    n: int = 10_000,
    seed: int = 1922,
    until: str | Month | None = None,
    changes: Mapping[str, Any] | None = None,
    without: Sequence[str] = (),
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Callable[[Progress], None] | None = None,
    *,
    coder_error: bool = True,
    executor: Any = None,
    part: int | None = None,
    slice_: int | None = None,
    interventions: Sequence[str] = (),
) -> Result:
    """Run `n` histories of a case and give the result.

    Parameters
    ----------
    case : a packaged name, a directory, or a loaded case
    n : histories 0 .. n - 1. A result that has some of them already gets the others only.
    seed : of all luck, 0 .. 2**64 - 1
    until : last month, "YYYY-MM", within the case's span
    changes : values by dotted key, as `Case.with_values` takes them
    without : names of mechanisms to leave out
    workers : threads; by default one a core
    out : directory of the result; by default a temporary one that goes when the result does
    progress : called with a `Progress` now and then
    coder_error : False runs every history on the coding as it stands
    executor : anything with `submit(function, *arguments) -> future`: a process pool, a Dask client. The same bytes.
    part : histories of a file, 2,500 by default; a result keeps what it began with
    slice_ : histories that a worker is given at a time; decides nothing but speed
    interventions : what no value of the case can say, as canonical words of `politburo.lab.experiments.interventions`

    Raises `Faults` before anything is run when the request is wrong, `Interrupted` on Ctrl-C with all that is finished
    kept. Memory: some 50 MB a worker, whatever `n`.
    """
    _possible(n, workers, part)
    call = plan(case, changes, without, until, seed, coder_error, interventions)
    return run_call(call, n, workers, out, progress, executor=executor, part=part, slice_=slice_)


def run_call(
    call: Call,
    n: int = 10_000,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Callable[[Progress], None] | None = None,
    *,
    executor: Any = None,
    part: int | None = None,
    slice_: int | None = None,
) -> Result:
    """`run` of a request that is already checked (`politburo.lab.ensembles.provenance.plan`)."""
    _possible(n, workers, part)
    folder = tempfile.TemporaryDirectory(prefix="politburo-") if out is None else None
    path = Path(folder.name if folder is not None else out)
    tell = _Teller(progress)
    _refuse(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Faults([Fault(str(path), 0, 0, f"cannot be made ({error.strerror})", "a place to write to")]) from None
    with parts.only_writer(path):
        size, copied = _open(path, call, int(n), part)
        _complete(path, call, int(n), size, workers or getattr(executor, "workers", None) or cores(), executor, slice_, tell)
    return Result(path, folder, copied)


def _possible(n: int, workers: int | None, part: int | None) -> None:
    if int(n) < 1:
        raise Faults([Fault("n", 0, 0, str(n), "at least one history")])
    if workers is not None and int(workers) < 1:
        raise Faults([Fault("workers", 0, 0, str(workers), "at least one thread")])
    if part is not None and int(part) < 1:
        raise Faults([Fault("part", 0, 0, str(part), "at least one history")])


class _Teller:
    """Counts, and calls the caller's `progress`."""

    def __init__(self, progress: Callable[[Progress], None] | None):
        self._progress, self._began = progress, time.monotonic()
        self.done = self.total = self.found = self.failed = 0

    def say(self, phase: str, text: str = "") -> None:
        if self._progress is not None:
            seconds = time.monotonic() - self._began
            self._progress(Progress(phase, self.done, self.total, self.found, self.failed, seconds, text))


_OURS = (provenance.RUN, provenance.CASE, parts.BANDS, parts.FAILURES)


def _refuse(path: Path) -> None:
    """A directory with other things in it is not ours to write to."""
    if path.exists() and not path.is_dir():
        raise Faults([Fault(str(path), 0, 0, "a file", "a directory, or a name that is free")])
    if not path.is_dir() or (path / provenance.RUN).exists():
        return
    others = sorted(p.name for p in path.iterdir() if p.name not in _OURS and not p.name.startswith(arrow.BESIDE))
    if others:
        found = f"a directory with other things in it ({', '.join(others[:3])}{', ...' if len(others) > 3 else ''}) and no run.json"
        raise Faults([Fault(str(path), 0, 0, found, "an empty directory, a result of the same run, or a name that is free")])


def _open(path: Path, call: Call, n: int, part: int | None) -> tuple[int, Call | None]:
    """Begin a result or recognise it: (histories of a part, the call as its own copy of the case gives it, if it was read)."""
    arrow.sweep(path)
    if not (path / provenance.RUN).exists():
        shutil.rmtree(path / provenance.CASE, ignore_errors=True)
        provenance.copy_case(call.files, path / provenance.CASE)
        content = call.provenance(n, part or parts.SIZE)
        copied = _check_copy(path, call, content)
        content["case"]["copy"] = copied.case.digest
        provenance.write_provenance(path, content)
        return content["part"], copied
    there = provenance.read_provenance(path)
    if there["id"] != call.id:
        words = provenance.differences(there, call.provenance(n, there["part"]), provenance.case_folder(path, there), call.files)
        raise Faults([Fault(str(path), 0, 0, f"another run lies here: {word}", "the same run, or another --out") for word in words])
    if part is not None and part != there["part"]:
        raise Faults([Fault(str(path), 0, 0, f"parts of {there['part']} histories, not {part}", "no part, or the same")])
    if n > there["histories"]:
        provenance.write_provenance(path, {**there, "histories": n})
    return there["part"], None


def _check_copy(path: Path, call: Call, content: Mapping[str, Any]) -> Call:
    """The copy must be what is run: the files may have changed since the case was loaded.

    Files that are the same to the letter need not be read again; others (borrowed parameters are written into the copy) are.
    """
    folder = path / provenance.CASE
    if same_files(call.case, folder) and json.loads(json.dumps(content["changes"])) == content["changes"]:
        return replace(call, case=moved(call.case, folder), files=folder)
    copied = provenance.call_of(path, content)
    lent = call.case.header.parameters != "own"  # the copy may then cite more sources, which is another digest
    same = copied.case.digest == call.case.digest or (lent and same_arrays(copied.compiled, call.compiled))
    if not same or copied.identity != {**call.identity, "case": copied.case.digest}:
        raise Faults([Fault(str(call.files), 0, 0, "the files changed after the case was loaded", "the case as it was loaded")])
    return copied


def _complete(
    path: Path, call: Call, total: int, size: int, workers: int, executor: Any, slice_: int | None, tell: _Teller
) -> None:
    """Run every history below `total` that is not there."""
    layout = Layout.of(call.compiled)
    there = {first: parts.rows_in(path, first) for first in range(0, total, size)}
    tell.total, tell.found = total, sum(min(rows, total - first) for first, rows in there.items())
    tell.done = tell.found
    todo = parts.missing(path, layout, size, total)
    if tell.done < total:
        engine = _ready(call, tell) if executor is None or not month.is_compiled(call.mechanisms) else None
        tell.say("running")
        _run(path, todo, Work(call, layout, engine), Stream(workers, executor, lambda text: tell.say("notice", text)),
             slice_ or slice_size(total - tell.done, workers), tell)  # fmt: skip
    parts.write_failures(path, parts.failures(path))
    tell.say("merging")
    parts.close_bands(path, layout)
    tell.say("done")


def _ready(call: Call, tell: _Teller) -> Engine:
    """The engine with its machine code loaded, or made first, which is said before it begins."""
    compiled = call.compiled
    try:
        engine = Engine(compiled.world, compiled.parameters, compiled.months, call.mechanisms)
        if not engine.is_compiled:
            tell.say("compiling")
        Engine(compiled.world, compiled.parameters, 0, call.mechanisms).run(0, call.rows(np.array([0])))
    except Exception as error:
        from numba.core.errors import NumbaError

        users = [m.name for m in call.mechanisms if isinstance(m, Path)]
        if not isinstance(error, NumbaError) or not users:
            raise
        words = " ".join(line.strip() for line in str(error).splitlines() if line.strip())
        raise Faults([Fault(", ".join(users), 0, 0, f"cannot be compiled: {words}", "what Numba can compile")]) from None
    return engine


def _run(path: Path, todo: Iterator[parts.Part], work: Work, stream: Stream, most: int, tell: _Teller) -> None:
    opened: dict[int, parts.Part] = {}  # parts that wait for slices, never more than a few
    waiting: dict[int, int] = {}

    def jobs() -> Iterator[tuple[int, Work, np.ndarray]]:
        for part in todo:
            slices = list(cut(part.missing, most))
            opened[part.first], waiting[part.first] = part, len(slices)
            for histories in slices:
                yield part.first, work, histories

    def take(first: int, slice_: parts.Slice) -> None:
        opened[first].add(slice_)
        waiting[first] -= 1
        tell.done += slice_.done
        tell.failed += len(slice_.failures)

    try:
        for first, slice_ in stream.map(jobs()):
            take(first, slice_)
            if waiting[first] == 0:
                opened[first].write()
                del opened[first]
            tell.say("running")
    except KeyboardInterrupt:
        for first, slice_ in stream.finish(keep=True):
            take(first, slice_)
        for part in opened.values():
            part.write()
        parts.write_failures(path, parts.failures(path))
        raise Interrupted(path, tell.done, tell.total) from None
    finally:
        stream.finish(keep=False)


def rerun(
    path: str | Path,
    out: str | Path | None = None,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Result:
    """Make a result again from what it says of itself, with the engine of today.

    The case is read from the result's own copy. `politburo.lab.ensembles.results.compare` says whether the two are the same,
    bit for bit; with the same engine they are.
    """
    old = open_result(path)
    found = old.provenance
    return run(
        _own_case(old), old.n, found["seed"], found["until"], found["changes"], found["without"], workers, out, progress,
        coder_error=found["coder_error"], part=found["part"], interventions=found.get("interventions", ()),
    )  # fmt: skip


def _own_case(result: Result) -> Path:
    return provenance.case_folder(result.path, result.provenance)
