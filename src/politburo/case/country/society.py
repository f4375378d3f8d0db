"""Block society of a country: its fixed inputs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...faults import Fault


class Society(NamedTuple):
    """Fixed inputs of the block."""

    none: np.ndarray  # (1,)


def read(folder: Path, faults: list[Fault]) -> Society:
    """Read the block's files from a case's folder country/."""
    return empty()


def empty() -> Society:
    """The block without data."""
    return Society(np.zeros(1))
