"""Voting power: who can make the difference in a weighted assembly.

Theory. A game [q; w_1 ... w_n]: a coalition S wins when its weight reaches q. Member i *swings* S when S
without him loses. With W winning coalitions, h_i swings of i, M the minimal winning coalitions:

    Shapley-Shubik      chance that i is pivotal when all orders of joining are equally likely Banzhaf
    (absolute)  h_i / 2^(n-1), the chance to be decisive when all coalitions are equally likely (Penrose)
    Banzhaf (normal.)   h_i / sum of h Coleman             power to act W / 2^n; to prevent h_i / W; to
    initiate h_i / (2^n - W) Rae                 chance that i's vote agrees with the outcome: 1/2 + h_i / 2^n
    Deegan-Packel       mean over M of [i in S] / |S| Holler              members of M with i, normalised
    (public good index) Johnston            sum over vulnerable S where i is critical of 1 / (critical
    members), normalised

Exactness. Counts are exact integers and the indices exact fractions wherever counting is by integers (see
`PowerIndices.exact`); Shapley-Shubik above 62 players and the last three above 16 are computed in double
precision by exact quadrature, accurate to better than 1e-12. Nothing is sampled unless `method="sample"`.

Sources: Shapley and Shubik (1954), Penrose (1946), Banzhaf (1965), Coleman (1971), Rae (1969), Deegan and
Packel (1978), Holler (1982), Johnston (1978)."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np

from .compiling import call
from .inputs import INT64, Measure, fits_int64, measure, number, reject, whole, word
from .results import Result
from .voting_counts import (
    RESIDUE_PLAYERS,
    WORD_PLAYERS,
    big_swing_counts,
    enumerate_game,
    swing_chances,
    swing_counts,
    swing_counts_by_size,
)
from .voting_minimal import count_minimal, johnston_sums, minimal_sums, nodes
from .voting_routes import by_halves, by_sampling, shapley_of_sizes

INDICES = (
    "shapley_shubik",
    "banzhaf",
    "banzhaf_normalised",
    "coleman_prevent",
    "coleman_initiate",
    "rae",
    "deegan_packel",
    "holler",
    "johnston",
)
METHODS = ("auto", "enumerate", "count", "halves", "sample")
SOURCE = "Shapley-Shubik, Banzhaf, Coleman, Rae, Deegan-Packel, Holler, Johnston"
ENUMERATE = 16
WIDE_PLAYERS = 26  # with weights of more than 63 bits
_GAME_BUDGET = 2e10  # elementary steps the quadratures may take without being asked twice
_TABLE = 150_000_000


@dataclass(eq=False, kw_only=True, repr=False)
class PowerIndices(Result):
    """All indices of one game.

    Attributes
    ----------
    weights : Measure
    quota : Fraction
    values : dict index -> list of float or None
        In the order of the members; None where an index was not asked for or cannot be had (the notes say
        why).
    exact : dict index -> list of Fraction
        The same as exact fractions, for those indices that were counted in integers.
    winning, minimal_winning : int or None
    swings : list of int or None
    power_to_act : float or None
    errors : dict index -> list of float
        Half-widths of 95 % intervals, for sampled indices only.
    """

    weights: Measure
    quota: Fraction
    values: dict[str, list[float] | None]
    exact: dict[str, list[Fraction]]
    winning: int | None
    minimal_winning: int | None
    swings: list[int] | None
    power_to_act: float | None
    errors: dict[str, list[float]]

    def __getitem__(self, index: str) -> list[float] | None:
        return self.values[word(index, "index", INDICES)]

    def chart(self) -> Any:
        """Weight share beside the main indices, one group of bars a member."""
        from .results import chart

        shares = [float(w / self.weights.total) for w in self.weights.exact]
        kept = [
            k
            for k in ("shapley_shubik", "banzhaf_normalised", "johnston", "deegan_packel")
            if self.values.get(k)
        ]
        rows = [
            (n, s, *(self.values[k][i] for k in kept))
            for i, (n, s) in enumerate(zip(self.weights.names, shares))
        ]
        return chart(("member", "weight share", *kept), rows, title=self.title)


def simple_majority(weights: Measure) -> Fraction:
    """The least quota above half of the total, on the grid of the weights."""
    return Fraction(sum(weights.whole) // 2 + 1, weights.scale)


def power_indices(
    weights: Any,
    quota: Any = None,
    *,
    names: Sequence[str] | None = None,
    indices: Sequence[str] | None = None,
    method: str = "auto",
    samples: int = 1_000_000,
    seed: int = 0,
    threads: int = 1,
) -> PowerIndices:
    """Power indices of a weighted voting game.

    Parameters
    ----------
    weights : sequence, array, mapping name -> weight, or data frame with columns name, weight
        Numbers of at least 0, exact.
    quota : number, optional
        A coalition wins when its weight is at least this. Default: more than half.
    indices : sequence of str, optional
        Some of `INDICES`; default all.
    method : {"auto", "enumerate", "count", "halves", "sample"}
        auto takes enumeration to 16 players, counting by weight while the table fits, two sorted halves (meet
        in the middle) for weights with too many digits, and refuses where only sampling is left: ask for
        "sample" then.
    samples, seed : int
        Random orders and coalitions for method "sample"; a column of 95 % half-widths is added.
    threads : int
        Threads for the quadrature nodes.

    Returns
    -------
    PowerIndices

    Raises
    ------
    politburo.faults.Faults
        Negative weight, quota of 0 or above the total, unknown index or method, more than 2^63 in whole
        weights.

    Cost: 51 electors of 538 votes in 2 ms with exact fractions for the first six; 190 members of total weight
    10^6 in about a second.

    Examples
    --------
    >>> power_indices([3, 2, 1], 4).exact["johnston"]
    [Fraction(2, 3), Fraction(1, 6), Fraction(1, 6)]
    """
    game = measure(weights, names, "weights", positive=False)
    if game.total == 0:
        raise reject("weights", "only zeros", "at least one positive weight")
    q = (
        simple_majority(game)
        if quota is None
        else number(quota, "quota", f"a number above 0, at most {game.total}")
    )
    if not 0 < q <= game.total:
        raise reject("quota", str(quota), f"above 0, at most the total weight {game.total}")
    wanted = list(INDICES) if indices is None else [word(i, "indices", INDICES) for i in indices]
    word(method, "method", METHODS)
    threads = whole(threads, "threads", 1, 1024)
    whole_q = ceil(q * game.scale)
    n = len(game.names)
    if (
        sum(game.whole) >= INT64
    ):  # too many digits for the kernels; the halves also work on unbounded integers
        if n > WIDE_PLAYERS or method not in ("auto", "halves"):
            fits_int64(sum(game.whole) + 1, "weights")
        method = "halves"
    if method == "auto":
        if n <= ENUMERATE:
            method = "enumerate"
        elif whole_q <= _TABLE and n * min(sum(game.whole), 2 * whole_q) < 4e9:
            method = "count"
        elif n <= 40:
            method = "halves"
        else:
            raise reject(
                "weights",
                f"{n} players with a quota of {whole_q:,} in whole units",
                f'a quota up to {_TABLE:,} units, at most 40 players, or method="sample"',
            )
    if method == "enumerate":
        if n > 24:
            raise reject("method", f"enumerate with {n} players", "at most 24")
        parts = _by_enumeration(list(game.whole), whole_q, wanted)
    elif method == "count":
        if whole_q > _TABLE:
            raise reject("method", f"count with a quota of {whole_q:,} units", f"at most {_TABLE:,}")
        parts = _by_counting(list(game.whole), whole_q, wanted, threads)
    elif method == "halves":
        if n > 44:
            raise reject("method", f"halves with {n} players", "at most 44")
        parts = by_halves(list(game.whole), whole_q, wanted)
    else:
        parts = by_sampling(
            list(game.whole), whole_q, whole(samples, "samples", 100, 10**9), whole(seed, "seed")
        )
    return _assemble(game, q, wanted, parts)


def _assemble(game: Measure, q: Fraction, wanted: list[str], parts: dict[str, Any]) -> PowerIndices:
    n = len(game.names)
    swings, winning = parts.get("swings"), parts.get("winning")
    exact: dict[str, list[Fraction]] = dict(parts.get("exact", {}))
    values: dict[str, list[float] | None] = dict.fromkeys(INDICES)
    values.update(parts.get("values", {}))
    if swings is not None and winning is not None:
        total = sum(swings)
        bottoms = {
            "banzhaf": 2 ** (n - 1),
            "banzhaf_normalised": total,
            "coleman_prevent": winning,
            "coleman_initiate": 2**n - winning,
        }
        for index, bottom in bottoms.items():
            if index in wanted:
                known = {h: Fraction(h, bottom) for h in set(swings)}  # equal members share one fraction
                exact[index] = [known[h] for h in swings]
        if "rae" in wanted:
            exact["rae"] = [Fraction(1, 2) + Fraction(h, 2**n) for h in swings]
    for index in INDICES:
        if index in exact:
            values[index] = [float(v) for v in exact[index]]
        if index not in wanted:
            values[index] = None
    exact = {k: v for k, v in exact.items() if k in wanted}
    act = winning / 2**n if winning is not None else parts.get("power_to_act")
    columns = ["member", "weight", *(i for i in INDICES if values[i] is not None)]
    rows = [
        [name, w, *(values[i][k] for i in INDICES if values[i] is not None)]
        for k, (name, w) in enumerate(zip(game.names, game.exact))
    ]
    errors = parts.get("errors", {})
    for index, half in errors.items():
        if index in wanted:
            columns.append(f"+- {index}")
            rows = [[*row, half[k]] for k, row in enumerate(rows)]
    notes = list(parts.get("notes", []))
    if 2 * q <= game.total:
        notes.append("the quota is not above half of the total: two disjoint coalitions may both win")
    return PowerIndices(
        title=f"Power indices of [{q}; {n} members, total {game.total}]",
        source=SOURCE,
        columns=columns,
        rows=rows,
        facts={
            "winning coalitions": winning,
            "power of the body to act (Coleman)": act,
            "minimal winning coalitions": parts.get("minimal"),
            "method": parts["method"],
        },
        notes=notes,
        weights=game,
        quota=q,
        values=values,
        exact=exact,
        winning=winning,
        minimal_winning=parts.get("minimal"),
        swings=swings,
        power_to_act=act,
        errors=errors,
    )


def _by_enumeration(w: list[int], q: int, wanted: list[str]) -> dict[str, Any]:
    n = len(w)
    swings, minimal = np.zeros((n, n), np.int64), np.zeros((n, n + 1), np.int64)
    johnston = np.zeros((n, n + 1), np.int64)
    winning, least = call(enumerate_game, np.array(w, np.int64), q, swings, minimal, johnston)
    exact: dict[str, list[Fraction]] = {}
    if "shapley_shubik" in wanted:
        exact["shapley_shubik"] = [shapley_of_sizes(row, n) for row in swings.tolist()]
    if "deegan_packel" in wanted:
        exact["deegan_packel"] = [_divided(row) / int(least) for row in minimal.tolist()]
    if "holler" in wanted:
        counts = minimal.sum(axis=1).tolist()
        exact["holler"] = [Fraction(h, sum(counts)) for h in counts]
    if "johnston" in wanted:
        sums = [_divided(row) for row in johnston.tolist()]
        exact["johnston"] = [s / sum(sums, Fraction(0)) for s in sums]
    return {
        "method": "enumeration of all coalitions, exact",
        "winning": int(winning),
        "minimal": int(least),
        "swings": swings.sum(axis=1).tolist(),
        "exact": exact,
    }


def _divided(counts: list[int]) -> Fraction:
    """Sum of counts[k] / k."""
    return sum((Fraction(c, k) for k, c in enumerate(counts) if c), Fraction(0))


def _by_counting(w: list[int], q: int, wanted: list[str], threads: int) -> dict[str, Any]:
    n, total = len(w), sum(w)
    dual = total - q + 1  # same swings; its losing coalitions are as many as our winning ones
    short = min(q, dual)
    kinds = sorted(set(w))
    at = {x: k for k, x in enumerate(kinds)}
    place = [at[x] for x in w]
    array, kinds_array = np.array(sorted(w), np.int64), np.array(kinds, np.int64)
    values: dict[str, list[float]] = {}
    exact: dict[str, list[Fraction]] = {}
    notes: list[str] = []
    out: dict[str, Any] = {"values": values, "exact": exact, "notes": notes}
    how = []
    if n <= WORD_PLAYERS:
        counts, swings = np.zeros(short, np.int64), np.zeros(len(kinds), np.int64)
        call(swing_counts, array, kinds_array, short, counts, np.zeros(short, np.int64), swings)
        losing = int(counts.sum())
        of_kind = [int(s) for s in swings]
        how.append("counting by weight, exact")
    elif wanted != ["shapley_shubik"] and sum(x > 0 for x in w) <= RESIDUE_PLAYERS:
        losing, of_kind = big_swing_counts(w, kinds, short)
        how.append("counting by weight modulo primes, exact")
    else:
        losing = None
        of_kind = None
    if of_kind is not None:
        out["swings"] = [of_kind[k] for k in place]
        out["winning"] = losing if short == dual and dual != q else 2**n - losing
    sized = n <= WORD_PLAYERS and n * short <= 20_000_000 and len(kinds) * n * short < 3e8
    if "shapley_shubik" in wanted and sized:
        table, without = np.zeros((n + 1, short), np.int64), np.zeros((n + 1, short), np.int64)
        by_size = np.zeros((len(kinds), n), np.int64)
        call(swing_counts_by_size, array, kinds_array, short, table, without, by_size)
        # s others in one game are n - 1 - s in its dual
        per_kind = [shapley_of_sizes(row if short == q else row[::-1], n) for row in by_size]
        exact["shapley_shubik"] = [per_kind[k] for k in place]
    elif "shapley_shubik" in wanted or of_kind is None:
        shapley, banzhaf, losing = _by_quadrature(
            array, kinds_array, q, dual, threads, "shapley_shubik" in wanted
        )
        if shapley is not None:
            values["shapley_shubik"] = [float(shapley[k]) for k in place]
            notes.append("Shapley-Shubik by exact quadrature in double precision (error below 1e-12)")
        if of_kind is None:
            values["banzhaf"] = [float(banzhaf[k]) for k in place]
            values["banzhaf_normalised"] = [float(banzhaf[k] / sum(banzhaf[j] for j in place)) for k in place]
            values["rae"] = [0.5 + float(banzhaf[k]) / 2 for k in place]
            values["coleman_prevent"] = [float(banzhaf[k]) / 2 / (1 - losing) for k in place]
            values["coleman_initiate"] = [float(banzhaf[k]) / 2 / losing for k in place]
            out["power_to_act"] = 1 - losing
            how.append("probabilities by weight in double precision (error below 1e-12)")
    active = sum(x > 0 for x in w)
    if {"deegan_packel", "holler"} & set(wanted):
        if active * active * q / 2 <= _GAME_BUDGET:
            counts_with, divided = minimal_sums(w, q, "deegan_packel" in wanted)
            minimal = count_minimal(w, q)
            out["minimal"] = minimal
            values["holler"] = [c / sum(counts_with) for c in counts_with]
            if divided is not None:
                values["deegan_packel"] = [d / sum(divided) for d in divided]
        else:
            notes.append(
                f"Deegan-Packel and Holler left out: {active} players and quota {q:,} pass the budget of work"
            )
    if "johnston" in wanted:
        if len(kinds) * active * active * (q + max(w)) / 3 <= _GAME_BUDGET:
            sums = johnston_sums(w, q)
            values["johnston"] = [s / sum(sums) for s in sums]
        else:
            notes.append(
                f"Johnston left out: {len(kinds)} different weights, {active} players and quota {q:,} pass the "
                "budget of work"
            )
    out["method"] = "; ".join(how)
    return out


def _by_quadrature(array: np.ndarray, kinds: np.ndarray, q: int, dual: int, threads: int, shapley: bool):
    """(Shapley-Shubik or None, absolute Banzhaf) of one player of each kind, and the chance that a coalition
    loses.
    """
    positive = array[array > 0]
    size = max(q, dual)

    def at(t: float) -> tuple[np.ndarray, np.ndarray, float]:
        table, other = np.zeros(size), np.zeros(size)
        chances, dual_chances = np.zeros(kinds.size), np.zeros(kinds.size)
        losing = call(swing_chances, positive, kinds, q, dual, t, table, other, chances, dual_chances)
        return chances, dual_chances, losing

    half, _, losing = at(0.5)
    if not shapley:
        return None, half, losing
    points, weights = nodes(positive.size - 1)
    pairs = [(float(t), float(w)) for t, w in zip(points, weights) if t <= 0.5 + 1e-12]

    def both(pair: tuple[float, float]) -> np.ndarray:
        t, w = pair
        if abs(t - 0.5) < 1e-12:
            return w * half
        chances, dual_chances, _ = at(t)
        return w * (chances + dual_chances)

    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            return sum(pool.map(both, pairs)), half, losing
    return sum(map(both, pairs)), half, losing


def quota_share(weights: Measure, share: Fraction) -> Fraction:
    """The quota "more than `share` of the total" on the grid of the weights."""
    return Fraction(floor(sum(weights.whole) * share) + 1, weights.scale)
