"""State of block terror, and what its mechanisms share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class TerrorState(NamedTuple):
    """The changing part of the block."""

    none: np.ndarray  # (1,)


def allocate(country) -> TerrorState:
    """Room for the block; `country` is `politburo.case.country.Country`."""
    return TerrorState(np.zeros(1))
