"""Appointments: the secretary refills local posts, local bosses keep a part; those outside the camp resist."""

from benchmarks.reduced.ours.draws import PLACE
from politburo.engine.kernel import kernel

PARAMETERS = ("turnover", "resistance", "grip")


@kernel
def step(w, p, s):
    m = s.people
    n = len(m)
    g = s.now[0].secretary
    work = s.absent.reshape(-1)
    cadres = s.score
    for i in range(n):
        cadres[i] = 0.0
    given = p.grip * m[g].organising if g >= 0 else 0.0
    for r in range(len(s.local)):
        boss = s.local[r].boss
        refill = 2.0 * work[PLACE + r] * p.turnover
        if m[boss].side == 0:
            refill *= 1.0 - p.resistance * s.local[r].strength
        own = 0.5 * (1.0 - given) * s.local[r].strength
        left = 1.0 - refill
        for i in range(n + 1):
            s.clients[r, i] *= left
        if g >= 0:
            s.clients[r, g] += refill * given
        s.clients[r, boss] += refill * own
        s.clients[r, n] += refill * (1.0 - given - own)
        weight = s.local[r].weight
        for i in range(n):
            cadres[i] += weight * s.clients[r, i]
    for i in range(n):
        m[i].cadres = cadres[i]
