"""Questions: timeline, who, person, conflicts, claims."""

import typer

from .common import JSON, RECORD, SOURCES, backed, console, honest, open_record, plain, show_json


@honest
def timeline(
    person: str = typer.Option(None, "--person", "-p", help="Only what concerns this person."),
    organ: str = typer.Option(None, "--organ", "-o", help="Only what concerns this organ."),
    start: str = typer.Option(None, "--from", help="EDTF date."),
    end: str = typer.Option(None, "--to", help="EDTF date."),
    undated: bool = typer.Option(False, "--undated", help="Also what cannot be dated."),
    record: str = RECORD,
    as_json: bool = JSON,
) -> None:
    """What happened, in order; dates that were inferred from order are marked."""
    from politburo.record.ask import timeline as ask

    r = open_record(record)
    entries = ask(r, person, organ, start, end, undated)
    if as_json:
        show_json([
            {"cluster": e.cluster, "label": e.label, "date": e.dating.text, "bounds": str(e.dating.bounds), "inferred": e.dating.inferred and e.dating.stated is None,
             "witnesses": e.witnesses, "files": e.files, "claims": [c.id for c in e.claims], "subjects": e.persons,
             "reference": e.dating.reference, "reference_evidence": e.dating.reference_evidence and str(e.dating.reference_evidence)}
            for e in entries])  # fmt: skip
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("date", "what", "witnesses", "reference chronology"):
        table.add_column(name, overflow="fold")
    for e in entries:
        inferred = e.dating.inferred and e.dating.stated is None
        reference = f"{e.dating.reference} ({e.dating.reference_evidence})" if e.dating.reference else ""
        table.add_row(
            plain(e.dating.text + (" (inferred)" if inferred else "")),
            plain(e.label),
            backed(e.witnesses, e.files),
            plain(reference),
        )
    console().print(table)
    console().print(
        f"{len(entries)} clusters. Dates are what the sources say; the reference chronology stands beside them with its evidence label."
    )


@honest
def who(
    organ: str = typer.Argument(..., help="Name or id of an organ."),
    on: str = typer.Option(..., "--on", help="EDTF date."),
    record: str = RECORD,
    as_json: bool = JSON,
) -> None:
    """Who sat in an organ on a date."""
    from politburo.record.ask import who as ask

    sitting = ask(open_record(record), organ, on)
    if as_json:
        show_json({"organ": sitting.organ, "name": sitting.name, "on": on, "attested": sitting.attested, "why": sitting.why, "seats": [
            {"person": s.person, "name": s.name, "role": s.role, "since": s.since, "until": s.until, "certain": s.certain,
             "evidence": str(s.evidence), "confidence": s.confidence, "membership": s.row, "witnesses": s.witnesses} for s in sitting.seats]})  # fmt: skip
        return
    if not sitting.attested:
        console().print(plain(sitting.why))
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, title=plain(f"{sitting.name} on {on}"), title_justify="left")
    for name in ("name", "role", "from", "to", "evidence", "named by the texts"):
        table.add_column(name, overflow="fold")
    for s in sitting.seats:
        name = s.name if s.certain else f"{s.name} (possible)"
        table.add_row(
            plain(name),
            plain(s.role),
            s.since or "",
            s.until or "",
            f"{s.evidence}, {s.confidence}",
            ", ".join(s.witnesses) or "not attested in the five texts"
            if not record
            else ", ".join(s.witnesses),
        )
    console().print(table)


@honest
def person(
    name: str = typer.Argument(..., help="Name or id of a person."),
    record: str = RECORD,
    as_json: bool = JSON,
) -> None:
    """A dossier: posts, memberships, votes, alliances, fate, each with its witnesses."""
    from politburo.record.ask import SECTIONS, dossier

    r = open_record(record)
    d = dossier(r, name)
    if as_json:
        show_json({"person": d.person, "name": d.name, "born": d.born, "died": d.died, "fate": d.fate, "evidence": d.evidence and str(d.evidence), "items": [
            {"section": i.section, "text": i.text, "date": i.date, "inferred": i.inferred, "witnesses": i.witnesses, "claims": [c.id for c in i.claims],
             "evidence": i.evidence and str(i.evidence), "confidence": i.confidence or None, "disputed": i.conflict} for i in d.items]})  # fmt: skip
        return
    out = console()
    life = (
        f"{d.born or '?'} to {d.died or '?'}, {d.fate} ({d.evidence})"
        if d.evidence
        else "not in the reference table of persons"
    )
    out.print(f"[bold]{plain(d.name)}[/bold]  {plain(life)}")
    from rich.table import Table

    for section in SECTIONS:
        items = d.section(section)
        if not items:
            continue
        table = Table(
            box=None,
            pad_edge=False,
            title=f"\n{section}",
            title_justify="left",
            title_style="bold",
            show_header=False,
        )
        for width in (24, None, 44):
            table.add_column(width=width, overflow="fold")
        for i in items:
            if i.evidence:
                basis = f"reference table: {i.evidence}, {i.confidence}"
            else:
                files = len({r.source_of[c.source].id for c in i.claims})
                basis = f"{backed(i.witnesses, files)}: {', '.join(i.witnesses)}" + (
                    "; disputed" if i.conflict else ""
                )
            table.add_row(plain(i.date + (" (inferred)" if i.inferred else "")), plain(i.text), plain(basis))
        out.print(table)


