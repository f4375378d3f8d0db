"""Bargaining inside a leadership: actors from a file, the models side by side, and the baseline they must
beat.

The baseline is the influence x salience weighted mean: sum(c s x) / sum(c s). On the published benchmark of
351 issues it beat the challenge model (mean absolute error 23.0 against 26.8), so every bargaining result
here prints it too.

Sources: Efird, Lester and Wise (2016) and Scholz, Calbert and Smith (2011) for the models; the benchmark
figures are as reported by a later project, looked up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from politburo.faults import Fault, Faults

from .bargain_eu import ExpectedUtilityRun, expected_utility
from .bargain_smp import Actors, SpatialRun, actors, spatial_model, weighted_median
from .inputs import read_table, reject
from .results import ARITHMETIC, Result

MOST_ISSUES = 9


def read_actors(path: str | Path, *, salience_top: float = 100.0) -> Actors:
    """Actors from a CSV file.

    Columns: actor (or name), capability, and position, salience for one issue or position_1, salience_1,
    position_2, ... for several. Saliences on 0-100 (or on 0-`salience_top`).

    Raises `Faults` with file, line and column of every bad cell, unknown column or ragged row.
    """
    from politburo.marked import read_text

    text = read_text(Path(path))
    header = [c.strip() for c in (text.splitlines() or [""])[0].split(",")]
    several = [k for k in range(1, MOST_ISSUES + 1) if f"position_{k}" in header or f"salience_{k}" in header]
    issues = [(f"position_{k}", f"salience_{k}") for k in several] or [("position", "salience")]
    needed = ["capability", *(c for pair in issues for c in pair)]
    rows, columns = read_table(path, needed, text=text, low=0)
    faults = []
    for row, *values in zip(rows, *(columns[s] for _, s in issues)):
        for (_, s), value in zip(issues, values):
            if value > salience_top:
                faults.append(row.fault(s, str(value), f"a number from 0 to {salience_top:g}"))
    if len(rows) < 2:
        faults.append(Fault(str(path), 0, 0, f"{len(rows)} actor", "at least two"))
    if faults:
        raise Faults(faults)
    scale = 100 / salience_top
    position = [[float(columns[p][i]) for p, _ in issues] for i in range(len(rows))]
    salience = [[float(columns[s][i]) * scale for _, s in issues] for i in range(len(rows))]
    top = max(100.0, max(v for row in position for v in row))
    return actors([float(c) for c in columns["capability"]], position, salience, columns["name"], top=top)


def weighted_mean(people: Actors) -> Result:
    """The baseline: influence x salience weighted mean and median of each issue, with each actor's share of
    influence.
    """
    weights = people.influence
    share = weights / weights.sum(0)
    issues = range(weights.shape[1])
    means = (share * people.position).sum(0)
    medians = [weighted_median(people.position[:, k], weights[:, k]) for k in issues]
    rows = [
        (name, float(people.capability[i]), *map(float, people.position[i]), *map(float, share[i]))
        for i, name in enumerate(people.names)
    ]
    return Result(
        title=f"Weighted mean of {len(people.names)} actors",
        source="influence x salience baseline",
        standing=ARITHMETIC,
        columns=(
            "actor",
            "capability",
            *(f"position_{k + 1}" for k in issues),
            *(f"influence share_{k + 1}" for k in issues),
        ),
        rows=rows,
        facts={
            "weighted mean": [float(m) for m in means],
            "weighted median": [float(m) for m in medians],
            "influence in all": [float(v) for v in weights.sum(0)],
        },
    )


def bargain(
    people: Actors, model: str = "ktab", turns: int | None = None, **settings: Any
) -> SpatialRun | ExpectedUtilityRun | Result:
    """One of the models by name: "ktab" (spatial model of politics), "eu" (expected utility), "mean"
    (baseline only).
    """
    if model == "ktab":
        return spatial_model(people, **({"turns": turns} if turns is not None else {}), **settings)
    if model == "eu":
        return expected_utility(people, **({"rounds": turns} if turns is not None else {}), **settings)
    if model == "mean":
        return weighted_mean(people)
    raise reject("model", repr(model), "ktab, eu, mean")


def errors(forecasts: Sequence[float], outcomes: Sequence[float]) -> dict[str, float]:
    """Mean absolute and root mean square error of forecasts: how a model is set beside the baseline."""
    f, o = np.asarray(forecasts, float), np.asarray(outcomes, float)
    if f.shape != o.shape or f.ndim != 1 or not f.size or not (np.isfinite(f).all() and np.isfinite(o).all()):
        raise reject("forecasts", f"{f.shape} and {o.shape}", "two equally long lists of finite numbers")
    return {
        "mean absolute error": float(np.abs(f - o).mean()),
        "root mean square error": float(np.sqrt(((f - o) ** 2).mean())),
    }
