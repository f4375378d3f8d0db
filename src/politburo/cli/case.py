"""`politburo check`, `new`, `schema`, `cases`: writing a case and finding out what is wrong with it."""

import typer


def _fail(error) -> None:
    """Print every fault, one a line, and end with status 1."""
    for fault in error.faults:
        typer.echo(str(fault), err=True)
    count = len(error.faults)
    typer.echo(f"{count} fault{'s' if count != 1 else ''}.", err=True)
    raise typer.Exit(1)


def _mechanisms():
    """Names of the engine's mechanisms (each is a file there), so that a case can only name those."""
    from pathlib import Path
    from pkgutil import iter_modules

    import politburo

    folder = Path(politburo.__file__).parent / "engine" / "mechanisms"
    names = [module.name for module in iter_modules([str(folder)]) if not module.name.startswith("_")]
    return dict.fromkeys(names) or None


def check(
    case: str = typer.Argument(..., metavar="CASE", help="A directory, or the name of a packaged case."),
    settings: list[str] = typer.Option(
        [], "--set", metavar="KEY=VALUE", help="Check the case with this value set."
    ),
    keys: bool = typer.Option(
        False, "--keys", help="List the keys that --set understands, with their values."
    ),
    as_json: bool = typer.Option(False, "--json", help="The summary, or the faults, as JSON."),
) -> None:
    """Load a case and say what it holds, or every fault with file, line and column."""
    import json

    from politburo.case.edit import parse_settings
    from politburo.case.effect import remarks, without_effect
    from politburo.case.load import load_case
    from politburo.case.summary import summary
    from politburo.faults import Faults

    try:
        loaded = load_case(case, _mechanisms())
        if settings:
            plain, changes = loaded, parse_settings(settings)
            loaded = plain.with_values(changes)
            for key in [key for key in changes if key not in loaded.changes]:
                typer.echo(f"note: {key} is {_plain(changes[key])} already", err=True)
            for key in without_effect(plain, loaded.changes):
                typer.echo(
                    f"note: {key}={_plain(changes[key])} changes nothing that the engine reads", err=True
                )
    except Faults as error:
        if as_json:
            rows = [
                {name: getattr(f, name) for name in ("file", "line", "column", "found", "allowed", "nearest")}
                for f in error.faults
            ]
            typer.echo(json.dumps({"faults": rows}, indent=1, ensure_ascii=False))
            raise typer.Exit(1) from None
        _fail(error)
    if keys:
        pairs = {key: loaded.value(key) for key in loaded.keys()}
        if as_json:
            typer.echo(json.dumps(pairs, indent=1, ensure_ascii=False))
        else:
            for key, value in pairs.items():
                typer.echo(f"{key}={_plain(value)}")
        return
    found = summary(loaded) | {"remarks": remarks(loaded)}
    if as_json:
        typer.echo(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        _print_summary(found)


def _plain(value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _print_summary(found: dict) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"[bold]{found['title']}[/bold]  ({found['name']})")
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column()
    circle = found["circle"]
    parameters = f"{found['parameters']}, {found['fitted_parameters']} of them calibrated"
    if found["parameters_of"] != "own":
        parameters += f", from {found['parameters_of']}"
    if found["particles"]:
        parameters += f"; posterior of {found['particles']:,} particles"
    labels = ", ".join(f"{label} {count}" for label, count in found["labels"].items())
    rows = {
        "span": f"{found['start']} to {found['end']}, {found['months']} months",
        "people": f"{found['people']}, {found['watched']} watched",
        "organs": f"{found['organs']}; {circle['name']}: {circle['full']} full, {circle['candidates']} candidate",
        "posts": f"{found['posts']}, {found['vacant_posts']} vacant",
        "ties": str(found["ties"]),
        "localities": str(found["localities"]),
        "issues, shocks": f"{found['issues']}, {found['shocks']}",
        "parameters": parameters,
        "targets": f"{found['targets']}, {found['fitted_targets']} of them for calibration",
        "outcomes": str(found["outcomes"]),
        "evidence": f"{found['values']} labelled values: {labels}",
        "": f"{found['soft_share']:.0%} recalled or assumed",
        "digest": found["digest"][:16],
    }
    for name, text in rows.items():
        table.add_row(name, text)
    console.print(table)
    for remark in found["remarks"]:
        console.print(f"Remark: {remark}")
    console.print("No faults.")


def new(
    directory: str = typer.Argument(..., metavar="DIR", help="Directory to make."),
    name: str = typer.Option(None, "--name", help="Short name of the case; by default the directory's."),
    own_parameters: bool = typer.Option(
        False, "--own-parameters", help="Copy the reference case's parameters to edit them."
    ),
) -> None:
    """Write a commented, runnable case about invented people, to be replaced file by file."""
    from politburo.case.template import new_case
    from politburo.faults import Faults

    try:
        made = new_case(directory, name, own_parameters)
    except Faults as error:
        _fail(error)
    typer.echo(f"Wrote {made}: an invented case with comments in every file. Edit it, then:")
    typer.echo(f"  politburo check {made}")
    typer.echo(f"  politburo run {made}")


def schema(
    directory: str = typer.Argument(".schema", metavar="DIR", help="Where to write them."),
) -> None:
    """Write the JSON Schema of every YAML file of a case, for editors that check while one types."""
    from politburo.case.template import write_schemas
    from politburo.faults import Faults

    try:
        written = write_schemas(directory)
    except Faults as error:
        _fail(error)
    typer.echo(f"Wrote {len(written)} schemas to {directory}: {', '.join(path.name for path in written)}")


def cases(as_json: bool = typer.Option(False, "--json", help="As JSON.")) -> None:
    """List the packaged cases with title and span."""
    import json

    from politburo.case.load import case_headers

    rows = case_headers()
    if as_json:
        typer.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("case", "span", "title"):
        table.add_column(column)
    for row in rows:
        table.add_row(row["name"], f"{row['start']} to {row['end']}", row["title"])
    Console(highlight=False).print(table)
