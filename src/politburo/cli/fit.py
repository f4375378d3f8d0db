"""`politburo fit`: calibrate a case's parameters to its fitted targets."""

from pathlib import Path

import typer


def fit(
    case: str = typer.Argument(..., help="A packaged case or a directory."),
    out: Path = typer.Option(Path("posterior.csv"), "-o", "--out", help="The ensemble, to be put beside parameters.yaml."),
    islands: int = typer.Option(3, min=1, help="Separate searches."),
    size: int = typer.Option(40, min=4, help="Parameter vectors on each island."),
    batch: int = typer.Option(24, min=1, help="Histories on which a vector is judged."),
    generations: int = typer.Option(40, min=1, help="Generations in all, those of an earlier call included."),
    particles: int = typer.Option(90, min=1, help="Vectors to write."),
    seed: int = typer.Option(7, help="Seed of the search; the luck of histories is the case's own."),
    until: str = typer.Option(None, metavar="YYYY-MM", help="Judge targets up to this month only."),
    state: Path = typer.Option(None, help="File to resume from; by default beside the ensemble."),
    workers: int = typer.Option(2, min=1, help="Threads."),
) -> None:
    """Calibrate: sequential Monte Carlo ABC on islands. Interrupted, the same command goes on where it was.

    The same for any number of workers. Coder error is part of every history that is judged.
    """
    from rich.console import Console

    from ..faults import Fault, Faults

    console = Console(stderr=True)
    try:
        from ..case import Month, load_case
        from ..case.compile import compile_case
        from ..lab import fit as lab

        loaded = load_case(case)
        try:
            last = Month.parse(until) if until else None
        except ValueError as error:
            raise Faults([Fault("--until", 0, 0, f"until {until!r}", str(error))]) from None
        compiled = compile_case(loaded, last)
        judge = lab.Judge(compiled, batch, workers)
        state = state or out.with_suffix(".state.npz")
        found = lab.Fit(compiled, lab.Prior.of(compiled), islands, size, batch, seed)
        if not found.prior.names:
            raise Faults([Fault(str(loaded.path / "parameters.yaml"), 0, 0, "no parameter to fit", "fitted: true and low < high")])
        if state.exists():
            found.load(state)
            console.print(f"Going on from generation {found.generation}.")
        else:
            console.print(f"Judging {4 * islands * size} vectors drawn from the prior ...")
            found = lab.begin(compiled, judge, islands, size, batch, seed)
            found.save(state)
        lab.run(found, judge, generations, state, lambda note: console.print(_line(note)))
        values, fresh = lab.thin(found, judge, particles)
        lines = [*lab.history_of(found), f"mean closeness of single vectors on luck not used in the search: {fresh.mean():.3f}"]
        lab.write_posterior(out, compiled.parameters, judge.rows(found.prior, values), lines)
        console.print(f"{len(values)} vectors written to {out}.")
    except Faults as error:
        for fault in error.faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print("Stopped; the same command goes on from the last finished generation.")
        raise typer.Exit(130) from None


def _line(note: dict) -> str:
    return f"generation {note['generation']}: bar {note['bar']}, mean {note['mean']}, best {note['best']}, accepted {note['accepted']:.0%}"
