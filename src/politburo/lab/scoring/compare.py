"""Rival theories on the same record: exchange one mechanism, keep everything else, and see which forecasts better.

    compare("ussr-1953", "coalition").table()
    compare("ussr", "purge", refit=30_000).words()

Theory. The standard mechanism of a slot and its rivals (`lab.scoring.rivals`) run on the same case with the same luck. Three questions are
answered, and they are different.

*Score, as shipped.* With the shipped particles: the forecasts of `lab.scoring.score` and the closeness, and the gain over the standard mechanism, paired
history by history. The particles were calibrated with the standard mechanism in its place, which favours it wherever they were.

*Score, refitted.* Every mechanism, the standard one too, is searched anew with the same budget from the same starting points (`lab.fitting.refit`), on the case whose
parameters these are, and scored on luck that no search has seen (`lab.scoring.refitted`). What is left of a difference is structure, at that budget; what
went was fitting.

*Evidence.* From the prior, where no mechanism has been calibrated: every vector of M draws (the same for all mechanisms, but for their own parameters) is scored
by B histories, and a mechanism's evidence is what it gives the record on average over its prior:

    forecasts    log mean_i exp(l_i),  l_i = sum over groups of forecasts of the mean log probability of what happened
    distance     log share of vectors whose closeness J passes the bar, the bar a high quantile of J over all mechanisms together

The first counts a group of forecasts as one question, because its questions hang together; the second is the ABC estimate of a marginal
likelihood at that bar. A mechanism with more freedom pays for it in both. Intervals (90 %) draw vectors anew, the same for both sides of a difference.

Cost: per mechanism n + M B histories, with a refit its budget and 2 n more, and, once on a machine, some 40 s for its machine code.
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
from ..ensembles.provenance import Call, plan
from ..fitting.refit import Refit, Search
from ..targets import evaluate
from . import refitted
from .forecasts import Forecast, forecasts
from .recorded import Recorded
from .refitted import AS_SHIPPED, Close, Part, Scored, Stage
from .rivals import SLOTS, lend, rivals, short, slot_of
from .score import draw, fitted_here, losses, resamples

DRAWS = refitted.DRAWS
BARS = (0.8, 0.9, 0.95)


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
    """The mechanisms of one slot on one case.

    scores, close : forecasts and closeness at every stage: as shipped and, after a refit, from each kind of start
    parts : the differences from the standard, divided into fitting and structure; empty without a refit
    refits : what each mechanism's search found; refitted_on : the case that it was made on
    """

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
    close: tuple[Close, ...] = ()
    parts: tuple[Part, ...] = ()
    refits: dict[str, dict[str, Refit]] = field(repr=False, default_factory=dict)
    refitted_on: str = ""
    budget: int = 0

    @property
    def stages(self) -> tuple[str, ...]:
        """As shipped, and the kinds of start of a refit."""
        return tuple(dict.fromkeys(x.stage for x in self.close))

    def words(self) -> list[str]:
        """What may be said: which differences are larger than their interval, and what of them is fitting."""
        return refitted.sentences(self.mechanisms, self.scores, self.close, self.parts)

    def table(self) -> list[dict]:
        """All rows as dictionaries; `table` says of which kind."""
        rows = [("score", self.scores), ("closeness", self.close), ("evidence", self.evidence), ("parts", self.parts)]
        return [{"table": name, **vars(x)} for name, found in rows for x in found]


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
    seed: int = 1922, progress: Callable[[str], None] | None = None, refit: int = 0, search: Search = Search(), refits: Path | None = None,
) -> Comparison:  # fmt: skip
    """Compare the mechanisms of a slot.

    Parameters
    ----------
    slot : patronage (or appointments), coalition, motions, congress, purge
    n : histories of the shipped particles, and of each refit; prior, each : vectors from the prior and histories of each
    only : rivals by their short names; by default all
    progress : told what is being done
    refit : histories that every mechanism's search has, on the case whose parameters these are; 0 for none
    search : how a search spends them; refits : a folder that keeps searches, so that other cases and slots find them done

    Raises `Faults` for an unknown slot or rival, a case with its own list of mechanisms that lacks the slot, nothing to forecast or to refit
    to, too small a budget.
    """
    call = plan(case, seed=seed)
    names = _names(call, slot, only)
    slot = names[0]
    lender = refitted.lender(call, slot) if refit else None
    if refit:
        search.generations(refit)
    record = Recorded(call.compiled)
    tell = progress or (lambda text: None)
    m = len(call.compiled.particles)
    n = max(m, n - n % m)
    histories = np.arange(n)
    inside = fitted_here(call.case)
    stages = {AS_SHIPPED: Stage(AS_SHIPPED)}
    found_refits: dict[str, dict[str, Refit]] = {}
    wide_logs, wide_close = {}, {}
    for name in names:
        tell(f"{short(name)}: {'machine code and ' if not month.is_compiled(_politics(call, slot, name)) else ''}{n + prior * each:,} histories")
        mine = with_mechanism(call, slot, name)
        kept = draw(mine, mine.rows(histories), workers=workers)
        found = forecasts(record, kept)
        if not found:
            where = str(call.files / "targets.yaml")
            raise Faults([Fault(where, 0, 0, f"nothing to forecast in {call.case.name}", "recorded falls, leaders, rulers or votes")])
        stages[AS_SHIPPED].add(name, found, refitted.each_closeness(mine, kept, inside), resamples(histories % m, DRAWS))
        rows = prior_rows(mine, prior)
        wide = draw(mine, np.tile(rows, (each, 1)), first=500_000_000, workers=workers)
        wide_logs[name] = _composite(forecasts(record, wide), prior, each)
        wide_close[name] = refitted.each_closeness(mine, wide, inside).reshape(each, prior).mean(axis=0)
        if lender is not None:
            tell(f"{short(name)}: a search of {refit:,} histories on {lender.case.name}")
            found_refits[name] = refitted.search(with_mechanism(lender, slot, name), refit, search, workers, refits, tell)
            for start, one in found_refits[name].items():
                stages.setdefault(start, Stage(start)).add(name, *refitted.scored(mine, record, one, n, workers, inside))
    scores, close = refitted.gains(stages.values(), slot)
    at_shipped = {x.mechanism: x.level for x in close if x.stage == AS_SHIPPED}
    return Comparison(
        call.case.name, slot, names, scores, tuple(_evidence(wide_logs, wide_close, slot)), at_shipped,
        {name: tuple(float(q) for q in np.quantile(j, [0.1, 0.5, 0.9])) for name, j in wide_close.items()},
        n, prior, each, inside, {name: tuple(fs) for name, fs in stages[AS_SHIPPED].forecasts.items()}, close,
        refitted.parts(stages, slot), found_refits, lender.case.name if lender is not None else "", refit,
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


def _composite(found: Sequence[Forecast], vectors: int, each: int) -> np.ndarray:
    """(vectors,) sum over groups of the mean log probability that each vector's histories give to what happened."""
    alone = np.tile(np.eye(vectors), (1, each))
    groups: dict[str, list[np.ndarray]] = {}
    for f in found:
        if f.made == 0 or f.kind == "next fall":
            groups.setdefault(f.group, []).append(-f.weight * losses(f.probabilities(alone), f.observed)[0])
    return sum((np.mean(x, axis=0) for x in groups.values()), np.zeros(vectors))


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
