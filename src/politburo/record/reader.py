"""Reading a document: from text to proposed claims.

    sentences -> names, dates, offices, numbers -> rules -> proposals -> clusters

A *proposal* is a claim that nobody has confirmed. It has the span it rests on, what the rule understood, the rule and
a confidence, and a *key* made of the source, the span's digest and the understanding: reading a changed file again yields the same
key for every sentence that did not change, so that decisions already taken keep their force.

Cost: linear in the text; about 0.15 MB of prose a second on one core, memory a few hundred bytes per sentence
(benchmarks/record_reading.py). Nothing is sent anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .claim_rules import Draft, apply
from .date_finder import OTHER_EVENTS, DateMention, KnownEvent, find_dates, known_events
from .edtf import parse
from .locate import digest
from .names import Mention, NameList
from .number_finder import NumberMention, find_numbers
from .store import Record
from .tagging import OfficeMention, find_offices, tag
from .text import Sentence, sentences

CHUNK = 400  # sentences between two reports of progress


@dataclass
class Proposal:
    """A claim proposed by a rule; `cluster` names the cluster of the record it seems to belong to, if any."""

    key: str
    source: str
    start: int
    length: int
    digest: str
    text: str
    type: str
    subject: list[str]
    predicate: str
    object: str | None
    date: str | None
    basis: str
    old_style: str | None
    value: dict[str, Any] | None
    polarity: str
    modality: str
    rule: str
    confidence: float
    paraphrase: str
    cluster: str | None = None


@dataclass
class Reading:
    """Everything found in one text. Lists are in order of place; places are code points."""

    text: str
    dates: list[DateMention] = field(default_factory=list)
    names: list[Mention] = field(default_factory=list)
    offices: list[OfficeMention] = field(default_factory=list)
    numbers: list[NumberMention] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)

    @property
    def persons(self) -> list[Mention]:
        return [n for n in self.names if n.kind == "person"]

    @property
    def organs(self) -> list[Mention]:
        return [n for n in self.names if n.kind in ("organ", "faction")]


class Reader:
    """Reads texts against a record: its names, its known events, its clusters."""

    def __init__(self, record: Record):
        self.record = record
        self.names = NameList(record)
        self.events = _events(record)

    def read(
        self, text: str, source: str = "text", progress: Callable[[int, int], None] | None = None
    ) -> Reading:
        """Find and propose. `progress` is called with (characters read, characters in all)."""
        out = Reading(text)
        parts = sentences(text)
        out.dates = find_dates(text, self.events, parts)
        dates = _by_sentence(parts, out.dates)
        antecedent: list[str] = []
        paragraph = -1
        for i, s in enumerate(parts):
            if progress and i % CHUNK == 0:
                progress(s.start, len(text))
            body = text[s.start : s.end]
            here = [_moved(m, s.start) for m in self.names.find(body)]
            found = dates.get(i, [])
            offices = find_offices(body, s.start)
            blocked = (
                [(d.start, d.end) for d in found]
                + [(m.start, m.end) for m in here]
                + [(o.start, o.end) for o in offices]
            )
            numbers = (
                find_numbers(body, s.start, blocked) if any(c.isdigit() for c in body) or _wordy(body) else []
            )
            out.names += here
            out.offices += offices
            out.numbers += numbers
            if s.paragraph != paragraph and s.paragraph > paragraph + 3:
                antecedent = []
            paragraph = s.paragraph
            if (here or numbers) and s.length <= 1500:
                tagged = tag(text, s.start, s.end, here, found, numbers, offices)
                for draft in apply(tagged, antecedent):
                    out.proposals.append(self._propose(text, s, source, draft))
            persons = [m.entity for m in here if m.kind == "person"]
            if persons:
                antecedent = list(dict.fromkeys(persons))[:3]
        if progress:
            progress(len(text), len(text))
        out.proposals = _unique(out.proposals)
        return out

    def _propose(self, text: str, s: Sentence, source: str, d: Draft) -> Proposal:
        span = text[s.start : s.end]
        value = None
        if d.value is not None:
            scope: dict[str, str] = {"what": d.value.what or d.predicate.replace("_", " ")}
            if d.subject:
                scope["who"] = ", ".join(d.subject)
            if d.date is not None:
                scope["when"] = d.date.edtf
            value = {"low": d.value.low, "high": d.value.high, "unit": d.value.unit, "scope": scope}
        date = d.date.edtf if d.date else None
        spoken = digest(span)
        fields = [source, spoken, d.predicate, ",".join(d.subject), d.object or "", date or "", str(value)]
        key = hashlib.sha256("|".join(fields).encode()).hexdigest()[:16]
        confidence = d.confidence * (d.date.confidence if d.date else 1.0)
        return Proposal(key, source, s.start, s.end - s.start, spoken, span, d.type, d.subject, d.predicate, d.object, date,
                        d.date.basis if d.date else "none", d.date.old_style if d.date else None, value, d.polarity, d.modality, d.rule,
                        round(confidence, 2), self.say(d))  # fmt: skip

    def say(self, d: Draft) -> str:
        """A paraphrase in the record's own words, made of the fields only."""
        who = ", ".join(self.record.name(s) for s in d.subject) or "it is said"
        what = d.predicate.replace("_", " ")
        obj = ", ".join(self.record.name(o) for o in d.object.split(",")) if d.object else ""
        parts = [who + ":", "not" if d.polarity == "neg" else "", what, obj]
        if d.value is not None:
            low, high = d.value.low, d.value.high
            number = (
                f"{low:,.10g}"
                if low == high and low is not None
                else f"{'..' if low is None else f'{low:,.10g}'} to {'..' if high is None else f'{high:,.10g}'}"
            )
            parts.append(
                f"{number} {d.value.unit}"
                + (f" ({d.value.what})" if d.value.what and d.value.what != d.value.unit else "")
            )
        if d.date is not None:
            parts.append(d.date.edtf)
        return " ".join(p for p in parts if p)[:390]


