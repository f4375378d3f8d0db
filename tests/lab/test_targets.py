"""Targets and outcomes of histories written by hand, whose right answers need no engine."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo.case.arrays import RUNGS
from politburo.case.compile import compile_case
from politburo.case.load import CASES, read_case
from politburo.case.values import Month
from politburo.engine.state import WHOLE, keep
from politburo.lab.targets import TargetResult, closeness, evaluate, outcomes, scores

H = 4
ONE_WIDTH = math.exp(-0.5)  # closeness one width away from the record

TARGETS = """\
targets:
  tarv_post: {kind: fall, person: tarv, rung: post, date: 1964-05, width: 12, weight: 2, evidence: assumed,
     note: invented}
  sits: {kind: members, organ: presidium, on: 1965-01, members: [dasan, sorin, ondrin, holt, brenn],
     evidence: assumed, note: invented}
  rules: {kind: ruler, person: dasan, by: 1966-12, evidence: assumed, note: invented}
  rule_begins: {kind: ruler_date, date: 1966-01, width: 12, evidence: assumed, note: invented}
  ballot:
    {kind: vote, occasion: congress, near: 1964-02, within: 12, measure: against_share, value: 0.1,
     low: 0, high: 0.3, evidence: assumed, note: invented}
  killed: {kind: measure, measure: committee_dead_share, value: 0.5, low: 0.4, high: 0.6, on: 1965-01,
     evidence: assumed, note: invented}
  purge: {kind: measure, measure: purge_start, value: 1965-03, width: 12, evidence: assumed, note: invented}
  chiefs: {kind: measure, measure: chiefs_purged, value: 2, low: 1, high: 3, people: [holt, karst],
     evidence: assumed, note: invented}
  large: {kind: measure, measure: committee_size, value: 40, low: 30, high: 50, on: 1964-12,
     evidence: assumed, note: invented}
  met: {kind: measure, measure: assembly_date, value: 1964-02, width: 12, on: 1964-02, evidence: assumed,
     note: invented}
  times: {kind: measure, measure: assemblies, value: 1, low: 0, high: 2, on: 1964-03, evidence: assumed, note: invented}
  first: {kind: measure, measure: first_fall, value: 1963-03, width: 12, people: [tarv, karst, sorin],
     evidence: assumed, note: invented}
  second: {kind: measure, measure: second_fall, value: 1964-03, width: 12, people: [tarv, karst, sorin],
     evidence: assumed, note: invented}
  loyal: {kind: measure, measure: loyalists_alive, value: 1, low: 0.5, high: 1, people: [holt, brenn],
     evidence: assumed, note: invented}
  rivals: {kind: measure, measure: rivals_dead, value: 1, low: 0.5, high: 1, people: [tarv, karst],
     evidence: assumed, note: invented}
  lives: {kind: survives, person: sorin, until: 1966-12, in: alive, evidence: assumed, note: invented}
  seated: {kind: survives, person: sorin, until: 1966-12, in: circle, evidence: assumed, note: invented}
  elected: {kind: survives, person: sorin, until: 1966-12, in: committee, evidence: assumed, note: invented}
  first_man: {kind: leads, person: dasan, on: 1966-12, fitted: false, weight: 0, evidence: assumed,
     note: invented}
  held_out: {kind: survives, person: sorin, until: 1966-12, in: party, fitted: false, weight: 5,
     evidence: assumed, note: invented}
"""
OUTCOMES = """\
outcomes:
  who: {question: Who rules?, kind: ruler, by: 1966-12}
  he: {question: Does he rule?, kind: ruler, by: 1966-12, person: dasan}
  leads: {question: Who leads?, kind: leads, on: 1966-12}
  since: {question: Since when?, kind: ruler_date}
  falls: {question: When does he fall?, kind: fall, person: tarv, rung: post}
  row: {question: Who sits?, kind: members, organ: presidium, on: 1965-01}
  order: {question: In which order?, kind: order, people: [tarv, karst, sorin], rung: post}
  dissent: {question: How many against?, kind: vote, occasion: congress, near: 1964-02, within: 12,
     measure: against_share}
  killed: {question: How many dead?, kind: measure, measure: committee_dead_share, on: 1965-01}
  lives: {question: Does he live?, kind: survives, person: sorin, until: 1966-12, in: alive}
