"""The arrays that a case becomes: what the engine reads and never changes.

`World` is one tuple of arrays. Things that are many of a kind and have several columns (persons, places, posts,
shocks) are structured arrays: `w.post[j].appoint` reads in the engine as it reads here. Months count from the case's
first month, 0. Persons, places, posts and issues are numbered in the order of the case files.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

TRAITS = ("prestige", "flexibility", "ambition", "organising", "competence")
RUNGS = ("none", "condemned", "post", "circle", "committee", "party", "exiled", "arrested", "executed")
SHOCKS = ("illness", "death", "assassination", "document", "threat")
#: What an experimenter orders stands among the shocks, under numbers from 16 on; no case can hold one.
APPOINTMENT, TIE, ALLIANCE = 16, 17, 18
POWERS = ("appoint", "agenda", "publish", "expel", "command", "arrest", "speak")

NEVER = -1  # a month that does not come; a person, place or post that is not there

MOST_PEOPLE = 60
MOST_CIRCLE = 12
MOST_CONGRESSES = 24

_f, _i = "f8", "i8"

PERSON = np.dtype([("arbiter", _i), ("watch", _i), ("born", _i)])
PLACE = np.dtype([("weight", _f), ("boss", _i), ("strength", _f)])
#: Who fills a post: an organ of this role, or the holder of another post.
FILLERS = ("circle", "committee", "assembly", "post")
POST = np.dtype(
    [
        ("holder", _i), ("place", _i),
        ("filled_by", _i),  # which of FILLERS
        ("filler", _i),  # the post whose holder fills this one, or NEVER
        ("organ", _i),  # number of the organ it belongs to, or NEVER
        ("in_circle", _i), ("in_committee", _i),  # 1: only a member (or candidate) may hold it
        ("weight", _f), *((name, _f) for name in POWERS),
    ]
)  # fmt: skip
SHOCK = np.dtype([("kind", _i), ("person", _i), ("start", _i), ("stop", _i), ("size", _f), ("spread", _f), ("object", _i)])
DOCUMENT = np.dtype([("given", _i), ("author", _i), ("post", _i), ("start", _i), ("stop", _i), ("ordered", _i)])
RULE = np.dtype(
    [
        ("ban_on_factions", _i),
        # What carries a motion in the circle, as a fraction (coalitions are weighed in whole numbers), and in the two others.
        ("circle_num", _i),
        ("circle_den", _i),
        ("committee_threshold", _f),
        ("assembly_threshold", _f),
        # 1: votes of this organ are secret.
        ("circle_secret", _i),
        ("committee_secret", _i),
        ("assembly_secret", _i),
        ("expulsion_majority", _f),
        ("committee_growth_most", _f),
        ("seat_carry", _f),
        ("death_penalty_for_members", _i),
        ("committee_secret_ballot", _i),  # of the assembly, when it elects the committee
        ("precedent", _i),
        ("circle_least", _i),
        ("circle_size", _i),
        ("circle_most", _i),
        ("candidates", _i),
        ("committee_least", _i),
        ("committee_size", _i),
        ("committee_most", _i),
        ("interval", _i),
        ("last_congress", _i),
        ("coding", _f),
        ("recorded_health", _i),
    ]
)


class World(NamedTuple):
    """A compiled case. N persons, R places, P posts, K issues, S shocks, T months, C checkpoints."""

    key: np.ndarray  # (2,) uint64: the seed
    salt: np.ndarray  # (256,) uint64: one a decision site
    person: np.ndarray  # (N,) PERSON
    trait: np.ndarray  # (N, 5) coded traits, in the order of TRAITS
    trait_error: np.ndarray  # (N, 5) coder error, sd
    ideal: np.ndarray  # (N, K) ideal points, [-1, 1]
    ideal_error: np.ndarray
    tie: np.ndarray  # (N, N) affinity of row towards column, [-1, 1]
    tie_error: np.ndarray
    bloc: np.ndarray  # (N,) share of committee seats
    bloc_error: np.ndarray
    cadres: np.ndarray  # (R, N) share of each place's officials
    cadres_error: np.ndarray  # (N,)
    circle: np.ndarray  # (N,) 0 outside, 1 candidate, 2 full member
    committee: np.ndarray  # (N,) 0 or 1
    place: np.ndarray  # (R,) PLACE
    post: np.ndarray  # (P,) POST
    shock: np.ndarray  # (S,) SHOCK
    document: np.ndarray  # (1,) DOCUMENT
    named: np.ndarray  # (N,) weight of the document's criticism of each person
    signal: np.ndarray  # (T, K + 2): where events push opinion on each issue; hardship; war danger
    opinion: np.ndarray  # (K,) cadre opinion at the start
    issue_weight: np.ndarray  # (K,) sums to 1
    voice: np.ndarray  # (K,) shift of the stance of those who are shut out
    rule: np.ndarray  # (1,) RULE
    check: np.ndarray  # (C,) months at which membership is kept
    country: Any = None  # politburo.case.country.Country, or None
