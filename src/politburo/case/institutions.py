"""Entries about institutions: organs and who elects them, posts and their powers, issues, rules, sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .aims import RUNGS
from .values import (
    Cited,
    Entry,
    FlagQuantity,
    Id,
    Model,
    Month,
    PositiveQuantity,
    Quantity,
    Seats,
    Share,
    ShareQuantity,
    SignedQuantity,
    Text,
    number,
    word,
)

ORGAN_ROLES = ("circle", "committee", "assembly", "other")
ELECTORS = ("localities", "appointed")  # besides organs


@dataclass(frozen=True)
class RuleKind:
    """What a rule is: the kind of its value, its meaning, and the default when a case may leave it open."""

    kind: str  # flag, share, number or rung
    means: str
    default: Any = None  # None: every case must settle it


#: A new rule of the engine is declared here.
RULES = {
    "ban_on_factions": RuleKind(
        "flag", "organised opposition inside the party is an offence against the party"
    ),
    "expulsion_majority": RuleKind(
        "share", "share of committee votes needed to expel a member of the committee"
    ),
    "committee_growth_most": RuleKind(
        "number", "largest growth of the committee at one assembly, share of its seats"
    ),
    "death_penalty_for_members": RuleKind(
        "flag", "members can be arrested and executed before anybody rules alone"
    ),
    "committee_secret_ballot": RuleKind("flag", "the assembly elects the committee by secret ballot"),
    "precedent": RuleKind(
        "rung", "highest sanction ever used against a member of the circle before the start", "none"
    ),
    "seat_carry": RuleKind("share", "share of committee seats that one assembly renews nobody in", 0.75),
}

#: What used to be a rule, and the key of an organ that says it instead.
RETIRED_RULES = {"majority": "threshold", "circle_open_ballot": "ballot"}


class Source(Entry):
    """A work that values are cited from."""

    citation: Text
    """Full citation."""
    kind: Literal["text", "dataset", "reference", "monograph", "project"]
    """text, dataset, reference, monograph or project (a judgement or computation of this project)."""
    note: Text | None = None
    """How it was used."""


class Organ(Entry):
    """A body with seats."""

    name: Text
    """The organ's own name."""
    role: Literal["circle", "committee", "assembly", "other"]
    """What the organ is for the engine: exactly one circle, one committee and one assembly."""
    elected_by: Id
    """Id of the electing organ, or `localities`, or `appointed`."""
    size: Seats
    """Seats at the start, with `least` and `most`."""
    candidates: Seats | None = None
    """Non-voting candidate seats, if the organ has them."""
    threshold: number(0, 1)
    """Share of votes that carries a motion; more than this is needed."""
    ballot: Literal["open", "secret"]
    """Whether votes can be seen, and so be feared and remembered."""
    interval: PositiveQuantity | None = None
    """Assembly only: statutory months between meetings."""
    started: Month | None = None
    """Assembly only: month of the last meeting before the case starts."""
    note: Text | None = None
    """Remark."""


class Powers(Model):
    """What a post lets its holder do, each from 0 (nothing) to 1 (alone decides)."""

    appoint: Share = 0.0
    """Fills local posts."""
    agenda: Share = 0.0
    """Decides what comes to a vote."""
    publish: Share = 0.0
    """Decides what is printed."""
    expel: Share = 0.0
    """Disciplines and expels members."""
    command: Share = 0.0
    """Commands armed forces."""
    arrest: Share = 0.0
    """Commands the security police."""
    speak: Share = 0.0
    """Speaks for the whole."""


POWERS = tuple(Powers.model_fields)


class Post(Entry, Cited):
    """An office, its holder at the start and its powers."""

    name: Text
    """The post's own name."""
    organ: Id | None = None
    """Organ to which the post belongs; one of the circle or of the committee goes to its members only."""
    holder: Id | None
    """Person who holds it at the start, or null."""
    filled_by: Id
    """Organ that fills it, or post whose holder does."""
    powers: Powers
    """Powers of the holder."""
    locality: Id | None = None
    """Locality that the post heads, if any."""
    weight: Share | None = None
    """Prestige that the post confers, 0 to 1."""


class Issue(Entry):
    """A line of division, from -1 to 1."""

    name: Text
    """Name of the issue."""
    minus: Text
    """What -1 means."""
    plus: Text
    """What 1 means."""
    weight: PositiveQuantity
    """How much distance on this issue counts, relative to the others."""
    opinion: SignedQuantity
    """Opinion of the party's officials at the start."""
    voice: Quantity | None = None
    """Shift of the public stance of those who are shut out and sanctioned; absent = 0."""


class AmountQuantity(Quantity):
    """A rule that is a number of at least 0."""

    value: number(0)


class RungQuantity(Cited):
    """A rule that is a rung of the ladder of sanctions, or `none`."""

    value: word("none", *RUNGS)


RULE_MODELS: dict[str, type[Cited]] = {
    "flag": FlagQuantity,
    "share": ShareQuantity,
    "number": AmountQuantity,
    "rung": RungQuantity,
}
