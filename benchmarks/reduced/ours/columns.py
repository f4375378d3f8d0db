"""Where this model keeps its state: columns side by side in the engine's work space, so that loops run in vector registers.

A field of a structured array (`s.people[i].prestige`) is some two hundred bytes from its neighbour, so a loop over
persons loads one number at a time. The columns here lie in the room that the coalition mechanism would use, which this
model does not have, from the first cache line on (a vector load across two lines costs two). `begin` fills them from the
engine's own start; what the engine keeps of a history is written back: the circle where it changes, camps in the months of a
congress, when the engine looks at them. A mechanism reads
`c = s.worth.reshape(-1)[from_line:]`, then `c[PRESTIGE + i]`; patrons and regions of seats are in `s.sorted`. Where a place
is read from memory or handed over, `np.uint64` saves the look whether it counts from the end, which keeps loops from
vector registers.
"""

from benchmarks.reduced.world import ISSUES, LEADERS, POSTS, REGIONS, first_seats
from politburo.engine.kernel import small

# The size of the model as constants: a loop of known length needs no remainder, and that doubles its speed.
N, R, K = LEADERS, REGIONS, ISSUES
TWICE = 2 * N  # columns written twice over close the circle of leaders: i + d needs no remainder
SEATS_MOST = 128
ROW = 40  # more than 24 + 11


def _places(**lengths: int) -> list[int]:
    """Where each of several columns begins, and the end of the last; every length is a multiple of eight."""
    ends = [0]
    for length in lengths.values():
        ends.append(ends[-1] + length)
    return ends


(
    AGE, WEATHER, POST, JUDGE, MOTION,  # the month's regular luck
    BORN, PRESTIGE, FLEXIBILITY, AMBITION, ORGANISING, SEATS, SIDE, CIRCLE, CADRES, IDEAL, STANCE, AFFINITY, POWER,  # leaders
    HARVEST, SIZE, SHARES, FREE,  # regions; clients in posts (a row of 24 a region), and those who are nobody's
    LINE, LOYAL, PULL,  # the party's line; loyalty of seats; arguments of the patrons, of nobody and for empty seats
    BACK, PLACE, MENACE, WEIGH,  # pairs of leaders (`alliances.py`)
    _END,
) = _places(
    age=N, weather=R, post=4 * POSTS, judge=N, motion=16,
    born=N, prestige=N, flexibility=N, ambition=N, organising=N, seats=32, side=N, circle=N, cadres=N, ideal=K * N, stance=K * N,
    affinity=N * N, power=TWICE,
    harvest=R, size=R, shares=R * N, free=R,
    line=8, loyal=SEATS_MOST, pull=32,
    back=12 * ROW, place=K * TWICE, menace=TWICE, weigh=TWICE,
)  # fmt: skip
WEIGHT = WEATHER  # a region's weather is used up when its weight is known
MORE = PLACE  # what a mechanism needs for itself; pairs of leaders are used up when alliances are made
# Columns of whole numbers.
PATRON, REGION, WHERE = 0, SEATS_MOST, 4 * SEATS_MOST
EMPTY = N + 1  # patron of a seat that the committee does not have


_FIRST_PATRON, _FIRST_REGION, _FIRST_LOYALTY = first_seats()


@small
def begin(w, p, s):
    """The rest of a history's start: the columns, from the engine's own start and the first committee."""
    m = s.people
    now = s.now[0]
    now.from_line = -s.worth.ctypes.data % 64 // 8
    c, seat = s.worth.reshape(-1)[int(now.from_line) :], s.sorted
    now.deaths = 0.0
    now.secretary = 0
    now.ballot = 1.0
    for i in range(N):
        c[BORN + i] = w.person[i].born
        c[PRESTIGE + i] = m[i].prestige
        c[FLEXIBILITY + i] = m[i].flexibility
        c[AMBITION + i] = m[i].ambition
        c[ORGANISING + i] = m[i].organising
        c[SEATS + i] = 0.0
        c[SIDE + i] = 1.0
        c[CIRCLE + i] = 1.0 if m[i].circle == 2 else 0.0
        for k in range(K):
            c[IDEAL + N * k + i] = s.ideal[i, k]
            c[STANCE + N * k + i] = s.ideal[i, k]
        for j in range(N):
            c[AFFINITY + N * i + j] = s.affinity[i, j]
    for r in range(R):
        c[HARVEST + r] = 0.0
        c[SIZE + r] = w.place[r].weight
        c[FREE + r] = s.clients[r, N]
        for i in range(N):
            c[SHARES + N * r + i] = s.clients[r, i]
    for k in range(K):
        c[LINE + k] = 0.0
    for n in range(12 * ROW):
        c[BACK + n] = 0.0
    for n in range(SEATS_MOST):
        seat[PATRON + n] = EMPTY
        seat[REGION + n] = 0
        c[LOYAL + n] = 1.0
    for n in range(now.committee_size):
        patron = _FIRST_PATRON[n]
        seat[PATRON + n] = patron
        seat[REGION + n] = _FIRST_REGION[n]
        c[LOYAL + n] = _FIRST_LOYALTY[n]
        if patron < N:
            c[SEATS + patron] += 1.0 / now.committee_size
