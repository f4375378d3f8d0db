"""`politburo theory power-index`: who can make the difference."""

import typer

from .common import CHART, CSV, JSON, guarded, member_list, no_options, show


def power_index(
    game: list[str] = typer.Argument(
        None,
        metavar="GAME|WEIGHT...",
        help="A packaged game (eu27, unsc, ...; council-nice, council-lisbon) or weights.",
    ),
    file: str = typer.Option(
        None, "--file", metavar="CSV", help="Members from a file with columns name, weight and perhaps bloc."
    ),
    quota: str = typer.Option(
        None, "--quota", help="Weight a coalition must reach; default: more than half."
    ),
    names: str = typer.Option(None, "--names", metavar="A,B,...", help="Names of the members."),
    index: list[str] = typer.Option([], "--index", help="Only this index; may be repeated."),
    method: str = typer.Option("auto", "--method", help="auto, enumerate, count, halves, sample."),
    samples: int = typer.Option(1_000_000, "--samples", help="Random orders for --method sample."),
    seed: int = typer.Option(0, "--seed", help="Seed of the sample."),
    threads: int = typer.Option(1, "--threads", min=1, help="Threads of the quadrature."),
    blocs: str = typer.Option(None, "--blocs", metavar="A+B,C+D", help="Members who vote as one."),
    unions: str = typer.Option(None, "--unions", metavar="A+B,C+D", help="A-priori unions: Owen's index."),
    exact: bool = typer.Option(False, "--exact", help="Print exact fractions where there are any."),
    as_json: bool = JSON,
    csv: str = CSV,
    chart: str = CHART,
) -> None:
    """Power indices of a voting body: Shapley-Shubik, Banzhaf, Coleman, Rae, Deegan-Packel, Holler, Johnston.

    Example: politburo theory power-index eu27
    """
    no_options(game)
    if not game and not file:
        typer.echo("give a packaged game, weights, or --file (see --help)", err=True)
        raise typer.Exit(2)
    with guarded():
        from politburo.theory import examples
        from politburo.theory.inputs import measure, read_number, read_table

        known, groups = None, None
        if file:
            from politburo.marked import read_text

            header = (read_text(__import__("pathlib").Path(file)).splitlines() or [""])[0]
            text = [c for c in ("bloc",) if c in [h.strip() for h in header.split(",")]]
            _, columns = read_table(file, ["weight"], low=0, required_text=text)
            weights = measure(columns["weight"], columns["name"], "weights", positive=False)
            groups = columns.get("bloc")
        elif len(game) == 1 and isinstance(read_number(game[0]), str):
            if game[0] in ("council-nice", "council-lisbon"):
                return show(examples.council(game[0].removeprefix("council-")), as_json, csv, chart)
            known = examples.game(game[0])
            weights, quota = known.weights, quota or known.quota
        else:
            weights = measure(game, member_list(names), "weights", positive=False)
        if blocs or unions or groups:
            from politburo.theory import voting_blocs

            chosen = groups if groups else _groups(blocs or unions)
            run = voting_blocs.owen if unions else voting_blocs.blocs
            return show(run(weights, chosen, quota), as_json, csv, chart)
        from politburo.theory.beside import known_indices
        from politburo.theory.voting import power_indices

        found = power_indices(
            weights, quota, indices=index or None, method=method, samples=samples, seed=seed, threads=threads
        )
        if known:
            found.title = f"{known.title}: power indices of [{found.quota}; {len(weights.names)} members, total {weights.total}]"
        if exact:
            found.columns = ("member", "weight", *found.exact)
            found.rows = [
                (n, w, *(values[k] for values in found.exact.values()))
                for k, (n, w) in enumerate(zip(weights.names, weights.exact))
            ]
        reference = known_indices(known, found) if known and found.quota == known.quota else None
        return show([found, reference] if reference else found, as_json, csv, chart)


def _groups(text: str) -> dict[str, list[str]]:
    return {part: part.split("+") for part in text.split(",")}