"""


@pytest.fixture(scope="module")
def compiled():
    folder = CASES / "template"
    texts = {p.name: p.read_text(encoding="utf-8") for p in [*folder.glob("*.yaml"), *folder.glob("*.csv")]}
    texts |= {"targets.yaml": TARGETS, "outcomes.yaml": OUTCOMES}
    texts["case.yaml"] = texts["case.yaml"].replace("[who_rules, dasan_out, karst_out]", "[who]")
    return compile_case(read_case(texts, Path("made")))


@pytest.fixture(scope="module")
def kept(compiled):
    """Four histories written by hand; months count from March 1961."""
    k = keep(compiled.world, H)
    who = {name: i for i, name in enumerate(compiled.people)}
    rung = {name: i for i, name in enumerate(RUNGS)}
    at = compiled.checks.index

    def whole(name, *values):
        k.whole[:, WHOLE.index(name)] = values

    # tarv loses his post as recorded, a year late, never, and (with his seat, never noted as the post) a year
    # early.
    k.first[0, who["tarv"], rung["post"]] = 38
    k.first[1, who["tarv"], rung["post"]] = 50
    k.first[3, who["tarv"], rung["circle"]] = 26
    # karst falls in 1963-03 (month 24) in the first two histories, sorin in 1964-03 (36) in the first.
    k.first[:2, who["karst"], rung["party"]] = 24
    k.first[0, who["sorin"], rung["post"]] = 36
    # The circle of January 1965: as recorded, one missing, one more, empty.
    recorded = [who[p] for p in ("dasan", "sorin", "ondrin", "holt", "brenn")]
    january = at(Month(1965, 1))
    k.circle[:3, january, recorded] = 2
    k.circle[1, january, who["holt"]] = 1  # a candidate is not a full member
    k.circle[2, january, who["tarv"]] = 2
    december = at(Month(1966, 12))
    k.circle[:, december, who["sorin"]] = (2, 2, 1, 2)
    k.ruler[:, december] = (who["dasan"], who["karst"], -1, who["dasan"])
    k.leader[:, december] = (who["dasan"], who["dasan"], who["holt"], -1)
    whole("ruler_month", 58, 70, -1, 58)
    whole("purge_start", 48, 36, -1, 48)
    whole("committee_dead_share", 0.5, 0.6, 0.0, 0.5)
    whole("chiefs_purged", 2, 3, 0, 2)
    # Congresses: in February 1964 with 10 % against; two, the nearer with 25 %; too late; none.
    k.congress[0, 0] = (35, 0.10, 40, 7)
    k.congress[1, :2] = ((29, 0.40, 35, 7), (36, 0.25, 50, 7))
    k.congress[2, 0] = (60, 0.10, 45, 7)
    # tarv and karst die in the first history, karst alone in the second; sorin dies before and after his
    # date.
    k.alive[0, [who["tarv"], who["karst"]]] = 80
    k.alive[1, [who["karst"], who["holt"]]] = 90
    k.alive[:, who["sorin"]] = (-1, 60, 69, 70)
    return k


@pytest.fixture(scope="module")
def results(compiled, kept):
    return {r.id: r for r in evaluate(compiled, kept)}


def test_months_are_as_the_hand_made_histories_take_them(compiled):
    assert compiled.month(0) == Month(1961, 3) and compiled.months == 94
    assert {compiled.index(Month(1964, 5)), compiled.index(Month(1966, 12))} == {38, 69}


EXPECTED = {
    "tarv_post": [1, ONE_WIDTH, 0, ONE_WIDTH],
    "sits": [1, 4 / 5, 5 / 6, 0],
    "rules": [1, 0, 0, 1],
    "rule_begins": [1, ONE_WIDTH, 0, 1],
    "ballot": [1, ONE_WIDTH, 0, 0],
    "killed": [1, ONE_WIDTH, math.exp(-12.5), 1],
    "purge": [1, ONE_WIDTH, 0, 1],
    "chiefs": [1, ONE_WIDTH, math.exp(-2), 1],
    # The committee elected by the last congress up to December 1964 (45): 40, 50, that of the start (31), the
    # same.
    "large": [1, ONE_WIDTH, math.exp(-0.405), math.exp(-0.405)],
    "met": [1, math.exp(-((1 / 12) ** 2) / 2), math.exp(-((25 / 12) ** 2) / 2), 0],
    "times": [1, ONE_WIDTH, ONE_WIDTH, ONE_WIDTH],  # one by March 1964 (36), two, none yet, none ever
    "first": [1, 1, 0, math.exp(-((2 / 12) ** 2) / 2)],
    "second": [1, math.exp(-((14 / 12) ** 2) / 2), 0, 0],
    "loyal": [1, 0.5, 0, 1],  # without a purge loyalists prove nothing
    "rivals": [1, 0.5, 0, 0],
    "lives": [1, 0, 0, 1],
    "seated": [1, 0, 0, 1],
    "elected": [1, 0, 0, 1],
    "first_man": [1, 1, 0, 0],
    "held_out": [1, 0, 0, 1],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_closeness_of_each_history(results, name):
    assert results[name].scores == pytest.approx(EXPECTED[name], abs=1e-6)
    assert results[name].closeness == pytest.approx(np.mean(EXPECTED[name]), abs=1e-6)


def test_every_target_is_answered_and_every_closeness_is_a_share(compiled, results):
    assert list(results) == list(compiled.case.targets) and set(results) == set(EXPECTED)
    for r in results.values():
        assert r.scores.shape == r.values.shape == (H,)
        assert ((r.scores >= 0) & (r.scores <= 1)).all()
        assert r.low <= r.observed <= r.high and r.record and r.question


VALUES = {
    "tarv_post": ("month", [38, 50, np.nan, 26], 38),
    "rule_begins": ("month", [58, 70, np.nan, 58], 58),
    "ballot": ("share", [0.1, 0.25, np.nan, np.nan], 0.1),
    "purge": ("month", [48, 36, np.nan, 48], 48),
    "large": ("count", [40, 50, 31, 31], 40),
    "met": ("month", [35, 36, 60, np.nan], 35),
    "times": ("count", [1, 2, 0, 0], 1),
    "first": ("month", [24, 24, np.nan, 26], 24),
    "second": ("month", [36, 50, np.nan, np.nan], 36),
    "chiefs": ("count", [2, 3, 0, 2], 2),
    "rules": ("yes", [1, 0, 0, 1], 1),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_beside_the_record(results, name):
    unit, values, observed = VALUES[name]
    r = results[name]
    assert r.unit == unit and r.observed == pytest.approx(observed)
    np.testing.assert_allclose(r.values, values, atol=1e-6)
    assert r.happened == pytest.approx(np.isfinite(values).mean())


def test_records_read_as_months(results):
    assert results["tarv_post"].record == "May 1964"
    assert (
        results["purge"].record == "March 1965" and results["purge"].low == 36 and results["purge"].high == 60
    )
    assert results["met"].record == "February 1964"


def test_fitted_targets_make_the_score(compiled, kept, results):
    rows, weights = scores(compiled, kept)
    fitted = [name for name in EXPECTED if name not in ("held_out", "first_man")]
    assert rows.shape == (H, len(fitted))
    assert weights.tolist() == [2.0] + [1.0] * (len(fitted) - 1)
    expected = sum((2 if n == "tarv_post" else 1) * np.mean(EXPECTED[n]) for n in fitted) / (len(fitted) + 1)
    assert closeness(list(results.values())) == pytest.approx(expected)
    assert (rows.mean(axis=0) * weights).sum() / weights.sum() == pytest.approx(expected)
    everything = closeness(list(results.values()), fitted_only=False)
    assert everything == pytest.approx((expected * (len(fitted) + 1) + 5 * 0.5) / (len(fitted) + 6))
    assert math.isnan(closeness([]))


def test_what_lies_beyond_the_run_is_not_asked(compiled):
    """A run that ends in 1964 says nothing about 1965, neither in targets nor in outcomes."""
    short = compile_case(compiled.case, until=Month(1964, 12))
    found = {r.id for r in evaluate(short, keep(short.world, 1))}
    assert found == {"tarv_post", "ballot", "chiefs", "large", "met", "times", "first", "second", "loyal", "rivals"}
    assert {o.id for o in outcomes(short, keep(short.world, 1))} == {"since", "falls", "order", "dissent"}


def test_a_measure_that_the_engine_does_not_keep_is_not_answered(ussr):
    """turnover_1930 asks for the committee's members, of whom the engine keeps only blocs."""
    asked = {name: t.measure for name, t in ussr.case.targets.items() if t.kind == "measure"}
    answered = {r.id for r in evaluate(ussr, keep(ussr.world, 1))}
    assert {name for name in ussr.case.targets if name not in answered} == {
        n for n, m in asked.items() if m == "committee_turnover"
    }


