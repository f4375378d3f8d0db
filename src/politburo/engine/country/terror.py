"""State of block terror, and the accounts of repression: who was sentenced, who was held, who came out, who died.

Every number of people is a whole number, and each year closes:

    convictions = death + camps + exile + other                     (largest remainder)
    camps'      = camps + sentenced + ordinary + entered - deaths - releases
    settlers'   = settlers + exiled + deported + entered + births - deaths - escapes - freed
    party'      = party + admitted - expelled - left

Shares that would take out more people than there are take all of them and no more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..kernel import kernel, small

BOOK = np.dtype(
    [
        *((name, "i8") for name in (
            # the year's accounts
            "arrests", "convictions", "death", "to_camp", "to_exile", "to_other",
            "camps", "camps_opening", "ordinary", "entered", "camp_deaths", "releases",
            "settlers", "settlers_opening", "settlers_entered", "exiles", "peoples", "exiled", "deported", "settler_births", "settler_deaths", "escapes", "settled_free",
            "party", "party_opening", "admitted", "expelled", "left",
            "command", "discharged", "reinstated",
            # the campaign
            "campaign", "chiefs", "grants",
        )),
        *((name, "f8") for name in (
            "escalation", "shot_limit", "camp_limit", "shot_month", "camp_month",
            # sums of the months' levers
            "arrest_sum", "severe_sum", "banish_sum", "ordinary_sum", "exile_sum", "deport_sum", "release_sum", "amnesty", "purge_sum",
            "open_sum", "army_sum", "war_sum", "war_square", "shot_sum", "camp_sum", "months",
            "fresh_exiled", "fresh_deported", "fear", "competence", "managers", "stock_growth",
        )),
    ]
)  # fmt: skip


class TerrorState(NamedTuple):
    """The changing part of the block."""

    book: np.ndarray  # (1,) BOOK
    part: np.ndarray  # (4,) work: exact parts, then remainders
    whole: np.ndarray  # (4,) int64 work


def allocate(country) -> TerrorState:
    """Room for the block; `country` is `politburo.case.country.Country`."""
    return TerrorState(np.zeros(1, BOOK), np.zeros(4), np.zeros(4, np.int64))


@kernel
def open_terror(w, p, s):
    """The books of the first 1 January."""
    book = s.country.terror.book[0]
    first = w.country.terror.opening
    book.camps = first[0]
    book.settlers = first[1]
    book.exiles = first[1]
    book.peoples = 0
    book.party = first[2]
    book.command = first[3]
    book.campaign = 0
    book.chiefs = 0
    book.grants = 0
    book.escalation = 1.0
    book.shot_month = 0.0
    book.camp_month = 0.0
    book.amnesty = 0.0
    book.fresh_exiled = 0.0
    book.fresh_deported = 0.0
    book.fear = 0.0
    book.competence = 1.0
    book.managers = 1.0
    book.stock_growth = 0.0
    book.discharged = 0
    book.reinstated = 0
    clear_sums(s)


@kernel
def clear_sums(s):
    """Before the first month of a year."""
    book = s.country.terror.book[0]
    book.arrest_sum = 0.0
    book.severe_sum = 0.0
    book.banish_sum = 0.0
    book.ordinary_sum = 0.0
    book.exile_sum = 0.0
    book.deport_sum = 0.0
    book.release_sum = 0.0
    book.amnesty = 0.0
    book.purge_sum = 0.0
    book.open_sum = 0.0
    book.army_sum = 0.0
    book.war_sum = 0.0
    book.war_square = 0.0
    book.shot_sum = 0.0
    book.camp_sum = 0.0
    book.shot_limit = 0.0
    book.camp_limit = 0.0
    book.months = 0.0


@small
def whole(x):
    """A number of people: the nearest whole number, at least 0."""
    return int(x + 0.5) if x > 0.0 else 0


@kernel
def apportion(s, total):
    """Divide `total` people as s.country.terror.part says (any positive scale), by largest remainder, into `whole`."""
    part = s.country.terror.part
    out = s.country.terror.whole
    scale = 0.0
    for i in range(4):
        scale += part[i]
    given = 0
    for i in range(4):
        exact = total * part[i] / scale if scale > 0.0 else 0.0
        out[i] = int(exact)
        part[i] = exact - out[i]
        given += out[i]
    if scale <= 0.0:
        out[3] = total
        given = total
    while given < total:
        best = 0
        for i in range(1, 4):
            if part[i] > part[best]:
                best = i
        out[best] += 1
        part[best] = -1.0
        given += 1


@kernel
def campaign_month(w, p, s, luck_of_petition):
    """A month of quotas: limits granted, raised by petition, lowered when the executioners are themselves removed.

    E' = E (1 + rho u (1 - E / K)) with u twice a uniform number: each month regions ask for more, and the more has been granted
    the fewer are left on the registers. A new chief of police begins with a share of what his predecessor had been granted.
    """
    book = s.country.terror.book[0]
    lever = s.country.lever[0]
    if lever.quota_shot + lever.quota_camp <= 0.0:
        book.campaign = 0
        book.escalation = 1.0
        book.shot_month = 0.0
        book.camp_month = 0.0
        return
    if book.campaign == 0:
        book.campaign = 1
        book.escalation = 1.0
    else:
        more = p.terror_petition * 2.0 * luck_of_petition * (1.0 - book.escalation / p.terror_registers)
        book.escalation *= 1.0 + more if more > 0.0 else 1.0
        book.grants += 1
    removed = s.now[0].chiefs
    if removed > book.chiefs:
        book.escalation = 1.0 + (book.escalation - 1.0) * p.terror_new_chief
    book.chiefs = removed
    book.shot_limit += lever.quota_shot / 12.0
    book.camp_limit += lever.quota_camp / 12.0
    book.shot_month = lever.quota_shot / 12.0 * book.escalation
    book.camp_month = lever.quota_camp / 12.0 * (1.0 + (book.escalation - 1.0) * p.terror_petition_camp)
    book.shot_sum += book.shot_month
    book.camp_sum += book.camp_month


@kernel
def count_month(s):
    """Add the month's levers to the year's sums."""
    book = s.country.terror.book[0]
    lever = s.country.lever[0]
    book.months += 1.0
    book.arrest_sum += lever.arrests / 12.0
    book.severe_sum += lever.severity * lever.arrests / 12.0
    book.banish_sum += lever.banish * lever.arrests / 12.0
    book.ordinary_sum += lever.ordinary / 12.0
    book.exile_sum += lever.exile / 12.0
    book.deport_sum += lever.deport / 12.0
    book.release_sum += lever.release / 12.0
    book.purge_sum += lever.party_purge / 12.0
    book.open_sum += lever.party_open / 12.0
    book.army_sum += lever.army_purge / 12.0
    book.war_sum += lever.war
    book.war_square += lever.war * lever.war
    if lever.amnesty > book.amnesty:
        book.amnesty = lever.amnesty


@kernel
def sentences(w, p, s, population):
    """Arrests, convictions and what they were sentenced to; fear.

    Outside campaigns arrests are the lever's, raised by denunciation: 1 + d f / (f + 5), f the arrests of past years a thousand
    people, halved each year. A campaign adds its limits as raised. Two counts of the record, arrests by state security and
    convictions, cover different people (convictions over arrests: 1.4 in 1935, 2.1 in 1936), so the share convicted
    is set, not estimated, and arrests here are what convictions imply.
    """
    book = s.country.terror.book[0]
    quiet = book.arrest_sum * (1.0 + p.terror_denunciation * book.fear / (book.fear + 5.0))
    tried = quiet * p.terror_convicted
    mild = book.arrest_sum if book.arrest_sum > 0.0 else 1.0
    dead = tried * book.severe_sum / mild
    away = (tried - dead) * book.banish_sum / mild
    part = s.country.terror.part
    part[0] = dead + book.shot_sum
    part[2] = away
    part[3] = (tried - dead - away) * p.terror_other
    part[1] = tried - dead - away - part[3] + book.camp_sum
    book.convictions = whole(1000.0 * (tried + book.shot_sum + book.camp_sum))
    apportion(s, book.convictions)
    out = s.country.terror.whole
    book.death = out[0]
    book.to_camp = out[1]
    book.to_exile = out[2]
    book.to_other = out[3]
    book.arrests = whole(1000.0 * (quiet + (book.shot_sum + book.camp_sum) * 1.05))
    heads = float(population) if population > 0 else 1.0
    book.fear = 0.5 * book.fear + 1000.0 * float(book.arrests) / heads


@kernel
def camps(w, p, s, year, hunger, mortality):
    """The year of camps and colonies.

    rate = base k + famine h + war V^2 + crowding max(0, growth of the year before - 15 %)

    with k the general death rate of the country without crises (1927 = 1), h famine deaths a head of the country, V the mean square of
    mobilisation: what kills in the camps is what kills outside, and more. Deaths and releases are of the mean stock of the year.
    """
    book = s.country.terror.book[0]
    book.camps_opening = book.camps
    book.ordinary = whole(1000.0 * book.ordinary_sum)
    book.entered = 0
    for i in range(len(w.country.terror.entered)):
        if w.country.terror.entered[i].year == year:
            book.entered += w.country.terror.entered[i].persons
    war = book.war_square / book.months if book.months > 0.0 else 0.0
    crowd = book.stock_growth - 0.15
    rate = p.terror_camp_base * mortality + p.terror_camp_famine * hunger + p.terror_camp_war * war * war
    if crowd > 0.0:
        rate += p.terror_camp_crowding * crowd
    inflow = book.to_camp + book.ordinary
    held = float(book.camps) + 0.5 * float(inflow)
    most = book.camps + inflow
    book.camp_deaths = whole((rate if rate < 0.6 else 0.6) * held)
    if book.camp_deaths > most:
        book.camp_deaths = most
    book.releases = whole((book.release_sum + book.amnesty) * (held - 0.5 * float(book.camp_deaths)))
    if book.releases > most - book.camp_deaths:
        book.releases = most - book.camp_deaths
    book.camps = most + book.entered - book.camp_deaths - book.releases
    book.stock_growth = float(most - book.camp_deaths - book.releases) / float(book.camps_opening) - 1.0 if book.camps_opening > 0 else 0.0
    if book.stock_growth > 1.0:
        book.stock_growth = 1.0


@kernel
def contingent(p, stock, new, fresh, rate, escape, free):
    """One contingent's year: (deaths, births, escapes, freed, closing stock, share that came lately)."""
    total = stock + new
    held = float(stock) + 0.5 * float(new)
    lately = (0.5 * fresh * float(stock) + 0.5 * float(new)) / held if held > 0.0 else 0.0
    rate += p.terror_settler_new * lately
    deaths = whole((rate if rate < 0.6 else 0.6) * held)
    if deaths > total:
        deaths = total
    births = whole(p.terror_settler_births * held)
    left = total - deaths
    escapes = whole(escape * lately * held)
    if escapes > left:
        escapes = left
    left -= escapes
    freed = whole(free * float(stock))
    if freed > left:
        freed = left
    share = (0.5 * fresh * float(stock) + float(new)) / float(total) if total > 0 else 0.0
    return deaths, births, escapes, freed, left - freed + births, share


