"""One ensemble on threads and on Dask workers of this machine: seconds on the clock, and the processor seconds of everybody.

Each row is a process of its own. `start` is what comes before: imports, the cluster's processes, and a run of a few histories, which
loads the machine code in every worker. `clock` is the ensemble itself, from the call to the last file, the best of the tries.
`caller` and `workers` are processor seconds of the same. On a machine that others use, seconds on the clock say more of the others
than of this; then `alone` is what counts: the processor seconds of the busiest process or thread, below which no clock can go
however free the cores are. It falls by half from one worker to two when nothing is lost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from .machine import load

CHILD = """
import json, os, sys, tempfile, time
def main():
    began = time.perf_counter()
    from politburo.lab.ensembles.cluster import perhaps
    from politburo.lab.ensembles.run import run
    n, until, workers, dask, tries = json.loads(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder, perhaps(dask) as executor:
        spent = (lambda: list(executor.client.run(time.process_time).values())) if dask else (lambda: [])
        for k in range(2):
            run("ussr", 16 * workers, until="1922-12", workers=workers, out=f"{folder}/warm{k}", executor=executor, slice_=4)
        started, rows = time.perf_counter() - began, []
        for k in range(tries):
            before, cpu, clock = spent(), time.process_time(), time.perf_counter()
            result = run("ussr", n, until=until, workers=workers, out=f"{folder}/r{k}", executor=executor)
            clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
            assert result.done == n
            each = [b - a for a, b in zip(before, spent())]
            rows.append([clock, cpu, each])
        print(json.dumps([started, rows]))
if __name__ == "__main__":
    main()
"""


def once(n: int, until: str, workers: int, dask: str | None, tries: int) -> dict:
    """Seconds of one way to run an ensemble."""
    words = [sys.executable, "-c", CHILD, json.dumps([n, until, workers, dask, tries])]
    done = subprocess.run(words, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    start, rows = json.loads(done.stdout.strip().splitlines()[-1])
    clock, caller, each = min(rows)
    alone = max([caller, *each]) if each else caller / workers
    return {"start": start, "clock": clock, "caller": caller, "workers": sum(each), "alone": alone}


def main(n: int = 2000, until: str = "1938-12", tries: int = 2) -> list[dict]:
    """Measure and print."""
    found = []
    print(f"{'how':16} {'histories':>9} {'start s':>8} {'clock s':>8} {'caller s':>9} {'workers s':>10} {'alone s':>8}")
    for name, workers, dask in (("1 thread", 1, None), ("2 threads", 2, None), ("Dask local:1", 1, "local:1"), ("Dask local:2", 2, "local:2")):
        row = {"how": name, "histories": n} | once(n, until, workers, dask, tries)
        found.append(row)
        numbers = " ".join(f"{row[key]:{width}.1f}" for key, width in (("start", 8), ("clock", 8), ("caller", 9), ("workers", 10), ("alone", 8)))
        print(f"{name:16} {n:9,} {numbers}   {load()}", flush=True)
    return found


if __name__ == "__main__":
    main()
