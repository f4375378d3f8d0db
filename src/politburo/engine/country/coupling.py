"""The seam between politics and country: from the prevailing line to the levers, from the country to the struggle."""

from __future__ import annotations

from ..kernel import kernel
from .calendar import month_of


@kernel
def start_line(w, p, s):
    """The line at the start is the recorded one."""


@kernel
def set_levers(w, p, s):
    """The levers of this month."""
    c = s.country
    t = min(s.now[0].month, w.country.lever.shape[0] - 1)
    for k in range(len(c.levers)):
        c.levers[k] = w.country.lever[t, k]
    if month_of(w, s) == 1:
        c.year[0].line = 0.0
