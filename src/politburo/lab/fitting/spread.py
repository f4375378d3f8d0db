"""Where the spread of an outcome comes from: coding, parameters or luck.

Theory. An outcome Y depends on three independent draws: the coding of traits, ties and blocs (coder error), the
parameter vector (posterior), and everything else (luck). The first-order share of one of them is the share of the
variance of Y that knowing it alone would remove (Sobol), estimated by pick-freeze: run twins that share that draw and
nothing else; the covariance of their answers over the variance is the share (Homma and Saltelli 1996; Janon et al. 2014). What is left is
interaction: the same luck matters differently under another coding.

An outcome that never happens counts as one year after the end. Cost: four runs of `histories` histories.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...case.compile import Compiled
from ...engine import luck
from ...engine.ensemble import Engine
from ..targets import evaluate

CODING = luck.SOURCES["coding"] + luck.SOURCES["signals"]


@dataclass(frozen=True)
class Spread:
    """Shares of the variance of one outcome, with standard errors; `interaction` is the rest."""

    id: str
    question: str
    variance: float
    coding: float
    parameters: float
    luck: float
    error: float

    @property
    def interaction(self) -> float:
        return max(0.0, 1.0 - self.coding - self.parameters - self.luck)


def salted(compiled: Compiled, coding: int, rest: int) -> np.ndarray:
    """Salts that give another coding, other luck, or both (0 leaves it as it is)."""
    salt = np.full(luck.SITES, rest, np.uint64)
    salt[list(CODING)] = coding
    return salt


def decompose(compiled: Compiled, histories: int = 600, first: int = 700_000_000) -> dict[str, Spread]:
    """Shares for every target of the case (by id) from 4 * `histories` histories of the posterior ensemble."""
    mechanisms = None
    if compiled.case.mechanisms is not None:
        mechanisms = [m.name or compiled.case.path / m.file for m in compiled.case.mechanisms]
    particles = compiled.particles
    mine = particles[np.arange(histories) % len(particles)]
    # A twin's vector is another one: the ensemble turned by half its length and one, so that no pair repeats too soon.
    other = particles[(np.arange(histories) * 7 + len(particles) // 2 + 1) % len(particles)]

    def answers(rows: np.ndarray, coding: int, rest: int) -> dict[str, tuple[str, np.ndarray]]:
        world = compiled.world._replace(salt=salted(compiled, coding, rest))
        kept, _ = Engine(world, compiled.parameters, compiled.months, mechanisms).run(first, rows)
        late = float(compiled.months + 12)
        return {r.id: (r.question, np.where(np.isfinite(r.values), r.values, late)) for r in evaluate(compiled, kept)}

    base = answers(mine, 0, 0)
    twins = {"coding": answers(other, 0, 1), "parameters": answers(mine, 1, 1), "luck": answers(other, 1, 0)}
    found = {}
    for name, (question, y) in base.items():
        variance = float(y.var())
        shares = {}
        for cause, twin in twins.items():
            z = twin[name][1]
            centre = 0.5 * (y.mean() + z.mean())
            pooled = 0.5 * ((y - centre) ** 2 + (z - centre) ** 2).mean()
            covariance = ((y - centre) * (z - centre)).mean()
            shares[cause] = float(np.clip(covariance / pooled, 0.0, 1.0)) if pooled > 1e-12 else 0.0
        found[name] = Spread(name, question, variance, **shares, error=1.0 / np.sqrt(histories))
    return found
