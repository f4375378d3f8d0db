"""Changing values of a case by dotted key: what `--set key=value` and every what-if use.

    case.with_values({"rules.ban_on_factions": False, "people.trotsky.traits.ambition": 0.5,
                      "posts.general_secretary.holder": "zinoviev", "parameters.tau": 0.02,
                      "shocks.lenin_death": False})

A key names a place in the files: `section.id.field`, with `.value` after it if you like. The changed case is
validated as a whole, like files; a value set by hand is labelled `assumed`, with a note of what stood there;
setting what stands there already changes nothing, not even the digest. A parameter set by hand is held at
that value in every particle of the posterior.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..faults import Fault, Faults
from ..marked import scan_yaml
from .country import changing as country
from .draft import Draft
from .institutions import RULES
from .keys import Slot, find, slots
from .schema import Case
from .values import Month, as_number


def keys(case: Case) -> list[str]:
    """Every dotted key of the case."""
    return [*slots(case._draft), *country.keys(case.country)]


def value(case: Case, key: str) -> Any:
    """The value under a key, as it stands in the files (a number as a number)."""
    if case.country is not None and country.belongs(key, case.country):
        return country.value(case.country, key, case.start)
    slot = find(case._draft, key, slots(case._draft))
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
        raise Faults(
            [Fault(f"set {text}", 0, 0, "no value", "key=value, such as rules.ban_on_factions=false")]
        )
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
            if country.belongs(key, draft.country):
                made = country.with_value(draft.country, key, new, case.start, case.name)
                if made is not draft.country:
                    changes[key] = new
                draft.country = made
                continue
            slot = find(draft, key, table)
            new = _plain(key, new)
            if _set(draft, table, key, slot, new):
                changes[key] = new
        except Faults as error:
            faults += error.faults
    _hold(draft, {key: new for key, new in changes.items() if not country.belongs(key, draft.country)}, table)
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
    raise Faults(
        [Fault(f"set {key}", 0, 0, f"a {type(new).__name__}", "a number, a word, true, false or null")]
    )


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
            entry = _NEW_ROWS[slot.section](*slot.entry[1:]) | {
                "evidence": "assumed",
                "note": "not in the case",
            }
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
