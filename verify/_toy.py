"""A toy for the checks of calibration: three parameters, four facts, no engine, and facts that hang together.

Two dates follow one another within months, so whoever counts them as independent is too sure. Everything is in NumPy, so that hundreds of
fits take a minute.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from politburo.lab.fitting import facts
from politburo.lab.fitting.facts import Recorded
from politburo.lab.fitting.fit import Prior
from politburo.lab.fitting.likelihoods import Count, Date, Fact, Share

MONTHS = 72
PRIOR = Prior(("when", "often", "many"), np.arange(3), np.zeros(3), np.ones(3), np.zeros(3, bool))


def simulate(theta: np.ndarray, first: int, histories: int) -> np.ndarray:
    """Answers (vectors, histories, 4); histories of the same number share their luck whatever the vector."""
    z = np.stack([np.random.default_rng([first + h, 9]).normal(size=6) for h in range(histories)])
    return _answers(theta, z)


def _answers(theta: np.ndarray, z: np.ndarray) -> np.ndarray:
    when, often, many = (theta[:, i, None] for i in range(3))
    month = np.clip(np.rint(8 + 40 * when + 7 * z[:, 0]), 0, MONTHS - 1)
    after = np.clip(month + 6 + np.rint(2 * z[:, 1]), 0, MONTHS - 1)
    comes = z[:, 2] < 2.0 - 1.2 * often
    return np.stack(
        [
            np.where(comes, month, np.nan), np.where(comes, after, np.nan),
            np.clip(0.1 + 0.6 * often + 0.12 * z[:, 3], 0, 1), np.clip(np.rint(1 + 9 * many + 1.5 * z[:, 4] + z[:, 0]), 0, 14),
        ],
        axis=2,
    )  # fmt: skip


def record() -> list[Recorded]:
    """The four facts, without a record yet."""
    made = (
        Date(Fact("first"), 30, 30, 6.0, MONTHS), Date(Fact("second"), 36, 36, 6.0, MONTHS), Share(Fact("share"), 40, 40, 5.0),
        Count(Fact("count"), 5, 5, 1.0, 15),
    )  # fmt: skip
    return [Recorded(likelihood, lambda kept, i=i: kept[:, i]) for i, likelihood in enumerate(made)]


class ToyJudge:
    """What a fit needs of a judge. `number` decides the luck."""

    def __init__(self, number: int, batch: int, by: str):
        self.batch, self.by, self.facts, self.planted, self.power = batch, by, record(), True, 1.0
        self._luck = number * 10_000_000_000
        self._drawn: tuple[int, np.ndarray] | None = None
        self.asked: list[tuple[int, int]] = []

    def rows(self, prior: Prior, values: np.ndarray) -> np.ndarray:
        return np.asarray(values, float)

    def kept(self, row: np.ndarray, first: int, histories: int | None = None) -> np.ndarray:
        return simulate(row[None], self._luck + first, histories or self.batch)[0]

    def __call__(self, rows: np.ndarray, first: int) -> np.ndarray:
        self.asked.append((first, len(rows)))
        if self._drawn is None or self._drawn[0] != first:
            rng = np.random.default_rng([self._luck + first, 4])
            self._drawn = first, rng.normal(size=(self.batch, 6))
        found = _answers(rows, self._drawn[1])
        shape = found.shape[:2]
        each = [
            (f.likelihood.closeness_each if self.by == "closeness" else f.likelihood.log_each)(found[:, :, i].ravel()).reshape(shape)
            for i, f in enumerate(self.facts)
        ]
        weights = facts.weights(self.facts)
        if self.by == "closeness":
            return sum(w * e.mean(axis=1) for w, e in zip(weights, each, strict=True)) / weights.sum()
        if self.by == "composite":
            return self.power * sum(w * _log_mean(e) for w, e in zip(weights, each, strict=True))
        return _log_mean(sum(each))


def _log_mean(logs: np.ndarray) -> np.ndarray:
    top = logs.max(axis=1, keepdims=True)
    return top[:, 0] + np.log(np.exp(logs - top).mean(axis=1))


COMPILED = SimpleNamespace(case=SimpleNamespace(name="toy"))
