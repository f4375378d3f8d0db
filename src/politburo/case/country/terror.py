"""Block terror of a country: opening books (`opening-terror.csv`) and what enters them from outside (`entered-terror.csv`)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...faults import Fault
from .openings import read_entered, read_openings

OPENING = ("camps", "settlers", "party", "command")
ENTERED = np.dtype([("year", "i8"), ("persons", "i8")])


class Terror(NamedTuple):
    """Fixed inputs of the block."""

    opening: np.ndarray  # (4,) int64 persons on the first 1 January: OPENING
    entered: np.ndarray  # (E,) ENTERED: prisoners who enter the count of camps and colonies at the end of the year
    settled: np.ndarray  # (F,) ENTERED: people who enter (or leave, below 0) the settlements of deported peoples otherwise


def read(folder: Path, faults: list[Fault]) -> Terror:
    """Read the block's files from a case's folder country/."""
    opening = read_openings(folder / "opening-terror.csv", OPENING, faults)
    entered = read_entered(folder / "entered-terror.csv", ("camps", "peoples"), faults)
    if opening is None:
        return empty()
    rows = [np.array([(y, round(v)) for n, y, v in entered if n == name], ENTERED) for name in ("camps", "peoples")]
    return Terror(np.round(opening).astype(np.int64), *rows)


def empty() -> Terror:
    """The block without data: nobody held, no party."""
    return Terror(np.zeros(4, np.int64), np.zeros(0, ENTERED), np.zeros(0, ENTERED))
