"""The trace read again ends where the engine ended, and is cut into the right scenes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo.case import load_case
from politburo.case.compile import compile_case
from politburo.engine import events as ev
from politburo.engine.ensemble import Engine
from politburo.views.replay import members, opening, replay


@pytest.mark.parametrize("name", ["ussr", "ussr-1953", "template"])
def test_replay_ends_where_the_engine_ended(name):
    compiled = compile_case(load_case(name))
    engine = Engine(compiled.world, compiled.parameters, compiled.months)
    for history in range(15):
        row = compiled.particles[history % len(compiled.particles)]
        _, state = engine.run(history, row[None, :], tracing=True)
        events = np.array(state.event[: int(state.now[0].events)])
        now, told = opening(compiled), 0
        for scene, now in replay(compiled, events):
            told += len(scene.events) + len(scene.votes)
        people = state.people
        full = tuple(i for i in range(len(people)) if people[i].alive == 1 and people[i].circle == 2)
        assert now.full() == full
        assert now.inside() == tuple(i for i in full if people[i].side == 1)
        assert now.holder == [int(o.holder) for o in state.office]
        assert now.ruler == int(state.now[0].ruler)
        assert now.precedent == int(state.now[0].precedent)
        assert {i for i in range(len(people)) if people[i].alive == 0} == now.dead
        assert told == len(events), "every event is in exactly one scene"


@given(st.lists(st.integers(0, 59), min_size=1, max_size=12, unique=True), st.data())
def test_a_mask_counts_the_members_in_order(numbered, data):
    chosen = data.draw(st.sets(st.sampled_from(numbered)))
    mask = sum(1 << place for place, who in enumerate(numbered) if who in chosen)
    assert set(members(float(mask), numbered)) == chosen


def _events(*rows):
    out = np.zeros(len(rows), ev.EVENT)
    for place, row in enumerate(rows):
        out[place] = row
    return out


def test_a_motion_takes_its_votes_and_its_results(compiled):
    events = _events(
        (3, ev.VOTE, -1, 2, 0.8, 0.4, 0.1, 0.2), (3, ev.VOTE, 1, 2, 0.9, 0.6, 0.0, 0.0), (3, ev.MOTION, 1, 2, 1, 0.86, 0.5, 1.0),
        (3, ev.PASSED, 1, 2, 1, 0.88, 0.5, 0), (3, ev.QUIET, 2, -1, 1, 0, 0, 0), (3, ev.PASSED, 1, 3, 1, 0.88, 0.5, 1),
        (4, ev.POST, 1, 4, 0, 0.3, 0, 0), (4, ev.POST, 1, 5, 1, 0.3, 0, 0), (5, ev.POST, 1, 4, 1, 0.3, 0, 0),
    )  # fmt: skip
    scenes = [scene for scene, _ in replay(compiled, events)]
    assert [s.kind for s in scenes] == ["motion", "post", "post"]
    assert [v.who for v in scenes[0].votes] == [-1, 1] and len(scenes[0].events) == 4
    assert [len(s.events) for s in scenes] == [4, 2, 1]


def test_a_congress_opens_with_its_fight_and_ends_with_whom_it_seats(compiled):
    events = _events(
        (9, ev.FIGHT, 2, 1, 0.2, 0.1, 0.5, 0.2), (9, ev.UNSEATED, 1, 2, 0.5, 0, 0, 0), (9, ev.PROMOTED, 1, 5, 0, 0, 0, 0),
        (9, ev.CONGRESS, 1, 2, 0.2, 40, 7, 0.3), (9, ev.BALLOT, 1, -1, 0.1, 0.2, 0.3, 0.4),
    )  # fmt: skip
    scenes = [(scene, sorted(after.full())) for scene, after in replay(compiled, events)]
    assert [s.kind for s, _ in scenes] == ["congress", "ballot"]
    assert 5 in scenes[0][1] and 2 not in scenes[0][1]
    assert 2 in scenes[0][0].before.full(), "the standing before is kept as it was"
