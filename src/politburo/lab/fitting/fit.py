"""Calibration: sequential Monte Carlo over the fitted parameters, on islands, the same for any number of workers.

Theory. The model has no likelihood that can be written down, but histories can be drawn and laid beside the record. There are two
ways to say how good a parameter vector is, and each has its own search.

By closeness (ABC). A vector is as good as its mean closeness J over a batch of histories, coder error included. ABC keeps the vectors with
J above a bar and raises the bar (Del Moral, Doucet and Jasra 2012): each generation the bar becomes a
quantile of the island's J, those below it are replaced by copies of those above, and every vector then makes a few Metropolis
moves that keep the prior (uniform in the range, or in its logarithm) and must clear the bar. Moves are differences of
two other vectors of the island (differential evolution, ter Braak 2006), which are symmetric. All vectors of a
generation share their luck, and each generation has new luck and is scored afresh, so a vector cannot survive
on one lucky batch. Islands start from their own prior draws and never meet; if they settle in different places, the
posterior has several basins or the search was too short, and the report says which parameters disagree.
A bell of a year is flat for a vector that is four years off, so a search may begin with wider bells (`widths`) and end with the coded ones.

The result is an equally weighted ensemble. It is a posterior for this distance at this bar, not for a likelihood: the longer it climbs,
the narrower it gets, without end, so its width says where good vectors were found and not how sure one may be.

By likelihood (kernel ABC with a stated observation error, politburo.lab.fitting.likelihoods). The islands start as plain draws from the prior, and
the log likelihood is let in little by little: the temperature t rises from 0 to 1 by as much as leaves each island an effective
sample size of `keep` * size (Jasra et al. 2011), vectors are resampled (systematically), and moves are Metropolis at prior * likelihood**t. At
t = 1 the ensemble is the posterior under the likelihood as estimated by a batch; the estimate is noisy in the batch, which widens it a
little. `composite` takes each fact by itself (steady, but too sure: falls of one history hang together), `joint` all of them at once
(the likelihood proper; with many facts it needs far more histories than anyone has). Rank histograms for all three: verify/fit_calibration.py.

Vectors of an island span only so many directions: with fewer vectors than parameters an island is too narrow where the record says nothing,
whatever the summary (with 16 for 46 parameters, 80 % intervals hold 62 %; with 40, two moves and ten generations at temperature 1, 76 %;
three and twenty, 80 %). `narrow` says so.

Cost: islands * size * (moves + 1) * batch histories a generation. Interrupted, it resumes from its last generation.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ...case.compile import Compiled
from ...engine import month
from ...engine.ensemble import Engine
from ...engine.state import Kept
from ...faults import Fault, Faults, listed
from . import facts
from ..ensembles.provenance import mechanisms_of
from .likelihoods import composite, independence, joint
from ..targets import TargetResult, closeness, evaluate, is_bell

SUMMARIES = ("closeness", "composite", "joint")


@dataclass(frozen=True)
class Prior:
    """The box of the fitted parameters: uniform in each range, or in its logarithm."""

    names: tuple[str, ...]
    columns: np.ndarray
    low: np.ndarray
    high: np.ndarray
    log: np.ndarray

    @classmethod
    def of(cls, compiled: Compiled, names: Sequence[str] | None = None) -> Prior:
        """The box of the case's fitted parameters, or of those named (fitted or not)."""
        chosen = [(i, n, compiled.case.parameters[n]) for i, n in enumerate(compiled.parameters)]
        chosen = [(i, n, q) for i, n, q in chosen if q.high > q.low and (q.fitted if names is None else n in names)]
        return cls(
            tuple(n for _, n, _ in chosen), np.array([i for i, _, _ in chosen]), np.array([q.low for *_, q in chosen], float),
            np.array([q.high for *_, q in chosen], float), np.array([q.scale == "log" for *_, q in chosen]),
        )  # fmt: skip

    def values(self, unit: np.ndarray) -> np.ndarray:
        """Points of the unit cube (M, D) as parameter values."""
        linear = self.low + unit * (self.high - self.low)
        ratio = np.log(np.where(self.log, self.high / np.where(self.log, self.low, 1.0), 1.0))
        return np.where(self.log, self.low * np.exp(unit * ratio), linear)

    def unit(self, values: np.ndarray) -> np.ndarray:
        """Parameter values as points of the unit cube, clipped to it."""
        linear = (values - self.low) / (self.high - self.low)
        with np.errstate(all="ignore"):
            logs = np.log(np.maximum(values, 1e-300) / np.where(self.log, self.low, 1.0)) / np.log(np.where(self.log, self.high / np.where(self.log, self.low, 1.0), 2.0))
        return np.clip(np.where(self.log, logs, linear), 0.0, 1.0)


