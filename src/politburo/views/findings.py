"""What a result says, as numbers: who rules, who falls when, who sits where, what is reproduced and what is not.

Terminal and report print the same findings; nothing is computed in either of them. The verdict on a target is one
number, the share of histories that come within the record's own tolerance:

    a date      within one and a half of the record's widths (12 months for the usual width of 8)
    a number    inside the band that the evidence admits
    a list      at least three quarters of the seats held by the recorded people
    a fact      it is so

It is reproduced when at least half of the histories do so, half reproduced from a quarter, and otherwise not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..case.aims import MEASURES
from ..case.arrays import RUNGS
from ..lab.targets import closeness, evaluate
from .naming import fact_name
from .words import Words, count, interval, percent, series

WIDTHS, LIST_SHARE, REPRODUCED, HALF = 1.5, 0.75, 0.5, 0.25
MOST = 100_000  # histories held in memory at once
SLACK = 1e-6  # kept shares have single precision
VERDICTS = ("reproduced", "half reproduced", "not reproduced")


@dataclass(frozen=True)
class Finding:
    """A target against the ensemble. Months and values are numbers; `nan` where there is none."""

    id: str
    kind: str
    name: str  # the fact in words
    evidence: str
    fitted: bool
    weight: float
    record: float  # recorded month number or value; nan for lists and facts
    low: float
    high: float  # what the record's evidence admits (a date: one width either side)
    is_date: bool
    share: float  # of histories in which it happens at all
    q10: float
    q50: float
    q90: float
    surprise: float
    closeness: float
    hit: float
    values: np.ndarray  # (H,) month or value of each history, nan = never
    why: str  # where it goes wrong, in words
    person: int = -1
    rung: int = 0
    note: str = ""

    @property
    def verdict(self) -> str:
        return VERDICTS[0 if self.hit >= REPRODUCED else 1 if self.hit >= HALF else 2]


@dataclass(frozen=True)
class Seating:
    """An organ's list at a month: how often each person sits in it, and the recorded list."""

    finding: Finding
    organ: str
    month: int
    recorded: tuple[int, ...]
    chance: np.ndarray  # (N,)
    right: tuple[float, float, float]  # recorded members who sit, 10%, middle, 90%
    size: tuple[float, float, float]


@dataclass(frozen=True)
class Order:
    """An outcome that asks in what order people fall."""

    question: str
    rows: tuple[tuple[str, float], ...]  # the most frequent orders with their shares
    record: str
    first: tuple[tuple[str, float], ...]  # who comes first


@dataclass(frozen=True)
class YearEnd:
    """Who leads and who rules alone in a month: shares of histories by person (-1 nobody)."""

    month: int
    leads: dict[int, float]
    rules: dict[int, float]


