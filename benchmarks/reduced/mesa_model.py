"""The reduced model in Mesa 3: leaders, regions and delegates are agents with steps, the party is the model.

Written as Mesa's tutorials and examples teach: one agent class a kind, one method an activity, the model's `step` calls the
methods with `AgentSet.do`, chooses with `select` and asks with `get` and `map`; luck comes from the model's `random`. Nothing is shuffled, because every
rule is simultaneous; there is no data collector, since nothing is kept of the months. `lists=True` is the
tuning that a user makes who has profiled: the inner loops go over plain lists of agents instead of agent sets (iterating
an agent set follows a weak reference for each agent). `luck` replaces the generator where the three implementations must agree.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import mesa

from .world import (
    APPOINT,
    CLIENT,
    HARVEST,
    HAZARD,
    HEALTH,
    ISSUES,
    JUDGEMENT,
    LEAST_SEATS,
    LINE,
    LOYALTY,
    MONTHS,
    MOST_SEATS,
    MOTION,
    NOMINATE,
    PARAMETERS,
    POSTS,
    SANCTION,
    STAY,
    STRIKE,
    SUCCESSOR,
    TARGET,
    circle_limit,
    first_seats,
    world,
)


class Leader(mesa.Agent):
    """One member of the leadership."""

    def __init__(self, model, slot, born, prestige, flexibility, ambition, organising, ideal):
        super().__init__(model)
        self.slot, self.born = slot, born
        self.prestige, self.flexibility = prestige, flexibility
        self.ambition, self.organising = ambition, organising
        self.ideal, self.stance = ideal, ideal
        self.affinity: dict[Leader, float] = {}
        self.seats, self.cadres, self.power, self.pull = 0, 0.0, 0.0, 0.0
        self.inside, self.full_member = True, False

    def age(self):
        model = self.model
        if model.luck(HEALTH, self.slot) < model.hazard[(model.month - self.born) // 12]:
            model.replace(self)

    def speak(self):
        bend = self.flexibility if self.inside else 0.0
        speed, opinion = self.model.p["stance_speed"], self.model.opinion
        self.stance = [
            s + speed * (x + bend * (m - x) - s)
            for s, x, m in zip(self.stance, self.ideal, opinion, strict=True)
        ]

    def count_power(self):
        model, p = self.model, self.model.p
        self.cadres /= model.weight
        self.power = self.cadres * p["cadre_weight"] + self.prestige
        self.power += p["seat_weight"] * self.seats / model.size
        if self is model.secretary:
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
        luck = p["judgement"] * (2.0 * model.luck(JUDGEMENT, self.slot) - 1.0)
        self.pull = near / model.inside_power - apart + p["strength"] * model.balance + luck

    def decide(self):
        self.inside = self.pull >= 0.0 or self is self.model.leader

    def argue_line(self, issue, old, new):
        p = self.model.p
        line = p["discipline"] if self.inside else -p["discipline"]
        stance = self.stance[issue]
        self.argument = line + p["conviction"] * (abs(stance - old) - abs(stance - new))

    def argue_sanction(self, target):
        p = self.model.p
        if self is target:
            self.argument = -2.0 * p["discipline"]
            return
        line = p["discipline"] if self.inside else -p["discipline"]
        self.argument = line - p["loyalty"] * self.affinity[target]

    def change_feelings(self, target):
        """After `target` is condemned: he turns from the camp, and those outside it warm to him."""
        spite = self.model.p["spite"]
        if self.inside:
            target.affinity[self] = max(-1.0, target.affinity[self] - spite)
        elif self is not target:
            self.affinity[target] = min(1.0, self.affinity[target] + spite)


class Region(mesa.Agent):
    """One local organisation: its harvest, its boss, and whose clients its officials are."""

    def __init__(self, model, number, size, strength, boss, clients):
        super().__init__(model)
        self.number, self.size, self.strength, self.boss = number, size, strength, boss
        self.harvest, self.weight = 0.0, size
        self.clients: dict[Leader, float] = clients
        self.unattached = 1.0 - sum(clients.values())

    def reap(self):
        model, p = self.model, self.model.p
        weather = p["weather"] * (2.0 * model.luck(HARVEST, self.number) - 1.0)
        self.harvest += p["harvest_speed"] * (model.country + weather - self.harvest)
        self.weight = self.size * (1.0 + p["tilt"] * self.harvest)

    def appoint(self, who, size, promoted):
        """One post becomes vacant and is filled."""
        p, secretary = self.model.p, self.model.secretary
        given = p["grip"] * secretary.organising if secretary else 0.0
        if not self.boss.inside:
            given *= 1.0 - p["resistance"] * self.strength
        patron = None
        if who < given:
            patron = secretary
        elif who < given + (1.0 - given) * self.strength:
            patron = self.boss
        left = 1.0 - size
        for leader in self.clients:
            self.clients[leader] *= left
        self.unattached *= left
        if patron is None:
            self.unattached += size
            return
        self.clients[patron] += size
        if promoted:
            self.boss = patron

    def delegate_power(self):
        weight = self.weight
        for leader, share in self.clients.items():
            leader.cadres += weight * share

    def client(self, luck):
        """The patron of a drawn official; None: nobody's client."""
        total = 0.0
        for leader, share in self.clients.items():
            total += share
            if luck < total:
                return leader
        return None

    def succeed(self, old, new):
        """`new` takes the slot of `old`; the order of slots stays."""
        self.unattached += self.clients[old]
        self.clients = {
            new if leader is old else leader: 0.0 if leader is old else share
            for leader, share in self.clients.items()
        }
        if self.boss is old:
            self.boss = new


