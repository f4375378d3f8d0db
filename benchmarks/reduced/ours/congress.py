"""Congress: every twelfth month the committee is elected, seat by seat, and the circle is filled."""

from benchmarks.reduced.ours.draws import LOYAL, MORE, PATRON, REGION, N, R, fill, inlined
from benchmarks.reduced.world import (
    CLIENT,
    LEAST_SEATS,
    LOYALTY,
    MOST_SEATS,
    NOMINATE,
    STAY,
    STRIKE,
    circle_limit,
)

PARAMETERS = ("carry", "slate", "debt", "thin", "growth", "shrinkage")

limit = inlined(circle_limit)

# Luck of the seats, one column a question.
STAYS, CLIENTS, STRIKES, LOYALTIES = MORE, MORE + 128, MORE + 256, MORE + 384


@inlined
def step(w, p, s):
    if (s.now[0].month + 1) % 12 == 0:
        elect(w, p, s)
        promote(w, p, s)


@inlined
def elect(w, p, s):
    """A new committee: a thin majority packs it; seats stay or go to clients of their regions' patrons."""
    m = s.people
    now = s.now[0]
    work = s.worth.reshape(-1)
    before = now.committee_size
    change = p.growth if now.ballot < p.thin else -p.shrinkage
    size = min(MOST_SEATS, max(LEAST_SEATS, before + int(change)))
    fill(w, s, STAY, 0, work, STAYS, size)
    fill(w, s, CLIENT, 0, work, CLIENTS, size)
    fill(w, s, STRIKE, 0, work, STRIKES, size)
    fill(w, s, LOYALTY, 0, work, LOYALTIES, size)
    for i in range(N):
        m[i].seats = 0.0
    attached = 0.0
    for n in range(size):
        if n >= before or work[STAYS + n] >= p.carry:
            r = (n + 37 * now.congresses) % R
            share, patron = s.clients[r, 0], 0
            while share <= work[CLIENTS + n] and patron < N:
                patron += 1
                share += s.clients[r, patron]
            if patron < N and m[patron].side == 0 and work[STRIKES + n] < p.slate:
                patron = now.leader
            s.best[PATRON + n] = patron
            s.best[REGION + n] = r
            work[LOYAL + n] = 0.3 + 0.7 * work[LOYALTIES + n]
        patron = s.best[PATRON + n]
        if patron < N:
            m[patron].seats += 1.0 / size
            attached += 1.0 / size
    now.free_seats = 1.0 - attached
    now.committee_size = size
    now.last_congress = now.month
    now.congresses += 1


@inlined
def promote(w, p, s):
    """The circle is filled from the camp."""
    m = s.people
    now = s.now[0]
    work = s.worth.reshape(-1)
    fill(w, s, NOMINATE, 0, work, MORE, N)
    # What candidates are worth is fixed before the first of them is seated and owes it to the leader.
    for i in range(N):
        work[MORE + i] = m[i].seats + m[i].prestige + s.affinity[now.leader, i] + 0.3 * work[MORE + i]
    places = limit(now.committee_size)
    while now.circle_size < places:
        most, chosen = -1e300, -1
        for i in range(N):
            if m[i].circle == 0 and m[i].side == 1 and work[MORE + i] > most:
                most = work[MORE + i]
                chosen = i
        if chosen < 0:
            return
        m[chosen].circle = 2
        now.circle_size += 1
        if chosen != now.leader:
            s.affinity[chosen, now.leader] = min(1.0, s.affinity[chosen, now.leader] + p.debt)
