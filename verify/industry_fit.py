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
    files_of_levers = [FOLDER / "levers.csv", *sorted(FOLDER.glob("levers-*.csv"))]
    steps = [s for path in files_of_levers for s in case_levers.read_steps(path, "lever", list(case_levers.NAMES), faults)]
    months = (last - first + 1) * 12
    table = case_levers.path_of(steps, case_levers.NAMES, [x.rest for x in case_levers.LEVERS], Month(first, 1), months)
    yearly = table.reshape(-1, 12, table.shape[1]).mean(1)
    around = np.zeros(last - first + 1, works.AROUND).view(np.recarray)
    for name in works.AROUND.names[:5]:
        around[name] = yearly[:, case_levers.NUMBER[name]]
    since = int(files.since[0])
    for k, name in enumerate(block.PATHS):
        around[name] = files.path[first - since : last - since + 1, k]
    arrests = files.path[:, block.PATHS.index("arrests")]
    around["arrests"] = arrests[first - 1 - since : last - since]  # of the year before
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
    for p in bench.record["income_late_weights"]:
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


# --- ensemble and hold-outs ---------------------------------------------------------------------------------------


def ensemble(bench: Bench, fit_until: int = 1937, rows: int = ROWS) -> np.ndarray:
    """(rows, P): refits to perturbed figures, each begun at the best fit; deterministic."""
    best, _ = fit(bench, fit_until)
    table = []
    for k in range(rows):
        z, _ = fit(bench, fit_until, noise=np.random.default_rng([20, 26, k]), begin=best)
        table.append(bench.values(z))
    return np.array(table)


def of_record(bench: Bench, name: str) -> dict[int, float]:
    return {int(p.start): p.value / bench.files.base[block.BRANCHES.index(name), 0] for p in bench.record[name]}


def error(bench: Bench, run: dict[str, np.ndarray], name: str, years: range) -> float:
    """Root mean square of the logarithm of model over record."""
    record = of_record(bench, name)
    return float(np.sqrt(np.mean([np.log(run[name][y - bench.first] / record[y]) ** 2 for y in years])))


def naive(bench: Bench, name: str, past: tuple[int, int], years: range) -> float:
    """The same of the trend of some years, begun at the last of them."""
    record = of_record(bench, name)
    t = np.arange(past[0], past[1] + 1)
    rate = np.polyfit(t, np.log([record[int(y)] for y in t]), 1)[0]
    return float(np.sqrt(np.mean([(np.log(record[past[1]] / record[y]) + rate * (y - past[1])) ** 2 for y in years])))


#: Question: (fitted until, years predicted, years of the naive trend, the prototype's errors, the prototype's naive errors).
HOLD_OUTS = {
    "1933-37 from 1922-32": (1932, range(1933, 1938), (1928, 1932), (0.09, 0.20, 0.52, 0.41, 0.05)),
    "1938-40 from 1922-37": (1937, range(1938, 1941), (1933, 1937), (0.13, 0.31, 0.13, 0.13, 0.18)),
    "1947-53 from 1922-37 and 1941-46": (1937, range(1947, 1954), (1944, 1946), (0.09, 0.06, 0.15, 0.27, 0.15)),
}


def hold_outs(bench: Bench) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Question -> output -> (error of the model, of the naive trend, of the prototype)."""
    out: dict[str, dict[str, tuple[float, float, float]]] = {}
    for title, (until, years, past, before) in HOLD_OUTS.items():
        z, _ = fit(bench, until, war=years[0] > 1940)  # what comes after the years asked for is not seen
        run = bench.run(bench.values(z))
        out[title] = {n: (error(bench, run, n, years), naive(bench, n, past, years), b) for n, b in zip(OUTPUTS, before, strict=True)}
    return out


def bands(bench: Bench, table: np.ndarray, draws: int = 12, around: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """Series -> (histories, years) with the residuals drawn: what the country's histories show when this block runs alone."""
    rng = np.random.default_rng(1953)
    runs = [bench.run(row, around, rng.standard_normal((len(bench.around), 7))) for row in table for _ in range(draws)]
    return {c: np.array([r[c] for r in runs]) for c in COLUMNS}


