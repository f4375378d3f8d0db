"""Does it do anything? Settings that the engine never reads, and entries of a case that nothing uses.

A case records more than the engine reads: the kind of a tie, the ballot of an organ that the engine does not run, the
range around a value. Somebody who changes such a value and sees the same result must be told why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..faults import Faults, listed
from .draft import cited
from .schema import Case


def without_effect(case: Case, values: Mapping[str, Any]) -> list[str]:
    """Those keys of `values` whose change, made alone, changes nothing that the engine or a score reads.

    Cost: one validation and one compilation of the case for each key, about a tenth of a second.
    """
    from .compile import compile_case

    # A mechanism of the user's own may read anything that is compiled.
    own = any(mechanism.file for mechanism in case.mechanisms or ())
    seen = (lambda compiled: compiled) if own else _as_read
    before = seen(compile_case(case))
    found = []
    for key, value in values.items():
        try:
            changed = case.with_values({key: value})
        except Faults:
            continue  # sound only together with others: then it does something
        if not changed.changes or same_arrays(before, seen(compile_case(changed))):
            found.append(key)
    return found


#: Columns that are compiled, for users' own mechanisms, and that no mechanism of the engine reads (a test holds this list true).
UNREAD = {"post": ("place", "agenda", "publish", "expel", "speak"), "rule": ("circle_least", "committee_least")}


def _as_read(compiled: Any) -> Any:
    """The compiled case without what the engine's mechanisms never read."""
    from dataclasses import replace

    changed = {}
    for name, columns in UNREAD.items():
        changed[name] = getattr(compiled.world, name).copy()
        for column in columns:
            changed[name][column] = 0
    return replace(compiled, world=compiled.world._replace(**changed))


def same_arrays(a: Any, b: Any) -> bool:
    """Whether two compiled cases are the same to the engine and to a score."""
    if (a.months, a.checks, a.people, a.places, a.posts, a.issues) != (
        b.months, b.checks, b.people, b.places, b.posts, b.issues,
    ):  # fmt: skip
        return False
    arrays = [(getattr(a.world, name), getattr(b.world, name)) for name in a.world._fields if name != "country"]
    arrays += list(zip(_country(a.world.country), _country(b.world.country), strict=False))
    arrays += [(a.values, b.values), (a.particles, b.particles)]
    if not all(x.dtype == y.dtype and x.shape == y.shape and x.tobytes() == y.tobytes() for x, y in arrays):
        return False
    sections = ("parameters", "targets", "outcomes")
    return all(dict(getattr(a.case, name)) == dict(getattr(b.case, name)) for name in sections)


def _country(value: Any) -> list:
    """Every array of a country, however deep."""
    import numpy as np

    if isinstance(value, np.ndarray):
        return [value]
    return [array for part in value for array in _country(part)] if isinstance(value, tuple) else []


def remarks(case: Case) -> list[str]:
    """What is sound but does nothing, or says less than it seems to; one sentence each."""
    found = []
    used = {data.get("source") for _, _, _, data in cited(case._draft)}
    unused = [name for name in case.sources if name not in used]
    if unused:
        found.append(f"Sources that nothing cites: {listed(unused)}.")
    attached = {m.person for m in case.memberships} | {b.person for b in case.blocs}
    attached |= {name for tie in case.ties for name in (tie.from_, tie.to)}
    attached |= {post.holder for post in case.posts.values()} | {
        place.boss for place in case.localities.values()
    }
    alone = [name for name in case.people if name not in attached]
    if alone:
        found.append(f"People without seat, post, tie or following: {listed(alone)}.")
    for issue in case.issues:
        positions = [person.positions[issue].value for person in case.people.values()]
        if max(positions) - min(positions) < 0.05:
            found.append(f"Everybody agrees on {issue}, so it divides nobody.")
    late = [shock.id for shock in case.shocks.values() if shock.from_ > case.end]
    if late:
        found.append(f"Shocks after the end: {listed(late)}.")
    if case.outcomes and not case.headline:
        found.append("No headline: no outcome is printed first.")
    if case.targets and not any(target.weight > 0 for target in case.targets.values()):
        found.append("No target has a weight, so nothing is scored.")
    if not case.targets:
        found.append("No targets, so nothing is compared with a record.")
    return found
