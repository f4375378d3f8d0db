"""State of block society: churches, reading, schools, doctors, the press, the cult. Simple laws, tied to levers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..kernel import kernel

BOOK = np.dtype(
    [(name, "f8") for name in (
        "literacy", "enrolment", "pupils", "doctors", "churches", "entered", "closed", "opened", "circulation", "cult", "erased",
        "schooling_sum", "closure_sum", "opening_sum", "months",
    )]
)  # fmt: skip


class SocietyState(NamedTuple):
    """The changing part of the block."""

    book: np.ndarray  # (1,) BOOK


def allocate(country) -> SocietyState:
    """Room for the block; `country` is `politburo.case.country.Country`."""
    return SocietyState(np.zeros(1, BOOK))


@kernel
def open_society(w, p, s):
    """The first 1 January."""
    book = s.country.society.book[0]
    first = w.country.society.opening
    book.literacy = first[0]
    book.enrolment = first[1]
    book.doctors = first[2]
    book.churches = first[3]
    book.circulation = first[4]
    book.cult = first[5]
    book.pupils = 0.0
    book.entered = 0.0
    book.closed = 0.0
    book.opened = 0.0
    book.erased = 0.0
    clear_society(s)


@kernel
def clear_society(s):
    """Before the first month of a year."""
    book = s.country.society.book[0]
    book.schooling_sum = 0.0
    book.closure_sum = 0.0
    book.opening_sum = 0.0
    book.months = 0.0


@kernel
def society_year(w, p, s, year, of_school_age, of_reading_age, population, war):
    """One calendar year. Ages and population in persons.

    literacy (9-49): the illiterate learn at the lever's hazard.
    enrolment of ages 8-17: e' = e + gain * schooling * e (top - e), less in war; pupils = enrolment times children of that age.
    doctors: growth g times schooling over its level of 1926-39, less in war.
    churches: closed at the lever's hazard, opened by the lever, and those that come with territory.
    circulation: moves half way a year to press lever times share of readers times copies a reader.
    cult: moves half way a year to its lever. Nothing in the record measures it.
    """
    book = s.country.society.book[0]
    heads = float(population)
    book.literacy += book.schooling_sum * (1.0 - book.literacy)
    gain = p.society_enrolment * book.schooling_sum * book.enrolment * (1.0 - book.enrolment / p.society_enrolment_top)
    book.enrolment += gain - p.society_enrolment_war * war * book.enrolment
    if book.enrolment < 0.0:
        book.enrolment = 0.0
    if book.enrolment > 1.0:
        book.enrolment = 1.0
    book.pupils = book.enrolment * float(of_school_age) * 1.0e-6
    book.doctors *= 1.0 + p.society_doctors * (book.schooling_sum / 0.08) - p.society_doctors_war * war
    book.entered = 0.0
    for i in range(len(w.country.society.entered)):
        if w.country.society.entered[i].year == year:
            book.entered += w.country.society.entered[i].number
    book.closed = book.closure_sum * (book.churches + book.entered)
    book.opened = 1000.0 * book.opening_sum
    book.churches += book.entered - book.closed + book.opened
    readers = book.literacy * heads * 0.8  # all above 9; those of 50 and over read less, those under 9 hardly
    book.circulation += 0.5 * (s.country.lever[0].press * p.society_copies * readers * 1.0e-6 - book.circulation)
    book.cult += 0.5 * (s.country.lever[0].cult - book.cult)


@kernel
def count_society(s):
    """Add the month's levers."""
    book = s.country.society.book[0]
    lever = s.country.lever[0]
    book.schooling_sum += lever.schooling / 12.0
    book.closure_sum += lever.closure / 12.0
    book.opening_sum += lever.reopening / 12.0
    book.months += 1.0


@kernel
def erased(w, s):
    """Named people of the case whom the press no longer names: those arrested or executed. Without politics there is nobody to count."""
    count = 0
    for i in range(len(s.people)):
        if s.people[i].rung >= 7:
            count += 1
    return count
