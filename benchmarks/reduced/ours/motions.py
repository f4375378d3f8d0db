"""Motions: now and then the camp moves against the strongest member of the circle who stands outside it."""

import math

from benchmarks.reduced.ours.draws import MORE, N, fill, inlined
from politburo.engine import luck

PARAMETERS = ("motion_rate", "discipline", "loyalty", "noise", "majority", "machine", "shame", "spite")


@inlined
def sway(y):
    """Share of yes at net argument y."""
    return 0.5 + y / (2.0 * math.sqrt(1.0 + y * y))


@inlined
def step(w, p, s):
    m = s.people
    now = s.now[0]
    work = s.worth.reshape(-1)
    fill(w, s, luck.MOTION, 0, work, MORE, 4)
    if work[MORE] >= p.motion_rate:
        return
    fill(w, s, luck.TARGET, 0, work, MORE, N)
    x, most = -1, 0.0
    for i in range(N):
        if m[i].circle == 2 and m[i].side == 0:
            eye = (work[MORE + i] + 0.5) * (m[i].power * m[i].ambition)
            if eye > most:
                most = eye
                x = i
    if x < 0:
        return
    fill(w, s, luck.COUNT, 0, work, MORE, N)
    yes, ours, theirs = 0.0, 0.0, 0.0
    for j in range(N):
        line = p.discipline
        if m[j].side == 1:
            ours += m[j].seats
        else:
            theirs += m[j].seats
            line = -line
        if j != x:
            yes += m[j].seats * sway(
                line - p.loyalty * s.affinity[j, x] + p.noise * (2.0 * work[MORE + j] - 1.0)
            )
    yes += now.free_seats * sway(p.machine * (ours - theirs))
    if yes <= p.majority:
        now.failed += 1
        return
    now.motions += 1
    m[x].circle = 0
    now.circle_size -= 1
    now.free_seats += 0.5 * m[x].seats
    m[x].seats *= 0.5
    m[x].prestige *= 1.0 - p.shame
    for j in range(N):
        if m[j].side == 1:
            s.affinity[x, j] = max(-1.0, s.affinity[x, j] - p.spite)
        elif j != x:
            s.affinity[j, x] = min(1.0, s.affinity[j, x] + p.spite)
