"""Dates as English historical prose writes them: the expressions that carry their own year, or part of a date.

Each pattern is a regular expression with a handler that returns the EDTF text (with `Y` for a year to be taken from
the context), the old style where both calendars are given, and a rule name. Conventions, printed in the reference:
early, mid and late divide a month at 10 and 20, a year into January-March, May-August and October-December, a decade
into X0-X3, X4-X6 and X7-X9; the beginning and end of a year are its first and last quarter; an economic year 1927/28
is October to September.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .calendars import month_length

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_SHORT = {m[:3]: i for i, m in enumerate(MONTHS, 1)} | {"sept": 9}
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
MON = rf"(?:{MONTH}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?"
YEAR = r"(?:1[0-9]{3}|20[0-9]{2})(?![0-9]|[.,][0-9])"
DASH = r"\s?[-–—]\s?"
SEASON = r"(?:spring|summer|autumn|fall|winter)"
PART = r"(?:very\s+)?(?:early|mid(?:dle)?(?:\s+of)?|late|(?:the\s+)?(?:beginning|start|end|close|middle)\s+of|the\s+turn\s+of)"
ORDINALS = {w: i for i, w in enumerate(
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"], 1)} | {"twenty-first": 21, "twenty-fifth": 25, "thirtieth": 30, "fortieth": 40, "fiftieth": 50,
                                                      "sixtieth": 60, "seventieth": 70, "hundredth": 100}  # fmt: skip
NUMBER_WORDS = {w: i for i, w in enumerate(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"])} | {
    "a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One expression: EDTF texts (several for "1937 and 1938"), old style, rule, confidence."""

    edtf: tuple[str, ...]
    rule: str
    confidence: float
    old_style: str | None = None
    spans: tuple[tuple[int, int], ...] | None = None  # places of the single texts, if several


def month_number(word: str) -> int:
    """1 to 12."""
    return _SHORT[word.lower().rstrip(".")[: 4 if word.lower().startswith("sept") else 3]]


def _d(text: str) -> str:
    return f"{int(re.sub(r'[a-z]', '', text)):02d}"


def _fits(year: str, month: int, *days: str) -> bool:
    longest = month_length(int(year), month) if year.isdigit() else month_length(2000, month)
    return all(1 <= int(d) <= longest for d in days)


def short_year(first: str, second: str) -> str:
    """The second year of 1923-24 or 1936-8 in full."""
    return first[: 4 - len(second)] + second if len(second) < 4 else second


def part_of_year(part: str, year: str) -> str:
    part = part.lower()
    if "early" in part or "beginning" in part or "start" in part or "turn" in part:
        return f"{year}-01/{year}-03"
    if "mid" in part:
        return f"{year}-05/{year}-08"
    return f"{year}-10/{year}-12"


def part_of_month(part: str, year: str, month: int) -> str:
    part = part.lower()
    base = f"{year}-{month:02d}"
    last = month_length(int(year), month) if year.isdigit() else 28
    if "early" in part or "beginning" in part or "start" in part or "turn" in part:
        return f"{base}-01/{base}-10"
    if "mid" in part:
        return f"{base}-11/{base}-20"
    return f"{base}-21/{base}-{last:02d}"


def part_of_decade(part: str, decade: str) -> str:
    part, d = part.lower(), decade[:3]
    if "early" in part or "beginning" in part or "start" in part or "turn" in part:
        return f"{d}0/{d}3"
    return f"{d}4/{d}6" if "mid" in part else f"{d}7/{d}9"


def season(name: str, year: str) -> str:
    return (
        f"{year}-"
        + {"spring": "21", "summer": "22", "autumn": "23", "fall": "23", "winter": "24"}[name.lower()]
    )


