"""What many tests share: the standard month compiled once, engines for any case on it, random small cases.

Compiling the standard month takes some 35 s; the machine code goes to the engine's cache (`POLITBURO_CACHE`,
else the user's cache folder), so a second run of the tests starts at once. Engines made here never compile
anew: machine code depends on the list of mechanisms and on the names of the parameters, not on how many
people or places a case has.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from random_cases import Sizes, random_row, random_world

from politburo.case.arrays import World
from politburo.case.compile import Compiled

settings.register_profile("politburo", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("politburo")


@pytest.fixture(scope="session")
def ussr() -> Compiled:
    """The packaged case `ussr` to its end."""
    from politburo.lab.ensembles.provenance import plan

    return plan("ussr").compiled


@pytest.fixture(scope="session")
def standard(ussr):
    """`standard(world, months)`: an engine for any world on the one compiled standard month."""
    from politburo.engine.ensemble import Engine

    def engine(world: World | None = None, months: int | None = None) -> Engine:
        return Engine(ussr.world if world is None else world, ussr.parameters, months or ussr.months)

    one = engine(months=1)
    one.run(0, ussr.values[None, :])
    return engine


@pytest.fixture(scope="session")
def random_case(ussr):
    """`random_case(Sizes(...))`: (world, row of parameters) of an invented case."""
    return lambda sizes: (random_world(sizes), random_row(ussr, sizes.seed))


@pytest.fixture(scope="session")
def sizes():
    """The class of a random case's sizes, with one for a change: `sizes(people=5)`."""
    return lambda **given: replace(Sizes(), **given)
