"""Thresholds and ballots of the organs, and who fills posts, in the plain engine and from a case's files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from politburo.case.arrays import FILLERS, NEVER
from politburo.case.compile import compile_case
from politburo.case.load import load_case


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    out = tmp_path_factory.mktemp("organs") / "facts.json"
    script = Path(__file__).with_name("organ_facts.py")
    done = subprocess.run([sys.executable, str(script), str(out)], env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(out.read_text())


def test_who_fills_a_post_decides_who_gets_it(facts):
    found = facts["filling"]
    assert found["circle"] == "friend of the strong"  # power speaks in the circle
    assert found["committee"] == "friend of the man with seats"  # seats in the committee
    assert found["post"] == "client" == found["post whose holder is shut out"]  # a patron has his own man, whatever his side
    assert found["post whose holder is away"] == found["committee"]  # whoever fills the patron's post acts for him


def test_members_posts_and_first_posts(facts):
    assert facts["filling"]["post of the committee goes to a member"] == 1
    assert facts["filling"]["rank of the holder of the first post"] == 2


def test_the_deputy_succeeds_and_is_not_his_own_deputy(facts):
    assert facts["careers"] == {"heir is the deputy": True, "gave up": True, "own deputy": False}


def test_no_two_pairs_share_their_luck_in_a_large_case(facts):
    for site, (draws, shared) in facts["crowd"].items():
        assert draws > 50 and shared == 0, site


def test_a_coalition_passes_the_circles_threshold(facts):
    least = {key: value for key, value in facts["thresholds"].items() if key != "bars"}
    for key, (heads, power, _) in least.items():
        num, den = map(int, key.split("/"))
        assert heads > num / den and power > num / den
    assert least["1/2"][1] < least["2/3"][1] < least["3/4"][1]


def test_bars_of_motions(facts):
    assert facts["thresholds"]["bars"] == [0.6, 0.6, 0.8, 0.8, 0.6, 0.6, 0.6]


def test_a_secret_ballot_frees_votes_from_fear_and_memory(facts):
    open_, secret = facts["ballots"]["open"], facts["ballots"]["secret"]
    assert open_["feared"] > open_["calm"] + 0.1 and secret["feared"] == secret["calm"]
    assert secret["calm"] < open_["calm"]  # those who like him need not vote with their side
    assert open_["ayes"] == 1.0 and secret["ayes"] < 0.5  # and the circle itself would not put the motion
    assert open_["remembered"] == open_["full"] - 1 and secret["remembered"] == 1 and secret["mover"]
    assert facts["assemblies"]["secret"] > 1.5 * facts["assemblies"]["open"] > 0


def test_files_reach_the_arrays():
    case = load_case("template")
    compiled = compile_case(case)
    post, rule = compiled.world.post, compiled.world.rule[0]
    by = {name: FILLERS[int(post[j]["filled_by"])] for j, name in enumerate(compiled.posts)}
    assert by["first_secretary"] == "committee" and by["defence"] == "circle" and by["harbour_secretary"] == "post"
    assert post[compiled.posts.index("harbour_secretary")]["filler"] == compiled.posts.index("first_secretary")
    assert post[compiled.posts.index("defence")]["filler"] == NEVER
    assert post["in_circle"].tolist() == [1, 1, 0, 0, 0, 0, 0]
    assert (rule["circle_num"], rule["circle_den"], rule["committee_threshold"], rule["assembly_secret"]) == (1, 2, 0.5, 1)
    changed = case.with_values({
        "organs.presidium.threshold": "2/3", "organs.presidium.ballot": "secret", "organs.central_committee.threshold": 0.55,
        "organs.congress.threshold": 0.7, "organs.central_committee.ballot": "secret", "organs.congress.ballot": "open",
    })  # fmt: skip
    rule = compile_case(changed).world.rule[0]
    assert (rule["circle_num"], rule["circle_den"], rule["circle_secret"]) == (2, 3, 1)
    assert (rule["committee_threshold"], rule["assembly_threshold"]) == (0.55, 0.7)
    assert (rule["committee_secret"], rule["assembly_secret"]) == (1, 0)


def test_organs_that_the_engine_does_not_run_fill_through_others():
    case = load_case("ussr").with_values({"posts.gpu.filled_by": "secretariat", "posts.finance.filled_by": "sovnarkom"})
    compiled = compile_case(case)
    by = {name: FILLERS[int(compiled.world.post[j]["filled_by"])] for j, name in enumerate(compiled.posts)}
    assert by["gpu"] == "committee" and by["finance"] == "circle" and by["control_commission_chair"] == "assembly"


def test_an_ordered_appointment_holds_against_the_filler(ussr, standard):
    from politburo.engine import events
    from politburo.lab.experiments.interventions import apply, parse

    changed = apply(ussr, [parse(ussr.case, "posts.sovnarkom_chair=bukharin@1924-02")])
    engine = standard(changed.world)
    post = ussr.posts.index("sovnarkom_chair")
    for history in range(3):
        _, rows = engine.trace(history, ussr.particles[history])
        given = rows[(rows["kind"] == events.POST) & (rows["a"] == post)]
        at = given[given["month"] == ussr.index(type(ussr.case.start)(1924, 2))]
        assert ussr.people[int(at[-1]["target"])] == "bukharin" and int(at[-1]["actor"]) == -1
        assert np.all(given[given["actor"] >= 0]["c"] <= 3)
