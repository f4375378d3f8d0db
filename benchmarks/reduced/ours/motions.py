"""Motions: the leader moves the party's line; now and then the camp moves against a member of the circle outside it."""

import numpy as np

from benchmarks.reduced.ours.columns import (
    AFFINITY,
    AGE,
    AMBITION,
    CIRCLE,
    EMPTY,
    HARVEST,
    LOYAL,
    MORE,
    MOTION,
    PATRON,
    POWER,
    PRESTIGE,
    PULL,
    REGION,
    SEATS,
    SIDE,
    STANCE,
    K,
    N,
)
from benchmarks.reduced.ours.columns import LINE as AGREED
from benchmarks.reduced.ours.draws import fill
from benchmarks.reduced.ours.power import first_of_most
from benchmarks.reduced.world import LINE, SANCTION, TARGET
from politburo.engine.kernel import kernel, small

PARAMETERS = (
    "motion_rate", "discipline", "conviction", "loyalty", "machine", "mood", "majority", "credit", "shame", "spite",
)  # fmt: skip

LUCK, ARGUMENT, MOOD = AGE, MORE, MORE + 128  # the month's regular luck is used up, but for MOTION
NEVER = -1e12  # an argument against which no luck helps


@kernel
def tally(c, seat, places, weight):
    """Seats that vote yes, each by the argument of its patron (PULL), the mood of its region and its own luck u.

    u < 1/2 + v / (2 sqrt(1 + v v)) says the same as a |a| (1 + v v) < v |v| with a = 2 u - 1, without root and division.
    """
    # Single loads first, then arithmetic side by side (a vector load of scattered numbers is slower than both).
    for n in range(places):
        c[ARGUMENT + n] = c[np.uint64(PULL + seat[PATRON + n])]
    yes = 0
    for n in range(places):
        mood = weight * c[MOOD + n]
        v = mood + c[LOYAL + n] * (c[ARGUMENT + n] - mood)
        a = 2.0 * c[LUCK + n] - 1.0
        yes += a * abs(a) * (1.0 + v * v) < v * abs(v)
    return yes


@small
def vote(w, p, s, c, site):
    """Seats that vote yes; places are made up to whole registers by empty seats, which never do."""
    places = 8 * ((s.now[0].committee_size + 7) // 8)
    fill(w, s, site, 0, c, LUCK, places)
    c[PULL + EMPTY] = NEVER
    return tally(c, s.sorted, places, p.mood)


@small
def step(w, p, s):
    now = s.now[0]
    c = s.worth.reshape(-1)[int(s.now[0].from_line) :]
    leader, k = now.leader, now.month % K
    new, old = c[STANCE + N * k + leader], c[AGREED + k]
    discipline, conviction = p.discipline, p.conviction
    row = np.uint64(STANCE + N * k)
    for i in range(N):
        line, stance = discipline * (2.0 * c[SIDE + i] - 1.0), c[row + np.uint64(i)]
        c[PULL + i] = line + conviction * (abs(stance - old) - abs(stance - new))
    c[PULL + N] = p.machine * now.shadow
    # The mood of each seat's region, for all votes of the month.
    for n in range(now.committee_size):
        c[MOOD + n] = c[np.uint64(HARVEST + s.sorted[REGION + n])]
    yes = vote(w, p, s, c, LINE)
    now.ballot = yes / now.committee_size
    prestige = c[PRESTIGE + leader]
    if yes > p.majority * now.committee_size:
        c[AGREED + k] = new
        c[PRESTIGE + leader] = prestige + p.credit * (1.0 - prestige)
    else:
        c[PRESTIGE + leader] = prestige * (1.0 - p.credit)
    if c[MOTION] < p.motion_rate:
        sanction(w, p, s, c)


@small
def sanction(w, p, s, c):
    """The camp moves against the strongest and most ambitious member of the circle who stands outside it."""
    now = s.now[0]
    seat = s.sorted
    fill(w, s, TARGET, 0, c, MORE, N)
    for i in range(N):
        c[MORE + i] = (c[MORE + i] + 0.5) * (c[POWER + i] * c[AMBITION + i]) * (c[CIRCLE + i] * (1.0 - c[SIDE + i]))
    x = first_of_most(c, MORE)
    if c[MORE + x] <= 0.0:
        return
    discipline, loyalty = p.discipline, p.loyalty
    column = np.uint64(AFFINITY + x)
    for i in range(N):
        c[PULL + i] = discipline * (2.0 * c[SIDE + i] - 1.0) - loyalty * c[column + np.uint64(N * i)]
    c[PULL + x] = -2.0 * discipline
    yes = vote(w, p, s, c, SANCTION)
    if yes <= p.majority * now.committee_size:
        now.failed += 1
        return
    now.motions += 1
    c[CIRCLE + x] = 0.0
    s.people[x].circle = 0
    now.circle_size -= 1
    c[PRESTIGE + x] *= 1.0 - p.shame
    gone = 0
    for n in range(now.committee_size):
        leaves = (seat[PATRON + n] == x) & (c[LOYAL + n] < 0.65)
        gone += leaves
        seat[PATRON + n] = N if leaves else seat[PATRON + n]
    c[SEATS + x] -= gone / now.committee_size
    for j in range(N):
        if c[SIDE + j] == 1.0:
            c[AFFINITY + N * x + j] = max(-1.0, c[AFFINITY + N * x + j] - p.spite)
        elif j != x:
            c[AFFINITY + N * j + x] = min(1.0, c[AFFINITY + N * j + x] + p.spite)
