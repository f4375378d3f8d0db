"""Grain: harvest, procurement, food, herds and deaths of hunger in eleven places, month by month.

Theory. A harvest of land, draught power and weather (`engine.country.harvest`) is divided between the state, which takes by
market, plan or search (`engine.country.procurement`), seed, people and animals (`engine.country.food`). Who is hungry, and
when, follows from when grain is taken and how evenly the rest is eaten. Every place's grain closes each agricultural year:

    opening + harvest + supplied + relief + lent + bought
        = procured + seized + sold + seed + eaten + feed + surplus + closing

where surplus is what a place does not keep over 70 kg a head in June: it is sold in the towns.

Order in the month: in July the year turns (books, herds, people, harvest, plan); every month the state takes and gives,
then people sow, eat, starve or live; in December the year's figures are written.

Reads: levers price, extraordinary, quota, rigidity, export, reserve, relief, search, plots, sedentarise, effort, war.
Writes: block grain; harvest, procurement, export, reserve, relief, horses, cattle, sheep, pigs, food_index,
food_worst_region, famine_deaths, famine_deaths_town, tractors, and the regional record.
Source: DESIGN and fit in docs/discussion/grain-and-famine.md; the law of rigid plans after Meng, Qian and Yared (2015).
Falsified by: regions where people died though grain was left over, beyond the inequality of food inside a region.
Cost: under 10 microseconds a simulated year with collectivisation.
"""

from ..country.calendar import month_of
from ..country.food import live, take
from ..country.grain import HARVEST, OPENING, SURPLUS, begin, crop_year  # noqa: F401 (begin is the entry)
from ..country.harvest import crop_of_potatoes, harvest, turn_of_herds
from ..country.procurement import plan
from ..kernel import kernel

SIDE = "country"
PARAMETERS = (
    "grain_row", "grain_series", "grain_recorded", "grain_level", "grain_trend", "grain_draught",
    "grain_tractor", "grain_disruption", "grain_area", "grain_spread", "grain_weather_share",
    "grain_place_spread", "grain_scrap", "grain_market", "grain_price", "grain_response", "grain_answer",
    "grain_pass", "grain_search", "grain_trade", "grain_need", "grain_plots", "grain_potatoes",
    "grain_animals", "grain_feed_guard", "grain_inequality", "grain_threshold", "grain_haste", "grain_memory",
    "grain_mortality", "grain_town", "grain_town_market", "grain_seed", "grain_store", "grain_settle",
    "herd_grow_horses", "herd_grow_cattle", "herd_grow_sheep", "herd_grow_pigs", "herd_kill_horses",
    "herd_kill_cattle", "herd_kill_sheep", "herd_kill_pigs", "herd_shortage", "herd_sedentarise",
    "herd_common",
)  # fmt: skip
READS = ("lever", "grain")
WRITES = ("grain", "year", "regional")


@kernel
def _close(w, p, s):
    """End of June: every place's book and the state's."""
    x = s.country.grain
    n = x.nation[0]
    n.market = 0.0
    lines = x.book.shape[1]
    for c in range(len(x.place)):
        b = x.place[c]
        over = max(b.stock - b.seed_due - 0.001 * p.grain_store * b.people, 0.0)
        b.stock -= over
        n.market += over
        x.book[c, SURPLUS] = over
        for k in range(lines):
            x.closed[c, k] = x.book[c, k]
            x.book[c, k] = 0.0
        x.closed[c, lines] = b.stock
        x.book[c, OPENING] = b.stock
    last = len(x.pool) - 1
    other = max(n.pool - s.country.lever[0].reserve, 0.0)
    n.pool -= other
    x.pool[7] = other
    x.pool[last] = n.pool
    for k in range(last + 1):
        x.pool_closed[k] = x.pool[k]
        x.pool[k] = 0.0
    x.pool[0] = n.pool


@kernel
def _turn(w, p, s):
    """July: the agricultural year turns."""
    x = s.country.grain
    n = x.nation[0]
    y = crop_year(w, s)
    n.searched = 0.0
    if s.now[0].month > 0:
        _close(w, p, s)
        turn_of_herds(w, p, s, y)
    n.potatoes = crop_of_potatoes(w, s, y)
    harvest(w, p, s, y)
    plan(w, p, s)
    total = 0.0
    for c in range(len(x.place)):
        b = x.place[c]
        b.stock += b.harvest
        b.seed_due = b.seed
        x.book[c, HARVEST] = b.harvest
        total += b.harvest
    s.country.year[0].harvest = total


@kernel
def _report(w, s):
    """December: the year's figures, for the nation and its regions."""
    g = w.country.grain
    x = s.country.grain
    n = x.nation[0]
    year = s.country.year[0]
    out = s.country.regional
    year.procurement = n.procured
    year.reserve = n.pool
    year.tractors = n.tractors
    year.horses, year.cattle, year.sheep, year.pigs = 0.0, 0.0, 0.0, 0.0
    year.famine_deaths, year.famine_deaths_town = 0.0, 0.0
    year.food_index, year.food_worst_region = 1.0, 1.0
    for k in range(out.shape[0]):
        for r in range(out.shape[1]):
            out[k, r] = 0.0
    for c in range(len(x.place)):
        b = x.place[c]
        r = g.place[c].region
        year.horses += b.horses
        year.cattle += b.cattle
        year.sheep += b.sheep
        year.pigs += b.pigs
        year.famine_deaths += b.died
        year.famine_deaths_town += b.died_town
        out[0, r] += b.died
        out[1, r] += b.harvest
        out[2, r] += b.plan
        out[3, r] += b.people * b.eaten_months
    if n.lived > 0.0:
        year.food_index = n.months / n.lived
        year.food_worst_region = n.worst / n.lived
        for r in range(out.shape[1]):
            people = 0.0
            for c in range(len(x.place)):
                if g.place[c].region == r:
                    people += x.place[c].people
            if people > 0.0:
                out[3, r] /= people * n.lived


@kernel
def step(w, p, s):
    """One month of grain."""
    x = s.country.grain
    if len(x.place) == 0:
        return
    month = month_of(w, s)
    year = s.country.year[0]
    n = x.nation[0]
    if month == 1:
        year.export, year.relief = 0.0, 0.0
        n.months, n.worst, n.lived = 0.0, 0.0, 0.0
        for c in range(len(x.place)):
            b = x.place[c]
            b.died, b.died_town, b.eaten_months = 0.0, 0.0, 0.0
        for r in range(x.dying.shape[0]):
            for m in range(12):
                x.dying[r, m] = 0.0
    if month == 7:
        _turn(w, p, s)
    take(w, p, s)
    live(w, p, s)
    n.lived += 1.0
    if month == 12:
        _report(w, s)
