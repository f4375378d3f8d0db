"""The country's kernel beside the month: what it sees, what is kept, and that it leaves the politics alone."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from politburo.case.country import REGIONS
from politburo.case.country import empty as empty_country
from politburo.engine.country.kernel import STANDARD
from politburo.engine.country.year import AGED, NAMES, REGIONAL
from politburo.engine.ensemble import Engine
from politburo.engine.kernel import COMPILED
from politburo.lab.ensembles.provenance import plan
from politburo.lab.ensembles.years import SERIES

OWN = Path(__file__).parent / "data" / "own" / "tally.py"
MONTHS = 45  # 1922-04 to 1925-12


def years(compiled, histories=3, first=7, mechanisms=("levers", OWN)):
    """The country alone: kept years of some histories."""
    engine = Engine(compiled.world, compiled.parameters, MONTHS, mechanisms)
    return engine.run(first, np.tile(compiled.values, (histories, 1)))[0].years


def column(name):
    return NAMES.index(name)


def test_years_are_kept_each_december(ussr):
    kept = years(ussr)
    assert kept.shape == (3, 4, len(NAMES) + len(REGIONAL) * len(REGIONS) + len(AGED)) and kept.dtype == np.float32
    assert kept[0, :, column("harvest")].tolist() == [1922.0, 1923.0, 1924.0, 1925.0]
    speed = ussr.world.country.draws.central[ussr.world.country.draws.names.index("line_speed")]
    assert kept[1, :, column("coal")] == pytest.approx(speed + np.array([9, 21, 33, 45]))


def test_a_history_depends_on_its_number_alone(ussr):
    together, apart = years(ussr, 3, first=7), years(ussr, 1, first=8)
    assert np.array_equal(together[1], apart[0])
    weather = together[:, :, len(NAMES) + len(REGIONS) : len(NAMES) + 2 * len(REGIONS)]
    assert len(np.unique(weather)) == weather.size, "each history, year and region has weather of its own"


def test_levers_follow_the_recorded_path(ussr):
    engine = Engine(ussr.world, ussr.parameters, 117, ("levers", OWN))  # to 1931-12
    kept = engine.run(0, ussr.values[None, :])[0].years[0, :, column("export")]
    path = ussr.world.country.lever[:117, 0]
    december = [path[max(0, 12 * y - 3) : 12 * y + 9].sum() for y in range(10)]
    assert kept == pytest.approx(december) and max(december) > 0 > min(path)


def test_a_case_without_a_country_keeps_no_years(ussr):
    world = ussr.world._replace(country=None)
    kept, _ = Engine(world, ussr.parameters, 12, ("levers",)).run(0, ussr.values[None, :])
    assert kept.years.shape == (1, 0, 0)


def test_an_empty_country_runs(ussr):
    country = empty_country(24, 3, ussr.case.start)._replace(draws=ussr.world.country.draws)
    world = ussr.world._replace(country=country)
    kept, _ = Engine(world, ussr.parameters, 24, ("levers",)).run(0, ussr.values[None, :])
    assert kept.years.shape[1] == 3 and not kept.years[:, :2].any()


def test_the_politics_do_not_see_an_idle_country(standard, ussr):
    """The same bits with and without a country whose mechanisms write nothing of the politics."""
    rows = ussr.particles[:2]
    alone, _ = standard(months=60).run(5, rows)
    from politburo.engine.month import STANDARD as POLITICS

    both, _ = Engine(ussr.world, ussr.parameters, 60, (*POLITICS, "levers", OWN)).run(5, rows)
    for name, a, b in zip(alone._fields, alone, both, strict=True):
        assert name == "years" or np.array_equal(a, b), name
    assert both.years[0, 3, column("harvest")] == 1925.0


@pytest.mark.skipif(not COMPILED, reason="there is nothing compiled to compare with")
def test_compiled_equals_uncompiled(ussr, tmp_path):
    """The whole country, and a mechanism of one's own, bit for bit."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, __file__, str(tmp_path / "plain.npz")], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with np.load(tmp_path / "plain.npz") as plain:
        assert plain["own"].tobytes() == years(ussr).tobytes()
        whole = years(ussr, 2, 5, STANDARD)
        for k in range(whole.shape[2]):
            name = SERIES[k]
            assert plain["whole"][:, :, k].tobytes() == whole[:, :, k].tobytes(), name


if __name__ == "__main__":
    ussr_ = plan("ussr").compiled
    np.savez(sys.argv[1], own=years(ussr_), whole=years(ussr_, 2, 5, STANDARD))
