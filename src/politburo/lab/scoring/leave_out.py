"""Leaving out: what the ensemble would say of a target, or of a case, that it had not been fitted to.

*A target.* The particles were chosen by their closeness to all fitted targets. Let L_ik be the mean closeness of particle i to target k over
its histories, taken as a likelihood. Particles that had not seen k would carry weights w_ik proportional to 1 / L_ik, and k's predictive
likelihood is the harmonic mean (importance-sampling leave-one-out, Gelfand 1996; Vehtari, Gelman and Gabry 2017)

    out_k = 1 / mean_i (1 / L_ik),     in_k = mean_i L_ik,     prior_k = the same mean over draws from the prior.

log in - log out is how much the target flattered itself; log out - log prior is what the *other* targets taught about it. The effective
number of particles (sum w)^2 / sum w^2 says how far to trust the weights. A target whose neighbours stay in (six falls of one man) loses little; with
`together` all dated falls of a person leave at once, L_ik being their product. Refitting without each target (`lab.scoring.leave_out_refit`) is the
thing itself; this is its first-order stand-in, and exact only for a posterior of that likelihood, which a distance at a bar is not.

*A case.* Three cases share their parameters. Each is forecast by particles that have seen only the others: for the cases that no
calibration used, the shipped particles weighted by how well they forecast the remaining case; for the calibrated case itself, draws from
the prior weighted by both others. A particle's weight is the product over groups of forecasts of the geometric mean of the probabilities that it gave to
what happened: a group counts as one question, because its questions hang together.

Cost: the ensembles of all cases, once from the posterior and once from the prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...case.schema import Case
from ...faults import Fault, Faults
from ..fitting.fit import Prior
from .forecasts import Forecast, effective, forecasts
from ..ensembles.provenance import Call, plan
from .recorded import Recorded
from .score import draw, fitted_here, losses, resamples
from ..targets import TargetResult, evaluate


@dataclass(frozen=True)
class TargetOut:
    """One fitted target, in and out of the fit: log mean closeness, with 90 % intervals, and effective particles."""

    id: str
    question: str
    fitted: float
    left_out: float
    low: float
    high: float
    prior: float
    particles: float


@dataclass(frozen=True)
class CaseOut:
    """One group of forecasts of a case by particles that have not seen it. Log scores, lower is better."""

    case: str
    group: str
    learned_from: str
    count: int
    left_out: float
    low: float
    high: float
    shipped: float
    prior: float
    particles: float


def prior_rows(call: Call, count: int, seed: int = 11) -> np.ndarray:
    """(count, parameters) drawn from the prior of the fitted parameters; the others at the case's values."""
    prior = Prior.of(call.compiled)
    table = np.tile(call.compiled.values, (count, 1))
    table[:, prior.columns] = prior.values(np.random.default_rng(seed).random((count, len(prior.names))))
    return table


