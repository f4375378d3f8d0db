"""`politburo record ...`: what is known, who says so, where accounts disagree."""

import typer

app = typer.Typer(help="What is known, who says so, and where the accounts disagree.", no_args_is_help=True)


@app.callback()
def _record() -> None:
    """What is known, who says so, and where the accounts disagree."""
