"""Memory and speed of running to disk, from one part to a million histories: memory must not grow with their number.

Each row is a process of its own (`politburo.lab.ensembles.run.run`, two threads), whose peak resident memory is read when it has
ended. `one` is a run of a single history: what Python, the libraries, the case and the machine code take by themselves.
The reference case runs for its first year, the million on the template case of eight invented people for its
first month, so that what is measured is running to disk and not the length of the histories: memory depends
on the size of a part, not on the months (but for the table of bands, 90 kB a month and worker in the reference case).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHILD = """
import json, sys
case, n, until, out, workers = json.loads(sys.argv[1])
from politburo.lab.ensembles.run import run
result = run(case, n, until=until, out=out, workers=workers)
assert result.done == n, result.failures[:1]
"""

ROWS = (
    ("ussr", 1, "1923-03"),
    ("ussr", 2_500, "1923-03"),
    ("ussr", 10_000, "1923-03"),
    ("ussr", 40_000, "1923-03"),
    ("template", 1, "1961-03"),
    ("template", 10_000, "1961-03"),
    ("template", 1_000_000, "1961-03"),
)


def start(case: str, n: int, until: str, out: Path, workers: int = 2) -> subprocess.Popen:
    """A run in a process of its own."""
    return subprocess.Popen([sys.executable, "-c", CHILD, json.dumps([case, n, until, str(out), workers])])


def ended(child: subprocess.Popen) -> tuple[int, float, float]:
    """Wait for it: (exit status, peak memory in MiB, processor seconds)."""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return child.returncode, peak, usage.ru_utime + usage.ru_stime


def size(path: Path) -> float:
    """MiB on disk."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 2**20


def main(rows: tuple[tuple[str, int, str], ...] = ROWS) -> list[dict]:
    """Measure and print. Returns one dict a row."""
    found = []
    print(f"{'case':10} {'until':8} {'histories':>10} {'seconds':>9} {'cpu s':>8} {'peak MiB':>9} {'disk MiB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for number, (case, n, until) in enumerate(rows):
            out = Path(folder) / str(number)
            began = time.perf_counter()
            status, peak, cpu = ended(start(case, n, until, out))
            seconds = time.perf_counter() - began
            if status:
                raise RuntimeError(f"run of {n} histories ended with {status}")
            row = {"case": case, "until": until, "histories": n, "seconds": seconds, "cpu": cpu, "peak": peak, "disk": size(out)}
            found.append(row)
            print(f"{case:10} {until:8} {n:10,} {seconds:9.1f} {cpu:8.1f} {peak:9.0f} {row['disk']:9.1f}", flush=True)
    return found


if __name__ == "__main__":
    main()
