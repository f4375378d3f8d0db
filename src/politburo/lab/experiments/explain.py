"""Why did it come about: an outcome divided among named causes, on common luck.

    found = explain("ussr", "stalin sole ruler by 1930-12")                       # the case's own list of causes
    found = explain("ussr", "stalin sole ruler by 1930-12", ["appointing_power=off", "people.stalin.organising=0.55"])
    found.rows[0].effect.interval()      # the part of the first cause, within its 95 % interval
    print(found.sentence)                # what may be said, and no more

A cause is a change that takes it away (`politburo.lab.experiments.changes`): its part is what its presence adds to the outcome, Shapley's
mean over all orders in which the causes can be put back, exact and summing exactly to the total effect in every history
(`politburo.lab.experiments.attribution` has the definition, the assumptions, and what it is not). Up to twelve causes every combination is run
(2**k arms on the same luck, no further than the question's month, equal worlds once); beyond twelve, orders are sampled
and the error of that is stated.

Three doubts are told apart: luck, parameters (the posterior's particles) and coder error. For that a part of the
histories, the twins, is run again with the same coding and parameters under other luck. And `Row.carriers` names the parameters
whose value goes with the size of the part, from particle to particle: the assumptions that carry it.

Cost: (2**k)(n + twins) histories up to the question's month; 8 causes, 1,000 histories: see benchmarks/explain_speed.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ...case.keys import find, slots
from ...case.kept import load_kept
from ...case.schema import Case
from ...engine import month
from ...evidence import Evidence, weakest
from ...faults import Fault, Faults, listed
from .answers import Answers, other_luck, play
from .attribution import MOST_EXACT, Attribution, Sampled, Uncertain, attribute, masks_of, orders, sample, uncertain
from .changes import EXPERIMENTS, Catalogue, Change, read
from .compose import Composer
from ..ensembles.provenance import Call
from .questions import Question, read_question
from ..ensembles.run import Progress

#: A parameter is named as a carrier when its rank correlation with the part is beyond what chance gives one in so many.
CHANCE = 0.05


@dataclass(frozen=True)
class Ground:
    """A value of the case that a cause changes: its key, what stands there, and how it came there."""

    key: str
    value: str
    evidence: str
    source: str


@dataclass(frozen=True)
class Row:
    """One cause: its part, and the two simpler numbers beside it.

    effect : Shapley's part; removed : what is lost when it alone is taken away; alone : what it adds to nothing
    needed : of the histories with the outcome, how many lose it when this cause alone is taken away (yes-no questions)
    name : the cause as a noun
    grounds : values of the case behind it; carriers : (parameter, rank correlation) whose value goes with the part
    order_error : standard error of the sampling of orders; 0 when all orders were taken
    """

    cause: Change
    name: str
    effect: Uncertain
    removed: Uncertain
    alone: Uncertain
    needed: tuple[int, int] | None
    grounds: tuple[Ground, ...]
    carriers: tuple[tuple[str, float], ...]
    order_error: float = 0.0

    @property
    def evidence(self) -> str:
        """The softest label among its grounds."""
        return str(weakest(*(g.evidence for g in self.grounds))) if self.grounds else str(Evidence.ASSUMED)

    @property
    def error(self) -> float:
        """Standard error of the part: luck and particles, and the sampling of orders where there was one."""
        return float(np.hypot(self.effect.error, self.order_error))

    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the part, the sampling of orders included."""
        half = float(np.hypot(self.effect.half, 1.96 * self.order_error))
        return self.effect.mean - half, self.effect.mean + half


