"""Power, the leader, and a secretary where there is none."""

from benchmarks.reduced.ours.columns import (
    CADRES,
    CIRCLE,
    MORE,
    ORGANISING,
    POWER,
    PRESTIGE,
    SEATS,
    SHARES,
    SIDE,
    WEIGHT,
    N,
    R,
)
from politburo.engine.kernel import small

HALVES = MORE + 32
PARAMETERS = ("office", "cadre_weight", "seat_weight")


@small
def step(w, p, s):
    c = s.worth.reshape(-1)[int(s.now[0].from_line) :]
    now = s.now[0]
    total = 0.0
    for i in range(N):
        c[CADRES + i] = 0.0
    # Eight regions at a time: enough work in the inner loop for vector registers to pay.
    for r in range(0, R, 8):
        at = WEIGHT + r
        w0, w1, w2, w3, w4, w5, w6, w7 = (
            c[at], c[at + 1], c[at + 2], c[at + 3], c[at + 4], c[at + 5], c[at + 6], c[at + 7]
        )  # fmt: skip
        total += ((w0 + w1) + (w2 + w3)) + ((w4 + w5) + (w6 + w7))
        for i in range(N):
            at = SHARES + N * r + i
            four = (w0 * c[at] + w1 * c[at + N]) + (w2 * c[at + 2 * N] + w3 * c[at + 3 * N])
            more = (w4 * c[at + 4 * N] + w5 * c[at + 5 * N]) + (w6 * c[at + 6 * N] + w7 * c[at + 7 * N])
            c[CADRES + i] += four + more
    cadre_weight, seat_weight = p.cadre_weight, p.seat_weight
    for i in range(N):
        cadres = c[CADRES + i] / total
        c[CADRES + i] = cadres
        c[POWER + i] = cadres * cadre_weight + c[PRESTIGE + i] + seat_weight * c[SEATS + i]
    if now.secretary >= 0:
        c[POWER + now.secretary] += p.office
    now.leader = strongest(c)
    c[SIDE + now.leader] = 1.0
    if now.secretary < 0:
        most = -1.0
        for i in range(N):
            if c[SIDE + i] == 1.0 and c[ORGANISING + i] > most:
                most = c[ORGANISING + i]
                now.secretary = i


@small
def first_of_most(c, at):
    """The first of 24 numbers that equals the largest; the largest by halves, side by side."""
    for i in range(8):
        c[HALVES + i] = max(max(c[at + i], c[at + 8 + i]), c[at + 16 + i])
    two, four = max(c[HALVES], c[HALVES + 1]), max(c[HALVES + 2], c[HALVES + 3])
    six, eight = max(c[HALVES + 4], c[HALVES + 5]), max(c[HALVES + 6], c[HALVES + 7])
    most = max(max(two, four), max(six, eight))
    for i in range(N):
        if c[at + i] == most:
            return i
    return 0


@small
def strongest(c):
    """The strongest of the circle inside the camp; where there is none, of all."""
    for i in range(N):
        c[MORE + i] = c[POWER + i] * (c[CIRCLE + i] * c[SIDE + i])
    leader = first_of_most(c, MORE)
    return leader if c[MORE + leader] > 0.0 else first_of_most(c, POWER)
