"""Appointments: the secretary refills local posts, local bosses keep a part; those outside the camp resist."""

from benchmarks.reduced.ours.draws import MORE, PLACE, N, R, inlined

PARAMETERS = ("turnover", "resistance", "grip")


@inlined
def step(w, p, s):
    m = s.people
    g = s.now[0].secretary
    work = s.worth.reshape(-1)
    for i in range(N):
        work[MORE + i] = 0.0
    given = p.grip * m[g].organising if g >= 0 else 0.0
    for r in range(R):
        boss = s.local[r].boss
        refill = 2.0 * work[PLACE + r] * p.turnover
        if m[boss].side == 0:
            refill *= 1.0 - p.resistance * s.local[r].strength
        own = 0.5 * (1.0 - given) * s.local[r].strength
        left = 1.0 - refill
        weight = s.local[r].weight
        for i in range(N):
            share = s.clients[r, i] * left
            s.clients[r, i] = share
            work[MORE + i] += weight * share
        if g >= 0:
            s.clients[r, g] += refill * given
            work[MORE + g] += weight * (refill * given)
        s.clients[r, boss] += refill * own
        work[MORE + boss] += weight * (refill * own)
        s.clients[r, N] = s.clients[r, N] * left + refill * (1.0 - given - own)
    for i in range(N):
        m[i].cadres = work[MORE + i]
