"""Interventions: the changes that no value of a case can say, because they begin later or touch luck or the month.

Each has one canonical text, by which a run's identity knows it and `run.json` writes it down:

    posts.POST=PERSON@MONTH              from that month (MONTH..MONTH: held there through the span); nobody = vacant
    ties.A.B=VALUE@MONTH                 affinity of A towards B set, once or through a span
    alliance(A+B,C)=VALUE@MONTH          ties between the two groups raised to at least VALUE, both ways
    people.P.health=active..MONTH        no illness, no death until then (also dead@MONTH, absent@MONTH..MONTH)
    document=published@MONTH             also read@MONTH, buried: what the circle does with the founder's document
    signals.NAME=VALUE@MONTH..MONTH      a signal held at a value
    luck.SOURCE=resampled                other luck of one source (resampled:2, ... for more); frozen: history 0's for all
    mechanisms.NAME=off                  or the name of a rival (coalition_contest is `contest`), or a Python file

`parse` reads one for a case, `apply` puts many into a compiled case, `listed` into its list of mechanisms. The words that
people write, with their abbreviations, are read by `politburo.lab.experiments.changes`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ...case.arrays import ALLIANCE, APPOINTMENT, NEVER, SHOCKS, TIE
from ...case.compile import Compiled
from ...case.schema import Case
from ...engine import luck, month
from ...engine.country.kernel import STANDARD as COUNTRY
from ...faults import Fault, Faults, nearest
from .names import Names, Span

#: Affinity to which an alliance raises the ties of those who make it, when no value is given.
ALLIED = 0.8
DOSES = {"buried": 0, "read": 1, "published": 2}
_NEVER_COMES = 30_000


@dataclass(frozen=True)
class Intervention:
    """One intervention. `place` is what it sets: two with one place and months in common contradict each other."""

    text: str
    kind: str
    place: str
    name: str
    value: Any = None
    other: tuple[str, ...] = ()
    span: Span | None = None
    file: Path | None = None

    def world(self, compiled: Compiled) -> Compiled:
        """The compiled case with this in it."""
        made = _MAKE.get(self.kind)
        return compiled if made is None else replace(compiled, world=made(self, compiled, compiled.world))

    def clashes(self, other: Intervention) -> bool:
        """Whether the two set one thing in one month."""
        if self.place != other.place:
            return False
        return self.span is None or other.span is None or self.span.meets(other.span)


def apply(compiled: Compiled, interventions: Sequence[Intervention]) -> Compiled:
    """The compiled case under all of them."""
    for one in interventions:
        compiled = one.world(compiled)
    return compiled


# Into the arrays


def _order(w, kind: int, person: int, span: Span, size: float, target: int):
    row = np.zeros(1, w.shock.dtype)
    row[0] = (kind, person, span.first, span.last, size, 0.0, target)
    return w._replace(shock=np.concatenate([w.shock, row]))


def _appointment(self: Intervention, compiled: Compiled, w):
    person = NEVER if self.value is None else compiled.people.index(self.value)
    return _order(w, APPOINTMENT, person, self.span, 0.0, compiled.posts.index(self.name))


def _tie(self: Intervention, compiled: Compiled, w):
    return _order(w, TIE, compiled.people.index(self.name), self.span, self.value, compiled.people.index(self.other[0]))


def _alliance(self: Intervention, compiled: Compiled, w):
    for a in self.name.split("+"):
        for b in self.other:
            if a != b:
                w = _order(w, ALLIANCE, compiled.people.index(a), self.span, self.value, compiled.people.index(b))
    return w


def _health(self: Intervention, compiled: Compiled, w):
    who = compiled.people.index(self.name)
    if self.value != "active":
        row = np.zeros(1, w.shock.dtype)
        kind = SHOCKS.index("death" if self.value == "dead" else "illness")
        row[0] = (kind, who, self.span.first, NEVER if self.value == "dead" else self.span.last, 1.0, 0.0, NEVER)
        return w._replace(shock=np.concatenate([w.shock, row]))
    shock, after = w.shock.copy(), self.span.last + 1
    for j in np.flatnonzero((shock["person"] == who) & (shock["kind"] <= SHOCKS.index("assassination"))):
        row = shock[j]
        if row["start"] >= after:
            continue
        ends = row["kind"] == SHOCKS.index("illness") and 0 <= row["stop"] < after
        # Postponed, not taken out: the luck of later shocks goes by their number.
        row["start"], row["spread"] = (_NEVER_COMES if ends else min(after, _NEVER_COMES)), 0.0
    return w._replace(shock=shock)


def _document(self: Intervention, compiled: Compiled, w):
    document = w.document.copy()
    document[0]["ordered"] = DOSES[self.value]
    if self.span is not None:
        document[0]["start"] = document[0]["stop"] = self.span.first
    return w._replace(document=document)


def _signal(self: Intervention, compiled: Compiled, w):
    names = [*(f"opinion.{issue}" for issue in compiled.issues), "hardship", "war_danger"]
    signal = w.signal.copy()
    signal[self.span.first : self.span.last + 1, names.index(self.name)] = self.value
    return w._replace(signal=signal)


def _luck(self: Intervention, compiled: Compiled, w):
    sites, how = list(luck.SOURCES[self.name]), self.value
    salt = w.salt.copy()
    if how.startswith("resampled"):
        number = int(how.partition(":")[2] or 1)
        word = hashlib.sha256(f"{self.name}:{number}".encode()).digest()[:4]
        salt[sites] = int.from_bytes(word, "little") | 1
    elif how == "frozen":
        salt[sites] |= np.uint64(luck.FROZEN)
    w = w._replace(salt=salt)
    if self.name == "health":  # by default health happens as recorded
        rule = w.rule.copy()
        rule[0]["recorded_health"] = 0
        w = w._replace(rule=rule)
    return w


_MAKE = {
    "appointment": _appointment, "tie": _tie, "alliance": _alliance, "health": _health, "document": _document, "signal": _signal,
    "luck": _luck,
}  # fmt: skip
_DATED = ("appointment", "tie", "alliance")


# Into the list of mechanisms


def listed(entries: dict[str, str | Path], interventions: Sequence[Intervention]) -> dict[str, str | Path]:
    """The mechanisms (name -> entry, in order) under these interventions."""
    found = dict(entries)
    if any(one.kind in _DATED for one in interventions) and "interventions" not in found:
        found = {"interventions": "interventions", **found}
    for one in interventions:
        if one.kind != "mechanism":
            continue
        if one.value == "off":
            found.pop(one.name, None)
        else:
            entry = f"{one.name}_{one.value}" if one.file is None else one.file
            found = {key: entry if key == one.name else old for key, old in found.items()}
    return found


# Reading


_ALLIANCE = re.compile(r"alliance\(\s*([^,()]+?)\s*,\s*([^,()]+?)\s*\)")


def parse(case: Case, text: str, said: str | None = None) -> Intervention:
    """An intervention from its text (`said`: as its author wrote it, for faults). Raises `Faults` with the place in the case where its words are defined."""
    left, right, when = split(text)
    names = Names(case, said or text)
    if match := _ALLIANCE.fullmatch(left):
        return _parse_alliance(names, match[1], match[2], right, when)
    head, *rest = left.split(".")
    read = _READ.get(head)
    if read is None or not rest and head != "document":
        raise Faults([Fault(f"change {said or text}", 0, 0, f"no such intervention {left!r}", ", ".join([*_READ, "alliance(A,B)"]), nearest(head, _READ))])
    return read(names, rest, right, when)


def split(text: str) -> tuple[str, str | None, str | None]:
    """What is set, to what, and when: from `what=value@when` and `what@when=value`."""
    left, equals, right = text.partition("=")
    left, _, early = left.partition("@")
    right, _, late = right.partition("@")
    return left.strip(), right.strip() if equals else None, (early or late).strip() or None


def _parse_alliance(names: Names, one: str, other: str, right: str | None, when: str | None) -> Intervention:
    a, b = names.group(one), names.group(other)
    both = [name for name in a if name in b]
    if both:
        raise names.wrong("people", both[0], f"{both[0]} on both sides", "two groups without a common member")
    value = names.number(right, -1.0, 1.0) if right is not None else ALLIED
    span = names.span(when, required=True)
    text = f"alliance({'+'.join(a)},{'+'.join(b)})={value:g}@{span}"
    return Intervention(text, "alliance", f"alliance {'+'.join(a)} {'+'.join(b)}", "+".join(a), value, tuple(b), span)


def _parse_post(names: Names, rest: list[str], right: str | None, when: str | None) -> Intervention:
    post = names.one("posts", rest[0])
    who = None if right in ("nobody", "null", "none") else names.one("people", right)
    span = names.span(when, required=True)
    return Intervention(f"posts.{post}={who or 'nobody'}@{span}", "appointment", f"posts.{post}", post, who, (), span)


def _parse_tie(names: Names, rest: list[str], right: str | None, when: str | None) -> Intervention:
    if len(rest) != 2 or rest[0] == rest[1]:
        raise names.wrong("ties", None, f"a tie of {'.'.join(rest)}", "ties.PERSON.PERSON, two different people")
    a, b = (names.one("people", name) for name in rest)
    value, span = names.number(right, -1.0, 1.0), names.span(when, required=True)
    return Intervention(f"ties.{a}.{b}={value:g}@{span}", "tie", f"ties.{a}.{b}", a, value, (b,), span)


def _parse_health(names: Names, rest: list[str], right: str | None, when: str | None) -> Intervention:
    who = names.one("people", rest[0])
    if len(rest) != 2 or rest[1] != "health":
        raise names.wrong("people", who, f"{'.'.join(rest)} cannot change later", "people.PERSON.health, or a value that holds from the start")
    word, dots, last = (right or "").partition("..")
    if word == "active":
        until = names.month(last, end=True) - names.case.start if dots else _NEVER_COMES
        text = f"people.{who}.health=active" + (f"..{names.case.start + until}" if dots else "")
        return Intervention(text, "health", f"people.{who}.health", who, "active", (), Span(names.case.start, 0, until))
    if word not in ("dead", "absent") or dots:
        allowed = "active, active..MONTH, dead@MONTH, absent@MONTH..MONTH"
        raise names.wrong("people", who, f"health is {right!r}", allowed, nearest(right, ("active", "dead", "absent")))
    span = names.span(when, required=True)
    shown = span if word == "absent" else names.case.start + span.first
    return Intervention(f"people.{who}.health={word}@{shown}", "health", f"people.{who}.health", who, word, (), span)


def _parse_document(names: Names, rest: list[str], right: str | None, when: str | None) -> Intervention:
    if not any(shock.kind == "document" for shock in names.case.shocks.values()):
        raise names.wrong("shocks", None, "no document in this case", "a case whose calendar has a shock of kind document")
    if right not in DOSES:
        raise names.wrong("shocks", names.document, f"the document is {right!r}", ", ".join(DOSES), nearest(right, DOSES))
    span = names.span(when)
    text = f"document={right}" + (f"@{names.case.start + span.first}" if span else "")
    return Intervention(text, "document", "document", names.document, right, (), span)


def _parse_signal(names: Names, rest: list[str], right: str | None, when: str | None) -> Intervention:
    name = names.signal(".".join(rest))
    value = names.number(right, -1.0 if name.startswith("opinion.") else 0.0, 1.0)
    span = names.span(when, required=True, open_=True)
    return Intervention(f"signals.{name}={value:g}@{span}", "signal", f"signals.{name}", name, value, (), span)


def _parse_luck(names: Names, rest: list[str], right: str | None, when: str | None) -> Intervention:
    source = rest[0]
    if len(rest) != 1 or source not in luck.SOURCES:
        raise names.plain(f"no source of luck {'.'.join(rest)!r}", ", ".join(luck.SOURCES), nearest(source, luck.SOURCES))
    if when is not None or right is None or not re.fullmatch(r"frozen|resampled(:[1-9]\d{0,5})?", right):
        near = nearest(right, ("frozen", "resampled"))
        raise names.plain(f"luck of {source} is {right!r}" + (f" @{when}" if when else ""), "frozen or resampled (resampled:2, ... for more), always from the start", near)
    right = right.removesuffix(":1") if right.endswith(":1") else right
    return Intervention(f"luck.{source}={right}", "luck", f"luck.{source}", source, right)


def _parse_mechanism(names: Names, rest: list[str], right: str | None, when: str | None) -> Intervention:
    name, case = rest[0], names.case
    if case.mechanisms is None:
        running = [*month.STANDARD, *(COUNTRY if case.country is not None else ())]
    else:
        running = [Path(m.file).stem if m.file else m.name for m in case.mechanisms]
    if len(rest) != 1 or name not in running:
        raise names.wrong("case", "mechanisms", f"no mechanism {'.'.join(rest)!r} in the month", ", ".join(running), nearest(name, running))
    if when is not None:
        raise names.wrong("case", "mechanisms", f"a mechanism from {when} on", "a mechanism is on or off for the whole history")
    rivals = [other.removeprefix(f"{name}_") for other in month.names() if other.startswith(f"{name}_")]
    if right is not None and right.endswith(".py"):
        file = next((f for f in (case.path / Path(right).name, Path(right)) if f.is_file()), None)
        if file is None:
            raise names.plain(f"no file {right}", "a Python file with step(w, p, s)")
        from ..ensembles.provenance import settled

        content = file.read_text()
        shown = f"mechanisms.{name}={file.name}"
        return Intervention(shown, "mechanism", f"mechanisms.{name}", name, file.name, (hashlib.sha256(content.encode()).hexdigest(),), None, settled(file.name, content))
    if right != "off" and right not in rivals:
        allowed = ", ".join(["off", *rivals, "a file.py"])
        raise names.plain(f"mechanism {name} is {right!r}", allowed, nearest(right, ["off", *rivals]))
    return Intervention(f"mechanisms.{name}={right}", "mechanism", f"mechanisms.{name}", name, right)


_READ = {
    "posts": _parse_post, "ties": _parse_tie, "people": _parse_health, "document": _parse_document, "signals": _parse_signal,
    "luck": _parse_luck, "mechanisms": _parse_mechanism,
}  # fmt: skip
