"""The turn of the agricultural year, in July: herds, people, tractors, weather, harvest.

    harvest = area yield (1 + s C) exp(g t + r) draught^eta (1 - delta joins) (1 - unsown) exp(w)

draught is horses and tractors against 1928, r the nation's residual, w the place's anomaly, which moves grain between
places and leaves the nation's sum alone. In the recorded mode r is what the structure leaves unexplained of a harvest
series and is weather only in part: it holds whatever the equation lacks. In the drawn mode r is drawn with the spread of
these residuals, a stated share of its variance being weather. `grain_recorded` moves between the two.

    herd: dL = L [r (1 - L / room) - i C (1 - plots) - k joins under pressure - f (1 - fed) - war]
"""

from __future__ import annotations

import math

from ...case.country.grain import FIRST
from .. import luck
from ..kernel import kernel, small
from ..numeric import clamp, exp
from .curves import ln
from .grain import BASE_YEAR, units

_ROOM = (1.15, 1.2, 1.15, 1.5)  # herds the land carries, against 1928: horses, cattle, sheep and goats, pigs
_WANT = (1.4, 0.8, 1.0, 1.2)  # how each suffers from want of feed: the draught animals of the kolkhozy most
_TINY = 1e-12


@small
def _grown(herd, base, room, growth, lost):
    """A herd after a year: growth towards what the land carries, less losses; a twentieth stays at least."""
    if base <= 0.0:
        return herd
    return max(herd * (1.0 + growth * (1.0 - herd / (room * base)) - lost), 0.05 * herd)


@kernel
def turn_of_herds(w, p, s, y):
    """Herds, people and tractors of every place at the end of the agricultural year before year index y."""
    g = w.country.grain
    x = s.country.grain
    n = x.nation[0]
    lever = s.country.lever[0]
    year = g.year[y - 1 if y > 0 else 0]
    people = 0.0
    for c in range(len(x.place)):
        people += x.place[c].people
    # What the war cost is an input, slow growth and want of feed included.
    war = min(lever.war, 1.0)
    peace = 1.0 - war if year.war_horses > 0.0 else 1.0
    common = p.herd_common * (1.0 - clamp(lever.plots, 0.0, 1.0)) * peace
    for c in range(len(x.place)):
        b = x.place[c]
        short = 1.0 - min(1.0, b.fed / b.wanted) if b.wanted > _TINY else 0.0
        lost = p.herd_shortage * short * peace
        # Animals in common, without a plot to keep one's own.
        gone = common * (b.committed + b.paper)
        # Settling by force breaks herds on pasture even where nobody joins.
        forced = p.herd_sedentarise * lever.sedentarise * g.place[c].pastoral
        joined = b.driven * (1.0 + forced) + 0.3 * forced
        left = gone + p.herd_kill_horses * joined + _WANT[0] * lost + war * year.war_horses
        b.horses = _grown(b.horses, b.horses_base, _ROOM[0], p.herd_grow_horses * peace, left)
        left = gone + p.herd_kill_cattle * joined + _WANT[1] * lost + war * year.war_cattle
        b.cattle = _grown(b.cattle, b.cattle_base, _ROOM[1], p.herd_grow_cattle * peace, left)
        left = gone + p.herd_kill_sheep * joined + _WANT[2] * lost + war * year.war_sheep
        b.sheep = _grown(b.sheep, b.sheep_base, _ROOM[2], p.herd_grow_sheep * peace, left)
        left = gone + p.herd_kill_pigs * joined + _WANT[3] * lost + war * year.war_pigs
        b.pigs = _grown(b.pigs, b.pigs_base, _ROOM[3], p.herd_grow_pigs * peace, left)
        # Annexed land comes with people, fields and herds in the proportions of 1928.
        new = year.annexed * g.place[c].annexed
        if new > 0.0:
            scale = new / b.people
            b.horses += 0.8 * b.horses_base * scale
            b.cattle += 0.8 * b.cattle_base * scale
            b.sheep += 0.8 * b.sheep_base * scale
            b.pigs += 0.8 * b.pigs_base * scale
            b.horses_base *= 1.0 + scale
            b.cattle_base *= 1.0 + scale
            b.sheep_base *= 1.0 + scale
            b.pigs_base *= 1.0 + scale
            b.units_base *= 1.0 + scale
            b.area *= 1.0 + scale
        b.units = units(b.horses, b.cattle, b.sheep, b.pigs)
        if g.place[c].pastoral > 0.5 and b.units_base > 0.0:
            b.settled += (1.0 - b.settled) * p.grain_settle * clamp(1.0 - b.units / b.units_base, 0.0, 1.0)
        b.people = max(b.people + year.rural_change * b.people / people + new, 0.02)
        b.want_feed = b.feed * b.units
        b.animals = p.grain_animals * b.units / b.people
        b.fed = 0.0
        b.wanted = 0.0
    n.tractors = n.tractors * (1.0 - p.grain_scrap - war * year.war_tractors) + g.year[y].tractors * lever.effort


