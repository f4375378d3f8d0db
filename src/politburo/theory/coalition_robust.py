"""How firm a ruling coalition is: exact intervals over one member's power.

Theory. Let member i have power t, the others as given. phi(N) is piecewise constant in t, and its pieces end
where some contest g(Y) = a g(X) or some tie of two candidates g(Y) = g(Z) is exact. From a given t the next
such point is the least root above t of linear functions with integer coefficients,

    den g(Y) - num g(X)   over all X and self-enforcing Y inside X,     g(phi) - g(Z)   over winning
    self-enforcing Z,

because the set of self-enforcing coalitions cannot change before one of them changes sign. Walking from root
to root gives the whole picture with exact rational edges: no grid, no tolerance.

More power is not always better: a fourth member beside 3, 4, 5 is left out, let in, kept out again, and then
rules alone.

Cost: 3**n integer operations a piece (n <= 12). Source: the definition is Acemoglu, Egorov and Sonin's
(2008), who treat robustness and fragility; the walk is this project's."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numba import njit

from .coalition import _members, ruling_coalition, subset_table
from .compiling import call
from .inputs import Measure, fits_int64, measure, number, reject, word
from .inputs import majority as read_majority
from .results import Result

MOST_MEMBERS = 12


@njit(cache=True, error_model="numpy")
def _next_root(weight, order, count, ruler, n, i, t, num, den):
    """Least root above t (scaled integers) as a fraction (top, bottom); (0, 0) when there is none.

    `weight` are subset powers at t. For Y in X: f(t) = den g(Y) - num g(X) has slope den [i in Y] - num [i in
    X]."""
    size = 1 << n
    best_top = np.int64(0)
    best_bottom = np.int64(0)
    everybody = size - 1
    for k in range(count):
        part = order[k]
        inside = (part >> i) & 1
        outside = everybody ^ part
        # every X that holds this part and somebody more
        more = outside
        while more:
            x = part | more
            if (x >> i) & 1:
                slope = den * inside - num
                value = den * weight[part] - num * weight[x]
                # root at t - value / slope, wanted strictly above t
                top = np.int64(0)
                bottom = np.int64(1)
                if slope > 0 and value < 0:
                    top = -value
                    bottom = slope
                elif slope < 0 and value > 0:
                    top = value
                    bottom = -slope
                if top > 0 and (best_bottom == 0 or top * best_bottom < best_top * bottom):
                    best_top = top
                    best_bottom = bottom
            more = (more - 1) & outside
        # ties of two candidates: slope of g(part) - g(ruler)
        slope2 = inside - ((ruler >> i) & 1)
        gap = weight[part] - weight[ruler]
        if den * weight[part] > num * weight[everybody] and slope2 != 0:
            top = np.int64(0)
            if slope2 > 0 and gap < 0:
                top = -gap
            elif slope2 < 0 and gap > 0:
                top = gap
            if top > 0 and (best_bottom == 0 or top * best_bottom < best_top):
                best_top = top
                best_bottom = 1
    return best_top, best_bottom


def _answer(circle: Sequence[Fraction], share: Fraction) -> tuple[tuple[int, ...], tuple]:
    """Masks of phi at these powers and the table they came from, on whole numbers."""
    scale = lcm(*(p.denominator for p in circle))
    powers = [int(p * scale) for p in circle]
    fits_int64(share.denominator**2 * sum(powers) * 8, "powers")
    n, weight, ruling, order, count = subset_table(powers, share)
    everybody = (1 << n) - 1
    least = weight[ruling[everybody]]
    if ruling[everybody] == everybody:
        return (everybody,), (scale, n, weight, order, count)
    quota = share.numerator * weight[everybody]
    masks = tuple(
        sorted(int(m) for m in order[:count] if weight[m] == least and share.denominator * weight[m] > quota)
    )
    return masks, (scale, n, weight, order, count)


def _step(circle: list[Fraction], i: int, share: Fraction) -> Fraction | None:
    """The next power of member i above the present one at which anything may change."""
    masks, (scale, n, weight, order, count) = _answer(circle, share)
    top, bottom = call(
        _next_root, weight, order, count, masks[0], n, i, 0, share.numerator, share.denominator
    )
    return circle[i] + Fraction(int(top), int(bottom) * scale) if bottom else None


def fragility(
    powers: Any,
    member: str,
    *,
    majority: Any = "1/2",
    names: Sequence[str] | None = None,
    low: Any = 0,
    high: Any = None,
) -> Result:
    """The ruling coalition as a function of one member's power: every piece, with exact edges.

    Parameters
    ----------
    powers, majority, names
        As in `ruling_coalition`; at most 12 members.
    member : str
        Whose power varies from `low` to `high` (default: twice the power of all others).

    Returns
    -------
    Result
        Rows (from, to, ends, ruling coalition, inside); `ends` is "[ )" when the first edge belongs to the
        piece and the second does not. An edge is a row of its own where its answer differs from both sides.

    >>> [(str(r[0]), str(r[1]), r[3]) for r in fragility([3, 4, 5, 1], "D").rows if r[0] != r[1]][:2]
    [('0', '1', 'A, B, C'), ('1', '3', 'A, B, D')]
    """
    circle = _small(measure(powers, names))
    share = read_majority(majority)
    word(member, "member", circle.names)
    i = circle.names.index(member)
    others = circle.total - circle.exact[i]
    begin = number(low, "low", "a number of at least 0", low=0)
    end = (
        2 * others * share / (1 - share)
        if high is None
        else number(high, "high", "a number above low", low=begin)
    )
    values = list(circle.exact)
    pieces: list[tuple[Fraction, Fraction, tuple[int, ...]]] = []

    def at(t: Fraction) -> tuple[int, ...]:
        values[i] = t
        return _answer(values, share)[0]

    edge = begin
    if edge > 0:
        pieces.append((edge, edge, at(edge)))
    while edge < end:
        # a point just above the edge: halve towards it until no root lies between
        probe = edge + (end - edge) / 2
        while True:
            values[i] = edge + (probe - edge) / 2
            following = _step(values, i, share)
            below = _root_between(values, i, share, edge, values[i])
            if below is None:
                break
            probe = below
        right = end if following is None or following > end else following
        pieces.append((edge, right, at(values[i])))
        if right < end or following == end:
            pieces.append((right, right, at(right)))
        edge = right
    merged = _merge(pieces)
    rows = [
        (
            a,
            b,
            ("[" if left else "(") + " " + ("]" if right else ")"),
            " or ".join(", ".join(_members(circle, m)) for m in masks),
            all(m >> i & 1 for m in masks),
        )
        for a, b, masks, left, right in merged
    ]
    return Result(
        title=f"Ruling coalition over the power of {member}, majority {share}",
        source="Acemoglu, Egorov and Sonin (2008); exact walk",
        columns=("from", "to", "ends", "ruling coalition", "inside"),
        rows=rows,
        facts={"others": ", ".join(f"{n} {p}" for n, p in zip(circle.names, circle.exact) if n != member)},
    )


def _root_between(
    values: list[Fraction], i: int, share: Fraction, edge: Fraction, here: Fraction
) -> Fraction | None:
    """A root above `edge` and at most `here`: the one nearest to `here`; None when there is none."""
    masks, (scale, n, weight, order, count) = _answer(values, share)
    top, bottom = call(
        _previous_root, weight, order, count, masks[0], n, i, share.numerator, share.denominator
    )
    if not bottom:
        return None
    root = here - Fraction(int(top), int(bottom) * scale)
    return root if root > edge else None


@njit(cache=True, error_model="numpy")
def _previous_root(weight, order, count, ruler, n, i, num, den):
    """Distance down to the nearest root at or below the present power, as (top, bottom); (0, 0) when there is
    none.
    """
    size = 1 << n
    best_top = np.int64(0)
    best_bottom = np.int64(0)
    everybody = size - 1
    for k in range(count):
        part = order[k]
        inside = (part >> i) & 1
        outside = everybody ^ part
        more = outside
        while more:
            x = part | more
            if (x >> i) & 1:
                slope = den * inside - num
                value = den * weight[part] - num * weight[x]
                top = np.int64(-1)
                bottom = np.int64(1)
                if slope != 0 and value == 0:
                    top = np.int64(0)
                elif slope > 0 and value > 0:
                    top = value
                    bottom = slope
                elif slope < 0 and value < 0:
                    top = -value
                    bottom = -slope
                if top >= 0 and (best_bottom == 0 or top * best_bottom < best_top * bottom):
                    best_top = top
                    best_bottom = bottom
            more = (more - 1) & outside
        slope2 = inside - ((ruler >> i) & 1)
        gap = weight[part] - weight[ruler]
        if den * weight[part] > num * weight[everybody] and slope2 != 0:
            top = np.int64(-1)
            if gap == 0:
                top = np.int64(0)
            elif slope2 > 0 and gap > 0:
                top = gap
            elif slope2 < 0 and gap < 0:
                top = -gap
            if top >= 0 and (best_bottom == 0 or top * best_bottom < best_top):
                best_top = top
                best_bottom = 1
    return best_top, best_bottom


def _merge(pieces):
    """Join neighbours with the same answer: [from, to, answer, from included, to included]."""
    out: list[list] = []
    for a, b, masks in pieces:
        point = a == b
        if out and out[-1][2] == masks and out[-1][1] == a and (point or out[-1][4]):
            out[-1][1], out[-1][4] = b, point
        else:
            out.append([a, b, masks, point, point])
    return out


def robustness(powers: Any, majority: Any = "1/2", *, names: Sequence[str] | None = None) -> Result:
    """How far each member's power can move, alone, before the ruling coalition changes.

    Returns
    -------
    Result
        One row a member: power, lowest and highest power with the same ruling coalition (exact; None: no
        upper limit), and the smaller relative move that changes it.

    Cost: a few walks of `fragility` for each member. Raises as `ruling_coalition`; at most 12 members.
    """
    circle = _small(measure(powers, names))
    share = read_majority(majority)
    base = ruling_coalition(circle, share)
    rows = []
    for i, name in enumerate(circle.names):
        here = circle.exact[i]
        top = 2 * (circle.total - here) * share / (1 - share) + here
        picture = fragility(circle, name, majority=share, high=top)
        same = " or ".join(", ".join(t) for t in base.tied)
        lower, upper = here, here
        spans = picture.rows
        at = next(k for k, r in enumerate(spans) if r[0] <= here <= r[1] and r[3] == same)
        first, last = at, at
        while first > 0 and spans[first - 1][3] == same:
            first -= 1
        while last + 1 < len(spans) and spans[last + 1][3] == same:
            last += 1
        lower, upper = spans[first][0], spans[last][1]
        unlimited = last == len(spans) - 1
        moves = [
            abs(edge - here) / here
            for edge in ([lower] if lower > 0 else []) + ([] if unlimited else [upper])
        ]
        rows.append((name, here, lower, None if unlimited else upper, float(min(moves)) if moves else None))
    return Result(
        title=f"Robustness of {', '.join(base.members)}, majority {share}",
        source="Acemoglu, Egorov and Sonin (2008); exact walk",
        columns=("member", "power", "from", "to", "smallest relative move"),
        rows=rows,
        facts={"ruling coalition": ", ".join(base.members)},
        notes=["edges are exact; at an edge itself a contest or two candidates are tied"],
    )


def _small(circle: Measure) -> Measure:
    if len(circle.names) > MOST_MEMBERS:
        raise reject(
            "powers", f"{len(circle.names)} members", f"at most {MOST_MEMBERS} (3^n operations a piece)"
        )
    return circle
