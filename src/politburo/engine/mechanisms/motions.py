"""Motions: the coalition moves against one person at a time, up a ladder of sanctions.

Theory. A motion is put when it is expected to pass. Whom: among those who are shut out, the strongest, most ambitious
and most active; a quiet man is mostly left alone, a man farther from cadre opinion than the coalition's line is a deviator and so
a target, a holder of force more than others. An organised man is active in full, another by

    quiet + (1 - quiet) min(1, e (e + heresy)),     e = max(0, d(x, m) - d(S, m)):

a motion needs a charge, and deviation is the charge against those who have not organised. How far: one rung above his last; a rung never used before against
anybody must be dared, and daring falls with the share of the coalition that would be next. That share is
foresight again: with x gone, those members of the coalition outside the ultimate ruling coalition of the rest
(theory.coalition_kernel) are at risk and keep him. A holder of the police cannot be taken step by step, because he
would answer; a coalition that commands the army arrests him in one stroke or leaves him alone (pre-emption).

Support in the organ that decides (committee, its blocs K; unattached K_0):

    Y = K_0 L(2 (p_S - p_x) + ideology (d(x,m) - d(S,m)) - severity l + 4 (K_S/(K_S+K_x) - 1/2) + ban (0.3 + 0.7 o_x))
      + sum_{i in S} K_i L(3 - 3 a_ix - severity max(0, l - 3) - dread 1{i at risk})
      + sum_{j not in S} K_j L(-2 + 2 cost_xj),           L the logistic function

The bar is the committee's `threshold`; expulsion from circle and committee needs `expulsion_majority` unless the ban on factions
applies to an organised target. A motion is put when Y passes the bar less 0.02; the count errs by up to 0.03. The circle's own
threshold stands behind the mover: no coalition without it (`coalition`).

Ballots. A vote that is seen is a statement to those who watch it, and is falsified towards what they want (preference falsification,
Kuran). So in an open ballot the mover's side is held to its side (the 3), the others to theirs (the -2), the unattached lean to the larger
machine, and under a sole ruler fear turns a part of every No into a Yes; and who voted is remembered by the target. In a secret ballot of
the committee (`ballot` of the organ) only what a man thinks of the target counts, for members of either side alike,

    Y = K_0 L(2 (p_S - p_x) + ideology (d(x,m) - d(S,m)) - severity l + ban (0.3 + 0.7 o_x))
      + sum_{j not x} K_j L(2 cost_xj - severity max(0, l - 3) - dread 1{j at risk})

no fear, no machine; only the count is known, so nobody but the mover is remembered. In a secret ballot of the circle the coalition cannot hold its
members either: a motion reaches the committee only when the same private choice, by heads, passes the circle's threshold.

A faction is charged as one: organised allies at most `joint` rungs lower fall with the target.

Reads: everything about standing. Writes: rungs, sides, affinity, posts, precedent.
Parameters: motion_rate, patience (rate under the founder's full authority), quiet, heresy, dare, ban, severity, shame, quell, spite, ...
Source: the ladder is that of the party's own statutes; Kuran (1991) for the ballots; the support function is this project's (derived).
Falsified by: falls that skip rungs in peace; quiet men purged before open opponents.
"""

from .. import events, luck
from ..kernel import kernel, small
from ..numeric import clamp, logistic
from ..standing import befriend, cohesion, deviation, full_members, line_of, log, sanction
from .coalition import rule_core

PARAMETERS = (
    "motion_rate", "patience", "quiet", "heresy", "dare", "ban", "severity", "shame", "quell", "spite", "foresight", "dread", "force",
    "ideology", "affinity", "desertion", "pause", "reluctance", "joint",
)  # fmt: skip
READS = ("side", "organised", "rung", "seats", "seen", "stance", "opinion", "affinity", "force", "precedent")
WRITES = ("rung", "side", "affinity", "precedent", "organised", "office", "local")

