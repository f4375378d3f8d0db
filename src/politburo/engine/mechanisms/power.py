"""Power, true and perceived, and who stands with whom.

Theory. Standing in the circle is prestige (one's own and that of offices) plus cadres. Others see prestige; they see
of a secretary's patronage only part, because appointments are made in an office and not in the open:

    power_i = p_i + o_i + cadre_weight * C_i
    seen_i  = (p_i + o_i + cadre_weight * v_i * C_i)(0.5 + 0.5 attendance_i),   v_i = visibility for the secretary, else 1

Persons outside the circle's full members lean to the camp to which affinity, distance and power pull them.

Reads: prestige, office, cadres, attendance, affinity, stances. Writes: power, seen, leader, side (of non-members).
Parameters: cadre_weight, visibility, ideology, affinity.
Falsified by: rivals' letters and diaries that show them aware of the secretary's hold from the start (then v = 1).
"""

from ..kernel import kernel
from ..standing import cohesion

PARAMETERS = ("cadre_weight", "visibility", "ideology", "affinity")
READS = ("prestige", "office", "cadres", "attendance", "affinity", "stance")
WRITES = ("power", "seen", "leader", "side")


@kernel
def step(w, p, s):
    """Recount power and camps."""
    m = s.people
    now = s.now[0]
    n = len(m)
    leader, most = -1, -1.0
    for i in range(n):
        if m[i].alive == 0:
            m[i].power = 0.0
            m[i].seen = 0.0
            continue
        view = m[i].visible if i == now.secretary else 1.0
        m[i].power = m[i].prestige + m[i].office + p.cadre_weight * m[i].cadres
        m[i].seen = (m[i].prestige + m[i].office + p.cadre_weight * view * m[i].cadres) * (0.5 + 0.5 * m[i].attendance)
        if m[i].circle == 2 and m[i].side == 1 and m[i].attendance > 0.2 and m[i].power + 2.0 * m[i].seats > most:
            most = m[i].power + 2.0 * m[i].seats
            leader = i
    if now.ruler >= 0:
        leader = now.ruler
    now.leader = leader

    # Camps of those who are not full members.
    inside, outside = 0.0, 0.0
    company = 0  # those with whom one may stand, numbered into s.order
    for j in range(n):
        if m[j].circle == 2 or m[j].organised == 1:
            if m[j].alive == 1:
                s.order[company] = j
                company += 1
            if m[j].side == 1:
                inside += m[j].seen
            else:
                outside += m[j].seen
    for i in range(n):
        if m[i].alive == 0 or m[i].circle == 2 or m[i].rung > 0 or (i + now.month) % 3 != 0:
            continue  # each of them thinks again once a quarter
        if outside <= 0.0:
            m[i].side = 1
            continue
        near, far = 0.0, 0.0
        for k in range(company):
            j = s.order[k]
            if j != i:
                if m[j].side == 1:
                    near += m[j].seen * cohesion(w, p, s, i, j)
                else:
                    far += m[j].seen * cohesion(w, p, s, i, j)
        near = near / inside if inside > 0.0 else 0.0
        far = far / outside
        # The stronger camp draws by its strength; company that costs less draws more.
        pull = far - near + (inside - outside) / (inside + outside)
        m[i].side = 1 if pull >= 0.0 else 0
        if i == now.ruler or i == now.leader:
            m[i].side = 1
