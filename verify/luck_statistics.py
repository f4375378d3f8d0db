"""Luck, at length: uniform draws without memory across seeds, histories, months, sites, actors and salts.

The generator is Philox4x32-10, which passes BigCrush; what is verified here is our use of it: that the key of
a draw (seed, history, month, decision site, actor, salt of the site) is laid into the counter and the key so
that draws are uniform on (0, 1), and independent of those of any neighbouring key. Each check is a test of
significance with the bound stated: with some seventy checks and bounds at a tail probability of 1e-6, a sound
generator would fail this file under one seed in ten thousand. The draws are fixed by their keys, so the
outcome is the same each time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numba import njit

from politburo.case.compile import seed_key
from politburo.engine import luck
from verify import Check

TAIL = 1e-6
Z = 4.8916  # two-sided normal deviate of TAIL
N = 4_000_000

# The words of a key, with strides that the engine uses: neighbouring values of each are what must not
# resemble each other.
PARTS = ("seed", "history", "month", "site", "actor", "salt")


class _Keys(NamedTuple):
    key: np.ndarray
    salt: np.ndarray


class _When(NamedTuple):
    now: np.ndarray


@njit
def _uniforms(w, s, keys, out):
    for n in range(len(keys)):
        w.key[0] = keys[n, 0] & 0xFFFFFFFF
        w.key[1] = keys[n, 0] >> 32
        s.now[0].history = keys[n, 1]
        s.now[0].month = keys[n, 2]
        w.salt[keys[n, 3]] = keys[n, 5]
        out[n] = luck.uniform(w, s, keys[n, 3], keys[n, 4])


@njit
def _normals(w, s, keys, out):
    for n in range(len(keys)):
        s.now[0].history = keys[n, 1]
        s.now[0].month = keys[n, 2]
        out[n] = luck.normal(w, s, keys[n, 3], keys[n, 4])


@njit
def _flipped(keys, word, bit, counts):
    """How often each bit of the four output words changes when one bit of the counter or the key does."""
    for n in range(len(keys)):
        a = luck.philox(keys[n, 0], keys[n, 1], keys[n, 2], keys[n, 3], keys[n, 4], keys[n, 5])
        keys[n, word] ^= np.uint64(1) << np.uint64(bit)
        b = luck.philox(keys[n, 0], keys[n, 1], keys[n, 2], keys[n, 3], keys[n, 4], keys[n, 5])
        keys[n, word] ^= np.uint64(1) << np.uint64(bit)
        for k in range(4):
            change = a[k] ^ b[k]
            for j in range(32):
                counts[32 * k + j] += (change >> np.uint64(j)) & np.uint64(1)


def _room():
    return _Keys(seed_key(0), np.zeros(luck.SITES, np.uint64)), _When(
        np.zeros(1, [("history", "i8"), ("month", "i8")]).view(np.recarray)
    )


def uniforms(**parts: np.ndarray | int) -> np.ndarray:
    """One draw a key; a part that is not given is fixed (seed 1922, site of motions, everything else 0)."""
    fixed = {"seed": 1922, "history": 0, "month": 0, "site": luck.MOTION, "actor": 0, "salt": 0} | parts
    columns = np.broadcast_arrays(*(np.asarray(fixed[name], np.int64) for name in PARTS))
    keys = np.stack([c.ravel() for c in columns], axis=1)
    out = np.zeros(len(keys))
    _uniforms(*_room(), keys, out)
    return out


def _grid(count: int = N) -> dict[str, np.ndarray]:
    """Keys as an ensemble uses them: histories by months by the actors of one site."""
    actors, months = 50, 200
    histories = count // (actors * months)
    h, t, a = np.meshgrid(np.arange(histories), np.arange(months), np.arange(actors), indexing="ij")
    return {"history": h, "month": t, "actor": a}


def _chi_tail(chi: float, degrees: int) -> float:
    """Two-sided tail probability of a chi-square, by the Wilson-Hilferty cube root (relative error small for
    many degrees).
    """
    z = ((chi / degrees) ** (1 / 3) - (1 - 2 / (9 * degrees))) / math.sqrt(2 / (9 * degrees))
    return math.erfc(abs(z) / math.sqrt(2))


def chi_square(name: str, counts: np.ndarray) -> Check:
    """Counts of cells that should be equally likely."""
    expected = counts.sum() / counts.size
    chi = float(((counts - expected) ** 2 / expected).sum())
    tail = _chi_tail(chi, counts.size - 1)
    return Check(
        name,
        tail > TAIL,
        f"chi-square {chi:.0f} on {counts.size - 1} degrees, tail {tail:.2g}",
        f"tail above {TAIL:g}",
    )


def correlation(name: str, x: np.ndarray, y: np.ndarray) -> Check:
    """Correlation of two samples that should be independent."""
    r = float(np.corrcoef(x.ravel(), y.ravel())[0, 1])
    bound = Z / math.sqrt(x.size)
    return Check(
        name, abs(r) < bound, f"correlation {r:+.2e} of {x.size:,} pairs", f"below {bound:.2e} in size"
    )


def kolmogorov(name: str, x: np.ndarray) -> Check:
    """Largest gap between the sample's distribution function and the uniform one."""
    x = np.sort(x.ravel())
    n = len(x)
    gap = float(max((np.arange(1, n + 1) / n - x).max(), (x - np.arange(n) / n).max()))
    bound = math.sqrt(math.log(2 / TAIL) / 2 / n)  # the Dvoretzky-Kiefer-Wolfowitz inequality
    return Check(name, gap < bound, f"Kolmogorov distance {gap:.2e} of {n:,} draws", f"below {bound:.2e}")