# -- outcomes
# ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def answers(compiled, kept):
    return {o.id: o for o in outcomes(compiled, kept)}


def test_outcomes_in_words(compiled, answers):
    name = {p: compiled.case.people[p].name for p in compiled.people}
    assert answers["who"].shares == {name["dasan"]: 0.5, name["karst"]: 0.25, "nobody": 0.25}
    assert answers["leads"].shares == {name["dasan"]: 0.5, name["holt"]: 0.25, "nobody": 0.25}
    assert answers["he"].shares == {"yes": 0.5, "no": 0.5}
    assert answers["lives"].shares == {"yes": 0.5, "no": 0.5}
    last = {p: n.split()[-1] for p, n in name.items()}
    assert answers["order"].shares == {
        ", ".join(last[p] for p in ("karst", "sorin", "tarv")): 0.25,
        ", ".join(last[p] for p in ("karst", "tarv")): 0.25,
        "nobody": 0.25,
        last["tarv"]: 0.25,
    }
    row = answers["row"].shares
    assert {n: row[name[n]] for n in ("dasan", "sorin", "ondrin", "brenn", "holt", "tarv")} == {
        "dasan": 0.75, "sorin": 0.75, "ondrin": 0.75, "brenn": 0.75, "holt": 0.5, "tarv": 0.25,
    }  # fmt: skip
    assert len(row) == 6 and list(row.values()) == sorted(row.values(), reverse=True)


