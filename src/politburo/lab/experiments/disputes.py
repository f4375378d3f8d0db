"""Does it matter who is right? The record's disagreements as switches of a case, ranked by how much the choice moves an outcome.

    found = disputes("ussr", "stalin sole ruler by 1930-12")
    found.rows[0].label, found.rows[0].difference.interval(), found.rows[0].changed

Theory. A case codes one position of every conflict of the record (`politburo.record.conflicts`). What another position would
have coded is written down in the case's `conflicts.yaml` as changes, a judgement with a label and a reason. Each of them is run as
a twin of the case on the same luck; a conflict matters as much as the mean paired difference of the outcome, and the
share of histories whose answer it changes bounds what it could matter in any one of them. Readings are taken one at a time:
several of them set the same value, so that they have no joint arms.

Three kinds of conflicts are kept apart: those that touch what histories are run from (ranked), those that touch only what
they are compared with (targets: the closeness to the record moves, histories do not), and those that touch nothing that
the case codes, each listed with the reason where one is given.

What it is not: a test of who is right. A conflict that moves nothing may be worth a book, and one that moves much is where the
model needs a better source first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from ...case.kept import load_kept
from ...case.schema import Case
from ...engine import month
from ...evidence import Evidence
from ...faults import Fault, Faults, listed, nearest
from ...marked import Marked, load_yaml, validate
from ...record.conflicts import find_conflicts
from ...record.loading import load as load_record
from ...record.positions import Conflict
from ...record.store import Record
from .answers import other_luck, play
from .arms import Arm, kept
from .attribution import Uncertain, uncertain
from .changes import Catalogue, Change, Named, read_named
from .questions import Question, read_question
from ..ensembles.run import Progress
from ..targets import closeness, evaluate

FILE = "conflicts.yaml"


class Reading(BaseModel):
    """One position that the case does not code, and what it would have coded under it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    position: str
    """The position, in the record's words."""
    words: tuple[str, ...]
    """Changes of the case."""
    evidence: Evidence
    """Label of the mapping, not of the position."""
    why: str
    """Why these values."""


class Entry(BaseModel):
    """One cluster of the record about which accounts differ."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    cluster: str
    """The record's cluster."""
    coded: str
    """The position that the case codes, in the record's words."""
    readings: tuple[Reading, ...]
    """The others."""


