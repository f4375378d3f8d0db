"""What may be said of an experiment, in plain sentences made from its numbers.

Every sentence says that it is about the model, gives its interval, and names what it depends on. Nothing is called a cause of
what happened; a part whose interval holds zero is said to be indistinguishable from none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..tolls import HARVEST_NAMES

if TYPE_CHECKING:
    from ...case.schema import Case
    from .changes import Change
    from .disputes import Disputes
    from .effects import Effect
    from .explain import Explanation, Row
    from .questions import Question
    from .comparison import WhatIf


def points(question: Question, value: float, signed: bool = True) -> str:
    """A difference of answers: percentage points, months, or a number."""
    value, digits = (100 * value, 1) if question.unit in ("yes", "share") else (value, 1 if question.unit == "month" else 2)
    value = round(value, digits) + 0.0  # never a minus before nothing
    return f"{value:+.{digits}f}" if signed and value else f"{value:.{digits}f}"


def unit_of(question: Question) -> str:
    """What a difference is counted in."""
    return {"yes": "points", "share": "points", "month": "months"}.get(question.unit, "units")


def noun_of(case: Case, change: Change) -> str:
    """A cause as a noun: what the change takes away, in the case's words."""
    given = getattr(change, "cause", "")
    if given:
        return given
    if change.text.endswith("=off") and len(change.text.split(".")) == 1:
        return change.text.removesuffix("=off").replace("_", " ")
    if len(change.values) == 1 and not change.interventions:
        (key, new), = change.values.items()
        return _value_noun(case, key, new)
    if len(change.interventions) == 1 and not change.values:
        one = change.interventions[0]
        if one.kind == "document":
            return "what the circle does with the document"
        if one.kind == "health":
            return f"the health of {case.people[one.name].name}"
        if one.kind == "mechanism":
            return f"the mechanism {one.name}"
    return f"what {change.text} takes away"


def _value_noun(case: Case, key: str, new: object) -> str:
    head, *rest = key.split(".")
    old = case.value(key)
    shown, other = (("on" if x else "off") if isinstance(x, bool) else f"{x:g}" if isinstance(x, float | int) else str(x) for x in (old, new))
    if head == "people" and len(rest) > 2 and rest[1] == "traits":
        what = ".".join(rest[2:]).replace("position.", "position on ")
        return f"{case.people[rest[0]].name}'s {what} ({shown}, not {other})"
    if head == "posts" and rest[-1] == "holder":
        return f"{case.people[old].name if old else 'nobody'} as {case.posts[rest[0]].name}"
    if head == "posts" and "powers" in rest:
        return f"the power to {rest[-1]} of the {case.posts[rest[0]].name.split(' of the ')[0]}"
    if head == "rules":
        return rest[0].replace("_", " ")
    if head == "parameters":
        return f"{rest[0].replace('_', ' ')} as fitted (not {other})"
    if head == "shocks" and len(rest) == 1:
        return f"the event {rest[0].replace('_', ' ')}"
    if head == "ties":
        return f"the tie of {case.people[rest[0]].name} to {case.people[rest[1]].name}"
    return f"{key} ({shown}, not {other})"


def series(items: Iterable[str]) -> str:
    words = list(items)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def part_said(found: Explanation, row: Row) -> str:
    """`the appointing power: +41.2 (95 % interval 38.1 to 44.3)`."""
    low, high = row.interval()
    q = found.question
    return f"{row.name} {points(q, row.effect.mean)} ({points(q, low)} to {points(q, high)})"


def weighs(row: Row) -> bool:
    """Whether the interval of a part leaves out zero."""
    low, high = row.interval()
    return low > 0.0 or high < 0.0


def may_be_said(found: Explanation) -> str:
    """A paragraph about an explanation."""
    q, rows = found.question, found.rows
    k = len(found.causes)
    text = [
        f"In the model, over {found.n:,} histories of the case {found.case.name}: “{q.title}”, {q.shown(found.base.mean)} as the case is"
        f" coded, {q.shown(found.without.mean)} with {'the cause' if k == 1 else f'all {k} causes'} taken away."
    ]
    counted = [row for row in rows if weighs(row)]
    rest = [row for row in rows if not weighs(row)]
    low, high = found.total.interval()
    if counted and k == 1:
        text.append(f"{counted[0].name[:1].upper() + counted[0].name[1:]} makes a difference of {points(q, low)} to {points(q, high)} {unit_of(q)} (95 % interval).")
    elif counted:
        parts = series(part_said(found, row) for row in counted)
        text.append(
            f"The difference of {points(q, found.total.mean)} {unit_of(q)} (95 % interval {points(q, low)} to {points(q, high)}) divides, in"
            f" {unit_of(q)} and with 95 % intervals, into {parts}."
        )
    else:
        text.append(f"The difference of {points(q, found.total.mean)} {unit_of(q)} cannot be told from none, nor can any part of it.")
    if rest:
        text.append(f"Not to be told from none: {series(row.name for row in rest)}.")
    if rows and rows[0].needed is not None and counted:
        lost, had = counted[0].needed
        if had:
            text.append(f"Taking away {counted[0].name} alone undoes the outcome in {100 * lost / had:.0f}% of the histories that have it.")
    strong = _strongest_pair(found)
    if strong:
        text.append(strong)
    carried = [row for row in counted if row.carriers]
    if carried:
        shown = "; ".join(f"{row.name} on {series(f'{name} ({value:+.2f})' for name, value in row.carriers)}" for row in carried[:3])
        text.append(f"From one parameter vector to another the parts depend most (rank correlation) as follows: {shown}.")
    labels = sorted({row.evidence for row in counted})
    if labels:
        text.append(f"The coded values behind these causes are {series(labels)}.")
    text.append("This is a statement about the model and its coding, and about this list of causes: another list divides otherwise.")
    return " ".join(text)


