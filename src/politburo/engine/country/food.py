"""A month of grain in a place: taking, seed, eating and feed, hunger, deaths.

People spread what is left over seed over the time to the next harvest, less a part (haste), and eat no more
than they need; feed is cut first. So a village that loses its grain in the autumn eats normally until then,
and little from then on. With food phi (grain, animals, potatoes and gardens against the diet), food within a
place is lognormal around phi; S(phi) is the mean shortfall below the threshold of survival, over that of a
normal year. Hunger is its running sum H <- (1 - m) H + S(phi), and

    deaths a month = mu H^2 people,

one law for every famine. Deaths of the war years are not modelled here: they are in the population's account.

Villages trade: a part of what some have over food, seed and feed goes each month to those that lack food, as
far as trade is open (lever plots) and the place is not closed (lever search, by its exposure).

A part of the townspeople eats what the villages around them sell and starves like them; the rest eats the
state's ration and what can be bought of the villages' spare grain."""

from __future__ import annotations

from ...case.country.grain import FIRST
from ..kernel import kernel
from ..numeric import clamp
from .calendar import month_of, year_of
from .grain import BOUGHT, EATEN, FEED, LENT, PROCURED, RELIEF, SEED, SEIZED, SOLD, SUPPLIED, shortfall
from .procurement import TAKEN

MOST = 0.08  # of a place's people can die in a month


@kernel
def take(w, p, s):
    """The state takes: the plan, extraordinary measures. Then exports, supplies, rations, trade, relief."""
    x = s.country.grain
    n = x.nation[0]
    lever = s.country.lever[0]
    month = month_of(w, s)
    left = (18.0 - month) % 12.0 + 1.0
    done = TAKEN[month - 1]
    monthly = 1.0 / 12.0
    least = 0.15 * p.grain_need
    if lever.search > n.searched:
        n.searched = lever.search
    garden = p.grain_potatoes * n.potatoes
    plots = p.grain_plots * lever.plots
    taken, claimed, hunger, offered, asked = 0.0, 0.0, 0.0, 0.0, 0.0
    for c in range(len(x.place)):
        b = x.place[c]
        stock = b.stock
        if done > 0.0:
            give = min(b.plan * done, stock)
            stock -= give
            x.book[c, PROCURED] += give
            n.plan_left -= b.plan * done
            taken += give
        if lever.extraordinary > 0.0:
            # A share of what is above seed and food to the next harvest, spread over half a year.
            give = lever.extraordinary / 6.0 * max(stock - b.seed_due - left * b.need, 0.0)
            stock -= give
            x.book[c, SEIZED] += give
            n.procured += give
            taken += give
        # Food other than grain, kg a head and year. Searches take what is in the house until the new crop.
        lost = b.search * n.searched
        other = b.animals + max(garden * b.garden + plots - p.grain_search * lost, 0.0)
        need = 0.001 * monthly * b.people * max(p.grain_need - other, least)
        b.other, b.need, b.stock = other, need, stock
        # Bread is carried from villages that have it to those that have not, where trade and roads are open.
        lack = b.seed_due + left * need - stock
        spare = -lack - left * monthly * b.want_feed
        b.trade = 0.0
        if spare > 0.0:
            b.trade = p.grain_trade * lever.plots * spare
            offered += b.trade
        elif lack > 0.0:
            b.trade = -lack * max(1.0 - lost, 0.0) * lever.plots
            if w.country.grain.place[c].pastoral > 0.5:  # herders pay in animals
                b.trade *= clamp(2.0 * b.units / b.units_base - 0.6, 0.0, 1.0)
            asked -= b.trade
        claimed += b.supply
        b.weight = b.people * min(b.hunger, 1.0)
        hunger += b.weight
    claimed *= monthly
    n.pool += taken
    x.pool[1] += taken
    sold = min(lever.export / 12.0, n.pool)
    n.pool -= sold
    x.pool[2] += sold
    s.country.year[0].export += sold
    part = min(1.0, 0.9 * n.pool / claimed) if claimed > 0.0 else 0.0
    if part > 0.0:
        for c in range(len(x.place)):
            b = x.place[c]
            give = b.supply * monthly * part
            b.stock += give
            x.book[c, SUPPLIED] += give
            n.pool -= give
            x.pool[3] += give
    # The state rations the towns by what it holds over its reserve and still expects to take; what they lack they try to buy.
    urban = w.country.grain.year[min(max(year_of(w, s) - FIRST, 0), len(w.country.grain.year) - 1)].urban
    need_town = 0.001 * p.grain_town * urban * monthly
    room = max(n.pool - lever.reserve, 0.0)
    ration = min(min(room, (room + max(n.plan_left, 0.0)) / left), need_town)
    n.pool -= ration
    x.pool[6] += ration
    market = n.market * monthly
    lacking = max(need_town - ration - market, 0.0) * lever.plots
    asked += lacking
    moved = min(offered, asked)
    n.urban = urban
    n.town_food = min(1.0, (ration + market + (moved * lacking / asked if asked > 0.0 else 0.0)) / need_town) if need_town > 0.0 else 1.0
    if moved > 0.0:
        for c in range(len(x.place)):
            b = x.place[c]
            if b.trade > 0.0:
                give = b.trade * moved / offered
                b.stock -= give
                x.book[c, SOLD] += give
            elif b.trade < 0.0:
                give = -b.trade * moved / asked
                b.stock += give
                x.book[c, BOUGHT] += give
    relief = min(lever.relief / 12.0, n.pool) if hunger > 1e-9 else 0.0
    if relief > 0.0:
        for c in range(len(x.place)):
            b = x.place[c]
            give = relief * b.weight / hunger
            b.stock += give
            x.book[c, RELIEF] += give
        n.pool -= relief
        x.pool[4] += relief
        s.country.year[0].relief += relief


