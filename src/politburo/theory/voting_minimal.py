"""Minimal and vulnerable winning coalitions of large bodies: Deegan-Packel, Holler and Johnston without
enumeration.

Players are taken in descending weight. A minimal winning coalition is then exactly a path of weights that
stays below the quota until its last member crosses it: with P_i(u) the coalitions of earlier players of
weight u < q, and V_i(u) the ways for the later ones to complete weight u,

    minimal winning coalitions with i  =  sum over u of P_i(u) C_i(u),   C_i(u) = 1 if u + w_i >= q else V_{i+1}(u + w_i).

Deegan-Packel needs 1/|S| = integral of z^(|S| - 1): every other member carries a factor z, the integrand is a
polynomial, and Gauss-Legendre with n/2 nodes is exact but for rounding. All terms are positive, so there is
no cancellation.

For Johnston fix the excess e = w(S) - q. The critical members of S are those heavier than e; with m players
heavier than e the rest may be any of the lighter ones that bring the weight to q + e. Excesses between two
neighbouring weights share m, so one pass for each distinct weight serves all of them; 1/c = integral of z^(c
- 1) as before.

Cost: nodes x n x q for the first two; distinct weights x nodes x n x q for Johnston. Memory: 2 sqrt(n) rows
of q numbers. No package known to us computes these three for large bodies. Sources: Deegan and Packel (1978),
Holler (1982), Johnston (1978); the passes are this project's."""

from __future__ import annotations

from math import isqrt

import numpy as np
from numba import njit

from .compiling import call
from .voting_counts import PRIMES, RESIDUE_PLAYERS, from_residues


@njit(cache=True, error_model="numpy", nogil=True)
def _minimal_pass(weights, quota, z, block, marks, rows, prefix, shifted, out):
    """out[i] = sum over minimal winning S with i of z^(|S| - 1); weights descending, all positive.

    `marks`: float64[blocks + 1, quota], values at block ends; `rows`: float64[block + 1, quota]; `prefix`,
    `shifted`: [quota]."""
    n = weights.size
    blocks = (n + block - 1) // block
    marks[blocks, :] = 0.0
    for b in range(blocks - 1, -1, -1):
        rows[0, :] = marks[b + 1]
        for i in range(min((b + 1) * block, n) - 1, b * block - 1, -1):
            w = np.uint64(weights[i])
            edge = np.uint64(max(quota - weights[i], 0))
            for u in range(edge):
                rows[0, u] += z * rows[0, u + w]
            for u in range(edge, np.uint64(quota)):
                rows[0, u] += z
        marks[b, :] = rows[0]
    prefix[:] = 0.0
    prefix[0] = 1.0
    for b in range(blocks):
        first = b * block
        last = min(first + block, n)
        rows[last - first, :] = marks[b + 1]
        for i in range(last - 1, first, -1):
            w = np.uint64(weights[i])
            edge = np.uint64(max(quota - weights[i], 0))
            here = rows[i - first]
            after = rows[i - first + 1]
            for u in range(edge):
                here[u] = after[u] + z * after[u + w]
            for u in range(edge, np.uint64(quota)):
                here[u] = after[u] + z
        for i in range(first, last):
            w = np.uint64(weights[i])
            edge = np.uint64(max(quota - weights[i], 0))
            after = rows[i - first + 1]
            total = 0.0
            for u in range(edge):
                total += prefix[u] * after[u + w]
            for u in range(edge, np.uint64(quota)):
                total += prefix[u]
            out[i] = total
            for u in range(quota):
                shifted[u] = prefix[u]
            for u in range(w, np.uint64(quota)):
                prefix[u] = shifted[u] + z * shifted[u - w]


@njit(cache=True, error_model="numpy", nogil=True)
def _johnston_pass(weights, first_small, tail, z, size, rows, prefix, shifted, out):
    """Add to out[i] the Johnston sums of one group of excesses; i runs over the players heavier than the
    excess.

    `tail[u]`: ways for the lighter players to bring weight u to the winning weights with such an excess.
    `rows`: float64[first_small + 1, size]."""
    m = first_small
    rows[m, :size] = tail[:size]
    for i in range(m - 1, 0, -1):
        w = np.uint64(weights[i])
        here = rows[i]
        after = rows[i + 1]
        edge = np.uint64(max(size - weights[i], 0))
        for u in range(edge):
            here[u] = after[u] + z * after[u + w]
        for u in range(edge, np.uint64(size)):
            here[u] = after[u]
    for u in range(size):
        prefix[u] = 0.0
    prefix[0] = 1.0
    for i in range(m):
        w = np.uint64(weights[i])
        after = rows[i + 1]
        edge = np.uint64(max(size - weights[i], 0))
        total = 0.0
        for u in range(edge):
            total += prefix[u] * after[u + w]
        out[i] += total
        for u in range(size):
            shifted[u] = prefix[u]
        for u in range(w, np.uint64(size)):
            prefix[u] = shifted[u] + z * shifted[u - w]


