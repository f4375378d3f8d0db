"""Forecasts: what the ensemble says will happen after a month, given only what was on record up to it.

Theory. A forecast is a probability for every answer of a question that the record later answers. It is made at a month f
(the freeze) and may use the record up to f and nothing later. The engine starts histories at the start of a case only, so a
freeze in mid-history conditions the ensemble instead: history h gets the weight

    w_h = exp(-D_h / tau),    D_h = sum over recorded facts of min((t_h - t)^2 / 2 s^2, 9/2) + 9/2 for each of a wrong leader and a wrong ruler at f,

t being the month of a recorded fall up to f, or f + 1 for a member who still sits, t_h that of the history, at most f + 1 (what has not
happened by f is all alike), s the width of the fact (8 months for a seat). A fact missed by more than three widths counts as missed, however far. It is approximate Bayesian conditioning
with a bounded Gaussian kernel. tau is 1, or the least number at which the effective sample size (sum w)^2 / sum w^2 reaches `least`: with
many facts few histories agree exactly, and a forecast from three of them would be worth nothing. tau and the effective size stand
beside every forecast. At the start all weights are 1.

Questions:

    next fall    who of a list falls next, given that those who fell before (in whatever order) are the recorded ones; people
                 who fall in one month share the step. Where fewer than `least` histories agree so far, those nearest to the
                 record at the month of the last fall answer: who of the others falls first after it.
    leads        who is the first man of the circle at the end of a month
    rules        who rules alone then, or nobody
    falls        whether a member of the circle at the freeze loses his seat within so many months
    vote         in which of six classes the share against lies at the congress nearest to a recorded one

A probability is (n p + 1/K) / (n + 1), n the effective number of histories, K that of answers: one history's worth of ignorance, so that
no logarithm is infinite and a forecast without histories is uniform.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...case.arrays import RUNGS
from ...case.compile import Compiled
from ...engine.state import Kept
from .recorded import NEVER, Recorded, columns, fall_months
from ..targets import vote

OTHER, NOBODY = "somebody else", "nobody"
CLASSES = (0.0, 0.01, 0.05, 0.1, 0.2, 0.5)
KINDS = ("next fall", "leads", "rules", "falls", "vote")


@dataclass(frozen=True)
class Forecast:
    """One question and what the histories answer.

    shares : (H, K) what each history says, a row summing to 1; weights : (H,) its weight, before any resampling
    observed : numbers of the answers that count as what happened (several only when they happened together)
    made, at : month numbers; `at` is the month asked about, -1 when the question has none
    tau : temper of the conditioning; people : ids behind the answers (None for nobody and others), for the baselines
    """

    case: str
    kind: str
    question: str
    made: int
    at: int
    answers: tuple[str, ...]
    people: tuple[str | None, ...]
    observed: tuple[int, ...]
    shares: np.ndarray = field(repr=False)
    weights: np.ndarray = field(repr=False)
    tau: float = 1.0
    weight: float = 1.0

    @property
    def group(self) -> str:
        """The row of a table to which it belongs."""
        if self.kind in ("leads", "rules"):
            return f"who {self.kind}, from the start" if self.made == 0 else f"who {self.kind}, from later cuts"
        return {"falls": "a member falls", "vote": "votes", "next fall": "who falls next"}.get(self.kind, self.kind)

    @property
    def histories(self) -> float:
        """Effective number of histories behind it."""
        return effective(self.weights)

    def probabilities(self, counts: np.ndarray | None = None) -> np.ndarray:
        """(K,) probabilities of the answers; with `counts` (R, H), how often each history is drawn, (R, K)."""
        weights = self.weights if counts is None else counts * self.weights
        total = weights.sum(axis=-1)
        squares = (counts * self.weights**2 if counts is not None else self.weights**2).sum(axis=-1)
        n = np.where(squares > 0, total**2 / np.where(squares > 0, squares, 1.0), 0.0)[..., None]
        p = (weights @ self.shares) / np.where(total > 0, total, 1.0)[..., None]
        k = len(self.answers)
        return (n * p + 1.0 / k) / (n + 1.0)


def effective(weights: np.ndarray) -> float:
    """Effective sample size of weights."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


# -- conditioning


#: A fact missed by this many widths or more counts as missed.
REACH = 3.0
#: Width in months of the fact that a member still sits.
SEATED = 8.0


