"""IPIF: the prosopographers' interchange (factoids of persons, statements, sources), compliance level 0, as one document.

A factoid is what one source says of one person in one claim. IPIF has no polarity and one sort date; the negation and
the EDTF date go into the statement's text and date label. Draft: github.com/IPIF/prosopogrAPhI.
"""

from __future__ import annotations

from typing import Any

from ..calendars import iso
from ..store import Record


def export(record: Record) -> dict[str, Any]:
    """`persons`, `sources`, `statements`, `factoids`, each with its protocol block."""
    stamp = f"{record.header.issued or '2026-01-01'}T00:00:00.000Z"
    by = f"politburo record {record.header.id}"
    made = {"createdBy": by, "createdWhen": stamp}
    factoids, statements = [], []
    of_person: dict[str, list[dict[str, Any]]] = {}
    of_source: dict[str, list[dict[str, Any]]] = {}
    for c in record.claims:
        st = _statement(record, c)
        refs = []
        for p in c.subject:
            if record.entities[p].kind != "person":
                continue
            ref = {
                "@id": f"f-{c.id}-{p}",
                "person-ref": {"@id": p},
                "source-ref": {"@id": c.source},
                "statement-refs": [{"@id": st["@id"]}],
            }
            refs.append(ref)
            factoids.append({**ref, **made})
            of_person.setdefault(p, []).append(ref)
            of_source.setdefault(c.source, []).append(ref)
        if refs:
            statements.append({**st, "factoid-refs": refs, **made})
    persons = [
        {"@id": p, "label": record.name(p), "uris": [], "factoid-refs": refs, **made}
        for p, refs in sorted(of_person.items())
    ]
    sources = [{"@id": s, "label": f"{record.source_of[s].title}: {record.parts[s].title}", "uris": [], "factoid-refs": refs, **made}
               for s, refs in sorted(of_source.items())]  # fmt: skip
    out = {}
    for name, items in (
        ("persons", persons),
        ("sources", sources),
        ("statements", statements),
        ("factoids", factoids),
    ):
        out[name] = {"protocol": {"size": len(items), "page": 1, "totalHits": len(items)}, name: items}
    return out


def _statement(record: Record, c) -> dict[str, Any]:
    text = ("(denied) " if c.polarity == "neg" else "") + c.paraphrase
    out: dict[str, Any] = {
        "@id": f"st-{c.id}",
        "statementType": {"label": c.predicate.replace("_", " ")},
        "statementText": text,
    }
    if c.date.edtf:
        b = c.date.value.bounds()
        low = b.low if b.low is not None else b.high
        out["date"] = {
            "sortdate": iso(low),
            "label": c.date.edtf + (" (context)" if c.date.basis == "context" else ""),
        }
    target = record.entities.get(c.object or "")
    if target and target.kind == "person":
        out["relatesToPersons"] = [{"label": target.name}]
    elif target and c.type in ("membership", "office"):
        out["memberOf"] = {"label": target.name}
    elif c.type == "office" and c.object:
        out["role"] = {"label": c.object.replace("_", " ")}
    return out
