"""Appointments: four posts a month, filled by the secretary or by the local boss, one after another.

Whose man it is nobody can foresee, so the answer is looked up where branches would be guessed wrong half of the time.
"""

import numpy as np

from benchmarks.reduced.ours.columns import FREE, ORGANISING, POST, SHARES, SIDE, WHERE, N, R
from benchmarks.reduced.world import POSTS
from politburo.engine.kernel import small

PARAMETERS = ("post", "resistance", "grip", "promotion")


@small
def step(w, p, s):
    c, where = s.worth.reshape(-1)[int(s.now[0].from_line) :], s.sorted
    g = s.now[0].secretary
    grip = p.grip * c[ORGANISING + g] if g >= 0 else 0.0
    for post in range(POSTS):
        r = int(c[POST + 4 * post] * R)
        who, size = c[POST + 4 * post + 1], p.post * (0.5 + c[POST + 4 * post + 2])
        boss, strength = s.local[r].boss, s.local[r].strength
        given = grip * (1.0 - p.resistance * strength * (1.0 - c[np.uint64(SIDE + boss)]))
        row, left = SHARES + N * r, 1.0 - size
        for i in range(N):
            c[np.uint64(row + i)] *= left
        c[np.uint64(FREE + r)] *= left
        # Nobody's, the boss's or the secretary's; only the last can take the boss's place.
        where[WHERE], where[WHERE + 1], where[WHERE + 2] = FREE + r, row + boss, row + g
        where[WHERE + 3], where[WHERE + 4] = boss, g
        his = int(who < given)
        c[np.uint64(where[np.uint64(WHERE + his + int(who < given + (1.0 - given) * strength))])] += size
        s.local[r].boss = where[np.uint64(WHERE + 3 + (his & int(c[POST + 4 * post + 3] < p.promotion)))]
