"""The engine's keyed luck in NumPy: the same words, for many histories at once.

Number i of a decision site is word (i mod 32) div 8 of block 8 (i div 32) + i mod 8: eight blocks give 32 numbers
(`ours/draws.py`). What-ifs that share luck between two arms need such numbers; an ensemble alone does not, so NumPy is
timed with these and with its own fastest generator.
"""

from __future__ import annotations

import numpy as np

from .world import FROM, REGULAR

_MASK, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85


class Blocks:
    """Philox-4x32-10 for many counters at once, in place: no array is made but the first time."""

    def __init__(self):
        self._room: dict[tuple[int, int], list[np.ndarray]] = {}

    def words(self, blocks: np.ndarray, month: int, site: int, histories: np.ndarray, seed: int) -> np.ndarray:
        """(4, B, H) words, as uint64, of the blocks (B, 1) or (B, H) for the given histories."""
        shape = (len(blocks), len(histories))
        if shape not in self._room:
            self._room[shape] = [np.empty((4, *shape), np.uint64), np.empty(shape, np.uint64), np.empty(shape, np.uint64)]
        out, p0, p1 = self._room[shape]
        c0, c1, c2, c3 = out
        c0[:] = blocks
        c1[:] = month | site << 16
        np.bitwise_and(histories, _MASK, out=c2)
        np.right_shift(histories, _SHIFT, out=c3)
        k0, k1 = seed & 0xFFFFFFFF, seed >> 32
        for _ in range(10):
            np.multiply(c0, _M0, out=p0)
            np.multiply(c2, _M1, out=p1)
            np.right_shift(p1, _SHIFT, out=c0)
            c0 ^= c1
            c0 ^= np.uint64(k0)
            np.bitwise_and(p1, _MASK, out=c1)
            np.right_shift(p0, _SHIFT, out=c2)
            c2 ^= c3
            c2 ^= np.uint64(k1)
            np.bitwise_and(p0, _MASK, out=c3)
            k0, k1 = (k0 + _W0) & 0xFFFFFFFF, (k1 + _W1) & 0xFFFFFFFF
        return out


_BLOCKS = Blocks()


def uniforms(
    seed: int, histories: np.ndarray, month: int, site: int, count: int, first: int = 0
) -> np.ndarray:
    """(count, H) numbers in (0, 1) of a site, from number `first`, a multiple of 32."""
    groups = -(-count // 32)
    blocks = np.arange(first // 4, first // 4 + 8 * groups, dtype=np.uint64)[:, None]
    histories = histories.astype(np.uint64)
    words = _BLOCKS.words(blocks, month, site, histories, seed)
    out = np.empty((groups, 4, 8, len(histories)))
    np.add(words.reshape(4, groups, 8, -1).swapaxes(0, 1), 0.5, out=out)
    out *= 1.0 / 4294967296.0
    return out.reshape(32 * groups, -1)[:count]


class OneHistory:
    """The keyed luck of one history, asked number by number: `luck(site, actor)` of the current month."""

    def __init__(self, seed: int, history: int):
        self.seed, self.history = seed, np.array([history])
        self.month, self._site = 0, {}

    def __call__(self, site: int | str, actor: int) -> float:
        if site in FROM:
            site, actor = REGULAR, FROM[site] + actor
        group = actor // 32
        if (site, group) not in self._site:
            self._site[site, group] = uniforms(self.seed, self.history, self.month, site, 32, 32 * group)[:, 0]
        return float(self._site[site, group][actor % 32])

    def next_month(self) -> None:
        self.month += 1
        self._site.clear()
