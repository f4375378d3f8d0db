"""What is fitted and what is asked: parameters with their prior range, recorded targets, outcomes.

A target is a recorded fact together with the width that its evidence allows; an outcome is the same question
without the recorded answer.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, WithJsonSchema

from ..evidence import Evidence
from ..record.calendars import civil
from ..record.edtf import EDTFError, parse
from .values import Cited, Entry, Flag, Id, Month, Number, Text, as_number, number

#: Sanctions, from the lightest.
RUNGS = ("condemned", "post", "circle", "committee", "party", "exiled", "arrested", "executed")
Rung = Literal["condemned", "post", "circle", "committee", "party", "exiled", "arrested", "executed"]


class MeasureKind(NamedTuple):
    """What a measure is: kind of value (share, count or month), meaning, keys it needs (`people`, `on`)."""

    kind: str
    means: str
    needs: tuple[str, ...] = ()


#: Measures that can be computed from a history. A new one is declared here.
MEASURES = {
    "committee_turnover": MeasureKind(
        "share", "share of the outgoing committee that the meeting near `on` drops", ("on",)
    ),
    "committee_dead_share": MeasureKind("share", "share of the committee in office that dies in the purge"),
    "committee_size": MeasureKind("count", "seats of the committee at `on`", ("on",)),
    "purge_start": MeasureKind("month", "first month of the purge"),
    "assembly_date": MeasureKind("month", "month of the meeting of the assembly nearest to `on`", ("on",)),
    "assemblies": MeasureKind("count", "how many times the assembly meets after the start, up to `on`", ("on",)),
    "first_fall": MeasureKind(
        "month", "month in which the first of `people` loses a post or worse", ("people",)
    ),
    "second_fall": MeasureKind(
        "month", "month in which the second of `people` loses a post or worse", ("people",)
    ),
    "chiefs_purged": MeasureKind("count", "how many heads of the security police are purged"),
    "loyalists_alive": MeasureKind("share", "share of `people` alive at `on` or the end", ("people",)),
    "rivals_dead": MeasureKind("share", "share of `people` dead at `on` or the end", ("people",)),
    "document_vote": MeasureKind(
        "share", "share of the committee for the removal that the document asks for, if it is read"
    ),
}
VOTE_MEASURES = {"against_share": ("share", "share of votes against the leadership's line or list")}
SURVIVES_IN = ("circle", "committee", "party", "alive")

#: Least width in months of a dated target, by how firm its evidence is.
LEAST_WIDTH = {Evidence.LOOKED_UP: 6.0, Evidence.RECALLED: 8.0, Evidence.ASSUMED: 12.0}


class Parameter(Entry, Cited):
    """A constant of the engine that nobody observed: prior range and, once calibrated, a fitted value."""

    means: Text
    """What it is, in words."""
    unit: Text
    """Its unit (`1` for a pure number)."""
    low: Number
    """Lower end of the prior range."""
    high: Number
    """Upper end of the prior range."""
    scale: Literal["linear", "log"]
    """Scale on which the prior is uniform."""
    value: Number
    """Value used when there is no posterior."""
    mechanism: Id
    """Mechanism that reads it."""
    fitted: Flag = True
    """Whether calibration may move it; a fixed constant still has a range, for sensitivity analysis."""
    evidence: Literal["assumed", "derived"]
    """assumed, or derived (fitted)."""


def _recorded(value: Any) -> float | Month:
    found = as_number(value)
    if found is not None:
        return found
    try:
        return Month.parse(value)
    except ValueError:
        raise ValueError("a number, or a month as YYYY-MM") from None


Recorded = Annotated[
    Any,
    BeforeValidator(_recorded),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": Month.pattern}]}),
]


def _edtf(value: Any) -> str | None:
    if value is None:
        return None
    try:
        bounds = parse(str(value)).bounds()
    except EDTFError as error:
        raise ValueError(f"a date or interval in EDTF ({error.why} at character {error.position + 1})") from None
    if bounds.low is None or bounds.high is None:
        raise ValueError("an interval with both ends, such as 1926-10/1926-12 or 1926~")
    return str(value)


Uncertain = Annotated[str | None, BeforeValidator(_edtf), WithJsonSchema({"type": "string"})]


class _Dated(Entry):
    """Common part of targets that are a month."""

    interval: Uncertain = None
    """Months among which the record does not tell, in EDTF (`1926-10/1926-12`, `1926~`), with `date` among them; absent = `date` alone."""

    @property
    def months(self) -> tuple[Month, Month]:
        """First and last month that the record may mean."""
        if self.interval is None:
            return self.date, self.date
        bounds = parse(self.interval).bounds()
        return tuple(Month(*civil(day)[:2]) for day in (bounds.low, bounds.high))


class _Question(Entry):
    """Common part of every outcome."""

    question: Text
    """The question in words."""


class _Fact(Entry, Cited):
    """Common part of every target."""

    weight: number(0) = 1.0
    """Weight in the score."""
    fitted: Flag = True
    """Whether the calibration may use it (false = held out)."""
    question: Text | None = None
    """The fact in words, for tables."""


class _Fall(Entry):
    kind: Literal["fall"]
    person: Id
    """Who falls."""
    rung: Rung
    """The sanction."""


class _Members(Entry):
    kind: Literal["members"]
    organ: Id
    """Which organ."""
    on: Month
    """In which month."""


class _Survives(Entry):
    kind: Literal["survives"]
    person: Id
    """Who."""
    until: Month
    """Until which month."""
    in_: Literal["circle", "committee", "party", "alive"] = Field(alias="in")
    """Still in the circle, in the committee, in the party, or alive."""


class _Leads(Entry):
    kind: Literal["leads"]
    on: Month
    """At the end of which month."""


class _Series(Entry):
    kind: Literal["series"]
    series: str
    """Name of a yearly series of the country, with .REGION for a region."""
    year: number(1800, 2200, whole=True)
    """In which calendar year, as it stands at the end of December."""
    through: number(1800, 2200, whole=True) | None = None
    """The total from `year` through this year."""


class _Vote(Entry):
    kind: Literal["vote"]
    occasion: Literal["congress", "testament"]
    """At a meeting of the assembly, or over the document of the calendar."""
    near: Month
    """The meeting nearest to this month counts."""
    within: number(above=0)
    """Months around `near` in which it must fall."""
    measure: Literal["against_share"]
    """What is measured."""


class _Measure(Entry):
    kind: Literal["measure"]
    measure: str
    """Name of the measure."""
    people: tuple[Id, ...] = ()
    """People whom the measure is about, if any."""
    on: Month | None = None
    """Month at which it is taken, if it needs one."""


class FallTarget(_Fall, _Dated, _Fact):
    """First month in which the sanction is in force."""

    date: Month
    """Recorded month."""
    width: number(above=0)
    """Standard deviation in months of what counts as the same date."""


class MembersTarget(_Members, _Fact):
    """Full members of an organ in a month."""

    members: tuple[Id, ...]
    """The recorded members."""


class RulerTarget(_Fact):
    """A person rules alone by a month."""

    kind: Literal["ruler"]
    person: Id
    """Who."""
    by: Month
    """By which month."""


class RulerDateTarget(_Dated, _Fact):
    """The month in which sole rule begins."""

    kind: Literal["ruler_date"]
    date: Month
    """Recorded month."""
    width: number(above=0)
    """Standard deviation in months."""


class VoteTarget(_Vote, _Fact):
    """A recorded vote at a meeting of the assembly."""

    value: number(0, 1)
    """Recorded share."""
    low: number(0, 1)
    """Lowest share that the evidence admits."""
    high: number(0, 1)
    """Highest share that the evidence admits."""


class MeasureTarget(_Measure, _Fact):
    """A recorded measure of the whole history."""

    value: Recorded
    """Recorded value. A date may be a month, YYYY-MM, or a count of months from the start of the case
    (start = 0); in a loaded case it is always the month.
    """
    low: Recorded | None = None
    """Lowest value that the evidence admits."""
    high: Recorded | None = None
    """Highest value that the evidence admits."""
    width: number(above=0) | None = None
    """Standard deviation, in months for a month."""


class SeriesTarget(_Series, _Fact):
    """A figure of the country's record."""

    value: Number
    """The figure."""
    low: Number | None = None
    """Lower end of what the record admits."""
    high: Number | None = None
    """Upper end of it."""


