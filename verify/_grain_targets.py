"""What the grain block is laid beside: targets, their spread, and whether they were fitted or held out.

A target is a number of the record, the number that a history gives for it, and the sd of the difference (of logarithms where
`log`). The spread is the record's own where it is stated, else a judgement.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from politburo.case.country.grain import REGIONS
from verify._grain import COLUMNS, START

COL = {name: i for i, name in enumerate(COLUMNS)}
U, K = REGIONS.index("ukraine"), REGIONS.index("kazakhstan")
NC, LV, CBE, RE = (REGIONS.index(n) for n in ("north_caucasus", "lower_volga", "black_earth", "rest_europe"))
Y0 = START.ordinal // 12
ANIMALS = ("horses", "cattle", "sheep", "pigs")


class Target(NamedTuple):
    group: str
    name: str
    record: float
    found: np.ndarray  # (H,)
    sd: float
    log: bool
    fitted: bool

    def miss(self) -> np.ndarray:
        """Difference in units of the spread."""
        if self.log:
            return (np.log(np.maximum(self.found, 1e-3 * self.record)) - np.log(self.record)) / self.sd
        return (self.found - self.record) / self.sd


def _month(text: str) -> int:
    year, month = map(int, text.split("-"))
    return 12 * year + month - 1 - START.ordinal


def crop_deaths(out, year: int, regions=None) -> np.ndarray:
    """(H,) million deaths of hunger from July `year` to June after."""
    d = out.dying if regions is None else out.dying[:, :, regions]
    return (d[:, year - Y0, :, 6:].sum((1, 2)) + d[:, year + 1 - Y0, :, :6].sum((1, 2))) / 1000


def span_deaths(out, first: int, last: int, regions=None) -> np.ndarray:
    """(H,) million deaths of hunger in calendar years."""
    d = out.dying if regions is None else out.dying[:, :, regions]
    return d[:, first - Y0 : last - Y0 + 1].sum((1, 2, 3)) / 1000


SHARES = {
    "1928-06": 1.7, "1929-06": 3.9, "1929-10": 7.5, "1930-01": 18.1, "1930-02": 31.7, "1930-03": 57.2, "1930-04": 38.6, "1930-05": 28.0,
    "1930-06": 24.8, "1930-07": 23.6, "1930-08": 21.9, "1930-09": 21.5, "1930-10": 21.7, "1930-12": 24.5, "1931-01": 25.9, "1931-03": 35.3,
    "1931-04": 42.0, "1931-07": 52.7,
}  # fmt: skip
SHARES_AFTER = {"1932-07": 61.5, "1933-07": 64.4, "1934-07": 71.4, "1935-07": 83.2, "1936-07": 89.6, "1937-07": 93.0, "1938-07": 93.5, "1940-07": 96.9}
SHARES_OF = {
    (CBE, "1930-03"): 83.3, (CBE, "1930-07"): 15.4, (LV, "1929-10"): 18.3, (LV, "1930-03"): 70.1, (LV, "1930-08"): 35.4, (LV, "1931-01"): 57.5,
    (NC, "1930-03"): 79.4, (NC, "1930-07"): 50.2, (NC, "1931-01"): 60.0,
}  # fmt: skip
UNREST_1930 = (402, 1048, 6528, 1992, 1375, 886, 618, 256, 159, 270, 129, 91)
HERDS = {
    "horses": {1928: 33.5, 1929: 34.0, 1930: 30.2, 1931: 26.2, 1932: 19.6, 1933: 16.6, 1934: 15.6},
    "cattle": {1928: 70.5, 1929: 67.6, 1930: 52.5, 1931: 47.9, 1932: 40.7, 1933: 38.5, 1934: 42.4},
    "sheep": {1928: 146.7, 1929: 147.0, 1930: 108.8, 1931: 77.7, 1932: 52.1, 1933: 50.2, 1934: 51.9},
    "pigs": {1928: 26.0, 1929: 20.4, 1930: 13.6, 1931: 14.4, 1932: 11.6, 1933: 12.1, 1934: 17.4},
}
#: Counts of 1 January over the summer before: 1929 over 1928 and 1934 over 1933, averaged.
JANUARY = {"horses": 0.95, "cattle": 0.85, "sheep": 0.73, "pigs": 0.85}
HERDS_1941 = {"horses": 21.1, "cattle": 54.8, "sheep": 91.7, "pigs": 27.6}
HERDS_1951 = {"horses": 13.8, "cattle": 57.1, "sheep": 99.0, "pigs": 24.4}


def targets(out, fitted_only: bool = False) -> Iterator[Target]:
    """Every target with what the histories of `out` give for it. `out` must have been kept monthly."""

    def share(month, region=None):
        at = _month(month) - 1
        if region is not None:
            return out.share[:, at, region]
        people = out.people[:, int(month[:4]) - Y0]
        return (out.share[:, at] * people).sum(1) / people.sum(1)

    def year(name, at):
        return out.year[:, at - Y0, COL[name]]

    for month, value in SHARES.items():
        yield Target("kolkhoz share", month, value / 100, share(month), 0.01 + 0.03 * value / 100, False, True)
    for (r, month), value in SHARES_OF.items():
        yield Target("kolkhoz share, regions", f"{REGIONS[r]} {month}", value / 100, share(month, r), 0.06, False, True)
    yield Target("kolkhoz share, regions", "rest_europe 1930-07", 0.10, share("1930-07", RE), 0.05, False, True)
    yield Target("disturbances", "1929", 1307, year("peasant_disturbances", 1929), 0.2, True, True)
    yield Target("disturbances", "1930", 13754, year("peasant_disturbances", 1930), 0.1, True, True)
    for m, value in enumerate(UNREST_1930):
        at = _month(f"1930-{m + 1:02d}")
        found = out.unrest[:, at] - (out.unrest[:, at - 1] if m else 0)
        yield Target("disturbances by month", f"1930-{m + 1:02d}", value, found, 0.6, True, True)
    for animal, values in HERDS.items():
        for at, value in values.items():
            yield Target(f"herd: {animal}", str(at), value, year(animal, at), 0.15 if animal == "pigs" else 0.07, True, True)
    yield Target("herd: Kazakhstan", "cattle 1933", 1.6, out.animals[:, 1933 - Y0, 1, K], 0.35, True, True)
    yield Target("herd: Kazakhstan", "sheep 1933", 1.7, out.animals[:, 1933 - Y0, 2, K], 0.5, True, True)
    for at, value in {1925: 8.9, 1926: 11.6, 1927: 11.0, 1928: 10.8}.items():
        yield Target("procurement, market years", f"{at}/{at + 1}", value, out.taken[:, at + 1 - Y0].sum(1), 0.1, True, True)
    for at, value in {1930: 7.7, 1931: 7.3, 1932: 4.2, 1933: 6.1}.items():
        yield Target("procurement, Ukraine", f"{at}/{at + 1}", value, out.taken[:, at + 1 - Y0, U], 0.12, True, True)
    for at, value in {1928: 1.07, 1930: 2.29}.items():
        yield Target("procurement, North Caucasus", f"{at}/{at + 1}", value, out.taken[:, at + 1 - Y0, NC], 0.2, True, True)
    for at in range(1923, 1941):
        yield Target("harvest left unexplained", str(at), 0.0, out.residual[:, at - 1920], 0.10, False, True)
    rest = [r for r in range(len(REGIONS)) if r not in (U, K)]
    yield Target("deaths, million", "Union 1932-34", 8.7, span_deaths(out, 1932, 1934), 0.12, True, True)
    yield Target("deaths, million", "Union 1931/32", 1.0, crop_deaths(out, 1931), 0.4, True, True)
    yield Target("deaths, million", "Union 1933", 7.3, span_deaths(out, 1933, 1933), 0.12, True, True)
    yield Target("deaths, million", "Union 1934", 0.4, span_deaths(out, 1934, 1934), 0.7, True, True)
    yield Target("deaths, million", "Ukraine 1932-34", 3.94, span_deaths(out, 1932, 1934, [U]), 0.12, True, True)
    yield Target("deaths, million", "Kazakhstan 1930-33", 1.3, span_deaths(out, 1930, 1933, [K]), 0.15, True, True)
    yield Target("deaths, million", "RSFSR and others 1932-34", 3.56, span_deaths(out, 1932, 1934, rest), 0.15, True, True)
    for at in (1924, 1925, 1926, 1927, 1928, 1929, 1930):
        yield Target("deaths, million, none recorded", f"Union {at}/{at + 1}", 0.0, crop_deaths(out, at), 0.1 if at > 1924 else 0.4, False, True)
    for at in (1934, 1935):
        yield Target("deaths, million, none recorded", f"Union {at}/{at + 1}", 0.0, crop_deaths(out, at), 0.1, False, True)
    ukraine = out.dying[:, 1933 - Y0, U]
    of = out.dying[:, 1932 - Y0 : 1934 - Y0 + 1, U].sum((1, 2)) + 1e-9
    yield Target("month of dying, Ukraine", "share Jan-Jul 1933 of 1932-34", 0.725, ukraine[:, :7].sum(1) / of, 0.05, False, True)
    yield Target("month of dying, Ukraine", "share of 1933 in 1932-34", 0.90, ukraine.sum(1) / of, 0.05, False, True)
    yield Target("month of dying, Ukraine", "June-July over January", 10.0, ukraine[:, 5:7].mean(1) / (ukraine[:, 0] + 1e-9), 0.3, True, True)
    town = out.town[:, 1932 - Y0 : 1934 - Y0 + 1, U].sum(1)
    yield Target("towns, Ukraine", "share of the deaths", 0.07, town / of, 0.02, False, True)
    yield Target("deaths, million", "Union 1946-47", 1.4, span_deaths(out, 1946, 1947), 0.25, True, True)
    if fitted_only:
        return
    for month, value in SHARES_AFTER.items():
        # The drive from September 1931 on was coded to the shares of 1932 to 1934, so these are fitted by hand.
        yield Target("kolkhoz share, 1932-40", month, value / 100, share(month), 0.03, False, month < "1935")
    yield Target("deaths, million", "Union 1923", 0.1, span_deaths(out, 1923, 1923), 0.7, True, False)
    yield Target("deaths, million", "Union 1936/37", 0.3, crop_deaths(out, 1936), 0.7, True, False)
    yield Target("deaths, million", "Union 1937-40", 0.0, span_deaths(out, 1938, 1940), 0.2, False, False)
    yield Target("deaths, million", "Union 1948-53", 0.0, span_deaths(out, 1948, 1952), 0.2, False, False)
    rural = out.people[:, 1932 - Y0, U]
    dead = span_deaths(out, 1932, 1934, [U]) - town / 1000
    yield Target("deaths, share of rural people", "Ukraine 1932-34", 0.165, dead / rural, 0.15, True, False)
    for animal, value in HERDS_1941.items():
        yield Target(f"herd: {animal}", "1 January 1941", value, year(animal, 1940) * JANUARY[animal], 0.15, True, False)
    for animal, value in HERDS_1951.items():
        yield Target(f"herd: {animal}", "1 January 1951", value, year(animal, 1950) * JANUARY[animal], 0.15, True, False)
