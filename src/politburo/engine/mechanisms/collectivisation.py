"""Collectivisation: joining under pressure, retreat when the drive pauses, revolt when it does not.

Theory. In each place a share K of households is committed to the kolkhoz and a share P is on its lists. With
the drive d above 0 households join at the rate j = a (exp(b d) - 1) through contact with those who have (C =
K + P):

    joins = j speed C (1 - C),   commitment = c solid P,   retreat in a pause = x (1.4 - 0.4 solid) P

so a place that was pushed in two months (solid low) loses nearly all when the pause comes, one where the
kolkhoz is older keeps half. Forced joining leaves anger A, and so does being held on the lists while the
drive is on; anger fades, and retreat appeases it. Disturbances rise with the square of anger, with retreat
itself (animals and seed are taken back) and with extraordinary measures. Above a threshold anger is revolt:
households leave whatever the drive says, and fields are not sown (two thirds of the loss in April and May, a
third in September and October). The record stopped short of it: officials gave the loss of the spring sowing
as the reason for the pause. So the size of the loss is an assumption with a wide range, and the answer to
"what if there had been no pause" is no firmer than that.

Reads: levers drive, extraordinary. Writes: committed, paper, anger, joined, driven, revolt, unsown; kolkhoz_share,
peasant_disturbances.
Source: shares of households by month and region, disturbances by month of 1930; equations are ours (derived).
Falsified by: regions whose share after a pause does not depend on how long the kolkhozy had been there.
Cost: about 0.15 microseconds a month for eleven places.
"""

from ..country.calendar import month_of
from .. import luck
from ..kernel import kernel
from ..numeric import clamp, exp

SIDE = "country"
PARAMETERS = (
    "kolkhoz_start", "kolkhoz_join", "kolkhoz_pressure", "kolkhoz_commit", "kolkhoz_exit", "kolkhoz_fade", "kolkhoz_hold",
    "kolkhoz_unrest", "kolkhoz_retreat", "kolkhoz_levy", "kolkhoz_threshold", "kolkhoz_revolt", "kolkhoz_sowing",
)  # fmt: skip
READS = ("lever",)
WRITES = ("grain.place", "grain.nation", "year")

_NOISE = 0.15  # spread of anger from place to place and month to month


@kernel
def step(w, p, s):
    """One month of collectivisation."""
    x = s.country.grain
    n = x.nation[0]
    if len(x.place) == 0:
        return
    year = s.country.year[0]
    month = month_of(w, s)
    drive = s.country.lever[0].drive
    if drive != n.drive:
        n.drive = drive
        n.rate = p.kolkhoz_join * (exp(p.kolkhoz_pressure * drive) - 1.0) if drive > 0.0 else 0.0
    force = drive - 0.5 if drive > 0.5 else 0.0
    sowing = 0.325 if month == 4 or month == 5 else (0.175 if month == 9 or month == 10 else 0.0)
    calm, pressed = 1.0 - p.kolkhoz_fade, 0.06 * max(drive, 0.0)
    people, share, unrest = 0.0, 0.0, 0.0
    for c in range(len(x.place)):
        b = x.place[c]
        inside = b.committed + b.paper
        join = min(n.rate * b.speed * inside * (1.0 - inside), 1.0 - inside)
        leave = 0.0
        if drive < 0.0:
            leave = min(p.kolkhoz_exit * clamp(1.4 - 0.4 * b.solid, 0.2, 2.0), 0.95)
        revolt = 0.0
        if b.anger > 0.5 * p.kolkhoz_threshold:
            felt = b.anger * (1.0 + _NOISE * luck.normal(w, s, luck.REVOLT, c))
            revolt = clamp(p.kolkhoz_revolt * (felt - p.kolkhoz_threshold), 0.0, 1.0)
            leave = max(leave, min(p.kolkhoz_exit * revolt, 0.95))
        b.revolt = revolt
        commit = min(p.kolkhoz_commit * b.solid, 0.5) * b.paper
        gone = leave * (b.paper - commit)
        b.committed += commit
        b.paper += join - commit - gone
        people += b.people
        share += b.people * (b.committed + b.paper)
        anger = b.anger
        if join > 0.0 or anger > 0.0:
            # Who leaves and is driven in again has no second herd to slaughter.
            b.joined = min(b.joined + join, 1.0)
            b.driven = min(b.driven + min(2.0 * force, 1.0) * join, 1.0)
            anger = (anger + force * (join + p.kolkhoz_hold * b.paper)) * calm * (1.0 - leave)
            b.anger = anger if anger > 1e-9 else 0.0
            if sowing > 0.0:
                b.unsown = min(b.unsown + sowing * p.kolkhoz_sowing * revolt, 0.9)
            unrest += b.people * (p.kolkhoz_unrest * (anger * anger * (1.0 + 2.0 * revolt) + pressed) + p.kolkhoz_retreat * gone)
    if month == 1:
        n.disturbances = 0.0
    unrest = unrest / people + p.kolkhoz_levy * s.country.lever[0].extraordinary
    if unrest > 0.0:
        n.disturbances += unrest * (1.0 + 0.1 * luck.normal(w, s, luck.REVOLT, 99))
    year.kolkhoz_share = share / people
    year.peasant_disturbances = n.disturbances
