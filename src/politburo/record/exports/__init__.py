"""Exports: Popolo, IPIF, Web Annotation, PROV-JSON, CSV, TimelineJS.

Each is one function from a record to plain data; `write` puts it into files under a folder. File names come from a
fixed list or from ids that were checked when the record was read, and every path is checked again to lie inside the
folder: no name in a record can write elsewhere. Nothing is exported that the record does not hold; in particular no
sentence of a source.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...faults import Fault, Faults, listed, nearest
from ..store import FRAMES, Record


def _kinds() -> dict[str, Callable[[Record], dict[str, Any]]]:
    from . import annotation, ipif, popolo, prov, timelinejs

    return {
        "popolo": popolo.export,
        "ipif": ipif.export,
        "annotation": annotation.export,
        "prov": prov.export,
        "timelinejs": timelinejs.export,
    }


KINDS = ("popolo", "ipif", "annotation", "prov", "csv", "timelinejs")


def export(record: Record, kind: str) -> dict[str, Any]:
    """The record as one JSON document of this kind (csv: a dict of file name to text)."""
    if kind not in KINDS:
        raise Faults([Fault("--to", 0, 0, f"export {kind!r}", listed(KINDS), nearest(kind, KINDS))])
    return _csv(record) if kind == "csv" else _kinds()[kind](record)


def write(record: Record, kind: str, folder: Path | str) -> list[Path]:
    """Write the export into `folder` (made if needed); the paths written."""
    folder = Path(folder)
    data = export(record, kind)
    folder.mkdir(parents=True, exist_ok=True)
    files = data if kind == "csv" else {f"{kind}.json": json.dumps(data, ensure_ascii=False, indent=1)}
    out = []
    for name, text in files.items():
        path = inside(folder, name)
        path.write_text(text, encoding="utf-8", newline="\n")
        out.append(path)
    return out


def inside(folder: Path, name: str) -> Path:
    """`folder/name`, refused unless it lies inside the folder."""
    path = (folder / name).resolve()
    if path.parent != folder.resolve() or name in ("", ".", ".."):
        raise Faults(
            [Fault(name, 0, 0, "a file name that leaves the folder", f"a plain name inside {folder}")]
        )
    return path


def _csv(record: Record) -> dict[str, str]:
    import csv
    import io

    out = {}
    for name in (*FRAMES, *record.series):
        rows = record.table(name)
        keys = list(dict.fromkeys(k for r in rows for k in r))
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, keys, lineterminator="\n")
        writer.writeheader()
        for r in rows:
            writer.writerow({k: _cell(v) for k, v in r.items()})
        out[f"{name}.csv"] = buffer.getvalue()
    return out


def _cell(value: Any) -> Any:
    """Lists joined; a text that a spreadsheet would run as a formula gets a leading apostrophe."""
    if isinstance(value, (list, tuple)):
        value = ";".join(map(str, value))
    if (
        isinstance(value, str)
        and value[:1] in ("=", "+", "@", "\t", "\r")
        or isinstance(value, str)
        and value[:2] in ("-=", "-@")
    ):
        return "'" + value
    return value
