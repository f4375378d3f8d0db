"""Rival mechanisms: other theories for the same slot of the month, and the parameters that they bring along.

A rival of the mechanism `coalition` is a mechanism named `coalition_<rival>`. It reads the same state and writes the same fields, so it takes the
other's place in the list and nothing else changes. Parameters that no case has are declared by the module itself, in OWN: name -> the keys of an entry of
parameters.yaml, with a prior range and the label `assumed`. `lend` gives them to a case that lacks them. In a case with a posterior every
particle gets a value of its own, spread evenly over the prior range, so that what nobody fitted enters with its whole width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ...case.aims import Parameter
from ...case.posterior import Posterior
from ...case.schema import Case
from ...engine import month

#: Slots for which the engine ships rivals, and what people call them.
SLOTS = {"patronage": "appointments", "coalition": "coalition", "motions": "motions", "congress": "congress", "purge": "purge"}


def rivals(slot: str) -> tuple[str, ...]:
    """The mechanisms that can take this slot of the standard month, itself first."""
    return (slot, *(name for name in month.names("politics") if name.startswith(f"{slot}_")))


def short(name: str) -> str:
    """`contest` for `coalition_contest`, `standard` for `coalition`."""
    return "standard" if name in month.STANDARD else name.split("_", 1)[1]


def slot_of(word: str) -> str | None:
    """The slot that a word names: its own name or what people call it."""
    return word if word in SLOTS else next((slot for slot, said in SLOTS.items() if said == word), None)


def own_parameters(entries: Sequence[str | Path]) -> dict[str, Parameter]:
    """The parameters that these mechanisms declare themselves, as entries of a case."""
    found = {}
    for entry in entries:
        mech = month.mechanism(entry)
        for name, keys in getattr(mech.module, "OWN", {}).items():
            found[name] = Parameter.model_validate({"mechanism": mech.name, **keys})
    return found


def lend(case: Case, entries: Sequence[str | Path]) -> Case:
    """The case with the parameters that its mechanisms declare themselves and it lacks; the same case when there are none."""
    missing = {name: p for name, p in own_parameters(entries).items() if name not in case.parameters}
    if not missing:
        return case
    posterior = case.posterior
    if posterior is not None:
        columns = [spread(p, len(posterior), at) for at, p in enumerate(missing.values())]
        values = np.column_stack([*columns, posterior.values])
        values.flags.writeable = False
        posterior = Posterior((*missing, *posterior.names), values, posterior.weights)
    # In front of the others: a row of parameters that only goes on where another ends would pass for it in the compiler's eyes.
    return replace(case, parameters=MappingProxyType({**missing, **case.parameters}), posterior=posterior)


def spread(p: Parameter, count: int, at: int) -> np.ndarray:
    """`count` values spread evenly over a prior range, in an order that hangs together with nothing (a golden-section sequence)."""
    unit = (0.5 + 0.6180339887498949 * np.arange(1, count + 1) + 0.3819660112501051 * at) % 1.0
    # Ranks instead of the sequence itself: exactly one value in each of `count` equal parts.
    unit = (np.argsort(np.argsort(unit)) + 0.5) / count
    return p.low * (p.high / p.low) ** unit if p.scale == "log" else p.low + unit * (p.high - p.low)
