"""Differences between mechanisms as shipped and after equal refits: what of them is fitting, what is structure.

Theory. Let g_0 be the gain of a rival over the standard mechanism at the shipped particles (closeness, or minus a log score, so that more is better),
and g_1 the gain after both were searched anew with one budget from the same starting points. Then

    g_0 = g_1 + (g_0 - g_1)        structure at that budget, and fitting

exactly. A rival that lost by g_0 = -0.07 and loses by g_1 = -0.02 lost .05 because the particles were not its own. The division depends on the budget
and on the kind of start: from the shipped ensemble widened the standard mechanism keeps part of its advantage; from the prior none, but
no mechanism climbs far.

A case that borrows its parameters is scored with a refit on the case that lends them: the refit has seen nothing of it.

Intervals (90 %, 400 draws). As shipped: vectors with replacement, histories within them a Poisson number of times, the same draws for all
mechanisms. After a refit the vectors of two mechanisms have nothing in common, so that each has draws of its own: islands with replacement, vectors within
them, histories within these. With three islands of a kind the interval is still rather too narrow for what another search would find.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ...engine.state import Kept
from ...faults import Fault, Faults
from ..ensembles.provenance import Call, plan
from ..fitting import refit as fitting
from ..fitting.refit import PRIOR, SCORING, SHIPPED, Refit, Search
from ..targets import evaluate
from .forecasts import Forecast, forecasts
from .recorded import Recorded
from .rivals import short
from .score import draw, losses

DRAWS = 400
CLOSENESS = "closeness"
AS_SHIPPED = "as shipped"
#: Kinds of start as stages of a comparison.
STAGES = {SHIPPED: "refitted from the shipped, widened", PRIOR: "refitted from the prior"}


@dataclass(frozen=True)
class Scored:
    """A group of forecasts by one mechanism: mean log score (lower is better); `gain` over the standard mechanism (above 0: better), with interval."""

    mechanism: str
    group: str
    count: int
    log: float
    low: float
    high: float
    gain: float
    gain_low: float
    gain_high: float
    stage: str = AS_SHIPPED


@dataclass(frozen=True)
class Close:
    """Mean closeness of one mechanism (higher is better) with interval; `gain` over the standard mechanism."""

    mechanism: str
    level: float
    low: float
    high: float
    gain: float
    gain_low: float
    gain_high: float
    stage: str = AS_SHIPPED


@dataclass(frozen=True)
class Part:
    """A rival's gain as shipped, divided: `shipped` = `structure` (the gain after a refit) + `fitting` (what went with it). More is better for the rival."""

    mechanism: str
    measure: str
    stage: str
    shipped: float
    shipped_low: float
    shipped_high: float
    fitting: float
    fitting_low: float
    fitting_high: float
    structure: float
    structure_low: float
    structure_high: float


@dataclass
class Stage:
    """What the mechanisms of a slot do at one stage; `levels` of a measure are points and draws, more is better."""

    name: str
    forecasts: dict[str, list[Forecast]] = field(default_factory=dict)
    closeness: dict[str, np.ndarray] = field(default_factory=dict)
    counts: dict[str, np.ndarray] = field(default_factory=dict)
    _levels: dict[str, dict] = field(default_factory=dict, repr=False)

    def add(self, mechanism: str, found: list[Forecast], close: np.ndarray, counts: np.ndarray) -> None:
        """One mechanism: its forecasts, the closeness of each history, and how often each is drawn (draws, histories)."""
        self.forecasts[mechanism], self.closeness[mechanism], self.counts[mechanism] = found, close, counts
        self._levels.clear()

    def levels(self, slot: str) -> dict[str, tuple[int, dict[str, tuple[float, np.ndarray]]]]:
        """Measure -> (number of questions, mechanism -> (level, (draws,) levels)); log scores with their sign turned."""
        if slot in self._levels:
            return self._levels[slot]
        table: dict[str, tuple[int, dict[str, tuple[float, np.ndarray]]]] = {}
        standard = self.forecasts[slot]
        for group in dict.fromkeys(f.group for f in standard):
            at = [i for i, f in enumerate(standard) if f.group == group and f.weight > 0]
            if not at:
                continue
            weight = np.array([standard[i].weight for i in at])
            weight = weight / weight.sum()

            def mean(name: str, times: np.ndarray | None, at=at, weight=weight):
                mine = self.forecasts[name]
                return -(weight @ np.array([losses(mine[i].probabilities(times), mine[i].observed)[0] for i in at]))

            table[group] = (len(at), {name: (float(mean(name, None)), mean(name, self.counts[name])) for name in self.forecasts})
        close = {}
        for name, j in self.closeness.items():
            times = self.counts[name]
            close[name] = (float(j.mean()), times @ j / times.sum(axis=1))
        table[CLOSENESS] = (1, close)
        self._levels[slot] = table
        return table


