"""Terror: arrests, quotas that escalate, sentences, camps, settlements, the party, the army's command.

Theory. Under quotas the centre sets limits and regions, each afraid of having found too few, ask for more; a limit grows with every
round of petitions until the registers are exhausted (Order 00447 and its supplements; Getty and Naumov, Khlevniuk). Noise makes
repression broad rather than accurate (Gregory, Schroeder and Sonin, "Rational dictators and the killing of innocents");
a purge that is to frighten the loyal must strike at random (Montagnes and Wolton). The executioner holds the campaign: when the chief of police is himself
removed the campaign loses what he had been granted. Fear feeds denunciation. What kills in camps and settlements is what
kills outside them, and more. Equations are with each account in `politburo.engine.country.terror`.

Reads: levers arrests, quota_shot, quota_camp, severity, banish, ordinary, exile, deport, release, amnesty, party_purge, party_open, army_purge,
war; famine deaths; population and its mortality; chiefs removed (politics). Writes: the terror part of the year's record; events
nothing. Every account closes in whole numbers.
Source: forms assumed by this project; rates fitted to the record, those of denunciation, managers and competence assumed.
Falsified by: campaigns that end within their first limits; camps whose death rate does not move with the country's hunger.
"""

from .. import luck
from ..country.calendar import month_of, year_of
from ..country.terror import (
    camps, campaign_month, clear_sums, command, count_month, open_terror, party, sentences, settlements,
)  # fmt: skip
from ..kernel import kernel

SIDE = "country"
PARAMETERS = (
    "terror_petition", "terror_registers", "terror_petition_camp", "terror_new_chief", "terror_denunciation", "terror_convicted", "terror_other",
    "terror_camp_base", "terror_camp_famine", "terror_camp_war", "terror_camp_crowding", "terror_settler_base", "terror_settler_famine",
    "terror_settler_new", "terror_settler_births", "terror_settler_escape", "terror_settler_free", "terror_party_left", "terror_party_war",
    "terror_reinstated", "terror_managers",
)  # fmt: skip
READS = ("lever", "famine_deaths", "population", "chiefs")
WRITES = (
    "arrests", "convictions", "shot", "to_camp", "to_exile", "to_other", "camps_stock", "camp_deaths", "camp_releases", "settlers_stock",
    "settler_deaths", "deported", "party_members", "party_expelled", "army_lost", "army_competence", "fear_society",
)  # fmt: skip


@kernel
def begin(w, p, s):
    """Open the books."""
    open_terror(w, p, s)
    # A country that begins in April has had three months already.
    for _ in range(month_of(w, s) - 1):
        count_month(s)


@kernel
def step(w, p, s):
    """Count the month; in December close the year."""
    month = month_of(w, s)
    if month == 1:
        clear_sums(s)
    count_month(s)
    campaign_month(w, p, s, luck.uniform(w, s, luck.PETITION, 0))
    if month < 12:
        return
    population = s.country.people.book[0].closing
    mortality = s.country.people.book[0].mortality
    heads = float(population) if population > 0 else 1.0
    hunger = 1000.0 * s.country.year[0].famine_deaths / heads
    sentences(w, p, s, population)
    camps(w, p, s, year_of(w, s), hunger, mortality)
    settlements(w, p, s, year_of(w, s), hunger, mortality)
    party(w, p, s)
    command(w, p, s, population)
    keep(w, s)


@kernel
def keep(w, s):
    """The year's record: thousands of people; shares for competence."""
    book = s.country.terror.book[0]
    year = s.country.year[0]
    year.arrests = book.arrests * 0.001
    year.convictions = book.convictions * 0.001
    year.shot = book.death * 0.001
    year.to_camp = book.to_camp * 0.001
    year.to_exile = book.to_exile * 0.001
    year.to_other = book.to_other * 0.001
    year.camps_stock = book.camps * 0.001
    year.camp_deaths = book.camp_deaths * 0.001
    year.camp_releases = book.releases * 0.001
    year.settlers_stock = book.settlers * 0.001
    year.settler_deaths = book.settler_deaths * 0.001
    year.deported = (book.exiled + book.deported) * 0.001
    year.party_members = book.party * 0.001
    year.party_expelled = book.expelled * 0.001
    year.army_lost = (book.discharged - book.reinstated) / float(book.command) if book.command > 0 else 0.0
    year.army_competence = book.competence
    year.fear_society = book.fear
    year.economy_competence = book.managers
    year.ordinary_to_camp = book.ordinary * 0.001
    year.campaign_limit = book.shot_limit
    year.escalation = book.escalation
    year.settler_births = book.settler_births * 0.001
    year.settler_escapes = book.escapes * 0.001
    year.settlers_freed = book.settled_free * 0.001
    year.exiles_stock = book.exiles * 0.001
