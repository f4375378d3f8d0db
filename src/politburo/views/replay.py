"""A traced history read again: who sits where, who stands with whom, when each event happens.

The trace holds what happened, not what stood at the time. Walking it in order from the case's first month gives back
the seats, offices, coalitions and sanctions at every event, which a reader needs to understand it: the coalition
mask of an event counts the full members of that moment, in the order of the case's people.

Events that belong together (the votes counted for a motion, the motion, its result; a congress and whom it seats; a
document and the vote on it) come out as one `Scene`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..case.compile import Compiled
from ..engine import events as ev
from ..engine.events import KINDS

CIRCLE, COMMITTEE, PARTY, EXECUTED = 3, 4, 5, 8


@dataclass
class Standing:
    """Who is what at one moment of a history; changed in place by `Replay`."""

    seat: dict[int, int]  # 2 full member, 1 candidate
    side: dict[int, int]  # of full members: 1 with the ruling coalition
    holder: list[int]  # of each post
    boss: list[int]  # of each place
    rung: dict[int, int] = field(default_factory=dict)
    organised: set[int] = field(default_factory=set)
    dead: set[int] = field(default_factory=set)
    precedent: int = 0
    ruler: int = -1
    core: tuple[int, ...] = ()  # the ultimate ruling coalition at the last round of alliances

    def full(self) -> tuple[int, ...]:
        """Full members of the circle, in the order of the case."""
        return tuple(sorted(i for i, seat in self.seat.items() if seat == 2))

    def inside(self) -> tuple[int, ...]:
        """Full members with the ruling coalition."""
        return tuple(i for i in self.full() if self.side.get(i, 1) == 1)

    def posts_of(self, who: int) -> list[int]:
        return [j for j, holder in enumerate(self.holder) if holder == who]

    def leave(self, who: int) -> None:
        self.seat.pop(who, None)
        self.side.pop(who, None)

    def vacate(self, who: int) -> None:
        self.holder = [-1 if h == who else h for h in self.holder]
        self.boss = [-1 if b == who else b for b in self.boss]

    def die(self, who: int) -> None:
        self.leave(who)
        self.vacate(who)
        self.dead.add(who)
        self.organised.discard(who)
        if self.ruler == who:
            self.ruler = -1

    def sanction(self, who: int, rung: int) -> None:
        self.rung[who] = max(rung, self.rung.get(who, 0))
        self.precedent = max(self.precedent, rung)
        if who in self.side:
            self.side[who] = 0
        if rung >= 2:
            self.vacate(who)
        if rung >= CIRCLE:
            self.leave(who)
        if rung >= EXECUTED:
            self.die(who)


@dataclass(frozen=True)
class Vote:
    """What one bloc was expected to do: chance of a vote for the motion, share of the seats, and two reasons."""

    who: int  # -1: the seats attached to nobody
    chance: float
    seats: float
    affinity: float  # to the person moved against (for -1: what distance from the line adds)
    risk: float  # 1 when this member would be next (for -1: the machine's pull)


@dataclass(frozen=True)
class Scene:
    """Events that belong together. `kind` is the word of the leading event; `events` are all of them in order."""

    month: int
    kind: str
    events: tuple[np.void, ...]
    votes: tuple[Vote, ...] = ()
    before: Standing | None = None  # at the leading event

    @property
    def first(self) -> np.void:
        return self.events[0]

    def of(self, kind: int) -> list[np.void]:
        return [e for e in self.events if e["kind"] == kind]


def copied(s: Standing) -> Standing:
    """The standing as it is now, to keep."""
    return Standing(
        dict(s.seat), dict(s.side), list(s.holder), list(s.boss), dict(s.rung), set(s.organised), set(s.dead), s.precedent,
        s.ruler, s.core,
    )  # fmt: skip


def opening(compiled: Compiled) -> Standing:
    """Who is what in the case's first month."""
    world = compiled.world
    seat = {i: int(c) for i, c in enumerate(world.circle) if c > 0}
    return Standing(
        seat, {i: 1 for i, c in seat.items() if c == 2}, [int(h) for h in world.post["holder"]],
        [int(b) for b in world.place["boss"]], precedent=int(world.rule[0]["precedent"]),
    )  # fmt: skip


def members(mask: float, numbered: Sequence[int]) -> tuple[int, ...]:
    """The people in a coalition mask over the full members as they were numbered."""
    bits = int(mask)
    return tuple(who for place, who in enumerate(numbered) if bits >> place & 1)


_CONGRESS = (ev.FIGHT, ev.OVERTURNED, ev.UNSEATED, ev.PROMOTED, ev.CANDIDATE)
_ALIKE = (ev.POST, ev.BOSS, ev.ORGANISED, ev.PURGED, ev.PROMOTED, ev.CANDIDATE)


