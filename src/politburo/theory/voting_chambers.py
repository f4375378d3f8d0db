"""Double and triple majorities: games in which several quotas must be met at once, or one of several sets of
quotas.

Theory. Each chamber gives the members its own weights and quota. A coalition wins when it meets every quota
of at least one *clause*. The Treaty of Nice has one clause with three chambers (votes, member states,
population); the Treaty of Lisbon has two: 55 % of the states with 65 % of the population, or all but three
states (the blocking minority of at least four).

Method: all 2**n coalitions, exactly, without listing them: the members are split in two halves, the sums of
the halves are added pairwise, and only winning coalitions are counted, by size and by member. With W(s)
winning coalitions of s members, W_i(s) of them with i,

    swings of i = 2 W_i - W,    Shapley-Shubik = sum over s of W_i(s) (s-1)! (n-s)! / n!  -  (W(s) - W_i(s)) s! (n-s-1)! / n!.

Cost: 2**n additions for each chamber of each clause, 0.2 s for 27 members and three chambers; n <= 32.
Sources: Shapley and Shubik (1954); Felsenthal and Machover (1998) for the European Council.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, factorial, lcm
from typing import Any

import numpy as np
from numba import njit

from politburo.faults import Fault, Faults

from .compiling import call
from .inputs import default_names, fits_int64, number, read_number, reject, whole
from .results import Result

MOST_MEMBERS = 32


@dataclass(frozen=True)
class Chamber:
    """One majority: a name, a weight for each member, and the quota a coalition must reach."""

    name: str
    weights: Sequence[Any]
    quota: Any


@njit(cache=True, error_model="numpy", nogil=True)
def _count(low_sums, high_sums, quotas, clause_of, bounds, highs, by_low, by_high, wins):
    """Add winning coalitions by (size of the high half, low half) and (high half, size of the low half).

    low_sums, high_sums : int32 or int64[chambers, 2**half]
        Low halves in order of size: those of size s are bounds[s] to bounds[s + 1].
    quotas, clause_of : int64[chambers]
        Chambers of one clause stand together, clauses from 0.
    highs : int64, the high halves to do
    by_low : int32[sizes of high half, 2**low]; by_high : int64[2**high, sizes of low half]; wins : uint8[2**low], scratch
    """
    chambers = quotas.size
    lows = low_sums.shape[1]
    for nth in range(highs.size):
        h = highs[nth]
        size = 0
        x = h
        while x:
            x &= x - 1
            size += 1
        for low in range(lows):
            wins[low] = 0
        c = 0
        while c < chambers:
            clause = clause_of[c]
            end = c
            while end < chambers and clause_of[end] == clause:
                end += 1
            need0 = quotas[c] - high_sums[c, h]
            row0 = low_sums[c]
            if end == c + 1:
                for low in range(lows):
                    wins[low] |= row0[low] >= need0
            elif end == c + 2:
                need1 = quotas[c + 1] - high_sums[c + 1, h]
                row1 = low_sums[c + 1]
                for low in range(lows):
                    wins[low] |= (row0[low] >= need0) & (row1[low] >= need1)
            elif end == c + 3:
                need1 = quotas[c + 1] - high_sums[c + 1, h]
                need2 = quotas[c + 2] - high_sums[c + 2, h]
                row1 = low_sums[c + 1]
                row2 = low_sums[c + 2]
                for low in range(lows):
                    wins[low] |= (row0[low] >= need0) & (row1[low] >= need1) & (row2[low] >= need2)
            else:
                for low in range(lows):
                    good = row0[low] >= need0
                    for more in range(c + 1, end):
                        good &= low_sums[more, low] >= quotas[more] - high_sums[more, h]
                    wins[low] |= good
            c = end
        target = by_low[size]
        for low in range(lows):
            target[low] += wins[low]
        for s in range(bounds.size - 1):
            total = 0
            for low in range(bounds[s], bounds[s + 1]):
                total += wins[low]
            by_high[h, s] = total


def multi_majority(
    clauses: Sequence[Sequence[Chamber]],
    names: Sequence[str] | None = None,
    *,
    threads: int = 1,
    title: str | None = None,
) -> Result:
    """Power indices of a game with several majorities.

    Parameters
    ----------
    clauses : list of lists of `Chamber`
        A coalition wins when it reaches every quota of at least one clause.
    names : sequence of str, optional
    threads : int

    Returns
    -------
    Result
        One row a member: Shapley-Shubik, Banzhaf absolute and normalised, Coleman's powers to prevent and to
        initiate, swings; all from exact counts. `facts`: winning coalitions, power of the body to act.

    Raises `Faults` for ragged chambers, negative weights, quotas out of range, more than 32 members.
    """
    flat = [(k, chamber) for k, clause in enumerate(clauses) for chamber in clause]
    if not flat:
        raise reject("clauses", "no chamber", "at least one clause with one chamber")
    threads = whole(threads, "threads", 1, 1024)
    n = len(list(flat[0][1].weights))
    if not 1 <= n <= MOST_MEMBERS:
        raise reject("clauses", f"{n} members", f"1 to {MOST_MEMBERS} (2^n coalitions are gone through)")
    faults: list[Fault] = []
    rows, quotas = [], []
    for _, chamber in flat:
        weights = list(chamber.weights)
        if len(weights) != n:
            faults.append(
                Fault(
                    f"chamber {chamber.name!r}",
                    0,
                    0,
                    f"{len(weights)} weights",
                    f"{n}, as in the first chamber",
                )
            )
            continue
        exact = [read_number(w) for w in weights]
        for i, w in enumerate(exact):
            if isinstance(w, str) or w < 0:
                faults.append(
                    Fault(
                        f"chamber {chamber.name!r}[{i}]",
                        0,
                        0,
                        w if isinstance(w, str) else str(w),
                        "numbers of at least 0",
                    )
                )
        if any(isinstance(w, str) for w in exact):
            continue
        quota = number(chamber.quota, f"quota of {chamber.name!r}")
        total = sum(exact, Fraction(0))
        if not 0 < quota <= total:
            faults.append(
                Fault(f"quota of {chamber.name!r}", 0, 0, str(chamber.quota), f"above 0, at most {total}")
            )
        scale = lcm(*(w.denominator for w in exact))
        rows.append([int(w * scale) for w in exact])
        quotas.append(ceil(quota * scale))
    if faults:
        raise Faults(faults)
    for row in rows:
        fits_int64(sum(row), "clauses")
    labels = list(names) if names is not None else default_names(n)
    if len(labels) != n:
        raise reject("names", f"{len(labels)} names", f"{n}, one for each member")
    low = (n + 1) // 2
    high = n - low
    sizes = np.array([i.bit_count() for i in range(1 << low)], np.int64)
    by_size = np.argsort(sizes, kind="stable")  # low halves in order of size
    bounds = np.searchsorted(sizes[by_size], np.arange(low + 2))
    whole_type = np.int32 if max(map(sum, rows)) < 2**30 and max(quotas) < 2**30 else np.int64
    low_sums = np.array([_sums(row[:low])[by_size] for row in rows], whole_type)
    high_sums = np.array([_sums(row[low:]) for row in rows], whole_type)
    clause_of = np.array([k for k, _ in flat], np.int64)
    quota_array = np.array(quotas, whole_type)
    by_high = np.zeros((1 << high, low + 1), np.int64)

    def part(k: int) -> np.ndarray:
        by_low = np.zeros((high + 1, 1 << low), np.int32)
        call(
            _count,
            low_sums,
            high_sums,
            quota_array,
            clause_of,
            bounds,
            np.arange(k, 1 << high, threads),
            by_low,
            by_high,
            np.zeros(1 << low, np.uint8),
        )
        return by_low

    if threads == 1:
        by_low = part(0)
    else:
        with ThreadPoolExecutor(threads) as pool:
            by_low = sum(pool.map(part, range(threads)))
    with_member = np.zeros((n, n + 1), dtype=object)
    winning = [0] * (n + 1)
    for s_low in range(low + 1):
        chosen = slice(bounds[s_low], bounds[s_low + 1])
        for s_high in range(high + 1):
            here = by_low[s_high, chosen]
            total = int(here.sum())
            winning[s_low + s_high] += total
            if total:
                for i in range(low):
                    with_member[i, s_low + s_high] += int(here[(by_size[chosen] >> i) & 1 == 1].sum())
    for h in range(1 << high):
        size = h.bit_count()
        filled = np.flatnonzero(by_high[h])
        for i in range(high):
            if h >> i & 1:
                for s in filled:
                    with_member[low + i, size + s] += int(by_high[h, s])
    all_winning = sum(winning)
    swings = [2 * int(sum(with_member[i])) - all_winning for i in range(n)]
    total_swings = sum(swings)
    table = []
    for i in range(n):
        shapley = Fraction(0)
        for s in range(n + 1):
            inside, outside = int(with_member[i, s]), winning[s] - int(with_member[i, s])
            if inside:
                shapley += Fraction(inside * factorial(s - 1) * factorial(n - s), factorial(n))
            if outside:
                shapley -= Fraction(outside * factorial(s) * factorial(n - s - 1), factorial(n))
        table.append(
            (
                labels[i],
                float(shapley),
                swings[i] / 2 ** (n - 1),
                swings[i] / total_swings,
                swings[i] / all_winning,
                swings[i] / (2**n - all_winning) if all_winning < 2**n else 0.0,
                swings[i],
            )
        )
    named = "; or ".join(" and ".join(f"{c.name} >= {c.quota}" for c in clause) for clause in clauses)
    return Result(
        title=title or f"Several majorities, {n} members",
        source="Shapley-Shubik and Banzhaf, exact counts",
        columns=(
            "member",
            "shapley_shubik",
            "banzhaf",
            "banzhaf_normalised",
            "coleman_prevent",
            "coleman_initiate",
            "swings",
        ),
        rows=table,
        facts={
            "wins when": named,
            "winning coalitions": all_winning,
            "power of the body to act (Coleman)": all_winning / 2**n,
        },
    )


def _sums(values: Sequence[int]) -> np.ndarray:
    out = np.zeros(1, np.int64)
    for v in values:
        out = np.concatenate([out, out + v])
    return out
