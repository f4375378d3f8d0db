"""Levers: the recorded path, moved by how far the prevailing line is from the recorded one.

Theory. A line is a position of the ruling coalition on each issue of the case. What it does to the country is a set of
levers: how hard peasants are pushed into kolkhozy, how much grain is taken and sold abroad, how much is invested in what,
how many are arrested. The record gives one path of the levers under one line. Under another line

    lever_l(t) = recorded_l(t) + line_strength * sum over k of slope_lk(t) * gap_k(t)

within the lever's bounds, where gap is the line's distance from the recorded one beyond `line_tolerance`. The line is the mean
stance of the ruling coalition's full members, weighted by power; practice closes a share `line_speed` of the gap a month.
A line that goes farther than the record on the record's own way counts by `line_excess` only: levers that already took most of
what could be taken have little left.
Below `market_line`, on the issue that the quota depends on, grain is bought and not taken. Without politics, with
`line_strength` 0, or with levers held by hand, the line moves nothing.

Reads: circle, side, rung, power, stance. Writes: lever, year. Parameters: line_strength, line_speed, line_tolerance,
line_excess, market_line.
Source: this project's (assumed): the record shows one path only, so a slope cannot be estimated from it.
Falsified by: decisions of that kind under a coalition whose mean position was unchanged.
"""

from ..country.coupling import set_levers, start_line

SIDE = "country"
PARAMETERS = ("line_strength", "line_speed", "line_tolerance", "line_excess", "market_line")
READS = ("circle", "side", "rung", "power", "stance")
WRITES = ("lever", "year")

begin = start_line
step = set_levers
