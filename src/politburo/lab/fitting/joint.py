"""Fitting several cases at once: parameters that they share, parameters of their own.

Theory. If a mechanism is a law and not a portrait, its parameters hold in more than one circle. One vector then holds every shared
parameter once and every other parameter once a case, `case/name`. Its score is the sum of the cases' log likelihoods, or the mean of
their closenesses weighted by the weights of their targets. So a case with many targets pulls more, as it should when its facts are
worth more (`fit.power` says what they are worth).

Evidence labels: every case's file says how many of its own targets carry which label, and which parameters other cases had a say in. Values
stay `derived`; a parameter is never more firmly known because it was fitted twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from ...case.compile import Compiled
from ...evidence import Evidence
from ...faults import Fault, Faults, listed, nearest
from . import fit as fitting
from .fit import Fit, Judge, Prior

ALL = "all"


class JointJudge:
    """A judge of several cases, in the place of one `Judge`; `prior` is the box of the joined vector."""

    def __init__(self, cases: Sequence[Compiled], shared: Sequence[str] | None = None, batch: int = 24, workers: int = 2, by: str = "closeness"):
        self.cases, self.batch, self.workers, self.by = tuple(cases), batch, workers, by
        self.shared = _shared(self.cases, shared)
        self.judges = [Judge(c, batch, workers, by) for c in self.cases]
        self.priors = [Prior.of(c) for c in self.cases]
        self.prior, self.places = self._join()

    def _join(self) -> tuple[Prior, list[np.ndarray]]:
        names: list[str] = list(self.shared)
        source = {n: (0, self.priors[0].names.index(n)) for n in self.shared}
        for k, (compiled, prior) in enumerate(zip(self.cases, self.priors, strict=True)):
            for i, n in enumerate(prior.names):
                if n not in self.shared:
                    names.append(f"{compiled.case.name}/{n}")
                    source[names[-1]] = (k, i)
        places = [
            np.array([names.index(n if n in self.shared else f"{c.case.name}/{n}") for n in p.names])
            for c, p in zip(self.cases, self.priors, strict=True)
        ]
        box = [np.array([getattr(self.priors[source[n][0]], field)[source[n][1]] for n in names]) for field in ("low", "high", "log")]
        return Prior(tuple(names), np.arange(len(names)), *box), places

    def rows(self, prior: Prior, values: np.ndarray) -> np.ndarray:
        """The full parameter rows of all cases, side by side."""
        return np.concatenate(self.split(values), axis=1)

    def split(self, values: np.ndarray) -> list[np.ndarray]:
        """Full parameter rows of each case."""
        return [j.rows(p, values[:, at]) for j, p, at in zip(self.judges, self.priors, self.places, strict=True)]

    def __call__(self, rows: np.ndarray, first: int) -> np.ndarray:
        ends = np.cumsum([0, *(len(c.parameters) for c in self.cases)])
        found = np.stack([j(rows[:, a:b], first) for j, a, b in zip(self.judges, ends, ends[1:], strict=False)])
        if self.by != "closeness":
            return found.sum(axis=0)
        weight = np.array([sum(f.fact.weight for f in j.facts) for j in self.judges])
        return (weight[:, None] * found).sum(axis=0) / weight.sum()


def _shared(cases: Sequence[Compiled], asked: Sequence[str] | None) -> tuple[str, ...]:
    """The shared parameters in the first case's order; raises every fault at once."""
    faults: list[Fault] = []
    names = [c.case.name for c in cases]
    for c in cases:
        if names.count(c.case.name) > 1:
            faults.append(Fault(str(c.case.path), 0, 0, f"a second case named {c.case.name!r}", "cases of different names"))
    fitted = [set(Prior.of(c).names) for c in cases]
    common = set.intersection(*fitted)
    for c in cases:
        if not any(t.fitted and t.weight > 0 for t in c.case.targets.values()):
            faults.append(Fault(str(c.case.path / "targets.yaml"), 0, 0, "no target to fit to", "fitted: true and a weight above 0"))
    everything = asked is None or list(asked) == [ALL]
    for name in () if everything else asked:
        if name not in common:
            lacking = [c.case.name for c, f in zip(cases, fitted, strict=True) if name not in f]
            faults.append(Fault("--shared", 0, 0, f"{name!r}, not fitted in {listed(lacking)}", listed(sorted(common)), nearest(name, common)))
    chosen = common if everything else common & set(asked)
    for name in sorted(chosen):
        ranges = {(q.low, q.high, q.scale) for q in (c.case.parameters[name] for c in cases)}
        if len(ranges) > 1:
            told = [(c.case.name, c.case.parameters[name]) for c in cases]
            words = ", ".join(f"{case}: {q.low:g} to {q.high:g} ({q.scale})" for case, q in told)
            where = str(cases[-1].case.path / "parameters.yaml")
            found = f"{name} has another range than in the other case ({words})"
            faults.append(Fault(where, 0, 0, found, "one range for a shared parameter"))
    if faults:
        raise Faults(faults)
    return tuple(n for n in Prior.of(cases[0]).names if n in chosen)


def begin(judge: JointJudge, islands: int, size: int, seed: int, moves: int = 2) -> Fit:
    """As `fit.begin`, in the joined box."""
    return fitting.begin(judge.cases[0], judge, islands, size, judge.batch, seed, prior=judge.prior, moves=moves)


def labels(compiled: Compiled) -> dict[str, int]:
    """How many fitted targets of a case carry each evidence label, firmest first."""
    counts = Counter(str(t.evidence) for t in compiled.case.targets.values() if t.fitted and t.weight > 0)
    return {str(e): counts[str(e)] for e in Evidence if counts[str(e)]}


def lines(fit: Fit, judge: JointJudge, number: int) -> list[str]:
    """What the posterior file of case `number` should say of how it was made."""
    mine = judge.cases[number]
    own = [n for n in judge.priors[number].names if n not in judge.shared]
    told = "; ".join(f"{c.case.name}: " + ", ".join(f"{k} {e}" for e, k in labels(c).items()) for c in judge.cases)
    first = fitting.history_of(fit)
    return [
        f"posterior ensemble of the case {mine.case.name}; values calibrated, evidence: derived",
        *first[1:],
        f"fitted together with {', '.join(c.case.name for c in judge.cases if c is not mine)}; targets by evidence: {told}",
        f"shared by all of them: {', '.join(judge.shared) or 'nothing'}",
        f"this case's own: {', '.join(own) or 'nothing'}",
    ]
