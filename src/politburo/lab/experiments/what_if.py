"""`what_if`: the same histories with and without a change, twin by twin.

    answer = what_if("ussr", ["rules.ban_on_factions=off"], n=2000)
    answer.unchanged                      # share of histories that come out the same
    answer.effect("rules_alone_1930", "Joseph Stalin").difference
    answer.rows()                         # everything, for a data frame

Several changes are run in all combinations (k of them make 2^k arms), so that what two do together can be told from
the sum of what each does. `apart=True` runs each by itself.

Theory: see `politburo.lab.experiments.arms` (shared luck) and `politburo.lab.experiments.paired` (intervals). An effect says what the *model* does when one
thing in it is set otherwise; it is as good as the mechanisms, and a change far from what was fitted is marked.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from ...case.kept import load_kept
from ...case.schema import Case
from ...case.values import Month
from ...engine import luck, month
from ...engine.state import Kept
from ...faults import Fault, Faults
from ..ensembles import years
from .replies import Answer, answers, unanswerable
from .arms import Arm, engine_of, joined, kept, run_arms
from .changes import Change, read, read_all
from .effects import Effect, effects
from ..ensembles.arrow import numbers
from ..ensembles.parts import Slice
from ..ensembles.parts import joined as in_order
from ..ensembles.provenance import Call
from .questions import Question, read_question
from .sentences import what_if_said
from ..ensembles.run import Progress, cores
from ..fitting.spread import CODING
from ..tolls import drawn
from .twins import Partings, Traces, decided_by, fell_apart, partings, same, seen_by

MOST_ARMS = 64
#: Twins that come out differently of which the traces are compared, to find where they part.
TRACED = 32
#: Histories of all arms together that are kept at hand while they are stored (some 9 kB each); of more, each arm is read again.
AT_HAND = 50_000
_NO_BANDS = np.zeros((0, 0, 0), np.int64)
#: Steps in which arms in memory are run, so that a progress bar moves.
STEP = 1000


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


def what_if(
    case: Case | str | Path,
    changes: str | Change | Sequence[str | Change] = (),
    n: int = 1000,
    until: str | Month | None = None,
    seed: int = 1922,
    *,
    files: Iterable[str | Path] = (),
    outcomes: Sequence[str] = (),
    apart: bool = False,
    coder_error: bool = True,
    without: Sequence[str] = (),
    coding: bool = False,
    traces: int = TRACED,
    workers: int | None = None,
    executor: Any = None,
    store: str | Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> WhatIf:
    """Compare a case with changed twins of itself.

    Parameters
    ----------
    case : a packaged name, a directory, or a loaded case
    changes : words (see `politburo.lab.experiments.changes`), or changes already read; with `files` and no words, all that the files name
    n : histories of each arm
    until : last month to run; an earlier one saves time, and outcomes that lie after it are left out
    files : YAML files of named changes
    outcomes : questions asked besides those of the case, as sentences (`politburo.lab.experiments.questions`)
    apart : run each change by itself, not all combinations
    coder_error, without, seed : as in `run`, for every arm
    coding : also tell coder error from luck, by running every arm a second time with other luck and the same coding
    traces : how many of the twins that come out differently are traced to find where they part
    workers, executor, progress : as in `run`
    store : a directory that keeps every arm as a result of its own; without it arms are kept in memory only

    Raises `Faults` with all that is wrong before anything runs. Memory: some 9 kB a history of two arms at a time (a third of
    it without a country), and 8 bytes for each answer. Cost: the histories of all arms, and below a tenth more.
    """
    began = time.monotonic()
    files = list(files)
    changes = [changes] if isinstance(changes, str | Change) else changes  # one word is not a list of letters
    base, given, asked = _plan(case, changes, files, until, seed, outcomes, apart, coder_error, tuple(without))
    if int(n) < 1:
        raise Faults([Fault("n", 0, 0, str(n), "at least one history")])
    arms = [base, *_arms(base, given, apart)]
    workers = workers or cores()
    runner = _Runner(arms, int(n), workers, executor, store, progress, began)
    try:
        comparisons, failed = _compare(runner, arms, given, asked, coding, min(int(traces), int(n)), workers, apart)
    finally:
        runner.close()
    warnings = _warnings(given, comparisons)
    return WhatIf(base, given, int(n), tuple(comparisons), tuple(warnings), failed, tuple(runner.failures), time.monotonic() - began, base.call.compiled)


def _plan(case, changes, files, until, seed, outcomes, apart, coder_error, without) -> tuple[Arm, tuple[Change, ...], list[Question]]:
    if not isinstance(case, Case):
        case = load_kept(case, mechanisms=dict.fromkeys(month.names()))
    faults: list[Fault] = []
    given: tuple[Change, ...] = ()
    asked: list[Question] = []
    words = [c for c in changes if isinstance(c, str)]
    ready = [c for c in changes if not isinstance(c, str)]
    try:
        if words:
            given = read(case, words, files, apart)
        elif files and not ready:
            given = read_all(case, files, apart)
    except Faults as error:
        faults += error.faults
    given = (*ready, *given)
    for text in outcomes:
        try:
            asked.append(read_question(case, text))
        except Faults as error:
            faults += error.faults
    if not given and not faults:
        faults.append(Fault("changes", 0, 0, "nothing to change", "a word such as rules.ban_on_factions=off, or --changes FILE"))
    arms = len(given) if apart else 2 ** len(given) - 1
    if arms >= MOST_ARMS:
        faults.append(Fault("changes", 0, 0, f"{len(given)} changes make {arms + 1} arms", f"at most {MOST_ARMS}; each on its own with --apart"))
    base = Arm(case, (), until, seed, coder_error, without)
    try:
        base.call
        for q in asked:
            faults += unanswerable(base.call.compiled, q)
    except Faults as error:
        faults += error.faults
    if faults:
        raise Faults(faults)
    return base, given, asked


def _arms(base: Arm, changes: Sequence[Change], apart: bool) -> list[Arm]:
    if apart:
        return [base.plus(change) for change in changes]
    return [base.plus(*chosen) for k in range(1, len(changes) + 1) for chosen in combinations(changes, k)]


class _Runner:
    """Gives what is kept of an arm: from memory, or from a store, where all arms are run at once."""

    def __init__(self, arms: Sequence[Arm], n: int, workers: int, executor: Any, store: Any, progress: Any, began: float):
        self.n, self.workers, self._progress, self._began = n, workers, progress, began
        self._folder = tempfile.TemporaryDirectory(prefix="politburo-") if executor is not None and store is None else None
        self._results: dict[str, Any] | None = None
        self.distinct = {arm.id: arm for arm in arms}
        self._done, self._calls = 0, len(self.distinct)
        self._fresh: dict[str, list[Slice]] = {}
        self.failures: list[dict] = []
        if executor is not None or store is not None:
            place = self._folder.name if self._folder is not None else store
            few = n * len(self.distinct) <= AT_HAND
            results = run_arms(arms, n, workers, executor, place, progress, fresh=self._keep if few else None)
            self._results = {arm.id: result for arm, result in zip(arms, results, strict=True)}
            text = {arm.id: arm.text for arm in arms}
            self.failures = [{"arm": text[id_], **row} for id_, result in self._results.items() for row in result.failures]
        else:
            self._say("compiling" if not all(month.is_compiled(arm.call.mechanisms) for arm in arms) else "running")
            for call in {arm.call.mechanisms: arm.call for arm in arms}.values():
                engine_of(call).run(0, call.rows(np.arange(0)))

    def _say(self, phase: str) -> None:
        if self._progress is not None:
            self._progress(Progress(phase, self._done, self.n * self._calls, 0, 0, time.monotonic() - self._began))

    def _keep(self, id_: str, slice_: Slice) -> None:
        if slice_.kept is not None:
            self._fresh.setdefault(id_, []).append(replace(slice_, kept=slice_.kept._replace(bands=_NO_BANDS)))

    def more(self, arms: int) -> None:
        """So many arms more are to come."""
        self._calls += arms

    def kept(self, arm: Arm | Call) -> tuple[np.ndarray, Kept]:
        """Numbers of the histories that are there, and what is kept of them."""
        if self._results is not None and isinstance(arm, Arm):
            slices = self._fresh.pop(arm.id, [])
            if sum(slice_.done for slice_ in slices) == self.n:
                whole = in_order(slices)
                return whole.histories, _whole_years(arm.call, whole.kept._replace(bands=_NO_BANDS))
            return _read(self._results[arm.id])
        pieces = []
        step = STEP if self._progress is not None else self.n
        try:
            for first in range(0, self.n, step):
                stop = min(first + step, self.n)
                pieces.append(kept(arm, np.arange(first, stop), self.workers))
                self._done += stop - first
                self._say("running")
        except Exception:
            if isinstance(arm, Call):
                raise
            return self._without_failures(arm)
        return np.arange(self.n), _whole_years(arm if isinstance(arm, Call) else arm.call, joined(pieces))

    def _without_failures(self, arm: Arm) -> tuple[np.ndarray, Kept]:
        """An arm of which some history fails, run as to a store: those that fail are set aside, with their tracebacks."""
        with tempfile.TemporaryDirectory(prefix="politburo-") as folder:
            (result,) = run_arms([arm], self.n, self.workers, None, folder)
            self.failures += [{"arm": arm.text, **row} for row in result.failures]
            return _read(result)

    def close(self) -> None:
        self._say("done")
        if self._folder is not None:
            self._folder.cleanup()


def _read(result: Any) -> tuple[np.ndarray, Kept]:
    """What a stored arm has: numbers of its histories, and what is kept of them with every yearly series, so that twins can be compared."""
    found = result.kept()
    if result.yearly_names:
        every = [np.moveaxis(piece, 0, 2) for piece in years.read(result._year_files, result.yearly_names, result.calendar)]
        found = found._replace(years=np.ascontiguousarray(np.concatenate(every)))
    return numbers(result.table(["history"])["history"]), found


def _whole_years(call: Call, k: Kept) -> Kept:
    """Without a last year that is not run to its end, which has no row on disk either."""
    return k._replace(years=k.years[:, : len(years.calendar(call.compiled))]) if k.years.size else k


@dataclass
class _Side:
    """One arm as it is needed for comparing: its answers, and what is kept for as long as it is wanted."""

    histories: np.ndarray
    kept: Kept
    answers: Mapping[tuple[str, str, str], Answer]
    again: Mapping[tuple[str, str, str], Answer] | None = None


def _compare(runner: _Runner, arms: Sequence[Arm], changes, asked, coding: bool, traces: int, workers: int, apart: bool):
    base = arms[0]
    runner.more(len(runner.distinct) if coding else 0)

    def side(arm: Arm) -> _Side:
        call = arm.call
        there, found = runner.kept(arm)
        if not len(there):
            last = runner.failures[-1] if runner.failures else {"error": "no reason kept"}
            raise Faults([Fault(arm.text, 0, 0, f"every history fails: {last['error']}", "a change and mechanisms under which histories run", None)])
        again = None
        if coding:
            again = answers(call.compiled, runner.kept(_other_luck(call))[1], asked)
        return _Side(there, found, answers(call.compiled, found, asked), again)

    before = side(base)
    base_traces = Traces(base.call)
    twins: dict[str, _Twins] = {}
    singles: dict[str, _Side] = {}
    comparisons, failed = [], runner.n - len(before.histories)
    for arm in arms[1:]:
        if arm.id not in twins:
            after = before if arm.id == base.id else side(arm)
            twins[arm.id] = _twins(base.call, arm.call, before, after, traces, workers, base_traces)
        found = twins[arm.id]
        parts = [singles[change.text] for change in arm.changes] if len(arm.changes) > 1 and not apart else []
        effects = _effects(base.call, found, parts)
        comparisons.append(Comparison(arm, effects, found.unchanged, found.seen, found.partings))
        failed += runner.n - found.there
        if len(arm.changes) == 1:
            singles[arm.changes[0].text] = found.after
    return comparisons, failed


def _effects(base: Call, found: _Twins, singles: Sequence[_Side]) -> tuple[Effect, ...]:
    """The effects of an arm; `singles`: the arms of its changes alone, when it has several."""
    a, b = found.before, found.after
    again = (a.again, b.again) if a.again is not None and b.again is not None else None
    alone = [s.answers for s in singles] if all(np.array_equal(s.histories, a.histories) for s in singles) else []
    return effects(a.answers, b.answers, base.particle(a.histories), alone, again, drawn(base.compiled, a.histories))


@dataclass
class _Twins:
    """What two arms have to say of each other once what is kept of the second can be forgotten."""

    before: _Side
    after: _Side
    there: int
    unchanged: float
    seen: np.ndarray
    partings: Partings


def _twins(base: Call, changed: Call, before: _Side, after: _Side, traces: int, workers: int, base_traces: Traces) -> _Twins:
    a, b = _align(before, after)
    alike = same(a.kept, b.kept)
    rows = np.flatnonzero(~alike)[:traces]
    one, other = _rows(a.kept, rows), _rows(b.kept, rows)
    found = partings(base, changed, a.histories[rows], workers, base_traces, fell_apart(one, other), decided_by(base.compiled, one, other))
    seen = seen_by(base.compiled, a.kept, b.kept, alike)
    return _Twins(*(replace(side, kept=_nothing(side.kept)) for side in (a, b)), len(after.histories), float(alike.mean()), seen, found)


def _nothing(k: Kept) -> Kept:
    """The same without histories: only answers are wanted any more."""
    return Kept(*(np.asarray(array)[:0] for array in k))


def _align(a: _Side, b: _Side) -> tuple[_Side, _Side]:
    """Both sides with the histories that both have."""
    if np.array_equal(a.histories, b.histories):
        return a, b
    both = np.intersect1d(a.histories, b.histories)
    return _only(a, both), _only(b, both)


def _only(side: _Side, histories: np.ndarray) -> _Side:
    rows = np.searchsorted(side.histories, histories)
    chosen = {key: replace(answer, values=answer.values[rows]) for key, answer in side.answers.items()}
    return _Side(histories, _rows(side.kept, rows), chosen, side.again)


def _rows(k: Kept, rows: np.ndarray) -> Kept:
    """Some histories of what is kept; the bands count all of them."""
    return Kept(*(k.bands if name == "bands" else getattr(k, name)[rows] for name in Kept._fields))


def _other_luck(call: Call) -> Call:
    """The same coding and particles, all other luck drawn anew."""
    salt = call.compiled.world.salt.copy()
    others = [site for site in range(luck.SITES) if site not in CODING]
    salt[others] = salt[others] ^ np.uint64(0x5EED)
    return replace(call, compiled=call.compiled.with_seed(call.seed, salt))


def _warnings(changes: Sequence[Change], comparisons: Sequence[Comparison]) -> list[str]:
    found = [f"{change.text}: {note}" for change in changes for note in change.notes]
    for c in comparisons:
        effective = any(change.effective for change in c.arm.changes)
        if effective and c.unchanged == 1.0:
            found.append(f"{c.arm.text}: no effect anywhere: every history comes out the same")
        elif effective and not any(e.clear for e in c.effects if e.kind != "closeness"):
            found.append(f"{c.arm.text}: no outcome changes by more than its interval")
    return found