@kernel
def settlements(w, p, s, year, hunger, mortality):
    """The year of the special settlers: those exiled from the villages, and deported peoples.

    rate = base k + famine h + new (share of those who came lately, halved each year)

    The same for both. Flight in numbers and release are of the village exiles; peoples were held until after 1953.
    """
    book = s.country.terror.book[0]
    book.settlers_opening = book.settlers
    book.exiled = whole(1000.0 * book.exile_sum)
    book.deported = whole(1000.0 * book.deport_sum)
    rate = p.terror_settler_base * mortality + p.terror_settler_famine * hunger
    d0, b0, e0, f0, book.exiles, book.fresh_exiled = contingent(
        p, book.exiles, book.exiled, book.fresh_exiled, rate, p.terror_settler_escape, p.terror_settler_free
    )
    d1, b1, e1, f1, book.peoples, book.fresh_deported = contingent(p, book.peoples, book.deported, book.fresh_deported, rate, 0.0, 0.0)
    book.settlers_entered = 0
    for i in range(len(w.country.terror.settled)):
        if w.country.terror.settled[i].year == year:
            more = w.country.terror.settled[i].persons
            if book.peoples + more < 0:
                more = -book.peoples
            book.peoples += more
            book.settlers_entered += more
    book.settler_deaths = d0 + d1
    book.settler_births = b0 + b1
    book.escapes = e0 + e1
    book.settled_free = f0 + f1
    book.settlers = book.exiles + book.peoples


