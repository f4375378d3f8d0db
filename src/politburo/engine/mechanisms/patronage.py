"""Appointments: the holder of the appointing office fills local posts, and those he fills become his.

Theory. The circular flow of power (Daniels): the secretary appoints local secretaries, they pick the delegates,
the delegates elect the committee, the committee keeps the secretary. Here its first arc. In every local
organisation r a share `turnover` of posts is refilled each month. A boss who stands against the secretary keeps back
a share `resistance` times his strength. Of the rest the secretary's clients get `grip` times his skill in
organising; others are filled without attachment. Clients of a fallen patron desert at rate `desertion` a month.

    refill_r = turnover * (1 - resistance * b_r * hostile_r)
    c_rg <- (1 - refill) c_rg + refill * grip * h_g

A boss builds his own following with half that force in his own place.

Reads: who holds posts and places, organising, sides, rungs. Writes: clients, cadres, affinity of followers, bosses.
Parameters: turnover, resistance, grip, desertion, gratitude (monthly pull of the secretary's appointees' affinity).
Falsified by: turnover of local secretaries unrelated to the secretary's camp; delegates who do not follow them.
"""

from .. import events, luck
from ..kernel import kernel
from ..standing import log, recount_offices

PARAMETERS = ("turnover", "resistance", "grip", "desertion", "gratitude")
READS = ("office", "local", "organising", "side", "rung")
WRITES = ("clients", "cadres", "affinity", "local")


@kernel
def step(w, p, s):
    """One month of appointments."""
    m = s.people
    now = s.now[0]
    n = len(m)
    g = now.secretary
    # Only those who have officials, or may get some, need looking at.
    some = 0
    for i in range(n):
        if m[i].cadres > 0.0 or i == g:
            s.order[some] = i
            some += 1
    for r in range(len(s.local)):
        boss = s.local[r].boss
        if boss >= 0 and boss != g and m[boss].cadres <= 0.0:
            s.order[some] = boss
            some += 1
            m[boss].cadres = 1e-300
    # Standing does not change while posts are filled, so it is looked up once and not in every place.
    fallen = 0
    for k in range(some):
        i = s.order[k]
        m[i].cadres = 0.0
        s.score[k] = 1.0 if m[i].rung >= 2 or m[i].recanted == 1 or m[i].alive == 0 else 0.0
        fallen += m[i].rung >= 2 or m[i].recanted == 1 or m[i].alive == 0
    for r in range(len(s.local)):
        boss = s.local[r].boss
        refill = p.turnover
        hostile = boss >= 0 and boss != g and g >= 0 and (m[boss].side == 0 or s.affinity[boss, g] < 0.0) and m[boss].rung < 2
        if hostile:
            refill *= 1.0 - p.resistance * s.local[r].strength
        freed = refill * s.clients[r, n]
        s.clients[r, n] -= freed
        for k in range(some):
            i = s.order[k]
            gone = refill * s.clients[r, i]
            s.clients[r, i] -= gone
            freed += gone
        given = 0.0
        if g >= 0:
            given = p.grip * m[g].organising * m[g].attendance
        own = 0.0
        if boss >= 0 and boss != g:
            own = 0.5 * p.grip * m[boss].organising * s.local[r].strength
            if given + own > 1.0:
                own = 1.0 - given
        if g >= 0:
            s.clients[r, g] += freed * given
        if own > 0.0:
            s.clients[r, boss] += freed * own
        s.clients[r, n] += freed * (1.0 - given - own)
        # Followers of the fallen drift away, half of them to the secretary.
        for k in range(some if fallen > 0 else 0):
            if s.score[k] == 1.0:
                i = s.order[k]
                gone = p.desertion * s.clients[r, i]
                s.clients[r, i] -= gone
                if g >= 0 and g != i:
                    s.clients[r, g] += 0.5 * gone
                    s.clients[r, n] += 0.5 * gone
                else:
                    s.clients[r, n] += gone
        for k in range(some):
            i = s.order[k]
            m[i].cadres += s.local[r].weight * s.clients[r, i]
        if boss < 0 and g >= 0 and luck.uniform(w, s, luck.APPOINT, 4096 + r) < 0.1:
            name_boss(w, p, s, r, g)
    # Those who owe their place to the secretary warm to him, the more the larger his hold on appointments.
    if g >= 0 and m[g].rung < 2:
        for i in range(n):
            if i != g and m[i].alive == 1 and m[i].side == m[g].side and m[i].ambition < 0.5 and s.affinity[i, g] > -0.2:
                ceiling = min(1.0, 0.2 + 1.5 * m[g].cadres)
                if s.affinity[i, g] < ceiling:
                    s.affinity[i, g] += p.gratitude * (ceiling - s.affinity[i, g])


@kernel
def name_boss(w, p, s, r, g):
    """The secretary fills a vacant place with a man of his choice who holds no other place."""
    m = s.people
    best, chosen = 0.25, -1
    for i in range(len(m)):
        s.chance[i] = 0.0
    for q in range(len(s.local)):
        if s.local[q].boss >= 0:
            s.chance[s.local[q].boss] = 1.0
    for j in range(len(w.post)):
        if s.office[j].holder >= 0:
            s.chance[s.office[j].holder] = 1.0
    for i in range(len(m)):
        busy = s.chance[i] > 0.0
        if busy or i == g or m[i].alive == 0 or m[i].rung > 0 or m[i].side != m[g].side or m[i].circle == 2:
            continue
        value = s.affinity[i, g] + s.affinity[g, i] + 0.5 * m[i].organising + 0.2 * luck.uniform(w, s, luck.BOSS, luck.pair(s, r, i))
        if value > best:
            best = value
            chosen = i
    if chosen >= 0:
        s.local[r].boss = chosen
        s.local[r].strength = 0.3
        s.affinity[chosen, g] = max(s.affinity[chosen, g], 0.3)
        recount_offices(w, s)
        log(s, events.BOSS, g, chosen, float(r), best, 0.0, 0.0)
