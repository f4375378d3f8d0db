"""Terror, population and society: every account closes in whole numbers, whatever the levers."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from politburo.case.country.levers import LEVERS, NUMBER
from politburo.engine.country.year import NAMES
from politburo.engine.ensemble import Engine
from politburo.engine.kernel import COMPILED
from politburo.lab.ensembles.provenance import plan

@pytest.fixture(scope="module")
def ussr():
    """The packaged case to March 1953: its 31 full years and more."""
    return plan("ussr", until="1953-03").compiled


LIST = ("levers", Path(__file__).parent / "data" / "own" / "dearth.py", "terror", "population", "society")


def world_with(compiled, levers):
    """The case on another lever path."""
    return compiled.world._replace(country=compiled.world.country._replace(lever=np.ascontiguousarray(levers)))


def resting(compiled, **values):
    """A path of resting levers, some held at a value."""
    path = np.tile([x.rest for x in LEVERS], (len(compiled.world.country.lever), 1))
    for name, value in values.items():
        path[:, NUMBER[name]] = value
    return path


def books(compiled, levers, years, history=0):
    """State of the country at the end of the given year of the run (1 = 1922)."""
    return Engine(world_with(compiled, levers), compiled.parameters, 12 * years - 3, LIST).country(history, compiled.values)


def series(compiled, levers, years, history=0):
    """The kept year's records of one history."""
    kept, _ = Engine(world_with(compiled, levers), compiled.parameters, 12 * years - 3, LIST).run(history, compiled.values[None, :])
    return {name: kept.years[0, :, i] for i, name in enumerate(NAMES)}


def ints(book, *names):
    return [int(getattr(book, name)) for name in names]


def assert_closed(c):
    """Every identity of the three blocks."""
    b = c.terror.book[0]
    assert b.convictions == b.death + b.to_camp + b.to_exile + b.to_other
    assert b.camps == b.camps_opening + b.to_camp + b.ordinary + b.entered - b.camp_deaths - b.releases
    assert b.settlers == b.settlers_opening + b.exiled + b.deported + b.settlers_entered + b.settler_births - b.settler_deaths - b.escapes - b.settled_free
    assert b.settlers == b.exiles + b.peoples
    assert b.party == b.party_opening + b.admitted - b.expelled - b.left
    assert min(ints(b, "convictions", "death", "to_camp", "to_exile", "to_other", "camps", "camp_deaths", "releases", "exiles", "peoples", "party")) >= 0
    assert b.reinstated <= b.discharged <= b.command
    p = c.people.book[0]
    stock = np.asarray(c.people.stock)
    assert stock.dtype == np.int64 and stock.min() >= 0
    assert stock.sum() == p.closing == p.opening + p.territory + p.migration + p.births - p.deaths
    assert p.deaths == p.baseline + p.famine + p.settlers + p.camps + p.executions + p.war - p.unplaced
    assert (p.settlers, p.camps, p.executions) == (b.settler_deaths, b.camp_deaths, b.death)
    assert p.unplaced == 0 or p.baseline == 0
    s = c.society.book[0]
    assert 0 <= s.literacy <= 1 and 0 <= s.enrolment <= 1 and s.churches >= 0 and 0 <= s.cult <= 1


def random_path(months, seed, stretch, power, ends):
    """Random levers within bounds, constant over stretches of months; a share of them at their lower or upper ends."""
    rng = np.random.default_rng(seed)
    low, high = (np.array([getattr(x, k) for x in LEVERS]) for k in ("low", "high"))
    share = rng.random((months // stretch + 1, len(LEVERS))) ** power
    at_end = rng.random(share.shape) < ends
    share[at_end] = rng.integers(0, 2, share.shape)[at_end]
    return np.repeat(low + share * (high - low), stretch, axis=0)[:months]


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1), stretch=st.sampled_from((1, 7, 60)), power=st.sampled_from((1, 4)), ends=st.sampled_from((0.0, 0.3, 1.0)),
    years=st.integers(1, 30), history=st.integers(0, 10**6),
)  # fmt: skip
def test_accounts_close_on_random_levers(ussr, seed, stretch, power, ends, years, history):
    assert_closed(books(ussr, random_path(len(ussr.world.country.lever), seed, stretch, power, ends), years, history))


@pytest.mark.parametrize("years", [1, 8, 12, 16, 18, 24, 30])
def test_accounts_close_on_the_recorded_levers(ussr, years):
    assert_closed(books(ussr, ussr.world.country.lever, years))


def test_the_opening_is_the_case_s(ussr):
    c = books(ussr, resting(ussr), 1)
    assert c.people.book[0].opening == ussr.world.country.people.opening.sum()
    assert c.terror.book[0].camps_opening == ussr.world.country.terror.opening[0]


def test_levers_at_zero_take_nobody(ussr):
    zero = resting(ussr, severity=0, release=0, party_purge=0, party_open=0, schooling=0, relief=0)
    c = books(ussr, zero, 20)
    b, p = c.terror.book[0], c.people.book[0]
    assert (b.convictions, b.death, b.settlers, b.discharged, b.expelled, p.war, p.famine, p.executions) == (0,) * 8
    assert b.competence == b.managers == 1.0 and b.fear == 0.0
    assert c.society.book[0].literacy == ussr.world.country.society.opening[0]