def lender(call: Call, slot: str) -> Call:
    """The call of the case whose parameters this one has: itself, or the packaged case that lends them."""
    owner = call.case.header.parameters
    found = call if owner == "own" else plan(owner, seed=call.seed)
    faults = []
    if slot not in found.mechanisms:
        faults.append(Fault(str(found.files / "case.yaml"), 0, 0, f"no mechanism {slot} in {found.case.name}, which lends its parameters", "a case that runs it"))
    if not any(t.fitted and t.weight > 0 for t in found.case.targets.values()):
        faults.append(Fault(str(found.files / "targets.yaml"), 0, 0, f"no target to refit {found.case.name} to", "fitted: true and a weight above 0"))
    if faults:
        raise Faults(faults)
    return found


def search(call: Call, histories: int, how: Search, workers: int, folder: Path | None, tell: Callable[[str], None]) -> dict[str, Refit]:
    """The refits of a call, by stage."""
    return {STAGES[start]: r for start, r in fitting.refit(call, histories, how, workers=workers, folder=folder, tell=tell).items()}


def scored(call: Call, record: Recorded, one: Refit, n: int, workers: int, inside: bool) -> tuple[list[Forecast], np.ndarray, np.ndarray]:
    """Forecasts, closeness of each history, and draws, of some n histories of a refit on luck that no search has seen."""
    vectors = one.rows(call.compiled.parameters, call.compiled.values)
    k = len(vectors)
    size = max(1, n // k)
    number = np.arange(size * k) % k
    kept = draw(call, vectors[number], first=SCORING, workers=workers)
    # Every mechanism has a stream of its own, so that two of them are drawn independently.
    stream = zlib.crc32(" ".join(Path(m).name for m in call.mechanisms).encode())
    return forecasts(record, kept), each_closeness(call, kept, inside), resamples_of_islands(one.island, number, stream)


def each_closeness(call: Call, kept: Kept, fitted: bool) -> np.ndarray:
    """(H,) weighted mean closeness of each history over the fitted targets, or over all with a weight when none is fitted."""
    results = [r for r in evaluate(call.compiled, kept, fitted_only=fitted) if r.weight > 0]
    weight = np.array([r.weight for r in results])
    return np.stack([r.scores for r in results], axis=1) @ weight / weight.sum()


def resamples_of_islands(island: np.ndarray, number: np.ndarray, seed: int, draws: int = DRAWS) -> np.ndarray:
    """(draws, H) how often each history is drawn: islands with replacement, vectors within them, histories within these Poisson.

    island : (K,) island of each vector; number : (H,) vector of each history. An island counts by its number of vectors.
    """
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(island == i) for i in np.unique(island)]
    times = np.zeros((draws, len(island)))
    for r in range(draws):
        for i in rng.integers(0, len(members), len(members)):
            times[r] += np.bincount(rng.choice(members[i], len(members[i])), minlength=len(island))
    return times[:, number] * rng.poisson(1.0, (draws, len(number)))