def replay(compiled: Compiled, events: np.ndarray) -> Iterator[tuple[Scene, Standing]]:
    """Each scene of a traced history with the standing after it (one object, changed as the history goes on)."""
    now = opening(compiled)
    place, total = 0, len(events)
    votes: list[Vote] = []
    while place < total:
        first = events[place]
        kind, month = int(first["kind"]), int(first["month"])
        if kind == ev.VOTE:
            if int(first["actor"]) == -1:
                votes = []
            votes.append(Vote(int(first["actor"]), *(float(first[x]) for x in "abcd")))
            place += 1
            continue
        stop = _end(events, place)
        taken = tuple(events[place:stop])
        lead = next((e for e in taken if e["kind"] == ev.CONGRESS), first)
        kind = int(lead["kind"])
        counted = tuple(votes) if kind in (ev.MOTION, ev.CONSIDERED) else ()
        scene = Scene(month, KINDS[kind], taken, counted, copied(now))
        votes = [] if kind in (ev.MOTION, ev.CONSIDERED) else votes
        for event in taken:
            _apply(now, event)
        yield scene, now
        place = stop


def _end(events: np.ndarray, place: int) -> int:
    """Where the scene that begins at `place` ends."""
    first, total = events[place], len(events)
    kind, month = int(first["kind"]), int(first["month"])

    def same(at: int) -> bool:
        return at < total and int(events[at]["month"]) == month

    if kind in _CONGRESS:
        at = place
        while same(at) and int(events[at]["kind"]) in _CONGRESS:
            at += 1
        if same(at) and int(events[at]["kind"]) == ev.CONGRESS:
            return at + 1
    at = place + 1
    if kind == ev.MOTION:
        while same(at) and int(events[at]["kind"]) in (ev.PASSED, ev.FAILED, ev.QUIET, ev.UNRULED):
            at += 1
    elif kind == ev.DOCUMENT:
        if same(at) and int(events[at]["kind"]) == ev.DISMISSAL:
            vote = events[at]
            at += 1
            if same(at) and int(events[at]["kind"]) == ev.POST and events[at]["b"] == vote["a"]:
                at += 1
    elif kind in (ev.DEATH, ev.CHIEF):
        while same(at) and int(events[at]["kind"]) == ev.UNRULED:
            at += 1
    elif kind in _ALIKE:
        while (
            same(at)
            and int(events[at]["kind"]) == kind
            and events[at]["actor"] == first["actor"]
            or (same(at) and kind == ev.ORGANISED and int(events[at]["kind"]) == kind)
        ):
            at += 1
    return at


def _apply(now: Standing, event: np.void) -> None:
    """What one event changes."""
    kind, actor, target = int(event["kind"]), int(event["actor"]), int(event["target"])
    if kind == ev.DEATH:
        now.die(actor)
    elif kind == ev.COALITION:
        numbered = now.full()[:12]
        chosen = members(event["c"], numbered)
        now.core = members(event["d"], numbered)
        now.side = {i: int(i in chosen) for i in numbered}
    elif kind == ev.PASSED:
        now.sanction(target, int(event["a"]))
    elif kind == ev.ORGANISED:
        now.organised.add(actor)
    elif kind == ev.QUIET:
        now.organised.discard(actor)
    elif kind == ev.RECANTED:
        now.organised.discard(actor)
    elif kind == ev.READMITTED:
        now.rung[actor] = 4
    elif kind == ev.OVERTURNED:
        now.side = {i: side if i == now.ruler else 1 - side for i, side in now.side.items()}
    elif kind == ev.CONGRESS and target >= 0 and now.rung.get(target, 0) == 0:
        now.sanction(target, 1)  # who contests a congress and loses is condemned by it
    elif kind == ev.UNSEATED:
        now.rung[target] = max(3, now.rung.get(target, 0))
        now.precedent = max(now.precedent, 3)
        now.leave(target)
    elif kind == ev.PROMOTED:
        now.seat[target] = 2
        now.side[target] = 1
        if 0 < now.rung.get(target, 0) < PARTY:
            now.rung[target] = 0
    elif kind == ev.CANDIDATE:
        now.seat[target] = 1
    elif kind == ev.POST:
        now.holder[int(event["a"])] = target
    elif kind == ev.BOSS:
        now.boss[int(event["a"])] = target
    elif kind == ev.RULER:
        now.ruler = actor
    elif kind == ev.UNRULED:
        now.ruler = -1
    elif kind in (ev.PURGED, ev.CHIEF):
        now.sanction(target, EXECUTED)
