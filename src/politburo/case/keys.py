"""Dotted keys: where each value of a case stands, and which key somebody may have meant.

A key is `section.id.field`; traits stand under their person (`people.trotsky.traits.ambition`), a tie under
its two people, a seat under organ and person, a step of a signal under its month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from ..faults import Fault, Faults, listed, nearest
from ..marked import Key
from .draft import Draft
from .events import SIGNALS
from .institutions import RETIRED_RULES, RULE_MODELS, RULES
from .schema import SECTION

#: Words about a value, not values.
_WORDS = {
    "name",
    "note",
    "evidence",
    "source",
    "unit",
    "means",
    "question",
    "minus",
    "plus",
    "mechanism",
    "scale",
    "kind",
    "id",
}
_RANGE = ("low", "high", "error", "least", "most")


@dataclass(frozen=True)
class Slot:
    """Where a key leads: a section, the path of the entry in its document, and the place inside the entry."""

    section: str
    entry: Key
    leaf: Key  # () = the entry itself (a shock, which can be made not to happen)

    @property
    def path(self) -> Key:
        return (*self.entry, *self.leaf)


def slots(draft: Draft) -> dict[str, Slot]:
    """Every dotted key that the case has, in the order of the files."""
    if draft.slots is None:
        draft.slots = _slots(draft)
    return draft.slots


def _slots(draft: Draft) -> dict[str, Slot]:
    found: dict[str, Slot] = {"end": Slot("case", (), ("end",))}
    for section in ("people", "traits", "ties", "localities", "blocs", "memberships", "signals"):
        for path, row in draft.items(section):
            for key, leaf in _row_keys(section, row):
                found[key] = Slot(section, path, (leaf,))
    for section in ("organs", "posts", "issues", "rules", "parameters", "targets", "shocks"):
        for path, entry in draft.items(section):
            name = entry.get("id") if section == "shocks" else path[-1]
            model = _model(section, path, entry)
            if section == "shocks":
                found[f"shocks.{name}"] = Slot(section, path, ())
            for key, leaf in _fields(f"{section}.{name}", model, entry):
                found[key] = Slot(section, path, leaf)
    return found


def _row_keys(section: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    get = row.get
    if section == "people":
        yield from ((f"people.{get('person')}.{column}", column) for column in ("born", "watch", "arbiter"))
    elif section == "traits":
        base = f"people.{get('person')}.traits.{get('trait')}"
        yield base, "value"
        yield from ((f"{base}.{column}", column) for column in ("low", "high", "error"))
    elif section == "ties":
        base = f"ties.{get('from')}.{get('to')}"
        yield base, "value"
        yield f"{base}.error", "error"
    elif section == "localities":
        yield from (
            (f"localities.{get('locality')}.{column}", column) for column in ("weight", "boss", "strength")
        )
    elif section == "blocs":
        base = f"blocs.{get('person')}" + (f".{get('locality')}" if get("locality") else "")
        columns = ("cadres", "error") if get("locality") else ("committee", "cadres", "error")
        yield from ((f"{base}.{column}", column) for column in columns)
    elif section == "memberships":
        yield f"memberships.{get('organ')}.{get('person')}", "role"
    else:
        yield f"signals.{get('signal')}.{get('month')}", "value"


def _model(section: str, path: Key, entry: Mapping[str, Any]) -> Any:
    if section == "rules":
        return RULE_MODELS[RULES[path[-1]].kind]
    model = SECTION[section].model
    return model if isinstance(model, type) else model(entry)


def _fields(base: str, model: type[BaseModel], data: Mapping[str, Any]) -> Iterator[tuple[str, Key]]:
    """Keys of the values of an entry, and where they stand in it."""
    if "value" in model.model_fields:
        yield base, ("value",)
    for name, field in model.model_fields.items():
        key = field.alias or name
        if key in _WORDS or key == "value":
            continue
        inner = _inner_model(field.annotation)
        if inner is not None and "value" in inner.model_fields:
            if isinstance(data.get(key), Mapping):
                yield f"{base}.{key}", (key, "value")
                yield from (
                    (f"{base}.{key}.{part}", (key, part)) for part in _RANGE if part in inner.model_fields
                )
        elif inner is not None:
            if isinstance(data.get(key), Mapping) or field.is_required():
                yield from ((f"{base}.{key}.{part}", (key, part)) for part in inner.model_fields)
        elif isinstance(data.get(key), Mapping):
            yield from ((f"{base}.{key}.{part}", (key, part)) for part in data[key])
        elif not isinstance(data.get(key), list) and "tuple" not in str(field.annotation):
            yield f"{base}.{key}", (key,)


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for arg in get_args(annotation) if (m := _inner_model(arg)) is not None), None)


def find(draft: Draft, key: str, table: Mapping[str, Slot]) -> Slot:
    for name in (key, key.removesuffix(".value")):
        if name in table:
            return table[name]
    slot = _absent(draft, key.removesuffix(".value"))
    if slot is not None:
        return slot
    raise Faults([_unknown(draft, key, table)])


def _absent(draft: Draft, key: str) -> Slot | None:
    """An empty place that may be filled: a tie, a seat, a step of a signal, a rule, a bloc."""
    section, *rest = key.split(".")
    people = draft.known("people") or {}
    if section == "ties" and len(rest) == 2 and rest[0] != rest[1] and all(name in people for name in rest):
        return Slot("ties", ("new", rest[0], rest[1]), ("value",))
    if (
        section == "memberships"
        and len(rest) == 2
        and rest[0] in (draft.known("organs") or {})
        and rest[1] in people
    ):
        return Slot("memberships", ("new", *rest), ("role",))
    if section == "blocs" and len(rest) == 2 and rest[0] in people and rest[1] in ("committee", "cadres"):
        return Slot("blocs", ("new", rest[0]), (rest[1],))
    if section == "rules" and len(rest) == 1 and rest[0] in RULES:
        return Slot("rules", ("rules", rest[0]), ("value",))
    if section == "signals" and len(rest) >= 2 and re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", rest[-1]):
        name = ".".join(rest[:-1])
        if name in SIGNALS or name.removeprefix("opinion.") in (draft.known("issues") or {}):
            return Slot("signals", ("new", name, rest[-1]), ("value",))
    return None


def _unknown(draft: Draft, key: str, table: Mapping[str, Slot]) -> Fault:
    """The fault of a key that does not exist: what is allowed where it goes wrong, and the nearest key."""
    retired = RETIRED_RULES.get(key.removeprefix("rules.")) if key.startswith("rules.") else None
    if retired:
        found = f"no key {key!r}: every organ has its own {retired}"
        roles = {path[-1]: data.get("role") for path, data in draft.items("organs") if isinstance(data, Mapping)}
        wanted = {"majority": "committee", "circle_open_ballot": "circle"}[key.removeprefix("rules.")]
        near = next((f"organs.{name}.{retired}" for name, role in roles.items() if role == wanted), None)
        return Fault(f"set {key}", 0, 0, found, listed([f"organs.{name}.{retired}" for name in roles]), near)
    tree: dict[str, Any] = {}
    for name in [*table, *(f"rules.{rule}" for rule in RULES)]:
        here = tree
        for part in name.split("."):
            here = here.setdefault(part, {})
    for name in draft.known("people") or ():
        tree.setdefault("ties", {}).setdefault(name, {})
    here, path, allowed, near = tree, [], None, True
    for part in key.split("."):
        if part not in here:
            if not here:
                near = False
                allowed = allowed or [".".join(path)]
                break
            guess = nearest(part, here)
            allowed = allowed or list(here)
            if guess is None:
                near = False
                break
            part = guess
        path.append(part)
        here = here[part]
    suggestion = ".".join(path)
    if suggestion not in table and allowed is None:
        allowed = list(here)
    return Fault(
        f"set {key}",
        0,
        0,
        f"no key {key!r} in the case",
        listed(allowed or ()),
        suggestion if near and suggestion in table else None,
    )