@honest
def conflicts(
    hard: bool = typer.Option(False, "--hard", help="Only hard conflicts."),
    kind: str = typer.Option(
        None, "--kind", "-k", help="date, number, person, polarity, outcome, order, calendar or arithmetic."
    ),
    about: str = typer.Option(None, "--person", "-p", help="Only conflicts that concern this person."),
    reference: bool = typer.Option(
        True, "--reference/--no-reference", help="Include conflicts with the reference chronology."
    ),
    record: str = RECORD,
    sources: str = SOURCES,
    as_json: bool = JSON,
) -> None:
    """Where the accounts differ, why, and which position is preferred."""
    from politburo.faults import Fault, Faults, listed, nearest
    from politburo.record.ask import entity_id
    from politburo.record.conflicts import KINDS, describe, find_conflicts

    if kind and kind not in KINDS:
        raise Faults([Fault("--kind", 0, 0, f"kind {kind!r}", listed(KINDS), nearest(kind, KINDS))])
    r = open_record(record)
    found = [
        c
        for c in find_conflicts(r)
        if (c.hard or not hard) and (not kind or c.kind == kind) and (reference or not c.against_reference)
    ]
    if about:
        who = entity_id(r, about)
        found = [
            c
            for c in found
            if any(who in k.subject or who == k.object for k in r.by_cluster.get(c.cluster, []))
        ]
    if as_json:
        show_json([describe(r, c) for c in found])
        return
    quote = _quotes(r, sources)
    out = console()
    for c in found:
        where = (
            f", inside {c.inside}"
            if c.inside
            else ", against the reference chronology"
            if c.against_reference
            else ""
        )
        out.print(f"[bold]{plain(r.label(c.cluster))}[/bold]  {c.grade} {c.kind} conflict{where}  ({c.id})")
        out.print(f"  why: {plain(c.why)}")
        for p in c.positions:
            mark = "->" if p is c.preferred else "  "
            basis = (
                f"evidence: {p.evidence}"
                if p.evidence
                else f"{backed(p.witnesses)}: {', '.join(p.witnesses)}"
                if p.witnesses
                else "by reckoning"
            )
            out.print(f"  {mark} {plain(p.text)}  \\[{plain(basis)}]")
            for claim in p.claims[:4]:
                out.print(f"       {claim.id} ({r.source_of[claim.source].id}): {plain(claim.paraphrase)}")
                text = quote(claim)
                if text:
                    out.print(f"         “{plain(text)}”", style="italic")
            if len(p.claims) > 4:
                out.print(f"       and {len(p.claims) - 4} more claims")
        if c.reason:
            out.print(f"  reading: {plain(c.reason)}")
        out.print("")
    hard_count = sum(c.hard for c in found)
    out.print(
        f"{len(found)} conflict{'' if len(found) == 1 else 's'}, {hard_count} hard. -> marks the preferred position; a witness may stand in several files."
    )


@honest
def claims(
    cluster: str = typer.Option(None, "--cluster", "-c", help="Only claims of this cluster."),
    about: str = typer.Option(None, "--person", "-p", help="Only claims about this person."),
    source: str = typer.Option(None, "--source", help="Only claims of this source or part."),
    record: str = RECORD,
    sources: str = SOURCES,
    as_json: bool = JSON,
) -> None:
    """The claims themselves, with their places; with the source files at hand also the words they rest on."""
    from politburo.record.ask import entity_id

    r = open_record(record)
    who = entity_id(r, about) if about else None
    found = [c for c in r.claims if (not cluster or c.cluster == cluster) and (not who or who in c.subject or c.object == who)
             and (not source or source in (c.source, r.source_of[c.source].id))]  # fmt: skip
    quote = _quotes(r, sources)
    if as_json:
        show_json(
            [
                {
                    **c.model_dump(exclude_none=True),
                    "witness": r.witness(c),
                    **({"exact": quote(c)} if quote(c) else {}),
                }
                for c in found
            ]
        )
        return
    out = console()
    for c in found:
        date = f" {c.date.edtf} ({c.date.basis})" if c.date.edtf else ""
        sign = "denied: " if c.polarity == "neg" else ""
        out.print(
            f"{c.id}  {c.source}:{c.start}-{c.end}  {r.witness(c)}  [{c.modality}]{date}  {sign}{c.paraphrase}",
            markup=False,
        )
        text = quote(c)
        if text:
            out.print(f"    “{plain(text)}”", style="italic")
    out.print(f"{len(found)} claims")


def _quotes(r, folder):
    """A function from a claim to the words it rests on, or to nothing without the files."""
    from pathlib import Path

    if not folder:
        return lambda claim: None
    from politburo.record.locate import Locator, source_text

    known: dict = {}

    def quote(claim):
        source = r.source_of[claim.source]
        if source.id not in known:
            text = source_text(source, Path(folder))
            known[source.id] = (text, Locator(text)) if text is not None else None
        if known[source.id] is None:
            return None
        text, locator = known[source.id]
        at = locator.find(claim.start, claim.length, claim.digest)
        return None if at is None else " ".join(text[at : at + claim.length].split())

    return quote
