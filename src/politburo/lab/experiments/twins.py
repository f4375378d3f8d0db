"""Twins: where two histories that share their luck part.

What is kept of a history says whether twins are the same and, roughly, by when they differ; the trace says exactly at
which decision. Tracing runs a history again with its events written down, so it is done for a sample of the twins that differ,
and no further than to the month by which what is kept of their politics differs.

Decisions are compared by what was decided, not by the numbers behind it: kind, who, to whom, the sanction or post, the coalition's
members. Votes as they were expected and motions that were thought of and let rest do not count, nor does the change itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ...case.arrays import RUNGS
from ...case.compile import Compiled
from ...case.values import Month
from ...engine import events as ev
from ...engine.events import KINDS
from ...engine.state import Kept
from ..ensembles import years
from .arms import engine_of, kept
from ..ensembles.provenance import Call

#: Kinds whose first number is part of the decision (a sanction, a post, a place, a dose).
_BY_A = (ev.MOTION, ev.PASSED, ev.FAILED, ev.POST, ev.BOSS, ev.DOCUMENT)
_LEFT_OUT = (ev.VOTE, ev.CONSIDERED, ev.TIED)


def same(a: Kept, b: Kept) -> np.ndarray:
    """(H,) whether everything kept of the twins is the same, bit for bit (their part in the monthly bands aside)."""
    found = np.ones(len(a.first), bool)
    for name in Kept._fields:
        if name == "bands":
            continue
        x, y = np.asarray(getattr(a, name)), np.asarray(getattr(b, name))
        if x.shape != y.shape:  # one side has no country
            return np.zeros(len(found), bool)
        equal = (x == y) | ((x != x) & (y != y))
        found &= ~_anything(~equal, 1)
    return found


def seen_by(compiled: Compiled, a: Kept, b: Kept, alike: np.ndarray | None = None) -> np.ndarray:
    """(H,) the first month by which what is kept of the twins differs; nan when it never does.

    Falls, deaths and congresses are kept with their month, membership at checkpoints only, so it may lie some months after
    they part.
    """
    found = decided_by(compiled, a, b)
    if a.years.shape == b.years.shape and a.years.size:
        run = years.calendar(compiled)
        x, y = a.years[:, : len(run)], b.years[:, : len(run)]
        differ = ((x != y) & ((x == x) | (y == y))).any(axis=2)
        np.minimum(found, _first(differ, [compiled.index(Month(year, 12)) for year in run]), out=found)
    found[np.isinf(found) & ~(same(a, b) if alike is None else alike)] = compiled.months - 1
    return np.where(np.isfinite(found), found, np.nan)


def decided_by(compiled: Compiled, a: Kept, b: Kept) -> np.ndarray:
    """(H,) the first month by which the politics kept of the twins differs, inf when it never does."""
    found = fell_apart(a, b)
    np.minimum(found, _dated(a.congress[:, :, 0], b.congress[:, :, 0]), out=found)
    checks = [compiled.index(check) for check in compiled.checks]
    for name in ("circle", "side", "leader", "ruler"):
        x, y = getattr(a, name), getattr(b, name)
        np.minimum(found, _first(_anything(x != y, 2), checks), out=found)
    return found


def fell_apart(a: Kept, b: Kept) -> np.ndarray:
    """(H,) the first month in which a fall or a death differs between twins, inf never."""
    return np.minimum(_dated(a.first[:, :, 1:], b.first[:, :, 1:]), _dated(a.alive, b.alive))


def _dated(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(H,) the earliest of the months that differ between two tables of months, -1 in them never; inf when none does."""
    rows = np.flatnonzero(_anything(x != y, 1))
    found = np.full(len(x), np.inf)
    if len(rows):
        x, y = (np.where(v[rows] >= 0, v[rows], np.inf).astype(float).reshape(len(rows), -1) for v in (x, y))
        found[rows] = np.where(x != y, np.minimum(x, y), np.inf).min(axis=1, initial=np.inf)
    return found


def _anything(differ: np.ndarray, axes: int) -> np.ndarray:
    """Whether anything is True beyond the first so many axes."""
    return differ.any(axis=tuple(range(axes, differ.ndim)))


def _first(differ: np.ndarray, months: Sequence[int]) -> np.ndarray:
    """(H,) the month of the first True in each row of (H, K), inf where there is none."""
    if not differ.shape[1]:
        return np.full(len(differ), np.inf)
    return np.where(differ.any(axis=1), np.asarray(months, float)[differ.argmax(axis=1)], np.inf)


@dataclass(frozen=True)
class Parting:
    """Where one pair of twins parts: month, kind of decision in each, and the events of both."""

    history: int
    month: int  # -1: they never do
    kinds: tuple[str, str]  # in the baseline, in the twin; "" where there is nothing any more


@dataclass(frozen=True)
class Partings:
    """Partings of a sample of twins.

    months : (S,) month of each, nan never
    kinds : how often they part at each kind of decision (the earlier of the two)
    typical : the pair nearest the middle month among those that part at the commonest kind
    """

    partings: tuple[Parting, ...]

    @property
    def months(self) -> np.ndarray:
        return np.array([p.month if p.month >= 0 else np.nan for p in self.partings], float)

    @property
    def kinds(self) -> Counter:
        return Counter(p.kinds[0] or p.kinds[1] for p in self.partings if p.month >= 0)

    @property
    def typical(self) -> Parting | None:
        apart = [p for p in self.partings if p.month >= 0]
        if not apart:
            return None
        commonest = self.kinds.most_common(1)[0][0]
        middle = float(np.median([p.month for p in apart]))
        chosen = [p for p in apart if (p.kinds[0] or p.kinds[1]) == commonest]
        return min(chosen, key=lambda p: (abs(p.month - middle), p.history))


