"""The few functions of one real variable that mechanisms need, the same bits on every machine.

`exp` reduces its argument by powers of two and sums a Taylor polynomial: relative error below 5e-16 on [-700, 700].
"""

import math

from .kernel import kernel, small

_LOG2E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10


@kernel
def exp(x):
    """e to the power x; below -700 it is 0, above 700 it stays at exp(700)."""
    if x < -700.0:
        return 0.0
    if x > 700.0:
        x = 700.0
    k = math.floor(x * _LOG2E + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    y = 1.0 + r / 14.0
    for d in range(13, 0, -1):
        y = 1.0 + r * y / d
    return math.ldexp(y, int(k))


@kernel
def logistic(x):
    """1 / (1 + exp(-x)): the probability of yes at net argument x in logits."""
    return 1.0 / (1.0 + exp(-x))


@small
def clamp(x, low, high):
    """x, or the bound that it passes."""
    if x < low:
        return low
    if x > high:
        return high
    return x
