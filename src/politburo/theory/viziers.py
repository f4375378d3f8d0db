"""Loyalty against competence: which subordinate a ruler can afford (after Egorov and Sonin 2011).

Theory. A subordinate of competence q in [1/2, 1] reads a plot correctly with probability q. A plot is strong
with probability 1 - u, u the ruler's strength. On the signal "the plot will win" he joins it when the
expected reward of success exceeds the reward of loyalty:

    belief after the signal   v(q) = q (1 - u) / (q (1 - u) + (1 - q) u),      he betrays iff  v(q) R > w v_s(q),

where loyalty is paid only if the ruler survives, v_s = 1 - v. A traitor on the strong plot brings the ruler
down; the ruler survives a strong plot only if the subordinate misread it. The ruler picks q to maximise
productivity times survival,

    (1 + k (q - 1/2)) x (1 - (1 - u) q [betrays at q]).

Weak rulers pick mediocre and loyal men; strong ones can use able men; a promise of reward is worth little
when the promiser may not survive. The choice does not fall with strength as long as k <= 2 (1 - u*) / (1 +
u*), u* = R / (R + w) the weakest ruler whom anybody serves loyally; more productive disloyalty than that
would tempt rulers just below u*. Derived, not published: minimal equations that respect the abstract of
"Dictators and Their Viziers", JEEA 9 (2011). Falsified by weak rulers with able seconds. Cost: the grid."""

from __future__ import annotations

from typing import Any

import numpy as np

from .inputs import real, whole
from .results import DERIVED, Result


def betrays(q: float, strength: float, loyalty: float, success: float) -> bool:
    """Whether a subordinate of competence q joins a plot that looks strong to him."""
    strong = q * (1 - strength)
    weak = (1 - q) * strength
    return strong * success > weak * loyalty


def vizier(
    strength: Any,
    *,
    loyalty: Any = 1,
    success: Any = 1,
    productivity: Any = 0.3,
    survival: Any = 1,
    grid: int = 501,
) -> Result:
    """The competence a ruler chooses.

    Parameters
    ----------
    strength : number
        u, probability that a plot against him would be weak.
    loyalty, success : number
        w and R, rewards of loyalty (if the ruler survives) and of a successful plot; above 0.
    productivity : number
        k, how much competence adds.
    survival : number
        Chance that the ruler survives other dangers: loyalty is rewarded only if he does.
    grid : int
        Points of q between 1/2 and 1.

    Returns
    -------
    Result
        One row: chosen competence, whether he would betray, survival, value; `facts`: the most competent
        loyal man.

    Derived, not published.
    """
    u = real(strength, "strength", "a probability from 0 to 1", 0.0, 1.0)
    w, r = (
        real(loyalty, "loyalty", "a number above 0", above=0.0),
        real(success, "success", "a number above 0", above=0.0),
    )
    k = real(productivity, "productivity", "a number of at least 0", low=0.0)
    w *= real(survival, "survival", "a probability from 0 to 1", 0.0, 1.0)
    points = np.linspace(0.5, 1.0, whole(grid, "grid", 2, 1_000_000))
    best = None
    loyal_up_to = None
    for q in points:
        disloyal = betrays(float(q), u, w, r)
        if not disloyal:
            loyal_up_to = float(q)
        survival = 1 - (1 - u) * q if disloyal else 1.0
        value = (1 + k * (q - 0.5)) * survival
        if best is None or value > best[3] + 1e-12:
            best = (float(q), disloyal, float(survival), float(value))
    return Result(
        title=f"Choice of a subordinate, ruler's strength {u:g}",
        source="after Egorov and Sonin (2011)",
        standing=DERIVED,
        columns=("competence", "would betray", "survival", "value"),
        rows=[best],
        facts={"most competent loyal man": loyal_up_to, "reward of loyalty": w, "reward of success": r},
    )


def vizier_sweep(strengths: Any, **settings: Any) -> Result:
    """`vizier` for several strengths: one row each."""
    rows = [(float(u), *vizier(u, **settings).rows[0]) for u in strengths]
    return Result(
        title="Choice of a subordinate by the ruler's strength",
        source="after Egorov and Sonin (2011)",
        standing=DERIVED,
        columns=("strength", "competence", "would betray", "survival", "value"),
        rows=rows,
    )
