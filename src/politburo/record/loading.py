"""Reading a record from a folder: everything or nothing, with every fault named by file, line and column.

A record folder holds record.yaml, sources.yaml, names.yaml, claims/*.jsonl, clusters.csv, relations.yaml,
readings.yaml, reuse.yaml, and the reference tables persons, organs, posts, memberships, events, votes, congresses,
organ_sizes, cc_members, plan_targets, assessments, citations (.csv) and series/*.csv. Only record.yaml is required.
A record whose record.yaml says `base: ussr` is read on top of the shipped one and may use its ids.

Cost: linear in the size of the files; the shipped record (about 2 MB) takes well under a second.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ..evidence import FROM_BASIS
from ..faults import Fault, Faults, listed, nearest
from ..marked import Marked, load_csv, load_yaml, read_text, validate
from . import models as m
from . import vocabulary as words
from .store import Name, Record, SeriesRow

SHIPPED = Path(__file__).resolve().parent.parent / "cases" / "ussr-record"
Model = TypeVar("Model", bound=BaseModel)
TAIL = ("citation", "basis", "confidence", "note")
TABLES: dict[str, tuple[type[BaseModel] | None, tuple[str, ...], tuple[str, ...]]] = {
    "persons": (m.Person, ("id", "name", "born", "died", "fate"), ()),
    "organs": (m.Organ, ("id", "name", "kind", "founded", "dissolved"), ()),
    "memberships": (m.Membership, ("id", "organ", "person", "role", "start", "end"), ("start_event", "exit_mode", "exit_detail")),
    "events": (m.Event, ("id", "date", "title", "participants", "type"), ("old_style", "flag")),
    "votes": (m.Vote, ("id", "date", "body", "motion"), ("event", "votes_for", "votes_against", "abstained", "other_count", "outcome")),
    "assessments": (m.Assessment, ("id", "source", "line", "statement", "kind", "stated", "reference", "verdict"), ("comment",)),
    "congresses": (None, ("id", "type", "ordinal", "name", "date", "place", "voting_delegates", "consultative_delegates",
                          "members_represented", "candidates_represented", "cc_full", "cc_candidate"), ()),
    "organ_sizes": (None, ("organ", "date", "measure", "value"), ()),
    "cc_members": (None, ("cohort", "measure", "value", "unit", "denominator"), ()),
    "plan_targets": (None, ("plan", "indicator", "unit", "base_year", "base_value", "target_year", "target_value",
                            "actual_year", "actual_value", "fulfilment_percent"), ()),
}  # fmt: skip
SERIES = ("series", "unit", "period", "when", "geography", "value", "low", "high")
SERIES_MORE = ("category", "sex", "age_group", "residence", "camp")


class Collector:
    """Gathers faults while several files are read; `check` raises them together."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def run(self, read: Callable[[], Any], default: Any) -> Any:
        try:
            return read()
        except Faults as error:
            self.faults += error.faults
            return default

    def check(self) -> None:
        if self.faults:
            raise Faults(self.faults)


def load(path: Path | str | None = None) -> Record:
    """The record in `path` (default: the shipped one). Raises `Faults` with every fault found."""
    folder = SHIPPED if path is None else Path(path)
    return _shipped().copy() if folder == SHIPPED else _load(folder, seen=())


load_record = load  # the name under which the package offers it


@lru_cache(maxsize=1)
def _shipped() -> Record:
    """The shipped record, read once a process: it does not change while the program runs."""
    return _load(SHIPPED, seen=())