class SurvivesTarget(_Survives, _Fact):
    """A person is still there in a month."""


class LeadsTarget(_Leads, _Fact):
    """A person is the first man of the circle in a month, whether or not he rules alone."""

    person: Id
    """Who."""


class FallOutcome(_Fall, _Question):
    """When does this person suffer this sanction?"""


class MembersOutcome(_Members, _Question):
    """Who sits in this organ in this month?"""


class RulerOutcome(_Question):
    """Who (or does this person) rule alone by this month?"""

    kind: Literal["ruler"]
    by: Month
    """By which month."""
    person: Id | None = None
    """The person asked about; absent = whoever."""


class RulerDateOutcome(_Question):
    """When does sole rule begin?"""

    kind: Literal["ruler_date"]


class OrderOutcome(_Question):
    """In which order do these people suffer this sanction?"""

    kind: Literal["order"]
    people: tuple[Id, ...]
    """The people."""
    rung: Rung
    """The sanction."""


class VoteOutcome(_Vote, _Question):
    """How does this vote go?"""


class MeasureOutcome(_Measure, _Question):
    """How large is this measure?"""


class SeriesOutcome(_Series, _Question):
    """How large is a series of the country in a year, or over years?"""


class SurvivesOutcome(_Survives, _Question):
    """Is this person still there?"""


class LeadsOutcome(_Leads, _Question):
    """Who (or is this person) the first man of the circle?"""

    person: Id | None = None
    """The person asked about; absent = whoever."""


Target = Annotated[
    FallTarget | MembersTarget | RulerTarget | RulerDateTarget | VoteTarget | MeasureTarget | SeriesTarget | SurvivesTarget | LeadsTarget,
    Field(discriminator="kind"),
]
Outcome = Annotated[
    FallOutcome
    | MembersOutcome
    | RulerOutcome
    | RulerDateOutcome
    | OrderOutcome
    | VoteOutcome
    | MeasureOutcome
    | SeriesOutcome
    | SurvivesOutcome
    | LeadsOutcome,
    Field(discriminator="kind"),
]
TARGETS: dict[str, Any] = {
    "fall": FallTarget,
    "members": MembersTarget,
    "ruler": RulerTarget,
    "ruler_date": RulerDateTarget,
    "vote": VoteTarget,
    "measure": MeasureTarget,
    "series": SeriesTarget,
    "survives": SurvivesTarget,
    "leads": LeadsTarget,
}
OUTCOMES: dict[str, Any] = {
    "fall": FallOutcome,
    "members": MembersOutcome,
    "ruler": RulerOutcome,
    "ruler_date": RulerDateOutcome,
    "order": OrderOutcome,
    "vote": VoteOutcome,
    "measure": MeasureOutcome,
    "series": SeriesOutcome,
    "survives": SurvivesOutcome,
    "leads": LeadsOutcome,
}
