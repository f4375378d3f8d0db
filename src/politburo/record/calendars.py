"""Day numbers, and the two calendars of the Russian record.

A *day number* counts days in the proleptic Gregorian calendar, with 1970-01-01 as 0; any integer year is allowed,
so that intervals can be compared by subtraction. Russia kept the Julian calendar (old style, O.S.) until
31 January 1918, which was followed by 14 February 1918 new style. The record keeps both styles side by side and
compares in new style.

Algorithms: the shifted-year civil calendar arithmetic (years begin in March, so the leap day falls last), exact in
integers. Cost: constant.
"""

from __future__ import annotations

from dataclasses import dataclass

REFORM = (1918, 2, 14)  # first new-style day in Russia
MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int, julian: bool = False) -> bool:
    """Whether `year` has 366 days."""
    return year % 4 == 0 if julian else (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def month_length(year: int, month: int, julian: bool = False) -> int:
    """Days in a month (28 to 31)."""
    return 29 if month == 2 and is_leap(year, julian) else MONTH_LENGTHS[month - 1]


def _shifted(year: int, month: int, day: int) -> tuple[int, int]:
    """Year counted from March, and the day of that year."""
    return year - (month <= 2), (153 * ((month + 9) % 12) + 2) // 5 + day - 1


def day_number(year: int, month: int, day: int) -> int:
    """Day number of a Gregorian date. No check of the day: 31 February is two or three days past the 28th."""
    y, doy = _shifted(year, month, day)
    era, yoe = divmod(y, 400)
    return era * 146_097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719_468


def julian_day_number(year: int, month: int, day: int) -> int:
    """Day number of a Julian (old-style) date."""
    y, doy = _shifted(year, month, day)
    era, yoe = divmod(y, 4)
    return era * 1461 + yoe * 365 + doy - 719_470


def _month_day(doy: int) -> tuple[int, int]:
    mp = (5 * doy + 2) // 153
    return (mp + 2) % 12 + 1, doy - (153 * mp + 2) // 5 + 1


def civil(number: int) -> tuple[int, int, int]:
    """Gregorian (year, month, day) of a day number."""
    era, doe = divmod(number + 719_468, 146_097)
    yoe = (doe - doe // 1460 + doe // 36_524 - doe // 146_096) // 365
    month, day = _month_day(doe - (365 * yoe + yoe // 4 - yoe // 100))
    return yoe + era * 400 + (month <= 2), month, day


def julian_civil(number: int) -> tuple[int, int, int]:
    """Julian (year, month, day) of a day number."""
    era, doe = divmod(number + 719_470, 1461)
    yoe = (doe - doe // 1460) // 365
    month, day = _month_day(doe - 365 * yoe)
    return yoe + era * 4 + (month <= 2), month, day


def to_new_style(year: int, month: int, day: int) -> tuple[int, int, int]:
    """The Gregorian date of a Julian one: 25 October 1917 is 7 November 1917."""
    return civil(julian_day_number(year, month, day))


def to_old_style(year: int, month: int, day: int) -> tuple[int, int, int]:
    """The Julian date of a Gregorian one."""
    return julian_civil(day_number(year, month, day))


def iso(number: int) -> str:
    """`YYYY-MM-DD` of a day number."""
    year, month, day = civil(number)
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"


@dataclass(frozen=True)
class DualDate:
    """One day in both styles, as a source gives it. `agrees` says whether the source's arithmetic is right."""

    old: tuple[int, int, int]
    new: tuple[int, int, int]

    @classmethod
    def from_old(cls, year: int, month: int, day: int) -> DualDate:
        return cls((year, month, day), to_new_style(year, month, day))

    @property
    def agrees(self) -> bool:
        return to_new_style(*self.old) == self.new
