"""For other people's samplers: a case as a prior, a simulator and a log density of plain arrays.

    problem = Problem(compiled)                   # of a compiled case, its fitted parameters or those named
    theta = problem.prior_sample(rng, 100)        # (100, D) in the parameters' own units
    problem.simulate(theta)                       # (100, S) summary vectors, one history each
    problem.observed                              # (S,) the record as such a vector
    problem.log_density(theta[0])                 # log prior + log likelihood, a number

`simulate` is a neural or ABC simulator (sbi's `infer`, pyABC, ELFI): new luck at every call, in order, from `seed`; arrays in,
arrays out, of the kind that came in if it can be made from NumPy (a torch tensor comes back as one). `log_density` is for emcee or any
sampler of a density: luck is fixed, so the same theta always has the same density, as a Markov chain needs (the common random numbers
approximation: the chain's target is the posterior as estimated by these `batch` histories).

    kind = "composite"  kernel likelihood of each fact, to the power that dependent facts are worth (see lab.fit)
    kind = "joint"      kernel likelihood of all facts at once
    kind = "synthetic"  Gaussian synthetic likelihood of the summary vector (Wood 2010), covariance shrunk towards its diagonal

A summary vector holds every fitted target in order: months from the start (never = one year after the end), shares, counts, 0 or 1, and for a
list the share of members shared with the record. Outside the prior's box the log density is -inf and nothing is run.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...case.compile import Compiled
from ...faults import Fault, Faults, listed, nearest
from . import facts as record
from . import fit as fitting
from .fit import Judge, Prior
from .likelihoods import Overlap, composite, joint
from ..targets import evaluate

KINDS = ("composite", "joint", "synthetic")


class Problem:
    """A case as an inference problem. `names`: the parameters, in the order of theta; `facts`: of a summary vector."""

    def __init__(
        self, compiled: Compiled, names: Sequence[str] | None = None, batch: int = 50, kind: str = "composite", seed: int = 0,
        power: float | None = None,
    ):  # fmt: skip
        known = [n for n, q in compiled.case.parameters.items() if q.high > q.low]
        faults = [Fault("parameters", 0, 0, f"unknown parameter {n!r}", listed(known), nearest(n, known)) for n in names or () if n not in known]
        if kind not in KINDS:
            faults.append(Fault("kind", 0, 0, repr(kind), listed(KINDS), nearest(kind, KINDS)))
        if faults:
            raise Faults(faults)
        self.compiled, self.kind, self.batch = compiled, kind, batch
        self.prior = Prior.of(compiled, names)
        self.judge = Judge(compiled, batch, 1, "closeness")
        self.names = self.prior.names
        self.facts = tuple(f.fact.id for f in self.judge.facts)
        results = {r.id: r for r in evaluate(compiled, self.judge.kept(compiled.values, 0, 1))}
        self._lists = [isinstance(f.likelihood, Overlap) for f in self.judge.facts]
        self.observed = np.array([results[i].observed for i in self.facts])
        self._late = float(compiled.months + 12)
        self._next = 1_000_000_000 + 10_000_000 * int(seed)  # histories that `simulate` takes one after another
        self._fixed = 1_700_000_000 + 10_000_000 * int(seed)
        if power is None and kind == "composite":
            draws = self.prior.values(np.random.default_rng([seed, 41]).random((12, len(self.names))))
            power = fitting.power(self.judge, self.judge.rows(self.prior, draws), 3)
        self.power = 1.0 if power is None else float(power)

    # -- prior -------------------------------------------------------------------------------------------------

    def prior_sample(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """(count, D) draws, in the parameters' own units."""
        return self.prior.values(rng.random((count, len(self.names))))

    def log_prior(self, theta) -> float:
        """Log density of the prior at theta (D,); -inf outside its box."""
        x = np.asarray(theta, float).reshape(-1)
        if x.shape != self.prior.low.shape:
            raise ValueError(f"theta has {len(x)} entries; expected {len(self.names)}: {', '.join(self.names)}")
        if not (np.isfinite(x).all() and (x >= self.prior.low).all() and (x <= self.prior.high).all()):
            return -np.inf
        p = self.prior
        safe = np.where(p.log, p.low, 1.0)
        ratio = np.where(p.log, np.log(np.where(p.log, p.high, 2.0) / safe), 1.0)
        return float(-np.where(p.log, np.log(np.where(p.log, x, 1.0) * ratio), np.log(p.high - p.low)).sum())

    # -- simulator ---------------------------------------------------------------------------------------------

    def simulate(self, theta):
        """Summary vectors, (S,) for theta (D,) and (M, S) for (M, D): one history each, with luck that no other call has."""
        plain = np.asarray(theta.detach().cpu() if hasattr(theta, "detach") else theta, float)
        rows = np.atleast_2d(plain)
        out = np.empty((len(rows), len(self.facts)))
        for m, row in enumerate(self.judge.rows(self.prior, rows)):
            out[m] = self._summaries(row, self._next, 1)[0]
            self._next += 1
        out = out[0] if plain.ndim == 1 else out
        return theta.new_tensor(out) if hasattr(theta, "new_tensor") else out

    def _summaries(self, row: np.ndarray, first: int, histories: int) -> np.ndarray:
        results = {r.id: r.values for r in evaluate(self.compiled, self.judge.kept(row, first, histories), fitted_only=True)}
        return np.stack([np.where(np.isfinite(results[i]), results[i], self._late) for i in self.facts], axis=1)

    # -- density -----------------------------------------------------------------------------------------------

    def log_likelihood(self, theta) -> float:
        """Log likelihood of the record by `kind`, on fixed luck."""
        row = self.judge.rows(self.prior, np.asarray(theta, float)[None, :])[0]
        if self.kind == "synthetic":
            return _synthetic(self._summaries(row, self._fixed, self.batch), self.observed)
        table = record.logs(self.judge.facts, self.judge.kept(row, self._fixed))
        if self.kind == "joint":
            return joint(table)[0]
        return self.power * composite(table, record.weights(self.judge.facts))

    def log_density(self, theta) -> float:
        """Log prior plus log likelihood."""
        prior = self.log_prior(theta)
        return prior + self.log_likelihood(theta) if np.isfinite(prior) else prior

    __call__ = log_density


def _synthetic(y: np.ndarray, observed: np.ndarray, shrink: float = 0.2) -> float:
    """Gaussian log density of the record with the mean and the shrunk covariance of the summaries."""
    spread = np.maximum(y.std(axis=0, ddof=1), 1e-3 * np.maximum(np.abs(observed), 1.0))
    z = (y - y.mean(axis=0)) / spread
    r = (1 - shrink) * (z.T @ z) / (len(y) - 1) + shrink * np.eye(len(spread))
    np.fill_diagonal(r, 1.0)
    gap = (observed - y.mean(axis=0)) / spread
    sign, log_det = np.linalg.slogdet(r)
    return float(-0.5 * (gap @ np.linalg.solve(r, gap) + log_det + len(gap) * np.log(2 * np.pi)) - np.log(spread).sum())
