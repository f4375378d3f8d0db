"""The coalition game itself, solved by backward induction: an independent check on the axioms.

Theory. The ruling set is X. Its members propose in an order that nature draws; a proposer names a coalition P that holds
himself; the members of P vote; P passes when the yes-votes weigh more than a g(X). If P = X the game ends and X
rules. Otherwise X without P is thrown out and the game goes on inside P, each round costing the survivors a little. If all
proposers fail, X rules. A member thrown out gets nothing; a ruler gets his share g_i / g(R) less the cost of the rounds.
A voter says yes when he strictly prefers what follows acceptance; a proposer names what is best for himself, the lightest
such coalition among equals.

The theorem to check: for every order of proposers, the coalition that rules in the end is phi(N) (generic powers).

Cost: for each order, 2**n states times n proposers times 2**(n-1) proposals. Meant for n <= 6.
Source: Acemoglu, Egorov and Sonin (2008); the schedule as in their extensive form.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

from .inputs import majority as read_majority, measure, number, reject
from .results import Result

MOST_MEMBERS = 6


def solve_order(powers: Sequence[int | Fraction], share: Fraction, order: Sequence[int], cost: Fraction) -> tuple[int, int]:
    """(mask of who rules in the end, elimination rounds) when members propose in `order` within every ruling set."""
    n = len(powers)
    weight = [sum((powers[i] for i in range(n) if x >> i & 1), Fraction(0)) for x in range(1 << n)]
    outcome: list[tuple[int, int]] = [(0, 0)] * (1 << n)

    def payoff(i: int, end: tuple[int, int]) -> Fraction:
        rulers, rounds = end
        return powers[i] / weight[rulers] - cost * rounds if rulers >> i & 1 else Fraction(-1)

    for x in range(1, 1 << n):
        inside = [i for i in order if x >> i & 1]
        following = (x, 0)  # nobody was accepted: X rules
        for proposer in reversed(inside):
            choice, best = following, payoff(proposer, following)
            lightest = None
            part = x
            while part:
                if part >> proposer & 1:
                    end = (x, 0) if part == x else (outcome[part][0], outcome[part][1] + 1)
                    yes = sum((powers[i] for i in inside if part >> i & 1 and payoff(i, end) > payoff(i, following)), Fraction(0))
                    if yes > share * weight[x]:
                        gain = payoff(proposer, end)
                        if gain > best or (gain == best and lightest is not None and weight[part] < lightest):
                            choice, best, lightest = end, gain, weight[part]
                part = (part - 1) & x
            following = choice
        outcome[x] = following
    return outcome[(1 << n) - 1]


def coalition_game(powers: Any, majority: Any = "1/2", *, names: Sequence[str] | None = None, cost: Any = "1/1000000") -> Result:
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
        raise reject("powers", f"{n} members", f"at most {MOST_MEMBERS} for the game tree (use ruling_coalition)")
    counts: dict[tuple[int, int], int] = {}
    for order in permutations(range(n)):
        end = solve_order(circle.exact, share, order, epsilon)
        counts[end] = counts.get(end, 0) + 1
    rows = [(", ".join(circle.names[i] for i in range(n) if mask >> i & 1), rounds, times)
            for (mask, rounds), times in sorted(counts.items(), key=lambda kv: -kv[1])]
    return Result(title=f"Coalition game of {n} members by backward induction, majority {share}",
                  source="Acemoglu, Egorov and Sonin (2008), extensive form", columns=("rulers", "rounds", "orders of proposers"),
                  rows=rows, facts={"same for every order": len({r[0] for r in rows}) == 1})
