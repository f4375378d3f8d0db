"""The purge: a ruler who cannot tell loyalty from fear removes those who might be a danger.

Theory. Mass purges with noisy information (Gregory, Schroeder and Sonin): under suspicion the ruler removes people by
how little he trusts them, and competence makes a man more dangerous to a weak ruler (Egorov and Sonin, "Dictators
and their Viziers"). Under a sole ruler a purge begins at a rate

    0.15 L(16 (Z - 1)) dare^(rungs of the ladder that have no precedent)

a month: to put members of the party to death has to be dared like every step that was never taken before, and each
precedent (exile, arrest, a first execution; see the motions) makes the next easier. While it runs

    hazard_i = purge max(0.02, 0.9 - a_iA) (1 + viziers competence_i) (3 if sanctioned at rung 3 or more, else 0.6)

the rank and file of the committee die at 0.75 purge (1 - K_A / 2), the army's command at `army` times that. Suspicion falls
0.05 a month; the purge ends when it is below 0.3 or after 36 months. The executioner knows too much and
answers for excesses: the head of police is removed at 6 % a month after six months, and at the end.

Reads: suspicion, affinity to the ruler, competence, rungs, posts. Writes: rungs, alive, committee_dead, army_lost,
suspicion.
Parameters: purge, viziers, army, dare.
Falsified by: purges that spare the distrusted; executioners who keep their place.
"""

from .. import events, luck
from ..kernel import kernel, small
from ..numeric import logistic
from ..standing import log, sanction

PARAMETERS = ("purge", "viziers", "army", "shame", "desertion", "dare")
READS = ("suspicion", "affinity", "competence", "rung", "office", "precedent")
WRITES = ("rung", "alive", "committee_dead", "army_lost", "purge", "suspicion", "precedent")

EXECUTED = 8


@small
def step(w, p, s):
    """One month of terror inside the party, if it is on."""
    if s.now[0].ruler < 0:
        s.now[0].purge = 0
    else:
        terror(w, p, s)


@kernel
def terror(w, p, s):
    """Begin, carry on or end a purge under a sole ruler."""
    m = s.people
    now = s.now[0]
    a = now.ruler
    if now.purge == 0:
        rate = 0.15 * logistic(16.0 * (now.suspicion - 1.0))
        for _ in range(now.precedent, EXECUTED):
            rate *= p.dare
        if now.purges < 3 and luck.uniform(w, s, luck.PURGE_START, 0) < rate:
            now.purge = 1
            now.purge_month = 0
            now.purges += 1
            now.precedent = EXECUTED
            if now.purge_start < 0:
                now.purge_start = now.month
            if now.force_post >= 0:
                now.chief = s.office[now.force_post].holder
                now.chief_since = now.month
            log(s, events.PURGE, a, -1, now.suspicion, now.fear, 0.0, 0.0)
        else:
            return
    now.purge_month += 1
    for i in range(len(m)):
        if i == a or m[i].alive == 0:
            continue
        hazard = p.purge * max(0.02, 0.9 - s.affinity[i, a]) * (1.0 + p.viziers * (m[i].competence - 0.5))
        hazard *= 3.0 if m[i].rung >= 3 else 0.6
        if luck.uniform(w, s, luck.PURGE, i) < hazard:
            log(s, events.PURGED, a, i, hazard, s.affinity[i, a], m[i].competence, now.suspicion)
            sanction(w, p, s, i, EXECUTED)
    rate = 0.75 * p.purge * (1.0 - 0.5 * m[a].seats)
    now.committee_dead += rate * (1.0 - now.committee_dead)
    now.army_lost += p.army * rate * (1.0 - now.army_lost)

    # The executioner.
    over = now.suspicion - 0.05 < 0.3 or now.purge_month >= 36
    if now.force_post >= 0:
        holder = s.office[now.force_post].holder
        if holder != now.chief:
            now.chief = holder
            now.chief_since = now.month
        if holder >= 0 and holder != a and (over or now.month - now.chief_since >= 6):
            chance = 1.0 if over else 0.06
            if luck.uniform(w, s, luck.CHIEF, holder) < chance:
                now.chiefs += 1
                log(s, events.CHIEF, a, holder, float(now.month - now.chief_since), 0.0, 0.0, 0.0)
                sanction(w, p, s, holder, EXECUTED)
                now.chief = -1
    now.suspicion = max(0.0, now.suspicion - 0.05)
    if over:
        now.purge = 0
        log(s, events.PURGE_END, a, -1, now.committee_dead, now.army_lost, float(now.chiefs), 0.0)