@kernel
def party(w, p, s):
    """The year of the party's members and candidates."""
    book = s.country.terror.book[0]
    book.party_opening = book.party
    war = book.war_sum / book.months if book.months > 0.0 else 0.0
    book.expelled = whole(book.purge_sum * float(book.party))
    if book.expelled > book.party:
        book.expelled = book.party
    book.left = whole((p.terror_party_left + p.terror_party_war * war) * float(book.party))
    if book.left > book.party - book.expelled:
        book.left = book.party - book.expelled
    book.admitted = whole(book.open_sum * float(book.party))
    book.party = book.party + book.admitted - book.expelled - book.left


@kernel
def command(w, p, s, population):
    """Loyalty against competence, in the army and among managers. Assumed: nothing in the record measures either.

    q' = q + (1 - q) / 4 - (discharged - reinstated) / establishment; a manager is lost for so many arrests a thousand people above
    the quiet level. Establishments are filled again at once, with people who have yet to learn.
    """
    book = s.country.terror.book[0]
    book.discharged = whole(book.army_sum * float(book.command))
    if book.discharged > book.command:
        book.discharged = book.command
    book.reinstated = whole(p.terror_reinstated * float(book.discharged))
    lost = float(book.discharged - book.reinstated) / float(book.command) if book.command > 0 else 0.0
    book.competence += 0.25 * (1.0 - book.competence) - lost * book.competence
    heads = float(population) if population > 0 else 1.0
    above = 1000.0 * float(book.arrests) / heads - 2.0
    drop = p.terror_managers * above if above > 0.0 else 0.0
    book.managers += 0.25 * (1.0 - book.managers) - (drop if drop < 0.5 else 0.5) * book.managers
