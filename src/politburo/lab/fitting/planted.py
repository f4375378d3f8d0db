"""Planted records: parameters that are known, a record made from them, and whether the fit finds them again.

Theory. Draw a vector from the prior, run one history with it that no fit will see, and let a recorder with the stated
observation error write down its facts. Fit to that record. The rank of each planted parameter in its posterior is uniform when
prior, model, observation error and search belong together (politburo.lab.fitting.ranks); the share of 80 % and 95 % intervals that
hold the planted value is their coverage. It is a check of the method, not of the case: real leaders are no draw from the prior.

Every replicate has luck of its own. Cost: replicates times one fit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ...case.compile import Compiled
from . import fit as fitting
from . import predictive
from .facts import Recorded, record_of
from .fit import Judge, Prior
from .ranks import Uniformity, coverage, fractions, uniformity

HIDDEN = 3_000_000_000  # the first history from which records are made; no search runs that far


@dataclass(frozen=True)
class Calibration:
    """Replicates of planting and finding. `truth`, `middle`, `rank`: (replicates, parameters), in the unit cube."""

    names: tuple[str, ...]
    by: str
    draws: int
    truth: np.ndarray
    middle: np.ndarray
    rank: np.ndarray
    temperature: np.ndarray
    #: ("fitted" or "held out", mass) -> share of the planted facts inside the bands of the ensemble fitted to them, standard error over records
    predicted: dict[tuple[str, float], tuple[float, float]] = field(default_factory=dict)

    def tests(self) -> list[Uniformity]:
        """Uniformity of the ranks, one row a parameter."""
        return [uniformity(u, name) for name, u in zip(self.names, self._fractions().T, strict=True)]

    def coverage(self, mass: float) -> dict[str, tuple[float, float]]:
        """Share of intervals that hold the planted value, with its standard error, by parameter."""
        return {name: coverage(u, mass) for name, u in zip(self.names, self._fractions().T, strict=True)}

    def correlation(self) -> dict[str, float]:
        """Correlation of the planted value with the posterior's mean: 0 = the record says nothing about it."""
        return {n: float(np.corrcoef(self.truth[:, i], self.middle[:, i])[0, 1]) for i, n in enumerate(self.names)}

    def _fractions(self) -> np.ndarray:
        return np.stack([fractions(self.rank[:, i], self.draws, i) for i in range(len(self.names))], axis=1)


def plant(judge: Judge, row: np.ndarray, history: int, rng: np.random.Generator) -> list[Recorded]:
    """The judge's facts with the record that a recorder makes of one history under this vector."""
    kept = judge.kept(row, history, 1)
    return [f._replace(likelihood=f.likelihood.recorded(f.likelihood.draw(f.answers(kept), rng)[0])) for f in judge.facts]


