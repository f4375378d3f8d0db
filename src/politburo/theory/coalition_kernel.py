"""Ultimate ruling coalitions of small circles, as kernels other kernels can call.

Acemoglu, Egorov and Sonin (2008): member i has power g_i; a coalition Y inside X is *winning in X* when
g(Y) > a g(X), strictly, with a = num/den in [1/2, 1). X is *self-enforcing* when no self-enforcing proper part of
it is winning in it. The ultimate ruling coalition phi(X) is the lightest self-enforcing coalition winning in X, and X
itself when there is none.

A subset is a bitmask: bit i stands for member i. Only integers are used, so a coalition with exactly the share a is
"not winning" exactly. Real powers are scaled to integers by the caller (`politburo.theory.inputs.measure`).

**Tie convention.** When several winning self-enforcing coalitions share the least power, the one with the *lowest mask*
is taken. A member without power is never needed: a part equal in power to the whole is winning in it.

Three kernels: `fill_ruling_table` answers for every subset of one circle and `rule_one` for the whole circle only; both
are meant to be called from the engine's own kernel (no allocation, no Python object, the same code uncompiled under
NUMBA_DISABLE_JIT=1). `rule_many` answers for the whole circle, for many circles at once, with the circles in the lanes
of the vector registers.

A caller that caches a kernel calling these must clear its cache when this file changes: Numba's disk cache looks at
the caller's file only.
"""

from __future__ import annotations

import numpy as np
from numba import njit

#: Most members `fill_ruling_table` is meant for (its scratch is 2**n entries; the scan is quadratic in practice).
TABLE_MEMBERS = 12

#: Most members of one circle in `rule_many` (2**n rows of LANES integers of scratch).
BATCH_MEMBERS = 16

#: Circles handled side by side by `rule_many`.
LANES = 128


@njit(cache=True, error_model="numpy")
def fill_ruling_table(powers, n, num, den, weight, ruling, order, best):
    """Fill `weight` and `ruling` for all 2**n subsets; return the number of self-enforcing coalitions.

    Parameters
    ----------
    powers : int64[>= n]
        Powers, not negative. `den * sum(powers[:n])` must be below 2**63; this is not checked here.
    n : int
        Members, 0 to 12 (`TABLE_MEMBERS`) by intent.
    num, den : int
        Supermajority num/den, 1/2 <= num/den < 1.
    weight : int64[>= 2**n], written
        weight[X] is the power of subset X.
    ruling : int32[>= 2**n], written
        ruling[X] is the mask of phi(X); X is self-enforcing iff ruling[X] == X. ruling[0] == 0. The power of the
        ruling coalition of X is weight[ruling[X]].
    order : int32[>= 2**n], scratch
        On return order[:result] are the non-empty self-enforcing coalitions by ascending power, ties by mask.
    best : int64[>= 2**n], scratch
        On return the power of the heaviest self-enforcing coalition inside X.

    Cost: n 2**n / 2 maxima, a binary search and a short scan for each subset that is not self-enforcing; about 25
    microseconds at n = 9, against 4 for `rule_one`.
    """
    size = 1 << n
    weight[0] = 0
    ruling[0] = 0
    best[0] = 0
    count = 0
    top = 0  # highest member of subset
    for subset in range(1, size):
        if subset == 1 << (top + 1):
            top += 1
        power = weight[subset ^ (1 << top)] + powers[top]
        weight[subset] = power
        quota = num * power
        heaviest = 0
        left = subset
        while left != 0:
            lower = left & (left - 1)
            inside = best[subset ^ left ^ lower]
            if inside > heaviest:
                heaviest = inside
            left = lower
        if den * heaviest <= quota:
            # self-enforcing: insert behind those of the same power, so that ties stay in mask order
            best[subset] = power
            ruling[subset] = subset
            place = count
            while place > 0 and weight[order[place - 1]] > power:
                order[place] = order[place - 1]
                place -= 1
            order[place] = subset
            count += 1
            continue
        best[subset] = heaviest
        # the first self-enforcing coalition, in ascending power, that would be winning here and lies inside
        low = 0
        high = count
        while low < high:
            middle = (low + high) >> 1
            if den * weight[order[middle]] > quota:
                high = middle
            else:
                low = middle + 1
        outside = ~subset
        while (order[low] & outside) != 0:
            low += 1
        ruling[subset] = order[low]
    return count


@njit(cache=True, error_model="numpy")
def rule_one(powers, n, num, den, weight, best):
    """The mask of phi(everybody), without the table of everybody else's.

    Parameters as in `fill_ruling_table`; `weight` and `best` are int64[>= 2**n], written. Same tie convention.
    Cost: n 2**n / 2 maxima and one pass.
    """
    size = 1 << n
    weight[0] = 0
    best[0] = 0
    top = 0
    for subset in range(1, size):
        if subset == 1 << (top + 1):
            top += 1
        power = weight[subset ^ (1 << top)] + powers[top]
        weight[subset] = power
        heaviest = 0
        left = subset
        while left != 0:
            lower = left & (left - 1)
            inside = best[subset ^ left ^ lower]
            if inside > heaviest:
                heaviest = inside
            left = lower
        best[subset] = power if den * heaviest <= num * power else heaviest
    mask = size - 1
    if mask < 1:
        return 0
    least = weight[mask]
    quota = num * least
    for subset in range(mask - 1, 0, -1):
        power = weight[subset]
        if best[subset] == power and power <= least and den * power > quota:
            least = power
            mask = subset
    return mask