def test_a_limit_grows_by_petition_and_no_further_than_the_registers(ussr):
    path = resting(ussr, quota_shot=12.0)
    c = series(ussr, path, 6)
    assert np.all(np.diff(c["escalation"]) >= 0) and c["escalation"][0] > 1.0
    names = ussr.world.country.draws.names
    bound = ussr.world.country.draws.rows(0, 1)[0, names.index("terror_registers")]
    assert c["escalation"][-1] == pytest.approx(bound, rel=0.05)
    # One thousand a month, times what the limit had become, less what courts outside campaigns add.
    assert 12 * bound * 0.95 < c["shot"][-1] < 12 * bound * 1.05
    assert series(ussr, resting(ussr), 6)["escalation"].tolist() == [1.0] * 6


def test_luck_of_petitions_differs_between_histories_and_nowhere_else(ussr):
    quiet = [series(ussr, resting(ussr, arrests=50.0), 6, h) for h in (0, 83 * 79)]
    assert all(np.array_equal(quiet[0][n], quiet[1][n]) for n in ("shot", "population", "literacy"))
    loud = [series(ussr, resting(ussr, quota_shot=12.0), 3, h)["shot"][0] for h in (0, 83 * 79)]
    assert loud[0] != loud[1]


def test_hunger_kills_the_very_young_and_lowers_births_the_year_after(ussr):
    fed, hungry = resting(ussr), resting(ussr)
    hungry[12 * 10 - 3 : 12 * 11 - 3, NUMBER["relief"]] = 5.0  # five million in 1932
    a, b = books(ussr, fed, 11), books(ussr, hungry, 11)
    assert b.people.book[0].famine == 5_000_000
    lost = 1 - np.asarray(b.people.stock).sum(axis=0) / np.asarray(a.people.stock).sum(axis=0)
    assert lost[1:4].mean() > lost[10:20].mean() > 0
    one, other = series(ussr, fed, 14), series(ussr, hungry, 14)
    fall = other["tfr"] / one["tfr"] - 1
    assert abs(fall[9]) < 1e-6 and fall[11] < -0.1 and fall[11] < fall[13] < 0


def test_more_deaths_elsewhere_never_leave_more_people(ussr):
    totals = [series(ussr, resting(ussr, relief=x), 15)["population"][-1] for x in (0.0, 0.5, 1.0, 2.0, 4.0)]
    assert np.all(np.diff(totals) < 0)


def test_ban_of_abortion_raises_births_from_the_next_year(ussr):
    path = resting(ussr)
    path[12 * 14 + 2 :, NUMBER["abortion_ban"]] = 1.0  # June 1936
    ratio = series(ussr, path, 17)["births"] / series(ussr, resting(ussr), 17)["births"]
    assert ratio[14] == 1.0 and 1.05 < ratio[15] < 1.3


def test_camps_die_with_the_country(ussr):
    calm = resting(ussr, ordinary=300.0)
    famine = calm.copy()
    famine[12 * 11 - 3 : 12 * 12 - 3, NUMBER["relief"]] = 7.0
    war = calm.copy()
    war[12 * 20 - 3 : 12 * 21 - 3, NUMBER["war"]] = 1.0
    base, hungry, fought = (series(ussr, x, 21) for x in (calm, famine, war))
    rate = lambda x: x["camp_deaths"] / x["camps_stock"]  # noqa: E731
    assert rate(hungry)[11] > 2 * rate(base)[11] and rate(fought)[20] > 2 * rate(base)[20]
    assert rate(base)[20] < rate(base)[5], "and less as mortality falls"


def test_discharged_commanders_take_competence_with_them(ussr):
    path = resting(ussr)
    path[12 * 15 - 3 : 12 * 16 - 3, NUMBER["army_purge"]] = 0.2
    q = series(ussr, path, 20)["army_competence"]
    assert q[14] == 1.0 and q[15] < 0.9 and np.all(np.diff(q[15:]) > 0)


def test_ages_move_up_by_one(ussr):
    """A cohort is the same people a year older, less its dead: nobody appears."""
    path = ussr.world.country.lever
    for years in (3, 12, 16):
        before, after = (np.asarray(books(ussr, path, y).people.stock) for y in (years, years + 1))
        assert np.all(after[:, 1:100] <= before[:, :99]) and np.all(after[:, 1:60] > 0.4 * before[:, :59])


def test_territory_comes_in_1939_and_counts_once(ussr):
    c = books(ussr, ussr.world.country.lever, 18)
    assert c.people.book[0].territory == ussr.world.country.people.annexed.sum() == 20_266_999


@pytest.mark.skipif(not COMPILED, reason="there is nothing compiled to compare with")
def test_compiled_equals_uncompiled(ussr, tmp_path):
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, __file__, str(tmp_path / "plain.npy")], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert np.load(tmp_path / "plain.npy").tobytes() == _some(ussr).tobytes()


def _some(compiled):
    path = compiled.world.country.lever.copy()
    path[100:112, NUMBER["relief"]] = 3.0
    kept, _ = Engine(world_with(compiled, path), compiled.parameters, 201, LIST).run(11, np.tile(compiled.values, (2, 1)))
    return kept.years


if __name__ == "__main__":
    np.save(sys.argv[1], _some(plan("ussr", until="1953-03").compiled))
