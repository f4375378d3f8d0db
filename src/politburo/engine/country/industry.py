"""State of block industry, and one year of it.

Theory. Producer goods make producer goods (Fel'dman 1928): investment is what machine building and machine imports leave
after defence, and it goes to five branches of heavy industry, to machine building itself and to consumer goods. Three things
that a growth model of one sector leaves out decide the shape of the 1930s:

*Gestation and mastering.* What is begun in a year becomes capacity after two exponential lags, building and mastering, each half of the branch's
lag g:  U += start - U/(g/2);  V += U/(g/2) - V/(g/2);  S += V/(g/2) - d S.

*Recovery.* Capacity that war left idle comes back along a logistic: the odds of use grow by a factor a year (1921-28, after 1943).

*Bottlenecks.* Inputs replace each other badly: elasticity of substitution 1/2, about what Weitzman (1970) found, which is the
weighted harmonic mean. Machines need metal; consumer goods need crops; oil needs new ground, so that finds a year
saturate in what is spent: start = a (1 + h) I / (I + h).

Output b = S_b use_b w (1 + residual), where w = 1 + k (town food - 1), less a drag of arrests: ill-fed workers make less. Town food
is bread (what is procured and not exported, and what comes to private markets) and livestock products a head; so under a market procurement the towns' food limits
industry as it does under a quota.

Employment follows building (investment over capital) and collectivisation (Allen 2003: soft budgets and the push from
the villages), less where towns are hungry. One path of quantities has several measures: with the prices of 1928, with
those of 1937, and chained (Fisher); the relative price of machines falls as more of them are made,
p = 1 / (1 + l (M - 1)), and inside the branch old prices show more growth, M (1 + m (M - 1)) (Gerschenkron 1947; Moorsteen
1962), so that early weights show faster growth.

Everything but the branches' base outputs is relative to 1928. Cost: some 300 floating operations a year.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..kernel import kernel, small
from ..numeric import clamp

COAL, IRON, STEEL, OIL, ELECTRICITY, MACHINES = range(6)
BRANCHES = 6

BRANCH = np.dtype(
    [
        ("capacity", "f8"),  # output at full use, output of 1928 = 1
        ("building", "f8"),  # begun and not finished
        ("mastering", "f8"),  # finished and not yet mastered
        ("odds", "f8"),  # of a unit of capacity being in use
        ("output", "f8"),
        ("residual", "f8"),  # what the model does not explain, of this history
    ]
)

WORK = np.dtype(
    [
        ("consumer_capital", "f8"), ("consumer", "f8"), ("employment", "f8"), ("urban", "f8"),
        ("investment", "f8"), ("agriculture", "f8"), ("services", "f8"), ("heavy", "f8"),
        ("income", "f8"), ("early", "f8"), ("late", "f8"), ("machine_price", "f8"), ("rest", "f8"),
        ("town_food", "f8"), ("bread", "f8"), ("procured", "f8"), ("village_food", "f8"), ("share", "f8"), ("harvest_base", "f8"), ("harvests", "f8"), ("left", "f8"),
        ("skill", "f8"), ("struck", "f8"), ("real_wage", "f8"), ("town", "f8"), ("village", "f8"), ("residual", "f8"),
    ]
)  # fmt: skip

#: What the year brings from outside the block, in the order of `around`.
AROUND = np.dtype(
    [
        ("effort", "f8"), ("heavy", "f8"), ("defence", "f8"), ("imports", "f8"), ("war", "f8"),  # levers, means of the year
        ("build", "f8"), ("machines", "f8"), ("metal", "f8"), ("occupied", "f8"), ("annexed", "f8"), ("ground", "f8"),  # coded paths
        ("harvest", "f8"), ("procured", "f8"), ("exported", "f8"), ("herd", "f8"), ("kolkhoz", "f8"), ("population", "f8"), ("arrests", "f8"),
        ("fed", "f8"),  # food of villagers a head as the grain block finds it, 1928 = 1; 0 where it does not run
    ]
)  # fmt: skip

BASE_URBAN = 27.6  # million, 1928
BASE_WORKERS = 11.6  # million workers and employees, 1928
BASE_HARVEST = 73.3  # million t, 1928, when a history has no 1928 of its own
BASE_RURAL = 124.0  # million, 1928
BREAD = 0.6  # share of bread in the towns' food of 1928; the rest is livestock products
FOOD = 0.65  # share of food in the consumption of 1928, towns; villages 0.8
OLD_HEAVY = 0.45  # share of investment that went to producer goods in 1928
OLD_DEFENCE = 0.09


class IndustryState(NamedTuple):
    """The changing part of the block."""

    branch: np.ndarray  # (6,) BRANCH
    work: np.ndarray  # (1,) WORK
    around: np.ndarray  # (1,) AROUND: this year's surroundings; levers are summed month by month
    shock: np.ndarray  # (7,) standard normal draws of the year, branches and consumer goods
    months: np.ndarray  # (1,) int64: months summed


def allocate(country) -> IndustryState:
    """Room for the block; `country` is `politburo.case.country.Country`."""
    return IndustryState(np.zeros(BRANCHES, BRANCH), np.zeros(1, WORK), np.zeros(1, AROUND), np.zeros(BRANCHES + 1), np.zeros(1, np.int64))


@small
def joined(a, weight, b):
    """Weighted harmonic mean of two inputs: elasticity of substitution 1/2."""
    return 1.0 / (weight / max(a, 1e-9) + (1.0 - weight) / max(b, 1e-9))


@kernel
def begin_works(branch, work, base, p):
    """The end of the year before the first: capacity of 1913, mostly idle; little is being built."""
    recovery = (p.recovery_coal, p.recovery_iron, p.recovery_steel, p.recovery_oil, p.recovery_electricity, p.recovery_machines)
    starts = (p.starts_coal, p.starts_iron, p.starts_steel, p.starts_oil, p.starts_electricity, p.starts_machines)
    for b in range(BRANCHES):
        r = branch[b]
        r.capacity = base[b, 1] * p.capacity_left
        r.output = min(base[b, 2], 0.97 * r.capacity)
        r.odds = r.output / (r.capacity - r.output) * (recovery[b] if recovery[b] < 1.0 else 1.0)
        r.building = 0.15 * starts[b]
        r.mastering = r.building
        r.residual = 0.0
    x = work[0]
    x.consumer_capital = 0.95
    x.consumer = 0.35
    x.employment = 0.6
    x.urban = 20.5 / BASE_URBAN
    x.income = x.early = x.late = 1.0
    x.agriculture, x.services, x.heavy, x.investment, x.rest = 0.6, 0.75, 0.2, 0.2, 0.6
    x.machine_price = 1.0
    x.town_food = x.bread = x.village_food = 0.7
    x.procured = 4.0
    x.share = 0.01
    x.harvest_base, x.harvests, x.left = BASE_HARVEST, 0.0, 22.0
    x.real_wage = x.town = x.village = 0.6
    x.residual = x.struck = 0.0
    x.skill = (1.0 + p.labour_skill) ** -7  # 1 in 1928


@kernel
def feed(x, a, p):
    """Food of towns and villages in a calendar year, a head, 1928 = 1, and the crops and animals that industry can have."""
    grain = 0.5 * (x.procured + a.procured) - a.exported  # half of last agricultural year's, half of this one's
    private = p.private_grain * (1.0 - a.kolkhoz)
    old = 10.8 + p.private_grain
    townsmen = x.urban
    herd = a.herd / (a.population / 151.6)
    x.bread = max(0.05, grain + private) / old / townsmen
    x.town_food = clamp(BREAD * min(x.bread, 1.1) + (1.0 - BREAD) * min(herd, 1.2), 0.3, 1.1)
    rural = max(40.0, a.population - x.urban * BASE_URBAN)
    left = max(1.0, 0.82 * a.harvest - a.procured - private)
    x.left, left = left, 0.5 * (x.left + left)  # a calendar year eats from two harvests
    x.village_food = 0.75 * min(left / (0.82 * x.harvest_base - old) * BASE_RURAL / rural, 1.25) + 0.25 * min(herd, 1.2)
    if a.fed > 0.0:
        x.village_food = a.fed
    x.agriculture = 0.55 * a.harvest / x.harvest_base + 0.45 * a.herd
    x.procured = a.procured


@kernel
def invest(branch, x, a, p):
    """What is begun, finished, mastered and worn out in the year."""
    starts = (p.starts_coal, p.starts_iron, p.starts_steel, p.starts_oil, p.starts_electricity, p.starts_machines)
    lag = (p.lag_coal, p.lag_metal, p.lag_metal, p.lag_oil, p.lag_electricity, p.lag_machines)
    push = 1.0 + p.build_swing * (a.build - 1.0)
    supply = (1.0 - a.defence) * branch[MACHINES].output + a.imports * a.machines
    x.investment = a.effort * push * supply / (1.0 - OLD_DEFENCE + 0.35)
    heavy = x.investment * a.heavy / OLD_HEAVY
    # Arms take machine works as they take machines: what is built for them is no pit and no furnace.
    civil = heavy * (1.0 - p.arms_works * a.defence) / (1.0 - p.arms_works * OLD_DEFENCE)
    for b in range(BRANCHES):
        r = branch[b]
        spent = heavy if b == MACHINES else civil
        if b == IRON or b == STEEL:
            spent = civil * (1.0 + p.metal_burst * (a.metal - 1.0))
        if b == OIL:
            spent = (1.0 + p.oil_ground) * civil / (civil + p.oil_ground) * (1.0 + p.oil_province * a.ground)
        stage = 1.0 / max(1.0, 0.5 * lag[b])
        done = r.building * stage
        ready = r.mastering * stage
        r.building += starts[b] * spent - done
        r.mastering += done - ready
        worn = p.oil_decline if b == OIL else p.coal_decline if b == COAL else p.wear
        r.capacity = r.capacity * (1.0 - worn) + ready
    light = x.investment * (1.0 - a.heavy) / (1.0 - OLD_HEAVY)
    x.consumer_capital = x.consumer_capital * (1.0 - p.wear) + p.starts_consumer * light


@kernel
def produce(branch, x, a, p, shock):
    """Output of the branches, of consumer goods and of the economy in several measures."""
    recovery = (p.recovery_coal, p.recovery_iron, p.recovery_steel, p.recovery_oil, p.recovery_electricity, p.recovery_machines)
    lost = (p.loss_coal, p.loss_iron, p.loss_steel, p.loss_oil, p.loss_electricity, p.loss_machines)
    noise = (p.noise_coal, p.noise_iron, p.noise_steel, p.noise_oil, p.noise_electricity, p.noise_machines)
    kept = 1.0 - p.works_memory * p.works_memory
    scale = math.sqrt(kept)
    fed = 1.0 + p.hunger_output * (min(x.town_food, 1.0) - 1.0)
    fed = max(0.4, fed - p.terror_drag * a.arrests / 1000.0)
    x.skill *= 1.0 + p.labour_skill
    if a.occupied > 0.0:
        x.struck = 1.0
    labour = x.employment * x.skill * (1.0 - 0.25 * a.war)
    for b in range(BRANCHES):
        r = branch[b]
        # What was blown up comes back more slowly than what stood idle in 1921, and in war only where the front has passed.
        pace = p.recovery_after_war if x.struck > 0.0 else 1.0
        r.odds *= 1.0 + pace * (recovery[b] - 1.0) * (1.0 if a.war < 0.5 else 1.0 - a.occupied)
        r.odds = min(r.odds, 200.0)
        left = 1.0 - lost[b] * a.occupied * min(1.0, 2.5 * a.war)
        use = r.odds / (1.0 + r.odds)
        if use > left:  # what is occupied, flooded or evacuated; it has to be won back
            use = left
            r.odds = use / max(1e-3, 1.0 - use)
        r.residual = p.works_memory * r.residual + noise[b] * scale * shock[b]
        hands = p.labour_mines if b == COAL else p.labour_weight
        r.output = joined(r.capacity * use, 1.0 - hands, labour) * fed * (1.0 + r.residual)
        if b == MACHINES:
            r.output = joined(r.output, 1.0 - p.metal_need, branch[STEEL].output + 0.3 * a.imports * a.machines)
    x.residual = p.works_memory * x.residual + 0.04 * scale * shock[BRANCHES]
    x.consumer = joined(x.consumer_capital, 0.45, x.agriculture) * fed * (1.0 - 0.35 * a.war) * (1.0 + x.residual)


@small
def materials(branch):
    """Fuel, metals and power with their weights of 1928 (assumed)."""
    return (
        0.3 * branch[COAL].output + 0.1 * branch[IRON].output + 0.25 * branch[STEEL].output + 0.2 * branch[OIL].output
        + 0.15 * branch[ELECTRICITY].output
    )  # fmt: skip


@kernel
def measure(branch, x, p, first):
    """One path of quantities under the prices of 1928, of 1937, and chained year by year (Fisher)."""
    wm, wf = p.weight_machines, 0.06
    wa, wc = p.weight_agriculture, 0.18
    ws = 1.0 - wm - wf - wa - wc
    made, fuel = branch[MACHINES].output, materials(branch)
    agriculture, consumer, urban = x.agriculture, x.consumer, x.urban
    services = 0.25 + 0.75 * urban
    late = p.late_price
    # New kinds of machines were dear in 1928 and grew fastest: inside the branch, too, old prices show more growth than new ones.
    volume = made * (1.0 + p.machine_mix * (made - 1.0))
    rest = wf * fuel + wa * agriculture + wc * consumer + ws * services
    early = wm * volume + rest
    bottom = wm * late + wf + wa + wc + ws
    now_late = (wm * late * made + rest) / bottom
    price = 1.0 / (1.0 + max(-0.5, p.machine_learning * (made - 1.0)))
    if first:
        x.income = early
    else:
        laspeyres = (wm * x.machine_price * made + rest) / (wm * x.machine_price * x.heavy + x.rest)
        paasche = (wm * price * made + rest) / (wm * price * x.heavy + x.rest)
        x.income *= math.sqrt(laspeyres * paasche)
    x.rest, x.early, x.late, x.services, x.heavy, x.machine_price = rest, early, now_late, services, made, price


@kernel
def employ(branch, x, a, p):
    """Workers and employees, townspeople, real wage, and what villagers and townspeople consume a head."""
    capital = 0.0
    for b in range(BRANCHES):
        capital += branch[b].capacity + branch[b].building + branch[b].mastering
    joining = max(0.0, a.kolkhoz - x.share)
    x.share = a.kolkhoz
    pull = p.hiring_building * (6.0 * x.investment / max(0.5, capital) - p.hiring_rest) * clamp(1.0 + p.hunger_hiring * (x.town_food - 1.0), 0.0, 1.2)
    rate = clamp(pull + p.hiring_push * joining, -0.25, 0.45)
    more = x.employment * rate + a.annexed * 0.2
    x.employment = max(0.3, x.employment + more)
    # In war, men are at the front and towns are emptied; they come back as the war ends.
    x.urban = max(0.4, x.urban * (1.0 + p.urban_natural) + p.urban_family * more * BASE_WORKERS / BASE_URBAN + 0.13 * a.annexed - p.urban_war * x.urban * a.occupied * min(1.0, 2.5 * a.war))
    goods = x.consumer / (a.population / 151.6)
    food = x.town_food
    x.town = FOOD * food + (1.0 - FOOD) * goods * clamp(1.0 - p.town_goods * (x.urban - 1.0), 0.3, 1.1)
    x.village = 0.8 * x.village_food + 0.2 * goods * clamp(1.0 - 0.15 * (x.urban - 1.0), 0.5, 1.1)
    x.real_wage = x.town / max(0.3, x.employment / x.urban)


@kernel
def work_year(branch, work, around, p, shock, first):
    """One calendar year. `first`: 1 in the first year of a history, which has no year to chain to."""
    x, a = work[0], around[0]
    feed(x, a, p)
    invest(branch, x, a, p)
    produce(branch, x, a, p, shock)
    measure(branch, x, p, first)
    employ(branch, x, a, p)
