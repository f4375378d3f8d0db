"""Two arms side by side: their twins aligned, counted and traced, and the effects of one on the other.

What is kept of an arm is needed only to find which twins differ, where they part and what each was asked; then its
answers are enough, eight bytes a history and question, and the rest is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...engine import luck
from ...engine.state import Kept
from ...faults import Fault, Faults
from ..ensembles.provenance import Call
from ..fitting.spread import CODING
from ..tolls import drawn
from .arms import Arm
from .comparison import Comparison
from .effects import Effect, effects
from .kept_arms import Runner
from .questions import Question
from .replies import Answer, answers
from .twins import Partings, Traces, decided_by, fell_apart, partings, same, seen_by


@dataclass
class _Side:
    """One arm as it is needed for comparing: its answers, and what is kept for as long as it is wanted."""

    histories: np.ndarray
    kept: Kept
    answers: Mapping[tuple[str, str, str], Answer]
    again: Mapping[tuple[str, str, str], Answer] | None = None


def compare(
    runner: Runner, arms: Sequence[Arm], asked: Sequence[Question], coding: bool, traces: int, workers: int, apart: bool
) -> tuple[list[Comparison], int]:
    """Every arm beside the first, and how many histories failed, over all arms.

    coding : run every arm again with other luck and the same coding; traces : how many twins that differ are traced
    """
    base = arms[0]
    runner.more(len(runner.distinct) if coding else 0)

    def side(arm: Arm) -> _Side:
        call = arm.call
        there, found = runner.kept(arm)
        if not len(there):
            last = runner.failures[-1] if runner.failures else {"error": "no reason kept"}
            raise Faults([Fault(arm.text, 0, 0, f"every history fails: {last['error']}", "a change and mechanisms under which histories run", None)])
        again = None
        if coding:
            again = answers(call.compiled, runner.kept(_other_luck(call))[1], asked)
        return _Side(there, found, answers(call.compiled, found, asked), again)

    before = side(base)
    base_traces = Traces(base.call)
    twins: dict[str, _Twins] = {}
    singles: dict[str, _Side] = {}
    comparisons, failed = [], runner.n - len(before.histories)
    for arm in arms[1:]:
        if arm.id not in twins:
            after = before if arm.id == base.id else side(arm)
            twins[arm.id] = _twins(base.call, arm.call, before, after, traces, workers, base_traces)
        found = twins[arm.id]
        parts = [singles[change.text] for change in arm.changes] if len(arm.changes) > 1 and not apart else []
        effects = _effects(base.call, found, parts)
        comparisons.append(Comparison(arm, effects, found.unchanged, found.seen, found.partings))
        failed += runner.n - found.there
        if len(arm.changes) == 1:
            singles[arm.changes[0].text] = found.after
    return comparisons, failed


def _effects(base: Call, found: _Twins, singles: Sequence[_Side]) -> tuple[Effect, ...]:
    """The effects of an arm; `singles`: the arms of its changes alone, when it has several."""
    a, b = found.before, found.after
    again = (a.again, b.again) if a.again is not None and b.again is not None else None
    alone = [s.answers for s in singles] if all(np.array_equal(s.histories, a.histories) for s in singles) else []
    return effects(a.answers, b.answers, base.particle(a.histories), alone, again, drawn(base.compiled, a.histories))


@dataclass
class _Twins:
    """What two arms have to say of each other once what is kept of the second can be forgotten."""

    before: _Side
    after: _Side
    there: int
    unchanged: float
    seen: np.ndarray
    partings: Partings


def _twins(base: Call, changed: Call, before: _Side, after: _Side, traces: int, workers: int, base_traces: Traces) -> _Twins:
    a, b = _align(before, after)
    alike = same(a.kept, b.kept)
    rows = np.flatnonzero(~alike)[:traces]
    one, other = _rows(a.kept, rows), _rows(b.kept, rows)
    found = partings(base, changed, a.histories[rows], workers, base_traces, fell_apart(one, other), decided_by(base.compiled, one, other))
    seen = seen_by(base.compiled, a.kept, b.kept, alike)
    return _Twins(*(replace(side, kept=_nothing(side.kept)) for side in (a, b)), len(after.histories), float(alike.mean()), seen, found)


def _nothing(k: Kept) -> Kept:
    """The same without histories: only answers are wanted any more."""
    return Kept(*(np.asarray(array)[:0] for array in k))


def _align(a: _Side, b: _Side) -> tuple[_Side, _Side]:
    """Both sides with the histories that both have."""
    if np.array_equal(a.histories, b.histories):
        return a, b
    both = np.intersect1d(a.histories, b.histories)
    return _only(a, both), _only(b, both)


def _only(side: _Side, histories: np.ndarray) -> _Side:
    rows = np.searchsorted(side.histories, histories)
    chosen = {key: replace(answer, values=answer.values[rows]) for key, answer in side.answers.items()}
    return _Side(histories, _rows(side.kept, rows), chosen, side.again)


def _rows(k: Kept, rows: np.ndarray) -> Kept:
    """Some histories of what is kept; the bands count all of them."""
    return Kept(*(k.bands if name == "bands" else getattr(k, name)[rows] for name in Kept._fields))


def _other_luck(call: Call) -> Call:
    """The same coding and particles, all other luck drawn anew."""
    salt = call.compiled.world.salt.copy()
    others = [site for site in range(luck.SITES) if site not in CODING]
    salt[others] = salt[others] ^ np.uint64(0x5EED)
    return replace(call, compiled=call.compiled.with_seed(call.seed, salt))
