"""Power, the leader, and a secretary where there is none."""

from benchmarks.reduced.ours.draws import MORE, WEIGHT, N, R, inlined

PARAMETERS = ("office", "cadre_weight", "seat_weight")


@inlined
def step(w, p, s):
    m = s.people
    now = s.now[0]
    work = s.worth.reshape(-1)
    for i in range(N):
        work[MORE + i] = 0.0
    total = 0.0
    # Four regions at a time: enough work in the inner loop for vector registers to pay.
    for r in range(0, R, 4):
        w0, w1, w2, w3 = work[WEIGHT + r], work[WEIGHT + r + 1], work[WEIGHT + r + 2], work[WEIGHT + r + 3]
        total += (w0 + w1) + (w2 + w3)
        for i in range(N):
            two = w0 * s.clients[r, i] + w1 * s.clients[r + 1, i]
            work[MORE + i] += two + (w2 * s.clients[r + 2, i] + w3 * s.clients[r + 3, i])
    leader, most, strongest, top = -1, -1.0, 0, -1.0
    for i in range(N):
        m[i].cadres = work[MORE + i] / total
        power = m[i].cadres * p.cadre_weight + m[i].prestige + p.seat_weight * m[i].seats
        if i == now.secretary:
            power += p.office
        m[i].power = power
        if m[i].circle == 2 and m[i].side == 1 and power > most:
            most = power
            leader = i
        if power > top:
            top = power
            strongest = i
    if leader < 0:
        leader = strongest
    now.leader = leader
    m[leader].side = 1
    if now.secretary < 0:
        most = -1.0
        for i in range(N):
            if m[i].side == 1 and m[i].organising > most:
                most = m[i].organising
                now.secretary = i
