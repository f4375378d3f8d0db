"""What the choice to convene, the charge of deviation and the rivals of sole rule do, for the tests: `python choice_facts.py OUT`, NUMBA_DISABLE_JIT=1.

Rooms of the case of 1953 at its start with everything about persons drawn at random, one number changed at a time.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from rival_facts import Room

from politburo.engine.mechanisms import congress, congress_contest, congress_distance, motions, rule
from politburo.engine.standing import deviation, line_of

GRID = (0.0, 0.25, 0.5, 1.0)


def shaken(made: Room, seed: int) -> None:
    """The start, with sides, seats, followings, powers and past motions drawn."""
    rng = np.random.default_rng(seed)
    made.restart(seed)
    s = made.s
    shares = rng.random(len(s.people)) * (rng.random(len(s.people)) < 0.5)
    shares *= rng.random() / max(shares.sum(), 1e-9)
    for i, person in enumerate(s.people):
        person.side, person.seats, person.seen = int(rng.random() < 0.6), shares[i], float(rng.random())
        person.moved = int(rng.integers(-99, 40))
    s.now[0].free_seats = 1.0 - shares.sum()
    for r in range(len(s.local)):
        row = rng.random(len(s.people) + 1)
        s.clients[r] = row / row.sum()
    s.now[0].month, s.now[0].last_congress = 40, 40 - made.w.rule[0].interval - int(rng.integers(0, 12))
    s.now[0].leader = int(s.member[0])
    s.now[0].ruler = int(s.member[0]) if rng.random() < 0.3 else -1


def convening() -> dict:
    """Chances by `lapse`; what the gain is made of; when congresses are held that would have been held without it, too."""
    found = {"plain": [], "chances": [], "gains": [], "rivals stronger": [], "floor lost": []}
    made = Room()
    s, m = made.s, made.s.people
    for seed in range(1, 40):
        shaken(made, seed)
        top = congress.largest_bloc(s)
        found["plain"].append(made.p.convene * (1.0 - top) * (1.0 - top) * (0.5 if s.now[0].ruler >= 0 else 1.0))
        row = []
        for lapse in GRID:
            made.p.lapse = lapse
            row.append(congress.chance_of(made.w, made.p, s, top))
        found["chances"].append(row)
        before = congress.gain(s)
        found["gains"].append(before)
        out = [i for i in range(len(m)) if m[i].circle == 2 and m[i].side == 0]
        if out:
            m[out[0]].seen += 0.5
            found["rivals stronger"].append([before, congress.gain(s)])
            m[out[0]].seen -= 0.5
        other = next(i for i in range(len(m)) if m[i].circle < 2 and i != s.now[0].leader and m[i].side == 1)
        m[other].moved = -99
        whole = [m[i].side for i in range(len(m))]
        m[other].side = 0
        found["floor lost"].append([before, congress.gain(s)])
        for i, side in enumerate(whole):
            m[i].side = side
    shaken(made, 1)
    for person in m:
        person.side, person.moved, person.seats = 1, -99, 0.0
    m[s.now[0].leader].seats = 0.4
    found["nothing to win"] = congress.gain(s)
    out = int(s.member[1])
    m[out].side = 0
    found["somebody shut out"] = congress.gain(s)
    m[out].circle, m[out].moved = 0, s.now[0].last_congress + 1
    found["a defeat to be ratified"] = congress.gain(s)
    m[out].moved = s.now[0].last_congress
    found["an old defeat"] = congress.gain(s)
    return found


def meetings() -> dict:
    """In which months of a window congresses met, by mechanism and `lapse`, on the same luck, if everything else stands still."""
    found = {}
    for module in (congress, congress_contest, congress_distance):
        made, rows = Room(), []
        for lapse in GRID:
            made.p.lapse = lapse
            held = []
            for seed in range(1, 30):
                shaken(made, seed)
                module.step(made.w, made.p, made.s)
                held.append(made.s.now[0].last_congress == 40)
            rows.append(held)
        found[module.__name__.rsplit(".", 1)[1]] = rows
    return found


def charges() -> dict:
    """Attention that quiet and organised members draw, by `heresy`, beside how far they deviate."""
    found = {"deviation": [], "quiet": [], "activity": [], "organised": []}
    made = Room()
    s, m = made.s, made.s.people
    for seed in range(1, 25):
        shaken(made, seed)
        rng = np.random.default_rng(seed)
        s.stance[:] = rng.uniform(-1, 1, s.stance.shape)
        x = int(s.member[2])
        m[x].organised = 0
        line = line_of(made.w, s)
        found["deviation"].append(deviation(made.w, s, x) - line)
        row = []
        for heresy in (0.0, 1.0, 3.0):
            made.p.heresy = heresy
            row.append(motions.activity(made.w, made.p, s, x, line))
        found["activity"].append(row)
        m[x].organised = 1
        found["organised"].append(motions.activity(made.w, made.p, s, x, line))
        m[x].organised = 0
    found["quiet"] = made.p.quiet
    return found


def ruling() -> dict:
    """Whether the leader rules alone while an ambitious member sits in the circle: condemned or not, by `rule_condemned`."""
    found = {}
    for condemned in (0, 1):
        row = []
        for weight in (0.0, 0.3, 1.0):
            made = Room(rule_rivals=0.5, rule_seats=0.5, rule_condemned=weight)
            s, m = made.s, made.s.people
            leader, rival = int(s.member[0]), int(s.member[1])
            for i in range(len(m)):
                m[i].side, m[i].seats, m[i].ambition = 1, 0.0, 0.2
                s.affinity[i, leader] = 1.0
            m[leader].seats, m[rival].ambition, m[rival].side, m[rival].rung = 0.7, 0.9, 0, condemned
            s.now[0].free_seats, s.now[0].leader, s.now[0].arbiter, s.now[0].ruler = 0.3, leader, -1, -1
            rule.step(made.w, made.p, s)
            row.append(s.now[0].ruler == leader)
            s.now[0].ruler = -1
            m[rival].circle = 0
            rule.step(made.w, made.p, s)
            row.append(s.now[0].ruler == leader)
        found[str(condemned)] = row
    return found


def main() -> None:
    found = {"convening": convening(), "meetings": meetings(), "charges": charges(), "ruling": ruling()}
    Path(sys.argv[1]).write_text(json.dumps(found, default=float))


if __name__ == "__main__":
    main()
