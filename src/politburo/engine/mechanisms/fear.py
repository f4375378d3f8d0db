"""Fear, grievance and suspicion: why votes are unanimous while minds are not.

Theory. Preference falsification (Kuran): each act of repression adds fear, which silences open dissent and fades when it
stops; hardship and deviation from the line add grievance, which stays private. Under a sole ruler the gap between
public and private feeds suspicion: he cannot know who is loyal, knows that they are afraid, and counts
living former rivals and foreign danger.

    F <- F + fear * acts - 0.02 F        G <- 0.97 G + 0.03 (0.2 + hardship)
    Z <- 0.98 Z + suspicion (0.3 war + 0.02 rivals + 0.5 G (1 - K_ruler / 2))

At a congress under a sole ruler a secret ballot shows hidden dissent = dissent * G (1 - K_ruler / 2); an open one shows it times
(1 - F). What the ballot shows adds to suspicion.

Reads: hardship, war, rungs, ruler. Writes: fear, grievance, suspicion, ballot.
Parameters: fear, suspicion, dissent.
Source: Kuran (1991), Wintrobe's dilemma of the dictator; the linear forms are this project's (derived).
Falsified by: open dissent that grows with repression.
"""

from .. import events
from ..kernel import small
from ..numeric import clamp
from ..standing import log

PARAMETERS = ("fear", "suspicion", "dissent")
READS = ("hardship", "war", "rung", "ruler")
WRITES = ("fear", "grievance", "suspicion", "ballot")


@small
def step(w, p, s):
    """One month of fear and suspicion."""
    m = s.people
    now = s.now[0]
    acts, rivals = 0, 0
    for i in range(len(m)):
        for rung in range(4, m[i].rung + 1):
            if s.first[i, rung] == now.month:
                acts += 1
        if m[i].alive == 1 and m[i].rung >= 1 and i != now.ruler:
            rivals += 1
    now.fear = clamp(now.fear + p.fear * acts - 0.02 * now.fear, 0.0, 1.0)
    now.grievance = 0.97 * now.grievance + 0.03 * (0.2 + now.hardship)
    if now.ruler < 0:
        return
    now.fear = clamp(now.fear + 0.5 * p.fear, 0.0, 1.0) if now.fear < 0.4 else now.fear
    hidden = p.dissent * now.grievance * (1.0 - 0.5 * m[now.ruler].seats)
    now.suspicion = 0.98 * now.suspicion + p.suspicion * (0.3 * now.war + 0.02 * rivals + 0.5 * hidden)
    if now.last_congress == now.month:
        shown = hidden if w.rule[0].committee_secret_ballot == 1 else hidden * (1.0 - now.fear)
        now.suspicion += 5.0 * p.suspicion * shown
        now.ballot = shown
        log(s, events.BALLOT, now.ruler, -1, shown, hidden, now.fear, now.suspicion)
