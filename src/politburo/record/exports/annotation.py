"""Web Annotation (W3C, 2017), JSON-LD: every claim as an annotation of its span.

The target is the source file by name with a TextPositionSelector (code points, as the Recommendation counts) refined
by a digest of the span; there is no TextQuoteSelector, since the record ships no sentence of a source. The body is our
paraphrase, with the structured reading beside it.
"""

from __future__ import annotations

from typing import Any

from ..store import Record


def export(record: Record) -> dict[str, Any]:
    """An AnnotationCollection with one embedded page."""
    base = f"urn:politburo:{record.header.id}"
    items = []
    for c in record.claims:
        source = record.source_of[c.source]
        items.append({
            "id": f"{base}:claim:{c.id}",
            "type": "Annotation",
            "motivation": "describing",
            "body": [
                {"type": "TextualBody", "value": c.paraphrase, "format": "text/plain", "language": "en", "purpose": "describing"},
                {"type": "SpecificResource", "source": f"{base}:cluster:{c.cluster}", "purpose": "linking"},
            ],
            "target": {
                "type": "SpecificResource",
                "source": f"urn:sha256:{source.sha256}",
                "selector": {"type": "TextPositionSelector", "start": c.start, "end": c.end},
                "politburo:digest": c.digest,
                "politburo:part": c.source,
                "politburo:file": source.file,
            },
            "politburo:claim": {
                "type": c.type, "subject": c.subject, "predicate": c.predicate, "object": c.object, "date": c.date.edtf,
                "dateBasis": c.date.basis, "polarity": c.polarity, "modality": c.modality,
            },
        })  # fmt: skip
    context = ["http://www.w3.org/ns/anno.jsonld", {"politburo": "urn:politburo:vocabulary:"}]
    page = {
        "id": f"{base}:claims:page1",
        "type": "AnnotationPage",
        "partOf": f"{base}:claims",
        "startIndex": 0,
        "items": items,
    }
    return {
        "@context": context,
        "id": f"{base}:claims",
        "type": "AnnotationCollection",
        "label": record.header.title,
        "total": len(items),
        "first": page,
    }
