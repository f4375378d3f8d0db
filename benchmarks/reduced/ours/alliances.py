"""Alliances: the value of every leader to every other, and which camp each of them joins. All decide at once.

A pair has one distance and one 1 / (A_i + A_j), so each pair is computed once: leader i with the one d places after him, for d = 1
to 12 (columns are written twice over, so that the circle of leaders closes). What the other finds in i is put by in a row of
its own and added up at the end. For d = 12 each pair comes up from both ends.
"""

import math

from benchmarks.reduced.ours.columns import (
    AFFINITY,
    ALL,
    ALL_BACK,
    AMBITION,
    JUDGE,
    MENACE,
    NEAR,
    NEAR_BACK,
    PLACE,
    POWER,
    ROW,
    SIDE,
    STANCE,
    TWICE,
    WITHIN,
    N,
)
from politburo.engine.kernel import small

PARAMETERS = ("affinity", "ideology", "threat", "strength", "judgement", "alone")

X, Y, Z = PLACE, PLACE + TWICE, PLACE + 2 * TWICE


@small
def pairs(c, d):
    """Leader i and the one d places after him: what they dislike in each other, weighted by power, in both directions."""
    near_back, all_back = NEAR_BACK + ROW * d + d, ALL_BACK + ROW * d + d
    for i in range(N):
        gx, gy, gz = c[X + i] - c[X + i + d], c[Y + i] - c[Y + i + d], c[Z + i] - c[Z + i + d]
        apart = math.sqrt(gx * gx + gy * gy + gz * gz)
        close = 1.0 / (c[POWER + i] + c[POWER + i + d])
        there = apart + c[MENACE + i + d] * close
        c[NEAR + i] += c[WITHIN + i + d] * there
        c[ALL + i] += c[POWER + i + d] * there
        if d < N // 2:
            here = apart + c[MENACE + i] * close
            c[near_back + i] = c[WITHIN + i] * here
            c[all_back + i] = c[POWER + i] * here


@small
def rows(c, at):
    """What those before have put by for one leader."""
    return (
        ((c[at + ROW] + c[at + 2 * ROW]) + (c[at + 3 * ROW] + c[at + 4 * ROW]))
        + ((c[at + 5 * ROW] + c[at + 6 * ROW]) + (c[at + 7 * ROW] + c[at + 8 * ROW]))
        + ((c[at + 9 * ROW] + c[at + 10 * ROW]) + c[at + 11 * ROW])
    )


@small
def step(w, p, s):
    m = s.people
    now = s.now[0]
    c = s.worth.reshape(-1)[int(s.now[0].from_line) :]
    ideology, affinity, threat = p.ideology, p.affinity, p.threat
    sx, sy, sz = (
        ideology * math.sqrt(w.issue_weight[0]),
        ideology * math.sqrt(w.issue_weight[1]),
        ideology * math.sqrt(w.issue_weight[2]),
    )
    for i in range(N):
        x, y, z = sx * c[STANCE + i], sy * c[STANCE + N + i], sz * c[STANCE + 2 * N + i]
        power = c[POWER + i]
        within, menace = power * c[SIDE + i], threat * c[AMBITION + i] * power
        c[X + i], c[X + N + i] = x, x
        c[Y + i], c[Y + N + i] = y, y
        c[Z + i], c[Z + N + i] = z, z
        c[POWER + N + i] = power
        c[MENACE + i], c[MENACE + N + i] = menace, menace
        c[WITHIN + i], c[WITHIN + N + i] = within, within
        c[NEAR + i], c[ALL + i] = 0.0, 0.0
    inside, total = 0.0, 0.0
    for i in range(N):
        inside += c[WITHIN + i]
        total += c[POWER + i]
    outside = total - inside if inside < total else 0.0
    pairs(c, 1)
    pairs(c, 2)
    pairs(c, 3)
    pairs(c, 4)
    pairs(c, 5)
    pairs(c, 6)
    pairs(c, 7)
    pairs(c, 8)
    pairs(c, 9)
    pairs(c, 10)
    pairs(c, 11)
    pairs(c, 12)
    # Four leaders at a time, then all rows at once: few passes over the two sums.
    for j in range(0, N, 4):
        w0, w1, w2, w3 = c[WITHIN + j], c[WITHIN + j + 1], c[WITHIN + j + 2], c[WITHIN + j + 3]
        p0, p1, p2, p3 = c[POWER + j], c[POWER + j + 1], c[POWER + j + 2], c[POWER + j + 3]
        for i in range(N):
            at = AFFINITY + N * j + i
            a0, a1, a2, a3 = c[at], c[at + N], c[at + 2 * N], c[at + 3 * N]
            c[NEAR + i] -= affinity * ((w0 * a0 + w1 * a1) + (w2 * a2 + w3 * a3))
            c[ALL + i] -= affinity * ((p0 * a0 + p1 * a1) + (p2 * a2 + p3 * a3))
    for i in range(N):
        c[NEAR + i] += rows(c, NEAR_BACK + i)
        c[ALL + i] += rows(c, ALL_BACK + i)
    for i in range(16):
        c[NEAR + i] += rows(c, NEAR_BACK + N + i)
        c[ALL + i] += rows(c, ALL_BACK + N + i)
    now.shadow = (inside - outside) / total
    lean, judgement = p.strength * now.shadow, p.judgement
    one = 1.0 / outside if outside > 0.0 else 0.0
    alone = 0.0 if outside > 0.0 else p.alone
    for i in range(N):
        pull = (c[ALL + i] - c[NEAR + i]) * one - c[NEAR + i] / inside + alone + lean + judgement * (2.0 * c[JUDGE + i] - 1.0)
        c[SIDE + i] = 1.0 if pull >= 0.0 else 0.0
    c[SIDE + now.leader] = 1.0
    for i in range(N):
        m[i].side = int(c[SIDE + i])
