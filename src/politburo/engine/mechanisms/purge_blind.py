"""Purge, rival: terror is blind.

Theory. Quotas, not targets: once a purge runs, everybody below the ruler is hit with the same chance, `purge` a month, whatever he thinks, did or can do
(the lottery to which mass purges come when information is worthless). It begins, hits the committee's rank and file and the army, and
ends as in `purge`; the head of police answers for it as there.

Reads: suspicion, posts. Writes: rung, alive, committee_dead, army_lost, purge, suspicion, precedent.
Parameters: purge, army, dare.
Source: the limit of worthless information of Gregory, Schroeder and Sonin (2011) (derived).
Falsified by: survival that depends on trust, past opposition or ability.
"""

from .. import events, luck
from ..kernel import kernel, small
from ..numeric import logistic
from ..standing import log, sanction

PARAMETERS = ("purge", "army", "shame", "desertion", "dare")
READS = ("suspicion", "office", "precedent")
WRITES = ("rung", "alive", "committee_dead", "army_lost", "purge", "suspicion", "precedent")

EXECUTED = 8


@small
def step(w, p, s):
    """One month of terror inside the party, if it is on."""
    if s.now[0].ruler < 0:
        s.now[0].purge = 0
    elif on(w, p, s):
        for i in range(len(s.people)):
            if i != s.now[0].ruler and s.people[i].alive == 1:
                hit(w, p, s, i, p.purge)
        ranks(p, s)
        close(w, p, s)


@kernel
def on(w, p, s):
    """Whether a purge runs this month under the sole ruler; it may begin (the rule of `purge`)."""
    now = s.now[0]
    if now.purge == 0:
        rate = 0.15 * logistic(16.0 * (now.suspicion - 1.0))
        for _ in range(now.precedent, EXECUTED):
            rate *= p.dare
        if now.purges >= 3 or luck.uniform(w, s, luck.PURGE_START, 0) >= rate:
            return False
        now.purge = 1
        now.purge_month = 0
        now.purges += 1
        now.precedent = EXECUTED
        if now.purge_start < 0:
            now.purge_start = now.month
        if now.force_post >= 0:
            now.chief = s.office[now.force_post].holder
            now.chief_since = now.month
        log(s, events.PURGE, now.ruler, -1, now.suspicion, now.fear, 0.0, 0.0)
    now.purge_month += 1
    return True


@kernel
def hit(w, p, s, i, hazard):
    """Remove i with this chance."""
    if luck.uniform(w, s, luck.PURGE, i) < hazard:
        log(s, events.PURGED, s.now[0].ruler, i, hazard, s.affinity[i, s.now[0].ruler], s.people[i].competence, s.now[0].suspicion)
        sanction(w, p, s, i, EXECUTED)


@kernel
def ranks(p, s):
    """Rank and file of the committee, and the army's command."""
    now = s.now[0]
    rate = 0.75 * p.purge * (1.0 - 0.5 * s.people[now.ruler].seats)
    now.committee_dead += rate * (1.0 - now.committee_dead)
    now.army_lost += p.army * rate * (1.0 - now.army_lost)


@kernel
def close(w, p, s):
    """The executioner, suspicion, the end (the rules of `purge`)."""
    now = s.now[0]
    over = now.suspicion - 0.05 < 0.3 or now.purge_month >= 36
    if now.force_post >= 0:
        holder = s.office[now.force_post].holder
        if holder != now.chief:
            now.chief = holder
            now.chief_since = now.month
        if holder >= 0 and holder != now.ruler and (over or now.month - now.chief_since >= 6):
            if luck.uniform(w, s, luck.CHIEF, holder) < (1.0 if over else 0.06):
                now.chiefs += 1
                log(s, events.CHIEF, now.ruler, holder, float(now.month - now.chief_since), 0.0, 0.0, 0.0)
                sanction(w, p, s, holder, EXECUTED)
                now.chief = -1
    now.suspicion = max(0.0, now.suspicion - 0.05)
    if over:
        now.purge = 0
        log(s, events.PURGE_END, now.ruler, -1, now.committee_dead, now.army_lost, float(now.chiefs), 0.0)
