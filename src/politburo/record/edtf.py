"""Uncertain dates as values: the Extended Date/Time Format of ISO 8601-2.

Read and printed: level 0 (dates, dates with a time, intervals), level 1 (letter-prefixed years, seasons, the
qualifiers `?` uncertain, `~` approximate, `%` both, unspecified digits from the right, open `..` and unknown ends of
intervals, negative years) and, of level 2, sets `{...}` (all of) and `[...]` (one of) with `..` ranges, unspecified
digits anywhere (`XXXX-04`, `1929-12-2X`), qualifiers of single components, and sub-year groupings 25-41.

A date is an interval of days. `bounds` gives the first and last day it may mean; `~` and `%` widen both ends by three
days, one month or one year according to precision (a day, a month or season, a year or longer): this is the project's
convention, since the standard leaves `~` without a size. `?` does not widen. Two dates are compared as intervals, so
that a source which says only 1929 is never contradicted by one that says February 1929.

Errors: `EDTFError`, with the position of the first character that cannot be read. Cost: linear in the text, which may
be at most 200 characters. Source: Library of Congress, EDTF specification (2019), the text behind ISO 8601-2:2019.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .calendars import civil, day_number, iso, month_length

MAX_LENGTH = 200
SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 2), 25: (3, 5), 26: (6, 8), 27: (9, 11), 28: (12, 2),
           29: (9, 11), 30: (12, 2), 31: (3, 5), 32: (6, 8), 33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12),
           37: (1, 4), 38: (5, 8), 39: (9, 12), 40: (1, 6), 41: (7, 12)}  # fmt: skip
WIDEN = {"day": (0, 0, 3), "month": (0, 1, 0), "season": (0, 1, 0), "year": (1, 0, 0)}
_DATE = re.compile(
    r"(?P<yq>[?~%]?)(?P<y>-?[0-9X]{4}|Y-?[0-9]{5,9})(?P<yq2>[?~%]?)"
    r"(?:-(?P<mq>[?~%]?)(?P<m>[0-9X]{2})(?P<mq2>[?~%]?)"
    r"(?:-(?P<dq>[?~%]?)(?P<d>[0-9X]{2})(?P<dq2>[?~%]?)"
    r"(?P<t>T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:Z|[+-](?:0[0-9]|1[0-4])(?::[0-5][0-9])?)?)?)?)?"
)


class EDTFError(ValueError):
    """A text that is not a date in the format read here; `.position` counts from 0."""

    def __init__(self, text: str, position: int, why: str):
        self.text, self.position, self.why = text, position, why
        super().__init__(f"{text[:60]!r} is not an EDTF date: {why} at character {position + 1}")


@dataclass(frozen=True)
class Bounds:
    """First and last day (day numbers, inclusive); None where there is no bound."""

    low: int | None
    high: int | None

    def __str__(self) -> str:
        return (
            f"{'..' if self.low is None else iso(self.low)}/{'..' if self.high is None else iso(self.high)}"
        )

    @property
    def days(self) -> int | None:
        """Length in days, None if open."""
        return None if self.low is None or self.high is None else self.high - self.low + 1

    def meets(self, other: Bounds) -> bool:
        """Whether the two share a day."""
        return not (_lt(self.high, other.low) or _lt(other.high, self.low))

    def within(self, other: Bounds) -> bool:
        """Whether every day of this lies in `other`."""
        return (other.low is None or (self.low is not None and self.low >= other.low)) and (
            other.high is None or (self.high is not None and self.high <= other.high))  # fmt: skip

    def join(self, other: Bounds) -> Bounds:
        """The smallest interval that holds both."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Bounds(low, high)

    def meet(self, other: Bounds) -> Bounds | None:
        """The days in both, or None."""
        if not self.meets(other):
            return None
        lows = [x for x in (self.low, other.low) if x is not None]
        highs = [x for x in (self.high, other.high) if x is not None]
        return Bounds(max(lows) if lows else None, min(highs) if highs else None)

    def edtf(self) -> Date | Interval:
        """The interval as a value that prints shortest: a year, a month, a day or `low/high`."""
        if self.low is not None and self.high is not None:
            (y, m, d), (y2, m2, d2) = civil(self.low), civil(self.high)
            if 0 <= y <= 9999 and 0 <= y2 <= 9999:
                if (y, m, d) == (y2, m2, d2):
                    return Date(f"{y:04d}", f"{m:02d}", f"{d:02d}")
                if (y, m, y2, m2) == (y, m, y, m) and d == 1 and d2 == month_length(y, m):
                    return Date(f"{y:04d}", f"{m:02d}")
                if y == y2 and (m, d, m2, d2) == (1, 1, 12, 31):
                    return Date(f"{y:04d}")
        ends = [".." if n is None else parse(iso(n)) for n in (self.low, self.high)]
        return Interval(*ends)


