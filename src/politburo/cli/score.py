"""`politburo score`: how well a case's forecasts come true, beside naive ones."""

from pathlib import Path

import typer


def score(
    cases: list[str] = typer.Argument(..., help="Packaged cases or directories."),
    n: int = typer.Option(3000, "-n", "--histories", min=20, help="Histories of each case."),
    freeze: list[str] = typer.Option(None, "--freeze", metavar="YYYY-MM", help="Cut the record here; may be given several times."),
    within: int = typer.Option(24, min=1, help="Months ahead for the question whether a member loses his seat."),
    least: float = typer.Option(60.0, min=1.0, help="Effective number of histories that conditioning must leave."),
    questions: bool = typer.Option(False, "--questions", help="Every forecast with its probabilities."),
    calibration: bool = typer.Option(False, "--calibration", help="What was said against what came."),
    leave_out: str = typer.Option(None, "--leave-out", metavar="targets|people|cases", help="Forecasts by particles that had not seen them."),
    refit: int = typer.Option(0, "--refit", metavar="HISTORIES", min=0, help="With --leave-out targets or people: search anew without each, so many histories a search."),
    refits: Path = typer.Option(None, "--refits", metavar="FOLDER", help="Keep these searches here and use those that are there."),
    seed: int = typer.Option(1922, help="Of all luck."),
    workers: int = typer.Option(2, min=1, help="Threads."),
    markdown: bool = typer.Option(False, "--markdown", help="Tables for a page."),
    json_: bool = typer.Option(False, "--json", help="For programs."),
) -> None:
    """Score forecasts: log and Brier scores of who falls next, who leads, who rules, who loses his seat, beside five naive forecasters.

    What was calibrated on the record that it forecasts is marked "in sample".
    """
    import json
    from dataclasses import asdict

    from ..faults import Fault, Faults, nearest

    try:
        if leave_out is not None:
            ways = ("targets", "people", "cases")
            if leave_out not in ways:
                raise Faults([Fault("--leave-out", 0, 0, repr(leave_out), "targets, people or cases", nearest(leave_out, ways))])
            from ..lab.scoring import leave_out as lab

            if refit and leave_out == "cases":
                raise Faults([Fault("--refit", 0, 0, "--leave-out cases", "--leave-out targets or --leave-out people")])
            if refit:
                _refitted(cases, leave_out == "people", refit, refits, workers, seed, json_)
                return
            if leave_out == "cases":
                rows = [asdict(r) for r in lab.cases_out(cases, n, workers=workers, seed=seed)]
            else:
                rows = [
                    {"case": c, **asdict(r)} for c in cases for r in lab.targets_out(c, n, leave_out == "people", workers=workers, seed=seed)
                ]
            typer.echo(json.dumps(rows, indent=1)) if json_ else _left_out(rows, leave_out)
            return
        if refit or refits is not None:
            raise Faults([Fault("--refit" if refit else "--refits", 0, 0, "nothing to leave out", "--leave-out targets or --leave-out people")])
        from ..lab.scoring.score import score as run

        found = run(cases, n, freeze or None, within, workers, seed, least)
        if json_:
            typer.echo(json.dumps({"lines": found.table(), "calibration": found.calibration(), "questions": _questions(found)}, indent=1))
            return
        if markdown:
            _markdown(found)
            return
        _table(found)
        if questions:
            _print_questions(_questions(found))
        if calibration:
            _calibration(found)
    except Faults as error:
        for fault in error.faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None


HEADS = ("forecasts", "n", "log score", "Brier", "best naive forecast", "gain", "histories")


def _rows(found, case: str) -> list[tuple[str, ...]]:
    from ..lab.scoring.score import MODEL

    rows = []
    for line in found.lines:
        if line.case != case or line.who != MODEL:
            continue
        best = found.best(case, line.group)
        rows.append(
            (
                line.group, str(line.count), f"{line.log:.2f} ({line.log_low:.2f} to {line.log_high:.2f})", f"{line.brier:.2f}",
                f"{best.who} {best.log:.2f}", f"{best.gain:+.2f} ({best.gain_least:+.2f} to {best.gain_most:+.2f})", f"{line.histories:.0f}",
            )
        )  # fmt: skip
    return rows


NOTE = (
    "Log scores in nats, lower is better; in brackets 90 % over luck, coder error and posterior. Gain: the best naive forecaster's log score less the "
    "model's, above 0 the model is better; in brackets 90 % over questions. Histories: the fewest effective histories behind a forecast."
)


def _title(found, case: str) -> str:
    where = "in sample: calibrated on this record" if case in found.in_sample else "out of sample: parameters of another case"
    return f"{case} ({where}; {found.histories:,} histories)"


def _table(found) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for case in dict.fromkeys(line.case for line in found.lines):
        table = Table(title=_title(found, case), title_justify="left", box=None, pad_edge=False)
        for name in HEADS:
            table.add_column(name, justify="right" if name in ("n", "Brier", "histories") else "left")
        for row in _rows(found, case):
            table.add_row(*row)
        console.print(table)
        console.print()
    console.print(NOTE, highlight=False)


