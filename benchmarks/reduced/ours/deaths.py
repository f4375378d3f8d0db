"""Deaths: hazards by age; a younger man takes the slot."""

from benchmarks.reduced.ours.columns import (
    AFFINITY,
    AGE,
    AMBITION,
    BORN,
    CIRCLE,
    FLEXIBILITY,
    FREE,
    IDEAL,
    MORE,
    ORGANISING,
    PATRON,
    PRESTIGE,
    SEATS,
    SEATS_MOST,
    SHARES,
    SIDE,
    STANCE,
    K,
    N,
    R,
)
from benchmarks.reduced.ours.draws import fill
from benchmarks.reduced.world import SUCCESSOR, hazard
from politburo.engine.kernel import small

PARAMETERS = ()

hazard = small(hazard)


@small
def dies(c, i, month):
    """Computed where the others look it up: a table would be read number by number."""
    return c[AGE + i] < hazard(float(int((month - c[BORN + i]) / 12.0)))


@small
def step(w, p, s):
    c = s.worth.reshape(-1)[int(s.now[0].from_line) :]
    month = float(s.now[0].month)
    # Whether anybody dies is asked side by side; who, in the few months in which somebody does.
    deaths = 0
    for i in range(N):
        deaths += dies(c, i, month)
    if deaths > 0:
        for i in range(N):
            if dies(c, i, month):
                replace(w, s, c, i)


@small
def replace(w, s, c, i):
    """The man in slot i dies; his successor starts with nothing but his traits."""
    now = s.now[0]
    seat = s.sorted
    fill(w, s, SUCCESSOR, 32 * i, c, MORE, 8)
    c[PRESTIGE + i] = 0.1 + 0.4 * c[MORE]
    c[FLEXIBILITY + i] = c[MORE + 1]
    c[AMBITION + i] = c[MORE + 2]
    c[ORGANISING + i] = c[MORE + 3]
    for k in range(K):
        c[IDEAL + N * k + i] = 2.0 * c[MORE + 4 + k] - 1.0
        c[STANCE + N * k + i] = c[IDEAL + N * k + i]
    c[BORN + i] = now.month - 420.0 - int(180.0 * c[MORE + 7])
    for j in range(N):
        c[AFFINITY + N * i + j] = 0.0
        c[AFFINITY + N * j + i] = 0.0
    for n in range(SEATS_MOST):
        if seat[PATRON + n] == i:
            seat[PATRON + n] = N
    c[SEATS + i] = 0.0
    for r in range(R):
        c[FREE + r] += c[SHARES + N * r + i]
        c[SHARES + N * r + i] = 0.0
    now.circle_size -= int(c[CIRCLE + i])
    c[CIRCLE + i] = 0.0
    s.people[i].circle = 0
    c[SIDE + i] = 1.0
    now.deaths += 1.0
    if now.secretary == i:
        now.secretary = -1
