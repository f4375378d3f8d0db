"""`politburo what-if`: the same histories with and without a change."""

from pathlib import Path

import typer

SEED = 1922


def what_if(
    case: str = typer.Argument(..., help="A packaged case (politburo cases) or a directory."),
    changes: list[str] = typer.Argument(None, metavar="CHANGE...", help="Words such as rules.ban_on_factions=off, or names of changes."),
    n: int = typer.Option(1000, "-n", "--histories", help="Histories of each arm."),
    until: str = typer.Option(None, metavar="YYYY-MM", help="Last month; an earlier one saves time."),
    outcome: list[str] = typer.Option([], "--outcome", metavar="QUESTION", help='Ask this besides, e.g. "stalin sole ruler by 1930-12"; may be repeated.'),
    file: list[Path] = typer.Option([], "--changes", metavar="FILE", help="YAML file of named changes; without CHANGE all of them."),
    apart: bool = typer.Option(False, "--apart", help="Each change by itself instead of all combinations."),
    seed: int = typer.Option(SEED, help="Seed of all luck."),
    without: list[str] = typer.Option([], "--without", metavar="MECHANISM", help="Leave a mechanism out of every arm."),
    no_coder_error: bool = typer.Option(False, "--no-coder-error", help="Run on the coding as it stands, without its errors."),
    coding: bool = typer.Option(False, "--coding", help="Also tell coder error from luck; runs every arm twice."),
    workers: int = typer.Option(None, help="Threads; by default one a core."),
    dask: str = typer.Option(None, metavar="ADDRESS", help="Run on a Dask cluster: a scheduler's address, or local:N for N processes here."),
    out: Path = typer.Option(None, metavar="DIR", help="Keep every arm as a result here; the same command goes on where it was."),
    report: Path = typer.Option(None, metavar="FILE", help="Write the answer as one HTML page."),
    all_: bool = typer.Option(False, "--all", help="Every outcome, not the headline and what clearly changes."),
    json_: bool = typer.Option(False, "--json", help="The answer as JSON on standard output."),
) -> None:
    """Change one thing and compare twins: the same luck, history by history.

    Prints paired differences with 95 % intervals, how many histories come out the same, and where twins part.
    """
    import json

    from ..faults import Fault, Faults
    from .run import _give_up, _Showing

    given = {
        "-n": n, "--until": until, "--outcome": outcome, "--changes": file, "--apart": apart, "--seed": seed if seed != SEED else None,
        "--without": without, "--no-coder-error": no_coder_error, "--coding": coding, "--workers": workers, "--dask": dask, "--out": out,
        "--report": report, "--all": all_, "--json": json_,
    }  # fmt: skip
    again = _again([case, *(changes or [])], given)
    try:
        from ..lab.ensembles.cluster import perhaps
        from ..lab.experiments.what_if import what_if as ask

        for path in (report,):
            if path is not None and (path.is_dir() or not path.parent.is_dir()):
                raise Faults([Fault(str(path), 0, 0, "not a file that can be written", "a file name in a directory that exists")])
        with perhaps(dask) as executor, _Showing(again) as showing:
            answer = ask(
                case, changes or [], n, until, seed, files=file, outcomes=outcome, apart=apart, coder_error=not no_coder_error,
                without=without, coding=coding, workers=workers, executor=executor, store=out, progress=showing,
            )  # fmt: skip
        if out is not None:
            (out / "what-if.json").write_text(json.dumps(answer.to_dict(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        if report is not None:
            from ..views.what_if_page import page

            report.write_text(page(answer), encoding="utf-8")
    except Faults as error:
        _give_up(error)
    if json_:
        typer.echo(json.dumps(answer.to_dict(), ensure_ascii=False))
        return
    from rich.console import Console

    from ..views.what_if import show

    show(answer, Console(highlight=False), all_)
    for made in (report, out):
        if made is not None:
            typer.echo(f"\n{made}", err=True)


def _again(words: list[str], given: dict) -> str:
    """The same command, to go on after an interruption: every option that was given."""
    import shlex

    words = ["politburo", "what-if", *words]
    for name, value in given.items():
        if value is True:
            words.append(name)
        elif value is not None and value is not False:
            for one in value if isinstance(value, list) else [value]:
                words += [name, str(one)]
    return shlex.join(words)
