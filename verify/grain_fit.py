"""Grain and collectivisation beside the record: fit, what was held out, tolls under each harvest series.

    python -m verify.grain_fit --write     fit and write posterior-grain.csv, grain-residuals.csv and the fitted values (some minutes)
    python -m verify grain_fit             check the shipped rows against the record

One search (covariance matrix adaptation) finds the middle for the central harvest series; from there each of the five series gets its
own middle; around it 97 rows are drawn by randomised maximum likelihood: every target moved by an error of its spread, every
parameter's prior middle by a draw of the prior, the harvests of 1931 to 1933 by the error that their series states, and fitted again.
Parameters that no record tells are drawn from their whole range. Deterministic; one core.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import time
from collections.abc import Iterator

import numpy as np
import yaml

from politburo.case.country.grain import COUNT, FIRST, REGIONS, SERIES
from politburo.case.values import Month
from verify import Check
from verify._grain import COLUMNS, FOLDER, Driver
from verify._grain_search import Space, adapt, least_squares, soft
from verify._grain_targets import span_deaths, targets

ROWS = 97
UNTOLD = [
    "kolkhoz_start", "kolkhoz_hold", "kolkhoz_threshold", "kolkhoz_revolt", "kolkhoz_sowing", "grain_tractor", "grain_area", "grain_weather_share",
    "grain_place_spread", "grain_scrap", "grain_price", "grain_pass", "grain_town", "grain_seed", "grain_store",
]  # fmt: skip
#: Drawn apart, so that the fit of the others does not change with them.
UNTOLD_IN_WHAT_IFS = ["grain_answer"]
FIT_MONTHS = 12 * 26


def _entries() -> dict:
    return yaml.safe_load((FOLDER / "parameters-grain.yaml").read_text())["parameters"]


def _misses(driver: Driver, rows: np.ndarray) -> np.ndarray:
    out = driver.run(rows, anchor=True, months=FIT_MONTHS)
    return np.array([target.miss() for target in targets(out, True)]).T


def _middle(driver: Driver, space: Space, series: int, z0: np.ndarray, sigma: float, rounds: int) -> tuple[float, np.ndarray]:
    def cost(z):
        return (soft(_misses(driver, space.rows(z, grain_series=series))) ** 2).sum(1) + (z**2).sum(1)

    return adapt(cost, z0, sigma, rounds, seed=1 + series)


def _sample(driver: Driver, space: Space, series: int, z0: np.ndarray, rng: np.random.Generator, noise: int) -> tuple[float, np.ndarray, dict, np.ndarray]:
    """One row: (cost, z, untold parameters, harvest)."""
    true = driver.grain
    error = true.harvest_error[series] * rng.standard_normal(COUNT)
    crisis = slice(1931 - FIRST, 1934 - FIRST)
    error[crisis] = 0.7 * error[crisis] + 0.7 * true.harvest_error[series, crisis] * rng.standard_normal()
    harvest = true.harvest.copy()
    harvest[series] *= np.exp(error)
    driver.grain = true._replace(harvest=harvest)
    untold = space.draw(rng, UNTOLD)
    moved, prior = rng.standard_normal(noise), 0.7 * rng.standard_normal(len(z0))

    def residuals(z):
        miss = _misses(driver, space.rows(z, grain_series=series, **untold)) - moved
        return np.hstack([soft(miss), z - prior])

    try:
        cost, z = least_squares(residuals, np.clip(z0 + 0.5 * prior, -2.4, 2.4), 6)
    finally:
        driver.grain = true
    return cost, z, untold, harvest


def _residuals(driver: Driver, early: Driver, row: np.ndarray, harvest: np.ndarray) -> np.ndarray:
    """Unexplained residual of every harvest, for one row of parameters as they will be shipped."""
    kept = (driver.grain, early.grain)
    driver.grain, early.grain = driver.grain._replace(harvest=harvest), early.grain._replace(harvest=harvest)
    whole = driver.run(row[None], anchor=True, monthly=False).residual[0]
    first = early.run(row[None], anchor=True, monthly=False, months=24).residual[0]
    driver.grain, early.grain = kept
    whole[: 1922 - FIRST] = first[: 1922 - FIRST]
    # A history that ends in March 1953 sees no harvest of that year.
    whole[1953 - FIRST] = whole[1952 - FIRST]
    return whole


def harvests(driver: Driver, central: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(98, years): the harvest of the record as each row takes it, the middle's last; 0 before the case begins."""
    out = driver.run(np.vstack([rows, central]), monthly=False)
    found = np.zeros((len(rows) + 1, COUNT))
    found[:, 1922 - FIRST : 1922 - FIRST + driver.years] = out.year[:, :, COLUMNS.index("harvest")]
    return np.round(found, 4)


