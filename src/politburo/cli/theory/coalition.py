"""`politburo theory coalition`: who rules in the end, and how firmly."""

import typer

from .common import CHART, CSV, JSON, guarded, member_list, no_options, show


def coalition(
    powers: list[str] = typer.Argument(
        None, metavar="POWER...", help="Powers: whole numbers, decimals or fractions."
    ),
    file: str = typer.Option(
        None, "--file", metavar="CSV", help="Members from a file with columns name, power."
    ),
    names: str = typer.Option(None, "--names", metavar="A,B,...", help="Names of the members."),
    majority: str = typer.Option(
        "1/2", "--majority", help="Share a coalition must exceed, from 1/2 to below 1."
    ),
    ties: str = typer.Option("all", "--ties", help="Several lightest coalitions: all, lowest, refuse."),
    exact_share: str = typer.Option(
        "loses", "--exact-share", help="Whether exactly the share wins: loses (the model), wins."
    ),
    solver: str = typer.Option("auto", "--solver", help="auto, subsets, types, search, reference."),
    seconds: str = typer.Option("60", "--seconds", help="Time for the search above 30 members."),
    threads: int = typer.Option(1, "--threads", min=1, help="Threads of the subset table."),
    stable: bool = typer.Option(False, "--self-enforcing", help="List every self-enforcing coalition."),
    robust: bool = typer.Option(
        False, "--robustness", help="How far each power can move before the answer changes."
    ),
    fragility: str = typer.Option(
        None, "--fragility", metavar="MEMBER", help="The answer over this member's power."
    ),
    game: bool = typer.Option(
        False, "--game", help="Play the game tree for every order of proposers (at most 6)."
    ),
    myopic: bool = typer.Option(False, "--myopic", help="The slide of a shortsighted circle."),
    sizes: bool = typer.Option(
        False, "--sizes", help="Self-enforcing sizes of near-equal members; needs no powers."
    ),
    constitutions: bool = typer.Option(
        False, "--constitutions", help="The three-state example; needs no powers."
    ),
    tie: list[str] = typer.Option(
        [], "--tie", metavar="A-B", help="A patronage tie, patron first; may be repeated."
    ),
    transfer: str = typer.Option("0.3", "--transfer", help="Share of power passed on along each tie."),
    office: list[str] = typer.Option(
        [], "--office", metavar="A=3", help="Power an office confers; may be repeated."
    ),
    as_json: bool = JSON,
    csv: str = CSV,
    chart: str = CHART,
) -> None:
    """The ultimate ruling coalition of a closed circle (Acemoglu, Egorov and Sonin 2008).

    Example: politburo theory coalition 3 4 5 10 --majority 1/2
    """
    no_options(powers)
    if not powers and not (file or sizes or constitutions):
        typer.echo("give powers, --file, --sizes or --constitutions (see --help)", err=True)
        raise typer.Exit(2)
    with guarded():
        from politburo.theory.inputs import measure, read_table, reject

        if sizes:
            from politburo.theory.coalition import coalition_sizes

            return show(coalition_sizes(majority), as_json, csv, chart)
        if constitutions:
            from politburo.theory.coalition_dynamics import three_states

            return show(three_states(), as_json, csv, chart)
        if file:
            _, columns = read_table(file, ["power"], low=0)
            circle = measure(columns["power"], columns["name"])
        else:
            circle = measure(powers, member_list(names))
        if tie or office:
            from politburo.theory.coalition_network import ruling_coalition_with_ties

            offices = {}
            for entry in office:
                name, equals, power = entry.partition("=")
                if not equals:
                    raise reject("--office", repr(entry), "MEMBER=POWER")
                offices[name] = power
            return show(
                ruling_coalition_with_ties(circle, tie, transfer, majority=majority, offices=offices),
                as_json,
                csv,
                chart,
            )
        if stable:
            from politburo.theory.coalition import self_enforcing_coalitions

            return show(
                self_enforcing_coalitions(circle, majority, exact_share=exact_share), as_json, csv, chart
            )
        if robust or fragility:
            from politburo.theory import coalition_robust

            found = (
                coalition_robust.robustness(circle, majority)
                if robust
                else coalition_robust.fragility(circle, fragility, majority=majority)
            )
            return show(found, as_json, csv, chart)
        if game:
            from politburo.theory.coalition_tree import coalition_game

            return show(coalition_game(circle, majority), as_json, csv, chart)
        if myopic:
            from politburo.theory.coalition_dynamics import myopic_path

            return show(myopic_path(circle, majority), as_json, csv, chart)
        from politburo.theory.beside import known_coalition
        from politburo.theory.coalition import ruling_coalition

        found = ruling_coalition(
            circle,
            majority,
            ties=ties,
            exact_share=exact_share,
            solver=solver,
            seconds=seconds,
            threads=threads,
        )
        reference = known_coalition(circle, found.majority) if exact_share == "loses" else None
        return show([found, reference] if reference else found, as_json, csv, chart)