CONDEMNED, POST, CIRCLE, COMMITTEE, PARTY, EXILED, ARRESTED, EXECUTED = 1, 2, 3, 4, 5, 6, 7, 8


@small
def activity(w, p, s, x, line):
    """How far x calls for a motion, [0, 1]: organised opposition in full, deviation from cadre opinion as far as it goes."""
    m = s.people
    if m[x].organised == 1:
        return 1.0
    deviant = clamp(deviation(w, s, x) - line, 0.0, 1.0)
    return p.quiet + (1.0 - p.quiet) * clamp(deviant * (deviant + p.heresy), 0.0, 1.0)


@kernel
def command_held(w, s):
    """Whether somebody in the coalition's camp holds the armed forces."""
    for j in range(len(w.post)):
        holder = s.office[j].holder
        if w.post[j].command >= 0.4 and holder >= 0 and s.people[holder].side == 1:
            return True
    return False


@kernel
def next_rung(w, s, x):
    """The next sanction for x: one above the last, passing over what he does not have."""
    m = s.people
    rung = m[x].rung + 1
    if rung == POST:
        holds = False
        for j in range(len(w.post)):
            if s.office[j].holder == x:
                holds = True
        for r in range(len(s.local)):
            if s.local[r].boss == x:
                holds = True
        if not holds:
            rung = CIRCLE
    if rung == CIRCLE and m[x].circle == 0:
        rung = COMMITTEE
    if rung == COMMITTEE and m[x].committee == 0:
        rung = PARTY
    return rung


@kernel
def at_risk(w, p, s, x):
    """Mark in s.chance (1 or 0) the coalition members who would be next were x gone; returns their share of its power."""
    m = s.people
    for i in range(len(m)):
        s.chance[i] = 0.0
    if m[x].circle != 2:
        return 0.0
    n = full_members(s)
    rest = 0
    for a in range(n):
        if s.member[a] != x:
            s.member[rest] = s.member[a]
            rest += 1
    n = rest
    core = rule_core(w, s, n)
    risk, total = 0.0, 0.0
    for a in range(n):
        i = s.member[a]
        if m[i].side == 1:
            total += m[i].seen
            if (core >> a) & 1 == 0:
                risk += m[i].seen
                s.chance[i] = 1.0
    return risk / total if total > 0.0 else 0.0


@small
def bar_of(w, s, x, rung):
    """The share of the committee that a sanction of x must pass."""
    if (rung == CIRCLE or rung == COMMITTEE) and not (w.rule[0].ban_on_factions == 1 and s.people[x].organised == 1):
        return w.rule[0].expulsion_majority
    return w.rule[0].committee_threshold


@small
def private_vote(w, p, s, i, x, rung):
    """How likely i is to vote for the sanction when nobody can see it; s.chance must hold who is at risk."""
    return logistic(2.0 * cohesion(w, p, s, x, i) - p.severity * max(0, rung - 3) - p.dread * s.chance[i])


@kernel
def circle_ayes(w, p, s, x, rung):
    """Share of the circle's heads for putting the motion: all that it takes when votes are seen, else counted in secret."""
    if w.rule[0].circle_secret == 0:
        return 1.0
    m = s.people
    ayes, heads = 0.0, 0
    for i in range(len(m)):
        if m[i].alive == 1 and m[i].circle == 2:
            heads += 1
            if i != x:
                ayes += private_vote(w, p, s, i, x, rung)
    return ayes / heads if heads > 0 else 1.0


