"""Levers: the recorded path, moved by how far the prevailing line is from the recorded one.

Theory. A line is a position of the ruling coalition on each issue of the case. What it does to the country is a set of
levers: how hard peasants are pushed into kolkhozy, how much grain is taken and sold abroad, how much is invested in what,
how many are arrested. The record gives one path of the levers under one line. Under another line

    lever_l(t) = recorded_l(t) + line_strength * sum over k of slope_lk(t) * (line_k(t) - recorded line_k(t))

within the lever's bounds. The line is the mean stance of the ruling coalition's full members, weighted by their power;
it moves by a share `line_speed` of the gap a month, because what has been ordered is carried out for a while. Without politics,
or with `line_strength` 0, the levers are the recorded path.

Reads: sides, stances, power. Writes: levers, line. Parameters: line_strength, line_speed.
Source: this project's (assumed): the record shows one path only, so a slope cannot be estimated from it.
Falsified by: decisions of that kind under a coalition whose mean position was unchanged.
"""

from ..country.coupling import set_levers, start_line

SIDE = "country"
PARAMETERS = ("line_strength", "line_speed")
READS = ("side", "stance", "power")
WRITES = ("lever", "line")

begin = start_line
step = set_levers
