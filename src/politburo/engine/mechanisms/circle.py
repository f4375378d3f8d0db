"""Vacancies between congresses: a plenum of the committee may co-opt.

Theory. The committee elects the circle, so whoever has a majority of the committee fills a seat that falls
vacant without waiting for a congress, at a rate of `coopt` a month.

Reads: circle size, sides. Writes: circle, affinity (a debt to the leader).
Parameters: coopt, affinity, debt, ideology, nominee_office, nominee_standing.
Falsified by: seats that stay vacant for years under a coalition with a majority.
"""

from .. import luck
from ..kernel import small
from .congress import fill_circle

PARAMETERS = ("coopt", "affinity", "debt", "ideology", "nominee_office", "nominee_standing")
READS = ("circle_size", "side")
WRITES = ("circle", "affinity")


@small
def step(w, p, s):
    """Fill vacancies, now and then."""
    now = s.now[0]
    if now.circle_size < w.rule[0].circle_size and now.leader >= 0:
        if luck.uniform(w, s, luck.NOMINATE, 4095) < p.coopt:
            fill_circle(w, p, s, False)
