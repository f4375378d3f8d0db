"""Coalition, rival: quantal choice on distance and ties.

Theory. Axelrod's connected coalitions with a random utility (McFadden; McKelvey and Palfrey's quantal choice): allies are those who think
alike and like each other, power only says who can be a majority. A majority S, in heads and in perceived power, forms with a probability
proportional to

    exp(-cost(S) / heat),    cost(S) = sum_{i<j in S} A_i A_j cost_ij / sum_{i<j in S} A_i A_j

with A perceived power and cost_ij = ideology * distance - affinity * mean tie. No threat, no foresight, no inertia. An arbiter or a sole ruler
belongs to every coalition.

Reads: seen power, stances, affinity, circle. Writes: side, renewed. Parameters: rounds, ideology, affinity, heat.
Source: Axelrod, Conflict of Interest (1970); McKelvey and Palfrey (1995).
Falsified by: strong men shut out by those who are close to them.
Cost: n 2^n for n full members.
"""

from ...case.arrays import MOST_CIRCLE
from .. import luck
from ..kernel import kernel, small
from ..numeric import exp
from ..standing import cohesion, full_members
from .coalition import whole_powers
from .coalition_standing import due, needed, seat, winning

PARAMETERS = ("rounds", "ideology", "affinity", "heat")
READS = ("seen", "stance", "affinity", "circle", "attendance")
WRITES = ("side", "renewed")
OWN = {
    "heat": {
        "means": "temperature of quantal choice among coalitions, in units of the cost of company", "unit": "1", "low": 0.01, "high": 0.6,
        "scale": "log", "value": 0.1, "evidence": "assumed", "note": "from almost certain choice of the best to indifference",
    },
}  # fmt: skip


@small
def step(w, p, s):
    """Hold a round if one is due."""
    n = full_members(s)
    if due(w, p, s, n):
        form(w, p, s, n)


@kernel
def form(w, p, s, n):
    """Draw one majority of the n numbered members."""
    whole_powers(s, n)
    everybody = (1 << n) - 1
    must = needed(w, s, n)
    for a in range(n):
        for b in range(a):
            product = float(s.whole[a]) * float(s.whole[b])
            s.pair[a, b] = product
            s.pair[MOST_CIRCLE + a, b] = product * cohesion(w, p, s, s.member[a], s.member[b])
    # worth[S, 0] the sum of products, worth[S, 1] that of products and costs, by adding the highest member; worth[S, 2] the weight of choice.
    s.weight[0] = 0
    s.best[0] = 0
    s.worth[0, 0] = 0.0
    s.worth[0, 1] = 0.0
    top = 0
    least = 1e300
    for mask in range(1, everybody + 1):
        if mask == 1 << (top + 1):
            top += 1
        before = mask ^ (1 << top)
        s.weight[mask] = s.weight[before] + s.whole[top]
        s.best[mask] = s.best[before] + 1
        both, cost = s.worth[before, 0], s.worth[before, 1]
        for b in range(top):
            if (before >> b) & 1:
                both += s.pair[top, b]
                cost += s.pair[MOST_CIRCLE + top, b]
        s.worth[mask, 0] = both
        s.worth[mask, 1] = cost
    for mask in range(1, everybody + 1):
        s.worth[mask, 2] = 1e300
        if mask & must == must and winning(w, s, mask, n) and s.worth[mask, 0] > 0.0:
            s.worth[mask, 2] = s.worth[mask, 1] / s.worth[mask, 0]
            if s.worth[mask, 2] < least:
                least = s.worth[mask, 2]
    total = 0.0
    for mask in range(1, everybody + 1):
        if s.worth[mask, 2] < 1e300:
            total += exp((least - s.worth[mask, 2]) / p.heat)
    draw = luck.uniform(w, s, luck.ROUND, 1) * total
    chosen = everybody
    for mask in range(1, everybody + 1):
        if s.worth[mask, 2] < 1e300:
            draw -= exp((least - s.worth[mask, 2]) / p.heat)
            if draw <= 0.0:
                chosen = mask
                break
    seat(s, n, chosen, least, 0)
