"""Bargaining models: conventions, invariants, files with errors that name the line."""

import numpy as np
import pytest

from politburo.faults import Faults
from politburo.theory.bargain import bargain, errors, read_actors, weighted_mean
from politburo.theory.bargain_eu import CONVENTIONS, expected_utility
from politburo.theory.bargain_smp import actors, spatial_model, weighted_median
from politburo.theory.examples import LEADERSHIPS, leadership


@pytest.mark.parametrize("name", LEADERSHIPS)
def test_every_example_runs_under_the_spatial_model(name):
    run = spatial_model(leadership(name), turns=3) if leadership(name).position.max() <= 100 else None
    assert np.isfinite(run.positions).all() and np.isfinite(run.probabilities).all()
    assert ((run.risks >= -0.5) & (run.risks <= 1)).all()
    low, high = leadership(name).position.min(0), leadership(name).position.max(0)
    assert (run.positions >= low - 0.02).all() and (run.positions <= high + 0.02).all()


def test_each_convention_matters_in_the_emission_case():
    people = leadership("emission")
    base = expected_utility(people).positions
    for argument, words in CONVENTIONS.items():
        other = expected_utility(people, **{argument: words[1]}).positions
        assert base.shape != other.shape or not np.allclose(base, other), argument
    half = expected_utility(people, q=0.5).positions
    assert not np.allclose(base[1], half[1])


def test_shift_and_scale_of_the_issue():
    people = leadership("emission")
    base = expected_utility(people)
    moved = actors(people.capability, 3 * people.position + 5, people.salience, people.names)
    assert np.allclose(expected_utility(moved).positions, 3 * base.positions + 5)


def test_order_of_actors_does_not_matter_without_ties():
    people = leadership("five")
    order = [3, 1, 4, 0, 2]
    shuffled = actors(
        people.capability[order],
        people.position[order],
        people.salience[order],
        [people.names[i] for i in order],
    )
    a, b = spatial_model(people, turns=5, stop=0), spatial_model(shuffled, turns=5, stop=0)
    assert np.allclose(a.positions[:, order], b.positions)


def test_settings_of_the_spatial_model_change_it():
    people = leadership("china")
    base = spatial_model(people, turns=2).positions
    for settings in (
        {"risk": "zero_one"},
        {"risk": "minus_one_one"},
        {"estimate": "half"},
        {"voting": "cubic"},
        {"probability": "markov"},
        {"digits": 16},
    ):
        assert not np.array_equal(base, spatial_model(people, turns=2, **settings).positions), settings
    drawn = [spatial_model(people, turns=4, adoption="drawn", seed=7).positions for _ in range(2)]
    assert np.array_equal(*drawn)


def test_baseline_is_printed_beside():
    for name, model in (("emission", "eu"), ("china", "ktab")):
        assert any("baseline" in key for key in bargain(leadership(name), model).facts)
    assert weighted_mean(leadership("emission")).facts["weighted mean"][0] == pytest.approx(
        7.389956, abs=1e-6
    )


def test_weighted_median_beats_every_other_pairwise():
    rng = np.random.default_rng(0)
    for _ in range(50):
        x, w = rng.integers(0, 10, 7).astype(float), rng.random(7)
        m = weighted_median(x, w)
        for other in x:
            votes = (w * np.sign(np.abs(x - other) - np.abs(x - m))).sum()
            assert votes >= -1e-12


def test_forecast_errors():
    assert errors([1, 2], [2, 4]) == {
        "mean absolute error": 1.5,
        "root mean square error": pytest.approx(2.5**0.5),
    }


@pytest.mark.parametrize(("text", "place", "found"), [
    ("actor,capability,position,salience\nA,1,2,30\nB,1,x,30\n", ":3:3", "'x'"),
    ("actor,capability,position,salience\nA,1,2,30\nB,1,2\n", ":3", "3 fields"),
    ("actor,capability,position,salience\nA,1,2,30\nB,-1,2,30\n", ":3:2", "-1"),
    ("actor,capability,position,salience\nA,1,2,30\nA,1,2,30\n", ":3:1", "second time"),
    ("actor,capability,position,salience\nA,1,2,130\nB,1,2,30\n", ":2:4", "130"),
    ("actor,capability,postion,salience\nA,1,2,30\n", ":1:3", "postion"),
    ("actor,capability,position,salience\nA,1,nan,30\nB,1,2,30\n", ":2:3", "nan"),
    ("", "", "header"),
])  # fmt: skip
def test_file_errors_name_file_and_line(tmp_path, text, place, found):
    path = tmp_path / "actors.csv"
    path.write_text(text)
    with pytest.raises(Faults) as error:
        read_actors(path)
    assert f"actors.csv{place}" in str(error.value) and found in str(error.value)


@pytest.mark.parametrize(("call", "found"), [
    (lambda: expected_utility(leadership("china")), "2 issues"),
    (lambda: expected_utility(leadership("emission"), distance="linaer"), "did you mean linear"),
    (lambda: expected_utility(leadership("emission"), q=2), "2"),
    (lambda: spatial_model(leadership("china"), risk="half-way"), "half-way"),
    (lambda: spatial_model(leadership("china"), turns=-1), "-1"),
    (lambda: actors([1, 1], [1, 2], [60, 0]), "only zeros"),
    (lambda: actors([1, 1], [1, 2], [60, 120]), "120"),
    (lambda: actors([1, 1], [[1, 2], [3]], [60, 20]), "rows"),
    (lambda: actors([1], [1], [60]), "1 actors"),
    (lambda: spatial_model(actors([1, 1], [[1, 2], [3, 4]], [[60, 60], [20, 20]])), "120"),
    (lambda: expected_utility(actors([1, 1], [5, 5], [60, 60])), "same value"),
    (lambda: bargain(leadership("china"), "ktb"), "ktb"),
])  # fmt: skip
def test_bad_input_is_named(call, found):
    with pytest.raises(Faults) as error:
        call()
    assert found in str(error.value)