@kernel
def harvest(w, p, s, y):
    """Weather and the harvest of year index y: the nation's residual, every place's harvest and normal harvest."""
    g = w.country.grain
    x = s.country.grain
    n = x.nation[0]
    coding = w.rule[0].coding
    horses_base = 0.0
    for c in range(len(x.place)):
        horses_base += x.place[c].horses_base
    machine = p.grain_tractor * n.tractors / horses_base if horses_base > 0.0 else 0.0
    trend = exp(p.grain_trend * (y + FIRST - 1928.0)) * p.grain_level
    plain, weighted = 0.0, 0.0
    for c in range(len(x.place)):
        b = x.place[c]
        odds = luck.normal(w, s, luck.PLACE_WEATHER, c)
        error = g.weather_error[y, c]
        if error >= 0.0:
            recorded = g.weather[y, c] + error * coding * odds
        else:
            recorded = 0.5 * p.grain_place_spread * coding * odds
        anomaly = p.grain_recorded * recorded + (1.0 - p.grain_recorded) * p.grain_place_spread * odds
        area = b.area
        if g.place[c].pastoral > 0.5:
            area += 0.45 * b.people * b.settled
        area *= (1.0 + p.grain_area * (b.committed + b.paper)) * g.year[y].fields
        b.seed = 0.001 * p.grain_seed * area
        b.normal = area * b.yields * p.grain_level
        draught = (b.horses / b.horses_base if b.horses_base > 0.0 else 1.0) + machine
        made = area * b.yields * trend * exp(p.grain_draught * ln(max(draught, 0.02)))
        made *= max(1.0 - p.grain_disruption * b.joined, 0.2) * (1.0 - b.unsown)
        b.unsown = 0.0
        b.joined, b.driven = 0.0, 0.0
        b.harvest = made * exp(anomaly)
        plain += made
        weighted += b.harvest
    n.weather = luck.normal(w, s, luck.HARVEST, 0)
    if g.mode[0] == 1:
        n.residual = ln(g.harvest[int(p.grain_series), y]) - ln(plain)
    else:
        row = int(p.grain_row)
        row = row if row < g.residual.shape[0] else g.residual.shape[0] - 1
        drawn = clamp(p.grain_weather_share, 0.0, 1.0)
        odds = math.sqrt(drawn) * n.weather + math.sqrt(1.0 - drawn) * luck.normal(w, s, luck.GAP, 0)
        n.residual = p.grain_recorded * g.residual[row, y] + (1.0 - p.grain_recorded) * p.grain_spread * odds
    x.residual[y] = n.residual
    factor = exp(n.residual) * plain / weighted
    for c in range(len(x.place)):
        x.place[c].harvest *= factor


@kernel
def crop_of_potatoes(w, s, y):
    """Potatoes a head of rural people against 1928, of year index y."""
    base = w.country.grain.year[BASE_YEAR]
    if base.potatoes <= 0.0:
        return 1.0
    people = 0.0
    for c in range(len(s.country.grain.place)):
        people += s.country.grain.place[c].people
    return w.country.grain.year[y].potatoes / people / (base.potatoes / base.rural)