def coverage(bench: Bench, band: dict[str, np.ndarray]) -> dict[str, tuple[int, int]]:
    """Output -> held-out figures inside the band of 95%, and how many there are."""
    out = {}
    for name in OUTPUTS:
        low, high = np.quantile(band[name], (0.025, 0.975), axis=0)
        record = {y: v for y, v in of_record(bench, name).items() if 1938 <= y <= 1940 or y >= 1947}
        out[name] = (sum(low[y - bench.first] <= v <= high[y - bench.first] for y, v in record.items()), len(record))
    return out


# --- what if, the block alone -------------------------------------------------------------------------------------


def without_collectivisation(bench: Bench, heavy: float | None = None) -> np.ndarray:
    """NEP goes on: market procurement of 11 million t at most, herds of 1928, no kolkhozy, no export above 2 million t."""
    around = bench.around.copy().view(np.recarray)
    late = np.arange(bench.first, bench.first + len(around)) >= 1929
    around.procured[late] = np.minimum(around.procured[late], 11.0)
    around.exported[late] = np.minimum(around.exported[late], 0.5)
    around.herd[late] = 1.0
    around.kolkhoz[late] = 0.03
    if heavy is not None:
        around.heavy[late] = heavy
    return around


def what_ifs(bench: Bench, table: np.ndarray) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Changes by 1939 and the mean of 1929-39 in logarithms: 10, 50 and 90% of the ensemble."""
    paths = {"NEP, same investment": without_collectivisation(bench), "NEP, less to producer goods": without_collectivisation(bench, 0.45)}
    no_terror = bench.around.copy().view(np.recarray)
    no_terror.arrests[1938 - bench.first : 1940 - bench.first] = 100.0
    paths["no Great Terror"] = no_terror
    no_imports = bench.around.copy().view(np.recarray)
    no_imports.imports[1930 - bench.first : 1934 - bench.first] = 0.92
    paths["8% less machine imports 1930-33"] = no_imports
    end, span = 1939 - bench.first, slice(1929 - bench.first, 1940 - bench.first)
    out: dict[str, dict[str, tuple[float, float, float]]] = {}
    for name, around in paths.items():
        rows: dict[str, list[float]] = {}
        for values in table:
            a, b = bench.run(values), bench.run(values, around)
            for c in ("steel", "machines", "income", "late", "employment", "urban"):
                rows.setdefault(c, []).append(b[c][end] / a[c][end] - 1)
            for c in ("town", "village"):
                rows.setdefault(c, []).append(float(np.log(b[c][span] / a[c][span]).mean()))
        out[name] = {c: tuple(np.quantile(v, (0.1, 0.5, 0.9))) for c, v in rows.items()}
    return out


def rates(bench: Bench, table: np.ndarray) -> dict[str, tuple[float, float, float]]:
    """Per cent a year from 1928, by measure and span: 10, 50 and 90% of the ensemble; and what published rates add to it."""
    runs = [bench.run(row) for row in table]
    a = 1928 - bench.first

    def rate(c: str, year: int) -> np.ndarray:
        return np.array([100 * ((r[c][year - bench.first] / r[c][a]) ** (1 / (year - 1928)) - 1) for r in runs])

    rows = {f"{label}, 1928-{y}": rate(c, y) for c, label in (("early", "prices of 1928"), ("income", "chained"), ("late", "prices of 1937")) for y in (1937, 1940)}
    for label, c, published in (("official 13.9 over prices of 1928", "early", 13.9), ("5.8 over prices of 1937", "late", 5.8), ("2.9 over prices of 1937", "late", 2.9)):
        rows["points that " + label + " adds, 1928-40"] = published - rate(c, 1940)
    return {k: tuple(np.quantile(v, (0.1, 0.5, 0.9))) for k, v in rows.items()}


def identified(bench: Bench, table: np.ndarray) -> list[tuple[str, float]]:
    """Parameters by how much of the prior's spread is left, widest first; above 0.8 the record says next to nothing."""
    _, sd = bench.ends()
    shown = np.where(bench.log, np.log(np.where(bench.log, table, 1)), table)[:, bench.fitted]
    left = shown.std(0) / sd
    return sorted(zip(np.array(bench.names)[bench.fitted], left, strict=True), key=lambda r: -r[1])


