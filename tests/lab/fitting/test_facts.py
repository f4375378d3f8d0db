"""The record of a case as likelihoods: which kind each target is, intervals in EDTF, orders that dates imply."""

from pathlib import Path

import numpy as np
import pytest

from politburo.case.compile import compile_case
from politburo.case.load import CASES, read_case
from politburo.evidence import weakest
from politburo.faults import Faults
from politburo.lab.fitting.facts import logs, record_of, summaries, weights
from politburo.lab.fitting.likelihoods import Count, Date, Happened, Never, Order, Overlap, Share
from politburo.lab.targets import evaluate


def toy(targets: str, outcomes: str = ""):
    """The template with other targets."""
    folder = CASES / "template"
    texts = {p.name: p.read_text(encoding="utf-8") for p in [*folder.glob("*.yaml"), *folder.glob("*.csv")]}
    texts["targets.yaml"] = "targets:\n" + targets
    if outcomes:
        texts["outcomes.yaml"] = "outcomes:\n" + outcomes
        texts["case.yaml"] = texts["case.yaml"].replace("[who_rules, dasan_out, karst_out]", "[order]")
    return read_case(texts, Path("made"))


def fall(name: str, person: str, date: str, more: str = "", evidence: str = "assumed") -> str:
    return f"  {name}: {{kind: fall, person: {person}, rung: circle, date: {date}, width: 12, evidence: {evidence}, note: invented{more}}}\n"


@pytest.fixture(scope="module")
def history(ussr, standard):
    return standard().run(5, ussr.particles[:20])[0]


def test_every_target_of_the_reference_case_has_a_likelihood(ussr, history):
    facts = record_of(ussr, country=False)
    by_name = {f.fact.id: f.likelihood for f in facts}
    kinds = {name: type(likelihood) for name, likelihood in by_name.items()}
    assert kinds["trotsky_exiled"] is Date and kinds["month_of_sole_rule"] is Date and kinds["purge_start"] is Date
    assert kinds["politburo_1930_08"] is Overlap and kinds["sole_ruler_1930"] is Happened
    assert kinds["vote_1925"] is Share and kinds["loyalists_alive"] is Share
    assert kinds["chiefs_purged"] is Count and kinds["molotov_survives"] is Never
    assert kinds["order_of_leaving"] is Order
    targets = evaluate(ussr, history)
    assert [t.id for t in targets] == [f.fact.id for f in facts if not isinstance(f.likelihood, Order)]
    table = logs(facts, history)
    assert table.shape == (20, len(facts)) and np.isfinite(table).all() and (table <= 0).all()
    for t, f in zip(targets, facts, strict=False):
        assert (f.fact.weight, f.fact.fitted) == (t.weight, t.fitted) and f.fact.evidence == t.evidence
        if isinstance(f.likelihood, Date | Happened):
            # Both summaries rank histories alike, but for the ends of the span, where a recorder cannot err outwards.
            order = np.argsort(t.scores)
            assert (np.diff(table[order, facts.index(f)]) >= -0.4).all(), t.id


def test_record_of_dates_says_month_and_width(ussr):
    by_name = {f.fact.id: f for f in record_of(ussr, country=False)}
    fact = by_name["trotsky_out_of_politburo"]
    target = ussr.case.targets["trotsky_out_of_politburo"]
    assert fact.likelihood.low == fact.likelihood.high == ussr.index(target.date) and fact.likelihood.sd == target.width
    assert fact.likelihood.count == ussr.months and fact.fact.record == "October 1926"
    order = by_name["order_of_leaving"]
    assert order.fact.record.startswith("Kamenev, Zinoviev, Trotsky") and not order.fact.fitted
    labels = [t.evidence for t in ussr.case.targets.values() if t.kind == "fall" and t.rung == "circle" and t.fitted]
    assert order.fact.evidence == weakest(*labels, "derived")