def _lt(a: int | None, b: int | None) -> bool:
    return a is not None and b is not None and a < b


def _digits(mask: str, low: bool) -> int:
    return int(mask.replace("X", "0" if low else "9"))


@dataclass(frozen=True)
class Date:
    """A calendar date, month, season or year; `X` stands for an unspecified digit."""

    year: str
    month: str = ""
    day: str = ""
    qualifiers: tuple[str, str, str] = ("", "", "")  # of year, month, day
    time: str = ""

    @property
    def precision(self) -> str:
        if self.day:
            return "day"
        if self.month:
            return "season" if "X" not in self.month and int(self.month) > 12 else "month"
        return "year"

    @property
    def approximate(self) -> bool:
        return any(q in ("~", "%") for q in self.qualifiers)

    @property
    def uncertain(self) -> bool:
        return any(q in ("?", "%") for q in self.qualifiers)

    def __str__(self) -> str:
        parts = [p for p in (self.year, self.month, self.day) if p]
        quals = self.qualifiers[: len(parts)]
        if len(set(quals)) == 1:
            return "-".join(parts) + quals[0] + self.time
        return "-".join(q + p for q, p in zip(quals, parts)) + self.time

    def _years(self) -> tuple[int, int]:
        mask = self.year.removeprefix("Y")
        sign = -1 if mask.startswith("-") else 1
        mask = mask.removeprefix("-")
        a, b = sign * _digits(mask, True), sign * _digits(mask, False)
        return min(a, b), max(a, b)

    def _months(self) -> list[int]:
        mask = re.compile(self.month.replace("X", "[0-9]") + "$") if self.month else None
        return [m for m in range(1, 13) if mask is None or mask.match(f"{m:02d}")]

    def exact_bounds(self) -> Bounds:
        """Bounds without the widening of `~`. An unspecified month or day inside a known year gives its outer days."""
        first, last = self._years()
        if self.precision == "season":
            a, b = SEASONS[int(self.month)]
            end = last + (b < a)
            return Bounds(day_number(first, a, 1), day_number(end, b, month_length(end, b)))
        months = self._months()
        if not self.day:
            return Bounds(
                day_number(first, months[0], 1), day_number(last, months[-1], month_length(last, months[-1]))
            )
        lows = [(m, d) for m in months for d in self._days(first, m, last)]
        low, high = min(lows), max(lows)
        return Bounds(
            day_number(first, *low), day_number(last, high[0], min(high[1], month_length(last, high[0])))
        )

    def _days(self, year: int, month: int, last: int | None = None) -> list[int]:
        mask = re.compile(self.day.replace("X", "[0-9]") + "$")
        longest = month_length(year, month)
        if month == 2 and last is not None and last - year >= 8:
            longest = 29
        elif month == 2 and last is not None:
            longest = max(month_length(y, 2) for y in range(year, last + 1))
        return [d for d in range(1, longest + 1) if mask.match(f"{d:02d}")]

    def bounds(self) -> Bounds:
        exact = self.exact_bounds()
        if not self.approximate:
            return exact
        years, months, days = WIDEN[self.precision]
        return Bounds(_shift(exact.low, -years, -months, -days), _shift(exact.high, years, months, days))

    def intervals(self) -> tuple[Bounds, ...]:
        return (self.bounds(),)


