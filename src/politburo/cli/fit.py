"""`politburo fit`: calibrate a case's parameters to its fitted targets, and ask what the calibration is worth."""

from pathlib import Path

import typer

_SEARCH, _ASK = "Search", "Ask instead of searching"


def fit(
    cases: list[str] = typer.Argument(..., metavar="CASE...", help="A packaged case or a directory; several are fitted together."),
    out: Path = typer.Option(Path("posterior.csv"), "-o", "--out", help="The ensemble, to be put beside parameters.yaml.", rich_help_panel=_SEARCH),
    by: str = typer.Option("closeness", help="closeness (J), composite (facts one by one) or joint (all facts at once).", rich_help_panel=_SEARCH),
    power: float = typer.Option(None, help="What a composite counts for; by default estimated (facts hang together).", rich_help_panel=_SEARCH),
    shared: str = typer.Option(None, metavar="NAME,...", help="Parameters that several cases share; by default all.", rich_help_panel=_SEARCH),
    use_held_out: list[str] = typer.Option([], "--use-held-out", metavar="CASE", help="Fit this case's held-out targets too; nothing of it is held out then.", rich_help_panel=_SEARCH),
    islands: int = typer.Option(3, min=1, help="Separate searches.", rich_help_panel=_SEARCH),
    size: int = typer.Option(40, min=4, help="Parameter vectors on each island.", rich_help_panel=_SEARCH),
    batch: int = typer.Option(24, min=2, help="Histories on which a vector is judged."),
    generations: int = typer.Option(40, min=1, help="Generations in all, those of an earlier call included.", rich_help_panel=_SEARCH),
    moves: int = typer.Option(2, min=1, help="Moves of every vector in a generation.", rich_help_panel=_SEARCH),
    widths: str = typer.Option(None, metavar="TIMES:GENERATIONS,...", help="Begin with wider bells, as 3:14,2:10.", rich_help_panel=_SEARCH),
    particles: int = typer.Option(90, min=1, help="Vectors to write.", rich_help_panel=_SEARCH),
    seed: int = typer.Option(7, help="Seed of the search; the luck of histories is the case's own."),
    until: str = typer.Option(None, metavar="YYYY-MM", help="Judge targets up to this month only."),
    state: Path = typer.Option(None, help="File to resume from; by default beside the ensemble.", rich_help_panel=_SEARCH),
    workers: int = typer.Option(2, min=1, help="Threads."),
    identify: bool = typer.Option(False, "--identify", help="Which parameters the record says something about.", rich_help_panel=_ASK),
    profile: list[str] = typer.Option([], "--profile", metavar="NAME", help="Hold a parameter, let the others make up for it; may be repeated.", rich_help_panel=_ASK),
    predict: bool = typer.Option(False, "--predict", help="Every fact against the ensemble, and coverage of its bands.", rich_help_panel=_ASK),
    sensitivity: str = typer.Option(None, "--sensitivity", metavar="METHOD", help="morris or sobol.", rich_help_panel=_ASK),
    check: int = typer.Option(None, "--check", min=4, metavar="RECORDS", help="Plant so many records and fit each (simulation-based calibration).", rich_help_panel=_ASK),
    histories: int = typer.Option(2000, "-n", "--histories", min=20, help="Histories of --predict.", rich_help_panel=_ASK),
    paths: int = typer.Option(None, min=2, help="Morris paths (10), or Sobol's base sample (32).", rich_help_panel=_ASK),
    outcome: str = typer.Option("J", help="Whose sensitivity: a target, or J.", rich_help_panel=_ASK),
    parameters: str = typer.Option(None, metavar="NAME,...", help="Of --sensitivity and --check; by default all fitted ones.", rich_help_panel=_ASK),
    figure: Path = typer.Option(None, help="Draw --predict: .html, .svg, .png or .json.", rich_help_panel=_ASK),
    json_: bool = typer.Option(False, "--json", help="Answers as JSON on standard output."),
) -> None:
    """Calibrate: sequential Monte Carlo on islands. Interrupted, the same command goes on where it was.

    The same for any number of workers. Coder error is part of every history that is judged. With one of the
    questions nothing is searched: they are asked of the case's own posterior.csv.
    """
    from rich.console import Console

    from ..faults import Faults
    from . import fit_questions as ask

    console = Console(stderr=True)
    try:
        ask.words(by, sensitivity, figure, predict)
        compiled = ask.prepared(cases, until, use_held_out)
        asked = identify or profile or predict or sensitivity or check
        if asked:
            answers = {}
            one = ask.single(compiled)
            if predict:
                answers["predict"] = ask.predict(one, histories, workers, figure, json_)
            if identify:
                answers["identify"] = ask.identify(one, json_)
            if profile:
                answers["profile"] = ask.profiles(one, profile, by, batch, workers, seed, json_, console)
            if sensitivity:
                answers["sensitivity"] = ask.sensitivity(one, sensitivity, paths, batch, outcome, parameters, workers, seed, json_, console)
            if check:
                answers["check"] = ask.check(one, check, by, parameters, islands, size, batch, generations, moves, workers, seed, json_, console)
            if json_:
                import json

                typer.echo(json.dumps(answers, indent=1))
            return
        _search(compiled, out, by, power, shared, islands, size, batch, generations, moves, widths, particles, seed, state, workers, use_held_out, json_, console)
    except Faults as error:
        for fault in error.faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print("Stopped; the same command goes on from the last finished generation.")
        raise typer.Exit(130) from None


