"""Finding numbers with what they count: value as an interval, unit, and the scope the sentence gives.

Digits with separators, decimals and magnitudes ("1.8 million tonnes"), number words ("forty-two of the fifty delegates"),
per cents, fractions and multiples ("half of", "doubled"), ranges ("between 5 and 10 million", "375,000 to 400,000"),
bounds ("at least", "up to", "more than"), and round counts ("tens of thousands"). Dates, ordinals, page and article
numbers, and numbers inside names ("Five-Year Plan") are not numbers here. The unit is the counted noun; persons of any
description share the unit `persons` and the description goes into the scope, with places and years of the sentence.
Cost: linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .date_patterns import NUMBER_WORDS
from .text import FOOTNOTE

_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_SMALL = {w: n for w, n in NUMBER_WORDS.items() if w not in ("a", "an", "zero") and w not in _TENS}
_MAGNITUDE = {
    "hundred": 100.0,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "milliard": 1e9,
    "m": 1e6,
    "bn": 1e9,
}
_WORDNUM = (
    r"(?:(?:"
    + "|".join(_TENS)
    + r")(?:[-\s](?:one|two|three|four|five|six|seven|eight|nine))?|"
    + "|".join(sorted(_SMALL, key=len, reverse=True))
    + ")"
)
_NUM = rf"(?:\d{{1,3}}(?:[,\u00a0\u202f]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|{_WORDNUM})"
_MAG = r"(?:hundred\s+thousand|hundred\s+million|hundred|thousand|million|billion|milliard)"
_QUALIFIER = (r"(?P<q>at\s+least|no\s+fewer\s+than|not\s+less\s+than|no\s+less\s+than|more\s+than|over|upwards\s+of|as\s+many\s+as|up\s+to|at\s+most|no\s+more\s+than|not\s+more\s+than|"
              r"fewer\s+than|less\s+than|under|nearly|almost|about|around|approximately|roughly|some|an\s+estimated|only|as\s+much\s+as|within)\s+")  # fmt: skip
_RANGE = re.compile(rf"\b(?:{_QUALIFIER})?(?:(?:between|from)\s+)?(?P<a>{_NUM})(?:\s+(?P<am>{_MAG}))?\s*(?:%|per\s?cent\b)?\s?(?:to|and|or|[-–—])\s?(?:even\s+)?(?P<b>{_NUM})(?:\s+(?P<bm>{_MAG}))?"
                    rf"(?:\s+(?:to|or)\s+(?P<c>{_NUM})(?:\s+(?P<cm>{_MAG}))?)?(?P<pc>\s?%|\s+per\s?cent\b|\s+percent\b)?", re.IGNORECASE)  # fmt: skip
_SINGLE = re.compile(
    rf"(?<![\w.,/$£€#№-])(?:{_QUALIFIER})?(?P<a>{_NUM})(?P<m>\s+{_MAG}|\s?(?:m|bn)\b)?(?P<pc>\s?%|\s+per\s?cent\b|\s+percent\b)?(?![\w]|[,.]\d)",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?P<w>(?P<t>tens|hundreds|dozens|scores|several\s+(?:hundred|thousand|million)|several|(?:a\s+)?few\s+(?:hundred|thousand|million))(?:\s+of\s+(?P<m>thousands|millions))?|(?P<k>thousands|millions))\s+(?:of\s+)?(?=[A-Za-z])",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\b(?P<w>doubled|trebled|tripled|quadrupled|halved)\b", re.IGNORECASE)
_FRACTION = re.compile(
    r"\b(?P<w>half|a\s+third|two[-\s]thirds|a\s+quarter|three[-\s]quarters|one[-\s](?:half|third|quarter|fifth|tenth))\s+(?:of\s+)?(?:(?:all|the|its|their)\s+)*(?=[a-z])",
    re.IGNORECASE,
)
_FRACTIONS = {
    "half": 50,
    "a third": 33.3,
    "two thirds": 66.7,
    "a quarter": 25,
    "three quarters": 75,
    "one half": 50,
    "one third": 33.3,
    "one quarter": 25,
    "one fifth": 20,
    "one tenth": 10,
}
_BEFORE_SKIP = re.compile(
    r"(?:\bpp?\.|\bpages?|\bno\.|№|\barticles?|\bch\.|\bchapters?|\bvol\.|\border|\bline|\bISBN[\d\s-]*|\bsection|\bparagraph|\bfigure|\btable|\bpart|\bvolume|\bstage)\s*$",
    re.IGNORECASE,
)
_NOUN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
PERSONS = set(
    ["people", "persons", "person", "men", "women", "children", "lives", "deaths", "victims", "peasants", "workers", "prisoners", "deportees", "delegates", "soldiers", "officers", "troops", "officials", "members", "supporters", "arrests", "executions", "casualties", "refugees", "families", "settlers", "kulaks", "communists", "bolsheviks", "oppositionists", "inmates", "priests", "monks", "nuns", "generals", "admirals", "commissars", "citizens", "voters", "engineers", "students", "teachers", "leaders", "poles", "germans", "koreans", "tatars", "chechens", "jews", "ukrainians", "kazakhs", "individuals", "dead", "candidates", "secretaries", "activists", "inhabitants"])  # fmt: skip
_KEEP_UNIT = {"members", "delegates", "families", "supporters", "leaders", "candidates"}
UNITS = {"tonnes": "tonnes", "tons": "tonnes", "tonne": "tonnes", "ton": "tonnes", "votes": "votes", "vote": "votes", "seats": "seats", "ballots": "votes", "years": "years", "year": "years",
         "months": "months", "month": "months", "weeks": "weeks", "days": "days", "day": "days", "hours": "hours", "hour": "hours", "roubles": "roubles", "rubles": "roubles",
         "households": "households", "farms": "farms", "factories": "factories", "kilometres": "kilometres", "kilometers": "kilometres", "km": "kilometres", "cm": "cm", "ft": "ft",
         "hectares": "hectares", "ha": "hectares", "parishes": "parishes", "churches": "churches", "countries": "countries", "cattle": "cattle", "pigs": "pigs",
         "horses": "horses", "sheep": "sheep", "lists": "lists", "poods": "poods", "copies": "copies", "divisions": "divisions", "camps": "camps"}  # fmt: skip
_STOP_NOUN = set(
    [
        "of",
        "the",
        "a",
        "an",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "and",
        "or",
        "but",
        "to",
        "which",
        "who",
        "whom",
        "that",
        "were",
        "was",
        "had",
        "have",
        "has",
        "are",
        "is",
        "been",
        "being",
        "as",
        "into",
        "more",
        "other",
        "his",
        "her",
        "its",
        "their",
        "them",
        "it",
        "he",
        "she",
        "than",
        "then",
        "this",
        "these",
        "those",
        "whilst",
        "while",
        "whereas",
        "when",
        "if",
        "because",
        "so",
    ]
)
_ASIDE = re.compile(r"(?:\s*\([^()]{0,60}\))+")
_AGO = re.compile(
    r"\s+(?:years?|months?|weeks?|days?|decades?)\s+(?:later|earlier|ago|before|after|afterwards)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class NumberMention:
    """A number in a text: `low..high` (None: open), unit, what is counted, and the places and dates near it."""

    start: int
    end: int
    low: float | None
    high: float | None
    unit: str
    what: str
    rule: str
    confidence: float
    scope: dict[str, str] = field(default_factory=dict, compare=False)


def number(text: str) -> float:
    """The value of digits or number words."""
    text = re.sub(r"[,\u00a0\u202f]", "", text.lower().strip())
    if text[0].isdigit():
        return float(text)
    return float(sum(_TENS.get(w) or _SMALL.get(w) or 0 for w in re.split(r"[-\s]+", text)))


def _magnitude(text: str | None) -> float:
    value = 1.0
    for word in (text or "").lower().split():
        value *= _MAGNITUDE[word]
    return value


def find_numbers(
    body: str, offset: int = 0, blocked: list[tuple[int, int]] | None = None
) -> list[NumberMention]:
    """Numbers of one sentence `body`, which begins at `offset` of the text; `blocked`: places of dates and names."""
    taken = [(a - offset, b - offset) for a, b in blocked or []] + [m.span() for m in FOOTNOTE.finditer(body)]
    out: list[NumberMention] = []

    def free(a: int, b: int) -> bool:
        return all(b <= x or a >= y for x, y in taken)

    def add(
        a: int,
        b: int,
        low: float | None,
        high: float | None,
        percent: bool,
        rule: str,
        confidence: float,
        noun=None,
    ) -> None:
        noun = noun or (("percent", _what(body, b), b) if percent else _unit(body, b))
        if noun is None:
            return
        unit, what, end = noun
        taken.append((a, end if unit != "percent" else b))
        out.append(NumberMention(offset + a, offset + max(b, end), low, high, unit, what, rule, confidence))

    for m in _RANGE.finditer(body):
        a, b = m.span()
        if (
            not free(a, b)
            or _BEFORE_SKIP.search(body[max(0, a - 40) : a])
            or (a and body[a - 1] in ".,-/")
            or "§" in body[max(0, a - 2) : a]
        ):
            continue
        low, high = number(m["a"]), number(m["b"])
        if re.search(r"\band\b", m.group()) and not re.search(r"\bbetween\b", m.group(), re.IGNORECASE):
            continue  # "three and eight": two numbers
        top = _magnitude(m["bm"])
        if m["c"]:
            high = number(m["c"]) * _magnitude(m["cm"]) if m["cm"] or not m["bm"] else number(m["c"]) * top
            low = low * _magnitude(m["am"] or m["bm"])
        else:
            low, high = low * (_magnitude(m["am"]) if m["am"] else top), high * top
        if low < high:
            add(a, b, low, high, bool(m["pc"]), "range", 0.9)
    for pattern, rule in ((_VAGUE, "vague"), (_TIMES, "times"), (_FRACTION, "fraction")):
        for m in pattern.finditer(body):
            if free(*m.span()):
                _special(body, m, rule, add)
    for m in _SINGLE.finditer(body):
        a, b = m.span("a")[0] if not m["q"] else m.start(), m.end()
        if not free(a, b) or _BEFORE_SKIP.search(body[max(0, m.start("a") - 40) : m.start("a")]):
            continue
        text = m["a"]
        if (
            re.match(r"[-\s]year\s+plans?\b", body[b:], re.IGNORECASE)
            or body[b : b + 1] == "-"
            or re.match(r"(?:st|nd|rd|th)\b", body[b:])
            or _AGO.match(body[b:])
        ):
            continue
        if not text[0].isdigit() and (
            text.lower() == "one"
            or re.search(r"\b(?:these|the|of|all|last|first|other)\s*$", body[: m.start("a")])
            and _bare(body, b)
        ):
            continue
        if re.search(r"\b(?:first|last|next|other)\s*$", body[: m.start("a")]):
            continue  # "the first two plans": which, not how many
        if text[0].isdigit() and re.match(r"\s*[.)]\s", body[b:]) and not body[: m.start()].strip():
            continue  # a list number
        value = number(text) * _magnitude(
            m["m"] and {"m": "million", "bn": "billion"}.get(m["m"].strip().lower(), m["m"])
        )
        low, high, rule = _bounded(value, (m["q"] or "").lower())
        add(a, b, low, high, bool(m["pc"]), rule, 0.9 if text[0].isdigit() else 0.8)
    return _respectively(body, offset, sorted(out, key=lambda n: n.start))


def _bounded(value: float, qualifier: str) -> tuple[float | None, float | None, str]:
    q = " ".join(qualifier.split())
    if q in ("at least", "no fewer than", "not less than", "no less than", "more than", "over", "upwards of"):
        return value, None, "at least"
    if q in (
        "up to",
        "at most",
        "no more than",
        "not more than",
        "fewer than",
        "less than",
        "under",
        "within",
        "as many as",
        "as much as",
    ):
        return None, value, "at most"
    return value, value, "number"


def _special(body: str, m: re.Match[str], rule: str, add) -> None:
    if rule == "times":
        f = {"doubled": 2, "trebled": 3, "tripled": 3, "quadrupled": 4, "halved": 0.5}[m["w"].lower()]
        before = [
            w for w in _NOUN.findall(body[max(0, m.start() - 40) : m.start()]) if w.lower() not in _STOP_NOUN
        ]
        if before:
            add(m.start(), m.end(), f, f, False, "times", 0.6, ("ratio", before[-1].lower(), m.end()))
        return
    if rule == "fraction":
        value = _FRACTIONS[" ".join(m["w"].lower().replace("-", " ").split())]
        if re.match(r"(?:year|way|century|hour|time|decade)", body[m.end() :]):
            return
        add(m.start(), m.start() + len(m["w"]), value, value, True, "fraction", 0.7)
        return
    scale = 1e6 if (m["m"] or m["k"] or "").lower() == "millions" else 1e3 if (m["m"] or m["k"]) else 1.0
    word = (m["t"] or "").lower()
    inner = next((v for k, v in _MAGNITUDE.items() if word.endswith(k)), 1.0)
    if m["k"]:
        low, high = 2 * scale, None
    elif word == "several" and not m["m"]:
        return
    elif word.startswith(("several", "few", "a few")):
        low, high = 2 * inner, 9 * inner + (inner - 1)
    else:
        base = {"tens": 20, "hundreds": 200, "dozens": 24, "scores": 40}[word]
        low, high = (
            base * scale,
            ({"tens": 100, "hundreds": 1000, "dozens": 100, "scores": 100}[word] * scale - 1),
        )
    add(m.start(), m.end("w"), low, high, False, "vague", 0.6)


def _bare(body: str, at: int) -> bool:
    """No counted noun follows: "the two quarrelled"."""
    for word in _NOUN.findall(body[at : at + 50])[:3]:
        if word.lower() in _STOP_NOUN:
            return True
        if word.lower() in PERSONS or (word.endswith("s") and not word.endswith("ss")):
            return False
    return True


def _unit(body: str, at: int) -> tuple[str, str, int] | None:
    """Unit, what is counted, and where the noun ends; None if nothing is counted."""
    aside = _ASIDE.match(body, at)
    if aside:  # "61,000 (17,500 of them Koreans) were deported": the aside has numbers of its own
        noun = _copula(body, aside.end(), []) or _counted(body, aside.end())
        return (noun[0], noun[1], at) if noun else None
    return _counted(body, at)


def _counted(body: str, at: int) -> tuple[str, str, int] | None:
    """The noun that follows, within a few words."""
    skipped: list[str] = []
    them = re.match(r"\s+of\s+(?:them|these|those|whom)\b", body[at:])
    if them:
        at += them.end()
    last = at
    for m in list(_NOUN.finditer(body, at, min(len(body), at + 70)))[:6]:
        between = body[last : m.start()]
        word = m.group().lower().replace("’", "'")
        if re.search(r"[.;:()!?]|\n", between) or ("," in between and not skipped):
            break
        last = m.end()
        if word in ("of", "the") and len(skipped) < 3 and (word == "the" or not skipped):
            skipped.append(word)
            continue
        what = " ".join([w for w in skipped if w not in ("of", "the")] + [word])
        counted = "of" in skipped and any(w in _SMALL or w.split("-")[0] in _TENS for w in skipped)
        if counted and word in PERSONS:  # "forty-two of the fifty delegates": the fifty are a number too
            return ("persons" if word not in _KEEP_UNIT else word), word, at
        if word in UNITS:
            return UNITS[word], _what(body, m.end()) or what, m.end()
        if word in PERSONS:
            return ("persons" if word not in _KEEP_UNIT else word), what, m.end()
        if word in _STOP_NOUN:
            return _copula(body, at, skipped)
        if (
            word.endswith("s")
            and len(word) > 3
            and not word.endswith(("ss", "us", "is", "'s"))
            and len(skipped) < 4
        ):
            return word, what, m.end()
        skipped.append(word)
    return _implied(body, at)


def _copula(body: str, at: int, skipped: list[str]) -> tuple[str, str, int] | None:
    """'only 3 were supporters', '4,230 were executed'."""
    m = re.match(
        r"\s+(?:of\s+(?:them|these|those|whom)\s+)?(?:were|are|had\s+been)\s+(?P<w>[^,.;]{3,60})", body[at:]
    )
    if m:
        words = [w.lower() for w in _NOUN.findall(m["w"])]
        for w in words[:4]:
            if w in PERSONS:
                return (w if w in _KEEP_UNIT else "persons"), w, at
        if words and re.search(r"(?:ed|shot|sent|held|en)$", words[0]):
            return "persons", words[0], at
    return _implied(body, at)


def _implied(body: str, at: int) -> tuple[str, str, int] | None:
    """A unit that stands earlier in the sentence: 'cattle fell from 12 million to 9 million'."""
    head = body[:at]
    m = None
    for m in re.finditer(
        r"\b(cattle|pigs|horses|sheep|livestock|tonnes|tons|persons|people|deaths|lives|votes|delegates|members|executed|arrested|deported|died|shot|killed|deaths|casualties|estimates?)\b",
        head,
        re.IGNORECASE,
    ):
        pass
    if m is None:
        return None
    word = m.group().lower()
    if word in ("executed", "arrested", "deported", "died", "shot", "killed", "casualties"):
        return "persons", word, at
    if word in UNITS:
        return UNITS[word], word, at
    return ("persons" if word in PERSONS and word not in _KEEP_UNIT else word), word, at


def _what(body: str, at: int) -> str:
    m = re.match(
        r"\s+of\s+(?:the\s+|all\s+)?((?:[^\W\d_]+[’'-]?)+(?:\s+(?!in|on|at|by|and|was|were|from|during|to)[^\W\d_]+)?)",
        body[at : at + 60],
    )
    return m[1].lower() if m else ""


def _respectively(body: str, offset: int, found: list[NumberMention]) -> list[NumberMention]:
    """'three and eight years respectively': the first takes the unit of the second."""
    m = re.search(
        rf"\b(?P<a>{_NUM})\s+(?:and|or)\s+(?P<b>{_NUM})\s+(?P<u>years?|months?|days?|members|votes|persons|people)\b",
        body,
        re.IGNORECASE,
    )
    if not m:
        return found
    later = next((n for n in found if n.start <= offset + m.start("b") < n.end), None)
    if later is None:
        return found
    a, b = number(m["a"]), number(m["b"])
    rest = [n for n in found if n.end <= offset + m.start("a") or n.start >= offset + m.end("b")]
    rest = [n for n in rest if n is not later]
    if re.search(r"\bor\b", m.group()):
        rest.append(
            NumberMention(
                offset + m.start("a"),
                offset + m.end(),
                min(a, b),
                max(a, b),
                later.unit,
                later.what,
                "range",
                0.8,
            )
        )
    else:
        rest += [NumberMention(offset + m.start("a"), offset + m.end("a"), a, a, later.unit, later.what, "paired", 0.8),
                 NumberMention(offset + m.start("b"), offset + m.end(), b, b, later.unit, later.what, "paired", 0.85)]  # fmt: skip
    return sorted(rest, key=lambda n: n.start)
