"""The parties of the comparison: what each runs, by name; also as a process of its own, for its memory.

`python -m benchmarks.reduced.parties NAME` prepares one party, runs it and ends; with `--alone` it only imports what it needs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from .world import MONTHS

MESA_MONTHS, NUMPY_HISTORIES, NUMPY_MONTHS, OUR_HISTORIES = 60, 512, 60, 256


def mesa(lists: bool) -> Callable[[], object]:
    from . import mesa_model

    party = mesa_model.Party(seed=1, lists=lists)
    return lambda: party.run(MESA_MONTHS)


def numpy(keyed: bool, tuned: bool) -> Callable[[], object]:
    from .numpy_model import Histories
    from .numpy_plain import PlainHistories

    histories = (Histories if tuned else PlainHistories)(NUMPY_HISTORIES, keyed=keyed)
    return lambda: histories.run(NUMPY_MONTHS)


def engine() -> Callable[[], object]:
    from . import engine_model

    ours, rows = engine_model.engine(), engine_model.rows(OUR_HISTORIES)
    ours.run(0, rows[:1])
    return lambda: ours.run(0, rows)


#: Name: (what prepares it and gives the work to be timed, simulated months in that work, histories in memory at once).
PARTIES: dict[str, tuple[Callable[[], Callable[[], object]], int, int]] = {
    "Mesa, agent sets": (lambda: mesa(False), MESA_MONTHS, 1),
    "Mesa, lists in the inner loops": (lambda: mesa(True), MESA_MONTHS, 1),
    # The very same histories as the engine's, which only keyed luck gives; then NumPy's fastest generator.
    "NumPy, whole arrays, keyed luck": (lambda: numpy(True, False), NUMPY_HISTORIES * NUMPY_MONTHS, NUMPY_HISTORIES),
    "NumPy, whole arrays, own luck": (lambda: numpy(False, False), NUMPY_HISTORIES * NUMPY_MONTHS, NUMPY_HISTORIES),
    "NumPy, tuned, keyed luck": (lambda: numpy(True, True), NUMPY_HISTORIES * NUMPY_MONTHS, NUMPY_HISTORIES),
    "NumPy, tuned, own luck": (lambda: numpy(False, True), NUMPY_HISTORIES * NUMPY_MONTHS, NUMPY_HISTORIES),
    "engine": (engine, OUR_HISTORIES * MONTHS, OUR_HISTORIES),
}


def main(arguments: list[str]) -> None:
    name = arguments[0]
    if "--alone" not in arguments:
        PARTIES[name][0]()()
    elif name.startswith("Mesa"):
        from . import mesa_model  # noqa: F401
    elif name.startswith("NumPy"):
        from . import numpy_plain  # noqa: F401
    else:
        from . import engine_model  # noqa: F401


if __name__ == "__main__":
    main(sys.argv[1:])