@dataclass
class Fit:
    """A running or finished calibration."""

    compiled: Compiled
    prior: Prior
    islands: int
    size: int
    batch: int
    seed: int
    moves: int = 2
    keep: float = 0.5
    by: str = "closeness"
    temperature: float = 0.0  # of the likelihood; not used by closeness
    widths: tuple[tuple[float, int], ...] = ()  # (times the coded widths, generations); what follows has the coded ones
    generation: int = 0
    unit: np.ndarray = field(default_factory=lambda: np.zeros((0, 0, 0)))  # (islands, size, D)
    score: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))  # (islands, size)
    diary: list[dict] = field(default_factory=list)

    def width(self, generation: int) -> float:
        """How many times the coded widths the bells of a generation have."""
        for times, generations in self.widths:
            if generation <= generations:
                return times
            generation -= generations
        return 1.0

    def particles(self) -> np.ndarray:
        """The ensemble as parameter values, all islands one after another."""
        return self.prior.values(self.unit.reshape(-1, self.unit.shape[2]))

    def save(self, path: Path) -> None:
        """Write the state beside and move it into place."""
        part = path.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            np.savez(
                file, unit=self.unit, score=self.score, generation=self.generation, diary=json.dumps(self.diary), by=self.by,
                temperature=self.temperature, names=" ".join(self.prior.names),
            )  # fmt: skip
        part.replace(path)

    def load(self, path: Path) -> None:
        """Take up the state of an interrupted calibration; one of another shape or of other parameters is refused."""
        with np.load(path) as found:
            names = tuple(str(found["names"]).split()) if "names" in found else self.prior.names
            expected = (self.islands, self.size, len(self.prior.names))
            if found["unit"].shape != expected or names != self.prior.names:
                raise Faults(
                    [Fault(str(path), 0, 0, f"a state of shape {found['unit'].shape} for {listed(names)}", f"{expected} for {listed(self.prior.names)}")]
                )
            by = str(found["by"]) if "by" in found else "closeness"
            if by != self.by:
                raise Faults([Fault(str(path), 0, 0, f"a search by {by}", f"a search by {self.by}, or another --state")])
            self.temperature = float(found["temperature"]) if "temperature" in found else 0.0
            self.unit, self.score = found["unit"], found["score"]
            self.generation, self.diary = int(found["generation"]), json.loads(str(found["diary"]))


