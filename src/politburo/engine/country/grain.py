"""State of block grain: places, the nation, the books, and the start of a history.

Units: people and animals in million, grain in million t, kilograms a head in the parameters, deaths in thousand.
The agricultural year runs from July to June and is named by the year of its harvest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...case.country.grain import COUNT, FIRST, QUANTITIES, REGIONS
from .. import luck
from ..kernel import kernel, small
from ..numeric import clamp
from .calendar import month_of, year_of
from .curves import mean_shortfall

_f = "f8"
NODES = 129  # of the table of shortfalls, food 0 to 1.6 of the diet
STEP = 80.0

PLACE_STATE = [
    # this history's reading of the coded numbers
    ("area", _f), ("yields", _f), ("norm", _f), ("garden", _f), ("feed", _f), ("search", _f), ("speed", _f), ("solid", _f),
    ("towns", _f),
    ("horses_base", _f), ("cattle_base", _f), ("sheep_base", _f), ("pigs_base", _f), ("units_base", _f),
    ("people", _f),
    # collectivisation
    ("committed", _f), ("paper", _f), ("anger", _f), ("joined", _f), ("driven", _f), ("revolt", _f), ("unsown", _f), ("settled", _f),
    # herds, and their size in livestock units
    ("horses", _f), ("cattle", _f), ("sheep", _f), ("pigs", _f), ("units", _f),
    # the agricultural year
    ("harvest", _f), ("normal", _f), ("plan", _f), ("seed", _f), ("seed_due", _f), ("stock", _f), ("supply", _f),
    ("want_feed", _f), ("weight", _f),
    ("animals", _f), ("other", _f), ("need", _f), ("trade", _f),
    # this month and year
    ("fed", _f), ("wanted", _f), ("food", _f), ("hunger", _f), ("died", _f), ("died_town", _f), ("eaten_months", _f),
]  # fmt: skip

NATION = [
    ("drive", _f), ("rate", _f), ("tractors", _f), ("pool", _f), ("market", _f), ("plan_left", _f), ("procured", _f),
    ("residual", _f), ("weather", _f), ("potatoes", _f), ("months", _f), ("lived", _f), ("town_food", _f), ("urban", _f),
    ("hunger_town", _f), ("searched", _f),
    ("disturbances", _f), ("worst", _f),
]  # fmt: skip

#: Lines of a place's book of grain in an agricultural year: the first six come in, the others go out.
BOOK = ("opening", "harvest", "supplied", "relief", "lent", "bought", "procured", "seized", "sold", "seed", "eaten", "feed", "surplus")
OPENING, HARVEST, SUPPLIED, RELIEF, LENT, BOUGHT, PROCURED, SEIZED, SOLD, SEED, EATEN, FEED, SURPLUS = range(len(BOOK))
INCOME = 6
#: Lines of the state's book: the first two come in.
POOL = ("opening", "taken", "exported", "supplied", "relief", "lent", "towns", "other", "closing")


class GrainState(NamedTuple):
    """The changing part of the block."""

    place: np.ndarray  # (C,) PLACE_STATE
    nation: np.ndarray  # (1,) NATION
    book: np.ndarray  # (C, len(BOOK)) million t, this agricultural year
    closed: np.ndarray  # (C, len(BOOK) + 1) the agricultural year before, with its closing stock
    pool: np.ndarray  # (len(POOL),) the state's book of this agricultural year, million t
    pool_closed: np.ndarray  # (len(POOL),) that of the year before
    shortfall: np.ndarray  # (NODES,) mean shortfall of a village at food 0 to 1.6
    residual: np.ndarray  # (Y,) residual of each harvest, written when the harvest is held to a series
    dying: np.ndarray  # (R, 12) thousand deaths of hunger of the running calendar year, by month


def allocate(country) -> GrainState:
    """Room for the block; `country` is `politburo.case.country.Country`."""
    c = len(country.grain.place)
    return GrainState(
        np.zeros(c, np.dtype(PLACE_STATE)), np.zeros(1, np.dtype(NATION)), np.zeros((c, len(BOOK))), np.zeros((c, len(BOOK) + 1)),
        np.zeros(len(POOL)), np.zeros(len(POOL)), np.zeros(NODES), np.zeros(COUNT), np.zeros((len(REGIONS), 12)),
    )  # fmt: skip


_Q = {name: i for i, name in enumerate(QUANTITIES)}
_PEOPLE, _AREA, _YIELD, _NORM, _POTATOES = _Q["people"], _Q["area"], _Q["yield"], _Q["norm"], _Q["potatoes"]
_HORSES, _CATTLE, _SHEEP, _PIGS, _FEED = _Q["horses"], _Q["cattle"], _Q["sheep"], _Q["pigs"], _Q["feed"]
_TOWNS, _SPEED, _SOLID, _SEARCH = _Q["towns"], _Q["speed"], _Q["solid"], _Q["search"]
BASE_YEAR = 1928 - FIRST


@small
def crop_year(w, s):
    """Index of the agricultural year that runs, from FIRST; held inside the table."""
    y = year_of(w, s) - FIRST
    if month_of(w, s) < 7:
        y -= 1
    if y < 0:
        return 0
    if y >= COUNT:
        return COUNT - 1
    return y


@small
def units(horses, cattle, sheep, pigs):
    """Livestock units: a horse 1, cattle 0.8, a sheep or goat 0.1, a pig 0.2."""
    return horses + 0.8 * cattle + 0.1 * sheep + 0.2 * pigs


@kernel
def _coded(w, s, c, q, value):
    """A coded number as this history reads it."""
    error = w.country.grain.error[c, q] * w.rule[0].coding
    if error <= 0.0:
        return value
    return value * clamp(1.0 + error * luck.normal(w, s, luck.COUNTRY_CODING, 64 * c + q), 0.4, 2.5)


@kernel
def begin(w, p, s):
    """Set the block to the case's first month."""
    g = w.country.grain
    x = s.country.grain
    n = x.nation[0]
    if len(g.place) == 0:
        return
    y = crop_year(w, s)
    month = month_of(w, s)
    people, land, crop, towns, horses, cattle, sheep, pigs = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    coded_land, coded_crop = 0.0, 0.0
    for c in range(len(g.place)):
        a = g.place[c]
        b = x.place[c]
        b.people = _coded(w, s, c, _PEOPLE, a.people)
        b.area = _coded(w, s, c, _AREA, a.area)
        b.yields = _coded(w, s, c, _YIELD, a.yields)
        b.norm = _coded(w, s, c, _NORM, a.norm)
        b.garden = _coded(w, s, c, _POTATOES, a.potatoes)
        b.feed = _coded(w, s, c, _FEED, a.feed) * 0.001
        b.search = _coded(w, s, c, _SEARCH, a.search)
        b.speed = _coded(w, s, c, _SPEED, a.speed)
        b.solid = _coded(w, s, c, _SOLID, a.solid)
        b.towns = _coded(w, s, c, _TOWNS, a.towns)
        b.horses_base = _coded(w, s, c, _HORSES, a.horses)
        b.cattle_base = _coded(w, s, c, _CATTLE, a.cattle)
        b.sheep_base = _coded(w, s, c, _SHEEP, a.sheep)
        b.pigs_base = _coded(w, s, c, _PIGS, a.pigs)
        people += b.people
        land += b.area
        coded_land += a.area
        coded_crop += a.area * a.yields
        towns += b.towns
        horses += b.horses_base
        cattle += b.cattle_base
        sheep += b.sheep_base
        pigs += b.pigs_base
    # Errors of places are errors of their shares: the nation's sums stay as coded.
    for c in range(len(g.place)):
        x.place[c].area *= coded_land / land
        crop += x.place[c].area * x.place[c].yields
    now, base = g.year[y], g.year[BASE_YEAR]
    left = (18.0 - month) % 12.0 + 1.0
    for c in range(len(g.place)):
        b = x.place[c]
        b.people *= now.rural / people
        b.yields *= coded_crop / crop
        b.towns /= towns
        b.horses = b.horses_base / horses * now.herd_horses
        b.cattle = b.cattle_base / cattle * now.herd_cattle
        b.sheep = b.sheep_base / sheep * now.herd_sheep
        b.pigs = b.pigs_base / pigs * now.herd_pigs
        b.horses_base *= base.herd_horses / horses
        b.cattle_base *= base.herd_cattle / cattle
        b.sheep_base *= base.herd_sheep / sheep
        b.pigs_base *= base.herd_pigs / pigs
        b.units = units(b.horses, b.cattle, b.sheep, b.pigs)
        b.units_base = units(b.horses_base, b.cattle_base, b.sheep_base, b.pigs_base)
        b.committed = 0.6 * p.kolkhoz_start
        b.paper = 0.4 * p.kolkhoz_start
        b.anger, b.joined, b.driven, b.revolt, b.unsown, b.settled = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        b.harvest, b.normal, b.plan, b.supply = 0.0, 0.0, 0.0, 0.0
        b.fed, b.wanted, b.food, b.hunger, b.died, b.died_town, b.eaten_months = 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0
        b.want_feed = b.feed * b.units
        b.weight, b.other, b.need, b.trade = 0.0, 0.0, 0.0, 0.0
        b.animals = p.grain_animals * b.units / b.people
        b.seed = 0.001 * p.grain_seed * b.area
        # A case that begins in mid-year begins with what a normal year leaves by then.
        b.seed_due = b.seed * 0.65 if month <= 4 or month > 9 else 0.0
        b.stock = 0.03 * b.people if month == 7 else b.seed_due + left / 12.0 * (0.001 * p.grain_need * b.people + b.want_feed)
        for k in range(x.book.shape[1]):
            x.book[c, k] = 0.0
            x.closed[c, k] = 0.0
        x.closed[c, x.book.shape[1]] = b.stock
        x.book[c, OPENING] = b.stock
    n.drive, n.rate, n.tractors, n.market, n.plan_left, n.procured = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    n.residual, n.weather, n.months, n.lived, n.disturbances, n.worst = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    n.pool, n.town_food, n.hunger_town, n.searched, n.urban = 3.0, 1.0, 0.0, 0.0, now.urban
    n.potatoes = (now.potatoes / now.rural) / (base.potatoes / base.rural) if base.potatoes > 0.0 else 1.0
    for k in range(y):
        n.tractors = n.tractors * (1.0 - p.grain_scrap) + g.year[k].tractors
    for k in range(len(x.pool)):
        x.pool[k] = 0.0
        x.pool_closed[k] = 0.0
    x.pool[0] = n.pool
    for r in range(x.dying.shape[0]):
        for m in range(12):
            x.dying[r, m] = 0.0
    for k in range(len(x.residual)):
        x.residual[k] = 0.0
    usual = mean_shortfall(1.0, p.grain_inequality, p.grain_threshold)
    for k in range(NODES):
        over = mean_shortfall(k / STEP, p.grain_inequality, p.grain_threshold) - usual
        x.shortfall[k] = over if over > 0.0 else 0.0


@small
def shortfall(x, food):
    """Mean shortfall below the threshold over all villagers at this mean food, above that of a normal year."""
    at = food * STEP
    if at >= NODES - 1:
        return 0.0
    k = int(at)
    return x.shortfall[k] + (at - k) * (x.shortfall[k + 1] - x.shortfall[k])
