"""How fast the engine is: against Mesa and NumPy on one reduced model, on two threads, from a cold start, in memory.

Ratios are made within one run, the parties taking turns, medians of the turns. Single-core figures are processor time of
the thread, which a busy machine disturbs little; two threads against one can only be wall time, and on a machine that is
not idle it says as much about the others.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from .machine import describe, load, processor_time, table, watch

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
for _name in _THREADS:
    os.environ.setdefault(_name, "1")

POLITBURO = ("-c", "from politburo.cli import main; main()")


def three_ways(turns: int = 7) -> list[dict]:
    """The reduced model (24 leaders, 80 regions, 40 to 120 seats, 360 months) in Mesa, in NumPy and by the engine, one core each."""
    from .reduced.parties import PARTIES
    from .reduced.world import MONTHS

    times: dict[str, list[float]] = {name: [] for name in PARTIES}
    ours = PARTIES["engine"][0]()
    for _ in range(turns):
        for name, (prepare, months, _) in PARTIES.items():
            work = ours if name == "engine" else prepare()
            times[name].append(processor_time(work) / months)
    found = []
    for name, taken in times.items():
        ratios = sorted(t / o for t, o in zip(taken, times["engine"], strict=True))
        month, peak = median(taken), watch(("-m", "benchmarks.reduced.parties", name)).memory
        bare = watch(("-m", "benchmarks.reduced.parties", name, "--alone")).memory
        found.append(
            {
                "what": name,
                "us a month": month * 1e6,
                "histories a second": 1.0 / (month * MONTHS),
                "engine faster by": median(ratios),
                "least": ratios[0],
                "most": ratios[-1],
                "MiB": peak,
                "MiB over imports": peak - bare,
                "histories in memory": PARTIES[name][2],
            }
        )
    table(
        "Reduced model, one core, processor time; largest resident memory of a process",
        (
            "",
            "us a month of a history",
            "histories a second",
            "engine is faster by",
            "least",
            "most",
            "MiB",
            "over imports",
            "histories at once",
        ),
        [
            (
                f["what"],
                f"{f['us a month']:.2f}",
                f"{f['histories a second']:.1f}",
                f"{f['engine faster by']:.1f}",
                f"{f['least']:.1f}",
                f"{f['most']:.1f}",
                f"{f['MiB']:.0f}",
                f"{f['MiB over imports']:.0f}",
                f["histories in memory"],
            )
            for f in found
        ],
    )
    return found


def _ussr():
    from politburo.engine.ensemble import Engine
    from politburo.lab.ensembles.provenance import plan

    call = plan("ussr", until="1938-12")
    return call, Engine(call.compiled.world, call.compiled.parameters, call.compiled.months, call.mechanisms)


def case_speed(turns: int = 5, histories: int = 200) -> list[dict]:
    """The full case `ussr` to the end of 1938: processor time of a history, and what 10,000 would take."""
    import numpy as np

    call, engine = _ussr()
    rows = call.rows(np.arange(histories))
    engine.run(0, rows[:1])
    taken = median(processor_time(lambda: engine.run(0, rows)) / histories for _ in range(turns))
    found = [
        {"what": "ussr, a history", "months": engine.months, "ms": taken * 1e3, "histories a second": 1.0 / taken,
         "10,000 on two cores, s": 10_000 * taken / 2.0}
    ]  # fmt: skip
    table(
        "Case ussr, 1922 to 1938, engine alone, one core, processor time",
        ("", "months", "ms a history", "us a month", "histories a second", "10,000 on two free cores, s"),
        [
            (
                "ussr",
                engine.months,
                f"{taken * 1e3:.2f}",
                f"{taken / engine.months * 1e6:.2f}",
                f"{1 / taken:.0f}",
                f"{5000 * taken:.1f}",
            )
        ],
    )
    return found


def threads(turns: int = 9) -> list[dict]:
    """Two threads against one, wall time and processor time, of both models; turns alternate."""
    import numpy as np

    from .reduced import engine_model

    call, engine = _ussr()
    reduced = engine_model.engine()
    work = {
        "reduced": (reduced, [(256 * j, engine_model.rows(256)) for j in range(6)]),
        "ussr": (engine, [(50 * j, call.rows(np.arange(50 * j, 50 * j + 50))) for j in range(6)]),
    }
    found = []
    for name, (machine, jobs) in work.items():
        machine.run(0, jobs[0][1][:1])
        ratios, costs = [], []
        for _ in range(turns):
            wall, processor = [], []
            for workers in (1, 2):
                start, spent = time.perf_counter(), time.process_time()
                for _ in machine.chunks(jobs, workers):
                    pass
                wall.append(time.perf_counter() - start)
                processor.append(time.process_time() - spent)
            ratios.append(wall[0] / wall[1])
            costs.append(processor[1] / processor[0])
        ratios.sort()
        found.append(
            {
                "what": name,
                "speed-up": median(ratios),
                "best": ratios[-1],
                "least": ratios[0],
                "processor": median(costs),
            }
        )
    table(
        "Two threads against one",
        ("", "wall, median", "least", "most", "processor time, two to one"),
        [
            (
                f["what"],
                f"{f['speed-up']:.2f}",
                f"{f['least']:.2f}",
                f"{f['best']:.2f}",
                f"{f['processor']:.2f}",
            )
            for f in found
        ],
    )
    return found


def start_up(histories: int = 64, turns: int = 7) -> list[dict]:
    """`politburo run ussr` as a process of its own: on an empty cache, on a warm one; a reading of its help, and of the package.

    Python's own bytecode goes to a folder of the benchmark's, as an installed package has it: an environment that forbids
    to write it would add the compiling of every source to every start.
    """
    found: dict[str, list] = {}
    with tempfile.TemporaryDirectory() as folder:
        here = {
            "POLITBURO_CACHE": str(Path(folder) / "cache"),
            "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode"),
            "PYTHONDONTWRITEBYTECODE": None,
            **dict.fromkeys(_THREADS),  # as a user's shell has it
        }

        def once(what: str, arguments: Sequence[str]) -> None:
            found.setdefault(what, []).append(watch(arguments, here))

        for turn in range(1 + turns):
            out = str(Path(folder) / f"result{turn}")
            once("run, warm cache" if turn else "first run, empty cache", [*POLITBURO, "run", "ussr", "-n", str(histories), "--out", out])
        for turn in range(1 + turns):  # the first of each writes bytecode
            once("--help" if turn else "--help, first", [*POLITBURO, "--help"])
            once("import politburo" if turn else "import politburo, first", ["-c", "import politburo"])
            once("python alone", ["-c", "pass"])
    rows = [
        {
            "what": what,
            "wall": median(p.wall for p in processes),
            "least": min(p.wall for p in processes),
            "most": max(p.wall for p in processes),
            "processor": median(p.processor for p in processes),
            "MiB": median(p.memory for p in processes),
        }
        for what, processes in found.items()
        if len(processes) > 1 or "empty" in what
    ]
    table(
        f"Whole processes, {histories} histories of ussr; medians of {turns}",
        ("", "wall s", "least", "most", "processor s", "MiB"),
        [(r["what"], *(f"{r[key]:.2f}" for key in ("wall", "least", "most", "processor")), f"{r['MiB']:.0f}") for r in rows],
    )
    return rows


def memory(sizes: tuple[int, ...] = (250, 1000, 4000)) -> list[dict]:
    """Largest resident memory of `politburo run ussr` against the number of histories."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            process = watch(
                [*POLITBURO, "run", "ussr", "-n", str(size), "--out", str(Path(folder) / f"result{size}")]
            )
            found.append({"histories": size, "process": process})
    table(
        "Memory against the number of histories",
        ("histories", "MiB", "wall s", "processor s"),
        [
            (
                f["histories"],
                f"{f['process'].memory:.0f}",
                f"{f['process'].wall:.1f}",
                f"{f['process'].processor:.1f}",
            )
            for f in found
        ],
    )
    return found


