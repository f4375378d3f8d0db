"""From the text of the files to typed entries, keeping every fault and going on.

A draft holds the documents of a case (plain data with marks) and the entries that are well formed. The ids of
a malformed entry still count as known, so that one fault does not cascade into many.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ..faults import Fault, Faults, listed, nearest
from ..marked import Key, Marked, scan_csv, scan_yaml, validate
from .institutions import RETIRED_RULES, RULE_MODELS, RULES
from .posterior import Posterior, read_posterior
from .schema import ROW_MODELS, SECTION, SECTIONS, Section
from .values import as_number, is_id


@dataclass
class Document(Marked):
    """A file as plain data with marks; a value set afterwards is named by its key instead of a line."""

    changed: dict[Key, str] = field(default_factory=dict)
    broken: bool = False  # what is absent from `data` may well be in the file

    def fault(self, path: Any, found: str, allowed: str = "", near: str | None = None) -> Fault:
        key = tuple(path)
        while key:
            if key in self.changed:
                return Fault(f"set {self.changed[key]}", 0, 0, found, allowed, near)
            key = key[:-1]
        return super().fault(path, found, allowed, near)


@dataclass
class Draft:
    """Documents by section and the entries read from them, each with the path where it stood."""

    path: Path
    documents: dict[str, Document] = field(default_factory=dict)
    entries: dict[str, list[tuple[Key, Any]]] = field(default_factory=dict)
    posterior: Posterior | None = None
    posterior_text: tuple[str, str] | None = None  # file, text
    parameter_sources: set[str] | None = None  # of the case that the parameters come from
    code: dict[str, str] = field(default_factory=dict)  # digests of the mechanism files
    country: Any = None  # politburo.case.country.CountryFiles, or None
    slots: dict[str, Any] | None = None  # keys of with_values, once somebody asked
    read: dict[str, str] = field(default_factory=dict)  # digests of the files of the format, as they were read

    def copy(self) -> Draft:
        """A copy whose data may be changed; marks and particles are shared."""
        documents = {
            name: Document(d.file, copy.deepcopy(d.data), d.marks, dict(d.changed), d.broken)
            for name, d in self.documents.items()
        }
        return Draft(
            self.path,
            documents,
            {},
            self.posterior,
            self.posterior_text,
            self.parameter_sources,
            dict(self.code),
            self.country,
            read=self.read,
        )

    def items(self, section: str) -> Iterator[tuple[Key, Any]]:
        """Path and raw data of every entry of a section, well formed or not."""
        document = self.documents.get(section)
        if document is None:
            return
        shape = SECTION[section].shape
        data = document.data
        if shape == "one":
            yield (), data
        elif shape == "rows":
            for i, row in enumerate(data or ()):
                yield (i,), row
        else:
            inner = data.get(section) if isinstance(data, Mapping) else None
            if shape == "map" and isinstance(inner, Mapping):
                for key, entry in inner.items():
                    yield (section, key), entry
            elif shape == "list" and isinstance(inner, list):
                for i, entry in enumerate(inner):
                    yield (section, i), entry

    def known(self, section: str) -> dict[str, None] | None:
        """The ids of a section in file order, or None when the file is too broken to tell."""
        document = self.documents.get(section)
        if document is None or document.broken:
            return None
        first = SECTION[section].unique[:1]
        ids: dict[str, None] = {}
        for path, entry in self.items(section):
            name = entry.get(first[0]) if first and isinstance(entry, Mapping) else path[-1]
            if isinstance(name, str):
                ids[name] = None
        return ids

    def models(self, section: str) -> Iterator[Any]:
        """The well-formed entries of a section."""
        return (entry for _, entry in self.entries.get(section, ()))


@cache
def columns(section: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Required and optional columns of a CSV file."""
    fields = {f.alias or name: f for name, f in ROW_MODELS[section].model_fields.items()}
    # evidence and provenance last, as in the files
    last = ("evidence", "source", "note")
    names = [*(n for n in fields if n not in last), *last]
    optional_cells = {"localities": {"boss"}, "blocs": {"committee", "cadres"}}.get(section, set())
    required = tuple(n for n in names if fields[n].is_required() or n in optional_cells or n == "source")
    return required, tuple(n for n in names if n not in required)


def read_document(section: Section, file: str, text: str) -> tuple[Document, list[Fault]]:
    """Read one file. The document is usable, perhaps in part, whatever the faults."""
    if section.shape != "rows":
        try:
            marked, faults = scan_yaml(file, text)
        except Faults as error:
            return Document(file, None, broken=True), list(error.faults)
        document = Document(file, marked.data, marked.marks, broken=bool(faults) and marked.data is None)
        return document, faults + _frame(section, document)
    required, optional = columns(section.name)
    rows, faults = scan_csv(file, required, optional, text)
    allowed = {*required, *optional}
    document = Document(file, [], broken=bool(faults) and not rows)
    columns_here = rows[0].columns if rows else {}
    document.broken = document.broken or (bool(rows) and section.unique[0] not in columns_here)
    # A fault of the header is one fault, not one in every row: then rows count for their ids only.
    unsound = any(column not in columns_here for column in required) or "a second time" in str(faults)
    for row in rows:
        if not any(row.values.values()):
            continue  # spreadsheets leave rows of bare commas behind
        i = len(document.data)
        document.marks[(i,)] = (row.line, 0)
        for column, number in row.columns.items():
            document.marks[(i, column)] = (row.line, number)
        cells = {column: cell for column, cell in row.values.items() if cell and column in allowed}
        document.data.append(_Ragged(cells) if row.ragged or unsound else cells)
    return document, faults