class Judge:
    """Scores parameter vectors over a batch of histories that all vectors share: mean closeness J, or a log likelihood."""

    def __init__(
        self, compiled: Compiled, batch: int, workers: int = 2, by: str = "closeness", mechanisms: Sequence[str | Path] | None = None
    ):
        """`mechanisms`: by default those that `politburo run` runs for this case, the country's among them."""
        self.compiled, self.batch, self.workers, self.by = compiled, batch, workers, by
        mechanisms = mechanisms_of(compiled.case) if mechanisms is None else mechanisms
        country = compiled.world.country is not None and bool(month.of_side(mechanisms, "country"))
        # No monthly series are needed to score targets; without watched people the bands cost nothing.
        person = compiled.world.person.copy()
        person["watch"] = 0
        self.engine = Engine(compiled.world._replace(person=person), compiled.parameters, compiled.months, mechanisms)
        self.facts = facts.record_of(compiled, fitted_only=True, country=country)
        self.power = 1.0  # of a composite; see `power`
        self.planted = False  # whether `facts` are another record than the case's
        self.width = 1.0  # how many times the coded widths the bells of closeness have
        self.left_out: frozenset[str] = frozenset()  # ids of targets that closeness does not count

    def rows(self, prior: Prior, values: np.ndarray) -> np.ndarray:
        """Full parameter rows from values of the fitted ones."""
        table = np.tile(self.compiled.values, (len(values), 1))
        table[:, prior.columns] = values
        return table

    def kept(self, row: np.ndarray, first: int, histories: int | None = None) -> Kept:
        """What is kept of a batch of histories under one vector."""
        return self.engine.run(first, np.tile(row, (histories or self.batch, 1)))[0]

    def one(self, row: np.ndarray, first: int) -> float:
        kept = self.kept(row, first)
        if self.by != "closeness":
            table = facts.logs(self.facts, kept)
            return self.power * composite(table, facts.weights(self.facts)) if self.by == "composite" else joint(table)[0]
        if self.planted:
            per_history = np.stack([f.likelihood.closeness_each(f.answers(kept)) for f in self.facts], axis=1)
            weights = facts.weights(self.facts)
            return float((per_history.mean(axis=0) * weights).sum() / weights.sum())
        return self.mean(evaluate(self.compiled, kept, fitted_only=True))

    def mean(self, results: list[TargetResult]) -> float:
        """J of these results: without what is left out, at the width of the bells."""
        # A bell of f times the width is the coded bell to the power 1 / f**2.
        per_history = np.stack([r.scores ** (1.0 / self.width**2) if is_bell(r.target) else r.scores for r in results], axis=1)
        weights = np.array([0.0 if r.id in self.left_out else r.weight for r in results])
        return float((per_history.mean(axis=0) * weights).sum() / weights.sum())

    def __call__(self, rows: np.ndarray, first: int) -> np.ndarray:
        """Score of each row over histories first .. first + batch - 1."""
        with ThreadPoolExecutor(self.workers) as pool:
            return np.array(list(pool.map(lambda row: self.one(row, first), rows)))


def narrow(size: int, parameters: int) -> str:
    """A warning, or nothing, about an island of this size."""
    if size >= 0.8 * parameters:
        return ""
    return f"Islands of {size} vectors are narrow for {parameters} parameters; --size {parameters} would do."


def begin(
    compiled: Compiled, judge: Judge, islands: int = 3, size: int = 60, batch: int = 32, seed: int = 7, draws: int = 4,
    prior: Prior | None = None, moves: int = 2, widths: tuple[tuple[float, int], ...] = (), unit: np.ndarray | None = None,
) -> Fit:  # fmt: skip
    """Draw each island from the prior. By closeness `draws` times as many as it holds, of which it keeps the best.

    unit : (islands, at least `size`, D) points of the unit cube to begin with instead of draws from the prior
    """
    prior = prior or Prior.of(compiled)
    fit = Fit(compiled, prior, islands, size, batch, seed, moves, by=getattr(judge, "by", "closeness"), widths=widths)
    judge.width = fit.width(1)
    draws = draws if fit.by == "closeness" else 1  # a likelihood must begin with the prior itself
    if unit is None:
        unit = np.stack([np.random.default_rng([seed, i]).random((draws * size, len(prior.names))) for i in range(islands)])
    flat = judge(judge.rows(prior, prior.values(unit.reshape(-1, unit.shape[2]))), 0).reshape(islands, -1)
    order = np.argsort(-flat, axis=1, kind="stable")[:, :size]
    fit.unit = np.take_along_axis(unit, order[:, :, None], axis=1)
    fit.score = np.take_along_axis(flat, order, axis=1)
    fit.diary.append({"generation": 0, "prior": [float(q) for q in np.quantile(flat, [0.1, 0.5, 0.9, 1.0])]})
    return fit


