"""The command line. Thin: each verb parses, calls the public API and prints.

Every module here imports only Typer at the top; what a verb needs is imported inside the verb, so that
`politburo --help` stays well under 300 ms.
"""

import atexit
import gc
import os

import typer

from . import accounts, case, compare, explain, fit, record, run, score, series, theory, view, what_if

app = typer.Typer(
    name="politburo",
    help="A laboratory for power inside closed ruling circles.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)
for _verb in (case.check, case.new, case.schema, case.cases, run.run, run.rerun, view.show, view.report, view.trace, fit.fit, explain.explain, score.score, compare.compare, accounts.accounts, series.series):
    app.command()(_verb)
app.command("what-if")(what_if.what_if)
app.add_typer(record.app, name="record")
app.add_typer(theory.app, name="theory")


def main() -> None:
    """Entry point of the `politburo` command."""
    # Reading a case and the libraries makes some hundred thousand objects that all stay: looking through them for
    # rubbish again and again is a sixth of the start of a run, and once more at the very end another tenth.
    gc.set_threshold(200_000, 20, 20)
    atexit.register(gc.freeze)
    # Pydantic looks through every installed distribution for plug-ins before its first model; we use none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    app()
