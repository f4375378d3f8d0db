"""Changing a country by dotted key: levers between two months, and the country's own parameters.

    case.with_values({"levers.export@1932-07..1933-06": 0,        # held at a value
                      "levers.quota@1931..1932": "*0.85",          # 85 % of the recorded path
                      "levers.drive@1930-03": 2,                    # from a month to the end
                      "parameters.line_strength": 0})

A lever that is set by hand is held: no line moves it in those months. A parameter set by hand has that value in every draw.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ...faults import Fault, Faults, listed, nearest
from ..values import Month, as_number
from . import CountryFiles
from .levers import LEVERS, NAMES, NUMBER

_SPAN = re.compile(r"(\d{4})(?:-(\d{2}))?(?:\.\.(?:(\d{4})(?:-(\d{2}))?)?)?", re.ASCII)
_WORDS = {"on": 1.0, "off": 0.0, "true": 1.0, "false": 0.0}
FOREVER = Month(9999, 12)


def belongs(key: str, files: CountryFiles | None) -> bool:
    """Whether a dotted key names something of the country."""
    head, _, rest = key.partition(".")
    return head == "levers" or (head == "parameters" and files is not None and rest.removesuffix(".value") in files.parameters)


def keys(files: CountryFiles | None) -> list[str]:
    """Every dotted key of the country that has one value; a lever has a path, so its keys carry months."""
    return [] if files is None else [f"parameters.{name}" for name in files.parameters]


def value(files: CountryFiles, key: str, start: Month) -> float:
    """The present value: a parameter's, or a lever's in the first month of the span asked for."""
    if key.startswith("parameters."):
        name = key.split(".")[1]
        return files.pinned.get(name, files.parameters[name].value)
    name, first, _ = _lever(key, start)
    found = LEVERS[NUMBER[name]].rest
    for step in files.steps:
        if step.name == name and step.month <= first:
            found = step.value
    for changed, since, until, how, number in files.changed:
        if changed == name and since <= first <= until:
            found = number if how == "=" else found * number
    return found


def with_value(files: CountryFiles | None, key: str, new: Any, start: Month, case: str) -> CountryFiles:
    """The country with one key set. Raises `Faults` with what is wrong."""
    if files is None:
        raise Faults([Fault(f"set {key}", 0, 0, f"the case {case} has no country", "a case with a folder country/")])
    if key.startswith("parameters."):
        return _with_parameter(files, key, new)
    name, first, last = _lever(key, start)
    lever = LEVERS[NUMBER[name]]
    text = str(new).strip()
    how, number = ("*", as_number(text[1:])) if text.startswith("*") else ("=", as_number(_WORDS.get(text.lower(), text)))
    allowed = f"a number from {lever.low:g} to {lever.high:g} ({lever.unit}), or *FACTOR of the recorded path"
    if number is None or (how == "=" and not lever.low <= number <= lever.high) or (how == "*" and number < 0):
        raise Faults([Fault(f"set {key}", 0, 0, f"{name} is {text!r}", allowed)])
    return replace(files, changed=(*files.changed, (name, first, last, how, float(number))))


def _with_parameter(files: CountryFiles, key: str, new: Any) -> CountryFiles:
    name, number = key.split(".")[1], as_number(new)
    entry = files.parameters[name]
    if number is None or not entry.low <= number <= entry.high:
        raise Faults([Fault(f"set {key}", 0, 0, f"{name} is {new!r}", f"from {entry.low:g} to {entry.high:g} (the range in {files.path.name}/parameters)")])
    if number == files.pinned.get(name, entry.value):
        return files  # it stands there already
    return replace(files, pinned={**files.pinned, name: float(number)})


def _lever(key: str, start: Month) -> tuple[str, Month, Month]:
    """Name of a lever and its span, both ends included."""
    name, at, span = key.removeprefix("levers.").partition("@")
    if name not in NUMBER:
        raise Faults([Fault(f"set {key}", 0, 0, f"no lever {name!r}", listed(NAMES, 40), nearest(name, NAMES))])
    if not at:
        return name, start, FOREVER
    found = _SPAN.fullmatch(span)
    months = [found.group(k) for k in (1, 2, 3, 4)] if found else []
    if not found or any(part and not 1 <= int(part) <= 12 for part in (months[1], months[3])):
        raise Faults([Fault(f"set {key}", 0, 0, f"months {span!r}", "FROM, FROM..TO or FROM.. with FROM and TO as YYYY-MM or YYYY")])
    first = Month(int(months[0]), int(months[1] or 1))
    last = FOREVER if months[2] is None else Month(int(months[2]), int(months[3] or 12))
    if months[2] is None and ".." not in span and months[1] is None:
        last = Month(int(months[0]), 12)  # a year alone is that year
    if last < first:
        raise Faults([Fault(f"set {key}", 0, 0, f"months {span!r}", "an end that is not before the beginning")])
    return name, first, last
