"""Checks of a whole case, beyond the shape of single entries: citations, references, duplicates, sums.

Every check reads the draft and yields faults; none stops the others. Checks about organs, posts and rules
stand in `checks_institutions`, those about dates, targets, outcomes and parameters in `checks_aims`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..evidence import Evidence
from ..faults import Fault, listed, nearest
from .draft import Document, Draft, _Ragged, cited
from .events import SIGNALS
from .people import TRAITS
from .schema import SECTIONS
from .values import Month, as_number

#: section -> key -> sections whose ids it may name. A key may lead into a mapping (`names`: its keys are the
#: ids), a list, or an inner mapping (`asks.post`).
REFERENCES: dict[str, dict[str, tuple[str, ...]]] = {
    "traits": {"person": ("people",)},
    "ties": {"from": ("people",), "to": ("people",)},
    "localities": {"boss": ("people",)},
    "blocs": {"person": ("people",), "locality": ("localities",)},
    "memberships": {"organ": ("organs",), "person": ("people",)},
    "organs": {"elected_by": ("organs", "=localities", "=appointed")},
    "posts": {
        "organ": ("organs",),
        "holder": ("people",),
        "filled_by": ("organs", "posts"),
        "locality": ("localities",),
    },
    "shocks": {"person": ("people",), "author": ("people",), "names": ("people",), "asks.post": ("posts",)},
    "targets": {"person": ("people",), "people": ("people",), "members": ("people",), "organ": ("organs",)},
    "outcomes": {"person": ("people",), "people": ("people",), "organ": ("organs",)},
    "case": {"headline": ("outcomes",)},
}

SUM_TOLERANCE = 0.005


def check(draft: Draft, mechanisms: Mapping[str, object] | None = None) -> list[Fault]:
    """Every fault of the draft as a whole."""
    from . import checks_aims, checks_institutions

    faults = [
        *citations(draft),
        *ranges(draft),
        *references(draft),
        *duplicates(draft),
        *traits(draft),
        *signals(draft),
        *shares(draft),
        *singles(draft),
    ]
    faults += checks_institutions.check(draft)
    faults += checks_aims.check(draft, mechanisms)
    return faults


def rows(draft: Draft, section: str) -> Iterator[tuple[Document, tuple, Mapping[str, Any]]]:
    """Document, path and raw data of the entries of a section that are mappings of the right length."""
    for path, data in draft.items(section):
        if isinstance(data, Mapping) and not isinstance(data, _Ragged):
            yield draft.documents[section], path, data


def month(value: Any) -> Month | None:
    """`value` as a month, None when it is not one."""
    try:
        return Month.parse(value)
    except ValueError:
        return None


def citations(draft: Draft) -> Iterator[Fault]:
    """A source for every label but `assumed`, a note for `assumed`; the source must be in sources.yaml."""
    sources = draft.known("sources")
    words = {str(label) for label in Evidence}
    for section, document, path, data in cited(draft):
        label, source, note = data["evidence"], data.get("source"), data.get("note")
        if not isinstance(label, str) or label not in words:
            continue
        if label == "assumed":
            if note is None or not str(note).strip():
                yield document.fault(
                    (*path, "note"), "assumed without a note", "a note that says why this value"
                )
        elif source is None and section != "parameters":
            yield document.fault(
                (*path, "source"), f"{label} without a source", "the id of a source in sources.yaml"
            )
        elif section == "parameters" and source is None and not str(note or "").strip():
            yield document.fault(
                (*path, "note"), "derived without a note", "a note that says how it was derived"
            )
        ids = (
            draft.parameter_sources
            if section == "parameters" and draft.parameter_sources is not None
            else sources
        )
        if isinstance(source, str) and ids is not None and source not in ids:
            yield document.fault(
                (*path, "source"), f"unknown source {source!r}", listed(ids), nearest(source, ids)
            )


def ranges(draft: Draft) -> Iterator[Fault]:
    """low <= value <= high, least <= value <= most, wherever they stand."""
    for _, document, path, data in cited(draft):
        for bottom, top in (("low", "high"), ("least", "most")):
            if bottom not in data and top not in data:
                continue
            for kind in (as_number, month):
                low, value, high = (kind(data.get(key)) for key in (bottom, "value", top))
                if low is not None and high is not None and low > high:
                    yield document.fault(
                        (*path, bottom), f"{bottom} {low} above {top} {high}", f"{bottom} <= {top}"
                    )
                elif value is not None and low is not None and value < low:
                    yield document.fault(
                        (*path, "value"), f"value {_plain(value)}", f"at least {bottom}, {_plain(low)}"
                    )
                elif value is not None and high is not None and value > high:
                    yield document.fault(
                        (*path, "value"), f"value {_plain(value)}", f"at most {top}, {_plain(high)}"
                    )


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def references(draft: Draft) -> Iterator[Fault]:
    """Every id that is used must exist."""
    ids: dict[tuple[str, ...], dict[str, None] | None] = {}  # looked up once: a case has a thousand references to a dozen lists
    for section, keys in REFERENCES.items():
        for document, path, data in rows(draft, section):
            for key, targets in keys.items():
                known = ids[targets] if targets in ids else ids.setdefault(targets, _ids(draft, targets))
                if known is None:
                    continue
                for place, name in _named(data, key):
                    if name not in known:
                        what = "post" if targets == ("posts",) else _singular(targets[0])
                        yield document.fault(
                            (*path, *place), f"unknown {what} {name!r}", listed(known), nearest(name, known)
                        )


def _ids(draft: Draft, targets: tuple[str, ...]) -> dict[str, None] | None:
    known: dict[str, None] = {}
    for target in targets:
        if target.startswith("="):
            known[target[1:]] = None
        else:
            ids = draft.known(target)
            if ids is None:
                return None
            known |= ids
    return known


def _named(data: Mapping[str, Any], key: str) -> Iterator[tuple[tuple, str]]:
    """Place and id of everything named under a key."""
    first, _, rest = key.partition(".")
    value = data.get(first)
    if rest:
        if isinstance(value, Mapping) and isinstance(value.get(rest), str):
            yield (first, rest), value[rest]
    elif isinstance(value, str):
        yield (first,), value
    elif isinstance(value, list | Mapping):
        for place, name in enumerate(value):
            if isinstance(name, str):
                yield (first, name if isinstance(value, Mapping) else place), name


def _singular(section: str) -> str:
    return {"people": "person", "localities": "locality"}.get(section, section.removesuffix("s"))


def duplicates(draft: Draft) -> Iterator[Fault]:
    """No second row for the same thing (keys of YAML mappings are looked after when the file is read)."""
    for section in SECTIONS:
        if not section.unique:
            continue
        first: dict[tuple, int] = {}
        for document, path, data in rows(draft, section.name):
            key = tuple(data.get(column) for column in section.unique)
            if not all(isinstance(part, str | None) for part in key) or key[0] is None:
                continue
            line = document.at(path)[0]
            if key in first:
                words = ", ".join(str(part) for part in key if part is not None)
                yield document.fault(
                    (*path, section.unique[0]), f"{words} a second time", f"once (first on line {first[key]})"
                )
            first.setdefault(key, line)


def traits(draft: Draft) -> Iterator[Fault]:
    """Known traits only, every trait for everybody, and a coder error wherever somebody coded."""
    issues, people = draft.known("issues"), draft.known("people")
    wanted = None if issues is None else [*TRAITS, *(f"position.{issue}" for issue in issues)]
    have: set[tuple[str, str]] = set()
    for document, path, data in rows(draft, "traits"):
        trait, error = data.get("trait"), as_number(data.get("error"))
        have.add((str(data.get("person")), str(trait)))
        if wanted is not None and isinstance(trait, str) and trait not in wanted:
            yield document.fault(
                (*path, "trait"), f"unknown trait {trait!r}", listed(wanted), nearest(trait, wanted)
            )
        if error == 0 and data.get("evidence") != "derived":
            yield document.fault(
                (*path, "error"), "coder error 0", "above 0, unless the value is derived from a rule"
            )
    have |= {
        (str(data.get("person")), str(data.get("trait")))
        for _, data in draft.items("traits")
        if isinstance(data, _Ragged)
    }
    document = draft.documents.get("traits")
    if document is None or document.broken or wanted is None:
        return
    for person in people or ():
        missing = [trait for trait in wanted if (person, trait) not in have]
        if missing:
            found = f"no {', '.join(missing)} for {person}"
            yield Fault(document.file, 0, 0, found, "every trait and every position for everybody")


def signals(draft: Draft) -> Iterator[Fault]:
    """Known signals only, each with a value from the first month on."""
    issues = draft.known("issues")
    known = None if issues is None else [*SIGNALS, *(f"opinion.{issue}" for issue in issues)]
    start = month(_header(draft).get("start"))
    first: dict[str, tuple[Month, Document, tuple]] = {}
    for document, path, data in rows(draft, "signals"):
        name, when = data.get("signal"), month(data.get("month"))
        if known is not None and isinstance(name, str) and name not in known:
            yield document.fault(
                (*path, "signal"), f"unknown signal {name!r}", listed(known), nearest(name, known)
            )
        elif isinstance(name, str) and when is not None and (name not in first or when < first[name][0]):
            first[name] = (when, document, path)
    for name, (when, document, path) in first.items():
        if start is not None and when > start:
            yield document.fault(
                (*path, "month"), f"{name} begins in {when}", f"a value from {start} or earlier on"
            )


def _header(draft: Draft) -> Mapping[str, Any]:
    document = draft.documents.get("case")
    return document.data if document is not None and isinstance(document.data, Mapping) else {}


def shares(draft: Draft) -> Iterator[Fault]:
    """Weights of localities sum to one; attached seats and officials to one at most."""
    weights = [as_number(data.get("weight")) for _, _, data in rows(draft, "localities")]
    if weights and None not in weights and abs(sum(weights) - 1) > SUM_TOLERANCE:
        document = draft.documents["localities"]
        yield document.fault(
            (0, "weight"), f"weights that sum to {sum(weights):.4g}", f"1, within {SUM_TOLERANCE}"
        )
    totals: dict[tuple[str, str | None], float] = {}
    for document, path, data in rows(draft, "blocs"):
        place = data.get("locality")
        if place is None and data.get("committee") is None and data.get("cadres") is None:
            yield document.fault(path, "neither committee nor cadres", "at least one of the two")
        if place is not None and data.get("committee") is not None:
            yield document.fault(
                (*path, "committee"), "committee seats in a locality", "cadres only in such a row"
            )
        for column in ("committee", "cadres"):
            key = (column, place if column == "cadres" else None)
            value = as_number(data.get(column))
            if value is not None and value >= 0:
                before = totals.get(key, 0.0)
                totals[key] = before + value
                nation = totals.get(("cadres", None), 0.0) if place is not None else 0.0
                if before + nation <= 1 + 1e-9 < before + nation + value:
                    where = f" in {place}" if place is not None else ""
                    total = f"{before + nation + value:.4g}"
                    yield document.fault(
                        (*path, column), f"{column} that sum to {total} by this row{where}", "at most 1"
                    )


def singles(draft: Draft) -> Iterator[Fault]:
    """At most one arbiter; nobody tied to himself."""
    arbiter: int | None = None
    for document, path, data in rows(draft, "people"):
        if str(data.get("arbiter")).lower() in ("yes", "true"):
            if arbiter is not None:
                yield document.fault(
                    (*path, "arbiter"), "a second arbiter", f"at most one (first on line {arbiter})"
                )
            else:
                arbiter = document.at(path)[0]
    for document, path, data in rows(draft, "ties"):
        if data.get("from") is not None and data.get("from") == data.get("to"):
            yield document.fault((*path, "to"), f"{data['to']!r} tied to himself", "two different people")
