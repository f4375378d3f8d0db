"""`politburo explain`: an outcome divided among causes, or the record's disagreements ranked by what they do to it."""

from pathlib import Path

import typer


def explain(
    case: str = typer.Argument(..., help="A packaged case (politburo cases) or a directory."),
    outcome: str = typer.Option(..., "-o", "--outcome", metavar="SENTENCE", help='What to explain: "stalin sole ruler by 1930-12", or an outcome of the case.'),
    cause: list[str] = typer.Option([], "-c", "--cause", metavar="CHANGE", help="A change that takes a cause away; may be repeated. Default: the case's own list."),
    changes: list[Path] = typer.Option([], "--changes", metavar="FILE", help="YAML file of named changes; may be repeated."),
    over: str = typer.Option(None, "--over", metavar="conflicts", help="Rank the record's disagreements instead."),
    n: int = typer.Option(400, "-n", "--histories", min=2, help="Histories of each arm."),
    seed: int = typer.Option(1922, help="Seed of all luck."),
    twins: int = typer.Option(None, min=0, help="Histories run again under other luck, to tell coder error from luck; default one in sixteen, at least 50."),
    pairs: int = typer.Option(32, min=2, help="Beyond twelve causes: sampled orders, each with its reverse."),
    no_coder_error: bool = typer.Option(False, "--no-coder-error", help="Run on the coding as it stands, without its errors."),
    workers: int = typer.Option(None, min=1, help="Threads; by default one a core."),
    dask: str = typer.Option(None, metavar="ADDRESS|local:N", help="Run on a Dask cluster."),
    store: Path = typer.Option(None, metavar="DIR", help="Keep the answers of finished arms here; the same command goes on from there."),
    picture: Path = typer.Option(None, metavar="FILE", help="Write the waterfall as .svg, .png or .html."),
    json_: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Why did it come about? Divide an outcome among causes, exactly, with intervals.

    A cause is named by the change that takes it away. Up to twelve causes every combination is run on the same luck; each
    cause gets its mean part over all orders of putting them back (Shapley), and the parts sum to the whole. It is a statement
    about the model: docs/discussion/attribution.md says what it is and is not.
    """
    from ..faults import Fault, Faults

    try:
        from ..lab.ensembles.cluster import perhaps

        if over not in (None, "conflicts"):
            raise Faults([Fault("--over", 0, 0, f"over {over!r}", "conflicts", "conflicts")])
        if picture is not None and picture.suffix not in (".svg", ".png", ".html"):
            raise Faults([Fault("--picture", 0, 0, str(picture), "a name that ends in .svg, .png or .html")])
        if picture is not None and (picture.is_dir() or not picture.parent.is_dir()):
            raise Faults([Fault("--picture", 0, 0, str(picture), "a file name in a directory that exists")])
        if picture is not None and picture.suffix != ".svg":  # better said before the histories are run than after
            from ..lab.ensembles.frames import needed

            needed("altair", "--picture", "plots"), needed("vl_convert", "--picture", "plots")
        with perhaps(dask) as executor, _Showing(json_) as showing:
            common = {"workers": workers, "executor": executor, "store": store, "progress": showing}
            if over == "conflicts":
                wrong = [name for name, given in (("--cause", cause), ("--changes", changes), ("--picture", picture)) if given]
                if wrong:
                    raise Faults([Fault(name, 0, 0, "given with --over conflicts", "one or the other") for name in wrong])
                from ..lab.experiments.disputes import disputes

                found = disputes(case, outcome, n, seed, **common)
            else:
                from ..lab.experiments.explain import explain as explain_

                found = explain_(case, outcome, cause or None, n, seed, files=changes, twins=twins, pairs=pairs, coder_error=not no_coder_error, **common)
        if picture is not None:
            _draw(found, picture)
    except Faults as error:
        for fault in error.faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    if json_:
        import json

        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        _say(found, over)
    if found.failures:
        first = found.failures[0]
        typer.echo(f"{len(found.failures):,} histories failed and are left out of every arm (history {first['history']}: {first['error']})", err=True)
    if picture is not None:
        typer.echo(f"Waterfall in {picture}", err=True)


def _say(found, over) -> None:
    from rich.console import Console

    from ..views import explanation

    console = Console(highlight=False)
    for part in explanation.conflict_tables(found) if over else explanation.tables(found):
        console.print(part)
        console.print()


def _draw(found, path: Path) -> None:
    """The waterfall to a file: SVG by our own hand, PNG and HTML through Altair."""
    from ..faults import Fault, Faults

    try:
        if path.suffix == ".svg":
            from ..views.explanation import waterfall
            from ..views.report import picture

            path.write_text(picture(waterfall(found)), encoding="utf-8")
        else:
            from ..views import charts

            charts.save(charts.waterfall(found), path)
    except OSError as error:
        raise Faults([Fault(str(path), 0, 0, f"cannot be written ({error.strerror})", "a place to write to")]) from None


class _Showing:
    """A bar on standard error when it is a terminal; what to do after Ctrl-C."""

    def __init__(self, quiet: bool):
        self._quiet, self._bar, self._task = quiet, None, None

    def __enter__(self):
        return self

    def __call__(self, now) -> None:
        import sys

        if now.phase == "notice":
            typer.echo(f"note: {now.text}", err=True)
        if self._quiet or not sys.stderr.isatty():
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

            self._bar = Progress(TextColumn("histories"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"),
                                 TimeRemainingColumn(), console=Console(stderr=True), transient=True)  # fmt: skip
            self._task = self._bar.add_task("", total=now.total)
            self._bar.start()
        self._bar.update(self._task, completed=now.done, total=now.total)

    def __exit__(self, kind, error, trace) -> None:
        if self._bar is not None:
            self._bar.stop()
        from ..lab.ensembles.run import Interrupted

        if isinstance(error, Interrupted):
            typer.echo(f"\nStopped. {error}. The same command goes on from there.", err=True)
            raise typer.Exit(130) from None
        if kind is KeyboardInterrupt:
            typer.echo("\nStopped; nothing is kept without --store.", err=True)
            raise typer.Exit(130) from None
