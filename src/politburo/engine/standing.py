"""Facts about persons that several mechanisms ask: distance, seats, offices, and what a death or a sanction takes away.

Nothing here draws luck or decides anything; it keeps the books, so that shares always sum to one.
"""

import math

from . import events
from .events import MOST_EVENTS
from .kernel import kernel, small
from .numeric import clamp


@small
def log(s, kind, actor, target, a, b, c, d):
    """Write one row of the trace, when tracing."""
    now = s.now[0]
    if now.tracing == 1 and now.events < MOST_EVENTS:
        row = s.event[now.events]
        row.month = now.month
        row.kind = kind
        row.actor = actor
        row.target = target
        row.a = a
        row.b = b
        row.c = c
        row.d = d
        now.events += 1


@small
def distance(w, s, i, j):
    """Root mean square distance of two public stances over the issues, in half-ranges (0 to 2)."""
    total = 0.0
    for k in range(len(w.opinion)):
        gap = s.stance[i, k] - s.stance[j, k]
        total += w.issue_weight[k] * gap * gap
    return math.sqrt(total)


@small
def deviation(w, s, i):
    """Distance of a person's public stance from cadre opinion."""
    total = 0.0
    for k in range(len(w.opinion)):
        gap = s.stance[i, k] - s.opinion[k]
        total += w.issue_weight[k] * gap * gap
    return math.sqrt(total)


@kernel
def recount_offices(w, s):
    """Office prestige, control of force, the secretary: all follow from who holds which post."""
    m = s.people
    for i in range(len(m)):
        m[i].office = 0.0
        m[i].force = 0.0
    now = s.now[0]
    now.secretary = -1
    now.force_post = -1
    strongest = 0.0
    for j in range(len(w.post)):
        holder = s.office[j].holder
        if holder >= 0:
            m[holder].office += w.post[j].weight
            m[holder].force = min(1.0, m[holder].force + w.post[j].arrest + 0.5 * w.post[j].command)
            if w.post[j].appoint >= 0.99:
                now.secretary = holder
        if w.post[j].arrest > strongest:
            strongest = w.post[j].arrest
            now.force_post = j


@kernel
def release_clients(w, s, i, share):
    """A share of a person's local officials leaves him and becomes unattached."""
    n = len(s.people)
    for r in range(len(s.local)):
        gone = s.clients[r, i] * share
        s.clients[r, i] -= gone
        s.clients[r, n] += gone


@small
def release_seats(s, i, share):
    """A share of a person's committee seats becomes unattached."""
    gone = s.people[i].seats * share
    s.people[i].seats -= gone
    s.now[0].free_seats += gone


@kernel
def vacate(w, s, i):
    """A person leaves every post and every local organisation he heads."""
    for j in range(len(w.post)):
        if s.office[j].holder == i:
            s.office[j].holder = -1
    for r in range(len(s.local)):
        if s.local[r].boss == i:
            s.local[r].boss = -1
            s.local[r].strength = 0.0
    recount_offices(w, s)


@kernel
def leave_circle(s, i):
    """A person loses his seat in the circle, full or candidate."""
    if s.people[i].circle == 2:
        s.now[0].renewed = 1
        s.now[0].circle_size -= 1
    s.people[i].circle = 0


@kernel
def die(w, s, i):
    """A death: the seat falls vacant; seats, clients and offices become unattached."""
    m = s.people
    m[i].alive = 0
    m[i].side = 0
    m[i].organised = 0
    leave_circle(s, i)
    if s.now[0].leader == i:
        s.now[0].leader = -1
    m[i].committee = 0
    vacate(w, s, i)
    release_seats(s, i, 1.0)
    release_clients(w, s, i, 1.0)
    if s.now[0].ruler == i:
        s.now[0].ruler = -1
        s.now[0].ruler_month = -1
        s.now[0].renewed = 1
        log(s, events.UNRULED, i, -1, 0.0, 0.0, 0.0, 0.0)
    for j in range(len(m)):
        if m[j].patron == i:
            m[j].patron = -1


@small
def mark(s, i, rung):
    """Note the first month of a sanction (readers count a heavier one for every lighter one)."""
    if s.first[i, rung] < 0:
        s.first[i, rung] = s.now[0].month


@kernel
def sanction(w, p, s, i, rung):
    """Put a person on a rung of the ladder: what he loses follows from the rung."""
    m = s.people
    now = s.now[0]
    mark(s, i, rung)
    if rung > m[i].rung:
        m[i].rung = rung
    if rung > now.precedent:
        now.precedent = rung
    m[i].prestige *= 1.0 - p.shame
    if rung >= 2:
        vacate(w, s, i)
        release_clients(w, s, i, p.desertion)
    if rung >= 3:
        leave_circle(s, i)
    if rung >= 4:
        m[i].committee = 0
        release_seats(s, i, 1.0)
    if rung >= 5:
        release_clients(w, s, i, 0.5)
    if rung >= 7:
        m[i].organised = 0
    if rung == 8:
        die(w, s, i)
    m[i].side = 0


@small
def cohesion(w, p, s, i, j):
    """What company with j costs i: ideological distance less mutual affinity, in utility units."""
    return p.ideology * distance(w, s, i, j) - p.affinity * 0.5 * (s.affinity[i, j] + s.affinity[j, i])


@kernel
def total_seats(s, side):
    """Committee share of the persons on one side (1 with the coalition, 0 against)."""
    total = 0.0
    for i in range(len(s.people)):
        if s.people[i].side == side:
            total += s.people[i].seats
    return total


@small
def befriend(s, i, j, step):
    """Move the affinity of i towards j by `step`, within [-1, 1]."""
    s.affinity[i, j] = clamp(s.affinity[i, j] + step, -1.0, 1.0)


@small
def full_members(s):
    """Number the living full members into s.member; returns how many."""
    m = s.people
    n = 0
    for i in range(len(m)):
        if m[i].alive == 1 and m[i].circle == 2 and n < len(s.member):
            s.member[n] = i
            n += 1
    return n


@small
def delegates(s, i):
    """Share of an assembly's delegates that follow i: of each locality as many as of its officials."""
    total = 0.0
    for r in range(len(s.local)):
        total += s.local[r].weight * s.clients[r, i]
    return total


@kernel
def line_of(w, s):
    """Distance of the coalition's own line (power-weighted) from cadre opinion."""
    m = s.people
    total, weight = 0.0, 0.0
    for i in range(len(m)):
        if m[i].alive == 1 and m[i].circle == 2 and m[i].side == 1:
            total += m[i].seen * deviation(w, s, i)
            weight += m[i].seen
    return total / weight if weight > 0.0 else 0.0
