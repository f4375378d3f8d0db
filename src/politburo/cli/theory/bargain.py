"""`politburo theory bargain`: where a leadership's bargaining ends, beside the weighted mean."""

import typer

from .common import CHART, CSV, JSON, guarded, show


def bargain(
    actors: str = typer.Argument(
        ...,
        metavar="FILE|EXAMPLE",
        help="A CSV of actors, or china, china_policy, china_competitive, emission, five, sultan, iran2013, war1914.",
    ),
    model: str = typer.Option(
        "ktab", "--model", help="ktab (spatial model), eu (expected utility), mean (baseline), all."
    ),
    turns: int = typer.Option(None, "--turns", "--rounds", min=0, help="Most turns or rounds."),
    salience_top: float = typer.Option(
        100.0, "--salience-top", help="Largest salience in the file: 100 or 1."
    ),
    settings: list[str] = typer.Option(
        [],
        "--set",
        metavar="KEY=VALUE",
        help="A convention of the model, such as distance=linear or risk=zero_one.",
    ),
    paths: bool = typer.Option(False, "--paths", help="Every position in every turn."),
    moves: bool = typer.Option(False, "--moves", help="Every move of the expected-utility model."),
    as_json: bool = JSON,
    csv: str = CSV,
    chart: str = CHART,
) -> None:
    """Bargaining models of a leadership, always beside the influence x salience weighted mean.

    Example: politburo theory bargain china --model ktab --turns 27
    """
    with guarded():
        from politburo.theory import bargain as room
        from politburo.theory.beside import known_bargain
        from politburo.theory.examples import LEADERSHIPS, leadership
        from politburo.theory.inputs import reject

        people = (
            leadership(actors)
            if actors in LEADERSHIPS
            else room.read_actors(actors, salience_top=salience_top)
        )
        chosen = {}
        for entry in settings:
            key, equals, value = entry.partition("=")
            if not equals:
                raise reject("--set", repr(entry), "KEY=VALUE")
            chosen[key.replace("-", "_")] = value
        if model == "all":
            both = [room.weighted_mean(people), room.bargain(people, "ktab", turns)]
            if people.position.shape[1] == 1:
                both.append(room.bargain(people, "eu", turns))
            return show(both, as_json, csv, chart)
        found = _run(room, people, model, turns, chosen)
        reference = known_bargain(actors, model, found) if actors in LEADERSHIPS and not chosen else None
        if paths and hasattr(found, "paths"):
            found = found.paths()
        if moves and hasattr(found, "move_table"):
            found = found.move_table()
        return show([found, reference] if reference and not (paths or moves) else found, as_json, csv, chart)


def _run(room, people, model, turns, chosen):
    """The model with its settings; an unknown setting is a fault with the nearest word."""
    import inspect

    from politburo.faults import listed, nearest
    from politburo.theory.inputs import reject

    function = {"ktab": room.spatial_model, "eu": room.expected_utility}.get(model)
    if function is not None:
        known = [k for k, p in inspect.signature(function).parameters.items() if p.kind is p.KEYWORD_ONLY]
        for key in chosen:
            if key not in known:
                raise reject("--set", repr(key), listed(known), nearest(key, known))
    return room.bargain(people, model, turns, **chosen)
