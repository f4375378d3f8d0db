"""`politburo series`: yearly series of a country beside the record, with source, label and band."""

from pathlib import Path

import typer


def series(
    what: str = typer.Argument(..., metavar="CASE_OR_RESULT", help="A case with a country, or a directory written by politburo run."),
    name: str = typer.Argument(None, metavar="NAME", help="A series, such as coal or famine_deaths.ukraine; without it, all of them."),
    n: int = typer.Option(200, "-n", "--histories", help="Of a case: histories of the country alone, on the recorded levers."),
    json_: bool = typer.Option(False, "--json", help="Print rows as JSON."),
    csv_: bool = typer.Option(False, "--csv", help="Print rows as CSV."),
) -> None:
    """Lay a country's yearly series beside the record: figures with label and source, the model's band, what lies outside.

    Of a result, the series of its histories, politics included. Of a case, the country alone on its recorded levers.
    """
    from ..faults import Faults

    try:
        found, record, names, said = _read(what, name, n)
    except Faults as error:
        for fault in error.faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None

    from ..views import country_series as views

    bands = views.bands(found, record)
    if json_ or csv_:
        _print([row for x in names for row in views.rows(x, bands.get(x), record.of(x))], json_)
        return
    from rich.console import Console

    console = Console(highlight=False)
    if name is None:
        console.print(views.overview(bands, record, names))
    else:
        table, words = views.one(name, bands.get(name), record.of(name))
        console.print(table)
        console.print(words, markup=False)
        if "famine" in name or "excess_deaths" in name:
            _tolls(console, what, name, n)
    console.print(said, markup=False)


def _tolls(console, what: str, name: str, n: int) -> None:
    """The toll under each harvest series, with its band: never alone."""
    from rich.table import Table

    from ..lab import tolls
    from ..lab.ensembles import years
    from ..lab.ensembles.provenance import RUN
    from ..lab.ensembles.results import open_result

    console.print("A toll depends on the harvest series that it is reckoned on: the band above is over all of them. See the page Grain and famine.", markup=False)
    if name not in years.SERIES:
        return
    found = tolls.of(open_result(Path(what)) if (Path(what) / RUN).exists() else what, name, n)
    table = Table(title="the same by harvest series, thousand")
    for heading in ("harvest series", "years", "middle", "90% of histories", "histories"):
        table.add_column(heading)
    for toll in found:
        band = f"{toll.low:,.0f} to {toll.high:,.0f}"
        table.add_row(tolls.HARVEST_NAMES.get(toll.series, toll.series), f"{toll.first} to {toll.last}", f"{toll.middle:,.0f}", band, str(toll.histories))
    if found:
        console.print(table)
        console.print("The diet was fitted again for each series, so that the tolls resemble each other by construction.", markup=False)


def _read(what: str, name: str | None, n: int):
    """Summaries, record, names to show, and what they are of."""
    from ..faults import Fault, Faults, listed, nearest
    from ..lab import country
    from ..lab.ensembles import years
    from ..lab.ensembles.provenance import RUN
    from ..lab.ensembles.results import open_result

    path = Path(what)
    result = open_result(path) if (path / RUN).exists() else None
    from ..case.load import load_case

    case = load_case(what) if result is None else result.case
    record = country.record_of(case)
    names = list(dict.fromkeys([*record.quantities, *(x for x in years.SERIES if "." not in x)]))
    if name is not None and name not in names and name not in years.SERIES:
        raise Faults([Fault("series", 0, 0, f"no series {name!r}", listed(names, 100), nearest(name, [*names, *years.SERIES]))])
    if case.country is None:
        raise Faults([Fault(what, 0, 0, "no country", "a case with a folder country/, such as ussr")])
    wanted = [x for x in (names if name is None else [name]) if x in years.SERIES]
    if result is not None:
        return country.summaries(result, wanted), record, names if name is None else [name], f"{result.done:,} histories in {result.path}, politics included"
    said = f"{n} histories of the country alone, on the recorded levers; politburo run {case.name} runs it with the politics"
    return country.alone(case, n, wanted), record, names if name is None else [name], said


def _print(rows: list[dict], as_json: bool) -> None:
    import csv
    import json
    import sys

    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    columns = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
