"""Counting the coalitions of a weighted game: kernels behind the power indices.

A game [q; w_1 ... w_n] has whole weights; a coalition wins when its weight reaches q. Player i swings a coalition without him
when it has at least q - w_i and less than q. Three ways to count swings:

* `enumerate_game`: all 2**n coalitions, by size, with minimal and vulnerable ones. n <= 22.
* `swing_counts`, `swing_counts_by_size`: the generating function prod(1 + x^w) (and prod(1 + y x^w)) as a table of 64-bit
  integers; player i is taken out by dividing once. Exact for n <= 62. `big_swing_counts` does the same with
  Python's unbounded integers, one huge number holding a whole polynomial (Kronecker substitution).
* `swing_chances`: the chance that i swings when everybody else joins with probability t. The Shapley-Shubik index is its
  integral over t (Owen's multilinear extension), a polynomial of degree n - 1, so Gauss-Legendre with half as many nodes is
  exact but for rounding. A node costs one pass over the table; player i is taken out of the prefix sums in steps of w_i,
  which is stable for t <= 1/2; the other half of the nodes comes from the dual game in the same pass.

Sources: Mann and Shapley (1962) for generating functions; Owen (1972) for the extension.
"""

from __future__ import annotations

import numpy as np
from numba import njit

WORD_PLAYERS = 62


@njit(cache=True, error_model="numpy", nogil=True)
def enumerate_game(weights, quota, swings, minimal, johnston):
    """Fill counts over all coalitions; return (winning, minimal winning).

    Parameters
    ----------
    weights : int64[n]
    quota : int
    swings : int64[n, n]
        swings[i, s]: coalitions of s others that i swings.
    minimal : int64[n, n + 1]
        minimal[i, s]: minimal winning coalitions of s members with i.
    johnston : int64[n, n + 1]
        johnston[i, c]: vulnerable winning coalitions in which i is one of c critical members.
    """
    n = weights.size
    winning = 0
    least = 0
    for mask in range(1 << n):
        total = np.int64(0)
        size = 0
        for i in range(n):
            if (mask >> i) & 1:
                total += weights[i]
                size += 1
        if total < quota:
            continue
        winning += 1
        critical = 0
        for i in range(n):
            if (mask >> i) & 1 and total - weights[i] < quota:
                critical += 1
        if critical == 0:
            continue
        for i in range(n):
            if (mask >> i) & 1 and total - weights[i] < quota:
                swings[i, size - 1] += 1
                johnston[i, critical] += 1
                if critical == size:
                    minimal[i, size] += 1
        if critical == size:
            least += 1
    return winning, least


@njit(cache=True, error_model="numpy", nogil=True)
def swing_counts(weights, kinds, quota, counts, without, swings):
    """Number of coalitions of each weight below `quota`, and swings of one player of each weight in `kinds`.

    `counts`, `without`: int64[quota], the first written, the second scratch. Exact while 2**n fits 62 bits.
    """
    counts[:] = 0
    counts[0] = 1
    top = 0
    for w in weights:
        if w == 0:
            for u in range(min(top, quota - 1) + 1):
                counts[u] *= 2
            continue
        top += w
        for u in range(min(top, quota - 1), w - 1, -1):
            counts[u] += counts[u - w]
    for k in range(kinds.size):
        w = kinds[k]
        total = np.int64(0)
        if w > 0:
            for u in range(quota):
                without[u] = counts[u] - (without[u - w] if u >= w else 0)
            for u in range(max(quota - w, 0), quota):
                total += without[u]
        swings[k] = total


@njit(cache=True, error_model="numpy", nogil=True)
def swing_counts_by_size(weights, kinds, quota, counts, without, swings):
    """As `swing_counts`, by number of members: swings[k, s] for s others. `counts`, `without`: int64[n + 1, quota]."""
    n = weights.size
    counts[:, :] = 0
    counts[0, 0] = 1
    top = 0
    for done in range(n):
        w = weights[done]
        top += w
        last = min(top, quota - 1)
        for s in range(done + 1, 0, -1):
            for u in range(last, w - 1, -1):
                counts[s, u] += counts[s - 1, u - w]
    for k in range(kinds.size):
        w = kinds[k]
        for s in range(n):
            total = np.int64(0)
            for u in range(quota):
                value = counts[s, u]
                if s > 0 and u >= w:
                    value -= without[s - 1, u - w]
                without[s, u] = value
            for u in range(max(quota - w, 0), quota):
                total += without[s, u]
            swings[k, s] = total


