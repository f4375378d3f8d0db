"""Appointments: the secretary refills local posts, local bosses keep a part; those outside the camp resist."""

from benchmarks.reduced.ours.draws import MORE, PLACE, N, R, inlined

PARAMETERS = ("turnover", "resistance", "grip")


# Work space: shares refilled in each place, and cadres as they add up.
REFILL, CADRES = MORE, MORE + R


@inlined
def step(w, p, s):
    m = s.people
    g = s.now[0].secretary
    work = s.worth.reshape(-1)
    given = p.grip * m[g].organising if g >= 0 else 0.0
    for r in range(R):
        refill = 2.0 * work[PLACE + r] * p.turnover
        hostile = 1 - m[s.local[r].boss].side
        work[REFILL + r] = refill * (1.0 - p.resistance * s.local[r].strength * hostile)
    for i in range(N):
        work[CADRES + i] = 0.0
    for r in range(R):
        left = 1.0 - work[REFILL + r]
        for i in range(s.clients.shape[1]):
            s.clients[r, i] *= left
    # Four places at a time: enough work in the inner loop for vector registers to pay.
    for r in range(0, R, 4):
        weight0, weight1 = s.local[r].weight, s.local[r + 1].weight
        weight2, weight3 = s.local[r + 2].weight, s.local[r + 3].weight
        for i in range(N):
            two = weight0 * s.clients[r, i] + weight1 * s.clients[r + 1, i]
            work[CADRES + i] += two + (weight2 * s.clients[r + 2, i] + weight3 * s.clients[r + 3, i])
    his = 0.0
    for r in range(R):
        refill, boss, weight = work[REFILL + r], s.local[r].boss, s.local[r].weight
        own = 0.5 * (1.0 - given) * s.local[r].strength
        if g >= 0:
            s.clients[r, g] += refill * given
            his += weight * (refill * given)
        s.clients[r, boss] += refill * own
        work[CADRES + boss] += weight * (refill * own)
        s.clients[r, N] += refill * (1.0 - given - own)
    for i in range(N):
        m[i].cadres = work[CADRES + i]
    if g >= 0:
        m[g].cadres += his
