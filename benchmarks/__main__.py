"""`python -m benchmarks [NAME ...]`: run all timings, or those named, and print their tables. Writes no file."""

import importlib
import os
import pkgutil
import sys

# One thread for libraries under NumPy, so that "one core" means one core; before anything imports NumPy.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


def names() -> list[str]:
    """Modules of this package that have a `main()`."""
    import benchmarks

    found = []
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if not module.ispkg and not module.name.startswith("_") and module.name not in ("machine", "probe"):
            found.append(module.name)
    return sorted(found)


def run(arguments: list[str]) -> int:
    known = names()
    wrong = [name for name in arguments if name not in known]
    if wrong:
        print(f"No benchmark {', '.join(wrong)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    from .machine import describe

    print(describe(), flush=True)
    for name in arguments or known:
        print(f"\n# {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
