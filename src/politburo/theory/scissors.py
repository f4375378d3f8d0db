"""Price scissors: who pays for accumulation (after Sah and Stiglitz 1984).

Theory. The state buys grain at the price p (in industrial goods) from peasants who supply x(p) = x0 p^s, and
feeds urban workers, each consuming q(p) = q0 p^(-e); the urban wage w is fixed in industrial goods and each
worker makes y of them. The market for grain clears by the number of urban workers the marketed grain can
feed, N = x(p) / q(p), and accumulation is K = N (y - w). So

    dK/dp = K (s + e) / p > 0:

lowering the price of grain *lowers* accumulation when marketed grain limits urban employment. With employment
fixed instead and the urban wage fixed in grain, w p industrial goods, opening the scissors (a lower p) raises
accumulation, dK/dp = -N w < 0, and hurts the workers as well as the peasants, because their wage buys fewer
industrial goods: "only the peasants pay" is false. Which of the two binds decides; both are computed.

Derived, not published: minimal equations that respect the abstract of "The Economics of Price Scissors", AER
74 (1984). Falsified by procurement that does not fall when its price does. Cost: constant."""

from __future__ import annotations

from typing import Any

from .inputs import real
from .results import DERIVED, Result


def price_scissors(
    price: Any = 1,
    *,
    supply_elasticity: Any = 0.5,
    demand_elasticity: Any = 0.4,
    grain: Any = 1,
    ration: Any = 1,
    productivity: Any = 2,
    wage: Any = 1,
    food_share: Any = 0.5,
) -> Result:
    """Accumulation, urban and rural income at one relative price of grain.

    Parameters
    ----------
    price : number
        p, relative price of grain, above 0.
    supply_elasticity, demand_elasticity : number
        s and e, at least 0.
    grain, ration : number
        x0 and q0: marketed grain and consumption a worker at p = 1.
    productivity, wage : number
        y and w, industrial goods a worker makes and earns at p = 1; y > w.
    food_share : number
        Share of food in the worker's cost of living.

    Returns
    -------
    Result
        One row a regime: "grain limits employment" (wage fixed in goods) and "employment fixed" (wage fixed
        in grain): employment, accumulation, urban real income (1 at p = 1), peasant income p x(p), and the
        signs of their derivatives in p.

    Derived, not published.
    """
    p = real(price, "price", "a number above 0", above=0.0)
    s, e = (
        real(v, n, "a number of at least 0", low=0.0)
        for v, n in ((supply_elasticity, "supply_elasticity"), (demand_elasticity, "demand_elasticity"))
    )
    x0, q0, y, w = (
        real(v, n, "a number above 0", above=0.0)
        for v, n in ((grain, "grain"), (ration, "ration"), (productivity, "productivity"), (wage, "wage"))
    )
    f = real(food_share, "food_share", "a share from 0 to 1", 0.0, 1.0)
    rows = []

    def state(regime: str, at: float) -> tuple[float, float, float, float]:
        marketed = x0 * at**s
        if regime == "grain limits employment":
            workers, pay = marketed / (q0 * at**-e), w
        else:
            workers, pay = x0 / q0, w * at
        living = pay / at**f / w
        return workers, workers * (y - pay), living, at * marketed

    step = p * 1e-6
    for regime in ("grain limits employment", "employment fixed"):
        here, after, before = state(regime, p), state(regime, p + step), state(regime, p - step)
        signs = "".join(
            "+" if a - b > 1e-15 else "-" if b - a > 1e-15 else "0" for a, b in zip(after, before)
        )
        rows.append((regime, *here, signs))
    return Result(
        title=f"Price scissors at a grain price of {p:g}",
        source="after Sah and Stiglitz (1984)",
        standing=DERIVED,
        columns=(
            "regime",
            "urban employment",
            "accumulation",
            "urban real income",
            "peasant income",
            "signs in p",
        ),
        rows=rows,
        notes=[
            "signs in p: of employment, accumulation, urban real income, peasant income when grain grows dearer"
        ],
    )