@dataclass
class Findings:
    """Everything that the views print about one result."""

    result: Any
    spread: dict | None = None

    @cached_property
    def compiled(self) -> Any:
        return self.result.compiled

    @cached_property
    def words(self) -> Words:
        return Words(self.compiled)

    @cached_property
    def kept(self) -> Any:
        """What is kept of the histories, of the first hundred thousand when there are more."""
        return self.result.kept(MOST, bands=False)

    @property
    def n(self) -> int:
        """Histories that the shares are taken over."""
        return len(self.kept.first)

    @cached_property
    def histories(self) -> np.ndarray:
        """Their numbers."""
        return self.result.table(["history"], self.n)["history"].to_numpy()

    # --- who rules -------------------------------------------------------------------------------------------------

    @cached_property
    def year_ends(self) -> list[YearEnd]:
        """Each December and the last month."""
        out = []
        last = len(self.compiled.checks) - 1
        for c, month in enumerate(self.compiled.checks):
            if month.month == 12 or c == last:
                out.append(self._year_end(c))
        return out

    def _year_end(self, c: int) -> YearEnd:
        shares = [
            {int(i): k / self.n for i, k in zip(*np.unique(column[:, c], return_counts=True), strict=True)}
            for column in (self.kept.leader, self.kept.ruler)
        ]
        return YearEnd(self.compiled.index(self.compiled.checks[c]), *shares)

    @property
    def end(self) -> YearEnd:
        return self.year_ends[-1]

    @staticmethod
    def top(shares: dict[int, float], most: int = 3) -> list[tuple[int, float]]:
        """People by share, nobody left out."""
        return sorted(((i, s) for i, s in shares.items() if i >= 0), key=lambda pair: -pair[1])[:most]

    # --- targets ---------------------------------------------------------------------------------------------------

    @cached_property
    def findings(self) -> list[Finding]:
        """Every target that lies within the months run, in the order of the case."""
        return [self._finding(t) for t in self._results]

    def of_kind(self, *kinds: str) -> list[Finding]:
        return [f for f in self.findings if f.kind in kinds]

    @cached_property
    def falls(self) -> list[Finding]:
        """Recorded falls in order of their date."""
        return sorted(self.of_kind("fall"), key=lambda f: f.record)

    @cached_property
    def dates(self) -> list[Finding]:
        """Other recorded dates."""
        return [f for f in self.findings if f.is_date and f.kind != "fall"]

    @cached_property
    def numbers(self) -> list[Finding]:
        """Recorded votes and measures."""
        return [f for f in self.of_kind("vote", "measure") if not f.is_date]

    @cached_property
    def facts(self) -> list[Finding]:
        """Recorded yes-or-no facts."""
        return self.of_kind("ruler", "leads", "survives")

    def verdicts(self, verdict: str) -> list[Finding]:
        """The targets with this verdict, the clearest first."""
        found = [f for f in self.findings if f.verdict == verdict]
        return sorted(found, key=lambda f: -f.hit if verdict != VERDICTS[2] else f.hit)

    @cached_property
    def closeness(self) -> float:
        """Weighted mean closeness over the fitted targets; nan when there is none."""
        return closeness(self._results)

    @cached_property
    def _results(self) -> list:
        return evaluate(self.compiled, self.kept)

    def _finding(self, t: Any) -> Finding:
        target = self.compiled.case.targets[t.id] if t.id in self.compiled.case.targets else t.target
        kind = target.kind
        values = np.asarray(t.values, float).reshape(-1) if t.values is not None else np.full(self.n, np.nan)
        is_date = t.unit == "month"
        record = low = high = float("nan")
        if kind in ("fall", "ruler_date", "vote", "measure"):
            record, low, high = float(t.observed), float(t.low), float(t.high)
        person = self.compiled.people.index(target.person) if getattr(target, "person", None) else -1
        rung = RUNGS.index(target.rung) if kind == "fall" else 0
        hit, why = self._hit(target, kind, values, np.asarray(t.scores, float), record, low, high, is_date)
        happened = values[np.isfinite(values)]
        q10, q50, q90 = (
            np.quantile(happened, (0.1, 0.5, 0.9))
            if len(happened) and kind not in ("members",)
            else (np.nan,) * 3
        )
        return Finding(
            t.id, kind, fact_name(self.words, target), self.words.evidence(target.evidence), bool(target.fitted),
            float(target.weight), record, low, high, is_date, float(t.happened), float(q10), float(q50), float(q90),
            float(t.surprise) if t.surprise is not None else float("nan"), float(t.closeness), hit, values, why, person, rung,
            target.note or "",
        )  # fmt: skip

    def _hit(
        self,
        target: Any,
        kind: str,
        values: np.ndarray,
        scores: np.ndarray,
        record: float,
        low: float,
        high: float,
        is_date: bool,
    ) -> tuple[float, str]:
        """Share of histories within the record's tolerance, and where the rest go wrong."""
        n = max(1, len(values))
        if kind == "members":
            seating = self._seats(target)
            return seating[0], seating[1]
        if kind in ("ruler", "leads", "survives"):
            share = float(np.mean(values == 1.0)) if len(values) else float("nan")
            if kind in ("ruler", "leads"):
                return share, f"somebody else or nobody in {percent(1 - share)} of histories"
            return share, f"not so in {percent(1 - share)} of histories"
        reach = WIDTHS * (high - low) / 2 if is_date else 0.0
        least, most = (record - reach, record + reach) if is_date else (low, high)
        if kind == "measure" and not is_date and MEASURES[target.measure][0] == "share":
            # A history that the laboratory counts as no answer at all (loyal survivors where no purge came) is none here.
            values = np.where((scores > 0) | (values < least) | (values > most), values, np.nan)
        with np.errstate(invalid="ignore"):
            inside = float(np.sum((values >= least - SLACK) & (values <= most + SLACK))) / n
            below, above = float(np.sum(values < least - SLACK)) / n, float(np.sum(values > most + SLACK)) / n
        never = 1 - inside - below - above
        parts = [
            (below, "too early" if is_date else "too low"),
            (above, "too late" if is_date else "too high"),
            (never, "never"),
        ]
        share, word = max(parts)
        if word == "never":
            word = {"vote": "no such meeting near that month"}.get(
                kind, "does not happen" if is_date else "no purge that would put it to the test"
            )
        return inside, f"{word} in any history" if share == 1 else f"{word} in {percent(share)} of histories"

    def _check(self, month: Any) -> int:
        """Which checkpoint a month is; every month that a target names is one."""
        return self.compiled.checks.index(month)

    def _seats(self, target: Any) -> tuple[float, str]:
        sits = self.kept.circle[:, self._check(target.on), :] == 2
        recorded = np.array([p in target.members for p in self.compiled.people])
        both = (sits & recorded).sum(1)
        share = both / np.maximum(1, np.maximum(sits.sum(1), recorded.sum()))
        chance = sits.mean(0)
        missing = [i for i in np.flatnonzero(recorded) if chance[i] < 0.5]
        instead = [i for i in np.argsort(-chance) if not recorded[i] and chance[i] >= 0.4]
        why = []
        if missing:
            why.append(f"mostly missing: {self.words.people(missing)}")
        if instead:
            why.append(f"often there instead: {self.words.people(instead[:5])}")
        return float(np.mean(share >= LIST_SHARE - SLACK)), "; ".join(
            why
        ) or "different absentees in different histories"

    def shown(self, f: Finding, value: float, brief: bool = True) -> str:
        """A month or a value of a finding in words."""
        if not np.isfinite(value):
            return "-"
        if f.is_date:
            return self.words.month(value, brief)
        target = self.compiled.case.targets[f.id]
        if f.kind == "vote" or MEASURES.get(getattr(target, "measure", ""), ("",))[0] == "share":
            return percent(value, 1 if value < 0.1 else 0)
        return f"{value:.0f}"

    @property
    def spread_rows(self) -> list[tuple[str, Any]]:
        """Facts whose spread was taken apart, with the laboratory's shares: those of the fit, or all when none is fitted."""
        rows = [(f, self.spread[f.id]) for f in self.findings if self.spread and f.id in self.spread]
        rows = [(f, s) for f, s in rows if s.variance > 1e-12]
        fitted = [(f, s) for f, s in rows if f.fitted]
        return [(f.name, s) for f, s in fitted or rows]

    # --- lists, orders ---------------------------------------------------------------------------------------------

    @cached_property
    def seatings(self) -> list[Seating]:
        """Recorded lists against the ensemble."""
        out = []
        for f in self.of_kind("members"):
            target = self.compiled.case.targets[f.id]
            if self.compiled.case.organs[target.organ].role != "circle":
                continue
            sits = self.kept.circle[:, self._check(target.on), :] == 2
            recorded = tuple(self.compiled.people.index(p) for p in target.members)
            right = np.quantile(sits[:, recorded].sum(1), (0.1, 0.5, 0.9))
            size = np.quantile(sits.sum(1), (0.1, 0.5, 0.9))
            month = target.on - self.compiled.case.start
            out.append(
                Seating(
                    f,
                    self.words.organ(target.organ),
                    month,
                    recorded,
                    sits.mean(0),
                    tuple(right),
                    tuple(size),
                )
            )
        return sorted(out, key=lambda s: s.month)

    @cached_property
    def orders(self) -> list[Order]:
        """Outcomes of kind `order`, with the recorded order where the targets give one."""
        case, out = self.compiled.case, []
        for outcome in case.outcomes.values():
            if outcome.kind != "order":
                continue
            who = [self.compiled.people.index(p) for p in outcome.people]
            # As in the laboratory: a later rung implies those before it.
            rows = self.kept.first[:, who, RUNGS.index(outcome.rung) :].astype(int)
            rows = np.where(rows >= 0, rows, 1 << 20).min(axis=2)
            first = np.where(rows < 1 << 20, rows, -1)
            counts: Counter[tuple] = Counter()
            leading: Counter[str] = Counter()
            for row in first:
                order = self._ordered([(int(t), i) for t, i in zip(row, who, strict=True) if t >= 0])
                counts[order] += 1
                leading[order[0] if order else "nobody"] += 1
            recorded = [
                (t.date - case.start, self.compiled.people.index(t.person))
                for t in case.targets.values()
                if t.kind == "fall" and t.rung == outcome.rung and t.person in outcome.people
            ]
            rows = tuple(
                (" - ".join(order) or "none of them", k / self.n) for order, k in counts.most_common(6)
            )
            record = " - ".join(self._ordered(recorded)) if recorded else ""
            out.append(
                Order(
                    outcome.question,
                    rows,
                    record,
                    tuple((name, k / self.n) for name, k in leading.most_common(4)),
                )
            )
        return out

    def _ordered(self, pairs: Iterable[tuple[int, int]]) -> tuple[str, ...]:
        """Names in order of month; those of one month joined."""
        by_month: dict[int, list[int]] = {}
        for t, i in pairs:
            by_month.setdefault(t, []).append(i)
        return tuple(series((self.words.person(i) for i in by_month[t]), "with") for t in sorted(by_month))

    def _asked(self, key: str) -> tuple[int, int]:
        """Person and rung of an outcome about a fall; (-1, 0) of any other."""
        outcome = self.compiled.case.outcomes.get(key)
        if outcome is None or outcome.kind != "fall":
            return (-1, 0)
        return self.compiled.people.index(outcome.person), RUNGS.index(outcome.rung)

    # --- the answer ------------------------------------------------------------------------------------------------

    def _rulers(self, shares: dict[int, float]) -> str:
        """Who rules alone, the most frequent first: ": A in 60% and B in 5%"; nothing when nobody does in one history of a hundred."""
        top = [(i, s) for i, s in self.top(shares) if s >= 0.01]
        return ": " + series(f"{self.words.person(i, full=True)} in {percent(s)}" for i, s in top) if top else ""

    def answer(self) -> list[str]:
        """The answer in three sentences, each with its band."""
        words, end = self.words, self.end
        alone = 1 - end.rules.get(-1, 0.0)
        low, high = interval(alone * self.n, self.n)
        first = (
            f"In {self.n:,} simulated histories one person rules alone at the end of {words.month(end.month)} in {percent(alone)} of them"
            f" (95% interval for this number of histories: {percent(low)} to {percent(high)})"
        )
        first += self._rulers(end.rules)
        # A run that ends in the month of a ruler's death would otherwise seem to say that nobody ever ruled.
        before = [y for y in self.year_ends if y.month < end.month and 1 - y.rules.get(-1, 0.0) > alone + 0.25]
        if before:
            last = before[-1]
            first += f"; at the end of {words.month(last.month)} in {percent(1 - last.rules.get(-1, 0.0))}" + self._rulers(last.rules)
        sentences = [first + "."]
        happening = [f for f in self.falls if f.person >= 0 and f.rung == 3] or self.falls
        if happening:
            often = [f for f in happening if f.share >= 0.5]
            what = (
                (f"departure from the {words.circle}", f"departures from the {words.circle}")
                if happening[0].rung == 3
                else ("fall", "falls")
            )
            text = f"Of {count(len(happening), *what)} on record, {len(often)} happen{'s' if len(often) == 1 else ''} in at least half of the histories"
            headline = [self._asked(key) for key in self.compiled.case.headline]
            shown = sorted(
                happening,
                key=lambda f: headline.index((f.person, f.rung)) if (f.person, f.rung) in headline else 99,
            )[:3]
            text += ": " + "; ".join(
                f"{f.name} in {percent(f.share)}, in the middle case in {words.month(f.q50)} (80% of them {words.month(f.q10, True)} to"
                f" {words.month(f.q90, True)}; record {words.month(f.record, True)})" if np.isfinite(f.q50) else f"{f.name} in none (record {words.month(f.record, True)})"
                for f in shown
            )  # fmt: skip
            sentences.append(text + ".")
        counts = [len(self.verdicts(v)) for v in VERDICTS]
        if self.findings:
            worst = sorted(
                (f for f in self.verdicts(VERDICTS[2]) if f.weight > 0), key=lambda f: (not f.fitted, f.hit)
            )[:2]
            text = (
                f"Of {count(len(self.findings), 'recorded fact')} the model reproduces {counts[0]}, half reproduces {counts[1]} and does not"
                f" reproduce {counts[2]}"
            )
            if worst:
                text += "; furthest off: " + series(
                    f"{f.name[:1].upper() + f.name[1:]} ({f.why})" for f in worst
                )
            sentences.append(text + ".")
        else:
            sentences.append("The case has no record to be compared with.")
        return sentences


def spread_of(result: Any) -> dict:
    """Target -> shares of its variance from coder error, parameters and luck (`politburo.lab.fitting.spread`), computed now."""
    from ..lab.fitting.spread import decompose

    return decompose(result.compiled)