def _strongest_pair(found: Explanation) -> str:
    pairs = [(pair, u) for pair, u in found.interactions.items() if u.clear]
    if not pairs:
        return ""
    (i, j), u = max(pairs, key=lambda entry: abs(entry[1].mean))
    a, b = (found.names[n] for n in (i, j))
    verb = "work together" if u.mean > 0 else "stand in for each other"
    return f"The strongest pair, {a} and {b}, {verb} (interaction {points(found.question, u.mean)})."


def disputes_said(found: Disputes) -> str:
    """A paragraph about conflicts as switches."""
    q = found.question
    text = [f"In the model, over {found.n:,} histories of the case {found.case.name}: “{q.title}”, {q.shown(found.base)} as the case is coded."]
    heavy = [d for d in found.rows if d.difference.clear]
    if heavy:
        parts = []
        for d in heavy:
            low, high = d.difference.interval()
            parts.append(f"{d.label} ({d.position}, not {d.coded}): {points(q, d.difference.mean)} ({points(q, low)} to {points(q, high)})")
        text.append(f"It matters who is right, in {unit_of(q)} and with 95 % intervals, about {'; '.join(parts)}.")
    light = len(found.rows) - len(heavy)
    if light:
        text.append(f"Of {light} other {'conflict' if light == 1 else 'conflicts'} the choice cannot be told from none.")
    text.append(
        f"{len(found.compared)} touch only the dates that histories are compared with, {len(found.untouched)} nothing that the case codes."
        " Nothing here says who is right."
    )
    return " ".join(text)


def what_if_said(found: WhatIf) -> str:
    """A paragraph about a what-if: its first question under all changes together, the mean and the single pairs told apart."""
    last = found.comparisons[-1]
    title = "; ".join(change.title for change in last.arm.changes)
    text = [f"In the model, over {found.n:,} pairs of histories of the case {found.case.name} that share their luck, and with this change: {title}."]
    first = _first_asked(found, last.effects)
    if first is not None:
        text.append(_effect_said(first))
    counted = [e for e in last.effects if e.harvests and (e.kind in ("asked", "outcome") or _weighty(e))]
    if counted:
        e = min(counted, key=lambda e: (("asked", "outcome", "country").index(e.kind), -abs(e.difference.mean)))
        parts = "; ".join(f"{HARVEST_NAMES.get(h.series, h.series)} {_signed(h.difference.mean, e)} ({_signed(h.difference.low80, e)} to {_signed(h.difference.high80, e)})" for h in e.harvests)
        text.append(
            f"The toll “{_asked_words(e)}” changes, by the harvest series that it is reckoned on, on average (and in the middle 80 % of single pairs) by: {parts}."
        )
    text.append(f"{100 * last.unchanged:.0f}% of the histories come out the same. This is a statement about the model and its coding.")
    return " ".join(text)


def _weighty(e: Effect) -> bool:
    """Whether a toll that nobody asked for is worth a sentence: clearly changed, by a thousand dead and a hundredth of itself at least."""
    return e.clear and abs(e.difference.mean) >= max(1.0, 0.01 * max(abs(e.before), abs(e.after)))


def _first_asked(found: WhatIf, effects: Iterable[Effect]) -> Effect | None:
    """What was asked, or the case's headline: of several people the one whose share clearly changes most, or else the likeliest."""
    effects = [e for e in effects if e.difference.pairs]
    ids = [e.id for e in effects if e.kind == "asked"] or [id_ for id_ in found.case.headline if any(e.id == id_ and e.kind == "outcome" for e in effects)]
    mine = [e for e in effects if ids and e.id == ids[0] and e.kind in ("asked", "outcome")]
    return max(mine, key=lambda e: (e.unit != "month", e.clear, abs(e.difference.mean) if e.clear else e.before)) if mine else None


def _asked_words(e: Effect) -> str:
    if e.kind == "country":
        return f"{e.question}, {e.what}"
    return e.question.rstrip("?") if e.what in ("yes", "happens", "month", "value") else f"{e.question.rstrip('?')}: {e.what}"


def _amount(value: float, e: Effect) -> str:
    if e.unit == "share":
        return f"{100 * value:.1f}%"
    return f"{value:.1f} months" if e.unit == "month" else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _signed(value: float, e: Effect) -> str:
    value = 100 * value if e.unit == "share" else value
    shown = f"{value:+,.0f}" if abs(value) >= 100 else f"{value:+.1f}" if e.unit in ("share", "month") else f"{value:+.3g}"
    return shown if float(shown.replace(",", "")) else "0"


def _effect_said(e: Effect) -> str:
    d = e.difference
    word = {"share": "points", "month": "months"}.get(e.unit, "")
    if d.differ == 0:
        return f"“{_asked_words(e)}”: in none of {d.pairs:,} pairs does the answer differ."
    before_after = "" if e.unit == "month" else f"{_amount(e.before, e)} as it was and {_amount(e.after, e)} with the change, "
    mean = f"“{_asked_words(e)}”: {before_after}a mean difference of {_signed(d.mean, e)} {word}".rstrip() + f" (95 % interval of the mean {_signed(d.low, e)} to {_signed(d.high, e)})."
    if e.yes_or_no:
        return mean + f" Pair by pair: {100 * d.up:.1f}% say yes only with the change, {100 * d.down:.1f}% only without it."
    return mean + f" From one pair to another it varies more: the middle 80 % of single differences run from {_signed(d.low80, e)} to {_signed(d.high80, e)}."