def _search(compiled, out, by, power, shared, islands, size, batch, generations, moves, widths, particles, seed, state, workers, used, json_, console) -> None:
    from ..faults import Fault, Faults
    from ..lab.fitting import fit as lab
    from ..lab.fitting import joint

    several = len(compiled) > 1
    if shared is not None and not several:
        raise Faults([Fault("--shared", 0, 0, "one case only", "two cases or more")])
    if several:
        judge = joint.JointJudge(compiled, None if shared is None else [n.strip() for n in shared.split(",") if n.strip()], batch, workers, by)
        prior, judges = judge.prior, judge.judges
    else:
        judge = lab.Judge(compiled[0], batch, workers, by)
        prior, judges = lab.Prior.of(compiled[0]), [judge]
        if not judge.facts:
            raise Faults([Fault(str(compiled[0].case.path / "targets.yaml"), 0, 0, "no target to fit to", "fitted: true, within the months that are run")])
    if not prior.names:
        raise Faults([Fault(str(compiled[0].case.path / "parameters.yaml"), 0, 0, "no parameter to fit", "fitted: true and low < high")])
    if power is not None and not 0 < power <= 1:
        raise Faults([Fault("--power", 0, 0, f"{power:g}", "above 0, at most 1")])
    if by != "closeness" and lab.narrow(size, len(prior.names)):
        console.print(lab.narrow(size, len(prior.names)))
    if by == "composite":
        import numpy as np

        for one, c in zip(judges, compiled, strict=True):
            box = lab.Prior.of(c)
            draws = one.rows(box, box.values(np.random.default_rng([seed, 41]).random((24, len(box.names)))))
            one.power = power if power is not None else lab.power(one, draws, 3)
            console.print(f"{c.case.name}: {len(one.facts)} facts, worth {one.power:.2f} of as many independent ones.")
    state = state or out.with_suffix(".state.npz")
    wide = _widths(widths, by, several)
    found = lab.Fit(compiled[0], prior, islands, size, batch, seed, moves, by=by, widths=wide)
    if state.exists():
        found.load(state)
        console.print(f"Going on from generation {found.generation}.")
    else:
        console.print(f"Judging {(4 if by == 'closeness' else 1) * islands * size} vectors drawn from the prior ...")
        found = lab.begin(compiled[0], judge, islands, size, batch, seed, prior=prior, moves=moves, widths=wide)
        found.save(state)
    lab.run(found, judge, generations, state, lambda note: console.print(_line(note)))
    if by != "closeness" and found.temperature < 1:
        console.print(f"Temperature {found.temperature:.3g} of 1: not yet the posterior. More --generations go on from here.")
    values, fresh = lab.thin(found, judge, particles)
    written = []
    for number, (one, c) in enumerate(zip(judges, compiled, strict=True)):
        place = out.with_name(f"{out.stem}-{c.case.name}{out.suffix}") if several else out
        lines = joint.lines(found, judge, number) if several else lab.history_of(found)
        if used:
            lines.append(f"targets that were held out are fitted in {', '.join(used)}: nothing of it is a forecast")
        if by == "composite":
            lines.append(f"composite to the power {one.power:.3f}")
        lines.append(f"mean {by} of single vectors on luck not used in the search: {fresh.mean():.3f}")
        rows = judge.split(values)[number] if several else judge.rows(prior, values)
        lab.write_posterior(place, c.parameters, rows, lines)
        written.append(str(place))
    console.print(f"{len(values)} vectors written to {', '.join(written)}.")
    if json_:
        import json

        typer.echo(json.dumps({"written": written, "by": by, "temperature": found.temperature, "diary": found.diary}, indent=1))


def _widths(text: str | None, by: str, several: bool) -> tuple[tuple[float, int], ...]:
    """`3:14,2:10` as pairs."""
    from ..faults import Fault, Faults

    if text is None:
        return ()
    if by != "closeness" or several:
        raise Faults([Fault("--widths", 0, 0, "a search by likelihood" if by != "closeness" else "several cases", "one case, --by closeness")])
    try:
        pairs = tuple((float(a), int(b)) for a, b in (pair.split(":") for pair in text.split(",")))
    except ValueError:
        pairs = ()
    if not pairs or any(not 1 <= times <= 100 or generations < 1 for times, generations in pairs):
        raise Faults([Fault("--widths", 0, 0, repr(text), "TIMES:GENERATIONS,..., times from 1 to 100, for example 3:14,2:10")])
    return pairs


def _line(note: dict) -> str:
    level = f"bar {note['bar']}" if "bar" in note else f"temperature {note['temperature']:.4g}"
    return f"generation {note['generation']}: {level}, mean {note['mean']}, best {note['best']}, accepted {note['accepted']:.0%}"
