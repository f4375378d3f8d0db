"""Coalition, rival: the exact ruling coalition of those present, by perceived standing and nothing else.

Theory. Acemoglu, Egorov and Sonin (2008): no coalition can bind itself, so only the self-enforcing ones last, and of these the lightest
that is winning rules. Ties, ideas, fear of one man or another do not enter: power alone decides, computed exactly
(theory.coalition_kernel). An arbiter or a sole ruler belongs to every coalition: then the lightest self-enforcing winning coalition that holds
him rules, everybody when there is none. Rounds are due as in `coalition`.

Reads: seen power, circle. Writes: side, renewed. Parameters: rounds.
Source: Acemoglu, Egorov and Sonin, Review of Economic Studies 75 (2008).
Falsified by: members shut out although the lighter self-enforcing coalition would have had them, or kept for friendship's sake.
Cost: O(n 2^n) for n full members.
"""

from ...theory.coalition_kernel import list_self_enforcing
from .. import events, luck
from ..kernel import kernel, small
from ..standing import full_members, log
from .coalition import whole_powers

PARAMETERS = ("rounds",)
READS = ("seen", "circle", "attendance")
WRITES = ("side", "renewed")


@small
def winning(w, s, mask, n):
    """Whether a coalition passes the circle's threshold in heads (s.best) and in power (s.weight)."""
    num, den = w.rule[0].circle_num, w.rule[0].circle_den
    return den * s.best[mask] > num * n and den * s.weight[mask] > num * s.weight[(1 << n) - 1]


@kernel
def needed(w, s, n):
    """Mask of those who belong to every coalition: a sole ruler, an arbiter who is present."""
    must = 0
    for a in range(n):
        i = s.member[a]
        if i == s.now[0].ruler or (w.person[i].arbiter == 1 and s.people[i].attendance > 0.2):
            must |= 1 << a
    return must


@kernel
def seat(s, n, chosen, worth, core):
    """Put the numbered members on their sides; tell it when it changes anything. `core`: who would rule in the end, 0 when that was not asked."""
    m = s.people
    old, inside, total = 0, 0.0, 0.0
    for a in range(n):
        i = s.member[a]
        old |= m[i].side << a
        m[i].side = (chosen >> a) & 1
        total += m[i].seen
        inside += m[i].side * m[i].seen
    s.now[0].renewed = 0
    if chosen != old:
        log(s, events.COALITION, s.now[0].leader, -1, worth, inside / total if total > 0.0 else 1.0, float(chosen), float(core))


@small
def due(w, p, s, n):
    """Whether a round of alliances is held this month; circles of one or two have nothing to agree on."""
    if n < 3:
        for a in range(n):
            s.people[s.member[a]].side = 1
        return False
    return s.now[0].renewed == 1 or luck.uniform(w, s, luck.ROUND, 0) < p.rounds


@small
def step(w, p, s):
    """Hold a round if one is due."""
    n = full_members(s)
    if due(w, p, s, n):
        form(w, s, n)


@kernel
def form(w, s, n):
    """The ultimate ruling coalition of the n numbered members."""
    num, den = w.rule[0].circle_num, w.rule[0].circle_den
    whole_powers(s, n)
    stable = list_self_enforcing(s.whole, n, num, den, s.weight, s.best, s.sorted)
    must = needed(w, s, n)
    everybody = (1 << n) - 1
    chosen = everybody
    for k in range(stable):
        mask = int(s.sorted[k])
        if mask & must == must and den * s.weight[mask] > num * s.weight[everybody]:
            chosen = mask
            break
    seat(s, n, chosen, float(s.weight[chosen]) / float(s.weight[everybody]), chosen if s.best[chosen] == s.weight[chosen] else 0)
