"""What histories answer, as columns of numbers that can be compared twin by twin.

An outcome is more than one number: a fall happens or not, and has a month; "who rules alone" has a share for each person. Each of
these is an `Answer`: a column over histories, nan where a history has nothing to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...case.compile import Compiled
from ...case.values import Month
from ...engine.state import WHOLE, Kept
from ...faults import Fault
from ..ensembles import years
from .questions import Question
from ..targets import _check, circle, evaluate, outcomes
from ..tolls import is_toll

#: Answers of one kind: outcomes of the case, sentences asked besides, series of the country, closeness to recorded facts.
OUTCOME, ASKED, COUNTRY, CLOSENESS = "outcome", "asked", "country", "closeness"
#: Kinds of questions that ask how things stand at a month, which is kept at checkpoints only.
_STANDS = ("ruler", "leader", "sits")


@dataclass(frozen=True)
class Answer:
    """One column.

    id, question : of the outcome or target; what : which of its numbers ("happens", "month", a person, "value", "closeness")
    unit : "share" (of histories, or a share), "month", "count", "closeness"
    values : (H,)
    toll : whether it counts the dead of a famine, which depend on the harvest series
    """

    id: str
    question: str
    what: str
    unit: str
    kind: str
    values: np.ndarray
    toll: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.kind, self.id, self.what)


def answers(compiled: Compiled, kept: Kept, questions: Sequence[Question] = ()) -> dict[tuple[str, str, str], Answer]:
    """Every answer that these histories give: outcomes, questions, closeness of every target and of all together (`J`)."""
    found: list[Answer] = []
    for r in outcomes(compiled, kept):
        found += _outcome(compiled, kept, r)
    for q in questions:
        compiled_, kept_ = as_of(compiled, kept, q.until)
        unit = {"yes": "share"}.get(q.unit, q.unit)
        found.append(Answer(q.text, q.title, "yes" if q.unit == "yes" else "value", unit, ASKED, q.values(compiled_, kept_), _counts_dead(compiled, q.given.get("name"))))
    run = years.calendar(compiled) if kept.years.size else ()
    if run:
        span = f"mean {run[0]}-{run[-1]}" if len(run) > 1 else str(run[0])
        means = kept.years[:, : len(run)].mean(axis=1, dtype=float)  # a year that is not run to its end has no row on disk
        found += [Answer(name, name.replace("_", " ").capitalize(), span, "amount", COUNTRY, means[:, k], is_toll(name)) for k, name in enumerate(years.SERIES)]
    results = evaluate(compiled, kept)
    for r in results:
        found.append(Answer(r.id, r.question, "closeness", "closeness", CLOSENESS, np.asarray(r.scores, float)))
    fitted = [r for r in results if r.fitted and r.weight > 0]
    if fitted:
        weight = np.array([r.weight for r in fitted])
        mean = np.stack([r.scores for r in fitted], axis=1) @ weight / weight.sum()
        found.append(Answer("J", "Mean closeness to the fitted facts of the record", "closeness", "closeness", CLOSENESS, mean))
    return {answer.key: answer for answer in found}


def unanswerable(compiled: Compiled, question: Question) -> list[Fault]:
    """Why these histories cannot answer a question; empty when they can."""
    last = compiled.case.start + (compiled.months - 1)
    if question.until > last:
        return [Fault(f"outcome {question.text}", 0, 0, f"needs histories until {question.until}", f"--until {question.until} or later")]
    if question.kind in _STANDS and question.until not in compiled.checks:
        near = [str(c) for c in compiled.checks if abs(c - question.until) <= 12]
        return [Fault(f"outcome {question.text}", 0, 0, f"how things stand in {question.until} is not kept", f"{', '.join(near)}; or --until {question.until}")]
    return []


def as_of(compiled: Compiled, kept: Kept, until: Month) -> tuple[Compiled, Kept]:
    """What would be there had the histories stopped at an earlier month: a question is asked of the month it names."""
    last = compiled.index(until)
    if last >= compiled.months - 1:
        return compiled, kept
    checks = [c for c in compiled.checks if c <= until]
    whole = kept.whole.copy()
    for name in ("ruler_month", "purge_start"):
        column = whole[:, WHOLE.index(name)]
        column[column > last] = -1.0
    held = kept.congress.copy()
    held[held[:, :, 0] > last] = -1.0
    n = len(checks)
    earlier = kept._replace(
        first=np.where(kept.first > last, -1, kept.first).astype(kept.first.dtype), alive=np.where(kept.alive > last, -1, kept.alive).astype(kept.alive.dtype),
        circle=kept.circle[:, :n], side=kept.side[:, :n], leader=kept.leader[:, :n], ruler=kept.ruler[:, :n], whole=whole, congress=held,
    )  # fmt: skip
    return replace(compiled, months=last + 1, checks=tuple(checks)), earlier


def _counts_dead(compiled: Compiled, name: str | None) -> bool:
    """Whether an outcome or target of the case, by its name, asks for a toll of famine."""
    entry = compiled.case.outcomes[name] if name in compiled.case.outcomes else compiled.case.targets[name] if name in compiled.case.targets else None
    return entry is not None and entry.kind == "series" and is_toll(entry.series)


def _outcome(compiled: Compiled, kept: Kept, r) -> list[Answer]:
    def answer(what: str, unit: str, values: np.ndarray) -> Answer:
        return Answer(r.id, r.question, what, unit, OUTCOME, np.asarray(values, float), _counts_dead(compiled, r.id))

    if r.unit == "month":
        return [answer("happens", "share", np.isfinite(r.values)), answer("month", "month", r.values)]
    if r.unit == "yes":
        return [answer("yes", "share", r.values)]
    if r.unit == "who":
        leads = r.outcome.kind == "leads"
        who = kept.leader[:, _check(compiled, r.outcome.on)] if leads else kept.ruler[:, _check(compiled, r.outcome.by)]
        people = [i for i in np.unique(who) if i >= 0]
        named = [answer(compiled.names[i], "share", who == i) for i in people]
        return [*named, answer("nobody", "share", who < 0)]
    if r.unit == "list":
        sits = circle(compiled, kept, r.outcome.on)
        return [answer(compiled.names[i], "share", sits[:, i]) for i in np.flatnonzero(sits.any(axis=0))]
    if r.unit == "order":
        people = r.outcome.people
        return [answer(f"{compiled.case.people[p].name} first", "share", r.values == k) for k, p in enumerate(people) if (r.values == k).any()]
    return [answer("value", "share" if r.unit == "share" else r.unit, r.values)]