def step(fit: Fit, judge: Judge) -> dict:
    """One generation: new luck, a higher bar or temperature, copies for those left behind, moves that must pass."""
    fit.generation += 1
    judge.width = fit.width(fit.generation)
    rng = np.random.default_rng([fit.seed, 1000 + fit.generation])
    first = fit.generation * 1_000_000  # histories that no other generation uses
    d = len(fit.prior.names)

    def judged(unit: np.ndarray) -> np.ndarray:
        return judge(judge.rows(fit.prior, fit.prior.values(unit.reshape(-1, d))), first).reshape(unit.shape[:2])

    fit.score = judged(fit.unit)
    if fit.by == "closeness":
        bars = np.quantile(fit.score, 1.0 - fit.keep, axis=1)
        parents = np.stack([_over_the_bar(fit.score[i], bars[i], rng) for i in range(fit.islands)])
    else:
        fit.temperature, parents = _warmer(fit, rng)
    fit.unit = np.take_along_axis(fit.unit, parents[:, :, None], axis=1)
    fit.score = np.take_along_axis(fit.score, parents, axis=1)
    accepted = 0
    for _ in range(fit.moves):
        proposal, inside = _proposal(fit, rng)
        found = judged(proposal)
        if fit.by == "closeness":
            take = inside & (found >= bars[:, None])
        else:
            take = inside & (np.log(rng.random(found.shape)) < fit.temperature * (found - fit.score))
        fit.unit[take], fit.score[take] = proposal[take], found[take]
        accepted += int(take.sum())
    note = {
        "generation": fit.generation,
        **({"bar": [round(float(b), 4) for b in bars]} if fit.by == "closeness" else {"temperature": round(fit.temperature, 5)}),
        "mean": [round(float(x), 4) for x in fit.score.mean(axis=1)], "best": round(float(fit.score.max()), 4),
        "accepted": round(accepted / (fit.moves * fit.islands * fit.size), 3),
    }  # fmt: skip
    fit.diary.append(note)
    return note


def _over_the_bar(score: np.ndarray, bar: float, rng: np.random.Generator) -> np.ndarray:
    """Who stands where: everyone above the bar stays, the others become copies of those."""
    parents = np.arange(len(score))
    below = np.flatnonzero(score < bar)
    parents[below] = rng.choice(np.flatnonzero(score >= bar), len(below))
    return parents


def _warmer(fit: Fit, rng: np.random.Generator) -> tuple[float, np.ndarray]:
    """The next temperature, common to all islands, and systematic resampling by the likelihood that it lets in."""

    def weights(step: float) -> np.ndarray:
        w = np.exp(step * (fit.score - fit.score.max(axis=1, keepdims=True)))
        return w / w.sum(axis=1, keepdims=True)

    low, high = 0.0, 1.0 - fit.temperature
    enough = fit.keep * fit.size
    if (1 / (weights(high) ** 2).sum(axis=1)).min() < enough:
        for _ in range(60):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if (1 / (weights(middle) ** 2).sum(axis=1)).min() >= enough else (low, middle)
        high = low
    places = (rng.random((fit.islands, 1)) + np.arange(fit.size)) / fit.size
    ladder = np.cumsum(weights(high), axis=1)
    parents = np.stack([np.searchsorted(ladder[i], places[i]) for i in range(fit.islands)])
    reached = fit.temperature + high > 1.0 - 1e-9
    return 1.0 if reached else fit.temperature + high, np.minimum(parents, fit.size - 1)


