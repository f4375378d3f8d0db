"""Checks of what has a date or a range: calendar, targets, outcomes, parameters, mechanisms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..faults import Fault, listed, nearest
from ..record.calendars import civil
from ..record.edtf import EDTFError, parse
from .aims import LEAST_WIDTH, MEASURES
from .checks import _header, month, rows
from .checks_institutions import born_of
from .draft import Draft
from .values import Month, as_number

_FILE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\.py")
DATES = ("date", "on", "by", "near", "until")  # of targets and outcomes
WATCHED = {"fall": ("person",), "survives": ("person",), "order": ("people",)}


def check(draft: Draft, mechanisms: Mapping[str, object] | None = None) -> list[Fault]:
    """Every fault of dates, aims and mechanisms."""
    return [
        *span(draft),
        *calendar(draft),
        *aims(draft),
        *widths(draft),
        *intervals(draft),
        *measures(draft),
        *parameters(draft),
        *modules(draft, mechanisms),
    ]


def span(draft: Draft) -> Iterator[Fault]:
    """The case ends after it starts."""
    header = _header(draft)
    start, end = month(header.get("start")), month(header.get("end"))
    for i, when in enumerate(
        header.get("checkpoints") or () if isinstance(header.get("checkpoints"), list) else ()
    ):
        when = month(when)
        if when is not None and start is not None and end is not None and not start <= when <= end:
            yield draft.documents["case"].fault(
                ("checkpoints", i), f"{when}, outside the case", f"{start} to {end}"
            )
    if start is not None and end is not None and end < start:
        yield draft.documents["case"].fault(
            ("end",), f"end {end} before start {start}", "a month from the start on"
        )


def calendar(draft: Draft) -> Iterator[Fault]:
    """Shocks end after they begin, touch the span, and befall people between birth and death."""
    start, born = month(_header(draft).get("start")), born_of(draft)
    dead: dict[str, int] = {}
    for document, path, data in rows(draft, "shocks"):
        begin, end, kind = month(data.get("from")), month(data.get("to")), data.get("kind")
        if begin is not None and end is not None and end < begin:
            yield document.fault((*path, "to"), f"to {end} before from {begin}", "a month from `from` on")
        last = begin if kind in ("death", "assassination") else end
        if start is not None and last is not None and last < start:
            yield document.fault(
                (*path, "from"), f"a shock that is over in {last}", f"one that lasts into {start} or later"
            )
        for key in ("person", "author"):
            name = data.get(key)
            if isinstance(name, str) and name in born and begin is not None and begin < born[name].earliest:
                yield document.fault(
                    (*path, "from"), f"{begin}, before {name} was born ({born[name]})", "a month of his life"
                )
        name = data.get("person")
        if kind == "document" and name is not None and name != data.get("author"):
            yield document.fault(
                (*path, "person"), f"person {name!r} of a document", "the author, or no person"
            )
        if kind in ("death", "assassination") and isinstance(name, str):
            if name in dead:
                yield document.fault(
                    (*path, "person"), f"{name!r} dies a second time", f"once (first on line {dead[name]})"
                )
            dead.setdefault(name, document.at(path)[0])


def _deaths(draft: Draft) -> dict[str, Month]:
    return {
        data["person"]: when
        for _, _, data in rows(draft, "shocks")
        if data.get("kind") in ("death", "assassination")
        and isinstance(data.get("person"), str)
        and (when := month(data.get("from"))) is not None
    }


def aims(draft: Draft) -> Iterator[Fault]:
    """Targets and outcomes lie within the span and the lives of people, and ask about watched people."""
    header, born, deaths = _header(draft), born_of(draft), _deaths(draft)
    start, end = month(header.get("start")), month(header.get("end"))
    if start is not None and end is not None and end < start:
        start = end = None  # said already
    unwatched = {
        str(data.get("person"))
        for _, _, data in rows(draft, "people")
        if str(data.get("watch")).lower() in ("no", "false")
    }
    for section in ("targets", "outcomes"):
        for document, path, data in rows(draft, section):
            kind, name = data.get("kind"), data.get("person")
            for key in DATES:
                when = month(data.get(key))
                if when is None:
                    continue
                if start is not None and end is not None and not start <= when <= end:
                    yield document.fault((*path, key), f"{key} {when}, outside the case", f"{start} to {end}")
                if isinstance(name, str) and name in born and when < born[name].earliest:
                    yield document.fault(
                        (*path, key), f"{key} {when}, before {name} was born ({born[name]})", "a later month"
                    )
                if key == "date" and isinstance(name, str) and name in deaths and when > deaths[name]:
                    yield document.fault(
                        (*path, key),
                        f"{key} {when}, after {name} died ({deaths[name]}, calendar.yaml)",
                        "an earlier month",
                    )
            for key in WATCHED.get(str(kind), ()):
                named = data.get(key)
                for who in [named] if isinstance(named, str) else named if isinstance(named, list) else ():
                    if isinstance(who, str) and who in unwatched:
                        yield document.fault(
                            (*path, key), f"{who!r} is not watched", "people with watch: yes in people.csv"
                        )
            for key in ("people", "members"):
                names = data.get(key)
                if isinstance(names, list):
                    for i, who in enumerate(names):
                        if who in names[:i]:
                            yield document.fault((*path, key, i), f"{who!r} a second time", "once")


def widths(draft: Draft) -> Iterator[Fault]:
    """The width of a dated target follows its evidence label."""
    for document, path, data in rows(draft, "targets"):
        if data.get("kind") not in ("fall", "ruler_date"):
            continue
        width, least = as_number(data.get("width")), LEAST_WIDTH.get(str(data.get("evidence")))
        if width is not None and least is not None and 0 < width < least:
            label = data["evidence"]
            yield document.fault(
                (*path, "width"), f"width {width:g} of a date that is {label}", f"at least {least:g} months"
            )


def intervals(draft: Draft) -> Iterator[Fault]:
    """The interval of a dated target holds its date."""
    for document, path, data in rows(draft, "targets"):
        when, text = month(data.get("date")), data.get("interval")
        if when is None or text is None:
            continue
        try:
            bounds = parse(str(text)).bounds()
        except EDTFError:
            continue  # said by the form already
        if bounds.low is None or bounds.high is None:
            continue
        first, last = (Month(*civil(day)[:2]) for day in (bounds.low, bounds.high))
        if not first <= when <= last:
            yield document.fault((*path, "interval"), f"interval {text}, without the date {when}", "months that hold it")


def measures(draft: Draft) -> Iterator[Fault]:
    """Known measures, each with a value of its kind."""
    start, end = (month(_header(draft).get(key)) for key in ("start", "end"))
    months = end - start if start is not None and end is not None else 10**6
    for section in ("targets", "outcomes"):
        for document, path, data in rows(draft, section):
            if data.get("kind") != "measure":
                continue
            name = data.get("measure")
            if not isinstance(name, str):
                continue
            if name not in MEASURES:
                near = nearest(name, MEASURES)
                yield document.fault(
                    (*path, "measure"), f"unknown measure {name!r}", listed(MEASURES, 20), near
                )
                continue
            kind = MEASURES[name].kind
            for key in MEASURES[name].needs:
                if not data.get(key):
                    yield document.fault((*path, key), f"{name} without {key!r}", f"the key {key!r}")
            for key in ("value", "low", "high"):
                value = data.get(key)
                if value is None:
                    continue
                found = as_number(value)
                if kind == "month" and (found is not None or month(value) is not None):
                    count = month(value) - start if found is None and start is not None else found
                    if count is not None and (
                        count != int(count) or (key == "value" and not 0 <= count <= months)
                    ):
                        words = (
                            f"a month of the case, or a whole number of months from the start, 0 to {months}"
                        )
                        yield document.fault((*path, key), f"{key} {value}", words)
                elif kind != "month" and found is None and month(value) is not None:
                    yield document.fault((*path, key), f"{key} {value}", f"a number: {name} is a {kind}")
                elif kind == "share" and found is not None and not 0 <= found <= 1:
                    yield document.fault(
                        (*path, key), f"{key} {found:g}", f"between 0 and 1: {name} is a share"
                    )


def parameters(draft: Draft) -> Iterator[Fault]:
    """Prior ranges have a width, and log scales lie above 0; `ranges` checks that the value lies inside."""
    for document, path, data in rows(draft, "parameters"):
        low, high = as_number(data.get("low")), as_number(data.get("high"))
        if low is not None and low == high:
            yield document.fault((*path, "high"), f"low and high both {high:g}", "low < high")
        if data.get("scale") == "log" and low is not None and low <= 0:
            yield document.fault((*path, "low"), f"low {low:g} on a log scale", "above 0")


def modules(draft: Draft, known: Mapping[str, object] | None) -> Iterator[Fault]:
    """Mechanisms named in the case exist; files stand beside the case and nowhere else."""
    document, header = draft.documents.get("case"), _header(draft)
    entries = header.get("mechanisms")
    if document is None:
        return
    entries = entries if isinstance(entries, list) else []
    seen: list[Any] = []
    for i, entry in enumerate(entries):
        path = ("mechanisms", i)
        if entry in seen:
            yield document.fault(path, f"{entry!r} a second time", "once")
        seen.append(entry)
        file = entry.get("file") if isinstance(entry, Mapping) else None
        if isinstance(file, str):
            place = draft.path / file
            if not _FILE.fullmatch(file):
                yield document.fault(
                    (*path, "file"), f"file {file!r}", "the plain name of a .py file beside case.yaml"
                )
            elif not place.is_file() or place.resolve().parent != draft.path.resolve():
                beside = sorted(p.name for p in draft.path.glob("*.py")) if draft.path.is_dir() else []
                yield document.fault(
                    (*path, "file"),
                    f"no file {file!r} in the case",
                    listed(beside) or "a .py file beside case.yaml",
                    nearest(file, beside),
                )
        elif isinstance(entry, str) and known is not None and entry not in known:
            yield document.fault(
                path, f"unknown mechanism {entry!r}", listed(known, 30), nearest(entry, known)
            )
    if known is None:
        return
    files = [str(entry["file"]) for entry in entries if isinstance(entry, Mapping) and "file" in entry]
    known = [*known, *(file.removesuffix(".py") for file in files)]
    for document, path, data in rows(draft, "parameters"):
        name = data.get("mechanism")
        if isinstance(name, str) and name not in known:
            yield document.fault(
                (*path, "mechanism"), f"unknown mechanism {name!r}", listed(known, 30), nearest(name, known)
            )
