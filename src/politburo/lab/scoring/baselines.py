"""Naive forecasts: what a reader of one line of the record would have said.

    uniform              every answer alike
    incumbent stays      nothing changes: whoever leads goes on (.9), nobody falls (.95), whoever leads does not fall next
    constant hazard      the incumbent goes with 10 % a year; a member falls at the yearly rate of the *other* cases
    strongest prestige   the most visible man leads or rules, softmax(4 standing); the most visible falls, likewise
    appointing secretary the holder of the appointing office leads or rules, .7; he does not fall

None is fitted to the case that it forecasts. The numbers .9, .95, 10 %, 4 and .7 were taken from an earlier study and fixed before any score was
computed. What is left over is shared equally among the other answers. Standing is coded prestige at the start and that of the posts
then held; the incumbent and the secretary are those of the record at the month of the forecast. A baseline that has nothing to
say to a question gives the uniform forecast there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .forecasts import NOBODY, Forecast
from .recorded import Recorded

LEFT, SAFE, SLOPE, SECRETARY, RATE = 0.9, 0.95, 4.0, 0.7, 0.1


def uniform(record: Recorded, f: Forecast, rate: float) -> np.ndarray:
    """Every answer alike."""
    return np.full(len(f.answers), 1.0 / len(f.answers))


def incumbent(record: Recorded, f: Forecast, rate: float) -> np.ndarray:
    """Nothing changes."""
    if f.kind == "falls":
        return np.array([1.0 - SAFE, SAFE])
    if f.kind == "next fall":
        return _spared(f, record.leader(max(0, f.made - 1)))
    return _one(f, _present(record, f), LEFT)


def hazard(record: Recorded, f: Forecast, rate: float) -> np.ndarray:
    """Everybody's chance of going is constant."""
    years = (f.at - f.made) / 12.0
    if f.kind == "falls":
        stays = float(np.exp(-rate * years))
        return np.array([1.0 - stays, stays])
    if f.kind in ("leads", "rules"):
        return _one(f, _present(record, f), float(np.exp(-RATE * years)))
    return uniform(record, f, rate)


def prestige(record: Recorded, f: Forecast, rate: float) -> np.ndarray:
    """The most visible man leads, rules, or falls."""
    if f.kind == "vote":
        return uniform(record, f, rate)
    if f.kind == "falls":
        people = record.members(f.made)
        weight = _softmax([record.standing(p) for p in people])
        # The same number of falls as by the constant hazard, given to the most visible.
        expected = len(people) * hazard(record, f, rate)[0]
        yes = min(SAFE, expected * weight[people.index(f.people[0])])
        return np.array([yes, 1.0 - yes])
    weight = np.zeros(len(f.answers))
    named = [k for k, p in enumerate(f.people) if p is not None]
    weight[named] = _softmax([record.standing(f.people[k]) for k in named])
    if f.kind == "rules":
        weight = 0.5 * weight
        weight[f.answers.index(NOBODY)] = 0.5
    # One tenth is kept for the answers without a name.
    return 0.9 * weight + 0.1 / len(weight)


def secretary(record: Recorded, f: Forecast, rate: float) -> np.ndarray:
    """Whoever holds the appointing office."""
    who = record.appointing(f.made - 1 if f.kind == "next fall" else f.made)
    if f.kind == "next fall":
        return _spared(f, who)
    if f.kind == "falls":
        return np.array([0.02, 0.98]) if f.people[0] == who else hazard(record, f, rate)
    if f.kind == "vote" or who not in f.people:
        return uniform(record, f, rate)
    return _one(f, f.people.index(who), SECRETARY)


BASELINES: dict[str, Callable[[Recorded, Forecast, float], np.ndarray]] = {
    "uniform": uniform, "incumbent stays": incumbent, "constant hazard": hazard, "strongest prestige": prestige,
    "appointing secretary": secretary,
}  # fmt: skip


def rate_of(records: Sequence[Recorded], but: str) -> float:
    """Falls from the circle a member and year in the other cases (half a fall added), 0.1 when there is none."""
    others = [r.member_years() for r in records if r.case.name != but]
    years = sum(y for _, y in others)
    return (sum(n for n, _ in others) + 0.5) / years if years > 0 else RATE


def _present(record: Recorded, f: Forecast) -> int | None:
    """The answer that is true at the freeze."""
    if f.kind == "leads":
        who = record.leader(f.made)
        return f.people.index(who) if who in f.people else None
    if f.kind == "rules":
        month, who, _ = record.sole_rule
        return f.people.index(who) if f.made >= month and who in f.people else f.answers.index(NOBODY)
    return None


def _one(f: Forecast, answer: int | None, share: float) -> np.ndarray:
    k = len(f.answers)
    if answer is None or k < 2:
        return np.full(k, 1.0 / k)
    p = np.full(k, (1.0 - share) / (k - 1))
    p[answer] = share
    return p


def _spared(f: Forecast, who: str | None) -> np.ndarray:
    """Everybody alike but one, who hardly falls."""
    k = len(f.answers)
    if who not in f.people:
        return np.full(k, 1.0 / k)
    p = np.full(k, 0.98 / (k - 1))
    p[f.people.index(who)] = 0.02
    return p


def _softmax(values: Sequence[float]) -> np.ndarray:
    x = SLOPE * np.asarray(values, float)
    e = np.exp(x - x.max())
    return e / e.sum()