Handler = Callable[[re.Match[str]], Found | None]
PATTERNS: list[tuple[re.Pattern[str], Handler, bool]] = []  # the flag: only where a month is named
HAS_MONTH = re.compile(r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec", re.IGNORECASE)


def _pattern(expression: str, flags: int = re.IGNORECASE):
    def add(handler: Handler) -> Handler:
        PATTERNS.append((re.compile(expression, flags), handler, MONTH in expression))
        return handler

    return add


def _dual(old: tuple[str, int, str], new: tuple[str, int, str], rule: str) -> Found | None:
    if not (_fits(*old) and _fits(*new)):
        return None
    o, n = (f"{y}-{m:02d}-{d}" for y, m, d in (old, new))
    return Found((n,), rule, 0.97, o)


@_pattern(
    rf"\b(?P<nd>{DAY})\s+(?P<nm>{MON})\s+[\[(]O\.?\s?S\.?\s+(?P<od>{DAY})\s+(?P<om>{MON})(?:,?\s+(?P<oy>{YEAR}))?[\])],?\s+(?P<y>{YEAR})"
)
def _new_then_old(m: re.Match[str]) -> Found | None:
    return _dual(
        (m["oy"] or m["y"], month_number(m["om"]), _d(m["od"])),
        (m["y"], month_number(m["nm"]), _d(m["nd"])),
        "new style [old style]",
    )


@_pattern(
    rf"\b(?P<nm>{MON})\s+(?P<nd>{DAY})\s+[\[(]O\.?\s?S\.?\s+(?P<om>{MON})\s+(?P<od>{DAY})(?:,?\s+(?P<oy>{YEAR}))?[\])],?\s+(?P<y>{YEAR})"
)
def _new_then_old_month_first(m: re.Match[str]) -> Found | None:
    return _new_then_old(m)


@_pattern(rf"\b(?:(?P<om>{MON})\s+(?P<od>{DAY})|(?P<od2>{DAY})\s+(?P<om2>{MON}))(?:,?\s+(?P<y>{YEAR}))?\s+\((?:(?P<nm>{MON})\s+)?(?P<nd>{DAY})(?:\s+(?P<nm2>{MON}))?"
          rf"(?:,?\s+(?P<ny>{YEAR}))?[^)]{{0,12}}(?:new style|N\.?\s?S\.?|Gregorian)[^)]{{0,12}}\)(?:,?\s+(?P<y2>{YEAR}))?")  # fmt: skip
def _old_then_new(m: re.Match[str]) -> Found | None:
    year = m["y"] or m["ny"] or m["y2"] or "Y"
    om = month_number(m["om"] or m["om2"])
    nm = month_number(m["nm"] or m["nm2"]) if (m["nm"] or m["nm2"]) else om
    return _dual(
        (year, om, _d(m["od"] or m["od2"])), (m["ny"] or year, nm, _d(m["nd"])), "old style (new style)"
    )


@_pattern(rf"\b(?P<od>{DAY})\s+(?P<om>{MON})\s?[(/]\s?(?P<nd>{DAY})\s+(?P<nm>{MON})\)?,?\s+(?P<y>{YEAR})")
def _both_months(m: re.Match[str]) -> Found | None:
    return _dual(
        (m["y"], month_number(m["om"]), _d(m["od"])),
        (m["y"], month_number(m["nm"]), _d(m["nd"])),
        "old style (new style)",
    )


@_pattern(rf"\b(?P<od>{DAY})\s?[(/]\s?(?P<nd>{DAY})\)?\s+(?P<m>{MON})\s+(?P<y>1[0-9]{{3}})")
def _both_days(m: re.Match[str]) -> Found | None:
    gap = int(_d(m["nd"])) - int(_d(m["od"]))
    month = month_number(m["m"])
    return (
        _dual((m["y"], month, _d(m["od"])), (m["y"], month, _d(m["nd"])), "old style (new style)")
        if 10 <= gap <= 13
        else None
    )


@_pattern(
    rf"\b(?:from\s+|between\s+)?(?:the\s+)?(?P<a>{DAY})(?:{DASH}|\s+(?:to|and|until)\s+)(?:the\s+)?(?P<b>{DAY})(?:\s+of)?\s+(?P<m>{MON})(?:,?\s+(?P<y>{YEAR}))?"
)
def _days_month(m: re.Match[str]) -> Found | None:
    y, month = m["y"] or "Y", month_number(m["m"])
    a, b = _d(m["a"]), _d(m["b"])
    return (
        Found((f"{y}-{month:02d}-{a}/{y}-{month:02d}-{b}",), "days of a month", 0.95)
        if _fits(y, month, a, b) and a < b
        else None
    )


@_pattern(rf"\b(?P<m>{MON})\s+(?P<a>{DAY}){DASH}(?P<b>{DAY}),\s+(?P<y>{YEAR})")
def _month_days(m: re.Match[str]) -> Found | None:
    y, month = m["y"], month_number(m["m"])
    a, b = _d(m["a"]), _d(m["b"])
    return (
        Found((f"{y}-{month:02d}-{a}/{y}-{month:02d}-{b}",), "days of a month", 0.95)
        if _fits(y, month, a, b) and a < b
        else None
    )


@_pattern(
    rf"\b(?:from\s+|between\s+)?(?P<ad>{DAY})\s+(?P<am>{MON})(?:,?\s+(?P<ay>{YEAR}))?(?:{DASH}|\s+(?:to|and|until)\s+)(?P<bd>{DAY})\s+(?P<bm>{MON}),?\s+(?P<by>{YEAR})"
)
def _day_to_day(m: re.Match[str]) -> Found | None:
    ay, am, bm = m["ay"] or m["by"], month_number(m["am"]), month_number(m["bm"])
    a, b = f"{ay}-{am:02d}-{_d(m['ad'])}", f"{m['by']}-{bm:02d}-{_d(m['bd'])}"
    if not (_fits(ay, am, _d(m["ad"])) and _fits(m["by"], bm, _d(m["bd"]))) or a > b:
        return None
    if re.search(r"\sand\s", m.group()) and not m.group().lower().startswith("between"):
        return Found((a, b), "two days", 0.9)
    return Found((f"{a}/{b}",), "day to day", 0.95)


@_pattern(rf"\b(?:the\s+)?(?P<d>{DAY})(?:\s+of)?\s+(?P<m>{MON}),?\s+(?P<y>{YEAR})")
def _day_month_year(m: re.Match[str]) -> Found | None:
    month = month_number(m["m"])
    return (
        Found((f"{m['y']}-{month:02d}-{_d(m['d'])}",), "day month year", 0.99)
        if _fits(m["y"], month, _d(m["d"]))
        else None
    )


@_pattern(rf"\b(?P<m>{MON})\s+(?:the\s+)?(?P<d>{DAY}),?\s+(?P<y>{YEAR})")
def _month_day_year(m: re.Match[str]) -> Found | None:
    month = month_number(m["m"])
    return (
        Found((f"{m['y']}-{month:02d}-{_d(m['d'])}",), "month day year", 0.99)
        if _fits(m["y"], month, _d(m["d"]))
        else None
    )


@_pattern(rf"\b(?P<y>{YEAR[: -len('(?![0-9]|[.,][0-9])')]})-(?P<m>0[1-9]|1[0-2])-(?P<d>[0-3][0-9])\b")
def _iso(m: re.Match[str]) -> Found | None:
    return Found((m.group(),), "ISO date", 0.99) if _fits(m["y"], int(m["m"]), m["d"]) else None


@_pattern(rf"(?<![\d.])(?P<d>[0-3]?[0-9])\.(?P<m>[01]?[0-9])\.(?P<y>{YEAR})")
def _dotted(m: re.Match[str]) -> Found | None:
    month = int(m["m"])
    if not 1 <= month <= 12 or not _fits(m["y"], month, m["d"]):
        return None
    return Found((f"{m['y']}-{month:02d}-{int(m['d']):02d}",), "day.month.year", 0.95)


@_pattern(
    rf"\b(?:from\s+|between\s+)?(?P<am>{MON})(?:,?\s+(?P<ay>{YEAR}))?(?:{DASH}|\s+(?:to|and|until)\s+)(?P<bm>{MON}),?(?:\s+of)?\s+(?P<by>{YEAR})"
)
def _month_to_month(m: re.Match[str]) -> Found | None:
    ay, am, bm = m["ay"] or m["by"], month_number(m["am"]), month_number(m["bm"])
    a, b = f"{ay}-{am:02d}", f"{m['by']}-{bm:02d}"
    if a > b:
        return None
    if re.search(r"\sand\s", m.group()) and not m.group().lower().startswith("between"):
        return Found((a, b), "two months", 0.9)
    return Found((f"{a}/{b}",), "month to month", 0.95)


@_pattern(rf"\b(?P<p>{PART})[\s-]+(?P<m>{MON})(?:\s+of|,)?\s+(?P<y>{YEAR})")
def _part_month(m: re.Match[str]) -> Found | None:
    return Found((part_of_month(m["p"], m["y"], month_number(m["m"])),), "part of a month", 0.95)


@_pattern(rf"\b(?P<m>{MON})(?:,|\s+of)?\s+(?P<y>{YEAR})")
def _month_year(m: re.Match[str]) -> Found | None:
    return Found((f"{m['y']}-{month_number(m['m']):02d}",), "month year", 0.98)


@_pattern(rf"\b(?P<y>{YEAR})\s+(?P<m>{MONTH})\b", 0)
def _year_month(m: re.Match[str]) -> Found | None:
    return Found((f"{m['y']}-{month_number(m['m']):02d}",), "year month", 0.85)


@_pattern(
    rf"\b(?P<p>early\s+|mid-?\s?|late\s+)?(?P<s>{SEASON})(?:\s+of|,)?\s+(?P<y>{YEAR})(?:[-–/](?P<z>\d{{2,4}})\b)?"
)
def _season(m: re.Match[str]) -> Found | None:
    value = season(m["s"], m["y"])
    if m["p"] and m["s"].lower() == "summer":
        month = {"e": "06", "m": "07", "l": "08"}[m["p"][0].lower()]
        value = f"{m['y']}-{month}"
    return Found((value,), "season", 0.95)


@_pattern(rf"\b(?:the\s+)?(?P<h>first|second)\s+half\s+of\s+(?:the\s+year\s+)?(?P<y>{YEAR})")
def _half(m: re.Match[str]) -> Found | None:
    return Found((f"{m['y']}-{'40' if m['h'].lower() == 'first' else '41'}",), "half-year", 0.95)


@_pattern(rf"\b(?P<p>{PART})[\s-]+(?:the\s+)?(?P<a>1[0-9]{{2}}0|20[0-9]0)['’]?s\b")
def _part_decade(m: re.Match[str]) -> Found | None:
    return Found((part_of_decade(m["p"], m["a"]),), "part of a decade", 0.92)


@_pattern(
    r"\b(?:the\s+)?(?P<a>1[0-9]{2}0|20[0-9]0)['’]?s\s+(?:and|to|or)\s+(?:the\s+)?(?P<b>1[0-9]{2}0|20[0-9]0|(?:19)?[0-9]0)['’]?s\b"
)
def _decades(m: re.Match[str]) -> Found | None:
    b = short_year(m["a"], m["b"])
    return Found((f"{m['a']}/{b[:3]}9",), "decades", 0.9)


@_pattern(r"\b(?P<a>1[0-9]{2}0|20[0-9]0)['’]?s\b")
def _decade(m: re.Match[str]) -> Found | None:
    return Found((m["a"][:3] + "X",), "decade", 0.95)


@_pattern(rf"\b(?P<p>{PART})[\s-]+(?:the\s+year\s+)?(?P<y>{YEAR})\b")
def _part_year(m: re.Match[str]) -> Found | None:
    return Found((part_of_year(m["p"], m["y"]),), "part of a year", 0.93)


@_pattern(rf"\b(?P<w>between|from)\s+(?P<a>{YEAR})\s+(?:and|to|until|till)\s+(?P<b>{YEAR}|\d{{2}})\b")
def _between(m: re.Match[str]) -> Found | None:
    b = short_year(m["a"], m["b"])
    return Found((f"{m['a']}/{b}",), "years from to", 0.97) if b >= m["a"] else None


@_pattern(
    r"(?<![\w.,-])(?P<a>1[5-9][0-9]{2}|20[0-2][0-9])\s?[-–—]\s?(?P<b>(?:1[5-9]|20)[0-9]{2}|[0-9]{2}|[0-9])(?![\w-]|[.,][0-9]|[-–][0-9])"
)
def _years(m: re.Match[str]) -> Found | None:
    b = short_year(m["a"], m["b"])
    return Found((f"{m['a']}/{b}",), "years", 0.95) if b >= m["a"] and int(b) - int(m["a"]) <= 130 else None


@_pattern(r"(?<![\w.,/-])(?P<a>1[89][0-9]{2})/(?P<b>[0-9]{2})(?![\w/]|[.,][0-9])")
def _economic(m: re.Match[str]) -> Found | None:
    b = short_year(m["a"], m["b"])
    return Found((f"{m['a']}-10/{b}-09",), "economic year", 0.85) if int(b) == int(m["a"]) + 1 else None


@_pattern(
    r"\b(?P<n>1[0-9]|20|[1-9])(?:st|nd|rd|th)[\s-]century\b|\b(?P<w>seventeenth|eighteenth|nineteenth|twentieth)[\s-]century\b"
)
def _century(m: re.Match[str]) -> Found | None:
    n = int(m["n"]) if m["n"] else ORDINALS[m["w"].lower()]
    return Found((f"{n - 1:02d}XX",), "century", 0.9)


@_pattern(
    rf"(?<![\w.,$£€#№-])(?P<a>{YEAR})(?P<s>\s+(?:and|or)\s+|,\s+(?:and\s+)?)(?P<b>{YEAR})(?![\w%]|-[a-z0-9])"
)
def _two_years(m: re.Match[str]) -> Found | None:
    if not (1500 <= int(m["a"]) < 2030 and 1500 <= int(m["b"]) < 2030) or int(m["b"]) <= int(m["a"]):
        return None
    return Found((m["a"], m["b"]), "two years", 0.9, spans=(m.span("a"), m.span("b")))


_COUNTED = re.compile(r"\s*(?:people|persons|men|women|tons|tonnes|delegates|members|votes|km|kilomet|peasants|workers|rubles|roubles|prisoners|households|deaths|"
                      r"copies|pages|percent|per cent|million|thousand|metres|miles|ha\b|hectares|families|soldiers|troops|tanks|aircraft)", re.IGNORECASE)  # fmt: skip


@_pattern(rf"(?<![\w.,$£€#№-])(?P<y>{YEAR})(?![\w%]|-\d)")
def _year(m: re.Match[str]) -> Found | None:
    if not 1500 <= int(m["y"]) < 2030:
        return None
    if _COUNTED.match(m.string, m.end()) and not re.search(
        r"\b(?:in|by|since|during|until)\s+$", m.string[max(0, m.start() - 8) : m.start()], re.IGNORECASE
    ):
        return None  # "1929 delegates", but "in 1933 workers' earnings"
    return Found((m["y"],), "year", 0.93)


CONTEXT: list[tuple[re.Pattern[str], str]] = [
    (re.compile(rf"\b(?:(?P<d>{DAY})(?:\s+of)?\s+(?P<m>{MONTH})|(?P<m2>{MONTH})\s+(?:the\s+)?(?P<d2>{DAY}))(?![\w]|[,.]?\d)"), "day month"),
    (re.compile(rf"\b(?P<p>[Ee]arly|[Mm]id|[Ll]ate|[Tt]he (?:beginning|end|middle) of)[\s-]+(?P<m>{MONTH})\b(?!\s+\d)"), "part of a month"),
    (re.compile(rf"\b(?:[Tt]hat|[Tt]he\s+same)\s+(?P<m>{MONTH})\b"), "that month"),
    (re.compile(rf"\b(?P<w>[Tt]he\s+following|[Tt]he\s+next|[Nn]ext|[Tt]he\s+previous|[Ll]ast)\s+(?P<m>{MONTH})\b"), "following month"),
    (re.compile(rf"\b(?:[Ii]n|[Bb]y|[Ss]ince|[Dd]uring|[Uu]ntil|[Tt]ill|[Ff]rom|[Bb]efore|[Aa]fter|[Tt]hroughout|(?:end|beginning|middle|start|month|days?|night|course|half|week) of)\s+(?P<m>{MONTH})\b"
                rf"(?!\s+(?:\d|Revolution|Uprising|Rising|Theses|Days|Manifesto|[Pp]lenum|Congress|Conference|Crisis))(?!['’]s)"), "month"),
    (re.compile(rf"\b(?:[Tt]hat|[Tt]he\s+same|[Ii]n\s+the|[Bb]y\s+(?:the\s+)?)\s*(?P<s>{SEASON})\b(?!\s+(?:of\s+)?\d)"), "that season"),
]  # fmt: skip
