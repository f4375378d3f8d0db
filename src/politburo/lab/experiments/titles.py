"""Sentences for changes: what is set, in the case's own words, with what stood there."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Mapping, Sequence
from typing import Any

from ...case.country.levers import LEVERS, NUMBER
from ...case.schema import Case
from ...case.values import Month, as_number
from ...faults import Faults
from .interventions import DOSES, Intervention


def title_of(case: Case, values: Mapping[str, Any], interventions: Sequence[Intervention]) -> str:
    """One sentence for all that a change sets."""
    parts = [_value(case, key, value) for key, value in values.items() if not _range_of(key, values)]
    parts += [_intervention(case, one) for one in interventions]
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def long(month: Month) -> str:
    """A month in words."""
    return f"{month_name[month.month]} {month.year}"


def _range_of(key: str, values: Mapping[str, Any]) -> bool:
    """Whether a key only makes room for the value of a parameter."""
    stem, _, end = key.rpartition(".")
    return end in ("low", "high") and stem in values


def _name(case: Case, person: str | None) -> str:
    return "nobody" if person is None else case.people[person].name


def _number(value: Any) -> str:
    number = as_number(value)
    return str(value) if number is None else f"{number:g}"


def _value(case: Case, key: str, new: Any) -> str:
    section, *rest = key.split(".")
    try:
        old = case.value(key)
    except (Faults, KeyError):
        old = None
    if section == "posts" and rest[-1] == "holder":
        post = case.posts[rest[0]]
        instead = "" if post.holder == new else f", not {_name(case, post.holder)},"
        return f"{_name(case, new)}{instead} is {post.name} from the start"
    if section == "rules":
        return f"the rule {rest[0].replace('_', ' ')} is {_flag(new)}, not {_flag(old)}"
    if section == "people" and len(rest) > 2 and rest[1] == "traits":
        what = ".".join(rest[2:])
        what = f"position on {what.removeprefix('position.')}" if what.startswith("position.") else what
        return f"{_name(case, rest[0])}'s {what} is {_number(new)}, not {_number(old)}"
    if section == "ties" and len(rest) == 2:
        return f"{_name(case, rest[0])}'s affinity towards {_name(case, rest[1])} is {_number(new)}, not {_number(old or 0.0)}"
    if section == "parameters":
        known = case.parameters.get(rest[0]) or case.country.parameters[rest[0]]
        return f"{rest[0]} ({known.means}) is {_number(new)} in every particle"
    if section == "levers":
        name, at, span = key.removeprefix("levers.").partition("@")
        lever = LEVERS[NUMBER[name]]
        how = f"is {str(new)[1:]} times the recorded path" if str(new).startswith("*") else f"is held at {_flag(new)}"
        return f"the lever {name} ({lever.means}) {how}" + (f", {span.replace('..', ' to ')}" if at else "")
    if section == "shocks" and len(rest) == 1:
        return f"the event {rest[0].replace('_', ' ')} {'happens' if new else 'does not happen'}"
    return f"{key} is {_flag(new)}, not {_flag(old)}"


def _flag(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "nothing" if value is None else _number(value)


def _intervention(case: Case, one: Intervention) -> str:
    when = ""
    if one.span is not None:
        first, last = case.start + one.span.first, case.start + one.span.last
        when = f" in {long(first)}" if one.span.first == one.span.last else f" from {long(first)} to {long(last)}"
    if one.kind == "appointment":
        verb = "is put into the post" if one.span.first == one.span.last else "is kept in the post"
        if one.value is None:
            return f"the post {case.posts[one.name].name} falls vacant{when}"
        return f"{_name(case, one.value)} {verb} {case.posts[one.name].name}{when}"
    if one.kind == "tie":
        return f"{_name(case, one.name)}'s affinity towards {_name(case, one.other[0])} is set to {one.value:g}{when}"
    if one.kind == "alliance":
        a, b = (", ".join(_name(case, person).split()[-1] for person in side) for side in (one.name.split("+"), one.other))
        return f"{a} and {b} are allied{when} (ties of at least {one.value:g})"
    if one.kind == "health":
        if one.value == "active":
            return f"{_name(case, one.name)} stays active" + ("" if ".." not in one.text else f" until {long(case.start + one.span.last)}")
        return f"{_name(case, one.name)} {'dies' if one.value == 'dead' else 'is absent'}{when}"
    if one.kind == "document":
        return f"the founder's document is {list(DOSES)[DOSES[one.value]]}{' to the committee' if one.value == 'read' else ''}{when}"
    if one.kind == "signal":
        return f"{one.name.replace('.', ' on ').replace('_', ' ')} is held at {one.value:g}{when}"
    if one.kind == "luck":
        how = "is that of history 0 in every history" if one.value == "frozen" else "is drawn anew"
        return f"the luck of {one.name} {how}"
    how = "is left out" if one.value == "off" else f"is replaced by {one.value}"
    return f"the mechanism {one.name} {how}"
