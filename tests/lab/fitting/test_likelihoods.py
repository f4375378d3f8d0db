"""Likelihoods of recorded facts: proper distributions, records that are likely where histories agree, charts."""

import json
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo.faults import Faults
from politburo.lab.fitting import likelihoods as lk
from politburo.lab.fitting.likelihood_charts import FORMATS, panel, rows, save
from politburo.lab.fitting.likelihoods import Amount, Count, Date, Fact, Happened, Never, Order, Overlap, Share, composite, joint

FACT = Fact("it", "When?", "then", "recalled")
seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)
grids = st.sampled_from(
    [
        Date(FACT, 10, 10, 4.0, 30),
        Date(FACT, 0, 0, 8.0, 12),
        Count(FACT, 2, 2, 0.7, 15),
        Share(FACT, 10, 10, 6.5),
        Share(FACT, 0, 0, 1.5),
        Amount.of(FACT, 70.0, 5.0),
        Happened(FACT),
        Never(FACT),
    ]
)


def answers(grid, rng, count=40):
    """Answers of an invented ensemble, some of them never."""
    if not grid.misses:
        x = (rng.random(count) < rng.random()).astype(float)
        return 70 + 100 * (x - 0.5) * rng.random(count) if isinstance(grid, Amount) else x
    top = 1.0 if isinstance(grid, Share) else grid.count - 1
    x = top * rng.random(count) if isinstance(grid, Share) else rng.integers(0, grid.count, count).astype(float)
    return np.where(rng.random(count) < 0.2, np.nan, x)


