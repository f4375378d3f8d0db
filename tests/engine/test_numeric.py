"""The engine's own functions of one variable: as exact as they say, monotone, with the right limits."""

import math

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from numba import njit

from politburo.engine import numeric
from politburo.engine.kernel import COMPILED


@njit
def exp(x):
    return numeric.exp(x)


@njit
def logistic(x):
    return numeric.logistic(x)


@njit
def clamp(x, low, high):
    return numeric.clamp(x, low, high)


plain_exp = numeric.exp.py_func if COMPILED else numeric.exp
inside = st.floats(-700, 700)
finite = st.floats(allow_nan=False, allow_infinity=False)


@given(inside)
@example(0.0)
@example(-0.0)
@example(700.0)
@example(-700.0)
@example(0.5 * math.log(2))
@example(-0.5 * math.log(2))
def test_exp_is_exact(x):
    assert abs(exp(x) / math.exp(x) - 1) < 5e-16 + 2**-53  # the bound stated, and the library's own rounding
    assert exp(x) == plain_exp(x)


def test_exp_on_a_grid():
    x = np.linspace(-700, 700, 100_001)
    found = np.array([exp(v) for v in x])
    assert np.max(np.abs(found / np.exp(x) - 1)) < 5e-16 + 2**-52
    assert np.all(np.diff(found) > 0)


def test_exp_beyond_its_range():
    assert exp(-700.1) == exp(-1e300) == exp(-math.inf) == 0.0
    assert exp(700.1) == exp(1e300) == exp(math.inf) == exp(700.0)
    assert exp(0.0) == 1.0


@given(inside, st.floats(1e-9, 10))
def test_exp_is_monotone(x, step):
    assert exp(min(x + step, 700.0)) >= exp(x)


@given(st.floats(-30, 30))
def test_exp_turns_sums_into_products(x):
    assert abs(exp(x) * exp(-x) - 1) < 2e-15


@given(finite, st.floats(0, 100))
def test_logistic(x, step):
    y = logistic(x)
    assert 0.0 <= y <= 1.0
    assert logistic(x + step) >= y
    assert abs(y + logistic(-x) - 1) < 1e-15


def test_limits_of_logistic():
    assert logistic(0.0) == 0.5
    assert logistic(1e308) == 1.0 and logistic(50.0) == 1.0
    assert 0.0 <= logistic(-1e308) < 1e-300
    assert abs(logistic(3.0) - 1 / (1 + math.exp(-3.0))) < 1e-15


@given(finite, finite, finite)
def test_clamp(x, a, b):
    low, high = min(a, b), max(a, b)
    y = clamp(x, low, high)
    assert low <= y <= high
    assert y == x or not low < x < high
    assert clamp(y, low, high) == y
