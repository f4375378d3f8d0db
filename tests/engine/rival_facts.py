"""What the rival mechanisms do in the plain engine, for the tests: `python rival_facts.py OUT`, NUMBA_DISABLE_JIT=1."""

from __future__ import annotations

import json
import sys
from itertools import combinations
from pathlib import Path

import numpy as np

from politburo.engine import month
from politburo.engine.ensemble import parameter_table
from politburo.engine.mechanisms import coalition_contest, coalition_minimal, coalition_quantal, coalition_standing, congress_distance
from politburo.engine.mechanisms import motions_challenge, patronage_quantal, patronage_standing, purge_threat
from politburo.engine.standing import cohesion, full_members
from politburo.engine.start import start
from politburo.engine.state import allocate, for_kernel
from politburo.lab.ensembles.provenance import plan
from politburo.lab.scoring.rivals import lend


class Room:
    """One history of the case of 1953 at its start, with the parameters of every rival; nothing in it is drawn around the coding."""

    def __init__(self, **values: float):
        call = plan("ussr-1953", coder_error=False)
        case = lend(call.case, month.names("politics"))
        names = tuple(case.parameters)
        row = np.array([values.get(name, case.parameters[name].value) for name in names], float)
        self.w, self.s = for_kernel(call.compiled.world), allocate(call.compiled.world)
        self.p = parameter_table(names, row[None, :])[0]
        self.s.now[0].tracing = 0
        self.restart(1)

    def restart(self, history: int) -> None:
        start(self.w, self.p, self.s, history)
        self.n = full_members(self.s)

    def powers(self, rng) -> list[int]:
        whole = rng.integers(50_000, 900_000, self.n)
        for a in range(self.n):
            self.s.people[self.s.member[a]].seen = float(whole[a]) / 1048576.0
        return [int(x) for x in whole]

    def sides(self) -> list[int]:
        return [self.s.people[self.s.member[a]].side for a in range(self.n)]


