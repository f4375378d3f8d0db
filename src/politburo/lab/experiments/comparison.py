"""What `what_if` answers: arms beside a baseline, their effects, and the same as rows, frames and plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...case.schema import Case
from .arms import Arm
from .changes import Change
from .effects import Effect
from .sentences import what_if_said
from .twins import Partings


@dataclass(frozen=True)
class Comparison:
    """One arm beside the baseline.

    unchanged : share of histories of which everything kept is the same
    seen : (H,) month by which twins visibly differ, nan never; partings : where a sample of them parts exactly
    """

    arm: Arm
    effects: tuple[Effect, ...]
    unchanged: float
    seen: np.ndarray
    partings: Partings

    def effect(self, id_: str, what: str | None = None) -> Effect:
        """One effect by the id of its outcome, question or target, and which of its numbers."""
        found = [e for e in self.effects if e.id == id_ and (what is None or e.what == what)]
        if not found:
            raise KeyError(f"no effect {id_!r}" + (f" on {what!r}" if what else "") + "; ids: " + ", ".join(dict.fromkeys(e.id for e in self.effects)))
        return found[0]


@dataclass(frozen=True)
class WhatIf:
    """The answer of `what_if`: a baseline, the arms beside it, and what the reader must know of them.

    failed : histories that failed, over all arms; failures : each with its arm, number, error and traceback
    """

    base: Arm
    changes: tuple[Change, ...]
    n: int
    comparisons: tuple[Comparison, ...]
    warnings: tuple[str, ...]
    failed: int = 0
    failures: tuple[dict, ...] = ()
    seconds: float = 0.0
    compiled: Any = field(default=None, repr=False)

    @property
    def case(self) -> Case:
        return self.base.case

    @property
    def unchanged(self) -> float:
        """Share of histories that come out the same with all changes together."""
        return self.comparisons[-1].unchanged

    def effect(self, id_: str, what: str | None = None, arm: int = -1) -> Effect:
        """One effect of an arm, by default that of all changes together."""
        return self.comparisons[arm].effect(id_, what)

    def rows(self) -> list[dict[str, Any]]:
        """Every effect of every arm as a flat row, for a data frame."""
        found = []
        for c in self.comparisons:
            for e in c.effects:
                d = e.difference
                row = {
                    "arm": c.arm.text, "kind": e.kind, "id": e.id, "question": e.question, "what": e.what, "unit": e.unit,
                    "before": e.before, "after": e.after, "difference": d.mean, "low": d.low, "high": d.high, "pairs": d.pairs,
                    "differ": d.differ, "luck_error": d.luck, "posterior_sd": d.posterior, "coding_sd": d.coding,
                    "up": d.up, "down": d.down, "low80": d.low80, "high80": d.high80,
                }  # fmt: skip
                if e.beyond is not None:
                    row |= {"beyond_sum": e.beyond.mean, "beyond_low": e.beyond.low, "beyond_high": e.beyond.high}
                found.append(row)
        return found

    def tolls(self) -> list[dict[str, Any]]:
        """Every toll of famine under each harvest series, in every arm, as flat rows."""
        return [
            {
                "arm": c.arm.text, "kind": e.kind, "id": e.id, "what": e.what, "harvest": h.series, "histories": h.histories,
                **{f"{when}_{name}": x for when, three in (("before", h.before), ("after", h.after)) for name, x in zip(("low", "middle", "high"), three, strict=True)},
                "difference": h.difference.mean, "low": h.difference.low, "high": h.difference.high, "low80": h.difference.low80, "high80": h.difference.high80,
            }
            for c in self.comparisons for e in c.effects for h in e.harvests
        ]  # fmt: skip

    @property
    def said(self) -> str:
        """The sentence that may be said of it."""
        return what_if_said(self)

    def frame(self, library: str = "polars") -> Any:
        """`rows` as a frame of "polars", "pandas" or "arrow"."""
        import pyarrow as pa

        from ..ensembles.frames import to_library

        rows = self.rows()
        names = dict.fromkeys(name for row in rows for name in row)
        return to_library(pa.table({name: [row.get(name) for row in rows] for name in names}), library)

    def to_dict(self) -> dict[str, Any]:
        """Everything, as plain data for JSON."""

        def plain(value: Any) -> Any:
            if isinstance(value, float | np.floating):
                return float(value) if np.isfinite(value) else None
            return value

        start = self.case.start
        arms = []
        for c in self.comparisons:
            months = c.partings.months[np.isfinite(c.partings.months)]
            typical = c.partings.typical
            arms.append({
                "arm": c.arm.text, "title": c.arm.title, "id": c.arm.id, "words": [w for change in c.arm.changes for w in change.words],
                "unchanged": c.unchanged,
                "parting": {
                    "traced": len(c.partings.partings), "part": len(months), "kinds": dict(c.partings.kinds.most_common()),
                    "months": {f"{q:g}": str(start + int(np.quantile(months, q))) for q in (0.1, 0.5, 0.9)} if len(months) else {},
                    "typical": None if typical is None else {"history": typical.history, "month": str(start + typical.month), "kinds": typical.kinds},
                },
            })  # fmt: skip
        return {
            "case": self.case.name, "digest": self.case.digest, "histories": self.n, "failed": self.failed, "failures": list(self.failures), "seed": self.base.seed,
            "until": str(start + (self.base.call.compiled.months - 1)), "baseline": self.base.id,
            "changes": [{"text": c.text, "title": c.title, "why": c.why, "words": list(c.words), "notes": list(c.notes)} for c in self.changes],
            "warnings": list(self.warnings), "said": self.said, "arms": arms,
            "effects": [{key: plain(value) for key, value in row.items()} for row in self.rows()],
            "tolls": [{key: plain(value) for key, value in row.items()} for row in self.tolls()],
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<WhatIf {self.case.name}: {len(self.comparisons)} arms of {self.n:,} histories, {self.unchanged:.0%} unchanged>"
