"""Working on a record of one's own: read, review."""

import typer

from .common import JSON, RECORD, console, honest, open_record, plain, show_json


@honest
def read(
    files: list[str] = typer.Argument(..., help="Text, HTML, PDF or .docx files."),
    into: str = typer.Option(
        None,
        "--into",
        "-i",
        help="Your record folder (made if needed); without it, only print what was found.",
    ),
    accept: float = typer.Option(
        None,
        "--accept",
        min=0.0,
        max=1.0,
        help="Confirm proposals of at least this confidence without review.",
    ),
    record: str = RECORD,
    as_json: bool = JSON,
) -> None:
    """Propose claims from documents: dates, names, offices, numbers, votes, appointments, expulsions, deaths."""
    import sys

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    err = Console(stderr=True)
    failed = 0
    with Progress(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeRemainingColumn(), console=err, transient=True,
                  disable=not err.is_terminal) as bar:  # fmt: skip
        tasks: dict = {}

        def progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(plain(name), total=max(1, total))
            bar.update(tasks[name], completed=done)

        if into is None:
            failed = _look(files, open_record(record), progress, as_json)
        else:
            from politburo.record.workspace import Workspace

            workspace = Workspace(into)
            outcomes = workspace.read(files, progress)
    if into is None:
        if failed:
            raise typer.Exit(1)
        return
    accepted = workspace.accept(accept) if accept is not None else 0
    for o in outcomes:
        if o.fault:
            print(o.fault, file=sys.stderr)
            failed += 1
    done = [o for o in outcomes if o.source]
    if as_json:
        show_json([{"path": o.path, "source": o.source, "proposals": o.proposals, "joined": o.joined, "kept": o.kept, "moved": o.moved, "gone": o.gone,
                    "fault": str(o.fault) if o.fault else None} for o in outcomes])  # fmt: skip
    else:
        out = console()
        for o in done:
            text = f"{o.source}: {o.proposals} proposals, {o.joined} of them join a cluster of the record"
            text += f"; {o.kept} already decided" if o.kept else ""
            text += f"; {o.moved} moved" if o.moved else ""
            out.print(plain(text))
            for g in o.gone:
                out.print(f"  no longer in the text: {plain(g)}")
        if done and accept is not None:
            out.print(f"{accepted} proposals of confidence {accept:g} or more confirmed")
        if done:
            out.print(f"{len(workspace.pending())} wait for review: politburo record review {plain(into)}")
    if failed:
        raise typer.Exit(1)


def _look(files: list[str], r, progress, as_json: bool) -> int:
    """Print what was found in files without keeping it; the number that could not be read."""
    import sys
    from pathlib import Path

    from politburo.faults import Faults
    from politburo.record.clusters import Joiner, item_of_proposal
    from politburo.record.documents import read_document
    from politburo.record.reader import Reader, iter_json
    from politburo.record.workspace import NO_JOIN

    reader, joiner, failed, results = Reader(r), Joiner(r), 0, []
    out = console()
    for file in files:
        try:
            document = read_document(file)
        except Faults as error:
            print(error.faults[0], file=sys.stderr)
            failed += 1
            continue
        name = Path(file).name
        reading = reader.read(document.text, name, lambda a, b, name=name: progress(name, a, b))
        for p in reading.proposals:
            p.cluster = joiner.join(item_of_proposal(p))[0] if p.rule not in NO_JOIN else None
        if as_json:
            results.append(
                {
                    "file": file,
                    "kind": document.kind,
                    "length": len(document.text),
                    "found": list(iter_json(reading)),
                }
            )
            continue
        out.print(f"[bold]{plain(name)}[/bold] {document.kind}, {len(document.text):,} characters: {len(reading.dates)} dates, "
                  f"{len(reading.persons)} persons, {len(reading.organs)} organs, {len(reading.numbers)} numbers, {len(reading.proposals)} proposed claims")  # fmt: skip
        for p in reading.proposals:
            joined = f"  -> {p.cluster}" if p.cluster else ""
            out.print(plain(f"  {p.start:>7}  {p.confidence:.2f}  {p.rule:<20}  {p.paraphrase}{joined}"))
    if as_json:
        show_json(results)
    return failed


@honest
def review(
    folder: str = typer.Argument(..., help="Your record folder."),
    source: str = typer.Option(None, "--source", help="Only this source."),
) -> None:
    """Confirm, edit or reject proposals, one key each; decisions are kept as you go."""
    from pathlib import Path

    from politburo.faults import Fault, Faults
    from politburo.record.review import read_key
    from politburo.record.review import review as run
    from politburo.record.workspace import Workspace

    if not (Path(folder) / "record.yaml").exists():
        raise Faults(
            [Fault(folder, 0, 0, "no record.yaml", "a folder made by `politburo record read --into`")]
        )
    workspace = Workspace(folder)
    r = workspace.record()
    out = console()

    def show(p, n, total) -> None:
        out.rule(f"{n} of {total}  {plain(p.source)}  {plain(p.rule)}  {p.confidence:.2f}")
        out.print(f"“{plain(' '.join(p.text.split()))}”", style="italic")
        out.print(
            f"[bold]{plain(p.paraphrase)}[/bold]"
            + ("  (denied)" if p.polarity == "neg" else "")
            + (f"  {p.modality}" if p.modality != "asserted" else "")
        )
        out.print(
            f"cluster: {plain(r.label(p.cluster)) + ' (' + p.cluster + ')' if p.cluster else 'a new one'}"
        )
        out.print(
            "c confirm  r reject  e edit  j cluster  s skip  u undo  a all of this confidence  q quit",
            style="dim",
        )

    tally = run(
        workspace,
        r,
        read_key,
        lambda what, old: typer.prompt(what, default=old, show_default=True),
        show,
        lambda text: out.print(plain(text)),
        source,
    )
    out.print(
        f"{tally.confirmed} confirmed, {tally.edited} edited, {tally.rejected} rejected, {tally.skipped} skipped; {tally.left} left"
    )
