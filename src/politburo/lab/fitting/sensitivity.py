"""Sensitivity of outcomes to parameters: Morris screening and Sobol indices, with luck kept apart.

Theory. Y(theta, luck) is averaged over a batch of histories that all vectors share (common luck), so that what differs between
two vectors is not that one was luckier. Morris (1991): mean absolute elementary effect mu* and spread sigma along one-at-a-time
paths; cheap, ranks parameters. Sobol (2001) by the estimators of Saltelli et al. (2010): S1 the share of the variance of the mean
outcome that a parameter explains alone, ST with all its interactions. Both by SALib on the unit cube of the priors.

A batch is not all luck there is. The noise share is the variance of a batch mean within vectors over the variance of batch means
between them: what a second batch would redraw. Every index is reckoned on each half of the batch besides, and half the difference is its
`luck` error; SALib's own bootstrap over the sample of vectors is the `sample` error.

An outcome that never happens counts as one year after the end. Cost: Morris paths * (D + 1) * batch histories, Sobol n * (D + 2) * batch.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ...case.compile import Compiled
from ...faults import Fault, Faults
from .fit import Judge, Prior
from ..targets import evaluate


@dataclass(frozen=True)
class Index:
    """One parameter's part in one outcome. Morris: `main` = mu*, `total` = sigma. Sobol: `main` = S1, `total` = ST."""

    outcome: str
    parameter: str
    main: float
    main_sample: float
    main_luck: float
    total: float
    total_sample: float
    total_luck: float


@dataclass(frozen=True)
class Sensitivity:
    """Indices of every outcome and parameter; `noise`: share of luck in the variance of each outcome's batch mean."""

    method: str
    names: tuple[str, ...]
    outcomes: tuple[str, ...]
    vectors: int
    batch: int
    noise: dict[str, float]
    indices: tuple[Index, ...]

    def of(self, outcome: str) -> list[Index]:
        """One outcome's indices, largest main one first (Morris) or largest total one (Sobol)."""
        mine = [i for i in self.indices if i.outcome == outcome]
        return sorted(mine, key=lambda i: -(i.main if self.method == "morris" else i.total))


def _salib():
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from SALib.analyze import morris as analyze_morris
            from SALib.analyze import sobol as analyze_sobol
            from SALib.sample import morris as sample_morris
            from SALib.sample import sobol as sample_sobol
    except ImportError:
        raise Faults([Fault("sensitivity", 0, 0, "SALib is not installed", "pip install 'politburo[inference]'")]) from None
    return {"morris": (sample_morris, analyze_morris), "sobol": (sample_sobol, analyze_sobol)}


def target_answers(compiled: Compiled) -> Callable:
    """The function that gives, for what was kept, the closeness J (`J`) and every target's values: name -> (H,)."""
    late = float(compiled.months + 12)

    def answers(kept) -> dict[str, np.ndarray]:
        results = evaluate(compiled, kept)
        used = [r for r in results if r.fitted]
        found = {r.id: np.where(np.isfinite(r.values), r.values, late) for r in results}
        if used:
            found["J"] = np.stack([r.weight * r.scores for r in used]).sum(axis=0) / sum(r.weight for r in used)
        return found

    return answers


def sensitivity(
    judge: Judge, prior: Prior, method: str = "morris", size: int = 10, first: int = 500_000_000, seed: int = 5,
    answers: Callable | None = None, tell: Callable[[int, int], None] | None = None,
) -> Sensitivity:  # fmt: skip
    """`size`: Morris paths, or the base sample of Sobol (a power of two). The same for any number of workers."""
    tools = _salib()
    if method not in tools:
        raise Faults([Fault("--sensitivity", 0, 0, repr(method), "morris, sobol")])
    if method == "sobol" and size & (size - 1):
        raise Faults([Fault("--paths", 0, 0, f"{size} base vectors", "a power of two, such as 32 or 64, for Sobol")])
    sampler, analyzer = tools[method]
    problem = {"num_vars": len(prior.names), "names": list(prior.names), "bounds": [[0.0, 1.0]] * len(prior.names)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = {"num_levels": 4} if method == "morris" else {"calc_second_order": False}
        unit = sampler.sample(problem, size, seed=seed, **given)
    rows = judge.rows(prior, prior.values(unit))
    read = answers or target_answers(judge.compiled)
    done = 0
    means: dict[str, list] = {}
    with ThreadPoolExecutor(judge.workers) as pool:
        for found in pool.map(lambda row: read(judge.kept(row, first)), rows):
            for name, y in found.items():
                half = len(y) // 2
                means.setdefault(name, []).append((y.mean(), y[:half].mean(), y[half:].mean(), y.var(ddof=1) / len(y)))
            done += 1
            if tell is not None and done % 50 == 0:
                tell(done, len(rows))
    noise, indices = {}, []
    for name, table in means.items():
        whole, one, two, within = np.array(table).T
        between = whole.var(ddof=1)
        noise[name] = float(min(1.0, within.mean() / between)) if between > 0 else float("nan")
        if between <= 1e-18:
            continue  # an outcome that no parameter moves
        found = [_analyze(method, analyzer, problem, unit, y, seed) for y in (whole, one, two)]
        for i, parameter in enumerate(prior.names):
            (m, ms, t, ts), (m1, _, t1, _), (m2, _, t2, _) = (f[i] for f in found)
            indices.append(Index(name, parameter, m, ms, abs(m1 - m2) / 2, t, ts, abs(t1 - t2) / 2))
    return Sensitivity(method, prior.names, tuple(means), len(rows), judge.batch, noise, tuple(indices))


def _analyze(method: str, analyzer, problem: dict, unit: np.ndarray, y: np.ndarray, seed: int) -> list[tuple[float, float, float, float]]:
    """(main, error, total, error) of each parameter; errors are one standard deviation (SALib gives 95 % half-widths)."""
    if y.std() <= 1e-12:
        return [(0.0, 0.0, 0.0, 0.0)] * problem["num_vars"]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        if method == "morris":
            found = analyzer.analyze(problem, unit, y, num_levels=4, num_resamples=200, seed=seed)
            rows = zip(found["mu_star"], found["mu_star_conf"], found["sigma"], strict=True)
            return [(float(a), float(b) / 1.96, float(c), float("nan")) for a, b, c in rows]
        found = analyzer.analyze(problem, y, calc_second_order=False, num_resamples=200, seed=seed)
    return [
        (float(a), float(b) / 1.96, float(c), float(d) / 1.96)
        for a, b, c, d in zip(found["S1"], found["S1_conf"], found["ST"], found["ST_conf"], strict=True)
    ]
