"""`politburo compare`: rival theories for one mechanism, on the same record."""

import typer


def compare(
    case: str = typer.Argument(..., help="A packaged case or a directory."),
    module: str = typer.Option(..., "--module", metavar="SLOT", help="appointments, coalition, motions, congress or purge."),
    rival: list[str] = typer.Option(None, "--rival", help="Only this rival; may be given several times."),
    n: int = typer.Option(1800, "-n", "--histories", min=20, help="Histories with the shipped particles."),
    prior: int = typer.Option(300, min=10, help="Vectors drawn from the prior, for the evidence."),
    each: int = typer.Option(8, min=1, help="Histories of each."),
    seed: int = typer.Option(1922, help="Of all luck."),
    workers: int = typer.Option(2, min=1, help="Threads."),
    json_: bool = typer.Option(False, "--json", help="For programs."),
) -> None:
    """Exchange one mechanism for its rivals: same luck, same record; scores of forecasts and evidence, with intervals.

    The first time on a machine each rival is compiled, some 40 seconds.
    """
    import json

    from ..faults import Faults

    try:
        from rich.console import Console

        from ..lab.scoring.compare import compare as run

        notes = Console(stderr=True)
        found = run(case, module, n, prior, each, rival or None, workers, seed, lambda text: notes.print(text, highlight=False))
        if json_:
            told = {"case": found.case, "slot": found.slot, "closeness": found.closeness, "prior_closeness": found.prior_closeness, "rows": found.table()}
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
    where = "in sample" if found.in_sample else "out of sample"
    table = Table(
        title=f"{SLOTS[found.slot]} on {found.case} ({where}): log scores, {found.histories:,} histories with the shipped particles",
        title_justify="left", box=None, pad_edge=False,
    )  # fmt: skip
    for name, justify in (("forecasts", "left"), ("mechanism", "left"), ("log score", "right"), ("gain over the standard (90 %)", "left")):
        table.add_column(name, justify=justify, no_wrap=name != "forecasts")
    last = None
    for x in found.scores:
        gain = "" if x.mechanism == found.slot else f"{x.gain:+.2f} ({x.gain_low:+.2f} to {x.gain_high:+.2f})"
        table.add_row("" if x.group == last else f"{x.group} ({x.count})", short(x.mechanism), f"{x.log:.2f}", gain)
        last = x.group
    for k, name in enumerate(found.mechanisms):
        table.add_row("" if k else "closeness (higher is better)", short(name), f"{found.closeness[name]:.3f}", "")
    console.print(table)
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
    console.print(
        "Gain and evidence above 0 speak for the rival. The shipped particles were calibrated with the standard mechanism, the prior with none.",
        highlight=False,
    )
