"""What the laboratory costs beside the engine: arms in memory, arms on disk, a whole what-if.

Processor seconds of one process with one thread, not seconds on the clock. Two ratios, both medians over turns. `ratio`: the whole over
what it spends inside `Engine.run` for the histories asked for, in the same run, so that a machine shared with others hits both alike;
everything else counts as the laboratory: setting up, packing, answers, traces. `to bare`: the whole over a run of the same histories through engines
made beforehand, in chunks of the same size, with nothing done with what they keep; the two take turns. On a quiet machine they agree.

A what-if is two arms, their answers, the comparison of twins and the traces of those that are traced; its changes have been read before, as
in every what-if but the first of a process (checking a changed case takes some 0.2 s, once for each change). `bytes` is what a
store takes for each history, and beside it what it would take if every kept number were written as it is.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from politburo.case import load_case
from politburo.engine.ensemble import Engine
from politburo.lab.experiments.arms import CHUNK, Arm, disk, engine_of, kept, run_arms
from politburo.lab.experiments.changes import read
from politburo.lab.experiments.what_if import what_if

from .machine import load

WORD = "rules.ban_on_factions=off"


class Clock:
    """Processor seconds of a job, and those of its engine's runs without a trace, on whatever thread."""

    def __init__(self, job: Callable[[], object]):
        plain, self.engine = Engine.run, 0.0

        def run(engine, first, rows, tracing=False, *rest, **named):
            began = time.thread_time()
            try:
                return plain(engine, first, rows, tracing, *rest, **named)
            finally:
                if not tracing and len(rows):
                    self.engine += time.thread_time() - began

        Engine.run = run
        began = time.process_time()
        try:
            job()
        finally:
            Engine.run = plain
        self.whole = time.process_time() - began


def measure(case_name: str, until: str, n: int, turns: int = 5) -> list[dict]:
    """Rows for one span of histories and one number of them: two arms, `n` histories each."""
    case = load_case(case_name)

    def fresh() -> list[Arm]:
        """Arms as a user comes with them: nothing compiled, no engine made."""
        return [Arm(case, (), until), Arm(case, read(case, [WORD]), until)]

    base = fresh()[0]
    calls = [arm.call for arm in fresh()]
    engines = [engine_of(call) for call in calls]

    def bare() -> None:
        for engine, call in zip(engines, calls, strict=True):
            room = engine.room(CHUNK)
            for first in range(0, n, CHUNK):
                engine.run(first, call.rows(np.arange(first, min(first + CHUNK, n))), room=room)

    def store() -> None:
        with tempfile.TemporaryDirectory() as folder:
            run_arms(fresh(), n, 1, None, folder)
            size.append(disk(Path(folder)) / (2 * n))

    def stored_what_if() -> None:
        with tempfile.TemporaryDirectory() as folder:
            what_if(case, WORD, n, until, workers=1, store=folder)

    size: list[float] = []
    parties = {
        "arms in memory": lambda: [kept(arm, n, 1) for arm in fresh()],
        "arms to disk": store,
        "what-if, no traces": lambda: what_if(case, WORD, n, until, traces=0, workers=1),
        "what-if": lambda: what_if(case, WORD, n, until, workers=1),
        "what-if with its store": stored_what_if,
    }
    for job in (bare, *parties.values()):
        job()
    clocks: dict[str, list[tuple[Clock, Clock]]] = {name: [] for name in parties}
    for _ in range(turns):
        for name, job in parties.items():
            clocks[name].append((Clock(job), Clock(bare)))
    rows = []
    for name, pairs in clocks.items():
        rows.append({
            "until": until, "what": name, "histories": 2 * n, "cpu": float(np.median([a.whole for a, _ in pairs])),
            "ratio": float(np.median([a.whole / a.engine for a, _ in pairs])), "bare": float(np.median([b.whole for _, b in pairs])),
            "to bare": float(np.median([a.whole / b.whole for a, b in pairs])), "bytes": size[-1] if "disk" in name else 0.0,
        })  # fmt: skip
    few = kept(base, 100)
    raw = sum(np.asarray(array).nbytes for name, array in zip(few._fields, few, strict=True) if name != "bands") / 100
    rows.append({"until": until, "what": "kept numbers as they are", "histories": 100, "bytes": raw} | dict.fromkeys(("cpu", "ratio", "bare", "to bare"), float("nan")))
    return rows


def main(sizes: tuple[int, ...] = (1000, 4000), turns: int = 5) -> list[dict]:
    """Measure and print."""
    found = []
    print(f"{'until':8} {'what':26} {'histories':>9} {'cpu s':>8} {'ratio':>7} {'bare s':>8} {'to bare':>8} {'bytes a history':>16}")
    for n, until in [*((n, "1930-12") for n in sizes), (sizes[0], "1938-12")]:
        for r in measure("ussr", until, n, turns):
            found.append(r)
            print(f"{r['until']:8} {r['what']:26} {r['histories']:9,} {r['cpu']:8.2f} {r['ratio']:7.3f} {r['bare']:8.2f} {r['to bare']:8.3f} {r['bytes'] or float('nan'):16,.0f}", flush=True)
    print(load())
    return found


if __name__ == "__main__":
    main()
