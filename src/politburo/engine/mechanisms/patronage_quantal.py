"""Appointments, rival: officials choose their patron by distance and ties.

Theory. Patronage from below: those newly placed attach themselves to a full member whom they find near. In place r, with boss b, the
refilled posts (share `turnover` a month) go, as far as `grip` attaches them at all, to member i with probability proportional to

    exp((affinity a_bi - ideology d(i, m)) / heat)

a_bi the boss's tie to him (0 without a boss), d(i, m) his distance from cadre opinion: the quantal choice of a crowd. Who appoints does not
matter; members who are shut out are chosen too. Clients of a fallen patron desert; vacant places get bosses as in `patronage`.

Reads: stances, opinion, affinity, who leads places, rungs. Writes: clients, cadres, affinity (of new bosses), local.
Parameters: turnover, grip, desertion, ideology, affinity, heat.
Source: McKelvey and Palfrey (1995) for the choice; the setting is this project's (derived).
Falsified by: officials who follow who appointed them against their opinions.
"""

from ..kernel import kernel
from ..numeric import exp
from ..standing import deviation
from .coalition_quantal import OWN
from .patronage_standing import refill, settle

PARAMETERS = ("turnover", "grip", "desertion", "ideology", "affinity", "heat")
READS = ("stance", "opinion", "affinity", "rung", "local", "circle")
WRITES = ("clients", "cadres", "affinity", "local")
__all__ = ["OWN", "PARAMETERS", "READS", "WRITES", "step"]


@kernel
def step(w, p, s):
    """One month of appointments."""
    m = s.people
    for r in range(len(s.local)):
        boss = s.local[r].boss
        best, total = -1e300, 0.0
        for i in range(len(m)):
            s.score[i] = -1e300
            if m[i].alive == 1 and m[i].circle == 2 and m[i].rung < 2:
                tie = 0.0 if boss < 0 else 1.0 if boss == i else s.affinity[boss, i]
                s.score[i] = p.affinity * tie - p.ideology * deviation(w, s, i)
                best = max(best, s.score[i])
        for i in range(len(m)):
            s.score[i] = exp((s.score[i] - best) / p.heat) if s.score[i] > -1e300 else 0.0
            total += s.score[i]
        refill(p, s, r, total)
    settle(w, p, s)
