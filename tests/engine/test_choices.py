"""The choice to convene a congress, the charge of deviation, the rivals of sole rule: nothing at zero, monotone, bounded."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    out = tmp_path_factory.mktemp("choices") / "facts.json"
    script = Path(__file__).with_name("choice_facts.py")
    done = subprocess.run([sys.executable, str(script), str(out)], env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(out.read_text())


def test_without_lapse_nothing_is_weighed(facts):
    found = facts["convening"]
    assert [row[0] for row in found["chances"]] == found["plain"]  # to the last bit


def test_the_more_lapses_the_fewer_meet(facts):
    chances = np.array(facts["convening"]["chances"])
    assert (np.diff(chances, axis=1) <= 0).all() and (chances >= 0).all()
    assert chances[:, -1] == pytest.approx(chances[:, 0] * np.array(facts["convening"]["gains"]))
    for name, rows in facts["meetings"].items():
        held = np.array(rows)
        assert held[0].sum() > held[-1].sum() > 0, name
        assert (held[1:] <= held[:-1]).all(), name  # on the same luck none meets that would not have met


def test_what_a_congress_brings(facts):
    found = facts["convening"]
    gains = np.array(found["gains"])
    assert (gains >= 0).all() and (gains <= 1).all() and gains.std() > 0.02
    assert len(found["rivals stronger"]) > 10 and all(after > before for before, after in found["rivals stronger"])
    assert all(after < before for before, after in found["floor lost"])
    assert found["nothing to win"] == 0
    assert found["somebody shut out"] > 0 and found["a defeat to be ratified"] > 0 and found["an old defeat"] == 0


def test_deviation_is_a_charge(facts):
    found = facts["charges"]
    deviation, activity = np.array(found["deviation"]), np.array(found["activity"])
    plain = found["quiet"] + (1 - found["quiet"]) * np.clip(deviation, 0, 1) ** 2
    assert activity[:, 0] == pytest.approx(plain, abs=1e-12)
    assert (np.diff(activity, axis=1) >= 0).all() and (np.diff(activity, axis=1)[deviation > 0.01] > 0).all()
    assert (activity[deviation <= 0] == found["quiet"]).all() and (activity <= 1).all() and (np.array(found["organised"]) == 1).all()
    order = np.argsort(deviation)
    assert (np.diff(activity[order], axis=0) >= -1e-12).all()  # the farther the more


def test_a_condemned_member_who_sits_is_a_rival(facts):
    # In threes: weight 0, .3, 1; each with the man in his seat and then without it.
    assert facts["ruling"]["0"] == [False, True] * 3  # never condemned: a rival while he sits, whatever the weight
    assert facts["ruling"]["1"] == [True, True, True, True, False, True]
