"""What must hold in every month of every history: the books balance, the dead are out, votes count once.

Cases are random and small (`tests/random_cases.py`). A run of t months is the beginning of a longer one,
so the state at the end of each month is the final state of a run that long.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from politburo.engine import events
from politburo.engine.events import KINDS, MOST_EVENTS
from politburo.engine.kernel import COMPILED
from politburo.engine.state import allocate, keep

pytestmark = pytest.mark.skipif(not COMPILED, reason="reads the compiled state's arrays")

EXAMPLES = 80
TINY = 1e-9

some_sizes = st.fixed_dictionaries(
    {
        "people": st.integers(1, 14), "places": st.integers(1, 5), "posts": st.integers(1, 6),
        "issues": st.integers(1, 4),
        "shocks": st.integers(0, 5), "months": st.integers(1, 60), "seed": st.integers(0, 2**32 - 1),
    }
)  # fmt: skip


def every_case(test):
    """Run a test on many random cases, in histories of many numbers."""
    return settings(max_examples=EXAMPLES)(given(some_sizes, st.integers(0, 2**40))(test))


def monthly(world, engine, row, history, months):
    """The state after each month, one after another (the same room each time)."""
    room = (allocate(world), keep(world, 1))
    for t in range(1, months + 1):
        engine.months = t
        yield t - 1, engine.run(history, row[None, :], room=room)[1]


@pytest.fixture(scope="session")
def walk(standard, random_case, sizes):
    def walking(given_sizes, history):
        world, row = random_case(sizes(**given_sizes))
        return (
            world,
            row,
            monthly(world, standard(world, given_sizes["months"]), row, history, given_sizes["months"]),
        )

    return walking


@pytest.fixture(scope="session")
def traced(standard, random_case, sizes):
    def tracing(given_sizes, history):
        world, row = random_case(sizes(**given_sizes))
        engine = standard(world, given_sizes["months"])
        kept, rows = engine.trace(history, row)
        return SimpleNamespace(
            world=world, row=row, kept=kept, events=rows, months=given_sizes["months"], engine=engine
        )

    return tracing


# -- the state
# ---------------------------------------------------------------------------------------------------


@every_case
def test_books_balance(walk, given_sizes, history):
    world, _, months = walk(given_sizes, history)
    for t, s in months:
        now = s.now[0]
        assert abs(s.people.seats.sum() + now.free_seats - 1) < TINY, t
        assert np.abs(s.clients.sum(axis=1) - 1).max() < TINY, t
        assert s.people.seats.min() >= 0 and now.free_seats >= -TINY, t
        assert s.clients.min() >= -TINY, t
        assert abs(s.local.weight.sum() - 1) < TINY
        full = (s.people.circle == 2).sum()
        assert now.circle_size == full <= world.rule["circle_most"][0], t
        assert world.rule["committee_size"][0] <= now.committee_size <= world.rule["committee_most"][0], t
        assert now.failed <= now.motions <= t + 1, t


@every_case
def test_values_stay_in_their_ranges(walk, given_sizes, history):
    _, _, months = walk(given_sizes, history)
    for t, s in months:
        m, now = s.people, s.now[0]
        for name in ("affinity", "stance", "ideal", "opinion"):
            assert np.abs(getattr(s, name)).max() <= 1 + TINY, (t, name)
        for name in (
            "flexibility",
            "ambition",
            "organising",
            "competence",
            "attendance",
            "seats",
            "cadres",
            "visible",
            "force",
        ):
            assert m[name].min() >= -TINY and m[name].max() <= 1 + TINY, (t, name)
        assert m.prestige.min() > 0 and m.prestige.max() <= 2, t
        assert m.power.min() >= 0 and m.seen.min() >= 0 and m.office.min() >= 0, t
        for name in ("fear", "committee_dead", "army_lost"):
            assert 0 <= now[name] <= 1, (t, name)
        assert now.suspicion >= 0 and 0 <= now.grievance, t
        assert -1 <= now.ballot <= 1 and -1 <= now.document_vote <= 1 + TINY, t
        assert set(np.unique(m.circle)) <= {0, 1, 2} and m.rung.min() >= 0 and m.rung.max() <= 8, t
        for name in ("alive", "committee", "side", "organised", "recanted"):
            assert set(np.unique(m[name])) <= {0, 1}, (t, name)
        assert all(np.isfinite(m[name]).all() for name in m.dtype.names), t
        assert all(np.isfinite(now[name]) for name in s.now.dtype.names), t


@every_case
def test_the_dead_hold_nothing(walk, given_sizes, history):
    _, _, months = walk(given_sizes, history)
    gone = np.zeros(given_sizes["people"], bool)
    for t, s in months:
        m, now = s.people, s.now[0]
        dead = m.alive == 0
        assert dead[gone].all(), f"somebody rose from the dead in month {t}"
        gone = dead
        for name in ("circle", "committee", "seats", "organised", "side", "office", "force"):
            assert not m[name][dead].any(), (t, name)
        assert np.abs(s.clients[:, :-1][:, dead]).max(initial=0) < TINY, t
        who = set(np.flatnonzero(dead))
        assert not who & set(s.office.holder) and not who & set(s.local.boss), t
        assert not who & set(m.patron[~dead]), t
        assert now.ruler not in who and now.secretary not in who and now.leader not in who, t


@every_case
def test_ruler_is_a_living_member(walk, given_sizes, history):
    _, _, months = walk(given_sizes, history)
    for t, s in months:
        now = s.now[0]
        assert (now.ruler < 0) == (now.ruler_month < 0), t
        if now.ruler >= 0:
            ruler = s.people[now.ruler]
            assert ruler.alive == 1 and ruler.circle == 2 and ruler.side == 1 and ruler.rung == 0, t
            assert now.ruler_month <= t


@every_case
def test_dates_of_sanctions_stand(walk, traced, given_sizes, history):
    """A date once noted never changes, is the month in which it was noted, and reaches what is kept."""
    _, _, months = walk(given_sizes, history)
    before = np.full((given_sizes["people"], 9), -1)
    for t, s in months:
        new = (before < 0) & (s.first >= 0)
        assert np.array_equal(s.first[before >= 0], before[before >= 0]), t
        assert (s.first[new] == t).all(), t
        before = s.first.copy()
    assert np.array_equal(traced(given_sizes, history).kept.first[0], before)


@every_case
def test_rungs_only_rise_but_for_readmission_and_promotion(walk, traced, given_sizes, history):
    _, _, months = walk(given_sizes, history)
    rows = traced(given_sizes, history).events
    before = np.zeros(given_sizes["people"], int)
    for t, s in months:
        here = rows[rows["month"] == t]
        back = set(here["actor"][here["kind"] == events.READMITTED]) | set(
            here["target"][here["kind"] == events.PROMOTED]
        )
        lower = set(np.flatnonzero(s.people.rung < before))
        assert lower <= back, t
        before = s.people.rung.copy()


# -- the trace
# ---------------------------------------------------------------------------------------------------


def motions(rows):
    """Motions with the votes counted for them: (row of the motion, its votes)."""
    votes = []
    for row in rows:
        if row["kind"] == events.VOTE:
            if votes and votes[-1]["target"] != row["target"]:
                votes = []
            votes.append(row)
        elif row["kind"] in (events.MOTION, events.CONSIDERED):
            yield row, votes
            votes = []


def following(rows):
    """Each motion's row and the row that says how it ended."""
    for a, b in zip(rows, rows[1:], strict=False):
        if a["kind"] == events.MOTION:
            yield a, b


