"""Neighbours of the ruling-coalition model: shortsighted juntas (2009) and stable constitutions (2012).

*Juntas.* A member who looks one step ahead joins the lightest winning part of the present circle and does not
ask what happens to him next; the circle slides until one man is left or no part wins. Foresight stops the
slide: a colleague is kept because removing him would open the way to one's own removal. Three members of
powers 3, 4, 5 show both.

*Constitutions.* States s have payoffs w_i(s) and winning coalitions W_s who can move the polity elsewhere.
With states ordered so that nobody who can move wants a later one, phi(s) = s when no stable earlier state is
preferred by a coalition winning in s; else a stable preferred state not beaten inside that set. Reform may
stop short of what all would like, because it would not stop there.

Sources: Acemoglu, Egorov and Sonin, "Do Juntas Lead to Personal Rule?", AER 99 (2009) and "Dynamics and
Stability of Constitutions, Coalitions, and Clubs", AER 102 (2012). The myopic path is derived from the 2009
abstract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from .coalition import ruling_coalition
from .inputs import majority as read_majority
from .inputs import measure, number, reject
from .results import DERIVED, Result


def myopic_path(powers: Any, majority: Any = "1/2", *, names: Sequence[str] | None = None) -> Result:
    """The slide of a shortsighted circle beside the foresighted answer.

    Each step goes to the lightest part with more than the share (ties: the earliest members), until none is
    left. At most 20 members; cost 2**n a step. Derived, not published: the rule is ours, the contrast the
    authors'.

    >>> [row[1] for row in myopic_path([3, 4, 5]).rows]
    ['A, B, C', 'A, B', 'B']
    """
    circle = measure(powers, names)
    share = read_majority(majority)
    n = len(circle.names)
    if n > 20:
        raise reject("powers", f"{n} members", "at most 20")
    weight = [0]
    for p in circle.whole:
        weight += [w + p for w in weight]
    here = (1 << n) - 1
    path = [here]
    while True:
        best = None
        part = (here - 1) & here
        while part:
            if share.denominator * weight[part] > share.numerator * weight[here]:
                key = (weight[part], part)
                if best is None or key < best:
                    best = key
            part = (part - 1) & here
        if best is None:
            break
        here = best[1]
        path.append(here)
    rows = [
        (step, ", ".join(circle.names[i] for i in range(n) if x >> i & 1), Fraction(weight[x], circle.scale))
        for step, x in enumerate(path)
    ]
    ahead = ruling_coalition(circle, share)
    return Result(
        title=f"A shortsighted circle of {n}, majority {share}",
        source="after Acemoglu, Egorov and Sonin (2009)",
        standing=DERIVED,
        columns=("step", "circle", "power"),
        rows=rows,
        facts={
            "shortsighted end": rows[-1][1],
            "foresighted (ultimate ruling coalition)": ", ".join(ahead.members),
        },
    )


def stable_states(
    payoffs: Mapping[str, Mapping[str, Any]], winning: Mapping[str, Sequence[Sequence[str]]]
) -> Result:
    """Stable states of a polity whose states decide who may change them.

    Parameters
    ----------
    payoffs : mapping state -> mapping member -> number
    winning : mapping state -> list of coalitions
        Minimal winning coalitions in that state; supersets win too. No two of one state may be disjoint.

    Returns
    -------
    Result
        One row a state: where it leads (phi), whether it is stable, which states a winning coalition prefers
        to it.

    Raises `Faults` for unknown or missing members, disjoint winning coalitions, or preferences that run in a
    circle.

    >>> three_states().column("leads to")
    ['absolutism', 'democracy', 'democracy']
    """
    states = list(payoffs)
    if not states:
        raise reject("payoffs", "no states", "at least one state")
    members = list(payoffs[states[0]])
    value: dict[tuple[str, str], Fraction] = {}
    for s in states:
        if set(payoffs[s]) != set(members):
            raise reject(f"payoffs[{s!r}]", f"members {sorted(payoffs[s])}", f"the members {sorted(members)}")
        for m in members:
            value[s, m] = number(payoffs[s][m], f"payoffs[{s!r}][{m!r}]")
        if s not in winning or not winning[s]:
            raise reject("winning", f"no winning coalition in {s!r}", "at least one for each state")
        for a in winning[s]:
            for m in a:
                if m not in members:
                    raise reject(f"winning[{s!r}]", repr(m), f"the members {sorted(members)}")
            for b in winning[s]:
                if not set(a) & set(b):
                    raise reject(
                        f"winning[{s!r}]",
                        f"{sorted(a)} and {sorted(b)}",
                        "no two disjoint winning coalitions",
                    )

    def preferred(here: str, other: str) -> bool:
        return any(all(value[other, m] > value[here, m] for m in coalition) for coalition in winning[here])

    beats = {s: [t for t in states if t != s and preferred(s, t)] for s in states}
    order: list[str] = []
    while len(order) < len(states):
        free = [s for s in states if s not in order and all(t in order for t in beats[s])]
        if not free:
            raise reject(
                "payoffs",
                f"preferences that run in a circle among {[s for s in states if s not in order]}",
                "an order in which winning coalitions only want earlier states",
            )
        order.append(free[0])
    leads: dict[str, str] = {}
    for s in order:
        options = [t for t in order if leads.get(t) == t and t in beats[s]]
        best = [
            t for t in options if not any(preferred_in(s, t, u, value, winning) for u in options if u != t)
        ]
        leads[s] = best[0] if best else (options[0] if options else s)
    rows = [(s, leads[s], leads[s] == s, ", ".join(beats[s]) or None) for s in states]
    return Result(
        title="Stable states",
        source="Acemoglu, Egorov and Sonin (2012)",
        columns=("state", "leads to", "stable", "preferred by those who decide"),
        rows=rows,
    )


def preferred_in(here: str, old: str, new: str, value, winning) -> bool:
    """Whether some coalition winning in `here` strictly prefers `new` to `old`."""
    return any(all(value[new, m] > value[old, m] for m in coalition) for coalition in winning[here])


def three_states() -> Result:
    """The standard example: absolutism, constitutional rule, democracy.

    The elite decides under absolutism, the middle class under the other two. Both prefer constitutional rule
    to absolutism, but the middle class would go on to democracy, which the elite likes least: so absolutism
    is stable."""
    payoffs = {
        "absolutism": {"elite": 2, "middle class": 1},
        "constitutional": {"elite": 3, "middle class": 2},
        "democracy": {"elite": 1, "middle class": 3},
    }
    winning = {
        "absolutism": [["elite"]],
        "constitutional": [["middle class"]],
        "democracy": [["middle class"]],
    }
    return stable_states(payoffs, winning)