def _uniformity() -> Iterator[Check]:
    x = uniforms(**_grid())
    yield Check(
        "open interval",
        bool(0.0 < x.min() and x.max() < 1.0),
        f"from {x.min():.2e} to 1 - {1 - x.max():.2e}",
        "inside (0, 1)",
    )
    for moment, mean, variance in (
        (1, 1 / 2, 1 / 12),
        (2, 1 / 3, 4 / 45),
        (3, 1 / 4, 9 / 112),
        (4, 1 / 5, 16 / 225),
    ):
        z = float(((x**moment).mean() - mean) / math.sqrt(variance / len(x)))
        yield Check(
            f"moment {moment}", abs(z) < Z, f"{z:+.2f} standard errors from {mean:.4f}", f"below {Z:.2f}"
        )
    yield kolmogorov("distribution over an ensemble's keys", x)
    yield chi_square("4,096 equal bins", np.histogram(x, 4096, (0, 1))[0])
    word = (x * 2**32).astype(np.uint64)
    for name, shift in (("highest", 24), ("second", 16), ("third", 8), ("lowest", 0)):
        yield chi_square(
            f"{name} byte",
            np.bincount(((word >> np.uint64(shift)) & np.uint64(255)).astype(np.int64), minlength=256),
        )
    same = len(word) - len(np.unique(word))
    # Pairs among 2**32 values that meet by chance are Poisson.
    expected = len(word) * (len(word) - 1) / 2 / 2**32
    z = (same - expected) / math.sqrt(expected)
    yield Check(
        "repeated words",
        abs(z) < Z,
        f"{same:,}, {z:+.2f} standard errors from {expected:.0f}",
        f"below {Z:.2f}",
    )


