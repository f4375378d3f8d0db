"""Rival theories on the same record: exchange one mechanism, keep everything else, and see which forecasts better.

    compare("ussr-1953", "coalition").table()

Theory. The standard mechanism of a slot and its rivals (`lab.rivals`) run on the same case with the same luck and the same parameter vectors; what a rival brings of its
own is spread over its prior. Two questions are answered, and they are different.

*Score.* With the shipped particles: the forecasts of `lab.score`, and the gain over the standard mechanism, paired history by history.
The particles were calibrated with the standard mechanism in its place, which favours it wherever they were.

*Evidence.* From the prior, where no mechanism has been calibrated: every vector of M draws (the same for all mechanisms, but for their own parameters) is scored
by B histories, and a mechanism's evidence is what it gives the record on average over its prior:

    forecasts    log mean_i exp(l_i),  l_i = sum over groups of forecasts of the mean log probability of what happened
    distance     log share of vectors whose closeness J passes the bar, the bar a high quantile of J over all mechanisms together

The first counts a group of forecasts as one question, because its questions hang together; the second is the ABC estimate of a marginal
likelihood at that bar. A mechanism with more freedom pays for it in both. Intervals (90 %) draw vectors anew, the same for both sides of a difference.

Cost: per mechanism n + M B histories and, once on a machine, some 40 s for its machine code.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from ...case.schema import Case
from ...engine import month
from ...faults import Fault, Faults, listed, nearest
from .forecasts import Forecast, forecasts
from ..ensembles.provenance import Call, plan
from .recorded import Recorded
from .rivals import SLOTS, lend, rivals, short, slot_of
from .score import draw, fitted_here, losses, resamples
from ..targets import closeness, evaluate

DRAWS = 400
BARS = (0.8, 0.9, 0.95)


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


@dataclass(frozen=True)
class Evidence:
    """Log evidence of one mechanism less that of the standard one (above 0: the record speaks for the rival), with interval.

    kind : "forecasts", or "distance" with its bar; `level` is the mechanism's own log evidence, `vectors` the number that it rests on
        (those past the bar, or the effective number of vectors)
    """

    mechanism: str
    kind: str
    bar: float
    level: float
    gain: float
    low: float
    high: float
    vectors: float


@dataclass(frozen=True)
class Comparison:
    """The mechanisms of one slot on one case."""

    case: str
    slot: str
    mechanisms: tuple[str, ...]
    scores: tuple[Scored, ...]
    evidence: tuple[Evidence, ...]
    closeness: dict[str, float]
    prior_closeness: dict[str, tuple[float, float, float]]
    histories: int
    vectors: int
    each: int
    in_sample: bool
    forecasts: dict[str, tuple[Forecast, ...]] = field(repr=False, default_factory=dict)

    def table(self) -> list[dict]:
        """Scores and evidence as dictionaries."""
        return [{"table": "score", **vars(x)} for x in self.scores] + [{"table": "evidence", **vars(x)} for x in self.evidence]


def with_mechanism(call: Call, slot: str, name: str) -> Call:
    """The same call with another mechanism in a slot, and the parameters that it brings along."""
    entries = tuple(name if entry == slot else entry for entry in call.mechanisms)
    case = lend(call.case, [e for e in entries if month.mechanism(e).side == "politics"])
    compiled = replace(call.compiled, case=case, parameters=tuple(case.parameters))
    return replace(call, case=case, compiled=compiled, mechanisms=entries)


def prior_rows(call: Call, count: int, seed: int = 11) -> np.ndarray:
    """(count, parameters) draws from the prior. Each parameter has a stream of its own, so mechanisms share those that they share."""
    columns = []
    for name in call.compiled.parameters:
        p = call.compiled.case.parameters[name]
        if not p.fitted or p.high <= p.low:
            columns.append(np.full(count, p.value))
            continue
        unit = np.random.default_rng([seed, zlib.crc32(name.encode())]).random(count)
        columns.append(p.low * (p.high / p.low) ** unit if p.scale == "log" else p.low + unit * (p.high - p.low))
    return np.column_stack(columns)


def compare(
    case: Case | str | Path, slot: str, n: int = 1800, prior: int = 300, each: int = 8, only: Sequence[str] | None = None, workers: int = 2,
    seed: int = 1922, progress: Callable[[str], None] | None = None,
) -> Comparison:  # fmt: skip
    """Compare the mechanisms of a slot.

    Parameters
    ----------
    slot : patronage (or appointments), coalition, motions, congress, purge
    n : histories of the shipped particles; prior, each : vectors from the prior and histories of each
    only : rivals by their short names; by default all
    progress : told what is being done

    Raises `Faults` for an unknown slot or rival, or a case with its own list of mechanisms that lacks the slot.
    """
    call = plan(case, seed=seed)
    names = _names(call, slot, only)
    slot = names[0]
    record = Recorded(call.compiled)
    tell = progress or (lambda text: None)
    m = len(call.compiled.particles)
    n = max(m, n - n % m)
    histories = np.arange(n)
    counts = resamples(histories % m, DRAWS)
    found: dict[str, list[Forecast]] = {}
    close: dict[str, float] = {}
    wide_logs, wide_close = {}, {}
    for name in names:
        tell(f"{short(name)}: {'machine code and ' if not month.is_compiled(_politics(call, slot, name)) else ''}{n + prior * each:,} histories")
        mine = with_mechanism(call, slot, name)
        kept = draw(mine, mine.rows(histories), workers=workers)
        found[name] = forecasts(record, kept)
        close[name] = closeness(evaluate(mine.compiled, kept), fitted_only=fitted_here(call.case))
        rows = prior_rows(mine, prior)
        wide = draw(mine, np.tile(rows, (each, 1)), first=500_000_000, workers=workers)
        wide_logs[name] = _composite(forecasts(record, wide), prior, each)
        wide_close[name] = _closeness(mine, wide, prior, each, fitted_here(call.case))
    if not found[slot]:
        raise Faults([Fault(str(call.files / "targets.yaml"), 0, 0, f"nothing to forecast in {call.case.name}", "recorded falls, leaders, rulers or votes")])
    return Comparison(
        call.case.name, slot, names, tuple(_scores(found, slot, counts)), tuple(_evidence(wide_logs, wide_close, slot)), close,
        {name: tuple(float(q) for q in np.quantile(j, [0.1, 0.5, 0.9])) for name, j in wide_close.items()},
        n, prior, each, fitted_here(call.case), {name: tuple(fs) for name, fs in found.items()},
    )  # fmt: skip


def _politics(call: Call, slot: str, name: str) -> list:
    return [e for e in (name if x == slot else x for x in call.mechanisms) if month.mechanism(e).side == "politics"]


def _names(call: Call, word: str, only: Sequence[str] | None) -> tuple[str, ...]:
    slot = slot_of(word)
    if slot is None:
        words = [*SLOTS, "appointments"]
        raise Faults([Fault("module", 0, 0, repr(word), listed(words, 10), nearest(word, words))])
    if slot not in call.mechanisms:
        raise Faults([Fault(str(call.files / "case.yaml"), 0, 0, f"no mechanism {slot} in {call.case.name}", "a case that runs it")])
    names = rivals(slot)
    if only:
        known = {short(name): name for name in names[1:]}
        faults = [Fault("rivals", 0, 0, repr(x), listed(known, 10), nearest(x, known)) for x in only if x not in known]
        if faults:
            raise Faults(faults)
        names = (slot, *(known[x] for x in only))
    return names


def _scores(found: dict[str, list[Forecast]], slot: str, counts: np.ndarray) -> list[Scored]:
    rows = []
    for group in dict.fromkeys(f.group for f in found[slot]):
        at = [i for i, f in enumerate(found[slot]) if f.group == group and f.weight > 0]
        if not at:
            continue
        weight = np.array([found[slot][i].weight for i in at])
        weight = weight / weight.sum()

        def mean(name: str, times: np.ndarray | None, at=at, weight=weight) -> np.ndarray:
            return weight @ np.array([losses(found[name][i].probabilities(times), found[name][i].observed)[0] for i in at])

        base, base_spread = float(mean(slot, None)), mean(slot, counts)
        for name in found:
            log, spread = float(mean(name, None)), mean(name, counts)
            low, high = np.quantile(spread, [0.05, 0.95])
            gain_low, gain_high = np.quantile(base_spread - spread, [0.05, 0.95])
            rows.append(Scored(name, group, len(at), log, float(low), float(high), base - log, float(gain_low), float(gain_high)))
    return rows


def _composite(found: Sequence[Forecast], vectors: int, each: int) -> np.ndarray:
    """(vectors,) sum over groups of the mean log probability that each vector's histories give to what happened."""
    alone = np.tile(np.eye(vectors), (1, each))
    groups: dict[str, list[np.ndarray]] = {}
    for f in found:
        if f.made == 0 or f.kind == "next fall":
            groups.setdefault(f.group, []).append(-f.weight * losses(f.probabilities(alone), f.observed)[0])
    return sum((np.mean(x, axis=0) for x in groups.values()), np.zeros(vectors))