@dataclass(frozen=True)
class Explanation:
    """An outcome divided among causes. Made by `explain`.

    histories : (H,) numbers of the histories that every arm ran to the end; particles : (H,) the particle of each
    inert : causes (numbers) whose change alters no world up to the question's month: their part is 0, without any doubt
    twins, twin_of : the division under other luck, and the places in `histories` of the histories that it repeats
    """

    case: Case
    question: Question
    causes: tuple[Change, ...]
    game: Attribution | Sampled
    histories: np.ndarray
    particles: np.ndarray
    twins: Attribution | Sampled | None
    twin_of: np.ndarray | None
    parameters: Mapping[str, np.ndarray]
    seed: int
    arms: int
    run: int
    inert: frozenset[int]
    failures: tuple[dict, ...]
    seconds: float

    @property
    def n(self) -> int:
        return len(self.histories)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The causes as nouns, in the order of `causes`."""
        from .sentences import noun_of

        return tuple(noun_of(self.case, cause) for cause in self.causes)

    @property
    def exact(self) -> bool:
        """Whether every combination was run (else orders were sampled)."""
        return isinstance(self.game, Attribution)

    def uncertain(self, of: Callable[[Any], np.ndarray], possible: bool = True) -> Uncertain:
        """The mean of something in each history, with its doubts. `of(game)` gives (H,) values; not `possible` = always 0."""
        twins = None if self.twins is None else of(self.twins)
        scale = (1.0 if self.question.unit in ("yes", "share", "count") else float(self.question.until - self.case.start + 1)) if possible else 0.0
        return uncertain(of(self.game), self.particles, twins, self.twin_of, scale)

    @cached_property
    def total(self) -> Uncertain:
        """With all causes less without any."""
        return self.uncertain(lambda game: game.total / game.unit)

    @cached_property
    def base(self) -> Uncertain:
        """The outcome as the case is."""
        return self.uncertain(lambda game: _full(game))

    @cached_property
    def without(self) -> Uncertain:
        """The outcome with every cause taken away."""
        return self.uncertain(lambda game: _full(game) - game.total / game.unit)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """One row a cause, the largest part first."""
        found = []
        for i, cause in enumerate(self.causes):
            possible = i not in self.inert
            effect = self.uncertain(lambda game, i=i: game.effect(i), possible)
            removed, alone = (self.uncertain(lambda game, i=i, name=name: getattr(game, name)(i), possible) for name in ("removed", "alone"))
            needed = self.game.needed(i) if self.question.unit == "yes" else None
            order_error = 0.0 if self.exact else float(self.game.error[i])
            found.append(Row(cause, self.names[i], effect, removed, alone, needed, grounds(self.case, cause), self._carriers(self.game.effect(i)), order_error))
        return tuple(sorted(found, key=lambda row: (-abs(row.effect.mean), self.causes.index(row.cause))))

    def _carriers(self, values: np.ndarray, most: int = 3) -> tuple[tuple[str, float], ...]:
        """Parameters whose rank goes with the mean part of each particle, beyond chance (after Bonferroni)."""
        _, group = np.unique(self.particles, return_inverse=True)
        groups = group.max() + 1 if len(group) else 0
        if groups < 10 or not values.any():
            return ()
        means = np.bincount(group, values) / np.bincount(group)
        first = np.unique(self.particles, return_index=True)[1]
        columns = {name: column[first] for name, column in self.parameters.items() if np.ptp(column[first]) > 0}
        if np.ptp(means) == 0 or not columns:
            return ()
        from statistics import NormalDist

        least = NormalDist().inv_cdf(1 - CHANCE / (2 * len(columns))) / np.sqrt(groups - 1)
        found = [(name, float(np.corrcoef(_ranks(column), _ranks(means))[0, 1])) for name, column in columns.items()]
        return tuple(sorted((pair for pair in found if abs(pair[1]) > least), key=lambda pair: -abs(pair[1]))[:most])

    @cached_property
    def interactions(self) -> dict[tuple[int, int], Uncertain]:
        """The pairwise interaction index of every two causes (numbers in `causes`); none for sampled orders."""
        if not self.exact:
            return {}
        k = len(self.causes)
        pairs = ((i, j) for i in range(k) for j in range(i + 1, k))
        return {(i, j): self.uncertain(lambda game, i=i, j=j: game.interaction(i, j), not self.inert & {i, j}) for i, j in pairs}

    @property
    def sentence(self) -> str:
        """What may be said."""
        from .sentences import may_be_said

        return may_be_said(self)

    # as data

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain data, for JSON."""
        return {
            "case": self.case.name, "outcome": self.question.text, "question": self.question.title, "unit": self.question.unit,
            "until": str(self.question.until), "histories": self.n, "seed": self.seed, "arms": self.arms, "arms_run": self.run,
            "exact": self.exact, "failed": len(self.failures), "seconds": round(self.seconds, 2), "base": _plain(self.base),
            "without_causes": _plain(self.without), "total": _plain(self.total), "sentence": self.sentence,
            "causes": [{
                "cause": row.cause.text, "name": row.name, "title": row.cause.title, "why": row.cause.why, "notes": list(row.cause.notes),
                "words": list(row.cause.words), "part": _plain(row.effect) | {"order_error": row.order_error, "interval": list(row.interval())},
                "removed_alone": _plain(row.removed), "alone": _plain(row.alone), "needed": None if row.needed is None else list(row.needed),
                "evidence": row.evidence, "grounds": [vars(g) for g in row.grounds], "carriers": [list(c) for c in row.carriers],
            } for row in self.rows],
            "interactions": [{"a": self.causes[i].text, "b": self.causes[j].text, **_plain(u)} for (i, j), u in self.interactions.items()],
        }  # fmt: skip

    def frame(self, what: str = "causes", library: str = "polars") -> Any:
        """"causes", "interactions" or "histories" (each history's parts) as a frame of "polars", "pandas" or "arrow"."""
        import pyarrow as pa

        from ...faults import nearest
        from ..ensembles.frames import to_library

        if what == "causes":
            table = pa.Table.from_pylist([{
                "cause": row.cause.text, "name": row.name, "title": row.cause.title, "part": row.effect.mean, "low": row.interval()[0], "high": row.interval()[1],
                "sd_parameters": row.effect.parameters, "sd_coding": row.effect.coding, "sd_luck": row.effect.luck,
                "removed": row.removed.mean, "alone": row.alone.mean, "evidence": row.evidence,
            } for row in self.rows])  # fmt: skip
        elif what == "interactions":
            columns = ("a", "b", "interaction", "low", "high")
            rows = [(self.causes[i].text, self.causes[j].text, u.mean, *u.interval()) for (i, j), u in self.interactions.items()]
            table = pa.table({name: [row[c] for row in rows] for c, name in enumerate(columns)})
        elif what == "histories":
            parts = {cause.text: self.game.effect(i) for i, cause in enumerate(self.causes)}
            table = pa.table({"history": self.histories, "particle": self.particles, "outcome": _full(self.game)} | parts)
        else:
            kinds = ("causes", "interactions", "histories")
            raise Faults([Fault("frame", 0, 0, f"frame of {what!r}", listed(kinds), nearest(what, kinds))])
        return to_library(table, library)


