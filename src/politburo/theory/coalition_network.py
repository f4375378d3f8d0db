"""Ruling coalitions with patronage: power that moves along ties and comes with offices.

Theory. Member i has residual power b_i and what his offices confer. Inside a coalition X he has c_i ties. He
passes on the share d_i = min(z c_i, cap) of all the power that reaches him, divided equally among his ties,
and keeps the rest:

    f_i = b_i + sum over ties j of (d_j / c_j) f_j,        power of i inside X = (1 - d_i) f_i.

The total is conserved. A part Y wins in X when its members' powers *inside X* exceed the share a of it, so a
tie that crosses the line between Y and the rest counts; the recursion is otherwise that of `coalition`.
Payoffs: a member's own share of the ruling coalition less a penalty for each round survived, plus fractions
of his clients' and his patrons' shares.

Derived, not published: the power transfer and payoffs follow the rules of a public NetLogo model (J.
Kooistra, 2024, "Sharing the spoils", patronage networks added to Acemoglu, Egorov and Sonin 2008) whose
author samples outcomes; solving it exactly, and choosing the coalition of least total power among winning
self-enforcing ones, is ours. Members of a candidate may then disagree about what they prefer, because ties
change shares: the result says when they do.

Cost: 3**n contests and 2**n exact linear systems; n <= 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from politburo.faults import Fault, Faults, listed, nearest

from .inputs import Measure, measure, number, reject
from .inputs import majority as read_majority
from .results import DERIVED, Result

MOST_MEMBERS = 10
SOURCE = "Acemoglu, Egorov and Sonin (2008) with the ties of Kooistra (2024)"


def _ties(circle: Measure, ties: Iterable[Sequence[str]]) -> list[tuple[int, int]]:
    faults, out = [], []
    for place, tie in enumerate(ties):
        pair = [str(t) for t in tie] if not isinstance(tie, str) else tie.split("-")
        if len(pair) != 2 or pair[0] == pair[1]:
            faults.append(Fault(f"ties[{place}]", 0, 0, repr(tie), "two different members, patron first"))
            continue
        for name in pair:
            if name not in circle.names:
                faults.append(
                    Fault(
                        f"ties[{place}]", 0, 0, repr(name), listed(circle.names), nearest(name, circle.names)
                    )
                )
        if all(name in circle.names for name in pair):
            a, b = circle.names.index(pair[0]), circle.names.index(pair[1])
            if any({a, b} == {c, d} for c, d in out):
                faults.append(
                    Fault(f"ties[{place}]", 0, 0, f"{pair[0]}-{pair[1]} a second time", "each tie once")
                )
            out.append((a, b))
    if faults:
        raise Faults(faults)
    return out


def _with_offices(circle: Measure, offices: Mapping[str, Any] | None) -> list[Fraction]:
    base = list(circle.exact)
    for name, power in (offices or {}).items():
        if name not in circle.names:
            raise reject("offices", repr(name), listed(circle.names), nearest(name, circle.names))
        base[circle.names.index(name)] += number(power, f"offices[{name!r}]", "a number of at least 0", low=0)
    return base


def _inside(
    base: Sequence[Fraction],
    ties: Sequence[tuple[int, int]],
    members: Sequence[int],
    rate: Fraction,
    cap: Fraction,
) -> dict[int, Fraction]:
    """Powers inside the coalition `members`: an exact solution of f = b + T f, kept parts only."""
    known = set(members)
    friends = {i: [b if a == i else a for a, b in ties if i in (a, b) and {a, b} <= known] for i in members}
    passed = {i: min(rate * len(friends[i]), cap) for i in members}
    order = list(members)
    rows = []
    for i in order:
        row = [Fraction(int(i == j)) for j in order]
        for j in friends[i]:
            row[order.index(j)] -= passed[j] / len(friends[j])
        rows.append([*row, base[i]])
    n = len(order)
    for k in range(
        n
    ):  # diagonally dominant by columns while every member keeps something: no pivoting needed
        pivot = rows[k][k]
        rows[k] = [v / pivot for v in rows[k]]
        for other in range(n):
            if other != k and rows[other][k]:
                factor = rows[other][k]
                rows[other] = [v - factor * w for v, w in zip(rows[other], rows[k])]
    return {i: (1 - passed[i]) * rows[k][n] for k, i in enumerate(order)}


def _rates(transfer: Any, cap: Any) -> tuple[Fraction, Fraction]:
    rate = number(transfer, "transfer", "a share from 0 to below 1", low=0)
    most = (
        max(Fraction(1, 2), rate) if cap is None else number(cap, "cap", "a share from 0 to below 1", low=0)
    )
    if most >= 1:
        raise reject("cap" if cap is not None else "transfer", str(most), "a share from 0 to below 1")
    return rate, most


def power_with_ties(
    powers: Any,
    ties: Iterable[Sequence[str]],
    transfer: Any,
    *,
    cap: Any = None,
    offices: Mapping[str, Any] | None = None,
    coalition: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
) -> Result:
    """Powers inside one coalition after transfers along ties.

    Parameters
    ----------
    powers, names
        Residual powers, as in `ruling_coalition`.
    ties : pairs of names
        Who is tied to whom (patron first; the direction matters for payoffs only).
    transfer : number
        Share passed on for each tie (zeta), up to `cap` in all (tau; default max(1/2, zeta)).
    offices : mapping name -> number, optional
        Power conferred by offices, added to the residual power.
    coalition : sequence of names, optional
        Default: everybody.

    >>> [round(float(p), 6) for p in power_with_ties([3, 4, 5], ["A-B"], "0.3").column("power")]
    [3.230769, 3.769231, 5.0]
    """
    circle = measure(powers, names)
    pairs = _ties(circle, ties)
    rate, most = _rates(transfer, cap)
    base = _with_offices(circle, offices)
    chosen = list(circle.names) if coalition is None else list(coalition)
    for name in chosen:
        if name not in circle.names:
            raise reject("coalition", repr(name), listed(circle.names), nearest(name, circle.names))
    members = [circle.names.index(c) for c in chosen]
    after = _inside(base, pairs, members, rate, most)
    rows = [
        (circle.names[i], base[i], sum(i in p and set(p) <= set(members) for p in pairs), after[i])
        for i in members
    ]
    return Result(
        title="Power inside a coalition, with ties",
        source=SOURCE,
        standing=DERIVED,
        columns=("member", "own power", "ties", "power"),
        rows=rows,
        facts={"transfer": rate, "cap": most, "total": sum(after.values(), Fraction(0))},
    )


def ruling_coalition_with_ties(
    powers: Any,
    ties: Iterable[Sequence[str]],
    transfer: Any,
    *,
    majority: Any = "1/2",
    cap: Any = None,
    offices: Mapping[str, Any] | None = None,
    names: Sequence[str] | None = None,
    client_share: Any = 0,
    patron_share: Any = 0,
    penalty: Any = 0,
) -> Result:
    """The ultimate ruling coalition when power moves along ties, with payoffs.

    Parameters as in `power_with_ties`, and

    client_share, patron_share : number
        Part of each client's (patron's) own payoff that a member gets besides his own.
    penalty : number
        Cost of each elimination round to a survivor. (One round in the outcome unless everybody rules.)

    Returns
    -------
    Result
        One row a member: own power, power inside everybody, whether he rules, payoff. `facts` hold the
        coalition and whether all its members prefer it to every other winning self-enforcing coalition they
        belong to.

    Derived, not published.
    """
    circle = measure(powers, names)
    n = len(circle.names)
    if n > MOST_MEMBERS:
        raise reject(
            "powers", f"{n} members", f"at most {MOST_MEMBERS} with ties (3^n contests in exact arithmetic)"
        )
    share = read_majority(majority)
    pairs = _ties(circle, ties)
    rate, most = _rates(transfer, cap)
    base = _with_offices(circle, offices)
    to_patron, to_client, epsilon = (
        number(v, a, "a number of at least 0", low=0)
        for v, a in ((client_share, "client_share"), (patron_share, "patron_share"), (penalty, "penalty"))
    )
    size = 1 << n
    weight = [sum((base[i] for i in range(n) if x >> i & 1), Fraction(0)) for x in range(size)]
    stable = [False] * size
    inside: dict[int, dict[int, Fraction]] = {}
    candidates: list[int] = []
    for x in range(1, size):
        members = [i for i in range(n) if x >> i & 1]
        powers_in = inside[x] = _inside(base, pairs, members, rate, most)
        needed = share * weight[x]
        winning = []
        part = (x - 1) & x
        while part:
            if stable[part] and sum((powers_in[i] for i in members if part >> i & 1), Fraction(0)) > needed:
                winning.append(part)
                if x != size - 1:
                    break
            part = (part - 1) & x
        stable[x] = not winning
        candidates = winning
    everybody = size - 1
    candidates = candidates or [everybody]
    rulers = min(candidates, key=lambda m: (weight[m], m))
    tied = [m for m in candidates if weight[m] == weight[rulers]]

    def shares(mask: int) -> dict[int, Fraction]:
        return {i: p / weight[mask] for i, p in inside[mask].items()}

    own = shares(rulers)
    agreed = all(own[i] >= shares(m)[i] for m in candidates for i in own if m >> i & 1)
    rounds = int(rulers != everybody)
    iso = {i: own.get(i, Fraction(0)) - epsilon * rounds if i in own else Fraction(0) for i in range(n)}
    rows = []
    for i, name in enumerate(circle.names):
        clients = sum((iso[b] for a, b in pairs if a == i), Fraction(0))
        patrons = sum((iso[a] for a, b in pairs if b == i), Fraction(0))
        rows.append(
            (
                name,
                base[i],
                float(inside[everybody][i]),
                "in" if i in own else "out",
                float(iso[i] + to_patron * clients + to_client * patrons),
            )
        )
    notes = (
        []
        if len(tied) == 1
        else [f"tie: {len(tied)} coalitions have the same total power; shown: the lowest mask"]
    )
    if not agreed:
        notes.append(
            "some ruler would have a larger share in another winning self-enforcing coalition: with ties, least total "
            "power is not what everybody prefers"
        )
    return Result(
        title=f"Ruling coalition of {n} members with {len(pairs)} ties, majority {share}",
        source=SOURCE,
        standing=DERIVED,
        columns=("member", "own power", "power in the circle", "coalition", "payoff"),
        rows=rows,
        facts={
            "ruling coalition": ", ".join(circle.names[i] for i in own),
            "transfer": rate,
            "cap": most,
            "preferred by all its members": agreed,
            "self-enforcing coalitions": sum(stable),
        },
        notes=notes,
    )
