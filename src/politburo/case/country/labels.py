"""The evidence of a row: a label, a source, or a reason."""

from __future__ import annotations

from ...evidence import Evidence
from ...faults import Fault, listed, nearest
from ...marked import Row


def cited(row: Row, faults: list[Fault], where: str = "an id of sources.yaml") -> bool:
    """Every value carries a label, and a source unless it is assumed; an assumption says why. `where`: what a source is here."""
    label, source, note = (row.values.get(name, "") for name in ("evidence", "source", "note"))
    labels = [str(e) for e in Evidence]
    if label not in labels:
        faults.append(row.fault("evidence", f"evidence is {label!r}", listed(labels), nearest(label, labels)))
        return False
    if label == "assumed" and not note:
        faults.append(row.fault("note", "no note", "why this value is assumed"))
        return False
    if label != "assumed" and not source:
        faults.append(row.fault("source", "no source", f"{where}, for every label but assumed"))
        return False
    return True
