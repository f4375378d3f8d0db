"""Questions that one can put to a history: the outcome of an explanation in a short sentence, or by its name in the case.

    stalin sole ruler by 1930-12        nobody sole ruler by 1930-12
    trotsky leaves politburo by 1926    bukharin condemned by 1929-12      zinoviev executed
    khrushchev leads in 1955-12         molotov in politburo in 1926-12    purge by 1936-09
    trotsky leaves politburo before zinoviev
    month_of_sole_rule                  trotsky_leaves_politburo by 1926-12    rules_alone_1930 is stalin

A sentence without a date runs to the case's end; a year alone means its December. `PERSON` is an id or a name of the
case, `ORGAN` the circle, the committee or the party under its id or name. The answer of a history is one number: 1 and 0
for yes and no, a share or a count as it is, a month as its number from the start (one after the last month that is run
when it never comes, so that a mean of it is a mean of months waited within the run).

A history is run no further than the question needs, `until`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...case.compile import Compiled
from ...case.schema import Case
from ...case.values import Month
from ...engine.state import WHOLE, Kept
from ...faults import Fault, Faults, listed, nearest
from ..targets import answerable, evaluate, fall, outcomes

_COLUMN = {name: column for column, name in enumerate(WHOLE)}

#: What may happen to a person: the words for it, the rung (or death) and the sentence.
_DEEDS = {
    "condemned": ("condemned", "is condemned"),
    "loses post": ("post", "loses office"), "loses office": ("post", "loses office"), "loses posts": ("post", "loses office"),
    "falls": ("post", "loses office"),
    "expelled": ("party", "is expelled from the party"),
    "exiled": ("exiled", "is banished"), "banished": ("exiled", "is banished"),
    "arrested": ("arrested", "is arrested"),
    "executed": ("executed", "is executed"),
    "dies": ("dead", "dies"), "dead": ("dead", "is dead"),
}  # fmt: skip
_SENTENCES = dict(_DEEDS.values())
_MONTHS = "january february march april may june july august september october november december".split()
_DATE = r"(?:(?P<iso>\d{4}(?:-\d{1,2})?)|(?P<name>[a-z]{3,9})\.? (?P<year>\d{4}))"
_EXAMPLES = "PERSON sole ruler by DATE, PERSON leaves ORGAN by DATE, PERSON condemned by DATE, PERSON leads in DATE, purge by DATE, or an outcome of the case"


@dataclass(frozen=True)
class Question:
    """A question with one number for an answer.

    text : as it was asked; title : a sentence that may be true or false, or the name of a quantity
    unit : "yes", "month", "share" or "count"
    until : last month that a history needs to be run to
    """

    text: str
    title: str
    unit: str
    until: Month
    kind: str
    given: Mapping[str, Any]

    def values(self, compiled: Compiled, kept: Kept) -> np.ndarray:
        """(H,) answers, all of them finite numbers."""
        found = np.asarray(_ANSWERS[self.kind](compiled, kept, **self.given), float)
        return np.where(np.isfinite(found), found, float(compiled.months) if self.unit == "month" else 0.0)

    def shown(self, value: float) -> str:
        """A mean or difference of answers, for people."""
        if self.unit in ("yes", "share"):
            return f"{100 * value:.1f}%"
        return f"{value:.1f} months" if self.unit == "month" else f"{value:.2f}"


def read_question(case: Case, text: str) -> Question:
    """Understand one question. Raises `Faults` that name the nearest word and the file and line that define it."""
    words = " ".join(str(text).split())
    if not words:
        raise Faults([Fault("outcome", 0, 0, "nothing asked", _EXAMPLES)])
    return _Reader(case, words).read()


class _Reader:
    """One sentence and the case that it is about; faults are gathered and raised together."""

    def __init__(self, case: Case, words: str):
        self.case, self.words, self.low = case, words, words.lower()
        self.faults: list[Fault] = []

    def read(self) -> Question:
        names = [*self.case.outcomes, *self.case.targets]
        first = self.low.split()[0]
        if first in names:
            return self._done(self._named(first))
        body, date = self._split_date()
        for pattern, make in (
            (r"(?P<who>nobody|somebody|anybody|.+?) (?:is |as )?(?:the )?(?:sole ruler|rules alone|rules)", self._rules),
            (r"(?P<who>.+?) (?P<what>leaves|out of) (?:the )?(?P<organ>.+?) before (?P<other>.+)", self._before),
            (rf"(?P<who>.+?) (?:is )?(?P<what>{'|'.join(_DEEDS)}) before (?P<other>.+)", self._before),
            (r"(?P<who>.+?) (?:leaves|out of|is out of) (?:the )?(?P<organ>.+)", self._leaves),
            (rf"(?P<who>.+?) (?:is )?(?P<what>{'|'.join(_DEEDS)})(?: from (?:the )?(?P<organ>.+))?", self._deed),
            (r"(?P<who>.+?) (?:leads|is leader|the leader)", self._leads),
            (r"(?P<who>.+?) (?:sits |is |still )*in (?:the )?(?P<organ>.+)", self._sits),
            (r"(?:the )?(?:purge|terror)(?: begins| starts)?", self._purge),
        ):
            match = re.fullmatch(pattern, body)
            if match:
                return self._done(make(date, **match.groupdict()))
        near = nearest(first, names) if len(self.low.split()) == 1 or "_" in first else None
        if near or "_" in first:
            section = "outcomes" if near in self.case.outcomes else "targets"
            raise Faults([self._fault(section, near, f"no outcome or target {first!r}", listed(self.case.outcomes), near)])
        raise Faults([Fault(f"outcome {self.words!r}", 0, 0, "not understood", _EXAMPLES)])

    def _done(self, question: Question | None) -> Question:
        if self.faults or question is None:
            raise Faults(self.faults)
        return question

    # words

    def _fault(self, section: str, near: str | None, found: str, allowed: str, shown: str | None = None) -> Fault:
        """A fault at the place where the nearest word is defined, or at the file that defines such words."""
        document = self.case._draft.documents[section]
        path: tuple = ()
        if near is not None:
            for place, entry in self.case._draft.items(section):
                if place and (place[-1] == near or (isinstance(entry, Mapping) and entry.get("person") == near)):
                    path = place
                    break
        return document.fault(path, f"{found} in {self.words!r}", allowed, shown if shown is not None else near)

    def _split_date(self) -> tuple[str, Month]:
        """The sentence without its date, and the month; the case's end when there is none."""
        match = re.fullmatch(rf"(?P<body>.+?)(?: (?:by|in|at|until|on)(?: the end of)?)? {_DATE}", self.low)
        if not match:
            return self.low, self.case.end
        month = self._month(match["iso"], match["name"], match["year"])
        return match["body"], month

    def _month(self, iso: str | None, name: str | None, year: str | None) -> Month:
        case = self.case
        shown = iso or f"{name} {year}"
        if name is not None:
            number = next((i for i, full in enumerate(_MONTHS, 1) if full.startswith(name)), None)
            found = None if number is None else Month(int(year), number)
        else:
            parts = [int(part) for part in iso.split("-")] + [12]
            found = Month(*parts[:2]) if 1 <= parts[1] <= 12 and parts[0] > 0 else None
        allowed = f"a month from {case.start} to {case.last}"
        if found is None:
            self.faults.append(Fault(f"outcome {self.words!r}", 0, 0, f"date {shown!r}", f"YYYY-MM, YYYY or a month's name and year; {allowed}"))
        elif not case.start <= found <= case.last:
            found_words = f"{shown} lies {'before the start' if found < case.start else 'after the end'} of the case in {self.words!r}"
            key = "start" if found < case.start else "last" if case.header.last else "end"
            self.faults.append(case._draft.documents["case"].fault((key,), found_words, allowed))
        else:
            return found
        return case.end

    def person(self, word: str) -> str:
        """The id of a person by id, name or part of a name."""
        word = word.strip()
        people = self.case.people
        if word in people:
            return word
        named = [key for key, p in people.items() if word == p.name.lower()]
        named = named or [key for key, p in people.items() if word in p.name.lower().split()]
        if len(named) == 1:
            return named[0]
        if named:
            self.faults.append(self._fault("people", named[0], f"{word!r} is the name of {len(named)} people", listed(named)))
        else:
            spoken = {name.lower(): key for key, p in people.items() for name in (p.name, p.name.split()[-1])}
            close = nearest(word, [*people, *spoken])
            near = close if close in people else spoken.get(close) if close else None
            self.faults.append(self._fault("people", near, f"no person {word!r}", listed(people)))
        return next(iter(people))

    def rung(self, organ: str) -> tuple[str, str]:
        """The rung on which one leaves an organ, and what the organ is called."""
        case, word = self.case, organ.strip().replace(" ", "_")
        circle = {"circle", (case.header.circle_name or case.circle.name).lower().replace(" ", "_")}
        committee = {"committee", (case.header.committee_name or case.committee.name).lower().replace(" ", "_")}
        for key, entry in case.organs.items():
            if entry is case.circle:
                circle |= {key, entry.name.lower().replace(" ", "_")}
            if entry is case.committee:
                committee |= {key, entry.name.lower().replace(" ", "_")}
        if word in circle:
            return "circle", case.header.circle_name or case.circle.name
        if word in committee:
            return "committee", case.header.committee_name or case.committee.name
        if word == "party":
            return "party", "party"
        allowed = [*circle, *committee, "party"]
        near = nearest(word, allowed)
        key = next((k for k, e in case.organs.items() if (near in circle and e is case.circle) or (near in committee and e is case.committee)), None)
        known = f"nobody's leaving of {word} is kept" if word in case.organs else f"no organ {word!r}"
        self.faults.append(self._fault("organs", key, known, listed(sorted(allowed)), near))
        return "circle", ""

    def name(self, person: str) -> str:
        return self.case.people[person].name

    def ask(self, title: str, kind: str, until: Month, unit: str = "yes", **given: Any) -> Question:
        return Question(self.words, title, unit, until, kind, given)

    # sentences

    def _rules(self, date: Month, who: str) -> Question:
        if who in ("nobody", "somebody", "anybody"):
            return self.ask(f"{who.capitalize()} rules alone in {_long(date)}", "ruler", date, person=who)
        person = self.person(who)
        return self.ask(f"{self.name(person)} rules alone in {_long(date)}", "ruler", date, person=person)

    def _leaves(self, date: Month, who: str, organ: str) -> Question:
        (rung, called), person = self.rung(organ), self.person(who)
        return self.ask(f"{self.name(person)} is out of the {called} by {_long(date)}", "fallen", date, person=person, rung=rung)

    def _deed(self, date: Month, who: str, what: str, organ: str | None = None) -> Question:
        rung, words = _DEEDS[what]
        if organ is not None:
            rung, called = self.rung(organ)
            words = f"is put out of the {called}"
        person = self.person(who)
        return self.ask(f"{self.name(person)} {words} by {_long(date)}", "fallen", date, person=person, rung=rung)

    def _before(self, date: Month, who: str, what: str, other: str, organ: str | None = None) -> Question:
        rung, words = _DEEDS[what] if organ is None else (self.rung(organ)[0], f"leaves the {self.rung(organ)[1]}")
        first, second = self.person(who), self.person(other)
        if first == second and not self.faults:
            self.faults.append(Fault(f"outcome {self.words!r}", 0, 0, "the same person twice", "two people"))
        return self.ask(f"{self.name(first)} {words} before {self.name(second)}", "before", date, first=first, second=second, rung=rung)

    def _leads(self, date: Month, who: str) -> Question:
        person = self.person(who)
        return self.ask(f"{self.name(person)} leads in {_long(date)}", "leader", date, person=person)

    def _sits(self, date: Month, who: str, organ: str) -> Question:
        (rung, called), person = self.rung(organ), self.person(who)
        return self.ask(f"{self.name(person)} is in the {called} in {_long(date)}", "sits", date, person=person, rung=rung)

    def _purge(self, date: Month) -> Question:
        return self.ask(f"A purge has begun by {_long(date)}", "purge", date)

    def _named(self, name: str) -> Question | None:
        """An outcome or target of the case, as it is, by a date, or with a person for an answer."""
        case = self.case
        section = "outcomes" if name in case.outcomes else "targets"
        entry = (case.outcomes if section == "outcomes" else case.targets)[name]
        rest = self.low[len(name) :].strip()
        if not answerable(entry):
            self.faults.append(self._fault(section, name, f"{name} asks for what the engine does not keep", listed(case.outcomes), ""))
            return None
        question = getattr(entry, "question", None) or name.replace("_", " ")
        until = max([d for key in ("on", "by", "until", "near") if (d := getattr(entry, key, None)) is not None], default=case.end)
        if entry.kind == "vote":
            until = min(case.last, entry.near + int(entry.within))
        if entry.kind in ("fall", "ruler_date") or (entry.kind == "measure" and entry.measure in ("purge_start", "first_fall", "second_fall")):
            match = re.fullmatch(rf"by {_DATE}", rest)
            if match:
                date = self._month(match["iso"], match["name"], match["year"])
                if entry.kind == "fall":
                    called = {"circle": case.header.circle_name or case.circle.name, "committee": case.header.committee_name or case.committee.name}
                    words = f"has left the {called[entry.rung]}" if entry.rung in called else _SENTENCES[entry.rung]
                    return self.ask(f"{self.name(entry.person)} {words} by {_long(date)}", "fallen", date, person=entry.person, rung=entry.rung)
                if entry.kind == "ruler_date":
                    return self.ask(f"Somebody has come to rule alone by {_long(date)}", "entry by", date, name=name)
                return self.ask(f"{question.rstrip('?')}: by {_long(date)}", "entry by", date, name=name)
            if not rest:
                return self.ask(question, "entry", case.end, "month", name=name)
            allowed = f"{name} alone, or {name} by YYYY-MM"
        elif entry.kind in ("ruler", "members"):
            match = re.fullmatch(r"(?:is|=|has|includes) ?(.+)", rest)
            if match:
                person = self.person(match[1])
                words = "rules alone" if entry.kind == "ruler" else f"sits in the {case.organs[entry.organ].name}"
                given = {"person": person} if entry.kind == "ruler" else {"person": person, "rung": "circle"}
                return self.ask(f"{self.name(person)} {words} in {_long(until)}", "ruler" if entry.kind == "ruler" else "sits", until, **given)
            if not rest and entry.kind == "ruler" and entry.person is not None:
                return self.ask(f"{self.name(entry.person)} rules alone in {_long(until)}", "ruler", until, person=entry.person)
            if not rest and section == "targets" and entry.kind == "members":
                return self.ask(f"{question}: members shared with the record", "entry", until, "share", name=name)
            allowed = f"{name} is PERSON"
        elif entry.kind == "order":
            allowed = "PERSON leaves ORGAN before PERSON"
        elif entry.kind == "leads" and (getattr(entry, "person", None) is not None or rest):
            match = re.fullmatch(r"(?:is|=) ?(.+)", rest)
            person = self.person(match[1]) if match else entry.person
            if person is not None and (match or not rest):
                return self.ask(f"{self.name(person)} leads in {_long(entry.on)}", "leader", entry.on, person=person)
            allowed = f"{name} is PERSON"
        elif entry.kind == "leads":
            allowed = f"{name} is PERSON"
        elif entry.kind == "series" and not rest:
            last = entry.through or entry.year
            until = min(case.last, Month(last, 12))
            if case.country is None or not case.start.year <= entry.year <= last <= case.last.year:
                self.faults.append(self._fault(section, name, f"{name} asks for years of a country that the case does not run", listed(case.outcomes), ""))
                return None
            return self.ask(question, "entry", until, "count", name=name)
        elif not rest:
            unit = "yes" if entry.kind in ("survives", "leads") else "share" if entry.kind == "vote" else ""
            if entry.kind == "measure":
                unit = {"assembly_date": "month", "committee_size": "count", "assemblies": "count", "chiefs_purged": "count"}.get(entry.measure, "share")
                if entry.measure in ("assembly_date", "committee_dead_share", "chiefs_purged"):
                    until = case.end
            return self.ask(question, "entry", until, unit, name=name)
        else:
            allowed = name
        self.faults.append(self._fault(section, name, f"{name} cannot be asked so", allowed, ""))
        return None


