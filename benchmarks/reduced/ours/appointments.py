"""Appointments: four posts a month, filled by the secretary or by the local boss, one after another."""

from benchmarks.reduced.ours.draws import POST, N, R, inlined
from benchmarks.reduced.world import POSTS

PARAMETERS = ("post", "resistance", "grip", "promotion")


@inlined
def step(w, p, s):
    m = s.people
    g = s.now[0].secretary
    work = s.worth.reshape(-1)
    grip = p.grip * m[g].organising if g >= 0 else 0.0
    for post in range(POSTS):
        r = int(work[POST + 4 * post] * R)
        who, size = work[POST + 4 * post + 1], p.post * (0.5 + work[POST + 4 * post + 2])
        boss, strength = s.local[r].boss, s.local[r].strength
        given = grip
        if m[boss].side == 0:
            given *= 1.0 - p.resistance * strength
        patron = N
        if who < given:
            patron = g
        elif who < given + (1.0 - given) * strength:
            patron = boss
        left = 1.0 - size
        for i in range(N + 1):
            s.clients[r, i] *= left
        s.clients[r, patron] += size
        if patron < N and work[POST + 4 * post + 3] < p.promotion:
            s.local[r].boss = patron