def _markdown(found) -> None:
    for case in dict.fromkeys(line.case for line in found.lines):
        typer.echo(f"**{_title(found, case)}**\n")
        typer.echo("| " + " | ".join(HEADS) + " |\n" + "| --- " * len(HEADS) + "|")
        for row in _rows(found, case):
            typer.echo("| " + " | ".join(row) + " |")
        typer.echo("")
    typer.echo("| said | forecasts | mean | came true | 90 % |\n| --- | --- | --- | --- | --- |")
    for r in found.calibration():
        typer.echo(f"| {r['from']:.0%} to {r['to']:.0%} | {r['forecasts']} | {r['said']:.1%} | {r['came']:.1%} | {r['low']:.0%} to {r['high']:.0%} |")
    typer.echo(f"\n{NOTE}")


def _questions(found) -> list[dict]:
    return [
        {
            "case": f.case, "kind": f.kind, "question": f.question, "happened": [f.answers[k] for k in f.observed],
            "probability": float(p[list(f.observed)].sum()), "histories": round(f.histories, 1), "tau": round(f.tau, 2),
            "answers": {f.answers[k]: float(p[k]) for k in p.argsort()[::-1]},
        }
        for f in found.forecasts for p in [f.probabilities()]
    ]  # fmt: skip


def _print_questions(rows: list[dict]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("case", "question", "happened", "said", "likeliest answers", "histories", "temper"):
        table.add_column(name)
    for r in rows:
        top = ", ".join(f"{name} {p:.0%}" for name, p in list(r["answers"].items())[:3])
        table.add_row(r["case"], r["question"], " and ".join(r["happened"]), f"{r['probability']:.0%}", top, f"{r['histories']:.0f}", f"{r['tau']:g}")
    Console().print(table)


def _calibration(found) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="What was said and what came", title_justify="left", box=None, pad_edge=False)
    for name in ("said", "mean", "forecasts", "came true", "90 %"):
        table.add_column(name, justify="right")
    for r in found.calibration():
        table.add_row(
            f"{r['from']:.0%} to {r['to']:.0%}", f"{r['said']:.1%}", str(r["forecasts"]), f"{r['came']:.1%}", f"{r['low']:.0%} to {r['high']:.0%}"
        )
    Console().print(table)


def _left_out(rows: list[dict], way: str) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    if way == "cases":
        heads = ("case", "forecasts", "", "learned from", "left out", "90 %", "shipped", "prior", "particles")
        cells = [
            (r["case"], r["group"], str(r["count"]), r["learned_from"], f"{r['left_out']:.2f}", f"{r['low']:.2f} to {r['high']:.2f}",
             f"{r['shipped']:.2f}", f"{r['prior']:.2f}", f"{r['particles']:.0f}") for r in rows
        ]  # fmt: skip
        note = "Log scores, lower is better."
    else:
        heads = ("what is left out", "fitted", "left out", "90 %", "prior", "particles")
        cells = [
            (r["question"], f"{r['fitted']:.2f}", f"{r['left_out']:.2f}", f"{r['low']:.2f} to {r['high']:.2f}", f"{r['prior']:.2f}",
             f"{r['particles']:.0f}") for r in rows
        ]  # fmt: skip
        sums = [sum(r[k] for r in rows) for k in ("fitted", "left_out", "prior")]
        cells.append(("all", *(f"{x:.1f}" for x in sums[:2]), "", f"{sums[2]:.1f}", ""))
        note = "Log mean closeness, higher is better: what the posterior says, what it would say without having seen it, what the prior says."
    for name in heads:
        table.add_column(name)
    for row in cells:
        table.add_row(*row)
    Console().print(table)
    Console().print(note, highlight=False)


def _refitted(cases: list[str], together: bool, histories: int, folder: Path | None, workers: int, seed: int, json_: bool) -> None:
    """Leave targets out by short searches: on standard output the table, on standard error how far it is."""
    import json
    from dataclasses import asdict

    from rich.console import Console
    from rich.table import Table

    from ..lab.scoring.leave_out_refit import targets_refitted

    notes = Console(stderr=True)
    rows = [
        {"case": c, **asdict(r)} for c in cases
        for r in targets_refitted(c, histories, together, workers=workers, seed=seed, refits=folder, tell=lambda text: notes.print(text, highlight=False))
    ]  # fmt: skip
    if json_:
        typer.echo(json.dumps(rows, indent=1))
        return
    table = Table(box=None, pad_edge=False)
    for name in ("what is left out", "start", "seen", "left out", "90 %", "flattery", "90 %"):
        table.add_column(name)
    for r in rows:
        ends = f"{r['low']:.2f} to {r['high']:.2f}", f"{r['flattery_low']:+.2f} to {r['flattery_high']:+.2f}"
        table.add_row(r["question"], f"{r['before']:.2f}", f"{r['fitted']:.2f}", f"{r['left_out']:.2f}", ends[0], f"{r['flattery']:+.2f}", ends[1])
    sums = [sum(r[k] for r in rows) for k in ("before", "fitted", "left_out", "flattery")]
    table.add_row("all", *(f"{x:.1f}" for x in sums[:3]), "", f"{sums[3]:+.1f}", "")
    Console().print(table)
    Console().print("Log mean closeness, higher is better: of the widened start, of a search that saw it, of one as long that did not. Flattery: their difference.", highlight=False)
