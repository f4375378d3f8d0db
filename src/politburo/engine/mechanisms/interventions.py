"""Interventions: what an experimenter orders in a month, which no rule of the model would have decided.

Theory. A counterfactual needs a cause that comes from outside (Woodward's intervention; Pearl's do-operator): one thing
is set, everything behind it follows from the other mechanisms. What holds from the first month is a value of the case. What
begins later must act on a history that is already under way, and that is done here, before anything else in the month:

    appointment    person i takes post j (or nobody does: it falls vacant); who held it loses it
    tie            the affinity of i towards j is set
    alliance       the affinity between i and j is raised to at least a value, both ways, and a round of alliances is due

An order acts once, or in every month of a span. It does nothing when things stand so already, hence a change that changes
nothing leaves every history as it was, bit for bit. The dead, the exiled and the arrested cannot be appointed.

Reads: orders among the calendar's shocks (only the laboratory puts them there). Writes: office, affinity, renewed.
Parameters: none. Source: Woodward, Making Things Happen (2003), chapter 3; Pearl, Causality (2009), chapter 3 (recalled).
Falsified by: it claims nothing about the world; the histories behind an order are as good as the other mechanisms.
Cost: a look at each shock a month.
"""

from ...case.arrays import ALLIANCE, APPOINTMENT, TIE
from .. import events
from ..kernel import kernel, small
from ..standing import log, recount_offices

PARAMETERS = ()
READS = ("calendar", "alive", "rung")
WRITES = ("office", "affinity", "renewed")

EXILED = 6


@small
def step(w, p, s):
    """Carry out the orders of this month."""
    now = s.now[0]
    for j in range(len(w.shock)):
        if w.shock[j].kind >= APPOINTMENT and now.month >= w.shock[j].start and now.month <= w.shock[j].stop:
            carry_out(w, s, j)


@kernel
def carry_out(w, s, j):
    """One order."""
    m = s.people
    order = w.shock[j]
    i, k = order.person, order.object
    if order.kind == APPOINTMENT:
        if s.office[k].holder == i or (i >= 0 and (m[i].alive == 0 or m[i].rung >= EXILED)):
            return
        s.office[k].holder = i
        recount_offices(w, s)
        log(s, events.POST, -1, i, float(k), 0.0, -1.0, 0.0)
        return
    if m[i].alive == 0 or m[k].alive == 0:
        return
    before, back = s.affinity[i, k], s.affinity[k, i]
    if order.kind == TIE:
        s.affinity[i, k] = order.size
    elif order.kind == ALLIANCE:
        s.affinity[i, k] = max(before, order.size)
        s.affinity[k, i] = max(back, order.size)
    if s.affinity[i, k] != before or s.affinity[k, i] != back:
        if order.kind == ALLIANCE:
            s.now[0].renewed = 1
        if s.now[0].month == order.start:
            log(s, events.TIED, i, k, s.affinity[i, k], before, s.affinity[k, i], back)