def _shift(number: int, years: int, months: int, days: int) -> int:
    year, month, day = civil(number)
    total = (year + years) * 12 + month - 1 + months
    year, month = total // 12, total % 12 + 1
    end = day == month_length(*civil(number)[:2])
    return (
        day_number(year, month, month_length(year, month) if end else min(day, month_length(year, month)))
        + days
    )


End = Date | str  # a date, ".." open, "" unknown


@dataclass(frozen=True)
class Interval:
    """From a start to an end; an end is a `Date`, `..` (open) or the empty string (unknown)."""

    start: End
    end: End

    def __str__(self) -> str:
        return f"{self.start}/{self.end}"

    def bounds(self) -> Bounds:
        low = self.start.bounds().low if isinstance(self.start, Date) else None
        return Bounds(low, self.end.bounds().high if isinstance(self.end, Date) else None)

    def intervals(self) -> tuple[Bounds, ...]:
        return (self.bounds(),)

    @property
    def precision(self) -> str:
        return "interval"

    @property
    def approximate(self) -> bool:
        return any(isinstance(e, Date) and e.approximate for e in (self.start, self.end))

    @property
    def uncertain(self) -> bool:
        return any(isinstance(e, Date) and e.uncertain for e in (self.start, self.end))


@dataclass(frozen=True)
class DateSet:
    """Several dates: `{...}` all of them, `[...]` one of them. Members are dates or `(start, end)` ranges."""

    members: tuple[Date | tuple[End, End], ...]
    one_of: bool = False

    def __str__(self) -> str:
        inner = ",".join(f"{m[0]}..{m[1]}" if isinstance(m, tuple) else str(m) for m in self.members)
        return f"[{inner}]" if self.one_of else "{" + inner + "}"

    def intervals(self) -> tuple[Bounds, ...]:
        out = []
        for m in self.members:
            if isinstance(m, tuple):
                out.append(Interval(m[0] or "..", m[1] or "..").bounds())
            else:
                out.append(m.bounds())
        return tuple(out)

    def bounds(self) -> Bounds:
        first, *rest = self.intervals()
        for other in rest:
            first = first.join(other)
        return first

    @property
    def precision(self) -> str:
        return "set"

    @property
    def approximate(self) -> bool:
        return any(
            d.approximate
            for m in self.members
            for d in (m if isinstance(m, tuple) else (m,))
            if isinstance(d, Date)
        )

    @property
    def uncertain(self) -> bool:
        return any(
            d.uncertain
            for m in self.members
            for d in (m if isinstance(m, tuple) else (m,))
            if isinstance(d, Date)
        )


EDTF = Date | Interval | DateSet


@lru_cache(maxsize=8192)
def parse(text: str) -> EDTF:
    """Read an EDTF text. The value prints back as an equal text: `str(parse(t))` is canonical and `parse` of it equal."""
    if not isinstance(text, str):
        raise EDTFError(repr(text), 0, "not a text")
    if len(text) > MAX_LENGTH:
        raise EDTFError(text, MAX_LENGTH, f"longer than {MAX_LENGTH} characters")
    if text[:1] in ("{", "["):
        return _parse_set(text)
    if "/" in text:
        left, _, right = text.partition("/")
        if "/" in right:
            raise EDTFError(text, len(left) + 1 + right.index("/"), "a second slash")
        ends: list[End] = []
        for piece, offset in ((left, 0), (right, len(left) + 1)):
            ends.append(piece if piece in ("", "..") else _parse_date(text, piece, offset))
        if all(isinstance(e, str) for e in ends):
            raise EDTFError(text, 0, "an interval without a date")
        value = Interval(*ends)
        if isinstance(ends[0], Date) and isinstance(ends[1], Date):
            if ends[0].exact_bounds().low > ends[1].exact_bounds().high:
                raise EDTFError(text, len(left) + 1, "an end before the start")
        return value
    return _parse_date(text, text, 0)


