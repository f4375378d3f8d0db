"""A million histories: within 2 GB of memory, and the same bytes after kills at random moments as without.

Once the template (eight invented people) for its first month, once the reference case with its country for the first nine months, by two
threads; the parts are the usual ones. What is verified is running to disk, whose memory does not depend on how long a history is. To the end of 1938
(`runs=(("ussr", "1938-12"),)`) it takes half an hour of two cores and 13 GB of disk.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.million import ended, size, start

from . import Check

RUNS = (("template", "1961-03"), ("ussr", "1922-12"))
N = 1_000_000
KILLS = 6
MOST = 2000.0  # MB


def contents(path: Path) -> dict[str, str]:
    """Digest of every file."""
    return {str(p.relative_to(path)): hashlib.sha256(p.read_bytes()).hexdigest() for p in path.rglob("*") if p.is_file()}


def checks(n: int = N, kills: int = KILLS, runs: tuple[tuple[str, str], ...] = RUNS) -> Iterator[Check]:
    """The checks of every run, with the random moments printed."""
    for case, until in runs:
        yield from _checks(case, until, n, kills)


def _checks(case: str, until: str, n: int, kills: int) -> Iterator[Check]:
    with tempfile.TemporaryDirectory() as folder:
        whole, broken = Path(folder) / "whole", Path(folder) / "broken"
        began = time.monotonic()
        status, peak, _ = ended(start(case, n, until, whole))
        took = time.monotonic() - began
        found = f"{peak * 1.048576:.0f} MB at the peak, {size(whole):.0f} MiB on disk, {took:.0f} s"
        yield Check(f"{case} to {until}, {n:,} histories: they stream to disk", status == 0 and peak * 1.048576 < MOST, found, f"below {MOST:.0f} MB")

        killed, moments = 0, []
        for _ in range(kills):
            child = start(case, n, until, broken)
            moment = random.uniform(0.5, 1.6 * took / kills)
            time.sleep(moment)
            os.kill(child.pid, signal.SIGKILL)  # send_signal would reap a child that has ended, and its figures with it
            status, peak, _ = ended(child)
            killed += status == -signal.SIGKILL
            parts = len(list(broken.glob("part-*.parquet")))
            moments.append(f"{moment:.1f} s ({parts})")
        status, peak, _ = ended(start(case, n, until, broken))
        same = contents(whole) == contents(broken)
        words = f"killed {killed} times after {', '.join(moments)} (parts there), {len(contents(whole))} files"
        yield Check(f"{case}: killed and resumed, the same bytes", status == 0 and same and killed > 0, words, "every byte of every file")
        yield Check(f"{case}: resuming stays within memory", peak * 1.048576 < MOST, f"{peak * 1.048576:.0f} MB", f"below {MOST:.0f} MB")
