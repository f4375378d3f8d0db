"""Block people of a country: its fixed inputs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...faults import Fault


class People(NamedTuple):
    """Fixed inputs of the block."""

    none: np.ndarray  # (1,)


def read(folder: Path, faults: list[Fault]) -> People:
    """Read the block's files from a case's folder country/."""
    return empty()


def empty() -> People:
    """The block without data."""
    return People(np.zeros(1))