def _parse_date(whole: str, piece: str, offset: int) -> Date:
    match = _DATE.match(piece)
    if not match or match.end() != len(piece) or not piece.isascii():
        at = match.end() if match else 0
        raise EDTFError(
            whole, offset + at, "expected YYYY, YYYY-MM or YYYY-MM-DD" if not match else "unexpected text"
        )
    g = match.groupdict(default="")
    year, month, day = g["y"], g["m"], g["d"]
    if year == "-0000" or (year.startswith("Y") and year.lstrip("Y-").startswith("0")):
        raise EDTFError(whole, offset, "a year that has no meaning in the format")
    if year.startswith("Y") and month:
        raise EDTFError(whole, offset + match.start("m"), "a month after a letter-prefixed year")
    own = [g["yq"], g["mq"], g["dq"]]
    after = [g["yq2"], g["mq2"], g["dq2"]]
    quals = ["", "", ""]
    for i in range(
        3
    ):  # a qualifier to the right holds for everything on its left, one to the left for its component
        for q in after[i:]:
            quals[i] = _both(quals[i], q)
        quals[i] = _both(quals[i], own[i])
    shown = sum(bool(p) for p in (year, month, day))
    quals = quals[:shown] + [""] * (3 - shown)
    if month and "X" not in month:
        number = int(month)
        if not (1 <= number <= 12 or number in SEASONS):
            raise EDTFError(whole, offset + match.start("m"), "a month must be 01 to 12 or a season 21 to 41")
        if number > 12 and day:
            raise EDTFError(whole, offset + match.start("d"), "a day after a season")
    value = Date(year, month, day, tuple(quals), g["t"])
    if month and value.precision != "season" and not value._months():
        raise EDTFError(whole, offset + match.start("m"), "no month fits")
    if day:
        first, last = value._years()
        if not any(value._days(first, m, last) for m in value._months()):
            raise EDTFError(whole, offset + match.start("d"), "no such day in that month")
    return value


def _both(a: str, b: str) -> str:
    if not a or not b or a == b:
        return a or b
    return "%"


def _parse_set(text: str) -> DateSet:
    close = {"{": "}", "[": "]"}[text[0]]
    if text[-1] != close or len(text) < 3:
        raise EDTFError(text, len(text) - 1, f"expected {close}")
    members: list[Date | tuple[End, End]] = []
    offset, pieces = 1, text[1:-1].split(",")
    for i, raw in enumerate(pieces):
        piece = raw.strip()
        if ".." in piece:
            left, _, right = piece.partition("..")
            if (not left and i) or (not right and i != len(pieces) - 1) or not (left or right):
                raise EDTFError(text, offset, "an open range inside the list")
            ends = tuple(_parse_date(text, p, offset) if p else "" for p in (left, right))
            if (
                all(isinstance(e, Date) for e in ends)
                and ends[0].exact_bounds().low > ends[1].exact_bounds().high
            ):
                raise EDTFError(text, offset, "an end before the start")
            members.append(ends)
        else:
            members.append(_parse_date(text, piece, offset))
        offset += len(raw) + 1
    return DateSet(tuple(members), text[0] == "[")


def compare(a: EDTF, b: EDTF) -> str:
    """How `a` stands to `b`: before, after, equal, within, contains or overlaps (as intervals of days)."""
    x, y = a.bounds(), b.bounds()
    if _lt(x.high, y.low):
        return "before"
    if _lt(y.high, x.low):
        return "after"
    if x == y:
        return "equal"
    if x.within(y):
        return "within"
    return "contains" if y.within(x) else "overlaps"


def may_agree(a: EDTF, b: EDTF) -> bool:
    """Whether some day fits both. Unspecified digits are honoured: XXXX-04 agrees with 1929-04-23, not with 1929-05."""
    for one, two in ((a, b), (b, a)):
        if isinstance(one, Date) and isinstance(two, Date) and "X" in one.year + one.month + one.day:
            if not one.approximate and two.precision != "season" and not _masks_meet(one, two):
                return False
    return any(x.meets(y) for x in a.intervals() for y in b.intervals())


def _masks_meet(a: Date, b: Date) -> bool:
    for x, y in zip((a.year, a.month, a.day), (b.year, b.month, b.day)):
        if x and y and len(x) == len(y) and not b.approximate:
            if any(p != q and "X" not in (p, q) for p, q in zip(x, y)):
                return False
    return True