def coalitions() -> dict:
    """Chosen coalitions of random circles beside those found by going through all of them."""
    room, rng = Room(heat=0.01), np.random.default_rng(5)
    found = {"minimal": [], "standing": [], "quantal": []}
    for _ in range(6):
        room.restart(1)
        powers = room.powers(rng)
        n, total = room.n, sum(powers)
        coalition_minimal.form(room.w, room.s, n)
        mine = [a for a in range(n) if room.sides()[a]]
        every = [c for k in range(n // 2 + 1, n + 1) for c in combinations(range(n), k) if 2 * sum(powers[a] for a in c) > total]
        found["minimal"].append([sum(powers[a] for a in mine), min(sum(powers[a] for a in c) for c in every), len(mine), n])
        room.restart(1)
        for a in range(n):
            room.s.people[room.s.member[a]].seen = powers[a] / 1048576.0
        coalition_standing.form(room.w, room.s, n)
        found["standing"].append([powers, room.sides()])
        room.restart(1)
        for a in range(n):
            room.s.people[room.s.member[a]].seen = powers[a] / 1048576.0

        def cost(c, room=room, powers=powers):
            pairs = [(powers[i] * powers[j], cohesion(room.w, room.p, room.s, room.s.member[i], room.s.member[j])) for i, j in combinations(c, 2)]
            return sum(x * y for x, y in pairs) / sum(x for x, _ in pairs)

        coalition_quantal.form(room.w, room.p, room.s, n)
        mine = tuple(a for a in range(n) if room.sides()[a])
        costs = sorted(cost(c) for c in every)
        found["quantal"].append([cost(mine), costs[0], costs[min(20, len(costs) - 1)]])
    return found


def contests() -> dict:
    """How often the stronger camp wins, by decisiveness."""
    found = {}
    for decisiveness in (1.0, 20.0):
        room, wins = Room(decisiveness=decisiveness), 0
        for history in range(1, 201):
            room.restart(history)
            rng = np.random.default_rng(7)
            room.powers(rng)
            coalition_contest.form(room.w, room.p, room.s, room.n)
            inside = sum(room.s.people[room.s.member[a]].seen for a in range(room.n) if room.sides()[a])
            wins += 2 * inside > sum(room.s.people[room.s.member[a]].seen for a in range(room.n))
        found[str(decisiveness)] = wins / 200
    return found


def appointments() -> dict:
    """Followings after two years in which the fourth of the circle alone is powerful, and in which nobody but the first is near."""
    found = {}
    for name, module in (("standing", patronage_standing), ("quantal", patronage_quantal)):
        room = Room(turnover=0.08, grip=0.9, heat=0.01)
        chosen = room.s.member[3]
        for a in range(room.n):
            i = room.s.member[a]
            room.s.people[i].seen = 1.0 if i == chosen else 0.001
            for k in range(len(room.s.opinion)):
                room.s.stance[i, k] = room.s.opinion[k] if i == chosen else -0.9
            room.s.affinity[:, i] = 0.0
        before = room.s.people[chosen].cadres
        for t in range(24):
            room.s.now[0].month = t
            module.step(room.w, room.p, room.s)
        after = [room.s.people[i].cadres for i in range(len(room.s.people))]
        found[name] = {"before": before, "after": after[chosen], "most": max(after), "whole": float(np.abs(room.s.clients.sum(axis=1) - 1).max())}
    return found


def purges() -> dict:
    """Deaths by danger in many months of a purge."""
    room = Room(purge=0.02)
    ruler, dangerous, harmless = (room.s.member[a] for a in (0, 1, 2))
    counts = {"dangerous": 0, "harmless": 0}
    for history in range(1, 301):
        room.restart(history)
        room.s.now[0].ruler = ruler
        room.s.now[0].purge = 1
        for i, ambition, tie in ((dangerous, 1.0, -0.5), (harmless, 0.05, 0.9)):
            room.s.people[i].ambition = ambition
            room.s.affinity[i, ruler] = tie
        purge_threat.strike(room.w, room.p, room.s)
        counts["dangerous"] += 1 - room.s.people[dangerous].alive
        counts["harmless"] += 1 - room.s.people[harmless].alive
    return counts


def motions() -> dict:
    """Motions in a year against a strong enemy who is shut out, by what a failed challenge costs, and with nobody to challenge."""
    found = {}
    for cost in (0.0, 1000.0):
        room, count = Room(challenge_cost=cost, motion_rate=1.0, pause=1.0), 0
        room.w.rule[0].committee_threshold = 0.97  # so that a vote is likely to be lost
        for history in range(1, 21):
            room.restart(history)
            for i in range(len(room.s.people)):
                room.s.people[i].seen = 0.3
            room.s.now[0].leader = room.s.member[0]
            room.s.people[room.s.member[2]].side = 0
            motions_challenge.step(room.w, room.p, room.s)
            count += room.s.now[0].motions
        found[str(cost)] = count
    room = Room(motion_rate=1.0)
    room.s.now[0].leader = room.s.member[0]
    motions_challenge.step(room.w, room.p, room.s)
    found["nobody shut out"] = room.s.now[0].motions
    return found


def congresses() -> dict:
    """Seats after a congress that mirrors standing."""
    room = Room()
    before = np.array([q.seats for q in room.s.people])
    standing = [q.prestige + q.office for q in room.s.people]
    size = room.s.now[0].committee_size
    congress_distance.mirror(room.w, room.s)
    after = np.array([q.seats for q in room.s.people])
    larger = room.s.now[0].committee_size
    renewed = after - room.w.rule[0].seat_carry * size / larger * before
    return {"whole": float(after.sum()) + room.s.now[0].free_seats, "renewed": renewed.tolist(), "standing": standing, "larger": larger - size}


if __name__ == "__main__":
    facts = {f.__name__: f() for f in (coalitions, contests, appointments, purges, motions, congresses)}
    Path(sys.argv[1]).write_text(json.dumps(facts, default=float))
