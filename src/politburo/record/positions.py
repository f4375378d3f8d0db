"""Positions and conflicts: the answers given to one question, and two answers that cannot both hold.

A *position* is the claims that give one answer and the witnesses they rest on; a row of the reference tables may stand
as a position, with its evidence label. A *conflict* is two or more positions on one cluster, with its kind, its grade,
and the position a reading prefers.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..evidence import Evidence
from . import models as m
from .edtf import Bounds

KINDS = ("date", "number", "person", "polarity", "outcome", "order", "calendar", "arithmetic")
NEAR, NEAR_CONTEXT, CLOSE = 31, 92, 0.10


@dataclass
class Position:
    """One way of answering what a cluster is about: the claims that give it and the witnesses they rest on."""

    text: str
    claims: list[m.Claim]
    witnesses: list[str]
    bounds: Bounds | None = None
    evidence: Evidence | None = None  # of a reference row standing as a position

    @property
    def explicit(self) -> bool:
        return any(c.date.basis == "explicit" for c in self.claims)


@dataclass
class Conflict:
    """Two or more positions on one question, why they clash, how hard, and which is preferred."""

    id: str
    kind: str
    grade: str
    cluster: str
    positions: list[Position]
    why: str
    inside: str | None = None
    against_reference: bool = False
    preferred: Position | None = None
    reason: str = ""
    on_file: bool = False

    @property
    def hard(self) -> bool:
        return self.grade == "hard"


def gap_days(a: Bounds, b: Bounds) -> int:
    """Days between two intervals; 0 if they meet."""
    if a.high is not None and b.low is not None and a.high < b.low:
        return b.low - a.high
    if b.high is not None and a.low is not None and b.high < a.low:
        return a.low - b.high
    return 0


def show_value(v: m.Value) -> str:
    """The interval in words."""
    low, high = (None if x is None else f"{x:,.10g}" for x in (v.low, v.high))
    number = (
        low
        if low == high
        else f"at least {low}"
        if high is None
        else f"at most {high}"
        if low is None
        else f"{low} to {high}"
    )
    scope = ", ".join(s for s in (v.scope.what, v.scope.who, v.scope.where, v.scope.when or "") if s)
    return f"{number} {v.unit} ({scope})"
