"""Entries about people: who they are, how they are coded, what binds them, where they sit, whom they lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, PrivateAttr

from .values import Cited, Flag, Id, Month, Number, PartialDate, Share, Signed, Text, number

#: Traits every person must have, each in [0, 1]; positions (`position.<issue>`, in [-1, 1]) come on top.
TRAITS = {
    "prestige": "visible standing; the most prestigious person of the case is near 1",
    "flexibility": "readiness to follow the prevailing line in public (0 never, 1 always)",
    "ambition": "drive for the first place",
    "organising": "skill and stamina in building a following through appointments",
    "competence": "how well the person runs what is entrusted to them",
}

TIE_KINDS = ("patron", "ally", "friend", "rival", "enemy", "kin", "deference")
ROLES = ("full", "candidate", "member")


class Trait(Cited):
    """One coded trait of one person."""

    person: Id
    """Whose trait."""
    trait: str
    """Name of the trait: prestige, flexibility, ambition, organising, competence, or position.<issue>."""
    value: Number
    """The coded value: 0 to 1; a position -1 to 1."""
    low: Number | None = None
    """Lowest value that the evidence admits."""
    high: Number | None = None
    """Highest value that the evidence admits."""
    error: number(0)
    """Coder error, a standard deviation in the unit of the trait; above 0 unless derived from a rule."""

    @property
    def issue(self) -> str | None:
        """The issue of a position, None for another trait."""
        return self.trait.removeprefix("position.") if self.trait.startswith("position.") else None


class ShareTrait(Trait):
    """A trait in [0, 1]."""

    value: Share
    low: Share | None = None
    high: Share | None = None


class Position(Trait):
    """A position on an issue, in [-1, 1]."""

    value: Signed
    low: Signed | None = None
    high: Signed | None = None


class Person(Cited):
    """A person of the case; `.traits` maps the trait's name to the coded trait."""

    person: Id
    """Id of the person."""
    name: Text
    """Name as printed."""
    born: PartialDate
    """Date of birth: YYYY, YYYY-MM or YYYY-MM-DD, with ~ when approximate."""
    watch: Flag
    """yes: falls and monthly series are stored, and targets and outcomes may ask about the person."""
    arbiter: Flag
    """yes: a founder whose consent the circle needs while he is active; at most one."""
    _traits: Mapping[str, Trait] = PrivateAttr(default_factory=dict)

    @property
    def id(self) -> str:
        return self.person

    @property
    def traits(self) -> Mapping[str, Trait]:
        return self._traits

    @property
    def positions(self) -> dict[str, Trait]:
        """Positions by issue."""
        return {trait.issue: trait for trait in self._traits.values() if trait.issue}

    def age(self, month: Month) -> float:
        """Age in years at `month`."""
        return self.born.years_until(month)


class Tie(Cited):
    """Affinity of one person towards another, in [-1, 1]; not symmetric."""

    from_: Id = Field(alias="from")
    """Who feels."""
    to: Id
    """Towards whom."""
    value: Signed
    """Affinity, -1 to 1."""
    error: number(0)
    """Coder error, standard deviation."""
    kind: Literal["patron", "ally", "friend", "rival", "enemy", "kin", "deference"]
    """patron, ally, friend, rival, enemy, kin or deference."""


class Locality(Cited):
    """A local organisation (or the army, the trade unions) that sends delegates to the assembly."""

    locality: Id
    """Id of the locality."""
    name: Text
    """Name as printed."""
    weight: number(above=0, high=1)
    """Share of the membership; all weights sum to 1."""
    boss: Id | None = None
    """Who leads it; empty = nobody of the case."""
    strength: Share
    """How firmly it resists appointments from the centre, 0 to 1."""

    @property
    def id(self) -> str:
        return self.locality


class Bloc(Cited):
    """A person's following at the start: shares of committee seats, of officials in all places or in one."""

    person: Id
    """Whose following."""
    locality: Id | None = None
    """Restricts the row to the officials of one locality."""
    committee: Share | None = None
    """Share of committee seats, 0 to 1; sums to at most 1."""
    cadres: Share | None = None
    """Share of local officials, 0 to 1; sums to at most 1."""
    error: number(0)
    """Coder error of the shares, standard deviation."""


class Membership(Cited):
    """A seat in an organ at the start."""

    organ: Id
    """Which organ."""
    person: Id
    """Who."""
    role: Literal["full", "candidate", "member"]
    """full (votes), candidate (does not), or member (no such distinction)."""
