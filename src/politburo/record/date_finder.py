"""Finding dates in text: absolute ones by pattern, the others by what the text said before.

A date without its year, "that August", "six months later", "the same day", is resolved from the last date of the text;
"the fifth anniversary of Lenin's death" and "after the death of X" from the known events of the record, by arithmetic.
Such dates have the basis *context*; a day or month whose year cannot be had keeps unspecified digits (`XXXX-04`).
"By", "before", "until", "since", "after" give intervals with one open end; "about" gives `~`, "perhaps" gives `?`.

What it does not do: feast days, regnal years, dates in other languages, days of the week.
Cost: linear; one pass of every pattern over the sentences that hold a digit, a month or a word of time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .calendars import civil, month_length
from .date_patterns import (
    CONTEXT,
    HAS_MONTH,
    MONTH,
    NUMBER_WORDS,
    ORDINALS,
    PATTERNS,
    Found,
    month_number,
    part_of_month,
    season,
)
from .edtf import Bounds, EDTFError, _shift, parse
from .text import Sentence, sentences

_HINT = re.compile(
    rf"\d|{MONTH}|later|earlier|anniversary|birthday|death|century|same (?:day|month|year)|(?:next|following|previous|that) (?:day|week|month|year|spring|summer|autumn|winter)|before|after|since|ago|Revolution"
)
_TO = re.compile(
    r"\b(?:by|before|until|till|up to|prior to|(?:no|not) later than|through to)\s+(?:(?:the|about|around|at least|as late as)\s+)*$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:since|after|following|as of|(?:beginning|starting|dating) (?:in|from)|from)\s+(?:(?:the|about|around|at least|as early as|late|early)\s+)*$",
    re.IGNORECASE,
)
_ONWARD = re.compile(r"^\s*(?:onwards?|on\b(?!\s+\w+ing))", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|around|circa|approximately|roughly|c\.|ca\.)\s+(?:the\s+)?$", re.IGNORECASE)
_PERHAPS = re.compile(
    r"\b(?:perhaps|probably|possibly|maybe)\s+(?:(?:in|on|by|as early as|around)\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_NOT_UNTIL = re.compile(
    r"\b(?:not|never|only|n['’]t)\b[^.;]*\b(?:until|till)\s+(?P<a>after\s+)?$", re.IGNORECASE
)
_SKIP = re.compile(
    r"(?:\bpp?\.|\bpages?|\bno\.|\bNo\.|№|\bISBN[\s:]*[\d-]*|\barticle|\bch\.|\bvol\.|\bline)\s*[\d–-]*$",
    re.IGNORECASE,
)
_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365, "decade": 3653}
_NUM = r"(?:\d{1,3}|" + "|".join(sorted(NUMBER_WORDS, key=len, reverse=True)) + r")"
_LATER = re.compile(
    rf"\b(?P<about>(?:only|just|barely|some|about|around|almost|nearly|roughly|less than|more than|over)\s+)?(?P<n>{_NUM}|several|a few|a couple of)[\s-]+"
    r"(?P<u>day|week|month|year|decade)s?\s+(?P<w>later|earlier|afterwards?|before(?!\s+\w)|after(?!\s+\w)|previously|thereafter)", re.IGNORECASE)  # fmt: skip
_SAME = re.compile(
    r"\b(?P<w>(?:on|in|during)\s+(?:that|the same)|(?:the\s+)?same|(?:on|in)?\s*the\s+(?:next|following|previous)|that)\s+(?P<u>day|month|year|night|morning|evening|spring|summer|autumn|winter)\b",
    re.IGNORECASE,
)
_ANNIVERSARY = re.compile(
    r"\b(?P<n>\d{1,3}(?:st|nd|rd|th)|[a-z]+(?:-[a-z]+)?)\s+anniversary\s+of\s+(?:the\s+)?(?P<e>[^,.;:]{3,60})", re.IGNORECASE)  # fmt: skip
_BIRTHDAY = re.compile(
    r"\b(?P<p>[A-Z][\w-]+)['’]s?\s+(?P<n>\d{1,3}(?:st|nd|rd|th)|[a-z]+(?:-[a-z]+)?)\s+birthday", re.UNICODE
)
_AFTER_EVENT = re.compile(
    r"\b(?P<w>[Aa]fter|[Ff]ollowing|[Ss]ince|[Uu]pon|[Bb]efore|[Uu]ntil|[Tt]ill|[Bb]y the time of|[Dd]ays before|[Oo]n)\s+(?P<e>(?:the\s+)?[^,.;:()]{3,60})"
)


@dataclass(frozen=True)
class DateMention:
    """A date in a text: place, EDTF text, how it was had (explicit or context), the rule, confidence, old style."""

    start: int
    end: int
    edtf: str
    basis: str
    rule: str
    confidence: float
    old_style: str | None = None


@dataclass(frozen=True)
class KnownEvent:
    """An event whose date the arithmetic may start from: a pattern that names it, and its EDTF date."""

    pattern: re.Pattern[str]
    edtf: str
    name: str


def known_events(
    deaths: Iterable[tuple[str, str]], others: Iterable[tuple[str, str, str]] = ()
) -> list[KnownEvent]:
    """Events from (surname, date of death) pairs and (regular expression, date, name) triples."""
    out = [
        KnownEvent(
            re.compile(
                rf"(?:{re.escape(n)}['’]?s?\s+death|(?:the\s+)?death\s+of\s+(?:[A-Z][\w.]*\s+){{0,3}}{re.escape(n)})\b"
            ),
            d,
            f"death of {n}",
        )
        for n, d in deaths
    ]
    return out + [KnownEvent(re.compile(p), d, n) for p, d, n in others]


OTHER_EVENTS = [
    (r"(?:the\s+)?(?:October|November|Bolshevik|Russian)\s+Revolution\b", "1917-11-07", "October Revolution")
]


class _Context:
    """The last date of the text, from which others are reckoned."""

    def __init__(self) -> None:
        self.bounds: Bounds | None = None
        self.place = -(10**9)

    def year(self) -> int | None:
        return None if self.bounds is None or self.bounds.low is None else civil(self.bounds.low)[0]

    def month(self) -> int | None:
        if (
            self.bounds is None
            or self.bounds.low is None
            or self.bounds.high is None
            or self.bounds.high - self.bounds.low > 100
        ):
            return None
        return civil(self.bounds.low)[1]

    def note(self, edtf: str, place: int) -> None:
        try:
            value = parse(edtf)
        except EDTFError:
            return
        b = value.bounds()
        if b.low is None and b.high is not None:
            b = Bounds(b.high, b.high)
        elif b.high is None and b.low is not None:
            b = Bounds(b.low, b.low)
        if b.low is not None and "XXXX" not in edtf and b.high - b.low < 1200:
            self.bounds, self.place = b, place


def find_dates(
    text: str, events: list[KnownEvent] | None = None, parts: list[Sentence] | None = None
) -> list[DateMention]:
    """All dates of a text, in order."""
    context = _Context()
    out: list[DateMention] = []
    for s in parts if parts is not None else sentences(text):
        body = text[s.start : s.end].replace("\u00a0", " ").replace("\u202f", " ")
        if _HINT.search(body):
            out += _in_sentence(body, s.start, context, events or [])
    return out


def _in_sentence(body: str, offset: int, context: _Context, events: list[KnownEvent]) -> list[DateMention]:
    taken: list[tuple[int, int]] = []
    hits: list[tuple[int, int, Found | None, str, re.Match[str] | None]] = []

    def free(a: int, b: int) -> bool:
        return all(b <= x or a >= y for x, y in taken)

    has_digit = any(c.isdigit() for c in body) or "century" in body
    if has_digit:
        month = HAS_MONTH.search(body) is not None
        for pattern, handler, needs_month in PATTERNS:
            if needs_month and not month:
                continue
            for match in pattern.finditer(body):
                a, b = match.span()
                if free(a, b) and not _SKIP.search(body[max(0, a - 24) : a]):
                    found = handler(match)
                    if found:
                        taken.append((a, b))
                        hits.append((a, b, found, "", match))
    for pattern, rule in CONTEXT:
        for match in pattern.finditer(body):
            if free(*match.span()):
                taken.append(match.span())
                hits.append((*match.span(), None, rule, match))
    for pattern, rule in (
        (_LATER, "later"),
        (_SAME, "same"),
        (_ANNIVERSARY, "anniversary"),
        (_BIRTHDAY, "birthday"),
    ):
        for match in pattern.finditer(body):
            dated_after = rule == "later" and any(
                match.end() <= x <= match.end() + 6 for x, _ in taken
            )  # "a few days later on April 3"
            if free(*match.span()) and not dated_after:
                hits.append((*match.span(), None, rule, match))
                if rule != "anniversary":
                    taken.append(match.span())
    dated = {
        x for x, _ in taken
    }  # "after Lenin's death in 1924": the year stands there, nothing is to be reckoned
    hits += [
        (a, b, None, "event", m)
        for a, b, m in _event_hits(body, events)
        if free(a, b) and not any(b <= x <= b + 8 for x in dated)
    ]
    hits.sort(key=lambda h: (h[0], h[1]))
    out: list[DateMention] = []
    for a, b, found, rule, match in hits:
        if found is not None:
            out += _absolute(body, a, b, found, offset, context)
        else:
            value = _relative(body, rule, match, context, events)
            if value is None:
                continue
            edtf, confidence, shift = value
            start = a + shift
            text_edtf = (
                edtf
                if rule in ("event", "anniversary", "birthday")
                else _modified(body, start, b, edtf, rule)
            )
            mention = DateMention(offset + start, offset + b, text_edtf, "context", rule, confidence)
            if rule == "event" and any(m.start - offset < b + 3 and a < m.end - offset + 3 for m in out):
                continue
            out.append(mention)
            if (
                rule not in ("event", "anniversary", "birthday")
                or context.bounds is None
                or rule == "anniversary"
            ):
                context.note(edtf, offset + b)
    return out


def _absolute(body: str, a: int, b: int, found: Found, offset: int, context: _Context) -> list[DateMention]:
    out = []
    for i, edtf in enumerate(found.edtf):
        basis = "explicit"
        old = found.old_style
        if edtf.startswith("Y-") or "/Y-" in edtf:
            year = _year_for(edtf, context)
            edtf = edtf.replace("Y-", f"{year}-")
            old = old.replace("Y-", f"{year}-") if old else None
            basis = "context"
        x, y = found.spans[i] if found.spans else (a, b)
        try:
            parse(edtf)
        except EDTFError:
            continue
        shown = _modified(body, a, b, edtf, found.rule) if len(found.edtf) == 1 else edtf
        out.append(
            DateMention(
                offset + x,
                offset + y,
                shown,
                basis,
                found.rule,
                found.confidence if basis == "explicit" else 0.8,
                old,
            )
        )
        context.note(edtf, offset + y)
    return out


def _year_for(edtf: str, context: _Context) -> str:
    year, month = context.year(), context.month()
    if year is None:
        return "XXXX"
    match = re.match(r"Y-(\d\d)", edtf)
    if match and month and month >= 10 and int(match[1]) <= 3:
        year += 1  # the story went past New Year
    return f"{year:04d}"


def _modified(body: str, a: int, b: int, edtf: str, rule: str) -> str:
    """The date under its preposition: open intervals, `~` and `?`."""
    before, after = body[max(0, a - 40) : a], body[b : b + 12]
    own = body[a:b].lower()
    open_already = "/" in edtf and ".." in edtf
    if rule in ("month", "that season") and " " in own:
        before += own.split()[0] + " "
    if open_already:
        return edtf
    waited = _NOT_UNTIL.search(before)
    if waited:
        return f"{_start(edtf)}/.." if waited["a"] else edtf
    if _TO.search(before):
        return f"../{_end(edtf)}"
    if _FROM.search(before) or _ONWARD.match(after):
        return f"{_start(edtf)}/.."
    if "/" not in edtf and edtf[-1] not in "?~%":
        if _ABOUT.search(before):
            return edtf + "~"
        if _PERHAPS.search(before):
            return edtf + "?"
    return edtf


def _start(edtf: str) -> str:
    first = edtf.split("/")[0]
    return first[:3] + "0" if re.fullmatch(r"\d{3}X", first) else first


def _end(edtf: str) -> str:
    last = edtf.split("/")[-1]
    return last[:3] + "9" if re.fullmatch(r"\d{3}X", last) else last


def _event_hits(body: str, events: list[KnownEvent]) -> list[tuple[int, int, re.Match[str]]]:
    out = []
    for match in _AFTER_EVENT.finditer(body):
        for e in events:
            if e.pattern.match(match["e"]):
                out.append((match.start(), match.start("e") + e.pattern.match(match["e"]).end(), match))
                break
    return out


def _relative(
    body: str, rule: str, m: re.Match[str], context: _Context, events: list[KnownEvent]
) -> tuple[str, float, int] | None:
    """(EDTF, confidence, how far into the match the date begins) of a relative date, or None."""
    g = m.groupdict()
    if rule == "event":
        event = next(e for e in events if e.pattern.match(g["e"]))
        word = g["w"].lower()
        if word in ("on", "upon"):
            return (event.edtf, 0.7, m.start("e") - m.start()) if word == "upon" else None
        if word in ("before", "until", "till", "days before", "by the time of"):
            return f"../{event.edtf}", 0.75, 0
        return f"{event.edtf}/..", 0.75, 0
    if rule == "anniversary":
        n = _ordinal(g["n"])
        event = next((e for e in events if e.pattern.match(g["e"])), None)
        if n is None or event is None:
            return None
        b = parse(event.edtf).bounds()
        return str(Bounds(_shift(b.low, n, 0, 0), _shift(b.high, n, 0, 0)).edtf()), 0.9, 0
    if rule == "birthday":
        n = _ordinal(g["n"])
        event = next((e for e in events if e.name == f"birth of {g['p']}"), None)
        if (
            n is None
            or event is None
            or any(
                abs((context.year() or 0) - y) > 2 for y in [parse(event.edtf).bounds().low // 365 + 1970 + n]
            )
        ):
            return None
        b = parse(event.edtf).bounds()
        return str(Bounds(_shift(b.low, n, 0, 0), _shift(b.high, n, 0, 0)).edtf()), 0.5, 0
    if rule == "later":
        return _later(g, context)
    if rule == "same":
        return _same(g, context)
    month = month_number(g["m"] or g.get("m2") or "") if (g.get("m") or g.get("m2")) else 0
    year = context.year()
    lead = (
        0
        if rule in ("day month", "part of a month", "that month", "following month")
        else m.start("m" if "m" in g else "s") - m.start()
    )
    if rule == "that season":
        return (season(g["s"], f"{year:04d}"), 0.7, lead) if year is not None else None
    if year is None:
        ytext = "XXXX"
    else:
        last = context.month()
        if rule == "following month":
            back = g["w"].lower() in ("the previous", "last")
            year += (
                -1 if back and last and month >= last else (1 if not back and last and month <= last else 0)
            )
        elif rule != "that month" and last and last >= 10 and month <= 3:
            year += 1
        ytext = f"{year:04d}"
    if rule == "day month":
        day = int(re.sub(r"\D", "", g["d"] or g["d2"]))
        if day > (month_length(year, month) if year else month_length(2000, month)):
            return None
        return f"{ytext}-{month:02d}-{day:02d}", 0.85 if year else 0.6, lead
    if rule == "part of a month" and year:
        return part_of_month(g["p"], ytext, month), 0.75, lead
    return f"{ytext}-{month:02d}", (0.8 if year else 0.5), lead


def _ordinal(text: str) -> int | None:
    digits = re.match(r"\d+", text)
    return int(digits.group()) if digits else ORDINALS.get(text.lower())


def _later(g: dict[str, str], context: _Context) -> tuple[str, float, int] | None:
    b = context.bounds
    if b is None or b.low is None or b.high is None:
        return None
    unit, about = g["u"].lower(), bool(g["about"]) and g["about"].strip().lower() not in ("only", "just")
    word = g["n"].lower()
    if word in ("several", "a few", "a couple of"):
        n, about = (2 if "couple" in word else 4), True
    else:
        n = int(word) if word.isdigit() else NUMBER_WORDS[word]
    sign = -1 if g["w"].lower() in ("earlier", "before", "previously") else 1
    years, months, days = (sign * n * (unit == "year") + sign * 10 * n * (unit == "decade"), sign * n * (unit == "month"),
                           sign * n * ((unit == "day") + 7 * (unit == "week")))  # fmt: skip
    low, high = _shift(b.low, years, months, 0) + days, _shift(b.high, years, months, 0) + days
    (y, mo, d), (y2, mo2, _) = civil(low), civil(high)
    tail = "~" if about else ""
    span = high - low
    if unit in ("year", "decade") and span > 31:
        return (f"{y:04d}{tail}" if y == y2 else f"{y:04d}/{y2:04d}"), 0.75, 0
    if unit in ("day", "week") and span == 0:
        return f"{y:04d}-{mo:02d}-{d:02d}{'~' if about or unit == 'week' else ''}", 0.8, 0
    if (y, mo) == (y2, mo2) or span <= 31:
        return f"{y:04d}-{mo:02d}{tail}", 0.75, 0
    return f"{y:04d}-{mo:02d}/{y2:04d}-{mo2:02d}", 0.6, 0


def _same(g: dict[str, str], context: _Context) -> tuple[str, float, int] | None:
    b, unit, word = context.bounds, g["u"].lower(), g["w"].lower()
    if b is None or b.low is None or b.high is None:
        return None
    step = 1 if "next" in word or "following" in word else -1 if "previous" in word else 0
    y, mo, d = civil(b.low)
    if unit in ("spring", "summer", "autumn", "winter"):
        return season(unit, f"{y + step:04d}"), 0.7, 0
    if unit in ("day", "night", "morning", "evening"):
        if b.high - b.low > 1 or word == "that" and unit != "day":
            return None
        y, mo, d = civil(b.high + step)
        return f"{y:04d}-{mo:02d}-{d:02d}", 0.8, 0
    if unit == "month":
        if b.high - b.low > 40:
            return None
        y, mo, _ = civil(_shift(b.low, 0, step, 0))
        return f"{y:04d}-{mo:02d}", 0.8, 0
    if civil(b.high)[0] != y:
        return None
    return f"{y + step:04d}", 0.8, 0
