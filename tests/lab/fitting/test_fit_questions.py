"""What a calibration is worth: overlap and profiles, predictive checks, sensitivity, several cases, other samplers, the command."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from test_facts import fall, toy
from typer.testing import CliRunner

from politburo.case.compile import compile_case
from politburo.case.values import Month
from politburo.cli import app
from politburo.engine.kernel import COMPILED
from politburo.faults import Faults
from politburo.lab.fitting import adapters, identify, joint, predictive, sensitivity
from politburo.lab.fitting import fit as fitting
from politburo.lab.fitting.fit import Judge, Prior
from politburo.lab.fitting.likelihoods import Date, Fact
from verify._toy import PRIOR, ToyJudge

engine = pytest.mark.skipif(not COMPILED, reason="many histories")


def circle(more: str = ""):
    """The template's circle for twenty-four months, with three facts to fit."""
    return toy(
        fall("karst", "karst", "1962-06") + fall("sorin", "sorin", "1962-12")
        + "  met: {kind: measure, measure: assembly_date, value: 1962-02, width: 6, on: 1962-02, evidence: recalled, source: invented, note: invented}\n"
        + "  large: {kind: measure, measure: committee_size, value: 40, low: 36, high: 44, on: 1962-12, evidence: looked up, source: invented, note: invented}\n"
        + more
    )  # fmt: skip


@pytest.fixture(scope="module")
def template(standard):
    """Compiled for twenty-four months."""
    return compile_case(circle(), until=Month(1963, 2))


# -- identifiability -------------------------------------------------------------------------------------------


def test_overlap_of_known_densities():
    rng = np.random.default_rng(0)
    assert identify.overlap(rng.random(4000)) > 0.96
    narrow = rng.normal(0.5, 0.05, 4000)
    # A normal of sd .05 over a flat prior: the shared area is about the part where its density is above one, plus the tails.
    x = (np.arange(2000) + 0.5) / 2000
    f = np.exp(-0.5 * ((x - 0.5) / 0.05) ** 2) / 0.05 / np.sqrt(2 * np.pi)
    assert identify.overlap(narrow) == pytest.approx(np.minimum(f, 1).mean(), abs=0.03)
    assert identify.overlap(np.full(50, 0.3)) < 0.05
    assert identify.density(rng.beta(1, 5, 500)).mean() == pytest.approx(1.0)
    assert identify.null_overlap(100) > identify.null_overlap(10) > identify.null_overlap(4)


def test_what_an_ensemble_is_worth():
    rng = np.random.default_rng(1)
    free = rng.random((60, 40))
    assert 50 < identify.worth(free) <= 60
    assert 9 < identify.worth(np.repeat(rng.random((12, 40)), 5, axis=0)) < 14
    families = np.repeat(rng.random((6, 40)), 10, axis=0) + 0.05 * rng.normal(size=(60, 40))
    assert 4 < identify.worth(families) < 9


def fake(prior):
    """As much of a compiled case as the table of parameters needs."""
    q = {n: SimpleNamespace(means="m", unit="1", mechanism="x", evidence="derived") for n in prior.names}
    return SimpleNamespace(case=SimpleNamespace(parameters=q))


def test_verdicts():
    rng = np.random.default_rng(2)
    prior = Prior(tuple("abcde"), np.arange(5), np.zeros(5), np.array([1.0, 2.0, 1.0, 1.0, 1.0]), np.zeros(5, bool))
    unit = rng.random((200, 5))
    unit[:, 1] = 0.6 + 0.03 * rng.normal(size=200)
    unit[:, 2] = np.clip(0.3 + 0.2 * rng.normal(size=200), 0, 1)
    unit[:, 3] = 0.01 * rng.random(200)
    unit[:, 4] = unit[:, 0]
    found = {r.name: r for r in identify.identify(fake(prior), prior.values(unit), prior)}
    assert [found[n].verdict for n in "abcde"] == ["not identified", "identified", "weakly", "identified", "not identified"]
    assert found["b"].q50 == pytest.approx(1.2, abs=0.02) and found["d"].edge == "low" and found["a"].edge == ""
    assert found["b"].contraction > 0.95 and abs(found["a"].contraction) < 0.2
    assert identify.pairs(unit, prior.names) == [("a", "e", pytest.approx(1.0))]


