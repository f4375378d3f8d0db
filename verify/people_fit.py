"""Terror, population and society fitted to the record: tables of fit and hold-out, and the posterior files made anew.

The three mechanisms run alone, compiled, on the recorded levers and on recorded famine deaths (deaths above the years beside them:
derived), so that this fit does not depend on the grain block. `python -m verify people_fit` makes the rows of
`posterior-terror.csv` (83) and `posterior-people.csv` (79) and compares them with the committed files; `tables()` gives the tables of the documentation.

Method. For each block a sum of squares of log errors over the fitted years, each with a stated width, and a normal prior in the
middle of each range; Gauss-Newton to the optimum; an ensemble of draws by random-walk Metropolis (own seed, so the same file each
time), thinned. The widths include model error: a series that the law misses by 10 % in places has width 10 %.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numba import njit

from politburo.case.country.levers import LEVER, LEVERS, NAMES
from politburo.engine.country.year import YEAR
from politburo.engine.country.year import NAMES as YEARS
from politburo.engine.mechanisms import population, society, terror
from politburo.engine.state import NOW, PEOPLE
from verify import Check

FOLDER = files("politburo") / "cases" / "ussr" / "country"
FIRST, LAST = 1922, 1958
MODULES = {"terror": terror, "people": population, "society": society}
ROWS = {"terror": 83, "people": 79}

#: Famine deaths of 1946-47, thousand: middle of the published range of 1.0 to 2.0 million, a quarter of it in 1946 (recalled).
FAMINE_LATE = {1946: 350.0, 1947: 1050.0}
#: Share of households in kolkhozy at the end of the year (between the counts of 1 July: derived).
KOLKHOZ = {1928: 0.03, 1929: 0.13, 1930: 0.26, 1931: 0.61, 1932: 0.62, 1933: 0.66, 1934: 0.76, 1935: 0.86, 1936: 0.91, 1937: 0.93}


def rows(name: str) -> list[dict[str, str]]:
    """Rows of one record table."""
    return list(csv.DictReader([line for line in (FOLDER / "record" / name).read_text().splitlines() if not line.startswith("#")]))


def vital(series: str, borders: str) -> dict[int, float]:
    """One series of record/vital.csv, by year."""
    return {int(r["period"][:4]): float(r["value"]) for r in rows("vital.csv") if r["series"] == series and r["borders"] == borders}


def famine_of_the_record() -> np.ndarray:
    """Famine deaths of each year, thousand: derived for 1929-34, see FAMINE_LATE for 1946-47.

    Deaths of the reconstruction above a death rate that falls in a straight line from 1927-28 to 1935-36, less deaths of settlers
    and in camps and executions. What is above the line before 1932 need not be hunger; it is counted here so that the rest can be fitted.
    """
    deaths, stock = vital("deaths", "1938"), vital("population_1jan", "1938")
    rate = {y: deaths[y] / (0.5 * (stock[y] + stock[y + 1])) for y in deaths}
    early, late = (rate[1927] + rate[1928]) / 2, (rate[1935] + rate[1936]) / 2
    camps = {int(r["year"]): float(r["deaths_registration"]) / 1000 for r in rows("camps.csv")}
    settled = {int(r["year"]): float(r["deaths"]) / 1000 for r in rows("settlers.csv") if r["year"].isdigit() and r["deaths"]}
    settled |= {1930: 50.0, 1931: 95.0}  # about 145 thousand in the two years
    shot = {int(r["year"]): float(r["death"]) / 1000 for r in rows("convictions.csv")}
    out = np.zeros(LAST - FIRST + 1)
    for y in range(1929, 1935):
        expected = (early + (late - early) * (y - 1927.5) / 8) * 0.5 * (stock[y] + stock[y + 1])
        out[y - FIRST] = max(0.0, deaths[y] - expected - camps.get(y, 0.0) - settled.get(y, 0.0) - shot[y])
    for y, value in FAMINE_LATE.items():
        out[y - FIRST] = value
    return out


class Land(NamedTuple):
    key: np.ndarray
    salt: np.ndarray
    country: tuple


class Fixed(NamedTuple):
    first: int
    terror: tuple
    people: tuple
    society: tuple


class Moving(NamedTuple):
    now: np.ndarray
    people: np.ndarray
    country: tuple


class Books(NamedTuple):
    lever: np.ndarray
    year: np.ndarray
    terror: tuple
    people: tuple
    society: tuple


_t0, _t1 = terror.begin, terror.step
_p0, _p1 = population.begin, population.step
_s0, _s1 = society.begin, society.step


@njit(error_model="numpy", cache=False)
def run(w, s, table, levers, lever, famine, kolkhoz, years, out, ages):
    """Every row of `table` through every month; the year's record of each December, and the ages at each end."""
    for h in range(len(table)):
        p = table[h]
        s.now[0].history = h
        s.now[0].month = 0
        for k in range(lever.shape[1]):
            lever[0, k] = levers[0, k]
        s.country.year[0].kolkhoz_share = kolkhoz[0]
        _t0(w, p, s)
        _p0(w, p, s)
        _s0(w, p, s)
        for t in range(levers.shape[0]):
            s.now[0].month = t
            for k in range(lever.shape[1]):
                lever[0, k] = levers[t, k]
            s.country.year[0].famine_deaths = famine[t // 12]
            s.country.year[0].kolkhoz_share = kolkhoz[t // 12]
            _t1(w, p, s)
            _p1(w, p, s)
            _s1(w, p, s)
            if t % 12 == 11:
                for k in range(years.shape[1]):
                    out[h, t // 12, k] = years[0, k]
                ages[h, t // 12] = s.country.people.stock


def record(value: np.ndarray) -> np.ndarray:
    return value.view(np.recarray) if value.dtype.names else value


def tidy(block: tuple) -> tuple:
    return type(block)(*(record(v) for v in block))


@dataclass
class Driver:
    """The three blocks on fixed levers and famine."""

    levers: np.ndarray
    famine: np.ndarray
    kolkhoz: np.ndarray
    names: tuple[str, ...]
    blocks: tuple

    def __call__(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(rows, years, columns of the year's record), (rows, years, 2, 101)."""
        from politburo.engine.country import people as p, society as c, terror as r

        table = np.zeros(len(rows), [(n, "f8") for n in self.names])
        for k, name in enumerate(self.names):
            table[name] = rows[:, k]
        fixed = Fixed(FIRST * 12, *map(tidy, self.blocks))
        w = Land(np.array([7, 0], np.uint64), np.zeros(256, np.uint64), fixed)
        lever, year = np.zeros((1, len(NAMES))), np.zeros((1, len(YEARS)))
        books = Books(
            lever.view(LEVER).ravel().view(np.recarray), year.view(YEAR).ravel().view(np.recarray),
            tidy(r.allocate(None)), tidy(p.allocate(None)), tidy(c.allocate(None)),
        )  # fmt: skip
        now = np.zeros(1, NOW).view(np.recarray)
        s = Moving(now, np.zeros(0, PEOPLE).view(np.recarray), books)
        span = len(self.levers) // 12
        out, ages = np.zeros((len(rows), span, len(YEARS))), np.zeros((len(rows), span, 2, 101), np.int64)
        run(w, s, table.view(np.recarray), self.levers, lever, self.famine, self.kolkhoz, year, out, ages)
        return out, ages
