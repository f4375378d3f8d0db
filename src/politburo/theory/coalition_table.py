"""The subset programme: which of all 2**n coalitions are self-enforcing, exactly, for n up to 30.

Theory. Call a coalition X self-enforcing when no self-enforcing proper part Y of it has den g(Y) > num g(X).
Let M(X) be den times the power of the heaviest self-enforcing coalition inside X, X included. Every proper
part of X lies in some X without one member i, so with H(X) = max over i of M(X without i):

    X is self-enforcing  iff  H(X) <= num g(X),  and then  M(X) = den g(X);  otherwise  M(X) = H(X).

That is O(n 2**n) comparisons of integers, where the definition costs O(3**n). Sums are kept as den g and num
g, so the test has no multiplication; 32-bit while den g(N) < 2**31, 64-bit above. Floats would call an exact
tie at random.

Layout. The table is 2**(n-8) rows of 256 coalitions that share their members from the ninth on. A row is
first the elementwise maximum of the rows with one of those members fewer (vector instructions, four rows at a
time), then finished in place: sixteen chunks in order of size, the sixteen coalitions of a chunk in
straight-line code. Blocks of rows with the same number of top members present do not depend on each other;
that gives the threads.

Cost: about 3 ns a coalition on one core, 1 GiB at n = 28 (32-bit). Source: Acemoglu, Egorov and Sonin (2008).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
from numba import njit

from .compiling import call
from .inputs import fits_int64, reject

ROW = 256
ROW_BITS = 8
LEAST_MEMBERS = ROW_BITS + 1
MOST_MEMBERS = 32
_BY_SIZE = np.array(sorted(range(16), key=lambda c: (c.bit_count(), c)), np.int64)


@njit(error_model="numpy", inline="always")
def _settle(inside, whole, needed):
    return whole if inside <= needed else inside


@njit(cache=True, error_model="numpy", nogil=True)
def _fill(table, blocks, rows, high_weight, high_quota, slack, low_weight, low_quota, row, part):
    """Fill `rows` rows of each block in `blocks` (numbers of runs of `rows` rows); see the module's layout.

    `slack` is 1 when an exact share wins and 0 when it loses. `row` (256) and `part` (16) are scratch of the
    table's type. Indices are unsigned: a signed one may count from the end, and Numba then cannot use vector
    loads."""
    highs = high_weight.size
    width = np.uint64(ROW)
    sixteen = np.uint64(16)
    source = np.empty(64, np.uint64)
    for nth in range(blocks.size * rows):
        high = blocks[nth // rows] * rows + nth % rows
        weight = np.int64(0)
        quota = np.int64(-slack)
        count = 0
        for i in range(highs):
            if (high >> i) & 1:
                source[count] = np.uint64((high ^ (1 << i)) * ROW)
                weight += high_weight[i]
                quota += high_quota[i]
                count += 1
        done = count & 3
        s0 = source[0]
        s1 = source[1]
        s2 = source[2]
        if done == 0:
            for x in range(width):
                row[x] = 0
        elif done == 1:
            for x in range(width):
                row[x] = table[s0 + x]
        elif done == 2:
            for x in range(width):
                row[x] = max(table[s0 + x], table[s1 + x])
        else:
            for x in range(width):
                row[x] = max(max(table[s0 + x], table[s1 + x]), table[s2 + x])
        while done < count:
            s0 = source[done]
            s1 = source[done + 1]
            s2 = source[done + 2]
            s3 = source[done + 3]
            for x in range(width):
                row[x] = max(
                    max(row[x], max(table[s0 + x], table[s1 + x])), max(table[s2 + x], table[s3 + x])
                )
            done += 4
        for nth_chunk in range(16):
            chunk = _BY_SIZE[nth_chunk]
            o = np.uint64(chunk) * sixteen
            for j in range(sixteen):
                part[j] = row[o + j]
            left = chunk
            while left:
                lower = left & (left - 1)
                under = np.uint64(chunk ^ left ^ lower) * sixteen
                left = lower
                for j in range(sixteen):
                    part[j] = max(part[j], row[under + j])
            w = low_weight[o : o + sixteen]
            q = low_quota[o : o + sixteen]
            v0 = _settle(part[0], weight + w[0], quota + q[0])
            v1 = _settle(max(part[1], v0), weight + w[1], quota + q[1])
            v2 = _settle(max(part[2], v0), weight + w[2], quota + q[2])
            v3 = _settle(max(part[3], max(v1, v2)), weight + w[3], quota + q[3])
            v4 = _settle(max(part[4], v0), weight + w[4], quota + q[4])
            v5 = _settle(max(part[5], max(v1, v4)), weight + w[5], quota + q[5])
            v6 = _settle(max(part[6], max(v2, v4)), weight + w[6], quota + q[6])
            v7 = _settle(max(max(part[7], v3), max(v5, v6)), weight + w[7], quota + q[7])
            v8 = _settle(max(part[8], v0), weight + w[8], quota + q[8])
            v9 = _settle(max(part[9], max(v1, v8)), weight + w[9], quota + q[9])
            v10 = _settle(max(part[10], max(v2, v8)), weight + w[10], quota + q[10])
            v11 = _settle(max(max(part[11], v3), max(v9, v10)), weight + w[11], quota + q[11])
            v12 = _settle(max(part[12], max(v4, v8)), weight + w[12], quota + q[12])
            v13 = _settle(max(max(part[13], v5), max(v9, v12)), weight + w[13], quota + q[13])
            v14 = _settle(max(max(part[14], v6), max(v10, v12)), weight + w[14], quota + q[14])
            v15 = _settle(max(max(max(part[15], v7), v11), max(v13, v14)), weight + w[15], quota + q[15])
            row[o] = v0
            row[o + np.uint64(1)] = v1
            row[o + np.uint64(2)] = v2
            row[o + np.uint64(3)] = v3
            row[o + np.uint64(4)] = v4
            row[o + np.uint64(5)] = v5
            row[o + np.uint64(6)] = v6
            row[o + np.uint64(7)] = v7
            row[o + np.uint64(8)] = v8
            row[o + np.uint64(9)] = v9
            row[o + np.uint64(10)] = v10
            row[o + np.uint64(11)] = v11
            row[o + np.uint64(12)] = v12
            row[o + np.uint64(13)] = v13
            row[o + np.uint64(14)] = v14
            row[o + np.uint64(15)] = v15
        base = np.uint64(high * ROW)
        for x in range(width):
            table[base + x] = row[x]


@njit(cache=True, error_model="numpy", nogil=True)
def _scan(table, high_weight, low_weight, needed, at_most, found):
    """Least self-enforcing power above `needed` and at most `at_most`, their number, all self-enforcing
    coalitions.

    The masks of those of least power go into `found` as far as it reaches, in ascending order. Powers are den
    g."""
    highs = high_weight.size
    width = np.uint64(ROW)
    stable = 0
    least = np.int64(at_most)
    ties = 0
    for high in range(1 << highs):
        weight = np.int64(0)
        for i in range(highs):
            if (high >> i) & 1:
                weight += high_weight[i]
        base = np.uint64(high * ROW)
        here = 0
        lightest = least
        for x in range(width):
            whole = weight + low_weight[x]
            itself = table[base + x] == whole
            here += itself
            wins = itself & (whole > needed) & (whole < lightest)
            lightest = whole if wins else lightest
        stable += here
        if lightest < least:
            least = lightest
            ties = 0
        if here:
            for x in range(width):
                if weight + low_weight[x] == least and table[base + x] == least and least > needed:
                    if ties < found.size:
                        found[ties] = high * ROW + np.int64(x)
                    ties += 1
    return least, ties, stable - 1  # the empty set equals its own power


def _sums(values: np.ndarray) -> np.ndarray:
    out = np.zeros(1, values.dtype)
    for value in values:
        out = np.concatenate([out, out + value])
    return out


class CoalitionTable:
    """The filled table of one circle: M(X) for every subset X as a mask (bit i is member i).

    Parameters
    ----------
    powers : sequence of int
        Whole powers of 9 to 32 members.
    share : Fraction
        Supermajority.
    exact_wins : bool
        Whether a coalition with exactly the share wins (the model says no).
    threads : int
    buffer : ndarray, optional
        An earlier table's `.best` of the same size and type, to be overwritten: first touch of fresh memory
        is slow.

    Raises `Faults` when the table does not fit the memory that is free, or sums do not fit 64 bits.
    """

    def __init__(
        self,
        powers,
        share: Fraction,
        exact_wins: bool = False,
        threads: int = 1,
        buffer: np.ndarray | None = None,
    ):
        self.n = len(powers)
        if not LEAST_MEMBERS <= self.n <= MOST_MEMBERS:
            raise reject(
                "powers", f"{self.n} members", f"{LEAST_MEMBERS} to {MOST_MEMBERS} for the subset table"
            )
        num, den = share.numerator, share.denominator
        self.den, self.num = den, num
        largest = den * sum(powers)
        fits_int64(largest, "powers")
        dtype = np.int32 if largest < 2**31 - 1 else np.int64
        need = (1 << self.n) * np.dtype(dtype).itemsize
        if buffer is None:
            free = _free_memory()
            if need > free:
                raise reject(
                    "powers",
                    f"{self.n} members, a table of {need / 2**30:.1f} GiB",
                    f"what fits the {free / 2**30:.1f} GiB of free memory",
                )
            buffer = np.empty(1 << self.n, dtype)
        elif buffer.size != 1 << self.n or buffer.dtype != dtype:
            raise reject("buffer", f"{buffer.size} of {buffer.dtype}", f"{1 << self.n} of {np.dtype(dtype)}")
        self.best = buffer
        whole = np.array(powers, np.int64)
        self.low_weight = _sums(whole[:ROW_BITS] * den).astype(dtype)
        low_quota = _sums(whole[:ROW_BITS] * num).astype(dtype)
        self.high_weight = whole[ROW_BITS:] * den
        high_quota = whole[ROW_BITS:] * num
        self.quota = num * int(whole.sum()) - int(exact_wins)
        self.total = den * int(whole.sum())
        highs = self.n - ROW_BITS
        top = min(6, highs) if threads > 1 and self.n >= 18 else 0
        rows = 1 << (highs - top)

        def fill(blocks):
            call(
                _fill,
                self.best,
                np.array(blocks, np.int64),
                rows,
                self.high_weight,
                high_quota,
                int(exact_wins),
                self.low_weight,
                low_quota,
                np.empty(ROW, dtype),
                np.empty(16, dtype),
            )

        if top == 0:
            fill([0])
            return
        with ThreadPoolExecutor(threads - 1) as pool:
            for size in range(top + 1):
                level = [b for b in range(1 << top) if b.bit_count() == size]
                others = [
                    pool.submit(fill, level[k::threads]) for k in range(1, threads) if level[k::threads]
                ]
                fill(level[::threads])
                for other in others:
                    other.result()

    def ruling(self, most: int = 64) -> tuple[list[int], int, int]:
        """Masks of the lightest winning self-enforcing coalitions (at most `most`), their number, and of all
        self-enforcing.
        """
        found = np.zeros(most, np.int64)
        least, ties, stable = call(
            _scan, self.best, self.high_weight, self.low_weight, self.quota, self.total + 1, found
        )
        return [int(m) for m in found[: min(ties, most)]], int(ties), int(stable)

    def lightest_above(self, needed: int) -> int:
        """Mask of the lightest self-enforcing coalition with den g above `needed`; 0 when there is none."""
        found = np.zeros(1, np.int64)
        _, ties, _ = call(_scan, self.best, self.high_weight, self.low_weight, needed, self.total + 1, found)
        return int(found[0]) if ties else 0

    def weight(self, mask: int) -> int:
        """den g(X)."""
        high = mask >> ROW_BITS
        return int(self.low_weight[mask & (ROW - 1)]) + sum(
            int(w) for i, w in enumerate(self.high_weight) if high >> i & 1
        )

    def is_self_enforcing(self, mask: int) -> bool:
        """Whether the coalition with this mask is self-enforcing."""
        return mask > 0 and int(self.best[mask]) == self.weight(mask)

    def self_enforcing(self) -> np.ndarray:
        """Masks of all self-enforcing coalitions, ascending (2**n / 8 bytes of scratch and the answer)."""
        out = []
        for high in range(1 << (self.n - ROW_BITS)):
            offset = sum(int(w) for i, w in enumerate(self.high_weight) if high >> i & 1)
            row = self.best[high * ROW : (high + 1) * ROW]
            out.append(np.flatnonzero(row == self.low_weight.astype(np.int64) + offset) + high * ROW)
        return np.concatenate(out)[1:]


def _free_memory() -> int:
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return 8 * 2**30
