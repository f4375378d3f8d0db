"""The seam: each side alone is what it was, levers answer to the line within their bounds, differences move the politics."""

import numpy as np
import pytest

from politburo.case.country import SLOPE
from politburo.case.country.levers import LEVERS, NUMBER
from politburo.engine.country.coupling import SIGNALS
from politburo.engine.country.kernel import STANDARD as COUNTRY
from politburo.engine.country.year import NAMES
from politburo.engine.ensemble import Engine
from politburo.engine.month import STANDARD

MONTHS = 201


def with_parameters(world, **values):
    """The world with parameters of the country held."""
    return world._replace(country=world.country._replace(draws=world.country.draws.pinned(**values)))


def together(ussr, world, histories=24, months=MONTHS):
    """Politics and country; (Kept, engine)."""
    engine = Engine(world, ussr.parameters, months, (*STANDARD, *COUNTRY))
    return engine.run(0, ussr.particles[np.arange(histories) % len(ussr.particles)])[0], engine


def column(kept, name):
    return kept.years[:, :, NAMES.index(name)]


def differing(a, b):
    return [n for n in a._fields if n != "years" and not np.array_equal(getattr(a, n), getattr(b, n))]


def test_strength_nought_leaves_the_politics_as_they_were(ussr, standard):
    alone, _ = standard().run(0, ussr.particles[np.arange(24) % len(ussr.particles)])
    both, _ = together(ussr, with_parameters(ussr.world, seam_strength=0.0))
    assert differing(alone, both) == []
    assert column(both, "line_moved").any(), "lines differ in some of them, so there was something to hear"


def test_a_country_on_the_recorded_path_says_next_to_nothing(ussr, standard):
    """Levers that no line moves: who falls when is what it was, but for a history in a hundred with weather beyond the baseline's."""
    alone, _ = standard().run(0, ussr.particles[np.arange(130) % len(ussr.particles)])
    both, _ = together(ussr, with_parameters(ussr.world, line_strength=0.0), 130)
    assert (both.first != alone.first).any(axis=(1, 2)).mean() < 0.05


def test_the_country_does_not_depend_on_the_politics_when_the_line_moves_nothing(ussr):
    free = with_parameters(ussr.world, line_strength=0.0, seam_strength=0.0)
    both, _ = together(ussr, free, 6)
    alone, _ = Engine(free, ussr.parameters, MONTHS, COUNTRY).run(0, np.tile(ussr.values, (6, 1)))
    own = [k for k, name in enumerate(NAMES) if not name.startswith(("line_", "signal_", "grain_gap"))]
    # What the terror does to its executioners is read from the politics, so their turnover may differ.
    same = [NAMES[k] for k in own if np.array_equal(both.years[:, :-1, k], alone.years[:, :-1, k], equal_nan=True)]
    assert {"coal", "steel", "income", "literacy"} <= set(same)


def test_levers_stay_within_their_bounds(ussr):
    """Steep slopes in both directions: the levers stop at their bounds."""
    slope = np.zeros(2 * len(LEVERS), SLOPE)
    for k in range(len(LEVERS)):
        for sign in (0, 1):
            slope[2 * k + sign] = (k, sign, 0, MONTHS, 500.0 * (1 - 2 * sign))
    world = ussr.world._replace(country=ussr.world.country._replace(slope=slope))
    engine = Engine(world, ussr.parameters, 90, (*STANDARD, "levers"))
    kept, state = engine.run(3, ussr.particles[3][None, :])
    bound = engine._bind(3, state, kept)
    levers, seen = bound._root.s.country.levers, []
    bound.call(0, 1)
    for t in range(60, 90):
        state.now[0].month = t
        bound.call(0, 0)
        seen.append(levers.copy())
    bound.close()
    low, high = np.array([x.low for x in LEVERS]), np.array([x.high for x in LEVERS])
    assert (np.array(seen) >= low).all() and (np.array(seen) <= high).all()
    assert (np.array(seen) == high).any() or (np.array(seen) == low).any(), "steep enough to reach a bound"


def test_levers_that_are_held_are_not_moved(ussr):
    case = ussr.case.with_values({"levers.closure@1929..1938": 0.0, "levers.reopening@1929..1938": 0.0})
    from politburo.case.compile import compile_case

    world = compile_case(case).world
    kept, _ = together(ussr, world, 12)
    churches = column(kept, "churches")[:, 7:17]
    assert np.ptp(churches, axis=1).max() < 0.02 * churches.max()


def test_the_baseline_is_the_recorded_country(ussr):
    _, engine = together(ussr, ussr.world, 1)
    base, spread = engine._baseline
    assert base.shape == spread.shape == (MONTHS, len(SIGNALS)) and (spread >= 0).all()
    changed = ussr.world.country._replace(lever=np.zeros_like(ussr.world.country.lever))
    again = together(ussr, ussr.world._replace(country=changed), 1)[1]._baseline
    assert np.array_equal(base, again[0]), "what is changed by hand is not part of the record"


def test_a_country_off_the_path_moves_the_politics(ussr, standard):
    """A purge of the army that the record does not have, in times of war danger, is felt."""
    from politburo.case.compile import compile_case

    case = ussr.case.with_values({"levers.arrests@1929..1938": 3000.0, "levers.army_purge@1934..1938": 0.4})
    changed, _ = together(ussr, compile_case(case).world, 60)
    base, _ = together(ussr, ussr.world, 60)
    assert "bands" in differing(changed, base)
    t = 12 * 16
    fear = (len(changed.bands[0]) - 4,)  # fear is the fourth from the end
    mean = [float((k.bands[t, fear[0]] * np.arange(128)).sum() / 60) for k in (base, changed)]
    assert mean[1] > mean[0]


@pytest.mark.parametrize("name", ["line_1", "line_2", "line_3"])
def test_the_line_is_a_position(ussr, name):
    kept, _ = together(ussr, ussr.world, 12)
    line = column(kept, name)[:, :16]
    assert np.isfinite(line).all() and np.abs(line).max() <= 1 and line.std() > 0


def test_quota_is_a_lever_of_the_seam():
    from politburo.engine.country.coupling import QUOTA

    assert NUMBER["quota"] == QUOTA