def _proposal(fit: Fit, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Differential evolution within each island, and which proposals lie in the box."""
    d = fit.unit.shape[2]
    proposal = fit.unit.copy()
    for i in range(fit.islands):
        for j in range(fit.size):
            a, b = rng.choice(fit.size, 2, replace=False)
            touched = rng.random(d) < (1.0 if rng.random() < 0.3 else 0.35)
            scale = 1.0 if rng.random() < 0.1 else 2.38 / np.sqrt(2 * max(1, touched.sum()))
            jump = scale * (fit.unit[i, a] - fit.unit[i, b]) + 0.02 * rng.normal(size=d)
            proposal[i, j] = np.where(touched, proposal[i, j] + jump, proposal[i, j])
    # Reflected at the walls of the box, which keeps the proposal symmetric.
    proposal = np.abs(proposal)
    proposal = 1.0 - np.abs(1.0 - proposal)
    inside = ((proposal >= 0) & (proposal <= 1)).all(axis=2)
    return np.clip(proposal, 0.0, 1.0), inside


def run(fit: Fit, judge: Judge, generations: int, state: Path | None = None, tell: Callable[[dict], None] | None = None) -> Fit:
    """Run up to generation number `generations`, saving after each."""
    while fit.generation < generations:
        note = step(fit, judge)
        if state is not None:
            fit.save(state)
        if tell is not None:
            tell(note)
    return fit


def thin(fit: Fit, judge: Judge, count: int, first: int = 900_000_000) -> tuple[np.ndarray, np.ndarray]:
    """The `count` vectors to ship, and their score on luck that the search never saw.

    By closeness, those above a bar common to all islands on that luck: an island whose vectors are worse is represented by fewer of
    them, or by none; since the choice was made on that luck, report J on other luck again. By likelihood, every so-manieth
    vector, because choosing the best of a posterior would make another one. By island and place.
    """
    values = fit.particles()
    judge.width = 1.0
    if fit.by == "closeness":
        fresh = judge(judge.rows(fit.prior, values), first)
        chosen = np.sort(np.argsort(-fresh, kind="stable")[:count])
        return values[chosen], fresh[chosen]
    chosen = np.unique(np.linspace(0, len(values) - 1, min(count, len(values))).round().astype(int))
    return values[chosen], judge(judge.rows(fit.prior, values[chosen]), first)


def power(judge: Judge, rows: np.ndarray, records: int = 4, first: int = 800_000_000, seed: int = 3) -> float:
    """How much a composite over the judge's facts should count (`likelihoods.independence`), under these vectors (M, parameters).

    From each vector one batch, and `records` synthetic records by histories that no batch holds. Cost: M * (batch + records) histories.
    """
    rng = np.random.default_rng([seed, len(rows)])
    batches = [judge.kept(row, first) for row in rows]
    answers = [[f.answers(kept) for kept in batches] for f in judge.facts]
    tables = np.empty((len(rows), records, len(rows), len(judge.facts)))
    for m, row in enumerate(rows):
        kept = judge.kept(row, first + 10_000_000 + m * records, records)
        for k, (f, found) in enumerate(zip(judge.facts, answers, strict=True)):
            drawn = f.likelihood.draw(f.answers(kept), rng)
            for h in range(records):
                likelihood = f.likelihood.recorded(drawn[h])
                tables[m, h, :, k] = [f.fact.weight * likelihood.log(x) for x in found]
    return independence(tables)


def ensemble_closeness(judge: Judge, rows: np.ndarray, first: int, histories: int) -> tuple[float, list]:
    """J of a whole ensemble on fresh luck: history h uses row h mod M. Returns (J, target results)."""
    kept, _ = judge.engine.run(first, rows[np.arange(histories) % len(rows)])
    results = evaluate(judge.compiled, kept)
    return closeness(results), results


def write_posterior(path: Path, names: Sequence[str], values: np.ndarray, lines: list[str]) -> None:
    """Write particles as posterior.csv: equal weights, a column for each parameter, `lines` as comments on top."""
    part = path.with_suffix(f".{os.getpid()}.part")
    weight = 1.0 / len(values)
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"# {line}\n" for line in lines)
        file.write(",".join(["weight", *names]) + "\n")
        for row in values:
            file.write(",".join([f"{weight:.6g}", *(f"{x:.6g}" for x in row)]) + "\n")
    part.replace(path)


def history_of(fit: Fit) -> list[str]:
    """What a posterior file should say of how it was made."""
    case = fit.compiled.case
    way = (
        f"best {fit.keep:.0%} kept"
        if fit.by == "closeness"
        else f"{fit.by} log likelihood at temperature {fit.temperature:.3g}" + ("" if fit.temperature == 1 else ": NOT YET the posterior")
    )
    return [
        f"posterior ensemble of the case {case.name}; values calibrated, evidence: derived",
        f"sequential Monte Carlo by {fit.by}, {fit.islands} islands of {fit.size}, {fit.batch} histories a vector, coder error on,",
        f"{fit.generation} generations, {fit.moves} moves each, {way}, seed {fit.seed}; targets: those with fitted: true",
        *(f"bells {times:g} times as wide for {generations} generations" for times, generations in fit.widths),
    ]
