"""Motions, rival: a plain contest of strength, without a vote.

Theory. What counts is power, not procedure: the coalition turns on the strongest man who is shut out (perceived power times ambition, with some luck) and takes him
one rung down with the probability of a contest in differences (Hirshleifer 1989)

    P = L(decisiveness (S - X) / (S + X)),    L the logistic function

S the perceived power of the coalition's full members, X his own. No committee, no majorities, no daring, no echo of opinion.

Reads: seen power, ambition, sides, rungs. Writes: rung, side, affinity, precedent, organised, office, local.
Parameters: motion_rate, patience, decisiveness, and what a sanction does.
Source: Hirshleifer, Public Choice 63 (1989).
Falsified by: strong men whom their party protects; falls that wait for a majority.
Cost: n.
"""

from .. import events, luck
from ..kernel import kernel, small
from ..numeric import logistic
from ..standing import log
from .coalition_contest import OWN
from .motions import carry
from .motions_challenge import allowed

PARAMETERS = ("motion_rate", "patience", "pause", "decisiveness", "shame", "quell", "spite", "desertion")
READS = ("side", "organised", "rung", "seen", "ambition", "affinity")
WRITES = ("rung", "side", "affinity", "precedent", "organised", "office", "local")
__all__ = ["OWN", "PARAMETERS", "READS", "WRITES", "step"]


@small
def step(w, p, s):
    """At most one attack a month."""
    rate = p.motion_rate * (1.0 - (1.0 - p.patience) * s.now[0].shadow)
    if s.now[0].leader >= 0 and luck.uniform(w, s, luck.MOTION, 0) < rate:
        attack(w, p, s)


@kernel
def attack(w, p, s):
    """Whom, and whether it succeeds."""
    m = s.people
    now = s.now[0]
    ours, x, most = 0.0, -1, 0.0
    for i in range(len(m)):
        if m[i].alive == 1 and m[i].circle == 2 and m[i].side == 1:
            ours += m[i].seen
        if allowed(w, p, s, i) > 0:
            weight = (0.1 + m[i].seen * m[i].ambition) * (0.5 + luck.uniform(w, s, luck.TARGET, i))
            if weight > most:
                most = weight
                x = i
    if x < 0:
        return
    rung = allowed(w, p, s, x)
    both = ours + m[x].seen
    chance = logistic(p.decisiveness * (ours - m[x].seen) / both) if both > 0.0 else 0.5
    m[x].moved = now.month
    now.motions += 1
    log(s, events.MOTION, now.leader, x, float(rung), chance, 0.5, 0.0)
    if luck.uniform(w, s, luck.COUNT, x) >= chance:
        now.failed += 1
        log(s, events.FAILED, now.leader, x, float(rung), chance, 0.5, 0.0)
        return
    log(s, events.PASSED, now.leader, x, float(rung), chance, 0.5, 0.0)
    carry(w, p, s, x, rung, -1)
