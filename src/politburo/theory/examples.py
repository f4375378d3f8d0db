"""Packaged examples and reference values, by short names.

`game("eu27")` is a weighted voting game, `leadership("china")` a set of actors, `table("t6_gulag")` a
reference table as text rows. The README beside the data says where each file is from and how firm it is."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

from politburo.faults import nearest

from .inputs import Measure, measure, reject

LEADERSHIPS = (
    "china",
    "china_policy",
    "china_competitive",
    "emission",
    "five",
    "sultan",
    "iran2013",
    "war1914",
)
CIRCLES: dict[str, tuple[dict[str, int], str]] = {
    "triad": ({"A": 3, "B": 4, "C": 5}, "the standard example"),
    "succession": (
        {"A": 3, "B": 4, "C": 5, "Beria": 10, "Stalin": 20},
        "three members, 10 and 20: an exam question on the model",
    ),
}


@dataclass(frozen=True)
class Game:
    """A weighted voting game: short name, title, quota, members with weights."""

    key: str
    title: str
    quota: int
    weights: Measure


def table(name: str) -> list[dict[str, str]]:
    """Rows of a packaged CSV file (name without .csv)."""
    path = files("politburo.theory") / "data" / f"{name}.csv"
    if not path.is_file():
        known = sorted(
            p.name.removesuffix(".csv")
            for p in (files("politburo.theory") / "data").iterdir()
            if p.name.endswith(".csv")
        )
        raise reject("table", repr(name), ", ".join(known), nearest(name, known))
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def games() -> list[str]:
    """Short names of the packaged voting games."""
    return list(dict.fromkeys(row["game"] for row in table("games")))


def game(key: str) -> Game:
    """A packaged voting game by its short name."""
    rows = [row for row in table("games") if row["game"] == key]
    if not rows:
        raise reject("game", repr(key), ", ".join(games()), nearest(key, games()))
    weights = measure([int(r["weight"]) for r in rows], [r["name"] for r in rows], "weights", positive=False)
    return Game(key, rows[0]["title"], int(rows[0]["quota"]), weights)


def reference_indices(key: str) -> list[dict[str, str]]:
    """Reference rows of a packaged game, one a weight class."""
    title = game(key).title
    return [row for row in table("t3_power_index_reference") if row["game"] == title]


def leadership(name: str):
    """Packaged actors for the bargaining models."""
    from .bargain import read_actors

    if name not in LEADERSHIPS:
        raise reject("leadership", repr(name), ", ".join(LEADERSHIPS), nearest(name, LEADERSHIPS))
    return read_actors(str(files("politburo.theory") / "data" / f"actors_{name}.csv"))


def council(rule: str = "lisbon"):
    """The Council of the European Union of 28 states in 2016 under the rules of "nice" or "lisbon": a game of
    several majorities.

    Nice: 260 of 352 votes, 15 states, 62 % of the population. Lisbon: 16 states (55 %) and 65 % of the
    population, or 25 states (fewer than four against). Population shares are looked up and rounded to 0.01 %;
    quotas refer to 100 %."""
    from .voting_chambers import Chamber, multi_majority

    rows = table("eu28_2016")
    one = [1] * len(rows)
    people, votes = [r["population_share"] for r in rows], [r["votes"] for r in rows]
    clauses = {
        "nice": [
            [Chamber("votes", votes, 260), Chamber("states", one, 15), Chamber("population", people, 62)]
        ],
        "lisbon": [
            [Chamber("states", one, 16), Chamber("population", people, 65)],
            [Chamber("states", one, 25)],
        ],
    }
    if rule not in clauses:
        raise reject("rule", repr(rule), "nice, lisbon", nearest(rule, clauses))
    return multi_majority(
        clauses[rule], [r["name"] for r in rows], title=f"Council of 28 states, rules of {rule.title()}"
    )
