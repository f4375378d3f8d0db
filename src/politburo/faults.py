"""Faults in what a user gave us: where, what was found, what is allowed, and the nearest valid word.

A loader collects every fault before it gives up; nothing is half-loaded. The command line prints them one a
line, `file:line:column: found ...; allowed: ...; did you mean ...?`, and exits with status 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Fault:
    """One fault. `line` and `column` count from 1; 0 means that the place is the whole file."""

    file: str
    line: int
    column: int
    found: str
    allowed: str = ""
    nearest: str | None = None

    def __str__(self) -> str:
        place = ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])
        parts = [self.found]
        if self.allowed:
            parts.append(f"allowed: {self.allowed}")
        if self.nearest:
            parts.append(f"did you mean {self.nearest}?")
        return f"{place}: " + "; ".join(parts)


class Faults(ValueError):
    """Raised once, with every fault found. `.faults` is the sorted list."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


def nearest(word: object, allowed: Iterable[str]) -> str | None:
    """The allowed word closest to `word` in spelling, or None when nothing is close."""
    names = list(allowed)
    low = {name.lower(): name for name in names}
    match = get_close_matches(str(word).lower(), list(low), n=1, cutoff=0.6)
    return low[match[0]] if match else None


def listed(allowed: Iterable[str], most: int = 12) -> str:
    """The allowed words in one line, cut with a count when there are many."""
    names = list(allowed)
    if len(names) <= most:
        return ", ".join(names)
    return ", ".join(names[:most]) + f", ... ({len(names) - most} more)"