def _long(month: Month) -> str:
    return f"{_MONTHS[month.month - 1].capitalize()} {month.year}"


# -- answers -----------------------------------------------------------------------------------------------------


def _check(compiled: Compiled) -> int:
    """The checkpoint of the last month that is run, which a question is always asked about."""
    return len(compiled.checks) - 1


def _when(compiled: Compiled, kept: Kept, person: str, rung: str) -> np.ndarray:
    if rung == "dead":
        gone = kept.alive[:, compiled.people.index(person)].astype(float)
        return np.where(gone >= 0, gone, np.nan)
    return fall(compiled, kept, person, rung)


def _ruler(compiled: Compiled, kept: Kept, person: str) -> np.ndarray:
    who = kept.ruler[:, _check(compiled)]
    if person == "nobody":
        return who < 0
    return who >= 0 if person in ("somebody", "anybody") else who == compiled.people.index(person)


def _fallen(compiled: Compiled, kept: Kept, person: str, rung: str) -> np.ndarray:
    return np.isfinite(_when(compiled, kept, person, rung))


def _earlier(compiled: Compiled, kept: Kept, first: str, second: str, rung: str) -> np.ndarray:
    a, b = (_when(compiled, kept, person, rung) for person in (first, second))
    return np.where(np.isfinite(a), a, np.inf) < np.where(np.isfinite(b), b, np.inf)


