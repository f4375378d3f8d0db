"""Keeping a record in order: check, sources, reuse, export, schema."""

import typer

from .common import JSON, RECORD, SOURCES, console, honest, open_record, plain, show_json


@honest
def check(record: str = RECORD, sources: str = SOURCES, as_json: bool = JSON) -> None:
    """Check every id, date and number; with --sources also every span. Prints one line per fault and exits with 1 if any."""
    import sys
    from pathlib import Path

    from politburo.faults import Fault
    from politburo.record.locate import verify

    r = open_record(record)
    faults: list = []
    placed: list = []
    folders = [Path(sources)] if sources else []
    own = r.folder / "texts"
    if own.is_dir():
        folders.append(own)
    for folder in folders:
        here = [s for s in r.sources if folder != own or (own / s.file).exists()]
        if folder != own:
            here = [s for s in here if not (own / s.file).exists()]
        ids = {p.id for s in here for p in s.parts}
        spans, missing = verify(here, [c for c in r.claims if c.source in ids], folder)
        placed += spans
        faults += missing
    for p in placed:
        if p.status != "here":
            place = r.places.get(("claims", p.claim.id)) or Fault(str(r.folder), 0, 0, "")
            found = f"claim {p.claim.id}: its span is gone from {r.source_of[p.claim.source].file}" if p.status == "gone" else (
                f"claim {p.claim.id}: its span moved from {p.claim.start} to {p.start}")  # fmt: skip
            faults.append(
                Fault(place.file, place.line, place.column, found, f"the span at {p.claim.start}, unchanged")
            )
    counts = {"sources": len(r.sources), "parts": len(r.parts), "claims": len(r.claims), "clusters": len(r.clusters), "relations": len(r.relations),
              "readings": len(r.readings), "persons": len(r.persons), "organs": len(r.organs), "memberships": len(r.memberships), "events": len(r.events),
              "votes": len(r.votes), "series rows": sum(map(len, r.series.values())), "spans verified": sum(p.status == "here" for p in placed)}  # fmt: skip
    if as_json:
        show_json({"faults": [str(f) for f in sorted(faults)], "counts": counts})
    else:
        for f in sorted(faults):
            print(f, file=sys.stderr)
        console().print(
            "no fault: " * (not faults)
            + ", ".join(f"{v:,} {k}" for k, v in counts.items() if v or k == "spans verified")
        )
        if not folders:
            console().print("spans were not verified: give --sources FOLDER")
    if faults:
        raise typer.Exit(1)


@honest
def sources(record: str = RECORD, as_json: bool = JSON) -> None:
    """The sources, their parts, and the witness each part counts as."""
    r = open_record(record)
    per_part: dict = {}
    for c in r.claims:
        per_part[c.source] = per_part.get(c.source, 0) + 1
    if as_json:
        show_json(
            [{**s.model_dump(), "claims": {p.id: per_part.get(p.id, 0) for p in s.parts}} for s in r.sources]
        )
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("source", "part", "title", "witness", "places", "claims"):
        table.add_column(name, overflow="fold")
    for s in r.sources:
        for i, p in enumerate(s.parts):
            table.add_row(
                s.id if not i else "",
                p.id,
                plain(p.title or s.title),
                p.witness,
                f"{p.start}-{p.end}" + ("" if p.dated else " (no dates)"),
                str(per_part.get(p.id, 0)),
            )
    out = console()
    out.print(table)
    witnesses = sorted({p.witness for p in r.parts.values()})
    out.print(
        f"{len(r.sources)} sources, {len(r.parts)} parts, {len(witnesses)} witnesses: {', '.join(witnesses)}"
    )
    labels: dict = {}
    for name in ("persons", "organs", "memberships", "events", "votes"):
        for row in getattr(r, name).values():
            labels[str(row.evidence)] = labels.get(str(row.evidence), 0) + 1
    for rows in r.series.values():
        for row in rows:
            labels[str(row.evidence)] = labels.get(str(row.evidence), 0) + 1
    if labels:
        out.print(
            "reference rows by evidence label: " + ", ".join(f"{v:,} {k}" for k, v in sorted(labels.items()))
        )


