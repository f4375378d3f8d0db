"""Many numbers of one decision site at once, and where this model keeps its columns.

A block of Philox is four words, and the engine's `luck.uniform` uses one of them. Where a site asks for a number a person, region or
seat, eight blocks side by side give 32: number i is word (i mod 32) div 8 of block 8 (i div 32) + i mod 8. Still a
pure function of (seed, history, month, site, actor), at a quarter of the cost, and laid so that eight blocks are computed in the
lanes of one register without a shuffle. Listed first among the mechanisms: it draws the month's regular luck.

The state of seats and harvests lies in the work space that the coalition mechanism would use, which this list does not have.
"""

import numpy as np
from numba import njit

from benchmarks.reduced.world import ISSUES, LEADERS, MOST_SEATS, REGIONS, first_seats
from benchmarks.reduced.world import APPOINT, HARVEST, HEALTH, JUDGEMENT
from politburo.engine import luck
from politburo.engine.kernel import COMPILED

STATE = {"people": ("born",), "now": ("deaths",)}

_UNIT = 1.0 / 4294967296.0
_MASK, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)

# The size of the model as constants: a loop of known length needs no remainder, and that doubles its speed.
N, R, K = LEADERS, REGIONS, ISSUES

# Columns of numbers (`s.worth`, read as one flat array), each of a length that eight divides.
AGE, WEATHER, POST, JUDGE = 0, 32, 128, 160  # the month's luck
GRAIN, WEIGHT, LINE, LOYAL = 192, 272, 352, 360  # harvest and weight of regions, the party's line, loyalty of seats
PULL, MORE = 488, 520  # arguments of the 24 patrons and of nobody; what a mechanism needs for itself
# Columns of whole numbers (`s.best`).
PATRON, REGION = 0, 128


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
    """Put `count` numbers in (0, 1) (made up to a multiple of 32) into out[at:], from number `first` (such a multiple) of a site."""
    now = s.now[0]
    history = np.uint64(now.history)
    c1 = np.uint64(now.month) | (np.uint64(site) << np.uint64(16))
    c2, c3 = history & _MASK, history >> _SHIFT
    k0, k1 = w.key[0], w.key[1] ^ w.salt[site]
    for g in range((count + 31) // 32):
        for lane in range(8):
            x0, x1, x2, x3 = philox(np.uint64(first // 4 + 8 * g + lane), c1, c2, c3, k0, k1)
            to = at + 32 * g + lane
            out[to] = (float(x0) + 0.5) * _UNIT
            out[to + 8] = (float(x1) + 0.5) * _UNIT
            out[to + 16] = (float(x2) + 0.5) * _UNIT
            out[to + 24] = (float(x3) + 0.5) * _UNIT


_FIRST_PATRON, _FIRST_REGION, _FIRST_LOYALTY = first_seats()


@inlined
def begin(w, p, s):
    """The rest of a history's start: birth months, the office of secretary, harvests, the line and the seats."""
    now = s.now[0]
    work = s.worth.reshape(-1)
    now.deaths = 0.0
    now.secretary = 0
    now.ballot = 1.0
    for i in range(N):
        s.people[i].born = w.person[i].born
        s.people[i].seats = 0.0
    for r in range(R):
        work[GRAIN + r] = 0.0
    for k in range(K):
        work[LINE + k] = 0.0
    for n in range(MOST_SEATS):
        s.best[PATRON + n] = _FIRST_PATRON[n]
        s.best[REGION + n] = _FIRST_REGION[n]
        work[LOYAL + n] = _FIRST_LOYALTY[n]
    for n in range(now.committee_size):
        if _FIRST_PATRON[n] < N:
            s.people[_FIRST_PATRON[n]].seats += 1.0 / now.committee_size
    total = 0.0
    for i in range(N):
        total += s.people[i].seats
    now.free_seats = 1.0 - total


@inlined
def step(w, p, s):
    """The month's regular luck."""
    work = s.worth.reshape(-1)
    fill(w, s, HEALTH, 0, work, AGE, N)
    fill(w, s, HARVEST, 0, work, WEATHER, R)
    fill(w, s, APPOINT, 0, work, POST, 16)
    fill(w, s, JUDGEMENT, 0, work, JUDGE, N)