def _closeness(call: Call, kept, vectors: int, each: int, fitted: bool) -> np.ndarray:
    """(vectors,) J of each vector: weighted mean closeness over the fitted targets, or over all when none is fitted."""
    results = [r for r in evaluate(call.compiled, kept, fitted_only=fitted) if r.weight > 0]
    weight = np.array([r.weight for r in results])
    table = np.stack([r.scores for r in results], axis=1) @ weight / weight.sum()
    return table.reshape(each, vectors).mean(axis=0)


def _evidence(logs: dict[str, np.ndarray], close: dict[str, np.ndarray], slot: str) -> list[Evidence]:
    vectors = len(logs[slot])
    picks = np.random.default_rng(3).integers(0, vectors, (2000, vectors))
    rows = []

    def level(x: np.ndarray, axis: int | None = None) -> np.ndarray:
        top = x.max(axis=axis, keepdims=True)
        return np.log(np.exp(x - top).mean(axis=axis)) + top.squeeze(axis) if axis is not None else float(np.log(np.exp(x - x.max()).mean()) + x.max())

    base = level(logs[slot][picks], 1)
    for name, x in logs.items():
        w = np.exp(x - x.max())
        low, high = np.quantile(level(x[picks], 1) - base, [0.05, 0.95])
        rows.append(Evidence(name, "forecasts", float("nan"), level(x), level(x) - level(logs[slot]), float(low), float(high), float(w.sum() ** 2 / (w**2).sum())))
    pooled = np.concatenate(list(close.values()))
    for q in BARS:
        bar = float(np.quantile(pooled, q))
        passes = {name: j >= bar for name, j in close.items()}

        def share(hits: np.ndarray, axis: int | None = None) -> np.ndarray:
            return np.log((hits.sum(axis=axis) + 0.5) / (vectors + 1.0))

        standard = share(passes[slot][picks], 1)
        for name, hits in passes.items():
            low, high = np.quantile(share(hits[picks], 1) - standard, [0.05, 0.95])
            rows.append(
                Evidence(name, "distance", bar, float(share(hits)), float(share(hits) - share(passes[slot])), float(low), float(high), float(hits.sum()))
            )
    return rows
