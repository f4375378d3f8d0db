"""Scores: proper, blind to the future, the same for any number of workers; baselines are probabilities; leaving out never flatters."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from politburo.case.arrays import RUNGS
from politburo.case.values import Month
from politburo.cli import app
from politburo.engine.state import keep
from politburo.faults import Faults
from politburo.lab.scoring.baselines import BASELINES, rate_of
from politburo.lab.scoring.forecasts import Forecast, condition, discrepancy, effective, forecasts, next_falls
from politburo.lab.scoring.leave_out import cases_out, targets_out
from politburo.lab.ensembles.provenance import plan
from politburo.lab.scoring.recorded import NEVER, Recorded
from politburo.lab.scoring.score import MODEL, draw, losses, resamples, score


@pytest.fixture(scope="module")
def call():
    return plan("ussr-1953")


@pytest.fixture(scope="module")
def record(call):
    return Recorded(call.compiled)


@pytest.fixture(scope="module")
def drawn(call):
    return draw(call, call.rows(np.arange(120)), workers=1)


@pytest.fixture(scope="module")
def found(record, drawn):
    return forecasts(record, drawn)


def question(p, observed=(0,), weights=None):
    shares = np.asarray(p, float)
    k = shares.shape[1]
    names = tuple("abcdefgh"[:k])
    return Forecast("made", "leads", "?", 0, 1, names, names, tuple(observed), shares, np.ones(len(shares)) if weights is None else np.asarray(weights, float))


# -- the scores themselves


def test_scores_of_known_forecasts():
    log, brier = losses(np.array([0.5, 0.25, 0.25]), (0,))
    assert log == pytest.approx(math.log(2)) and brier == pytest.approx(0.25 + 2 / 16)
    log, brier = losses(np.array([0.5, 0.25, 0.25]), (0, 1))  # both came true together
    assert log == pytest.approx(-math.log(0.75)) and brier == pytest.approx(2 * 0.25**2)
    assert losses(np.array([0.0, 1.0]), (1,)) == (pytest.approx(0.0, abs=1e-12), 0.0)


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=6), st.lists(st.floats(0.01, 1), min_size=2, max_size=6))
def test_scores_are_proper(belief, said):
    """Who believes p expects no better score from any other q."""
    k = min(len(belief), len(said))
    p, q = np.array(belief[:k]) / sum(belief[:k]), np.array(said[:k]) / sum(said[:k])
    for which in (0, 1):
        honest = sum(p[j] * losses(p, (j,))[which] for j in range(k))
        other = sum(p[j] * losses(q, (j,))[which] for j in range(k))
        assert honest <= other + 1e-9


def test_no_histories_means_no_opinion():
    f = question([[1, 0, 0], [0, 1, 0]], weights=[0, 0])
    assert f.probabilities() == pytest.approx([1 / 3] * 3)
    f = question([[1, 0]] * 99)
    assert f.probabilities() == pytest.approx([99.5 / 100, 0.5 / 100])
    counts = np.array([[1.0] * 99, [0.0] * 99])
    assert f.probabilities(counts) == pytest.approx(np.array([[0.995, 0.005], [0.5, 0.5]]))


@given(st.lists(st.floats(0, 5), min_size=1, max_size=30))
def test_effective_number_lies_between_one_and_all(weights):
    n = effective(np.array(weights))
    assert n == 0 or 1 - 1e-9 <= n <= len(weights) + 1e-9


def test_resampling_draws_every_history_once_on_average():
    counts = resamples(np.arange(600) % 60, 400)
    assert counts.shape == (400, 600) and counts.mean() == pytest.approx(1.0, abs=0.02)
    # Histories of one particle come and go together, beyond their own luck.
    assert np.corrcoef(counts[:, 0], counts[:, 60])[0, 1] > 0.2 > abs(np.corrcoef(counts[:, 0], counts[:, 61])[0, 1])


# -- the record and its cut


def test_the_record_month_by_month(record, call):
    at = call.compiled.index
    assert record.secretary == "khrushchev" and record.leader(0) == "malenkov"
    assert record.leader(at(Month(1956, 1))) == "khrushchev"
    assert record.fall("beria", "circle") == at(Month(1953, 6)) and record.fall("khrushchev", "condemned") == NEVER
    assert "beria" in record.members(at(Month(1953, 5))) and "beria" not in record.members(at(Month(1953, 6)))
    assert "suslov" in record.members(at(Month(1956, 12))) and "suslov" not in record.members(0)
    assert record.sole_rule is None


def twins(call, record):
    """Two handwritten histories that agree with the record in everything up to the end of 1955, and not at all after it."""
    kept, first = keep(call.compiled.world, 2), call.compiled.people.index
    cut = call.compiled.index(Month(1955, 12))
    for (person, rung), (month, _) in record.falls.items():
        kept.first[:, first(person), rung] = month if month <= cut else cut + 3
    kept.leader[:] = first("malenkov")
    for t, (who, _) in record.leads.items():
        if 0 < t <= cut:
            kept.leader[:, call.compiled.checks.index(call.compiled.month(t))] = first(who)
    return kept, cut


def test_nothing_after_the_cut_is_used(call, record):
    kept, cut = twins(call, record)
    assert discrepancy(record, kept, cut) == pytest.approx([0, 0])
    kept.first[1] = np.where(kept.first[1] > cut, -1, kept.first[1])  # later falls of one of them never come
    assert discrepancy(record, kept, cut) == pytest.approx([0, 0])
    kept.leader[1, call.compiled.checks.index(Month(1957, 12))] = 5
    assert discrepancy(record, kept, cut) == pytest.approx([0, 0])
    kept.first[1, call.compiled.people.index("khrushchev"), RUNGS.index("circle")] = 1  # but an early fall that did not happen counts
    assert discrepancy(record, kept, cut)[1] == pytest.approx(4.5)


def test_later_targets_do_not_change_the_weights(record, drawn, call):
    """The record after the cut may say anything."""
    cut = call.compiled.index(Month(1955, 12))
    known = {k: t for k, t in call.case.targets.items() if getattr(t, "date", getattr(t, "on", None) or Month(1958, 12)) <= Month(1955, 12)}
    assert 8 < len(known) < len(call.case.targets)
    blind = Recorded(replace(call.compiled, case=replace(call.case, targets=known)))
    weights, tau = condition(record, drawn, cut, 30)
    same, same_tau = condition(blind, drawn, cut, 30)
    assert np.array_equal(weights, same) and tau == same_tau and tau > 1
    assert effective(weights) >= 30 - 1e-6


def test_conditioning_reaches_the_asked_number_and_no_temper_when_it_need_not(record, drawn):
    assert condition(record, drawn, 0)[1] == 1.0
    for least in (5, 30, 59):
        weights, tau = condition(record, drawn, 45, least)
        assert effective(weights) >= least - 1e-6
    assert condition(record, drawn, 45, 5)[1] <= condition(record, drawn, 45, 50)[1]


# -- the questions


def test_who_falls_next_step_by_step(call, record):
    people = ("malenkov", "beria", "molotov", "kaganovich")
    kept, first = keep(call.compiled.world, 4), call.compiled.people.index
    post = RUNGS.index("circle")
    for h, months in enumerate([(51, 3, 51, 51), (20, 3, 30, 40), (3, 9, 9, 9), (51, 3, -1, -1)]):
        for person, month in zip(people, months, strict=True):
            kept.first[h, first(person), post] = month
    steps = next_falls(record, kept, people, "circle", least=2)
    assert [[f.answers[k] for k in f.observed] for f in steps] == [["Beria"], ["Malenkov", "Molotov", "Kaganovich"]]
    # Beria is first in three of four; one history's worth of ignorance over four answers.
    assert steps[0].probabilities()[1] == pytest.approx((4 * 0.75 + 0.25) / 5)
    assert steps[1].weights.tolist() == [1, 1, 0, 1]
    assert steps[1].shares[0] == pytest.approx([1 / 3] * 3) and steps[1].shares[3] == pytest.approx([1, 0, 0])


def test_every_forecast_is_one(found):
    assert {f.kind for f in found} == {"next fall", "leads", "falls"}
    for f in found:
        p = f.probabilities()
        assert p.sum() == pytest.approx(1) and p.min() > 0 and len(f.answers) == len(f.people) == len(p)
        assert f.observed and max(f.observed) < len(p) and f.weights.min() >= 0
        assert f.made < f.at or f.at == -1


def test_every_baseline_is_a_forecast(found, record):
    rate = rate_of([record, Recorded(plan("ussr").compiled)], "ussr-1953")
    assert 0.01 < rate < 0.3
    for f in found:
        for name, rule in BASELINES.items():
            p = rule(record, f, rate)
            assert p.sum() == pytest.approx(1), (name, f.question)
            assert p.min() >= 0 and p.shape == (len(f.answers),)
            assert losses(p, f.observed)[0] < 20


def test_baselines_say_what_they_are_called(found, record):
    start = next(f for f in found if f.kind == "leads" and f.made == 0)
    assert BASELINES["appointing secretary"](record, start, 0.1)[start.answers.index("Khrushchev")] == pytest.approx(0.7)
    assert BASELINES["incumbent stays"](record, start, 0.1)[start.answers.index("Malenkov")] == pytest.approx(0.9)
    top = BASELINES["strongest prestige"](record, start, 0.1)
    assert start.answers[int(top.argmax())] == "Molotov" or top.argmax() == start.answers.index("Malenkov")
    longer = next(f for f in found if f.kind == "leads" and f.made == 0 and f.at > start.at)
    hazard = BASELINES["constant hazard"]
    assert hazard(record, longer, 0.1)[longer.answers.index("Malenkov")] < hazard(record, start, 0.1)[start.answers.index("Malenkov")]


# -- the whole


@pytest.fixture(scope="module")
def scored():
    return score("ussr-1953", n=120, workers=1)


def test_a_score_is_the_same_for_any_number_of_workers(scored):
    again = score("ussr-1953", n=120, workers=2)
    assert [vars(a) for a in again.lines if a.who == MODEL].__repr__() == [vars(a) for a in scored.lines if a.who == MODEL].__repr__()


def test_lines_hold_together(scored):
    assert scored.in_sample == frozenset()
    for line in scored.lines:
        assert line.log_low <= line.log_high and line.brier_low <= line.brier_high
        if line.who == MODEL:
            best = scored.best(line.case, line.group)
            assert best.gain == pytest.approx(best.log - line.log) and line.histories > 0
    model = {x.group: x for x in scored.lines if x.who == MODEL}
    assert set(model) == {"who falls next", "who leads, from the start", "a member falls", "who leads, from later cuts"}
    rows = scored.calibration()
    assert sum(r["forecasts"] for r in rows) > 100 and all(r["low"] <= r["came"] + 0.02 and r["came"] <= r["high"] + 0.02 for r in rows)


def test_a_case_with_its_own_posterior_is_in_sample():
    assert score("ussr", n=60, freeze=["1926-12"], workers=1, within=12).in_sample == {"ussr"}


def test_leaving_a_target_out_never_flatters():
    rows = targets_out("ussr", n=120, prior=8, each=2, workers=1)
    assert len(rows) == 32
    for r in rows:
        assert r.left_out <= r.fitted + 1e-9 and 1 <= r.particles <= 60  # a harmonic mean is no larger than an arithmetic one
    together = targets_out("ussr", n=120, together=True, prior=8, each=2, workers=1)
    assert next(r for r in together if r.id == "trotsky").question == "6 falls of Leon Trotsky" and len(together) < len(rows)


def test_leaving_a_case_out():
    rows = cases_out(("ussr-1953", "ussr-1964"), n=60, prior=6, each=2, workers=1)
    assert {r.case for r in rows} == {"ussr-1953", "ussr-1964"}
    assert all(np.isfinite([r.left_out, r.shipped, r.prior]).all() and r.low <= r.high for r in rows)
    with pytest.raises(Faults, match="two cases or more"):
        cases_out(("ussr-1953",))


def test_faults_in_words():
    with pytest.raises(Faults) as caught:
        score("ussr-1953", n=20, freeze=["1950-01", "soon"])
    assert [f.found for f in caught.value.faults] == ["'1950-01'", "'soon'"]
    with pytest.raises(Faults, match="no posterior of its own"):
        targets_out("ussr-1953")
    run = CliRunner().invoke(app, ["score", "ussr-1953", "--leave-out", "peple"])
    assert run.exit_code == 1 and "did you mean people" in run.output


@settings(max_examples=1)
@given(st.just(0))
def test_the_command_speaks_json(_):
    run = CliRunner().invoke(app, ["score", "ussr-1953", "-n", "30", "--json", "--workers", "1"])
    assert run.exit_code == 0, run.output
    told = json.loads(run.output)
    assert {"lines", "calibration", "questions"} == set(told) and all(0 < q["probability"] <= 1 for q in told["questions"])
