"""The congress: when it meets, whether the minority fights, whom it elects.

Theory. The second arc of the circular flow. Delegates follow those who appointed their secretaries: D_i = sum_r w_r c_ri.
*When*: statutes set an interval, the body that convenes may let it lapse, and it is in the coalition's hand. After the interval the
monthly chance is

    convene (1 - K_top)^2 (1 - lapse (1 - gain)),     half of it under a sole ruler,

K_top the largest share of the committee under one man: accountable coalitions meet on time, a man with the committee in hand does not. The
choice weighs what a congress would bring those who call it,

    gain = D_S / (D_S + D_V) (1 - (1 - packed)(1 - beaten)),

the floor they command (delegates of their side among all attached), times what there is to win: seats for the leader's people (`packed`, his part of
the attached delegates less his part of the attached seats) or rivals to be beaten and a defeat to be ratified (`beaten`, the part of all perceived power in
the circle that is shut out, with those who were moved against since the last congress). With `lapse` 0 nobody weighs anything.
*Fight*: the strongest shut-out full member contests the report if organised, else with a chance that rises with hope. Votes
against are his delegates, his allies', and a logit share of the unattached, who look to the larger machine and are silenced by fear; where
the assembly's `ballot` is secret neither can be held against them. The assembly's `threshold` overturns the coalition.
*Committee*: a share `seat_carry` of the seats is renewed to their holders; the rest follows the delegates. The leader enlarges the
committee, up to the rule's bound, when he has a larger part of the attached delegates than of the attached seats: new seats are packed.
*Circle*: vacancies are filled one by one with those whom the coalition likes; it adds seats while its leader lacks
a loyal majority; a condemned member may lose his seat, more likely when he has fought.

Reads: clients, seats, sides, affinity, rungs, seen power, motions. Writes: seats, committee size, circle, candidates, rungs,
affinity (debts), visible, ballot.
Parameters: convene, lapse, reveal, packing, debt, unseat, nominee_office, nominee_standing, ideology, affinity, dare, quiet,
shame, desertion.
Source: Daniels's circular flow; the formal rules are this project's (derived).
Falsified by: committees whose composition does not follow the secretaries' turnover.
"""

from .. import events, luck
from ..kernel import kernel, small
from ..numeric import clamp, logistic
from ..standing import befriend, cohesion, delegates, deviation, full_members, leave_circle, line_of, log, mark, release_seats, sanction
from .opposition import hope

PARAMETERS = (
    "convene", "lapse", "reveal", "packing", "debt", "unseat", "nominee_office", "nominee_standing", "ideology", "affinity", "dare", "shame",
    "desertion", "quiet",
)  # fmt: skip
READS = ("clients", "seats", "side", "affinity", "rung", "seen", "moved")
WRITES = ("seats", "committee_size", "circle", "rung", "affinity", "visible", "ballot")


@small
def step(w, p, s):
    """Convene a congress if it is due and wanted, and hold it."""
    now = s.now[0]
    if now.month - now.last_congress < w.rule[0].interval - 1:
        return
    top = largest_bloc(s)
    if luck.uniform(w, s, luck.CONGRESS, 0) < chance_of(w, p, s, top):
        hold(w, p, s, top)


@kernel
def largest_bloc(s):
    """The largest share of the committee under one man."""
    top = 0.0
    for i in range(len(s.people)):
        if s.people[i].seats > top:
            top = s.people[i].seats
    return top


@kernel
def chance_of(w, p, s, top):
    """The chance that a congress which is due is convened this month; `top` is the largest bloc of the committee."""
    chance = p.convene * (1.0 - top) * (1.0 - top)
    if s.now[0].ruler >= 0:
        chance *= 0.5
    if p.lapse > 0.0:
        chance *= 1.0 - p.lapse * (1.0 - gain(s))
    return chance


@kernel
def surplus(s):
    """By how much the leader's part of the attached delegates exceeds his part of the attached seats; everybody's delegates into s.score."""
    m = s.people
    leader = s.now[0].leader
    machine, committee = 0.0, 0.0
    for i in range(len(m)):
        s.score[i] = delegates(s, i) if m[i].alive == 1 and m[i].rung < 5 else 0.0
        machine += s.score[i]
        committee += m[i].seats
    if leader >= 0 and machine > 0.0 and committee > 0.0:
        return s.score[leader] / machine - m[leader].seats / committee
    return 0.0


@kernel
def gain(s):
    """What the coalition can win at a congress, [0, 1]: seats to pack or rivals to beat, on a floor that is its own."""
    m = s.people
    now = s.now[0]
    packed = clamp(surplus(s), 0.0, 1.0)
    ours, theirs, with_us, against_us = 0.0, 0.0, 0.0, 0.0
    for i in range(len(m)):
        if m[i].alive == 0:
            continue
        if m[i].side == 1:
            with_us += s.score[i]
            if m[i].circle == 2:
                ours += m[i].seen
        else:
            against_us += s.score[i]
            if m[i].circle == 2 or m[i].moved > now.last_congress:
                theirs += m[i].seen
    beaten = theirs / (ours + theirs) if ours + theirs > 0.0 else 0.0
    floor = with_us / (with_us + against_us) if with_us + against_us > 0.0 else 1.0
    return floor * (1.0 - (1.0 - packed) * (1.0 - beaten))


