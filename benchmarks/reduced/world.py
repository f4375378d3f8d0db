"""The start and the parameters of the reduced model, shared by all three implementations.

`world()` is a `politburo.case.arrays.World` made by hand with all coder errors at zero, so that every history begins
alike and no file is read. The other two implementations read the same arrays.
"""

from __future__ import annotations

import numpy as np

from politburo.case.arrays import DOCUMENT, PERSON, PLACE, POST, RULE, SHOCK, World
from politburo.engine import luck

LEADERS, REGIONS, ISSUES, MONTHS = 24, 80, 3, 360
LEAST_SEATS, MOST_SEATS, FIRST_SEATS = 40, 120, 60
POSTS = 4  # appointments a month

PARAMETERS = {
    # read by the engine's own start of a history
    "visibility": 1.0, "signal_error": 0.0,
    # the reduced model
    "harvest_speed": 0.3, "weather": 1.0, "tilt": 0.4, "opinion_speed": 0.1, "grain": 0.5, "stance_speed": 0.15,
    "post": 0.15, "resistance": 0.6, "grip": 0.7, "promotion": 0.2,
    "office": 0.3, "cadre_weight": 1.5, "seat_weight": 1.0,
    "affinity": 0.8, "ideology": 0.5, "threat": 0.5, "strength": 0.25, "judgement": 0.4, "alone": 0.3,
    "motion_rate": 0.5, "discipline": 1.0, "conviction": 1.0, "loyalty": 1.0, "machine": 1.0, "mood": 1.0, "majority": 0.5,
    "credit": 0.05, "shame": 0.2, "spite": 0.3, "thin": 0.68, "growth": 12.0, "shrinkage": 8.0,
    "carry": 0.5, "slate": 0.5, "debt": 0.3,
}  # fmt: skip


def hazard(years):
    """Probability of dying within a month, by whole years of age: it rises with their eighth power."""
    x = years / 60.0
    x *= x
    x *= x
    return 0.003 * (x * x)


HAZARD = hazard(np.arange(120))

# Decision sites. What every month asks for is one site, a stretch of its numbers a question; the rest have sites of their own.
REGULAR, TARGET = luck.HEALTH, luck.TARGET
LINE, SANCTION, NOMINATE, SUCCESSOR = luck.BALLOT, luck.COUNT, luck.NOMINATE, luck.USER
STAY, CLIENT, STRIKE, LOYALTY = luck.USER + 1, luck.USER + 2, luck.USER + 3, luck.USER + 4  # one number a seat
HEALTH, HARVEST, APPOINT, JUDGEMENT, MOTION = "health", "harvest", "appoint", "judgement", "motion"

#: Where the numbers of each regular question begin, and how many there are in all.
FROM = {HEALTH: 0, HARVEST: LEADERS, APPOINT: LEADERS + REGIONS}
FROM[JUDGEMENT] = FROM[APPOINT] + 4 * POSTS
FROM[MOTION] = FROM[JUDGEMENT] + LEADERS
REGULARLY = FROM[MOTION] + 1


def circle_limit(seats):
    """Places in the circle under a committee of so many seats: seven to nine."""
    return 7 + (seats >= 67) + (seats >= 94)


def world(seed: int = 0) -> World:
    """The reduced world under a seed; the coding itself is the same for every seed."""
    rng = np.random.default_rng(1922)
    n, r, k, t = LEADERS, REGIONS, ISSUES, MONTHS
    person = np.zeros(n, PERSON)
    person["born"] = -rng.integers(35 * 12, 60 * 12, n)
    place = np.zeros(r, PLACE)
    weight = rng.uniform(0.2, 1.0, r)
    place["weight"] = weight / weight.sum()
    place["boss"] = rng.integers(0, n, r)
    place["strength"] = rng.uniform(0.1, 0.9, r)
    tie = rng.uniform(-0.4, 0.6, (n, n))
    np.fill_diagonal(tie, 0.0)
    cadres = rng.uniform(0.0, 1.0, (r, n)) ** 4
    cadres *= 0.7 / cadres.sum(axis=1, keepdims=True)
    months = np.arange(t)
    signal = np.zeros((t, k + 2))
    for issue in range(k):
        signal[:, issue] = 0.8 * np.sin(2.0 * np.pi * (months / (60.0 + 40.0 * issue) + issue / 3.0))
    signal[:, k] = 0.4 * np.sin(2.0 * np.pi * months / 90.0)  # the harvest that the weather of the whole country gives
    rule = np.zeros(1, RULE)
    rule["committee_size"] = FIRST_SEATS
    rule["circle_size"] = circle_limit(FIRST_SEATS)
    rule["last_congress"] = -1
    rule["recorded_health"] = 1
    trait = rng.uniform(0.1, 0.9, (n, 5))
    trait[:, 0] *= 0.6
    arrays = dict(  # noqa: C408
        key=np.array([seed & 0xFFFFFFFF, seed >> 32], np.uint64), salt=np.zeros(256, np.uint64),
        person=person, trait=trait, trait_error=np.zeros((n, 5)),
        ideal=rng.uniform(-1.0, 1.0, (n, k)), ideal_error=np.zeros((n, k)), tie=tie, tie_error=np.zeros((n, n)),
        bloc=np.zeros(n), bloc_error=np.zeros(n), cadres=cadres, cadres_error=np.zeros(n),
        circle=np.where(np.arange(n) < circle_limit(FIRST_SEATS), 2, 0), committee=np.ones(n, np.int64),
        place=place, post=np.zeros(0, POST), shock=np.zeros(0, SHOCK), document=np.full(1, -1).astype(DOCUMENT),
        named=np.zeros(n), signal=signal, opinion=np.zeros(k), issue_weight=np.array([0.5, 0.3, 0.2]), voice=np.zeros(k),
        rule=rule, check=np.array([119, 239, 359]),
    )  # fmt: skip
    return World(**arrays)


def first_seats() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Patron (24: nobody), region and loyalty of each seat at the start; seats beyond the first sixty are not yet there."""
    rng = np.random.default_rng(1925)
    patron = np.where(rng.random(MOST_SEATS) < 0.7, rng.integers(0, LEADERS, MOST_SEATS), LEADERS)
    return patron, np.arange(MOST_SEATS) % REGIONS, rng.uniform(0.3, 1.0, MOST_SEATS)
