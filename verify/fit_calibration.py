"""Calibration: ranks of planted parameters by every summary, on a toy and in the engine; coverage of the real case.

The toy has three parameters and four facts, two of which are nearly one (verify/_toy.py). Ranks are held against uniformity
by chi-square on equal bins, Kolmogorov-Smirnov, and simultaneous bands of the empirical distribution; a check fails when the smallest tail
of all its tests, times their number, is below one in a hundred. The engine's toy is the invented circle of the template in its first two years.

Expected and checked as such: by `joint` ranks are uniform; a plain `composite` is too narrow where facts hang together, and to
its power is not; by `closeness` the ensemble is much too narrow for a posterior, and narrower the longer it climbs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from politburo.case.compile import Compiled, compile_case
from politburo.case.load import CASES, read_case
from politburo.case.values import Month
from politburo.lab.fitting import facts as record
from politburo.lab.fitting import fit as fitting
from politburo.lab.fitting import planted, predictive
from politburo.lab.fitting.fit import Judge, Prior
from politburo.lab.fitting.planted import Calibration
from politburo.lab.ensembles.provenance import plan
from politburo.lab.fitting.ranks import uniformity

from . import Check
from ._toy import PRIOR, ToyJudge

REPLICATES, ENGINE, RECORDS = 320, 48, 1600
TAIL = 0.01

TARGETS = """\
targets:
  karst: {kind: fall, person: karst, rung: condemned, date: 1962-06, width: 12, evidence: assumed, note: invented}
  sorin: {kind: fall, person: sorin, rung: condemned, date: 1962-06, width: 12, evidence: assumed, note: invented}
  met: {kind: measure, measure: assembly_date, value: 1962-02, width: 6, on: 1962-02, evidence: assumed, note: invented}
  large: {kind: measure, measure: committee_size, value: 40, low: 36, high: 44, on: 1962-12, evidence: assumed, note: invented}
"""
FITTED = ("convene", "dare", "turnover")


def circle() -> Compiled:
    """The template's circle for twenty-four months, with four facts."""
    folder = CASES / "template"
    texts = {p.name: p.read_text(encoding="utf-8") for p in [*folder.glob("*.yaml"), *folder.glob("*.csv")]}
    texts["targets.yaml"] = TARGETS
    return compile_case(read_case(texts, Path("toy")), until=Month(1963, 2))


def _toy(by: str, generations: int, replicates: int, power: float = 1.0) -> Calibration:
    def judge_of(number: int) -> ToyJudge:
        judge = ToyJudge(number, 150, by)
        judge.power = power
        return judge

    return planted.replicate(judge_of, PRIOR, replicates, 2, 40, 150, generations, 3, 3)


def _said(found: Calibration) -> str:
    wide, wider = found.coverage(0.8), found.coverage(0.95)
    each = "; ".join(
        f"{t.name} {t.least:.2g} {t.shape}, holds {wide[t.name][0]:.0%} / {wider[t.name][0]:.0%}, r {found.correlation()[t.name]:.2f}" for t in found.tests()
    )
    return f"{len(found.rank)} records: {each}"


def _uniform(name: str, found: Calibration) -> Check:
    tests = found.tests()
    tail = min(1.0, 3 * len(tests) * min(t.least for t in tests))
    reached = "" if found.by == "closeness" else f", {(found.temperature == 1).mean():.0%} at temperature 1"
    return Check(name, tail > TAIL and (found.by == "closeness" or bool((found.temperature == 1).all())), _said(found) + reached, f"smallest of {3 * len(tests)} tails, times their number, {tail:.2g}: above {TAIL}")


def _covered(name: str, found: Calibration) -> Check:
    worst = max(abs(share - mass) / error for mass in (0.8, 0.95) for share, error in found.coverage(mass).values())
    return Check(name, worst < 3.3, f"largest departure of coverage from 80 % and 95 %: {worst:.1f} standard errors", "below 3.3")


def _narrow(name: str, found: Calibration, which: tuple[str, ...]) -> Check:
    tests = {t.name: t for t in found.tests()}
    held = all(tests[n].least < TAIL and tests[n].shape == "too narrow" for n in which)
    return Check(name, held, _said(found), f"ranks heap at both ends for {', '.join(which)}")


def _on_the_toy() -> Iterator[Check]:
    exact = _toy("joint", 16, REPLICATES)
    yield _uniform("toy, joint: ranks", exact)
    yield _covered("toy, joint: coverage", exact)
    informed = min(exact.correlation().values())
    yield Check("toy, joint: planted parameters are found", informed > 0.7, f"least correlation of planted value and posterior mean {informed:.2f}", "above 0.7")
    plain = _toy("composite", 16, REPLICATES)
    yield _narrow("toy, composite: dependent facts counted twice", plain, ("when",))
    judge = ToyJudge(1, 150, "composite")
    power = fitting.power(judge, np.random.default_rng(0).random((60, 3)), 6)
    tempered = _toy("composite", 16, REPLICATES, power)
    yield _covered(f"toy, composite to the power {power:.2f}: coverage", tempered)
    early, late = (_toy("closeness", g, 60) for g in (4, 16))
    yield _narrow("toy, closeness after 4 generations is no posterior", early, PRIOR.names)
    yield _narrow("toy, closeness after 16 generations is no posterior", late, PRIOR.names)
    shares = [np.mean([s for s, _ in c.coverage(0.8).values()]) for c in (early, late)]
    yield Check("toy, closeness: the longer the narrower", shares[1] < shares[0] < 0.8, f"80 % intervals hold {shares[0]:.0%}, then {shares[1]:.0%}", "falling")