def targets_out(
    case: Case | str | Path, n: int = 6000, together: bool = False, prior: int = 200, each: int = 12, workers: int = 2, seed: int = 1922
) -> list[TargetOut]:
    """Leave each fitted target of a case out by reweighting its posterior.

    n : histories of the posterior; together : all dated falls of a person at once; prior, each : draws from the prior and histories of each
    """
    call = plan(case, seed=seed)
    if not fitted_here(call.case):
        where = str(call.files / "targets.yaml")
        raise Faults([Fault(where, 0, 0, f"{call.case.name} has no posterior of its own", "a case that was calibrated, such as ussr")])
    m = len(call.compiled.particles)
    size = max(1, n // m)
    kept = draw(call, call.rows(np.arange(m * size)), workers=workers)
    results = evaluate(call.compiled, kept, fitted_only=True)
    close = np.stack([r.scores for r in results], axis=1).reshape(size, m, len(results))
    wide = draw(call, np.repeat(prior_rows(call, prior), each, axis=0), workers=workers)
    before = np.stack([r.scores for r in evaluate(call.compiled, wide, fitted_only=True)], axis=1)
    counts = resamples(np.arange(m * size) % m, 200).reshape(-1, size, m)

    sets = sets_of_targets(results, together)
    sums = np.zeros((len(results), len(sets)))
    for g, members in enumerate(sets):
        sums[members, g] = 1.0
    mine = log_closeness(np.ones((size, m)), close) @ sums  # (m, G)
    drawn = counts.sum(axis=1)  # (R, m) histories of each particle; one that is not drawn does not count
    share = drawn / drawn.sum(axis=1, keepdims=True)
    spread = -np.log(np.einsum("rm,rmk->rk", share, np.exp(-(log_closeness(counts, close) @ sums))))
    low, high = np.quantile(spread, [0.05, 0.95], axis=0)
    wide_logs = log_closeness(np.ones((each, prior)), before.reshape(prior, each, -1).swapaxes(0, 1)) @ sums
    out = []
    for g, members in enumerate(sets):
        name, what = title(call, results, members)
        inside, before_it = np.exp(mine[:, g]), np.exp(wide_logs[:, g])
        out.append(
            TargetOut(
                name, what, float(np.log(inside.mean())), float(-np.log((1.0 / inside).mean())),
                float(low[g]), float(high[g]), float(np.log(before_it.mean())), effective(1.0 / inside),
            )
        )  # fmt: skip
    return out


def log_closeness(times: np.ndarray, histories: np.ndarray) -> np.ndarray:
    """log L (..., m, K) from closeness (size, m, K) and how often each history counts (..., size, m): a quarter of a history of
    closeness one keeps it finite."""
    return np.log((np.einsum("...jm,jmk->...mk", times, histories) + 0.25) / (times.sum(axis=-2)[..., None] + 0.5))


def sets_of_targets(results: Sequence[TargetResult], together: bool) -> list[list[int]]:
    """What leaves at once, as positions in `results`: each target, or all dated falls of a person."""
    names = [getattr(r.target, "person", None) if together and r.target.kind == "fall" else None for r in results]
    sets = [[k for k, who in enumerate(names) if who == name] for name in dict.fromkeys(x for x in names if x)]
    return sorted(sets + [[k] for k, who in enumerate(names) if who is None])


def title(call: Call, results: Sequence[TargetResult], members: Sequence[int]) -> tuple[str, str]:
    """Id and question of what leaves at once."""
    first = results[members[0]]
    if len(members) == 1:
        return first.id, first.question
    return first.target.person, f"{len(members)} falls of {call.case.people[first.target.person].name}"


def cases_out(
    cases: Sequence[Case | str | Path] = ("ussr", "ussr-1953", "ussr-1964"), n: int = 3000, prior: int = 300, each: int = 10,
    workers: int = 2, seed: int = 1922,
) -> list[CaseOut]:  # fmt: skip
    """Forecast each case by particles that have seen only the others.

    Raises `Faults` when the cases do not share their parameters or one of them only is given.
    """
    calls = [plan(c, seed=seed) for c in cases]
    names = {c.compiled.parameters for c in calls}
    if len(calls) < 2 or len(names) > 1:
        raise Faults([Fault("cases", 0, 0, ", ".join(c.case.name for c in calls), "two cases or more that share their parameters")])
    lender = next((c for c in calls if fitted_here(c.case)), calls[0])
    wide = prior_rows(lender, prior)
    found = {}
    for call in calls:
        record, m = Recorded(call.compiled), len(call.compiled.particles)
        size = max(1, n // m)
        shipped = draw(call, call.rows(np.arange(m * size)), workers=workers)
        drawn = draw(call, np.tile(wide, (each, 1)), workers=workers)
        found[call.case.name] = (
            [f for f in forecasts(record, shipped) if f.made == 0 or f.kind == "next fall"],
            [f for f in forecasts(record, drawn) if f.made == 0 or f.kind == "next fall"], m, size,
        )  # fmt: skip
    rows = []
    for call in calls:
        name = call.case.name
        others = [c.case.name for c in calls if c is not call]
        post, before, m, size = found[name]
        if call is lender:
            weights = _weights([(found[o][1], prior, each) for o in others])
            used, k, times = before, prior, each
            learned = "prior, " + ", ".join(others)
        else:
            unfitted = [o for o in others if o != lender.case.name]
            weights = _weights([(found[o][0], found[o][2], found[o][3]) for o in unfitted]) if unfitted else np.full(m, 1.0 / m)
            used, k, times = post, m, size
            learned = ", ".join([lender.case.name, *unfitted])
        counts = np.tile(weights, times)[None] * k
        again = resamples(np.arange(k * times) % k, 200) * counts
        rows += _rows(name, learned, used, post, before, counts, again, effective(weights))
    return rows


def _weights(parts: Sequence[tuple[list[Forecast], int, int]]) -> np.ndarray:
    """Weights of particles by how well they forecast these cases; histories are laid out particle by particle, again and again."""
    total = 0.0
    for found, m, size in parts:
        alone = np.tile(np.eye(m), (1, size))  # (m, H): the histories of one particle
        by_group: dict[str, list[np.ndarray]] = {}
        for f in found:
            log, _ = losses(f.probabilities(alone), f.observed)
            by_group.setdefault(f.group, []).append(f.weight * log)
        total = total - sum(np.mean(x, axis=0) for x in by_group.values())
    weights = np.exp(total - np.max(total))
    return weights / weights.sum()


def _rows(name, learned, used, post, before, counts, again, particles) -> list[CaseOut]:
    rows = []
    for group in dict.fromkeys(f.group for f in used):
        at = [i for i, f in enumerate(used) if f.group == group and f.weight > 0]
        weight = np.array([used[i].weight for i in at])
        weight = weight / weight.sum()

        def mean(source, times, at=at, weight=weight):
            return weight @ np.array([losses(source[i].probabilities(times), source[i].observed)[0] for i in at])

        low, high = np.quantile(mean(used, again), [0.05, 0.95])
        rows.append(
            CaseOut(
                name, group, learned, len(at), float(mean(used, counts)[0]), float(low), float(high), float(mean(post, None)),
                float(mean(before, None)), particles,
            )
        )  # fmt: skip
    return rows
