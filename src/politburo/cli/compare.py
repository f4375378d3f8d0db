"""`politburo compare`: rival theories for one mechanism, on the same record."""

from pathlib import Path

import typer


def compare(
    case: str = typer.Argument(..., help="A packaged case or a directory."),
    module: str = typer.Option(..., "--module", metavar="SLOT", help="appointments, coalition, motions, congress or purge."),
    rival: list[str] = typer.Option(None, "--rival", help="Only this rival; may be given several times."),
    n: int = typer.Option(1800, "-n", "--histories", min=20, help="Histories with the shipped particles."),
    prior: int = typer.Option(300, min=10, help="Vectors drawn from the prior, for the evidence."),
    each: int = typer.Option(8, min=1, help="Histories of each."),
    refit: int = typer.Option(0, "--refit", metavar="HISTORIES", min=0, help="Search every mechanism's parameters anew, each with so many histories."),
    refits: Path = typer.Option(None, "--refits", metavar="FOLDER", help="Keep these searches here and use those that are there."),
    seed: int = typer.Option(1922, help="Of all luck."),
    workers: int = typer.Option(2, min=1, help="Threads."),
    json_: bool = typer.Option(False, "--json", help="For programs."),
) -> None:
    """Exchange one mechanism for its rivals: same luck, same record; scores of forecasts and evidence, with intervals.

    The shipped particles were fitted with the standard mechanism. With --refit all of them, the standard one too, are fitted anew with equal
    budgets, and every difference is divided into fitting and structure. The first time on a machine each rival is compiled, some 40 seconds.
    """
    import json

    from ..faults import Fault, Faults

    try:
        if refits is not None and not refit:
            raise Faults([Fault("--refits", 0, 0, "no search to keep", "together with --refit HISTORIES")])
        if refits is not None and refits.exists() and not refits.is_dir():
            raise Faults([Fault("--refits", 0, 0, str(refits), "a folder")])
        from rich.console import Console

        from ..lab.scoring.compare import compare as run

        notes = Console(stderr=True)
        found = run(
            case, module, n, prior, each, rival or None, workers, seed, lambda text: notes.print(text, highlight=False), refit=refit, refits=refits
        )  # fmt: skip
        if json_:
            told = {
                "case": found.case, "slot": found.slot, "closeness": found.closeness, "prior_closeness": found.prior_closeness, "rows": found.table(),
                "refitted_on": found.refitted_on, "words": found.words(),
                "searches": [
                    {"mechanism": name, "stage": stage, "histories": r.histories, "vectors": len(r.values), "from": r.climbed[0], "to": r.climbed[1]}
                    for name, stages in found.refits.items() for stage, r in stages.items()
                ],
            }  # fmt: skip
            typer.echo(json.dumps(told, indent=1))
            return
        _print(found)
    except Faults as error:
        for fault in error.faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None


def _print(found) -> None:
    from rich.console import Console
    from rich.table import Table

    from ..lab.scoring.rivals import SLOTS, short

    console = Console()
    for stage in found.stages:
        shipped = stage == found.stages[0]
        # A search on this very case makes its tables in sample, also where nothing was shipped.
        where = "in sample" if found.in_sample or (not shipped and found.refitted_on == found.case) else "out of sample"
        what = f"{found.histories:,} histories with the shipped particles" if shipped else f"{stage}, {found.budget:,} histories of search on {found.refitted_on}"
        title = f"{SLOTS[found.slot]} on {found.case} ({where}): log scores, {what}"
        table = Table(title=title, title_justify="left", box=None, pad_edge=False)
        for name, justify in (("forecasts", "left"), ("mechanism", "left"), ("log score", "right"), ("gain over the standard (90 %)", "left")):
            table.add_column(name, justify=justify, no_wrap=name != "forecasts")
        last = None
        for x in (x for x in found.scores if x.stage == stage):
            table.add_row("" if x.group == last else f"{x.group} ({x.count})", short(x.mechanism), f"{x.log:.2f}", _gain(x, found.slot, 2))
            last = x.group
        for k, x in enumerate(x for x in found.close if x.stage == stage):
            table.add_row("" if k else "closeness (higher is better)", short(x.mechanism), f"{x.level:.3f}", _gain(x, found.slot, 3))
        console.print(table)
        if not shipped:
            climbed = "; ".join(f"{short(name)} {r[stage].climbed[0]:.3f} to {r[stage].climbed[1]:.3f}" for name, r in found.refits.items() if stage in r)
            console.print(f"The searches climbed in closeness on {found.refitted_on}: {climbed}.", highlight=False)
        console.print()
    table = Table(
        title=f"Log evidence, {found.vectors} vectors from the prior, {found.each} histories each", title_justify="left", box=None, pad_edge=False,
    )  # fmt: skip
    for name, justify in (("measure", "left"), ("mechanism", "left"), ("log evidence", "right"), ("less the standard's (90 %)", "left"), ("vectors", "right")):
        table.add_column(name, justify=justify, no_wrap=name != "measure")
    last = None
    for x in found.evidence:
        label = "forecasts" if x.kind == "forecasts" else f"closeness of {x.bar:.3f} and more"
        gain = "" if x.mechanism == found.slot else f"{x.gain:+.2f} ({x.low:+.2f} to {x.high:+.2f})"
        table.add_row("" if label == last else label, short(x.mechanism), f"{x.level:.2f}", gain, f"{x.vectors:.0f}")
        last = label
    console.print(table)
    console.print("\nIn words (intervals hold 90 %):", highlight=False)
    for sentence in found.words():
        console.print(f"- {sentence}", highlight=False)
    console.print(
        "Gain and evidence above 0 speak for the rival. The shipped particles were calibrated with the standard mechanism, the prior with none."
        + ("" if found.budget else " Ask for --refit to fit all of them with equal budgets."),
        highlight=False,
    )


def _gain(x, slot: str, digits: int) -> str:
    return "" if x.mechanism == slot else f"{x.gain:+.{digits}f} ({x.gain_low:+.{digits}f} to {x.gain_high:+.{digits}f})"
