"""Congress: every twelfth month seats carry or follow delegates, and the circle is filled."""

from benchmarks.reduced.ours.draws import MORE, N, fill, inlined
from politburo.engine import luck

PARAMETERS = ("carry", "slate", "debt")


@inlined
def step(w, p, s):
    m = s.people
    now = s.now[0]
    if (now.month + 1) % 12 != 0:
        return
    now.last_congress = now.month
    now.congresses += 1
    total = 0.0
    for i in range(N):
        part = 1.0 if m[i].side == 1 else p.slate
        m[i].seats = m[i].seats * p.carry + (1.0 - p.carry) * m[i].cadres * part
        total += m[i].seats
    now.free_seats = 1.0 - total
    work = s.worth.reshape(-1)
    fill(w, s, luck.NOMINATE, 0, work, MORE, N)
    # What candidates are worth is fixed before the first of them is seated and owes it to the leader.
    for i in range(N):
        work[MORE + i] = m[i].seats + m[i].prestige + s.affinity[now.leader, i] + 0.3 * work[MORE + i]
    while now.circle_size < w.rule[0].circle_size:
        most, chosen = -1e300, -1
        for i in range(N):
            if m[i].circle == 0 and m[i].side == 1 and work[MORE + i] > most:
                most = work[MORE + i]
                chosen = i
        if chosen < 0:
            return
        m[chosen].circle = 2
        now.circle_size += 1
        if chosen != now.leader:
            s.affinity[chosen, now.leader] = min(1.0, s.affinity[chosen, now.leader] + p.debt)
