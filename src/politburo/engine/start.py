"""The first month: a history's own coding of traits, ties and blocs, and the books that follow from it.

Coder error is luck of its own kind: each coded value is drawn around the coding with the error that the case
states, once for each history, from the decision sites of the source `coding`. The rule `coding` scales all of it
(0 switches it off), which is how a report splits the spread of outcomes into coding, parameters and luck.
"""

from . import luck
from .kernel import kernel, small
from .numeric import clamp
from .standing import recount_offices


@small
def misjudged(w, s, coding, error, site, actor):
    """How far a coded value is off in this history; no number is drawn for a value without error."""
    return coding * error * luck.normal(w, s, site, actor) if error > 0.0 else 0.0


@kernel
def start(w, p, s, history):
    """Set the state back to the case's first month, for this history."""
    m = s.people
    now = s.now[0]
    n = len(m)
    issues = len(w.opinion)
    now.history = history
    now.month = 0
    now.events = 0
    coding = w.rule[0].coding

    for i in range(n):
        for k in range(9):
            s.first[i, k] = -1
        m[i].prestige = clamp(w.trait[i, 0] + misjudged(w, s, coding, w.trait_error[i, 0], luck.TRAITS, 8 * i), 0.01, 1.0)
        m[i].flexibility = clamp(w.trait[i, 1] + misjudged(w, s, coding, w.trait_error[i, 1], luck.TRAITS, 8 * i + 1), 0.0, 1.0)
        m[i].ambition = clamp(w.trait[i, 2] + misjudged(w, s, coding, w.trait_error[i, 2], luck.TRAITS, 8 * i + 2), 0.0, 1.0)
        m[i].organising = clamp(w.trait[i, 3] + misjudged(w, s, coding, w.trait_error[i, 3], luck.TRAITS, 8 * i + 3), 0.0, 1.0)
        m[i].competence = clamp(w.trait[i, 4] + misjudged(w, s, coding, w.trait_error[i, 4], luck.TRAITS, 8 * i + 4), 0.0, 1.0)
        m[i].office = 0.0
        m[i].attendance = 1.0
        s.score[i] = 0.0
        m[i].force = 0.0
        m[i].power = 0.0
        m[i].seen = 0.0
        m[i].visible = p.visibility
        m[i].alive = 1
        m[i].circle = w.circle[i]
        m[i].committee = w.committee[i]
        m[i].side = 1
        m[i].rung = 0
        m[i].organised = 0
        m[i].recanted = 0
        m[i].readmit = -1
        m[i].moved = -99
        m[i].patron = -1
        for k in range(issues):
            s.ideal[i, k] = clamp(w.ideal[i, k] + misjudged(w, s, coding, w.ideal_error[i, k], luck.POSITIONS, 16 * i + k), -1.0, 1.0)
            s.stance[i, k] = s.ideal[i, k]
        for j in range(n):
            s.affinity[i, j] = clamp(w.tie[i, j] + misjudged(w, s, coding, w.tie_error[i, j], luck.TIES, luck.pair(s, i, j)), -1.0, 1.0)
    for k in range(issues):
        s.opinion[k] = w.opinion[k]
        s.swing[k] = clamp(1.0 + coding * p.signal_error * luck.normal(w, s, luck.SIGNALS, k), 0.2, 2.0)

    # Blocs: each share is drawn around its coding, then all are scaled back should they pass one.
    total = 0.0
    for i in range(n):
        m[i].seats = w.bloc[i]
        if w.bloc[i] > 0.0:
            m[i].seats = max(0.0, w.bloc[i] + misjudged(w, s, coding, w.bloc_error[i], luck.BLOCS, i))
        total += m[i].seats
    if total > 1.0:
        for i in range(n):
            m[i].seats /= total
        total = 1.0
    now.free_seats = 1.0 - total
    for r in range(len(s.local)):
        s.local[r].boss = w.place[r].boss
        s.local[r].strength = w.place[r].strength
        s.local[r].weight = w.place[r].weight
        total = 0.0
        for i in range(n):
            share = w.cadres[r, i]
            if share > 0.0:
                share = max(0.0, share + misjudged(w, s, coding, w.cadres_error[i], luck.BLOCS, max(100, n) + luck.pair(s, r, i)))
            s.clients[r, i] = share
            total += share
        if total > 1.0:
            for i in range(n):
                s.clients[r, i] /= total
            total = 1.0
        s.clients[r, n] = 1.0 - total
        # Side by side first: a field of one person after another is a load of its own.
        for i in range(n):
            s.score[i] += s.local[r].weight * s.clients[r, i]
    for i in range(n):
        m[i].cadres = s.score[i]

    for j in range(len(w.post)):
        s.office[j].holder = w.post[j].holder
    for j in range(len(w.shock)):
        shift = 0
        if w.rule[0].recorded_health == 0 and w.shock[j].spread > 0.0:
            shift = int(w.shock[j].spread * luck.normal(w, s, luck.SHOCKS, j))
        s.when[j, 0] = max(0, w.shock[j].start + shift)
        s.when[j, 1] = -1
        if w.shock[j].stop >= 0:
            s.when[j, 1] = max(0, w.shock[j].stop + shift)

    now.fear = 0.0
    now.grievance = 0.2
    now.suspicion = 0.0
    now.hardship = 0.0
    now.war = 0.0
    now.committee_size = w.rule[0].committee_size
    now.circle_size = 0
    now.arbiter = -1
    for i in range(n):
        if m[i].circle == 2:
            now.circle_size += 1
        if w.person[i].arbiter == 1:
            now.arbiter = i
    now.shadow = 1.0 if now.arbiter >= 0 else 0.0
    now.renewed = 0
    now.precedent = w.rule[0].precedent
    now.congresses = 0
    now.last_congress = w.rule[0].last_congress
    now.document = 0
    now.ruler = -1
    now.ruler_month = -1
    now.leader = -1
    now.purge = 0
    now.purge_start = -1
    now.purge_month = 0
    now.purges = 0
    now.chief = -1
    now.chief_since = 0
    now.chiefs = 0
    now.committee_dead = 0.0
    now.army_lost = 0.0
    now.ballot = -1.0
    now.document_vote = -1.0
    now.motions = 0
    now.failed = 0
    recount_offices(w, s)
