"""Effects: what an arm does to every answer, and to every toll of famine under each harvest series.

An effect has two spreads that must not be taken for each other. The interval of its mean says how surely the model's average is known
and narrows with the number of histories. The spread from pair to pair says how differently the change goes in one history and in
another, and does not narrow. Both are in its `Difference`.

A number of dead depends on the harvest series that it is reckoned on, so a toll is also given for the histories of each series
apart (`politburo.lab.tolls`). A history keeps its series in both arms, because twins share what they draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...case.country.grain import SERIES
from ..tolls import LEAST, QUANTILES
from .paired import Clusters, Difference, difference
from .replies import Answer

Answers = Mapping[tuple[str, str, str], Answer]


@dataclass(frozen=True)
class HarvestEffect:
    """A toll, and what an arm does to it, in the histories that drew one harvest series.

    before, after : 5, 50 and 95 % of these histories
    """

    series: str
    histories: int
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    difference: Difference


@dataclass(frozen=True)
class Effect:
    """What an arm does to one answer: share or mean before, after, and their paired difference.

    beyond : for an arm of several changes, the difference less the sum of what each does alone; None otherwise
    harvests : of a toll of famine, the same under each harvest series; empty otherwise
    """

    id: str
    question: str
    what: str
    unit: str
    kind: str
    before: float
    after: float
    difference: Difference
    beyond: Difference | None = None
    harvests: tuple[HarvestEffect, ...] = ()

    @property
    def clear(self) -> bool:
        return self.difference.clear

    @property
    def yes_or_no(self) -> bool:
        """Whether each history answers with yes or no, so that its share is a share of histories."""
        return self.unit == "share" and self.what != "value"


def effects(
    a: Answers, b: Answers, particle: np.ndarray, singles: Sequence[Answers] = (), again: tuple[Answers, Answers] | None = None,
    harvest: np.ndarray | None = None,
) -> tuple[Effect, ...]:  # fmt: skip
    """Every effect of an arm.

    a, b : answers of the baseline and of the arm, of the same histories; particle : (H,) of these histories
    singles : answers of the arms of each change alone, when the arm has several changes
    again : answers of both under other luck, with the same coding
    harvest : (H,) the harvest series that each history drew, None where none is drawn
    """
    found, clusters, n = [], Clusters(particle), len(particle)
    for key in dict.fromkeys([*a, *b]):
        about = a.get(key) or b[key]
        x, y = _values(a.get(key), n), _values(b.get(key), n)
        other = None if again is None else tuple(_values(answers.get(key), n) for answers in again)
        if other is not None and any(len(values) != n for values in other):
            other = None  # some histories failed under one luck and not under the other
        beyond = None
        if singles:
            apart = [_values(answers.get(key), n) - x for answers in singles]
            beyond = difference(np.sum(apart, axis=0), y - x, clusters)
        tolls = _by_harvest(x, y, clusters, harvest) if about.toll and harvest is not None else ()
        found.append(Effect(about.id, about.question, about.what, about.unit, about.kind, _mean(x), _mean(y), difference(x, y, clusters, 1.0, other), beyond, tolls))
    return tuple(found)


def _by_harvest(x: np.ndarray, y: np.ndarray, clusters: Clusters, harvest: np.ndarray) -> tuple[HarvestEffect, ...]:
    found = []
    for k, name in enumerate(SERIES):
        drew = harvest == k
        if np.count_nonzero(drew) >= LEAST:
            before, after = (tuple(map(float, np.quantile(values[drew], QUANTILES))) for values in (x, y))
            found.append(HarvestEffect(name, int(drew.sum()), before, after, difference(x[drew], y[drew], clusters.only(drew))))
    return tuple(found)


def _values(answer: Answer | None, count: int) -> np.ndarray:
    """The column, or nothing but no where nobody ever gave this answer."""
    return np.zeros(count) if answer is None else answer.values


def _mean(values: np.ndarray) -> float:
    total = values.sum()
    if np.isfinite(total):
        return float(total / len(values)) if len(values) else float("nan")
    there = values[np.isfinite(values)]
    return float(there.mean()) if len(there) else float("nan")