def test_summaries(ussr, history):
    facts = record_of(ussr, fitted_only=True, country=False)
    assert len(facts) == 32 and all(f.fact.fitted for f in facts)
    found = summaries(facts, history)
    table = logs(facts, history)
    assert found["composite"] == pytest.approx((np.log(np.exp(table).mean(axis=0)) * weights(facts)).sum())
    assert found["joint"] == pytest.approx(np.log(np.exp(table.sum(axis=1) + 200).mean()) - 200)
    assert 1 <= found["carried"] <= 20


def test_a_date_may_be_an_interval():
    compiled = compile_case(toy(fall("a", "dasan", "1964-05", ", interval: 1964-03/1964-07") + fall("b", "karst", "1964", "").replace("1964,", "1964-05,")))
    a, b = (f.likelihood for f in record_of(compiled))
    start = compiled.case.start
    assert (start + a.low, start + a.high) == (start + (b.low - 2), start + (b.high + 2))
    approximate = compile_case(toy(fall("a", "dasan", "1964-05", ", interval: 1964~")))
    likelihood = record_of(approximate)[0].likelihood
    assert str(start + likelihood.low) == "1963-01" and str(start + likelihood.high) == "1965-12"
    # Closeness: 1 inside, the old bell from the nearest end outside.
    from politburo.engine.state import keep

    kept = keep(compiled.world, 4)
    kept.first[:] = -1
    who = compiled.people.index("dasan")
    kept.first[:, who, 3] = [a.low, a.high, a.high + 12, -1]
    result = evaluate(compiled, kept)[0]
    np.testing.assert_allclose(result.scores, [1, 1, np.exp(-0.5), 0])


def test_every_kind_of_target_has_a_likelihood(ussr):
    from politburo.case.aims import TARGETS
    from politburo.case.load import load_case
    from politburo.lab.fitting.likelihoods import Amount

    compiled = compile_case(
        toy(fall("a", "dasan", "1964-05") + "  l: {kind: leads, person: dasan, on: 1964-05, evidence: assumed, note: invented}\n"
            + "  y: {kind: series, series: steel, year: 1928, value: 4.3, low: 4, high: 4.6, evidence: assumed, note: invented}\n")
    )  # fmt: skip
    assert isinstance(record_of(compiled)[1].likelihood, Happened) and len(record_of(compiled)) == 2, "an invented circle has no country"
    from dataclasses import replace

    country = compile_case(replace(load_case("ussr"), targets={"y": compiled.case.targets["y"]}))
    steel = next(f for f in record_of(country) if f.fact.id == "y").likelihood
    assert isinstance(steel, Amount) and steel.sd * steel.cell == pytest.approx(0.3) and steel.low == steel.high
    assert set(TARGETS) == {"fall", "members", "ruler", "ruler_date", "leads", "vote", "measure", "series", "survives"}, (
        "a new kind of target needs a likelihood"
    )


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ("1964-13", "EDTF"),
        ("1964-03/..", "both ends"),
        ("1966/1967", "without the date 1964-05"),
        ("spring", "EDTF"),
    ],
)
def test_wrong_intervals_are_named(given_, words):
    with pytest.raises(Faults) as error:
        toy(fall("a", "dasan", "1964-05", f", interval: {given_}"))
    assert len(error.value.faults) == 1 and words in str(error.value) and "interval" in str(error.value)


def test_an_order_needs_three_dates_without_a_tie():
    asked = "  order: {question: In what order?, kind: order, people: [dasan, karst, sorin, tarv], rung: circle}\n"
    three = fall("a", "dasan", "1964-05") + fall("b", "karst", "1963-05") + fall("c", "sorin", "1965-05")
    found = record_of(compile_case(toy(three, asked)))[-1].likelihood
    assert isinstance(found, Order) and found.order == (1, 0, 2)
    tie = fall("a", "dasan", "1964-05") + fall("b", "karst", "1964-05") + fall("c", "sorin", "1965-05")
    two = fall("a", "dasan", "1964-05") + fall("b", "karst", "1963-05")
    for targets in (tie, two):
        assert not any(isinstance(f.likelihood, Order) for f in record_of(compile_case(toy(targets, asked))))
