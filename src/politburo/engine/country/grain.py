"""State of block grain, and what its mechanisms share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class GrainState(NamedTuple):
    """The changing part of the block."""

    none: np.ndarray  # (1,)


def allocate(country) -> GrainState:
    """Room for the block; `country` is `politburo.case.country.Country`."""
    return GrainState(np.zeros(1))
