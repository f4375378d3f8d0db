"""What-ifs of grain and collectivisation, paired with the recorded path, and what must hold in each of the 97 rows.

    python -m verify.grain_what_ifs     print the table (deaths of hunger 1930-34, change, band, by harvest series)

Every pair shares its row of parameters, its coding errors, its weather and its harvest residual, so a change is the change of the
lever alone. Bands are 5 to 95 % over rows with coding errors drawn.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from politburo.case.country.grain import REGIONS, SERIES
from verify import Check
from verify._grain import COLUMNS, Driver
from verify._grain_targets import span_deaths
from verify.grain_fit import shipped

#: name -> changes of levers (lever, from, to, value; or a tuple for an addition or a factor), parameters pinned.
WHAT_IFS: dict[str, tuple[list, dict]] = {
    "no export 1932/33": ([("export", "1932-07", "1933-06", 0.0)], {}),
    "no export July 1930 to June 1933": ([("export", "1930-07", "1933-06", 0.0)], {}),
    "no export 1932/33, all of it left in the villages": ([("export", "1932-07", "1933-06", 0.0)], {"grain_pass": 1.0}),
    "1.4 million t of reserves to villages, February to June 1933": ([("relief", "1933-02", "1933-06", ("+", 1.4 * 12 / 5)), ("reserve", "1933-02", "1933-06", ("+", -1.4))], {}),
    "plans of 1931 and 1932 15 % lower": ([("quota", "1931-07", "1933-06", ("*", 0.85))], {}),
    "no searches, borders open": ([("search", "1932-11", "1933-03", 0.0)], {}),
    "plans rigid on the forecast (kappa 0)": ([], {"grain_response": 0.0}),
    "plans proportional to harvests (kappa 1)": ([], {"grain_response": 1.0}),
    "slower collectivisation (encouragement from November 1929)": ([("drive", "1929-11", "1934-06", 0.5), ("sedentarise", "1929-11", "1932-08", 0.0)], {}),
    "no collectivisation, plans and searches as they were": ([("drive", "1927-12", "1938-12", 0.0), ("sedentarise", "1929-11", "1932-08", 0.0)], {}),
    "no forced settlement of herders": ([("sedentarise", "1929-11", "1932-08", 0.0)], {}),
    "no pause in spring 1930": ([("drive", "1930-03", "1930-08", 2.0)], {}),
    "market continues, no drive, no seizures": (
        [("quota", "1928-07", "1941-06", -1.0), ("drive", "1927-12", "1938-12", 0.0), ("extraordinary", "1928-01", "1929-06", 0.0), ("search", "1932-11", "1933-03", 0.0),
         ("price", "1927-07", "1941-06", 1.0), ("plots", "1928-01", "1935-02", 1.0), ("sedentarise", "1929-11", "1932-08", 0.0), ("export", "1929-07", "1933-06", 1.0)], {}),
    "harvests of 1931 and 1932 without their unexplained part": ([], {"calm": 1.0}),
}  # fmt: skip


class Pairs:
    """The recorded path in 97 histories, and what-ifs beside it."""

    def __init__(self, coding: float = 1.0):
        self.names, self.middle, self.rows = shipped()
        self.driver, self.coding = Driver(), coding
        self.base = self.driver.run(self.rows, coding=coding, monthly=False)
        self.series = self.rows[:, self.names.index("grain_series")].astype(int)

    def run(self, changes: list, pinned: dict):
        rows = self.rows.copy()
        grain = self.driver.grain
        for name, value in pinned.items():
            if name == "calm":
                residual = grain.residual.copy()
                residual[:, 1931 - 1920 : 1933 - 1920] = np.minimum(residual[:, 1923 - 1920 : 1931 - 1920].mean(1, keepdims=True), 1.0)
                self.driver.grain = grain._replace(residual=residual)
            else:
                rows[:, self.names.index(name)] = value
        out = self.driver.run(rows, path=self.driver.changed(changes), coding=self.coding, monthly=False)
        self.driver.grain = grain
        return out


def band(values: np.ndarray, form: str = ".1f") -> str:
    """Middle and 5 to 95 %."""
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return f"{middle:{form}} [{low:{form}}, {high:{form}}]"


def percent(found: np.ndarray, base: np.ndarray) -> str:
    """Change in per cent, where there is something to change (over 50 thousand)."""
    some = base > 0.05
    return band(100 * (found[some] / base[some] - 1), "+.0f") + " %"


def table(log=print) -> None:
    """Deaths 1930-34, by what-if and by series."""
    pairs = Pairs()
    base = span_deaths(pairs.base, 1930, 1934)
    ukraine = span_deaths(pairs.base, 1930, 1934, [REGIONS.index("ukraine")])
    log(f"recorded path: {band(base)} million, Ukraine {band(ukraine)}")
    for name, (changes, pinned) in WHAT_IFS.items():
        out = pairs.run(changes, pinned)
        dead = span_deaths(out, 1930, 1934)
        of = span_deaths(out, 1930, 1934, [REGIONS.index("ukraine")])
        log(f"\n{name}\n  {band(dead)} million, change {band(dead - base, '+.1f')} ({percent(dead, base)}); Ukraine {percent(of, ukraine)}")
        log("  change by series: " + "; ".join(f"{s} {band((dead - base)[pairs.series == k], '+.1f')}" for k, s in enumerate(SERIES)))
        if "pause" in name:
            for what, at in (("peasant_disturbances", 1930), ("harvest", 1930), ("horses", 1931)):
                k = COLUMNS.index(what)
                log(f"  {what} {at}: {band(pairs.base.year[:, at - 1922, k], '.0f')} -> {band(out.year[:, at - 1922, k], '.0f')}")


def unfitted(log=print) -> None:
    """Deaths of 1930-34 under each series with everything as fitted to the central one: how sharp the edge is."""
    names, middle, _ = shipped()
    driver = Driver()
    for k, name in enumerate(SERIES):
        row = middle.copy()
        row[names.index("grain_series")] = k
        log(f"  {name:9} {span_deaths(driver.run(row[None], anchor=True), 1930, 1934)[0]:.1f}")
    for factor in (0.95, 1.0, 1.05):
        grain = driver.grain
        harvest = grain.harvest.copy()
        harvest[0, 1932 - 1920] *= factor
        driver.grain = grain._replace(harvest=harvest)
        log(f"  central, harvest of 1932 x {factor}: {span_deaths(driver.run(middle[None], anchor=True), 1930, 1934)[0]:.1f}")
        driver.grain = grain


def checks() -> Iterator[Check]:
    """What must hold in every row."""
    pairs = Pairs()
    base = span_deaths(pairs.base, 1930, 1934)
    last, worst = base * 0, 0.0
    for k, amount in enumerate((0.0, 1.0, 2.0, 3.0, 4.0, 5.0)):
        dead = span_deaths(pairs.run([("export", "1932-07", "1933-06", amount)], {}), 1930, 1934)
        worst = max(worst, float((last - dead).max())) if k else 0.0
        last = dead
    yield Check("more export at equal harvest never lowers deaths", worst <= 1e-6, f"largest fall {max(worst, 0):.1e} million in 97 rows, exports 0 to 5", "0")
    out = pairs.run(*WHAT_IFS["no pause in spring 1930"])
    dead = span_deaths(out, 1930, 1934)
    share = float((dead > base).mean())
    yield Check("no pause: more deaths", share > 0.8, f"in {100 * share:.0f} % of rows", "80 %")
    unrest = COLUMNS.index("peasant_disturbances")
    more = float((out.year[:, 8, unrest] > pairs.base.year[:, 8, unrest]).mean())
    yield Check("no pause: more disturbances in 1930", more > 0.8, f"in {100 * more:.0f} % of rows", "80 %")
    zero = pairs.run([("quota", "1922-04", "1953-03", 0.0), ("extraordinary", "1922-04", "1953-03", 0.0)], {"grain_recorded": 0.0, "grain_spread": 0.0, "grain_place_spread": 0.0})
    villages = zero.dying.sum(3) - zero.town
    villages[:, :, REGIONS.index("kazakhstan")] = 0
    peace = [y - 1922 for y in range(1923, 1940)]
    rate = float((villages[:, peace] / zero.people[:, peace]).max())
    yield Check("no quota, normal weather: no famine in villages, 1923-39", rate < 1.0, f"at most {rate:.2f} per thousand people of a region and year", "1 per thousand")
    yield Check("books close", float(zero.open.max()) < 1e-9, f"{zero.open.max():.1e} million t", "1e-9")


if __name__ == "__main__":
    table()
    print("\nas fitted to the central series, under each series and with the harvest of 1932 changed")
    unfitted()
