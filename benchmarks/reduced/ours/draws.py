"""Many numbers of one decision site at once.

A block of Philox is four words, and the engine's `luck.uniform` uses one of them. Where a site asks for a number a person, region or
seat, eight blocks side by side give 32: number i is word (i mod 32) div 8 of block 8 (i div 32) + i mod 8. Still a
pure function of (seed, history, month, site, actor), at a quarter of the cost, and laid so that eight blocks are computed in the
lanes of one register without a shuffle. Listed first among the mechanisms: it fills the columns at a history's start and draws the
month's regular luck.
"""

import numpy as np

from benchmarks.reduced.ours import columns as _columns
from benchmarks.reduced.ours.columns import AGE
from benchmarks.reduced.world import REGULAR, REGULARLY
from politburo.engine import luck
from politburo.engine.kernel import kernel, small

STATE = {"now": ("deaths", "from_line")}

_UNIT = 1.0 / 4294967296.0
_MASK, _SHIFT, _ONE = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(1)

# The engine's own generator, inlined, so that blocks are computed eight at a time in vector registers.
philox = small(getattr(luck.philox, "py_func", luck.philox))
begin = _columns.begin


@kernel
def blocks(out, at, groups, first, c1, c2, c3, k0, k1):
    """32 numbers a group from eight blocks. Few arguments, so that a call costs little and the code stands in one place."""
    for g in range(groups):
        for lane in range(8):
            x0, x1, x2, x3 = philox(np.uint64(first + 8 * g + lane), c1, c2, c3, k0, k1)
            to = np.uint64(at + 32 * g + lane)
            out[to] = (float(x0) + 0.5) * _UNIT
            out[to + np.uint64(8)] = (float(x1) + 0.5) * _UNIT
            out[to + np.uint64(16)] = (float(x2) + 0.5) * _UNIT
            out[to + np.uint64(24)] = (float(x3) + 0.5) * _UNIT


@small
def fill(w, s, site, first, out, at, count):
    """Put `count` numbers in (0, 1) (made up to a multiple of 32) into out[at:], from number `first` (such a multiple) of a site."""
    now = s.now[0]
    salt = w.salt[site]
    history = np.uint64(now.history) * (_ONE - (salt >> _SHIFT))
    c1 = np.uint64(now.month) | (np.uint64(site) << np.uint64(16))
    blocks(out, at, (count + 31) // 32, first // 4, c1, history & _MASK, history >> _SHIFT, w.key[0], w.key[1] ^ (salt & _MASK))


@small
def step(w, p, s):
    """The month's regular luck: leaders, regions, posts, leaders, the motion."""
    fill(w, s, REGULAR, 0, s.worth.reshape(-1)[int(s.now[0].from_line) :], AGE, REGULARLY)
