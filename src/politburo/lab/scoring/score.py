"""Scores: how well the ensemble forecasts what is on record, beside naive forecasts, with intervals.

    score("ussr-1964")                     one case
    score(["ussr", "ussr-1953", "ussr-1964"]).table()

Theory. A forecast p of an answer that turned out to be k is scored by -log p_k (nats) and by Brier's sum_j (p_j - 1{j = k})^2; both are proper
(nobody gains by saying what he does not believe), lower is better. When several answers came true together (three
men fall at one plenum) they count as one answer with the sum of their probabilities. A row of the table is the weighted mean over its
forecasts.

Intervals. The score of an ensemble is itself estimated. The interval draws parameter vectors with replacement and histories within them
(each a Poisson number of times), 400 times, and scores anew: it covers luck, coder error and the posterior. The gain over a
baseline has a second interval, over questions: these are few and not independent, and it is the wider one.

In sample. Forecasts of a case whose own parameters are used were made by an ensemble calibrated on the very record that they are
about, and say how well it was fitted. The other cases were not used by any calibration.

Cost: one ensemble a case (some 2 ms a history) and some 20 ms a forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ...case.compile import Compiled
from ...case.schema import Case
from ...case.values import Month
from ...engine.ensemble import Engine
from ...engine.state import Kept
from ...faults import Fault, Faults
from .baselines import BASELINES, rate_of
from .forecasts import Forecast, forecasts
from ..ensembles.provenance import Call, plan
from .recorded import Recorded

DRAWS = 400
MODEL = "model"


def draw(call: Call, rows: np.ndarray, first: int = 0, workers: int = 2, names: Sequence[str] | None = None) -> Kept:
    """Histories first, first + 1, ... with these parameter rows, kept in memory, without monthly series."""
    compiled = call.compiled
    person = compiled.world.person.copy()
    person["watch"] = 0
    engine = Engine(compiled.world._replace(person=person), names or compiled.parameters, compiled.months, call.mechanisms)
    size = max(1, -(-len(rows) // (4 * workers)))
    cuts = [slice(at, at + size) for at in range(0, len(rows), size)]
    engine.run(first, rows[:0])  # machine code is made once, before threads ask for it
    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(lambda cut: engine.run(first + cut.start, rows[cut])[0], cuts))
    joined = {name: np.concatenate([getattr(p, name) for p in parts]) for name in Kept._fields if name != "bands"}
    return Kept(**joined, bands=parts[0].bands[:0])


@dataclass(frozen=True)
class Line:
    """One row: a case, a group of forecasts, a forecaster. Scores are means; intervals hold 90 %.

    gain : log score of the baseline less that of the model (above 0: the model is better), for baselines; `gain_low` to `gain_high` over the
        ensemble, `gain_least` to `gain_most` over questions
    """

    case: str
    group: str
    who: str
    count: int
    log: float
    log_low: float
    log_high: float
    brier: float
    brier_low: float
    brier_high: float
    histories: float
    in_sample: bool
    gain: float = float("nan")
    gain_low: float = float("nan")
    gain_high: float = float("nan")
    gain_least: float = float("nan")
    gain_most: float = float("nan")


@dataclass(frozen=True)
class Score:
    """The scores of one or several cases. `forecasts` and `baselines` hold what the rows were computed from."""

    lines: tuple[Line, ...]
    forecasts: tuple[Forecast, ...] = field(repr=False)
    baselines: dict[str, tuple[np.ndarray, ...]] = field(repr=False)
    histories: int = 0
    in_sample: frozenset[str] = frozenset()

    def table(self) -> list[dict]:
        """The rows as dictionaries."""
        return [vars(line) for line in self.lines]

    def best(self, case: str, group: str) -> Line:
        """The best baseline of a row by log score."""
        return min((x for x in self.lines if x.case == case and x.group == group and x.who != MODEL), key=lambda x: x.log)

    def calibration(self, case: str | None = None, edges: Sequence[float] = (0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1)) -> list[dict]:
        """Forecast against frequency: all probabilities of the questions who leads, who rules and whether a member falls, in classes.

        `low` to `high` is the 90 % interval of the frequency (Jeffreys), as if the questions were independent, which they are not.
        """
        from scipy.stats import beta

        said, came = [], []
        for f in self.forecasts:
            if f.kind not in ("leads", "rules", "falls") or (case is not None and f.case != case):
                continue
            p = f.probabilities()
            answers = [0] if f.kind == "falls" else range(len(p))
            said += [p[k] for k in answers]
            came += [float(k in f.observed) for k in answers]
        p, y = np.array(said), np.array(came)
        rows = []
        for a, b in zip(edges[:-1], edges[1:], strict=True):
            inside = (p >= a) & ((p < b) | (b == edges[-1]))
            n, hits = int(inside.sum()), float(y[inside].sum())
            if n:
                low, high = beta.ppf([0.05, 0.95], hits + 0.5, n - hits + 0.5)
                rows.append({"from": a, "to": b, "forecasts": n, "said": float(p[inside].mean()), "came": hits / n, "low": float(low), "high": float(high)})
        return rows


def losses(p: np.ndarray, observed: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """(log, Brier) scores of probabilities (..., K); answers that came true together are one answer."""
    hit = np.zeros(p.shape[-1], bool)
    hit[list(observed)] = True
    together = p[..., hit].sum(axis=-1)
    return -np.log(np.maximum(together, 1e-300)), (1.0 - together) ** 2 + (p[..., ~hit] ** 2).sum(axis=-1)


def resamples(particles: np.ndarray, draws: int = DRAWS, seed: int = 1) -> np.ndarray:
    """(draws, H) how often each history is drawn: vectors with replacement, histories within them a Poisson number of times."""
    rng = np.random.default_rng(seed)
    m = int(particles.max()) + 1
    vectors = rng.multinomial(m, np.full(m, 1.0 / m), size=draws)
    return (vectors[:, particles] * rng.poisson(1.0, (draws, len(particles)))).astype(float)


def score_forecasts(
    found: Sequence[Forecast], baselines: dict[str, Sequence[np.ndarray]], counts: np.ndarray, in_sample: bool
) -> list[Line]:
    """The rows of one case."""
    lines = []
    for group in dict.fromkeys(f.group for f in found):
        at = [i for i, f in enumerate(found) if f.group == group and f.weight > 0]
        if not at:
            continue
        weight = np.array([found[i].weight for i in at])
        weight = weight / weight.sum()
        mine = np.array([losses(found[i].probabilities(), found[i].observed) for i in at])  # (J, 2)
        spread = np.array([losses(found[i].probabilities(counts), found[i].observed) for i in at])  # (J, 2, draws)
        means = np.einsum("j,jsr->sr", weight, spread)
        (log_low, log_high), (brier_low, brier_high) = np.quantile(means, [0.05, 0.95], axis=1).T
        log, brier = weight @ mine
        least = min(found[i].histories for i in at)
        lines.append(Line(found[0].case, group, MODEL, len(at), log, log_low, log_high, brier, brier_low, brier_high, least, in_sample))
        rng = np.random.default_rng(2)
        picks = rng.integers(0, len(at), (1000, len(at)))
        for name, ps in baselines.items():
            theirs = np.array([losses(ps[i], found[i].observed) for i in at])
            log_b, brier_b = weight @ theirs
            low, high = np.quantile(log_b - means[0], [0.05, 0.95])
            gaps, w = (theirs[:, 0] - mine[:, 0])[picks], weight[picks]
            least_gain, most_gain = np.quantile((gaps * w).sum(axis=1) / w.sum(axis=1), [0.05, 0.95])
            lines.append(
                Line(
                    found[0].case, group, name, len(at), log_b, log_b, log_b, brier_b, brier_b, brier_b, float("nan"), in_sample,
                    log_b - log, low, high, least_gain, most_gain,
                )
            )  # fmt: skip
    return lines


def score(
    case: Case | str | Path | Sequence[Case | str | Path],
    n: int = 3000,
    freeze: Sequence[str | Month] | None = None,
    within: int = 24,
    workers: int = 2,
    seed: int = 1922,
    least: float = 60.0,
    others: Sequence[str] = (),
) -> Score:
    """Score the forecasts of one case or of several.

    Parameters
    ----------
    case : packaged name, directory, loaded case, or several of them
    n : histories of each case
    freeze : months YYYY-MM at which the record is cut; by default the start and every second year's end
    within : months ahead for the question whether a member loses his seat
    least : effective number of histories that conditioning on the record so far must leave
    others : further cases that give the constant hazard its rate (those scored together do so anyway)

    Raises `Faults` for a case without anything to forecast, or a freeze outside its span.
    """
    cases = list(case) if isinstance(case, list | tuple) else [case]
    calls = [plan(c, seed=seed) for c in cases]
    records = [Recorded(c.compiled) for c in calls]
    known = [*records, *(Recorded(plan(o).compiled) for o in others if o not in [r.case.name for r in records])]
    cuts = [_cuts(call.compiled, freeze) for call in calls]
    lines: list[Line] = []
    everything: list[Forecast] = []
    naive: dict[str, list[np.ndarray]] = {name: [] for name in BASELINES}
    inside = set()
    for call, record, cut in zip(calls, records, cuts, strict=True):
        histories = np.arange(n)
        kept = draw(call, call.rows(histories), workers=workers)
        found = forecasts(record, kept, cut, within, least)
        if not found:
            file = str(call.files / "targets.yaml")
            raise Faults([Fault(file, 0, 0, f"nothing to forecast in {call.case.name}", "recorded falls, leaders, rulers or votes after the cut")])
        rate = rate_of(known, call.case.name)
        theirs = {name: [rule(record, f, rate) for f in found] for name, rule in BASELINES.items()}
        own = fitted_here(call.case)
        if own:
            inside.add(call.case.name)
        lines += score_forecasts(found, theirs, resamples(call.particle(histories)), own)
        everything += found
        for name in BASELINES:
            naive[name] += theirs[name]
    return Score(tuple(lines), tuple(everything), {k: tuple(v) for k, v in naive.items()}, n, frozenset(inside))


def fitted_here(case: Case) -> bool:
    """Whether the ensemble was calibrated on this case: it has its own parameters and a posterior."""
    return case.posterior is not None and case.header.parameters == "own"


def _cuts(compiled: Compiled, freeze: Sequence[str | Month] | None) -> list[int] | None:
    if freeze is None:
        return None
    faults, found = [], []
    for word in freeze:
        try:
            at = compiled.index(word if isinstance(word, Month) else Month.parse(word))
        except ValueError:
            at = -1
        if not 0 <= at < compiled.months - 1:
            last = compiled.month(compiled.months - 2)
            faults.append(Fault("freeze", 0, 0, repr(str(word)), f"a month YYYY-MM from {compiled.case.start} to {last} ({compiled.case.name})"))
        found.append(at)
    if faults:
        raise Faults(faults)
    return found
