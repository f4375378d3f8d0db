"""Industry: fit to the record, hold-outs against naive trends, and the ensemble that the case ships.

`python -m verify.industry_fit` fits, prints the tables and, with `--write`, writes `posterior-industry.csv` (89 rows) into the case.
`python -m verify industry_fit` repeats the fit and checks the claims of docs/discussion/industry-and-plans.md.

Method. The parameters' ranges are their priors. The best fit is a penalised least squares; the ensemble is made by refitting
the same equations to perturbed figures and perturbed priors (randomise then optimise), which is exact where the model is
linear. Surroundings (harvests, procurement, herds, arrests) are those on record. Deterministic; two minutes on one core.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numba import njit
from scipy.optimize import least_squares

from politburo.case.country import industry as block
from politburo.case.country import series
from politburo.engine.country import industry as works
from politburo.marked import load_yaml
from verify import Check

ROWS = 89
OUTPUTS = ("coal", "iron", "steel", "oil", "electricity")
FOLDER = Path(works.__file__).parents[2] / "cases" / "ussr" / "country"
COLUMNS = (*OUTPUTS, "machines", "income", "early", "late", "employment", "urban", "real_wage", "consumer", "investment", "town", "village", "town_food")
#: Standard deviations of the logarithm of what the model cannot be asked to hit, by year.
SPREAD = {"coal": 0.06, "iron": 0.10, "steel": 0.10, "oil": 0.09, "electricity": 0.06}


@njit(nogil=True)
def _run(p, base, around, branch, work, shock, out):
    works.begin_works(branch, work, base, p)
    for y in range(len(around)):
        now = around[y : y + 1]
        works.work_year(branch, work, now, p, shock[y], y == 0)
        for b in range(6):
            out[y, b] = branch[b].output
        x = work[0]
        out[y, 6], out[y, 7], out[y, 8], out[y, 9], out[y, 10] = x.income, x.early, x.late, x.employment, x.urban
        out[y, 11], out[y, 12], out[y, 13], out[y, 14], out[y, 15], out[y, 16] = x.real_wage, x.consumer, x.investment, x.town, x.village, x.town_food


@dataclass
class Bench:
    """The block alone: parameters with ranges, the record, and runs from 1922."""

    names: tuple[str, ...]
    low: np.ndarray
    high: np.ndarray
    log: np.ndarray
    fitted: np.ndarray
    value: np.ndarray
    files: block.Industry
    record: series.Record
    around: np.ndarray
    first: int = 1922

    @classmethod
    def load(cls) -> Bench:
        data = load_yaml(FOLDER / "parameters-industry.yaml").data["parameters"]
        names = tuple(data)
        column = lambda key: np.array([float(data[n][key]) for n in names])  # noqa: E731
        faults: list = []
        files, record = block.read(FOLDER, faults), series.read(FOLDER, faults)
        if faults:
            raise SystemExit("\n".join(map(str, faults)))
        log = np.array([data[n]["scale"] == "log" for n in names])
        fitted = np.array([bool(data[n]["fitted"]) for n in names])
        return cls(names, column("low"), column("high"), log, fitted, column("value"), files, record, surroundings(files, 1922))

    def row(self, values: np.ndarray) -> np.record:
        kind = np.dtype([(n, "f8") for n in self.names])
        return np.ascontiguousarray(values, float).view(kind).view(np.recarray)[0]

    def run(self, values: np.ndarray, around: np.ndarray | None = None, shock: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """Series by name, relative to 1928; (years,)."""
        around = self.around if around is None else around
        branch, work = np.zeros(6, works.BRANCH).view(np.recarray), np.zeros(1, works.WORK).view(np.recarray)
        out = np.zeros((len(around), len(COLUMNS)))
        shock = np.zeros((len(around), 7)) if shock is None else shock
        _run(self.row(values), self.files.base, around, branch, work, shock, out)
        return dict(zip(COLUMNS, out.T, strict=True))

    # --- from unit normals to parameters -------------------------------------------------------------------------

    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        low, high = self.low[self.fitted], self.high[self.fitted]
        log = self.log[self.fitted]
        a, b = np.where(log, np.log(np.where(log, low, 1)), low), np.where(log, np.log(np.where(log, high, 1)), high)
        return (a + b) / 2, (b - a) / 4

    def values(self, z: np.ndarray) -> np.ndarray:
        middle, sd = self.ends()
        x = middle + sd * z
        out = self.value.copy()
        out[self.fitted] = np.where(self.log[self.fitted], np.exp(np.where(self.log[self.fitted], x, 0)), x)
        return out


def surroundings(files: block.Industry, first: int, last: int = 1953, levers: dict | None = None) -> np.ndarray:
    """Levers as in the case's recorded path, coded paths, and the record of the other blocks, by year."""
    from politburo.case.country import levers as case_levers
    from politburo.case.values import Month

    faults: list = []
    steps = case_levers.read_steps(FOLDER / "levers.csv", "lever", list(case_levers.NAMES), faults)
    months = (last - first + 1) * 12
    table = case_levers.path_of(steps, case_levers.NAMES, [x.rest for x in case_levers.LEVERS], Month(first, 1), months)
    yearly = table.reshape(-1, 12, table.shape[1]).mean(1)
    around = np.zeros(last - first + 1, works.AROUND).view(np.recarray)
    for name in works.AROUND.names[:5]:
        around[name] = yearly[:, case_levers.NUMBER[name]]
    since = int(files.since[0])
    for k, name in enumerate(block.PATHS):
        around[name] = files.path[first - since : last - since + 1, k]
    for name, path in (levers or {}).items():
        around[name] = path
    return around


