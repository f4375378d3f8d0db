"""The record in memory: typed objects, looked up by id, and as data frames.

`Record` holds what `loading.load` read. It answers simple questions (which part, which witness, which claims of a
cluster); the larger ones live in their own modules: `conflicts`, `chronology`, `ask`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from ..evidence import FROM_BASIS, Evidence
from ..faults import Fault
from . import models as m


class Name(m.Model):
    """A name under which an entity is known beyond its own; `kind` is person, organ, faction, group, place or thing."""

    id: m.Id
    kind: Literal["person", "organ", "faction", "group", "place", "thing"]
    name: str = ""
    aliases: list[str] = []


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One number of the quantitative record, with its label. `when` is EDTF, or empty where the period is no date."""

    series: str
    unit: str
    period: str
    when: str
    geography: str
    value: float | None
    low: float | None
    high: float | None
    more: dict[str, str]
    citation: str
    basis: str
    confidence: str
    note: str

    @property
    def evidence(self) -> Evidence:
        return FROM_BASIS[self.basis]


@dataclass(frozen=True)
class Entity:
    """Whatever a claim may be about."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass
class Record:
    """Claims, clusters, relations, readings and reference tables of one record (with those of its base)."""

    folder: Path
    header: m.Header
    base: Record | None = None
    sources: list[m.Source] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    claims: list[m.Claim] = field(default_factory=list)
    clusters: dict[str, m.Cluster] = field(default_factory=dict)
    relations: list[m.Relation] = field(default_factory=list)
    readings: list[m.Reading] = field(default_factory=list)
    reuse: list[m.Copy] = field(default_factory=list)
    persons: dict[str, m.Person] = field(default_factory=dict)
    organs: dict[str, m.Organ] = field(default_factory=dict)
    posts: dict[str, m.Post] = field(default_factory=dict)
    memberships: dict[str, m.Membership] = field(default_factory=dict)
    events: dict[str, m.Event] = field(default_factory=dict)
    votes: dict[str, m.Vote] = field(default_factory=dict)
    assessments: dict[str, m.Assessment] = field(default_factory=dict)
    congresses: list[dict[str, str]] = field(default_factory=list)
    organ_sizes: list[dict[str, str]] = field(default_factory=list)
    cc_members: list[dict[str, str]] = field(default_factory=list)
    plan_targets: list[dict[str, str]] = field(default_factory=list)
    citations: dict[str, m.Citation] = field(default_factory=dict)
    series: dict[str, list[SeriesRow]] = field(default_factory=dict)
    places: dict[tuple[str, str], Fault] = field(default_factory=dict, repr=False)
    solved: Any = field(default=None, repr=False)  # the chronology, once it has been computed

    def copy(self) -> Record:
        """A record with its own lists and tables (the immutable entries are shared)."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return Record(**{k: v.copy() if isinstance(v, (list, dict)) else v for k, v in values.items()})

    def extend_base(self) -> list[Fault]:
        """Put the base's content first; an id used by both is a fault."""
        base, faults = self.base, []
        for name in (
            "clusters",
            "persons",
            "organs",
            "posts",
            "memberships",
            "events",
            "votes",
            "assessments",
            "citations",
            "series",
        ):
            own, old = getattr(self, name), getattr(base, name)
            for key in own:
                if key in old:
                    place = self.places.get((name, key)) or Fault(str(self.folder), 0, 0, "")
                    faults.append(
                        Fault(
                            place.file, place.line, place.column, f"id {key!r} of the base record", "a new id"
                        )
                    )
            setattr(self, name, {**old, **own})
        for name in ("sources", "names", "claims"):
            taken = {x.id for x in getattr(base, name)}
            for x in getattr(self, name):
                if x.id in taken and name != "names":
                    place = self.places.get((name, x.id)) or Fault(str(self.folder), 0, 0, "")
                    faults.append(
                        Fault(
                            place.file,
                            place.line,
                            place.column,
                            f"id {x.id!r} of the base record",
                            "a new id",
                        )
                    )
        for name in (
            "sources",
            "names",
            "claims",
            "relations",
            "readings",
            "reuse",
            "congresses",
            "organ_sizes",
            "cc_members",
            "plan_targets",
        ):
            setattr(self, name, [*getattr(base, name), *getattr(self, name)])
        self.places = {**base.places, **self.places}
        return faults

    # ---- look-ups
    @cached_property
    def parts(self) -> dict[str, m.Part]:
        return {p.id: p for s in self.sources for p in s.parts}

    @cached_property
    def source_of(self) -> dict[str, m.Source]:
        """Source of each part."""
        return {p.id: s for s in self.sources for p in s.parts}

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """Persons, organs and everything in names.yaml, by id."""
        out: dict[str, Entity] = {}
        for p in self.persons.values():
            out[p.id] = Entity(p.id, "person", p.name)
        for o in self.organs.values():
            out[o.id] = Entity(o.id, "organ", o.name)
        for n in self.names:
            known = out.get(n.id)
            aliases = (*(known.aliases if known else ()), *n.aliases)
            out[n.id] = Entity(
                n.id, known.kind if known else n.kind, n.name or (known.name if known else n.id), aliases
            )
        return out

    @cached_property
    def by_cluster(self) -> dict[str, list[m.Claim]]:
        out: dict[str, list[m.Claim]] = defaultdict(list)
        for c in self.claims:
            out[c.cluster].append(c)
        return dict(out)

    def claim(self, claim_id: str) -> m.Claim:
        for c in self.claims:
            if c.id == claim_id:
                return c
        raise KeyError(claim_id)

    def name(self, entity_id: str) -> str:
        entity = self.entities.get(entity_id)
        return entity.name if entity else entity_id

    def witness(self, claim: m.Claim) -> str:
        """The independent hand a claim rests on."""
        return claim.witness or self.parts[claim.source].witness

    def witnesses(self, claims: list[m.Claim]) -> list[str]:
        """Distinct witnesses of these claims, sorted: what corroboration counts."""
        return sorted({self.witness(c) for c in claims})

    def label(self, cluster: str) -> str:
        known = self.clusters.get(cluster)
        return (known.label if known else "") or cluster

    # ---- data frames
    def table(self, name: str) -> list[dict[str, Any]]:
        """Rows of one table as plain dicts: claims, clusters, persons, ..., or the name of a series file."""
        if name == "claims":
            return [self._claim_row(c) for c in self.claims]
        if name in self.series:
            return [
                {
                    **{k: getattr(r, k) for k in SeriesRow.__slots__ if k != "more"},
                    **r.more,
                    "evidence": str(r.evidence),
                }
                for r in self.series[name]
            ]
        value = getattr(self, name, None)
        if name not in FRAMES or value is None:
            raise KeyError(f"no table {name!r}; there are {', '.join((*FRAMES, *self.series))}")
        rows = list(value.values()) if isinstance(value, dict) else value
        out = []
        for r in rows:
            row = dict(r) if isinstance(r, dict) else r.model_dump()
            if "basis" in row and row["basis"] in FROM_BASIS:
                row["evidence"] = str(FROM_BASIS[row["basis"]])
            out.append(row)
        return out

    def _claim_row(self, c: m.Claim) -> dict[str, Any]:
        d, v = c.date, c.value
        return {
            "id": c.id, "source": self.source_of[c.source].id, "part": c.source, "witness": self.witness(c), "start": c.start,
            "length": c.length, "digest": c.digest, "type": c.type, "subject": ";".join(c.subject), "predicate": c.predicate,
            "object": c.object, "date": d.edtf, "date_basis": d.basis, "old_style": d.old_style, "low": v.low if v else None,
            "high": v.high if v else None, "unit": v.unit if v else None, "scope": v.scope.what if v else None,
            "polarity": c.polarity, "modality": c.modality, "cluster": c.cluster, "paraphrase": c.paraphrase,
        }  # fmt: skip

    def frame(self, name: str, library: Literal["arrow", "polars", "pandas"] = "arrow") -> Any:
        """One table as a data frame: a PyArrow table, or a Polars or pandas frame if that library is installed."""
        import pyarrow as pa

        rows = self.table(name)
        keys = list(dict.fromkeys(k for r in rows for k in r))
        data = {k: [_flat(r.get(k)) for r in rows] for k in keys}
        table = pa.table({k: pa.array(v) for k, v in data.items()})
        if library == "polars":
            import polars

            return polars.from_arrow(table)
        return table.to_pandas() if library == "pandas" else table


FRAMES = ("claims", "clusters", "relations", "readings", "persons", "organs", "posts", "memberships", "events", "votes",
          "congresses", "organ_sizes", "cc_members", "plan_targets", "assessments", "citations")  # fmt: skip


def _flat(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return ";".join(map(str, value))
    if isinstance(value, dict):
        return str(value)
    return value
