"""Comparing rival mechanisms. What the mechanisms do is tested elsewhere; here histories are handed in, so nothing is compiled."""

import numpy as np
import pytest
from made_histories import again, recorded_histories
from typer.testing import CliRunner

from politburo.cli import app
from politburo.faults import Faults
from politburo.lab.scoring import compare as lab
from politburo.lab.ensembles.provenance import plan
from politburo.lab.scoring.score import draw


@pytest.fixture(scope="module")
def call():
    return plan("ussr-1953")


@pytest.fixture(scope="module")
def standard(call):
    return draw(call, call.rows(np.arange(120)), workers=1)


def test_a_mechanism_compared_with_itself_differs_in_nothing(monkeypatch, standard):
    monkeypatch.setattr(lab, "draw", lambda call, rows, **_: again(standard, len(rows)))
    found = lab.compare("ussr-1953", "coalition", n=60, prior=12, each=3, only=["contest"])
    assert found.mechanisms == ("coalition", "coalition_contest") and not found.in_sample
    for x in found.scores:
        assert x.gain == x.gain_low == x.gain_high == 0 and x.low <= x.log + 0.5
    for x in found.evidence:
        assert x.gain == x.low == x.high == 0
    assert {x.kind for x in found.evidence} == {"forecasts", "distance"}


def test_the_mechanism_that_gives_the_record_wins(monkeypatch, call, standard):
    truth = recorded_histories(call, 4)

    def drawn(mine, rows, **_):
        return again(truth if "coalition_minimal" in mine.mechanisms else standard, len(rows))

    monkeypatch.setattr(lab, "draw", drawn)
    found = lab.compare("ussr-1953", "coalition", n=60, prior=12, each=3, only=["minimal"])
    assert found.closeness["coalition_minimal"] > found.closeness["coalition"] + 0.2
    mine = [x for x in found.scores if x.mechanism == "coalition_minimal"]
    assert all(x.gain > 0 and x.gain_low > 0 for x in mine if x.group != "a member falls")
    assert all(x.gain > 0 and x.low > 0 for x in found.evidence if x.mechanism == "coalition_minimal")
    assert found.table()[0]["table"] == "score"


def test_mechanisms_share_the_parameters_that_they_share(call):
    one = lab.prior_rows(call, 50)
    other = lab.with_mechanism(call, "coalition", "coalition_quantal")
    assert "heat" in other.compiled.parameters and other.mechanisms.count("coalition_quantal") == 1
    two = lab.prior_rows(other, 50)
    for column, name in enumerate(call.compiled.parameters):
        assert np.array_equal(one[:, column], two[:, other.compiled.parameters.index(name)]), name
    heat = two[:, other.compiled.parameters.index("heat")]
    assert 0.01 <= heat.min() < heat.max() <= 0.6 and len(set(heat)) == 50
    fixed = [n for n in call.compiled.parameters if not call.case.parameters[n].fitted]
    assert fixed and all(len(set(one[:, call.compiled.parameters.index(n)])) == 1 for n in fixed)


def test_faults_name_what_is_allowed():
    with pytest.raises(Faults) as caught:
        lab.compare("ussr-1953", "coalitoin")
    assert "did you mean coalition" in str(caught.value.faults[0])
    with pytest.raises(Faults) as caught:
        lab.compare("ussr-1953", "coalition", only=["minimax", "contest"])
    assert len(caught.value.faults) == 1 and "did you mean minimal" in str(caught.value.faults[0])
    run = CliRunner().invoke(app, ["compare", "ussr-1953", "--module", "purgee"])
    assert run.exit_code == 1 and "did you mean purge" in run.output


def test_the_command_prints_both_tables(monkeypatch, standard):
    monkeypatch.setattr(lab, "draw", lambda call, rows, **_: again(standard, len(rows)))
    run = CliRunner().invoke(app, ["compare", "ussr-1953", "--module", "appointments", "-n", "60", "--prior", "10", "--each", "2"])
    assert run.exit_code == 0, run.output
    assert "appointments on ussr-1953" in run.output and "Log evidence" in run.output and "quantal" in run.output
