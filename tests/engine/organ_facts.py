"""What organs' thresholds and ballots and the right to fill posts do, for the tests: `python organ_facts.py OUT`, NUMBA_DISABLE_JIT=1.

One history of the case of 1953 at its start is arranged by hand, one mechanism acts, and what it did is written down.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rival_facts import Room

from politburo.engine import luck, month
from politburo.engine.ensemble import parameter_table
from politburo.engine.mechanisms import coalition, congress, motions, posts
from politburo.engine.standing import full_members
from politburo.engine.start import start
from politburo.engine.state import allocate, for_kernel
from politburo.lab.ensembles.provenance import plan

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from random_cases import Sizes, random_row, random_world  # noqa: E402


def room(**rules) -> Room:
    """The case at its start, everybody indifferent to everybody, with these rules."""
    made = Room()
    for name, value in rules.items():
        setattr(made.w.rule[0], name, value)
    clear(made)
    return made


def clear(made: Room) -> None:
    """Set the history back; no ties, nobody without competence, no ambition; the first full member leads."""
    made.restart(1)
    s = made.s
    s.affinity[:] = 0.0
    for person in s.people:
        person.ambition, person.organising, person.competence, person.prestige = 0.5, 0.5, 0.5, 0.5
        person.seen = 0.3
    s.now[0].leader = s.member[0]


def hand_over(made: Room) -> None:
    """One member who is shut out holds every post, so that nobody else is burdened by one."""
    made.keeper = int(made.s.member[made.n - 1])
    made.s.people[made.keeper].side = 0
    for office in made.s.office:
        office.holder = made.keeper


def only(made: Room, j: int) -> int:
    """Who gets post j when it alone is vacant."""
    for office in made.s.office:
        if office.holder < 0:
            office.holder = made.keeper
    made.s.office[j].holder = -1
    posts.fill(made.w, made.p, made.s)
    return made.s.office[j].holder


def filling() -> dict:
    """Whom an organ and whom a patron choose, and what stands in for a patron who is away."""
    found = {}
    made = room()
    m, s, w = made.s.people, made.s, made.w
    hand_over(made)
    j = next(q for q in range(len(w.post)) if w.post[q].filled_by == 0 and w.post[q].in_circle == 0 and w.post[q].appoint < 0.99)
    w.post[j].weight, w.post[j].organ, w.post[j].appoint, w.post[j].command, w.post[j].arrest = 0.0, -1, 0.0, 0.0, 0.0
    outside = [i for i in range(len(m)) if m[i].circle == 0]
    strong, weak = int(s.member[1]), int(s.member[2])
    friend_of_strong, friend_of_weak, client, other = outside[:4]
    for i in range(len(m)):
        if m[i].circle == 2:
            m[i].seen = 0.01
    m[strong].seen = 1.0
    for boss, friend in ((strong, friend_of_strong), (weak, friend_of_weak)):
        s.affinity[boss, friend] = s.affinity[friend, boss] = 1.0
    for i in range(len(m)):
        m[i].seats = 0.0
    m[weak].seats = 0.6
    s.now[0].free_seats = 0.4
    names = {friend_of_strong: "friend of the strong", friend_of_weak: "friend of the man with seats", client: "client", other: "member"}

    def who(**fields) -> str:
        for name, value in fields.items():
            setattr(w.post[j], name, value)
        return names.get(only(made, j), "somebody else")

    found["circle"] = who(filled_by=0)
    found["committee"] = who(filled_by=1)
    f = next(q for q in range(len(w.post)) if q != j)
    w.post[f].filled_by = 1
    s.affinity[other, client] = s.affinity[client, other] = 1.0
    s.office[f].holder = other
    found["post"] = who(filled_by=3, filler=f)
    m[other].attendance = 0.0
    s.office[f].holder = other
    found["post whose holder is away"] = who()
    m[other].attendance = 1.0
    s.office[f].holder = other
    m[other].side = m[client].side = 0
    found["post whose holder is shut out"] = who()
    m[other].side = m[client].side = 1
    # A member's post goes to members, a post of the first rank to a man of rank, and the deputy comes before others.
    for i in outside:
        m[i].committee = 0
    m[other].committee = 1
    w.post[j].filled_by, w.post[j].in_committee = 0, 1
    found["post of the committee goes to a member"] = m[only(made, j)].committee
    w.post[j].in_committee = 0
    s.affinity[:] = 0.0
    w.post[j].weight = max(post.weight for post in w.post) + 0.1
    found["rank of the holder of the first post"] = m[only(made, j)].circle
    return found


def careers() -> dict:
    """The deputy succeeds, gives up his post, and nobody becomes his own deputy."""
    made = room()
    m, s, w = made.s.people, made.s, made.w
    hand_over(made)
    top, low = 0, 1
    for j in (top, low):
        w.post[j].filled_by, w.post[j].organ, w.post[j].in_circle = 0, -1, 0
        w.post[j].appoint, w.post[j].command, w.post[j].arrest = 0.0, 0.0, 0.0
    w.post[top].weight, w.post[low].weight = 0.05, 0.02
    w.post[low].filled_by, w.post[low].filler = 3, top
    outside = [i for i in range(len(m)) if m[i].circle == 0]
    deputy = outside[3]
    for i in range(len(m)):
        m[i].committee = 1
    s.office[low].holder = deputy
    heir = only(made, top)
    gave_up = s.office[low].holder != deputy
    s.affinity[:] = 0.0
    s.affinity[:, heir] = s.affinity[heir, :] = 1.0  # everybody wants him everywhere
    w.post[low].filled_by, w.post[low].organ, w.post[top].organ = 0, 0, 0
    return {"heir is the deputy": heir == deputy, "gave up": gave_up, "own deputy": only(made, low) == heir}


def thresholds() -> dict:
    """The lightest share of power that a coalition of the circle needs, by the circle's threshold; and bars of motions."""
    found = {}
    for num, den in ((1, 2), (2, 3), (3, 4)):
        made = room(circle_num=num, circle_den=den)
        shares = []
        for history in range(1, 13):
            clear(made)
            made.s.now[0].history = history
            n = full_members(made.s)
            for a in range(n):
                made.s.people[made.s.member[a]].seen = 0.1 + 0.07 * a
                made.s.people[made.s.member[a]].ambition = 1.0
            made.s.now[0].renewed = 1
            coalition.negotiate(made.w, made.p, made.s, n)
            m = [made.s.people[made.s.member[a]] for a in range(n)]
            shares.append((sum(x.side for x in m) / n, sum(x.seen for x in m if x.side) / sum(x.seen for x in m)))
        found[f"{num}/{den}"] = [min(heads for heads, _ in shares), min(power for _, power in shares), n]
    made = room(committee_threshold=0.6, expulsion_majority=0.8)
    x = made.s.member[3]
    found["bars"] = [motions.bar_of(made.w, made.s, x, rung) for rung in range(1, 8)]
    return found


