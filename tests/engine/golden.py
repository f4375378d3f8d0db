"""The golden trace: one history of a case frozen for the tests, event by event, with digests.

    python -m tests.engine.golden            compare, and say what differs
    python -m tests.engine.golden --write    make the present engine's answer the golden one

A change of the engine that means to change histories is followed by `--write`, and the difference is read in
the commit. A change that does not mean to must leave tests/engine/data/golden.txt as it is. The case
(tests/engine/data/golden_case) has parameters of its own, so a new calibration of the packaged cases does not
touch it.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    os.environ["NUMBA_DISABLE_JIT"] = (
        "1"  # nothing to wait for; the bits are the same (tests/engine/test_compiled.py)
    )

from collections.abc import Callable

import numpy as np

from politburo.case.compile import Compiled, compile_case
from politburo.case.load import load_case
from politburo.engine.ensemble import Engine
from politburo.engine.events import KINDS

HERE = Path(__file__).resolve().parent / "data"
FILE = HERE / "golden.txt"
HISTORY = 5
SEED = 1961
SHOWN = 60


def golden_case() -> Compiled:
    """The frozen case, compiled."""
    return compile_case(load_case(HERE / "golden_case"), seed=SEED)


def row_in_order(compiled: Compiled, names: tuple[str, ...]) -> np.ndarray:
    """The frozen values under the given names, so that the machine code of the packaged parameters serves
    here too.
    """
    missing = [name for name in names if name not in compiled.case.parameters]
    if missing:
        words = "add it to tests/engine/data/golden_case/parameters.yaml, deliberately"
        raise KeyError(f"the golden case lacks {', '.join(missing)}: {words}")
    return np.array([compiled.case.parameters[name].value for name in names], float)


def digest(array: np.ndarray) -> str:
    """Digest of an array's type, shape and bytes."""
    found = hashlib.sha256(f"{array.dtype.str} {array.shape}".encode())
    found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:32]


def sentence(compiled: Compiled, row: np.void) -> str:
    """One event on one line: month, kind, who, whom, the numbers behind it."""
    who, whom = (compiled.people[i] if i >= 0 else "-" for i in (int(row["actor"]), int(row["target"])))
    numbers = " ".join(f"{float(row[name]):.6g}" for name in "abcd")
    return f"{compiled.month(row['month'])}  {KINDS[row['kind']]:<11} {who:<7} {whom:<7} {numbers}"


def text(engine: Callable[..., Engine] = Engine, names: tuple[str, ...] | None = None) -> str:
    """The content of golden.txt as the present engine has it. `engine(world, names, months)` makes the
    engine.
    """
    compiled = golden_case()
    names = compiled.parameters if names is None else names
    kept, events = engine(compiled.world, names, compiled.months).trace(
        HISTORY, row_in_order(compiled, names)
    )
    lines = [f"history {HISTORY}, seed {SEED}, {compiled.months} months, {len(events)} events", ""]
    arrays = zip(kept._fields, kept, strict=True)
    lines += [f"{name:<8} {digest(array)}" for name, array in arrays if array.size]  # no country: no years
    lines += [f"{'trace':<8} {digest(events)}", "", f"the first {SHOWN} events:"]
    lines += [sentence(compiled, row) for row in events[:SHOWN]]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Entry of the command; returns the exit status."""
    if arguments not in ([], ["--write"]):
        print(__doc__, file=sys.stderr)
        return 2
    found = text()
    if arguments:
        FILE.write_text(found, encoding="utf-8")
        print(f"wrote {FILE.name}")
        return 0
    kept = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    if kept == found:
        print("the golden trace stands")
        return 0
    for old, new in zip(kept.splitlines() + [""] * 200, found.splitlines(), strict=False):
        if old != new:
            print(f"- {old}\n+ {new}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
