"""What date it is: months of a history count from 0, seasons and years do not."""

from ..kernel import small


@small
def year_of(w, s):
    """The calendar year of the month that runs."""
    return (w.country.first + s.now[0].month) // 12


@small
def month_of(w, s):
    """The calendar month, 1 to 12."""
    return (w.country.first + s.now[0].month) % 12 + 1
