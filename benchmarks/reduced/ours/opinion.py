"""Cadre opinion closes part of its gap to the signals."""

from politburo.engine.kernel import kernel

PARAMETERS = ("opinion_speed",)


@kernel
def step(w, p, s):
    for k in range(len(s.opinion)):
        s.opinion[k] += p.opinion_speed * (w.signal[s.now[0].month, k] - s.opinion[k])
