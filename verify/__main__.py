"""The runner: `python -m verify [--list] [NAME ...]`.

Exits 1 when a check fails or a module breaks, 2 for a wrong name.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time
import traceback
from collections.abc import Sequence

import verify


def modules() -> list[str]:
    """Names of the modules that verify something."""
    return sorted(m.name for m in pkgutil.iter_modules(verify.__path__) if not m.name.startswith("_"))


def _first_line(text: str | None) -> str:
    return (text or "").strip().split("\n")[0]


def run(name: str) -> tuple[int, int]:
    """Run one module and print its checks as they come. Returns (how many checks, how many did not hold)."""
    began = time.perf_counter()
    count = failed = 0
    try:
        module = importlib.import_module(f"verify.{name}")
        print(f"{name}: {_first_line(module.__doc__)}", flush=True)
        for check in module.checks():
            count += 1
            failed += not check.passed
            bound = f"  [{check.bound}]" if check.bound else ""
            print(
                f"  {'holds ' if check.passed else 'FAILS '} {check.name}: {check.found}{bound}", flush=True
            )
    except Exception:
        traceback.print_exc()
        print(f"  BROKE  {name} stopped with an error")
        return count + 1, failed + 1
    if count == 0:
        print("  FAILS  nothing was checked")
        return 1, 1
    print(f"  {count - failed} of {count} hold, {time.perf_counter() - began:.0f} s", flush=True)
    return count, failed


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of the command; returns the exit status."""
    known = modules()
    parser = argparse.ArgumentParser(prog="python -m verify", description="Run the slow checks.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="modules to run (default: all): " + ", ".join(known)
    )
    parser.add_argument("--list", action="store_true", help="say what there is and run nothing")
    given = parser.parse_args(arguments)
    wrong = [name for name in given.names if name not in known]
    if wrong:
        print(f"no such module: {', '.join(wrong)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    if given.list:
        for name in known:
            print(f"{name:20} {_first_line(importlib.import_module(f'verify.{name}').__doc__)}")
        return 0
    done = [run(name) for name in given.names or known]
    total, failed = sum(c for c, _ in done), sum(f for _, f in done)
    print(f"{total - failed} of {total} checks hold" if total else "nothing to verify")
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main())