def explain(
    case: Case | str | Path,
    outcome: str,
    causes: Sequence[str] | None = None,
    n: int = 400,
    seed: int = 1922,
    *,
    files: Iterable[str | Path] = (),
    twins: int | None = None,
    pairs: int = 32,
    coder_error: bool = True,
    workers: int | None = None,
    executor: Any = None,
    store: str | Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Explanation:
    """Divide an outcome among causes.

    Parameters
    ----------
    outcome : a sentence or the name of an outcome, see `politburo.lab.experiments.questions`
    causes : changes that take the causes away; by default those that the case lists in experiments.yaml
    n : histories of each arm
    files : YAML files of named changes
    twins : histories that are run again under other luck, to tell coder error from luck; by default one in sixteen, at least 50
    pairs : beyond twelve causes, how many random orders, each with its reverse
    store : a directory in which the answers of finished arms are kept; the same call goes on from there
    executor : anything with `submit`: a process pool, a Dask client; the same bits

    Raises `Faults` with everything that is wrong before anything is run.
    """
    began, files = time.monotonic(), tuple(files)
    case = case if isinstance(case, Case) else load_kept(case, mechanisms=dict.fromkeys(month.names()))
    question, changes = _read(case, outcome, causes, files, n)
    until = question.until
    k = len(changes)
    exact = k <= MOST_EXACT
    wanted = list(range(1 << k)) if exact else masks_of(k, orders(k, pairs, seed))
    again = min(n, max(50, n // 16)) if twins is None else min(n, twins)

    arms = Composer(case, changes, until, seed, coder_error)

    def call_of(mask: int) -> Call:
        return arms.call([i for i in range(k) if not (mask >> i) & 1])

    base = arms.base
    share = n / (n + again)
    first = _played(wanted, call_of, question, n, workers, executor, store, _scaled(progress, 0.0, share, (n + again) * len(wanted)))
    second = None
    if again:
        second = _played(wanted, lambda mask: other_luck(call_of(mask)), question, again, workers, executor, store,
                         _scaled(progress, share, 1.0, (n + again) * len(wanted)))  # fmt: skip
    numbers = np.arange(n)
    sound = ~np.isnan(first.values).any(axis=0)
    if not sound.any():
        error = first.failures[0]["error"] if first.failures else "no history came to its end"
        raise Faults([Fault(str(case.path), 0, 0, f"every history failed in some arm ({error})", "mechanisms that run")])
    histories = numbers[sound]
    game = _game(changes, wanted, first.values[:, sound], pairs, seed, exact)
    twin_game = twin_of = None
    if second is not None:
        both = sound[:again] & ~np.isnan(second.values).any(axis=0)
        if both.sum() > 1:
            twin_game = _game(changes, wanted, second.values[:, both], pairs, seed, exact)
            twin_of = np.flatnonzero(np.isin(histories, np.flatnonzero(both)))
    table = base.rows(histories)
    parameters = {name: table[:, column] for column, name in enumerate(base.compiled.parameters)}
    return Explanation(
        case, question, changes, game, histories, base.particle(histories), twin_game, twin_of, parameters, seed, len(wanted),
        first.ran + first.found, _inert(wanted, first.like, k), tuple(first.failures), time.monotonic() - began,
    )  # fmt: skip


def _read(case: Case, outcome: str, causes: Sequence[str] | None, files: tuple, n: int) -> tuple[Question, tuple[Change, ...]]:
    """Question and causes, or every fault of both."""
    faults: list[Fault] = []
    question, changes = None, ()
    if int(n) < 2:
        faults.append(Fault("n", 0, 0, str(n), "at least two histories"))
    try:
        question = read_question(case, outcome)
    except Faults as error:
        faults += error.faults
    try:
        words = list(Catalogue.of(case, files).causes if causes is None else causes)
        if not words:
            where = str(case.path / EXPERIMENTS)
            raise Faults([Fault(where, 0, 0, "no causes", "changes that take causes away, here under `causes` or given one by one")])
        changes = read(case, words, files)
    except Faults as error:
        faults += error.faults
    if faults:
        raise Faults(faults)
    return question, changes


def _played(wanted: list[int], call_of: Callable[[int], Call], question: Question, n: int, workers: int | None, executor: Any,
            store: str | Path | None, progress: Callable[[Progress], None] | None) -> Answers:  # fmt: skip
    return play((call_of(mask) for mask in wanted), question, n, len(wanted), workers=workers, executor=executor, store=store, progress=progress)


def _scaled(progress: Callable[[Progress], None] | None, low: float, high: float, total: int) -> Callable[[Progress], None] | None:
    """Progress of one of two stretches as progress of the whole."""
    if progress is None:
        return None

    def say(now: Progress) -> None:
        done = low + (high - low) * now.done / max(1, now.total)
        phase = "running" if now.phase == "done" and high < 1.0 else now.phase
        progress(Progress(phase, round(done * total), total, round((low + (high - low) * now.found / max(1, now.total)) * total) if low == 0 else 0, now.failed, now.seconds, now.text))

    return say


def _inert(wanted: list[int], like: list[int], k: int) -> frozenset[int]:
    """Causes of which every pair of arms that differ in them alone runs one world."""
    place = {mask: row for row, mask in enumerate(wanted)}
    pairs = {i: [(row, place[mask ^ 1 << i]) for mask, row in place.items() if mask ^ 1 << i in place] for i in range(k)}
    return frozenset(i for i, rows in pairs.items() if rows and all(like[a] == like[b] for a, b in rows))


def _game(changes: Sequence[Change], wanted: list[int], values: np.ndarray, pairs: int, seed: int, exact: bool) -> Attribution | Sampled:
    names = [change.text for change in changes]
    if exact:
        return attribute(names, values)
    place = {mask: row for row, mask in enumerate(wanted)}
    return sample(names, lambda mask: values[place[mask]], pairs, seed)


def _full(game: Attribution | Sampled) -> np.ndarray:
    """(H,) the outcome with every cause in place."""
    return game.outcome((1 << game.k) - 1) if isinstance(game, Attribution) else game.full / float(1 << game.exponent)


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks, equal values sharing their mean rank."""
    _, group, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2.0)[group]


def _plain(u: Uncertain) -> dict[str, Any]:
    def number(x: float) -> float | None:
        return None if np.isnan(x) else float(x)

    low, high = u.interval()
    return {"mean": number(u.mean), "low": number(low), "high": number(high), "standard_error": number(u.error),
            "sd_parameters": number(u.parameters), "sd_coding": number(u.coding), "sd_luck": number(u.luck)}  # fmt: skip


def grounds(case: Case, change: Change) -> tuple[Ground, ...]:
    """The values of the case that a change touches, with the label and source that stand there."""
    table = slots(case._draft)
    found = []
    for key in change.values:
        slot = find(case._draft, key, table)
        if slot.entry[:1] == ("new",):
            found.append(Ground(key, "nothing", str(Evidence.ASSUMED), ""))
            continue
        holder = case._draft.documents[slot.section].data
        cited: Mapping[str, Any] = {}
        for part in (*slot.entry, *slot.leaf[:-1]):
            holder = holder.get(part, {}) if isinstance(holder, Mapping) else holder[part]
            cited = holder if isinstance(holder, Mapping) and "evidence" in holder else cited
        try:
            shown = case.value(key)
        except (Faults, KeyError):
            shown = None
        found.append(Ground(key, str(shown), str(cited.get("evidence", Evidence.ASSUMED)), str(cited.get("source") or "")))
    for one in change.interventions:
        shock = next((s for s in case.shocks.values() if s.kind == "document"), None) if one.kind == "document" else None
        label = str(shock.evidence) if shock is not None else str(Evidence.ASSUMED)
        found.append(Ground(one.text, "as the mechanisms decide", label, str(getattr(shock, "source", "") or "")))
    return tuple(found)