def _rounded(row: np.ndarray) -> np.ndarray:
    return np.array([float(f"{value:.6g}") for value in row])


def fit(log=print) -> tuple[tuple[str, ...], np.ndarray, np.ndarray, np.ndarray]:
    """Names, the middle of the central series, 97 rows, and residuals (98, years): the last row is the middle's."""
    driver, early = Driver(), Driver(start=Month(1920, 7), months=54)
    entries = _entries()
    space = Space(driver.names, entries)
    began = time.perf_counter()
    cost, z = _middle(driver, space, 0, np.zeros(len(space.fitted)), 0.4, 500)
    log(f"central series: cost {cost:.1f} ({time.perf_counter() - began:.0f} s)")
    middles = [z]
    for series in range(1, len(SERIES)):
        cost, found = _middle(driver, space, series, z, 0.12, 200)
        middles.append(found)
        log(f"{SERIES[series]}: cost {cost:.1f} ({time.perf_counter() - began:.0f} s)")
    central = _rounded(space.rows(z[None], grain_series=0.0, grain_row=float(ROWS))[0])
    noise = _misses(driver, central[None]).shape[1]
    rng = np.random.default_rng(1932)
    rows, residuals, costs = [], [], []
    for r in range(ROWS):
        series = r % len(SERIES)
        # A search that ends far from its targets is a search that failed, not a draw: begin again, three times at most.
        tries = []
        while len(tries) < 3 and (not tries or tries[-1][0] > 260):
            tries.append(_sample(driver, space, series, middles[series], rng, noise))
        cost, found, untold, harvest = min(tries, key=lambda one: one[0])
        row = _rounded(space.rows(found[None], grain_series=float(series), grain_row=float(r), **untold)[0])
        rows.append(row)
        residuals.append(_residuals(driver, early, row, harvest))
        costs.append(cost)
    residuals.append(_residuals(driver, early, central, driver.grain.harvest))
    log(f"{ROWS} rows: cost {np.median(costs):.0f} (middle), {np.min(costs):.0f} to {np.max(costs):.0f} ({time.perf_counter() - began:.0f} s)")
    spread = float(np.std(residuals[-1][1923 - FIRST : 1941 - FIRST]))
    at = driver.names.index("grain_spread")
    central[at] = float(f"{spread:.3g}")
    for r, row in enumerate(rows):
        row[at] = float(f"{np.std(residuals[r][1923 - FIRST : 1941 - FIRST]):.3g}")
    later = np.random.default_rng(1933)
    for row in rows:
        for name, value in space.draw(later, UNTOLD_IN_WHAT_IFS).items():
            row[driver.names.index(name)] = float(f"{value:.6g}")
    return driver.names, central, np.array(rows), np.round(np.array(residuals), 6)


def write(names, central, rows, residuals) -> None:
    """The posterior, the residuals, and the middle into parameters-grain.yaml."""
    with (FOLDER / "posterior-grain.csv").open("w", newline="") as file:
        file.write("# Rows drawn by verify.grain_fit; grain_series says which harvest series a row was fitted to.\n")
        out = csv.writer(file, lineterminator="\n")
        out.writerow(names)
        out.writerows([[f"{value:.6g}" for value in row] for row in rows])
    with (FOLDER / "grain-residuals.csv").open("w", newline="") as file:
        file.write("# Logarithm of the recorded harvest over what the structure gives, by row of posterior-grain.csv; the last row is the middle's.\n")
        file.write("# Derived, and weather only in part: it holds whatever the equation lacks.\n")
        out = csv.writer(file, lineterminator="\n")
        out.writerow(range(FIRST, FIRST + COUNT))
        out.writerows([[f"{value:.6g}" for value in row] for row in residuals])
    # A run on the residuals just written gives the harvests that plans are measured against.
    (FOLDER / "grain-harvests.csv").unlink(missing_ok=True)
    taken = harvests(Driver(), central, rows)
    with (FOLDER / "grain-harvests.csv").open("w", newline="") as file:
        file.write("# Harvest of the record, million t, as each row of posterior-grain.csv takes it (its series, with that series' own error); the last row is\n")
        file.write("# the middle's. Derived. 0: before the case begins.\n")
        out = csv.writer(file, lineterminator="\n")
        out.writerow(range(FIRST, FIRST + COUNT))
        out.writerows([[f"{value:g}" for value in row] for row in taken])
    path = FOLDER / "parameters-grain.yaml"
    text = path.read_text()
    for name, value in zip(names, central):
        text = re.sub(rf"(^  {name}:\n(?:    .*\n)*?    value: )\S+", rf"\g<1>{value:.6g}", text, flags=re.M)
    path.write_text(text)


