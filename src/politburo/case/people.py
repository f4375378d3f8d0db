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
    trait: str
    value: Number
    low: Number | None = None
    high: Number | None = None
    error: number(0)

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
    name: Text
    born: PartialDate
    watch: Flag
    arbiter: Flag
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
    to: Id
    value: Signed
    error: number(0)
    kind: Literal["patron", "ally", "friend", "rival", "enemy", "kin", "deference"]


class Locality(Cited):
    """A local organisation (or the army, the trade unions) that sends delegates to the assembly."""

    locality: Id
    name: Text
    weight: number(above=0, high=1)
    boss: Id | None = None
    strength: Share

    @property
    def id(self) -> str:
        return self.locality


class Bloc(Cited):
    """A person's following at the start: share of committee seats and of local officials (nationwide or in
    one locality).
    """

    person: Id
    locality: Id | None = None
    committee: Share | None = None
    cadres: Share | None = None
    error: number(0)


class Membership(Cited):
    """A seat in an organ at the start."""

    organ: Id
    person: Id
    role: Literal["full", "candidate", "member"]
