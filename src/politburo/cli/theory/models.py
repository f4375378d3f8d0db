"""`politburo theory leaders | economy | people | reproduce | examples`: the smaller models, by name, with
KEY=VALUE arguments.
"""

import typer

from .common import CHART, CSV, JSON, guarded, no_options, show

# model -> (module, function, what it answers, an example)
LEADERS = {
    "hazard": ("beside", "hazard", "exits by year of tenure; file=CSV (tenure, exit) for your own", ""),
    "membership": (
        "beside",
        "membership",
        "who sat when; file=CSV (name, status, start, end)",
        "1922.6,1926.6,1930.6",
    ),
    "personalism": ("beside", "personalism", "latent scores from 0/1 items", "file=items.csv"),
    "power-sharing": (
        "leader_tenure",
        "power_sharing",
        "contested and established autocracy over time",
        "start=0.3 periods=20",
    ),
    "selectorate": (
        "selectorate_theory",
        "selectorate",
        "what a leader spends to keep his coalition",
        "100 10",
    ),
    "selectorate-sweep": (
        "selectorate_theory",
        "selectorate_sweep",
        "the same by coalition size",
        "1000 2,10,100",
    ),
    "circular-flow": ("appointments", "circular_flow", "appointments into votes", "rotation=0.35 lag=0.4"),
    "factions": ("appointments", "factions", "the same with several patrons", "3,2,1"),
    "vizier": ("viziers", "vizier", "loyalty or competence", "0.7"),
    "eliminations": ("purges", "eliminations", "why the innocent are hit", "10 0.2"),
    "mass-purge": ("purges", "mass_purge", "what a purge does to effort and selection", "0.2 1"),
    "promotion": ("promotions", "promotion", "when activism pays", "0.1 20"),
    "cascade": (
        "thresholds",
        "cascade",
        "how far a protest runs",
        "0,20,20,30,40,50,60,70,80,100 unit=percent",
    ),
    "falsification": ("thresholds", "falsification", "what is said in public", "0.9,0.8,0.6,0.4,0.3 0.5"),
    "loyalty-test": ("cult", "loyalty_test", "what a demanded display reveals", "1.5"),
    "flattery": ("cult", "flattery", "signalling inflation", "0.2"),
    "triad": ("triads", "triad", "three theories of three men", "4,3,2"),
    "triads": ("triads", "triad_table", "Caplow's eight types", ""),
    "contest": ("contests", "contest", "effort of equal rivals", "3 9"),
    "unequal-contest": ("contests", "unequal_contest", "effort of unequal rivals", "10,5,1"),
    "revolt": ("contests", "revolt", "whether to join", "10 5 0.3"),
    "dictator": ("contests", "dictator", "tinpots and totalitarians", "totalitarian 5 loyalty_price=0.8"),
    "concentration": ("personal_power", "concentration", "one man's share", "20,10,5,4,3"),
}
ECONOMY = {
    "feldman": ("growth", "feldman", "investment in machines and consumption later", "0.5"),
    "feldman-crossover": ("growth", "feldman_crossover", "when the richer path overtakes", "0.3 0.5"),
    "mahalanobis": ("growth", "mahalanobis", "the same in the Indian plan", "0.3"),
    "soft-budget": ("growth", "soft_budget", "hiring under hard and soft budgets", "1"),
    "scissors": ("scissors", "price_scissors", "who pays for accumulation", "0.8"),
    "procurement": ("famine", "procurement", "rigid procurement and famine", "100,150,200"),
    "famine-shares": ("famine", "famine_shares", "weather, effort, procurement", "weather=0.9"),
    "ward-firm": ("planning", "ward_firm", "the kolkhoz", "2 3"),
    "ratchet": ("planning", "ratchet", "targets that follow results", "1"),
}
PEOPLE = {
    "project": (
        "population",
        "project",
        "cohort-component projection",
        "100,80,40 0.8,0.5 0,1.2,0.5 years=10",
    ),
    "life-table": ("population", "life_table", "life table from death rates", "0.05,0.01,0.02,0.1 1,4,45"),
    "population-balance": ("beside", "population_balance", "the account of 1927-39 with its residuals", ""),
    "excess-deaths": ("beside", "famine_excess", "excess deaths 1932-33 against two baselines", ""),
    "convictions": ("beside", "convictions", "the table of convictions and its sums", ""),
    "gulag-flows": ("beside", "gulag_flows", "net arrivals implied by stocks and deaths", "version=A"),
}


