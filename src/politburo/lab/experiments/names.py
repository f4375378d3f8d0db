"""The words of a case as an experimenter uses them: looked up, and when wrong, with the place where they are defined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...case.events import SIGNALS
from ...case.schema import SECTION, Case
from ...case.values import Month, as_number
from ...faults import Fault, Faults, listed, nearest

_WHAT = {"people": "person", "posts": "post", "shocks": "event of the calendar", "issues": "issue", "rules": "rule", "parameters": "parameter"}


@dataclass(frozen=True)
class Span:
    """Months `first` to `last` of a case, counted from its start, both included."""

    start: Month
    first: int
    last: int

    def meets(self, other: Span) -> bool:
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        one, two = self.start + self.first, self.start + self.last
        return str(one) if self.first == self.last else f"{one}..{two}"


class Names:
    """Looks up the words of one change; every method raises `Faults` that name the change and the case's file and line."""

    def __init__(self, case: Case, change: str):
        self.case, self.change = case, change

    # Faults

    def plain(self, found: str, allowed: str = "", near: str | None = None) -> Faults:
        """A fault of the change itself."""
        return Faults([Fault(f"change {self.change}", 0, 0, found, allowed, near)])

    def wrong(self, section: str, name: str | None, found: str, allowed: str = "", near: str | None = None) -> Faults:
        """A fault at the place where an entry of the case (or its section, without a name) is defined."""
        return Faults([Fault(*self.place(section, name), f"change {self.change}: {found}", allowed, near)])

    def place(self, section: str, name: str | None = None) -> tuple[str, int, int]:
        """File, line and column of an entry."""
        document = self.case._draft.documents[section]
        if name is not None:
            for path, entry in self.case._draft.items(section):
                key = SECTION[section].unique[:1]
                if (entry.get(key[0]) if key and isinstance(entry, dict) else path[-1] if path else None) == name:
                    return document.file, *document.at(path)
            if section == "case":
                return document.file, *document.at((name,))
        return document.file, 1, 0

    # Words

    def one(self, section: str, word: str | None) -> str:
        """The id of an entry of a section."""
        known = getattr(self.case, section)
        if word in known:
            return word
        near = nearest(word, known)
        by_name = [key for key, entry in known.items() if getattr(entry, "name", "").lower() == str(word).lower()]
        near = by_name[0] if by_name else near
        raise self.wrong(section, near, f"no {_WHAT[section]} {word!r}", listed(known, 20), near)

    def group(self, text: str) -> list[str]:
        """People from `a+b+c`, sorted."""
        found, faults = [], []
        for word in text.split("+"):
            try:
                found.append(self.one("people", word.strip()))
            except Faults as error:
                faults += error.faults
        if faults:
            raise Faults(faults)
        return sorted(set(found))

    def signal(self, name: str) -> str:
        """The name of a signal."""
        known = [*SIGNALS, *(f"opinion.{issue}" for issue in self.case.issues)]
        if name not in known:
            raise self.wrong("signals", None, f"no signal {name!r}", ", ".join(known), nearest(name, known))
        return name

    @property
    def document(self) -> str | None:
        """The id of the calendar's document."""
        return next((key for key, shock in self.case.shocks.items() if shock.kind == "document"), None)

    def number(self, text: str | None, low: float, high: float) -> float:
        """A number within bounds."""
        found = as_number(text)
        if found is None or not low <= found <= high:
            raise self.plain(f"value {text!r}", f"a number from {low:g} to {high:g}")
        return found

    def choice(self, text: str | None, allowed: Iterable[str]) -> str:
        """One of a few words."""
        if text not in (words := list(allowed)):
            raise self.plain(f"value {text!r}", listed(words), nearest(text, words))
        return text

    # Dates

    def span(self, when: str | None, required: bool = False, open_: bool = False) -> Span | None:
        """Months from `1924-05`, `1924-05..1926-01`, or a year (its months); `open_`: a single month means from then on."""
        if when is None or not when:
            if required:
                raise self.plain("no month", f"@YYYY-MM, from {self.case.start} to {self.case.last}")
            return None
        one, dots, two = when.partition("..")
        first = self.month(one, end=False)
        if dots:
            last = self.month(two, end=True) if two else self.case.last
        else:
            last = self.case.last if open_ else first
        if last < first:
            raise self.wrong("case", "start", f"from {first} to {last}", "a span that ends after it begins")
        return Span(self.case.start, first - self.case.start, last - self.case.start)

    @staticmethod
    def is_year(text: str) -> bool:
        return text.strip().isdigit() and len(text.strip()) == 4

    def month(self, text: str, end: bool) -> Month:
        """A month within the case's span; a year is its January, or its December at the end of a span."""
        words = f"a month YYYY-MM from {self.case.start} to {self.case.last}"
        try:
            found = Month(int(text), 12 if end else 1) if self.is_year(text) else Month.parse(text)
        except ValueError:
            raise self.wrong("case", "start", f"month {text!r}", words) from None
        if self.is_year(text):  # as far as the case goes
            bound = self.case.last if end else self.case.start
            found = bound if found.year == bound.year else found
        if not self.case.start <= found <= self.case.last:
            where = "start" if found < self.case.start else "end"
            raise self.wrong("case", where, f"{found} lies {'before the start' if where == 'start' else 'after the end'}", words)
        return found
