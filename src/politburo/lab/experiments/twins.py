"""Twins: where two histories that share their luck part.

What is kept of a history says whether twins are the same and, roughly, by when they differ; the trace says exactly at
which decision. Tracing runs a history again with its events written down, so it is done for a sample.

Decisions are compared by what was decided, not by the numbers behind it: kind, who, to whom, the sanction or post, the coalition's
members. Votes as they were expected and motions that were thought of and let rest do not count, nor does the change itself.
"""

from __future__ import annotations

import threading
from collections import Counter
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
        found &= equal.reshape(len(found), -1).all(axis=1)
    return found


def seen_by(compiled: Compiled, a: Kept, b: Kept) -> np.ndarray:
    """(H,) the first month by which what is kept of the twins differs; nan when it never does.

    Falls, deaths and congresses are kept with their month, membership at checkpoints only, so it may lie some months after
    they part.
    """
    h = len(a.first)
    found = np.full(h, np.inf)

    def dated(x: np.ndarray, y: np.ndarray) -> None:
        x, y = (np.where(v >= 0, v, np.inf).astype(float).reshape(h, -1) for v in (x, y))
        np.minimum(found, np.where(x != y, np.minimum(x, y), np.inf).min(axis=1, initial=np.inf), out=found)

    dated(a.first[:, :, 1 : len(RUNGS)], b.first[:, :, 1 : len(RUNGS)])
    dated(a.alive, b.alive)
    dated(a.congress[:, :, 0], b.congress[:, :, 0])
    for name in ("circle", "side", "leader", "ruler"):
        x, y = getattr(a, name), getattr(b, name)
        for c in range(x.shape[1]):
            differ = (x[:, c] != y[:, c]).reshape(h, -1).any(axis=1)
            month = float(compiled.index(compiled.checks[c]))
            np.minimum(found, np.where(differ, month, np.inf), out=found)
    if a.years.shape == b.years.shape and a.years.size:
        differ = (a.years != b.years) & ~((a.years != a.years) & (b.years != b.years))
        for y, year in enumerate(years.calendar(compiled)):
            month = float(compiled.index(Month(year, 12)))
            np.minimum(found, np.where(differ[:, y].any(axis=1), month, np.inf), out=found)
    found = np.where(np.isinf(found) & ~same(a, b), compiled.months - 1, found)
    return np.where(np.isfinite(found), found, np.nan)


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


def fell_apart(a: Kept, b: Kept) -> np.ndarray:
    """(H,) the first month in which a fall or a death differs between twins, inf never."""
    found = np.full(len(a.first), np.inf)
    for x, y in ((a.first[:, :, 1:], b.first[:, :, 1:]), (a.alive, b.alive)):
        x, y = (np.where(v >= 0, v, np.inf).astype(float).reshape(len(found), -1) for v in (x, y))
        np.minimum(found, np.where(x != y, np.minimum(x, y), np.inf).min(axis=1, initial=np.inf), out=found)
    return found


def _decisions(events: np.ndarray) -> np.ndarray:
    """(E, 5) what is decided: month, kind, who, to whom, and what."""
    kind = events["kind"]
    taken = ~np.isin(kind, _LEFT_OUT) & ~((kind == ev.POST) & (events["actor"] < 0))
    e = events[taken]
    what = np.where(np.isin(e["kind"], _BY_A), e["a"], np.where(e["kind"] == ev.COALITION, e["c"], 0.0))
    return np.stack([e["month"], e["kind"], e["actor"], e["target"], what.astype(np.int64)], axis=1).astype(np.int64)


def traced(call: Call, histories: np.ndarray, workers: int = 1) -> list[np.ndarray]:
    """Events of these histories. Cost: a history each, and some 0.3 ms for the trace."""
    engine, own = engine_of(call), threading.local()

    def one(history: int) -> np.ndarray:
        if not hasattr(own, "room"):
            own.room = engine.room(1)  # making room for one history costs more than the history
        state = engine.run(int(history), call.rows(np.array([history])), tracing=True, room=own.room)[1]
        return np.array(state.event[: int(state.now[0].events)])

    if workers == 1 or len(histories) < 2:
        return [one(h) for h in histories]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(one, histories))


def partings(
    base: Call, changed: Call, histories: np.ndarray, workers: int = 1, before: list[np.ndarray] | None = None,
    fell: np.ndarray | None = None,
) -> Partings:  # fmt: skip
    """Where the twins of these histories part.

    before : traces of the baseline, when they are at hand; fell : `fell_apart` of these histories, likewise
    """
    if fell is None:
        fell = fell_apart(kept(base, histories, workers), kept(changed, histories, workers)) if len(histories) else np.array([])
    before = traced(base, histories, workers) if before is None else before
    after = traced(changed, histories, workers)
    return Partings(tuple(part(int(h), a, b, f) for h, a, b, f in zip(histories, before, after, fell, strict=True)))
