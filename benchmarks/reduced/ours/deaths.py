"""Deaths: a table of hazards by age; a younger man takes the slot."""

from benchmarks.reduced.ours.draws import AGE, MORE, PATRON, K, N, R, fill, inlined
from benchmarks.reduced.world import HAZARD, MOST_SEATS, SUCCESSOR

PARAMETERS = ()


@inlined
def step(w, p, s):
    work = s.worth.reshape(-1)
    month = float(s.now[0].month)
    for i in range(N):
        if work[AGE + i] < HAZARD[int((month - s.people[i].born) / 12.0)]:
            replace(w, s, work, i)


@inlined
def replace(w, s, work, i):
    """The man in slot i dies; his successor starts with nothing but his traits."""
    m = s.people
    now = s.now[0]
    fill(w, s, SUCCESSOR, 32 * i, work, MORE, 8)
    m[i].prestige = 0.1 + 0.4 * work[MORE]
    m[i].flexibility = work[MORE + 1]
    m[i].ambition = work[MORE + 2]
    m[i].organising = work[MORE + 3]
    for k in range(K):
        s.ideal[i, k] = 2.0 * work[MORE + 4 + k] - 1.0
        s.stance[i, k] = s.ideal[i, k]
    m[i].born = now.month - 420.0 - int(180.0 * work[MORE + 7])
    for j in range(N):
        s.affinity[i, j] = 0.0
        s.affinity[j, i] = 0.0
    for n in range(MOST_SEATS):
        if s.best[PATRON + n] == i:
            s.best[PATRON + n] = N
    now.free_seats += m[i].seats
    m[i].seats = 0.0
    for r in range(R):
        s.clients[r, N] += s.clients[r, i]
        s.clients[r, i] = 0.0
    if m[i].circle == 2:
        now.circle_size -= 1
    m[i].circle = 0
    m[i].side = 1
    now.deaths += 1.0
    if now.secretary == i:
        now.secretary = -1
