"""Block society of a country: where it begins (`opening-society.csv`) and parishes that come with territory (`entered-society.csv`)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...faults import Fault
from .openings import read_entered, read_openings

OPENING = ("literacy", "enrolment", "doctors", "churches", "circulation", "cult")
ENTERED = np.dtype([("year", "i8"), ("number", "f8")])


class Society(NamedTuple):
    """Fixed inputs of the block."""

    opening: np.ndarray  # (6,) on the first 1 January: OPENING (shares; thousand doctors; churches; million copies; index)
    entered: np.ndarray  # (E,) ENTERED: churches


def read(folder: Path, faults: list[Fault]) -> Society:
    """Read the block's files from a case's folder country/."""
    opening = read_openings(folder / "opening-society.csv", OPENING, faults)
    entered = [(year, value) for _, year, value in read_entered(folder / "entered-society.csv", ("churches",), faults)]
    if opening is None:
        return empty()
    return Society(opening, np.array(entered, ENTERED))


def empty() -> Society:
    """The block without data."""
    return Society(np.zeros(len(OPENING)), np.zeros(0, ENTERED))
