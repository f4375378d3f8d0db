"""State of block society, and what its mechanisms share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class SocietyState(NamedTuple):
    """The changing part of the block."""

    none: np.ndarray  # (1,)


def allocate(country) -> SocietyState:
    """Room for the block; `country` is `politburo.case.country.Country`."""
    return SocietyState(np.zeros(1))
