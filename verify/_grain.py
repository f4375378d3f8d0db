"""The grain block alone on the recorded levers: one compiled loop for fits, tables and counterfactuals.

No politics and none of the other blocks: `w` and `s` carry what the two mechanisms read and write, and nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numba import njit

from politburo.case.country import grain as inputs
from politburo.case.country import levers
from politburo.case.values import Month
from politburo.engine.country import grain as block
from politburo.engine.country.year import REGIONAL, YEAR
from politburo.engine.mechanisms import collectivisation, grain

FOLDER = Path(inputs.__file__).resolve().parents[2] / "cases" / "ussr" / "country"
START = Month(1922, 4)
MONTHS = 12 * 31 - 3
COLUMNS = (*YEAR.names[: YEAR.names.index("tractors") + 1],)
R = len(inputs.REGIONS)
RULE = np.dtype([("coding", "f8")])
NOW = np.dtype([("month", "i8"), ("history", "i8")])


class Land(NamedTuple):
    key: np.ndarray
    salt: np.ndarray
    rule: np.ndarray
    country: tuple


class Country(NamedTuple):
    first: int
    recorded: np.ndarray
    grain: inputs.Grain


class State(NamedTuple):
    now: np.ndarray
    country: tuple


class CountryState(NamedTuple):
    lever: np.ndarray
    levers: np.ndarray
    year: np.ndarray
    yearly: np.ndarray
    regional: np.ndarray
    grain: block.GrainState


class Out(NamedTuple):
    """What is kept of each history. H histories, Y years, R regions, T months."""

    year: np.ndarray  # (H, Y, columns)
    regional: np.ndarray  # (H, Y, REGIONAL, R)
    dying: np.ndarray  # (H, Y, R, 12)
    share: np.ndarray  # (H, T, R) collectivised share
    unrest: np.ndarray  # (H, T) disturbances since January
    residual: np.ndarray  # (H, Y)
    open: np.ndarray  # (H, 2) largest gap in the books of places and of the state, million t
    animals: np.ndarray  # (H, Y, 4, R) in December
    town: np.ndarray  # (H, Y, R) of the deaths, those in towns
    people: np.ndarray  # (H, Y, R) rural people, December
    taken: np.ndarray  # (H, Y, R) grain taken in the agricultural year that closed in this year


def _records(array):
    return array.view(np.recarray)


@njit(error_model="numpy", nogil=True)
def _loop(w, params, s, path, first, months, out):
    x = s.country.grain
    g = w.country.grain
    for h in range(len(params)):
        p = params[h]
        s.now[0].history = first + h
        s.now[0].month = 0
        for k in range(len(s.country.levers)):
            s.country.levers[k] = path[0, k]
        grain.begin(w, p, s)
        for t in range(months):
            s.now[0].month = t
            for k in range(path.shape[1]):
                s.country.levers[k] = path[t, k]
            collectivisation.step(w, p, s)
            grain.step(w, p, s)
            month = (w.country.first + t) % 12 + 1
            y = (w.country.first + t) // 12 - w.country.first // 12
            if len(out.share) > 0:
                out.unrest[h, t] = s.country.year[0].peasant_disturbances
                for r in range(out.share.shape[2]):
                    out.share[h, t, r] = 0.0
                for r in range(out.share.shape[2]):
                    inside, people = 0.0, 0.0
                    for c in range(len(x.place)):
                        if g.place[c].region == r:
                            inside += x.place[c].people * (x.place[c].committed + x.place[c].paper)
                            people += x.place[c].people
                    out.share[h, t, r] = inside / people
                if month == 7 and t > 0:
                    gap = 0.0
                    for c in range(len(x.place)):
                        r = g.place[c].region
                        total = -x.closed[c, x.closed.shape[1] - 1]
                        for k in range(x.closed.shape[1] - 1):
                            total += x.closed[c, k] if k < block.INCOME else -x.closed[c, k]
                        gap = max(gap, abs(total))
                        out.taken[h, y, r] += x.closed[c, block.PROCURED] + x.closed[c, block.SEIZED]
                    out.open[h, 0] = max(out.open[h, 0], gap)
                    q = x.pool_closed
                    out.open[h, 1] = max(out.open[h, 1], abs(q[0] + q[1] - q[2] - q[3] - q[4] - q[5] - q[6] - q[7] - q[8]))
            if month == 12:
                for k in range(out.year.shape[2]):
                    out.year[h, y, k] = s.country.yearly[k]
                for k in range(out.regional.shape[2]):
                    for r in range(out.regional.shape[3]):
                        out.regional[h, y, k, r] = s.country.regional[k, r]
                for r in range(out.dying.shape[2]):
                    for m in range(12):
                        out.dying[h, y, r, m] = x.dying[r, m]
                for c in range(len(x.place)):
                    r = g.place[c].region
                    b = x.place[c]
                    out.animals[h, y, 0, r] += b.horses
                    out.animals[h, y, 1, r] += b.cattle
                    out.animals[h, y, 2, r] += b.sheep
                    out.animals[h, y, 3, r] += b.pigs
                    out.town[h, y, r] += b.died_town
                    out.people[h, y, r] += b.people
        for k in range(out.residual.shape[1]):
            out.residual[h, k] = x.residual[k]


class Driver:
    """The block on a path of levers; `run` takes rows of parameters by name."""

    def __init__(self, folder: Path = FOLDER, start: Month = START, months: int = MONTHS, seed: int = 1):
        faults: list = []
        self.grain = inputs.read(folder, faults)
        steps = levers.read_steps(folder / "levers.csv", "lever", list(levers.NAMES), faults)
        for path in sorted(folder.glob("levers-*.csv")):
            own = levers.read_steps(path, "lever", list(levers.NAMES), faults)
            named = {step.name for step in own}
            steps = [*(step for step in steps if step.name not in named), *own]
        if faults:
            raise SystemExit("\n".join(map(str, faults)))
        self.start, self.months = start, months
        self.path = levers.path_of(steps, levers.NAMES, [x.rest for x in levers.LEVERS], start, months)
        self.names = (*collectivisation.PARAMETERS, *grain.PARAMETERS)
        self.key = np.array([seed, 0], np.uint64)
        self.first_year = start.ordinal // 12
        self.years = (start.ordinal + months - 1) // 12 - self.first_year + 1

    def changed(self, changes: list[tuple[str, str, str, float]]) -> np.ndarray:
        """The path with levers held: (lever, from, to, value), or value as ("+", amount) or ("*", factor)."""
        path = self.path.copy()
        for lever, first, last, value in changes:
            a, b = Month.parse(first) - self.start, Month.parse(last) - self.start
            k = levers.NUMBER[lever]
            if isinstance(value, tuple):
                path[a : b + 1, k] = path[a : b + 1, k] + value[1] if value[0] == "+" else path[a : b + 1, k] * value[1]
            else:
                path[a : b + 1, k] = value
        return path

    def run(self, rows: np.ndarray, path=None, coding: float = 0.0, anchor: bool = False, months: int | None = None, first: int = 0,
            monthly: bool = True) -> Out:
        """Run one history a row. `anchor`: hold the harvest to the row's series and return the residuals."""
        h, y, t, c = len(rows), self.years, self.months, len(COLUMNS)
        table = np.zeros(h, np.dtype([(n, "f8") for n in self.names]))
        for k, n in enumerate(self.names):
            table[n] = rows[:, k]
        g = self.grain._replace(mode=np.array([int(anchor)]))
        g = type(g)(*(_records(a) if a.dtype.names else np.ascontiguousarray(a) for a in g))
        rule = np.zeros(1, RULE)
        rule["coding"] = coding
        land = Land(self.key, np.zeros(256, np.uint64), _records(rule), Country(self.start.ordinal, self.path, g))
        lever, year = np.zeros(len(levers.NAMES)), np.zeros(len(YEAR.names))
        own = block.allocate(Country(self.start.ordinal, self.path, self.grain))
        own = type(own)(*(_records(a) if a.dtype.names else a for a in own))
        shared = CountryState(lever.view(levers.LEVER).view(np.recarray), lever, year.view(YEAR).view(np.recarray), year, np.zeros((len(REGIONAL), R)), own)
        state = State(_records(np.zeros(1, NOW)), shared)
        m = h if monthly else 0
        out = Out(
            np.zeros((h, y, c)), np.zeros((h, y, len(REGIONAL), R)), np.zeros((h, y, R, 12)), np.zeros((m, t, R)), np.zeros((m, t)),
            np.zeros((h, inputs.COUNT)), np.zeros((h, 2)), np.zeros((h, y, 4, R)), np.zeros((h, y, R)), np.zeros((h, y, R)), np.zeros((h, y, R)),
        )  # fmt: skip
        _loop(land, table.view(np.recarray), state, self.path if path is None else path, first, months or self.months, out)
        return out
