"""Motions, rival: expected-utility challenge.

Theory. Bueno de Mesquita: an actor challenges when what he expects to gain exceeds what he expects to lose. Each member i of the coalition weighs a
motion against each person x who is shut out,

    E_i(x) = P_x gain_ix - (1 - P_x) challenge_cost A_x q_x / (A_i + A_x),    gain_ix = what i fears from x + what x's company costs i

with A perceived power, q ambition, P_x = L(20 (Y_x - bar)) the chance that the expected vote Y_x of `motions` passes the bar. The
largest E moves, if it is above zero. Nobody spares quiet men, nobody fears precedent, nobody asks who will be next. The ladder, the vote and the count are those of
`motions`; a faction is not charged as one.

Reads: everything about standing. Writes: rungs, sides, affinity, posts, precedent.
Parameters: motion_rate, patience, threat, challenge_cost, and those of the vote.
Source: Bueno de Mesquita, The War Trap (1981); the stakes are this project's (derived).
Falsified by: motions against the weak while a strong enemy is shut out, or none although the vote is certain.
Cost: a vote reckoned for each person who is shut out.
"""

from .. import events, luck
from ..kernel import kernel, small
from ..numeric import logistic
from ..standing import cohesion, line_of, log
from .coalition import fear_of
from .motions import EXECUTED, EXILED, at_risk, bar_of, carry, circle_ayes, next_rung, support

PARAMETERS = (
    "motion_rate", "patience", "pause", "challenge_cost", "threat", "force", "ban", "severity", "shame", "quell", "spite", "dread", "ideology",
    "affinity", "desertion",
)  # fmt: skip
READS = ("side", "organised", "rung", "seats", "seen", "stance", "opinion", "affinity", "force")
WRITES = ("rung", "side", "affinity", "precedent", "organised", "office", "local")
OWN = {
    "challenge_cost": {
        "means": "what a failed challenge costs, in units of the fear that a rival as strong as oneself inspires", "unit": "1", "low": 0.0, "high": 4.0,
        "scale": "linear", "value": 1.0, "evidence": "assumed", "note": "from free tries to four times the stake",
    },
}  # fmt: skip


@kernel
def allowed(w, p, s, x):
    """The rung that a motion against x would ask for, or 0 when there can be none now (`motions` has the same rules)."""
    m = s.people
    now = s.now[0]
    if m[x].alive == 0 or m[x].side == 1 or m[x].rung >= EXECUTED or now.month - m[x].moved < p.pause:
        return 0
    if m[x].circle == 0 and m[x].rung == 0 and m[x].organised == 0:
        return 0
    rung = next_rung(w, s, x)
    if rung > EXECUTED:
        return 0
    if rung > EXILED and now.ruler < 0 and w.rule[0].death_penalty_for_members == 0:
        return 0
    return rung


@small
def step(w, p, s):
    """At most one motion a month."""
    rate = p.motion_rate * (1.0 - (1.0 - p.patience) * s.now[0].shadow)
    if s.now[0].leader >= 0 and luck.uniform(w, s, luck.MOTION, 0) < rate:
        consider(w, p, s)


@kernel
def consider(w, p, s):
    """The challenge with the largest expected utility, if it is worth it."""
    m = s.people
    now = s.now[0]
    line = line_of(w, s)
    total = 0.0
    for i in range(len(m)):
        if m[i].alive == 1 and m[i].circle == 2:
            total += m[i].seen
    if total <= 0.0:
        return
    best, mover, target, height, expected = 0.0, -1, -1, 0, 0.0
    for x in range(len(m)):
        rung = allowed(w, p, s, x)
        if rung == 0:
            continue
        at_risk(w, p, s, x)
        if circle_ayes(w, p, s, x, rung) <= w.rule[0].circle_num / w.rule[0].circle_den:
            continue
        yes = support(w, p, s, x, rung, line)
        chance = logistic(20.0 * (yes - bar_of(w, s, x, rung)))
        for i in range(len(m)):
            if m[i].alive == 0 or m[i].circle < 2 or m[i].side == 0 or i == x:
                continue
            company = cohesion(w, p, s, i, x)
            both = m[i].seen + m[x].seen
            back = m[x].seen / both if both > 0.0 else 0.5
            gain = fear_of(p, s, i, x, total, company) + company
            value = chance * gain - (1.0 - chance) * p.challenge_cost * back * m[x].ambition
            value *= 0.5 + luck.uniform(w, s, luck.TARGET, x)
            if value > best:
                best, mover, target, height, expected = value, i, x, rung, yes
    if target < 0:
        return
    m[target].moved = now.month
    now.motions += 1
    bar = bar_of(w, s, target, height)
    log(s, events.MOTION, mover, target, float(height), expected, bar, best)
    counted = expected + 0.06 * (luck.uniform(w, s, luck.COUNT, target) - 0.5)
    if counted <= bar:
        now.failed += 1
        log(s, events.FAILED, mover, target, float(height), counted, bar, 0.0)
        return
    log(s, events.PASSED, mover, target, float(height), counted, bar, 0.0)
    carry(w, p, s, target, height, mover)
