"""Vacant posts: whoever has the right to fill them fills them with those it trusts.

Theory. Cadres decide everything, and who may appoint is written down (`filled_by` of the post). *An organ* chooses by the voices in it,

    liking(c) = sum_i V_i (a_ic + a_ci) / 2 / sum_i V_i,        a affinity

V_i being the voice of i: in the circle his perceived power, in the committee the seats of his bloc, in the assembly the delegates
who follow him. In an open ballot the ruling side votes as one, so only its voices count; in a secret ballot of the organ everybody's
do, and in the circle every head counts alike. *The holder of a post* chooses by his own liking, and only from his own side: patronage.
When that post is vacant or its holder away, whoever fills it acts for him. Then

    value(c) = liking(c) + fitness (f_c + 1/2 inside_c - max(0, u_j - rank_c)) - 1/2 (posts that c would keep)

f_c is skill for what the post does (organising for the appointing office, prestige for the tribune and the press; organising,
competence and want of ambition where it commands force). inside_c: c comes from below, from a lesser post of the same organ or one
that this post fills (the deputy); he gives up such a post when he rises, and nobody becomes his own deputy. u_j is the standing of the post,
its `weight` over the largest: a post of the first rank wants a man of rank, 1 for a full member of the circle, 2/3 for a candidate, 1/3 for
a member of the committee. A post of the circle or of the committee (`organ`) goes to its members only. A coalition whose leader
already holds the appointing office does not give it away.

Reads: offices, affinity, organising, competence, ambition, prestige, sides, seen power, seats, clients. Writes: offices.
Parameters: fitness.
Source: nomenklatura as the sources describe it; the linear form and its halves and thirds are this project's (derived).
Falsified by: posts filled across camp lines as often as within; heads of government from outside the circle; chiefs of police without a
career in the police.
Cost: for each vacancy posts, and persons times voices.
"""

from .. import events, luck
from ..kernel import kernel, small
from ..standing import delegates, log, recount_offices

PARAMETERS = ("fitness",)
READS = (
    "office", "affinity", "organising", "competence", "ambition", "prestige", "side", "rung", "circle", "committee", "seen", "seats", "clients",
    "attendance",
)  # fmt: skip
WRITES = ("office",)

CIRCLE, COMMITTEE, ASSEMBLY, POST = 0, 1, 2, 3  # case.arrays.FILLERS


@kernel
def voices(w, s, organ):
    """Number into s.order those whose liking counts when an organ chooses, with how much in s.chance; returns how many."""
    m = s.people
    if organ == CIRCLE:
        secret = w.rule[0].circle_secret == 1
    elif organ == COMMITTEE:
        secret = w.rule[0].committee_secret == 1
    else:
        secret = w.rule[0].assembly_secret == 1
    count = 0
    for i in range(len(m)):
        if m[i].alive == 0 or (m[i].side == 0 and not secret):
            continue
        voice = 0.0
        if organ == CIRCLE:
            if m[i].circle == 2:
                voice = 1.0 if secret else m[i].seen
        elif organ == COMMITTEE:
            voice = m[i].seats
        else:
            voice = delegates(s, i)
        if voice > 0.0:
            s.order[count] = i
            s.chance[count] = voice
            count += 1
    return count


@kernel
def liking(s, c, count):
    """How c is liked by the `count` voices numbered in s.order."""
    total, weight = 0.0, 0.0
    for k in range(count):
        i = s.order[k]
        if i != c:
            total += s.chance[k] * 0.5 * (s.affinity[i, c] + s.affinity[c, i])
            weight += s.chance[k]
    return total / weight if weight > 0.0 else 0.0


@kernel
def appointer(w, s, j):
    """Who fills post j: (the person, -1) or (-1, the organ); a filler who is not there is stood in for by whoever fills him."""
    for _ in range(len(w.post)):
        if w.post[j].filled_by != POST:
            return -1, w.post[j].filled_by
        j = w.post[j].filler
        holder = s.office[j].holder
        if holder >= 0 and s.people[holder].attendance > 0.2:
            return holder, -1
    return -1, CIRCLE


@small
def rank(s, c):
    """Standing by membership: 1 in the circle, 2/3 a candidate of it, 1/3 in the committee, else 0."""
    m = s.people
    if m[c].circle > 0:
        return (1.0 + m[c].circle) / 3.0
    return m[c].committee / 3.0


@small
def step(w, p, s):
    """Fill each vacant post."""
    vacant = 0
    for j in range(len(w.post)):
        if s.office[j].holder < 0:
            vacant += 1
    if vacant > 0 and s.now[0].leader >= 0:
        fill(w, p, s)


@small
def below(w, q, j):
    """Whether post q is a step towards post j: of less weight, and filled by its holder or of the same organ."""
    if w.post[q].weight >= w.post[j].weight:
        return False
    deputy = w.post[q].filled_by == POST and w.post[q].filler == j
    return deputy or (w.post[q].organ >= 0 and w.post[q].organ == w.post[j].organ)


@kernel
def careers(w, p, s, j):
    """Write into s.score what the posts that each person holds are worth to him as a candidate for post j.

    Half of `fitness` for who comes from below, less a half for each post that he would keep; nobody becomes his own deputy.
    """
    for c in range(len(s.people)):
        s.score[c] = 0.0
    for q in range(len(w.post)):
        if s.office[q].holder >= 0 and below(w, q, j):
            s.score[s.office[q].holder] = 0.5 * p.fitness
    for q in range(len(w.post)):
        if s.office[q].holder >= 0 and not below(w, q, j):
            s.score[s.office[q].holder] -= 1e300 if below(w, j, q) else 0.5


@kernel
def fill(w, p, s):
    """Find a holder for each vacant post, in the order of the posts."""
    m = s.people
    now = s.now[0]
    top = 0.0
    for j in range(len(w.post)):
        top = max(top, w.post[j].weight)
    changed = False
    for j in range(len(w.post)):
        if s.office[j].holder >= 0:
            continue
        patron, organ = appointer(w, s, j)
        side = 1
        if patron >= 0:
            side = m[patron].side
            s.order[0], s.chance[0], count = patron, 1.0, 1
        else:
            count = voices(w, s, organ)
        careers(w, p, s, j)
        standing = w.post[j].weight / top if top > 0.0 else 0.0
        best, chosen = -1e300, -1
        for c in range(len(m)):
            if m[c].alive == 0 or m[c].rung > 0 or m[c].side != side or c == patron or s.score[c] < -1e200:
                continue
            if (w.post[j].in_circle == 1 and m[c].circle == 0) or (w.post[j].in_committee == 1 and m[c].committee == 0):
                continue
            value = liking(s, c, count) + s.score[c] + 0.1 * luck.uniform(w, s, luck.APPOINT, luck.pair(s, j, c))
            value -= p.fitness * max(0.0, standing - rank(s, c))
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
            for q in range(len(w.post)):
                if s.office[q].holder == chosen and below(w, q, j):
                    s.office[q].holder = -1
                    log(s, events.POST, chosen, -1, float(q), 0.0, -1.0, 0.0)
            s.office[j].holder = chosen
            changed = True
            by = patron if patron >= 0 else now.leader
            log(s, events.POST, by, chosen, float(j), best, float(POST if patron >= 0 else organ), 0.0)
    if changed:
        recount_offices(w, s)
