"""The reduced model as mechanism files, run by the engine as a user's own mechanisms would be."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from politburo.engine.ensemble import Engine

from .ours import columns
from .world import ISSUES, LEADERS, MONTHS, PARAMETERS, REGIONS, world

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
    now, numbers = s.now[0], s.worth.reshape(-1)

    def column(name: str, *shape: int) -> np.ndarray:
        first = getattr(columns, name) + int(now.from_line)
        return numbers[first : first + int(np.prod(shape))].reshape(shape).copy()

    names = ("prestige", "seats", "cadres", "power", "side", "circle")
    state = {name: column(name.upper(), LEADERS) for name in names}
    state["stance"], state["affinity"] = column("STANCE", ISSUES, LEADERS).T, column("AFFINITY", LEADERS, LEADERS)
    state["clients"] = np.column_stack([column("SHARES", REGIONS, LEADERS), column("FREE", REGIONS)])
    state["harvest"], state["boss"] = column("HARVEST", REGIONS), s.local["boss"].copy()
    state["line"], state["opinion"] = column("LINE", ISSUES), s.opinion.copy()
    size = int(now.committee_size)
    state["patron"] = s.sorted[columns.PATRON :][:size].copy()
    state["region"] = s.sorted[columns.REGION :][:size].copy()
    state["loyalty"] = column("LOYAL", size)
    state["counts"] = np.array([now.motions, now.failed, int(now.deaths), now.leader, now.secretary, size])
    # What the engine keeps of persons is what the columns hold.
    assert (s.people["side"] == state["side"]).all() and ((s.people["circle"] == 2) == state["circle"]).all()
    return state
