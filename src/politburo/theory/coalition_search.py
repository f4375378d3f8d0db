"""Ruling coalitions of more than 30 different members: an exact search that may have to say "not proved".

Two ways, both exact when they answer.

*Size rule.* When powers are so near one another that a coalition's size decides who wins, the sizes of
self-enforcing coalitions are k_1 = 1, k_m = floor(k_{m-1}/a) + 1 and phi(N) is the k lightest members, k the
largest such size within the circle. `by_size_rule` checks the condition for every pair of sizes before it
answers.

*Killers.* Coalitions are listed in ascending power from a g(N) on (the sums of two halves, sorted, met in the
middle). A candidate holding a known self-enforcing W with g(W) > a g(candidate) is skipped; otherwise the
subset table is run on its strongest members, then more of them, until a self-enforcing winning part turns up,
a new killer, or none does: then the candidate is phi(N), because every lighter one has been ruled out. A
candidate of more than 30 members is settled by the same search inside it.

Cost is bimodal: well under a second or practically never. Memory: two halves of 2**(n/2) sums, so n <= 44.
Source: the definition is Acemoglu, Egorov and Sonin's (2008); the search is this project's.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numba import njit

from .coalition_kernel import fill_ruling_table
from .coalition_table import LEAST_MEMBERS, CoalitionTable
from .compiling import call

MOST_MEMBERS = 44
TABLE_MEMBERS = 30
WINDOW = 2_000_000
_STEPS = (10, 14, 18, 20, 22, 24, 26, 28, 30)


@dataclass(frozen=True)
class Searched:
    """`mask` is phi(N) when `proved`; otherwise the lightest winning self-enforcing coalition met so far (0:
    none).
    """

    mask: int
    proved: bool
    method: str
    candidates: int
    killers: int


@njit(cache=True, error_model="numpy", nogil=True)
def _window(first, second, low, high, sums, left, right):
    """Pairs (i, j) with low < first[i] + second[j] <= high, both sorted; only counted when `sums` is too
    short.
    """
    count = 0
    begin = second.size
    end = second.size
    for i in range(first.size):
        while begin > 0 and first[i] + second[begin - 1] > low:
            begin -= 1
        while end > 0 and first[i] + second[end - 1] > high:
            end -= 1
        for j in range(begin, end):
            if count < sums.size:
                sums[count] = first[i] + second[j]
                left[count] = i
                right[count] = j
            count += 1
        if sums.size == 0 and count > 100_000_000:
            break
    return count


@njit(cache=True, error_model="numpy", nogil=True)
def _first_alive(masks, sums, start, killers, weights, count, num):
    """Index of the first candidate from `start` on that no killer rules out; killers that hit move to the
    front.
    """
    for at in range(start, masks.size):
        mask = masks[at]
        quota = num * sums[at]
        dead = False
        for k in range(count):
            if killers[k] & ~mask == 0 and weights[k] > quota:
                dead = True
                if k > 0:
                    to = k // 2
                    killers[k], killers[to] = killers[to], killers[k]
                    weights[k], weights[to] = weights[to], weights[k]
                break
        if not dead:
            return at
    return masks.size


def by_size_rule(powers: list[int], share: Fraction) -> int | None:
    """phi(N) as a mask when sizes alone decide every contest, None when they do not (or the answer needs a
    sum search).
    """
    num, den = share.numerator, share.denominator
    n = len(powers)
    order = sorted(range(n), key=lambda i: (powers[i], i))
    prefix = [0]
    for i in order:
        prefix.append(prefix[-1] + powers[i])

    def lightest(k: int) -> int:
        return prefix[k]

    def heaviest(k: int) -> int:
        return prefix[n] - prefix[n - k]

    sizes = [1]
    while sizes[-1] <= n:
        sizes.append(num and den * sizes[-1] // num + 1)
    sizes = [k for k in sizes if k <= n]
    for x in range(2, n + 1):
        for y in sizes:
            if y >= x:
                continue
            if den * y < num * x:  # never wins: the heaviest y against the lightest x - y others
                if den * heaviest(y) > num * (heaviest(y) + lightest(x - y)):
                    return None
            elif den * y > num * x:  # always wins: the lightest y against the heaviest x - y others
                if den * lightest(y) <= num * (lightest(y) + heaviest(x - y)):
                    return None
            elif (
                len(set(powers)) < n or x == n
            ):  # sizes at exactly the share: the heavier part wins unless all are equal
                return None
    return sum(1 << i for i in order[: sizes[-1]])


def search(
    powers: list[int],
    share: Fraction,
    exact_wins: bool = False,
    seconds: float = 60.0,
    largest_table: int = TABLE_MEMBERS,
) -> Searched:
    """phi(N) by the size rule, or by killers within `seconds`.

    Parameters
    ----------
    powers : list of int
        Whole powers; den times their sum must fit 63 bits.
    share : Fraction
    exact_wins : bool
        Whether exactly the share wins.
    largest_table : int
        Candidates with more members are settled by recursion (lowered in tests to force it).
    """
    if not exact_wins:
        mask = by_size_rule(powers, share)
        if mask is not None:
            return Searched(mask, True, "size rule", 0, 0)
    hunt = _Hunt(powers, share, exact_wins, time.monotonic() + seconds, largest_table)
    mask, proved = hunt.run((1 << len(powers)) - 1)
    return Searched(mask, proved, "killer search", hunt.candidates, hunt.count)


class _Hunt:
    def __init__(self, powers, share, exact_wins, deadline, largest_table):
        self.powers, self.num, self.den = list(powers), share.numerator, share.denominator
        self.share, self.exact_wins, self.deadline = share, exact_wins, deadline
        self.largest_table = largest_table
        self.killers = np.zeros(1 << 12, np.int64)
        self.weights = np.zeros(1 << 12, np.int64)
        self.count = 0
        self.candidates = 0

    def power(self, mask: int) -> int:
        return sum(p for i, p in enumerate(self.powers) if mask >> i & 1)

    def learn(self, mask: int) -> None:
        if self.count == self.killers.size:
            self.killers = np.concatenate([self.killers, np.zeros_like(self.killers)])
            self.weights = np.concatenate([self.weights, np.zeros_like(self.weights)])
        self.killers[self.count] = mask
        self.weights[self.count] = self.den * self.power(mask) + int(self.exact_wins)
        self.count += 1

    def lightest_part(self, members: list[int], needed: int) -> int:
        """Mask of the lightest self-enforcing coalition of these members with den g above `needed`, 0 when
        none.
        """
        chosen = [self.powers[i] for i in members]
        if len(members) >= LEAST_MEMBERS:
            mask = CoalitionTable(chosen, self.share, self.exact_wins).lightest_above(needed)
        else:
            size = 1 << len(members)
            weight, best = np.zeros(size, np.int64), np.zeros(size, np.int64)
            ruling, order = np.zeros(size, np.int32), np.zeros(size, np.int32)
            count = call(
                fill_ruling_table,
                np.array(chosen, np.int64),
                len(members),
                self.num,
                self.den,
                weight,
                ruling,
                order,
                best,
            )
            mask = next((int(m) for m in order[:count] if self.den * int(weight[m]) > needed), 0)
        return sum(1 << i for k, i in enumerate(members) if mask >> k & 1)

    def self_enforcing(self, mask: int) -> bool | None:
        """Whether the coalition is self-enforcing; None when time ran out. Learns a killer when it is not."""
        needed = self.num * self.power(mask) - int(self.exact_wins)
        members = sorted((i for i in range(len(self.powers)) if mask >> i & 1), key=lambda i: -self.powers[i])
        for step in [s for s in _STEPS if s < min(len(members), self.largest_table)] + [
            min(len(members), self.largest_table)
        ]:
            part = self.lightest_part(members[:step], needed)
            if part == mask:
                return True
            if part:
                self.learn(part)
                return False
            if time.monotonic() > self.deadline:
                return None
        found, proved = self.run(mask)
        if not proved:
            return None
        if found != mask:
            self.learn(found)
        return found == mask

    def run(self, inside: int) -> tuple[int, bool]:
        """phi of the coalition `inside`, and whether it is proved."""
        members = [i for i in range(len(self.powers)) if inside >> i & 1]
        if len(members) > MOST_MEMBERS:
            return self.best_known(inside), False
        total = self.power(inside)
        quota = self.num * total - int(self.exact_wins)
        halves = []
        for part in (members[::2], members[1::2]):
            sums, masks = np.zeros(1, np.int64), np.zeros(1, np.int64)
            for i in part:
                sums = np.concatenate([sums, sums + self.powers[i]])
                masks = np.concatenate([masks, masks | np.int64(1 << i)])
            order = np.argsort(sums, kind="stable")
            halves.append((sums[order], masks[order]))
        (first, first_masks), (second, second_masks) = halves
        low, width = quota // self.den, max(1, total >> 20)
        none = np.zeros(0, np.int64)
        while low < total:
            high = min(low + width, total)
            size = call(_window, first, second, low, high, none, none, none)
            if size > WINDOW and width > 1:
                width = max(1, width // 4)
                continue
            if size > 50 * WINDOW or time.monotonic() > self.deadline:
                return self.best_known(inside), False
            sums, left, right = (np.zeros(size, np.int64) for _ in range(3))
            if size:
                call(_window, first, second, low, high, sums, left, right)
                order = np.argsort(sums, kind="stable")
                sums, masks = sums[order], (first_masks[left] | second_masks[right])[order]
                at = 0
                while True:
                    at = call(_first_alive, masks, sums, at, self.killers, self.weights, self.count, self.num)
                    if at == size:
                        break
                    if int(masks[at]) == inside:
                        return inside, True
                    verdict = self.self_enforcing(int(masks[at]))
                    if verdict:
                        return int(masks[at]), True
                    if verdict is None or time.monotonic() > self.deadline:
                        return self.best_known(inside), False
                self.candidates += size
            low = high
            if size < WINDOW // 8:
                width *= 4
        return inside, True

    def best_known(self, inside: int) -> int:
        quota = self.num * self.power(inside) - int(self.exact_wins)
        winning = [
            int(m)
            for m in self.killers[: self.count]
            if int(m) & ~inside == 0 and self.den * self.power(int(m)) > quota
        ]
        return min(winning, key=self.power, default=0)
