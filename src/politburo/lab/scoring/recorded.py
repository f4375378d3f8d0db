"""What the record of a case says month by month: who has fallen, who sits, who leads, who rules.

A case's targets are single facts. A forecast needs the state of the record at a month: read here from the targets, the
memberships of the start and the natural deaths of the calendar, with nothing added. A person without a recorded fall has not
fallen; a list of members holds until the next one, less those who fell or died since. Months are numbers from the start of
the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...case.arrays import RUNGS
from ...case.compile import Compiled

NEVER = 10**6


@dataclass(frozen=True)
class Recorded:
    """The record of one compiled case."""

    compiled: Compiled

    @property
    def case(self):
        return self.compiled.case

    @property
    def last(self) -> int:
        """The last month that is run."""
        return self.compiled.months - 1

    def month_of(self, month) -> int:
        return self.compiled.index(month)

    @cached_property
    def falls(self) -> dict[tuple[str, int], tuple[int, float]]:
        """(person, number of the rung) -> (month, width) of each recorded fall."""
        return {
            (t.person, RUNGS.index(t.rung)): (self.month_of(t.date), float(t.width))
            for t in self.case.targets.values() if t.kind == "fall" and t.weight > 0
        }  # fmt: skip

    def fall(self, person: str, rung: str) -> int:
        """Recorded month of this sanction or a heavier one, NEVER when there is none."""
        least = RUNGS.index(rung)
        return min((month for (who, r), (month, _) in self.falls.items() if who == person and r >= least), default=NEVER)

    @cached_property
    def deaths(self) -> dict[str, int]:
        """Natural deaths of the calendar."""
        return {s.person: self.month_of(s.from_) for s in self.case.shocks.values() if s.kind in ("death", "assassination")}

    @cached_property
    def _lists(self) -> list[tuple[int, tuple[str, ...]]]:
        circle = next(name for name, organ in self.case.organs.items() if organ is self.case.circle)
        start = (0, self.case.members(circle, "full", "member"))
        lists = [(self.month_of(t.on), t.members) for t in self.case.targets.values() if t.kind == "members" and t.organ == circle]
        return [start, *sorted(lists)]

    def members(self, month: int) -> tuple[str, ...]:
        """Full members of the circle at the end of a month."""
        listed = [names for at, names in self._lists if at <= month][-1]
        return tuple(p for p in listed if self.fall(p, "circle") > month and self.deaths.get(p, NEVER) > month)

    @cached_property
    def leads(self) -> dict[int, tuple[str, float]]:
        """Month -> (who leads, weight of the fact); the starting position has weight 0."""
        return {self.month_of(t.on): (t.person, t.weight) for t in self.case.targets.values() if t.kind == "leads"}

    def leader(self, month: int) -> str | None:
        """Who led last, by the record up to this month; None when it does not say or he has fallen since."""
        known = [at for at in self.leads if at <= month]
        if not known:
            return None
        who = self.leads[max(known)][0]
        return who if self.fall(who, "circle") > month and self.deaths.get(who, NEVER) > month else None

    @cached_property
    def sole_rule(self) -> tuple[int, str, float] | None:
        """(month, person, width) of recorded sole rule; NEVER when the record knows only that it had come by a month."""
        ruler = next((t for t in self.case.targets.values() if t.kind == "ruler" and t.weight >= 1), None)
        date = next((t for t in self.case.targets.values() if t.kind == "ruler_date"), None)
        if ruler is None or date is None:
            return None
        return self.month_of(date.date), ruler.person, float(date.width)

    @cached_property
    def secretary(self) -> str | None:
        """Who holds the appointing office at the start."""
        return next((p.holder for p in self.case.posts.values() if p.powers.appoint >= 0.99), None)

    def appointing(self, month: int) -> str | None:
        """Who holds it by the record: its first holder until he has lost his posts or died, then whoever is recorded as leading."""
        first = self.secretary
        if first is not None and self.fall(first, "post") > month and self.deaths.get(first, NEVER) > month:
            return first
        return self.leader(month)

    def standing(self, person: str) -> float:
        """Coded prestige at the start and that of the posts then held."""
        posts = sum(p.weight or 0.0 for p in self.case.posts.values() if p.holder == person)
        return self.case.people[person].traits["prestige"].value + posts

    def december(self) -> list[int]:
        """Every December within the span."""
        return [t for t in range(self.compiled.months) if self.compiled.month(t).month == 12]

    def member_years(self) -> tuple[int, float]:
        """(falls from the circle, years spent in it) over the whole record of the case."""
        falls = sum(1 for names in [set().union(*(names for _, names in self._lists))] for p in names if self.fall(p, "circle") <= self.last)
        return falls, float(sum(len(self.members(t)) for t in range(self.compiled.months))) / 12.0


def columns(compiled: Compiled, people) -> list[int]:
    """Numbers of these people."""
    return [compiled.people.index(p) for p in people]


def fall_months(kept, compiled: Compiled, people, rung: str) -> np.ndarray:
    """(H, people) month of this sanction or a heavier one in each history, NEVER when it does not come."""
    first = kept.first[:, columns(compiled, people), RUNGS.index(rung) :].astype(np.int64)
    return np.where(first >= 0, first, NEVER).min(axis=2)
