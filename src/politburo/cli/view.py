"""`politburo show`, `report`, `trace`: reading a result."""

import typer

RESULT = typer.Argument(..., metavar="RESULT", help="The directory that `politburo run --out` wrote.")


def _fail(error) -> None:
    """Print every fault, one a line, and end with status 1."""
    for fault in error.faults:
        typer.echo(str(fault), err=True)
    raise typer.Exit(1)


def _findings(path: str, spread: bool):
    from politburo.lab.ensembles.results import open_result
    from politburo.views.findings import Findings, spread_of

    result = open_result(path)
    if spread:
        typer.echo("Taking the spread apart: the case runs again some 2,400 times ...", err=True)
    return Findings(result, spread_of(result) if spread else None)


def show(
    result: str = RESULT,
    spread: bool = typer.Option(
        False,
        "--spread",
        help="Also take the spread apart: coder error, parameters, luck. Runs the case again.",
    ),
) -> None:
    """Print who rules, who falls when, and what the model does not reproduce."""
    from rich.console import Console

    from politburo.faults import Faults
    from politburo.views import tables

    try:
        tables.show(_findings(result, spread), Console(highlight=False))
    except Faults as error:
        _fail(error)


def report(
    result: str = RESULT,
    output: str = typer.Option(
        "report.html", "--output", "-o", metavar="FILE", help="Where to write the page."
    ),
    spread: bool = typer.Option(
        True,
        "--spread/--no-spread",
        help="Take the spread apart: coder error, parameters, luck. Runs the case again.",
    ),
) -> None:
    """Write the result as one HTML page that needs no network and prints well."""
    from pathlib import Path

    from politburo.faults import Fault, Faults
    from politburo.views.report import page

    path = Path(output)
    try:
        if path.is_dir() or not path.parent.is_dir():
            raise Faults(
                [
                    Fault(
                        str(path),
                        0,
                        0,
                        "not a file that can be written",
                        "a file name in a directory that exists",
                    )
                ]
            )
        text = page(_findings(result, spread))
        part = path.with_name(path.name + ".part")
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(path)
        except OSError as error:
            raise Faults(
                [Fault(str(path), 0, 0, f"cannot be written ({error.strerror})", "a place to write to")]
            ) from None
    except Faults as error:
        _fail(error)
    typer.echo(f"{path} ({path.stat().st_size / 1000:,.0f} kB)")


def trace(
    result: str = RESULT,
    history: int = typer.Option(..., "--history", metavar="N", help="Number of the history, from 0."),
    month: str = typer.Option(
        None, "--month", metavar="YYYY-MM", help="Tell this month in full: votes, terms, who stands where."
    ),
    person: str = typer.Option(None, "--person", metavar="NAME", help="Only what touches this person."),
    whole: bool = typer.Option(
        False, "--all", help="Small steps too: motions weighed and let rest, local appointments."
    ),
    as_json: bool = typer.Option(False, "--json", help="Events with their numbers, as JSON."),
) -> None:
    """Tell one history as dated sentences with reasons."""
    import json

    from rich.console import Console

    from politburo.faults import Faults
    from politburo.lab.ensembles.results import open_result
    from politburo.views.story import Story, as_json_document, print_story

    try:
        story = Story.of(open_result(result), history, month, person, whole)
    except Faults as error:
        _fail(error)
    if as_json:
        typer.echo(json.dumps(as_json_document(story), indent=1, ensure_ascii=False))
    else:
        print_story(story, Console(highlight=False))
