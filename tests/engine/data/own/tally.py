"""Tally: what a country mechanism can see, counted. A mechanism of the tests.

Theory. None. Reads: levers, luck, parameters. Writes: the year's record. Parameters: line_speed. Falsified by: any use of it.
"""

from politburo.engine import luck
from politburo.engine.country.calendar import month_of, year_of
from politburo.engine.kernel import kernel, small

SIDE = "country"
PARAMETERS = ("line_speed",)
READS = ("lever",)
WRITES = ("year",)


@small
def begin(w, p, s):
    """Before the first month."""
    s.country.year[0].coal = p.line_speed


@kernel
def weather(w, p, s):
    """A number of luck for each region."""
    for r in range(s.country.regional.shape[1]):
        s.country.regional[1, r] = luck.normal(w, s, luck.PLACE_WEATHER, r)


@small
def step(w, p, s):
    """Months of pressure; the year and the month as the calendar has them."""
    year = s.country.year[0]
    if month_of(w, s) == 1:
        year.export = 0.0
    year.export += s.country.lever[0].drive
    year.harvest = float(year_of(w, s))
    year.coal += 1.0
    if month_of(w, s) == 7:
        weather(w, p, s)