@njit(cache=True, error_model="numpy", nogil=True)
def rule_many(powers, quotas, weight, quota, best, row, least, mask):
    """Ruling coalitions of `LANES` circles of the same size at once.

    Parameters
    ----------
    powers, quotas : int32[n, LANES], C order
        den g_i and num g_i of each lane: the test needs no multiplication. Sums must stay below 2**31.
    weight, quota, best : int32[2**n, LANES], scratch
        den g(X), num g(X), and den g of the heaviest self-enforcing coalition inside X.
    row : int32[LANES], scratch
    least : int32[LANES], written
        den times the power of phi(everybody).
    mask : int32[LANES], written
        phi(everybody), lowest mask among ties.

    `best[X]` is the maximum of `best` over one-member removals, because every proper part of X lies inside one of them;
    X is self-enforcing iff that maximum is at most num g(X). Cost: n 2**n / 2 maxima a circle, sixteen at a time. The
    indices are unsigned because a signed one may count from the end, and then the loops over lanes become gathers.
    """
    n = powers.shape[0]
    one = np.uint64(1)
    everybody = np.uint64((1 << n) - 1)
    for lane in range(LANES):
        weight[0, lane] = 0
        quota[0, lane] = 0
        best[0, lane] = 0
    top = np.uint64(0)
    for subset in range(one, everybody + one):
        if subset == one << (top + one):
            top += one
        rest = subset ^ (one << top)
        for lane in range(LANES):
            row[lane] = best[rest, lane]
        left = rest
        while left != 0:
            lower = left & (left - one)
            other = subset ^ left ^ lower
            left = lower
            for lane in range(LANES):
                inside = best[other, lane]
                heaviest = row[lane]
                row[lane] = inside if inside > heaviest else heaviest
        for lane in range(LANES):
            weight[subset, lane] = weight[rest, lane] + powers[top, lane]
        for lane in range(LANES):
            quota[subset, lane] = quota[rest, lane] + quotas[top, lane]
        for lane in range(LANES):
            heaviest = row[lane]
            best[subset, lane] = weight[subset, lane] if heaviest <= quota[subset, lane] else heaviest
    for lane in range(LANES):
        least[lane] = weight[everybody, lane]
        mask[lane] = everybody
        row[lane] = quota[everybody, lane]
    for subset in range(everybody - one, np.uint64(0), -1):
        label = np.int32(subset)
        for lane in range(LANES):
            part = weight[subset, lane]
            rules = (best[subset, lane] == part) & (part > row[lane]) & (part <= least[lane])
            least[lane] = part if rules else least[lane]
            mask[lane] = label if rules else mask[lane]


@njit(error_model="numpy", nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
def list_self_enforcing(powers, n, num, den, weight, best, order):
    """List the self-enforcing coalitions of a circle by ascending power; returns how many there are.

    For callers that need the ruling coalition of a few subsets only (`lightest_winning`), at a seventh of the cost of
    `fill_ruling_table` at n = 9. Parameters as there: `weight` and `best` are int64[>= 2**n], `order` int32[>= 2**n], all
    written; subset X is self-enforcing iff best[X] == weight[X]. Ties in power stand in the order of their masks.
    """
    size = 1 << n
    weight[0] = 0
    best[0] = 0
    count = 0
    top = 0
    for subset in range(1, size):
        if subset == 1 << (top + 1):
            top += 1
        power = weight[subset ^ (1 << top)] + powers[top]
        weight[subset] = power
        heaviest = 0
        left = subset
        while left != 0:
            lower = left & (left - 1)
            inside = best[subset ^ left ^ lower]
            if inside > heaviest:
                heaviest = inside
            left = lower
        if den * heaviest <= num * power:
            best[subset] = power
            place = count
            while place > 0 and weight[order[place - 1]] > power:
                order[place] = order[place - 1]
                place -= 1
            order[place] = subset
            count += 1
        else:
            best[subset] = heaviest
    return count


@njit(error_model="numpy", nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
def lightest_winning(subset, num, den, weight, order, count):
    """The ruling coalition of one subset, from the list made by `list_self_enforcing`. Cost: a search and a short scan."""
    quota = num * weight[subset]
    low = 0
    high = count
    while low < high:
        middle = (low + high) >> 1
        if den * weight[order[middle]] > quota:
            high = middle
        else:
            low = middle + 1
    outside = ~subset
    while low < count:
        if (order[low] & outside) == 0:
            return int(order[low])
        low += 1
    return subset
