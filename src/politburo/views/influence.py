"""What each history drew for every coded value, so that a reader can see which of the soft values matter.

The coding of a history is fixed before its first month: run for no months at all, the engine leaves it in its state.
That costs some microseconds a history and needs nothing kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..case.arrays import TRAITS
from ..engine.ensemble import Engine
from .words import Words


@dataclass(frozen=True)
class Draws:
    """(H, V) values of the histories, with the name, the coded value, the error and the evidence of each column."""

    values: np.ndarray
    names: tuple[str, ...]
    coded: tuple[str, ...]
    error: tuple[str, ...]
    evidence: tuple[str, ...]


def draws(result: Any, numbers: np.ndarray) -> Draws | None:
    """The coded values and parameters of the histories with these numbers; None when none of them varies."""
    compiled = result.compiled
    words, case, world = Words(compiled), compiled.case, compiled.world
    call = getattr(result, "call", None)
    engine = Engine(world, compiled.parameters, 0, getattr(call, "mechanisms", None))
    rows = call.rows(numbers) if call is not None else compiled.particles[numbers % len(compiled.particles)]
    columns = _columns(compiled, words)
    values = np.empty((len(numbers), len(columns)))
    room = None
    for h, number in enumerate(numbers):
        kept, state = engine.run(int(number), rows[h : h + 1], room=room)
        room = (state, kept)
        people = state.people
        for k, (read, *_) in enumerate(columns):
            kind, i, j = read
            if kind == "trait":
                values[h, k] = getattr(people[i], TRAITS[j])
            elif kind == "ideal":
                values[h, k] = state.ideal[i, j]
            elif kind == "tie":
                values[h, k] = state.affinity[i, j]
            else:
                values[h, k] = people[i].seats
    varying = [k for k in range(len(columns)) if np.ptp(values[:, k]) > 1e-9]
    parameters = [k for k in range(rows.shape[1]) if np.ptp(rows[:, k]) > 1e-12]
    if not varying and not parameters:
        return None
    described = [columns[k][1:] for k in varying]
    for k in parameters:
        p = case.parameters[compiled.parameters[k]]
        name = compiled.parameters[k].replace("_", " ")
        described.append(
            (
                f"Parameter {name}: {p.means}",
                f"{p.value:.3g}",
                f"{p.low:.3g} to {p.high:.3g}",
                words.evidence(p.evidence),
            )
        )
    table = np.hstack([values[:, varying], rows[:, parameters]])
    return Draws(table, *(tuple(column) for column in zip(*described, strict=True)))


def _columns(compiled: Any, words: Words) -> list[tuple[tuple[str, int, int], str, str, str, str]]:
    """Every coded value with an error: how it is read from the state, its name, value, error, evidence."""
    world, case, out = compiled.world, compiled.case, []
    for i, key in enumerate(compiled.people):
        person, name = case.people[key], words.person(i)
        for j, trait in enumerate(TRAITS):
            if world.trait_error[i, j] > 0:
                coded = person.traits.get(trait)
                out.append(
                    (
                        ("trait", i, j),
                        f"{name}: {trait}",
                        f"{world.trait[i, j]:.2f}",
                        f"{world.trait_error[i, j]:.2f}",
                        _label(words, coded),
                    )
                )
        for j, issue in enumerate(compiled.issues):
            if world.ideal_error[i, j] > 0:
                coded = person.positions.get(issue)
                label = f"{name}: position on {words.issues[j][:1].lower() + words.issues[j][1:]}"
                out.append(
                    (
                        ("ideal", i, j),
                        label,
                        f"{world.ideal[i, j]:+.2f}",
                        f"{world.ideal_error[i, j]:.2f}",
                        _label(words, coded),
                    )
                )
        if world.bloc_error[i] > 0 and world.bloc[i] > 0:
            rows = [b for b in case.blocs if b.person == key and b.committee is not None]
            label = f"{name}: share of the {words.committee}'s seats at the start"
            out.append(
                (
                    ("seats", i, 0),
                    label,
                    f"{world.bloc[i]:.2f}",
                    f"{world.bloc_error[i]:.2f}",
                    _label(words, rows[0] if rows else None),
                )
            )
    for tie in case.ties:
        a, b = compiled.people.index(tie.from_), compiled.people.index(tie.to)
        if world.tie_error[a, b] > 0:
            label = f"Tie of {words.person(a)} to {words.person(b)}"
            out.append((("tie", a, b), label, f"{tie.value:+.2f}", f"{tie.error:.2f}", _label(words, tie)))
    return out


def _label(words: Words, coded: Any) -> str:
    return words.evidence(coded.evidence) if coded is not None else "assumed"