def discrepancy(record: Recorded, kept: Kept, freeze: int) -> np.ndarray:
    """(H,) D: how far each history is from the record up to and including month `freeze`."""
    compiled, cut, most = record.compiled, freeze + 1, 0.5 * REACH**2
    d = np.zeros(len(kept.first))
    for (person, rung), (month, width) in record.falls.items():
        if month <= freeze:
            gap = np.minimum(fall_months(kept, compiled, [person], RUNGS[rung])[:, 0], cut) - month
            d += np.minimum(gap**2 / (2.0 * width**2), most)
    # Those who sit in the circle on record are not to have lost their seats.
    gaps = np.minimum(fall_months(kept, compiled, record.members(freeze), "circle"), cut) - cut
    d += np.minimum(gaps**2 / (2.0 * SEATED**2), most).sum(axis=1)
    known = [at for at in record.leads if 0 < at <= freeze]
    if known and (who := record.leader(freeze)) is not None:
        d += most * (kept.leader[:, compiled.checks.index(compiled.month(max(known)))] != compiled.people.index(who))
    past = [t for t in record.december() if t <= freeze]
    if record.sole_rule is not None and past:
        month, who, _ = record.sole_rule
        rules = compiled.people.index(who) if past[-1] >= month else -1
        d += most * (kept.ruler[:, compiled.checks.index(compiled.month(past[-1]))] != rules)
    return d


def condition(record: Recorded, kept: Kept, freeze: int, least: float = 60.0) -> tuple[np.ndarray, float]:
    """Weights of the histories given the record up to a month, and the temper tau that was needed."""
    if freeze <= 0:
        return np.ones(len(kept.first)), 1.0
    d = discrepancy(record, kept, freeze)
    d = d - d.min()
    least = min(least, 0.5 * len(d))
    low, high = 1.0, 1.0
    while effective(np.exp(-d / high)) < least and high < 1e6:
        high *= 2.0
    if high > 1.0:
        for _ in range(40):
            middle = np.sqrt(low * high)
            low, high = (low, middle) if effective(np.exp(-d / middle)) >= least else (middle, high)
    return np.exp(-d / high), float(high)


# -- questions


def next_falls(record: Recorded, kept: Kept, people: Sequence[str], rung: str, least: float = 60.0) -> list[Forecast]:
    """Who falls next, step by step along the recorded order."""
    compiled = record.compiled
    dates = fall_months(kept, compiled, people, rung)
    recorded = np.array([record.fall(p, rung) for p in people])
    found, gone, before, tau = [], np.zeros(len(people), bool), -1, 1.0
    for month in sorted({int(m) for m in recorded if m <= record.last}):
        ahead = np.flatnonzero(~gone)
        if len(ahead) < 2:
            break
        group = [k for k, j in enumerate(ahead) if recorded[j] == month]
        first = dates[:, ahead].min(axis=1)
        agrees = first < NEVER
        weights = agrees.astype(float)
        if gone.any():
            last = dates[:, gone].max(axis=1)
            weights *= (last < NEVER) & (last <= first)
            if weights.sum() < min(least, 0.5 * len(weights)):
                weights, tau = condition(record, kept, before, least)
                later = np.where(dates[:, ahead] > before, dates[:, ahead], NEVER)
                first = later.min(axis=1)
                weights = weights * (first < NEVER)
        falls = (dates[:, ahead] == first[:, None]) & (first < NEVER)[:, None]
        shares = falls / np.maximum(falls.sum(axis=1, keepdims=True), 1)
        said = ", ".join(_last(compiled, people[j]) for j in np.flatnonzero(gone)) or "nobody yet"
        words = {"circle": "loses his seat", "post": "loses his posts", "condemned": "is condemned"}.get(rung, rung)
        found.append(
            Forecast(
                compiled.case.name, "next fall", f"who {words} next (fallen: {said})", month, -1,
                tuple(_last(compiled, people[j]) for j in ahead), tuple(people[j] for j in ahead), tuple(group),
                shares.astype(float), weights, tau,
            )
        )  # fmt: skip
        gone |= recorded == month
        before, tau = month, 1.0
    return found


def leads(record: Recorded, kept: Kept, freeze: int, at: int, given: tuple[np.ndarray, float]) -> Forecast:
    """Who is the first man of the circle at month `at`, seen from the month `freeze`."""
    who, weight = record.leads[at]
    return _who(record, kept.leader, "leads", freeze, at, who, weight, given)


def rules(record: Recorded, kept: Kept, freeze: int, at: int, given: tuple[np.ndarray, float]) -> Forecast:
    """Who rules alone at month `at`, or nobody. A month within three of the recorded beginning has half weight."""
    month, who, _ = record.sole_rule
    return _who(record, kept.ruler, "rules", freeze, at, who if at >= month else None, 0.5 if abs(at - month) <= 3 else 1.0, given)


