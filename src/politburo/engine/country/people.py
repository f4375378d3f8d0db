"""State of block people, and the year of a population by single year of age and sex.

Everybody is a whole number. The account of a year is

    closing = opening + territory + migration + births - deaths
    deaths  = baseline + famine + settlers + camps + executions + war - unplaced

and both lines hold exactly: deaths at each age are rounded by carrying the remainder on to the next age (every age within one
person of its expectation, the sum exact), and what other blocks report as dead but nobody is left to have died is `unplaced`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..kernel import kernel
from ..numeric import exp

AGES = 101

BOOK = np.dtype(
    [
        *((name, "i8") for name in (
            "opening", "territory", "migration", "births", "boys", "deaths", "baseline", "famine", "settlers", "camps", "executions", "war",
            "unplaced", "closing", "school_age", "literacy_age",
        )),
        *((name, "f8") for name in (
            "tfr", "remainder", "hunger", "hunger_before", "shock", "ban", "war_mean", "war_square", "war_before", "mortality", "men_share", "partners", "kolkhoz",
        )),
    ]
)  # fmt: skip


class PeopleState(NamedTuple):
    """The changing part of the block."""

    stock: np.ndarray  # (2, AGES) int64 persons alive at the last 1 January, men first; the last age is open
    book: np.ndarray  # (1,) BOOK


def allocate(country) -> PeopleState:
    """Room for the block; `country` is `politburo.case.country.Country`."""
    return PeopleState(np.zeros((2, AGES), np.int64), np.zeros(1, BOOK))


@kernel
def open_people(w, p, s):
    """The stock of the first 1 January."""
    stock = s.country.people.stock
    book = s.country.people.book[0]
    total = 0
    for sex in range(2):
        for a in range(AGES):
            stock[sex, a] = w.country.people.opening[sex, a]
            total += stock[sex, a]
    book.opening = total
    book.territory = 0
    book.migration = 0
    book.births = 0
    book.boys = 0
    book.deaths = 0
    book.baseline = 0
    book.famine = 0
    book.settlers = 0
    book.camps = 0
    book.executions = 0
    book.war = 0
    book.unplaced = 0
    book.closing = total
    book.tfr = 0.0
    book.remainder = 0.0
    book.hunger = 0.0
    book.hunger_before = 0.0
    book.shock = p.people_postponed_start
    book.ban = 0.0
    book.war_mean = 0.0
    book.war_square = 0.0
    book.war_before = 0.0
    book.mortality = 1.0
    book.men_share = 0.0
    book.partners = 0.0
    book.kolkhoz = s.country.year[0].kolkhoz_share
    count_ages(s)


@kernel
def count_ages(s):
    """Sums over ages that other blocks ask for."""
    stock = s.country.people.stock
    book = s.country.people.book[0]
    school, literate, men, women, all_men = 0, 0, 0, 0, 0
    for a in range(8, 18):
        school += stock[0, a] + stock[1, a]
    for a in range(9, 50):
        literate += stock[0, a] + stock[1, a]
    for a in range(20, 45):
        men += stock[0, a]
        women += stock[1, a]
    for a in range(AGES):
        all_men += stock[0, a]
    book.school_age = school
    book.literacy_age = literate
    book.partners = float(men) / float(women) if women > 0 else 1.0
    book.men_share = float(all_men) / float(book.closing) if book.closing > 0 else 0.0


@kernel
def fertility(w, p, s, year):
    """Births a woman has at this year's rates (total fertility rate).

    log TFR = log F - decline (year - 1927) - hunger S + ban B - war W + partners (men / women at 20-44 - 1)
    S' = memory S + now x + (1 - now) x_before,   x = sqrt(famine deaths a head) + upheaval (share of households that joined kolkhozy)

    with B whether abortion was a crime in the December before, W mobilisation, mostly of the year before. Births follow conceptions by
    nine months, so most of a year's hunger shows in the next; what was postponed comes back slowly.
    """
    book = s.country.people.book[0]
    book.shock = p.people_hunger_memory * book.shock + p.people_hunger_now * book.hunger + (1.0 - p.people_hunger_now) * book.hunger_before
    mobilised = 0.15 * book.war_mean + 0.85 * book.war_before
    logarithm = -p.people_fertility_decline * (year - 1927.0) - p.people_hunger * book.shock + p.people_ban * book.ban - p.people_war_births * mobilised
    logarithm += p.people_partners * (book.partners - 1.0)
    return p.people_fertility * exp(logarithm)


@kernel
def move(s, share):
    """Take away (or, below 0, add) a share of everybody, in whole numbers."""
    stock = s.country.people.stock
    carry, moved = 0.0, 0
    for sex in range(2):
        for a in range(AGES):
            carry += float(stock[sex, a]) * share
            gone = int(carry)
            if gone > stock[sex, a]:
                gone = stock[sex, a]
            carry -= gone
            moved += gone
            stock[sex, a] -= gone
    s.country.people.book[0].migration = -moved


@kernel
def weights(stock, famine, terror):
    """People times the patterns of famine (both sexes) and of terror (men, women)."""
    hungry, men, women = 0.0, 0.0, 0.0
    for a in range(AGES):
        hungry += float(stock[0, a]) * famine[0, a + 1] + float(stock[1, a]) * famine[1, a + 1]
        men += float(stock[0, a]) * terror[0, a + 1]
        women += float(stock[1, a]) * terror[1, a + 1]
    return hungry, men, women


@kernel
def survive(stock, table, famine, terror, fighting, young, old, pattern, boys, girls):
    """Deaths at every age, and everybody a year older: (deaths, expected dead of war).

    From old to young, so that ageing needs no second table; k = 0: born this year, k = a + 1: aged a on 1 January. The two
    sexes carry their remainders apart, which lets the processor work on both at once.
    """
    hunger, terror_men, terror_women, war = pattern
    deaths, killed = 0, 0.0
    carry_m, carry_w = 0.0, 0.0
    last_m, last_w = 0, 0
    for k in range(AGES, -1, -1):
        scale = old if k > 5 else young
        men = stock[0, k - 1] if k > 0 else boys
        women = stock[1, k - 1] if k > 0 else girls
        hazard_m = scale * table[0, k]
        hazard_w = scale * table[1, k]
        war_m = war * fighting[0, k]
        war_w = war * fighting[1, k]
        killed += float(men) * war_m + float(women) * war_w
        carry_m += float(men) * (hazard_m / (1.0 + 0.5 * hazard_m) + hunger * famine[0, k] + terror_men * terror[0, k] + war_m)
        carry_w += float(women) * (hazard_w / (1.0 + 0.5 * hazard_w) + hunger * famine[1, k] + terror_women * terror[1, k] + war_w)
        dead_m, dead_w = int(carry_m), int(carry_w)
        if dead_m > men:
            dead_m = men
        if dead_w > women:
            dead_w = women
        carry_m -= dead_m
        carry_w -= dead_w
        deaths += dead_m + dead_w
        stay_m, stay_w = men - dead_m, women - dead_w
        if k == AGES:
            last_m, last_w = stay_m, stay_w
        elif k == AGES - 1:
            stock[0, k] = last_m + stay_m
            stock[1, k] = last_w + stay_w
        else:
            stock[0, k] = stay_m
            stock[1, k] = stay_w
    return deaths, killed


@kernel
def population_year(w, p, s, year, famine, settlers, camps, executions):
    """One calendar year: territory, births, deaths, ageing. The last four: deaths (persons) that other blocks report."""
    c = w.country.people
    stock = s.country.people.stock
    book = s.country.people.book[0]
    total = book.closing
    book.opening = total
    book.territory = 0
    book.migration = 0
    leaving = 0.0
    for i in range(len(c.event)):
        if c.event[i].year == year:
            if c.event[i].territory == 1:
                for sex in range(2):
                    for a in range(AGES):
                        stock[sex, a] += c.annexed[sex, a]
                        book.territory += c.annexed[sex, a]
            else:
                leaving -= float(c.event[i].persons)
    total += book.territory
    if book.territory > 0:
        book.closing = total
        count_ages(s)

    head = float(total) if total > 0 else 1.0
    share = float(famine) / head
    book.hunger_before = book.hunger
    joined = s.country.year[0].kolkhoz_share - book.kolkhoz
    book.kolkhoz = s.country.year[0].kolkhoz_share
    book.hunger = math.sqrt(share) + p.people_upheaval * (joined if joined > 0.0 else 0.0)

    late = 1 if year >= 1946 else 0
    before = year if year < 1940 else 1940
    fall = exp(-p.people_decline * (before - 1927.0))
    fall_late = exp(-p.people_decline_late * (year - 1950.0))

    # Births: women aged a on 1 January spend the year half at a, half at a + 1.
    book.tfr = fertility(w, p, s, year)
    turn = (year - 1928.0) / 22.0
    turn = 0.0 if turn < 0.0 else (1.0 if turn > 1.0 else turn)
    exposed = 0.0
    for a in range(14, 56):
        exposed += float(stock[1, a]) * ((1.0 - turn) * c.fertility_early[a] + turn * c.fertility_late[a])
    born = exposed * book.tfr + book.remainder
    book.births = int(born)
    book.remainder = born - book.births
    book.boys = int(0.512 * book.births + 0.5)

    # How much each pattern must be scaled to give the deaths reported.
    boys, girls = book.boys, book.births - book.boys
    hungry, men, women = weights(stock, c.famine, c.terror)
    hungry += float(boys) * c.famine[0, 0] + float(girls) * c.famine[1, 0]
    held = float(camps + executions)
    pattern = (
        float(famine + settlers) / hungry if hungry > 0.0 else 0.0,
        held * (1.0 - p.people_terror_women) / men if men > 0.0 else 0.0,
        held * p.people_terror_women / women if women > 0.0 else 0.0,
        p.people_war * book.war_square,
    )
    level = fall_late if late == 1 else fall
    deaths, killed = survive(
        stock, c.late if late == 1 else c.early, c.famine, c.terror, c.war, p.people_child * level, p.people_adult * level, pattern, boys, girls
    )
    if leaving != 0.0:
        move(s, leaving / head)
    book.deaths = deaths
    book.famine = famine
    book.settlers = settlers
    book.camps = camps
    book.executions = executions
    book.war = int(killed + 0.5)
    book.baseline = deaths - famine - settlers - camps - executions - book.war
    book.unplaced = 0
    if book.baseline < 0:
        book.unplaced = -book.baseline
        book.baseline = 0
    book.closing = total + book.births - deaths + book.migration
    # General mortality without crises against that of 1927: what the camps' death rate moves with.
    book.mortality = float(book.baseline) / (0.026 * head)
    book.war_before = book.war_mean
    count_ages(s)
