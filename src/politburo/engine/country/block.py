"""A tuple of arrays as a block of words, which the country's code reads (`politburo.engine.country.held` says how)."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Uncompiled countries by address; see `politburo.engine.country.held.call`.
PLAIN: dict[int, Any] = {}


def words(value: tuple) -> list[int]:
    """A tuple as the words that its type reads. The caller keeps the arrays alive."""
    found: list[int] = []
    for part in value:
        if isinstance(part, tuple):
            found += words(part)
        elif isinstance(part, np.ndarray):
            assert part.flags.c_contiguous
            found += [part.ctypes.data, *part.shape]
        else:
            found.append(int(part))
    return found
