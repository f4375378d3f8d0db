"""Changing values of a case by dotted key: what `--set key=value` and every what-if use.

    case.with_values({"rules.ban_on_factions": False, "people.trotsky.traits.ambition": 0.5,
                      "posts.general_secretary.holder": "zinoviev", "parameters.tau": 0.02,
                      "shocks.lenin_death": False})

A key names a place in the files: `section.id.field`, with `.value` after it if you like. The changed case is
validated as a whole, like files; a value set by hand is labelled `assumed`, with a note of what stood there; setting
what stands there already changes nothing, not even the digest. A parameter set by hand is held at that value in every
particle of the posterior.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from ..faults import Fault, Faults, listed, nearest
from ..marked import Key, scan_yaml
from .draft import Draft
from .events import SIGNALS
from .institutions import RULE_MODELS, RULES
from .schema import SECTION, Case
from .values import Month, as_number

#: Words about a value, not values.
_WORDS = {"name", "note", "evidence", "source", "unit", "means", "question", "minus", "plus", "mechanism", "scale", "kind", "id"}
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
    found: dict[str, Slot] = {}
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
        yield from ((f"localities.{get('locality')}.{column}", column) for column in ("weight", "boss", "strength"))
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
                yield from ((f"{base}.{key}.{part}", (key, part)) for part in _RANGE if part in inner.model_fields)
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


def keys(case: Case) -> list[str]:
    """Every dotted key of the case."""
    return list(slots(case._draft))


def value(case: Case, key: str) -> Any:
    """The value under a key, as it stands in the files (a number as a number)."""
    slot = _find(case._draft, key, slots(case._draft))
    data = _entry_data(case._draft, slot)
    if not slot.leaf:
        return data is not None  # whether a shock happens
    if data is None and slot.section == "rules":
        return case.rules[slot.entry[-1]].value
    for part in slot.leaf:
        data = data.get(part) if isinstance(data, Mapping) else None
    number = as_number(data)
    return data if number is None else number


def parse_settings(texts: Iterable[str]) -> dict[str, Any]:
    """Every `key=value` of a command line; raises `Faults` with all that cannot be read."""
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    for text in texts:
        try:
            key, value = parse_setting(text)
        except Faults as error:
            faults += error.faults
            continue
        if key in found:
            faults.append(Fault(f"set {key}", 0, 0, "set a second time", "once"))
        found[key] = value
    if faults:
        raise Faults(faults)
    return found


def parse_setting(text: str) -> tuple[str, Any]:
    """`key=value` from a command line; the value is read as YAML would read it (`null` empties a place)."""
    key, equals, word = text.partition("=")
    if not equals or not key.strip():
        raise Faults([Fault(f"set {text}", 0, 0, "no value", "key=value, such as rules.ban_on_factions=false")])
    try:
        data = scan_yaml("value", word.strip())[0].data
    except Faults:
        data = word.strip()
    return key.strip(), data if isinstance(data, str | int | float | bool | None) else word.strip()


def with_values(case: Case, values: Mapping[str, Any]) -> Case:
    """A new, validated case with these values set. Raises `Faults`, all at once, naming the keys at fault."""
    from dataclasses import replace

    from .load import build

    draft = case._draft.copy()
    table = dict(slots(case._draft))
    faults: list[Fault] = []
    changes: dict[str, Any] = {}
    for key, new in values.items():
        try:
            slot = _find(draft, key, table)
            new = _plain(key, new)
            if _set(draft, table, key, slot, new):
                changes[key] = new
        except Faults as error:
            faults += error.faults
    _hold(draft, changes, table)
    made = build(draft, faults)
    return replace(made, changes={**case.changes, **changes}) if changes or case.changes else made


def _plain(key: str, new: Any) -> Any:
    """A Python value as a file would hold it."""
    if hasattr(new, "item") and not isinstance(new, str | int | float | bool):
        new = new.item()  # a NumPy scalar
    if isinstance(new, Month):
        return str(new)
    if new is None or isinstance(new, str | int | float | bool):
        return new
    raise Faults([Fault(f"set {key}", 0, 0, f"a {type(new).__name__}", "a number, a word, true, false or null")])


def _find(draft: Draft, key: str, table: Mapping[str, Slot]) -> Slot:
    for name in (key, key.removesuffix(".value")):
        if name in table:
            return table[name]
    slot = _absent(draft, key.removesuffix(".value"))
    if slot is not None:
        return slot
    raise Faults([_unknown(draft, key, table)])


def _absent(draft: Draft, key: str) -> Slot | None:
    """A place that the files leave empty but that may be filled: a tie, a seat, a step of a signal, a rule, a bloc."""
    section, *rest = key.split(".")
    people = draft.known("people") or {}
    if section == "ties" and len(rest) == 2 and rest[0] != rest[1] and all(name in people for name in rest):
        return Slot("ties", ("new", rest[0], rest[1]), ("value",))
    if section == "memberships" and len(rest) == 2 and rest[0] in (draft.known("organs") or {}) and rest[1] in people:
        return Slot("memberships", ("new", *rest), ("role",))
    if section == "blocs" and len(rest) == 2 and rest[0] in people and rest[1] in ("committee", "cadres"):
        return Slot("blocs", ("new", rest[0]), (rest[1],))
    if section == "rules" and len(rest) == 1 and rest[0] in RULES:
        return Slot("rules", ("rules", rest[0]), ("value",))
    if section == "signals" and len(rest) >= 2 and re.match(r"\d{4}-(0[1-9]|1[0-2])$", rest[-1]):
        name = ".".join(rest[:-1])
        if name in SIGNALS or name.removeprefix("opinion.") in (draft.known("issues") or {}):
            return Slot("signals", ("new", name, rest[-1]), ("value",))
    return None


_NEW_ROWS = {
    "ties": lambda a, b: {"from": a, "to": b, "error": "0", "kind": "ally"},
    "memberships": lambda organ, person: {"organ": organ, "person": person},
    "blocs": lambda person: {"person": person, "error": "0"},
    "signals": lambda signal, month: {"signal": signal, "month": month},
}


def _entry_data(draft: Draft, slot: Slot) -> Any:
    if slot.entry[:1] == ("new",):
        return None
    data = draft.documents[slot.section].data
    for part in slot.entry:
        data = data.get(part) if isinstance(data, Mapping) else data[part]
    return data


def _set(draft: Draft, table: dict[str, Slot], key: str, slot: Slot, new: Any) -> bool:
    """Write one value; False when it stands there already."""
    document = draft.documents[slot.section]
    entry = _entry_data(draft, slot)
    if slot.section == "memberships" and new == "none":
        new = None
    if not slot.leaf:  # whether a shock happens
        if new not in (None, False, True):
            words = "true (it happens) or false (it does not)"
            raise Faults([Fault(f"set {key}", 0, 0, f"{new!r}", words)])
        if not new:
            document.data["shocks"][slot.entry[-1]] = _Removed()
        return not new
    if slot.section == "memberships" and new is None:
        if entry is not None:
            document.data[slot.entry[-1]] = _Removed()
        return entry is not None
    if entry is None:
        if slot.section == "rules":
            if _same(new, RULES[slot.entry[-1]].default):
                return False
            entry = document.data["rules"][slot.entry[-1]] = {"evidence": "assumed", "note": "default"}
        else:
            if slot.section == "ties" and as_number(new) == 0:
                return False
            entry = _NEW_ROWS[slot.section](*slot.entry[1:]) | {"evidence": "assumed", "note": "not in the case"}
            document.data.append(entry)
            slot = Slot(slot.section, (len(document.data) - 1,), slot.leaf)
            if slot.section == "ties" and (as_number(new) or 0) < 0:
                entry["kind"] = "rival"
            table[key.removesuffix(".value")] = slot
    holder = entry
    for part in slot.leaf[:-1]:
        holder = holder.setdefault(part, {})
    last = slot.leaf[-1]
    old = holder.get(last)
    if (last in holder or new is None) and _same(old, new):
        return False
    if new is None and not (slot.section == "posts" and last == "holder"):
        holder.pop(last, None)
    else:
        holder[last] = new
    _relabel(entry, holder, old, last)
    if last == "value" and slot.section != "parameters" and (found := as_number(new)) is not None:
        low, high = as_number(holder.get("low")), as_number(holder.get("high"))
        if (low is not None and found < low) or (high is not None and found > high):
            holder.pop("low", None), holder.pop("high", None)
    document.changed[slot.path] = key
    return True


class _Removed(dict):
    """Placeholder that keeps the indices of later entries while several values are set."""


def _relabel(entry: dict, holder: dict, old: Any, last: str) -> None:
    """A value set by hand is assumed, whatever stood there before."""
    cited = holder if "evidence" in holder else entry
    if "evidence" not in cited:
        return
    was = "nothing" if old is None else str(old).lower() if isinstance(old, bool) else str(old)
    label = cited["evidence"] if cited.get("source") is None else f"{cited['evidence']}, {cited['source']}"
    cited["note"] = f"set by the user: {last} was {was} ({label})"
    cited["evidence"] = "assumed"
    cited.pop("source", None)


def _same(old: Any, new: Any) -> bool:
    def plain(item: Any) -> Any:
        if isinstance(item, str) and item.strip().lower() in ("true", "yes", "false", "no"):
            return item.strip().lower() in ("true", "yes")
        number = as_number(item)
        return (str(item).strip() if isinstance(item, str) else item) if number is None else number

    a, b = plain(old), plain(new)
    return type(a) is type(b) and a == b


def _hold(draft: Draft, changes: Mapping[str, Any], table: Mapping[str, Slot]) -> None:
    """Drop what was removed; hold the parameters that were set at their value in every particle."""
    for section in ("memberships", "shocks"):
        document = draft.documents[section]
        entries = document.data if section == "memberships" else document.data["shocks"]
        if any(isinstance(entry, _Removed) for entry in entries):
            kept = [i for i, entry in enumerate(entries) if not isinstance(entry, _Removed)]
            stem = () if section == "memberships" else ("shocks",)
            moved = {(*stem, i): (*stem, j) for j, i in enumerate(kept)}
            entries[:] = [entries[i] for i in kept]
            depth = len(stem) + 1
            for name in ("marks", "changed"):
                old = getattr(document, name)
                new = {
                    (*moved[key[:depth]], *key[depth:]) if key[:depth] in moved else key: place
                    for key, place in old.items()
                    if len(key) < depth or key[:depth] in moved
                }
                setattr(document, name, new)
    if draft.posterior is None:
        return
    draft_ranges = {path[-1]: entry for path, entry in draft.items("parameters")}
    for key in changes:
        if not key.startswith("parameters."):
            continue
        slot = table[key] if key in table else table[key.removesuffix(".value")]
        name, last = slot.entry[-1], slot.leaf[-1]
        new = as_number(changes[key])
        if last == "value" and new is not None:
            draft.posterior = draft.posterior.pinned(name, new)
        elif last in ("low", "high") and new is not None:
            low, high = (as_number(draft_ranges[name].get(end)) for end in ("low", "high"))
            column = draft.posterior.values[:, draft.posterior.names.index(name)]
            if low is not None and high is not None and not (low <= column.min() and column.max() <= high):
                found = f"a range that leaves out particles from {column.min():g} to {column.max():g}"
                raise Faults([Fault(f"set {key}", 0, 0, found, "a range around the posterior")])


def _unknown(draft: Draft, key: str, table: Mapping[str, Slot]) -> Fault:
    """The fault of a key that does not exist, with what is allowed where it goes wrong and the nearest key."""
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
    return Fault(f"set {key}", 0, 0, f"no key {key!r} in the case", listed(allowed or ()),
                 suggestion if near and suggestion in table else None)  # fmt: skip