@kernel
def hold(w, p, s, top):
    """The congress itself; `top` is the largest bloc of the committee before it."""
    m = s.people
    now = s.now[0]
    now.last_congress = now.month
    if now.secretary >= 0:
        m[now.secretary].visible += p.reveal * (1.0 - m[now.secretary].visible)
    against, fighter = debate(w, p, s)
    elect_committee(w, p, s)
    elect_circle(w, p, s, fighter)
    now.congresses += 1
    log(s, events.CONGRESS, now.leader, fighter, against, float(now.committee_size), float(now.circle_size), top)
    now.ballot = against


@kernel
def debate(w, p, s):
    """Whether somebody fights, and what share of the delegates he gets. Returns (share against, fighter or -1)."""
    m = s.people
    now = s.now[0]
    x, most = -1, 0.0
    for i in range(len(m)):
        if m[i].alive == 1 and m[i].circle == 2 and m[i].side == 0 and m[i].attendance > 0.2 and m[i].seen * m[i].ambition > most:
            most = m[i].seen * m[i].ambition
            x = i
    if x < 0:
        return 0.0, -1
    will = 1.0 if m[x].organised == 1 else clamp(3.0 * m[x].ambition * hope(w, p, s, x), 0.0, 1.0)
    if luck.uniform(w, s, luck.FIGHT, x) >= will * (1.0 - now.fear):
        return 0.0, -1
    line = line_of(w, s)
    ours, theirs = 0.0, delegates(s, x)
    for i in range(len(m)):
        if i == x or m[i].alive == 0:
            continue
        if m[i].side == 1:
            ours += delegates(s, i)
        elif cohesion(w, p, s, x, i) < 0.5 * p.ideology:
            theirs += delegates(s, i)
    loose = 1.0 - ours - theirs
    secret = w.rule[0].assembly_secret == 1
    machine = 0.0 if secret or ours + theirs <= 0.0 else theirs / (ours + theirs) - 0.5
    pull = logistic(p.ideology * (line - deviation(w, s, x)) + 4.0 * machine - 1.0)
    against = clamp(theirs + max(0.0, loose) * pull * (1.0 if secret else 1.0 - now.fear), 0.0, 1.0)
    log(s, events.FIGHT, x, now.leader, against, theirs, loose, pull)
    if against >= w.rule[0].assembly_threshold:
        for i in range(len(m)):
            if m[i].circle == 2 and m[i].alive == 1 and now.ruler != i:
                m[i].side = 1 - m[i].side
        now.renewed = 1
        log(s, events.OVERTURNED, x, now.leader, against, 0.0, 0.0, 0.0)
        now.leader = x
        return against, -1
    if m[x].rung == 0:
        sanction(w, p, s, x, 1)
    for i in range(len(m)):
        if i != x and m[i].alive == 1 and m[i].circle == 2 and m[i].side == 0 and m[i].rung == 0:
            if cohesion(w, p, s, x, i) < 0.5 * p.ideology:
                sanction(w, p, s, i, 1)
    return against, x


@kernel
def elect_committee(w, p, s):
    """Seats after the congress."""
    m = s.people
    now = s.now[0]
    n = len(m)
    # The leader packs when he has a larger part of the attached delegates than of the attached seats.
    extra = surplus(s)
    growth = w.rule[0].committee_growth_most * clamp(p.packing * extra + 0.25, 0.0, 1.0)
    old = now.committee_size
    size = int(old * (1.0 + growth) + 0.5)
    if size > w.rule[0].committee_most:
        size = max(old, w.rule[0].committee_most)
    now.committee_size = size
    carried = w.rule[0].seat_carry * old / size
    total = 0.0
    for i in range(n):
        share = s.score[i]
        if m[i].side == 0:
            share *= 0.5  # the majority's slate leaves out half of what the minority's delegates would elect
        m[i].seats = carried * m[i].seats + (1.0 - carried) * share
        if m[i].alive == 0:
            m[i].seats = 0.0
        total += m[i].seats
    if total > 1.0:
        for i in range(n):
            m[i].seats /= total
        total = 1.0
    now.free_seats = 1.0 - total


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


