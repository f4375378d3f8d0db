"""`politburo theory ...`: the field's formal models on the command line."""

import typer

app = typer.Typer(help="The field's formal models: exact, cited, tested on their authors' numbers.", no_args_is_help=True)


@app.callback()
def _theory() -> None:
    """The field's formal models: exact, cited, tested on their authors' numbers."""
