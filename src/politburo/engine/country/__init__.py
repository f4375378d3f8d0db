"""The country inside the engine: its state, its calendar, and its kernel beside the month of politics.

Country mechanisms are written like the others, `begin(w, p, s)` and `step(w, p, s)`, and find

    w.country.BLOCK.ARRAY      fixed inputs (`politburo.case.country`)
    p.NAME                     parameters of the country, of this history (those of the politics are not here)
    s.country.BLOCK.ARRAY      state, allocated by `politburo.engine.country.BLOCK.allocate`
    s.country.lever[0].NAME    levers of the month
    s.country.year[0].NAME     the year's record (`politburo.engine.country.year`)
    s.now[0], s.people, s.office, s.opinion   the politics' own state, when politics runs

They are compiled apart from the politics (see `politburo.engine.country.kernel`), so that neither costs the other
anything to compile, and a case without a country runs the machine code it always ran.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...case.arrays import World
from ...case.country import REGIONS, Country
from ...case.country.levers import LEVER
from ..kernel import COMPILED
from . import coupling, grain, industry, people, society, terror
from .year import REGIONAL, YEAR

BLOCKS = {"grain": grain, "industry": industry, "terror": terror, "people": people, "society": society}


class CountryState(NamedTuple):
    """The country's part of the state of one history. `levers` and `years` are the same memory as `lever` and `year`."""

    lever: np.ndarray  # (1,) LEVER
    levers: np.ndarray  # (L,)
    year: np.ndarray  # (1,) YEAR
    years: np.ndarray  # (Y,)
    regional: np.ndarray  # (len(REGIONAL), R)
    grain: grain.GrainState
    industry: industry.IndustryState
    terror: terror.TerrorState
    people: people.PeopleState
    society: society.SocietyState
    coupling: coupling.CouplingState


class Land(NamedTuple):
    """What country mechanisms see as `w`."""

    key: np.ndarray
    salt: np.ndarray
    rule: np.ndarray
    post: np.ndarray
    opinion: np.ndarray
    country: Country  # without its draws
    politics: int  # 1 when politics runs too


class LandState(NamedTuple):
    """What country mechanisms see as `s`."""

    now: np.ndarray
    people: np.ndarray
    office: np.ndarray
    stance: np.ndarray
    opinion: np.ndarray
    country: CountryState


class _Row:
    """A structured row over an array of numbers, for the uncompiled engine: both see each other's writing."""

    def __init__(self, names: tuple[str, ...], values: np.ndarray):
        object.__setattr__(self, "_at", {name: i for i, name in enumerate(names)})
        object.__setattr__(self, "_values", values)

    def __getattr__(self, name: str) -> float:
        try:
            return float(self._values[self._at[name]])
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: float) -> None:
        self._values[self._at[name]] = value


def _both(kind: np.dtype) -> tuple:
    """One row of a structured type, and the same memory as plain numbers."""
    values = np.zeros(len(kind.names))
    return (values.view(kind).view(np.recarray) if COMPILED else [_Row(kind.names, values)]), values


def allocate(country: Country) -> CountryState:
    """Room for one history of the country."""
    lever, levers = _both(LEVER)
    year, years = _both(YEAR)
    blocks = [for_kernel(module.allocate(country)) for module in (*BLOCKS.values(), coupling)]
    return CountryState(lever, levers, year, years, np.zeros((len(REGIONAL), len(REGIONS))), *blocks)


def for_kernel(value):
    """A tuple of arrays in the form that kernels take in this process; structured arrays become records or rows."""
    from ..state import plain

    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(for_kernel, value))
    if isinstance(value, np.ndarray):
        if value.dtype.names is None:
            return np.ascontiguousarray(value)
        return np.ascontiguousarray(value).view(np.recarray) if COMPILED else plain(value)
    return value


def land(world: World, politics: bool) -> Land:
    """The world as country mechanisms see it."""
    country = world.country._replace(draws=0, recorded_draws=0)
    return for_kernel(Land(world.key, world.salt, world.rule, world.post, world.opinion, country, int(politics)))
