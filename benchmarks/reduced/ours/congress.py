"""Congress: every twelfth month the committee is elected, seat by seat, and the circle is filled."""

import numpy as np

from benchmarks.reduced.ours.columns import (
    AFFINITY,
    CIRCLE,
    EMPTY,
    LOYAL,
    MORE,
    PATRON,
    PRESTIGE,
    REGION,
    SEATS,
    SEATS_MOST,
    SHARES,
    SIDE,
    N,
    R,
)
from benchmarks.reduced.ours.draws import fill
from benchmarks.reduced.ours.power import first_of_most
from benchmarks.reduced.world import (
    CLIENT,
    LEAST_SEATS,
    LOYALTY,
    MOST_SEATS,
    NOMINATE,
    STAY,
    STRIKE,
    circle_limit,
)
from politburo.engine.kernel import small

PARAMETERS = ("carry", "slate", "debt", "thin", "growth", "shrinkage")

limit = small(circle_limit)
NOBODY = -1e300

# Luck of the seats, one column a question.
FRESH, HELD = 2 * SEATS_MOST, 3 * SEATS_MOST  # whole numbers: the seats that are filled anew; seats by patron
STAYS, CLIENTS, STRIKES, LOYALTIES = (MORE + SEATS_MOST * column for column in range(4))

_QUESTIONS = np.array([(STAY, STAYS), (CLIENT, CLIENTS), (STRIKE, STRIKES), (LOYALTY, LOYALTIES)])


@small
def step(w, p, s):
    if (s.now[0].month + 1) % 12 == 0:
        elect(w, p, s)
        promote(w, p, s)
        # The engine looks at camps in months of a congress.
        c = s.worth.reshape(-1)[int(s.now[0].from_line) :]
        for i in range(N):
            s.people[i].side = int(c[SIDE + i])


@small
def eight(c, at):
    """The sum of eight shares, in pairs."""
    return ((c[at] + c[at + np.uint64(1)]) + (c[at + np.uint64(2)] + c[at + np.uint64(3)])) + (
        (c[at + np.uint64(4)] + c[at + np.uint64(5)]) + (c[at + np.uint64(6)] + c[at + np.uint64(7)])
    )


@small
def elect(w, p, s):
    """A new committee: a thin majority packs it; seats stay or go to clients of their regions' patrons."""
    now = s.now[0]
    c, seat = s.worth.reshape(-1)[int(now.from_line) :], s.sorted
    before = now.committee_size
    change = p.growth if now.ballot < p.thin else -p.shrinkage
    size = min(MOST_SEATS, max(LEAST_SEATS, before + int(change)))
    for line in range(len(_QUESTIONS)):
        fill(w, s, _QUESTIONS[line, 0], 0, c, _QUESTIONS[line, 1], size)
    # First which seats are filled anew, then by whom: without a branch that nobody can foresee, seats are computed side by side.
    count = 0
    for n in range(size):
        seat[FRESH + count] = n
        count += (n >= before) | (c[STAYS + n] >= p.carry)
    for f in range(count):
        n = seat[FRESH + f]
        r = (n + 37 * now.congresses) % R
        row, luck = np.uint64(SHARES + N * r), c[CLIENTS + n]
        # The eight shares among which the drawn client lies, then where among them.
        first, second = eight(c, row), eight(c, row + np.uint64(8))
        at = 16 if luck >= first + second else 8 if luck >= first else 0
        share = first + second if luck >= first + second else first if luck >= first else 0.0
        patron = at
        for i in range(8):
            share += c[row + np.uint64(at + i)]
            patron += share <= luck
        struck = (patron < N) & (c[SIDE + patron % N] == 0.0) & (c[STRIKES + n] < p.slate)
        seat[PATRON + n] = now.leader if struck else patron
        seat[REGION + n] = r
        c[LOYAL + n] = 0.3 + 0.7 * c[LOYALTIES + n]
    # Counted in whole numbers: the sum of a moment ago is there sooner.
    for i in range(32):
        seat[HELD + i] = 0
    for n in range(size):
        seat[np.uint64(HELD + seat[PATRON + n])] += 1
    for n in range(size, before):
        seat[PATRON + n] = EMPTY
        c[LOYAL + n] = 1.0
    for i in range(N):
        c[SEATS + i] = seat[HELD + i] / size
    now.committee_size = size
    now.last_congress = now.month
    now.congresses += 1


@small
def promote(w, p, s):
    """The circle is filled from the camp."""
    now = s.now[0]
    c = s.worth.reshape(-1)[int(s.now[0].from_line) :]
    places = limit(now.committee_size)
    if now.circle_size >= places:
        return
    fill(w, s, NOMINATE, 0, c, MORE, N)
    # What candidates are worth is fixed before the first of them is seated and owes it to the leader.
    row = np.uint64(AFFINITY + N * now.leader)
    for i in range(N):
        value = c[SEATS + i] + c[PRESTIGE + i] + c[row + np.uint64(i)] + 0.3 * c[MORE + i]
        c[MORE + i] = value if (c[CIRCLE + i] == 0.0) & (c[SIDE + i] == 1.0) else NOBODY
    while now.circle_size < places:
        chosen = first_of_most(c, MORE)
        if c[MORE + chosen] == NOBODY:
            return
        c[MORE + chosen] = NOBODY
        c[CIRCLE + chosen] = 1.0
        s.people[chosen].circle = 2
        now.circle_size += 1
        if chosen != now.leader:
            at = AFFINITY + N * chosen + now.leader
            c[at] = min(1.0, c[at] + p.debt)