def _load(folder: Path, seen: tuple[Path, ...]) -> Record:
    if not folder.is_dir():
        raise Faults([Fault(str(folder), 0, 0, "no such folder", "a folder with record.yaml")])
    if folder.resolve() in seen:
        raise Faults(
            [
                Fault(
                    str(folder / "record.yaml"),
                    0,
                    0,
                    "a record that extends itself",
                    "a base outside the chain",
                )
            ]
        )
    header_file = folder / "record.yaml"
    marked = load_yaml(header_file)
    header = validate(m.Header, marked)
    base = None
    if header.base == "ussr":
        base = _shipped()
    elif header.base:
        base = _load((folder / header.base).resolve(), (*seen, folder.resolve()))
    collect = Collector()
    record = Record(folder=folder, header=header, base=base)
    places: dict[tuple[str, str], Fault] = {}
    for name, kind in (
        ("sources", m.Source),
        ("relations", m.Relation),
        ("readings", m.Reading),
        ("reuse", m.Copy),
        ("names", Name),
    ):
        items = collect.run(lambda: _yaml_list(folder / f"{name}.yaml", kind, places, name), [])
        getattr(record, name).extend(items)
    for file in sorted((folder / "claims").glob("*.jsonl")) if (folder / "claims").is_dir() else []:
        record.claims += collect.run(lambda: _jsonl(file, m.Claim, places), [])
    for row, cluster in collect.run(
        lambda: _csv(folder / "clusters.csv", m.Cluster, ("id", "label", "event"), ("confirmed",)), []
    ):
        places[("clusters", cluster.id)] = row.fault("id", "")
        record.clusters[cluster.id] = cluster
    for row, citation in collect.run(
        lambda: _csv(folder / "citations.csv", m.Citation, ("id", "source", "url"), ()), []
    ):
        if citation.id in record.citations:
            collect.faults.append(row.fault("id", f"citation {citation.id!r} a second time", "each id once"))
        record.citations[citation.id] = citation
    for name, (model, required, optional) in TABLES.items():
        table = collect.run(
            lambda: _csv(folder / f"{name}.csv", model, (*required, *TAIL[:3]), (*optional, "note")), []
        )
        _table(record, name, table, places, collect)
    for row, post in collect.run(
        lambda: _csv(folder / "posts.csv", m.Post, ("id", "organ", "role", "label"), ()), []
    ):
        places[("posts", post.id)] = row.fault("organ", "")
        record.posts[post.id] = post
    for file in sorted((folder / "series").glob("*.csv")) if (folder / "series").is_dir() else []:
        record.series[file.stem] = collect.run(lambda: _series(file, record), [])
    record.places = places
    collect.check()
    if base is not None:
        collect.faults += record.extend_base()
        collect.check()
    _resolve(record, collect)
    collect.check()
    return record


def _yaml_list(path: Path, kind: type[Model], places: dict, name: str) -> list[Model]:
    if not path.exists():
        return []
    marked = load_yaml(path)
    if marked.data is None:
        return []
    if not isinstance(marked.data, list):
        raise Faults([marked.fault((), f"a {type(marked.data).__name__}", "a list of entries")])
    out: list[Model] = []
    collect = Collector()
    for i, item in enumerate(marked.data):
        value = collect.run(lambda: validate(kind, marked, (i,), item), None)
        if value is not None:
            out.append(value)
            key = getattr(value, "id", None) or f"{getattr(value, 'cluster', '')}#{i}"
            if (name, key) in places and name in ("sources", "names"):
                collect.faults.append(marked.fault((i, "id"), f"id {key!r} a second time", "each id once"))
            places[(name, key)] = marked.fault((i,), "")
    collect.check()
    return out


def _jsonl(path: Path, kind: type[Model], places: dict) -> list[Model]:
    collect = Collector()
    out: list[Model] = []
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line, object_pairs_hook=_once)
            out.append(kind.model_validate(data))
        except ValidationError:
            collect.faults += _line_faults(path, number, line, kind, data)
            continue
        except (ValueError, RecursionError) as error:
            column = getattr(error, "colno", 1)
            why = (
                getattr(error, "msg", str(error))
                if not isinstance(error, RecursionError)
                else "nested too deeply"
            )
            collect.faults.append(
                Fault(str(path), number, column, f"not JSON: {why}", "one JSON object per line")
            )
            continue
        key = out[-1].id
        if ("claims", key) in places:
            first = places[("claims", key)]
            allowed = f"each id once (first in {Path(first.file).name}:{first.line})"
            collect.faults.append(Fault(str(path), number, 1, f"claim {key!r} a second time", allowed))
        places[("claims", key)] = Fault(str(path), number, 1, "")
    collect.check()
    return out


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        keys = [k for k, _ in pairs]
        raise ValueError(f"key {next(k for k in keys if keys.count(k) > 1)!r} a second time")
    return out