@every_case
def test_trace_is_in_order_and_complete(traced, given_sizes, history):
    t = traced(given_sizes, history)
    rows = t.events
    assert len(rows) < MOST_EVENTS
    assert (np.diff(rows["month"]) >= 0).all()
    if len(rows):
        assert 0 <= rows["month"].min() and rows["month"].max() < t.months
    assert set(rows["kind"]) <= set(range(len(KINDS)))
    n = len(t.world.person)
    for name in ("actor", "target"):
        assert ((rows[name] >= -1) & (rows[name] < n)).all(), name
    assert all(np.isfinite(rows[name]).all() for name in "abcd")
    assert (rows["kind"] == events.MOTION).sum() == t.kept.whole[0, 9]
    assert (rows["kind"] == events.FAILED).sum() == t.kept.whole[0, 10]
    assert (rows["kind"] == events.CONGRESS).sum() == t.kept.whole[0, 11]


@every_case
def test_thresholds_are_respected(traced, given_sizes, history):
    t = traced(given_sizes, history)
    rule = t.world.rule[0]
    bars = {np.float32(rule["committee_threshold"]), np.float32(rule["expulsion_majority"])}
    for motion, end in following(t.events):
        assert end["kind"] in (events.PASSED, events.FAILED)
        assert (end["actor"], end["target"], end["a"], end["c"]) == (
            motion["actor"],
            motion["target"],
            motion["a"],
            motion["c"],
        )
        assert motion["c"] in bars
        assert motion["b"] > motion["c"] - 0.021, "put although it could not pass"
        assert (end["b"] > end["c"]) == (end["kind"] == events.PASSED)
        assert abs(end["b"] - motion["b"]) <= 0.0301
    for row in t.events[t.events["kind"] == events.PASSED]:
        assert row["b"] > row["c"]
        if row["a"] in (3, 4) and not rule["ban_on_factions"]:
            assert row["c"] == np.float32(rule["expulsion_majority"])
    for row in t.events[t.events["kind"] == events.OVERTURNED]:
        assert row["a"] >= np.float32(rule["assembly_threshold"])


