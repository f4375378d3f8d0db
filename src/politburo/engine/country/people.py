"""State of block people, and what its mechanisms share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class PeopleState(NamedTuple):
    """The changing part of the block."""

    none: np.ndarray  # (1,)


def allocate(country) -> PeopleState:
    """Room for the block; `country` is `politburo.case.country.Country`."""
    return PeopleState(np.zeros(1))