def test_outcomes_in_numbers(answers):
    np.testing.assert_allclose(answers["since"].values, [58, 70, np.nan, 58])
    np.testing.assert_allclose(answers["falls"].values, [38, 50, np.nan, 26])
    np.testing.assert_allclose(answers["dissent"].values, [0.1, 0.25, np.nan, np.nan], atol=1e-7)
    np.testing.assert_allclose(answers["killed"].values, [0.5, 0.6, 0, 0.5], atol=1e-7)
    np.testing.assert_allclose(answers["row"].values, [5, 4, 6, 0])
    assert {o.id: o.unit for o in answers.values()} == {
        "who": "who", "leads": "who", "he": "yes", "since": "month", "falls": "month", "row": "list", "order": "order",
        "dissent": "share",
        "killed": "share", "lives": "yes",
    }  # fmt: skip


# -- summaries
# -----------------------------------------------------------------------------------------------------


def result(values, observed):
    values = np.asarray(values, float)
    return TargetResult(
        "t", None, "?", "", "assumed", 1.0, True, np.ones(len(values)), values, observed, "month", 0, 1
    )


def test_surprise_and_quantiles():
    assert result([1, 2, 3, 4, 5], 3).surprise == 1.0
    assert result([1, 2, 3, 4], 0).surprise == 0.0 and result([1, 2, 3, 4], 9).surprise == 0.0
    assert result([1, 2, 3, 4], 1).surprise == pytest.approx(0.5)
    # Histories in which it never happens count as later than any date.
    assert result([1, np.nan, np.nan, np.nan], 2).surprise == pytest.approx(0.5)
    half = result([5, np.nan, 7, np.nan], 6)
    assert half.happened == 0.5
    assert half.quantile(0.0) == 5 and half.quantile(0.25) == 7 and half.quantile(0.5) == math.inf
    assert (
        math.isnan(result([], 1).surprise)
        and math.isnan(result([], 1).quantile(0.5))
        and math.isnan(result([], 1).closeness)
    )


@given(
    st.lists(st.one_of(st.floats(-50, 50), st.just(math.nan)), min_size=1, max_size=30), st.floats(-50, 50)
)
def test_surprise_is_a_share_and_quantiles_rise(values, observed):
    r = result(values, observed)
    assert 0 <= r.surprise <= 1
    found = [r.quantile(q) for q in (0, 0.1, 0.5, 0.9, 1)]
    assert found == sorted(found)
    finite = [v for v in values if math.isfinite(v)]
    if finite and (observed < min(finite)):
        assert r.surprise == 0
