"""Deaths: hazard mortality (age / 60)^8 a month; a younger man takes the slot."""

from benchmarks.reduced.ours.draws import AGE, MORE, K, N, R, fill, inlined
from politburo.engine import luck

PARAMETERS = ("mortality",)


@inlined
def step(w, p, s):
    work = s.worth.reshape(-1)
    month = float(s.now[0].month)
    for i in range(N):
        age = (month - s.people[i].born) * (1.0 / 720.0)
        age *= age
        age *= age
        age *= age
        if work[AGE + i] < p.mortality * age:
            replace(w, s, work, i)


@inlined
def replace(w, s, work, i):
    """The man in slot i dies; his successor starts with nothing but his traits."""
    m = s.people
    now = s.now[0]
    fill(w, s, luck.USER, 2 * i, work, MORE, 8)
    m[i].prestige = 0.1 + 0.4 * work[MORE]
    m[i].flexibility = work[MORE + 1]
    m[i].ambition = work[MORE + 2]
    m[i].organising = work[MORE + 3]
    for k in range(K):
        s.ideal[i, k] = 2.0 * work[MORE + 4 + k] - 1.0
        s.stance[i, k] = s.ideal[i, k]
    m[i].born = now.month - (420.0 + 180.0 * work[MORE + 7])
    for j in range(N):
        s.affinity[i, j] = 0.0
        s.affinity[j, i] = 0.0
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
