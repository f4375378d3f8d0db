"""Stories: every event told, in order, with reasons whose numbers add up, and no id anywhere."""

import json
import re
from math import exp

import numpy as np
import pytest

from politburo.engine import events as ev
from politburo.faults import Faults
from politburo.views.moment import details, moment, vote_terms
from politburo.views.narrate import choose, tell
from politburo.views.story import Story, as_json_document
from politburo.views.words import Words


@pytest.fixture(scope="module")
def traced(ussr):
    kept, events = ussr.trace(7)
    return kept, events, tell(ussr.compiled, kept, events)


def test_every_event_is_told_once_and_in_order(traced):
    _, events, told = traced
    scenes = [t.scene for t in told if t.scene is not None]
    assert sum(len(s.events) + len(s.votes) for s in scenes) == len(events)
    months = [t.month for t in told if t.scene is not None]
    assert months == sorted(months)


@pytest.mark.parametrize("case", ["ussr", "ussr-1953", "template"])
def test_no_id_is_shown(case, ussr, others):
    result = ussr if case == "ussr" else others[case]
    compiled = result.compiled
    for history in (0, 3):
        kept, events = result.trace(history)
        for t in tell(compiled, kept, events):
            assert "_" not in t.text and "nan" not in t.text.split()
            words = set(re.findall(r"[A-Za-z']+", t.text))
            assert not words & set(compiled.people), t.text
            assert t.text.endswith(".") and ".." not in t.text and "  " not in t.text


def test_falls_that_are_told_are_those_that_are_kept(ussr, traced):
    kept, events, told = traced
    words = Words(ussr.compiled)
    passed = events[events["kind"] == ev.PASSED]
    assert len(passed)
    for e in passed:
        text = " ".join(t.text for t in told if t.month == e["month"])
        assert words.person(int(e["target"])) in text
        assert 0 <= kept.first[0, int(e["target"]), int(e["a"])] <= e["month"]


def test_a_pause_counts_the_times_that_a_motion_was_let_rest(ussr, traced):
    _, _, told = traced
    for t in told:
        if t.kind == "pause":
            times = int(re.search(r"thought of (\d+) times", t.text)[1])
            target = t.people[-1]
            assert times >= 3
            assert times <= sum(
                1 for u in told if u.kind == "considered" and int(u.scene.first["target"]) == target
            )


def test_small_steps_are_left_out_unless_asked_for(traced):
    _, _, told = traced
    short, whole = choose(told), choose(told, whole=True)
    assert not any(t.minor for t in short) and len(short) < len(whole)
    assert all(t.kind != "pause" for t in whole)


def motion(told):
    return next(t for t in told if t.kind == "motion" and t.scene.votes)


def test_the_terms_of_a_vote_add_up_to_its_chance(ussr, traced):
    _, _, told = traced
    words, solved, whole = Words(ussr.compiled), 0, 0
    for t in [t for t in told if t.scene is not None and t.scene.votes][:6]:
        row = ussr.call.rows(np.array([7]))[0]
        at = moment(ussr.compiled, 7, t.month, row)
        fear = at.fear if t.scene.before.ruler >= 0 else 0.0
        for v in t.scene.votes:
            if v.who == int(t.scene.first["target"]):
                assert v.chance == 0
                continue
            terms = vote_terms(words, v, t.scene, at)
            chance = 1 / (1 + exp(-sum(value for _, value in terms)))
            assert fear + (1 - fear) * chance == pytest.approx(v.chance, abs=3e-3)
            inside = terms[0][0].startswith("stands with")
            whole, solved = whole + inside, solved + (not inside)
    assert whole > solved, "most blocs vote by terms that are all known"


def test_the_expected_share_of_a_motion_is_the_sum_of_its_votes(traced):
    _, _, told = traced
    t = motion(told)
    assert sum(v.seats * v.chance for v in t.scene.votes) == pytest.approx(
        float(t.scene.of(ev.MOTION)[0]["b"]), abs=1e-4
    )
    assert sum(v.seats for v in t.scene.votes) == pytest.approx(1, abs=0.02)


def test_a_round_of_alliances_in_full_says_what_each_is_worth(ussr, traced):
    _, _, told = traced
    t = next(t for t in told if t.scene is not None and t.scene.first["kind"] == ev.COALITION)
    at = moment(ussr.compiled, 7, t.month, ussr.call.rows(np.array([7]))[0])
    lines = details(ussr.compiled, t.scene, at)
    told_of = [line for line in lines if "company costs" in line]
    assert len(told_of) == len(t.scene.before.full())
    assert any(", outside: " in line for line in told_of) and any(", inside: " in line for line in told_of)


def test_a_month_in_full_shows_the_circle_and_the_terms(ussr, traced):
    _, _, told = traced
    t = motion(told)
    story = Story.of(ussr, 7, str(ussr.compiled.month(t.month)))
    full = [s for s in story.moment.seats if s.full]
    assert sum(s.seen for s in full) == pytest.approx(1) and sum(s.power for s in full) == pytest.approx(1)
    lines = details(ussr.compiled, t.scene, story.moment)
    assert any(line.startswith("Seats attached to nobody") for line in lines)
    assert any("the person concerned" in line for line in lines) or all(
        v.who != int(t.scene.first["target"]) for v in t.scene.votes
    )


def test_json_says_what_the_text_says(ussr):
    story = Story.of(ussr, 7, person="Trotsky")
    document = json.loads(json.dumps(as_json_document(story)))
    assert document["person"] == "Leon Trotsky" and document["history"] == 7
    assert [row["text"] for row in document["told"]] == [t.text for t in story.told]
    assert all("Leon Trotsky" in row["people"] for row in document["told"])
    for row in document["told"]:
        for event in row.get("events", ()):
            assert "kind" in event


def test_the_same_history_is_told_again_word_for_word(ussr):
    one, other = (Story.of(ussr, 11) for _ in range(2))
    assert [t.text for t in one.told] == [t.text for t in other.told] and one.ending == other.ending


def test_what_is_asked_wrongly_is_said_all_at_once(ussr):
    with pytest.raises(Faults) as error:
        Story.of(ussr, 200, "1966-01", "Trotzki")
    text = str(error.value)
    assert (
        "a number from 0 to 199" in text and "1922-04 to 1938-12" in text and "did you mean Trotsky?" in text
    )
    with pytest.raises(Faults, match="a month as YYYY-MM"):
        Story.of(ussr, 0, "December")


def test_a_secret_ballot_is_told_as_one():
    from politburo.case.compile import compile_case
    from politburo.case.load import load_case
    from politburo.engine.ensemble import Engine

    case = load_case("ussr").with_values({"organs.central_committee.ballot": "secret", "organs.politburo.ballot": "secret"})
    compiled = compile_case(case)
    engine, words = Engine(compiled.world, compiled.parameters, compiled.months), Words(compiled)
    seen, rest = 0, 0
    for history in range(3):
        row = compiled.particles[history]
        kept, events = engine.trace(history, row)
        for t in tell(compiled, kept, events):
            rest += "would vote for it in secret" in t.text
            if t.kind != "motion":
                continue
            assert "The ballot is secret" in t.text
            at = moment(compiled, history, t.month, row)
            for v in t.scene.votes:
                if v.who == int(t.scene.first["target"]):
                    continue
                terms = vote_terms(words, v, t.scene, at)
                assert not any(label.startswith(("stands", "command")) for label, _ in terms)
                assert 1 / (1 + exp(-sum(value for _, value in terms))) == pytest.approx(v.chance, abs=3e-3)
                seen += 1
            if seen > 60:
                break
    assert seen > 20 and rest > 0
