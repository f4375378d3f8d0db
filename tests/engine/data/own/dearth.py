"""Famine deaths as a lever asks for them, in place of the grain block: thousand a year, spread over the months by the lever `relief`."""

from politburo.engine.country.calendar import month_of
from politburo.engine.kernel import kernel

SIDE = "country"
PARAMETERS = ()


@kernel
def step(w, p, s):
    """Relief of 1 stands for a million dead in the year."""
    if month_of(w, s) == 1:
        s.country.year[0].famine_deaths = 0.0
    s.country.year[0].famine_deaths += 1000.0 / 12.0 * s.country.lever[0].relief
