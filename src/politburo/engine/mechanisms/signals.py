"""Signals: what the struggle hears from the country, as differences from the recorded path.

Theory. Officials administer the country, and what goes wrong there moves them. The politics were calibrated with recorded
signals (opinion, hardship, danger of war) in the case; these hold what the recorded country did to them. What a country
on another path adds is the difference. For each signal x, with mean b and reach v (the farthest from b) of what the country gives on the
recorded levers in thirty-two histories of its own parameters and weather,

    a = (x - b beyond seam_quiet * v) / |b|

and, every month, with lack of grain g = -a of procurement, hunger h = -a of food in the worst region,

    opinion on the quota's issue += seam_strength (seam_pressure (g + 0.3 lack of fulfilment) - seam_retreat h)
    grievance += seam_strength seam_grievance (want: food, wages, unrest)
    fear      += seam_strength seam_fear (fear in society)
    suspicion += seam_strength seam_army (danger of war) (lost competence of the army)
    a share seam_openings of (members expelled) of all blocs of seats is freed

With `seam_strength` 0 nothing of the politics is touched, bit for bit. The forms and sizes are assumed: the
record has one path, hence no differences to estimate them from.

Reads: year. Writes: opinion, grievance, fear, suspicion, seats. Parameters: seam_strength, seam_quiet, seam_pressure,
seam_retreat, seam_grievance, seam_fear, seam_army, seam_openings.
Source: this project's (assumed).
Falsified by: party opinion that does not answer to procurement or hunger in comparable crises (1921, 1928, 1932).
"""

from ..country.coupling import hear_country, push_politics
from ..kernel import kernel

SIDE = "country"
PARAMETERS = (
    "seam_strength", "seam_quiet", "seam_pressure", "seam_retreat", "seam_grievance", "seam_fear", "seam_army", "seam_openings",
)  # fmt: skip
READS = ("year",)
WRITES = ("opinion", "grievance", "fear", "suspicion", "seats")


@kernel
def step(w, p, s):
    """Hear the country, and let the struggle feel it."""
    hear_country(w, p, s)
    push_politics(w, p, s)
