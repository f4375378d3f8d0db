"""Coalition, rival: the minimal winning coalition.

Theory. Riker's size principle: who shares the spoils leaves out whom he does not need. Of all majorities, in heads and in perceived power, the one with
least power forms; among equals the earlier. An arbiter or a sole ruler belongs to it. Nobody asks whether it will last.

Reads: seen power, circle. Writes: side, renewed. Parameters: rounds.
Source: Riker, The Theory of Political Coalitions (1962).
Falsified by: oversized coalitions that last.
Cost: 2^n for n full members.
"""

from ..kernel import kernel, small
from ..standing import full_members
from .coalition import whole_powers
from .coalition_standing import due, needed, seat, winning

PARAMETERS = ("rounds",)
READS = ("seen", "circle", "attendance")
WRITES = ("side", "renewed")


@small
def step(w, p, s):
    """Hold a round if one is due."""
    n = full_members(s)
    if due(w, p, s, n):
        form(w, s, n)


@kernel
def form(w, s, n):
    """The lightest majority of the n numbered members."""
    whole_powers(s, n)
    everybody = (1 << n) - 1
    must = needed(w, s, n)
    s.weight[0] = 0
    s.best[0] = 0  # heads of each subset
    top = 0
    for mask in range(1, everybody + 1):
        if mask == 1 << (top + 1):
            top += 1
        before = mask ^ (1 << top)
        s.weight[mask] = s.weight[before] + s.whole[top]
        s.best[mask] = s.best[before] + 1
    chosen = everybody
    for mask in range(1, everybody):
        if mask & must == must and winning(w, s, mask, n):
            if s.weight[mask] < s.weight[chosen]:
                chosen = mask
    seat(s, n, chosen, float(s.weight[chosen]) / float(s.weight[everybody]), 0)
