"""Promotion contracts in a one-party state (after Lazarev 2005, 2007).

Theory. The party cannot pay activists; it promises posts. An activist bears the cost c each period until he
is promoted, with chance l a period, to a rank worth w_H instead of w_L for good. With discount d the promise
is worth

    gain = d l (w_H - w_L) / (1 - d (1 - l)),      activism pays iff  gain >= c.

Vacancies raise l: purges above buy activism below. Derived, not published (abstracts only were seen). Cost:
constant."""

from __future__ import annotations

from typing import Any

from .inputs import real
from .results import DERIVED, Result


def promotion(rate: Any, gap: Any, *, discount: Any = 0.9, cost: Any = 1, purge: Any = 0) -> Result:
    """Whether activism pays under a promotion promise.

    Parameters
    ----------
    rate : number
        l, chance of promotion a period, 0 to 1.
    gap : number
        w_H - w_L, at least 0.
    discount, cost : number
    purge : number
        Extra share of higher posts vacated a period: the rate becomes l + purge (1 - l).

    Returns
    -------
    Result
        One row: effective rate, value of the promise (the highest cost an activist would bear), whether
        activism pays.

    Derived, not published.
    """
    base = real(rate, "rate", "a probability from 0 to 1", 0.0, 1.0)
    w = real(gap, "gap", "a number of at least 0", low=0.0)
    d = real(discount, "discount", "from 0 to below 1", low=0.0, below=1.0)
    c = real(cost, "cost", "a number of at least 0", low=0.0)
    extra = real(purge, "purge", "a share from 0 to 1", 0.0, 1.0)
    l = base + extra * (1 - base)
    worth = d * l * w / (1 - d * (1 - l))
    return Result(
        title="Promotion contract",
        source="after Lazarev (2005, 2007)",
        standing=DERIVED,
        columns=("rate", "value of the promise", "activism pays"),
        rows=[(l, worth, worth >= c)],
        facts={"cost of activism": c, "reward gap": w, "discount": d},
    )