@every_case
def test_nobody_votes_twice_and_every_seat_is_counted_once(traced, given_sizes, history):
    t = traced(given_sizes, history)
    for motion, votes in motions(t.events):
        if not votes:  # not every motion considered comes to a count
            assert motion["kind"] == events.CONSIDERED
            continue
        voters = [v["actor"] for v in votes]
        assert len(voters) == len(set(voters))
        assert {v["target"] for v in votes} == {motion["target"]} and {v["month"] for v in votes} == {
            motion["month"]
        }
        assert all(0 <= v["a"] <= 1 for v in votes)
        assert sum(float(v["b"]) for v in votes) == pytest.approx(1.0, abs=1e-5)
        assert all(v["a"] == 0 for v in votes if v["actor"] == motion["target"])
        if motion["kind"] == events.MOTION:
            assert sum(float(v["a"]) * float(v["b"]) for v in votes) == pytest.approx(
                float(motion["b"]), abs=1e-5
            )


@every_case
def test_no_dead_man_acts_votes_or_is_moved_against(traced, given_sizes, history):
    t = traced(given_sizes, history)
    dead: set[int] = set()
    for row in t.events:
        kind, name = row["kind"], KINDS[row["kind"]]
        if kind == events.UNRULED:
            continue  # the end of a dead man's rule, not an act of his
        assert row["actor"] not in dead, f"{name} in month {row['month']}"
        assert row["target"] not in dead, f"{name} in month {row['month']}"
        if kind == events.DEATH:
            dead.add(int(row["actor"]))
        elif kind in (events.PURGED, events.CHIEF) or (kind == events.PASSED and row["a"] == 8):
            dead.add(int(row["target"]))
    assert dead == set(np.flatnonzero(t.kept.alive[0] >= 0))


@every_case
def test_sanctions_follow_the_order_of_the_trace(traced, given_sizes, history):
    """Every sanction that passed has its date, no later than its vote; each date has something in the trace
    behind it.
    """
    t = traced(given_sizes, history)
    first, rows = t.kept.first[0], t.events
    for row in rows[rows["kind"] == events.PASSED]:
        assert 0 <= first[row["target"], int(row["a"])] <= row["month"]
    behind = {events.PASSED: None, events.UNSEATED: 3, events.PURGED: 8, events.CHIEF: 8}
    found = {
        (int(r["target"]), int(r["a"]) if rung is None else rung, int(r["month"]))
        for k, rung in behind.items()
        for r in rows[rows["kind"] == k]
    }
    fights = set(rows["month"][rows["kind"] == events.FIGHT])
    for i, rung in zip(*np.nonzero(first >= 0), strict=True):
        date = int(first[i, rung])
        assert (i, rung, date) in found or (rung == 1 and date in fights), (i, rung, date)


@every_case
def test_a_history_alone_is_the_history_in_a_batch(standard, random_case, sizes, given_sizes, history):
    world, row = random_case(sizes(**given_sizes))
    engine = standard(world, given_sizes["months"])
    rows = np.stack([row, random_case(sizes(seed=given_sizes["seed"] + 1))[1], row, row])
    batch = engine.run(history, rows)[0]
    total = np.zeros_like(batch.bands)
    for h in range(4):
        alone = engine.run(history + h, rows[h : h + 1])[0]
        total += alone.bands
        for name, x, y in zip(batch._fields, batch, alone, strict=True):
            assert name == "bands" or x[h].tobytes() == y[0].tobytes(), name
    assert np.array_equal(total, batch.bands)
    assert (batch.bands.sum(axis=2) == 4).all(), "each month counts each history once in every series"


def test_the_ussr_case_holds_too(standard, ussr):
    """The same books on the packaged case, at the ends of histories, and room for its longest trace."""
    engine = standard()
    longest = 0
    for history in range(30):
        row = ussr.particles[history % len(ussr.particles)]
        kept, state = engine.run(history, row[None, :], tracing=True)
        longest = max(longest, int(state.now[0].events))
        assert abs(state.people.seats.sum() + state.now[0].free_seats - 1) < TINY
        assert np.abs(state.clients.sum(axis=1) - 1).max() < TINY
        assert state.now[0].circle_size == (state.people.circle == 2).sum()
    assert 100 < longest < MOST_EVENTS, "the trace has room for the longest history"


def test_random_cases_are_worth_testing(traced):
    """The cases above are eventful: every kind of event that a history can have occurs among them."""
    seen: set[int] = set()
    for seed in range(300):
        seen |= set(traced({"people": 12, "months": 120, "seed": seed}, seed).events["kind"])
    unseen = {name for number, name in enumerate(KINDS) if number not in seen}
    # Marks of the format itself, and what a user's own mechanism writes.
    assert unseen <= {"start", "user"}, sorted(unseen)