class _Wide(ToyJudge):
    """Forty-six parameters, four of which the record knows something of, and a noisy likelihood."""

    prior = Prior(tuple(f"p{i}" for i in range(46)), np.arange(46), np.zeros(46), np.ones(46), np.zeros(46, bool))

    def __call__(self, rows: np.ndarray, first: int) -> np.ndarray:
        noise = [np.random.default_rng([first, int(1e9 * row[0])]).normal() for row in rows]
        return -0.5 * (((rows[:, :4] - 0.5) / 0.15) ** 2).sum(axis=1) + noise


def _wide(size: int, moves: int, more: int, replicates: int = 12) -> tuple[float, float]:
    """Coverage of 80 % intervals of the 42 parameters of which nothing is known, and its error over replicates."""
    shares = []
    for r in range(replicates):
        judge = _Wide(r, 1, "joint")
        fit = fitting.begin(None, judge, 2, size, 1, r, prior=_Wide.prior, moves=moves)
        left = more
        while left:
            fitting.step(fit, judge)
            left -= fit.temperature == 1.0
        truth = np.random.default_rng([r, 9]).random(42)
        shares.append((np.abs((fit.unit.reshape(-1, 46)[:, 4:] < truth).mean(axis=0) - 0.5) <= 0.4).mean())
    return float(np.mean(shares)), float(np.std(shares) / np.sqrt(replicates))


def _with_many_parameters() -> Iterator[Check]:
    small, error = _wide(16, 1, 2)
    yield Check("46 parameters, islands of 16: too narrow", small < 0.72, f"80 % intervals of unknown parameters hold {small:.1%} ±{error:.1%}", "below 72 %, which `narrow` warns of")
    large, error = _wide(48, 3, 20)
    yield Check("46 parameters, islands of 48", large > 0.76, f"80 % intervals of unknown parameters hold {large:.1%} ±{error:.1%}", "above 76 %")


def _in_the_engine() -> Iterator[Check]:
    compiled = circle()
    prior = Prior.of(compiled, FITTED)
    # Many records from one bank of histories: ranks by weights, no search.
    judge = Judge(compiled, 100, 2, "joint")
    unit, answers = planted.bank(judge, prior, 1000)
    rng = np.random.default_rng(8)
    truth = rng.random((RECORDS, len(FITTED)))
    rows = judge.rows(prior, prior.values(truth))
    below, effective = [], []
    for number, (u, row) in enumerate(zip(truth, rows, strict=True)):
        facts = planted.plant(judge, row, planted.HIDDEN + number, rng)
        weight, worth = planted.weigh(facts, answers, len(unit))
        below.append((weight[:, None] * (unit < u)).sum(axis=0))
        effective.append(worth)
    tests = [uniformity(u, name) for name, u in zip(prior.names, np.array(below).T, strict=True)]
    tail = min(1.0, 9 * min(t.least for t in tests))
    yield Check(
        "engine, joint by weights: ranks", tail > TAIL,
        f"{RECORDS:,} records from {len(unit)} vectors of 100 histories, worth {np.median(effective):.0f} each; " + ", ".join(f"{t.name} {t.least:.2g} {t.shape}" for t in tests),
        f"smallest of 9 tails, times their number, {tail:.2g}: above {TAIL}",
    )  # fmt: skip
    found = planted.calibrate(compiled, prior, ENGINE, "joint", 2, 32, 60, 10, 2, 21, 2)
    yield _uniform("engine, joint by search: ranks", found)
    yield _covered("engine, joint by search: coverage", found)
    r = found.correlation()["convene"]
    yield Check("engine: the parameter that calls congresses is found", r > 0.4, f"correlation with its planted value {r:.2f}", "above 0.4")


def _of_the_real_case() -> Iterator[Check]:
    compiled = plan("ussr").compiled
    judge = Judge(compiled, 2, 2)
    found = record.record_of(compiled)
    kept = judge.engine.run(400_000_000, compiled.particles[np.arange(2400) % len(compiled.particles)])[0]
    for c in predictive.coverage(found, kept, 1000):
        yield Check(
            f"ussr: {c.mass:.0%} bands and {c.which} facts", c.tail > TAIL and c.synthetic >= c.mass - 0.01,
            f"{c.inside} of {c.count} ({c.inside / c.count:.0%}) of the record inside; of synthetic records {c.synthetic:.1%}, and {c.tail:.0%} of these do no better",
            f"not among the worst {TAIL:.0%} of synthetic records; these inside at least {c.mass:.0%}",
        )  # fmt: skip


def checks() -> Iterator[Check]:
    """Every check of calibration."""
    yield from _on_the_toy()
    yield from _with_many_parameters()
    yield from _in_the_engine()
    yield from _of_the_real_case()
