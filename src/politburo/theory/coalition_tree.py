"""The coalition game itself, solved by backward induction: an independent check on the axioms.

Theory. The ruling set is X. Its members propose in an order that nature draws; a proposer names a coalition P
that holds himself; the members of P vote; P passes when the yes-votes weigh more than a g(X). If P = X the
game ends and X rules. Otherwise X without P is thrown out and the game goes on inside P, each round costing
the survivors a little. If all proposers fail, X rules. A member thrown out gets nothing; a ruler gets his
share g_i / g(R) less the cost of the rounds. A voter says yes when he strictly prefers what follows
acceptance; a proposer names what is best for himself, the lightest such coalition among equals.

The theorem to check: for every order of proposers, the coalition that rules in the end is phi(N) (generic
powers).

Cost: for each ordered subset, its members times its parts; 2,000 ordered subsets at n = 6, the most.
Source: Acemoglu, Egorov and Sonin (2008); the schedule as in their extensive form.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from math import lcm
from typing import Any

from .inputs import majority as read_majority
from .inputs import measure, number, reject
from .results import Result

MOST_MEMBERS = 6


class _Tree:
    """Outcomes of one circle. What happens inside a ruling set depends only on the order of its own members,
    so it is kept.
    """

    def __init__(self, powers: Sequence[Fraction], share: Fraction, cost: Fraction):
        n = len(powers)
        scale = lcm(*(p.denominator for p in powers))
        g = [int(p * scale) for p in powers]
        self.weight = [sum(g[i] for i in range(n) if x >> i & 1) for x in range(1 << n)]
        # shares of every ruling set on one whole scale, so that payoffs compare as integers
        unit = lcm(*self.weight[1:]) * cost.denominator
        self.worth = [
            [g[i] * unit // w if w and x >> i & 1 else None for x, w in enumerate(self.weight)]
            for i in range(n)
        ]
        self.round_cost = int(cost * unit)
        self.g, self.num, self.den = g, share.numerator, share.denominator
        self.known: dict[tuple[int, ...], tuple[int, int]] = {}

    def payoff(self, i: int, end: tuple[int, int]) -> int:
        worth = self.worth[i][end[0]]
        return -1 if worth is None else worth - self.round_cost * end[1]

    def outcome(self, order: tuple[int, ...]) -> tuple[int, int]:
        """(mask of who rules in the end, elimination rounds) inside the ruling set `order`, proposers in that
        order.
        """
        if order in self.known:
            return self.known[order]
        x = sum(1 << i for i in order)
        ends = {x: (x, 0)}
        part = (x - 1) & x
        while part:
            rulers, rounds = self.outcome(tuple(i for i in order if part >> i & 1))
            ends[part] = (rulers, rounds + 1)
            part = (part - 1) & x
        following = (x, 0)  # nobody was accepted: X rules
        needed = self.num * self.weight[x]
        for proposer in reversed(order):
            waiting = {i: self.payoff(i, following) for i in order}
            choice, best, lightest = following, waiting[proposer], None
            for part, end in ends.items():
                if not part >> proposer & 1:
                    continue
                yes = sum(self.g[i] for i in order if part >> i & 1 and self.payoff(i, end) > waiting[i])
                if self.den * yes > needed:
                    gain = self.payoff(proposer, end)
                    if gain > best or (
                        gain == best and lightest is not None and self.weight[part] < lightest
                    ):
                        choice, best, lightest = end, gain, self.weight[part]
            following = choice
        self.known[order] = following
        return following


def coalition_game(
    powers: Any, majority: Any = "1/2", *, names: Sequence[str] | None = None, cost: Any = "1/1000000"
) -> Result:
    """Who rules in the extensive-form game, for every order of proposers.

    Parameters
    ----------
    powers, majority, names
        As in `ruling_coalition`; at most 6 members.
    cost : number
        What each round of elimination costs a survivor (small: the theorem is for small costs).

    Returns
    -------
    Result
        One row for each different outcome: rulers, rounds, number of orders. `facts["same for every order"]`.
    """
    circle = measure(powers, names)
    share = read_majority(majority)
    epsilon = number(cost, "cost", "a small positive number", low=0)
    n = len(circle.names)
    if n > MOST_MEMBERS:
        raise reject(
            "powers", f"{n} members", f"at most {MOST_MEMBERS} for the game tree (use ruling_coalition)"
        )
    counts: dict[tuple[int, int], int] = {}
    tree = _Tree(circle.exact, share, epsilon)
    for order in permutations(range(n)):
        end = tree.outcome(order)
        counts[end] = counts.get(end, 0) + 1
    rows = [
        (", ".join(circle.names[i] for i in range(n) if mask >> i & 1), rounds, times)
        for (mask, rounds), times in sorted(counts.items(), key=lambda kv: -kv[1])
    ]
    return Result(
        title=f"Coalition game of {n} members by backward induction, majority {share}",
        source="Acemoglu, Egorov and Sonin (2008), extensive form",
        columns=("rulers", "rounds", "orders of proposers"),
        rows=rows,
        facts={"same for every order": len({r[0] for r in rows}) == 1},
    )