def _one_part() -> Iterator[Check]:
    """Uniform along each part of the key alone, the others fixed: no part is lost on its way."""
    many = np.arange(400_000)
    along = {
        "seed": many, "seed (high word)": many << 32, "history": many,
        "history (beyond 32 bits)": many << 20, "actor": many,
        "actor (stride 64)": 64 * (many % (1 << 25)),
    }  # fmt: skip
    for name, values in along.items():
        x = uniforms(**{name.split(" ")[0]: values})
        yield kolmogorov(f"along {name}", x)
        yield correlation(f"{name} and the next", x[:-1], x[1:])
        yield chi_square(
            f"{name} and the next, 64 by 64", np.histogram2d(x[:-1:2], x[1::2], 64, [[0, 1], [0, 1]])[0]
        )
    x = uniforms(month=np.arange(2**16))
    yield kolmogorov("along month", x)
    yield correlation("month and the next", x[:-1], x[1:])
    x = uniforms(site=np.arange(luck.SITES)[:, None], actor=np.arange(2000))
    yield kolmogorov("along site", x)
    x = uniforms(salt=np.arange(400_000))
    yield kolmogorov("along salt", x)
    yield correlation("salt and the next", x[:-1], x[1:])


def _neighbours() -> Iterator[Check]:
    """An ensemble's draws against those of the neighbouring history, month, actor, and of neighbours two ways
    at once.
    """
    grid = _grid()
    x = uniforms(**grid)
    cube = x.reshape(grid["history"].shape)
    for lag in (1, 2, 7):
        for axis, name in enumerate(("history", "month", "actor")):
            here, there = (
                np.take(cube, range(cube.shape[axis] - lag), axis),
                np.take(cube, range(lag, cube.shape[axis]), axis),
            )
            yield correlation(f"{name} {lag} apart", here, there)
    yield correlation("next month, next actor", cube[:, :-1, :-1], cube[:, 1:, 1:])
    yield correlation("next month, actor before", cube[:, :-1, 1:], cube[:, 1:, :-1])
    yield correlation("next history, month before", cube[:-1, 1:], cube[1:, :-1])
    triples = (cube.reshape(-1)[: cube.size // 3 * 3].reshape(-1, 3) * 16).astype(np.int64)
    yield chi_square("triples of actors, 16 by 16 by 16", np.bincount(triples @ [256, 16, 1], minlength=4096))
    # Sums over the actors of a month, months of a history: no slow drift hides under the pairs.
    for axes, name in (((2,), "month sums"), ((1, 2), "history sums")):
        sums = cube.sum(axis=axes)
        count = cube.size / sums.size
        z = float((sums.var() / (count / 12) - 1) / math.sqrt(2 / sums.size))
        yield Check(
            f"variance of {name}",
            abs(z) < Z,
            f"{z:+.2f} standard errors from that of independent draws",
            f"below {Z:.2f}",
        )


def _between_keys() -> Iterator[Check]:
    """The same questions under another seed, site or salt have nothing to do with the first answers."""
    grid = _grid(1_000_000)
    x = uniforms(**grid)
    for seed in (1923, 1922 ^ (1 << 31), 1922 + 2**32, 2**62 + 1922):
        yield correlation(f"seed 1922 and seed {seed}", x, uniforms(**grid, seed=seed))
    # A salt is laid over the high word of the seed: salt 1 is what seed 1922 + 2**32 draws at that site.
    for salt in (1, 2, 2**31):
        yield correlation(f"salt 0 and salt {salt}", x, uniforms(**grid, salt=salt))
    sites = sorted(n for group in luck.SOURCES.values() for n in group)
    worst, pair = 0.0, (0, 0)
    small = _grid(100_000)
    table = np.stack([uniforms(**small, site=site) for site in sites])
    r = np.corrcoef(table) - np.eye(len(sites))
    worst = float(np.abs(r).max())
    pair = np.unravel_index(np.abs(r).argmax(), r.shape)
    pairs = len(sites) * (len(sites) - 1) // 2
    bound = 6.1 / math.sqrt(table.shape[1])  # the deviate of TAIL shared among some six hundred pairs
    yield Check(
        f"all {pairs} pairs of decision sites", worst < bound,
        f"largest correlation {worst:.2e} (sites {sites[pair[0]]} and {sites[pair[1]]})",
        f"below {bound:.2e}",
    )  # fmt: skip


def _avalanche() -> Iterator[Check]:
    """One flipped bit of the counter or the key flips each output bit with probability one half."""
    rng = np.random.default_rng(0)
    trials = 2_000
    worst, largest, total = 0.0, 0.0, 0
    for word in range(6):
        for bit in range(32):
            keys = rng.integers(0, 2**32, (trials, 6), dtype=np.uint64)
            counts = np.zeros(128, np.int64)
            _flipped(keys, word, bit, counts)
            worst = max(worst, float(np.abs(counts / trials - 0.5).max()))
            largest = max(largest, float(abs(counts.sum() / (trials * 128) - 0.5)))
            total += 128
    bound = 6.5 * 0.5 / math.sqrt(trials)  # TAIL shared among 24,576 pairs of bits
    yield Check(
        f"avalanche of {total:,} pairs of bits",
        worst < bound,
        f"largest departure from 1/2: {worst:.4f}",
        f"below {bound:.4f}",
    )
    bound = 5.8 * 0.5 / math.sqrt(trials * 128)
    yield Check(
        "avalanche of 192 input bits",
        largest < bound,
        f"largest departure from 1/2: {largest:.5f}",
        f"below {bound:.5f}",
    )


def _normal() -> Iterator[Check]:
    """The sum of four uniforms: mean 0, variance 1, fourth moment 2.7, never beyond 2 sqrt(3), and its exact
    distribution.
    """
    grid = _grid()
    keys = np.stack(
        [np.full(grid["history"].size, 1922), *(grid[p].ravel() for p in ("history", "month"))], axis=1
    )
    keys = np.column_stack(
        [keys, np.full(len(keys), luck.JUDGEMENT), grid["actor"].ravel(), np.zeros(len(keys), np.int64)]
    )
    room = _room()
    room[0].key[:] = seed_key(1922)
    x = np.zeros(len(keys))
    _normals(*room, np.ascontiguousarray(keys), x)
    yield Check(
        "normal: range",
        bool(np.abs(x).max() <= 2 * math.sqrt(3)),
        f"largest {np.abs(x).max():.3f}",
        "at most 3.4641",
    )
    for moment, value in ((1, 0.0), (2, 1.0), (3, 0.0), (4, 2.7)):
        spread = math.sqrt(_irwin_hall(2 * moment) - value**2)
        z = float(((x**moment).mean() - value) / (spread / math.sqrt(len(x))))
        yield Check(
            f"normal: moment {moment}",
            abs(z) < Z,
            f"{z:+.2f} standard errors from {value:g}",
            f"below {Z:.2f}",
        )
    yield kolmogorov("normal: distribution", _irwin_hall_cdf(x / math.sqrt(3) + 2))


def _irwin_hall(moment: int) -> float:
    """An even central moment of the sum of four uniforms, scaled to variance 1, by exact integration of its
    density.
    """
    nodes, weights = np.polynomial.legendre.leggauss(20)
    total = 0.0
    for k in range(4):
        x = k + 0.5 + 0.5 * nodes
        density = sum((-1) ** j * math.comb(4, j) * np.maximum(x - j, 0) ** 3 for j in range(4)) / 6
        total += float((0.5 * weights * density * ((x - 2) * math.sqrt(3)) ** moment).sum())
    return total


def _irwin_hall_cdf(x: np.ndarray) -> np.ndarray:
    """Distribution function of the sum of four uniforms."""
    return np.clip(sum((-1) ** j * math.comb(4, j) * np.maximum(x - j, 0) ** 4 for j in range(5)) / 24, 0, 1)


def checks() -> Iterator[Check]:
    """Every check of luck."""
    yield from _uniformity()
    yield from _one_part()
    yield from _neighbours()
    yield from _between_keys()
    yield from _avalanche()
    yield from _normal()