def _who(record, table, kind, freeze, at, who, weight, given) -> Forecast:
    compiled = record.compiled
    people = list(record.members(freeze))
    names = [_last(compiled, p) for p in people] + [OTHER, NOBODY]
    answers: list[str | None] = [*people, None, None]
    held = table[:, compiled.checks.index(compiled.month(at))]
    shares = np.zeros((len(held), len(names)))
    for k, number in enumerate(columns(compiled, people)):
        shares[:, k] = held == number
    shares[:, -1] = held < 0
    shares[:, -2] = 1.0 - shares.sum(axis=1)
    observed = len(names) - 1 if who is None else people.index(who) if who in people else len(names) - 2
    words = "leads" if kind == "leads" else "rules alone"
    question = f"who {words} in {compiled.month(at)}, from {compiled.month(max(freeze, 0))}"
    weights, tau = given
    return Forecast(compiled.case.name, kind, question, freeze, at, tuple(names), tuple(answers), (observed,), shares, weights, tau, weight)


def falls(record: Recorded, kept: Kept, freeze: int, months: int, given: tuple[np.ndarray, float]) -> list[Forecast]:
    """For each member of the circle at the freeze: does he lose his seat within `months`?"""
    compiled, last = record.compiled, min(freeze + months, record.last)
    people = [p for p in record.members(freeze) if not (freeze < record.deaths.get(p, NEVER) <= last)]
    dates = fall_months(kept, compiled, people, "circle")
    weights, tau = given
    found = []
    for column, person in enumerate(people):
        t = dates[:, column]
        still = t > freeze  # a history in which he is gone already says nothing about when he goes
        yes = ((t <= last) & still).astype(float)
        happened = freeze < record.fall(person, "circle") <= last
        question = f"{_last(compiled, person)} loses his seat between {compiled.month(max(freeze, 0))} and {compiled.month(last)}"
        found.append(
            Forecast(
                compiled.case.name, "falls", question, freeze, last, ("yes", "no"), (person, None), (0 if happened else 1,),
                np.stack([yes, 1.0 - yes], axis=1), weights * still, tau,
            )
        )  # fmt: skip
    return found


def votes(record: Recorded, kept: Kept) -> list[Forecast]:
    """In which class the share of votes against lies at each recorded congress vote, seen from the start."""
    compiled, found = record.compiled, []
    edges = np.array(CLASSES)
    names = (*(f"{a:.0%} to {b:.0%}" for a, b in zip(CLASSES, (*CLASSES[1:], 1.0), strict=True)), "no congress then")
    for t in compiled.case.targets.values():
        if t.kind != "vote" or t.occasion != "congress" or not 0 <= record.month_of(t.near) <= record.last:
            continue
        share = vote(compiled, kept, t.near, t.within)
        number = np.where(np.isfinite(share), np.searchsorted(edges, np.nan_to_num(share), side="right") - 1, len(CLASSES))
        shares = (number[:, None] == np.arange(len(names))).astype(float)
        observed = int(np.searchsorted(edges, t.value, side="right") - 1)
        found.append(
            Forecast(
                compiled.case.name, "vote", f"share against at the congress near {t.near}", 0, record.month_of(t.near), names,
                (None,) * len(names), (observed,), shares, np.ones(len(shares)), 1.0, t.weight,
            )
        )  # fmt: skip
    return found


def _last(compiled: Compiled, person: str) -> str:
    return compiled.case.people[person].name.split()[-1]


# -- the standard set of a case

#: The sanctions whose order is forecast: those by which a struggle is decided. What follows them (expulsion, death) is not.
DECIDING = ("condemned", "post", "circle")


def forecasts(
    record: Recorded, kept: Kept, freezes: Sequence[int] | None = None, within: int = 24, least: float = 60.0
) -> list[Forecast]:
    """The forecasts by which a case is scored.

    Without `freezes`: from the start, who falls next, every recorded vote, and who leads and rules in every month that the record
    answers; then, cut at the start and at every second year's end, who leads and rules and which members lose
    their seats within `within` months. With them: cut at these months, who leads and rules in every later month that
    the record answers, and which members lose their seats within `within` months.
    """
    found: list[Forecast] = []
    if freezes is None:
        for outcome in record.case.outcomes.values():
            if outcome.kind == "order" and outcome.rung in DECIDING:
                found += next_falls(record, kept, outcome.people, outcome.rung, least)
        found += votes(record, kept)
    cuts = [0, *[t for t in record.december() if t >= 6][::2]] if freezes is None else list(freezes)
    for cut in cuts:
        given = condition(record, kept, cut, least)
        horizon = NEVER if freezes is not None or cut == 0 else within
        found += [leads(record, kept, cut, at, given) for at in sorted(record.leads) if cut < at <= cut + horizon]
        if record.sole_rule is not None:
            found += [rules(record, kept, cut, t, given) for t in record.december() if cut < t <= cut + horizon]
        if cut + within // 2 <= record.last:
            ahead = min([t - cut for t in cuts if t > cut], default=within)
            found += falls(record, kept, cut, min(within, ahead) if freezes is None else within, given)
    return found
