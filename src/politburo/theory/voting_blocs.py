"""Blocs and a-priori unions: what members gain by voting together.

*Bloc.* Members who always vote as one are replaced by one member with their joint weight. The bloc's index in
the new game is set beside the sum of its members' indices in the old one: a faction of three among seven
equals has half of the power.

*Owen.* With unions U_1 ... U_m (a-priori unions), orders keep each union together: the unions come in a
random order and the members inside a union in a random order. Owen's index of i in U is

    sum over sets of other unions H and parts T of U without i of
        h! (m - h - 1)! / m!  x  t! (b - t - 1)! / b!  x  [q - w_i <= w(H) + w(T) < q],

and the Banzhaf-Owen index gives every H and every T the same chance. With singletons both are Shapley-Shubik
and Banzhaf.

Cost: union members x quota x (unions + union size); exact integers. Sources: Owen (1977, 1982).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, factorial
from typing import Any

import numpy as np

from .inputs import Measure, measure, number, reject
from .results import Result
from .voting import power_indices, simple_majority

_BUDGET = 300_000_000


def _partition(game: Measure, groups: Any, argument: str) -> dict[str, list[int]]:
    """Groups by label: a mapping label -> members, or one label a member (None or "": alone)."""
    if isinstance(groups, Mapping):
        labels: list[str | None] = [None] * len(game.names)
        for label, members in groups.items():
            for name in members:
                if name not in game.names:
                    raise reject(
                        f"{argument}[{label!r}]", repr(name), f"the members {', '.join(game.names[:12])}"
                    )
                at = game.names.index(name)
                if labels[at] is not None:
                    raise reject(
                        f"{argument}[{label!r}]",
                        f"{name!r}, already in {labels[at]!r}",
                        "each member in one group",
                    )
                labels[at] = str(label)
    else:
        labels = [None if g in (None, "") else str(g) for g in groups]
        if len(labels) != len(game.names):
            raise reject(argument, f"{len(labels)} labels", f"{len(game.names)}, one for each member")
    out: dict[str, list[int]] = {}
    for i, label in enumerate(labels):
        if label is None:
            label = game.names[i]
            if label in out:
                raise reject(argument, f"group {label!r}", "a label that is no member's name")
        out.setdefault(label, []).append(i)
    return out


def blocs(weights: Any, groups: Any, quota: Any = None, *, names: Sequence[str] | None = None) -> Result:
    """Power of blocs that vote as one, beside the sum of their members' power apart.

    Parameters
    ----------
    weights, quota, names
        As in `power_indices`.
    groups : mapping label -> list of members, or one label for each member
        Members without a group stay alone.

    Returns
    -------
    Result
        One row a bloc: weight share, Shapley-Shubik and normalised Banzhaf together and apart.

    >>> blocs([1] * 7, ["three"] * 3 + ["two"] * 2 + [None] * 2, 4).column("shapley_shubik")[0]
    0.5
    """
    game = measure(weights, names, "weights", positive=False)
    q = simple_majority(game) if quota is None else number(quota, "quota")
    parts = _partition(game, groups, "groups")
    wanted = ["shapley_shubik", "banzhaf_normalised"]
    apart = power_indices(game, q, indices=wanted)
    joint = {label: sum((game.exact[i] for i in members), Fraction(0)) for label, members in parts.items()}
    together = power_indices(joint, q, indices=wanted)
    rows = []
    for k, (label, members) in enumerate(parts.items()):
        rows.append(
            (
                label,
                len(members),
                float(joint[label] / game.total),
                together["shapley_shubik"][k],
                sum(apart["shapley_shubik"][i] for i in members),
                together["banzhaf_normalised"][k],
                sum(apart["banzhaf_normalised"][i] for i in members),
            )
        )
    return Result(
        title=f"Blocs in [{q}; {len(game.names)} members]",
        source="Shapley-Shubik and Banzhaf of the bloc game",
        columns=(
            "bloc",
            "members",
            "weight share",
            "shapley_shubik",
            "apart (shapley_shubik)",
            "banzhaf_normalised",
            "apart (banzhaf_normalised)",
        ),
        rows=rows,
    )


def owen(weights: Any, unions: Any, quota: Any = None, *, names: Sequence[str] | None = None) -> Result:
    """Owen and Banzhaf-Owen indices with a-priori unions, exact.

    Parameters as in `blocs` (`unions` instead of `groups`).

    Returns
    -------
    Result
        One row a member: union, Owen index (fraction), Banzhaf-Owen index (absolute, fraction). The Owen
        indices of a union add up to its Shapley-Shubik index in the game between unions.

    Raises `Faults` when quota times unions passes 300 million counts.
    """
    game = measure(weights, names, "weights", positive=False)
    q_exact = (
        simple_majority(game) if quota is None else number(quota, "quota", f"above 0, at most {game.total}")
    )
    if not 0 < q_exact <= game.total:
        raise reject("quota", str(quota), f"above 0, at most {game.total}")
    parts = _partition(game, unions, "unions")
    q = ceil(q_exact * game.scale)
    m = len(parts)
    if q * m * max(map(len, parts.values())) > _BUDGET:
        raise reject("weights", f"a quota of {q:,} whole units and {m} unions", f"at most {_BUDGET:,} counts")
    totals = {label: sum(game.whole[i] for i in members) for label, members in parts.items()}
    owen_values: dict[int, Fraction] = {}
    banzhaf_values: dict[int, Fraction] = {}
    for label, members in parts.items():
        below = np.cumsum(_counts([w for u, w in totals.items() if u != label], q), axis=1)
        b = len(members)
        for i in members:
            inner = _counts([game.whole[j] for j in members if j != i], q)
            value, chance, w = Fraction(0), 0, game.whole[i]
            for t in range(b):
                for v in np.flatnonzero(inner[t]):
                    high, low = q - 1 - int(v), q - 1 - w - int(v)
                    column = (
                        below[:, high] - (below[:, low] if low >= 0 else 0) if high >= 0 else 0 * below[:, 0]
                    )
                    ways = int(inner[t, v])
                    chance += ways * int(sum(column))
                    value += Fraction(ways * factorial(t) * factorial(b - t - 1), factorial(b)) * Fraction(
                        sum(int(c) * factorial(h) * factorial(m - h - 1) for h, c in enumerate(column)),
                        factorial(m),
                    )
            owen_values[i] = value
            banzhaf_values[i] = Fraction(chance, 2 ** (m - 1) * 2 ** (b - 1))
    label_of = {i: label for label, members in parts.items() for i in members}
    rows = [
        (name, game.exact[i], label_of[i], owen_values[i], banzhaf_values[i])
        for i, name in enumerate(game.names)
    ]
    return Result(
        title=f"Owen indices of [{q_exact}; {len(game.names)} members in {m} unions]",
        source="Owen (1977, 1982)",
        columns=("member", "weight", "union", "owen", "banzhaf_owen"),
        rows=rows,
    )


def _counts(weights: Sequence[int], quota: int) -> np.ndarray:
    """counts[s, u]: sets of s of these with weight u < quota, exact (object integers above 62 elements)."""
    kind = np.int64 if len(weights) <= 62 else object
    counts = np.zeros((len(weights) + 1, quota), kind)
    counts[0, 0] = 1
    for done, w in enumerate(weights):
        if w < quota:
            counts[1 : done + 2, w:] += counts[: done + 1, : quota - w].copy()
    return counts
