"""Targets and outcomes: what a history answers, and how close the ensemble comes to the record.

Closeness of one history to one target lies in [0, 1]:

    a date        exp(-((t - record) / width)**2 / 2), 0 when it never happens; 1 inside the record's interval, if it has one
    a list        shared members over all members named by either (Jaccard)
    a ruler       1 when this person rules alone in that month, else 0
    a share       exp(-((x - value) / h)**2 / 2), h half the width of the admitted range
    a group       the share of the group (alive, or dead); loyalists count only in histories with a purge
    a survival    1 when still there
    a series      exp(-((x - value) / h)**2 / 2) of the country's value in a year, or of its total over years
    a leader      1 when this person is the strongest full member of the ruling coalition at the end of that month

The mean over histories is the target's closeness, and the weighted mean over fitted targets is J, the number that
the calibration climbs. It is a summary, not a likelihood; `surprise` beside it says where the record falls in the
simulated distribution (two-sided tail probability, never as its own mode).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..case.arrays import RUNGS
from ..case.compile import Compiled
from ..case.values import Month
from ..engine.state import WHOLE, Kept
from .ensembles import years

_COLUMN = {name: column for column, name in enumerate(WHOLE)}


@dataclass(frozen=True)
class TargetResult:
    """One target beside its ensemble. `values` holds a month number, a share or a count per history; NaN = never."""

    id: str
    target: object
    question: str
    record: str
    evidence: str
    weight: float
    fitted: bool
    scores: np.ndarray
    values: np.ndarray
    observed: float
    unit: str  # "month", "share", "count", "yes"
    low: float
    high: float

    @property
    def closeness(self) -> float:
        return float(self.scores.mean()) if len(self.scores) else float("nan")

    @property
    def happened(self) -> float:
        """Share of histories in which there is a value at all."""
        return float(np.isfinite(self.values).mean()) if len(self.values) else float("nan")

    def quantile(self, q: float) -> float:
        """A quantile over all histories; inf when it falls among those in which it never happens."""
        if not len(self.values):
            return float("nan")
        filled = np.sort(np.where(np.isfinite(self.values), self.values, np.inf))
        return float(filled[min(len(filled) - 1, int(q * len(filled)))])

    @property
    def surprise(self) -> float:
        """Two-sided tail probability of the record: 1 in the middle of the simulated values, 0 outside all of them."""
        if not len(self.values):
            return float("nan")
        filled = np.where(np.isfinite(self.values), self.values, np.inf)
        below, above = float((filled <= self.observed).mean()), float((filled >= self.observed).mean())
        return min(1.0, 2.0 * min(below, above))


@dataclass(frozen=True)
class OutcomeResult:
    """One outcome of an ensemble: `values` as in TargetResult, `shares` the answers with their shares where they are words."""

    id: str
    outcome: object
    question: str
    unit: str  # "month", "share", "count", "yes", "who", "list", "order"
    values: np.ndarray
    shares: dict[str, float]


def closeness(results: list[TargetResult], fitted_only: bool = True) -> float:
    """J: the weighted mean closeness over the fitted targets (or over all)."""
    used = [r for r in results if r.fitted or not fitted_only]
    total = sum(r.weight for r in used)
    return sum(r.weight * r.closeness for r in used) / total if total else float("nan")


def scores(compiled: Compiled, kept: Kept) -> tuple[np.ndarray, np.ndarray]:
    """Per-history scores of the fitted targets, shape (H, targets), and their weights."""
    results = evaluate(compiled, kept, fitted_only=True)
    return np.stack([r.scores for r in results], axis=1), np.array([r.weight for r in results])


def evaluate(compiled: Compiled, kept: Kept, fitted_only: bool = False) -> list[TargetResult]:
    """Every target that lies within the months that were run."""
    results = []
    for name, target in compiled.case.targets.items():
        if (fitted_only and not target.fitted) or not _asked(compiled, kept, target):
            continue
        values, observed, low, high, unit, score, record = _measure(compiled, kept, target)
        results.append(
            TargetResult(
                name, target, target.question or _question(compiled, target), record, str(target.evidence), target.weight,
                target.fitted, score, values, observed, unit, low, high,
            )
        )  # fmt: skip
    return results


def outcomes(compiled: Compiled, kept: Kept) -> list[OutcomeResult]:
    """Every outcome of the case that lies within the months that were run."""
    return [_outcome(compiled, kept, name, o) for name, o in compiled.case.outcomes.items() if _asked(compiled, kept, o)]


def _asked(compiled: Compiled, kept: Kept, entry) -> bool:
    """Whether the months that were run, and what was run in them, answer this."""
    return _within(compiled, entry) and (entry.kind != "series" or kept.years.shape[1] > 0)


# -- what a history answers ------------------------------------------------------------------------------------


_MONTHS = ("purge_start", "assembly_date", "first_fall", "second_fall")
_UNANSWERED = ("committee_turnover",)  # the engine keeps blocs of seats, not the names of the committee's members


def answerable(entry) -> bool:
    """Whether the engine keeps what this target or outcome asks for."""
    return getattr(entry, "measure", None) not in _UNANSWERED


def _within(compiled: Compiled, entry) -> bool:
    if not answerable(entry):
        return False
    if entry.kind == "series":
        return compiled.world.country is not None and {entry.year, entry.through or entry.year} <= set(years.calendar(compiled))
    last = compiled.months - 1
    dates = [getattr(entry, name, None) for name in ("on", "by", "until", "near", "date")]
    numbers = [compiled.index(d) for d in dates if d is not None]
    if entry.kind == "measure" and entry.measure in _MONTHS and getattr(entry, "value", None) is not None:
        numbers.append(_month_number(compiled, entry.value))
    return all(0 <= number <= last for number in numbers)


def _month_number(compiled: Compiled, value) -> float:
    """A recorded month of a measure as a month number (the loader gives it as a month or already as a number)."""
    return float(compiled.index(value)) if isinstance(value, Month) else float(value)


def _dates(months: np.ndarray) -> np.ndarray:
    return np.where(months >= 0, months.astype(float), np.nan)


def fall(compiled: Compiled, kept: Kept, person: str, rung: str) -> np.ndarray:
    """Month of a person's sanction in each history, NaN never. A later rung implies those before it."""
    rows = kept.first[:, compiled.people.index(person), RUNGS.index(rung) :].astype(float)
    rows = np.where(rows >= 0, rows, np.inf).min(axis=1)
    return np.where(np.isfinite(rows), rows, np.nan)