def mechanisms(histories: int = 100) -> list[dict]:
    """Cycles of each mechanism of `ussr`, by a probe between them; the probe's own cost is taken off."""
    import numpy as np

    from politburo.engine.ensemble import Engine

    from .reduced import engine_model
    from .reduced.world import MONTHS, PARAMETERS

    call, _ = _ussr()
    c = call.compiled
    probe = Path(__file__).with_name("probe.py").resolve()
    found = []
    for name, world, names, months, entries, rows in (
        (
            "reduced",
            engine_model.world(),
            tuple(PARAMETERS),
            MONTHS,
            engine_model.MECHANISMS,
            engine_model.rows(histories),
        ),
        ("ussr", c.world, c.parameters, c.months, call.mechanisms, call.rows(np.arange(histories))),
    ):
        listed: list = [probe, probe]
        for entry in entries:
            listed += [entry, probe]
        engine = Engine(world, names, months, listed)
        engine.run(0, rows[:1])
        _, state = engine.run(0, rows)
        cost = [
            float(state.event[n].a) / max(float(state.event[n].b), 1.0) for n in range(1, len(entries) + 2)
        ]
        own = cost.pop(0)
        net = [max(0.0, value - own) for value in cost]
        total = sum(net)
        found += [
            {"model": name, "what": Path(str(e)).stem, "cycles": v, "share": v / total}
            for e, v in zip(entries, net, strict=True)
        ]
        table(
            f"Cycles a month by mechanism, {name} (probe {own:.0f}, taken off; sum {total:.0f})",
            ("", "cycles", "share"),
            [(f["what"], f"{f['cycles']:.0f}", f"{f['share']:.0%}") for f in found if f["model"] == name],
        )
    return found


def main() -> list[dict]:
    """All of the above, in turn."""
    rows: list[dict] = []
    for part in (three_ways, case_speed, threads, start_up, memory, mechanisms):
        try:
            rows += [{"part": part.__name__, **row} for row in part()]
        except ModuleNotFoundError as error:
            if error.name != "mesa":
                raise
            print(f"{part.__name__}: needs mesa (pip install politburo[bench]); left out")
    return rows


if __name__ == "__main__":
    import sys

    print(describe(), load())
    chosen = [globals()[name] for name in sys.argv[1:]] or [main]
    for part in chosen:
        part()
