"""Terror, population and society fitted to the record: tables of fit and hold-out, and the posterior files made anew.

The three mechanisms run alone, compiled, on the recorded levers and on recorded famine deaths (deaths above the years beside them:
derived), so that this fit does not depend on the grain block. `python -m verify people_fit` makes the rows of
`posterior-terror.csv` (83) and `posterior-people.csv` (79) and compares them with the committed files; `tables()` gives the tables of the documentation.

Method. For each block a sum of squares of log errors over the fitted years, each with a stated width, and a normal prior in the
middle of each range; Gauss-Newton to the optimum; then one Metropolis chain a row of the file, begun at a draw from the normal
approximation (own seed, so the same file each time). The widths include model error: a series that the law misses by 10 % in
places has width 10 %. Luck of petitions is averaged over six histories, so that a row is not fitted to one of them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import yaml
from numba import njit
from scipy.optimize import least_squares

from politburo.case.country import people as people_files
from politburo.case.country import society as society_files
from politburo.case.country import terror as terror_files
from politburo.case.country.levers import LEVER, LEVERS, NAMES, path_of, read_steps
from politburo.case.values import Month
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
def run(w, s, table, levers, lever, famine, kolkhoz, years, out, ages, lucks):
    """Every row of `table` through every month; the year's record of each December, and the ages at each end."""
    for h in range(len(table)):
        p = table[h]
        s.now[0].history = h % lucks
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

    def __call__(self, rows: np.ndarray, lucks: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """(rows, years, columns of the year's record), (rows, years, 2, 101). Row h has the luck of history h mod `lucks`."""
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
        run(w, s, table.view(np.recarray), self.levers, lever, self.famine, self.kolkhoz, year, out, ages, lucks)
        return out, ages


@cache
def parameters() -> dict[str, dict]:
    """Parameters of the three blocks, in order."""
    out: dict[str, dict] = {}
    for block in MODULES:
        out |= yaml.safe_load((FOLDER / f"parameters-{block}.yaml").read_text())["parameters"]
    return out


def free(block: str) -> list[str]:
    """The block's parameters that are fitted."""
    declared = yaml.safe_load((FOLDER / f"parameters-{block}.yaml").read_text())["parameters"]
    return [name for name, entry in declared.items() if entry["fitted"]]


@cache
def driver() -> Driver:
    """The blocks of the packaged case on its recorded levers, 1922-58."""
    faults: list = []
    span = 12 * (LAST - FIRST + 1)
    steps = [step for path in sorted(FOLDER.glob("levers*.csv")) for step in read_steps(path, "lever", list(NAMES), faults)]
    levers = path_of(steps, NAMES, [x.rest for x in LEVERS], Month(FIRST, 1), span)
    blocks = tuple(m.read(FOLDER, faults) for m in (terror_files, people_files, society_files))
    assert not faults, faults
    kolkhoz = np.array([KOLKHOZ.get(y, 0.0 if y < 1928 else 0.96) for y in range(FIRST, LAST + 1)])
    return Driver(levers, famine_of_the_record(), kolkhoz, tuple(parameters()), blocks)


def central() -> np.ndarray:
    """The value of every parameter."""
    return np.array([p["value"] for p in parameters().values()], float)


def column(out: np.ndarray, name: str) -> np.ndarray:
    """One series of the year's record, (rows, years)."""
    return out[:, :, YEARS.index(name)]


@dataclass(frozen=True)
class Target:
    """A figure of the record: what it is, its year, its value, the width of its log error, and how it is used."""

    series: str
    year: int
    value: float
    width: float
    evidence: str
    use: str  # fit; held out; follows (determined by a fitted series); input (the recorded lever is coded from it)

    @property
    def fitted(self) -> bool:
        return self.use == "fit"


def _targets_people() -> list[Target]:
    def use(fit: bool) -> str:
        return "fit" if fit else "held out"

    born = {int(r["year"]): 5 * sum(float(v) for k, v in r.items() if k[0] == "a") / 1000 for r in rows("fertility.csv")}
    out = [Target("tfr", y, v, 0.04, "dataset", use(y <= 1937 or 1942 <= y <= 1949)) for y, v in born.items() if y >= FIRST]
    labels = {(r["series"], r["period"][:4], r["borders"]): r["evidence"] for r in rows("vital.csv")}
    for y, v in vital("births", "1938").items():
        out.append(Target("births", y, v, 0.04, labels["births", str(y), "1938"], "follows" if y <= 1937 else "held out"))
    for y, v in vital("deaths", "1938").items():
        # The famine deaths of 1929-34 given to the model are these deaths less a line, so those years follow.
        out.append(Target("deaths", y, v, 0.04, labels["deaths", str(y), "1938"], "fit" if y <= 1937 else "held out"))
    stock = vital("population_1jan", "1938") | {y: v for y, v in vital("population_1jan", "1946").items() if y > 1939}
    for y, v in sorted(stock.items()):
        if y > FIRST:
            label = labels["population_1jan", str(y), "1938" if y <= 1939 else "1946"]
            out.append(Target("population", y - 1, v, 0.01, label, use(y <= 1937 or y == 1946)))
    for name, series in (("birth_rate", "births"), ("death_rate", "deaths")):
        out += [Target(name, y, v, 0.04, "looked up", "held out") for y, v in vital(name, "1946").items()]
        out += [Target(name, y, v, 0.04, labels[f"{name}_official", str(y), "1946"], "held out") for y, v in vital(f"{name}_official", "1946").items()]
    out.append(Target("population", 1958, vital("population_at", "1946")[1959], 0.01, "looked up", "held out"))
    census = {r["sex"]: float(r["all"]) for r in rows("ages.csv") if r["date"] == "1959-01-15"}
    out.append(Target("males_share", 1958, census["male"] / sum(census.values()), 0.01, "dataset", "held out"))
    men = {r["date"][:4]: float(r["all"]) for r in rows("ages.csv") if r["kind"] == "reconstruction" and r["sex"] == "male"}
    women = {r["date"][:4]: float(r["all"]) for r in rows("ages.csv") if r["kind"] == "reconstruction" and r["sex"] == "female"}
    out += [Target("males_share", int(y) - 1, men[y] / (men[y] + women[y]), 0.01, "dataset", "follows" if int(y) == 1946 else "held out") for y in ("1937", "1939", "1946")]
    return out


def _targets_terror() -> list[Target]:
    out = []
    for r in rows("convictions.csv"):
        y = int(r["year"])
        if y in (1937, 1938):
            out += [Target("shot", y, float(r["death"]) / 1000, 0.1, "looked up", "fit"), Target("to_camp", y, float(r["camps"]) / 1000, 0.15, "recalled", "fit")]
    for r in rows("camps.csv"):
        y = int(r["year"])
        if y < 1953:
            out.append(Target("camp_death_rate", y, float(r["death_rate"]), 0.3, "looked up", "fit" if y <= 1940 or y == 1942 else "held out"))
        stock = float(r["camps"]) + float(r["colonies"] or 0)
        out.append(Target("camps_stock", y - 1, stock / 1000, 0.08, "recalled", "input"))
    table = [r for r in rows("settlers.csv") if r["year"].isdigit()]
    stock = {int(r["year"]): float(r["stock"]) / 1000 for r in table}
    for r in table:
        y = int(r["year"])
        if r["deaths"]:
            mean = 500 * (stock[y] + stock[y + 1])
            out.append(Target("settler_death_rate", y, 100 * float(r["deaths"]) / mean, 0.2, "recalled", "fit" if y <= 1936 else "held out"))
        if r["recaptured"] and r["escapes"]:
            out.append(Target("settler_escapes", y, (float(r["escapes"]) - float(r["recaptured"])) / 1000, 0.25, "recalled", "fit"))
        if y > 1932:
            out.append(Target("exiles_stock", y - 1, stock[y], 0.08, "looked up", "fit" if y <= 1936 else "held out"))
    out.append(Target("settler_deaths_1930_31", 1931, 145.0, 0.3, "looked up", "fit"))
    out.append(Target("settlers_stock", 1945, 2342.506, 0.08, "looked up", "held out"))
    return out


@cache
def targets(block: str) -> tuple[Target, ...]:
    """Every figure of the record that the block is laid beside."""
    return tuple({"people": _targets_people, "terror": _targets_terror}[block]())


def model(out: np.ndarray, target: Target) -> np.ndarray:
    """What the model says of a target, one value a row."""
    i = target.year - FIRST
    mean = lambda name: 0.5 * (column(out, name)[:, i] + column(out, name)[:, i - 1])  # noqa: E731
    if target.series in ("birth_rate", "death_rate"):
        stock = column(out, "population")
        opening = stock[:, i - 1] + (20267.0 if target.year == 1939 else 0.0)  # territory at the beginning of 1939
        return 1000 * column(out, {"birth_rate": "births", "death_rate": "deaths"}[target.series])[:, i] / (0.5 * (stock[:, i] + opening))
    if target.series == "camp_death_rate":
        return 100 * column(out, "camp_deaths")[:, i] / mean("camps_stock")
    if target.series == "settler_death_rate":
        return 100 * column(out, "settler_deaths")[:, i] / mean("settlers_stock")
    if target.series == "settler_deaths_1930_31":
        return column(out, "settler_deaths")[:, i] + column(out, "settler_deaths")[:, i - 1]
    return column(out, target.series)[:, i]


LUCKS = {"people": 1, "terror": 6}


class Fit:
    """One block's sum of squares as a function of its fitted parameters."""

    def __init__(self, block: str):
        self.block, self.names = block, free(block)
        entries = [parameters()[n] for n in self.names]
        self.low, self.high = (np.array([e[k] for e in entries], float) for k in ("low", "high"))
        self.at = [list(parameters()).index(n) for n in self.names]
        self.fitted = [t for t in targets(block) if t.fitted]
        self.base = central()

    def residuals(self, many: np.ndarray) -> np.ndarray:
        """(rows, residuals): figures of the record, then one for each parameter's prior."""
        k = LUCKS[self.block]
        table = np.repeat(self.base[None], len(many), axis=0)
        table[:, self.at] = many
        out, _ = driver()(np.repeat(table, k, axis=0), k)
        out = out.reshape(len(many), k, *out.shape[1:]).mean(axis=1)
        found = [np.log(np.maximum(model(out, t), 1e-9) / t.value) / t.width for t in self.fitted]
        prior = (many - 0.5 * (self.low + self.high)) / (0.5 * (self.high - self.low))
        return np.concatenate([np.array(found).T, prior], axis=1)

    def best(self) -> tuple[np.ndarray, np.ndarray]:
        """Optimum and the covariance of the normal approximation there."""
        step = 2e-3 * (self.high - self.low)

        def jacobian(x: np.ndarray) -> np.ndarray:
            shift = np.concatenate([x + np.diag(step), x - np.diag(step)])
            r = self.residuals(np.clip(shift, self.low, self.high))
            n = len(x)
            width = np.diag(np.clip(shift, self.low, self.high)[:n] - np.clip(shift, self.low, self.high)[n:])
            return ((r[:n] - r[n:]) / width[:, None]).T

        start = 0.5 * (self.low + self.high)  # not the committed value, so that the file does not depend on its predecessor
        found = least_squares(lambda x: self.residuals(x[None])[0], start, jac=jacobian, bounds=(self.low, self.high), x_scale=self.high - self.low)
        j = jacobian(found.x)
        return found.x, np.linalg.inv(j.T @ j)

    def draws(self, count: int, steps: int = 40) -> tuple[np.ndarray, np.ndarray]:
        """(optimum, (count, parameters)): the ends of `count` chains."""
        rng = np.random.Generator(np.random.Philox(20_261_125))
        x, covariance = self.best()
        root = np.linalg.cholesky(covariance)
        inside = lambda a: np.clip(a, self.low, self.high)  # noqa: E731
        now = inside(x + rng.standard_normal((count, len(x))) @ root.T)
        cost = 0.5 * (self.residuals(now) ** 2).sum(axis=1)
        for _ in range(steps):
            step = 2.0 / np.sqrt(len(x)) * rng.standard_normal((count, len(x))) @ root.T
            bold = now + step
            legal = ((bold >= self.low) & (bold <= self.high)).all(axis=1)
            there = 0.5 * (self.residuals(inside(bold)) ** 2).sum(axis=1)
            take = legal & (np.log(rng.random(count)) < cost - there)
            now[take], cost[take] = bold[take], there[take]
        return x, now


@cache
def posterior(block: str) -> tuple[np.ndarray, np.ndarray]:
    """(optimum, rows)."""
    return Fit(block).draws(ROWS[block])


def text(block: str) -> str:
    """posterior-BLOCK.csv."""
    _, table = posterior(block)
    out = [f"# Posterior ensemble of block {block}, made by verify/people_fit.py; evidence: derived", ",".join(free(block))]
    return "\n".join([*out, *(",".join(f"{v:.6g}" for v in row) for row in table)]) + "\n"


def committed(block: str) -> np.ndarray:
    """The rows of the committed file."""
    lines = (FOLDER / f"posterior-{block}.csv").read_text().splitlines()
    return np.array([[float(v) for v in line.split(",")] for line in lines[2:]])


@cache
def ensemble(histories: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """The year's records of histories that draw rows as the engine does, and their ages."""
    table = np.repeat(central()[None], histories, axis=0)
    for block in ROWS:
        kept = committed(block)
        table[:, [list(parameters()).index(n) for n in free(block)]] = kept[np.arange(histories) % len(kept)]
    return driver()(table, histories)


def tables() -> str:
    """Fit and hold-out tables, Markdown: series by series, years, error in the fitted and in the held-out years."""
    out, _ = ensemble()
    lines = ["| series | use | years | record | model, middle | 5 to 95 % | inside |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for block in ("people", "terror"):
        groups: dict[tuple[str, str], list[Target]] = {}
        for t in targets(block):
            groups.setdefault((t.series, t.use), []).append(t)
        for (series, use), several in groups.items():
            for t in several:
                low, middle, high = np.percentile(model(out, t), (5, 50, 95))
                inside = "yes" if low <= t.value <= high else "no"
                lines.append(f"| {series} | {use} | {t.year} | {t.value:.4g} ({t.evidence}) | {middle:.4g} | {low:.4g} to {high:.4g} | {inside} |")
    return "\n".join(lines)


def summary() -> list[tuple[str, str, int, float, float, float]]:
    """(series, use, years, log RMSE of the middle, mean log error, share of years inside 5-95 %) for each series and use."""
    out, _ = ensemble()
    rows_: list[tuple[str, str, int, float, float, float]] = []
    for block in ("people", "terror"):
        groups: dict[tuple[str, str], list[Target]] = {}
        for t in targets(block):
            groups.setdefault((t.series, t.use), []).append(t)
        for (series, use), several in groups.items():
            values = [model(out, t) for t in several]
            error = np.array([np.log(np.median(v) / t.value) for v, t in zip(values, several)])
            inside = np.mean([np.percentile(v, 5) <= t.value <= np.percentile(v, 95) for v, t in zip(values, several)])
            rows_.append((series, use, len(several), float(np.sqrt(np.mean(error**2))), float(error.mean()), float(inside)))
    return rows_


def checks() -> Iterator[Check]:
    """The committed files are what the fit gives, and the errors that the documentation states hold."""
    for block in ROWS:
        made, kept = posterior(block)[1], committed(block)
        spread = made.std(axis=0)
        gap = float(np.max(np.abs(made.mean(axis=0) - kept.mean(axis=0)) / spread))
        yield Check(f"posterior-{block}.csv made anew", made.shape == kept.shape and gap < 0.05, f"means differ by {gap:.3f} sd at most", "0.05 sd")
    bounds = {("births", "held out"): 0.05, ("tfr", "fit"): 0.06, ("population", "fit"): 0.006, ("camp_death_rate", "held out"): 0.35, ("exiles_stock", "held out"): 0.25, ("tfr", "held out"): 0.06, ("population", "held out"): 0.015}
    for series, use, years, rmse, _, _ in summary():
        if (series, use) in bounds:
            yield Check(f"{series}, {use}", rmse < bounds[series, use], f"log RMSE {rmse:.3f} over {years} years", f"below {bounds[series, use]}")


if __name__ == "__main__":
    import sys

    if "--write" in sys.argv:
        for name in ROWS:
            (FOLDER / f"posterior-{name}.csv").write_text(text(name))
            print(name, dict(zip(free(name), np.round(posterior(name)[0], 4))), "sd", np.round(posterior(name)[1].std(axis=0), 4))
    else:
        print(tables())
    for line in summary():
        print("%-24s %-9s %3d  rmse %.3f  mean %+.3f  inside %.2f" % line)
