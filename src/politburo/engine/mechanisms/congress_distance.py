"""Congress, rival: delegates vote their opinions, and the committee mirrors public standing.

Theory. No circular flow: delegates are nobody's. They vote on distance and on the standing of the two sides,

    share against = L(ideology (d(S, m) - d(x, m)) + 2 (p_x - p_S)),     L the logistic function,

d the distance from cadre opinion, p prestige and office of the fighter and of the coalition's leader; and they fill the renewed share of the committee's seats in proportion to prestige and
office, whoever appointed whom. When a congress meets, who fights, and how the circle is elected are as in `congress`.

Reads: seats, sides, stances, opinion, prestige, office, rungs. Writes: seats, committee_size, circle, rung, affinity, visible, ballot, side, leader, renewed.
Parameters: those of `congress` without packing.
Source: Downs (1957) for the vote; the mirror of standing is this project's (derived), the denial of Daniels's circular flow.
Falsified by: committees that follow the secretaries' turnover.
"""

from .. import events
from ..kernel import kernel, small
from ..numeric import clamp, logistic
from ..standing import deviation, line_of, log
from .congress import elect_circle, largest_bloc
from .congress_contest import close, condemn, due, fighter_of, overturn

PARAMETERS = (
    "convene", "lapse", "reveal", "debt", "unseat", "nominee_office", "nominee_standing", "ideology", "affinity", "dare", "shame", "desertion", "quiet",
)  # fmt: skip
READS = ("seats", "side", "stance", "opinion", "prestige", "office", "rung")
WRITES = ("seats", "committee_size", "circle", "rung", "affinity", "visible", "ballot", "side", "leader", "renewed")


@small
def step(w, p, s):
    """Convene a congress if it is due, and hold it."""
    top = largest_bloc(s)
    if due(w, p, s, top):
        hold(w, p, s, top)


@kernel
def hold(w, p, s, top):
    """Vote, elections, books."""
    m = s.people
    now = s.now[0]
    now.last_congress = now.month
    if now.secretary >= 0:
        m[now.secretary].visible += p.reveal * (1.0 - m[now.secretary].visible)
    x = fighter_of(w, p, s)
    against = 0.0
    if x >= 0:
        lead = m[now.leader].prestige + m[now.leader].office if now.leader >= 0 else 0.0
        pull = p.ideology * (line_of(w, s) - deviation(w, s, x)) + 2.0 * (m[x].prestige + m[x].office - lead)
        against = clamp(logistic(pull) * (1.0 - now.fear), 0.0, 1.0)
        log(s, events.FIGHT, x, now.leader, against, 0.0, 1.0, pull)
        if against >= w.rule[0].assembly_threshold:
            overturn(s, x, against)
            x = -1
        else:
            condemn(w, p, s, x)
    mirror(w, s)
    elect_circle(w, p, s, x)
    close(w, s, x, against, top)


@kernel
def mirror(w, s):
    """The renewed seats go to people by prestige and office; the committee grows by half of what the rule allows."""
    m = s.people
    now = s.now[0]
    total = 0.0
    for i in range(len(m)):
        s.score[i] = m[i].prestige + m[i].office if m[i].alive == 1 and m[i].rung < 5 else 0.0
        total += s.score[i]
    old = now.committee_size
    size = int(old * (1.0 + 0.5 * w.rule[0].committee_growth_most) + 0.5)
    if size > w.rule[0].committee_most:
        size = max(old, w.rule[0].committee_most)
    now.committee_size = size
    carried = w.rule[0].seat_carry * old / size
    # As much of the renewed seats is attached to people as of the others.
    attached = (1.0 - carried) * (1.0 - now.free_seats)
    held = 0.0
    for i in range(len(m)):
        m[i].seats *= carried
        if total > 0.0:
            m[i].seats += attached * s.score[i] / total
        held += m[i].seats
    now.free_seats = max(0.0, 1.0 - held)