def test_a_profile_is_curved_where_the_record_speaks_and_flat_where_it_does_not():
    class Judged(ToyJudge):
        """Only `when` matters, and `many` can make up for part of it."""

        def __call__(self, rows, first):
            noise = 0.05 * np.random.default_rng(first).normal()
            return -30 * (rows[:, 0] - 0.4) ** 2 + noise + 0 * rows[:, 1]

    judge = Judged(1, 20, "joint")
    unit = np.random.default_rng(0).random((20, 3))
    when, often = (identify.profile(judge, PRIOR, unit, n, points=5, rounds=6) for n in ("when", "often"))
    assert not when.flat and when.values[when.score.argmax()] == pytest.approx(0.5) and when.score.min() < -5
    assert often.flat and often.score.min() > -1, "the others make up for it"
    with pytest.raises(Faults, match="did you mean often"):
        identify.profile(judge, PRIOR, unit, "ofte")


# -- prediction ------------------------------------------------------------------------------------------------


class Made:
    """Answers in place of what was kept."""

    def __init__(self, columns):
        self.columns = columns
        self.first = columns[0]


def made(rng, count=500, facts=20, shift=0.0):
    from politburo.lab.fitting.facts import Recorded

    common = rng.normal(0, 4, count)
    columns = [np.clip(40 + common + rng.normal(0, 6, count), 0, 99).round() for _ in range(facts)]
    record = [float(np.clip(np.rint(40 + shift + rng.normal(0, 6)), 0, 99)) for _ in range(facts)]
    found = [
        Recorded(Date(Fact(f"f{i}", fitted=i % 2 == 0), int(y), int(y), 5.0, 100), lambda kept, i=i: kept.columns[i])
        for i, y in enumerate(record)
    ]
    return found, Made(columns)


def test_coverage_of_synthetic_records_is_what_the_bands_promise():
    facts, kept = made(np.random.default_rng(3), count=3000)
    inside = predictive.synthetic(facts, kept, 1500).mean(axis=(0, 1))
    assert 0.8 <= inside[0] < 0.84 and 0.95 <= inside[1] < 0.97, "discrete answers: a little more than promised"


def test_a_record_from_elsewhere_is_found():
    rng = np.random.default_rng(4)
    facts, kept = made(rng)
    good = predictive.coverage(facts, kept)
    assert [(c.which, c.mass) for c in good] == [("fitted", 0.8), ("fitted", 0.95), ("held out", 0.8), ("held out", 0.95)]
    assert all(c.count == 10 for c in good) and min(c.tail for c in good) > 0.02
    facts, kept = made(rng, shift=25)
    bad = predictive.coverage(facts, kept)
    assert max(c.tail for c in bad) < 0.02 and max(c.inside for c in bad) < 8
    checked = predictive.check(facts, kept)
    assert all(c.surprise < 0.2 for c in checked if not c.inside[1])
    assert checked[0].bands[0].count(" to ") == 1


@engine
def test_the_reference_case_is_checked(ussr, standard):
    kept = standard().run(400_000_000, ussr.particles)[0]
    facts = fitting.facts.record_of(ussr)
    checked = {c.id: c for c in predictive.check(facts, kept)}
    assert len(checked) == len(facts)
    assert checked["sole_ruler_1930"].bands == ("", "") and checked["sole_ruler_1930"].inside == (None, None)
    assert checked["trotsky_exiled"].evidence == "looked up" and checked["trotsky_exiled"].inside == (True, True)
    assert checked["bukharin_condemned"].bands[0].endswith("never") or "19" in checked["bukharin_condemned"].bands[0]
    rows = predictive.coverage(facts, kept, 60)
    assert [r.which for r in rows] == ["fitted", "fitted", "held out", "held out"] and all(0 < r.inside <= r.count for r in rows)


# -- sensitivity -----------------------------------------------------------------------------------------------


class Known:
    """Y = 4 a + 2 b + 3 c d + luck, e without effect: indices are known."""

    names = tuple("abcde")
    compiled, workers = None, 1

    def __init__(self, batch, noise):
        self.batch, self.noise = batch, noise

    def rows(self, prior, values):
        return values

    def kept(self, row, first):
        rng = np.random.default_rng(first)
        common = rng.normal(0, 5, self.batch)  # luck that all vectors share
        own = np.random.default_rng([first, *(1e6 * row).astype(int)]).normal(0, self.noise, self.batch)
        return {"Y": 4 * row[0] + 2 * row[1] + 3 * row[2] * row[3] + common + own, "still": np.ones(self.batch)}


FIVE = Prior(Known.names, np.arange(5), np.zeros(5), np.ones(5), np.zeros(5, bool))


