"""`politburo theory ...`: the field's formal models on the command line, one command a family."""

import typer

from . import bargain, coalition, models, voting

app = typer.Typer(
    help="The field's formal models: exact, cited, tested on their authors' numbers.", no_args_is_help=True
)


@app.callback()
def _theory() -> None:
    """The field's formal models: exact, cited, tested on their authors' numbers."""


_NUMBERS = {"ignore_unknown_options": True}
app.command(context_settings=_NUMBERS)(coalition.coalition)
app.command("power-index", context_settings=_NUMBERS)(voting.power_index)
app.command()(bargain.bargain)
app.command(context_settings=_NUMBERS)(models.leaders)
app.command(context_settings=_NUMBERS)(models.economy)
app.command(context_settings=_NUMBERS)(models.people)
app.command()(models.reproduce)
app.command()(models.examples)