def _call(family, model, arguments, as_json, csv, chart) -> None:
    no_options(arguments)
    if model is None:
        for name, (_, _, what, example) in family.items():
            typer.echo(f"{name:20} {what}   e.g. {name} {example}".rstrip())
        return
    with guarded():
        import importlib
        import inspect

        from politburo.faults import listed, nearest
        from politburo.theory.inputs import reject

        if model not in family:
            raise reject("MODEL", repr(model), listed(family, 30), nearest(model, family))
        module, name, _, _ = family[model]
        function = getattr(importlib.import_module(f"politburo.theory.{module}"), name)
        parameters = inspect.signature(function).parameters
        plain, named = [], {}
        for word in arguments or []:
            key, equals, value = word.partition("=")
            if not equals:
                plain.append(_value(word, None))
                continue
            key = key.replace("-", "_")
            if key not in parameters:
                raise reject(
                    f"{model} {word}", f"no setting {key!r}", listed(parameters), nearest(key, parameters)
                )
            named[key] = _value(value, parameters[key])
        try:
            bound = inspect.signature(function).bind(*plain, **named)
        except TypeError as error:
            needed = [p.name for p in parameters.values() if p.default is p.empty]
            raise reject(
                model,
                str(error),
                f"{' '.join(needed) or 'no values'}, then KEY=VALUE of {listed(parameters, 20)}",
            ) from None
        show(function(*bound.args, **bound.kwargs), as_json, csv, chart)


def _value(text, parameter):
    """A list where commas are, a mapping where colons are too (A:3,B:1), a truth value where the default is
    one.
    """
    if parameter is not None and isinstance(parameter.default, bool):
        if text.lower() in ("yes", "true", "1", "no", "false", "0"):
            return text.lower() in ("yes", "true", "1")
    if ":" in text:
        return {k: v for k, _, v in (part.partition(":") for part in text.split(","))}
    return [part for part in text.split(",") if part != ""] if "," in text else text


_MODEL = typer.Argument(None, metavar="[MODEL]", help="Which model; without one, the list.")
_ARGUMENTS = typer.Argument(None, metavar="[VALUE... KEY=VALUE...]", help="Its arguments; lists with commas.")


def leaders(
    model: str = _MODEL,
    arguments: list[str] = _ARGUMENTS,
    as_json: bool = JSON,
    csv: str = CSV,
    chart: str = CHART,
) -> None:
    """Power sharing and leaders: hazards, selectorate, circular flow, purges, cult, triads, contests.

    Example: politburo theory leaders eliminations 10 0.2 population=100
    """
    _call(LEADERS, model, arguments, as_json, csv, chart)


def economy(
    model: str = _MODEL,
    arguments: list[str] = _ARGUMENTS,
    as_json: bool = JSON,
    csv: str = CSV,
    chart: str = CHART,
) -> None:
    """Growth, price scissors, procurement, firms of a planned economy.

    Example: politburo theory economy feldman 0.5 0,5,10,20
    """
    _call(ECONOMY, model, arguments, as_json, csv, chart)


def people(
    model: str = _MODEL,
    arguments: list[str] = _ARGUMENTS,
    as_json: bool = JSON,
    csv: str = CSV,
    chart: str = CHART,
) -> None:
    """Populations and accounts: projections, life tables, balances, excess deaths.

    Example: politburo theory people population-balance
    """
    _call(PEOPLE, model, arguments, as_json, csv, chart)


def reproduce(
    keys: list[str] = typer.Argument(None, metavar="[CHECK...]", help="Only these checks."),
    as_json: bool = JSON,
) -> None:
    """Run every reference value again: how many hold, to what tolerance, with which evidence."""
    with guarded():
        from politburo.theory.reproduction import reproduce as run

        found = run(keys or None)
        show(found, as_json)
        if found.facts["hold"] != found.facts["values"]:
            raise typer.Exit(1)


def examples() -> None:
    """The packaged games, leaderships and circles."""
    from politburo.theory import examples as room

    typer.echo("games (power-index):    " + ", ".join([*room.games(), "council-nice", "council-lisbon"]))
    typer.echo("leaderships (bargain):  " + ", ".join(room.LEADERSHIPS))
    for name, (members, what) in room.CIRCLES.items():
        typer.echo(f"circle {name} (coalition): " + " ".join(map(str, members.values())) + f"   {what}")
