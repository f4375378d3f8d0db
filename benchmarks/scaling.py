"""One ensemble on threads, on a process pool's workers and on Dask workers here: seconds on the clock and processor seconds.

Each row is a process of its own, so that its processor seconds hold everything: the caller, the workers, the scheduler. The row
`one history` is what starting costs. On a shared machine only the processor seconds mean something; their ratio to the first row is
what distributing costs.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time

CHILD = """
import json, sys, tempfile
def main():
    from politburo.lab.ensembles.cluster import perhaps
    from politburo.lab.ensembles.run import run
    n, until, workers, dask = json.loads(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder, perhaps(dask) as executor:
        result = run("ussr", n, until=until, workers=workers, out=folder + "/r", executor=executor)
        assert result.done == n
if __name__ == "__main__":
    main()
"""


def once(n: int, until: str, workers: int, dask: str | None) -> tuple[float, float]:
    """Seconds on the clock and of all processors, workers included."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", CHILD, json.dumps([n, until, workers, dask])], check=True, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(n: int = 2000, until: str = "1938-12") -> list[dict]:
    """Measure and print."""
    found = []
    print(f"{'how':28} {'histories':>9} {'clock s':>9} {'processor s':>12} {'to 1 thread':>12}")
    for name, count, workers, dask in (
        ("one history, 1 thread", 1, 1, None), ("1 thread", n, 1, None), ("2 threads", n, 2, None),
        ("one history, Dask local:2", 1, 2, "local:2"), ("Dask local:1", n, 1, "local:1"), ("Dask local:2", n, 2, "local:2"),
    ):  # fmt: skip
        clock, cpu = once(count, until, workers, dask)
        base = next((row["cpu"] for row in found if row["how"] == "1 thread"), cpu)
        row = {"how": name, "histories": count, "clock": clock, "cpu": cpu, "ratio": cpu / base}
        found.append(row)
        print(f"{name:28} {count:9,} {clock:9.1f} {cpu:12.1f} {row['ratio']:12.2f}", flush=True)
    return found


if __name__ == "__main__":
    main()
