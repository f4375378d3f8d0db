"""Power, the leader, and a secretary where there is none."""

from benchmarks.reduced.ours.draws import N, inlined

PARAMETERS = ("office", "cadre_weight", "seat_weight")


@inlined
def step(w, p, s):
    m = s.people
    now = s.now[0]
    leader, most, strongest, top = -1, -1.0, 0, -1.0
    for i in range(N):
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
