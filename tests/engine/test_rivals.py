"""Rival mechanisms do what their theories say, in the plain engine (conformance is inherited in test_mechanisms)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from politburo.case.load import load_case
from politburo.engine import month
from politburo.lab.ensembles.provenance import plan
from politburo.lab.scoring.rivals import SLOTS, lend, own_parameters, rivals, short, slot_of, spread
from politburo.theory.coalition import ruling_coalition


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    out = tmp_path_factory.mktemp("rivals") / "facts.json"
    script = Path(__file__).with_name("rival_facts.py")
    done = subprocess.run([sys.executable, str(script), str(out)], env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(out.read_text())


def test_every_slot_has_two_rivals_or_more():
    for slot in SLOTS:
        names = rivals(slot)
        assert names[0] == slot and len(names) >= 3 and all(short(name) for name in names)
    assert slot_of("appointments") == "patronage" and slot_of("coalition") == "coalition" and slot_of("weather") is None


def test_the_minimal_coalition_is_the_lightest_majority(facts):
    for mine, least, heads, n in facts["coalitions"]["minimal"]:
        assert mine == least and 2 * heads > n


def test_the_standing_coalition_is_the_ultimate_ruling_coalition(facts):
    for powers, sides in facts["coalitions"]["standing"]:
        names = [f"m{i}" for i in range(len(powers))]
        exact = ruling_coalition(powers, names=names)
        assert {name for name, side in zip(names, sides, strict=True) if side} == set(exact.members)


def test_cold_quantal_choice_takes_nearly_the_cheapest(facts):
    for mine, best, twentieth in facts["coalitions"]["quantal"]:
        assert best - 1e-9 <= mine <= max(twentieth, best + 0.08)


def test_strength_decides_a_decisive_contest(facts):
    weak, strong = facts["contests"]["1.0"], facts["contests"]["20.0"]
    assert 0.45 < weak < 0.9 and strong >= weak and strong > 0.6


def test_officials_follow_the_strong_or_the_near(facts):
    for name in ("standing", "quantal"):
        found = facts["appointments"][name]
        assert found["after"] == found["most"] > found["before"] + 0.3
        assert found["whole"] < 1e-9


def test_the_dangerous_are_purged(facts):
    assert facts["purges"]["dangerous"] > 8 * max(1, facts["purges"]["harmless"])


def test_a_challenge_must_be_worth_its_cost(facts):
    assert facts["motions"]["0.0"] > facts["motions"]["1000.0"]
    assert facts["motions"]["nobody shut out"] == 0


def test_a_committee_that_mirrors_standing(facts):
    found = facts["congresses"]
    assert found["whole"] == pytest.approx(1.0) and found["larger"] > 0
    share = np.array(found["renewed"]) / np.array(found["standing"])
    assert share == pytest.approx(share[0])  # every renewed seat in proportion to prestige and office


# -- the parameters that rivals bring along


def test_own_parameters_have_ranges_and_labels():
    own = own_parameters(month.names("politics"))
    assert set(own) == {"decisiveness", "heat", "challenge_cost"}
    for p in own.values():
        assert p.low < p.value < p.high and p.evidence == "assumed" and p.note and p.means


def test_a_case_is_lent_what_it_lacks_and_nothing_else():
    case = load_case("ussr-1953")
    assert lend(case, month.STANDARD) is case
    lent = lend(case, ["coalition_contest"])
    assert set(lent.parameters) - set(case.parameters) == {"decisiveness"} and "decisiveness" not in case.parameters
    values = np.sort(lent.posterior.column("decisiveness"))
    assert len(values) == len(case.posterior) and values[0] < 1.1 and values[-1] > 18
    for name in case.posterior.names:
        assert np.array_equal(lent.posterior.column(name), case.posterior.column(name))
    assert lend(lent, ["motions_contest"]) is lent


def test_spread_fills_a_range_evenly():
    p = own_parameters(["motions_challenge"])["challenge_cost"]
    for count in (1, 7, 60):
        values = np.sort(spread(p, count, 0))
        assert np.allclose(values, (np.arange(count) + 0.5) / count * 4.0)
    assert not np.array_equal(spread(p, 60, 0), spread(p, 60, 1))


def test_a_call_with_a_rival_can_be_made():
    """`plan` lends too, so that a rival runs by every verb that takes mechanisms."""
    call = plan("ussr-1953", interventions=["mechanisms.coalition=contest"])
    assert "coalition_contest" in call.mechanisms and "decisiveness" in call.compiled.parameters
    assert call.rows(np.arange(3)).shape == (3, len(call.compiled.parameters))
    assert call.id != plan("ussr-1953").id
