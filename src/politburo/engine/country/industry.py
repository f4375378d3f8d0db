"""State of block industry, and what its mechanisms share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class IndustryState(NamedTuple):
    """The changing part of the block."""

    none: np.ndarray  # (1,)


def allocate(country) -> IndustryState:
    """Room for the block; `country` is `politburo.case.country.Country`."""
    return IndustryState(np.zeros(1))
