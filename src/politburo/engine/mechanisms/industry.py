"""Industry: heavy industry, consumer goods, income, employment, wages and the fulfilment of plans, once a year in December.

Theory. Machines make machines, less what defence takes (Fel'dman 1928); what is begun is finished and mastered years later;
scarce inputs (metal, crops, hands, food in towns, oil in the ground) bind, with an elasticity of substitution of one half; employment follows
building and the push from the villages (Allen 2003). The equations are in `politburo.engine.country.industry`. One path of quantities is measured in prices of 1928,
of 1937 and chained: published growth rates differ by what they measure before they differ by error.

Reads: levers effort, heavy, defence, imports, war; the year's harvest, procurement, export, herds, food_index, kolkhoz_share, population,
arrests (of the case's record where the block that owns them does not run). Writes: s.country.industry and the year's columns
from coal to town_food. Luck: WORKS (what is not explained, one draw a branch and year).
Parameters: those of parameters-industry.yaml.

Not identified by the record: terror_drag (output lost to arrests), hunger_hiring, private_grain; the share of the coded paths in
the turn of 1938. They are assumptions with ranges, and the ensemble draws them from those ranges.

Falsified by: steel that follows investment without delay; a NEP path whose towns grow without more marketed grain.
"""

from .. import luck
from ..country.calendar import month_of, year_of
from ..country.industry import BRANCHES, ELECTRICITY, MACHINES, begin_works, materials, work_year
from ..kernel import kernel, small
from ..numeric import clamp

PARAMETERS = (
    "capacity_left", "starts_coal", "starts_iron", "starts_steel", "starts_oil", "starts_electricity", "starts_machines", "starts_consumer",
    "lag_coal", "lag_metal", "lag_oil", "lag_electricity", "lag_machines", "recovery_coal", "recovery_iron", "recovery_steel",
    "recovery_oil", "recovery_electricity", "recovery_machines", "recovery_after_war", "loss_coal", "loss_iron", "loss_steel", "loss_oil", "loss_electricity",
    "loss_machines", "labour_weight", "labour_mines", "labour_skill", "wear", "arms_works", "coal_decline", "oil_decline", "oil_ground",
    "oil_province", "build_swing", "metal_burst", "metal_need", "hunger_output", "terror_drag", "hiring_building", "hiring_rest",
    "hiring_push", "hunger_hiring", "private_grain", "urban_natural", "urban_family", "urban_war", "town_goods",
    "weight_machines", "weight_agriculture", "late_price", "machine_mix", "machine_learning", "noise_coal", "noise_iron", "noise_steel", "noise_oil",
    "noise_electricity", "noise_machines", "works_memory",
)  # fmt: skip
SIDE = "country"
READS = ("lever", "year")
WRITES = ("industry", "year")

BEEF, MUTTON, PORK = 0.8, 0.1, 0.2  # what a head of each herd counts
HERD = 76.3  # the herds of 1928, counted so, million


@small
def _clear(a):
    a.effort = a.heavy = a.defence = a.imports = a.war = 0.0


@kernel
def _surround(a, path, before):
    """The coded paths and the record of the year; arrests of the year before, whose victims are missed in this one."""
    a.build, a.machines, a.metal, a.occupied, a.annexed, a.ground = path[0], path[1], path[2], path[3], path[4], path[5]
    a.harvest, a.procured, a.exported, a.herd, a.kolkhoz, a.population, a.arrests = (
        path[6], path[7], path[8], path[9], path[10], path[11], before[12],
    )  # fmt: skip


@kernel
def _others(a, y):
    """What the other blocks found this year, where they run."""
    if y.harvest > 0.0:
        a.harvest, a.procured, a.exported = y.harvest, y.procurement, y.export
    a.fed = y.food_index
    if y.cattle > 0.0:
        a.herd = (BEEF * y.cattle + MUTTON * y.sheep + PORK * y.pigs) / HERD
    if y.kolkhoz_share > 0.0:
        a.kolkhoz = y.kolkhoz_share
    if y.population > 0.0:
        a.population = y.population / 1000.0
    if y.arrests > 0.0:
        a.arrests = y.arrests  # of the year before: this year's are counted after this block's turn