@kernel
def nominee(w, p, s, c, site, n):
    """How much the coalition wants c in the circle."""
    m = s.people
    now = s.now[0]
    value = p.affinity * regard(s, c, n) + p.nominee_standing * m[c].prestige + 0.5 * m[c].organising
    if now.leader >= 0 and c != now.leader:
        value -= 0.5 * cohesion(w, p, s, now.leader, c)
    for j in range(len(w.post)):
        if s.office[j].holder == c:
            value += p.nominee_office * (0.5 + w.post[j].weight)
    for r in range(len(s.local)):
        if s.local[r].boss == c:
            value += p.nominee_office * (0.3 + 4.0 * s.local[r].weight)
    if m[c].circle == 1:
        value += p.nominee_office
    return value + 0.3 * luck.normal(w, s, luck.NOMINATE, luck.pair(s, site, c))


@kernel
def choose(w, p, s, site):
    """The best nominee who is not a full member, or -1."""
    m = s.people
    n = full_members(s)
    best, chosen = -1e300, -1
    for c in range(len(m)):
        if m[c].alive == 0 or m[c].circle == 2 or m[c].rung > 0 or m[c].side == 0:
            continue
        value = nominee(w, p, s, c, site, n)
        if value > best:
            best = value
            chosen = c
    return chosen


@kernel
def promote(w, p, s, c, rank):
    """Seat c in the circle (1 candidate, 2 full) and let him owe it to the leader."""
    m = s.people
    now = s.now[0]
    if rank == 2 and m[c].circle < 2:
        now.circle_size += 1
        now.renewed = 1
    m[c].circle = rank
    m[c].committee = 1
    if rank == 2:
        m[c].side = 1
        if m[c].rung > 0 and m[c].rung < 5:
            m[c].rung = 0
    if now.leader >= 0 and now.leader != c:
        befriend(s, c, now.leader, p.debt * (1.0 - max(0.0, s.affinity[c, now.leader])))
    log(s, events.PROMOTED if rank == 2 else events.CANDIDATE, now.leader, c, 0.0, 0.0, 0.0, 0.0)


@kernel
def loyal_share(s, i):
    """Share of the circle's full members, i among them, who follow i: affinity counted smoothly from 0.2 to 0.5."""
    m = s.people
    total, count = 0.0, 0
    for j in range(len(m)):
        if m[j].alive == 1 and m[j].circle == 2:
            count += 1
            if j == i:
                total += 1.0
            elif m[j].side == 1:
                total += clamp((s.affinity[j, i] - 0.2) / 0.3, 0.0, 1.0)
    return total / count if count > 0 else 0.0


@kernel
def elect_circle(w, p, s, fighter):
    """Condemned members may lose their seats; vacancies are filled; a leader without a loyal majority adds seats."""
    m = s.people
    now = s.now[0]
    for i in range(len(m)):
        if m[i].alive == 1 and m[i].circle == 2 and m[i].side == 0 and m[i].rung >= 1:
            chance = p.unseat * min(m[i].rung, 2)
            if i != fighter and m[i].organised == 0:
                chance *= p.quiet
            if now.precedent < 3:
                chance *= p.dare
            if luck.uniform(w, s, luck.UNSEAT, i) < chance:
                mark(s, i, 3)
                m[i].rung = max(m[i].rung, 3)
                now.precedent = max(now.precedent, 3)
                release_seats(s, i, 0.5)
                leave_circle(s, i)
                log(s, events.UNSEATED, now.leader, i, chance, 0.0, 0.0, 0.0)
    fill_circle(w, p, s, True)


@kernel
def fill_circle(w, p, s, whole):
    """Fill vacancies; at a congress (`whole`) also enlarge and renew the candidates."""
    m = s.people
    now = s.now[0]
    target = max(now.circle_size, w.rule[0].circle_size)
    site = 8 * now.congresses
    if whole and now.leader >= 0 and loyal_share(s, now.leader) < 0.6:
        # The leader gets his two new seats with a chance equal to his part of the coalition's committee seats.
        ours = 0.0
        for i in range(len(m)):
            if m[i].side == 1:
                ours += m[i].seats
        if ours > 0.0 and luck.uniform(w, s, luck.NOMINATE, 4094) < m[now.leader].seats / ours:
            target += 2
    target = min(target, w.rule[0].circle_most)
    rounds = 0
    while now.circle_size < target and rounds < 6:
        c = choose(w, p, s, site + rounds)
        rounds += 1
        if c < 0:
            break
        promote(w, p, s, c, 2)
    if whole:
        candidates = 0
        for i in range(len(m)):
            if m[i].alive == 1 and m[i].circle == 1:
                if m[i].side == 0 or m[i].rung > 0:
                    m[i].circle = 0
                else:
                    candidates += 1
        rounds = 0
        n = full_members(s)
        while candidates < w.rule[0].candidates and rounds < 8:
            best, chosen = -1e300, -1
            for c in range(len(m)):
                if m[c].alive == 1 and m[c].circle == 0 and m[c].rung == 0 and m[c].side == 1:
                    value = nominee(w, p, s, c, site + 7, n)
                    if value > best:
                        best = value
                        chosen = c
            rounds += 1
            if chosen < 0:
                break
            promote(w, p, s, chosen, 1)
            candidates += 1
