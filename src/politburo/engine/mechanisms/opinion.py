"""Cadre opinion: officials' views follow events with a lag.

Theory. What local officials think right is moved by what they must administer: scarce goods, grain that does not
come in, a revolution abroad that fails. Each issue k has an opinion m_k that closes part of its gap to where events
push it:

    m_k <- m_k + pace * (target_k(t) - m_k)

The targets are the case's signals, an interface that an economy can drive in their place. The size of a signal is
uncertain: each history scales it by its own factor.

Reads: signals. Writes: opinion. Parameters: opinion_speed (share of the gap closed a month), signal_error.
Falsified by: opinion (resolutions, votes of local organisations) that moves before events do.
"""

from ..kernel import small
from ..numeric import clamp

PARAMETERS = ("opinion_speed", "signal_error")
READS = ("signals",)
WRITES = ("opinion",)


@small
def step(w, p, s):
    """One month of opinion."""
    for k in range(len(s.opinion)):
        target = clamp(w.signal[s.now[0].month, k] * s.swing[k], -1.0, 1.0)
        s.opinion[k] += p.opinion_speed * (target - s.opinion[k])
