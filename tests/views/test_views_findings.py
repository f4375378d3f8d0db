"""Findings: known histories give known verdicts, shares and orders."""

import numpy as np
import pytest

from politburo.case.arrays import RUNGS
from politburo.lab.targets import closeness, evaluate
from politburo.views.findings import VERDICTS, Findings


def finding(findings, key):
    return next(f for f in findings.findings if f.id == key)


def at(compiled, name, month):
    """The number of a checkpoint."""
    return next(c for c, m in enumerate(compiled.checks) if str(m) == month)


@pytest.mark.parametrize(
    ("near", "far", "never", "verdict", "why"),
    [
        (20, 0, 0, VERDICTS[0], None),
        (10, 10, 0, VERDICTS[0], "too late in 50"),
        (9, 11, 0, VERDICTS[1], "too late in 55"),
        (5, 0, 15, VERDICTS[1], "does not happen in 75"),
        (4, 1, 15, VERDICTS[2], "does not happen in 75"),
        (0, 0, 20, VERDICTS[2], "does not happen in any history"),
    ],
)
def test_the_verdict_on_a_date_follows_the_stated_shares(
    make, compiled, empty, near, far, never, verdict, why
):
    target = compiled.case.targets["tarv_loses_paper"]  # a width of 12 months: within 18 counts
    record, who = target.date - compiled.case.start, compiled.people.index("tarv")
    months = [record + 18] * near + [record + 19] * far + [-1] * never
    empty.first[:, who, RUNGS.index("post")] = months
    found = finding(make(compiled, empty), "tarv_loses_paper")
    assert found.hit == near / 20 and found.share == (near + far) / 20 and found.verdict == verdict
    if why:
        assert why in found.why


def test_a_heavier_sanction_counts_for_the_lighter(make, compiled, empty):
    target = compiled.case.targets["tarv_loses_paper"]
    empty.first[:, compiled.people.index("tarv"), RUNGS.index("party")] = target.date - compiled.case.start
    assert finding(make(compiled, empty), "tarv_loses_paper").hit == 1.0


def test_a_list_is_hit_with_three_quarters_of_its_seats(make, compiled, empty):
    target = compiled.case.targets["presidium_1965"]
    seats = [compiled.people.index(p) for p in target.members]
    others = [i for i in range(len(compiled.people)) if i not in seats]
    c = at(compiled, "presidium_1965", "1965-01")
    empty.circle[:, c, seats] = 2
    assert finding(make(compiled, empty), "presidium_1965").hit == 1.0
    empty.circle[:10, c, seats[:1]] = 0  # four of five, nobody instead
    assert finding(make(compiled, empty), "presidium_1965").hit == 1.0
    empty.circle[:10, c, seats[:2]] = 0
    empty.circle[:10, c, others[:2]] = 2
    findings = make(compiled, empty)
    assert finding(findings, "presidium_1965").hit == 0.5
    (seating,) = findings.seatings
    assert seating.chance[seats[0]] == 0.5 and seating.chance[seats[4]] == 1.0 and seating.right[2] == 5


def test_a_vote_is_hit_inside_the_admitted_band(make, compiled, empty):
    target = compiled.case.targets["congress_vote"]  # 0 to 0.3 within a year of February 1964
    near = target.near - compiled.case.start
    empty.congress[:, 0, 0] = near + 1
    empty.congress[:, 0, 1] = [0.3] * 8 + [0.31] * 6 + [0.0] * 6
    empty.congress[18:, 0, 0] = near + 13
    found = finding(make(compiled, empty), "congress_vote")
    assert found.hit == 12 / 20 and found.share == 18 / 20
    assert "too high in 30" in found.why


def test_year_ends_are_shares_of_all_histories(ussr):
    findings = Findings(ussr)
    months = [str(findings.compiled.month(y.month)) for y in findings.year_ends]
    assert months == [f"{year}-12" for year in range(1922, 1939)]
    for year in findings.year_ends:
        assert sum(year.leads.values()) == pytest.approx(1) and sum(year.rules.values()) == pytest.approx(1)


def test_orders_put_months_in_order_and_join_equal_ones(make, compiled, empty):
    people = [compiled.people.index(p) for p in ("dasan", "karst", "sorin")]
    empty.first[:, people[1], 1] = 5
    empty.first[:, people[0], 1] = 9
    empty.first[:5, people[2], 1] = 9
    order = next(o for o in make(compiled, empty).orders if "three" in o.question)
    assert dict(order.rows) == {"Karst - Dasan": 0.75, "Karst - Dasan with Sorin": 0.25}
    assert order.first == (("Karst", 1.0),)


def test_closeness_is_the_laboratorys(ussr):
    findings = Findings(ussr)
    assert findings.closeness == pytest.approx(closeness(evaluate(ussr.compiled, ussr.kept())))
    assert all(0 <= f.hit <= 1 for f in findings.findings)
    assert sum(len(findings.verdicts(v)) for v in VERDICTS) == len(findings.findings)


def test_survivors_of_no_purge_do_not_count_as_agreement(ussr):
    found = finding(Findings(ussr), "loyalists_alive")
    purged = ussr.kept().whole[:, 2] >= 0
    assert found.hit <= purged.mean() + 1e-9


def test_the_answer_has_three_sentences_with_bands(ussr):
    answer = Findings(ussr).answer()
    assert len(answer) == 3
    assert "200 simulated histories" in answer[0] and "95% interval" in answer[0]
    assert "80% of them" in answer[1] and "record" in answer[1]
    assert "does not reproduce" in answer[2]


def test_a_record_outside_the_months_run_is_left_out(others):
    findings = Findings(others["short"])
    last = others["short"].compiled.months - 1
    assert all(f.record <= last for f in findings.falls)
    assert findings.answer()


def test_a_rule_that_ends_in_the_last_month_is_not_hidden(make, compiled, empty):
    """Sole rule in nine of ten histories until the last checkpoint, where it is over."""
    empty.ruler[:18, :-1] = 0
    found = make(compiled, empty)
    answer = found.answer()[0]
    ends = [year for year in found.year_ends if year.month < found.end.month]
    assert "0% of them" in answer and f"at the end of {found.words.month(ends[-1].month)} in 90%" in answer
    empty.ruler[:18, -1] = 0
    assert "; at the end of" not in make(compiled, empty).answer()[0]


def test_an_ensemble_without_a_ruler_or_a_record_still_answers(make, compiled, empty):
    findings = make(compiled, empty)
    assert findings.end.rules == {-1: 1.0}
    assert "0% of them" in findings.answer()[0]
    assert np.isnan(findings.closeness)