def checks() -> Iterator[Check]:
    """The claims of the page on industry and plans."""
    bench = Bench.load()
    for title, rows in hold_outs(bench).items():
        model, trend, before = (float(np.mean([r[k] for r in rows.values()])) for k in range(3))
        text = ", ".join(f"{n} {100 * m:.0f}% (trend {100 * t:.0f}, prototype {100 * b:.0f})" for n, (m, t, b) in rows.items())
        yield Check(f"outputs of {title}", model < trend and model < before, text, "mean error below that of the naive trend and of the prototype")
    table = posterior(bench)
    found = coverage(bench, bands(bench, table))
    inside, whole = sum(a for a, _ in found.values()), sum(b for _, b in found.values())
    yield Check("held-out outputs inside the band of 95%", inside >= 0.8 * whole, f"{inside} of {whole}; " + ", ".join(f"{n} {a}/{b}" for n, (a, b) in found.items()), "at least 80%")
    left = dict(identified(bench, table))
    yield Check("terror_drag is not identified", left["terror_drag"] >= 0.5, f"{left['terror_drag']:.2f} of the prior's spread is left", "at least 0.5")
    best, _ = fit(bench, 1937)
    middle = bench.run(bench.values(best))["steel"][1937 - bench.first]
    shipped = np.median([bench.run(row)["steel"][1937 - bench.first] for row in table])
    yield Check("the shipped ensemble is that of this fit", abs(shipped / middle - 1) < 0.05, f"steel of 1937: {shipped:.3f} shipped, {middle:.3f} refitted", "within 5%")


def posterior(bench: Bench) -> np.ndarray:
    """The ensemble that the case ships, (rows, P)."""
    lines = [line for line in (FOLDER / "posterior-industry.csv").read_text().splitlines() if not line.startswith("#")]
    names = lines[0].split(",")
    rows = np.array([[float(v) for v in line.split(",")] for line in lines[1:]])
    table = np.tile(bench.value, (len(rows), 1))
    table[:, [bench.names.index(n) for n in names]] = rows
    return table


def write(bench: Bench, table: np.ndarray) -> None:
    """posterior-industry.csv of the case: a row a particle, a column a fitted parameter."""
    columns = np.flatnonzero(bench.fitted)
    lines = [",".join(bench.names[c] for c in columns)] + [",".join(f"{row[c]:.6g}" for c in columns) for row in table]
    text = "# Made by python -m verify.industry_fit --write; figures fitted: 1922-37 and 1941-46.\n" + "\n".join(lines) + "\n"
    (FOLDER / "posterior-industry.csv").write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Fit, print the tables, write on request."""
    bench = Bench.load()
    for title, rows in hold_outs(bench).items():
        print(title, *(f"{n} {100 * m:.0f} (trend {100 * t:.0f}, before {100 * b:.0f})" for n, (m, t, b) in rows.items()), sep="; ")
    table = ensemble(bench)
    if "--write" in arguments:
        write(bench, table)
    band = bands(bench, table)
    print("inside the 95% band, held out:", coverage(bench, band))
    runs = [bench.run(row) for row in table]
    mean = {c: np.median([r[c] for r in runs], axis=0) for c in COLUMNS}
    print("in sample 1928-37:", {n: round(error(bench, mean, n, range(1928, 1938)), 3) for n in OUTPUTS}, "1922-27:", {n: round(error(bench, mean, n, range(1922 if n != "steel" else 1928, 1928 if n != "steel" else 1929)), 3) for n in OUTPUTS})
    for name, rows in what_ifs(bench, table).items():
        print(name, {c: [round(100 * v) for v in q] for c, q in rows.items()})
    for name, q in rates(bench, table).items():
        print(f"{name}: {q[1]:.1f} ({q[0]:.1f} to {q[2]:.1f})")
    print("spread left:", ", ".join(f"{n} {v:.2f}" for n, v in identified(bench, table)))
    print("medians:", {n: float(f"{v:.4g}") for n, v in zip(np.array(bench.names)[bench.fitted], np.median(table[:, bench.fitted], 0), strict=True)})
    for c in ("employment", "urban", "real_wage", "early", "late", "income", "consumer", "investment", "machines", "town", "village", "town_food"):
        print(c, " ".join(f"{y} {mean[c][y - bench.first]:.2f}" for y in (1926, 1928, 1930, 1932, 1933, 1936, 1937, 1939, 1940, 1942, 1946, 1948, 1950, 1952)))


if __name__ == "__main__":
    main(sys.argv[1:])
