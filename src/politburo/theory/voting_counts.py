"""Counting the coalitions of a weighted game: kernels behind the power indices.

A game [q; w_1 ... w_n] has whole weights; a coalition wins when its weight reaches q. Player i swings a
coalition without him when it has at least q - w_i and less than q. Three ways to count swings:

* `enumerate_game`: all 2**n coalitions, by size, with minimal and vulnerable ones. n <= 22.
* `swing_counts`, `swing_counts_by_size`: the generating function prod(1 + x^w) (and prod(1 + y x^w)) as a
  table of 64-bit integers; player i is taken out by dividing once. Exact for n <= 62. `big_swing_counts` does
  the same modulo several primes and puts the exact number together again (Chinese remainder).
* `swing_chances`: the chance that i swings when everybody else joins with probability t. The Shapley-Shubik
  index is its integral over t (Owen's multilinear extension), a polynomial of degree n - 1, so Gauss-Legendre
  with half as many nodes is exact but for rounding. A node costs one pass over the table; player i is taken
  out of the prefix sums in steps of w_i, which is stable for t <= 1/2; the other half of the nodes comes from
  the dual game in the same pass.

Sources: Mann and Shapley (1962) for generating functions; Owen (1972) for the extension.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .compiling import call

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
    """As `swing_counts`, by number of members: swings[k, s] for s others. `counts`, `without`: int64[n + 1,
    quota].
    """
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
    """Chance that a player of each kind swings, everybody else joining with probability t <= 1/2; returns
    P(losing).

    Parameters
    ----------
    weights : int64[n]
        Ascending (the table then stays short for long).
    quota, dual : int
        q and total - q + 1; both answers come from one table. A swing at chance 1 - t in the game is one at t
        in the dual.
    table, other : float64[max(quota, dual)], scratch
    chances, dual_chances : float64[kinds], written
    """
    size = max(quota, dual)
    one = np.uint64(1)
    limit = np.uint64(size - 1)
    table[0] = 1.0
    reach = np.uint64(0)
    stay = 1.0 - t
    for weight in weights:
        # other[u] = stay table[u] + t table[u - w], without reading beyond what has been reached; unsigned
        # indices, because
        # a signed one may count from the end and Numba then gathers instead of loading vectors
        w = np.uint64(weight)
        last = min(reach + w, limit)
        before = min(reach, limit)
        for u in range(np.uint64(0), min(w, before + one)):
            other[u] = stay * table[u]
        for u in range(before + one, min(w, last + one)):
            other[u] = 0.0
        for u in range(w, before + one):
            other[u] = stay * table[u] + t * table[u - w]
        for u in range(max(w, before + one), last + one):
            other[u] = t * table[u - w]
        table, other = other, table
        reach += w
    top = np.int64(reach)
    running = 0.0
    for u in range(size):
        if u <= top:
            running += table[u]
        table[u] = running
    losing = table[quota - 1]
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
    return losing


@njit(cache=True, error_model="numpy", nogil=True)
def swing_residues(weights, kinds, quota, modulus, table, swings):
    """Losing coalitions and swings of one player of each kind, modulo a prime below 2**62; positive ascending
    weights.

    `table`: int64[quota]. As in `swing_chances` a player is taken out of the prefix sums in steps of his
    weight."""
    table[:] = 0
    table[0] = 1
    top = 0
    for weight in weights:
        top += weight
        w = np.uint64(weight)
        last = np.uint64(min(top, quota - 1))
        for back in range(last - w + np.uint64(1) if last >= w else np.uint64(0)):
            u = last - back
            value = table[u] + table[u - w]
            table[u] = value - modulus if value >= modulus else value
    running = np.int64(0)
    for u in range(quota):
        running += table[u]
        if running >= modulus:
            running -= modulus
        table[u] = running
    for k in range(kinds.size):
        w = kinds[k]
        below = np.int64(0)
        inside = np.int64(0)
        if w > 0:
            u = (quota - 1) % w
            while u <= quota - 1:
                below = inside
                inside = table[u] - inside
                if inside < 0:
                    inside += modulus
                u += w
        swings[k] = inside - below if inside >= below else inside - below + modulus
    return running


PRIMES = (
    4611686018427387847,
    4611686018427387817,
    4611686018427387787,
    4611686018427387761,
    4611686018427387751,
    4611686018427387737,
    4611686018427387733,
    4611686018427387709,
    4611686018427387701,
    4611686018427387631,
)
RESIDUE_PLAYERS = 61 * len(PRIMES) - 1


def from_residues(residues: list[int]) -> int:
    """The number below the product of the first primes of `PRIMES` with these residues."""
    value, product = 0, 1
    for residue, prime in zip(residues, PRIMES):
        value += product * ((residue - value) * pow(product, -1, prime) % prime)
        product *= prime
    return value


def big_swing_counts(weights: list[int], kinds: list[int], quota: int) -> tuple[int, list[int]]:
    """(losing coalitions, swings of one player of each kind), exact for up to 609 players: counts modulo
    several primes.

    Cost: players / 61 passes over the table of `quota` numbers for each player.
    """
    positive = sorted(w for w in weights if w > 0)
    doubled = 2 ** (len(weights) - len(positive))  # a player without weight only doubles every count
    array, kinds_array = np.array(positive, np.int64), np.array(kinds, np.int64)
    table, swings = np.zeros(quota, np.int64), np.zeros(len(kinds), np.int64)
    primes = PRIMES[: len(positive) // 61 + 1]
    losing, swung = [], []
    for prime in primes:
        losing.append(int(call(swing_residues, array, kinds_array, quota, prime, table, swings)))
        swung.append([int(s) for s in swings])
    of_kind = [from_residues([row[k] for row in swung]) * doubled for k in range(len(kinds))]
    return from_residues(losing) * doubled, of_kind


def wide_half_counts(first, second, low, high, by_second):
    """`half_counts` on Python integers of any size, by binary search."""
    out = []
    for begin, end in zip(by_second[:-1], by_second[1:]):
        part = second[begin:end]
        if len(part) == 0 or len(first) == 0:
            out.append(0)
            continue
        out.append(int((np.searchsorted(part, high - first) - np.searchsorted(part, low - first)).sum()))
    return out


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
