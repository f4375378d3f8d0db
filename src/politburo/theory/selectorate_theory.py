"""Selectorate theory: how large a coalition a leader must please, and what he keeps.

Theory. Of S selectors a coalition of W keeps the leader in power. He spends m of the budget R on a public
good x at unit price p and on private goods g for each of the W: p x + W g = m; a member's utility is sqrt(x)
+ sqrt(g). A challenger would offer his best now, but later private goods would reach a given selector only
with probability W/S. The leader needs to match that at least cost and keeps R - m. With w = W/S and k = W /
(W + p):

    sqrt(m / R) = (1 - d) / (1 - d [w + (1 - w) k]),    x = m W / (p (W + p)),    g = m p / (W (W + p)).

Spending rises with W and falls with S (a small W/S makes loyalty cheap: the loyalty norm); the public share W
/ (W + p) rises.

Source: Bueno de Mesquita, Smith, Siverson and Morrow, *The Logic of Political Survival* (2003). The closed
form for square-root utility is derived, not published; no worked numeric example was found in print."""

from __future__ import annotations

from math import sqrt
from typing import Any

from .inputs import real, reject
from .results import DERIVED, Result

SOURCE = "after Bueno de Mesquita, Smith, Siverson and Morrow (2003)"


def selectorate(
    selectorate_size: Any, coalition_size: Any, *, budget: Any = 1, price: Any = 10, discount: Any = 0.9
) -> Result:
    """The leader's least spending and its split.

    Parameters
    ----------
    selectorate_size, coalition_size : number
        S and W, 0 < W <= S.
    budget, price : number
        R and p, above 0.
    discount : number
        d, from 0 to below 1.

    Returns
    -------
    Result
        One row: spent, kept, public good, private good, public share. Derived, not published.

    >>> round(selectorate(100, 10).column("spent")[0], 8)
    0.03921184
    """
    s = real(selectorate_size, "selectorate_size", "a number above 0", above=0.0)
    w = real(coalition_size, "coalition_size", "a number above 0, at most the selectorate", above=0.0)
    if w > s:
        raise reject("coalition_size", f"{w:g}", f"at most the selectorate of {s:g}")
    r, p = (
        real(budget, "budget", "a number above 0", above=0.0),
        real(price, "price", "a number above 0", above=0.0),
    )
    d = real(discount, "discount", "from 0 to below 1", low=0.0, below=1.0)
    loyalty, k = w / s, w / (w + p)
    m = r * ((1 - d) / (1 - d * (loyalty + (1 - loyalty) * k))) ** 2
    row = (s, w, m, r - m, m * w / (p * (w + p)), m * p / (w * (w + p)), k)
    return Result(
        title=f"Selectorate of {s:g}, coalition of {w:g}",
        source=SOURCE,
        standing=DERIVED,
        columns=(
            "selectorate_theory",
            "coalition",
            "spent",
            "kept",
            "public good",
            "private good",
            "public share",
        ),
        rows=[row],
        facts={"loyalty norm W/S": loyalty, "budget": r, "price": p, "discount": d},
    )


def incumbency_gap(
    selectorate_size: float,
    coalition_size: float,
    spent: float,
    *,
    budget: float = 1.0,
    price: float = 10.0,
    discount: float = 0.9,
) -> float:
    """Member's value of staying less that of the challenger's offer, when the leader spends `spent`: 0 at the
    least spending.

    V_stay = u(spent) / (1 - d). The challenger spends the whole budget once, then `spent`, of which a
    selector gets the public part surely and the private part with probability W/S. A check on the closed form
    that does not use it."""
    w, p, d = coalition_size, price, discount
    loyalty = w / selectorate_size

    def utility(m: float, chance: float) -> float:
        x, g = m * w / (p * (w + p)), m * p / (w * (w + p))
        return sqrt(x) + chance * sqrt(g)

    return utility(spent, 1.0) / (1 - d) - (utility(budget, 1.0) + d * utility(spent, loyalty) / (1 - d))


def selectorate_sweep(selectorate_size: Any, coalitions: Any, **settings: Any) -> Result:
    """`selectorate` for several coalition sizes: one row each."""
    rows = [selectorate(selectorate_size, w, **settings).rows[0] for w in coalitions]
    if not rows:
        raise reject("coalitions", "an empty set", "at least one size")
    first = selectorate(selectorate_size, rows[0][1], **settings)
    return Result(
        title=f"Selectorate of {rows[0][0]:g}, by coalition size",
        source=SOURCE,
        standing=DERIVED,
        columns=first.columns[1:],
        rows=[r[1:] for r in rows],
    )
