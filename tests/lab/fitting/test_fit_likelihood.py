"""Calibration by likelihood: temperatures, what is planted is found, ranks are uniform, the same for any worker count."""

import numpy as np
import pytest

from politburo.engine.kernel import COMPILED
from politburo.faults import Faults
from politburo.lab.fitting import fit as fitting
from politburo.lab.fitting import planted
from politburo.lab.fitting.fit import Fit, Judge, Prior
from politburo.lab.fitting.ranks import band, coverage, fractions, uniformity
from verify._toy import COMPILED as TOY
from verify._toy import PRIOR, ToyJudge


def searched(judge, generations, seed=4, size=40):
    fit = fitting.begin(TOY, judge, 2, size, judge.batch, seed, prior=PRIOR)
    return fitting.run(fit, judge, generations)


# -- temperatures ----------------------------------------------------------------------------------------------


def test_the_temperature_rises_to_one_and_the_islands_start_from_the_prior():
    judge = ToyJudge(1, 80, "joint")
    fit = fitting.begin(TOY, judge, 2, 50, 80, 4, prior=PRIOR)
    assert judge.asked == [(0, 100)], "no choice of the best draws"
    assert abs(fit.unit.mean() - 0.5) < 0.1 and fit.temperature == 0.0
    fitting.run(fit, judge, 14)
    warmth = [note["temperature"] for note in fit.diary[1:]]
    assert warmth == sorted(warmth) and warmth[0] < 1 and warmth[-1] == 1.0
    assert "NOT YET" not in "".join(fitting.history_of(fit))
    cold = fitting.run(fitting.begin(TOY, ToyJudge(1, 80, "joint"), 2, 50, 80, 4, prior=PRIOR), ToyJudge(1, 80, "joint"), 1)
    assert "NOT YET" in "".join(fitting.history_of(cold))


def test_without_information_the_posterior_is_the_prior():
    class Blind(ToyJudge):
        def __call__(self, rows, first):
            return np.zeros(len(rows))

    fit = searched(Blind(1, 10, "joint"), 6, size=200)
    assert fit.temperature == 1.0
    for u in fit.unit.reshape(-1, 3).T:
        assert abs(u.mean() - 0.5) < 0.08 and abs(u.std() - 12**-0.5) < 0.05


def test_a_known_posterior_is_found():
    """A Gaussian likelihood without noise: mean and spread of the ensemble are those of the product with the flat prior."""

    class Gauss(ToyJudge):
        def __call__(self, rows, first):
            return -0.5 * (((rows - [0.4, 0.5, 0.6]) / [0.05, 0.1, 0.08]) ** 2).sum(axis=1)

    fit = fitting.begin(TOY, Gauss(1, 10, "joint"), 3, 120, 10, 9, prior=PRIOR, moves=4)
    fitting.run(fit, Gauss(1, 10, "joint"), 14)
    found = fit.unit.reshape(-1, 3)
    np.testing.assert_allclose(found.mean(axis=0), [0.4, 0.5, 0.6], atol=0.03)
    np.testing.assert_allclose(found.std(axis=0), [0.05, 0.1, 0.08], rtol=0.25)


def test_states_of_another_summary_are_refused(tmp_path):
    judge = ToyJudge(1, 30, "joint")
    fit = searched(judge, 2, size=10)
    fit.save(tmp_path / "s.npz")
    again = Fit(TOY, PRIOR, 2, 10, 30, 4, by="joint")
    again.load(tmp_path / "s.npz")
    assert again.temperature == fit.temperature
    fitting.run(again, ToyJudge(1, 30, "joint"), 5)
    straight = searched(ToyJudge(1, 30, "joint"), 5, size=10)
    assert again.unit.tobytes() == straight.unit.tobytes(), "interrupted and resumed is straight"
    with pytest.raises(Faults, match="a search by joint"):
        Fit(TOY, PRIOR, 2, 10, 30, 4).load(tmp_path / "s.npz")


def test_thinning_a_posterior_does_not_choose_the_best():
    judge = ToyJudge(1, 30, "composite")
    fit = searched(judge, 6, size=20)
    values, fresh = fitting.thin(fit, judge, 10)
    mine = fit.particles()
    places = [int(np.flatnonzero((mine == v).all(axis=1))[0]) for v in values]
    assert len(values) == 10 and judge.asked[-1] == (900_000_000, 10) and len(fresh) == 10
    np.testing.assert_array_equal(values, mine[np.linspace(0, 39, 10).round().astype(int)])
    assert places == sorted(places)


# -- planted records -------------------------------------------------------------------------------------------


def test_planted_parameters_are_recovered():
    """With a record of the middle of an ensemble, posterior means lie near the planted values and apart from one another."""
    for truth in ([0.15, 0.3, 0.8], [0.85, 0.7, 0.2]):
        judge = ToyJudge(3, 200, "joint")
        answers = judge.kept(np.array(truth), 5_000_000_000, 400)
        middle = np.nanmedian(answers, axis=0)
        judge.facts = [f._replace(likelihood=f.likelihood.recorded(y)) for f, y in zip(judge.facts, middle, strict=True)]
        found = searched(judge, 14, size=60).unit.reshape(-1, 3)
        # 0.15 is about one standard deviation of the posterior.
        np.testing.assert_allclose(found.mean(axis=0), truth, atol=0.17)
        assert (found.std(axis=0) < 0.22).all()


