"""Opposition: those who are shut out organise while there is hope, fall quiet after defeat, recant, come back.

Theory. Open opposition is a gamble on numbers (threshold models of collective action): an ambitious man who is shut
out organises at a rate that rises with the share of perceived power that stands outside with him,

    hazard = organise * q_i * attendance_i * (1 - fear) * hope_i * echo_i
    hope_i = (sum_j outside A_j w_ij / A_all)^2,     echo_i = exp(-echo (d(i, m) - d(S, m)))

and with the echo that he can expect among the cadres: he speaks up when their opinion comes nearer to his than to the
coalition's line, and waits when it moves away. The founder's authority, and what is left of it when he is absent, mutes
opposition as it mutes motions (`patience`). In hope, w_ij counts an ally in full when company costs little, and fades to nothing as it costs much: the alliance of
losers. A motion that passes quiets him with probability `quell` (in `motions`). A sanctioned man recants at
a rate `recant * (rung - 1) * f_i`; an expelled recanter is readmitted after five months at 15 % a month.

Reads: sides, rungs, seen power, affinity, stances. Writes: organised, recanted, rung, affinity.
Parameters: organise, echo, patience, recant, readmission.
Falsified by: opposition that appears when its hope is smallest, or never when it is largest.
"""

from .. import events, luck
from ..kernel import kernel, small
from ..numeric import clamp, exp
from ..standing import befriend, cohesion, deviation, line_of, log

PARAMETERS = ("organise", "echo", "patience", "recant", "readmission", "ideology", "affinity")
READS = ("side", "rung", "seen", "affinity", "stance")
WRITES = ("organised", "recanted", "rung", "affinity")


@small
def partner(w, p, s, i, j):
    """How far j counts as an ally of i among the losers: 1 when company is free, 0 when it costs one unit or more."""
    return clamp(1.0 - cohesion(w, p, s, i, j), 0.0, 1.0)


@kernel
def hope(w, p, s, i):
    """Share of all perceived power that stands outside with i, squared."""
    m = s.people
    mine, every = m[i].seen, 0.0
    for j in range(len(m)):
        if m[j].alive == 1 and m[j].rung < 6 and (m[j].circle == 2 or m[j].rung > 0 or m[j].organised == 1):
            every += m[j].seen
            if j != i and m[j].side == 0 and m[j].recanted == 0:
                mine += m[j].seen * partner(w, p, s, i, j)
    share = mine / every if every > 0.0 else 0.0
    return share * share


@kernel
def step(w, p, s):
    """One month of opposition."""
    m = s.people
    now = s.now[0]
    line = line_of(w, s)
    muted = 1.0 - (1.0 - p.patience) * now.shadow
    for i in range(len(m)):
        if m[i].alive == 0:
            continue
        if m[i].side == 1 and m[i].organised == 1:
            m[i].organised = 0
        shut_out = m[i].side == 0 and (m[i].circle == 2 or m[i].rung > 0 or m[i].ambition >= 0.4)
        if shut_out and m[i].organised == 0 and m[i].rung < 6 and m[i].recanted == 0:
            hazard = p.organise * m[i].ambition * m[i].attendance * (1.0 - now.fear) * muted
            hazard *= hope(w, p, s, i) * exp(-p.echo * (deviation(w, s, i) - line))
            if luck.uniform(w, s, luck.ORGANISE, i) < hazard:
                m[i].organised = 1
                for j in range(len(m)):
                    if j != i and m[j].organised == 1:
                        befriend(s, i, j, 0.1)
                        befriend(s, j, i, 0.1)
                log(s, events.ORGANISED, i, -1, hazard, 0.0, 0.0, 0.0)
        elif m[i].rung >= 2 and m[i].rung < 7 and m[i].recanted == 0:
            if luck.uniform(w, s, luck.RECANT, i) < p.recant * (m[i].rung - 1) * m[i].flexibility:
                m[i].recanted = 1
                m[i].organised = 0
                m[i].readmit = now.month + 5
                log(s, events.RECANTED, i, -1, float(m[i].rung), 0.0, 0.0, 0.0)
        elif m[i].recanted == 1 and (m[i].rung == 5 or m[i].rung == 6) and now.month >= m[i].readmit:
            if luck.uniform(w, s, luck.READMIT, i) < p.readmission:
                m[i].rung = 4
                log(s, events.READMITTED, i, -1, 0.0, 0.0, 0.0, 0.0)
