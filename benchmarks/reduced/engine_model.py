"""The reduced model as mechanism files, run by the engine as a user's own mechanisms would be."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from politburo.engine.ensemble import Engine

from .ours import draws
from .world import ISSUES, MONTHS, PARAMETERS, REGIONS, world

MECHANISMS = tuple(
    Path(__file__).parent / "ours" / f"{name}.py"
    for name in (
        "draws",
        "deaths",
        "economy",
        "stances",
        "appointments",
        "power",
        "alliances",
        "motions",
        "congress",
    )
)


def engine(seed: int = 0, months: int = MONTHS) -> Engine:
    return Engine(world(seed), tuple(PARAMETERS), months, MECHANISMS)


def rows(count: int) -> np.ndarray:
    """The same parameters for every history."""
    return np.tile(np.array(list(PARAMETERS.values())), (count, 1))


def final(engine: Engine, history: int) -> dict[str, np.ndarray]:
    """The state of one history after the last month, by names that all three implementations use."""
    _, s = engine.run(history, rows(1))
    state = {
        name: np.array(s.people[name], float) for name in ("prestige", "seats", "cadres", "power", "side")
    }
    state["circle"] = (s.people["circle"] == 2).astype(float)
    state |= {name: getattr(s, name).copy() for name in ("stance", "affinity", "clients", "opinion")}
    now, work = s.now[0], s.worth.reshape(-1)
    state["boss"] = s.local["boss"].copy()
    state["harvest"] = work[draws.GRAIN :][:REGIONS].copy()
    state["line"] = work[draws.LINE :][:ISSUES].copy()
    size = int(now.committee_size)
    state["patron"] = s.best[draws.PATRON :][:size].copy()
    state["region"] = s.best[draws.REGION :][:size].copy()
    state["loyalty"] = work[draws.LOYAL :][:size].copy()
    state["counts"] = np.array([now.motions, now.failed, int(now.deaths), now.leader, now.secretary, size])
    return state
