"""Appointments: four posts a month, filled by the secretary or by the local boss, one after another."""

import numpy as np

from benchmarks.reduced.ours.columns import FREE, ORGANISING, POST, SHARES, SIDE, N, R
from benchmarks.reduced.world import POSTS
from politburo.engine.kernel import small

PARAMETERS = ("post", "resistance", "grip", "promotion")


@small
def step(w, p, s):
    c = s.worth.reshape(-1)[int(s.now[0].from_line) :]
    g = s.now[0].secretary
    grip = p.grip * c[ORGANISING + g] if g >= 0 else 0.0
    for post in range(POSTS):
        r = int(c[POST + 4 * post] * R)
        who, size = c[POST + 4 * post + 1], p.post * (0.5 + c[POST + 4 * post + 2])
        boss, strength = s.local[r].boss, s.local[r].strength
        given = grip * (1.0 - p.resistance * strength * (1.0 - c[SIDE + boss]))
        patron = boss if who < given + (1.0 - given) * strength else N
        patron = g if who < given else patron
        left = 1.0 - size
        row = np.uint64(SHARES + N * r)
        c[FREE + r] *= left
        for i in range(N):
            c[row + np.uint64(i)] *= left
        c[np.uint64(SHARES + N * r + patron if patron < N else FREE + r)] += size
        s.local[r].boss = patron if (patron < N) & (c[POST + 4 * post + 3] < p.promotion) else boss
