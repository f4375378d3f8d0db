"""Block grain of a country: its fixed inputs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...faults import Fault


#: Regions, in order.
REGIONS = (
    "ukraine", "north_caucasus", "lower_volga", "middle_volga", "black_earth", "kazakhstan", "urals", "west_siberia", "rest_europe", "rest_asia",
)  # fmt: skip


class Grain(NamedTuple):
    """Fixed inputs of the block."""

    none: np.ndarray  # (1,)


def read(folder: Path, faults: list[Fault]) -> Grain:
    """Read the block's files from a case's folder country/."""
    return empty()


def empty() -> Grain:
    """The block without data."""
    return Grain(np.zeros(1))