@honest
def reuse(
    record: str = RECORD,
    sources: str = SOURCES,
    paraphrases: bool = typer.Option(False, "--paraphrases", help="Also propose paraphrases."),
    as_json: bool = JSON,
) -> None:
    """Which texts copy each other, with the changed words, and the witness families that follow."""
    from pathlib import Path

    from politburo.record.reuse import families, find_reuse, part_texts

    r = open_record(record)
    texts = {}
    for folder in [sources, str(r.folder / "texts")]:
        if folder and Path(folder).is_dir():
            texts.update(part_texts(r, Path(folder)))
    out = console()
    if not texts:
        if as_json:
            show_json([c.model_dump() for c in r.reuse])
            return
        kinds: dict = {}
        for c in r.reuse:
            kinds[(c.a, c.b, c.kind)] = kinds.get((c.a, c.b, c.kind), 0) + 1
        for (a, b, kind), n in sorted(kinds.items()):
            out.print(f"{a} and {b}: {n} {kind} passages")
        out.print(
            f"{len(r.reuse)} confirmed passages on file. Give --sources FOLDER to see the words and look for more."
        )
        return
    start = {p.id: p.start for p in r.parts.values()}
    found = [p for p in find_reuse(texts, paraphrases)]
    groups = families(texts, found)
    if as_json:
        show_json({"passages": [
            {"a": p.a, "a_start": p.a_start + start[p.a], "a_end": p.a_end + start[p.a], "b": p.b, "b_start": p.b_start + start[p.b], "b_end": p.b_end + start[p.b],
             "kind": p.kind, "similarity": p.similarity, "sentences": p.sentences, "changes": [{"a": c.a, "b": c.b} for c in p.changes]} for p in found],
            "families": groups})  # fmt: skip
        return
    for p in found:
        out.print(f"{p.a}:{p.a_start + start[p.a]}-{p.a_end + start[p.a]}  {p.b}:{p.b_start + start[p.b]}-{p.b_end + start[p.b]}  "
                  f"{p.kind}, {p.sentences} sentence{'s' if p.sentences > 1 else ''}, similarity {p.similarity:.2f}")  # fmt: skip
        for c in p.changes[:12]:
            out.print(
                f"    [red]{plain(c.a) or '(nothing)'}[/red] -> [green]{plain(c.b) or '(nothing)'}[/green]"
            )
    out.print("families (each is one witness): " + "; ".join(" + ".join(g) for g in groups))


@honest
def export(
    to: str = typer.Option(..., "--to", help="popolo, ipif, annotation, prov, csv or timelinejs."),
    out: str = typer.Option(
        None, "--out", "-o", help="Folder to write into; default: print (csv needs a folder)."
    ),
    record: str = RECORD,
) -> None:
    """Write the record in a standard format."""
    from politburo.faults import Fault, Faults
    from politburo.record.exports import KINDS, write
    from politburo.record.exports import export as make

    r = open_record(record)
    if out is None:
        if to == "csv":
            raise Faults([Fault("--out", 0, 0, "no folder", "a folder for the CSV files")])
        show_json(make(r, to))
        return
    if to in KINDS:
        for path in write(r, to, out):
            print(path)
    else:
        make(r, to)


@honest
def schema(
    model: str = typer.Argument(
        "claim", help="claim, source, cluster, relation, reading, copy, header, name."
    ),
) -> None:
    """JSON Schema of one of the record's models."""
    from politburo.faults import Fault, Faults, listed, nearest
    from politburo.record import models, store

    known = {"claim": models.Claim, "source": models.Source, "cluster": models.Cluster, "relation": models.Relation, "reading": models.Reading,
             "copy": models.Copy, "header": models.Header, "name": store.Name, "person": models.Person, "organ": models.Organ, "membership": models.Membership,
             "event": models.Event, "vote": models.Vote}  # fmt: skip
    if model not in known:
        raise Faults([Fault("schema", 0, 0, f"no model {model!r}", listed(known), nearest(model, known))])
    show_json({"$schema": "https://json-schema.org/draft/2020-12/schema", **known[model].model_json_schema()})