@small
def _row(w, year):
    """Row of the year in the coded paths; after the last one, the last."""
    return max(0, min(year - w.country.industry.since[0], len(w.country.industry.path) - 1))


@small
def first_year(w):
    """The calendar year of the start."""
    return w.country.first // 12


@kernel
def begin(w, p, s):
    """The end of the year before the first one; years between the first coded one and the start run on the record."""
    base = w.country.industry.base
    i = s.country.industry
    a, path = i.around[0], w.country.industry.path
    i.months[0] = 0
    for k in range(BRANCHES + 1):
        i.shock[k] = 0.0
    begin_works(i.branch, i.work, base, p)
    first = first_year(w)
    year = w.country.industry.since[0] + 1
    lever = s.country.lever[0]
    while year < first and base[0, 0] > 0.0:
        _surround(a, path[_row(w, year)], path[_row(w, year - 1)])
        a.effort, a.heavy, a.defence, a.imports, a.war = lever.effort, lever.heavy, lever.defence, lever.imports, lever.war
        work_year(i.branch, i.work, i.around, p, i.shock, year == w.country.industry.since[0] + 1)
        year += 1
    _clear(a)


@kernel
def _tell(w, s, year):
    """The year's record."""
    i, y, base = s.country.industry, s.country.year[0], w.country.industry.base
    x, b = i.work[0], i.branch
    y.coal, y.iron, y.steel = b[0].output * base[0, 0], b[1].output * base[1, 0], b[2].output * base[2, 0]
    y.oil, y.electricity = b[3].output * base[3, 0], b[ELECTRICITY].output * base[ELECTRICITY, 0]
    y.machines, y.investment = b[MACHINES].output, x.investment
    y.heavy_output, y.consumer_output = 0.55 * b[MACHINES].output + 0.45 * materials(b), x.consumer
    y.income, y.income_early_weights, y.income_late_weights = x.income, x.early, x.late
    y.employment, y.urban = x.employment * 11.6, x.urban * 27.6
    y.real_wage, y.town_consumption, y.village_consumption, y.town_food = x.real_wage, x.town, x.village, x.town_food
    target = w.country.industry.target[_row(w, year)]
    y.fulfil_coal = y.coal / target[0] if target[0] > 0.0 else 0.0
    y.fulfil_iron = y.iron / target[1] if target[1] > 0.0 else 0.0
    y.fulfil_steel = y.steel / target[2] if target[2] > 0.0 else 0.0
    y.fulfil_oil = y.oil / target[3] if target[3] > 0.0 else 0.0
    y.fulfil_electricity = y.electricity / target[4] if target[4] > 0.0 else 0.0


@kernel
def step(w, p, s):
    """One month: the levers add up; in December, the year's work."""
    base = w.country.industry.base
    if base[0, 0] <= 0.0:
        return
    i, lever = s.country.industry, s.country.lever[0]
    a = i.around[0]
    a.effort += lever.effort
    a.heavy += lever.heavy
    a.defence += lever.defence
    a.imports += lever.imports
    a.war += lever.war
    i.months[0] += 1
    if month_of(w, s) != 12:
        return
    n = float(i.months[0])
    a.effort, a.heavy, a.defence, a.imports, a.war = a.effort / n, clamp(a.heavy / n, 0.0, 1.0), clamp(a.defence / n, 0.0, 1.0), a.imports / n, a.war / n
    year = year_of(w, s)
    _surround(a, w.country.industry.path[_row(w, year)], w.country.industry.path[_row(w, year - 1)])
    _others(a, s.country.year[0])
    if 1925 <= year <= 1928:  # series of the harvest differ in level; each history measures crops against its own mean of four years
        i.work[0].harvests += a.harvest
        if year == 1928 and first_year(w) <= 1925:
            i.work[0].harvest_base = i.work[0].harvests / 4.0
    for b in range(BRANCHES + 1):
        i.shock[b] = luck.normal(w, s, luck.WORKS, b)
    first = year == w.country.industry.since[0] + 1
    work_year(i.branch, i.work, i.around, p, i.shock, first)
    _tell(w, s, year)
    _clear(a)
    i.months[0] = 0
