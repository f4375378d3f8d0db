"""Block terror of a country: its fixed inputs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...faults import Fault


class Terror(NamedTuple):
    """Fixed inputs of the block."""

    none: np.ndarray  # (1,)


def read(folder: Path, faults: list[Fault]) -> Terror:
    """Read the block's files from a case's folder country/."""
    return empty()


def empty() -> Terror:
    """The block without data."""
    return Terror(np.zeros(1))
