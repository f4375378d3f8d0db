"""`politburo accounts`: the recorded books of repression, people and party, closed, with every residual as a line."""

import typer


def accounts(
    name: str = typer.Argument("", metavar="[BOOK]", help="convictions, camps, settlers, deportations, population, party, army or erased; none: all in short."),
    case: str = typer.Option("ussr", "--case", help="A case with record tables: a directory, or the name of a packaged case."),
    as_json: bool = typer.Option(False, "--json", help="The whole book as JSON."),
    as_csv: bool = typer.Option(False, "--csv", help="The whole book as CSV."),
) -> None:
    """Close the recorded accounts and say what does not add up."""
    import json

    from politburo.cli.case import _fail
    from politburo.faults import Faults
    from politburo.lab.books import BOOKS, book

    try:
        found = [book(name, case)] if name else [book(each, case) for each in BOOKS]
    except Faults as error:
        _fail(error)
    if as_json:
        typer.echo(found[0].to_json() if name else json.dumps({each: result.to_dict() for each, result in zip(BOOKS, found, strict=True)}, default=str))
    elif as_csv:
        typer.echo("\n".join(result.to_csv() for result in found))
    elif name:
        typer.echo(str(found[0]))
    else:
        for each, result in zip(BOOKS, found, strict=True):
            typer.echo(f"{each}: {result.title}")
            for key, value in result.facts.items():
                typer.echo(f"  {key}: {value}")
            for note in result.notes:
                typer.echo(f"  {note}")
