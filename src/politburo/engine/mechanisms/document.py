"""A founder's document: a small game about who reads it and who is dismissed.

Theory. A dying founder leaves a text that criticises several of his heirs and asks that one be dismissed from a
post. If the author is active when the congress meets he has it read openly. If not, the heirs who rule decide:
bury it (dose 0), read it behind closed doors (dose 1/2), publish it (dose 1). Each weighs his own loss against what
it does to those he fears, and whether the alternative holder of the post would be better for him:

    v_i(dose) = -dose e n_i p_i + mean_{j not i} fear_ij dose e n_j + pi(dose) (worth_i(alternative) - worth_i(holder))
    worth_i(j) = affinity a_ij - threat A_j / A_V

with n the criticism of each, e `document_effect`, pi the likely vote for dismissal. Reading it in a closed meeting of the committee
is the default that the author's relatives can force; burying it costs `decency`. Silence therefore serves those
who are themselves named, and those who fear another's rise more than the holder's. (An experimenter may order what is done.) Then the committee votes:

    share for dismissal = K_0 L(-1 + dose e) + sum_i K_i L(3 (worth_i(alternative) - worth_i(holder)) - 1)

Reads: named, seen power, affinity, seats. Writes: prestige, the post's holder, document, document_vote.
Parameters: document_effect, decency, threat, affinity.
Source: the game is this project's (derived). Falsified by: heirs who publish what hurts them alone.
"""

from .. import events
from ..kernel import kernel, small
from ..numeric import exp, logistic
from ..standing import cohesion, log, recount_offices
from .coalition import fear_of

PARAMETERS = ("document_effect", "decency", "threat", "affinity", "ideology", "force")
READS = ("named", "seen", "affinity", "seats")
WRITES = ("prestige", "office", "document", "document_vote")


@kernel
def worth(p, s, i, j, total):
    """What it is worth to i that j holds the post."""
    if i == j:
        return p.affinity
    return p.affinity * s.affinity[i, j] - p.threat * s.people[j].seen / total


@kernel
def alternative(w, s, holder):
    """The likeliest other holder: the strongest man with the coalition who can organise."""
    m = s.people
    best, chosen = -1.0, -1
    for j in range(len(m)):
        if j != holder and m[j].alive == 1 and m[j].circle == 2 and m[j].side == 1 and m[j].rung == 0 and w.person[j].arbiter == 0:
            value = m[j].seen * (0.3 + m[j].organising)
            if value > best:
                best = value
                chosen = j
    return chosen


@kernel
def dismissal(w, p, s, holder, other, dose, total):
    """Share of the committee for dismissal."""
    m = s.people
    share = s.now[0].free_seats * logistic(-1.0 + dose * p.document_effect)
    for i in range(len(m)):
        if m[i].alive == 1 and m[i].seats > 0.0:
            gain = worth(p, s, i, other, total) - worth(p, s, i, holder, total)
            share += m[i].seats * logistic(3.0 * gain - 1.0)
    return share


@small
def step(w, p, s):
    """Decide about the document in the months in which it can be read: at a congress, or at its last month."""
    if w.document[0].given == 1 and s.now[0].document == 0 and s.now[0].month >= w.document[0].start:
        decide(w, p, s)


@kernel
def decide(w, p, s):
    """Bury it, read it behind closed doors or publish it; then vote on what it asks."""
    m = s.people
    now = s.now[0]
    author = w.document[0].author
    active = m[author].alive == 1 and m[author].attendance > 0.2
    meeting = now.last_congress == now.month
    if not (active and meeting) and now.month < w.document[0].stop and not (meeting and m[author].alive == 0):
        return
    post = w.document[0].post
    holder = s.office[post].holder
    total = 0.0
    for j in range(len(m)):
        if m[j].alive == 1 and m[j].circle == 2:
            total += m[j].seen
    if holder < 0 or total <= 0.0:
        now.document = 1
        return
    other = alternative(w, s, holder)
    choice, best = 1, -1e300
    for level in range(3):
        dose = 0.5 * level
        value = -p.decency if level == 0 else 0.0
        chance = 0.0
        if level > 0 and other >= 0:
            chance = logistic(12.0 * (dismissal(w, p, s, holder, other, dose, total) - 0.5))
        weight, sum_value = 0.0, 0.0
        for i in range(len(m)):
            if m[i].alive == 0 or m[i].circle != 2 or m[i].side == 0 or i == author:
                continue
            v = -dose * p.document_effect * w.named[i] * m[i].prestige
            others, count = 0.0, 0
            for j in range(len(m)):
                if j != i and m[j].alive == 1 and m[j].circle == 2 and w.named[j] > 0.0:
                    others += fear_of(p, s, i, j, total, cohesion(w, p, s, i, j)) * dose * p.document_effect * w.named[j]
                    count += 1
            if count > 0:
                v += others / count
            if other >= 0:
                v += chance * (worth(p, s, i, other, total) - worth(p, s, i, holder, total))
            sum_value += m[i].seen * v
            weight += m[i].seen
        if weight > 0.0:
            value += sum_value / weight
        if value > best or (active and level == 2):
            best = value
            choice = level
    if w.document[0].ordered >= 0:
        choice = w.document[0].ordered
    now.document = choice + 1
    dose = 0.5 * choice
    log(s, events.DOCUMENT, now.leader, holder, dose, best, 0.0, 0.0)
    if choice == 0:
        return
    share = 0.0
    if other >= 0:
        share = dismissal(w, p, s, holder, other, dose, total)
    for i in range(len(m)):
        m[i].prestige *= exp(-p.document_effect * dose * w.named[i])
    now.document_vote = share
    log(s, events.DISMISSAL, other, holder, share, dose, 0.0, 0.0)
    if share > w.rule[0].committee_threshold and other >= 0:
        s.office[post].holder = other
        recount_offices(w, s)
        log(s, events.POST, now.leader, other, float(post), share, 1.0, 0.0)  # chosen by the committee
