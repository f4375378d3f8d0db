"""What the laboratory costs beside the engine: arms in memory, arms on disk, a whole what-if.

Processor seconds, not seconds on the clock, so that a machine shared with others gives nearly the same ratios. "Bare engine" is
the compiled month run over the same histories on one thread, in the chunks that the laboratory uses, with nothing done with
what it keeps. A what-if is two arms, their answers, the twins' comparison and a hundred traced pairs; its first row leaves the traces out.
`bytes` is what a store takes for each history, and beside it what it would take if every kept number were written as it is.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from politburo.case import load_case
from politburo.lab.experiments.arms import CHUNK, Arm, disk, engine_of, kept, run_arms
from politburo.lab.experiments.changes import read
from politburo.lab.experiments.what_if import what_if

ARMS = ("rules.ban_on_factions=off", "posts.war_commissar=stalin@1925-01", "parameters.foresight=0")


def cpu(job: Callable[[], object], times: int = 2) -> float:
    """The least processor seconds of a few tries."""
    least = float("inf")
    for _ in range(times):
        began = time.process_time()
        job()
        least = min(least, time.process_time() - began)
    return least


def measure(case_name: str, until: str, n: int, workers: int = 1) -> list[dict]:
    """Rows for one span of histories."""
    case = load_case(case_name)
    base = Arm(case, (), until)
    arms = [base, *(base.plus(change) for change in read(case, ARMS))]
    calls = [arm.call for arm in arms]
    engines = [engine_of(call) for call in calls]

    def bare(which: range) -> None:
        for k in which:
            state, kept_ = engines[k].room(CHUNK)
            for first in range(0, n, CHUNK):
                engines[k].run(first, calls[k].rows(np.arange(first, min(first + CHUNK, n))), room=(state, kept_))

    bare(range(1))
    one = cpu(lambda: bare(range(1)))
    all_ = cpu(lambda: bare(range(len(arms))))
    rows = []

    def row(what: str, seconds: float, against: float, histories: int, bytes_: float = 0.0) -> None:
        rows.append({"until": until, "what": what, "histories": histories, "cpu": seconds, "bare": against, "ratio": seconds / against, "bytes": bytes_})

    row("kept, one arm", cpu(lambda: kept(base, n, workers)), one, n)
    row("kept, all arms", cpu(lambda: [kept(arm, n, workers) for arm in arms]), all_, n * len(arms))

    def store() -> float:
        with tempfile.TemporaryDirectory() as folder:
            run_arms(arms, n, workers, None, folder)
            return disk(Path(folder)) / (n * len(arms))

    size: list[float] = []
    row("run_arms to disk", cpu(lambda: size.append(store())), all_, n * len(arms), 0.0)
    rows[-1]["bytes"] = size[0]
    two = cpu(lambda: bare(range(2)))
    word = [ARMS[0]]
    row("what_if, no traces", cpu(lambda: what_if(case, word, n, until, traces=0, workers=workers)), two, 2 * n)
    row("what_if", cpu(lambda: what_if(case, word, n, until, workers=workers)), two, 2 * n)
    raw = sum(np.asarray(array).nbytes for name, array in zip(kept(base, 100)._fields, kept(base, 100), strict=True) if name != "bands") / 100
    rows.append({"until": until, "what": "kept numbers as they are", "histories": 100, "cpu": 0.0, "bare": 0.0, "ratio": float("nan"), "bytes": raw})
    return rows


def main(n: int = 500) -> list[dict]:
    """Measure and print."""
    found = []
    print(f"{'until':8} {'what':26} {'histories':>9} {'cpu s':>8} {'bare s':>8} {'ratio':>7} {'bytes a history':>16}")
    for until in ("1930-12", "1938-12"):
        for r in measure("ussr", until, n):
            found.append(r)
            print(f"{r['until']:8} {r['what']:26} {r['histories']:9,} {r['cpu']:8.2f} {r['bare']:8.2f} {r['ratio']:7.2f} {r['bytes'] or float('nan'):16,.0f}", flush=True)
    return found


if __name__ == "__main__":
    main()
