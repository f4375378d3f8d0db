"""What a record is made of: sources, parts and witnesses; claims; clusters; relations; readings.

A *source* is a text, a *part* a stretch of it by one hand, a *witness* an independent hand: parts that copy one another
share a witness and count once. A *claim* is what one part says at one place, never corrected; it carries position,
length and digest of the span it rests on and this project's paraphrase, so that it can be verified by whoever has the
text and read by whoever has not. *Clusters* join claims about the same thing; *readings* say which position a named
reader takes, and why; they never alter a claim.

Positions and lengths count Unicode code points. Dates are EDTF (see `edtf`), in new style, with the old style beside
them where the source gives one. Numbers are intervals `low..high` with a unit and a scope; numbers of different scope
are not rivals.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ..evidence import Evidence
from . import vocabulary as words
from .edtf import EDTF, EDTFError, parse

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}$")


def _identifier(text: str) -> str:
    if not _ID.match(text):
        raise ValueError("an id: small letters, digits, '-', '_' and '.', at most 80 characters")
    return text


def _edtf(text: str) -> str:
    try:
        parse(text)
    except EDTFError as error:
        raise ValueError(f"an EDTF date ({error.why} at character {error.position + 1})") from None
    return text


Id = Annotated[str, AfterValidator(_identifier)]
EDTFText = Annotated[
    str, BeforeValidator(lambda v: str(v) if isinstance(v, int) else v), AfterValidator(_edtf)
]
Type = Literal[words.TYPES]
Basis = Literal[words.BASES]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Model(BaseModel):
    """Strict about unknown keys; immutable once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Part(Model):
    """A stretch of a source by one hand: code points `start` to `end`, and the witness it counts as."""

    id: Id
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    witness: Id
    title: str = ""
    dated: bool = True  # False: a sequence whose dates were lost

    @model_validator(mode="after")
    def _order(self) -> Part:
        if self.end <= self.start:
            raise ValueError("a part that ends after it starts")
        return self


class Source(Model):
    """A text: its file name, the SHA-256 of its bytes, its length in code points, and its parts."""

    id: Id
    file: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    length: int = Field(ge=0)
    title: str
    kind: str = "text"
    origin: str = ""  # where a user's file lay, seen from the record's folder
    parts: list[Part] = Field(min_length=1)


class ClaimDate(Model):
    """When, in new style; how we know; the old style, or the event and years an anniversary is counted from."""

    edtf: EDTFText | None = None
    basis: Basis = "explicit"
    old_style: EDTFText | None = None
    anniversary_of: Id | None = None
    years: int | None = Field(default=None, ge=0, le=1000)

    @property
    def value(self) -> EDTF | None:
        return parse(self.edtf) if self.edtf else None

    @model_validator(mode="after")
    def _basis(self) -> ClaimDate:
        if (self.basis == "none") != (self.edtf is None):
            raise ValueError("a date with a basis, or none with basis 'none'")
        return self


class Scope(Model):
    """What a number counts: what, who, where, which years. Two numbers are rivals only if these agree."""

    what: str
    who: str = ""
    where: str = ""
    when: EDTFText | None = None


class Value(Model):
    """A number as an interval; `low` or `high` null where the source bounds one side only."""

    low: float | None = None
    high: float | None = None
    unit: str
    scope: Scope

    @model_validator(mode="after")
    def _order(self) -> Value:
        if self.low is None and self.high is None:
            raise ValueError("a number with at least one end")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("a number whose low end is not above its high end")
        return self


class Claim(Model):
    """What one part of one source says."""

    id: Id
    source: Id  # the part
    start: int = Field(ge=0)
    length: int = Field(gt=0, le=4000)
    digest: Digest
    paraphrase: str = Field(min_length=3, max_length=400)
    type: Type
    subject: list[Id] = Field(default_factory=list)
    predicate: str
    object: str | None = None
    date: ClaimDate = ClaimDate(basis="none")
    value: Value | None = None
    polarity: Literal[words.POLARITY] = "pos"
    modality: Literal[words.MODALITY] = "asserted"
    cluster: Id
    witness: Id | None = None  # where one claim rests on another hand than its part

    @property
    def end(self) -> int:
        return self.start + self.length


class Cluster(Model):
    """Claims about the same thing. `event` is the row of the reference chronology it corresponds to, if any."""

    id: Id
    label: str = ""
    event: Id | None = None
    confirmed: bool = True


class Relation(Model):
    """`a` before, after or during `b`, said by a part (or judged by us: `source` empty); `gap` in days, b after a."""

    a: Id
    rel: Literal[words.RELATIONS]
    b: Id
    source: Id | None = None
    gap: tuple[int, int] | None = None
    why: str = ""

    @property
    def id(self) -> str:
        return f"{self.source or 'us'}:{self.a}-{self.rel}-{self.b}"


class Reading(Model):
    """The position one reader takes on one cluster, with reasons; ranks are Wikidata's three."""

    reader: Id = "default"
    cluster: Id
    preferred: list[Id] = Field(default_factory=list)
    deprecated: list[Id] = Field(default_factory=list)
    why: str = Field(min_length=3)


class Copy(Model):
    """A confirmed reuse: two spans of different parts, verbatim, edited or paraphrase."""

    a: Id
    a_start: int
    a_length: int
    b: Id
    b_start: int
    b_length: int
    kind: Literal["verbatim", "edited", "paraphrase"]


class Header(Model):
    """record.yaml: the record's own name and, for a user's record, the record it extends."""

    id: Id
    title: str
    base: str | None = None
    issued: EDTFText | None = None
    note: str = ""


class Citation(Model):
    """Where a row of the quantitative record comes from; `url` only where the value was seen there."""

    id: Id
    source: str
    url: str = ""


class Row(Model):
    """The common tail of every reference row: citation, evidence label, confidence and the note that qualifies it."""

    citation: Id
    basis: str
    confidence: Literal["high", "medium", "low"]
    note: str = ""

    @property
    def evidence(self) -> Evidence:
        from ..evidence import FROM_BASIS

        return FROM_BASIS[self.basis]


OptionalDate = Annotated[EDTFText | None, BeforeValidator(lambda v: v or None)]
OptionalInt = Annotated[int | None, BeforeValidator(lambda v: None if v == "" else v)]


class Person(Row):
    id: Id
    name: str
    born: OptionalDate = None
    died: OptionalDate = None
    fate: str = "unknown"


class Organ(Row):
    id: Id
    name: str
    kind: str
    founded: OptionalDate = None
    dissolved: OptionalDate = None


class Post(Model):
    """A position in an organ, which exists apart from its holder."""

    id: Id
    organ: Id
    role: str
    label: str


class Membership(Row):
    id: Id
    organ: Id
    person: Id
    role: str
    start: OptionalDate = None
    start_event: str = ""
    end: OptionalDate = None
    exit_mode: str = ""
    exit_detail: str = ""


class Event(Row):
    id: Id
    date: EDTFText
    old_style: OptionalDate = None
    title: str
    participants: list[str] = Field(default_factory=list)
    type: str
    flag: str = ""


class Vote(Row):
    id: Id
    event: str = ""
    date: EDTFText
    body: str
    motion: str
    votes_for: OptionalInt = None
    votes_against: OptionalInt = None
    abstained: OptionalInt = None
    other_count: OptionalInt = None
    outcome: str = ""


class Assessment(Row):
    """A judgement of a source's statement against the reference rows, by line of the source."""

    id: Id
    source: Id
    line: int
    statement: str
    kind: str
    stated: str
    reference: str
    verdict: str
    comment: str = ""
