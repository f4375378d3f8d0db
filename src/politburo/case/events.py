"""What comes from outside the circle: shocks of the calendar and signals that drive opinion and danger.

Only natural or external events are shocks; what the circle decides is never in the calendar.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .values import Cited, Id, Model, Month, Number, Share, Signed, number


class ShockBase(Cited):
    """Common part of every shock."""

    id: Id
    """Id of the shock."""
    size: Share | None = None
    """Size, 0 to 1; what it measures depends on the kind."""
    spread: number(0) | None = None
    """Standard deviation in months of its date when dates are resampled; absent = fixed."""


class Illness(ShockBase):
    """Attendance of a person is multiplied by 1 - size from one month to another."""

    kind: Literal["illness"]
    person: Id
    """Who is ill."""
    from_: Month = Field(alias="from")
    """First month."""
    to: Month | None = None
    """Last month; absent = until death or the end."""
    size: Share
    """Share of attendance lost."""


class Death(ShockBase):
    """A natural or accidental death."""

    kind: Literal["death"]
    person: Id
    """Who dies."""
    from_: Month = Field(alias="from")
    """Month of death."""


class Assassination(ShockBase):
    """A death by violence that the circle did not decide; `size` is the alarm it causes (absent = 1)."""

    kind: Literal["assassination"]
    person: Id
    """Who is killed."""
    from_: Month = Field(alias="from")
    """Month of death."""


class Asks(Model):
    """What a document asks for."""

    post: Id
    """Post from which it asks that the holder be removed."""


class Document(ShockBase):
    """A testament: criticises people, asks for a removal, is read or buried; `size` is its authority."""

    kind: Literal["document"]
    author: Id
    """Who wrote it."""
    person: Id | None = None
    """The author again, if given at all."""
    names: dict[str, Share]
    """Weight of the criticism of each person named, 0 to 1."""
    asks: Asks
    """The removal that it asks for."""
    from_: Month = Field(alias="from")
    """Month from which it may be read."""
    to: Month
    """Month by which it must be read or buried."""


class Threat(ShockBase):
    """A danger to everybody, such as war."""

    kind: Literal["threat"]
    from_: Month = Field(alias="from")
    """First month."""
    to: Month | None = None
    """Last month; absent = until the end."""
    size: Share
    """Size of the danger."""


Shock = Annotated[Illness | Death | Assassination | Document | Threat, Field(discriminator="kind")]
SHOCKS: dict[str, Any] = {
    "illness": Illness,
    "death": Death,
    "assassination": Assassination,
    "document": Document,
    "threat": Threat,
}

#: Signals besides `opinion.<issue>`, each in [0, 1].
SIGNALS = ("hardship", "war_danger")


class SignalValue(Cited):
    """One step of a signal: its value from this month until the next row."""

    signal: str
    """hardship, war_danger or opinion.<issue>."""
    month: Month
    """First month in which the value holds."""
    value: Number
    """The value: 0 to 1; of opinion -1 to 1."""
    low: Number | None = None
    """Lowest value that the evidence admits."""
    high: Number | None = None
    """Highest value that the evidence admits."""


class ShareSignal(SignalValue):
    """A step of hardship or war danger, in [0, 1]."""

    value: Share
    low: Share | None = None
    high: Share | None = None


class OpinionSignal(SignalValue):
    """A step of the pull on cadre opinion, in [-1, 1]."""

    value: Signed
    low: Signed | None = None
    high: Signed | None = None
