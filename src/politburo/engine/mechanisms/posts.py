"""Vacant posts: whoever rules fills them with those it trusts.

Theory. Cadres decide everything: a post that falls vacant goes to the eligible person whom the coalition, weighted by
power, likes best, with some weight on fitness for the post (skill in organising for the appointing office, prestige
for the press and the tribune). A coalition whose leader already holds the appointing office does not give it away.

Reads: offices, affinity, organising, sides. Writes: offices. Parameters: fitness.
Falsified by: posts filled across camp lines as often as within.
"""

from .. import events, luck
from ..kernel import kernel, small
from ..standing import full_members, log, recount_offices

PARAMETERS = ("fitness",)
READS = ("office", "affinity", "organising", "side", "rung")
WRITES = ("office",)


@kernel
def regard(s, c, n):
    """The coalition's mean affinity towards c, weighted by perceived power (n full members are numbered in s.member)."""
    m = s.people
    total, weight = 0.0, 0.0
    for a in range(n):
        i = s.member[a]
        if i != c and m[i].side == 1:
            total += m[i].seen * 0.5 * (s.affinity[i, c] + s.affinity[c, i])
            weight += m[i].seen
    return total / weight if weight > 0.0 else 0.0


@small
def step(w, p, s):
    """Fill each vacant post."""
    vacant = 0
    for j in range(len(w.post)):
        if s.office[j].holder < 0:
            vacant += 1
    if vacant > 0 and s.now[0].leader >= 0:
        fill(w, p, s)


@kernel
def fill(w, p, s):
    """Find a holder for each vacant post, in the order of the posts."""
    m = s.people
    now = s.now[0]
    n = full_members(s)
    for c in range(len(m)):
        s.score[c] = 0.0
    for j in range(len(w.post)):
        if s.office[j].holder >= 0:
            s.score[s.office[j].holder] += 1.0
    changed = False
    for j in range(len(w.post)):
        if s.office[j].holder >= 0:
            continue
        best, chosen = -1e300, -1
        for c in range(len(m)):
            if m[c].alive == 0 or m[c].rung > 0 or m[c].side == 0:
                continue
            if w.post[j].in_circle == 1 and m[c].circle == 0:
                continue
            value = regard(s, c, n) - 0.5 * s.score[c] + 0.1 * luck.uniform(w, s, luck.APPOINT, 64 * j + c)
            if w.post[j].appoint > 0.0:
                value += p.fitness * m[c].organising
            elif w.post[j].command + w.post[j].arrest > 0.0:
                value += p.fitness * (0.5 * m[c].organising + 0.5 * m[c].competence) - p.fitness * m[c].ambition
            else:
                value += p.fitness * m[c].prestige
            if c == now.leader:
                value += 0.5 if w.post[j].appoint >= 0.99 else -0.5
            if value > best:
                best = value
                chosen = c
        if chosen >= 0:
            s.office[j].holder = chosen
            s.score[chosen] += 1.0
            changed = True
            log(s, events.POST, now.leader, chosen, float(j), best, 0.0, 0.0)
    if changed:
        recount_offices(w, s)