def part(history: int, a: np.ndarray, b: np.ndarray, fell: float = np.inf) -> Parting:
    """Where two traces part. `a`, `b`: events of the baseline and of the twin.

    fell : the first month in which somebody falls or dies in one of them only. A congress condemns those who stood with its
        loser without an event for each, so this may come first.
    """
    x, y = _decisions(a), _decisions(b)
    both = min(len(x), len(y))
    differ = np.flatnonzero((x[:both] != y[:both]).any(axis=1))
    at = int(differ[0]) if len(differ) else both
    if at == len(x) == len(y):
        return Parting(history, -1, ("", "")) if not np.isfinite(fell) else _at_congress(history, int(fell), a)
    one, other = (row[at] if at < len(row) else None for row in (x, y))
    month = min(int(row[0]) for row in (one, other) if row is not None)
    if fell < month:
        return _at_congress(history, int(fell), a)
    kinds = tuple(KINDS[int(row[1])] if row is not None and int(row[0]) == month else "" for row in (one, other))
    return Parting(history, month, kinds)


def _at_congress(history: int, month: int, a: np.ndarray) -> Parting:
    there = set(a["kind"][a["month"] == month].tolist())
    kind = next((k for k in (ev.CONGRESS, ev.PASSED, ev.MOTION) if k in there), None)
    word = "" if kind is None else KINDS[kind]
    return Parting(history, month, (word, word))


def _decisions(events: np.ndarray) -> np.ndarray:
    """(E, 5) what is decided: month, kind, who, to whom, and what."""
    kind = events["kind"]
    taken = ~np.isin(kind, _LEFT_OUT) & ~((kind == ev.POST) & (events["actor"] < 0))
    e = events[taken]
    what = np.where(np.isin(e["kind"], _BY_A), e["a"], np.where(e["kind"] == ev.COALITION, e["c"], 0.0))
    return np.stack([e["month"], e["kind"], e["actor"], e["target"], what.astype(np.int64)], axis=1).astype(np.int64)


class Traces:
    """Events of one call's histories. Each history is run no further than was asked for, and again only to ask for more.

    Cost: the months that are run.
    """

    def __init__(self, call: Call):
        self._call, self._engine = call, engine_of(call)
        self._known: dict[int, tuple[int, np.ndarray]] = {}

    def of(self, histories: Sequence[int], months: Sequence[int], workers: int = 1) -> list[np.ndarray]:
        """Events of each of these histories in its first so many months, at least."""
        wanted = [(int(h), int(m)) for h, m in zip(histories, months, strict=True)]
        jobs = [(h, m) for h, m in wanted if h not in self._known or self._known[h][0] < m]
        cut = [jobs[k::workers] for k in range(min(workers, len(jobs)))]
        if len(cut) < 2:
            done = [self._run(part) for part in cut]
        else:
            with ThreadPoolExecutor(len(cut)) as pool:
                done = list(pool.map(self._run, cut))
        for part, events in zip(cut, done, strict=True):
            self._known |= {h: (m, found) for (h, m), found in zip(part, events, strict=True)}
        return [self._known[h][1] for h, _ in wanted]

    def _run(self, jobs: Sequence[tuple[int, int]]) -> list[np.ndarray]:
        histories, months = zip(*jobs, strict=True)
        return list(self._engine.traces(histories, self._call.rows(np.array(histories)), months))


def traced(call: Call, histories: Sequence[int] | np.ndarray, workers: int = 1) -> list[np.ndarray]:
    """All events of these histories."""
    return Traces(call).of(histories, [call.compiled.months] * len(histories), workers)


def partings(
    base: Call, changed: Call, histories: np.ndarray, workers: int = 1, before: Traces | None = None,
    fell: np.ndarray | None = None, decided: np.ndarray | None = None,
) -> Partings:  # fmt: skip
    """Where the twins of these histories part.

    before : traces of the baseline, when they are at hand; fell, decided : `fell_apart` and `decided_by` of these histories, likewise
    """
    histories = np.asarray(histories, np.int64)
    if not len(histories):
        return Partings(())
    if fell is None or decided is None:
        a, b = kept(base, histories, workers), kept(changed, histories, workers)
        fell, decided = fell_apart(a, b), decided_by(base.compiled, a, b)
    before, after, whole = before or Traces(base), Traces(changed), base.compiled.months
    months = np.where(np.isfinite(decided), decided + 1, whole).astype(int)
    found: list[Parting] = []
    for h, a, b, f in zip(histories, before.of(histories, months, workers), after.of(histories, months, workers), fell, strict=True):
        found.append(part(int(h), a[a["month"] <= months[len(found)] - 1], b, f))
    # Membership or lead can differ at a checkpoint without a decision before it; those few are run to the end.
    again = [k for k, p in enumerate(found) if p.month < 0 and months[k] < whole]
    rest = histories[again], [whole] * len(again), workers
    for k, a, b in zip(again, before.of(*rest), after.of(*rest), strict=True):
        found[k] = part(int(histories[k]), a, b, fell[k])
    return Partings(tuple(found))
