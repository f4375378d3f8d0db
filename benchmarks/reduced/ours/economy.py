"""Economy: harvests follow the country's and their own weather; weights and cadre opinion follow harvests."""

from benchmarks.reduced.ours.columns import HARVEST, MORE, SIZE, WEATHER, WEIGHT, K, R
from politburo.engine.kernel import small

PARAMETERS = ("harvest_speed", "weather", "tilt", "opinion_speed", "grain")

HALF = R // 2


@small
def step(w, p, s):
    c = s.worth.reshape(-1)[int(s.now[0].from_line) :]
    month = s.now[0].month
    country = w.signal[month, K]
    speed, weather, tilt = p.harvest_speed, p.weather, p.tilt
    # Two halves of the regions at once; their sum in pairs, side by side.
    for r in range(HALF):
        y0, y1 = c[HARVEST + r], c[HARVEST + HALF + r]
        y0 += speed * (country + weather * (2.0 * c[WEATHER + r] - 1.0) - y0)
        y1 += speed * (country + weather * (2.0 * c[WEATHER + HALF + r] - 1.0) - y1)
        c[HARVEST + r], c[HARVEST + HALF + r] = y0, y1
        c[WEIGHT + r] = c[SIZE + r] * (1.0 + tilt * y0)
        c[WEIGHT + HALF + r] = c[SIZE + HALF + r] * (1.0 + tilt * y1)
        c[MORE + r] = c[SIZE + r] * y0 + c[SIZE + HALF + r] * y1
    mean = 0.0
    for r in range(8):
        mean += (c[MORE + r] + c[MORE + 8 + r]) + (c[MORE + 16 + r] + c[MORE + 24 + r]) + c[MORE + 32 + r]
    for k in range(K):
        push = p.grain * mean if k == 0 else 0.0
        s.opinion[k] += p.opinion_speed * (w.signal[month, k] + push - s.opinion[k])
