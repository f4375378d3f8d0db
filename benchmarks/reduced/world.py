"""The start and the parameters of the reduced model, shared by all three implementations.

`world()` is a `politburo.case.arrays.World` made by hand with all coder errors at zero, so that every history begins
alike and no file is read. The other two implementations read the same arrays.
"""

from __future__ import annotations

import numpy as np

from politburo.case.arrays import DOCUMENT, PERSON, PLACE, POST, RULE, SHOCK, World

LEADERS, PLACES, ISSUES, CIRCLE, MONTHS = 24, 40, 3, 9, 360

PARAMETERS = {
    # read by the engine's own start of a history
    "visibility": 1.0, "signal_error": 0.0,
    # the reduced model
    "mortality": 0.003, "opinion_speed": 0.1, "stance_speed": 0.15,
    "turnover": 0.02, "resistance": 0.8, "grip": 0.7,
    "office": 0.4, "cadre_weight": 1.5, "seat_weight": 1.0,
    "affinity": 0.8, "ideology": 0.5, "threat": 0.5, "strength": 0.4, "judgement": 0.4, "alone": 0.3,
    "motion_rate": 0.3, "discipline": 1.5, "loyalty": 1.0, "noise": 1.0, "majority": 0.5, "machine": 2.0,
    "shame": 0.3, "spite": 0.3, "carry": 0.5, "slate": 0.5, "debt": 0.3,
}  # fmt: skip


def world(seed: int = 0) -> World:
    """The reduced world under a seed; the coding itself is the same for every seed."""
    rng = np.random.default_rng(1922)
    n, r, k, t = LEADERS, PLACES, ISSUES, MONTHS
    person = np.zeros(n, PERSON)
    person["born"] = -rng.integers(35 * 12, 60 * 12, n)
    place = np.zeros(r, PLACE)
    weight = rng.uniform(0.2, 1.0, r)
    place["weight"] = weight / weight.sum()
    place["boss"] = rng.integers(0, n, r)
    place["strength"] = rng.uniform(0.1, 0.9, r)
    tie = rng.uniform(-0.4, 0.6, (n, n))
    np.fill_diagonal(tie, 0.0)
    bloc = rng.uniform(0.0, 1.0, n) ** 2
    bloc *= 0.7 / bloc.sum()
    cadres = rng.uniform(0.0, 1.0, (r, n)) ** 4
    cadres *= 0.7 / cadres.sum(axis=1, keepdims=True)
    months = np.arange(t)
    signal = np.zeros((t, k + 2))
    for issue in range(k):
        signal[:, issue] = 0.8 * np.sin(2.0 * np.pi * (months / (60.0 + 40.0 * issue) + issue / 3.0))
    rule = np.zeros(1, RULE)
    rule["committee_size"] = 60
    rule["circle_size"] = CIRCLE
    rule["last_congress"] = -1
    rule["recorded_health"] = 1
    trait = rng.uniform(0.1, 0.9, (n, 5))
    trait[:, 0] *= 0.6
    arrays = dict(  # noqa: C408
        key=np.array([seed & 0xFFFFFFFF, seed >> 32], np.uint64), salt=np.zeros(256, np.uint64),
        person=person, trait=trait, trait_error=np.zeros((n, 5)),
        ideal=rng.uniform(-1.0, 1.0, (n, k)), ideal_error=np.zeros((n, k)), tie=tie, tie_error=np.zeros((n, n)),
        bloc=bloc, bloc_error=np.zeros(n), cadres=cadres, cadres_error=np.zeros(n),
        circle=np.where(np.arange(n) < CIRCLE, 2, 0), committee=np.ones(n, np.int64),
        place=place, post=np.zeros(0, POST), shock=np.zeros(0, SHOCK), document=np.full(1, -1).astype(DOCUMENT),
        named=np.zeros(n), signal=signal, opinion=np.zeros(k), issue_weight=np.array([0.5, 0.3, 0.2]), voice=np.zeros(k),
        rule=rule, check=np.array([119, 239, 359]),
    )  # fmt: skip
    return World(**arrays)
