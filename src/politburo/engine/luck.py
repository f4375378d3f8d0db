"""Keyed luck: every draw is a pure function of (seed, history, month, actor, decision site).

Theory. A counter-based generator (Philox-4x32 with ten rounds; Salmon, Moraes, Dror and Shaw, "Parallel random
numbers: as easy as 1, 2, 3", SC 2011) turns a 128-bit counter and a 64-bit key into 128 random bits without any
state. We put the history, the month, the decision site and the actor into the counter and the seed into the key.
So two twins of a history share every draw until one of them asks a different question, results do not depend
on threads or chunks, and one source of luck (one site) can be resampled by changing its salt alone. A salt's lower 32 bits
go into the key; with FROZEN above them every history has the luck of history 0 at that site.

Cost: one block of four 32-bit words takes some 12 ns compiled. Published known-answer vectors are in the tests.
"""

import numpy as np

from .kernel import kernel, small

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_UNIT = 1.0 / 4294967296.0
_SQRT3 = 1.7320508075688772
_ONE = np.uint64(1)

FROZEN = 1 << 32  # added to a salt

# Decision sites. The number is part of the key and must never be reused for another purpose.
TRAITS, POSITIONS, TIES, BLOCS, SIGNALS = 1, 2, 3, 4, 5  # coder error
HEALTH, SHOCKS, ACCIDENT = 10, 11, 12
JUDGEMENT, ROUND = 20, 21  # coalition formation
MOTION, TARGET, DARE, COUNT = 30, 31, 32, 33
ORGANISE, RECANT, READMIT = 40, 41, 42
CONGRESS, FIGHT, BALLOT, NOMINATE, UNSEAT = 50, 51, 52, 53, 54
DOCUMENT, DISMISS = 60, 61
APPOINT, BOSS = 70, 71
PURGE, PURGE_START, CHIEF, ARMY = 80, 81, 82, 83
HARVEST, PLACE_WEATHER = 90, 91  # national and regional weather
PETITION, OUTBREAK, GAP, WORKS, REVOLT, COUNTRY_CODING = 92, 93, 94, 95, 96, 97
USER = 128  # sites from here to 255 are free for users' own mechanisms
SITES = 256

# What an experimenter may freeze or resample apart from the rest.
SOURCES = {
    "coding": (TRAITS, POSITIONS, TIES, BLOCS),
    "signals": (SIGNALS,),
    "health": (HEALTH, SHOCKS, ACCIDENT),
    "coalitions": (JUDGEMENT, ROUND),
    "motions": (MOTION, TARGET, DARE, COUNT),
    "opposition": (ORGANISE, RECANT, READMIT),
    "congress": (CONGRESS, FIGHT, BALLOT, NOMINATE, UNSEAT),
    "document": (DOCUMENT, DISMISS),
    "appointments": (APPOINT, BOSS),
    "terror": (PURGE, PURGE_START, CHIEF, ARMY),
    "harvest": (HARVEST, PLACE_WEATHER),
    "country": (PETITION, OUTBREAK, GAP, WORKS, REVOLT, COUNTRY_CODING),
}


@kernel
def philox(c0, c1, c2, c3, k0, k1):
    """Four 32-bit words (as uint64) from a counter and a key of 32-bit words (as uint64)."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> _SHIFT) ^ c1 ^ k0, p1 & _MASK, (p0 >> _SHIFT) ^ c3 ^ k1, p0 & _MASK
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


@small
def _block(w, s, site, actor):
    now = s.now[0]
    history = np.uint64(now.history) * (_ONE - (w.salt[site] >> _SHIFT))
    return philox(
        np.uint64(actor),
        np.uint64(now.month) | (np.uint64(site) << np.uint64(16)),
        history & _MASK,
        history >> _SHIFT,
        w.key[0],
        w.key[1] ^ (w.salt[site] & _MASK),
    )


@small
def uniform(w, s, site, actor):
    """A number in (0, 1) for this history, month, site and actor (any non-negative whole number below 2**32)."""
    a, b, c, d = _block(w, s, site, actor)
    return (float(a) + 0.5) * _UNIT


@small
def normal(w, s, site, actor):
    """A nearly normal number of mean 0 and variance 1, never beyond 3.47: the sum of four uniforms (Irwin-Hall)."""
    a, b, c, d = _block(w, s, site, actor)
    return ((float(a) + float(b) + float(c) + float(d) + 2.0) * _UNIT - 2.0) * _SQRT3


@small
def pair(s, a, b):
    """The number of actor for a draw that belongs to a pair: a (a person, place, post or site) and person b; no two pairs share one."""
    return max(64, len(s.people)) * a + b
