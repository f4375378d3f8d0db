"""Functions of one variable that the grain block needs, the same bits on every machine.

`ln` takes out powers of two and sums the series of atanh: relative error below 2e-15. `normal_cdf` is half the error
function by its series near 0 and by its continued fraction beyond (Abramowitz and Stegun 7.1.6, 7.1.14), error below
1e-12; it is called a few hundred times at the start of a history, never in a month.
"""

import math

from ..kernel import kernel
from ..numeric import exp

_LN2 = 0.6931471805599453
_SQRT_HALF = 0.7071067811865476
_TWO_OVER_ROOT_PI = 1.1283791670955126


@kernel
def ln(x):
    """Natural logarithm of a number above 0; at or below 0 it stays at -700."""
    if x <= 0.0:
        return -700.0
    m, k = math.frexp(x)
    if m < _SQRT_HALF:
        m *= 2.0
        k -= 1
    z = (m - 1.0) / (m + 1.0)
    q = z * z
    y = 1.0 / 21.0
    y = y * q + 1.0 / 19.0
    y = y * q + 1.0 / 17.0
    y = y * q + 1.0 / 15.0
    y = y * q + 1.0 / 13.0
    y = y * q + 1.0 / 11.0
    y = y * q + 1.0 / 9.0
    y = y * q + 1.0 / 7.0
    y = y * q + 1.0 / 5.0
    y = y * q + 1.0 / 3.0
    y = y * q + 1.0
    return 2.0 * z * y + k * _LN2


@kernel
def normal_cdf(x):
    """Share of a standard normal variable below x."""
    z = x if x >= 0.0 else -x
    z *= _SQRT_HALF
    if z < 2.5:
        term = z
        total = z
        for n in range(1, 40):
            term *= -z * z / n
            total += term / (2 * n + 1)
        upper = 0.5 - 0.5 * _TWO_OVER_ROOT_PI * total
    else:
        fraction = 0.0
        for n in range(40, 0, -1):
            fraction = 0.5 * n / (z + fraction)
        upper = 0.25 * _TWO_OVER_ROOT_PI * exp(-z * z) / (z + fraction)
    return upper if x < 0.0 else 1.0 - upper


@kernel
def mean_shortfall(mean, sigma, threshold):
    """E max(0, 1 - x / threshold) for x lognormal with this mean and this sd of its logarithm.

    The value of a put option: Phi(-d2) - m Phi(-d1), m = mean / threshold.
    """
    m = mean / threshold
    if m <= 0.0:
        return 1.0
    if sigma <= 0.0:
        return 1.0 - m if m < 1.0 else 0.0
    d1 = (ln(m) + 0.5 * sigma * sigma) / sigma
    value = normal_cdf(sigma - d1) - m * normal_cdf(-d1)
    return value if value > 0.0 else 0.0
