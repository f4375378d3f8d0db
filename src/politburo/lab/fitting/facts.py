"""The record of a case as likelihoods: every target with its observation error, and what a history answers to it.

    facts = record_of(compiled)
    facts[0].likelihood.log(facts[0].answers(kept))

The observation error is the one coded beside the target before any run: `width` months for a date, half the admitted range
for a count or a share. A date with an `interval` (EDTF) may lie in any of its months. Orders are not coded: where an outcome asks
for the order of falls and at least three of them are dated targets, these dates give it; its label is the weakest of theirs, and it is
never fitted, because the dates are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ...case.aims import MEASURES
from ...case.compile import Compiled
from ...engine.state import Kept
from ...evidence import weakest
from .. import targets as ask
from .likelihoods import Amount, Count, Date, Fact, Happened, Likelihood, Never, Order, Overlap, Share, composite, joint

MOST_ORDER = 7


class Recorded(NamedTuple):
    """A fact of the record: its likelihood, and the function that reads a history's answers from what was kept."""

    likelihood: Likelihood
    answers: Callable[[Kept], np.ndarray]

    @property
    def fact(self) -> Fact:
        return self.likelihood.fact


def record_of(compiled: Compiled, fitted_only: bool = False, orders: bool = True, country: bool = True) -> list[Recorded]:
    """Every target within the months that are run, in the case's order, then the orders that its dates imply.

    country : False where the politics are run alone, which answer no series of the country
    """
    found = [
        _recorded(compiled, name, target)
        for name, target in compiled.case.targets.items()
        if (target.fitted or not fitted_only) and ask._within(compiled, target) and (country or target.kind != "series")
    ]
    return found if fitted_only or not orders else found + _orders(compiled)


def logs(facts: Sequence[Recorded], kept: Kept) -> np.ndarray:
    """log p(record | history) of each history and fact: (H, facts)."""
    return np.stack([f.likelihood.log_each(f.answers(kept)) for f in facts], axis=1)


def weights(facts: Sequence[Recorded]) -> np.ndarray:
    """The coded weights of the facts."""
    return np.array([f.fact.weight for f in facts])


def summaries(facts: Sequence[Recorded], kept: Kept) -> dict[str, float]:
    """The composite log likelihood (coded weights), the joint one (no weights), and how many histories carry the joint one."""
    table = logs(facts, kept)
    whole, carried = joint(table)
    return {"composite": composite(table, weights(facts)), "joint": whole, "carried": carried}


def interval(compiled: Compiled, target) -> tuple[int, int]:
    """First and last month that a dated target may mean, as month numbers within the span."""
    at = compiled.index(target.date)
    low, high = (compiled.index(m) for m in target.months) if getattr(target, "interval", None) else (at, at)
    return max(0, low), min(compiled.months - 1, high)


def _recorded(compiled: Compiled, name: str, t) -> Recorded:
    label = t.question or ask._question(compiled, t)

    def fact(record: str) -> Fact:
        return Fact(name, label, record, str(t.evidence), t.weight, t.fitted)

    def measured(kept: Kept) -> np.ndarray:
        return ask._measure(compiled, kept, t)[0]

    if t.kind in ("fall", "ruler_date"):
        low, high = interval(compiled, t)
        return Recorded(Date(fact(ask._long(t.date)), low, high, t.width, compiled.months, start=compiled.case.start.ordinal), measured)
    if t.kind == "members":
        members = np.zeros(len(compiled.people), bool)
        members[ask._people(compiled, t.members)] = True
        names = ", ".join(compiled.case.people[p].name.split()[-1] for p in t.members)
        return Recorded(Overlap(fact(names), members), lambda kept: ask.circle(compiled, kept, t.on))
    if t.kind in ("ruler", "leads"):
        return Recorded(Happened(fact("yes")), measured)
    if t.kind == "survives":
        return Recorded(Never(fact("not lost")), measured)
    if t.kind == "vote":
        return Recorded(_share(fact, t.value, t.low, t.high), measured)
    if t.kind == "series":
        low, high = ((t.value if end is None else end) for end in (t.low, t.high))
        error = max((high - low) / 2, 0.02 * abs(t.value), 1e-9)
        return Recorded(Amount.of(fact(f"{t.value:g} ({low:g} to {high:g})"), float(t.value), error), measured)
    kind = MEASURES[t.measure].kind
    if kind == "month":
        at = int(round(ask._month_number(compiled, t.value)))
        start = compiled.case.start.ordinal
        return Recorded(Date(fact(ask._long(compiled.month(at))), at, at, float(t.width or 12), compiled.months, start=start), measured)
    low = float(t.value if t.low is None else t.low)
    high = float(t.value if t.high is None else t.high)
    if kind == "share":
        return Recorded(_share(fact, float(t.value), low, high), measured)
    value = int(round(t.value))
    # The grid must not depend on what is simulated: twice the largest admitted number, and ten.
    most = int(2 * max(high, value)) + 10
    sd = float(t.width or max((high - low) / 2, 0.5))
    return Recorded(Count(fact(f"{value:g} ({low:g} to {high:g})"), value, value, sd, most + 1), measured)


def _share(fact: Callable[[str], Fact], value: float, low: float, high: float) -> Share:
    at = int(round(100 * value))
    return Share(fact(f"{value:.1%} ({low:.1%} to {high:.1%})"), at, at, max(50 * (high - low), 0.5))


def _orders(compiled: Compiled) -> list[Recorded]:
    dates = {(t.person, t.rung): t for t in compiled.case.targets.values() if t.kind == "fall"}
    found = []
    for name, o in compiled.case.outcomes.items():
        if o.kind != "order":
            continue
        people = [p for p in o.people if (p, o.rung) in dates and ask._within(compiled, dates[p, o.rung])]
        known = [dates[p, o.rung] for p in people]
        months = [compiled.index(t.date) for t in known]
        if not 3 <= len(people) <= MOST_ORDER or len(set(months)) < len(months):
            continue  # two are a pair of dates, and a tie on record is no order
        order = tuple(int(i) for i in np.argsort(months))
        words = ", ".join(compiled.case.people[people[i]].name.split()[-1] for i in order)
        label = str(weakest(*(t.evidence for t in known), "derived"))

        def answers(kept: Kept, people=people, rung=o.rung) -> np.ndarray:
            return np.stack([ask.fall(compiled, kept, p, rung) for p in people], axis=1)

        found.append(Recorded(Order(Fact(name, o.question, words, label, 1.0, False), order), answers))
    return found
