"""The reduced model in NumPy: many histories at once, histories in the last axis.

Written to be fast: in place, out= everywhere that matters, each pair of leaders once (a leader against all later ones, so
that the work stays in the second-level cache), whole numbers that find a seat's patron and region kept ready for `take`, sparse
indexing for what is rare (deaths, sanctions, elections). Shares of posts are the exception to the order of axes: histories
come first there, so that a post is one run of 25 numbers and the sum over regions a batch of small matrix products.
"""

from __future__ import annotations

import numpy as np

from .keyed import Blocks, uniforms
from .world import (
    APPOINT,
    CLIENT,
    FROM,
    HARVEST,
    HAZARD,
    HEALTH,
    ISSUES,
    JUDGEMENT,
    LEADERS,
    LEAST_SEATS,
    LINE,
    LOYALTY,
    MONTHS,
    MOST_SEATS,
    MOTION,
    NOMINATE,
    PARAMETERS,
    POSTS,
    REGIONS,
    REGULAR,
    REGULARLY,
    SANCTION,
    STAY,
    STRIKE,
    SUCCESSOR,
    TARGET,
    circle_limit,
    first_seats,
    world,
)


class Histories:
    """`count` histories from `first`; `keyed` draws the engine's luck, else NumPy's fastest generator is used."""

    def __init__(self, count: int, first: int = 0, seed: int = 0, keyed: bool = False):
        w, n, h = world(seed), LEADERS, count
        self.w, self.count, self.seed, self.keyed = w, count, seed, keyed
        self.p = PARAMETERS
        self.histories = np.arange(first, first + count)
        self.rng = np.random.Generator(np.random.SFC64(seed))
        self._successor = Blocks()

        def spread(array):
            return np.repeat(np.ascontiguousarray(array, float)[..., None], h, axis=-1)

        trait = np.clip(w.trait, [0.01, 0, 0, 0, 0], 1.0)
        self.prestige, self.flexibility, self.ambition, self.organising = (
            spread(trait[:, i]) for i in range(4)
        )
        self.born = spread(w.person["born"]).astype(np.int64)
        self.ideal, self.opinion = spread(w.ideal.T), spread(w.opinion)
        self.stance, self.line = self.ideal.copy(), np.zeros((ISSUES, h))
        self.affinity = spread(w.tie)
        shares = np.concatenate([w.cadres, 1.0 - w.cadres.sum(axis=1, keepdims=True)], axis=1)
        self.clients = np.repeat(shares[None], h, axis=0)
        self.cadres, self.power = np.zeros((n, h)), np.zeros((n, h))
        self.harvest, self.weight = np.zeros((REGIONS, h)), np.zeros((REGIONS, h))
        self.boss = spread(w.place["boss"]).astype(np.int64)
        self.size_of_region = np.ascontiguousarray(w.place["weight"])[:, None]
        self.strength = np.ascontiguousarray(w.place["strength"])
        self.side = np.ones((n, h))
        self.circle = spread(w.circle == 2)
        self.secretary, self.leader = np.zeros(h, np.int64), np.full(h, -1)
        self.passed, self.failed = np.zeros(h, np.int64), np.zeros(h, np.int64)
        self.deaths = np.zeros(h, np.int64)
        self.share_of_yes, self.balance = np.ones(h), np.zeros(h)
        self.all = np.arange(h)
        self.scale = np.sqrt(w.issue_weight)
        # Seats: patron (24: nobody, also where there is no seat) and region, and the places of both in flat arrays.
        patron, region, loyalty = first_seats()
        self.size = np.full(h, int(w.rule[0]["committee_size"]))
        self.patron = np.repeat(patron[:, None], h, axis=1)
        self.region = np.repeat(region[:, None], h, axis=1)
        self.loyalty = spread(loyalty)
        self.flat_region = self.region * h + self.all
        self.flat_patron = self.patron * h + self.all
        self.number = np.arange(MOST_SEATS)[:, None]
        self.argument = np.zeros((n + 1, h))
        self.congresses = self.month = 0
        self.set_seats()
        self._vote = [np.empty((MOST_SEATS, h)) for _ in range(3)]
        self._pair = [np.empty((n, h)) for _ in range(3)]
        self._posts = np.empty_like(self.weight)

    def draw(self, site: int, count: int, which=None) -> np.ndarray:
        """(count, H) numbers in (0, 1), for all histories or those in `which`."""
        if self.keyed:
            return uniforms(
                self.seed, self.histories if which is None else self.histories[which], self.month, site, count
            )
        return self.rng.random((count, self.count if which is None else len(which)))

    def regularly(self, site: str, count: int) -> np.ndarray:
        """(count, H) of the month's regular numbers: a view."""
        return self.regular[FROM[site] : FROM[site] + count]

    def set_seats(self):
        """After an election: which seats there are, and how many each leader's clients hold."""
        h = self.count
        self.most = int(self.size.max())
        self.there = self.number < self.size
        held = np.where(self.there, self.flat_patron, LEADERS * h + self.all)
        self.seats = np.bincount(held.reshape(-1), minlength=(LEADERS + 1) * h)[: LEADERS * h].reshape(LEADERS, h)
        self.seats = self.seats / self.size

    def lose_seats(self, gone, which):
        """Seats (a mask over seats and some histories) whose holders have no patron any more."""
        n, at = np.nonzero(gone)
        h = which[at]
        self.patron[n, h] = LEADERS
        self.flat_patron[n, h] = LEADERS * self.count + h

    def deaths_(self):
        age = self.month - self.born
        age //= 12
        dead, where = np.nonzero(self.regularly(HEALTH, LEADERS) < HAZARD.take(age))
        while len(dead):
            # One death a history at a time, in the order of slots.
            h, once = np.unique(where, return_index=True)
            self.replace(dead[once], h)
            dead, where = np.delete(dead, once), np.delete(where, once)

    def replace(self, i, h):
        """Successors of the leaders i in the histories h (each history once)."""
        n = LEADERS
        if self.keyed:
            blocks = (8 * i + np.arange(8)[:, None]).astype(np.uint64)
            words = self._successor.words(blocks, self.month, SUCCESSOR, self.histories[h].astype(np.uint64), self.seed)
            u = (words[0] + 0.5) * (1.0 / 4294967296.0)
        else:
            u = self.rng.random((8, len(h)))
        self.prestige[i, h] = 0.1 + 0.4 * u[0]
        self.flexibility[i, h], self.ambition[i, h], self.organising[i, h] = u[1:4]
        ideal = 2.0 * u[4:7] - 1.0
        self.ideal[:, i, h] = ideal
        self.stance[:, i, h] = ideal
        self.born[i, h] = self.month - 420 - (180.0 * u[7]).astype(np.int64)
        self.affinity[i, :, h] = 0.0
        self.affinity[:, i, h] = 0.0
        self.seats[i, h] = 0.0
        self.lose_seats(self.patron[:, h] == i, h)
        self.clients[h, :, n] += self.clients[h, :, i]
        self.clients[h, :, i] = 0.0
        self.circle[i, h] = 0.0
        self.side[i, h] = 1.0
        self.deaths[h] += 1
        self.secretary[h] = np.where(self.secretary[h] == i, -1, self.secretary[h])

    def economy(self):
        p, signal = self.p, self.w.signal[self.month]
        weather = self.regularly(HARVEST, REGIONS)
        weather *= 2.0 * p["weather"]
        weather += signal[ISSUES] - p["weather"]
        weather -= self.harvest
        weather *= p["harvest_speed"]
        self.harvest += weather
        np.multiply(self.harvest, p["tilt"], out=self.weight)
        self.weight += 1.0
        self.weight *= self.size_of_region
        target = np.repeat(signal[:ISSUES, None], self.count, axis=1)
        target[0] += p["grain"] * (self.size_of_region[:, 0] @ self.harvest)
        target -= self.opinion
        target *= p["opinion_speed"]
        self.opinion += target

    def stances(self):
        p = self.p
        bend = self.flexibility * self.side
        target = self.opinion[:, None] - self.ideal
        target *= bend
        target += self.ideal
        target -= self.stance
        target *= p["stance_speed"]
        self.stance += target

    def appointments(self):
        p, g, h = self.p, self.secretary, self.all
        u = self.regularly(APPOINT, 4 * POSTS).reshape(POSTS, 4, -1)
        grip = np.where(g >= 0, p["grip"] * self.organising[g, h], 0.0)
        place = (u[:, 0] * REGIONS).astype(np.int64)
        size = p["post"] * (0.5 + u[:, 2])
        for post in range(POSTS):
            r, who = place[post], u[post, 1]
            boss, strength = self.boss[r, h], self.strength[r]
            given = grip * (1.0 - p["resistance"] * strength * (1.0 - self.side[boss, h]))
            patron = np.where(who < given + (1.0 - given) * strength, boss, LEADERS)
            patron = np.where(who < given, g, patron)
            shares = self.clients[h, r]
            shares *= (1.0 - size[post])[:, None]
            shares[h, patron] += size[post]
            self.clients[h, r] = shares
            self.boss[r, h] = np.where((patron < LEADERS) & (u[post, 3] < p["promotion"]), patron, boss)

    def power_(self):
        p, h = self.p, self.all
        cadres = np.matmul(self.weight.T[:, None], self.clients)[:, 0, :LEADERS]
        np.divide(cadres.T, self.weight.sum(axis=0), out=self.cadres)
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
        """Who is valued how by the two camps is one weighted sum: the mean of the outside less the mean of the inside."""
        p, power, n = self.p, self.power, LEADERS
        inside_power = power * self.side
        inside, total = inside_power.sum(axis=0), power.sum(axis=0)
        outside = np.where(inside < total, total - inside, 0.0)
        some = outside > 0.0
        self.balance = (inside - outside) / total
        within, without = 1.0 / inside, np.where(some, 1.0 / np.where(some, outside, 1.0), 0.0)
        weigh = power * without
        weigh -= inside_power * (within + without)
        stance = self.stance * (p["ideology"] * self.scale[:, None, None])
        menace = p["threat"] * self.ambition * power
        pull = np.einsum("jh,jih->ih", weigh, self.affinity)
        pull *= -p["affinity"]
        for i in range(n - 1):
            # Leader i and all later ones, each pair once: its distance, then what each of the two is to the other.
            later, square, gap, nearness = slice(i + 1, n), *(room[: n - 1 - i] for room in self._pair)
            np.subtract(stance[0, later], stance[0, i], out=square)
            square *= square
            for k in range(1, ISSUES):
                np.subtract(stance[k, later], stance[k, i], out=gap)
                gap *= gap
                square += gap
            np.sqrt(square, out=square)
            np.add(power[later], power[i], out=nearness)
            np.reciprocal(nearness, out=nearness)
            np.multiply(nearness, menace[later], out=gap)
            gap += square
            pull[i] += np.einsum("jh,jh->h", weigh[later], gap)
            nearness *= menace[i]
            nearness += square
            nearness *= weigh[i]
            pull[later] += nearness
        pull += p["strength"] * self.balance + np.where(some, 0.0, p["alone"])
        pull += p["judgement"] * (2.0 * self.regularly(JUDGEMENT, n) - 1.0)
        np.greater_equal(pull, 0.0, out=self.side, casting="unsafe")
        self.side[self.leader, self.all] = 1.0

    def count_yes(self, site: int, argument: np.ndarray, which=None) -> np.ndarray:
        """Seats that vote yes, in all histories or those in `which`; `argument` (25, H) is what patrons say."""
        most = self.most
        there, loyalty = self.there[:most], self.loyalty[:most]
        patron, region = self.flat_patron[:most], self.flat_region[:most]
        if which is not None:
            there, loyalty, region = there[:, which], loyalty[:, which], region[:, which]
            patron = self.patron[:most, which] * len(which) + np.arange(len(which))
        v, mood, root = (room[:most, : patron.shape[1]] for room in self._vote)
        if which is not None:
            v, mood, root = (np.empty(patron.shape) for _ in range(3))
        np.take(self.harvest.reshape(-1), region, out=mood, mode="clip")
        mood *= self.p["mood"]
        np.take(argument.reshape(-1), patron, out=v, mode="clip")
        v -= mood
        v *= loyalty
        v += mood
        # u < 1/2 + v / (2 sqrt(1 + v v)) is a |a| (1 + v v) < v |v| with a = 2 u - 1: no root, no division.
        luck = self.draw(site, most, which)
        luck *= 2.0
        luck -= 1.0
        np.abs(luck, out=root)
        luck *= root
        np.abs(v, out=root)
        np.multiply(v, v, out=mood)
        mood += 1.0
        luck *= mood
        v *= root
        yes = luck < v
        yes &= there
        return np.add.reduce(yes.view(np.uint8), axis=0, dtype=np.uint8).astype(np.int64)

    def move_line(self):
        """The leader moves the party's line on one issue to his stance."""
        p, k, n, h = self.p, self.month % ISSUES, LEADERS, self.all
        stance = self.stance[k]
        new, old = stance[self.leader, h], self.line[k]
        argument = self.argument
        np.abs(stance - old, out=argument[:n])
        argument[:n] -= np.abs(stance - new)
        argument[:n] *= p["conviction"]
        argument[:n] += p["discipline"] * (2.0 * self.side - 1.0)
        argument[n] = p["machine"] * self.balance
        yes = self.count_yes(LINE, argument)
        self.share_of_yes = yes / self.size
        passed = yes > p["majority"] * self.size
        self.line[k] = np.where(passed, new, old)
        his = self.prestige[self.leader, h]
        self.prestige[self.leader, h] = np.where(
            passed, his + p["credit"] * (1.0 - his), his * (1.0 - p["credit"])
        )

    def move_sanction(self):
        """The camp moves against the strongest and most ambitious member of the circle who stands outside it."""
        p, n = self.p, LEADERS
        due = np.nonzero(self.regularly(MOTION, 1)[0] < p["motion_rate"])[0]
        if len(due) == 0:
            return
        eye = self.draw(TARGET, n, due)
        eye += 0.5
        eye *= self.circle[:, due] * (1.0 - self.side[:, due]) * (self.power[:, due] * self.ambition[:, due])
        x = np.argmax(eye, axis=0)
        found = eye[x, np.arange(len(due))] > 0.0
        due, x = due[found], x[found]
        if len(due) == 0:
            return
        side = self.side[:, due]
        towards = self.affinity[:, x, due]
        argument = np.empty((n + 1, len(due)))
        argument[:n] = p["discipline"] * (2.0 * side - 1.0) - p["loyalty"] * towards
        argument[x, np.arange(len(due))] = -2.0 * p["discipline"]
        argument[n] = p["machine"] * self.balance[due]
        passed = self.count_yes(SANCTION, argument, due) > p["majority"] * self.size[due]
        self.failed[due] += ~passed
        self.passed[due] += passed
        due, x, side, towards = due[passed], x[passed], side[:, passed], towards[:, passed]
        if len(due) == 0:
            return
        self.circle[x, due] = 0.0
        self.prestige[x, due] *= 1.0 - p["shame"]
        gone = (self.patron[:, due] == x) & (self.loyalty[:, due] < 0.65)
        self.seats[x, due] -= (gone & self.there[:, due]).sum(axis=0) / self.size[due]
        self.lose_seats(gone & self.there[:, due], due)
        his = self.affinity[x, :, due].T
        self.affinity[x, :, due] = np.where(side > 0.0, np.maximum(-1.0, his - p["spite"]), his).T
        warmer = np.where(side > 0.0, towards, np.minimum(1.0, towards + p["spite"]))
        warmer[x, np.arange(len(due))] = 0.0
        self.affinity[:, x, due] = warmer

    def congress(self):
        if (self.month + 1) % 12 == 0:
            self.elect()
            self.promote()

    def elect(self):
        """A new committee, seat by seat."""
        p, n = self.p, LEADERS
        before = self.size
        change = np.where(self.share_of_yes < p["thin"], int(p["growth"]), -int(p["shrinkage"]))
        self.size = np.clip(before + change, LEAST_SEATS, MOST_SEATS)
        most = int(self.size.max())
        stay, client, strike, loyalty = (self.draw(site, most) for site in (STAY, CLIENT, STRIKE, LOYALTY))
        for seat in range(most):
            h = np.nonzero(((stay[seat] >= p["carry"]) | (seat >= before)) & (seat < self.size))[0]
            r = (seat + 37 * self.congresses) % REGIONS
            upto = np.cumsum(self.clients[h, r, :n], axis=1)
            patron = (upto <= client[seat, h, None]).sum(axis=1)
            struck = (patron < n) & (self.side[patron % n, h] == 0.0) & (strike[seat, h] < p["slate"])
            patron = np.where(struck, self.leader[h], patron)
            self.patron[seat, h] = patron
            self.region[seat, h] = r
            self.flat_patron[seat, h] = patron * self.count + h
            self.flat_region[seat, h] = r * self.count + h
            self.loyalty[seat, h] = 0.3 + 0.7 * loyalty[seat, h]
        self.congresses += 1
        self.set_seats()

    def promote(self):
        """The circle is filled from the camp."""
        p, h = self.p, self.all
        liking = self.affinity[self.leader, :, h].T
        value = self.seats + self.prestige + liking + 0.3 * self.draw(NOMINATE, LEADERS)
        value = np.where((self.circle == 0.0) & (self.side > 0.0), value, -np.inf)
        vacancies = circle_limit(self.size) - self.circle.sum(axis=0)
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
        self.regular = self.draw(REGULAR, REGULARLY)
        self.deaths_()
        self.economy()
        self.stances()
        self.appointments()
        self.power_()
        self.alliances()
        self.move_line()
        self.move_sanction()
        self.congress()
        self.month += 1

    def run(self, months: int = MONTHS) -> Histories:
        for _ in range(months):
            self.step()
        return self

    def final(self, h: int) -> dict[str, np.ndarray]:
        """The state of one history, by names that all three implementations use."""
        names = ("prestige", "seats", "cadres", "power", "side", "circle", "stance", "affinity", "opinion")
        state = {name: getattr(self, name)[..., h] for name in (*names, "line", "harvest", "boss")}
        state["stance"], state["clients"] = state["stance"].T, self.clients[h]
        size = int(self.size[h])
        state |= {name: getattr(self, name)[:size, h] for name in ("patron", "region", "loyalty")}
        state["counts"] = np.array(
            [self.passed[h], self.failed[h], self.deaths[h], self.leader[h], self.secretary[h], size]
        )
        return state