@kernel
def live(w, p, s):
    """Seed, eating, feed, hunger and deaths of every place, and the towns."""
    x = s.country.grain
    g = w.country.grain
    n = x.nation[0]
    lever = s.country.lever[0]
    month = month_of(w, s)
    left = (18.0 - month) % 12.0 + 1.0
    sow = 0.35 if month == 9 else (0.65 if month == 4 else 0.0)
    # Households plan for a shorter time than there is to the harvest, so that want comes late.
    horizon = max(left * (1.0 - p.grain_haste), 1.0)
    wartime = lever.war > 0.5
    urban, ration = n.urban, n.town_food
    n.hunger_town = (1.0 - p.grain_memory) * n.hunger_town + (shortfall(x, ration) if ration < 1.0 else 0.0)
    rationed = min(p.grain_mortality * n.hunger_town * n.hunger_town, MOST)
    if wartime:
        rationed, n.hunger_town = 0.0, 0.0
    people, eaten, worst = 0.0, 0.0, 9.0
    monthly, pace, diet = 1.0 / 12.0, 1.0 / horizon, 1.0 / p.grain_need
    floor = 0.85 * p.grain_need
    for c in range(len(x.place)):
        b = x.place[c]
        if sow > 0.0:
            due = b.seed * sow
            given = min(due, b.stock)
            lent = min(due - given, max(n.pool, 0.0))
            if lent > 0.0:
                n.pool -= lent
                x.pool[5] += lent
                b.stock += lent
                x.book[c, LENT] += lent
                given += lent
                s.country.year[0].relief += lent
            b.stock -= given
            x.book[c, SEED] += given
            b.seed_due = max(b.seed_due - due, 0.0)
            if given < due and b.seed > 0.0:
                b.unsown = min(b.unsown + (due - given) / b.seed, 0.9)
        need = b.need
        want = b.want_feed * monthly
        share = max(b.stock - b.seed_due, 0.0) * pace
        guarded = p.grain_feed_guard * want
        if share >= need + guarded:
            eat = need
            food = 1.0 if b.other <= floor else min(b.other * diet + 0.15, 1.5)
        else:
            eat = share * need / (need + guarded)
            food = min((12000.0 * eat / b.people + b.other) * diet, 1.5)
        feed = max(min(share - eat, want), 0.0)
        b.stock -= eat + feed
        x.book[c, EATEN] += eat
        x.book[c, FEED] += feed
        b.fed += feed
        b.wanted += want
        b.food = food
        b.eaten_months += food
        if food < 1.0 or b.hunger > 1e-9 or rationed > 0.0:
            b.hunger = (1.0 - p.grain_memory) * b.hunger + (shortfall(x, food) if food < 1.0 else 0.0)
            rate = min(p.grain_mortality * b.hunger * b.hunger, MOST)
            if wartime:
                rate, b.hunger = 0.0, 0.0
            dead = 1000.0 * rate * b.people
            dead_town = 1000.0 * (p.grain_town_market * rate + (1.0 - p.grain_town_market) * rationed) * b.towns * urban
            b.people -= 0.001 * dead
            b.died += dead + dead_town
            b.died_town += dead_town
            x.dying[g.place[c].region, month - 1] += dead + dead_town
        people += b.people
        eaten += b.people * food
        worst = min(worst, food)
    n.months += eaten / people
    n.worst += worst
