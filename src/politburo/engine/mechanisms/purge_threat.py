"""Purge, rival: the ruler removes whom he expects to challenge him.

Theory. Expected utility of a challenge, seen from above: a man is as dangerous as his ambition and his power are great and his loyalty small,

    danger_i = q_i (p_i + o_i + cadre_weight C_i) (1 - max(0, a_iA)),    hazard_i = purge * min(6, N danger_i / sum danger)

so the mean hazard is `purge`, spread by danger. Past sanctions and competence do not matter of themselves. It begins, hits rank and file,
and ends as in `purge`.

Reads: suspicion, ambition, prestige, office, cadres, affinity to the ruler. Writes: rung, alive, committee_dead, army_lost, purge, suspicion, precedent.
Parameters: purge, army, cadre_weight, dare.
Source: Bueno de Mesquita's challenge (1981) turned round; Svolik (2009) on allies' rebellion (derived).
Falsified by: harmless men hit as often as dangerous ones.
"""

from ..kernel import kernel, small
from .purge_blind import close, hit, on, ranks

PARAMETERS = ("purge", "army", "cadre_weight", "shame", "desertion", "dare")
READS = ("suspicion", "ambition", "prestige", "office", "cadres", "affinity", "precedent")
WRITES = ("rung", "alive", "committee_dead", "army_lost", "purge", "suspicion", "precedent")


@small
def step(w, p, s):
    """One month of terror inside the party, if it is on."""
    if s.now[0].ruler < 0:
        s.now[0].purge = 0
    elif on(w, p, s):
        strike(w, p, s)
        ranks(p, s)
        close(w, p, s)


@kernel
def strike(w, p, s):
    """Everybody below the ruler, by danger."""
    m = s.people
    a = s.now[0].ruler
    total, count = 0.0, 0
    for i in range(len(m)):
        s.score[i] = 0.0
        if i != a and m[i].alive == 1:
            s.score[i] = m[i].ambition * (m[i].prestige + m[i].office + p.cadre_weight * m[i].cadres) * (1.0 - max(0.0, s.affinity[i, a]))
            total += s.score[i]
            count += 1
    if total <= 0.0:
        return
    for i in range(len(m)):
        if i != a and m[i].alive == 1:
            hit(w, p, s, i, p.purge * min(6.0, count * s.score[i] / total))