class _Ragged(dict):
    """A row with too many or too few fields: its ids count, its values are not judged."""


def _frame(section: Section, document: Document) -> list[Fault]:
    """Faults in the outermost keys of a YAML file."""
    data, name = document.data, section.name
    if document.broken:
        return []
    if section.shape == "one":
        if isinstance(data, Mapping):
            return []
        document.broken = True
        return [document.fault((), "no keys", "keys: " + listed(section.model.model_fields))]
    wanted = "a list" if section.shape == "list" else "a mapping from ids to entries"
    if not isinstance(data, Mapping):
        document.broken = True
        return [document.fault((), f"no key {name!r}", f"{name}: {wanted}")]
    faults = [
        document.fault((key,), f"unknown key {key!r}", name, nearest(key, [name]))
        for key in data
        if key != name
    ]
    inner = data.get(name)
    if name not in data:
        document.broken = True
        faults.append(document.fault((), f"no key {name!r}", f"{name}: {wanted}"))
    elif not isinstance(inner, list if section.shape == "list" else Mapping):
        document.broken = True
        faults.append(document.fault((name,), f"{name} is {_shown(inner)}", wanted))
    return faults


def parse(draft: Draft) -> list[Fault]:
    """Turn every well-formed entry of every document into its model; return the faults of the others."""
    faults: list[Fault] = []
    draft.entries = {}
    for section in SECTIONS:
        document = draft.documents.get(section.name)
        found = draft.entries.setdefault(section.name, [])
        if document is None or (document.broken and section.shape == "one"):
            continue
        for path, data in draft.items(section.name):
            if isinstance(data, _Ragged):
                continue
            try:
                entry = _entry(section, document, path, data)
            except Faults as error:
                faults.extend(error.faults)
            else:
                found.append((path, entry))
    return faults


def _entry(section: Section, document: Document, path: Key, data: Any) -> BaseModel:
    if not isinstance(data, Mapping):
        raise Faults(
            [document.fault(path, f"{'.'.join(map(str, path))} is {_shown(data)}", "a mapping of keys")]
        )
    faults = []
    if section.shape == "map":
        faults += bad_id(document, path)
    model = section.model
    if section.name == "rules":
        if path[-1] in RETIRED_RULES:
            key = RETIRED_RULES[path[-1]]
            found = f"{path[-1]!r} is no longer a rule: every organ has its own {key}"
            raise Faults([document.fault(path, found, f"organs.ORGAN.{key} (organs.yaml)", key)])
        if path[-1] not in RULES:
            near = nearest(path[-1], RULES)
            raise Faults([document.fault(path, f"unknown rule {path[-1]!r}", listed(RULES), near)])
        model = RULE_MODELS[RULES[path[-1]].kind]
    elif section.allowed:
        kind = data.get("kind")
        if kind not in section.allowed:
            found, near = (
                (f"kind is {kind!r}", nearest(kind, section.allowed)) if "kind" in data else ("no kind", None)
            )
            raise Faults([document.fault((*path, "kind"), found, listed(section.allowed), near)])
        model = model(data)
    elif section.name in ("traits", "signals"):
        model = model(data)
    try:
        entry = validate(model, document, path, dict(data))
    except Faults as error:
        faults += error.faults
    if faults:
        raise Faults(faults)
    if section.shape == "map":
        entry._id = path[-1] if hasattr(entry, "_id") else None
    return entry


def bad_id(document: Document, path: Key) -> list[Fault]:
    """A fault when the key of an entry is not an id."""
    if is_id(path[-1]):
        return []
    return [document.fault(path, f"id {path[-1]!r}", "a lower_snake_case word of at most 64 letters")]


def parse_posterior(draft: Draft) -> list[Fault]:
    """Read the particles, once the parameters are known to be sound."""
    if draft.posterior_text is None:
        return []
    names = draft.known("parameters")
    if names is None:
        return []
    ranges = {}
    for path, entry in draft.items("parameters"):
        get = entry.get if isinstance(entry, Mapping) else (lambda _: None)
        ranges[path[-1]] = (as_number(get("low")), as_number(get("high")))
    try:
        draft.posterior = read_posterior(*draft.posterior_text, ranges)
        draft.posterior_text = None
    except Faults as error:
        return list(error.faults)
    return []


_LEAVES = (str, int, float, type(None))


def cited(draft: Draft) -> Iterator[tuple[str, Document, Key, Mapping[str, Any]]]:
    """Every mapping that carries an evidence label: section, document, path, raw data."""

    def walk(path: Key, data: Any) -> Iterator[tuple[Key, Mapping[str, Any]]]:
        if isinstance(data, Mapping):
            if "evidence" in data and not isinstance(data, _Ragged):
                yield path, data
            for key, inner in data.items():
                if not isinstance(inner, _LEAVES):  # nine in ten, and a generator for each costs more than the rest
                    yield from walk((*path, key), inner)
        elif isinstance(data, list):
            for i, inner in enumerate(data):
                yield from walk((*path, i), inner)

    for name, document in draft.documents.items():
        for path, data in walk((), document.data):
            yield name, document, path, data


def labels(draft: Draft) -> Counter:
    """Number of labelled values by evidence label."""
    return Counter(str(data["evidence"]) for _, _, _, data in cited(draft))


def _shown(value: Any) -> str:
    if value is None:
        return "empty"
    text = repr(value)
    return text if len(text) < 60 else text[:57] + "..."
