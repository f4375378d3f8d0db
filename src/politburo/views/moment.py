"""One month of a history in full: what stands at its start, and why each bloc votes as it does.

The state at the start of a month is had by running the same history again up to that month: luck is keyed, so it is
the same history. The terms of a vote are the ones of the mechanism `motions` (its docstring has the formulas); what
the trace does not hold is solved from the chance that it does hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

from ..case.compile import Compiled
from ..engine.ensemble import Engine, parameter_table
from ..engine.mechanisms.coalition import fear_of
from ..engine.month import STANDARD
from ..engine.standing import cohesion
from .replay import Scene, Vote, members
from .words import Words, count, percent, series, upper


@dataclass(frozen=True)
class Seat:
    """A member of the circle at the start of the month."""

    name: str
    full: bool
    inside: bool
    seen: float  # share of the power that the full members see
    power: float  # share of their true power
    seats: float
    cadres: float
    offices: str
    remark: str


@dataclass(frozen=True)
class Moment:
    """The start of a month: the circle, and the numbers that everybody lives with."""

    month: int
    seats: tuple[Seat, ...]
    facts: tuple[tuple[str, str], ...]
    fear: float
    world: Any
    parameters: Any
    state: Any


def _plain(function: Any) -> Any:
    """The Python form of an engine function and of those that it calls: the compiled ones cannot be called from Python."""
    plain = getattr(function, "py_func", function)
    called = {name: plain.__globals__.get(name) for name in plain.__code__.co_names}
    called = {name: _plain(value) for name, value in called.items() if hasattr(value, "py_func")}
    return FunctionType(plain.__code__, {**plain.__globals__, **called}) if called else plain


def moment(
    compiled: Compiled,
    history: int,
    month: int,
    row: np.ndarray,
    mechanisms: Sequence[str | Path] | None = None,
) -> Moment:
    """Run history `history` with its row of parameters up to the start of month number `month` and look."""
    engine = Engine(compiled.world, compiled.parameters, month, mechanisms)
    _, state = engine.run(history, row[None, :])
    words, people, now = Words(compiled), state.people, state.now[0]
    full = [i for i in range(len(people)) if people[i].alive == 1 and people[i].circle == 2]
    seen = sum(people[i].seen for i in full) or 1.0
    power = sum(people[i].power for i in full) or 1.0
    seats = []
    for i in range(len(people)):
        m = people[i]
        if m.alive != 1 or m.circle == 0:
            continue
        held = [words.posts[j] for j in range(len(words.posts)) if state.office[j].holder == i]
        held += [f"heads {words.places[r]}" for r in range(len(words.places)) if state.local[r].boss == i]
        remarks = [words.fates[int(m.rung)]] if m.rung > 0 else []
        if m.organised:
            remarks.append("in open opposition")
        if m.attendance < 0.95:
            remarks.append(f"ill, attends {percent(m.attendance)}")
        seats.append(
            Seat(
                words.person(i), bool(m.circle == 2), bool(m.side == 1), m.seen / seen if m.circle == 2 else 0.0,
                m.power / power if m.circle == 2 else 0.0, float(m.seats), float(m.cadres), "; ".join(held), series(remarks),
            )
        )  # fmt: skip
    seats.sort(key=lambda s: (not s.full, -s.power, -s.seats))
    facts = [
        (upper(f"officials' opinion on {name.lower()} (-1 to 1)"), f"{state.opinion[k]:+.2f}")
        for k, name in enumerate(words.issues)
    ]
    facts += [
        (f"Seats of the {words.committee} attached to nobody", percent(float(now.free_seats))),
        ("Fear (0 to 1)", f"{now.fear:.2f}"), ("Suspicion", f"{now.suspicion:.2f}"), ("Grievance (0 to 1)", f"{now.grievance:.2f}"),
        ("Highest sanction ever used", words.fates[int(now.precedent)] if now.precedent else "none"),
    ]  # fmt: skip
    table = parameter_table(compiled.parameters, row[None, :])
    return Moment(month, tuple(seats), tuple(facts), float(now.fear), engine._form, table[0], state)


def standard(mechanisms: Sequence[str | Path] | None) -> bool:
    """Whether the month is made of the engine's own mechanisms, so that their terms may be named."""
    return mechanisms is None or set(map(str, mechanisms)) <= set(STANDARD)


def details(compiled: Compiled, scene: Scene, at: Moment) -> list[str]:
    """The terms behind a scene, a line each; empty where there are none to show."""
    words = Words(compiled)
    if scene.votes:
        return _vote_lines(words, scene, at)
    if scene.kind == "coalition":
        return _coalition_lines(words, scene, at)
    return []


def _logit(chance: float) -> float:
    chance = min(max(chance, 1e-9), 1 - 1e-9)
    return log(chance / (1 - chance))


