"""Questions in sentences: what they mean, and what is said of those that mean nothing."""

import numpy as np
import pytest

from politburo.case import Month, load_case
from politburo.faults import Faults
from politburo.lab.ensembles.provenance import plan
from politburo.lab.experiments.questions import read_question
from politburo.lab.targets import outcomes


@pytest.fixture(scope="module")
def case():
    return load_case("ussr")


@pytest.mark.parametrize("text, until, kind, given", [
    ("stalin sole ruler by 1930-12", "1930-12", "ruler", {"person": "stalin"}),
    ("Joseph  Stalin rules alone by December 1930", "1930-12", "ruler", {"person": "stalin"}),
    ("nobody sole ruler by 1930", "1930-12", "ruler", {"person": "nobody"}),
    ("rules_alone_1930 is stalin", "1930-12", "ruler", {"person": "stalin"}),
    ("trotsky leaves the Politburo by 1926-10", "1926-10", "fallen", {"person": "trotsky", "rung": "circle"}),
    ("trotsky leaves central_committee by 1927-11", "1927-11", "fallen", {"person": "trotsky", "rung": "committee"}),
    ("trotsky expelled from the party by 1927-12", "1927-12", "fallen", {"person": "trotsky", "rung": "party"}),
    ("bukharin is condemned by 1929-12", "1929-12", "fallen", {"person": "bukharin", "rung": "condemned"}),
    ("zinoviev executed", "1938-12", "fallen", {"person": "zinoviev", "rung": "executed"}),
    ("lenin dies by 1924-01", "1924-01", "fallen", {"person": "lenin", "rung": "dead"}),
    ("molotov in politburo in 1926-12", "1926-12", "sits", {"person": "molotov", "rung": "circle"}),
    ("politburo_1930 includes kirov", "1930-08", "sits", {"person": "kirov", "rung": "circle"}),
    ("stalin leads in 1925-12", "1925-12", "leader", {"person": "stalin"}),
    ("purge by 1936-09", "1936-09", "purge", {}),
    ("trotsky leaves politburo before zinoviev", "1938-12", "before", {"first": "trotsky", "second": "zinoviev", "rung": "circle"}),
    ("month_of_sole_rule", "1938-12", "entry", {"name": "month_of_sole_rule"}),
    ("month_of_sole_rule by 1929", "1929-12", "entry by", {"name": "month_of_sole_rule"}),
    ("leads_1926", "1926-12", "leader", {"person": "stalin"}),
    ("famine_deaths_1930_33", "1933-12", "entry", {"name": "famine_deaths_1930_33"}),
    ("trotsky_leaves_politburo by 1926-12", "1926-12", "fallen", {"person": "trotsky", "rung": "circle"}),
])  # fmt: skip
def test_what_a_sentence_means(case, text, until, kind, given):
    found = read_question(case, text)
    assert (str(found.until), found.kind, dict(found.given)) == (until, kind, given)
    assert found.title and found.shown(0.25)


@pytest.mark.parametrize("text, words", [
    ("stalim sole ruler by 1930-12", [r"people\.csv:4: no person 'stalim'", "did you mean stalin"]),
    ("stalin leaves politburu by 1926-12", [r"organs\.yaml:21:3: no organ 'politburu'", "did you mean politburo"]),
    ("stalin leaves orgburo by 1926-12", ["nobody's leaving of orgburo is kept"]),
    ("trotski leaves politburo by 1926-13", ["no person 'trotski'", "date '1926-13'"]),
    ("stalin leads in 1921-01", [r"case\.yaml:12:\d+: 1921-01 lies before the start"]),
    ("stalin leads in 1954-01", [r"case\.yaml:14:\d+: 1954-01 lies after the end"]),
    ("moth_of_sole_rule", [r"outcomes\.yaml:4:3: no outcome or target", "did you mean month_of_sole_rule"]),
    ("order_of_leaving", ["cannot be asked so", "PERSON leaves ORGAN before PERSON"]),
    ("rules_alone_1930", ["rules_alone_1930 is PERSON"]),
    ("turnover_1930", ["what the engine does not keep"]),
    ("stalin is happy", ["not understood", "PERSON sole ruler by DATE"]),
    ("trotsky condemned before trotsky", ["the same person twice"]),
    ("  ", ["nothing asked"]),
])  # fmt: skip
def test_what_is_said_of_the_others(case, text, words):
    import re

    with pytest.raises(Faults) as error:
        read_question(case, text)
    for word in words:
        assert re.search(word, str(error.value)), str(error.value)


def test_answers_are_those_of_the_case_s_own_outcomes(standard):
    """Where an outcome asks the same, the answers are the same, history by history; dates that never come wait one month longer."""
    call = plan("ussr", until="1930-12")
    compiled = call.compiled
    kept, _ = standard(compiled.world, compiled.months).run(0, call.rows(np.arange(80)))
    known = {o.id: o for o in outcomes(compiled, kept)}
    case = compiled.case

    def answer(text):
        return read_question(case, text).values(compiled, kept)

    stalin = compiled.people.index("stalin")
    assert np.array_equal(answer("stalin sole ruler by 1930-12"), known["rules_alone_1930"].values == stalin)
    assert np.array_equal(answer("somebody sole ruler by 1930-12"), known["rules_alone_1930"].values >= 0)
    leaves = known["trotsky_leaves_politburo"].values
    assert np.array_equal(answer("trotsky leaves politburo by 1930-12"), np.isfinite(leaves))
    months = answer("trotsky_leaves_politburo")
    assert np.array_equal(months, np.where(np.isfinite(leaves), leaves, compiled.months))
    first, second = known["trotsky_leaves_politburo"].values, known["zinoviev_leaves_politburo"].values
    earlier = np.where(np.isfinite(first), first, np.inf) < np.where(np.isfinite(second), second, np.inf)
    assert np.array_equal(answer("trotsky leaves politburo before zinoviev"), earlier)
    sole = known["month_of_sole_rule"].values
    assert np.array_equal(answer("month_of_sole_rule by 1930-12"), np.isfinite(sole))
    assert 0 < answer("stalin sole ruler by 1930-12").mean() < 1 or answer("stalin leads in 1930-12").mean() > 0.5
    dead = answer("lenin dies by 1930-12")
    assert np.array_equal(dead, kept.alive[:, compiled.people.index("lenin")] >= 0) and dead.all()
    assert np.isfinite(answer("committee_size_12")).all() and Month.parse("1930-12") == read_question(case, "purge by 1930").until
