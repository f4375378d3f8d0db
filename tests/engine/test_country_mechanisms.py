"""What every country mechanism must be: declared, about nobody, its parameters in the case and each of them read."""

import pytest
from test_mechanisms import code_only, parameters_read

from politburo.engine import month
from politburo.engine.country.kernel import STANDARD

NAMES = month.names("country")
every_mechanism = pytest.mark.parametrize("name", NAMES)


def module(name):
    return month.mechanism(name).module


def read_by(name):
    found = parameters_read(module(name).step)
    return found | parameters_read(module(name).begin) if hasattr(module(name), "begin") else found


def test_the_month_lists_mechanisms_that_there_are():
    assert set(STANDARD) <= set(NAMES) and len(set(STANDARD)) == len(STANDARD)
    assert STANDARD[0] == "levers" and STANDARD[-1] == "signals", "the seam stands around the blocks"


@every_mechanism
def test_docstring_tells_its_theory(name):
    text = module(name).__doc__
    for part in ("Theory.", "Reads", "Writes", "Falsified by:"):
        assert part in text, f"no {part!r} in the docstring"


@every_mechanism
def test_declares_what_it_reads_and_writes(name):
    for attribute in ("PARAMETERS", "READS", "WRITES"):
        declared = getattr(module(name), attribute)
        assert isinstance(declared, tuple) and len(set(declared)) == len(declared), attribute


@every_mechanism
def test_parameters_are_declared_and_in_the_case(name, ussr):
    declared = set(module(name).PARAMETERS)
    anywhere = {p for other in NAMES for p in module(other).PARAMETERS}
    assert read_by(name) <= anywhere, "reads what nobody declares"
    if name in STANDARD:
        assert declared <= set(ussr.world.country.draws.names)


def test_every_parameter_of_the_country_is_declared_by_somebody(ussr):
    declared = {p for name in NAMES for p in module(name).PARAMETERS}
    assert set(ussr.world.country.draws.names) <= declared


@every_mechanism
def test_no_mechanism_knows_a_person(name, ussr):
    text = code_only(month.mechanism(name).path.read_text(encoding="utf-8")).lower()
    assert not [p for p in ussr.people if p in text]


def test_posterior_draws_lie_in_the_ranges(ussr):
    draws, parameters = ussr.world.country.draws, ussr.case.country.parameters
    rows = draws.rows(0, 97 * 3)
    for k, name in enumerate(draws.names):
        low, high = parameters[name].low, parameters[name].high
        assert low - 1e-9 <= rows[:, k].min() and rows[:, k].max() <= high + 1e-9, name


def test_a_history_draws_the_same_rows_in_every_run(ussr):
    draws = ussr.world.country.draws
    assert (draws.rows(0, 200)[150:160] == draws.rows(150, 10)).all()
