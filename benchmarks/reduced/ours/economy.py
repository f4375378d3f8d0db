"""Economy: harvests follow the country's and their own weather; weights and cadre opinion follow harvests."""

from benchmarks.reduced.ours.draws import GRAIN, MORE, WEATHER, WEIGHT, K, R, inlined

PARAMETERS = ("harvest_speed", "weather", "tilt", "opinion_speed", "grain")


@inlined
def step(w, p, s):
    work = s.worth.reshape(-1)
    month = s.now[0].month
    country = w.signal[month, K]
    speed, weather, tilt = p.harvest_speed, p.weather, p.tilt
    for r in range(R):
        work[MORE + r] = s.local[r].weight
    for r in range(R):
        harvest = work[GRAIN + r]
        harvest += speed * (country + weather * (2.0 * work[WEATHER + r] - 1.0) - harvest)
        work[GRAIN + r] = harvest
        work[WEIGHT + r] = work[MORE + r] * (1.0 + tilt * harvest)
        work[MORE + r] *= harvest
    # Eight sums side by side.
    for r in range(8, R):
        work[MORE + r % 8] += work[MORE + r]
    mean = 0.0
    for r in range(8):
        mean += work[MORE + r]
    for k in range(K):
        push = p.grain * mean if k == 0 else 0.0
        s.opinion[k] += p.opinion_speed * (w.signal[month, k] + push - s.opinion[k])