def _check(compiled: Compiled, month: Month) -> int:
    """The index of the checkpoint of a month (every month that a target or outcome names is one)."""
    return compiled.checks.index(month)


def circle(compiled: Compiled, kept: Kept, month: Month) -> np.ndarray:
    """Full members of the circle at a checkpoint: (H, N) booleans."""
    return kept.circle[:, _check(compiled, month), :] == 2


def vote(compiled: Compiled, kept: Kept, near: Month, within: float, occasion: str = "congress") -> np.ndarray:
    """Share of votes against at the congress nearest to a month, NaN when none met within that many months.

    With another occasion than a congress: the vote on the founder's document, NaN when it was never put.
    """
    if occasion != "congress":
        share = kept.whole[:, _COLUMN["document_vote"]].astype(float)
        return np.where(share >= 0, share, np.nan)
    months, against = kept.congress[:, :, 0], kept.congress[:, :, 1]
    gap = np.where(months >= 0, np.abs(months - compiled.index(near)), np.inf)
    nearest = gap.argmin(axis=1)
    rows = np.arange(len(gap))
    return np.where(gap[rows, nearest] <= within, against[rows, nearest], np.nan).astype(float)


def _people(compiled: Compiled, names) -> list[int]:
    return [compiled.people.index(n) for n in names]


