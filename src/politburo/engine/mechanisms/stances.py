"""Public stances: between conviction, cadre opinion and the patron's line.

Theory. A politician says what he believes, bent towards what the cadres want to hear by his flexibility (Downsian
pull on a strategic speaker), and a follower repeats his patron. Those who were sanctioned and stand outside return
to their convictions and call for the rules that would protect them (the case's `voice`: party democracy).

    target_ik = x_ik + f_i (m_k - x_ik)             with the coalition or untouched
    target_ik = x_ik + voice_k                      shut out and sanctioned
    s_ik <- s_ik + stance_speed (target_ik - s_ik), then towards the patron's stance by drift * affinity
    x_ik <- x_ik + learning (s_ik - x_ik)           for those who are not shut out

The last line is dissonance (Festinger 1957): a man who must defend a line for years comes to hold it. Those who are
shut out need not defend it, and keep what they thought.

Reads: ideal points, flexibility, opinion, sides, rungs, affinity. Writes: stances, ideal points, patrons.
Parameters: stance_speed, drift (pull of a patron's stance a month), learning (share of the gap that conviction closes).
Falsified by: recorded speeches and votes in which the flexible do not move with opinion more than the rigid.
"""

from ..kernel import kernel
from ..numeric import clamp
from ..standing import full_members

PARAMETERS = ("stance_speed", "drift", "learning")
READS = ("ideal", "flexibility", "opinion", "side", "rung", "affinity")
WRITES = ("stance", "ideal", "patron")


@kernel
def step(w, p, s):
    """One month of public speech."""
    m = s.people
    n = len(m)
    leading = full_members(s)
    for i in range(n):
        if m[i].alive == 0:
            continue
        shut_out = m[i].rung > 0 and m[i].side == 0 and m[i].recanted == 0
        for k in range(len(s.opinion)):
            if shut_out:
                target = clamp(s.ideal[i, k] + w.voice[k], -1.0, 1.0)
            else:
                target = s.ideal[i, k] + m[i].flexibility * (s.opinion[k] - s.ideal[i, k])
            s.stance[i, k] += p.stance_speed * (target - s.stance[i, k])
            if not shut_out:
                s.ideal[i, k] += p.learning * (s.stance[i, k] - s.ideal[i, k])
        patron = -1
        if m[i].ambition < 0.5:
            best = 0.25
            for a in range(leading):
                j = s.member[a]
                if s.affinity[i, j] > best and j != i and m[j].rung < 2:
                    best = s.affinity[i, j]
                    patron = j
        m[i].patron = patron
        if patron >= 0:
            pull = p.drift * s.affinity[i, patron]
            for k in range(len(s.opinion)):
                s.stance[i, k] += pull * (s.stance[patron, k] - s.stance[i, k])
