"""Three men: Caplow, Gamson and the ruling-coalition theory side by side.

Powers A, B, C. *Caplow* (1956): each prefers to control others; he joins where he would be superior or equal
to his partner and the pair superior to the third. *Gamson* (1961): payoffs in proportion to resources, so the
cheapest winning pair forms. The *ruling coalition* of Acemoglu, Egorov and Sonin (2008): the lightest winning
coalition that is itself stable. The first two expect pairs, the third expects all three to hang on whenever
no one dominates, because any pair would end in one man: an identifying test.

Predictions of Caplow and Gamson for the eight types are cited from memory of the works and checked by rule
here; ties make the third theory set-valued, and the table says so. Cost: constant."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

from .coalition import ruling_coalition
from .inputs import Measure, measure, reject
from .results import Result

TYPES: tuple[tuple[str, tuple[int, int, int]], ...] = (
    ("A=B=C", (1, 1, 1)),
    ("A>B=C, A<B+C", (3, 2, 2)),
    ("A<B=C", (2, 3, 3)),
    ("A>B+C, B=C", (3, 1, 1)),
    ("A>B>C, A<B+C", (4, 3, 2)),
    ("A>B>C, A>B+C", (4, 2, 1)),
    ("A=B+C, B>C", (4, 3, 1)),
    ("A=B+C, B=C", (2, 1, 1)),
)


def caplow(powers: tuple[Fraction, ...]) -> list[tuple[int, ...]]:
    """Pairs that Caplow's rule admits: both partners gain control and neither would rather have the other
    pair.
    """
    whole = sum(powers)
    if max(powers) * 2 > whole:
        return []

    def gains(i: int, j: int) -> int:
        """How much of others i controls when paired with j: the third (pair stronger than him), the partner
        (i stronger).
        """
        third = 3 - i - j
        alone = sum(powers[i] > powers[k] for k in (j, third))
        return (powers[i] + powers[j] > powers[third]) + (powers[i] >= powers[j]) - alone

    def control(i: int, j: int) -> tuple[int, int]:
        """i's standing in the pair (superior 2, equal 1, inferior 0) and whether the pair controls the third."""
        third = 3 - i - j
        standing = 2 if powers[i] > powers[j] else 1 if powers[i] == powers[j] else 0
        return (int(powers[i] + powers[j] > powers[third]), standing)

    admitted = []
    for i, j in combinations(range(3), 2):
        third = 3 - i - j
        if powers[i] + powers[j] <= powers[third] or gains(i, j) < 0 or gains(j, i) < 0:
            continue
        blocked = False
        for me, partner in ((i, j), (j, i)):
            # would `me` and the third both rather pair with each other?
            if control(me, third) > control(me, partner) and control(third, me) >= max(
                control(third, me), control(third, partner)
            ):
                blocked = True
        if not blocked:
            admitted.append((i, j))
    return admitted


def gamson(powers: tuple[Fraction, ...]) -> list[tuple[int, ...]]:
    """The cheapest winning pairs; none when one man outweighs the other two."""
    whole = sum(powers)
    if max(powers) * 2 > whole:
        return []
    pairs = [p for p in combinations(range(3), 2) if 2 * (powers[p[0]] + powers[p[1]]) > whole]
    cheapest = min(powers[i] + powers[j] for i, j in pairs)
    return [p for p in pairs if powers[p[0]] + powers[p[1]] == cheapest]


def triad_type(powers: tuple[Fraction, ...]) -> int:
    """Caplow's type, 1 to 8, of three powers sorted as the types are written."""
    for number, (_, example) in enumerate(TYPES, 1):

        def pattern(p: tuple) -> tuple:
            a, b, c = p
            return ((a > b) - (a < b), (b > c) - (b < c), (a > c) - (a < c), (a > b + c) - (a < b + c))

        for order in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)):
            if pattern(tuple(powers[k] for k in order)) == pattern(example):
                return number
    raise reject("powers", str(tuple(map(str, powers))), "one of Caplow's eight types")


def _pairs(names: tuple[str, ...], pairs: list[tuple[int, ...]]) -> str:
    return (
        " or ".join(
            "".join(names[k] for k in p)
            if all(len(n) == 1 for n in names)
            else " + ".join(names[k] for k in p)
            for p in pairs
        )
        or "none"
    )


def triad(powers: Any, names: Any = None) -> Result:
    """The three theories on one triad.

    Parameters
    ----------
    powers : three positive numbers
    names : three names, optional

    Returns
    -------
    Result
        One row a theory. `facts`: Caplow's type.
    """
    circle: Measure = measure(powers, names)
    if len(circle.names) != 3:
        raise reject("powers", f"{len(circle.names)} members", "three")
    p = circle.exact
    ruling = ruling_coalition(circle)
    many = " or ".join(("" if all(len(n) == 1 for n in t) else " + ").join(t) for t in ruling.tied)
    rows = [
        ("Caplow (1956)", _pairs(circle.names, caplow(p))),
        ("Gamson (1961)", _pairs(circle.names, gamson(p))),
        ("Acemoglu, Egorov and Sonin (2008)", many),
    ]
    return Result(
        title="Three theories of a triad",
        source="Caplow, Gamson, Acemoglu-Egorov-Sonin",
        columns=("theory", "prediction"),
        rows=rows,
        facts={"type": f"{triad_type(p)} ({TYPES[triad_type(p) - 1][0]})"},
        notes=ruling.notes,
    )


def triad_table() -> Result:
    """The eight types, with representative powers, under the three theories."""
    rows = []
    for number, (pattern, powers) in enumerate(TYPES, 1):
        one = triad(powers)
        ruling = ruling_coalition(powers)
        note = "tie" if ruling.n_tied > 1 else "exact share" if ruling.n_exact_shares else "generic"
        rows.append((number, pattern, " ".join(map(str, powers)), *one.column("prediction"), note))
    return Result(
        title="Caplow's eight triads",
        source="Caplow, Gamson, Acemoglu-Egorov-Sonin",
        columns=("type", "pattern", "powers", "Caplow", "Gamson", "ruling coalition", "note"),
        rows=rows,
    )
