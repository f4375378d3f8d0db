"""The reduced model in Mesa 3: leaders and places are agents with steps, the party is the model.

Written as a careful Mesa user would: one step a mechanism, agent sets called with `do`, lists instead of agent sets in the
inner loops (iterating an agent set costs a weak reference an agent), no data collector, no shuffling, because every rule is
simultaneous. Luck comes from the model's own generator; `luck` replaces it where the three implementations must agree.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import mesa

from politburo.engine.luck import APPOINT, COUNT, HEALTH, JUDGEMENT, MOTION, NOMINATE, TARGET, USER

from .world import CIRCLE, ISSUES, MONTHS, PARAMETERS, world


def sway(y: float) -> float:
    """Share of yes at net argument y."""
    return 0.5 + y / (2.0 * sqrt(1.0 + y * y))


class Leader(mesa.Agent):
    """One member of the leadership."""

    def __init__(self, model, slot, born, prestige, flexibility, ambition, organising, ideal):
        super().__init__(model)
        self.slot, self.born = slot, born
        self.prestige, self.flexibility, self.ambition, self.organising = (
            prestige,
            flexibility,
            ambition,
            organising,
        )
        self.ideal, self.stance = list(ideal), list(ideal)
        self.affinity: dict[Leader, float] = {}
        self.seats = self.cadres = self.power = self.pull = 0.0
        self.inside, self.full_member = True, False

    def age(self):
        a = (self.model.month - self.born) / 720.0
        if self.model.luck(HEALTH, self.slot) < self.model.p["mortality"] * a**8:
            self.model.replace(self)

    def speak(self):
        bend = self.flexibility if self.inside else 0.0
        speed, opinion = self.model.p["stance_speed"], self.model.opinion
        self.stance = [
            s + speed * (x + bend * (m - x) - s)
            for s, x, m in zip(self.stance, self.ideal, opinion, strict=True)
        ]

    def count_power(self):
        p = self.model.p
        self.power = self.prestige + p["cadre_weight"] * self.cadres + p["seat_weight"] * self.seats
        if self is self.model.secretary:
            self.power += p["office"]

    def weigh(self):
        """What the company of each other leader is worth, and so which camp draws more."""
        model, p = self.model, self.model.p
        liking, ideology, threat = p["affinity"], p["ideology"], p["threat"]
        wx, wy, wz = model.issue_weight
        x, y, z = self.stance
        power = self.power
        near = far = 0.0
        for other in model.leaders:
            if other is self:
                continue
            ox, oy, oz = other.stance
            distance = sqrt(wx * (x - ox) ** 2 + wy * (y - oy) ** 2 + wz * (z - oz) ** 2)
            value = liking * other.affinity[self] - ideology * distance
            value -= threat * other.ambition * other.power / (power + other.power)
            if other.inside:
                near += other.power * value
            else:
                far += other.power * value
        apart = far / model.outside_power if model.outside_power > 0.0 else -p["alone"]
        self.pull = (
            near / model.inside_power
            - apart
            + model.lean
            + p["judgement"] * (2.0 * model.luck(JUDGEMENT, self.slot) - 1.0)
        )

    def decide(self):
        self.inside = self.pull >= 0.0 or self is self.model.leader


class Place(mesa.Agent):
    """One local organisation: whose clients its officials are."""

    def __init__(self, model, number, weight, strength, boss, clients):
        super().__init__(model)
        self.number, self.weight, self.strength, self.boss = number, weight, strength, boss
        self.clients: dict[Leader, float] = clients
        self.unattached = 1.0 - sum(clients.values())

    def appoint(self):
        p, secretary, boss = self.model.p, self.model.secretary, self.boss
        refill = 2.0 * self.model.luck(APPOINT, self.number) * p["turnover"]
        if not boss.inside:
            refill *= 1.0 - p["resistance"] * self.strength
        given = p["grip"] * secretary.organising if secretary else 0.0
        own = 0.5 * (1.0 - given) * self.strength
        left = 1.0 - refill
        clients = self.clients = {leader: share * left for leader, share in self.clients.items()}
        if secretary:
            clients[secretary] += refill * given
        clients[boss] += refill * own
        self.unattached = self.unattached * left + refill * (1.0 - given - own)
        weight = self.weight
        for leader, share in clients.items():
            leader.cadres += weight * share

    def succeed(self, old, new):
        self.unattached += self.clients.pop(old)
        self.clients[new] = 0.0
        if self.boss is old:
            self.boss = new


class Party(mesa.Model):
    """The leadership and its local organisations. `luck(site, actor)` gives a number in (0, 1)."""

    def __init__(self, seed: int | None = None, luck: Callable[[int, int], float] | None = None):
        super().__init__(seed=seed)
        draw = self.random.random
        self.luck = luck or (lambda site, actor: draw())
        self.p, self.w, self.month = PARAMETERS, world(), 0
        w = self.w
        self.issue_weight, self.opinion = w.issue_weight.tolist(), w.opinion.tolist()
        self.signal = w.signal[:, :ISSUES].tolist()
        self.leaders = [
            Leader(self, i, int(w.person[i]["born"]), *w.trait[i, :4].tolist(), w.ideal[i].tolist())
            for i in range(len(w.person))
        ]
        for i, leader in enumerate(self.leaders):
            leader.seats, leader.full_member = float(w.bloc[i]), bool(w.circle[i] == 2)
            leader.affinity = {
                other: float(w.tie[i, j]) for j, other in enumerate(self.leaders) if other is not leader
            }
        for r, place in enumerate(w.place):
            clients = {leader: float(w.cadres[r, i]) for i, leader in enumerate(self.leaders)}
            Place(
                self,
                r,
                float(place["weight"]),
                float(place["strength"]),
                self.leaders[place["boss"]],
                clients,
            )
        self.places = self.agents_by_type[Place]
        self.free_seats = 1.0 - sum(leader.seats for leader in self.leaders)
        self.secretary: Leader | None = self.leaders[0]
        self.leader: Leader | None = None
        self.passed = self.failed = self.deaths = 0

    def replace(self, old: Leader):
        """A leader dies; his successor starts with nothing but his traits."""
        u = [self.luck(USER, 8 * old.slot + c) for c in range(8)]
        new = Leader(
            self,
            old.slot,
            self.month - (420.0 + 180.0 * u[7]),
            0.1 + 0.4 * u[0],
            u[1],
            u[2],
            u[3],
            [2.0 * v - 1.0 for v in u[4:7]],
        )
        for other in self.leaders:
            if other is not old:
                del other.affinity[old]
                other.affinity[new] = new.affinity[other] = 0.0
        self.places.do("succeed", old, new)
        self.leaders[old.slot] = new
        self.free_seats += old.seats
        if self.secretary is old:
            self.secretary = None
        self.deaths += 1
        old.remove()

    def step(self):
        """One month."""
        people = self.agents_by_type[Leader]
        people.do("age")
        people = self.agents_by_type[Leader]
        speed = self.p["opinion_speed"]
        self.opinion = [
            m + speed * (target - m) for m, target in zip(self.opinion, self.signal[self.month], strict=True)
        ]
        people.do("speak")
        for leader in self.leaders:
            leader.cadres = 0.0
        self.places.do("appoint")
        people.do("count_power")
        self.choose_leader()
        self.inside_power = sum(leader.power for leader in self.leaders if leader.inside)
        self.outside_power = sum(leader.power for leader in self.leaders if not leader.inside)
        total = self.inside_power + self.outside_power
        self.lean = self.p["strength"] * (self.inside_power - self.outside_power) / total
        people.do("weigh")
        people.do("decide")
        self.motion()
        if (self.month + 1) % 12 == 0:
            self.congress()
        self.month += 1

    def choose_leader(self):
        circle = [leader for leader in self.leaders if leader.full_member and leader.inside]
        self.leader = max(circle or self.leaders, key=lambda leader: leader.power)
        self.leader.inside = True
        if self.secretary is None:
            self.secretary = max(
                (leader for leader in self.leaders if leader.inside), key=lambda leader: leader.organising
            )

    def motion(self):
        p = self.p
        if self.luck(MOTION, 0) >= p["motion_rate"]:
            return
        eye = {}
        for leader in self.leaders:
            if leader.full_member and not leader.inside:
                eye[leader] = (self.luck(TARGET, leader.slot) + 0.5) * leader.power * leader.ambition
        if not eye:
            return
        target = max(eye, key=eye.get)
        yes = ours = theirs = 0.0
        for member in self.leaders:
            if member.inside:
                ours += member.seats
                line = p["discipline"]
            else:
                theirs += member.seats
                line = -p["discipline"]
            if member is not target:
                noise = p["noise"] * (2.0 * self.luck(COUNT, member.slot) - 1.0)
                yes += member.seats * sway(line - p["loyalty"] * member.affinity[target] + noise)
        yes += self.free_seats * sway(p["machine"] * (ours - theirs))
        if yes <= p["majority"]:
            self.failed += 1
            return
        self.passed += 1
        target.full_member = False
        self.free_seats += 0.5 * target.seats
        target.seats *= 0.5
        target.prestige *= 1.0 - p["shame"]
        for member in self.leaders:
            if member.inside:
                target.affinity[member] = max(-1.0, target.affinity[member] - p["spite"])
            elif member is not target:
                member.affinity[target] = min(1.0, member.affinity[target] + p["spite"])

    def congress(self):
        p = self.p
        for leader in self.leaders:
            part = 1.0 if leader.inside else p["slate"]
            leader.seats = leader.seats * p["carry"] + (1.0 - p["carry"]) * leader.cadres * part
        self.free_seats = 1.0 - sum(leader.seats for leader in self.leaders)
        value = {}
        for leader in self.leaders:
            luck = self.luck(NOMINATE, leader.slot)
            if leader.inside and not leader.full_member:
                value[leader] = (
                    leader.seats + leader.prestige + self.leader.affinity.get(leader, 0.0) + 0.3 * luck
                )
        vacancies = CIRCLE - sum(leader.full_member for leader in self.leaders)
        for chosen in sorted(value, key=value.get, reverse=True)[:vacancies]:
            chosen.full_member = True
            if chosen is not self.leader:
                chosen.affinity[self.leader] = min(1.0, chosen.affinity[self.leader] + p["debt"])

    def run(self, months: int = MONTHS) -> Party:
        for _ in range(months):
            self.step()
        return self

    def final(self) -> dict:
        """The state after the last month, by names that all three implementations use."""
        leaders = self.leaders
        state = {
            name: [getattr(leader, name) for leader in leaders]
            for name in ("prestige", "seats", "cadres", "power", "stance")
        }
        state["side"] = [float(leader.inside) for leader in leaders]
        state["circle"] = [float(leader.full_member) for leader in leaders]
        state["affinity"] = [[leader.affinity.get(other, 0.0) for other in leaders] for leader in leaders]
        state["clients"] = [
            [place.clients[leader] for leader in leaders] + [place.unattached] for place in self.places
        ]
        state["opinion"] = self.opinion
        state["counts"] = [self.passed, self.failed, self.deaths, self.leader.slot, self.secretary.slot]
        return state