@given(grids, seeds)
def test_a_grid_is_a_distribution_over_all_that_can_be_recorded(grid, rng):
    from dataclasses import replace

    x = answers(grid, rng)
    np.testing.assert_allclose(grid.kernel.sum(axis=1), 1.0, atol=1e-12)
    size = grid.count + grid.misses
    p = grid.predictive(x)
    assert p.sum() == pytest.approx(1.0)
    for k in {0, size // 2, size - 1, int(rng.integers(size))}:
        assert np.exp(replace(grid, low=k, high=k).log(x)) == pytest.approx(p[k])
    assert (p > 0).all(), "no history and no record is impossible"
    whole = replace(grid, low=0, high=size - 1)
    assert whole.log(x) == pytest.approx(0.0, abs=1e-9) and whole.surprise(x) == 1.0


@given(st.integers(0, 29), st.integers(0, 29), seeds)
def test_an_interval_is_the_sum_of_its_months(a, b, rng):
    low, high = min(a, b), max(a, b)
    date = Date(FACT, low, high, 5.0, 30)
    x = answers(date, rng)
    single = [np.exp(Date(FACT, k, k, 5.0, 30).log(x)) for k in range(low, high + 1)]
    assert np.exp(date.log(x)) == pytest.approx(sum(single))


def test_never_has_a_mass_of_its_own():
    x = np.array([np.nan] * 30 + [12.0] * 70)
    never = Date(FACT, 60, 60, 6.0, 60)
    assert np.exp(never.log(x)) == pytest.approx(0.3 * 0.99 + 0.01 / 61)
    # Certain of a month against certain that it never comes.
    assert Date(FACT, 12, 12, 6.0, 60).log(np.full(9, np.nan)) == pytest.approx(np.log(0.01 / 61))
    assert never.log(np.full(9, 12.0)) == pytest.approx(np.log(0.01 / 61))


def test_an_amount_has_the_density_of_its_error():
    amount = Amount.of(FACT, 70.0, 5.0)
    x = np.array([66.0, 73.5, 70.0])
    density = np.exp(-0.5 * ((x - 70) / 5) ** 2) / 5 / np.sqrt(2 * np.pi)
    assert np.exp(amount.log(x)) / amount.cell == pytest.approx(density.mean(), rel=0.03)
    np.testing.assert_allclose(amount.closeness_each(x), np.exp(-0.5 * ((x - 70) / 5) ** 2), atol=0.08)


def test_width_is_the_standard_deviation_in_months():
    date = Date(FACT, 50, 50, 8.0, 101, slip=0.0)
    p = date.predictive(np.full(3, 50.0))[:-1]
    months = np.arange(101)
    assert p @ months == pytest.approx(50.0)
    assert np.sqrt(p @ (months - 50) ** 2) == pytest.approx(8.0, abs=0.02)  # cut into months
    assert date.log(np.full(3, 42.0)) - date.log(np.full(3, 50.0)) == pytest.approx(-0.5, abs=0.01)


@given(seeds, st.integers(1, 6))
def test_a_list_is_a_distribution_over_all_lists(rng, n):
    x = rng.random((7, n)) < rng.random(n)
    p = [np.exp(Overlap(FACT, np.array(list_, bool)).log(x)) for list_ in product((0, 1), repeat=n)]
    assert sum(p) == pytest.approx(1.0)


@given(seeds, st.integers(2, 5))
def test_an_order_is_a_distribution_over_all_orders(rng, k):
    x = rng.integers(0, 4, (6, k)).astype(float)  # with ties
    x[rng.random((6, k)) < 0.2] = np.nan
    p = [np.exp(Order(FACT, o).log(x)) for o in permutations(range(k))]
    assert sum(p) == pytest.approx(1.0)
    agree = Order(FACT, tuple(range(k))).agreement(x)
    assert ((agree >= 0) & (agree <= 1)).all()
    np.testing.assert_allclose(agree + Order(FACT, tuple(range(k))[::-1]).agreement(x), 1.0)


def test_an_order_by_hand():
    # Two persons: the history says 0 before 1; a recorder exchanges neighbours with probability 0.2.
    x = np.array([[3.0, 9.0]])
    assert np.exp(Order(FACT, (0, 1), slip=0.0).log(x)) == pytest.approx(0.8)
    assert np.exp(Order(FACT, (1, 0), slip=0.0).log(x)) == pytest.approx(0.2)
    assert np.exp(Order(FACT, (1, 0), slip=0.0).log(np.array([[5.0, 5.0]]))) == pytest.approx(0.5)
    assert np.exp(Order(FACT, (1, 0), slip=0.0).log(np.array([[np.nan, 5.0]]))) == pytest.approx(0.8)


@given(grids, seeds)
def test_what_is_drawn_is_what_is_predicted(grid, rng):
    x = answers(grid, rng, 4)
    many = np.repeat(x, 3000)
    y = grid.draw(many, rng)
    p = grid.predictive(x)
    found = np.bincount(grid.index(y), minlength=len(p)) / len(y)
    assert np.abs(found - p).max() < 5.5 * np.sqrt(0.25 / len(y))
    again = grid.recorded(y[0])
    assert type(again) is type(grid) and again.low == again.high == grid.index(y[:1])[0]


def test_drawn_lists_and_orders():
    rng = np.random.default_rng(5)
    x = np.tile(np.array([1, 1, 0, 0, 0], bool), (4000, 1))
    listed = Overlap(FACT, x[0])
    assert listed.wrong(listed.draw(x, rng)).mean() == pytest.approx(5 * 0.05, abs=0.03)
    assert (listed.recorded(x[0]).members == x[0]).all()
    x = np.tile([5.0, 2.0, 9.0], (4000, 1))
    order = Order(FACT, (1, 0, 2))
    y = order.draw(x, rng)
    same = (np.argsort(y, axis=1) == [1, 0, 2]).all(axis=1).mean()
    assert same == pytest.approx(np.exp(order.log(x)), abs=5.5 * np.sqrt(0.25 / 4000))
    assert order.recorded(y[0]).order == tuple(np.argsort(y[0]))


def test_surprise_of_records_that_the_ensemble_itself_makes():
    """A record drawn from the ensemble is surprising at level a in at most a of all cases; one from elsewhere always is."""
    rng = np.random.default_rng(2)
    x = np.where(rng.random(300) < 0.1, np.nan, np.clip(rng.normal(40, 9, 300), 0, 99))
    date = Date(FACT, 0, 0, 6.0, 100)
    drawn = np.array([date.recorded(y).surprise(x) for y in date.draw(np.tile(x, 4), rng)])
    for level in (0.05, 0.2, 0.5):
        assert (drawn <= level).mean() < level + 0.05
    assert Date(FACT, 95, 95, 6.0, 100).surprise(x) < 0.25  # between the months and never
    assert Date(FACT, 2, 2, 6.0, 100).surprise(x) < 0.03 and Date(FACT, 41, 41, 6.0, 100).surprise(x) > 0.7
    lists = rng.random((400, 20)) < np.linspace(0.05, 0.95, 20)
    listed = Overlap(FACT, lists[0])
    drawn = np.array([listed.recorded(y).surprise(lists) for y in listed.draw(lists, rng)])
    assert 0.01 < (drawn <= 0.1).mean() < 0.25
    assert listed.recorded(np.linspace(0.95, 0.05, 20) > 0.5).surprise(lists) < 0.01
    orders = rng.normal(0, 2, (300, 5)) + np.arange(5) * 3
    assert Order(FACT, (0, 1, 2, 3, 4)).surprise(orders) == 1.0 and Order(FACT, (4, 3, 2, 1, 0)).surprise(orders) < 0.01


def test_the_logarithmic_score_is_proper():
    """Records that one ensemble makes are more likely under it than under another, on average."""
    rng = np.random.default_rng(0)
    right, wrong = rng.normal(30, 5, 400), rng.normal(38, 5, 400)
    date = Date(FACT, 0, 0, 6.0, 80)
    y = date.draw(right, rng)
    own, other = (np.mean([date.recorded(v).log(x) for v in y]) for x in (right, wrong))
    assert own > other + 0.2


def test_error_of_the_estimate():
    rng = np.random.default_rng(1)
    date = Date(FACT, 30, 30, 6.0, 80)
    draws = [rng.normal(36, 10, 60) for _ in range(400)]
    spread = np.std([date.log(x) for x in draws])
    assert np.mean([date.error(x) for x in draws]) == pytest.approx(spread, rel=0.25)


@given(seeds)
def test_composite_and_joint(rng):
    logs = np.log(rng.random((25, 3)))
    one = logs[:, :1]
    assert composite(one, np.ones(1)) == pytest.approx(joint(one)[0]) == pytest.approx(lk.log_mean(one[:, 0]))
    p = np.exp(logs)
    assert joint(logs)[0] == pytest.approx(np.log(p.prod(axis=1).mean()))
    assert composite(logs, np.array([1.0, 2.0, 0.0])) == pytest.approx(np.log(p[:, 0].mean()) + 2 * np.log(p[:, 1].mean()))
    assert 1.0 <= joint(logs)[1] <= 25.0
    assert joint(np.zeros((25, 3)))[1] == pytest.approx(25.0)
    # Facts that are independent over histories: both agree.
    a, b = np.log(rng.random(5)), np.log(rng.random(5))
    grid = np.array([[u, v] for u in a for v in b])
    assert joint(grid)[0] == pytest.approx(composite(grid, np.ones(2)))


# -- charts ----------------------------------------------------------------------------------------------------


PAIRS = [
    (Date(FACT, 20, 25, 5.0, 60, start=1922 * 12 + 3), np.array([20.0, 24.0, np.nan, 31.0])),
    (Count(FACT, 2, 2, 1.0, 14), np.array([3.0, 1.0, 2.0])),
    (Share(FACT, 10, 10, 5.0), np.array([0.1, 0.2, np.nan])),
    (Never(FACT), np.array([1.0, 0.0, 1.0])),
    (Amount.of(FACT, 7.0, 0.5), np.array([6.8, 7.7])),
    (Overlap(FACT, np.array([1, 0, 1], bool)), np.array([[1, 0, 1], [1, 1, 0]], bool)),
    (Order(FACT, (1, 0)), np.array([[3.0, 1.0], [1.0, np.nan]])),
]


def test_rows_of_a_chart_are_probabilities_with_the_record_marked():
    for likelihood, x in PAIRS:
        data, _, words = rows(likelihood, x)
        never = likelihood.predictive(x)[-1] if getattr(likelihood, "misses", False) else 0.0
        assert sum(row["probability"] for row in data) == pytest.approx(1 - never, abs=0.015)
        assert ("never" in words) == (never > 0)
        assert any(row["record"] for row in data)
    data = rows(*PAIRS[0])[0]
    assert [row["answer"] for row in data if row["record"]] == ["1923-12", "1924-01", "1924-02", "1924-03", "1924-04", "1924-05"]


def test_charts_are_written(tmp_path):
    figure = panel(PAIRS)
    assert len(figure.to_dict()["concat"]) == len(PAIRS)
    for kind in FORMATS:
        save(figure if kind in ("png", "json") else panel(PAIRS[:1]), tmp_path / f"facts.{kind}")
    assert (tmp_path / "facts.png").read_bytes().startswith(b"\x89PNG")
    text = (tmp_path / "facts.html").read_text(encoding="utf-8")
    assert "<script src=" not in text, "the page needs no network"
    assert json.loads((tmp_path / "facts.json").read_text(encoding="utf-8"))["concat"]
    with pytest.raises(Faults, match=r"\.html"):
        save(figure, tmp_path / "facts.pdf")
