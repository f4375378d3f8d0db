"""What is kept of the country: one row each December."""

from ..kernel import kernel
from .calendar import month_of, year_of
from .year import GROUPS


@kernel
def begin_years(w, s):
    """Before a history: an empty record, resting levers of the first month."""
    c = s.country
    for k in range(len(c.years)):
        c.years[k] = 0.0
    for k in range(c.regional.shape[0]):
        for r in range(c.regional.shape[1]):
            c.regional[k, r] = 0.0
    for k in range(len(c.levers)):
        c.levers[k] = w.country.lever[0, k]


@kernel
def keep_year(w, s, kept, h):
    """At the end of December: the year's record, then the regional one name by name, then people by sex and age."""
    if month_of(w, s) != 12:
        return
    y = year_of(w, s) - w.country.first // 12
    if y >= kept.shape[1]:
        return
    c = s.country
    for k in range(len(c.years)):
        kept[h, y, k] = c.years[k]
    at = len(c.years)
    for k in range(c.regional.shape[0]):
        for r in range(c.regional.shape[1]):
            kept[h, y, at] = c.regional[k, r]
            at += 1
    stock = c.people.stock  # (2, ages)
    for sex in range(2):
        for k in range(len(GROUPS)):
            last = 5 * k + 5 if k < len(GROUPS) - 1 else stock.shape[1]
            many = 0
            for a in range(5 * k, last):
                many += stock[sex, a]
            kept[h, y, at] = many / 1000.0
            at += 1