def _line_faults(path: Path, number: int, line: str, kind: type[BaseModel], data: Any) -> list[Fault]:
    """Faults of one JSON line with columns: JSON is near enough to YAML for its marks."""
    try:
        marked = load_yaml(path, text=line)
    except Faults:
        marked = Marked(str(path), data)
    marked.marks = {k: (number, c) for k, (_, c) in marked.marks.items()}
    if () not in marked.marks:
        marked.marks[()] = (number, 1)
    try:
        validate(kind, marked, ("",), data) if not isinstance(data, dict) else validate(
            kind, marked, (), data
        )
    except Faults as error:
        return [
            Fault(f.file, number, f.column if f.line == number else 1, f.found, f.allowed, f.nearest)
            for f in error.faults
        ]
    return []


def _csv(path: Path, model: type[Model] | None, required: tuple, optional: tuple) -> list[tuple[Any, Any]]:
    if not path.exists():
        return []
    out, faults = [], []
    for row in load_csv(path, required, optional):
        if model is None:
            out.append((row, dict(row.values)))
            continue
        data: dict[str, Any] = {k: v for k, v in row.values.items() if v != "" or k in required}
        if "participants" in data:
            data["participants"] = [p.strip() for p in str(data["participants"]).split(";") if p.strip()]
        if model is m.Cluster:
            data = {k: v for k, v in data.items() if v != ""}
        try:
            out.append((row, model.model_validate(data)))
        except ValidationError as error:
            for e in error.errors():
                column = str(e["loc"][0]) if e["loc"] else ""
                allowed = e["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
                choices = (
                    [w.strip("' ") for w in allowed.replace(" or ", ", ").split(",")]
                    if e["type"] == "literal_error"
                    else []
                )
                value = row.values.get(column, "")
                faults.append(row.fault(column, f"{column} is {value!r}", allowed, nearest(value, choices)))
    if faults:
        raise Faults(faults)
    return out


def _table(record: Record, name: str, table: list, places: dict, collect: Collector) -> None:
    target = getattr(record, name)
    for row, item in table:
        values = row.values
        if values["basis"] not in FROM_BASIS:
            collect.faults.append(
                row.fault(
                    "basis",
                    f"basis is {values['basis']!r}",
                    listed(FROM_BASIS),
                    nearest(values["basis"], FROM_BASIS),
                )
            )
        if values["citation"] not in record.citations:
            near = nearest(values["citation"], record.citations)
            collect.faults.append(
                row.fault("citation", f"no citation {values['citation']!r}", "an id of citations.csv", near)
            )
        if isinstance(target, dict):
            if item.id in target:
                collect.faults.append(
                    row.fault("id", f"{name[:-1]} {item.id!r} a second time", "each id once")
                )
            target[item.id] = item
            places[(name, item.id)] = row.fault("id", "")
        else:
            target.append(item)


def _series(path: Path, record: Record) -> list[SeriesRow]:
    faults: list[Fault] = []
    out: list[SeriesRow] = []
    for row in load_csv(path, (*SERIES, *TAIL[:3]), (*SERIES_MORE, "note")):
        v = row.values
        numbers: list[float | None] = []
        for column in ("value", "low", "high"):
            try:
                numbers.append(float(v[column]) if v[column] else None)
            except ValueError:
                numbers.append(None)
                faults.append(row.fault(column, f"{column} is {v[column]!r}", "a number or nothing"))
        if v["when"]:
            try:
                m.parse(v["when"])
            except m.EDTFError as error:
                faults.append(row.fault("when", f"when is {v['when']!r}", f"an EDTF date ({error.why})"))
        if v["basis"] not in FROM_BASIS:
            faults.append(
                row.fault(
                    "basis", f"basis is {v['basis']!r}", listed(FROM_BASIS), nearest(v["basis"], FROM_BASIS)
                )
            )
            continue
        if v["citation"] not in record.citations:
            faults.append(
                row.fault(
                    "citation",
                    f"no citation {v['citation']!r}",
                    "an id of citations.csv",
                    nearest(v["citation"], record.citations),
                )
            )
        more = {c: v[c] for c in SERIES_MORE if v.get(c)}
        out.append(SeriesRow(v["series"], v["unit"], v["period"], v["when"], v["geography"], *numbers, more,
                             v["citation"], v["basis"], v["confidence"], v.get("note", "")))  # fmt: skip
    if faults:
        raise Faults(faults)
    return out


def _resolve(record: Record, collect: Collector) -> None:
    """Every id names something: parts, entities, clusters, events, claims, predicates."""
    parts, entities, claims = record.parts, record.entities, {c.id: c for c in record.claims}

    def fault(kind: str, key: str, found: str, allowed: str, near: str | None) -> None:
        place = record.places.get((kind, key)) or Fault(str(record.folder), 0, 0, "")
        collect.faults.append(Fault(place.file, place.line, place.column, found, allowed, near))

    def need(kind: str, key: str, word: str | None, allowed: Iterable[str], what: str) -> None:
        if word and word not in allowed:
            fault(
                kind, key, f"no {what} {word!r}", f"one of {len(list(allowed))} ids", nearest(word, allowed)
            )

    for c in record.claims:
        need("claims", c.id, c.source, parts, "part")
        need("claims", c.id, c.cluster, record.clusters, "cluster")
        if c.predicate not in words.PREDICATES:
            fault(
                "claims",
                c.id,
                f"predicate is {c.predicate!r}",
                listed(words.PREDICATES),
                nearest(c.predicate, words.PREDICATES),
            )
        for s in c.subject:
            need("claims", c.id, s, entities, "person, organ or name")
        if c.date.anniversary_of:
            need("claims", c.id, c.date.anniversary_of, record.clusters, "cluster")
        part = parts.get(c.source)
        if part and not (part.start <= c.start and c.end <= part.end):
            fault(
                "claims", c.id, f"span {c.start}-{c.end} outside its part", f"{part.start}-{part.end}", None
            )
    for cluster in record.clusters.values():
        need("clusters", cluster.id, cluster.event, record.events, "event")
    for i, r in enumerate(record.relations):
        key = r.id
        for end in (r.a, r.b):
            need("relations", key, end, record.clusters, "cluster")
        need("relations", key, r.source, parts, "part")
    for i, reading in enumerate(record.readings):
        key = f"{reading.cluster}#{i}"
        need("readings", key, reading.cluster, record.clusters, "cluster")
        for c in (*reading.preferred, *reading.deprecated):
            need("readings", key, c, claims, "claim")
            if c in claims and claims[c].cluster != reading.cluster:
                fault(
                    "readings",
                    key,
                    f"claim {c!r} belongs to {claims[c].cluster!r}",
                    f"claims of {reading.cluster!r}",
                    None,
                )
    for mem in record.memberships.values():
        need("memberships", mem.id, mem.organ, record.organs, "organ")
        need("memberships", mem.id, mem.person, record.persons, "person")
    for post in record.posts.values():
        need("posts", post.id, post.organ, record.organs, "organ")
    for s in record.sources:
        ends = sorted((p.start, p.end, p.id) for p in s.parts)
        for (_, e, a), (b, _, c) in zip(ends, ends[1:]):
            if b < e:
                fault("sources", s.id, f"parts {a!r} and {c!r} overlap", "parts side by side", None)
        if ends and ends[-1][1] > s.length:
            fault(
                "sources",
                s.id,
                f"part {ends[-1][2]!r} ends at {ends[-1][1]}",
                f"at most the source's length {s.length}",
                None,
            )