class File(BaseModel):
    """conflicts.yaml of a case."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    record: str
    """A packaged record, or a folder beside the case."""
    conflicts: tuple[Entry, ...]
    """Conflicts that touch what the case codes."""
    untouched: Mapping[str, str] = {}
    """Clusters that touch nothing, with the reason."""


@dataclass(frozen=True)
class Dispute:
    """One reading that the case does not code, beside the one that it does.

    difference : the outcome under this reading less the outcome as coded, paired history by history; None for a reading that
        only changes targets
    changed : share of histories whose answer differs
    closeness : J with the target as coded and as read; None for a reading that changes histories
    """

    cluster: str
    label: str
    grade: str
    coded: str
    position: str
    witnesses: tuple[tuple[str, ...], tuple[str, ...]]
    preferred: str
    change: Change
    why: str
    evidence: str
    difference: Uncertain | None = None
    changed: float = 0.0
    closeness: tuple[float, float] | None = None


@dataclass(frozen=True)
class Disputes:
    """The record's disagreements and what they do to an outcome. Made by `disputes`."""

    case: Case
    question: Question
    n: int
    base: float
    found: tuple[Dispute, ...]
    untouched: tuple[tuple[str, str, str], ...]
    failures: tuple[dict, ...]
    seconds: float

    @cached_property
    def rows(self) -> tuple[Dispute, ...]:
        """Readings that change what histories are run from, the weightiest first."""
        ran = [d for d in self.found if d.difference is not None]
        return tuple(sorted(ran, key=lambda d: (-abs(d.difference.mean), -d.changed)))

    @cached_property
    def compared(self) -> tuple[Dispute, ...]:
        """Readings that change only what histories are compared with, the weightiest first."""
        only = [d for d in self.found if d.closeness is not None]
        return tuple(sorted(only, key=lambda d: -abs(d.closeness[1] - d.closeness[0])))

    @property
    def sentence(self) -> str:
        """What may be said."""
        from .sentences import disputes_said

        return disputes_said(self)

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain data, for JSON."""
        def one(d: Dispute) -> dict[str, Any]:
            u = d.difference
            return {
                "cluster": d.cluster, "label": d.label, "grade": d.grade, "coded": d.coded, "reading": d.position, "preferred": d.preferred,
                "words": list(d.change.words), "why": d.why, "evidence": d.evidence, "changed": d.changed,
                "difference": None if u is None else {"mean": u.mean, "low": u.interval()[0], "high": u.interval()[1]},
                "closeness": None if d.closeness is None else list(d.closeness),
            }  # fmt: skip

        return {
            "case": self.case.name, "outcome": self.question.text, "question": self.question.title, "unit": self.question.unit, "histories": self.n,
            "base": self.base, "ranked": [one(d) for d in self.rows], "compared_only": [one(d) for d in self.compared],
            "untouched": [{"cluster": c, "label": label, "why": why} for c, label, why in self.untouched], "sentence": self.sentence,
        }  # fmt: skip

    def frame(self, what: str = "ranked", library: str = "polars") -> Any:
        """The ranked readings as a frame."""
        import pyarrow as pa

        from ..ensembles.frames import to_library

        if what != "ranked":
            raise Faults([Fault("frame", 0, 0, f"frame of {what!r}", "ranked", nearest(what, ["ranked"]))])
        rows = [{"conflict": d.label, "coded": d.coded, "reading": d.position, "difference": d.difference.mean, "low": d.difference.interval()[0],
                 "high": d.difference.interval()[1], "changed": d.changed, "evidence": d.evidence} for d in self.rows]  # fmt: skip
        return to_library(pa.Table.from_pylist(rows), library)


def disputes(
    case: Case | str | Path,
    outcome: str,
    n: int = 400,
    seed: int = 1922,
    *,
    workers: int | None = None,
    executor: Any = None,
    store: str | Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Disputes:
    """Rank the record's disagreements by what the choice between readings does to an outcome.

    Raises `Faults` before anything is run: an outcome or a mapping that names nothing, at its line. Cost: one arm of `n`
    histories for each reading, up to the outcome's month; and one to the end of the case when a reading changes a target.
    """
    began = time.monotonic()
    case = case if isinstance(case, Case) else load_kept(case, mechanisms=dict.fromkeys(month.names()))
    faults: list[Fault] = []
    question: Question | None = None
    try:
        question = read_question(case, outcome)
    except Faults as error:
        faults += error.faults
    record, entries, reasons = None, [], {}
    try:
        record, entries, reasons = read_file(case)
    except Faults as error:
        faults += error.faults
    if faults:
        raise Faults(faults)
    ran = [entry for entry in entries if _runs(entry[2])]
    base = Arm(case, (), question.until, seed)
    calls = [base.call, *(Arm(case, (change,), question.until, seed).call for _, _, change in ran)]
    again = min(n, max(50, n // 16))
    first = play(iter(calls), question, n, len(calls), workers=workers, executor=executor, store=store, progress=progress)
    second = play((other_luck(call) for call in calls), question, again, len(calls), workers=workers, executor=executor, store=store)
    sound = ~np.isnan(first.values).any(axis=0)
    both = np.flatnonzero(sound[:again] & ~np.isnan(second.values).any(axis=0))
    values, twins = first.values[:, sound], second.values[:, both]
    if not values.shape[1]:
        raise Faults([Fault(str(case.path), 0, 0, "every history failed in some arm", "mechanisms that run")])
    particles = base.call.particle(np.flatnonzero(sound))
    of = np.flatnonzero(np.isin(np.flatnonzero(sound), both))
    found, place = [], {id(entry): row for row, entry in enumerate(ran, 1)}
    measured = None
    for entry in entries:
        pair, reading, change = entry
        row = place.get(id(entry))
        more: dict[str, Any] = {}
        if row is not None:
            scale = (1.0 if question.unit != "month" else float(question.until - case.start + 1)) if first.like[row] else 0.0
            difference = uncertain(values[row] - values[0], particles, twins[row] - twins[0], of, scale)
            more = {"difference": difference, "changed": float((values[row] != values[0]).mean())}
        else:
            measured = measured or _measured(case, seed, min(n, 400), workers)
            more = {"closeness": _closeness(measured, change)}
        found.append(_dispute(record, pair, reading, change, **more))
    mapped = {entry.cluster for (_, entry), _, _ in entries}
    rest: dict[str, tuple[str, str, str]] = {}
    for conflict in find_conflicts(record):
        if conflict.cluster not in mapped:
            rest[conflict.cluster] = (conflict.cluster, record.label(conflict.cluster), reasons.get(conflict.cluster, ""))
    return Disputes(
        case, question, int(sound.sum()), float(values[0].mean()), tuple(found), tuple(rest.values()), tuple(first.failures),
        time.monotonic() - began,
    )  # fmt: skip


# -- the mapping -------------------------------------------------------------------------------------------------


def read_file(case: Case) -> tuple[Record, list[tuple[tuple[list[Conflict], Entry], Reading, Change]], dict[str, str]]:
    """The record, each reading with its conflict and its change, and the reasons of the untouched."""
    path = case.path / FILE
    if not path.is_file():
        raise Faults([Fault(str(path), 0, 0, "no such file", "the case's mapping of conflicts to values, see docs/how-to/explain-an-outcome.md")])
    marked = load_yaml(path)
    file = validate(File, marked)
    record = _record(case, file, marked)
    conflicts = find_conflicts(record)
    clusters = list(dict.fromkeys(c.cluster for c in conflicts))
    faults, found = [], []
    for i, entry in enumerate(file.conflicts):
        here = [c for c in conflicts if c.cluster == entry.cluster]
        at = ("conflicts", i)
        if not here:
            near = nearest(entry.cluster, clusters)
            faults.append(marked.fault((*at, "cluster"), f"no conflict about {entry.cluster!r} in the record", listed(clusters, 20), near))
            continue
        positions = list(dict.fromkeys(p.text for c in here for p in c.positions))
        said = [(entry.coded, (*at, "coded")), *((r.position, (*at, "readings", j, "position")) for j, r in enumerate(entry.readings))]
        for text, place in said:
            if text not in positions:
                faults.append(marked.fault(place, f"no position {text!r} in this conflict", listed(positions), nearest(text, positions)))
        for j, reading in enumerate(entry.readings):
            try:
                named = Named(name=f"{entry.cluster}={reading.position}", words=reading.words, why=reading.why)
                change = read_named(case, Catalogue.of(case), named, marked, (*at, "readings", j))
            except Faults as error:
                faults += error.faults
                continue
            found.append(((here, entry), reading, change))
    for cluster in file.untouched:
        if cluster not in clusters:
            faults.append(marked.fault(("untouched", cluster), f"no conflict about {cluster!r} in the record", listed(clusters, 20), nearest(cluster, clusters)))
    if faults:
        raise Faults(faults)
    return record, found, dict(file.untouched)


def _record(case: Case, file: File, marked: Marked) -> Record:
    from ...case.load import CASES

    for folder in (case.path / file.record, CASES / file.record):
        if (folder / "record.yaml").is_file():
            return load_record(folder)
    records = sorted(p.parent.name for p in CASES.glob("*/record.yaml"))
    raise Faults([marked.fault(("record",), f"no record {file.record!r}", listed(records), nearest(file.record, records))])


def _runs(change: Change) -> bool:
    """Whether a change touches more than targets."""
    return bool(change.interventions) or any(not key.startswith("targets.") for key in change.values)


def _dispute(record: Record, pair: tuple[list[Conflict], Entry], reading: Reading, change: Change, **more: Any) -> Dispute:
    conflicts, entry = pair
    places = [p for c in conflicts for p in c.positions]
    witnesses = tuple(tuple(next((p.witnesses for p in places if p.text == text), ())) for text in (entry.coded, reading.position))
    preferred = next((c.preferred.text for c in conflicts if c.preferred is not None), "")
    grade = "hard" if any(c.hard for c in conflicts) else "soft"
    return Dispute(
        entry.cluster, record.label(entry.cluster), grade, entry.coded, reading.position, witnesses, preferred, change, reading.why,
        str(reading.evidence), **more,
    )  # fmt: skip


# -- what histories are compared with ----------------------------------------------------------------------------


def _measured(case: Case, seed: int, n: int, workers: int | None):
    call = Arm(case, (), None, seed).call
    return call.compiled, kept(call, n, workers)


def _closeness(measured: tuple, change: Change) -> tuple[float, float]:
    """Weighted mean closeness over all targets, fitted or not, with the target as coded and as read."""
    from dataclasses import replace

    compiled, histories = measured
    changed = compiled.case.with_values(dict(change.values))
    before = closeness(evaluate(compiled, histories), fitted_only=False)
    after = closeness(evaluate(replace(compiled, case=changed), histories), fitted_only=False)
    return before, after
