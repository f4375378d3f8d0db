"""The kinds of value that a case file may hold: numbers in a range, months, partial dates, words, quantities.

Each kind is an `Annotated` type for Pydantic whose error message is the *allowed* half of a fault ("a number
between 0 and 1"), and whose JSON Schema an editor can use. A quantity is a value together with where it
comes from: the evidence label, the source, and, for a value that this project assumed, the reason.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from functools import total_ordering
from math import inf, isfinite
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, PrivateAttr, WithJsonSchema
from pydantic_core import core_schema

from ..evidence import Evidence
from ..faults import listed, nearest

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_FRACTION = re.compile(r"(\d{1,6})\s*/\s*(\d{1,6})", re.ASCII)
_ID = re.compile(r"[a-z][a-z0-9_]*")
_CASE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?%])?", re.ASCII)


def as_number(value: Any) -> float | None:
    """`value` as a finite float when it is a number, a numeral or a fraction such as 2/3; otherwise None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        if fraction := _FRACTION.fullmatch(text):
            top, bottom = map(int, fraction.groups())
            return top / bottom if bottom else None
        if not _NUMBER.fullmatch(text):
            return None
    elif not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


def number(low: float = -inf, high: float = inf, *, above: float | None = None, whole: bool = False) -> Any:
    """The type of a number from `low` to `high` (or strictly above `above`); `1/2` is a number too."""
    kind = "a whole number" if whole else "a number"
    if above is not None:
        words = f"{kind} above {above:g}" + (f" and at most {high:g}" if high < inf else "")
    elif isfinite(low) and isfinite(high):
        words = f"{kind} between {low:g} and {high:g}"
    elif isfinite(low):
        words = f"{kind} of at least {low:g}"
    else:
        words = kind

    def check(value: Any) -> float:
        found = as_number(value)
        inside = found is not None and low <= found <= high and (above is None or found > above)
        if not inside or (whole and found != int(found)):
            raise ValueError(words)
        return int(found) if whole else found

    schema: dict[str, Any] = {"type": "integer" if whole else "number"}
    if isfinite(low):
        schema["minimum"] = low
    if isfinite(high):
        schema["maximum"] = high
    if above is not None:
        schema["exclusiveMinimum"] = above
    if not whole:
        schema = {"anyOf": [schema, {"type": "string", "pattern": r"^\d{1,6} */ *\d{1,6}$"}]}
    return Annotated[int if whole else float, BeforeValidator(check), WithJsonSchema(schema)]


Number = number()
Share = number(0, 1)
Signed = number(-1, 1)
Positive = number(above=0)
Count = number(0, whole=True)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"yes": True, "true": True, "no": False, "false": False}
    try:
        return words[str(value).strip().lower()]
    except KeyError:
        raise ValueError("yes or no (in YAML also true or false)") from None


def _word(value: Any) -> str:
    if not is_id(value):
        raise ValueError("a lower_snake_case word: letters a-z, digits, underscores, beginning with a letter")
    return value


def is_id(value: Any) -> bool:
    """Whether `value` can be an id."""
    return isinstance(value, str) and len(value) <= 64 and _ID.fullmatch(value) is not None


def is_case_name(value: Any) -> bool:
    """Whether `value` can be the short name of a case."""
    return isinstance(value, str) and _CASE_NAME.fullmatch(value) is not None


def _text(value: Any) -> str:
    if isinstance(value, str):
        text = value.strip()
    elif isinstance(value, int | float) and not isinstance(value, bool):
        text = str(value)  # a name such as 1937
    else:
        text = ""
    if not text:
        raise ValueError("text")
    return text


Flag = Annotated[
    bool,
    BeforeValidator(_flag),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]}),
]
Id = Annotated[
    str, BeforeValidator(_word), WithJsonSchema({"type": "string", "pattern": r"^[a-z][a-z0-9_]*$"})
]
Text = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": ["string", "number"]})]


def word(*allowed: str) -> Any:
    """The type of one of a few words. (YAML's `none` is a word; its `null` is nothing.)"""

    def check(value: Any) -> str:
        if value not in allowed:
            near = nearest(value, allowed)
            raise ValueError(listed(allowed) + (f"; did you mean {near}?" if near else ""))
        return value

    return Annotated[str, BeforeValidator(check), WithJsonSchema({"enum": list(allowed)})]


class _Dated:
    """Pydantic glue for the two date types: validated from text, written back as text."""

    pattern: str = ""

    @classmethod
    def parse(cls, value: Any) -> Any:
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "pattern": cls.pattern}


