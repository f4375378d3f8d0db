"""Congress, rival: the fight is a contest of machines, drawn, not counted.

Theory. As in `congress` a congress meets, and the strongest full member who is shut out may fight. But what decides is no vote of delegates: his camp's share of the committee's
attached seats and of the delegates, half and half, stands against the coalition's, and he overturns it with the probability of a contest in
differences, P = L(decisiveness (X - S) / (X + S)) (Hirshleifer 1989). The share against that is on record is X / (X + S). Committee and circle are elected as in `congress`.

Reads: clients, seats, sides, affinity, rungs. Writes: seats, committee_size, circle, rung, affinity, visible, ballot, side, leader, renewed.
Parameters: decisiveness, and those of `congress`.
Source: Hirshleifer, Public Choice 63 (1989).
Falsified by: congresses whose votes follow the delegates' opinions against the machines.
"""

from .. import events, luck
from ..kernel import kernel, small
from ..numeric import clamp, logistic
from ..standing import cohesion, log, sanction
from .coalition_contest import OWN
from .congress import chance_of, delegates, elect_circle, elect_committee, largest_bloc
from .opposition import hope

PARAMETERS = (
    "decisiveness", "convene", "lapse", "reveal", "packing", "debt", "unseat", "nominee_office", "nominee_standing", "ideology", "affinity", "dare",
    "shame", "desertion", "quiet",
)  # fmt: skip
READS = ("clients", "seats", "side", "affinity", "rung")
WRITES = ("seats", "committee_size", "circle", "rung", "affinity", "visible", "ballot", "side", "leader", "renewed")
__all__ = ["OWN", "PARAMETERS", "READS", "WRITES", "step"]


@small
def due(w, p, s, top):
    """Whether a congress is convened this month (the rule of `congress`)."""
    now = s.now[0]
    if now.month - now.last_congress < w.rule[0].interval - 1:
        return False
    return luck.uniform(w, s, luck.CONGRESS, 0) < chance_of(w, p, s, top)


@kernel
def fighter_of(w, p, s):
    """Who fights the report: the strongest full member who is shut out, if he will; else -1 (the rule of `congress`)."""
    m = s.people
    now = s.now[0]
    x, most = -1, 0.0
    for i in range(len(m)):
        if m[i].alive == 1 and m[i].circle == 2 and m[i].side == 0 and m[i].attendance > 0.2 and m[i].seen * m[i].ambition > most:
            most = m[i].seen * m[i].ambition
            x = i
    if x < 0:
        return -1
    will = 1.0 if m[x].organised == 1 else clamp(3.0 * m[x].ambition * hope(w, p, s, x), 0.0, 1.0)
    return x if luck.uniform(w, s, luck.FIGHT, x) < will * (1.0 - now.fear) else -1


@kernel
def overturn(s, x, against):
    """The minority becomes the majority, and x its leader."""
    m = s.people
    now = s.now[0]
    for i in range(len(m)):
        if m[i].circle == 2 and m[i].alive == 1 and now.ruler != i:
            m[i].side = 1 - m[i].side
    now.renewed = 1
    log(s, events.OVERTURNED, x, now.leader, against, 0.0, 0.0, 0.0)
    now.leader = x


@kernel
def condemn(w, p, s, x):
    """A fighter who lost is condemned, and his allies in the circle with him."""
    m = s.people
    if m[x].rung == 0:
        sanction(w, p, s, x, 1)
    for i in range(len(m)):
        if i != x and m[i].alive == 1 and m[i].circle == 2 and m[i].side == 0 and m[i].rung == 0:
            if cohesion(w, p, s, x, i) < 0.5 * p.ideology:
                sanction(w, p, s, i, 1)


@kernel
def close(w, s, fighter, against, top):
    """Write the congress into the books."""
    now = s.now[0]
    now.congresses += 1
    log(s, events.CONGRESS, now.leader, fighter, against, float(now.committee_size), float(now.circle_size), top)
    now.ballot = against


@small
def step(w, p, s):
    """Convene a congress if it is due, and hold it."""
    top = largest_bloc(s)
    if due(w, p, s, top):
        hold(w, p, s, top)


@kernel
def hold(w, p, s, top):
    """Fight, elections, books."""
    m = s.people
    now = s.now[0]
    now.last_congress = now.month
    if now.secretary >= 0:
        m[now.secretary].visible += p.reveal * (1.0 - m[now.secretary].visible)
    x = fighter_of(w, p, s)
    against = 0.0
    if x >= 0:
        ours, theirs = 0.0, m[x].seats + delegates(s, x)
        for i in range(len(m)):
            if i == x or m[i].alive == 0:
                continue
            if m[i].side == 1:
                ours += m[i].seats + delegates(s, i)
            elif cohesion(w, p, s, x, i) < 0.5 * p.ideology:
                theirs += m[i].seats + delegates(s, i)
        both = ours + theirs
        against = theirs / both if both > 0.0 else 0.5
        log(s, events.FIGHT, x, now.leader, against, theirs, ours, 0.0)
        if luck.uniform(w, s, luck.BALLOT, x) < logistic(p.decisiveness * (2.0 * against - 1.0)):
            overturn(s, x, against)
            x = -1
        else:
            condemn(w, p, s, x)
    elect_committee(w, p, s)
    elect_circle(w, p, s, x)
    close(w, s, x, against, top)
