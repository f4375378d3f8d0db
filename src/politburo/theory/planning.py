"""Balances and firms of a planned economy: Leontief balances, the Ward kolkhoz, the ratchet.

*Balances*: gross outputs x that leave final demand y, x = (I - A)^(-1) y; A must be productive (spectral
radius below 1).

*Ward firm or kolkhoz*: income a member (p Q - R) / L with Q = L^(1/2) is largest at L = 4 R^2 / p^2:
membership *falls* when the price rises.

*Ratchet* (after Weitzman): next year's target follows this year's result, so a manager with discount d who is
paid b for each unit over target and whose target moves by the share l of the excess values a unit today at b
(1 - l d / (1 - d (1 - l))): the larger d and l, the less he reveals.

Balances and the Ward firm are textbook results cited from memory, checked numerically; the ratchet is
derived, not published. Cost: one linear solve."""

from __future__ import annotations

from typing import Any

import numpy as np

from .inputs import real, reals, reject, rows_of
from .results import DERIVED, Result


def leontief(inputs: Any, demand: Any, names: Any = None) -> Result:
    """Gross outputs that meet final demand.

    Parameters
    ----------
    inputs : square table
        A[i][j], input of good i per unit of good j, at least 0.
    demand : sequence
        y.

    >>> [round(v, 6) for v in leontief([[.2, .3], [.4, .1]], [10, 5]).column("gross output")]
    [17.5, 13.333333]
    """
    y = reals(demand, "demand", None, "numbers of at least 0", low=0.0)
    rows = rows_of(inputs)
    if not y or len(rows) != len(y):
        raise reject("inputs", f"{len(rows)} rows", f"a square table of {len(y)}")
    a = np.array(
        [reals(r, f"inputs[{i}]", len(y), "numbers of at least 0", low=0.0) for i, r in enumerate(rows)]
    )
    radius = float(max(abs(np.linalg.eigvals(a))))
    if radius >= 1:
        raise reject(
            "inputs", f"a spectral radius of {radius:.6g}", "below 1 (an economy that can feed itself)"
        )
    x = np.linalg.solve(np.eye(len(y)) - a, y)
    labels = [str(n) for n in names] if names is not None else [f"good {i + 1}" for i in range(len(y))]
    if len(labels) != len(y):
        raise reject("names", f"{len(labels)} names", f"{len(y)}")
    return Result(
        title=f"Material balances of {len(y)} goods",
        source="Leontief (1941)",
        columns=("good", "final demand", "gross output", "used up"),
        rows=[(n, float(d), float(g), float(g - d)) for n, d, g in zip(labels, y, x)],
        facts={"spectral radius": radius},
    )


def ward_firm(price: Any, rent: Any) -> Result:
    """Members and income a member of a firm that maximises the latter, Q = L^(1/2)."""
    p, r = (
        real(price, "price", "a number above 0", above=0.0),
        real(rent, "rent", "a number above 0", above=0.0),
    )
    members = 4 * r**2 / p**2
    return Result(
        title="Labour-managed firm or kolkhoz",
        source="Ward (1958), Domar (1966)",
        columns=("members", "output", "income a member"),
        rows=[(members, members**0.5, (p * members**0.5 - r) / members)],
    )


def ratchet(bonus: Any, *, ratchet_share: Any = 0.5, discount: Any = 0.9) -> Result:
    """What a unit of extra output today is worth to a manager whose target will follow. Derived, not
    published.
    """
    b = real(bonus, "bonus", "a number of at least 0", low=0.0)
    l = real(ratchet_share, "ratchet_share", "a share from 0 to 1", 0.0, 1.0)
    d = real(discount, "discount", "from 0 to below 1", low=0.0, below=1.0)
    return Result(
        title="Ratchet",
        source="after Weitzman (1980)",
        standing=DERIVED,
        columns=("worth of a unit today", "share of the bonus"),
        rows=[(b * (1 - l * d / (1 - d * (1 - l))), 1 - l * d / (1 - d * (1 - l)))],
    )
