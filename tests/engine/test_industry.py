"""Industry: bounds, directions, theory in the limit, and the same bits compiled and not."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from politburo.engine.country.industry import AROUND, MACHINES, STEEL, joined
from politburo.engine.country.year import NAMES
from politburo.engine.ensemble import Engine
from politburo.engine.kernel import COMPILED
from politburo.lab.ensembles.provenance import plan

LIST = ("levers", "industry")
MONTHS = 201  # 1922-04 to 1938-12, as far as the case goes


def years(compiled, histories=4, first=0, months=MONTHS, lever=None, draws=None):
    """The country alone: (histories, years, columns)."""
    country = compiled.world.country
    if lever is not None:
        country = country._replace(lever=np.ascontiguousarray(lever))
    if draws is not None:
        country = country._replace(draws=draws)
    engine = Engine(compiled.world._replace(country=country), compiled.parameters, months, LIST)
    return engine.run(first, np.tile(compiled.values, (histories, 1)))[0].years


def path(compiled, months=MONTHS, **levers: float):
    """The recorded lever path, with some levers held from 1929 on."""
    from politburo.case.country.levers import NUMBER

    lever = compiled.world.country.lever[:months].copy()
    for name, value in levers.items():
        lever[81:, NUMBER[name]] = value
    return lever


def column(kept, name):
    return kept[:, :, NAMES.index(name)]


def test_the_recorded_path_lands_near_the_record(ussr):
    kept = years(ussr, 89, lever=path(ussr))
    middle = {n: np.median(column(kept, n), axis=0) for n in ("coal", "iron", "steel", "oil", "electricity", "urban", "income_late_weights")}
    for name, year, figure, least in [
        ("coal", 1932, 64.4, 0.1), ("steel", 1937, 17.7, 0.15), ("oil", 1937, 28.5, 0.1), ("electricity", 1937, 36.2, 0.1), ("urban", 1938, 56.1, 0.06),
        ("income_late_weights", 1937, 1.72, 0.07), ("iron", 1928, 3.28, 0.15),
    ]:  # fmt: skip
        assert abs(np.log(middle[name][year - 1922] / figure)) < least, (name, middle[name][year - 1922])


def test_everything_is_finite_and_of_its_sign(ussr):
    kept = years(ussr, 20, lever=path(ussr))
    for name in NAMES[NAMES.index("coal") : NAMES.index("town_food") + 1]:
        values = column(kept, name)
        assert np.isfinite(values).all() and (values >= 0).all(), name
    assert (column(kept, "town_food") <= 1.1001).all()


@given(
    effort=st.floats(0, 3), heavy=st.floats(0, 1), defence=st.floats(0, 0.9), imports=st.floats(0, 3), war=st.sampled_from([0.0, 1.0]), first=st.integers(0, 2**40)
)
@settings(max_examples=25, deadline=None)
def test_any_levers_give_an_economy(ussr, effort, heavy, defence, imports, war, first):
    kept = years(ussr, 2, first, lever=path(ussr, effort=effort, heavy=heavy, defence=defence, imports=imports, war=war))
    made = kept[:, :, NAMES.index("coal") : NAMES.index("town_food") + 1]
    assert np.isfinite(made).all() and (made >= 0).all()
    # One path in several prices: where machines outgrow the rest, old prices show more than new ones.
    early, late, machines = (column(kept, n)[:, -1] for n in ("income_early_weights", "income_late_weights", "machines"))
    outgrown = machines > 1.5 * np.maximum(early, late)
    assert (early[outgrown] > late[outgrown]).all()


@given(st.floats(0.0, 1.4))
@settings(max_examples=10, deadline=None)
def test_more_effort_never_makes_less_steel_at_equal_luck_and_food(ussr, effort):
    fed = ussr.world.country.draws.pinned(hunger_output=0.0)  # with it, more workers make towns hungrier and output can fall
    less, more = (column(years(ussr, 3, lever=path(ussr, effort=e), draws=fed), "steel") for e in (effort, effort + 0.2))
    assert (more >= less * (1 - 1e-6)).all()


def test_defence_costs_capacity_and_imports_add_it(ussr):
    base = column(years(ussr, 6, lever=path(ussr)), "machines")[:, -1]
    assert (column(years(ussr, 6, lever=path(ussr, defence=0.6)), "machines")[:, -1] < base).all()
    assert (column(years(ussr, 6, lever=path(ussr, imports=2.0)), "machines")[:, -1] > base).all()


def test_hungry_towns_make_less(ussr):
    """The channel of food: with no elasticity, export does not touch output at once; with it, it does."""
    draws = ussr.world.country.draws
    exported = ussr.world.country.industry.path.copy()
    exported[10, 8] = 9.0  # nine million tons in 1931
    world = ussr.world._replace(country=ussr.world.country._replace(industry=ussr.world.country.industry._replace(path=exported)))

    def coal(world, elasticity):
        country = world.country._replace(draws=draws.pinned(hunger_output=elasticity), lever=path(ussr))
        return Engine(world._replace(country=country), ussr.parameters, MONTHS, LIST).run(0, ussr.values[None, :])[0].years[0, 9, NAMES.index("coal")]

    assert coal(ussr.world, 0.0) == coal(world, 0.0)
    assert coal(world, 0.8) < coal(ussr.world, 0.8)


def test_plans_are_measured_against_their_path(ussr):
    kept = years(ussr, 1, lever=path(ussr))
    steel, done = column(kept, "steel")[0], column(kept, "fulfil_steel")[0]
    assert done[1932 - 1922] == pytest.approx(steel[1932 - 1922] / 10.4) and done[1937 - 1922] == pytest.approx(steel[1937 - 1922] / 17.0)
    assert done[1927 - 1922] == 0.0, "no plan, no fulfilment"


def test_luck_is_of_the_history_and_works_only_through_noise(ussr):
    draws = ussr.world.country.draws
    quiet = draws.pinned(**{n: 0.0 for n in draws.names if n.startswith("noise_")}, works_memory=1.0)
    one = years(ussr, 2, 0, lever=path(ussr), draws=quiet)
    other = years(ussr, 2, 89, lever=path(ussr), draws=quiet)  # the same particles, another luck
    assert np.array_equal(column(one, "steel"), column(other, "steel"))
    assert not np.array_equal(column(years(ussr, 2, 0, lever=path(ussr)), "steel"), column(years(ussr, 2, 89, lever=path(ussr)), "steel"))


def test_an_empty_block_stays_silent(ussr):
    from politburo.case.country import industry

    world = ussr.world._replace(country=ussr.world.country._replace(industry=industry.empty()))
    kept = Engine(world, ussr.parameters, 24, LIST).run(0, ussr.values[None, :])[0].years
    assert not kept[:, :2, NAMES.index("coal")].any()


@given(st.floats(0.01, 10), st.floats(0.01, 10), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_joined_inputs(a, b, weight):
    plain = getattr(joined, "py_func", joined)
    made = plain(a, weight, b)
    assert min(a, b) * (1 - 1e-12) <= made <= max(a, b) * (1 + 1e-12)
    assert plain(3 * a, weight, 3 * b) == pytest.approx(3 * made)  # constant returns


def test_feldman_in_the_limit():
    """Without lags beyond one stage, wear, bottlenecks and defence, machines grow by a constant factor, and faster with a larger share of producer goods."""
    script = (
        "import numpy as np\n"
        "from politburo.engine.country import industry as w\n"
        "from politburo.engine.state import plain\n"
        "class P: pass\n"
        "def grow(heavy):\n"
        "    p = P()\n"
        "    for b in ('coal','iron','steel','oil','electricity','machines'):\n"
        "        setattr(p, 'starts_' + b, .2); setattr(p, 'recovery_' + b, 50.0); setattr(p, 'loss_' + b, 0.0); setattr(p, 'noise_' + b, 0.0); setattr(p, 'lag_' + b, 2.0)\n"
        "    for n in ('lag_metal',): setattr(p, n, 2.0)\n"
        "    for n in ('recovery_after_war','wear','coal_decline','oil_decline','oil_province','arms_works','hunger_output','terror_drag','labour_weight','labour_mines','labour_skill','works_memory','metal_burst','hunger_hiring','hiring_push','urban_war'): setattr(p, n, 0.0)\n"
        "    p.capacity_left, p.metal_need, p.oil_ground, p.build_swing, p.starts_consumer = 1.0, 1e-9, 1.0, 1.0, .05\n"
        "    p.hiring_building, p.hiring_rest, p.private_grain, p.urban_natural, p.urban_family, p.town_goods = .1, .1, 4.0, .01, 1.3, .3\n"
        "    p.weight_machines, p.weight_agriculture, p.late_price, p.machine_mix, p.machine_learning = .1, .4, .5, .3, .1\n"
        "    branch, work, around = plain(np.zeros(6, w.BRANCH)), plain(np.zeros(1, w.WORK)), plain(np.zeros(1, w.AROUND))\n"
        "    a = around[0]\n"
        "    a.effort, a.heavy, a.build, a.metal, a.harvest, a.procured, a.herd, a.population = 1.0, heavy, 1.0, 1.0, 73.0, 11.0, 1.0, 152.0\n"
        "    w.begin_works(branch, work, np.ones((6, 3)) * np.array([1, 1, .9]), p)\n"
        "    out = []\n"
        "    for y in range(60):\n"
        "        w.work_year(branch, work, around, p, np.zeros(7), y == 0); out.append(branch[w.MACHINES].output)\n"
        "    return out[-1] / out[-2], out[-2] / out[-3]\n"
        "for h in (.3, .6):\n"
        "    g, before = grow(h); k = .2 * h / .45 / 1.26; root = max(r.real for r in np.roots([1, -1, 0, -k]) if abs(r.imag) < 1e-9)\n"
        "    print(g, before, root)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = [[float(v) for v in line.split()] for line in done.stdout.splitlines()]
    for now, before, root in rows:
        assert now == pytest.approx(before, abs=1e-6) and now == pytest.approx(root, rel=1e-3)
    assert rows[1][0] > rows[0][0] > 1


def test_columns_of_the_surroundings_agree_with_the_files():
    from politburo.case.country.industry import BRANCHES, PATHS

    assert AROUND.names[5:] == (*PATHS, "fed") and BRANCHES[MACHINES] == "machines" and BRANCHES[STEEL] == "steel"


@pytest.mark.skipif(not COMPILED, reason="there is nothing compiled to compare with")
def test_compiled_equals_uncompiled(ussr, tmp_path):
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, __file__, str(tmp_path / "plain.npy")], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert np.load(tmp_path / "plain.npy").tobytes() == years(ussr, 2, lever=path(ussr)).tobytes()


if __name__ == "__main__":
    compiled = plan("ussr").compiled
    np.save(sys.argv[1], years(compiled, 2, lever=path(compiled)))
