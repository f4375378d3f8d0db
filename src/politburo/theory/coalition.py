"""Who rules: self-enforcing coalitions and the ultimate ruling coalition (Acemoglu, Egorov and Sonin 2008).

Theory. Member i of a closed circle has power g_i > 0. Inside a coalition X, a part Y is winning when g(Y) > a
g(X), a in [1/2, 1). Members prefer to be inside the ruling coalition, and there a larger share g_i / g(X).
Nobody can commit: those who throw others out may be thrown out next. The ultimate ruling coalition phi is the
only map with inclusion, power, self-enforcement (phi of the rulers is the rulers) and rationality (a lighter
self-enforcing winning coalition is preferred):

    M(X) = {Y part of X, Y != X : g(Y) > a g(X), phi(Y) = Y},    phi(X) = the lightest element of M(X) and X itself.

A coalition with phi(X) = X is self-enforcing. Ties: an exact share a is *not* winning; several lightest
candidates make phi set-valued. Both are decided on integers, never on floats, both are reported, and both
conventions are arguments.

Source: D. Acemoglu, G. Egorov, K. Sonin, "Coalition Formation in Non-Democracies", Review of Economic Studies
75 (2008). What would falsify it: circles that settle into coalitions with a stable winning part that nobody
uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from .coalition_kernel import TABLE_MEMBERS, fill_ruling_table
from .coalition_search import MOST_MEMBERS, search
from .coalition_table import CoalitionTable
from .coalition_types import MOST_STATES, rule_types
from .compiling import call
from .inputs import Measure, fits_int64, measure, number, reject, whole, word
from .inputs import majority as read_majority
from .results import Result, chart

SOURCE = "Acemoglu, Egorov and Sonin (2008)"
TIES = ("all", "lowest", "refuse")
EXACT_SHARE = ("loses", "wins")
SOLVERS = ("auto", "subsets", "types", "search", "reference")
TABLE_LIMIT = 30


@dataclass(eq=False, kw_only=True, repr=False)
class RulingCoalition(Result):
    """The ultimate ruling coalition of one circle.

    Attributes
    ----------
    members : tuple of str
        The ruling coalition; under `ties="lowest"` the first of `tied`. Empty when not proved and none is
        known.
    tied : tuple of tuples
        Every lightest winning self-enforcing coalition (at most 64 listed); one entry when there is no tie.
    n_tied, n_self_enforcing : int or None
        How many coalitions are tied; how many of all are self-enforcing (None when the solver does not count
        them).
    proved : bool
        False only when the search above 30 members ran out of time.
    solver : str
    """

    powers: Measure
    majority: Fraction
    members: tuple[str, ...]
    tied: tuple[tuple[str, ...], ...]
    n_tied: int
    n_self_enforcing: int | None
    n_exact_shares: int | None
    proved: bool
    solver: str

    def chart(self) -> Any:
        """Powers of all members, the rulers coloured."""
        import altair as alt

        values = [
            {"member": n, "power": float(p), "rules": "in" if n in self.members else "out"}
            for n, p in zip(self.powers.names, self.powers.exact)
        ]
        return (
            alt.Chart(alt.Data(values=values), title=self.title)
            .mark_bar()
            .encode(
                x=alt.X("member:N", sort=None), y="power:Q", color=alt.Color("rules:N", title="coalition")
            )
        )


def ruling_coalition(
    powers: Any,
    majority: Any = "1/2",
    *,
    names: Sequence[str] | None = None,
    ties: str = "all",
    exact_share: str = "loses",
    solver: str = "auto",
    seconds: float = 60.0,
    threads: int = 1,
) -> RulingCoalition:
    """The ultimate ruling coalition phi(N).

    Parameters
    ----------
    powers : sequence, array, mapping name -> power, or data frame with columns name, power
        Positive numbers, exact (see `politburo.theory.inputs`).
    majority : share from 1/2 to below 1
        "1/2", "2/3", 0.6, Fraction(3, 4).
    names : sequence of str, optional
    ties : {"all", "lowest", "refuse"}
        What to do when several coalitions are lightest: list them all (members: the first), take the lowest
        mask silently as the engine does, or raise.
    exact_share : {"loses", "wins"}
        Whether a coalition with exactly the share is winning. The model says it loses.
    solver : {"auto", "subsets", "types", "search", "reference"}
        auto: counts of types when far fewer than subsets; the subset table to 30 members; the search above.
        "reference" is the definition itself in plain Python, O(3**n), for checking.
    seconds : float
        Time given to the search above 30 members; it says so when that was not enough.
    threads : int
        Threads of the subset table.

    Returns
    -------
    RulingCoalition

    Raises
    ------
    politburo.faults.Faults
        Empty set, power that is not a positive number, share out of range, unknown word, sums beyond 63 bits,
        a table larger than free memory, or a tie under `ties="refuse"`.

    Cost: 4 us at 9 members, 20 ms at 22, 0.6 s and 1 GiB at 28 (two threads, memory touched).

    Examples
    --------
    >>> ruling_coalition([3, 4, 5, 10]).members
    ('A', 'B', 'C')
    """
    circle = measure(powers, names)
    share = read_majority(majority)
    word(ties, "ties", TIES)
    word(solver, "solver", SOLVERS)
    wins = word(exact_share, "exact_share", EXACT_SHARE) == "wins"
    threads = whole(threads, "threads", 1, 1024)
    limit = float(number(seconds, "seconds", "seconds, above 0", low=0))
    n = len(circle.names)
    fits = share.denominator * sum(circle.whole) <= 2**63 - 1
    if not fits and n > 14:
        fits_int64(share.denominator * sum(circle.whole), "powers")
    if solver == "auto":
        solver = _solver_for(circle, fits)
    masks, n_tied, stable, proved, how = _solve(circle, share, wins, solver, limit, threads)
    if n_tied > 1 and ties == "refuse":
        raise reject(
            "powers", f"{n_tied} coalitions tied for the lightest", 'powers without a tie, or ties="all"'
        )
    tied = tuple(_members(circle, m) for m in masks)
    members = tied[0] if tied else ()
    exact = _exact_shares(circle, share, wins) if n <= 12 and fits else None
    total = sum((p for name, p in zip(circle.names, circle.exact) if name in members), Fraction(0))
    notes = []
    if n_tied > 1:
        listed = "; ".join(", ".join(t) for t in tied[:8])
        notes.append(
            f"tie: {n_tied} coalitions of power {total} are equally light ({listed}); shown: the first"
        )
    if exact:
        notes.append(
            f"exact shares: {exact} pair(s) of a coalition and a self-enforcing part with exactly the share; "
            f"convention: an exact share {exact_share}"
        )
    if not proved:
        notes.append(
            f"not proved in {limit:g} seconds: shown is the lightest self-enforcing winning coalition met, "
            "an upper bound"
            if members
            else f"not proved in {limit:g} seconds, and no candidate is known"
        )
    rows = [
        (name, p, "in" if name in members else "out", p / total if name in members else None)
        for name, p in zip(circle.names, circle.exact)
    ]
    return RulingCoalition(
        title=f"Ultimate ruling coalition of {n} members, majority {share}",
        source=SOURCE,
        columns=("member", "power", "coalition", "share"),
        rows=rows,
        facts={
            "ruling coalition": ", ".join(members) or "unknown",
            "power": total,
            "of": circle.total,
            "self-enforcing coalitions": stable,
            "solver": how,
        },
        notes=notes,
        powers=circle,
        majority=share,
        members=members,
        tied=tied,
        n_tied=n_tied,
        n_self_enforcing=stable,
        n_exact_shares=exact,
        proved=proved,
        solver=how,
    )


def _solver_for(circle: Measure, fits: bool) -> str:
    n = len(circle.names)
    if not fits:
        return "reference"
    counts = [circle.whole.count(p) for p in set(circle.whole)]
    states = prod(c + 1 for c in counts)
    if n > 12 and states <= MOST_STATES and (n > TABLE_LIMIT or states * 16 < 2**n):
        return "types"
    return "subsets" if n <= TABLE_LIMIT else "search"


def _solve(circle, share, wins, solver, seconds, threads):
    n, powers = len(circle.names), list(circle.whole)
    if solver == "reference":
        if n > 14:
            raise reject(
                "solver", f"reference with {n} members", "at most 14 members (it is O(3^n) in plain Python)"
            )
        ruling = reference_table(powers, share, wins)
        weight = [sum(p for i, p in enumerate(powers) if x >> i & 1) for x in range(1 << n)]
        stable = [x for x in range(1, 1 << n) if ruling[x] == x]
        least = weight[ruling[-1]]
        quota = share.numerator * weight[-1] - int(wins)
        masks = [x for x in stable if weight[x] == least and (share.denominator * least > quota)]
        return masks[:64], len(masks), len(stable), True, "definition, plain Python"
    if solver == "types":
        kinds = sorted(set(powers))
        counts = [powers.count(k) for k in kinds]
        vectors, ties, stable = rule_types(kinds, counts, share, wins)
        masks = []
        for vector in vectors:
            places = {k: [i for i, p in enumerate(powers) if p == k] for k in kinds}
            masks.append(sum(1 << i for k, c in zip(kinds, vector) for i in places[k][:c]))
        return masks, ties, None if len(kinds) < n else stable, True, f"{len(kinds)} types"
    if solver == "search":
        if n > MOST_MEMBERS:
            found = search(powers, share, wins, 0.0) if n <= 62 else None
            if found is None or not found.proved:
                raise reject(
                    "powers",
                    f"{n} members, all but few different",
                    f"at most {MOST_MEMBERS}, or few different powers (group equal members)",
                )
        else:
            found = search(powers, share, wins, seconds)
        masks = [found.mask] if found.mask else []
        return masks, len(masks), None, found.proved, found.method
    if n <= 8 or (n <= TABLE_MEMBERS and not wins):
        return _small(powers, share, wins)
    if n > TABLE_LIMIT:
        raise reject("solver", f"subsets with {n} members", f"at most {TABLE_LIMIT} members")
    masks, ties, stable = CoalitionTable(powers, share, wins, threads).ruling()
    return masks, ties, stable, True, "subset table"


def _small(powers, share, wins):
    n = len(powers)
    if wins:  # the small kernel knows the strict rule only
        ruling = reference_table(powers, share, wins)
        weight = [sum(p for i, p in enumerate(powers) if x >> i & 1) for x in range(1 << n)]
        stable = [x for x in range(1, 1 << n) if ruling[x] == x]
    else:
        _, weight, ruling, order, count = subset_table(powers, share)
        stable = [int(x) for x in order[:count]]
    everybody = (1 << n) - 1
    least = int(weight[ruling[everybody]])
    if ruling[everybody] == everybody:
        return [everybody], 1, len(stable), True, "subset table"
    masks = sorted(x for x in stable if int(weight[x]) == least)
    return masks[:64], len(masks), len(stable), True, "subset table"


def subset_table(
    powers: Sequence[int], share: Fraction
) -> tuple[int, np.ndarray, np.ndarray, np.ndarray, int]:
    """(n, weight, ruling, order, count) of every subset of a small circle: `fill_ruling_table` with its
    arrays.
    """
    n, size = len(powers), 1 << len(powers)
    fits_int64(share.denominator * sum(powers), "powers")
    weight, best = np.zeros(size, np.int64), np.zeros(size, np.int64)
    ruling, order = np.zeros(size, np.int32), np.zeros(size, np.int32)
    count = call(
        fill_ruling_table,
        np.array(powers, np.int64),
        n,
        share.numerator,
        share.denominator,
        weight,
        ruling,
        order,
        best,
    )
    return n, weight, ruling, order, int(count)


def reference_table(powers: Sequence[int], share: Fraction, exact_wins: bool = False) -> list[int]:
    """phi of every subset by the definition, in plain Python integers of any size: the check on every other
    solver.

    Ties go to the lowest mask. Cost O(3**n): 9 members in a tenth of a second.
    """
    size = 1 << len(powers)
    weight = [sum(p for i, p in enumerate(powers) if x >> i & 1) for x in range(size)]
    ruling = [0] * size
    for x in range(1, size):  # every proper part has a smaller mask
        best = x
        part = (x - 1) & x
        while part:
            if ruling[part] == part:
                mine, needed = share.denominator * weight[part], share.numerator * weight[x]
                if mine > needed or (exact_wins and mine == needed):
                    if best == x or (weight[part], part) < (weight[best], best):
                        best = part
            part = (part - 1) & x
        ruling[x] = best
    return ruling


def _exact_shares(circle: Measure, share: Fraction, wins: bool) -> int:
    """Pairs (Y, X) of a self-enforcing part with exactly the share of X."""
    n = len(circle.names)
    if n > 10:
        return None  # type: ignore[return-value]
    if wins:
        ruling = reference_table(circle.whole, share, wins)
        weight = [sum(p for i, p in enumerate(circle.whole) if x >> i & 1) for x in range(1 << n)]
        stable = [x for x in range(1, 1 << n) if ruling[x] == x]
    else:
        _, weight, _, order, count = subset_table(circle.whole, share)
        stable = [int(x) for x in order[:count]]
    masks = np.arange(1 << n)
    weights = np.asarray(weight, dtype=object if max(weight) > 2**50 else np.int64)
    pairs = 0
    for part in stable:
        inside = (masks & part) == part
        pairs += int(np.sum(inside & (share.numerator * weights == share.denominator * int(weight[part]))))
    return pairs


def _members(circle: Measure, mask: int) -> tuple[str, ...]:
    return tuple(name for i, name in enumerate(circle.names) if mask >> i & 1)


def self_enforcing_coalitions(
    powers: Any, majority: Any = "1/2", *, names: Sequence[str] | None = None, exact_share: str = "loses"
) -> Result:
    """All self-enforcing coalitions of a circle of at most 20 members, lightest first.

    Returns a `Result` with one row a coalition: its members, size, power, and whether it wins in the whole
    circle. Cost as `ruling_coalition`; the answer itself may have hundreds of thousands of rows."""
    circle = measure(powers, names)
    share = read_majority(majority)
    wins = word(exact_share, "exact_share", EXACT_SHARE) == "wins"
    n = len(circle.names)
    if n > 20:
        raise reject(
            "powers", f"{n} members", "at most 20 for the full list (count them with ruling_coalition)"
        )
    if n > 8:
        masks = [int(m) for m in CoalitionTable(circle.whole, share, wins).self_enforcing()]
    else:
        ruling = reference_table(circle.whole, share, wins)
        masks = [m for m in range(1, 1 << n) if ruling[m] == m]
    total = circle.total
    rows = []
    for mask in masks:
        power = sum((p for i, p in enumerate(circle.exact) if mask >> i & 1), Fraction(0))
        winning = power > share * total or (wins and power == share * total)
        rows.append((", ".join(_members(circle, mask)), mask.bit_count(), power, winning))
    rows.sort(key=lambda r: (r[2], r[1], r[0]))
    return Result(
        title=f"Self-enforcing coalitions of {n} members, majority {share}",
        source=SOURCE,
        columns=("coalition", "size", "power", "wins in the circle"),
        rows=rows,
        facts={"self-enforcing": len(rows), "of": (1 << n) - 1},
    )


def coalition_sizes(majority: Any = "1/2", count: int = 10) -> Result:
    """Sizes of self-enforcing coalitions when powers are nearly equal: k_1 = 1, k_m = floor(k_{m-1} / a) + 1.

    The first row of the paper's abstract: 1, 3, 7, 15, ... under simple majority. A circle of n near-equal
    members is ruled by the largest such k within n. "Nearly" means generic: exactly equal powers produce
    ties."""
    share = read_majority(majority)
    sizes = list(_sizes(share, whole(count, "count", 1, 500)))
    return Result(
        title=f"Self-enforcing sizes of near-equal members, majority {share}",
        source=SOURCE,
        columns=("m", "size"),
        rows=list(enumerate(sizes, 1)),
    )


def _sizes(share: Fraction, count: int) -> Iterator[int]:
    size = 1
    for _ in range(count):
        yield size
        size = int(size / share) + 1


def ruling_many(powers: Any, majority: Any = "1/2", *, threads: int = 1) -> np.ndarray:
    """Masks of the ruling coalitions of many circles of the same size: the ensemble form.

    Parameters
    ----------
    powers : int array [circles, members]
        Whole powers, at least 1; at most 16 members.
    majority : share

    Returns
    -------
    int32 array [circles]
        Bit i set: member i rules. Ties: lowest mask.

    Cost: 0.6 microseconds a circle of nine (32-bit, one core); 64-bit sums fall back to one circle at a time,
    4 us."""
    from .coalition_kernel import BATCH_MEMBERS, LANES, rule_many, rule_one

    share = read_majority(majority)
    table = np.asarray(powers)
    if table.ndim != 2 or table.dtype.kind not in "iu" or not 1 <= table.shape[1] <= BATCH_MEMBERS:
        raise reject(
            "powers",
            f"an array of {table.dtype} with shape {table.shape}",
            f"whole numbers of shape (circles, members), 1 to {BATCH_MEMBERS} members",
        )
    if table.size and (table < 1).any():
        where = np.argwhere(table < 1)[0]
        raise reject(f"powers[{where[0]}, {where[1]}]", str(table[tuple(where)]), "positive whole numbers")
    circles, n = table.shape
    num, den = share.numerator, share.denominator
    largest = (
        den * int(max((sum(map(int, row)) for row in table), default=0))
        if table.max(initial=0) > 2**26
        else den * int(table.sum(axis=1, dtype=np.int64).max(initial=0))
    )
    fits_int64(largest, "powers")
    out = np.zeros(circles, np.int32)
    size = 1 << n
    if largest >= 2**31 - 1:
        weight, best = np.zeros(size, np.int64), np.zeros(size, np.int64)
        for c in range(circles):
            out[c] = call(rule_one, table[c].astype(np.int64), n, num, den, weight, best)
        return out
    weight, quota, best = (np.zeros((size, LANES), np.int32) for _ in range(3))
    row, least, mask = (np.zeros(LANES, np.int32) for _ in range(3))
    for begin in range(0, circles, LANES):
        block = table[begin : begin + LANES].astype(np.int32)
        lanes = np.ones((n, LANES), np.int32)
        lanes[:, : len(block)] = block.T
        call(rule_many, lanes * np.int32(den), lanes * np.int32(num), weight, quota, best, row, least, mask)
        out[begin : begin + LANES] = mask[: len(block)]
    return out


__all__ = [
    "RulingCoalition",
    "chart",
    "coalition_sizes",
    "reference_table",
    "ruling_coalition",
    "ruling_many",
    "self_enforcing_coalitions",
    "subset_table",
]