def measure(compiled: Compiled, kept: Kept, entry) -> tuple[np.ndarray, str]:
    """A measure of the whole history and its unit."""
    name, whole = entry.measure, kept.whole
    last = compiled.months if entry.on is None else compiled.index(entry.on) + 1
    if name == "committee_dead_share":
        return whole[:, _COLUMN["committee_dead_share"]].astype(float), "share"
    if name == "purge_start":
        return _dates(whole[:, _COLUMN["purge_start"]]), "month"
    if name == "chiefs_purged":
        return whole[:, _COLUMN["chiefs_purged"]].astype(float), "count"
    if name == "document_vote":
        share = whole[:, _COLUMN["document_vote"]].astype(float)
        return np.where(share >= 0, share, np.nan), "share"
    if name in ("committee_size", "assembly_date"):
        months = kept.congress[:, :, 0]
        here = compiled.index(entry.on)
        rows = np.arange(len(months))
        if name == "committee_size":
            held = np.where((months >= 0) & (months <= here), months, -1)
            latest = held.argmax(axis=1)
            none = held[rows, latest] < 0
            start = float(compiled.world.rule[0]["committee_size"])
            return np.where(none, start, kept.congress[rows, latest, 2]).astype(float), "count"
        gap = np.where(months >= 0, np.abs(months - here), np.inf)
        nearest = gap.argmin(axis=1)
        value = months[rows, nearest].astype(float)
        return np.where(np.isfinite(gap[rows, nearest]), value, np.nan), "month"
    if name == "assemblies":
        months = kept.congress[:, :, 0]
        return ((months >= 0) & (months < last)).sum(axis=1).astype(float), "count"
    if name in ("loyalists_alive", "rivals_dead"):
        gone = kept.alive[:, _people(compiled, entry.people)]
        dead = ((gone >= 0) & (gone < last)).mean(axis=1)
        return (1.0 - dead if name == "loyalists_alive" else dead).astype(float), "share"
    if name in ("first_fall", "second_fall"):
        falls = np.sort(np.stack([_any_fall(compiled, kept, p) for p in entry.people], axis=1), axis=1)
        value = falls[:, 0 if name == "first_fall" else 1]
        return np.where(np.isfinite(value), value, np.nan), "month"
    raise KeyError(name)


def series(compiled: Compiled, kept: Kept, entry) -> np.ndarray:
    """A series of the country in a year, or its total over years, in each history."""
    values = kept.years[:, :, years.column(entry.series)]
    return years.total(values, years.calendar(compiled), entry.year, entry.through)


def _any_fall(compiled: Compiled, kept: Kept, person: str) -> np.ndarray:
    """Month of the first loss of post or worse, inf never."""
    found = fall(compiled, kept, person, "post")
    return np.where(np.isfinite(found), found, np.inf)


# -- closeness -------------------------------------------------------------------------------------------------


def _bell(x: np.ndarray, centre: float, width: float) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        score = np.exp(-(((x - centre) / width) ** 2) / 2)
    return np.where(np.isfinite(x), score, 0.0)


def is_bell(target) -> bool:
    """Whether closeness to this target is a bell around the record, of some width (and not a share or a yes)."""
    if target.kind == "measure":
        return target.measure not in ("loyalists_alive", "rivals_dead")
    return target.kind in ("fall", "ruler_date", "vote", "series")


