"""Random small cases for property tests: invented worlds as arrays, and parameters drawn in their ranges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from politburo.case.arrays import ALLIANCE, APPOINTMENT, DOCUMENT, NEVER, PERSON, PLACE, POST, POWERS, RULE, SHOCK, SHOCKS, TIE, World
from politburo.case.compile import Compiled, seed_key


@dataclass(frozen=True)
class Sizes:
    """How large a random case is, and the seed of everything else in it."""

    people: int = 8
    places: int = 3
    posts: int = 4
    issues: int = 3
    shocks: int = 3
    months: int = 48
    seed: int = 0


def random_world(sizes: Sizes) -> World:
    """A case of invented numbers that the loader could have made: shares within one, members alive, names
    that exist.

    Written as arrays, because a case file of random numbers would say the same at a hundred times the cost.
    """
    rng = np.random.default_rng(sizes.seed)
    n, r, p, k, months = sizes.people, sizes.places, sizes.posts, sizes.issues, sizes.months

    def shares(count: int, spread: int = 1) -> np.ndarray:
        """`count` non-negative numbers, some of them 0, that sum to at most 1."""
        values = rng.random((spread, count)) * (rng.random((spread, count)) < 0.6)
        return values / np.maximum(values.sum(axis=1, keepdims=True), 1e-9) * rng.random((spread, 1))

    def error(shape) -> np.ndarray:
        return np.where(rng.random(shape) < 0.3, 0.0, 0.2 * rng.random(shape))

    def somebody() -> int:
        return int(rng.integers(n))

    full = int(rng.integers(1, min(n, 12) + 1))
    circle = np.zeros(n, np.int64)
    circle[rng.permutation(n)[:full]] = 2
    circle[(circle == 0) & (rng.random(n) < 0.3)] = 1
    committee = ((circle > 0) | (rng.random(n) < 0.5)).astype(np.int64)

    person = np.zeros(n, PERSON)
    person["watch"] = rng.random(n) < 0.3
    person["born"] = -12 * rng.integers(25, 75, n)
    if rng.random() < 0.5:
        person["arbiter"][somebody()] = 1

    place = np.zeros(r, PLACE)
    weight = 0.05 + rng.random(r)
    place["weight"] = weight / weight.sum()
    place["boss"] = np.where(rng.random(r) < 0.7, rng.integers(n, size=r), NEVER)
    place["strength"] = rng.random(r)

    post = np.zeros(p, POST)
    post["holder"] = np.where(rng.random(p) < 0.8, rng.integers(n, size=p), NEVER)
    post["place"] = np.where(rng.random(p) < 0.3, rng.integers(r, size=p), NEVER)
    post["in_circle"] = rng.random(p) < 0.4
    post["weight"] = 0.3 * rng.random(p)
    fillers(post, np.random.default_rng([sizes.seed, 3]))
    for j, power in enumerate(POWERS):
        post[power] = rng.random(p) * (rng.random(p) < 0.3)
        if power in ("appoint", "arrest", "command") and rng.random() < 0.8:
            post[power][j % p] = 1.0

    shock = np.zeros(sizes.shocks, SHOCK)
    for j in range(sizes.shocks):
        kind = SHOCKS.index(str(rng.choice(["illness", "death", "assassination", "threat"])))
        start = int(rng.integers(months))
        stop = int(start + rng.integers(12)) if rng.random() < 0.6 else NEVER
        who = NEVER if SHOCKS[kind] == "threat" else somebody()
        shock[j] = (kind, who, start, stop, rng.random(), 6 * rng.random(), NEVER)
    shock = np.concatenate([shock, random_orders(sizes)])
    document = np.zeros(1, DOCUMENT)
    start = int(rng.integers(months))
    document[0] = (rng.random() < 0.5, somebody(), rng.integers(p), start, start + rng.integers(24), NEVER)

    rule = np.zeros(1, RULE)
    entries = {
        "ban_on_factions": rng.random() < 0.5, **thresholds(sizes.seed),
        "expulsion_majority": rng.choice([0.5, 2 / 3, 0.75]),
        "committee_growth_most": rng.random(), "seat_carry": rng.random(),
        "death_penalty_for_members": rng.random() < 0.5,
        "committee_secret_ballot": rng.random() < 0.5, "precedent": rng.integers(0, 6), "circle_least": 1,
        "circle_size": full,
        "circle_most": rng.integers(full, 13), "candidates": rng.integers(0, 4), "committee_least": 10,
        "committee_size": 30, "committee_most": rng.integers(30, 120), "interval": rng.integers(3, 30),
        "last_congress": -int(rng.integers(0, 24)), "coding": rng.choice([0.0, 1.0, 2.0]),
        "recorded_health": rng.random() < 0.5,
    }  # fmt: skip
    for name, value in entries.items():
        rule[name] = value

    tie = np.clip(rng.normal(0.1, 0.5, (n, n)), -1, 1)
    np.fill_diagonal(tie, 0.0)
    cadres = np.ascontiguousarray(shares(n, r))
    signal = np.empty((months, k + 2))
    signal[:, :k] = np.repeat(rng.uniform(-1, 1, (1 + months // 6, k)), 6, axis=0)[:months]
    signal[:, k:] = np.repeat(rng.random((1 + months // 6, 2)), 6, axis=0)[:months]
    issue = 0.1 + rng.random(k)
    return World(
        key=seed_key(int(rng.integers(2**63))), salt=np.zeros(256, np.uint64), person=person,
        trait=rng.random((n, 5)),
        trait_error=error((n, 5)), ideal=rng.uniform(-1, 1, (n, k)), ideal_error=error((n, k)), tie=tie,
        tie_error=error((n, n)),
        bloc=shares(n)[0], bloc_error=error(n), cadres=cadres, cadres_error=error(n), circle=circle,
        committee=committee,
        place=place, post=post, shock=shock, document=document, named=rng.random(n) * (rng.random(n) < 0.5),
        signal=signal,
        opinion=rng.uniform(-1, 1, k), issue_weight=issue / issue.sum(), voice=rng.uniform(-0.5, 0.5, k),
        rule=rule,
        check=np.unique(np.append(rng.integers(months, size=3), months - 1)).astype(np.int64),
    )  # fmt: skip


def fillers(post: np.ndarray, rng: np.random.Generator) -> None:
    """Who fills each post: an organ, or the holder of an earlier post, so that there is no ring; and to which organ it belongs."""
    for j in range(len(post)):
        by = int(rng.integers(4 if j else 3))
        post["filled_by"][j], post["filler"][j] = by, int(rng.integers(j)) if by == 3 else NEVER
        post["organ"][j] = int(rng.integers(-1, 3))
        post["in_committee"][j] = rng.random() < 0.3


def thresholds(seed: int) -> dict:
    """Thresholds and ballots of the three organs, with a half and open votes in most."""
    rng = np.random.default_rng([seed, 4])
    num, den = [(1, 2), (1, 2), (1, 2), (3, 5), (2, 3)][int(rng.integers(5))]
    return {
        "circle_num": num, "circle_den": den, "committee_threshold": rng.choice([0.5, 0.5, 0.6]),
        "assembly_threshold": rng.choice([0.5, 0.5, 0.6]), "circle_secret": rng.random() < 0.3,
        "committee_secret": rng.random() < 0.3, "assembly_secret": rng.random() < 0.3,
    }  # fmt: skip


def random_orders(sizes: Sizes) -> np.ndarray:
    """What an experimenter might order, in every other case: an appointment, a tie, an alliance."""
    rng = np.random.default_rng([sizes.seed, 2])
    orders = np.zeros(3 if sizes.seed % 2 and sizes.people > 1 else 0, SHOCK)
    for j in range(len(orders)):
        kind = (APPOINTMENT, TIE, ALLIANCE)[j]
        start = int(rng.integers(sizes.months))
        one, other = (int(i) for i in rng.permutation(sizes.people)[:2])
        thing = int(rng.integers(sizes.posts)) if kind == APPOINTMENT else other
        orders[j] = (kind, one, start, start + int(rng.integers(3)), rng.uniform(-1, 1), 0.0, thing)
    return orders


def random_row(compiled: Compiled, seed: int) -> np.ndarray:
    """Parameters drawn in their ranges, now and then from an end of the range, where faults like to hide."""
    rng = np.random.default_rng([seed, 1])
    chosen = [compiled.case.parameters[name] for name in compiled.parameters]
    low, high = np.array([q.low for q in chosen]), np.array([q.high for q in chosen])
    at = rng.choice([0.0, 1.0, -1.0], len(chosen), p=[0.1, 0.1, 0.8])
    return low + np.where(at < 0, rng.random(len(chosen)), at) * (high - low)
