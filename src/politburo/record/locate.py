"""Finding a claim's span in its source again.

A span is named by position and length in code points and by a digest of its text with no-break spaces folded to spaces
(folding keeps lengths, so positions survive). Verification tries the stated position, then the shift at which the last
span of the same source was found, then every position of the text by sliding a window of that length and comparing
digests; a span that turns up is *moved*, one that does not is *gone*.

Python strings index code points, so a character outside the basic plane before the span does not shift it; `utf16`
converts a position for browsers, which count code units. Cost: constant per span in place; one pass over the text per
distinct length for the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..faults import Fault, Faults
from ..marked import read_text
from .models import Claim, Source

_FOLD = {0xA0: " ", 0x202F: " ", 0x2007: " ", 0xFEFF: " "}


def fold(text: str) -> str:
    """No-break spaces as spaces, length kept."""
    return text.translate(_FOLD)


def digest(span: str) -> str:
    """First 32 hexadecimal digits of the SHA-256 of the folded span in UTF-8."""
    return hashlib.sha256(fold(span).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def utf16(text: str, position: int) -> int:
    """The position in UTF-16 code units of a position in code points."""
    return position + sum(1 for c in text[:position] if ord(c) > 0xFFFF)


@dataclass(frozen=True)
class Placed:
    """Where a claim's span is now: `status` is here, moved or gone; `start` is None when gone."""

    claim: Claim
    status: str
    start: int | None


class Locator:
    """Verifies spans in one text."""

    def __init__(self, text: str):
        self.text = fold(text)
        self._shift = 0
        self._windows: dict[int, dict[str, int]] = {}

    def at(self, start: int, length: int, wanted: str) -> bool:
        return 0 <= start <= len(self.text) - length and digest(self.text[start : start + length]) == wanted

    def find(self, start: int, length: int, wanted: str) -> int | None:
        """The position of the span, nearest known shift first; None if it is nowhere."""
        for guess in (start, start + self._shift):
            if self.at(guess, length, wanted):
                self._shift = guess - start
                return guess
        if length not in self._windows:
            text, seen = self.text, {}
            for i in range(len(text) - length + 1):
                if not (text[i].isspace() or (i and text[i - 1].isalnum() and text[i].isalnum())):
                    seen.setdefault(digest(text[i : i + length]), i)
            self._windows[length] = seen
        found = self._windows[length].get(wanted)
        if found is not None:
            self._shift = found - start
        return found

    def place(self, claim: Claim) -> Placed:
        found = self.find(claim.start, claim.length, claim.digest)
        return Placed(claim, "gone" if found is None else "here" if found == claim.start else "moved", found)


def source_text(source: Source, folder: Path) -> str | None:
    """The text of a source in `folder`, or None if the file is not there. Newlines are kept as they are."""
    path = folder / Path(source.file).name
    return read_text(path) if path.is_file() else None


def verify(
    sources: Sequence[Source], claims: Iterable[Claim], folder: Path
) -> tuple[list[Placed], list[Fault]]:
    """Place every claim whose source file is in `folder`; faults name the files that are absent or changed."""
    part_of = {p.id: s for s in sources for p in s.parts}
    by_source: dict[str, list[Claim]] = {}
    for c in claims:
        by_source.setdefault(part_of[c.source].id, []).append(c)
    placed: list[Placed] = []
    faults: list[Fault] = []
    for s in sources:
        try:
            text = source_text(s, folder)
        except Faults as error:
            faults += error.faults
            continue
        if text is None:
            faults.append(
                Fault(
                    str(folder / s.file),
                    0,
                    0,
                    "source file not found",
                    "every source of the record, or no folder",
                )
            )
            continue
        locator = Locator(text)
        for c in sorted(by_source.get(s.id, []), key=lambda c: c.start):
            placed.append(locator.place(c))
    return placed, faults
