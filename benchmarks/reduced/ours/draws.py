"""Many numbers of one decision site at once.

A block of Philox is four words, and the engine's `luck.uniform` uses one of them. Where a site asks for one number a person
each month, number i is word i mod 4 of block i div 4: still a pure function of (seed, history, month, site, actor), at a
quarter of the cost. Listed first among the mechanisms: it draws the month's regular luck into the work space.
"""

import numpy as np
from numba import njit

from benchmarks.reduced.world import ISSUES, LEADERS, PLACES
from politburo.engine import luck
from politburo.engine.kernel import COMPILED

STATE = {"people": ("born",), "now": ("deaths",)}

_UNIT = 1.0 / 4294967296.0
_MASK, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)

# The size of the model as constants: a loop of known length needs no remainder, and that doubles its speed.
N, R, K = LEADERS, PLACES, ISSUES

# Where the month's numbers lie in the work space (`s.worth`, read as one flat array).
AGE, PLACE, JUDGE, MORE = 0, 24, 64, 96


def inlined(function):
    """A kernel held in its caller's machine code, and without reference counts.

    Two costs of Numba that are larger than most mechanisms here: a call with `(w, p, s)` hands over some fifty
    arrays by value, and a function that may raise counts a reference up and down for each of them, 250 ns a time.
    """
    if not COMPILED:
        return function
    return njit(
        error_model="numpy",
        nogil=True,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        forceinline=True,
        _nrt=False,
    )(function)


# The engine's own generator, inlined, so that blocks are computed eight at a time in vector registers.
philox = inlined(getattr(luck.philox, "py_func", luck.philox))


@inlined
def fill(w, s, site, first, out, at, count):
    """Put `count` numbers in (0, 1) (a multiple of four) into out[at:], from block `first` of a site."""
    now = s.now[0]
    history = np.uint64(now.history)
    c1 = np.uint64(now.month) | (np.uint64(site) << np.uint64(16))
    c2, c3 = history & _MASK, history >> _SHIFT
    k0, k1 = w.key[0], w.key[1] ^ w.salt[site]
    for b in range(count // 4):
        x0, x1, x2, x3 = philox(np.uint64(first + b), c1, c2, c3, k0, k1)
        out[at + 4 * b] = (float(x0) + 0.5) * _UNIT
        out[at + 4 * b + 1] = (float(x1) + 0.5) * _UNIT
        out[at + 4 * b + 2] = (float(x2) + 0.5) * _UNIT
        out[at + 4 * b + 3] = (float(x3) + 0.5) * _UNIT


@inlined
def begin(w, p, s):
    """The rest of a history's start: birth months and the office of secretary."""
    now = s.now[0]
    now.deaths = 0.0
    now.secretary = 0
    for i in range(N):
        s.people[i].born = w.person[i].born


@inlined
def step(w, p, s):
    """The month's regular luck."""
    work = s.worth.reshape(-1)
    fill(w, s, luck.HEALTH, 0, work, AGE, N)
    fill(w, s, luck.APPOINT, 0, work, PLACE, R)
    fill(w, s, luck.JUDGEMENT, 0, work, JUDGE, N)