def calibrate(
    compiled: Compiled, prior: Prior, replicates: int, by: str = "joint", islands: int = 2, size: int = 32, batch: int = 64,
    generations: int = 8, moves: int = 2, seed: int = 11, workers: int = 2, power: float = 1.0,
    predict: int = 0, tell: Callable[[int, int], None] | None = None,
) -> Calibration:  # fmt: skip
    """Plant and fit `replicates` times. By likelihood each search goes on until its temperature is 1 (at most `generations`).

    power : what a composite counts for (`fit.power`)
    predict : histories of each fitted ensemble, on luck that nothing else saw, whose bands are held against the planted facts,
        those that were not fitted among them
    """
    inside: dict[tuple[str, float], list[float]] = {}

    def foretell(judge: Judge, fit: fitting.Fit, row: np.ndarray, history: int, rng: np.random.Generator) -> None:
        rows = judge.rows(prior, fit.particles())[np.arange(predict) % fit.islands * fit.size + np.arange(predict) // fit.islands % fit.size]
        kept, one = judge.engine.run(850_000_000, rows)[0], judge.kept(row, history, 1)
        known = {f.fact.id for f in judge.facts}
        others = [f for f in record_of(compiled, orders=False) if f.fact.id not in known and predictive.answered(f, one)]
        made = [f._replace(likelihood=f.likelihood.recorded(f.likelihood.draw(f.answers(one), rng)[0])) for f in others]
        for which, facts in (("fitted", judge.facts), ("held out", made)):
            for mass in predictive.MASSES:
                held = [predictive.holds(f, kept, mass) for f in facts if predictive.banded(f.likelihood)]
                if held:
                    inside.setdefault((which, mass), []).append(float(np.mean(held)))

    def judge_of(number: int) -> Judge:
        judge = Judge(compiled.with_seed(seed * 1_000_003 + number), batch, workers, by)
        judge.power = power
        return judge

    found = replicate(judge_of, prior, replicates, islands, size, batch, generations, moves, seed, tell, compiled, foretell if predict else None)
    errors = {key: (float(np.mean(v)), float(np.std(v) / np.sqrt(len(v)))) for key, v in inside.items()}
    return replace(found, predicted=errors)


def replicate(
    judge_of: Callable[[int], Judge], prior: Prior, replicates: int, islands: int, size: int, batch: int, generations: int,
    moves: int, seed: int, tell: Callable[[int, int], None] | None = None, compiled: Compiled | None = None,
    after: Callable | None = None,
) -> Calibration:  # fmt: skip
    """As `calibrate`, for anything that judges: `judge_of(number)` gives a judge with luck of its own."""
    truth, middle, rank, warmth = [], [], [], []
    for number in range(replicates):
        rng = np.random.default_rng([seed, 77, number])
        planted = rng.random(len(prior.names))
        judge = judge_of(number)
        row = judge.rows(prior, prior.values(planted[None]))[0]
        judge.facts, judge.planted = plant(judge, row, HIDDEN + number, rng), True
        fit = fitting.begin(compiled, judge, islands, size, batch, seed * 7919 + number, prior=prior, moves=moves)
        _search(fit, judge, generations)
        draws = fit.unit.reshape(-1, len(prior.names))
        truth.append(planted)
        middle.append(draws.mean(axis=0))
        rank.append((draws < planted).sum(axis=0))
        warmth.append(fit.temperature)
        if after is not None:
            after(judge, fit, row, HIDDEN + number, rng)
        if tell is not None:
            tell(number + 1, replicates)
    return Calibration(prior.names, fit.by, islands * size, *(np.array(a) for a in (truth, middle, rank, warmth)))


def _search(fit: fitting.Fit, judge: Judge, generations: int) -> None:
    """By likelihood: up to temperature 1 and some more, so that copies part in every direction; by closeness: all generations."""
    more = max(2, len(fit.prior.names) // 5)
    while fit.generation < generations and more:
        fitting.step(fit, judge)
        more -= fit.by != "closeness" and fit.temperature == 1.0


def bank(judge: Judge, prior: Prior, vectors: int, seed: int = 5) -> tuple[np.ndarray, list[np.ndarray]]:
    """Vectors that fill the unit cube (a Latin hypercube), (M, D), and every fact's answers of a batch of histories under each.

    Independent draws would do, but their own unevenness would show in the ranks of many records that share them.
    """
    rng = np.random.default_rng([seed, 3])
    unit = np.stack([(rng.permutation(vectors) + rng.random(vectors)) / vectors for _ in prior.names], axis=1)
    rows = judge.rows(prior, prior.values(unit))
    answers: list[list[np.ndarray]] = [[] for _ in judge.facts]
    for m, row in enumerate(rows):
        kept = judge.kept(row, m * judge.batch)  # luck of its own for every vector
        for found, fact in zip(answers, judge.facts, strict=True):
            found.append(fact.answers(kept))
    return unit, [np.concatenate(a) for a in answers]


def weigh(facts: Sequence[Recorded], answers: Sequence[np.ndarray], vectors: int, by: str = "joint") -> tuple[np.ndarray, float]:
    """Posterior weights of a bank's vectors for a record, (M,), and their effective number."""
    from .facts import weights

    logs = np.stack([f.likelihood.log_each(x).reshape(vectors, -1) for f, x in zip(facts, answers, strict=True)], axis=2)
    if by == "joint":
        sums = logs.sum(axis=2)
        top = sums.max(axis=1, keepdims=True)
        score = top[:, 0] + np.log(np.exp(sums - top).mean(axis=1))
    else:
        top = logs.max(axis=1, keepdims=True)
        score = ((top[:, 0] + np.log(np.exp(logs - top).mean(axis=1))) * weights(facts)).sum(axis=1)
    w = np.exp(score - score.max())
    w /= w.sum()
    return w, float(1 / (w**2).sum())
