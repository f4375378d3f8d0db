"""How long an explanation takes: eight causes, a thousand histories an arm; and what the laboratory adds to the engine.

The goal is three minutes for 8 causes (256 arms) on two quiet cores. Wall time says that only where nothing else runs;
processor time stands on a busy machine too, and half of it is what two free cores would need at best. The overhead is the
processor time of the whole explanation over that of the engine alone on the same arms, both in one process and one thread.
"""

from __future__ import annotations

import time

import numpy as np

from .machine import load

OUTCOME = "stalin sole ruler by 1930-12"


def eight_causes(n: int = 1000, workers: int = 2) -> dict:
    """The first eight causes of the case's own list, `n` histories an arm, and its twins."""
    from politburo.case import load_case
    from politburo.lab.experiments.changes import Catalogue
    from politburo.lab.experiments.explain import explain

    causes = Catalogue.of(load_case("ussr")).causes[:8]
    explain("ussr", OUTCOME, causes[:1], n=2, workers=workers)  # machine code
    before, wall, cpu = load(), time.perf_counter(), time.process_time()
    found = explain("ussr", OUTCOME, causes, n=n, workers=workers)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    histories = found.arms * (n + len(found.twin_of))
    top = found.rows[0]
    return {
        "what": f"8 causes, {n:,} histories an arm and {len(found.twin_of):,} twins, {workers} threads", "arms": found.arms, "histories": histories,
        "wall s": round(wall, 1), "processor s": round(cpu, 1), "ms a history": round(1e3 * cpu / histories, 3), "before": before,
        "largest part": f"{top.name} {100 * top.effect.mean:.1f} ({100 * top.interval()[0]:.1f} to {100 * top.interval()[1]:.1f})",
    }  # fmt: skip


def overhead(n: int = 1000, turns: int = 2, causes_: int = 5) -> dict:
    """Processor time of an explanation against the engine alone on its arms, the two taking turns; medians of turns."""
    from politburo.case import load_case
    from politburo.lab.experiments.arms import Arm, engine_of
    from politburo.lab.experiments.changes import Catalogue, read
    from politburo.lab.experiments.explain import explain

    case = load_case("ussr")
    causes = Catalogue.of(case).causes[:causes_]
    changes = read(case, causes)
    calls = [Arm(case, tuple(c for i, c in enumerate(changes) if not mask >> i & 1), "1930-12").call for mask in range(1 << causes_)]
    engines = [(engine_of(call), call.rows(np.arange(n))) for call in calls]
    engines[0][0].run(0, engines[0][1][:1])
    explain(case, OUTCOME, causes, n=2, workers=1)
    bare, whole = [], []
    for _ in range(turns):
        started = time.process_time()
        for engine, rows in engines:
            engine.run(0, rows)
        bare.append(time.process_time() - started)
        started = time.process_time()
        explain(case, OUTCOME, causes, n=n, twins=0, workers=1)
        whole.append(time.process_time() - started)
    ratio = float(np.median(np.array(whole) / np.array(bare)))
    return {"what": f"overhead, {1 << causes_} arms of {n:,}", "engine s": round(float(np.median(bare)), 2), "explanation s": round(float(np.median(whole)), 2),
            "overhead": f"{100 * (ratio - 1):.1f}%"}  # fmt: skip


def main(n: int = 1000) -> list[dict]:
    """Print what was measured; give its rows."""
    rows = []
    for measure in (overhead, eight_causes):
        rows.append(measure(n))
        print("\n".join(f"  {key}: {value}" for key, value in rows[-1].items()), end="\n\n", flush=True)
    print("goal: 180 s of wall time on two quiet cores; overhead under 10%")
    return rows


if __name__ == "__main__":
    main()