def test_sobol_indices_of_a_known_function():
    found = sensitivity.sensitivity(Known(8, 0.0), FIVE, "sobol", 256, answers=lambda kept: kept)
    part = {i.parameter: i for i in found.of("Y")}
    variance = 16 / 12 + 4 / 12 + 9 * (1 / 9 - 1 / 16)
    # c d: each alone 9 / 48, the two together 9 / 144 more.
    for name, main, total in (("a", 16 / 12, 16 / 12), ("b", 4 / 12, 4 / 12), ("c", 9 / 48, 9 / 48 + 9 / 144), ("e", 0, 0)):
        assert part[name].main == pytest.approx(main / variance, abs=0.06)
        assert part[name].total == pytest.approx(total / variance, abs=0.06)
    assert not found.of("still"), "an outcome that nothing moves has no indices"
    assert found.vectors == 256 * 7 and [i.parameter for i in found.of("Y")][0] == "a"


def test_morris_and_luck():
    quiet = sensitivity.sensitivity(Known(8, 0.0), FIVE, "morris", 8, answers=lambda kept: kept)
    part = {i.parameter: i for i in quiet.of("Y")}
    assert part["a"].main == pytest.approx(4) and part["b"].main == pytest.approx(2) and part["e"].main == pytest.approx(0, abs=1e-9)
    assert part["a"].total == pytest.approx(0, abs=1e-9) and part["c"].total > 0.3, "sigma: c acts with d"
    assert part["a"].main_luck == pytest.approx(0, abs=1e-9)
    loud = sensitivity.sensitivity(Known(8, 6.0), FIVE, "morris", 8, answers=lambda kept: kept)
    assert {i.parameter: i for i in loud.of("Y")}["e"].main_luck > 0.1
    assert 0.1 < loud.noise["Y"] <= 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, "SALib.sample", None)
        with pytest.raises(Faults, match=r"politburo\[inference\]"):
            sensitivity.sensitivity(Known(8, 0.0), FIVE, "morris", 8, answers=lambda kept: kept)
    for words, given in {"power of two": ("sobol", 12), "morris, sobol": ("fast", 4)}.items():
        with pytest.raises(Faults, match=words):
            sensitivity.sensitivity(Known(8, 0.0), FIVE, *given, answers=lambda kept: kept)


@engine
def test_sensitivity_of_the_engine_is_the_same_for_any_number_of_workers(template):
    prior = Prior.of(template, ["convene", "dare"])
    one, two = (sensitivity.sensitivity(Judge(template, 10, workers), prior, "morris", 4) for workers in (1, 2))
    assert repr(one.indices) == repr(two.indices) and one.vectors == 12
    assert {i.parameter for i in one.of("J")} == {"convene", "dare"}
    assert one.of("met")[0].parameter == "convene", "who calls congresses decides when one meets"


# -- several cases ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two(template):
    """The toy twice, under two names, with different records."""
    from dataclasses import replace

    other = compile_case(circle("  rules: {kind: ruler, person: dasan, by: 1962-12, evidence: assumed, note: invented}\n"), until=Month(1963, 2))
    header = other.case.header.model_copy(update={"name": "other"})
    return template, replace(other, case=replace(other.case, header=header))


@engine
def test_cases_share_what_is_shared(two):
    judge = joint.JointJudge(two, ["convene", "dare"], 8, 1, "composite")
    one = Prior.of(two[0])
    assert judge.shared == tuple(n for n in one.names if n in ("convene", "dare"))
    assert len(judge.prior.names) == 2 * len(one.names) - 2 and "other/threat" in judge.prior.names
    fit = joint.begin(judge, 2, 6, 5)
    fitting.run(fit, judge, 2)
    a, b = judge.split(fit.particles())
    for name, same in (("convene", True), ("dare", True), ("threat", False)):
        assert np.array_equal(a[:, two[0].parameters.index(name)], b[:, two[1].parameters.index(name)]) == same
    rows = judge.rows(judge.prior, fit.particles()[:3])
    apart = judge.judges[0](a[:3], 77) + judge.judges[1](b[:3], 77)
    np.testing.assert_allclose(judge(rows, 77), apart)
    again = joint.JointJudge(two, ["convene", "dare"], 8, 2, "composite")
    assert fitting.run(joint.begin(again, 2, 6, 5), again, 2).unit.tobytes() == fit.unit.tobytes()
    # A shared parameter hears both records: the score of both moves with it, an own one moves one case's only.
    moved = fit.particles()[:1].copy()
    moved[0, judge.prior.names.index("other/convene" if "other/convene" in judge.prior.names else "other/threat")] *= 0.5
    first, second = judge.split(moved)
    np.testing.assert_array_equal(first[0], a[0])
    assert not np.array_equal(second[0], b[0])
    told = "\n".join(joint.lines(fit, judge, 1))
    assert "template: 1 looked up, 1 recalled, 2 assumed" in told and "shared by all of them: dare, convene" in told.replace("convene, dare", "dare, convene")
    assert "evidence: derived" in told


