"""Alliances: the value of every leader to every other, and which camp each of them joins. All decide at once.

Who is valued how by the two camps is one weighted sum over all leaders: the mean of the outside less the mean of the inside,
with weights known before (`WEIGH`). A pair has one distance and one 1 / (A_i + A_j), so each pair is computed once: leader i with
those d places after him, for d = 1 to 12 (columns are written twice over, so that the circle of leaders closes). What the other
finds in i is put by in a row of its own and added up at the end. For d = 12 each pair comes up from both ends.
"""

import math

from benchmarks.reduced.ours.columns import (
    AFFINITY,
    AMBITION,
    BACK,
    JUDGE,
    MENACE,
    MORE,
    PLACE,
    POWER,
    PULL,
    ROW,
    SIDE,
    STANCE,
    TWICE,
    WEIGH,
    N,
)
from politburo.engine.kernel import small

PARAMETERS = ("affinity", "ideology", "threat", "strength", "judgement", "alone")

X, Y, Z = PLACE, PLACE + TWICE, PLACE + 2 * TWICE


@small
def apart(c, i, j):
    """Distance of the leaders in columns i and j."""
    gx, gy, gz = c[X + i] - c[X + j], c[Y + i] - c[Y + j], c[Z + i] - c[Z + j]
    return math.sqrt(gx * gx + gy * gy + gz * gz)


@small
def back(c, i, d, distance, close):
    """What the leader d places after i dislikes in i, put by in a row of its own."""
    c[BACK + ROW * d + d + i] = c[WEIGH + i] * (distance + c[MENACE + i] * close)


@small
def pairs(c, d, affinity):
    """Leader i and each of the four from d places after him on: what they dislike in each other, in both directions.

    Roots and divisions leave the rest of the processor idle, so what eight others feel for i is added up beside them.
    """
    at = WEIGH + 2 * (d - 1)
    w0, w1, w2, w3 = affinity * c[at], affinity * c[at + 1], affinity * c[at + 2], affinity * c[at + 3]
    w4, w5, w6, w7 = affinity * c[at + 4], affinity * c[at + 5], affinity * c[at + 6], affinity * c[at + 7]
    for i in range(N):
        j0, j1, j2, j3 = i + d, i + d + 1, i + d + 2, i + d + 3
        power = c[POWER + i]
        s0, s1, s2, s3 = power + c[POWER + j0], power + c[POWER + j1], power + c[POWER + j2], power + c[POWER + j3]
        # One division for four pairs.
        s01, s23 = s0 * s1, s2 * s3
        one = 1.0 / (s01 * s23)
        q01, q23 = one * s23, one * s01
        close0, close1, close2, close3 = q01 * s1, q01 * s0, q23 * s3, q23 * s2
        apart0, apart1, apart2, apart3 = apart(c, i, j0), apart(c, i, j1), apart(c, i, j2), apart(c, i, j3)
        two = c[WEIGH + j0] * (apart0 + c[MENACE + j0] * close0) + c[WEIGH + j1] * (apart1 + c[MENACE + j1] * close1)
        more = c[WEIGH + j2] * (apart2 + c[MENACE + j2] * close2) + c[WEIGH + j3] * (apart3 + c[MENACE + j3] * close3)
        at = AFFINITY + 2 * N * (d - 1) + i
        liked = (w0 * c[at] + w1 * c[at + N]) + (w2 * c[at + 2 * N] + w3 * c[at + 3 * N])
        loved = (w4 * c[at + 4 * N] + w5 * c[at + 5 * N]) + (w6 * c[at + 6 * N] + w7 * c[at + 7 * N])
        c[PULL + i] += (two + more) - (liked + loved)
        back(c, i, d, apart0, close0)
        back(c, i, d + 1, apart1, close1)
        back(c, i, d + 2, apart2, close2)
        if d + 3 < N // 2:
            back(c, i, d + 3, apart3, close3)


@small
def rows(c, at):
    """What those before have put by for one leader; the last rows come last, for they were written a moment ago."""
    return (
        ((c[at + ROW] + c[at + 2 * ROW]) + (c[at + 3 * ROW] + c[at + 4 * ROW]))
        + ((c[at + 5 * ROW] + c[at + 6 * ROW]) + (c[at + 7 * ROW] + c[at + 8 * ROW]))
        + ((c[at + 9 * ROW] + c[at + 10 * ROW]) + c[at + 11 * ROW])
    )


@small
def balance(c):
    """Power inside the camp and of all, added up in pairs, side by side."""
    for i in range(8):
        a, b, d = c[POWER + i], c[POWER + 8 + i], c[POWER + 16 + i]
        c[MORE + i] = (a + b) + d
        c[MORE + 8 + i] = (a * c[SIDE + i] + b * c[SIDE + 8 + i]) + d * c[SIDE + 16 + i]
    at = MORE
    total = ((c[at] + c[at + 1]) + (c[at + 2] + c[at + 3])) + ((c[at + 4] + c[at + 5]) + (c[at + 6] + c[at + 7]))
    at = MORE + 8
    inside = ((c[at] + c[at + 1]) + (c[at + 2] + c[at + 3])) + ((c[at + 4] + c[at + 5]) + (c[at + 6] + c[at + 7]))
    return inside, total


@small
def step(w, p, s):
    now = s.now[0]
    c = s.worth.reshape(-1)[int(s.now[0].from_line) :]
    ideology, affinity, threat = p.ideology, p.affinity, p.threat
    sx, sy, sz = (
        ideology * math.sqrt(w.issue_weight[0]),
        ideology * math.sqrt(w.issue_weight[1]),
        ideology * math.sqrt(w.issue_weight[2]),
    )
    inside, total = balance(c)
    outside = total - inside if inside < total else 0.0
    now.shadow = (inside - outside) / total
    within = 1.0 / inside
    without = 1.0 / outside if outside > 0.0 else 0.0
    lean, judgement = p.strength * now.shadow + (0.0 if outside > 0.0 else p.alone), p.judgement
    for i in range(N):
        x, y, z = sx * c[STANCE + i], sy * c[STANCE + N + i], sz * c[STANCE + 2 * N + i]
        power, side = c[POWER + i], c[SIDE + i]
        weigh, menace = power * (without - side * (within + without)), threat * c[AMBITION + i] * power
        c[X + i], c[X + N + i] = x, x
        c[Y + i], c[Y + N + i] = y, y
        c[Z + i], c[Z + N + i] = z, z
        c[POWER + N + i] = power
        c[MENACE + i], c[MENACE + N + i] = menace, menace
        c[WEIGH + i], c[WEIGH + N + i] = weigh, weigh
        c[PULL + i] = lean + judgement * (2.0 * c[JUDGE + i] - 1.0)
    pairs(c, 1, affinity)
    pairs(c, 5, affinity)
    pairs(c, 9, affinity)
    for i in range(16):
        c[BACK + i] = rows(c, BACK + N + i)
    for i in range(N):
        pull = c[PULL + i] + rows(c, BACK + i) + (c[BACK + i] if i < 16 else 0.0)
        c[SIDE + i] = 1.0 if pull >= 0.0 else 0.0
    c[SIDE + now.leader] = 1.0