@njit(cache=True, error_model="numpy", nogil=True)
def swing_chances(weights, kinds, quota, dual, t, table, other, chances, dual_chances):
    """Chance that a player of each kind swings, everybody else joining with probability t <= 1/2.

    Parameters
    ----------
    weights : int64[n]
        Ascending (the table then stays short for long).
    quota, dual : int
        q and total - q + 1; both answers come from one table. A swing at chance 1 - t in the game is one at t in the dual.
    table, other : float64[max(quota, dual)], scratch
    chances, dual_chances : float64[kinds], written
    """
    size = max(quota, dual)
    table[0] = 1.0
    top = 0
    stay = 1.0 - t
    for w in weights:
        last = min(top + w, size - 1)
        before = min(top, size - 1)
        # other[u] = stay table[u] + t table[u - w], without reading beyond what has been reached
        low = min(w, before + 1)
        for u in range(low):
            other[u] = stay * table[u]
        for u in range(before + 1, min(w, last + 1)):
            other[u] = 0.0
        for u in range(w, before + 1):
            other[u] = stay * table[u] + t * table[u - w]
        for u in range(max(w, before + 1), last + 1):
            other[u] = t * table[u - w]
        table, other = other, table
        top += w
    running = 0.0
    for u in range(size):
        if u <= top:
            running += table[u]
        table[u] = running
    odds = t / stay
    for side in range(2):
        q = quota if side == 0 else dual
        for k in range(kinds.size):
            w = kinds[k]
            value = 0.0
            if w > 0:
                # prefix sums without the player along q - 1, q - 1 - w, ... from the bottom up
                u = (q - 1) % w
                below = 0.0
                inside = 0.0
                while u <= q - 1:
                    below = inside
                    inside = table[u] / stay - odds * inside
                    u += w
                value = inside - below
            if side == 0:
                chances[k] = value
            else:
                dual_chances[k] = value


def big_swing_counts(weights: list[int], kinds: list[int], quota: int) -> tuple[int, list[int]]:
    """(losing coalitions, swings of one player of each kind), exact for any number of players.

    The polynomial prod(1 + x^w) below x^quota is one Python integer with a field of n + 2 bits for each power. Dividing by
    1 + x^w is multiplying by (1 - x^w)(1 + x^2w)(1 + x^4w)... Cost: (n + kinds log(quota / w)) shifts of quota (n + 2) bits.
    """
    field = 64 * ((len(weights) + 2 + 63) // 64)
    modulus = (1 << (field * quota)) - 1
    poly = 1
    for w in weights:
        poly = (poly + (poly << (w * field))) & modulus
    swings = []
    for w in kinds:
        if w == 0:
            swings.append(0)
            continue
        without = poly - (poly << (w * field))
        step = 2 * w
        while step < quota:
            without = (without + (without << (step * field))) & modulus
            step *= 2
        without &= modulus
        swings.append(_field_sum(without >> (max(quota - w, 0) * field), field, min(w, quota)))
    return _field_sum(poly, field, quota), swings


def _field_sum(number: int, field: int, fields: int) -> int:
    """Sum of the fields of a packed polynomial, by 32-bit limbs."""
    limbs = np.frombuffer(number.to_bytes(field * fields // 8, "little"), "<u4").reshape(fields, field // 32)
    return sum(int(limb) << (32 * i) for i, limb in enumerate(limbs.sum(axis=0, dtype=np.uint64)))


@njit(cache=True, error_model="numpy", nogil=True)
def half_counts(first, second, low, high, by_second):
    """Pairs (a, b) of half sums with low <= a + b < high, for each class of second-half coalitions.

    `first` ascending; `second[k]` ascending within [by_second[k], by_second[k + 1]). Returns int64[classes].
    """
    classes = by_second.size - 1
    out = np.zeros(classes, np.int64)
    for k in range(classes):
        begin = by_second[k]
        end = by_second[k + 1]
        lo = end
        hi = end
        for a in first:
            while lo > begin and a + second[lo - 1] >= low:
                lo -= 1
            while hi > begin and a + second[hi - 1] >= high:
                hi -= 1
            out[k] += hi - lo
    return out
