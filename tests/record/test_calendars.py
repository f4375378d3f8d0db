"""Day numbers and calendars against the standard library and published correspondences."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from politburo.record import calendars as c

EPOCH = datetime.date(1970, 1, 1).toordinal()


@given(st.dates())
def test_day_numbers_equal_the_standard_library(day):
    n = c.day_number(day.year, day.month, day.day)
    assert n == day.toordinal() - EPOCH
    assert c.civil(n) == (day.year, day.month, day.day)
    assert c.iso(n) == day.isoformat()


@given(st.integers(-2_000_000, 2_000_000))
def test_both_calendars_invert(n):
    assert c.day_number(*c.civil(n)) == n
    assert c.julian_day_number(*c.julian_civil(n)) == n
    assert c.civil(n + 1) > c.civil(n)


def test_russian_correspondences():
    assert c.to_new_style(1917, 10, 25) == (1917, 11, 7)
    assert c.to_new_style(1918, 2, 1) == (1918, 2, 14) == c.REFORM
    assert c.to_new_style(1886, 3, 15) == (1886, 3, 27)  # twelve days in the nineteenth century
    assert c.to_old_style(1879, 11, 7) == (1879, 10, 26)
    assert c.to_new_style(1582, 10, 5) == (1582, 10, 15)
    assert c.to_new_style(1900, 2, 29) == (1900, 3, 13)  # a leap day only the Julian calendar has


def test_dual_date_knows_wrong_arithmetic():
    assert c.DualDate.from_old(1917, 10, 25).agrees
    assert not c.DualDate((1917, 10, 25), (1917, 11, 8)).agrees
