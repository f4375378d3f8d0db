"""Society: churches, reading, schools, doctors, the press and whom it no longer names, the cult.

Theory. None beyond the simplest: each is a stock that moves at the pace that its lever sets (hazard of learning to read, of a church being
closed; a ceiling of enrolment; copies a reader), times the population of the right ages. The press erases those who fall: a person arrested or
executed is not named or shown again (King, The Commissar Vanishes), counted times the lever of the press. The cult follows its lever; theory of
cults as signalling is in `politburo.theory.cult`, and nothing in the record measures a cult's level. Equations: `politburo.engine.country.society`.

Works in December. Reads: levers schooling, closure, reopening, press, cult, war; ages of the population; rungs. Writes: the society part of
the year's record.
Source: assumed; rates fitted to benchmark years, most of them recalled.
Falsified by: enrolment that falls as illiteracy does; churches that reopen while the closing hazard is high.
"""

from ..country.calendar import month_of, year_of
from ..country.society import clear_society, count_society, erased, open_society, society_year
from ..kernel import kernel

SIDE = "country"
PARAMETERS = ("society_enrolment", "society_enrolment_top", "society_enrolment_war", "society_doctors", "society_doctors_war", "society_copies")
READS = ("lever", "population", "rung")
WRITES = ("literacy", "pupils", "doctors", "churches", "press_circulation", "cult_index")


@kernel
def begin(w, p, s):
    """The first 1 January."""
    open_society(w, p, s)
    # A country that begins in April has had three months already.
    for _ in range(month_of(w, s) - 1):
        count_society(s)


@kernel
def step(w, p, s):
    """Count the month; in December live through the year."""
    month = month_of(w, s)
    if month == 1:
        clear_society(s)
    count_society(s)
    if month < 12:
        return
    people = s.country.people.book[0]
    held = s.country.terror.book[0]
    war = held.war_sum / held.months if held.months > 0.0 else s.country.lever[0].war
    society_year(w, p, s, year_of(w, s), people.school_age, people.literacy_age, people.closing, war)
    book = s.country.society.book[0]
    book.erased = s.country.lever[0].press * erased(w, s)
    year = s.country.year[0]
    year.literacy = book.literacy
    year.pupils = book.pupils
    year.doctors = book.doctors
    year.churches = book.churches
    year.press_circulation = book.circulation
    year.cult_index = book.cult
    year.churches_closed = book.closed
    year.erased = book.erased
