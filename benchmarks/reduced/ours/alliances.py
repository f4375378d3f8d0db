"""Alliances: the value of every leader to every other, and which camp each of them joins. All decide at once."""

import math

from benchmarks.reduced.ours.draws import JUDGE, MORE
from politburo.engine.kernel import kernel

PARAMETERS = ("affinity", "ideology", "threat", "strength", "judgement", "alone")


@kernel
def step(w, p, s):
    m = s.people
    now = s.now[0]
    n = len(m)
    # Columns side by side, so that the inner loop runs over leaders in vector registers.
    work = s.absent.reshape(-1)
    x, y, z = work[MORE : MORE + n], work[MORE + n : MORE + 2 * n], work[MORE + 2 * n : MORE + 3 * n]
    power, near, far = work[MORE + 3 * n : MORE + 4 * n], work[MORE + 4 * n : MORE + 5 * n], work[MORE + 5 * n : MORE + 6 * n]
    sx, sy, sz = math.sqrt(w.issue_weight[0]), math.sqrt(w.issue_weight[1]), math.sqrt(w.issue_weight[2])
    inside, outside = 0.0, 0.0
    for i in range(n):
        x[i] = sx * s.stance[i, 0]
        y[i] = sy * s.stance[i, 1]
        z[i] = sz * s.stance[i, 2]
        power[i] = m[i].power
        near[i] = 0.0
        far[i] = 0.0
        if m[i].side == 1:
            inside += power[i]
        else:
            outside += power[i]
    warm = 0.5 * p.affinity
    for j in range(n):
        menace = p.threat * m[j].ambition * power[j]
        xj, yj, zj, power_j = x[j], y[j], z[j], power[j]
        into = near if m[j].side == 1 else far
        kept = into[j]
        for i in range(n):
            gx, gy, gz = x[i] - xj, y[i] - yj, z[i] - zj
            u = warm * (s.affinity[i, j] + s.affinity[j, i])
            u -= p.ideology * math.sqrt(gx * gx + gy * gy + gz * gz)
            u -= menace / (power[i] + power_j)
            into[i] += power_j * u
        into[j] = kept
    lean = p.strength * (inside - outside) / (inside + outside)
    for i in range(n):
        apart = far[i] / outside if outside > 0.0 else -p.alone
        pull = near[i] / inside - apart + lean + p.judgement * (2.0 * work[JUDGE + i] - 1.0)
        m[i].side = 1 if pull >= 0.0 else 0
    m[now.leader].side = 1
