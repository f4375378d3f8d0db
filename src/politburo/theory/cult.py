"""The cult as a signal: loyalty tests that screen, and flattery that inflates.

*Screening* (after Crabtree, Kern and Siegel 2020). A public display of size h costs a loyal man c_L h and a
disloyal one c_D h, c_L < c_D; passing is worth B. The test separates when the loyal display and the disloyal
do not: c_L h <= B < c_D h. Below that both pass, above neither: a mild cult tells the ruler nothing, and so
does an impossible one.

*Inflation* (after Marquez). Each of n courtiers displays last period's mean times (1 + e), because praise
below the going rate reads as dissent; the cost rises until it reaches what passing is worth, and the rate
that separates rises with it.

Derived, not published. Cost: constant.
"""

from __future__ import annotations

from typing import Any

from .inputs import real, reject, whole
from .results import DERIVED, Result


def loyalty_test(demand: Any, *, benefit: Any = 1, cost_loyal: Any = 0.5, cost_disloyal: Any = 1) -> Result:
    """What a demanded display reveals.

    Parameters
    ----------
    demand : number
        h, size of the display, at least 0.
    benefit : number
        B, worth of passing.
    cost_loyal, cost_disloyal : number
        Cost a unit, the loyal cheaper.

    Returns
    -------
    Result
        One row: who displays, whether the test separates, and the demands that would. Derived, not published.
    """
    h = real(demand, "demand", "a number of at least 0", low=0.0)
    b = real(benefit, "benefit", "a number above 0", above=0.0)
    low = real(cost_loyal, "cost_loyal", "a number above 0", above=0.0)
    high = real(cost_disloyal, "cost_disloyal", "a number above the loyal cost", above=0.0)
    if high <= low:
        raise reject("cost_disloyal", f"{high:g}", f"above the loyal cost of {low:g}")
    loyal, disloyal = low * h <= b, high * h <= b
    return Result(
        title=f"Loyalty test of size {h:g}",
        source="after Crabtree, Kern and Siegel (2020)",
        standing=DERIVED,
        columns=("loyal display", "disloyal display", "separates"),
        rows=[(loyal, disloyal, loyal and not disloyal)],
        facts={"separates above": b / high, "up to": b / low},
    )


def flattery(
    rate: Any = 0.2, *, start: Any = 1, periods: int = 20, benefit: Any = 10, cost: Any = 1
) -> Result:
    """Signalling inflation: the display needed to pass, period by period, until it costs what it is worth.

    Derived, not published.
    """
    e = real(rate, "rate", "a number of at least 0", low=0.0)
    level = real(start, "start", "a number above 0", above=0.0)
    b, c = (
        real(benefit, "benefit", "a number above 0", above=0.0),
        real(cost, "cost", "a number above 0", above=0.0),
    )
    top, rows = b / c, []
    for period in range(whole(periods, "periods", 0, 100_000) + 1):
        rows.append((period, level, c * level / b))
        level = min(level * (1 + e), top)
    full = next((p for p, at, _ in rows if at >= top), None)
    return Result(
        title="Flattery inflation",
        source="after Marquez",
        standing=DERIVED,
        columns=("period", "display", "share of its worth"),
        rows=rows,
        facts={"display worth its cost": top, "reached in period": full},
    )