def gains(stages: Iterable[Stage], slot: str) -> tuple[tuple[Scored, ...], tuple[Close, ...]]:
    """The rows of all stages: forecasts and closeness with intervals, and gains over the standard mechanism."""
    scores, close = [], []
    for stage in stages:
        for measure, (count, levels) in stage.levels(slot).items():
            base, base_spread = levels[slot]
            for name, (level, spread) in levels.items():
                low, high = (float(q) for q in np.quantile(spread, [0.05, 0.95]))
                # The standard mechanism differs from itself in nothing, however it is drawn.
                apart = spread - base_spread if name != slot else np.zeros(1)
                gain = (level - base, *(float(q) for q in np.quantile(apart, [0.05, 0.95])))
                if measure == CLOSENESS:
                    close.append(Close(name, level, low, high, *gain, stage.name))
                else:
                    scores.append(Scored(name, measure, count, -level, -high, -low, *gain, stage.name))
    return tuple(scores), tuple(close)


def parts(stages: dict[str, Stage], slot: str) -> tuple[Part, ...]:
    """Every rival's gain as shipped, divided into fitting and structure, for each kind of start."""
    rows = []
    before = stages[AS_SHIPPED].levels(slot)
    for stage in (s for name, s in stages.items() if name != AS_SHIPPED):
        for measure, (_, levels) in stage.levels(slot).items():
            shipped = before[measure][1]
            for name in levels:
                if name == slot:
                    continue
                g0, d0 = (shipped[name][k] - shipped[slot][k] for k in (0, 1))
                g1, d1 = (levels[name][k] - levels[slot][k] for k in (0, 1))
                ends = [np.quantile(d, [0.05, 0.95]) for d in (d0, d0 - d1, d1)]
                rows.append(
                    Part(name, measure, stage.name, *(float(x) for g, e in zip((g0, g0 - g1, g1), ends, strict=True) for x in (g, *e)))
                )  # fmt: skip
    return tuple(rows)


# -- in words


def sentences(mechanisms: Sequence[str], scores: Sequence[Scored], close: Sequence[Close], divided: Sequence[Part]) -> list[str]:
    """For every rival and stage, in which measures it differs from the standard by more than its interval; then what was fitting."""
    rows = [(x.mechanism, x.stage, x.group, x.gain, x.gain_low, x.gain_high) for x in scores]
    rows += [(x.mechanism, x.stage, CLOSENESS, x.gain, x.gain_low, x.gain_high) for x in close]
    found = []
    for name in mechanisms[1:]:
        for stage in dict.fromkeys(row[1] for row in rows):
            mine = [row[2:] for row in rows if row[0] == name and row[1] == stage]
            better = [r for r in mine if r[2] > 0 and r[1] >= _least(r[0])]
            worse = [r for r in mine if r[3] < 0 and r[1] <= -_least(r[0])]
            open_ = [r for r in mine if r not in better and r not in worse]
            said = [f"{word} in {_told(which)}" for word, which in (("better", better), ("worse", worse)) if which]
            if open_:
                said.append(("not to be told apart in " if said else "not to be told apart from the standard in ") + ", ".join(r[0] for r in open_))
            found.append(f"{short(name)}, {stage}: {'; '.join(said)}.")
        for p in divided:
            # A division is worth telling where there was a difference to divide.
            if p.mechanism == name and p.measure == CLOSENESS and not p.shipped_low <= 0 <= p.shipped_high:
                found.append(
                    f"{short(name)}, {p.stage}: of {p.shipped:+.3f} in closeness as shipped {p.fitting:+.3f} ({p.fitting_low:+.3f} to {p.fitting_high:+.3f}) is fitting, "
                    f"{p.structure:+.3f} ({p.structure_low:+.3f} to {p.structure_high:+.3f}) is left after equal searches."
                )
    return found


def _digits(measure: str) -> int:
    return 3 if measure == CLOSENESS else 2


def _least(measure: str) -> float:
    """Less than what is printed is no difference, however narrow its interval."""
    return 0.5 * 10.0 ** -_digits(measure)


def _told(rows: Sequence[tuple]) -> str:
    return ", ".join("{} ({:+.{d}f}, {:+.{d}f} to {:+.{d}f})".format(*r, d=_digits(r[0])) for r in rows)