def ballots() -> dict:
    """A motion against a member whom his own side likes, under a feared ruler, in open and secret ballots; who is remembered for it."""
    found = {}
    for secret in (0, 1):
        made = room(committee_secret=secret, circle_secret=secret)
        m, s = made.s.people, made.s
        x, mover = int(s.member[3]), int(s.member[0])
        for i in range(len(m)):
            m[i].side, m[i].seats = 1, 0.0
            s.affinity[i, x] = s.affinity[x, i] = 0.9
        m[x].side = 0
        for a in range(made.n):
            m[s.member[a]].seats = 0.05
        s.now[0].free_seats = 1.0 - 0.05 * made.n
        motions.at_risk(made.w, made.p, s, x)
        calm = motions.support(made.w, made.p, s, x, 3, 0.0)
        s.now[0].ruler, s.now[0].fear = mover, 0.8
        feared = motions.support(made.w, made.p, s, x, 3, 0.0)
        ayes = motions.circle_ayes(made.w, made.p, s, x, 3)
        before = s.affinity[x].copy()
        motions.carry(made.w, made.p, s, x, 1, mover)
        soured = [i for i in range(len(m)) if s.affinity[x, i] < before[i]]
        found["secret" if secret else "open"] = {
            "calm": calm, "feared": feared, "ayes": ayes, "remembered": len(soured), "mover": mover in soured, "full": made.n,
        }  # fmt: skip
    return found


def assemblies() -> dict:
    """Share of the delegates for a fighter, open and secret, when everybody is afraid."""
    found = {}
    for secret in (0, 1):
        made = room(assembly_secret=secret)
        m, s = made.s.people, made.s
        for i in range(len(m)):
            m[i].side = 1
        x = int(s.member[3])
        m[x].side, m[x].organised, m[x].attendance = 0, 1, 1.0
        s.now[0].fear = 0.5
        for history in range(1, 60):  # a history in which he dares
            s.now[0].history = history
            m[x].side, m[x].rung = 0, 0
            against, fighter = congress.debate(made.w, made.p, s)
            if against > 0:
                break
        found["secret" if secret else "open"] = against
    return found


def crowd() -> dict:
    """How often one number of luck served two draws of a month, by decision site, in a case of more than 64 people."""
    sizes = Sizes(people=90, places=4, posts=6, months=4, seed=3)
    compiled = plan("ussr-1953").compiled
    row = random_row(compiled, sizes.seed)
    p = parameter_table(compiled.parameters, row[None, :])[0]
    world = random_world(sizes)
    w, s = for_kernel(world), allocate(world)
    asked: dict[int, list] = {site: [] for site in (luck.APPOINT, luck.JUDGEMENT, luck.BOSS, luck.TIES, luck.BLOCS)}
    uniform, normal = luck.uniform, luck.normal

    def counting(draw):
        def counted(w, s, site, actor):
            if site in asked:
                asked[site].append((s.now[0].month, actor))
            return draw(w, s, site, actor)

        return counted

    luck.uniform, luck.normal = counting(uniform), counting(normal)
    try:
        s.now[0].tracing = 0
        start(w, p, s, 1)
        steps = [month.mechanism(name).module.step for name in month.STANDARD]
        for t in range(1, sizes.months):
            s.now[0].month = t
            s.now[0].renewed = 1
            for office in s.office:
                office.holder = -1
            for place in s.local:
                place.boss = -1
            for step in steps:
                step(w, p, s)
    finally:
        luck.uniform, luck.normal = uniform, normal
    return {str(site): [len(draws), len(draws) - len(set(draws))] for site, draws in asked.items()}


def main() -> None:
    found = {"crowd": crowd(), "filling": filling(), "careers": careers(), "thresholds": thresholds(), "ballots": ballots(), "assemblies": assemblies()}
    Path(sys.argv[1]).write_text(json.dumps(found, default=float))


if __name__ == "__main__":
    main()
