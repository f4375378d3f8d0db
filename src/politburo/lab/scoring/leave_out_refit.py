"""Leaving a target out by a refit: a short search that has not seen it, beside one of the same budget that has.

Theory. Reweighting an ensemble as if a target had not been seen (`lab.scoring.leave_out`) is a first-order stand-in. Here the thing itself is done, at small
size: from the shipped ensemble widened (`lab.fitting.refit`), islands search by the closeness J to all fitted targets but one, and the
vectors found are asked, on luck that no search has seen, how close they come to the one that was left out. Beside it stands the same search with nothing
left out. Both have the same starting points, luck and budget, so that

    flattery_k = log L_k (all targets) - log L_k (without k)

L_k being the mean over vectors of the mean closeness to k over a vector's histories, is what having seen k is worth, and not the effect of a shorter
search. L_k of the starting points, `before`, says how much the widening had forgotten: where it is near the others there was nothing to learn.
With `together` all dated falls of a person leave at once, L_k being the mean of their product over vectors.

Intervals (90 %) draw islands, vectors and histories anew, apart for the two searches. The starting points come from an ensemble that has seen k: what the
widening leaves of it, `left_out` still knows. So flattery is a lower bound, the better the lower `before` is.

Cost: (sets of targets + 1) budgets; the start is judged once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...case.schema import Case
from ...faults import Fault, Faults
from ..ensembles.provenance import Call, plan
from ..fitting.fit import Judge, Prior
from ..fitting.refit import CHOICE, SCORING, SHIPPED, Refit, Search, refit, starts
from ..targets import TargetResult, evaluate
from .leave_out import log_closeness, sets_of_targets, title
from .refitted import resamples_of_islands
from .score import draw, fitted_here

#: Fewer islands than a comparison of mechanisms has, for there is a search for every target; more starting points, for these are judged once for all.
SMALL = Search(islands=2, size=16, batch=12, moves=2, draws=8, choice=1, kinds=(SHIPPED,))
DRAWS = 200


@dataclass(frozen=True)
class TargetRefitted:
    """One target, or a person's falls: log mean closeness (higher is better) of the widened start, of a search that saw it, and of one that did not.

    flattery : fitted - left_out, with a 90 % interval
    """

    id: str
    question: str
    before: float
    fitted: float
    left_out: float
    low: float
    high: float
    flattery: float
    flattery_low: float
    flattery_high: float


def targets_refitted(
    case: Case | str | Path, histories: int = 6200, together: bool = False, each: int = 48, search: Search = SMALL, workers: int = 2, seed: int = 1922,
    refits: Path | None = None, tell: Callable[[str], None] | None = None,
) -> list[TargetRefitted]:  # fmt: skip
    """Leave each fitted target of a case out by a short refit.

    histories : budget of every search; together : all dated falls of a person at once; each : histories on which a found vector is scored; refits : a folder
    that keeps searches. Raises `Faults` for a case without a posterior of its own, or too small a budget.
    """
    call = plan(case, seed=seed)
    if not fitted_here(call.case):
        where = str(call.files / "targets.yaml")
        raise Faults([Fault(where, 0, 0, f"{call.case.name} has no posterior of its own", "a case that was calibrated, such as ussr")])
    search.generations(histories)
    judge = Remembering(call, search.batch, workers)
    prior = Prior.of(call.compiled)
    unit, _ = starts(prior, call.compiled.particles[:, prior.columns], search, 7)
    wide = judge.rows(prior, prior.values(unit.reshape(-1, unit.shape[2])))
    island = np.repeat(np.arange(len(unit)), unit.shape[1])
    results, close = _asked(call, wide, max(1, each // 4), workers)
    sets = sets_of_targets(results, together)
    before = log_closeness(np.ones(close.shape[:2]), close)

    def found(left_out: frozenset[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        one: Refit = refit(call, histories, search, workers=workers, folder=refits, left_out=left_out, judge=judge)[SHIPPED]
        _, table = _asked(call, one.rows(call.compiled.parameters, call.compiled.values), each, workers)
        size, k = table.shape[:2]
        counts = resamples_of_islands(one.island, np.arange(size * k) % k, 1 + len(left_out), DRAWS).reshape(DRAWS, size, k)
        return log_closeness(np.ones((size, k)), table), log_closeness(counts, table), counts.sum(axis=1)

    if tell:
        tell(f"{len(sets) + 1} searches of {histories:,} histories, from a start of {len(wide)} vectors on {len(unit)} islands")
    seen, seen_draws, seen_times = found(frozenset())
    rows = []
    for number, members in enumerate(sets):
        ids = frozenset(results[k].id for k in members)
        mine, draws, times = found(ids)
        level = [float(np.log(np.exp(x[:, members].sum(axis=1)).mean())) for x in (before, seen, mine)]
        spread = [_mean_log(d[..., members].sum(axis=-1), t) for d, t in ((seen_draws, seen_times), (draws, times))]
        low, high = np.nanquantile(spread[1], [0.05, 0.95])
        least, most = np.nanquantile(spread[0] - spread[1], [0.05, 0.95])
        name, question = title(call, results, members)
        rows.append(TargetRefitted(name, question, *level, float(low), float(high), level[1] - level[2], float(least), float(most)))
        if tell:
            tell(f"  {number + 1} of {len(sets)}, {question}: seen {level[1]:.2f}, left out {level[2]:.2f}")
    return rows


def _asked(call: Call, rows: np.ndarray, each: int, workers: int) -> tuple[list[TargetResult], np.ndarray]:
    """The fitted targets, and their closeness (each, vectors, targets) on luck that no search has seen."""
    kept = draw(call, np.tile(rows, (each, 1)), first=SCORING, workers=workers)
    results = evaluate(call.compiled, kept, fitted_only=True)
    return results, np.stack([r.scores for r in results], axis=1).reshape(each, len(rows), len(results))


def _mean_log(logs: np.ndarray, times: np.ndarray) -> np.ndarray:
    """(R,) log of the mean over vectors of exp(logs) (R, vectors), each counted as often as its histories were drawn; NaN where none was."""
    total = times.sum(axis=1)
    return np.log((np.exp(logs) * times).sum(axis=1) / np.where(total > 0, total, np.nan))


class Remembering(Judge):
    """A judge that keeps the closeness to every target of the vectors that all searches begin with."""

    def __init__(self, call: Call, batch: int, workers: int):
        super().__init__(call.compiled, batch, workers, mechanisms=call.mechanisms)
        self._known: dict[tuple[int, bytes], list[TargetResult]] = {}

    def one(self, row: np.ndarray, first: int) -> float:
        # The start has the same vectors and luck in every search, when it is chosen from and when it is told; then they part ways.
        if first not in (0, CHOICE):
            return super().one(row, first)
        key = (first, row.tobytes())
        if key not in self._known:
            self._known[key] = evaluate(self.compiled, self.kept(row, first), fitted_only=True)
        return self.mean(self._known[key])