def _events(record: Record) -> list[KnownEvent]:
    deaths = []
    for p in record.persons.values():
        if p.died:
            deaths.append((p.name.split()[-1], p.died))
    births = [(r"(?!)", p.born, f"birth of {p.name.split()[-1]}") for p in record.persons.values() if p.born]
    return known_events(deaths, [*OTHER_EVENTS, *births])


def _by_sentence(parts: list[Sentence], dates: list[DateMention]) -> dict[int, list[DateMention]]:
    out: dict[int, list[DateMention]] = {}
    i = 0
    for d in dates:
        while i < len(parts) and parts[i].end <= d.start:
            i += 1
        out.setdefault(i, []).append(d)
    return out


def _moved(m: Mention, by: int) -> Mention:
    return Mention(m.entity, m.kind, m.start + by, m.end + by, m.confidence, m.rule)


_WORDY = ("hundred", "thousand", "million", "dozen", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
          "teen", "twenty", "thirty", "forty", "fifty", "half", "third", "quarter", "tenth", "doubled", "trebled", "tripled")  # fmt: skip


def _wordy(body: str) -> bool:
    low = body.lower()
    return any(w in low for w in _WORDY)


def _unique(proposals: list[Proposal]) -> list[Proposal]:
    """Keys once: a sentence that stands twice in a text counts once."""
    seen: set[str] = set()
    return [p for p in proposals if not (p.key in seen or seen.add(p.key))]


def date_bounds(p: Proposal):
    """Bounds of a proposal's date, or None."""
    return parse(p.date).bounds() if p.date else None


def iter_json(reading: Reading) -> Iterator[dict[str, Any]]:
    """Mentions and proposals as plain dicts, for `record read --json`."""
    for d in reading.dates:
        yield {
            "kind": "date",
            "start": d.start,
            "end": d.end,
            "edtf": d.edtf,
            "basis": d.basis,
            "old_style": d.old_style,
            "rule": d.rule,
            "confidence": d.confidence,
        }
    for m in reading.names:
        yield {
            "kind": m.kind,
            "start": m.start,
            "end": m.end,
            "id": m.entity,
            "rule": m.rule,
            "confidence": m.confidence,
        }
    for o in reading.offices:
        yield {"kind": "office", "start": o.start, "end": o.end, "id": o.post}
    for n in reading.numbers:
        yield {
            "kind": "number",
            "start": n.start,
            "end": n.end,
            "low": n.low,
            "high": n.high,
            "unit": n.unit,
            "what": n.what,
            "rule": n.rule,
            "confidence": n.confidence,
        }
    for p in reading.proposals:
        yield {"kind": "claim", **{k: v for k, v in p.__dict__.items() if k != "text"}}