def _measure(compiled: Compiled, kept: Kept, t):
    kind = t.kind
    if kind in ("fall", "ruler_date"):
        values = fall(compiled, kept, t.person, t.rung) if kind == "fall" else _dates(kept.whole[:, _COLUMN["ruler_month"]])
        at, (first, last) = float(compiled.index(t.date)), (float(compiled.index(m)) for m in t.months)
        # Every month of an interval is as good as any other of it.
        score = _bell(np.clip(values, first, last) - values, 0.0, t.width) if first < last else _bell(values, at, t.width)
        return values, at, first - t.width, last + t.width, "month", score, _long(t.date)
    if kind == "members":
        sits = circle(compiled, kept, t.on)
        listed = np.zeros(len(compiled.people), bool)
        listed[_people(compiled, t.members)] = True
        both, either = (sits & listed).sum(axis=1), (sits | listed).sum(axis=1)
        overlap = both / np.maximum(either, 1)
        names = ", ".join(compiled.case.people[p].name.split()[-1] for p in t.members)
        return overlap.astype(float), 1.0, 0.0, 1.0, "share", overlap, names
    if kind == "ruler":
        rules = (kept.ruler[:, _check(compiled, t.by)] == compiled.people.index(t.person)).astype(float)
        return rules, 1.0, 1.0, 1.0, "yes", rules, f"{compiled.case.people[t.person].name} by {_long(t.by)}"
    if kind == "leads":
        leads = (kept.leader[:, _check(compiled, t.on)] == compiled.people.index(t.person)).astype(float)
        return leads, 1.0, 1.0, 1.0, "yes", leads, f"{compiled.case.people[t.person].name}, {_long(t.on)}"
    if kind == "survives":
        there = _survives(compiled, kept, t)
        return there, 1.0, 1.0, 1.0, "yes", there, f"yes, until {_long(t.until)}"
    if kind == "vote":
        values = vote(compiled, kept, t.near, t.within, t.occasion)
        half = max((t.high - t.low) / 2, 0.005)
        return values, t.value, t.low, t.high, "share", _bell(values, t.value, half), f"{t.value:.1%} ({t.low:.1%} to {t.high:.1%})"
    if kind == "series":
        values, low, high = series(compiled, kept, t), *((t.value if end is None else end) for end in (t.low, t.high))
        half = max((high - low) / 2, 0.02 * abs(t.value))
        return values, t.value, low, high, "count", _bell(values, t.value, half), f"{t.value:g} ({low:g} to {high:g})"
    values, unit = measure(compiled, kept, t)
    if unit == "month":
        at, width = _month_number(compiled, t.value), float(t.width or 12)
        return values, at, at - width, at + width, unit, _bell(values, at, width), _long(compiled.month(int(at)))
    low = t.value if t.low is None else float(t.low)
    high = t.value if t.high is None else float(t.high)
    if t.measure == "loyalists_alive":
        score = np.where(kept.whole[:, _COLUMN["purge_start"]] >= 0, values, 0.0)
    elif t.measure == "rivals_dead":
        score = values
    else:
        score = _bell(values, float(t.value), t.width or max((high - low) / 2, 0.05 * abs(float(t.value)), 0.005))
    shown = f"{t.value:.0%} ({low:.0%} to {high:.0%})" if unit == "share" else f"{t.value:g} ({low:g} to {high:g})"
    return values, float(t.value), low, high, unit, score, shown


def _survives(compiled: Compiled, kept: Kept, t) -> np.ndarray:
    i, last = compiled.people.index(t.person), compiled.index(t.until)
    gone = kept.alive[:, i]
    alive = (gone < 0) | (gone > last)
    if t.in_ == "alive":
        return alive.astype(float)
    if t.in_ == "circle":
        return (alive & circle(compiled, kept, t.until)[:, i]).astype(float)
    out = fall(compiled, kept, t.person, "committee" if t.in_ == "committee" else "party")
    return (alive & ~(out <= last)).astype(float)


def _long(month: Month) -> str:
    names = "January February March April May June July August September October November December".split()
    return f"{names[month.month - 1]} {month.year}"


_SANCTION = {
    "condemned": "is condemned", "post": "loses his posts", "circle": "loses his seat in the {circle}",
    "committee": "is put out of the {committee}", "party": "is expelled from the party", "exiled": "is exiled",
    "arrested": "is arrested", "executed": "is put to death",
}  # fmt: skip


def _question(compiled: Compiled, t) -> str:
    case = compiled.case
    names = {"circle": case.header.circle_name or case.circle.name, "committee": case.header.committee_name or case.committee.name}
    who = case.people[t.person].name if getattr(t, "person", None) else ""
    if t.kind == "fall":
        return f"{who} {_SANCTION[t.rung].format(**names)}"
    if t.kind == "members":
        return f"Members of the {names['circle']}, {_long(t.on)}"
    if t.kind == "ruler":
        return f"{who} rules alone by {_long(t.by)}" if who else f"Somebody rules alone by {_long(t.by)}"
    if t.kind == "leads":
        return f"{who} leads in {_long(t.on)}"
    if t.kind == "ruler_date":
        return "Sole rule begins"
    if t.kind == "vote":
        return f"Votes against at the congress near {_long(t.near)}" if t.occasion == "congress" else "Votes for what the document asks"
    if t.kind == "survives":
        place = {"circle": f"in the {names['circle']}", "committee": f"in the {names['committee']}", "party": "in the party", "alive": "alive"}
        return f"{who} still {place[t.in_]} in {_long(t.until)}"
    if t.kind == "series":
        return t.series.replace("_", " ").capitalize() + f", {t.year}" + (f" to {t.through}" if t.through else "")
    words = t.measure.replace("_", " ").capitalize()
    return words + (f", {_long(t.on)}" if t.on else "")


