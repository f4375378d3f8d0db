"""Ruling coalitions: the subset table against NumPy by levels and against one pass over its memory; circles a second.

Ratios are taken inside one run. The NumPy version is the same programme, vectorised over the coalitions of one size. "One pass" writes
and reads a table of the same size once, with the same threads. The table's memory is touched before it is timed.
"""

from __future__ import annotations

import resource
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
from numba import njit

HALF = Fraction(1, 2)


def numpy_by_levels(powers: np.ndarray) -> np.ndarray:
    """M(X) for all subsets, one vectorised step a coalition size (32-bit, index lists prepared outside the loop over members)."""
    n = len(powers)
    size = 1 << n
    weight = np.zeros(1, np.int32)
    count = np.zeros(1, np.int8)
    for p in powers:
        weight = np.concatenate([weight, weight + np.int32(p)])
        count = np.concatenate([count, count + np.int8(1)])
    order = np.argsort(count, kind="stable")
    bounds = np.searchsorted(count[order], np.arange(n + 2))
    best = np.zeros(size, np.int32)
    for level in range(1, n + 1):
        masks = order[bounds[level] : bounds[level + 1]]
        heaviest = np.zeros(masks.size, np.int32)
        for bit in range(n):
            np.maximum(heaviest, np.where(masks >> bit & 1, best[masks & ~(1 << bit)], 0), out=heaviest)
        whole = weight[masks]
        best[masks] = np.where(heaviest <= whole // 2, whole, heaviest)
    return best


@njit(nogil=True)
def _write(table, value, low, high):
    for i in range(low, high):
        table[i] = value


@njit(nogil=True)
def _read(table, low, high):
    total = np.int64(0)
    for i in range(low, high):
        total += table[i]
    return total


def one_pass(table: np.ndarray, threads: int) -> float:
    """Seconds to write and then read the whole table."""
    edges = [k * table.size // threads for k in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        start = time.perf_counter()
        list(pool.map(lambda k: _write(table, np.int32(1), edges[k], edges[k + 1]), range(threads)))
        list(pool.map(lambda k: _read(table, edges[k], edges[k + 1]), range(threads)))
        return time.perf_counter() - start


def best_of(function, times: int) -> float:
    """Least wall time of several calls: on a shared machine the least disturbed one."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main(sizes: tuple[int, ...] = (16, 20, 22, 24, 26, 28), threads: int = 2, repeats: int = 5) -> list[dict]:
    """Rows: n, seconds of the table with one and with two threads, of NumPy (to 22), of one pass, and the ratios."""
    from politburo.theory.coalition import ruling_many
    from politburo.theory.coalition_table import CoalitionTable

    rng = np.random.default_rng(1)
    rows = []
    _write(np.zeros(8, np.int32), np.int32(1), 0, 8)
    _read(np.zeros(8, np.int32), 0, 8)
    for n in sizes:
        powers = rng.integers(1, 1_000_000, n)
        whole = [int(p) for p in powers]
        buffer = CoalitionTable(whole, HALF).best
        one = best_of(lambda: CoalitionTable(whole, HALF, buffer=buffer), repeats)
        two = best_of(lambda: CoalitionTable(whole, HALF, threads=threads, buffer=buffer), repeats)
        row = {
            "n": n,
            "MiB": round(buffer.nbytes / 2**20, 1),
            "one thread s": one,
            f"{threads} threads s": two,
        }
        if n <= 22:
            level = numpy_by_levels(powers)
            assert (level * 2 == CoalitionTable(whole, HALF).best).all()
            row["numpy by levels s"] = best_of(lambda: numpy_by_levels(powers), 2)
            row["times faster than numpy"] = row["numpy by levels s"] / min(one, two)
        if n >= 24:
            row["one pass s"] = min(one_pass(buffer, threads) for _ in range(repeats))
            row["times one pass"] = min(one, two) / row["one pass s"]
        row["ns a coalition"] = 1e9 * min(one, two) / 2**n
        rows.append(row)
        print({k: round(v, 6) if isinstance(v, float) else v for k, v in row.items()}, flush=True)
        buffer = None
    for n in (5, 7, 9, 12):
        circles = rng.integers(1, 1000, (12_800 if n < 12 else 1_280, n))
        ruling_many(circles[:128])
        seconds = best_of(lambda c=circles: ruling_many(c), repeats)
        rows.append({"members": n, "microseconds a circle": 1e6 * seconds / len(circles)})
        print(rows[-1], flush=True)
    print("peak memory, MiB:", round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
    return rows


if __name__ == "__main__":
    main()
