"""`politburo record ...`: what is known, who says so, where accounts disagree."""

import typer

from . import ask, check, work

app = typer.Typer(help="What is known, who says so, and where the accounts disagree.", no_args_is_help=True)

app.command("timeline")(ask.timeline)
app.command("who")(ask.who)
app.command("person")(ask.person)
app.command("conflicts")(ask.conflicts)
app.command("claims")(ask.claims)
app.command("sources")(check.sources)
app.command("reuse")(check.reuse)
app.command("check")(check.check)
app.command("export")(check.export)
app.command("schema")(check.schema)
app.command("read")(work.read)
app.command("review")(work.review)
