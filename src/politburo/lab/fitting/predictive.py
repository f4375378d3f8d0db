"""Posterior predictive checks: where the record lies among recorded histories, and how often bands hold what they promise.

Theory. If the record were one more history of the ensemble, written down with the stated observation error, an 80 % band would
hold four facts in five. Facts of one history hang together, so the number outside has no binomial spread; it is held instead against
the same number for synthetic records, each drawn from one history of the ensemble (a posterior predictive p-value, Gelman, Meng and
Stern 1996). Bands are central intervals of the recorded answer with *never* as the latest one; answers are discrete, so
they hold a little more than their name says; the synthetic records show how much. Yes-or-no facts and lists have no bands: they have a surprise.

Facts that were fitted agree in sample; only those held out say how well the model foretells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...engine.state import Kept
from .facts import Recorded
from .likelihoods import Amount, Date, Grid, Happened, Share

MASSES = (0.8, 0.95)


@dataclass(frozen=True)
class Checked:
    """One fact: its likelihood and surprise, bands in words, and whether each holds the record (None: no bands)."""

    id: str
    kind: str
    question: str
    record: str
    evidence: str
    fitted: bool
    log: float
    error: float
    surprise: float
    bands: tuple[str, ...]
    inside: tuple[bool | None, ...]


@dataclass(frozen=True)
class Coverage:
    """How many of `count` facts lie inside bands of a mass; the same share for synthetic records, and how often they do no better."""

    mass: float
    which: str  # "fitted" or "held out"
    count: int
    inside: int
    synthetic: float
    tail: float


def banded(likelihood) -> bool:
    """Whether a fact has bands."""
    return isinstance(likelihood, Grid) and not isinstance(likelihood, Happened)


def shown(likelihood: Grid, answer: int) -> str:
    """An answer in words."""
    if likelihood.misses and answer == likelihood.never:
        return "never"
    if isinstance(likelihood, Date):
        ordinal = likelihood.start + answer
        return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"
    if isinstance(likelihood, Amount):
        return f"{likelihood.origin + answer * likelihood.cell:.4g}"
    return f"{answer}%" if isinstance(likelihood, Share) else str(answer)


def _inside(likelihood: Grid, band: tuple[int, int]) -> bool:
    return likelihood.high >= band[0] and likelihood.low <= band[1]


def holds(f: Recorded, kept: Kept, mass: float) -> bool:
    """Whether the band of this mass holds the fact's record."""
    return _inside(f.likelihood, f.likelihood.interval(f.answers(kept), mass))


def answered(f: Recorded, kept: Kept) -> bool:
    """Whether these histories can answer the fact: the politics alone answer no series of the country."""
    return not isinstance(f.likelihood, Amount) or kept.years.shape[1] > 0


def check(facts: Sequence[Recorded], kept: Kept) -> list[Checked]:
    """Every fact against the ensemble."""
    found = []
    for f in facts:
        likelihood, x = f.likelihood, f.answers(kept)
        bands: tuple[str, ...] = ("",) * len(MASSES)
        inside: tuple[bool | None, ...] = (None,) * len(MASSES)
        if banded(likelihood):
            ends = [likelihood.interval(x, mass) for mass in MASSES]
            bands = tuple(f"{shown(likelihood, a)} to {shown(likelihood, b)}" for a, b in ends)
            inside = tuple(_inside(likelihood, e) for e in ends)
        fact = f.fact
        found.append(
            Checked(
                fact.id, type(likelihood).__name__.lower(), fact.question, fact.record, fact.evidence, fact.fitted,
                likelihood.log(x), likelihood.error(x), likelihood.surprise(x), bands, inside,
            )
        )  # fmt: skip
    return found


def synthetic(facts: Sequence[Recorded], kept: Kept, records: int = 400, seed: int = 17) -> np.ndarray:
    """Which facts of synthetic records lie inside: (records, facts with bands, masses) booleans.

    Each record is drawn from one history of the ensemble, and the bands are those of all the others together with it, which for
    hundreds of histories is the same.
    """
    rng = np.random.default_rng([seed, records])
    histories = len(kept.first)
    chosen = rng.permutation(histories)[:records] if records <= histories else rng.integers(histories, size=records)
    out = []
    for f in facts:
        if not banded(f.likelihood):
            continue
        x = f.answers(kept)
        y = f.likelihood.index(f.likelihood.draw(x[chosen], rng))
        ends = [f.likelihood.interval(x, mass) for mass in MASSES]
        out.append(np.stack([(y >= a) & (y <= b) for a, b in ends], axis=1))
    return np.stack(out, axis=1) if out else np.zeros((records, 0, len(MASSES)), bool)


def coverage(facts: Sequence[Recorded], kept: Kept, records: int = 400, seed: int = 17) -> list[Coverage]:
    """Coverage of the record, beside that of synthetic records, for fitted facts and for those held out."""
    banded_ = [f for f in facts if banded(f.likelihood)]
    real = np.array([[holds(f, kept, mass) for mass in MASSES] for f in banded_])
    made = synthetic(facts, kept, records, seed)
    fitted = np.array([f.fact.fitted for f in banded_])
    rows = []
    for which, mask in (("fitted", fitted), ("held out", ~fitted)):
        if not mask.any():
            continue
        for k, mass in enumerate(MASSES):
            inside, count = int(real[mask, k].sum()), int(mask.sum())
            others = made[:, mask, k].sum(axis=1)
            rows.append(Coverage(mass, which, count, inside, float(others.mean() / count), float((others <= inside).mean())))
    return rows
