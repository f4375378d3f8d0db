"""Block industry of a country: its fixed inputs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...faults import Fault


class Industry(NamedTuple):
    """Fixed inputs of the block."""

    none: np.ndarray  # (1,)


def read(folder: Path, faults: list[Fault]) -> Industry:
    """Read the block's files from a case's folder country/."""
    return empty()


def empty() -> Industry:
    """The block without data."""
    return Industry(np.zeros(1))
