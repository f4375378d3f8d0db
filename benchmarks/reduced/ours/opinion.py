"""Cadre opinion closes part of its gap to the signals."""

from benchmarks.reduced.ours.draws import K, inlined

PARAMETERS = ("opinion_speed",)


@inlined
def step(w, p, s):
    for k in range(K):
        s.opinion[k] += p.opinion_speed * (w.signal[s.now[0].month, k] - s.opinion[k])
