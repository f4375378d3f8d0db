"""The reduced model in NumPy: many histories at once, histories in the last axis.

Written to be fast: in place, out= everywhere that matters, no temporaries of the size of all pairs, sparse indexing for what
is rare (deaths, motions). `rows` leaders are handled at once in the step over all pairs: 24 is the plain
vectorised form over whole (24, 24, H) arrays, 1 keeps the work in the second-level cache and is the faster.
"""

from __future__ import annotations

import numpy as np

from politburo.engine import luck

from .keyed import uniforms
from .world import CIRCLE, ISSUES, LEADERS, MONTHS, PARAMETERS, PLACES, world

SUCCESSOR = luck.USER


def sway(y):
    """Share of yes at net argument y."""
    return 0.5 + y / (2.0 * np.sqrt(1.0 + y * y))


class Histories:
    """`count` histories from `first`; `keyed` draws the engine's luck, else NumPy's fastest generator is used."""

    def __init__(self, count: int, first: int = 0, seed: int = 0, keyed: bool = False, rows: int = LEADERS):
        w, n, h = world(seed), LEADERS, count
        self.w, self.count, self.seed, self.keyed, self.rows = w, count, seed, keyed, rows
        self.p = PARAMETERS
        self.histories = np.arange(first, first + count)
        self.rng = np.random.Generator(np.random.SFC64(seed))

        def spread(array):
            return np.repeat(np.ascontiguousarray(array, float)[..., None], h, axis=-1)

        trait = np.clip(w.trait, [0.01, 0, 0, 0, 0], 1.0)
        self.prestige, self.flexibility, self.ambition, self.organising = (
            spread(trait[:, i]) for i in range(4)
        )
        self.born = spread(w.person["born"])
        self.ideal, self.opinion = spread(w.ideal.T), spread(w.opinion)
        self.stance = self.ideal.copy()
        self.affinity = spread(w.tie)
        self.seats, self.free = spread(w.bloc), np.full(h, 1.0 - w.bloc.sum())
        self.clients = spread(np.concatenate([w.cadres, 1.0 - w.cadres.sum(axis=1, keepdims=True)], axis=1))
        self.cadres, self.power = np.zeros((n, h)), np.zeros((n, h))
        self.side = np.ones((n, h))
        self.circle = spread(w.circle == 2)
        self.secretary, self.leader = np.zeros(h, np.int64), np.full(h, -1)
        self.passed, self.failed = np.zeros(h, np.int64), np.zeros(h, np.int64)
        self.deaths = np.zeros(h, np.int64)
        self.all = np.arange(h)
        self.weight, self.strength, self.boss = (
            w.place["weight"],
            w.place["strength"][:, None],
            w.place["boss"],
        )
        self.scale = np.sqrt(w.issue_weight)
        self.pair = [np.empty((rows, n, h)) for _ in range(3)]
        self.month = 0

    def draw(self, site: int, count: int, which=None) -> np.ndarray:
        """(count, H) numbers in (0, 1), for all histories or those in `which`."""
        if self.keyed:
            return uniforms(
                self.seed, self.histories if which is None else self.histories[which], self.month, site, count
            )
        return self.rng.random((count, self.count if which is None else len(which)))

    def deaths_(self):
        p, n = self.p, LEADERS
        age = (self.month - self.born) * (1.0 / 720.0)
        age *= age
        age *= age
        age *= age
        age *= p["mortality"]
        for i, h in zip(*np.nonzero(self.draw(luck.HEALTH, n) < age), strict=True):
            u = (
                uniforms(self.seed, self.histories[h : h + 1], self.month, SUCCESSOR, 8, 2 * i)[:, 0]
                if self.keyed
                else self.rng.random(8)
            )
            self.prestige[i, h] = 0.1 + 0.4 * u[0]
            self.flexibility[i, h], self.ambition[i, h], self.organising[i, h] = u[1:4]
            self.ideal[:, i, h] = self.stance[:, i, h] = 2.0 * u[4:7] - 1.0
            self.born[i, h] = self.month - (420.0 + 180.0 * u[7])
            self.affinity[i, :, h] = 0.0
            self.affinity[:, i, h] = 0.0
            self.free[h] += self.seats[i, h]
            self.seats[i, h] = 0.0
            self.clients[:, n, h] += self.clients[:, i, h]
            self.clients[:, i, h] = 0.0
            self.circle[i, h] = 0.0
            self.side[i, h] = 1.0
            self.deaths[h] += 1
            if self.secretary[h] == i:
                self.secretary[h] = -1

    def opinion_and_stances(self):
        p = self.p
        self.opinion += p["opinion_speed"] * (self.w.signal[self.month, :ISSUES, None] - self.opinion)
        bend = self.flexibility * self.side
        target = self.opinion[:, None] - self.ideal
        target *= bend
        target += self.ideal
        target -= self.stance
        target *= p["stance_speed"]
        self.stance += target

    def appointments(self):
        p, n, g, h = self.p, LEADERS, self.secretary, self.all
        refill = self.draw(luck.APPOINT, PLACES)
        refill *= 2.0 * p["turnover"]
        refill *= 1.0 - p["resistance"] * self.strength * (1.0 - self.side[self.boss])
        given = np.where(g >= 0, p["grip"] * self.organising[g, h], 0.0)
        own = (0.5 * (1.0 - given)) * self.strength
        self.clients *= (1.0 - refill)[:, None]
        there = np.nonzero(g >= 0)[0]
        self.clients[:, g[there], there] += refill[:, there] * given[there]
        self.clients[np.arange(PLACES), self.boss] += refill * own
        self.clients[:, n] += refill * (1.0 - given - own)
        np.matmul(self.weight, self.clients[:, :n].reshape(PLACES, -1), out=self.cadres.reshape(-1))

    def power_(self):
        p, h = self.p, self.all
        np.multiply(self.cadres, p["cadre_weight"], out=self.power)
        self.power += self.prestige
        self.power += p["seat_weight"] * self.seats
        there = np.nonzero(self.secretary >= 0)[0]
        self.power[self.secretary[there], there] += p["office"]
        inside = self.circle * self.side
        leader = np.argmax(np.where(inside > 0.0, self.power, -1.0), axis=0)
        none = np.nonzero(inside[leader, h] == 0.0)[0]
        if len(none):
            leader[none] = np.argmax(self.power[:, none], axis=0)
        self.leader = leader
        self.side[leader, h] = 1.0
        vacant = np.nonzero(self.secretary < 0)[0]
        if len(vacant):
            able = np.where(self.side[:, vacant] > 0.0, self.organising[:, vacant], -1.0)
            self.secretary[vacant] = np.argmax(able, axis=0)

    def alliances(self):
        p, power, rows = self.p, self.power, self.rows
        inside_power = power * self.side
        outside_power = power - inside_power
        inside, outside = inside_power.sum(axis=0), outside_power.sum(axis=0)
        stance = self.stance * self.scale[:, None, None]
        menace = p["threat"] * self.ambition * power
        near, far = np.empty_like(power), np.empty_like(power)
        u, gap, square = self.pair
        for top in range(0, LEADERS, rows):
            block = slice(top, top + rows)
            np.subtract(stance[0, block, None], stance[0], out=square)
            square *= square
            for k in range(1, ISSUES):
                np.subtract(stance[k, block, None], stance[k], out=gap)
                gap *= gap
                square += gap
            np.sqrt(square, out=square)
            square *= p["ideology"]
            np.multiply(self.affinity[:, block].transpose(1, 0, 2), p["affinity"], out=u)
            u -= square
            np.add(power[block, None], power, out=gap)
            np.divide(menace, gap, out=gap)
            u -= gap
            for i in range(rows):
                u[i, top + i] = 0.0
            np.einsum("jh,ijh->ih", inside_power, u, out=near[block])
            np.einsum("jh,ijh->ih", outside_power, u, out=far[block])
        near /= inside
        some = outside > 0.0
        near -= np.where(some, far / np.where(some, outside, 1.0), -p["alone"])
        near += p["strength"] * (inside - outside) / (inside + outside)
        near += p["judgement"] * (2.0 * self.draw(luck.JUDGEMENT, LEADERS) - 1.0)
        np.greater_equal(near, 0.0, out=self.side, casting="unsafe")
        self.side[self.leader, self.all] = 1.0

    def motions(self):
        p = self.p
        due = np.nonzero(self.draw(luck.MOTION, 1)[0] < p["motion_rate"])[0]
        if len(due) == 0:
            return
        eye = self.draw(luck.TARGET, LEADERS, due)
        eye += 0.5
        eye *= self.circle[:, due] * (1.0 - self.side[:, due]) * self.power[:, due] * self.ambition[:, due]
        x = np.argmax(eye, axis=0)
        found = eye[x, np.arange(len(due))] > 0.0
        due, x = due[found], x[found]
        if len(due) == 0:
            return
        at = np.arange(len(due))
        side, seats = self.side[:, due], self.seats[:, due]
        towards = self.affinity[:, x, due]
        y = p["discipline"] * (2.0 * side - 1.0) - p["loyalty"] * towards
        y += p["noise"] * (2.0 * self.draw(luck.COUNT, LEADERS, due) - 1.0)
        yes = sway(y)
        yes[x, at] = 0.0
        ours = (seats * side).sum(axis=0)
        total = (seats * yes).sum(axis=0)
        total += self.free[due] * sway(p["machine"] * (ours - (seats * (1.0 - side)).sum(axis=0)))
        passed = total > p["majority"]
        self.failed[due] += ~passed
        self.passed[due] += passed
        due, x, side, towards = due[passed], x[passed], side[:, passed], towards[:, passed]
        if len(due) == 0:
            return
        self.circle[x, due] = 0.0
        self.free[due] += 0.5 * self.seats[x, due]
        self.seats[x, due] *= 0.5
        self.prestige[x, due] *= 1.0 - p["shame"]
        his = self.affinity[x, :, due].T
        self.affinity[x, :, due] = np.where(side > 0.0, np.maximum(-1.0, his - p["spite"]), his).T
        warmer = np.where(side > 0.0, towards, np.minimum(1.0, towards + p["spite"]))
        warmer[x, np.arange(len(due))] = 0.0
        self.affinity[:, x, due] = warmer

    def congress(self):
        p, h = self.p, self.all
        if (self.month + 1) % 12:
            return
        self.seats *= p["carry"]
        self.seats += (1.0 - p["carry"]) * self.cadres * (p["slate"] + (1.0 - p["slate"]) * self.side)
        self.free = 1.0 - self.seats.sum(axis=0)
        liking = self.affinity[self.leader, :, h].T
        value = self.seats + self.prestige + liking + 0.3 * self.draw(luck.NOMINATE, LEADERS)
        value = np.where((self.circle == 0.0) & (self.side > 0.0), value, -np.inf)
        vacancies = CIRCLE - self.circle.sum(axis=0)
        while True:
            best = np.argmax(value, axis=0)
            some = np.nonzero((vacancies > 0.0) & (value[best, h] > -np.inf))[0]
            if len(some) == 0:
                return
            best = best[some]
            self.circle[best, some] = 1.0
            value[best, some] = -np.inf
            vacancies[some] -= 1.0
            leader = self.leader[some]
            warmer = np.minimum(1.0, self.affinity[best, leader, some] + p["debt"])
            self.affinity[best, leader, some] = np.where(best == leader, 0.0, warmer)

    def step(self):
        """One month."""
        self.deaths_()
        self.opinion_and_stances()
        self.appointments()
        self.power_()
        self.alliances()
        self.motions()
        self.congress()
        self.month += 1

    def run(self, months: int = MONTHS) -> Histories:
        for _ in range(months):
            self.step()
        return self

    def final(self, h: int) -> dict[str, np.ndarray]:
        """The state of one history, by names that all three implementations use."""
        names = (
            "prestige",
            "seats",
            "cadres",
            "power",
            "side",
            "circle",
            "stance",
            "affinity",
            "clients",
            "opinion",
        )
        state = {name: getattr(self, name)[..., h] for name in names}
        state["stance"] = state["stance"].T
        state["counts"] = np.array(
            [self.passed[h], self.failed[h], self.deaths[h], self.leader[h], self.secretary[h]]
        )
        return state
