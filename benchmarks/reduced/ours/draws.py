"""Many numbers of one decision site at once.

A block of Philox is four words, and the engine's `luck.uniform` uses one of them. Where a site asks for a number a person, region or
seat, eight blocks side by side give 32: number i is word (i mod 32) div 8 of block 8 (i div 32) + i mod 8. Still a
pure function of (seed, history, month, site, actor), at a quarter of the cost, and laid so that eight blocks are computed in the
lanes of one register without a shuffle. Listed first among the mechanisms: it fills the columns at a history's start and draws the
month's regular luck.
"""

import numpy as np

from benchmarks.reduced.ours import columns as _columns
from benchmarks.reduced.ours.columns import AGE, JUDGE, POST, WEATHER, N, R
from benchmarks.reduced.world import APPOINT, HARVEST, HEALTH, JUDGEMENT
from politburo.engine import luck
from politburo.engine.kernel import small

STATE = {"now": ("deaths", "from_line")}

_UNIT = 1.0 / 4294967296.0
_MASK, _SHIFT, _ONE = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(1)

# Site, column and how many numbers: one loop, so that the generator's code stands there once.
_MONTHLY = np.array([(HEALTH, AGE, N), (HARVEST, WEATHER, R), (APPOINT, POST, 16), (JUDGEMENT, JUDGE, N)])

# The engine's own generator, inlined, so that blocks are computed eight at a time in vector registers.
philox = small(getattr(luck.philox, "py_func", luck.philox))
begin = _columns.begin


@small
def fill(w, s, site, first, out, at, count):
    """Put `count` numbers in (0, 1) (made up to a multiple of 32) into out[at:], from number `first` (such a multiple) of a site."""
    now = s.now[0]
    history = np.uint64(now.history) * (_ONE - (w.salt[site] >> _SHIFT))
    c1 = np.uint64(now.month) | (np.uint64(site) << np.uint64(16))
    c2, c3 = history & _MASK, history >> _SHIFT
    k0, k1 = w.key[0], w.key[1] ^ (w.salt[site] & _MASK)
    for g in range((count + 31) // 32):
        for lane in range(8):
            x0, x1, x2, x3 = philox(np.uint64(first // 4 + 8 * g + lane), c1, c2, c3, k0, k1)
            to = np.uint64(at + 32 * g + lane)
            out[to] = (float(x0) + 0.5) * _UNIT
            out[to + np.uint64(8)] = (float(x1) + 0.5) * _UNIT
            out[to + np.uint64(16)] = (float(x2) + 0.5) * _UNIT
            out[to + np.uint64(24)] = (float(x3) + 0.5) * _UNIT


@small
def step(w, p, s):
    """The month's regular luck."""
    c = s.worth.reshape(-1)[int(s.now[0].from_line) :]
    for line in range(len(_MONTHLY)):
        fill(w, s, _MONTHLY[line, 0], 0, c, _MONTHLY[line, 1], _MONTHLY[line, 2])
