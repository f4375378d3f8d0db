"""How a plain Python function becomes part of the compiled engine.

One function, two lives: Numba compiles it, or, with NUMBA_DISABLE_JIT=1 in the environment, Python runs it as it
stands. Both must give the same bits, so engine functions use only + - * / and square roots, comparisons, whole
numbers and our own `exp` (a library's exponential differs between machines), and sums run in a fixed order.
"""

import os

from numba import njit

COMPILED = os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0")


def kernel(function):
    """Compile `function` on its first call, without fast-math and without Python's zero-division checks."""
    return njit(error_model="numpy", nogil=True)(function)
