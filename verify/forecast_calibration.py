"""Forecasts of a record that the model itself made: what is said with probability p must come true in p of the cases.

One history of an ensemble is taken as the record, a case is written from it (falls, who leads at the year's ends), and the other
histories forecast it: from the start, and from later cuts, conditioned on that record so far. Over many such records the forecasts must be calibrated
if the machinery is right: from the start exactly, since record and ensemble are draws of one distribution; from later cuts
nearly, because the kernel that conditions has a width. They must also beat the naive forecasters on average.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from politburo.case.aims import FallTarget, LeadsTarget
from politburo.case.arrays import RUNGS
from politburo.case.compile import Compiled
from politburo.lab.scoring.baselines import BASELINES
from politburo.lab.scoring.forecasts import forecasts
from politburo.lab.ensembles.provenance import plan
from politburo.lab.scoring.recorded import Recorded
from politburo.lab.scoring.score import draw, losses

from . import Check

CASE, HISTORIES, RECORDS = "ussr-1953", 1500, 120


def as_record(compiled: Compiled, kept, h: int) -> Compiled:
    """The case with what happened in history h as its recorded targets."""
    label = {"evidence": "assumed", "note": "a simulated history"}
    targets = {}
    for i, person in enumerate(compiled.people):
        for rung in ("post", "circle"):
            number = RUNGS.index(rung)
            later = [int(t) for t in kept.first[h, i, number:] if t >= 0]
            if later:
                targets[f"{person}_{rung}"] = FallTarget.model_validate(
                    {"kind": "fall", "person": person, "rung": rung, "date": str(compiled.month(min(later))), "width": 12, **label}
                )
    for c, month in enumerate(compiled.checks):
        who = int(kept.leader[h, c])
        if month.month == 12 and who >= 0:
            targets[f"leads_{month.year}"] = LeadsTarget.model_validate({"kind": "leads", "person": compiled.people[who], "on": str(month), **label})
    targets["leads_at_start"] = compiled.case.targets["leads_at_start"]
    return replace(compiled, case=replace(compiled.case, targets=MappingProxyType(targets)))


def without(kept, h: int):
    """The ensemble without one history."""
    rest = np.arange(len(kept.first)) != h
    return kept._replace(**{name: getattr(kept, name)[rest] for name in kept._fields if len(getattr(kept, name)) == len(rest)})


def mean_rate(compiled: Compiled, kept) -> float:
    """Falls from the circle a member and year over the ensemble."""
    years = float((kept.circle == 2).sum(axis=(0, 2)).mean()) * compiled.months / 12.0
    falls = sum(Recorded(as_record(compiled, kept, h)).member_years()[0] for h in range(0, HISTORIES, 50)) / len(range(0, HISTORIES, 50))
    return falls * HISTORIES / years


def checks() -> Iterator[Check]:
    call = plan(CASE)
    kept = draw(call, call.rows(np.arange(HISTORIES)))
    said: dict[str, list] = {}
    gains: dict[str, list] = {}
    # The naive forecaster is told the ensemble's own rate of falls, which is more than he knows of a real record.
    rate = mean_rate(call.compiled, kept)
    for h in range(0, HISTORIES, HISTORIES // RECORDS):
        record = Recorded(as_record(call.compiled, kept, h))
        for f in forecasts(record, without(kept, h)):
            p = f.probabilities()
            hits = [(p[k], float(k in f.observed)) for k in range(len(p))] if len(f.observed) == 1 else []
            said.setdefault(f.group, []).extend((h, *pair) for pair in hits)
            naive = float(losses(BASELINES["constant hazard"](record, f, rate), f.observed)[0])
            gains.setdefault(f.group, []).append((h, naive - float(losses(p, f.observed)[0])))
    for group, rows in said.items():
        table = np.array(rows)
        records = np.unique(table[:, 0])
        worst, words = 0.0, []
        for low, high in ((0.0, 0.05), (0.05, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.01)):
            inside = table[(table[:, 1] >= low) & (table[:, 1] < high)]
            if len(inside) < 40:
                continue
            # Questions of one record hang together: the error is that of means over records.
            gap = np.array([(inside[inside[:, 0] == r, 2] - inside[inside[:, 0] == r, 1]).sum() for r in records])
            error = gap.std(ddof=1) * np.sqrt(len(records)) / len(inside)
            off = float(gap.sum() / len(inside))
            # Conditioning by a kernel of finite width may be off by a few hundredths; from the start nothing may.
            slack = 0.05 if "later" in group or group in ("a member falls", "who falls next") else 0.01
            worst = max(worst, (abs(off) - slack) / error)
            words.append(f"{inside[:, 1].mean():.2f}: {inside[:, 2].mean():.2f}")
        yield Check(f"{group}: said and came ({len(table)} answers)", worst < 3.0, ", ".join(words), "within 3 standard errors over records")
    for group, rows in gains.items():
        table = np.array(rows)
        means = np.array([table[table[:, 0] == r, 1].mean() for r in np.unique(table[:, 0])])
        low = means.mean() - 2 * means.std(ddof=1) / np.sqrt(len(means))
        yield Check(f"{group}: gain over a constant hazard", low > 0, f"{means.mean():+.2f}, at least {low:+.2f}", "above 0")
