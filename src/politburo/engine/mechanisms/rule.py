"""Sole rule: when no majority against one man can be formed any more.

Theory. Svolik's passage from contested to established autocracy: the ruling coalition can no longer credibly threaten
its leader. Here it is a state of the circle and the committee, not an event that somebody decides: the
leader rules alone when (1) his followers and he are more than half of the circle (affinity counted smoothly, so that
a tie coded 0.34 or 0.36 is nearly the same), (2) the blocs of the committee that follow him, with 40 % of the unattached, pass
`rule_seats` and exceed all others together, and (3) the ambition that remains independent of him in the circle is
small: sum of q_j (1 - loyalty_j) over full members below `rule_rivals`. A member who is condemned but still sits is
counted at `rule_condemned` of his ambition: with 0 the first rung of the ladder makes a rival harmless, with 1 only the loss of his seat does.

Reads: affinity, sides, seats, ambition. Writes: ruler, ruler_month. Parameters: rule_seats, rule_rivals, rule_condemned.
Falsified by: rulers by this measure who are then overruled by their own circle.
"""

from .. import events
from ..kernel import small
from ..numeric import clamp
from ..standing import log
from .congress import loyal_share

PARAMETERS = ("rule_seats", "rule_rivals", "rule_condemned")
READS = ("affinity", "side", "seats", "ambition", "rung")
WRITES = ("ruler", "ruler_month")


@small
def step(w, p, s):
    """Ask whether the leader has become sole ruler."""
    m = s.people
    now = s.now[0]
    i = now.leader
    if now.ruler >= 0 or i < 0 or m[i].side == 0 or m[i].circle < 2 or m[i].rung > 0:
        return
    if now.arbiter >= 0 and m[now.arbiter].alive == 1 and m[now.arbiter].attendance > 0.2 and now.arbiter != i:
        return
    if now.arbiter == i:
        return
    loyal = loyal_share(s, i)
    if loyal <= 0.5:
        return
    mine, others, rivals = m[i].seats, 0.0, 0.0
    for j in range(len(m)):
        if j == i or m[j].alive == 0:
            continue
        follows = 0.0
        if m[j].side == 1:
            follows = clamp((s.affinity[j, i] - 0.2) / 0.3, 0.0, 1.0)
        mine += follows * m[j].seats
        others += (1.0 - follows) * m[j].seats
        if m[j].circle == 2:
            counted = 1.0 if m[j].rung == 0 else p.rule_condemned
            rivals += counted * (m[j].ambition * (1.0 - follows))
    if mine + 0.4 * now.free_seats > p.rule_seats and mine > others and rivals < p.rule_rivals:
        now.ruler = i
        now.ruler_month = now.month
        log(s, events.RULER, i, -1, loyal, mine, others, rivals)
