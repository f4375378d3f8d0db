"""Motions: the leader moves the party's line; now and then the camp moves against a member of the circle outside it."""

import math

from benchmarks.reduced.ours.draws import GRAIN, LOYAL, MORE, PATRON, PULL, REGION, K, N, fill, inlined
from benchmarks.reduced.ours.draws import LINE as AGREED
from benchmarks.reduced.world import LINE, MOTION, SANCTION, TARGET
from politburo.engine import luck

PARAMETERS = (
    "motion_rate", "discipline", "conviction", "loyalty", "machine", "mood", "majority", "credit", "shame", "spite",
)  # fmt: skip


@inlined
def vote(w, p, s, work, site):
    """Seats that vote yes, each by the argument of its patron (PULL), the mood of its region and its own luck."""
    size = s.now[0].committee_size
    fill(w, s, site, 0, work, MORE, size)
    yes = 0
    for n in range(size):
        mood = p.mood * work[GRAIN + s.best[REGION + n]]
        v = mood + work[LOYAL + n] * (work[PULL + s.best[PATRON + n]] - mood)
        yes += work[MORE + n] < 0.5 + v / (2.0 * math.sqrt(1.0 + v * v))
    return yes


@inlined
def step(w, p, s):
    m = s.people
    now = s.now[0]
    work = s.worth.reshape(-1)
    leader, k = now.leader, now.month % K
    new, old = s.stance[leader, k], work[AGREED + k]
    for i in range(N):
        line = p.discipline if m[i].side == 1 else -p.discipline
        stance = s.stance[i, k]
        work[PULL + i] = line + p.conviction * (abs(stance - old) - abs(stance - new))
    work[PULL + N] = p.machine * now.shadow
    yes = vote(w, p, s, work, LINE)
    now.ballot = yes / now.committee_size
    if yes > p.majority * now.committee_size:
        work[AGREED + k] = new
        m[leader].prestige += p.credit * (1.0 - m[leader].prestige)
    else:
        m[leader].prestige *= 1.0 - p.credit
    if luck.uniform(w, s, MOTION, 0) < p.motion_rate:
        sanction(w, p, s, work)


@inlined
def sanction(w, p, s, work):
    """The camp moves against the strongest and most ambitious member of the circle who stands outside it."""
    m = s.people
    now = s.now[0]
    fill(w, s, TARGET, 0, work, MORE, N)
    x, most = -1, 0.0
    for i in range(N):
        if m[i].circle == 2 and m[i].side == 0:
            eye = (work[MORE + i] + 0.5) * (m[i].power * m[i].ambition)
            if eye > most:
                most = eye
                x = i
    if x < 0:
        return
    for i in range(N):
        line = p.discipline if m[i].side == 1 else -p.discipline
        work[PULL + i] = line - p.loyalty * s.affinity[i, x]
    work[PULL + x] = -2.0 * p.discipline
    yes = vote(w, p, s, work, SANCTION)
    if yes <= p.majority * now.committee_size:
        now.failed += 1
        return
    now.motions += 1
    m[x].circle = 0
    now.circle_size -= 1
    m[x].prestige *= 1.0 - p.shame
    for n in range(now.committee_size):
        if s.best[PATRON + n] == x and work[LOYAL + n] < 0.65:
            s.best[PATRON + n] = N
            m[x].seats -= 1.0 / now.committee_size
            now.free_seats += 1.0 / now.committee_size
    for j in range(N):
        if m[j].side == 1:
            s.affinity[x, j] = max(-1.0, s.affinity[x, j] - p.spite)
        elif j != x:
            s.affinity[j, x] = min(1.0, s.affinity[j, x] + p.spite)