@total_ordering
@dataclass(frozen=True)
class Month(_Dated):
    """A calendar month; two subtract to a count of months, and a count can be added."""

    year: int
    month: int
    pattern = r"^\d{4}-(0[1-9]|1[0-2])$"

    @classmethod
    def parse(cls, value: Any) -> Month:
        if isinstance(value, Month):
            return value
        match = _MONTH.fullmatch(str(value).strip())
        if not match or not 1 <= int(match[2]) <= 12 or match[1] == "0000":
            raise ValueError("a month as YYYY-MM")
        return cls(int(match[1]), int(match[2]))

    @property
    def ordinal(self) -> int:
        """Months since January of year 0."""
        return self.year * 12 + self.month - 1

    def __lt__(self, other: Month) -> bool:
        return self.ordinal < other.ordinal if isinstance(other, Month) else NotImplemented

    def __add__(self, months: int) -> Month:
        year, month = divmod(self.ordinal + months, 12)
        return Month(year, month + 1)

    def __sub__(self, other: Month | int) -> Any:
        return self.ordinal - other.ordinal if isinstance(other, Month) else self + -other

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True)
class PartialDate(_Dated):
    """A day, month or year, perhaps uncertain (`1879~`): the EDTF forms that a date of birth needs."""

    year: int
    month: int | None = None
    day: int | None = None
    mark: str = ""
    pattern = r"^\d{4}(-\d{2}(-\d{2})?)?[~?%]?$"

    @classmethod
    def parse(cls, value: Any) -> PartialDate:
        if isinstance(value, PartialDate):
            return value
        match = _PARTIAL.fullmatch(str(value).strip())
        allowed = "a date as YYYY, YYYY-MM or YYYY-MM-DD"
        if not match or match[1] == "0000":
            raise ValueError(allowed)
        year, month, day = (int(part) if part else None for part in match.groups()[:3])
        if month is not None and not 1 <= month <= 12:
            raise ValueError(f"{allowed}; months run from 01 to 12")
        if day is not None and not 1 <= day <= monthrange(year, month)[1]:
            raise ValueError(f"{allowed}; {year}-{month:02d} has {monthrange(year, month)[1]} days")
        return cls(year, month, day, match[4] or "")

    @property
    def earliest(self) -> Month:
        """The first month in which it can lie."""
        return Month(self.year, self.month or 1)

    def years_until(self, month: Month) -> float:
        """Age in years at `month`; a date without a month counts as July."""
        return (month - Month(self.year, self.month or 7)) / 12

    def __str__(self) -> str:
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts) + self.mark


class Model(BaseModel):
    """Base of every entry of a case: immutable, unknown keys are faults.

    The line under a field describes it; `politburo.case.jsonschema` reads these lines when somebody asks for them, and Pydantic makes
    a model's validator when the first entry of it is read: every start of a run would pay for both.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Entry(Model):
    """An entry that stands under an id; `.id` is that id."""

    _id: str = PrivateAttr("")

    @property
    def id(self) -> str:
        return self._id


class Cited(Model):
    """Where a value comes from: a source for every label but `assumed`, a note that says why for that."""

    evidence: Evidence
    """Evidence label: published, looked up, dataset, derived, recalled or assumed."""
    source: Id | None = None
    """Id of a source in sources.yaml; required unless the label is `assumed`."""
    note: Text | None = None
    """Remark; required when the label is `assumed`: why this value."""


class Quantity(Cited):
    """A number with its range, its error and where it comes from."""

    value: Number
    """The value."""
    low: Number | None = None
    """Lowest value that the evidence admits."""
    high: Number | None = None
    """Highest value that the evidence admits."""
    error: number(0) | None = None
    """Standard deviation of the error of coding or measurement, in the unit of the value."""
    unit: Text | None = None
    """Unit of the value."""


class ShareQuantity(Quantity):
    """A quantity between 0 and 1."""

    value: Share
    low: Share | None = None
    high: Share | None = None


class SignedQuantity(Quantity):
    """A quantity between -1 and 1."""

    value: Signed
    low: Signed | None = None
    high: Signed | None = None


class PositiveQuantity(Quantity):
    """A quantity above 0."""

    value: Positive
    low: Positive | None = None
    high: Positive | None = None


class Seats(Quantity):
    """A number of seats at the start, and between which limits the organ may later be resized."""

    value: Count
    low: Count | None = None
    high: Count | None = None
    least: Count
    """Fewest seats that the organ may have."""
    most: Count
    """Most seats that the organ may have."""


class FlagQuantity(Cited):
    """A rule that holds or does not."""

    value: Flag
    """true or false."""