class Delegate(mesa.Agent):
    """One seat of the committee."""

    def __init__(self, model, number, patron, region, loyalty):
        super().__init__(model)
        self.number, self.patron, self.region, self.loyalty = number, patron, region, loyalty

    def votes_yes(self, site) -> bool:
        model = self.model
        argument = self.patron.argument if self.patron else model.machine
        mood = model.p["mood"] * self.region.harvest
        v = mood + self.loyalty * (argument - mood)
        return model.luck(site, self.number) < 0.5 + v / (2.0 * sqrt(1.0 + v * v))

    def desert(self, target):
        if self.patron is target and self.loyalty < 0.65:
            target.seats -= 1
            self.patron = None

    def lose_patron(self, dead):
        if self.patron is dead:
            self.patron = None

    def stand(self):
        """At a congress: stay, or give the seat to another."""
        if self.model.luck(STAY, self.number) >= self.model.p["carry"]:
            self.patron, self.region, self.loyalty = self.model.elect(self.number)


class Party(mesa.Model):
    """The leadership, its local organisations and its committee. `luck(site, actor)` gives a number in (0, 1)."""

    def __init__(
        self,
        seed: int | None = None,
        luck: Callable[[int, int], float] | None = None,
        lists: bool = False,
    ):
        super().__init__(seed=seed)
        draw = self.random.random
        self.luck = luck or (lambda site, actor: draw())
        self.lists = lists
        self.p, self.w, self.month = PARAMETERS, world(), 0
        self.hazard = HAZARD.tolist()
        w = self.w
        self.issue_weight, self.opinion = w.issue_weight.tolist(), w.opinion.tolist()
        self.signal, self.line = w.signal.tolist(), [0.0] * ISSUES
        slots = [
            Leader(self, i, int(w.person[i]["born"]), *w.trait[i, :4].tolist(), w.ideal[i].tolist())
            for i in range(len(w.person))
        ]
        for i, leader in enumerate(slots):
            leader.full_member = bool(w.circle[i] == 2)
            leader.affinity = {
                other: float(w.tie[i, j]) for j, other in enumerate(slots) if other is not leader
            }
        regions = [
            Region(
                self,
                r,
                float(place["weight"]),
                float(place["strength"]),
                slots[place["boss"]],
                {leader: float(w.cadres[r, i]) for i, leader in enumerate(slots)},
            )
            for r, place in enumerate(w.place)
        ]
        self.size = int(w.rule[0]["committee_size"])
        for n, (patron, region, loyalty) in enumerate(zip(*map(list, first_seats()), strict=True)):
            if n < self.size:
                Delegate(self, n, slots[patron] if patron < len(slots) else None, regions[region], loyalty)
        self.region_of = dict(enumerate(regions))
        self.regions = self.agents_by_type[Region]
        self.delegates = self.agents_by_type[Delegate]
        self.gather_leaders()
        self.count_seats()
        self.secretary: Leader | None = slots[0]
        self.leader: Leader | None = None
        self.share_of_yes = 1.0
        self.passed = self.failed = self.deaths = self.congresses = 0

    def gather_leaders(self):
        """The set of leaders, in the order of their slots."""
        people = self.agents_by_type[Leader].sort("slot", ascending=True)
        self.leaders = list(people) if self.lists else people
        self.people = people

    def count_seats(self):
        self.people.set("seats", 0)
        for delegate in self.delegates:
            if delegate.patron:
                delegate.patron.seats += 1

    def replace(self, old: Leader):
        """A leader dies; his successor starts with nothing but his traits."""
        u = [self.luck(SUCCESSOR, 32 * old.slot + c) for c in range(8)]
        new = Leader(
            self,
            old.slot,
            self.month - 420 - int(180.0 * u[7]),
            0.1 + 0.4 * u[0],
            u[1],
            u[2],
            u[3],
            [2.0 * v - 1.0 for v in u[4:7]],
        )
        for other in self.people:
            if other is not old:
                del other.affinity[old]
                other.affinity[new] = new.affinity[other] = 0.0
        self.regions.do("succeed", old, new)
        self.delegates.do("lose_patron", old)
        if self.secretary is old:
            self.secretary = None
        self.deaths += 1
        old.remove()
        self.gather_leaders()

    def step(self):
        """One month."""
        self.people.do("age")
        self.grow()
        self.people.do("speak")
        self.appoint()
        self.people.set("cadres", 0.0)
        self.regions.do("delegate_power")
        self.weight = sum(self.regions.get("weight"))
        self.people.do("count_power")
        self.choose_leader()
        inside = sum(leader.power for leader in self.leaders if leader.inside)
        outside = sum(leader.power for leader in self.leaders if not leader.inside)
        self.inside_power, self.outside_power = inside, outside
        self.balance = (inside - outside) / (inside + outside)
        self.people.do("weigh")
        self.people.do("decide")
        self.move_line()
        if self.luck(MOTION, 0) < self.p["motion_rate"]:
            self.move_sanction()
        if (self.month + 1) % 12 == 0:
            self.congress()
        self.month += 1

    def grow(self):
        """Harvests, and what they do to opinion."""
        p, signal = self.p, self.signal[self.month]
        self.country = signal[ISSUES]
        self.regions.do("reap")
        push = p["grain"] * sum(region.size * region.harvest for region in self.regions)
        for k in range(ISSUES):
            target = signal[k] + (push if k == 0 else 0.0)
            self.opinion[k] += p["opinion_speed"] * (target - self.opinion[k])

    def appoint(self):
        p, luck = self.p, self.luck
        for post in range(POSTS):
            where, who, size, promoted = (luck(APPOINT, 4 * post + c) for c in range(4))
            region = self.region_of[int(where * len(self.region_of))]
            region.appoint(who, p["post"] * (0.5 + size), promoted < p["promotion"])

    def choose_leader(self):
        circle = self.people.select(lambda leader: leader.full_member and leader.inside)
        self.leader = max(circle or self.people, key=lambda leader: leader.power)
        self.leader.inside = True
        if self.secretary is None:
            camp = self.people.select(lambda leader: leader.inside)
            self.secretary = max(camp, key=lambda leader: leader.organising)

    def count_yes(self, site) -> int:
        self.machine = self.p["machine"] * self.balance
        return sum(self.delegates.map("votes_yes", site))

    def move_line(self):
        """The leader moves the party's line on one issue to his stance."""
        p, issue = self.p, self.month % ISSUES
        proposed = self.leader.stance[issue]
        self.people.do("argue_line", issue, self.line[issue], proposed)
        yes = self.count_yes(LINE)
        self.share_of_yes = yes / self.size
        if yes > p["majority"] * self.size:
            self.line[issue] = proposed
            self.leader.prestige += p["credit"] * (1.0 - self.leader.prestige)
        else:
            self.leader.prestige *= 1.0 - p["credit"]

    def move_sanction(self):
        """The camp moves against the strongest and most ambitious member of the circle who stands outside it."""
        p = self.p
        rivals = self.people.select(lambda leader: leader.full_member and not leader.inside)
        if not rivals:
            return
        target = max(
            rivals,
            key=lambda leader: (self.luck(TARGET, leader.slot) + 0.5) * (leader.power * leader.ambition),
        )
        self.people.do("argue_sanction", target)
        if self.count_yes(SANCTION) <= p["majority"] * self.size:
            self.failed += 1
            return
        self.passed += 1
        target.full_member = False
        target.prestige *= 1.0 - p["shame"]
        self.delegates.do("desert", target)
        self.people.do("change_feelings", target)

    def elect(self, number):
        """Patron, region and loyalty of a new holder of a seat."""
        region = self.region_of[(number + 37 * self.congresses) % len(self.region_of)]
        patron = region.client(self.luck(CLIENT, number))
        if patron and not patron.inside and self.luck(STRIKE, number) < self.p["slate"]:
            patron = self.leader
        return patron, region, 0.3 + 0.7 * self.luck(LOYALTY, number)

    def congress(self):
        """A new committee and new members of the circle."""
        p = self.p
        change = p["growth"] if self.share_of_yes < p["thin"] else -p["shrinkage"]
        size = min(MOST_SEATS, max(LEAST_SEATS, self.size + int(change)))
        self.delegates.select(lambda delegate: delegate.number >= size).do("remove")
        self.delegates.do("stand")
        for number in range(self.size, size):
            Delegate(self, number, *self.elect(number))
        self.size = size
        self.congresses += 1
        self.count_seats()
        value = {
            leader: leader.seats / size
            + leader.prestige
            + self.leader.affinity.get(leader, 0.0)
            + 0.3 * self.luck(NOMINATE, leader.slot)
            for leader in self.people.select(lambda leader: leader.inside and not leader.full_member)
        }
        places = circle_limit(size) - len(self.people.select(lambda leader: leader.full_member))
        for chosen in sorted(value, key=value.get, reverse=True)[: max(0, places)]:
            chosen.full_member = True
            if chosen is not self.leader:
                chosen.affinity[self.leader] = min(1.0, chosen.affinity[self.leader] + p["debt"])

    def run(self, months: int = MONTHS) -> Party:
        for _ in range(months):
            self.step()
        return self

    def final(self) -> dict:
        """The state after the last month, by names that all three implementations use."""
        leaders = list(self.people)
        state = {name: self.people.get(name) for name in ("prestige", "cadres", "power", "stance")}
        state["seats"] = [leader.seats / self.size for leader in leaders]
        state["side"] = [float(leader.inside) for leader in leaders]
        state["circle"] = [float(leader.full_member) for leader in leaders]
        state["affinity"] = [[leader.affinity.get(other, 0.0) for other in leaders] for leader in leaders]
        state["clients"] = [
            [region.clients[leader] for leader in leaders] + [region.unattached] for region in self.regions
        ]
        state["harvest"], state["boss"] = self.regions.get("harvest"), [r.boss.slot for r in self.regions]
        state["opinion"], state["line"] = self.opinion, self.line
        seats = sorted(self.delegates, key=lambda delegate: delegate.number)
        state["patron"] = [d.patron.slot if d.patron else len(leaders) for d in seats]
        state["region"], state["loyalty"] = [d.region.number for d in seats], [d.loyalty for d in seats]
        state["counts"] = [
            self.passed,
            self.failed,
            self.deaths,
            self.leader.slot,
            self.secretary.slot,
            self.size,
        ]
        return state