def _without_fear(chance: float, scene: Scene, at: Moment) -> float:
    """The chance before fear of a sole ruler raised it."""
    if scene.before.ruler < 0 or at.fear >= 1.0:
        return chance
    return max(0.0, (chance - at.fear) / (1 - at.fear))


def _vote_lines(words: Words, scene: Scene, at: Moment) -> list[str]:
    target = int(scene.first["target"])
    large = [v for v in scene.votes if v.seats >= 0.003 or v.who in (-1, target)]
    small = [v for v in scene.votes if v not in large]
    lines = [_vote_line(words, v, target, scene, at) for v in sorted(large, key=lambda v: -v.seats)]
    if small:
        seats = sum(v.seats for v in small)
        chance = sum(v.seats * v.chance for v in small) / seats if seats > 0 else 0.0
        lines.append(
            f"{count(len(small), 'small bloc')} together, {percent(seats, 1)} of the seats: {percent(chance)} for."
        )
    if scene.before.ruler >= 0:
        lines.append(f"Fear of the ruler turns {percent(at.fear)} of those who would vote against.")
    return lines


def vote_terms(words: Words, v: Vote, scene: Scene, at: Moment) -> list[tuple[str, float]]:
    """The terms whose sum, through the logistic function, is the chance of a vote for (before fear of a ruler raises it).

    Terms that the trace does not hold (standing, the cost of company) are solved from that chance; for a bloc of the
    coalition nothing is left to solve.
    """
    secret = words.compiled.world.rule[0]["committee_secret"] == 1
    p, chance = at.parameters, v.chance if secret else _without_fear(v.chance, scene, at)
    target, rung = int(scene.first["target"]), int(scene.first["a"])
    name = words.person(target)
    if v.who < 0:
        terms = [
            ("weight of the sanction", -p.severity * rung),
            ("distance from officials' opinion", v.affinity),
            *([] if secret else [("command of the machine", 4.0 * v.risk)]),
        ]
        if words.compiled.world.rule[0]["ban_on_factions"] == 1:
            terms.append(("ban on factions", p.ban * (1.0 if target in scene.before.organised else 0.3)))
        return [
            (f"standing of the movers against {name}", _logit(chance) - sum(value for _, value in terms)),
            *terms,
        ]
    if secret:  # nobody is held to his side
        terms = [("weight of the sanction", -p.severity * (rung - 3))] if rung > 3 else []
        terms += [("would be next", -p.dread * v.risk)] if v.risk else []
        cost = f"what company with {name} costs (tie {v.affinity:+.2f})"
        return [(cost, _logit(chance) - sum(value for _, value in terms)), *terms]
    terms = [("stands with the coalition", 3.0), (f"tie to {name} ({v.affinity:+.2f})", -3.0 * v.affinity)]
    if rung > 3:
        terms.append(("weight of the sanction", -p.severity * (rung - 3)))
    if v.risk:
        terms.append(("would be next", -p.dread * v.risk))
    if abs(1.0 / (1.0 + exp(-sum(value for _, value in terms))) - chance) < 2e-3:
        return terms
    return [
        ("stands outside", -2.0),
        (f"what company with {name} costs (tie {v.affinity:+.2f})", _logit(chance) + 2.0),
    ]


def _vote_line(words: Words, v: Vote, target: int, scene: Scene, at: Moment) -> str:
    whose = "Seats attached to nobody" if v.who < 0 else words.person(v.who)
    head = f"{whose}, {percent(v.seats, 1)} of the seats: {percent(v.chance)} for"
    if v.who == target:
        return head + " (the person concerned)."
    return (
        f"{head} ({', '.join(f'{label} {value:+.2f}' for label, value in vote_terms(words, v, scene, at))})."
    )


def _coalition_lines(words: Words, scene: Scene, at: Moment) -> list[str]:
    """For each full member: what the coalition gains by shutting him out, and what his company costs it."""
    numbered = scene.before.full()[:12]
    chosen = members(scene.first["c"], numbered)
    p, s, w, m = at.parameters, at.state, at.world, at.state.people
    total = sum(m[i].seen for i in numbered) or 1.0
    fear, cost = _plain(fear_of), _plain(cohesion)
    lines = [
        f"The whole is worth {scene.first['a']:.2f} to its members, weighted by power. By the figures of the month's start:"
    ]
    for j in sorted(numbered, key=lambda i: (i not in chosen, -m[i].seen)):
        others = [i for i in chosen if i != j]
        weight = sum(m[i].seen for i in others)
        if weight <= 0:
            continue
        costs = {i: cost(w, p, s, i, j) for i in others}
        gain = sum(m[i].seen * fear(p, s, i, j, total, costs[i]) for i in others) / weight
        company = sum(m[i].seen * costs[i] for i in others) / weight
        lines.append(
            f"{words.person(j)}, {'inside' if j in chosen else 'outside'}: seen to hold {percent(m[j].seen / total)} of the power;"
            f" shutting {words.person(j)} out is worth {gain:.2f} to those inside, company costs {company:+.2f}."
        )
    return lines