@njit(cache=True, error_model="numpy", nogil=True)
def _count_minimal(weights, quota, modulus, table):
    """Number of minimal winning coalitions modulo `modulus` (below 2**62). `table`: int64[quota]."""
    table[:] = 0
    for i in range(weights.size - 1, -1, -1):
        w = weights[i]
        edge = max(quota - w, 0)
        for u in range(quota):
            table[u] += table[u + w] if u < edge else 1
            if table[u] >= modulus:
                table[u] -= modulus
    return table[0]


def count_minimal(weights: list[int], quota: int) -> int | None:
    """The exact number of minimal winning coalitions; None beyond 609 positive weights (the residues no
    longer determine it).
    """
    order = np.array(sorted((w for w in weights if w > 0), reverse=True), np.int64)
    if order.size > RESIDUE_PLAYERS:
        return None
    table = np.zeros(quota, np.int64)
    return from_residues(
        [int(call(_count_minimal, order, quota, prime, table)) for prime in PRIMES[: order.size // 61 + 1]]
    )


def nodes(degree: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Legendre nodes and weights on [0, 1], exact for polynomials up to `degree`."""
    x, w = np.polynomial.legendre.leggauss(max(1, (degree + 2) // 2))
    return (x + 1) / 2, w / 2


def minimal_sums(
    weights: list[int], quota: int, deegan_packel: bool
) -> tuple[list[float], list[float] | None]:
    """(minimal winning coalitions with each player, sum over them of 1/size), in the order given; zero
    weights get 0.
    """
    order = sorted((i for i, w in enumerate(weights) if w > 0), key=lambda i: -weights[i])
    sorted_weights = np.array([weights[i] for i in order], np.int64)
    n = sorted_weights.size
    block = isqrt(n) + 1
    marks, rows = np.zeros(((n + block - 1) // block + 1, quota)), np.zeros((block + 1, quota))
    prefix, shifted, out = np.zeros(quota), np.zeros(quota), np.zeros(n)

    def run(z: float) -> np.ndarray:
        call(_minimal_pass, sorted_weights, quota, z, block, marks, rows, prefix, shifted, out)
        return out.copy()

    def spread(values: np.ndarray) -> list[float]:
        full = [0.0] * len(weights)
        for value, i in zip(values, order):
            full[i] = float(value)
        return full

    counts = spread(run(1.0))
    if not deegan_packel:
        return counts, None
    total = np.zeros(n)
    for z, share in zip(*nodes(n - 1)):
        total += share * run(float(z))
    return counts, spread(total)


def johnston_sums(weights: list[int], quota: int) -> list[float]:
    """Sum over vulnerable winning coalitions with i critical of 1/(number critical), in the order given."""
    order = sorted((i for i, w in enumerate(weights) if w > 0), key=lambda i: -weights[i])
    w = [weights[i] for i in order]
    sorted_weights = np.array(w, np.int64)
    n, size = len(w), quota + w[0]
    rows, prefix, shifted = np.zeros((n + 1, size)), np.zeros(size), np.zeros(size)
    out = np.zeros(n)
    light = np.zeros(size)  # subsets of the players after the first m, by weight
    light[0] = 1.0
    for m in range(n, 0, -1):
        lower, upper = (w[m] if m < n else 0), w[m - 1]
        if lower < upper:
            below = np.concatenate([[0.0], np.cumsum(light)])  # below[k] = subsets of weight < k

            reach = np.arange(size)
            tail = (
                below[np.clip(quota + upper - reach, 0, size)]
                - below[np.clip(quota + lower - reach, 0, size)]
            )
            for z, share in zip(*nodes(m - 1)):
                part = np.zeros(n)
                call(_johnston_pass, sorted_weights, m, tail, float(z), size, rows, prefix, shifted, part)
                out += share * part
        grown = light.copy()
        grown[upper:] += light[: size - upper]
        light = grown
    full = [0.0] * len(weights)
    for value, i in zip(out, order):
        full[i] = float(value)
    return full