def figures(bench: Bench, fit_until: int, war: bool = True) -> list[tuple[str, int, float, float]]:
    """What is fitted: (column, year, logarithm of the figure over 1928, spread)."""
    rows = []
    base = dict(zip(block.BRANCHES, bench.files.base[:, 0], strict=True))
    for name in OUTPUTS:
        for p in bench.record[name]:
            year = int(p.start)
            if not (1922 <= year <= fit_until or (war and 1941 <= year <= 1946)):
                continue
            sd = SPREAD[name] * (2.0 if year < 1926 or year > 1940 else 1.0)
            rows.append((name, year, np.log(p.value / base[name]), sd))
    for p in bench.record["income_late_weights.maddison"]:
        if 1929 <= p.start <= min(fit_until, 1937):
            rows.append(("late", int(p.start), np.log(p.value), 0.04))
    if fit_until >= 1932:
        rows.append(("employment", 1932, np.log(22.9 / 11.6), 0.04))
    if fit_until >= 1937:
        rows.append(("employment", 1937, np.log(27.0 / 11.6), 0.04))
        rows.append(("urban", 1938, np.log(56.1 / 27.6), 0.03))
        rows.append(("real_wage", 1937, np.log(0.58), 0.08))
        rows.append(("late", 1937, np.log(1.525), 0.05))
    rows.append(("urban", 1926, np.log(26.3 / 27.6), 0.03))
    return rows


def ratios(run: dict[str, np.ndarray], first: int, fit_until: int) -> list[tuple[float, float]]:
    """Figures that speak of ratios: (model less record in logarithms, spread)."""
    rows = [(np.log(run["investment"][1928 - first]), 0.03), (np.log(run["income"][1928 - first]), 0.02), (np.log(run["consumer"][1928 - first]), 0.04)]
    rows += [(np.log(run["machines"][1928 - first]), 0.03), (np.log(run["employment"][1928 - first]), 0.03), (np.log(run["real_wage"][1928 - first]), 0.03)]
    if fit_until >= 1937:
        rows.append((np.log(run["consumer"][1937 - first] / run["consumer"][1932 - first]) - np.log(3448 / 2720), 0.06))
        rows.append((np.log(run["investment"][1937 - first]) - np.log(0.259 * 1.525 / 0.125), 0.15))
    return rows


def fit(bench: Bench, fit_until: int, war: bool = True, noise: np.random.Generator | None = None, begin: np.ndarray | None = None, loose: bool = False):
    """Best z, and the sum of squares. `noise`: perturb figures and priors by their spreads."""
    rows = figures(bench, fit_until, war)
    count = int(bench.fitted.sum())
    extra = len(ratios(bench.run(bench.value), bench.first, fit_until))
    shift = np.zeros(len(rows) + extra)
    centre = np.zeros(count)
    if noise is not None:
        shift, centre = noise.standard_normal(len(shift)), noise.standard_normal(count)
        centre = np.clip(centre, -1.9, 1.9)
    columns = [(r[0], r[1] - bench.first, r[2], r[3]) for r in rows]

    def residuals(z: np.ndarray) -> np.ndarray:
        run = bench.run(bench.values(z))
        out = [(np.log(max(run[c][y], 1e-6)) - v) / s for c, y, v, s in columns]
        out += [d / s for d, s in ratios(run, bench.first, fit_until)]
        return np.r_[np.array(out) - shift, z - centre]

    start = np.zeros(count) if begin is None else begin
    found = least_squares(residuals, np.clip(start, -1.95, 1.95), bounds=(-2.0, 2.0), method="trf", x_scale=1.0, diff_step=1e-4, max_nfev=60)
    return found.x, float(2 * found.cost)
