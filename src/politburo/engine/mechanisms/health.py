"""Health: illness keeps a member from meetings; death and assassination end a career.

Theory. Natural death and illness are luck to the struggle, but in a circle of nine they decide majorities. By
default they happen as recorded (the case's calendar); with luck of health resampled, the recorded shocks move by
their spread and everybody else meets a Gompertz hazard by age.

    hazard per month = mortality * exp(0.085 * (age - 50))

Reads: calendar shocks, birth months. Writes: attendance, alive, war danger, hardship,
suspicion, the founder's shadow.
Parameters: mortality (deaths a month at age 50), alarm (suspicion added by an assassination), shadow (share
of an absent founder's authority that is left after a month).
Source: the Gompertz law with the usual slope of adult mortality (assumed; see the case's parameter).
Falsified by: elite deaths at natural rates that differ from the hazard by more than a factor of two.
Cost: one draw per living person and month when resampled, none otherwise.
"""

from .. import events, luck
from ..kernel import small
from ..numeric import exp
from ..standing import die, log

PARAMETERS = ("mortality", "alarm", "shadow")
READS = ("calendar", "born")
WRITES = ("attendance", "alive", "war", "hardship", "suspicion", "shadow")

ILLNESS, DEATH, ASSASSINATION, DOCUMENT, THREAT = 0, 1, 2, 3, 4


@small
def step(w, p, s):
    """One month of health."""
    m = s.people
    now = s.now[0]
    for i in range(len(m)):
        m[i].attendance = 1.0
    threat = 0.0
    for j in range(len(w.shock)):
        kind, i = w.shock[j].kind, w.shock[j].person
        begun = now.month >= s.when[j, 0]
        on = begun and (s.when[j, 1] < 0 or now.month <= s.when[j, 1])
        if kind == ILLNESS and on and m[i].alive == 1:
            m[i].attendance *= 1.0 - w.shock[j].size
            if now.month == s.when[j, 0]:
                log(s, events.ILLNESS, i, -1, w.shock[j].size, 0.0, 0.0, 0.0)
        elif (kind == DEATH or kind == ASSASSINATION) and begun and m[i].alive == 1 and now.month == s.when[j, 0]:
            log(s, events.DEATH, i, -1, float(kind), 0.0, 0.0, 0.0)
            if kind == ASSASSINATION:
                now.suspicion += p.alarm * (1.0 if m[i].circle > 0 else 0.3)
            die(w, s, i)
        elif kind == THREAT and on:
            threat = max(threat, w.shock[j].size)
    now.war = max(threat, w.signal[now.month, len(w.opinion) + 1])
    now.hardship = w.signal[now.month, len(w.opinion)]
    # The founder's authority outlasts his presence: it is whole while he is active and fades when he is not.
    if now.arbiter >= 0:
        if m[now.arbiter].alive == 1 and m[now.arbiter].attendance > 0.2:
            now.shadow = 1.0
        else:
            now.shadow *= p.shadow
    if w.rule[0].recorded_health == 0:
        for i in range(len(m)):
            if m[i].alive == 1:
                age = (now.month - w.person[i].born) / 12.0
                if luck.uniform(w, s, luck.HEALTH, i) < p.mortality * exp(0.085 * (age - 50.0)):
                    log(s, events.DEATH, i, -1, 1.0, 0.0, 0.0, 0.0)
                    die(w, s, i)
