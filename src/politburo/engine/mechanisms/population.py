"""Population: births, deaths and ageing by single year of age and sex; every person is accounted for.

Theory. Cohort component: those aged a on 1 January are a + 1 on the next, less deaths; births are women times rates. Mortality is a table
of hazards times a level that falls slowly until 1940, and from 1946 the table of about 1950 (medicine, and the war's survivors), a
path by calendar that the model does not explain. Famine deaths (grain), deaths in camps and of settlers and executions (terror) and war deaths come on top,
each with an age and sex pattern of its own taken from the record. The birth rate falls with a trend, with the memory of hunger, with
mobilisation and the want of men, and rises under the ban of abortion. Equations: `politburo.engine.country.people`.

Works in December, after the others. Reads: levers war, abortion_ban; famine_deaths; the terror's books. Writes: the people part
of the year's record: closing = opening + territory + migration + births - deaths, exactly.
Source: method textbook (Leslie 1945; Andreev, Darskii and Khar'kova 1993); laws of level assumed, fitted to the record of 1926-1937 and 1942-46.
Falsified by: births that do not fall in the year after a famine; a census of 1959 in which women aged 35 and over outnumber men by less
than three to two.
"""

from ..country.calendar import month_of, year_of
from ..country.people import open_people, population_year
from ..country.terror import whole
from ..kernel import kernel

SIDE = "country"
PARAMETERS = (
    "people_child", "people_adult", "people_decline", "people_decline_late", "people_fertility", "people_fertility_decline", "people_hunger",
    "people_hunger_now", "people_hunger_memory", "people_upheaval", "people_postponed_start", "people_ban", "people_war_births", "people_partners", "people_war",
    "people_terror_women",
)  # fmt: skip
READS = ("lever", "famine_deaths", "terror book")
WRITES = ("population", "births", "deaths", "natural_increase", "males_share", "tfr")


@kernel
def begin(w, p, s):
    """Everybody alive on the first 1 January."""
    open_people(w, p, s)


@kernel
def step(w, p, s):
    """Count mobilisation; in December live through the year."""
    book = s.country.people.book[0]
    month = month_of(w, s)
    lever = s.country.lever[0]
    if month < 12:
        return
    held = s.country.terror.book[0]
    book.war_mean = held.war_sum / held.months if held.months > 0.0 else lever.war
    book.war_square = held.war_square / held.months if held.months > 0.0 else lever.war * lever.war
    population_year(
        w, p, s, year_of(w, s), whole(1000.0 * s.country.year[0].famine_deaths), held.settler_deaths, held.camp_deaths, held.death
    )
    book.ban = lever.abortion_ban
    year = s.country.year[0]
    year.population = book.closing * 0.001
    year.births = book.births * 0.001
    year.deaths = book.deaths * 0.001
    year.natural_increase = (book.births - book.deaths) * 0.001
    year.males_share = book.men_share
    year.tfr = book.tfr
    year.war_deaths = book.war * 0.001
    year.baseline_deaths = book.baseline * 0.001
    year.migration = (book.migration + book.territory) * 0.001