def shipped() -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Names, the middle and the rows as they are in the case."""
    entries = _entries()
    with (FOLDER / "posterior-grain.csv").open() as file:
        lines = list(csv.reader(line for line in file if not line.startswith("#")))
    names = tuple(lines[0])
    rows = np.array([[float(cell) for cell in line] for line in lines[1:]])
    return names, np.array([float(entries[name]["value"]) for name in names]), rows


def table(names, central, rows, log=print) -> None:
    """Every target: record, the middle, the rows' 5 to 95 % band, fitted or held out."""
    driver, early = Driver(), Driver(start=Month(1920, 7), months=54)
    assert names == driver.names
    middle, band = driver.run(central[None]), driver.run(rows)
    before = early.run(central[None]), early.run(rows)
    group = ""
    for one, many in zip(targets(middle), targets(band)):
        if one.group != group:
            group = one.group
            log(f"\n{group}")
        low, high = np.quantile(many.found, [0.05, 0.95])
        log(f"  {'fitted  ' if one.fitted else 'held out'} {one.name:34} record {one.record:9.3g}  middle {one.found[0]:9.3g}  rows {low:.3g} to {high:.3g}")
    low, high = np.quantile(span_deaths_early(before[1]), [0.05, 0.95])
    log(f"  held out deaths 1920-22, million: record 5, middle {span_deaths_early(before[0])[0]:.2f}, rows {low:.2f} to {high:.2f}")


def span_deaths_early(out) -> np.ndarray:
    """(H,) million deaths of hunger from July 1920 to December 1922, of histories that begin in July 1920."""
    return out.dying[:, :3].sum((1, 2, 3)) / 1000


def tolls(rows: np.ndarray, names, log=print) -> None:
    """Deaths of 1930-34 by harvest series, with refitted parameters, and with the diet of the central series."""
    driver = Driver()
    at = names.index("grain_series")
    for coding in (0.0, 1.0):
        out = driver.run(rows, coding=coding, monthly=False)
        log(f"\ndeaths of hunger 1930-34, million, {'coding error drawn' if coding else 'parameters and harvest only'}")
        for series, name in enumerate(SERIES):
            found = span_deaths(out, 1930, 1934)[rows[:, at] == series]
            ukraine = span_deaths(out, 1930, 1934, [REGIONS.index("ukraine")])[rows[:, at] == series]
            q = np.quantile(found, [0.05, 0.5, 0.95])
            u = np.quantile(ukraine, [0.05, 0.5, 0.95])
            log(f"  {name:9} {q[1]:.1f} [{q[0]:.1f}, {q[2]:.1f}]   Ukraine {u[1]:.1f} [{u[0]:.1f}, {u[2]:.1f}]")


def checks() -> Iterator[Check]:
    """The shipped rows beside the record."""
    names, central, rows = shipped()
    driver = Driver()
    middle, band = driver.run(central[None]), driver.run(rows)
    yield Check("rows", len(rows) == ROWS, f"{len(rows)}", f"{ROWS}")
    yield Check("books close", bool(band.open.max() < 1e-9), f"largest gap {band.open.max():.1e} million t", "1e-9")
    for one, many in zip(targets(middle), targets(band)):
        if one.group.startswith("deaths, million") and one.record >= 1:
            ratio = float(np.median(many.found) / one.record)
            yield Check(f"{one.name} ({'fitted' if one.fitted else 'held out'})", 0.5 <= ratio <= 2, f"{np.median(many.found):.2f} of {one.record}", "within a factor of 2")
    early = Driver(start=Month(1920, 7), months=54)
    found = float(np.median(span_deaths_early(early.run(rows))))
    yield Check("1920-22 (held out)", 2.5 <= found <= 10, f"{found:.2f} of 5", "within a factor of 2")
    share = np.array([[t.found[0] - t.record] for t in targets(middle) if t.group == "kolkhoz share"])
    yield Check("collectivised share 1928-31", bool(np.sqrt((share**2).mean()) < 0.03), f"RMSE {100 * np.sqrt((share**2).mean()):.1f} points", "3 points")


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(prog="python -m verify.grain_fit", description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="fit, and write the case's files")
    given = parser.parse_args(arguments)
    if given.write:
        write(*fit())
    names, central, rows = shipped()
    table(names, central, rows)
    tolls(rows, names)
    return 0


if __name__ == "__main__":
    sys.exit(main())