@pytest.fixture(scope="module")
def calibrations():
    def go(by, replicates, generations, power=1.0):
        def judge_of(number):
            judge = ToyJudge(number, 100, by)
            judge.power = power
            return judge

        return planted.replicate(judge_of, PRIOR, replicates, 2, 32, 100, generations, 3, 3)

    return {"joint": go("joint", 64, 12), "closeness": go("closeness", 24, 4)}


def test_ranks_by_the_joint_likelihood_are_uniform(calibrations):
    """Simulation-based calibration, small (verify/fit_calibration.py has more): smallest of nine tails, Bonferroni at 1 %."""
    found = calibrations["joint"]
    assert (found.temperature == 1.0).all()
    assert min(t.least for t in found.tests()) > 0.01 / 9
    for mass in (0.8, 0.95):
        for share, error in found.coverage(mass).values():
            assert abs(share - mass) < 3.5 * error
    assert min(found.correlation().values()) > 0.5, "the record says something about every parameter"


def test_the_check_finds_what_is_wrong(calibrations):
    """By closeness the ensemble is far too narrow for a posterior, and the ranks say so."""
    found = calibrations["closeness"]
    assert max(t.least for t in found.tests()) < 0.01 and {t.shape for t in found.tests()} == {"too narrow"}
    assert max(share for share, _ in found.coverage(0.8).values()) < 0.7


def test_uniformity_by_hand():
    even = (np.arange(200) + 0.5) / 200
    assert uniformity(even).least > 0.9 and uniformity(even).shape == "even"
    rng = np.random.default_rng(0)
    for shape, u in {
        "too narrow": rng.beta(0.5, 0.5, 200), "too wide": rng.beta(3, 3, 200),
        "too low": rng.beta(2, 1, 200), "too high": rng.beta(1, 2, 200),
    }.items():  # fmt: skip
        found = uniformity(u)
        assert found.least < 1e-3 and found.shape == shape
    tails = np.array([[t.chi_square, t.kolmogorov, t.ecdf] for t in (uniformity(rng.random(100)) for _ in range(120))])
    assert ((tails < 0.1).mean(axis=0) < 0.17).all(), "a test at 10 % says no to about 10 % of uniform samples"
    at, low, high = band(100)
    outside = [((np.searchsorted(np.sort(u), at, side="right") / 100 < low) | (np.searchsorted(np.sort(u), at, side="right") / 100 > high)).any() for u in rng.random((300, 100))]
    assert np.mean(outside) < 0.1
    ranks = rng.integers(0, 11, 5000)
    assert uniformity(fractions(ranks, 10)).least > 1e-3
    assert coverage(even, 0.8) == pytest.approx((0.8, 0.0283), abs=0.001)


def test_facts_that_hang_together_count_for_less():
    """The toy's two dates are one: four facts are worth fewer; independent ones are worth themselves."""
    judge = ToyJudge(1, 60, "composite")
    rows = np.random.default_rng(0).random((30, 3))
    whole = fitting.power(judge, rows)
    judge.facts = [judge.facts[0], judge.facts[2]]
    apart = fitting.power(judge, rows)
    assert 0.5 < whole < 0.85 and apart > 0.9
    judge.facts = [judge.facts[0]] * 2
    assert fitting.power(judge, rows) < 0.75, "the same question twice"


# -- the engine ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(ussr):
    from politburo.case.compile import compile_case
    from politburo.case.values import Month

    return compile_case(ussr.case, until=Month(1925, 3))


@pytest.mark.skipif(not COMPILED, reason="many histories")
@pytest.mark.parametrize("by", ["composite", "joint"])
def test_workers_do_not_matter(standard, small, by):
    found = []
    for workers in (1, 3):
        judge = Judge(small, 6, workers, by)
        judge.power = fitting.power(judge, small.particles[:2], 2)
        fit = fitting.begin(small, judge, islands=2, size=5, batch=6, seed=3)
        found.append((judge.power, fitting.run(fit, judge, 2)))
    one = found[0]
    for other in found[1:]:
        assert other[0] == one[0] and other[1].unit.tobytes() == one[1].unit.tobytes() and other[1].diary == one[1].diary


@pytest.mark.skipif(not COMPILED, reason="many histories")
def test_a_record_planted_in_the_engine(standard, small):
    """A planted record is one that histories can make; an early congress on record pulls the parameter that calls congresses."""
    judge = Judge(small, 20, 1, "joint")
    prior = Prior.of(small, ["convene"])
    facts = planted.plant(judge, small.values, planted.HIDDEN, np.random.default_rng(1))
    assert [f.fact for f in facts] == [f.fact for f in judge.facts]
    same = planted.plant(judge, small.values, planted.HIDDEN, np.random.default_rng(1))
    for a, b, old in zip(facts, same, judge.facts, strict=True):
        assert vars(a.likelihood).keys() >= {"fact"} and repr(a.likelihood) == repr(b.likelihood)
        assert type(a.likelihood) is type(old.likelihood)
    unit, answers = planted.bank(judge, prior, 12)
    weight, effective = planted.weigh(facts, answers, 12)
    assert unit.shape == (12, 1) and weight.sum() == pytest.approx(1) and 1 <= effective <= 12
    by_hand = [np.exp(sum(f.likelihood.log_each(x.reshape(12, 20, -1).squeeze()[m]) for f, x in zip(facts, answers, strict=True))).mean() for m in range(12)]
    np.testing.assert_allclose(weight, np.array(by_hand) / sum(by_hand), rtol=1e-6)
