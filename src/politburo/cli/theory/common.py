"""What the verbs of `politburo theory` share: faults to standard error, results to the screen or a file."""

import typer

JSON = typer.Option(False, "--json", help="Everything as JSON.")
CSV = typer.Option(None, "--csv", metavar="FILE", help="Also write the table to this CSV file.")
CHART = typer.Option(None, "--chart", metavar="FILE", help="Also draw it: .html, .json, .svg or .png.")


class guarded:
    """Context of one verb: prints faults one a line and ends with status 1; a user never sees a traceback for
    bad input.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind, error, trace) -> bool:
        from politburo.faults import Faults

        if not isinstance(error, Faults):
            return False
        for fault in error.faults:
            typer.echo(str(fault), err=True)
        count = len(error.faults)
        typer.echo(f"{count} fault{'s' if count != 1 else ''}.", err=True)
        raise typer.Exit(1)


def no_options(words) -> None:
    """Refuse words that look like options: they were let through so that -3 can be a number."""
    for word in words or []:
        if word.startswith("--") or (word.startswith("-") and not word[1:2].isdigit() and word[1:2] != "."):
            typer.echo(f"no such option: {word} (see --help)", err=True)
            raise typer.Exit(2)


def show(results, as_json: bool = False, csv=None, chart=None) -> None:
    """Print results (one or several), and write the first one's table and chart."""
    from politburo.faults import Fault, Faults

    several = list(results) if isinstance(results, list | tuple) else [results]
    try:
        if csv is not None:
            several[0].to_csv(csv)
        if chart is not None:
            _draw(several[0], chart)
    except OSError as error:
        raise Faults(
            [Fault(str(csv or chart), 0, 0, f"cannot be written ({error.strerror})", "a place to write to")]
        ) from None
    if as_json:
        import json

        plain = [r.to_dict() for r in several]
        typer.echo(json.dumps(plain[0] if len(plain) == 1 else plain, ensure_ascii=False, indent=2))
        return
    for k, result in enumerate(several):
        if k:
            typer.echo("")
        _print(result)


def _print(result) -> None:
    """A result with its table by Rich, plain when not on a terminal."""
    import sys

    from politburo.theory.results import shown

    if not sys.stdout.isatty():
        typer.echo(str(result))
        return
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"[bold]{result.title}[/bold]", highlight=False)
    console.print(f"  model: {result.source} \\[{result.standing}]", highlight=False)
    for key, value in result.facts.items():
        console.print(f"  {key}: {shown(value)}", highlight=False, markup=False)
    if result.rows:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for i, name in enumerate(result.columns):
            text = all(isinstance(row[i], str | None) for row in result.rows)
            table.add_column(name, justify="left" if text else "right", overflow="fold")
        for row in result.rows:
            table.add_row(*map(shown, row))
        console.print(table)
    for note in result.notes:
        console.print(f"  note: {note}", highlight=False, markup=False)


def _draw(result, path: str) -> None:
    from politburo.faults import Fault, Faults

    kinds = (".html", ".json", ".svg", ".png")
    if not str(path).endswith(kinds):
        raise Faults([Fault(str(path), 0, 0, "an unknown kind of picture", ", ".join(kinds))])
    try:
        drawn = result.chart()
        drawn.save(str(path), **({"inline": True} if str(path).endswith(".html") else {}))
    except ImportError as error:
        raise Faults(
            [
                Fault(
                    str(path),
                    0,
                    0,
                    f"the package {error.name} is not installed",
                    "pip install 'politburo[plots]'",
                )
            ]
        ) from None


def member_list(text):
    """Names from "A,B,C", or None."""
    return [part.strip() for part in text.split(",")] if text else None
