"""Contests and revolts: effort spent to win, and why nobody revolts (Tullock 1971, 1980; Wintrobe 1998).

*Contest.* n rivals spend effort x_i on a prize V; the chance of winning is x_i^r / sum x_j^r. With equal
rivals and r <= n/(n-1) each spends r (n-1) V / n^2. With r = 1 and unequal valuations V_i the active rivals
are the k with the highest V and

    X = (k - 1) / sum over active of 1/V_j,    x_i = X (1 - X / V_i).

*Revolt.* A single participant's net gain is G = R_i L_v - P_i (1 - L_v) - L_w I + E, with L_v the chance of
victory, R reward, P punishment, I injury with chance L_w, E entertainment. His own effect on L_v is next to
nothing, so the public good plays no part: free riding.

*Tinpots and totalitarians* (sign test). A tinpot buys power only to stay in office, a totalitarian as much as
his budget buys; power comes from loyalty and repression with a constant elasticity of substitution below 1.
When loyalty becomes cheaper, the tinpot represses less (he needs less of it for the same power), the
totalitarian more (the saving goes into both).

Symmetric and asymmetric contests are textbook results cited from memory and checked by first-order
conditions; the last model is derived, not published. Cost: n log n."""

from __future__ import annotations

from typing import Any

from .inputs import measure, real, reject, whole, word
from .results import DERIVED, Result


def contest(rivals: Any, prize: Any, *, decisiveness: Any = 1) -> Result:
    """Equal rivals: effort, total, and what is left to each.

    Parameters
    ----------
    rivals : int
        n, at least 2.
    prize : number
        V, above 0.
    decisiveness : number
        r, above 0 and at most n / (n - 1) (beyond that no symmetric pure equilibrium exists).

    >>> contest(3, 9).rows[0][:2]
    (2.0, 6.0)
    """
    n = whole(rivals, "rivals", 2, 10**9)
    v = real(prize, "prize", "a number above 0", above=0.0)
    r = real(decisiveness, "decisiveness", "a number above 0", above=0.0)
    if r > n / (n - 1):
        raise reject("decisiveness", f"{r:g}", f"at most {n / (n - 1):.6g} for {n} rivals")
    each = r * (n - 1) * v / n**2
    return Result(
        title=f"Contest of {n} equal rivals",
        source="Tullock (1980)",
        columns=("effort of each", "total effort", "expected gain", "share of the prize spent"),
        rows=[(each, n * each, v / n - each, n * each / v)],
    )


def unequal_contest(valuations: Any, names: Any = None) -> Result:
    """Unequal rivals, r = 1: who takes part, efforts and chances."""
    game = measure(valuations, names, "valuations")
    v = [float(x) for x in game.exact]
    if len(v) < 2:
        raise reject("valuations", "one rival", "at least two")
    order = sorted(range(len(v)), key=lambda i: -v[i])
    active, total = order[:2], 0.0
    for k in range(2, len(v) + 1):
        total_k = (k - 1) / sum(1 / v[i] for i in order[:k])
        if v[order[k - 1]] > total_k:
            active, total = order[:k], total_k
    rows = [
        (
            name,
            v[i],
            total * (1 - total / v[i]) if i in active else 0.0,
            (1 - total / v[i]) if i in active else 0.0,
        )
        for i, name in enumerate(game.names)
    ]
    return Result(
        title=f"Contest of {len(v)} rivals",
        source="Tullock (1980), unequal valuations",
        columns=("rival", "valuation", "effort", "chance"),
        rows=rows,
        facts={"total effort": total, "active": len(active)},
    )


def revolt(
    reward: Any,
    punishment: Any,
    victory: Any,
    *,
    injury: Any = 0,
    injury_chance: Any = 0,
    entertainment: Any = 0,
    own_effect: Any = 0,
) -> Result:
    """A participant's payoff from joining a revolt, and the part of it that his own joining changes.

    `own_effect` is what he adds to the chance of victory. Cited from memory of Tullock (1971).
    """
    r, p = real(reward, "reward"), real(punishment, "punishment")
    v, w = (
        real(x, a, "a probability from 0 to 1", 0.0, 1.0)
        for x, a in ((victory, "victory"), (injury_chance, "injury_chance"))
    )
    i, e = real(injury, "injury"), real(entertainment, "entertainment")
    d = real(own_effect, "own_effect", "a probability from 0 to 1", 0.0, 1.0)
    g = r * v - p * (1 - v) - w * i + e
    return Result(
        title="Joining a revolt",
        source="Tullock (1971)",
        columns=("payoff", "joins", "through his own effect"),
        rows=[(g, g > 0, d * (r + p))],
    )


def dictator(
    kind: str,
    budget: Any,
    *,
    loyalty_price: Any = 1,
    repression_price: Any = 1,
    loyalty_share: Any = 0.5,
    elasticity: Any = 0.5,
    power_needed: Any = 1,
) -> Result:
    """Loyalty and repression bought by a tinpot or a totalitarian.

    Power is (a L^h + (1 - a) R^h)^(1/h), h = 1 - 1/elasticity (Cobb-Douglas at 1). The totalitarian spends
    the whole budget on power; the tinpot buys `power_needed` at least cost and keeps the rest. Both choose L
    / R = (a pr / ((1 - a) pl))^elasticity.

    Derived, not published (after Wintrobe 1998).
    """
    word(kind, "kind", ("tinpot", "totalitarian"))
    b = real(budget, "budget", "a number above 0", above=0.0)
    pl, pr = (
        real(x, n, "a number above 0", above=0.0)
        for x, n in ((loyalty_price, "loyalty_price"), (repression_price, "repression_price"))
    )
    a = real(loyalty_share, "loyalty_share", "above 0, below 1", above=0.0, below=1.0)
    sigma = real(elasticity, "elasticity", "above 0, at most 100", high=100.0, above=0.0)
    ratio = (a * pr / ((1 - a) * pl)) ** sigma
    h = 1 - 1 / sigma
    unit = (
        ratio**a if abs(h) < 1e-12 else (a * ratio**h + 1 - a) ** (1 / h)
    )  # power of one unit of repression
    if kind == "totalitarian":
        repression = b / (pr + pl * ratio)
    else:
        repression = real(power_needed, "power_needed", "a number above 0", above=0.0) / unit
        if repression * (pr + pl * ratio) > b + 1e-12:
            raise reject(
                "budget",
                f"{b:g}",
                f"at least {repression * (pr + pl * ratio):.6g}, the least cost of the power needed",
            )
    spent = repression * (pr + pl * ratio)
    return Result(
        title=f"A {kind}",
        source="after Wintrobe (1998)",
        standing=DERIVED,
        columns=("loyalty", "repression", "power", "spent", "kept"),
        rows=[(ratio * repression, repression, unit * repression, spent, b - spent)],
    )
