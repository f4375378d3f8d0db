"""Tolls by harvest series."""

import numpy as np
import pytest

from politburo.case.country.grain import SERIES
from politburo.lab import tolls


def test_a_famine_is_summed_over_its_years_and_told_by_series():
    calendar = list(range(1928, 1948))
    series = np.arange(50) % 5
    values = np.zeros((50, len(calendar)))
    values[:, calendar.index(1933)] = 1000 * (1 + series)
    values[:, calendar.index(1929)] = 7777  # before the famine
    found = {(t.series, t.first): t for t in tolls.by_series(values, series, calendar)}
    assert len(found) == 2 * len(SERIES)
    for k, name in enumerate(SERIES):
        toll = found[name, 1930]
        assert (toll.low, toll.middle, toll.high, toll.histories) == (1000 * (k + 1),) * 3 + (10,)
        assert found[name, 1946].middle == 0


def test_too_few_histories_and_years_outside_give_none():
    assert tolls.by_series(np.ones((20, 3)), np.arange(20) % 5, [1930, 1931, 1932]) == []
    assert tolls.by_series(np.ones((20, 20)), np.arange(20) % 5, list(range(1928, 1948))) == []


@pytest.mark.parametrize("name", ["famine_deaths", "famine_deaths.ukraine"])
def test_the_case_alone(name):
    found = [t for t in tolls.of("ussr", name, 97) if t.first == 1930]
    assert [t.series for t in found] == list(SERIES) and sum(t.histories for t in found) == 97
    most = 25_000 if name == "famine_deaths" else 15_000
    assert all(0 < t.low < t.middle < t.high < most for t in found)
