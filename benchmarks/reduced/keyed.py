"""The engine's keyed luck in NumPy: the same words, for many histories at once.

Used where the three implementations must agree. For timing, NumPy and Mesa draw from their own generators, which are
faster for them: a counter-based generator costs NumPy some forty passes over its arrays.
"""

from __future__ import annotations

import numpy as np

_MASK, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85


def philox(c0, c1, c2, c3, k0: int, k1: int):
    """Philox-4x32-10 over arrays of uint64 that hold 32-bit words."""
    for _ in range(10):
        p0, p1 = _M0 * c0, _M1 * c2
        c0, c1 = (p1 >> _SHIFT) ^ c1 ^ np.uint64(k0), p1 & _MASK
        c2, c3 = (p0 >> _SHIFT) ^ c3 ^ np.uint64(k1), p0 & _MASK
        k0, k1 = (k0 + _W0) & 0xFFFFFFFF, (k1 + _W1) & 0xFFFFFFFF
    return c0, c1, c2, c3


def uniforms(
    seed: int, histories: np.ndarray, month: int, site: int, count: int, first: int = 0
) -> np.ndarray:
    """(count, H) numbers in (0, 1): number i of a site is word i mod 4 of its block first + i div 4."""
    blocks = -(-count // 4)
    counter = np.arange(first, first + blocks, dtype=np.uint64)[:, None] + np.zeros(len(histories), np.uint64)
    histories = histories.astype(np.uint64)
    words = philox(
        counter, np.full_like(counter, month | site << 16), (histories & _MASK) + 0 * counter, (histories >> _SHIFT) + 0 * counter,
        seed & 0xFFFFFFFF, seed >> 32,
    )  # fmt: skip
    flat = np.stack(words, axis=1).reshape(4 * blocks, len(histories))[:count]
    return (flat.astype(float) + 0.5) / 4294967296.0


class OneHistory:
    """The keyed luck of one history, asked number by number: `luck(site, actor)` of the current month."""

    def __init__(self, seed: int, history: int):
        self.seed, self.history = seed, np.array([history])
        self.month, self._site = 0, {}

    def __call__(self, site: int, actor: int) -> float:
        block = actor // 4
        if (site, block) not in self._site:
            self._site[site, block] = uniforms(self.seed, self.history, self.month, site, 4, block)[:, 0]
        return float(self._site[site, block][actor % 4])

    def next_month(self) -> None:
        self.month += 1
        self._site.clear()
