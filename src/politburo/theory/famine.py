"""Procurement fixed in advance and famine (after Meng, Qian and Yared 2015), and shares of blame.

*Rigidity.* Procurement takes from each region what it is expected to have above c per head: P_i = E_i - c.
The harvest is y_i = (1 - s) E_i with a common shock s. What is left, r_i = c - s E_i, is least where most was
expected: the best regions starve. A flexible procurement P_i = y_i - k leaves k everywhere. Exact fractions.

*Attribution.* Deaths depend on weather, policy effort and procurement; what share is due to which depends on
the order in which they are put right, so Shapley shares over all orders are reported, with the range over
orders beside them.

Derived, not published: the algebra is ours, the mechanism the authors'. Shapley weights as in `voting`. Cost:
2**causes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from math import exp, factorial
from typing import Any

from .inputs import measure, number, real, reject
from .results import DERIVED, Result


def procurement(
    expected: Any,
    *,
    shock: Any = "0.3",
    ration: Any = 100,
    minimum: Any = 60,
    flexible: bool = False,
    names: Sequence[str] | None = None,
) -> Result:
    """Food left in each region under rigid or flexible procurement.

    Parameters
    ----------
    expected : sequence, mapping or data frame (column "expected")
        E_i, expected output per head.
    shock : number
        s, share of every harvest lost.
    ration : number
        c: what procurement means to leave (k when flexible).
    minimum : number
        Food below which people die.
    flexible : bool
        Whether procurement follows the actual harvest.

    Returns
    -------
    Result
        One row a region: expected, harvest, procured, retained, whether retained is below the minimum.
        Derived, not published.

    >>> [int(v) for v in procurement([100, 150, 200]).column("retained")]
    [70, 55, 40]
    """
    regions = measure(expected, names, "expected", positive=False)
    s = number(shock, "shock", "a share from 0 to 1", 0, 1)
    c, least = (
        number(ration, "ration", "a number of at least 0", low=0),
        number(minimum, "minimum", "a number of at least 0", low=0),
    )
    rows = []
    for name, e in zip(regions.names, regions.exact):
        harvest = (1 - s) * e
        taken = harvest - c if flexible else e - c
        taken = min(max(taken, Fraction(0)), harvest)
        rows.append((name, e, harvest, taken, harvest - taken, harvest - taken < least))
    pairs = [(r[1], r[4]) for r in rows]
    falls = len(pairs) > 1 and all(b[1] <= a[1] for a, b in zip(sorted(pairs), sorted(pairs)[1:]))
    return Result(
        title=f"{'Flexible' if flexible else 'Rigid'} procurement, {len(rows)} regions",
        source="after Meng, Qian and Yared (2015)",
        standing=DERIVED,
        columns=("region", "expected", "harvest", "procured", "retained", "famine"),
        rows=rows,
        facts={"shock": s, "food left falls with productivity": falls and len({p[1] for p in pairs}) > 1},
    )


def shapley_shares(causes: Sequence[str], outcome: Callable[[frozenset[str]], float]) -> Result:
    """Shares of outcome(all) - outcome(none) due to each cause: Shapley value, with the range over all
    orders.

    Parameters
    ----------
    causes : sequence of str
        At most 12.
    outcome : function of a frozenset of causes present -> number

    Returns
    -------
    Result
        One row a cause: contribution, share of the whole, least and most over orders (orders only up to 8
        causes).

    Cost: 2**n evaluations.
    """
    names = list(causes)
    n = len(names)
    if not 1 <= n <= 12 or len(set(names)) != n:
        raise reject("causes", f"{n} causes", "1 to 12, all different")
    value = {}
    for mask in range(1 << n):
        value[mask] = real(
            outcome(frozenset(c for i, c in enumerate(names) if mask >> i & 1)), f"outcome of set {mask}"
        )
    gap = value[(1 << n) - 1] - value[0]
    rows = []
    marginals: list[list[float]] = [[] for _ in names]
    if n <= 8:
        for order in permutations(range(n)):
            mask = 0
            for i in order:
                marginals[i].append(value[mask | 1 << i] - value[mask])
                mask |= 1 << i
    for i, cause in enumerate(names):
        total = 0.0
        for mask in range(1 << n):
            if not mask >> i & 1:
                size = mask.bit_count()
                total += (
                    factorial(size)
                    * factorial(n - size - 1)
                    / factorial(n)
                    * (value[mask | 1 << i] - value[mask])
                )
        rows.append(
            (
                cause,
                total,
                total / gap if gap else None,
                min(marginals[i]) if n <= 8 else None,
                max(marginals[i]) if n <= 8 else None,
            )
        )
    return Result(
        title=f"Attribution to {n} causes",
        source="Shapley (1953)",
        columns=("cause", "contribution", "share", "least", "most"),
        rows=rows,
        facts={"all causes": value[(1 << n) - 1], "none": value[0]},
    )


def famine_shares(
    *,
    weather: Any = 0.9,
    effort: Any = 0.85,
    procured: Any = 0.3,
    normal_procured: Any = 0.2,
    need: Any = 0.65,
    steepness: Any = 20,
) -> Result:
    """Famine mortality attributed to weather, policy effort and procurement.

    Food per head is weather x effort x (1 - procured); mortality is 1 / (1 + exp(steepness (food - need))).
    Each cause is either as given or at its normal level (1, 1, `normal_procured`). Derived, not published.
    """
    given: Mapping[str, float] = {
        "weather": real(weather, "weather", "a factor from 0 to 2", 0.0, 2.0),
        "effort": real(effort, "effort", "a factor from 0 to 2", 0.0, 2.0),
        "procurement": real(procured, "procured", "a share from 0 to 1", 0.0, 1.0),
    }
    normal = {
        "weather": 1.0,
        "effort": 1.0,
        "procurement": real(normal_procured, "normal_procured", "a share from 0 to 1", 0.0, 1.0),
    }
    n, k = (
        real(need, "need", "a number of at least 0", low=0.0),
        real(steepness, "steepness", "a number above 0", above=0.0),
    )

    def mortality(present: frozenset[str]) -> float:
        at = {c: given[c] if c in present else normal[c] for c in given}
        return 1 / (1 + exp(k * (at["weather"] * at["effort"] * (1 - at["procurement"]) - n)))

    out = shapley_shares(list(given), mortality)
    out.title, out.source, out.standing = (
        "Famine mortality by cause",
        "after Naumenko (2021) and Meng, Qian and Yared (2015)",
        DERIVED,
    )
    return out