def _shares(words: list[str], counts: np.ndarray) -> dict[str, float]:
    """Answers in words with their shares, the commonest first, then by the alphabet."""
    order = sorted(range(len(words)), key=lambda i: (-int(counts[i]), words[i]))
    return {words[i]: float(counts[i] / counts.sum()) for i in order}


def _orders(compiled: Compiled, people, dates: np.ndarray) -> dict[str, float]:
    """Orders in which these people fall, with their shares. `dates`: (H, P), inf for never."""
    order = np.argsort(dates, axis=1, kind="stable")
    order[~np.isfinite(np.take_along_axis(dates, order, axis=1))] = -1
    names = [compiled.case.people[p].name.split()[-1] for p in people]
    # As one number each where sixty-three bits hold them: sorting rows of a table takes twenty times as long.
    rows = order if len(names) > 15 else (order + 1) @ (len(names) + 1) ** np.arange(len(names))
    _, at, counts = np.unique(rows, axis=0, return_index=True, return_counts=True)
    seen = order[at]
    found: dict[str, int] = {}
    for row, times in zip(seen, counts, strict=True):
        said = ", ".join(names[j] for j in row if j >= 0) or "nobody"
        found[said] = found.get(said, 0) + int(times)
    return _shares(list(found), np.array(list(found.values())))


def _outcome(compiled: Compiled, kept: Kept, name: str, o) -> OutcomeResult:
    people = compiled.names
    if o.kind == "fall":
        return OutcomeResult(name, o, o.question, "month", fall(compiled, kept, o.person, o.rung), {})
    if o.kind == "ruler_date":
        return OutcomeResult(name, o, o.question, "month", _dates(kept.whole[:, _COLUMN["ruler_month"]]), {})
    if o.kind in ("ruler", "leads"):
        who = kept.ruler[:, _check(compiled, o.by)] if o.kind == "ruler" else kept.leader[:, _check(compiled, o.on)]
        if o.person is not None:
            yes = (who == compiled.people.index(o.person)).astype(float)
            return OutcomeResult(name, o, o.question, "yes", yes, {"yes": float(yes.mean()), "no": float(1 - yes.mean())})
        seen, counts = np.unique(who, return_counts=True)
        words = [people[i] if i >= 0 else "nobody" for i in seen]
        return OutcomeResult(name, o, o.question, "who", who.astype(float), _shares(words, counts))
    if o.kind == "members":
        sits = circle(compiled, kept, o.on)
        chance = sits.mean(axis=0)
        shares = {people[i]: float(chance[i]) for i in np.argsort(-chance, kind="stable") if chance[i] > 0}
        return OutcomeResult(name, o, o.question, "list", sits.sum(axis=1).astype(float), shares)
    if o.kind == "order":
        dates = np.stack([fall(compiled, kept, p, o.rung) for p in o.people], axis=1)
        dates = np.where(np.isfinite(dates), dates, np.inf)
        return OutcomeResult(name, o, o.question, "order", dates.argmin(axis=1).astype(float), _orders(compiled, o.people, dates))
    if o.kind == "vote":
        return OutcomeResult(name, o, o.question, "share", vote(compiled, kept, o.near, o.within, o.occasion), {})
    if o.kind == "survives":
        yes = _survives(compiled, kept, o)
        return OutcomeResult(name, o, o.question, "yes", yes, {"yes": float(yes.mean()), "no": float(1 - yes.mean())})
    if o.kind == "series":
        return OutcomeResult(name, o, o.question, "count", series(compiled, kept, o), {})
    values, unit = measure(compiled, kept, o)
    return OutcomeResult(name, o, o.question, unit, values, {})
