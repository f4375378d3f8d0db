"""Hundreds of arms from a few compiled cases: single changes overlaid, where each entry of an array has one value behind it.

An explanation of k causes has 2**k arms; to validate and compile each of them from the files takes a tenth of a second, as long as a
hundred histories. But in most arrays of a world every entry is made from one value of the case (a trait, a tie, a power of a
post, a month of a signal, a parameter's column), so that the arm of two changes is the base with the bytes that each of them
changes alone. That is used only where it is sure:

- the change alone alters nothing but such arrays (`APART`) or columns of parameters, in unchanged shapes, with the same
  mechanisms, and touches no target or outcome;
- no byte is altered by two changes;
- the arm of all such changes, overlaid, is bit for bit the one that is compiled from the files.

Every other change is compiled from the files, in each combination with its like. The worlds are those of `Arm.call`, bit for
bit (tested); the identity of an overlaid call is not asked for, `lab.answers.world_key` names it instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ...case.schema import Case
from ...case.values import Month
from .arms import Arm
from .changes import Change
from ..ensembles.provenance import Call

#: Arrays of a world whose every entry is made from one value of the case, and not from several together.
APART = ("trait", "trait_error", "ideal", "ideal_error", "tie", "tie_error", "post", "signal", "document", "salt")


@dataclass(frozen=True)
class Composer:
    """Calls of a case under any of some changes."""

    case: Case
    changes: tuple[Change, ...]
    until: str | Month | None = None
    seed: int = 1922
    coder_error: bool = True

    def arm(self, *numbers: int) -> Arm:
        """The arm of these changes (numbers in `changes`), as it is made from the files."""
        return Arm(self.case, tuple(self.changes[i] for i in numbers), self.until, self.seed, self.coder_error)

    @cached_property
    def base(self) -> Call:
        return self.arm().call

    @cached_property
    def overlays(self) -> dict[int, Overlay]:
        """Those changes that can be overlaid, by number."""
        singles = {i: self.arm(i).call for i in range(len(self.changes))}
        found = {i: overlay for i, call in singles.items() if (overlay := Overlay.of(self.base, call, self.changes[i])) is not None}
        # A byte that two changes alter belongs to neither overlay; so does one that a change made from the files alters.
        altered = {i: Overlay.altered(self.base, call) for i, call in singles.items()}
        shared = {i for i in found for j in altered if i != j and any(_meet(mask, altered[j].get(name)) for name, mask in altered[i].items())}
        found = {i: overlay for i, overlay in found.items() if i not in shared}
        if len(found) > 1:
            whole = self.arm(*found).call
            if not _same(self._laid(self.base, found.values()), whole):
                return {}
        return found

    @cached_property
    def _compiled(self) -> dict[tuple[int, ...], Call]:
        return {(): self.base}

    def call(self, numbers: Sequence[int]) -> Call:
        """The call of the arm with these changes."""
        overlays = self.overlays
        rest = tuple(i for i in sorted(numbers) if i not in overlays)
        if rest not in self._compiled:
            self._compiled[rest] = self.arm(*rest).call
        return self._laid(self._compiled[rest], [overlays[i] for i in numbers if i in overlays])

    @staticmethod
    def _laid(call: Call, overlays: Any) -> Call:
        overlays = list(overlays)
        if not overlays:
            return call
        world, particles = call.compiled.world, call.compiled.particles
        for overlay in overlays:
            world = world._replace(**{name: _over(getattr(world, name), *patch) for name, patch in overlay.arrays.items()})
            if overlay.columns:
                particles = particles.copy()
                for column, values in overlay.columns.items():
                    particles[:, column] = values
        compiled = replace(call.compiled, world=world)
        compiled.__dict__["particles"] = particles  # where the cached property keeps it
        return replace(call, compiled=compiled)


@dataclass(frozen=True)
class Overlay:
    """What one change alters: bytes of arrays (where, what) and columns of parameters."""

    arrays: dict[str, tuple[np.ndarray, np.ndarray]]
    columns: dict[int, np.ndarray]

    @classmethod
    def of(cls, base: Call, call: Call, change: Change) -> Overlay | None:
        """The overlay of a change, or None when it alters more than can be laid over."""
        if call.mechanisms != base.mechanisms or call.compiled.months != base.compiled.months:
            return None
        if any(key.startswith(("targets.", "outcomes.")) for key in change.values):
            return None
        a, b = base.compiled, call.compiled
        if (a.people, a.places, a.posts, a.issues, a.checks, a.parameters) != (b.people, b.places, b.posts, b.issues, b.checks, b.parameters):
            return None
        arrays = {}
        for name in a.world._fields:
            one, other = getattr(a.world, name), getattr(b.world, name)
            if _equal(one, other):
                continue
            if name not in APART or one.shape != other.shape or one.dtype != other.dtype:
                return None
            where = np.flatnonzero(_bytes(one) != _bytes(other))
            arrays[name] = (where, _bytes(other)[where])
        if a.particles.shape != b.particles.shape:
            return None
        columns = {int(c): b.particles[:, c] for c in np.flatnonzero((a.particles != b.particles).any(axis=0))}
        return cls(arrays, columns)

    @staticmethod
    def altered(base: Call, call: Call) -> dict[str, Any]:
        """Every byte that a call alters, by array; True for an array that has another shape."""
        found: dict[str, Any] = {}
        for name in base.compiled.world._fields:
            one, other = getattr(base.compiled.world, name), getattr(call.compiled.world, name)
            if not _equal(one, other):
                alike = isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and one.shape == other.shape and one.dtype == other.dtype
                found[name] = np.flatnonzero(_bytes(one) != _bytes(other)) if alike else True
        a, b = base.compiled.particles, call.compiled.particles
        if a.shape != b.shape:
            found["particles"] = True
        elif not np.array_equal(a, b):
            found["particles"] = np.flatnonzero((a != b).any(axis=0))
        return found


def _meet(one: Any, other: Any) -> bool:
    """Whether two sets of places have one in common; True stands for all places."""
    if one is None or other is None:
        return False
    return True if one is True or other is True else bool(np.isin(one, other).any())


def _bytes(array: np.ndarray) -> np.ndarray:
    return np.frombuffer(np.ascontiguousarray(array).tobytes(), np.uint8)


def _over(array: np.ndarray, where: np.ndarray, what: np.ndarray) -> np.ndarray:
    made = np.array(array, order="C")
    made.view(np.uint8).reshape(-1)[where] = what
    return made


def _equal(one: Any, other: Any) -> bool:
    """The same arrays, however deep."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(_equal(a, b) for a, b in zip(one, other, strict=True))
    return type(one) is type(other) and one == other


def _same(a: Call, b: Call) -> bool:
    return a.mechanisms == b.mechanisms and _equal(tuple(a.compiled.world), tuple(b.compiled.world)) and np.array_equal(a.compiled.particles, b.compiled.particles)


def subsets(k: int) -> Iterator[tuple[int, ...]]:
    """Every subset of k changes as numbers, in the order of masks."""
    for mask in range(1 << k):
        yield tuple(i for i in range(k) if mask >> i & 1)
