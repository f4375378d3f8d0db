"""The state of one history, and what is kept of it.

`State` is a tuple of arrays that mechanisms read and change in place; it is allocated once per thread and set back
at the start of each history. `s.people[i].prestige`, `s.now[0].month` and so on are structured arrays when compiled
and plain Python objects when not (see `engine.kernel`), under the same names.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..case.arrays import MOST_CIRCLE, MOST_CONGRESSES, RUNGS, World
from .events import EVENT, MOST_EVENTS
from .kernel import COMPILED

_f, _i = "f8", "i8"

PEOPLE = [
    # traits of this history: the coding plus this history's coder error
    ("prestige", _f), ("flexibility", _f), ("ambition", _f), ("organising", _f), ("competence", _f),
    # standing
    ("office", _f),  # prestige conferred by posts held
    ("attendance", _f),  # 1 present, 0 absent through illness
    ("seats", _f),  # share of the committee attached to this person
    ("cadres", _f),  # share of local officials, weighted by place
    ("visible", _f),  # share of the following that the others see
    ("force", _f),  # control of armed force and police, [0, 1]
    ("power", _f),  # true power
    ("seen", _f),  # power as the others see it
    ("alive", _i), ("circle", _i), ("committee", _i),
    ("side", _i),  # 1 with the ruling coalition
    ("rung", _i),  # highest sanction now in force
    ("organised", _i),  # in open opposition
    ("recanted", _i), ("readmit", _i),  # month from which a recanter may come back
    ("moved", _i),  # month of the last motion against this person
    ("patron", _i),  # whom this person follows, or -1
]  # fmt: skip

NOW = [
    ("history", _i), ("month", _i), ("tracing", _i), ("events", _i),
    ("fear", _f), ("grievance", _f), ("suspicion", _f), ("hardship", _f), ("war", _f),
    ("free_seats", _f), ("shadow", _f), ("committee_size", _i), ("circle_size", _i),
    ("renewed", _i),  # 1 when the membership of the circle has just changed: a new round of alliances is due
    ("precedent", _i), ("congresses", _i), ("last_congress", _i), ("arbiter", _i), ("document", _i),
    ("ruler", _i), ("ruler_month", _i), ("leader", _i),
    ("purge", _i), ("purge_start", _i), ("purge_month", _i), ("purges", _i), ("chief", _i), ("chief_since", _i), ("chiefs", _i),
    ("committee_dead", _f), ("army_lost", _f), ("ballot", _f), ("document_vote", _f), ("force_post", _i), ("secretary", _i),
    ("motions", _i), ("failed", _i),
]  # fmt: skip

LOCAL = [("boss", _i), ("strength", _f), ("weight", _f)]
OFFICE = [("holder", _i)]




class State(NamedTuple):
    """The changing part of a history, and work space."""

    people: np.ndarray  # (N,) PEOPLE
    now: np.ndarray  # (1,) NOW
    local: np.ndarray  # (R,) LOCAL
    office: np.ndarray  # (P,) OFFICE
    affinity: np.ndarray  # (N, N)
    ideal: np.ndarray  # (N, K) ideal points of this history
    stance: np.ndarray  # (N, K) public stances
    opinion: np.ndarray  # (K,) cadre opinion
    swing: np.ndarray  # (K,) this history's scale error of the signals
    clients: np.ndarray  # (R, N + 1) share of each place's officials; the last column is unattached
    when: np.ndarray  # (S, 2) months in which shocks begin and end in this history
    first: np.ndarray  # (N, 9) int64: first month of each rung, -1 never
    event: np.ndarray  # (MOST_EVENTS,) EVENT
    member: np.ndarray  # (12,) int64: full members in this round
    worth: np.ndarray  # (4096, 12) what each coalition of them is worth to each
    whole: np.ndarray  # (12,) int64: perceived powers of the full members as whole numbers
    weight: np.ndarray  # (4096,) int64: power of each subset of them
    sorted: np.ndarray  # (4096,) int32: self-enforcing coalitions by ascending power
    best: np.ndarray  # (4096,) int64: power of the heaviest self-enforcing coalition inside each subset
    bound: np.ndarray  # (12,) the best that each member could have in a self-enforcing coalition
    pair: np.ndarray  # (24, 12) pairwise values
    score: np.ndarray  # (N,) work
    chance: np.ndarray  # (N,) work
    order: np.ndarray  # (N,) int64 work


class Kept(NamedTuple):
    """What is kept of each history. H histories, C checkpoints, Q series, B bins."""

    first: np.ndarray  # (H, N, 9) int16
    circle: np.ndarray  # (H, C, N) int8
    side: np.ndarray  # (H, C, N) int8
    alive: np.ndarray  # (H, N) int16: month of death, -1 alive
    leader: np.ndarray  # (H, C) int16: strongest full member
    ruler: np.ndarray  # (H, C) int16: sole ruler at the checkpoint
    whole: np.ndarray  # (H, 14) float32: see WHOLE
    congress: np.ndarray  # (H, 24, 4) float32: month, share against, committee size, fought
    years: np.ndarray  # (H, Y, V) float32: the country's record of each calendar year; (H, 0, 0) without a country
    bands: np.ndarray  # (T, Q, 128) int64 counts


WHOLE = (
    "ruler", "ruler_month", "purge_start", "purge_months", "chiefs_purged", "committee_dead_share", "army_lost", "ballot_dissent",
    "document_vote", "motions", "failed", "congresses", "fear", "grievance",
)  # fmt: skip
BINS = 128
SERIES_OF_PERSON = ("power", "seats")
SERIES_OF_ALL = ("fear", "grievance", "suspicion", "free_seats")


class _Row:
    __slots__ = ("__dict__",)


def plain(array: np.ndarray) -> list:
    """A structured array as Python objects with the same attribute names (the uncompiled engine's form)."""
    rows = []
    for record in array:
        row = _Row()
        for name in array.dtype.names:
            setattr(row, name, record[name].item())
        rows.append(row)
    return rows


def _many(count: int, fields: list) -> np.ndarray:
    array = np.zeros(count, dtype=np.dtype(fields))
    return array.view(np.recarray) if COMPILED else plain(array)


def for_kernel(world: World) -> World:
    """The world in the form that the engine takes in this process (compiled or plain)."""

    def form(array: np.ndarray):
        if array.dtype.names is None:
            return np.ascontiguousarray(array)
        return np.ascontiguousarray(array).view(np.recarray) if COMPILED else plain(array)

    return World(*map(form, world[:-1]))  # the country has a form of its own (`engine.country.land`)


def allocate(world: World, people_extra: list | None = None, now_extra: list | None = None) -> State:
    """Room for one history of `world`; some 700 kB, most of it the coalition tables."""
    n, k = world.ideal.shape
    r, p, shocks = len(world.place), len(world.post), len(world.shock)
    size = 1 << MOST_CIRCLE
    event = np.zeros(MOST_EVENTS, EVENT)
    return State(
        people=_many(n, PEOPLE + (people_extra or [])),
        now=_many(1, NOW + (now_extra or [])),
        local=_many(r, LOCAL),
        office=_many(p, OFFICE),
        affinity=np.zeros((n, n)),
        ideal=np.zeros((n, k)),
        stance=np.zeros((n, k)),
        opinion=np.zeros(k),
        swing=np.zeros(k),
        clients=np.zeros((r, n + 1)),
        when=np.zeros((shocks, 2), np.int64),
        first=np.zeros((n, len(RUNGS)), np.int64),
        event=event.view(np.recarray),
        member=np.zeros(MOST_CIRCLE, np.int64),
        worth=np.zeros((size, MOST_CIRCLE)),
        whole=np.zeros(MOST_CIRCLE, np.int64),
        weight=np.zeros(size, np.int64),
        sorted=np.zeros(size, np.int32),
        best=np.zeros(size, np.int64),
        bound=np.zeros(MOST_CIRCLE),
        pair=np.zeros((2 * MOST_CIRCLE, MOST_CIRCLE)),
        score=np.zeros(n),
        chance=np.zeros(n),
        order=np.zeros(n, np.int64),
    )


def keep(world: World, histories: int, years: tuple[int, int] = (0, 0)) -> Kept:
    """Room for what is kept of `histories` histories; the bands are one table whatever their number.

    `years`: calendar years and columns of the country's record.
    """
    n, c, t = len(world.person), len(world.check), len(world.signal)
    watched = int(sum(bool(row["watch"]) for row in world.person))
    q = watched * len(SERIES_OF_PERSON) + len(SERIES_OF_ALL)
    return Kept(
        first=np.full((histories, n, len(RUNGS)), -1, np.int16),
        circle=np.zeros((histories, c, n), np.int8),
        side=np.zeros((histories, c, n), np.int8),
        alive=np.full((histories, n), -1, np.int16),
        leader=np.full((histories, c), -1, np.int16),
        ruler=np.full((histories, c), -1, np.int16),
        whole=np.zeros((histories, len(WHOLE)), np.float32),
        congress=np.full((histories, MOST_CONGRESSES, 4), -1, np.float32),
        years=np.full((histories, *years), np.nan, np.float32),
        bands=np.zeros((t, q, BINS), np.int64),
    )
