"""PROV-JSON (W3C member submission, 2013): who derived what from what.

Entities are source files, parts and claims; witnesses are agents to whom parts are attributed; a confirmed copy is a
derivation of the later part from the earlier, of type quotation where verbatim; the reading of the sources and this
export are activities of this software.
"""

from __future__ import annotations

from typing import Any

from ..store import Record


def export(record: Record) -> dict[str, Any]:
    """One PROV-JSON document."""
    entity: dict[str, Any] = {}
    agent: dict[str, Any] = {
        "pb:politburo": {
            "prov:type": {"$": "prov:SoftwareAgent", "type": "prov:QUALIFIED_NAME"},
            "prov:label": "politburo",
        }
    }
    derived: dict[str, Any] = {}
    attributed: dict[str, Any] = {}
    generated: dict[str, Any] = {}
    used: dict[str, Any] = {}
    activity = {"pb:reading": {"prov:label": f"reading of the sources of {record.header.id}"}}
    member: dict[str, Any] = {}
    for s in record.sources:
        entity[f"pb:{s.id}"] = {"prov:label": s.title, "pb:file": s.file, "pb:sha256": s.sha256}
        used[f"_:u-{s.id}"] = {"prov:activity": "pb:reading", "prov:entity": f"pb:{s.id}"}
        for p in s.parts:
            entity[f"pb:{p.id}"] = {"prov:label": p.title or p.id, "pb:start": p.start, "pb:end": p.end}
            member[f"_:d-{p.id}"] = {"prov:generatedEntity": f"pb:{p.id}", "prov:usedEntity": f"pb:{s.id}"}
            agent.setdefault(f"pb:witness-{p.witness}", {"prov:label": f"witness {p.witness}"})
            attributed[f"_:a-{p.id}"] = {"prov:entity": f"pb:{p.id}", "prov:agent": f"pb:witness-{p.witness}"}
    derived.update(member)
    for i, copy in enumerate(record.reuse):
        kind = (
            "prov:Quotation"
            if copy.kind == "verbatim"
            else "prov:Revision"
            if copy.kind == "edited"
            else "pb:Paraphrase"
        )
        derived[f"_:copy-{i}"] = {"prov:generatedEntity": f"pb:{copy.b}", "prov:usedEntity": f"pb:{copy.a}",
                                  "prov:type": {"$": kind, "type": "prov:QUALIFIED_NAME"}}  # fmt: skip
    for c in record.claims:
        entity[f"pb:{c.id}"] = {"prov:label": c.paraphrase, "pb:cluster": c.cluster}
        derived[f"_:c-{c.id}"] = {"prov:generatedEntity": f"pb:{c.id}", "prov:usedEntity": f"pb:{c.source}"}
        generated[f"_:g-{c.id}"] = {"prov:entity": f"pb:{c.id}", "prov:activity": "pb:reading"}
    return {
        "prefix": {"pb": f"urn:politburo:{record.header.id}:", "prov": "http://www.w3.org/ns/prov#"},
        "entity": entity, "agent": agent, "activity": activity, "used": used, "wasGeneratedBy": generated,
        "wasDerivedFrom": derived, "wasAttributedTo": attributed,
        "wasAssociatedWith": {"_:assoc": {"prov:activity": "pb:reading", "prov:agent": "pb:politburo"}},
    }  # fmt: skip