def test_joint_closeness_is_weighted_by_targets(two):
    judge = joint.JointJudge(two, None, 6, 1)
    row = judge.rows(judge.prior, judge.prior.values(np.full((1, len(judge.prior.names)), 0.5)))
    parts = [j(r, 5)[0] for j, r in zip(judge.judges, judge.split(judge.prior.values(np.full((1, len(judge.prior.names)), 0.5))), strict=True)]
    assert judge(row, 5)[0] == pytest.approx((4 * parts[0] + 5 * parts[1]) / 9)
    assert judge.prior.names == Prior.of(two[0]).names, "all are shared by default"


def test_faults_of_joint_fits(ussr, two):
    with pytest.raises(Faults) as error:
        joint.JointJudge([two[0], two[0]], ["fource"])
    text = str(error.value)
    assert "did you mean force?" in text and "a second case named 'template'" in text and len(error.value.faults) == 2
    from dataclasses import replace

    q = dict(two[1].case.parameters)
    q["force"] = q["force"].model_copy(update={"high": q["force"].high * 2})
    wider = replace(two[1], case=replace(two[1].case, parameters=q))
    with pytest.raises(Faults, match="force has another range"):
        joint.JointJudge([two[0], wider], ["force"])
    assert joint.JointJudge([two[0], wider], ["dare"]).shared == ("dare",)


# -- other people's samplers -----------------------------------------------------------------------------------


@engine
def test_emcee_samples_the_density(template):
    emcee = pytest.importorskip("emcee")
    problem = adapters.Problem(template, ["convene"], batch=24, kind="joint")
    grid = problem.prior.values((np.arange(25)[:, None] + 0.5) / 25)
    log = np.array([problem.log_density(x) for x in grid])
    assert np.isfinite(log).all() and problem.log_density(grid[3]) == log[3], "fixed luck: the same density every time"
    x = grid[:, 0]
    p = np.exp(log - log.max())
    p /= p.sum()
    rng = np.random.default_rng(5)
    sampler = emcee.EnsembleSampler(8, 1, problem.log_density)
    state = emcee.State(problem.prior_sample(rng, 8), random_state=np.random.RandomState(3).get_state())
    sampler.run_mcmc(state, 90)
    chain = sampler.get_chain(discard=20, flat=True)[:, 0]
    low, high = problem.prior.low[0], problem.prior.high[0]
    assert ((chain >= low) & (chain <= high)).all()
    assert chain.mean() == pytest.approx(p @ x, abs=0.12 * (high - low))


@engine
def test_the_contract_of_simulators(template):
    """What sbi needs, without torch: a batch in, a batch out, in the caller's kind of array, and luck that never repeats."""
    problem = adapters.Problem(template, ["convene", "dare"], batch=10, kind="synthetic", seed=1)
    theta = problem.prior_sample(np.random.default_rng(0), 5)
    x = problem.simulate(theta)
    assert x.shape == (5, len(problem.facts)) == (5, len(problem.observed)) and np.isfinite(x).all()
    assert problem.simulate(theta[0]).shape == (len(problem.facts),)
    assert not np.array_equal(problem.simulate(theta), x)
    np.testing.assert_array_equal(adapters.Problem(template, ["convene", "dare"], 10, "synthetic", 1).simulate(theta), x)

    class Tensor:
        """As much of a torch tensor as the adapter touches."""

        def __init__(self, values):
            self.values = np.array(values, float)

        def detach(self):
            return self

        def cpu(self):
            return self.values

        def new_tensor(self, values):
            return Tensor(values)

    found = problem.simulate(Tensor(theta))
    assert isinstance(found, Tensor) and found.values.shape == x.shape
    assert problem.facts == ("karst", "sorin", "met", "large")
    assert problem.observed[0] == template.index(Month(1962, 6)) and problem.observed[3] == 40
    assert np.isfinite(problem.log_density(theta[0]))
    assert problem.log_density(problem.prior.high + 1) == -np.inf