@kernel
def support(w, p, s, x, rung, line):
    """Expected share of the committee for the sanction; s.chance must hold who is at risk."""
    m = s.people
    now = s.now[0]
    secret = w.rule[0].committee_secret == 1
    feared = now.ruler >= 0 and not secret
    standing, weight = 0.0, 0.0
    ours, theirs = 0.0, m[x].seats
    for i in range(len(m)):
        if m[i].alive == 1 and m[i].side == 1:
            ours += m[i].seats
            if m[i].circle == 2:
                standing += m[i].seen * (m[i].prestige + m[i].office)
                weight += m[i].seen
    standing = standing / weight if weight > 0.0 else 0.0
    his = m[x].prestige + m[x].office
    if m[x].organised == 1:
        for j in range(len(m)):
            if j != x and m[j].organised == 1 and m[j].alive == 1 and cohesion(w, p, s, x, j) < 0.5 * p.ideology:
                his += 0.5 * m[j].prestige
                theirs += m[j].seats
    blocs = ours + theirs
    machine = ours / blocs - 0.5 if blocs > 0.0 and not secret else 0.0
    charge = 0.0
    if w.rule[0].ban_on_factions == 1:
        charge = p.ban * (0.3 + 0.7 * m[x].organised)
    far = p.ideology * (deviation(w, s, x) - line)
    loose = logistic(2.0 * (standing - his) + far - p.severity * rung + 4.0 * machine + charge)
    if feared:
        loose += (1.0 - loose) * now.fear
    yes = now.free_seats * loose
    log(s, events.VOTE, -1, x, loose, now.free_seats, far, machine)
    for i in range(len(m)):
        if m[i].seats <= 0.0 or m[i].alive == 0:
            continue
        if secret and i != x:
            for_it = private_vote(w, p, s, i, x, rung)
        elif m[i].side == 1 and i != x:
            for_it = logistic(3.0 - 3.0 * s.affinity[i, x] - p.severity * max(0, rung - 3) - p.dread * s.chance[i])
        elif i == x:
            for_it = 0.0
        else:
            for_it = logistic(-2.0 + 2.0 * cohesion(w, p, s, x, i))
        if feared and i != x:
            for_it += (1.0 - for_it) * now.fear
        yes += m[i].seats * for_it
        log(s, events.VOTE, i, x, for_it, m[i].seats, s.affinity[i, x], s.chance[i])
    return yes


@small
def step(w, p, s):
    """At most one motion a month."""
    rate = p.motion_rate * (1.0 - (1.0 - p.patience) * s.now[0].shadow)
    if s.now[0].leader >= 0 and luck.uniform(w, s, luck.MOTION, 0) < rate:
        consider(w, p, s)


