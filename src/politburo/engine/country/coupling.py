"""The seam between politics and country: from the prevailing line to the levers, from the country to the struggle.

Both directions are differences. Levers are the recorded path plus what a line that is not the recorded one changes; signals
count by how far they are from what the country gives on the recorded path. So each side alone, on the other's
recorded path, is what it was without the seam.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..kernel import kernel, small
from ..numeric import clamp
from .calendar import month_of

QUOTA = 3  # number of the lever `quota` in case.country.levers
#: What the struggle hears from the country, in the order of `base` and `spread`.
SIGNALS = (
    "procurement", "food_worst_region", "food_index", "real_wage", "fulfilment", "peasant_disturbances", "fear_society",
    "army_competence", "party_expelled",
)  # fmt: skip
PROCUREMENT, WORST, FOOD, WAGE, FULFILMENT, UNREST, FEAR, COMPETENCE, EXPELLED = range(len(SIGNALS))


class CouplingState(NamedTuple):
    """State of the seam."""

    line: np.ndarray  # (K,) the line as practice has it
    gap: np.ndarray  # (K,) its distance from the recorded line, beyond the tolerance
    heard: np.ndarray  # (len(SIGNALS),) signals of this month
    trail: np.ndarray  # (T, len(SIGNALS)) signals of every month of this history
    anomaly: np.ndarray  # (len(SIGNALS),) beyond the reach of the recorded path, in units of their scale


def allocate(country) -> CouplingState:
    """Room for the seam."""
    months, issues, n = len(country.lever), country.line.shape[1], len(SIGNALS)
    return CouplingState(np.zeros(issues), np.zeros(issues), np.zeros(n), np.zeros((months, n)), np.zeros(n))


@small
def beyond(x, quiet):
    """What of x lies outside [-quiet, quiet]."""
    if x > quiet:
        return x - quiet
    if x < -quiet:
        return x + quiet
    return 0.0


@kernel
def start_line(w, p, s):
    """The line at the start is the recorded one."""
    c = s.country.coupling
    for k in range(len(c.line)):
        c.line[k] = w.country.line[0, k]
        c.gap[k] = 0.0


@kernel
def hear_line(w, p, s, t):
    """Move the line towards the mean stance of the ruling coalition, and measure its distance from the record."""
    c = s.country.coupling
    m = s.people
    total = 0.0
    for i in range(len(m)):
        if m[i].alive == 1 and m[i].circle == 2 and m[i].side == 1 and m[i].rung == 0:
            total += m[i].power
    for k in range(len(c.line)):
        if total > 0.0:
            mean = 0.0
            for i in range(len(m)):
                if m[i].alive == 1 and m[i].circle == 2 and m[i].side == 1 and m[i].rung == 0:
                    mean += m[i].power * s.stance[i, k]
            c.line[k] += p.line_speed * (mean / total - c.line[k])
        gap = p.line_strength * beyond(c.line[k] - w.country.line[t, k], p.line_tolerance)
        if gap * (w.country.line[t, k] - w.country.line[0, k]) > 0.0:
            # Farther than the record went, on its way: the recorded levers left little to go on with.
            gap *= p.line_excess
        c.gap[k] = gap


@kernel
def set_levers(w, p, s):
    """The levers of this month."""
    c = s.country
    t = min(s.now[0].month, w.country.lever.shape[0] - 1)
    for k in range(len(c.levers)):
        c.levers[k] = w.country.lever[t, k]
    if w.politics == 1 and p.line_strength > 0.0:
        hear_line(w, p, s, t)
        for j in range(len(w.country.slope)):
            row = w.country.slope[j]
            gap = c.coupling.gap[row.issue]
            if gap == 0.0 or t < row.first or t > row.last or w.country.held[t, row.lever] > 0.0:
                continue
            value = c.levers[row.lever] + row.slope * gap
            c.levers[row.lever] = clamp(value, w.country.low[row.lever], w.country.high[row.lever])
            if row.lever == QUOTA and c.coupling.line[row.issue] < p.market_line:
                c.levers[QUOTA] = -1.0
    year = c.year[0]
    if month_of(w, s) == 1:
        year.line_moved = 0.0
    moved = 0.0
    for k in range(len(c.coupling.gap)):
        if c.coupling.gap[k] != 0.0:
            moved = 1.0
    year.line_moved += moved / 12.0
    year.line_1 = c.coupling.line[0]
    year.line_2 = c.coupling.line[1] if len(c.coupling.line) > 1 else 0.0
    year.line_3 = c.coupling.line[2] if len(c.coupling.line) > 2 else 0.0


@kernel
def hear_country(w, p, s):
    """Signals of this month: the latest figures that the blocks have put into the year's record."""
    year = s.country.year[0]
    heard = s.country.coupling.heard
    heard[PROCUREMENT] = year.procurement
    heard[WORST] = year.food_worst_region
    heard[FOOD] = year.food_index
    heard[WAGE] = year.real_wage
    heard[FULFILMENT] = 0.5 * (year.fulfil_coal + year.fulfil_steel)
    heard[UNREST] = year.peasant_disturbances
    heard[FEAR] = year.fear_society
    heard[COMPETENCE] = year.army_competence
    heard[EXPELLED] = year.party_expelled
    t = s.now[0].month
    if t < s.country.coupling.trail.shape[0]:
        for j in range(len(heard)):
            s.country.coupling.trail[t, j] = heard[j]


@kernel
def push_politics(w, p, s):
    """Move opinion, grievance, fear, suspicion and seats by what differs from the recorded path."""
    c = s.country.coupling
    now = s.now[0]
    t = now.month
    if w.politics == 0 or p.seam_strength == 0.0 or t >= w.country.base.shape[0]:
        return
    for j in range(len(c.heard)):
        base, spread = w.country.base[t, j], w.country.spread[t, j]
        scale = max(abs(base), 0.05)
        c.anomaly[j] = clamp(beyond(c.heard[j] - base, p.seam_quiet * spread) / scale, -2.0, 2.0)
    a = c.anomaly
    hunger = max(0.0, -a[WORST])
    want = clamp(-0.5 * (a[FOOD] + a[WAGE]) + 0.1 * a[UNREST], -1.0, 1.0)
    pressure = max(0.0, -a[PROCUREMENT]) + 0.3 * max(0.0, -a[FULFILMENT])
    year = s.country.year[0]
    year.grain_gap = -a[PROCUREMENT]
    year.signal_retreat = hunger
    year.signal_pressure = pressure
    push = p.seam_strength * (p.seam_pressure * pressure - p.seam_retreat * hunger)
    for j in range(len(w.country.slope)):
        if w.country.slope[j].lever == QUOTA:
            k = w.country.slope[j].issue
            s.opinion[k] = clamp(s.opinion[k] + push, -1.0, 1.0)
    now.grievance = max(0.0, now.grievance + p.seam_strength * p.seam_grievance * want)
    now.fear = clamp(now.fear + p.seam_strength * p.seam_fear * a[FEAR], 0.0, 1.0)
    now.suspicion = max(0.0, now.suspicion - p.seam_strength * p.seam_army * now.war * a[COMPETENCE])
    freed = clamp(p.seam_strength * p.seam_openings * max(0.0, a[EXPELLED]), 0.0, 0.05)
    if freed > 0.0:
        # Places that a purge of the rank and file empties belong to nobody yet.
        total = 0.0
        for i in range(len(s.people)):
            total += s.people[i].seats * freed
            s.people[i].seats *= 1.0 - freed
        now.free_seats += total
