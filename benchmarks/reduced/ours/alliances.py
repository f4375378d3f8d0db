"""Alliances: the value of every leader to every other, and which camp each of them joins. All decide at once."""

import math

from benchmarks.reduced.ours.draws import JUDGE, MORE, N, inlined

PARAMETERS = ("affinity", "ideology", "threat", "strength", "judgement", "alone")


# Columns side by side in the work space, so that the inner loop runs over leaders in vector registers.
X, Y, Z, POWER, NEAR, FAR = MORE, MORE + N, MORE + 2 * N, MORE + 3 * N, MORE + 4 * N, MORE + 5 * N


@inlined
def step(w, p, s):
    m = s.people
    now = s.now[0]
    work = s.worth.reshape(-1)
    sx, sy, sz = math.sqrt(w.issue_weight[0]), math.sqrt(w.issue_weight[1]), math.sqrt(w.issue_weight[2])
    inside, outside = 0.0, 0.0
    for i in range(N):
        work[X + i] = sx * s.stance[i, 0]
        work[Y + i] = sy * s.stance[i, 1]
        work[Z + i] = sz * s.stance[i, 2]
        work[POWER + i] = m[i].power
        work[NEAR + i] = 0.0
        work[FAR + i] = 0.0
        if m[i].side == 1:
            inside += m[i].power
        else:
            outside += m[i].power
    ideology, affinity, threat = p.ideology, p.affinity, p.threat
    for j in range(N):
        power = work[POWER + j]
        menace = threat * m[j].ambition * power
        x, y, z = work[X + j], work[Y + j], work[Z + j]
        within = power * m[j].side
        without = power - within
        near, far = work[NEAR + j], work[FAR + j]
        for i in range(N):
            gx, gy, gz = work[X + i] - x, work[Y + i] - y, work[Z + i] - z
            u = (
                affinity * s.affinity[j, i]
                - ideology * math.sqrt(gx * gx + gy * gy + gz * gz)
                - menace / (work[POWER + i] + power)
            )
            work[NEAR + i] += within * u
            work[FAR + i] += without * u
        work[NEAR + j], work[FAR + j] = near, far  # nobody counts himself
    now.shadow = (inside - outside) / (inside + outside)
    lean = p.strength * now.shadow
    for i in range(N):
        apart = work[FAR + i] / outside if outside > 0.0 else -p.alone
        pull = work[NEAR + i] / inside - apart + lean + p.judgement * (2.0 * work[JUDGE + i] - 1.0)
        m[i].side = 1 if pull >= 0.0 else 0
    m[now.leader].side = 1