@kernel
def consider(w, p, s):
    """Pick whom and how far, and put the motion if it is dared and likely to pass."""
    m = s.people
    now = s.now[0]
    n = len(m)
    line = line_of(w, s)

    # Whom: the largest weighted claim to attention.
    x, most = -1, 0.0
    for i in range(n):
        if m[i].alive == 0 or m[i].side == 1 or m[i].rung >= EXECUTED or now.month - m[i].moved < p.pause:
            continue
        if m[i].circle == 0 and m[i].rung == 0 and m[i].organised == 0:
            continue
        weight = (0.1 + m[i].seen * m[i].ambition + p.force * m[i].force * m[i].ambition) * activity(w, p, s, i, line)
        if m[i].recanted == 1:
            weight *= 0.15
        weight *= 0.5 + luck.uniform(w, s, luck.TARGET, i)
        if weight > most:
            most = weight
            x = i
    if x < 0:
        return
    active = activity(w, p, s, x, line)
    threatening = p.force * m[x].force * m[x].ambition
    if luck.uniform(w, s, luck.DARE, 2) >= clamp(active + threatening, 0.0, 1.0):
        return

    rung = next_rung(w, s, x)
    police = False
    for j in range(len(w.post)):
        if s.office[j].holder == x and w.post[j].arrest >= 0.5:
            police = True
    if police:
        if not command_held(w, s):
            return
        rung = ARRESTED
    elif rung > PARTY:
        # Beyond the party lies the state: exile, then, under a sole ruler or where the rules of the party do not forbid it,
        # arrest and death.
        if rung > EXILED and now.ruler < 0 and w.rule[0].death_penalty_for_members == 0:
            return
    if rung > EXECUTED:
        return

    risk = at_risk(w, p, s, x)
    resolve = 1.0 - p.foresight * risk if rung == CIRCLE else 1.0
    if rung > now.precedent and not police:
        organised = m[x].organised if rung >= CIRCLE else 1
        resolve *= p.dare * (1.0 if organised == 1 else p.quiet)
    elif rung >= CIRCLE and m[x].organised == 0 and not police:
        resolve *= p.reluctance
    if luck.uniform(w, s, luck.DARE, 0) >= resolve:
        log(s, events.CONSIDERED, now.leader, x, float(rung), risk, resolve, active)
        return

    quota = w.rule[0].circle_num / w.rule[0].circle_den
    ayes = circle_ayes(w, p, s, x, rung)
    if ayes <= quota:
        log(s, events.CONSIDERED, now.leader, x, float(rung), risk, ayes, -quota)  # the minus tells it from the committee's bar
        return

    bar = bar_of(w, s, x, rung)
    yes = support(w, p, s, x, rung, line)
    if yes <= bar - 0.02:
        log(s, events.CONSIDERED, now.leader, x, float(rung), risk, yes, bar)
        return

    # The mover is the member of the coalition with most to gain and the standing to say it.
    mover, most = now.leader, -1e300
    for i in range(n):
        if m[i].alive == 1 and m[i].side == 1 and m[i].circle == 2 and i != x:
            zeal = m[i].seen * (1.0 + cohesion(w, p, s, i, x))
            if zeal > most:
                most = zeal
                mover = i
    m[x].moved = now.month
    now.motions += 1
    log(s, events.MOTION, mover, x, float(rung), yes, bar, active)
    counted = yes + 0.06 * (luck.uniform(w, s, luck.COUNT, x) - 0.5)
    if counted <= bar:
        now.failed += 1
        log(s, events.FAILED, mover, x, float(rung), counted, bar, 0.0)
        return
    log(s, events.PASSED, mover, x, float(rung), counted, bar, 0.0)
    # Organised allies who stand one rung lower or more fall with him: a faction is charged as one.
    for i in range(n):
        s.order[i] = 0
        if i != x and m[i].alive == 1 and m[i].organised == 1 and m[x].organised == 1 and m[i].side == 0 and m[i].rung < rung:
            if cohesion(w, p, s, x, i) < 0.5 * p.ideology and next_rung(w, s, i) <= rung and m[i].rung >= rung - p.joint:
                s.order[i] = 1
    carry(w, p, s, x, rung, mover)
    for i in range(n):
        if s.order[i] == 1:
            m[i].moved = now.month
            log(s, events.PASSED, mover, i, float(rung), counted, bar, 1.0)
            carry(w, p, s, i, rung, mover)


@small
def vote_seen(w, s, i):
    """Whether i votes where others see it: in the committee, or as a full member of the circle."""
    return w.rule[0].committee_secret == 0 or (s.people[i].circle == 2 and w.rule[0].circle_secret == 0)


@kernel
def carry(w, p, s, x, rung, mover):
    """Carry out a sanction that has passed, and let it sour or warm the ties it touches.

    Who is remembered for a vote: the mover, and whoever voted where votes are seen; everybody on the other side when no
    vote was held (`mover` -1).
    """
    m = s.people
    for i in range(len(m)):
        if i == x or m[i].alive == 0:
            continue
        if m[i].circle == 2 or m[i].seats > 0.0:
            if m[i].side == 1 and (i == mover or mover < 0 or vote_seen(w, s, i)):
                befriend(s, x, i, -p.spite)
                befriend(s, i, x, -0.5 * p.spite)
            elif m[i].side == 0 and m[i].rung > 0:
                # Victims of the same majority draw together.
                befriend(s, x, i, p.spite)
                befriend(s, i, x, p.spite)
    sanction(w, p, s, x, rung)
    if m[x].organised == 1 and luck.uniform(w, s, luck.DARE, 64 + x) < p.quell:
        m[x].organised = 0
        log(s, events.QUIET, x, -1, float(rung), 0.0, 0.0, 0.0)
