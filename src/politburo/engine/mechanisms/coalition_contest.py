"""Coalition, rival: a plain contest of the two strongest.

Theory. Succession as a tournament: the two full members with most perceived power times ambition head two camps; everybody else joins the
camp whose head costs him less, the stronger drawing by its strength. One camp wins with the probability of a contest in differences
(Hirshleifer 1989)

    P = L(decisiveness (A - B) / (A + B)),    L the logistic function

with A and B the perceived power of the camps, and rules until the next round. A camp with an arbiter or a sole ruler wins.

Reads: seen power, ambition, stances, affinity, circle. Writes: side, renewed.
Parameters: rounds, ideology, affinity, decisiveness.
Source: Hirshleifer, Public Choice 63 (1989); Tullock (1980).
Falsified by: coalitions of three camps; strong camps that lose as often as weak ones.
Cost: n for n full members.
"""

from .. import luck
from ..kernel import kernel, small
from ..numeric import logistic
from ..standing import cohesion, full_members
from .coalition_standing import due, needed, seat

PARAMETERS = ("rounds", "ideology", "affinity", "decisiveness")
READS = ("seen", "ambition", "stance", "affinity", "circle", "attendance")
WRITES = ("side", "renewed")
OWN = {
    "decisiveness": {
        "means": "how far strength decides a contest: slope of the logit in the difference of strengths over their sum", "unit": "1",
        "low": 1.0, "high": 20.0, "scale": "log", "value": 5.0, "evidence": "assumed",
        "note": "at 5 a camp of three fifths wins in 73 % of contests",
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
    """Two camps of the n numbered members, and which of them wins."""
    m = s.people
    first, second = -1, -1
    for a in range(n):
        i = s.member[a]
        claim = m[i].seen * m[i].ambition
        if first < 0 or claim > m[s.member[first]].seen * m[s.member[first]].ambition:
            second = first
            first = a
        elif second < 0 or claim > m[s.member[second]].seen * m[s.member[second]].ambition:
            second = a
    i, j = s.member[first], s.member[second]
    both = m[i].seen + m[j].seen
    lean = (m[i].seen - m[j].seen) / both if both > 0.0 else 0.0
    camp, ours, theirs = 1 << first, m[i].seen, m[j].seen
    for a in range(n):
        if a == first or a == second:
            continue
        k = s.member[a]
        if cohesion(w, p, s, k, j) - cohesion(w, p, s, k, i) + lean >= 0.0:
            camp |= 1 << a
            ours += m[k].seen
        else:
            theirs += m[k].seen
    other = ((1 << n) - 1) & ~camp
    must = needed(w, s, n)
    chance = logistic(p.decisiveness * (ours - theirs) / (ours + theirs)) if ours + theirs > 0.0 else 0.5
    if must & camp != 0:
        chance = 1.0
    elif must != 0:
        chance = 0.0
    chosen = camp if luck.uniform(w, s, luck.ROUND, 1) < chance else other
    # Whoever belongs to every coalition does, whatever his camp.
    seat(s, n, chosen | must, chance, 0)
