"""The kernels the engine calls give the same numbers uncompiled (NUMBA_DISABLE_JIT=1), in a process of their
own.
"""

import os
import subprocess
import sys

SCRIPT = """
import numpy as np
from politburo.theory.coalition_kernel import fill_ruling_table, rule_one

for n, num, den in ((4, 1, 2), (5, 2, 3)):
    powers = np.array([3, 4, 5, 10, 7][:n], np.int64)
    size = 1 << n
    weight, best = np.zeros(size, np.int64), np.zeros(size, np.int64)
    ruling, order = np.zeros(size, np.int32), np.zeros(size, np.int32)
    count = fill_ruling_table(powers, n, num, den, weight, ruling, order, best)
    mask = rule_one(powers, n, num, den, weight, best)
    print(count, list(map(int, ruling)), list(map(int, order[:count])), int(mask))
"""


def test_same_numbers_compiled_and_not():
    outputs = []
    for jit in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", SCRIPT],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "NUMBA_DISABLE_JIT": jit},
        )
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1] and outputs[0].count("\n") == 2