def _leader(compiled: Compiled, kept: Kept, person: str) -> np.ndarray:
    return kept.leader[:, _check(compiled)] == compiled.people.index(person)


def _seat(compiled: Compiled, kept: Kept, person: str, rung: str) -> np.ndarray:
    i = compiled.people.index(person)
    if rung == "circle":
        return kept.circle[:, _check(compiled), i] == 2
    return ~np.isfinite(_when(compiled, kept, person, rung)) & (kept.alive[:, i] < 0)


def _begun(compiled: Compiled, kept: Kept) -> np.ndarray:
    return kept.whole[:, _COLUMN["purge_start"]] >= 0


def _entry(compiled: Compiled, kept: Kept, name: str) -> np.ndarray:
    case = compiled.case
    asked = {name: case.outcomes[name]} if name in case.outcomes else {}
    tested = {} if asked else {name: case.targets[name]}
    alone = replace(compiled, case=replace(case, outcomes=asked, targets=tested))  # the others would be answered for nothing
    found = outcomes(alone, kept) or evaluate(alone, kept)
    if not found:
        raise Faults([Fault(f"outcome {name}", 0, 0, "nothing is kept that answers it in these months", "the mechanisms of the case, run to the question's month")])
    return found[0].values


def _entry_by(compiled: Compiled, kept: Kept, name: str) -> np.ndarray:
    return np.isfinite(_entry(compiled, kept, name))


_ANSWERS = {
    "ruler": _ruler, "fallen": _fallen, "before": _earlier, "leader": _leader, "sits": _seat, "purge": _begun, "entry": _entry,
    "entry by": _entry_by,
}  # fmt: skip
