"""What a timing was made on, clocks, and whole processes under watch."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version


def describe() -> str:
    """Processor, cores, versions, and how busy the machine is."""
    model = platform.processor()
    try:
        with open("/proc/cpuinfo") as lines:
            model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    libraries = ", ".join(f"{name} {_version(name)}" for name in ("numpy", "numba", "mesa"))
    return f"{model}, {os.cpu_count()} cores; Python {platform.python_version()}, {libraries}; {load()}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def load() -> str:
    """Processes that wanted a core in the last minute and quarter of an hour."""
    one, _, fifteen = os.getloadavg()
    return f"load {one:.1f} (15 minutes: {fifteen:.1f}) on {os.cpu_count()} cores"


def processor_time(work: Callable[[], object]) -> float:
    """Seconds of processor time that `work` takes in this thread: what others do on the machine counts little."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


@dataclass(frozen=True)
class Watched:
    """A finished process: wall seconds, processor seconds, largest resident memory in MiB, exit status."""

    wall: float
    processor: float
    memory: float
    status: int


def watch(arguments: Sequence[str], environment: dict[str, str | None] | None = None) -> Watched:
    """Run `python arguments...` as a process of its own and say what it took. In its environment, None takes a name away."""
    start = time.perf_counter()
    memory = 0.0
    with tempfile.TemporaryFile() as sink:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env={name: value for name, value in {**os.environ, **(environment or {})}.items() if value is not None},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        ended = 0
        while not ended:
            # The usage that the system reports at the end counts this process too, from before the child was itself.
            memory = max(memory, _peak(process.pid))
            time.sleep(0.01)
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        if process.returncode:
            sink.seek(0)
            said = sink.read()[-2000:].decode()
            raise RuntimeError(f"{' '.join(arguments)} ended with status {process.returncode}: {said}")
    return Watched(wall, usage.ru_utime + usage.ru_stime, memory, process.returncode)


def _peak(pid: int) -> float:
    """Largest resident memory of a living process so far, MiB; 0 where the system does not say."""
    try:
        with open(f"/proc/{pid}/status") as lines:
            return next((int(line.split()[1]) / 1024.0 for line in lines if line.startswith("VmHWM")), 0.0)
    except OSError:
        return 0.0


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows in aligned columns."""
    cells = [[str(cell) for cell in row] for row in [columns, *rows]]
    widths = [max(len(row[c]) for row in cells) for c in range(len(columns))]
    print(f"\n{title} ({load()})")
    for row in cells:
        print(
            "  "
            + "  ".join(
                cell.ljust(width) if c == 0 else cell.rjust(width)
                for c, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
        )
    sys.stdout.flush()
