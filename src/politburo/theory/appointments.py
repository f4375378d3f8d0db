"""The circular flow of power: the Secretary appoints those who elect those who keep the Secretary.

Theory (proposed here; nobody has written it down in symbols before, as far as we know). The General
Secretary's office appoints provincial secretaries; they choose delegates; the delegates elect the Central
Committee; it elects the Politburo and the Secretary. With s the share of provincial posts held by his clients
and x the loyal share of the electing body,

    s' = s + r (1 - s)      rotation: a share r of the posts not yet his is filled with clients each period
    x' = x + l (s - x)      re-election: the body follows the provinces with lag 1/l

so s_t = 1 - (1 - s_0)(1 - r)^t, and x is its geometric smoothing. With several patrons each filling posts at
his own rate, and a rate in proportion to his power in the body (`factions`), the same loop becomes a
replicator: who appoints more gains votes, who has votes appoints more.

Idea: R. V. Daniels. Derived, not published. Falsified by appointments that leave the composition of the next
congress unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .inputs import measure, real, whole
from .results import PROPOSED, Result

SOURCE = "circular flow of power (idea: Daniels)"


def circular_flow(
    posts: Any = 0.2,
    body: Any = 0.2,
    *,
    rotation: Any = 0.35,
    lag: Any = 0.4,
    steps: int = 10,
    majority: Any = 0.5,
) -> Result:
    """Shares of posts and of the electing body loyal to the Secretary.

    Parameters
    ----------
    posts, body : number
        s_0 and x_0, shares.
    rotation, lag : number
        r and l, from 0 to 1 each period.
    steps : int
    majority : number
        Share whose passing is reported.

    Returns
    -------
    Result
        Rows (step, posts, body); `facts`: the first step with more than the majority, or None.

    Derived, not published (proposed here).

    >>> [round(v, 3) for v in circular_flow().column("body")[:5]]
    [0.2, 0.2, 0.312, 0.452, 0.583]
    """
    s, x = (real(v, a, "a share from 0 to 1", 0.0, 1.0) for v, a in ((posts, "posts"), (body, "body")))
    r, l = (real(v, a, "a rate from 0 to 1", 0.0, 1.0) for v, a in ((rotation, "rotation"), (lag, "lag")))
    m = real(majority, "majority", "a share from 0 to 1", 0.0, 1.0)
    rows = [(0, s, x)]
    for step in range(1, whole(steps, "steps", 0, 1_000_000) + 1):
        s, x = s + r * (1 - s), x + l * (s - x)
        rows.append((step, s, x))
    passed = next((step for step, _, at in rows if at > m), None)
    return Result(
        title="Circular flow of power",
        source=SOURCE,
        standing=PROPOSED,
        columns=("step", "posts", "body"),
        rows=rows,
        facts={"rotation": r, "lag": l, f"above {m:g} first at step": passed},
    )


def closed_form(step: int, posts: float, body: float, rotation: float, lag: float) -> tuple[float, float]:
    """(s, x) after `step` periods without iterating: geometric sums (a check on `circular_flow`)."""
    q, a = 1 - rotation, 1 - lag
    s = 1 - (1 - posts) * q**step
    # x_t - 1 = a^t (x_0 - 1) - lag (1 - s_0) q' sum of a^(t-1-k) q^k, posts of the period before the vote
    total = (
        step * a ** (step - 1)
        if step and abs(a - q) < 1e-12
        else (a**step - q**step) / (a - q)
        if step
        else 0.0
    )
    x = 1 + a**step * (body - 1) - lag * (1 - posts) * total
    return s, x


def factions(
    shares: Any,
    *,
    rotation: Any = 0.35,
    lag: Any = 0.4,
    advantage: Mapping[str, Any] | None = None,
    steps: int = 20,
    names: Any = None,
) -> Result:
    """Several patrons: posts that fall vacant go to factions in proportion to body share times office
    advantage.

    Parameters
    ----------
    shares : sequence or mapping
        Opening shares of each faction in posts and body (normalised).
    advantage : mapping faction -> number, optional
        Appointing power of a faction's offices (default 1 each): the Secretariat in one hand is 3 or 5.
    rotation : number
        Share of all posts refilled each period.

    Returns
    -------
    Result
        One row a step: each faction's share of the body.

    Derived, not published (proposed here). Without advantages the shares stand still; with one, its holder
    takes everything."""
    opening = measure(shares, names, "shares")
    r, l = (real(v, a, "a rate from 0 to 1", 0.0, 1.0) for v, a in ((rotation, "rotation"), (lag, "lag")))
    power = np.array(
        [
            real((advantage or {}).get(n, 1), f"advantage[{n!r}]", "a number above 0", above=0.0)
            for n in opening.names
        ]
    )
    body = np.array([float(v / opening.total) for v in opening.exact])
    posts = body.copy()
    rows = [(0, *map(float, body))]
    for step in range(1, whole(steps, "steps", 0, 1_000_000) + 1):
        appointed = body * power
        posts, body = posts + r * (appointed / appointed.sum() - posts), body + l * (posts - body)
        rows.append((step, *map(float, body)))
    return Result(
        title="Circular flow with several patrons",
        source=SOURCE,
        standing=PROPOSED,
        columns=("step", *opening.names),
        rows=rows,
    )