def test_the_prior_density_integrates_to_one(template):
    """Over a linear and a logarithmic range."""
    log = next(n for n, q in template.case.parameters.items() if q.scale == "log")
    for name in ("convene", log):
        problem = adapters.Problem(template, [name], batch=2, kind="joint")
        x = np.linspace(problem.prior.low[0], problem.prior.high[0], 20001)
        assert np.trapezoid([np.exp(problem.log_prior([v])) for v in x], x) == pytest.approx(1.0, abs=1e-4)
    with pytest.raises(ValueError, match="expected 1"):
        problem.log_prior([0.1, 0.2])
    with pytest.raises(Faults) as error:
        adapters.Problem(template, ["conven"], kind="exact")
    assert "did you mean convene?" in str(error.value) and "composite, joint, synthetic" in str(error.value)


def test_a_synthetic_likelihood_of_a_normal_is_its_density():
    rng = np.random.default_rng(0)
    y = rng.normal([3.0, -1.0], [2.0, 0.5], (20000, 2))
    found = adapters._synthetic(y, np.array([4.0, -1.5]), shrink=0.0)
    assert found == pytest.approx(-0.125 - 0.5 - np.log(2 * np.pi) - np.log(1.0), abs=0.05)


# -- the command -----------------------------------------------------------------------------------------------


def called(*words):
    return CliRunner().invoke(app, ["fit", *map(str, words)])


@engine
def test_the_command_searches_and_resumes(tmp_path, standard):
    out = tmp_path / "p.csv"
    words = ["ussr", "--until", "1924-01", "--by", "composite", "--islands", 1, "--size", 6, "--batch", 4, "--particles", 4, "-o", out]
    done = called(*words, "--generations", 1)
    assert done.exit_code == 0, done.output
    assert "\n# 1 generations, 2 moves each, composite log likelihood at temperature" in out.read_text(encoding="utf-8")
    assert called(*words, "--generations", 2, "--json").exit_code == 0
    straight = tmp_path / "q.csv"
    assert called(*words[:-1], straight, "--generations", 2).exit_code == 0
    assert straight.read_bytes() == out.read_bytes(), "stopped and resumed is straight"
    assert "composite to the power" in out.read_text(encoding="utf-8")


@engine
def test_the_command_answers_as_json(tmp_path, standard):
    done = called("ussr", "--until", "1924-01", "--predict", "-n", 30, "--figure", tmp_path / "f.json", "--identify", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert {r["verdict"] for r in found["identify"]["parameters"]} <= {"identified", "weakly", "not identified"}
    assert found["predict"]["facts"][0]["evidence"] == "looked up" and (tmp_path / "f.json").exists()
    done = called("ussr", "--until", "1924-01", "--identify")
    assert done.exit_code == 0 and "not identified" in done.stdout


@engine
def test_the_other_questions(standard):
    words = ["ussr", "--until", "1924-03", "--batch", 2, "--parameters", "dare,convene", "--workers", 1]
    words += ["--sensitivity", "morris", "--paths", 2, "--outcome", "trotsky_condemned", "--check", 4, "--by", "joint", "--islands", 1, "--size", 4]
    done = called(*words, "--generations", 2, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert {i["parameter"] for i in found["sensitivity"]["indices"]} == {"dare", "convene"} and 0 <= found["sensitivity"]["noise"] <= 1
    assert [r["name"] for r in found["check"]["parameters"]] == ["dare", "convene"] and found["check"]["predicted"]
    done = called(*words, "--generations", 2)
    assert done.exit_code == 0 and "mu*" in done.stdout and "share of intervals" in done.stdout and "Luck makes" in done.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ussr", "--by", "closenes"], "did you mean closeness?"),
        (["ussr", "--sensitivity", "moris"], "did you mean morris?"),
        (["ussr", "--figure", "a.png"], "--predict"),
        (["ussr", "--predict", "--figure", "a.pdf"], ".html, .svg, .png, .json"),
        (["ussr", "--until", "1922-13"], "--until"),
        (["ussr", "--sensitivity", "morris", "--parameters", "convine"], "did you mean convene?"),
        (["ussr", "--sensitivity", "morris", "--outcome", "trotsky_exile"], "did you mean trotsky_exiled?"),
        (["ussr", "--shared", "force"], "two cases or more"),
        (["ussr", "--by", "composite", "--power", "3"], "at most 1"),
        (["ussr", "ussr-1953", "--identify"], "one case"),
        (["ussr", "ussr-1953"], "no target to fit to"),
        (["ussr", "--use-held-out", "ussr-1935"], "'ussr-1935'"),
        (["template"], "no target to fit to"),
    ],
)
def test_wrong_words_are_named(words, expected):
    done = called(*words)
    assert done.exit_code == 1 and expected in done.stderr and "Traceback" not in done.output
