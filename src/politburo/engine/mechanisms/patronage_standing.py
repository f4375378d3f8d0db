"""Appointments, rival: the ruling coalition shares out the posts by standing.

Theory. Collective patronage: no office owns the appointments. In every place a share `turnover` of posts is refilled each month, and of the
refilled the share `grip` goes to clients of the coalition's full members in proportion to perceived power times skill in organising; the rest is unattached. Clients of a
fallen patron desert. Vacant places get bosses as in `patronage`. Nobody warms to a secretary because he appoints.

    c_ri <- (1 - turnover) c_ri + turnover * grip * A_i h_i / sum_j A_j h_j

Reads: seen power, organising, sides, rungs, who leads places. Writes: clients, cadres, affinity (of new bosses), local.
Parameters: turnover, grip, desertion.
Source: this project's (derived): the denial of the circular flow's first arc.
Falsified by: secretaries of places who follow the appointing secretary and not the coalition.
"""

from .. import luck
from ..kernel import kernel
from .patronage import name_boss

PARAMETERS = ("turnover", "grip", "desertion")
READS = ("seen", "organising", "side", "rung", "local")
WRITES = ("clients", "cadres", "affinity", "local")


@kernel
def step(w, p, s):
    """One month of appointments."""
    m = s.people
    n = len(m)
    total = 0.0
    for i in range(n):
        s.score[i] = 0.0
        if m[i].alive == 1 and m[i].circle == 2 and m[i].side == 1 and m[i].rung < 2:
            s.score[i] = m[i].seen * m[i].organising * m[i].attendance
            total += s.score[i]
    for r in range(len(s.local)):
        refill(p, s, r, total)
    settle(w, p, s)


@kernel
def refill(p, s, r, total):
    """Refill posts of one place: s.score holds the shares, `total` their sum."""
    m = s.people
    n = len(m)
    freed = p.turnover * s.clients[r, n]
    s.clients[r, n] -= freed
    for i in range(n):
        gone = p.turnover * s.clients[r, i]
        s.clients[r, i] -= gone
        freed += gone
    given = p.grip if total > 0.0 else 0.0
    if total > 0.0:
        for i in range(n):
            s.clients[r, i] += freed * given * s.score[i] / total
    s.clients[r, n] += freed * (1.0 - given)
    # Followers of the fallen drift away.
    for i in range(n):
        if m[i].rung >= 2 or m[i].recanted == 1 or m[i].alive == 0:
            gone = p.desertion * s.clients[r, i]
            s.clients[r, i] -= gone
            s.clients[r, n] += gone


@kernel
def settle(w, p, s):
    """Recount followings and fill vacant places."""
    m = s.people
    g = s.now[0].secretary
    for i in range(len(m)):
        m[i].cadres = 0.0
        for r in range(len(s.local)):
            m[i].cadres += s.local[r].weight * s.clients[r, i]
    for r in range(len(s.local)):
        if s.local[r].boss < 0 and g >= 0 and luck.uniform(w, s, luck.APPOINT, 4096 + r) < 0.1:
            name_boss(w, p, s, r, g)
