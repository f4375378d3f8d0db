"""The findings of a result as tables in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from .findings import HALF, LIST_SHARE, REPRODUCED, VERDICTS, WIDTHS, Finding, Findings
from .words import percent, series, upper

if TYPE_CHECKING:
    from rich.console import RenderableType

MODEL, RECORD, QUIET = "blue", "bold", "dim"


def _table(title: str, *columns: str, note: str = "") -> Table:
    """A plain table; columns that begin with `>` are right-aligned."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, caption=note or None,
                  caption_justify="left", caption_style="dim", header_style="dim")  # fmt: skip
    for name in columns:
        right = name.startswith(">")
        table.add_column(name.removeprefix(">"), justify="right" if right else "left", no_wrap=right)
    return table


def everything(findings: Findings) -> list[RenderableType]:
    """Every table, in reading order; those that would be empty are left out."""
    parts = [
        answer(findings), rulers(findings), verdicts(findings), falls(findings), orders(findings), lists(findings),
        numbers(findings), facts(findings), spread(findings), footer(findings),
    ]  # fmt: skip
    return [part for part in parts if part is not None]


def answer(findings: Findings) -> RenderableType:
    """The case's title and the answer in three sentences."""
    case = findings.compiled.case
    text = Text(case.title + "\n", style="bold")
    words = findings.words
    question = f"Who ends up ruling, {words.month(0)} to {words.month(findings.compiled.months - 1)}, and when do the others fall?\n"
    return Group(text + Text(question, style="italic"), *(Text(s) for s in findings.answer()))


def rulers(findings: Findings) -> RenderableType:
    """Who leads and who rules alone at year ends."""
    table = _table(
        "Who leads and who rules alone", "end of", "strongest in the ruling coalition", "rules alone", ">nobody alone",
        note="shares of histories",
    )  # fmt: skip
    for year in _thinned(findings.year_ends, 12):
        table.add_row(
            findings.words.month(year.month), _shares(findings, year.leads), Text(_shares(findings, year.rules), MODEL),
            percent(year.rules.get(-1, 0.0)),
        )  # fmt: skip
    return table


def _thinned(rows: list, most: int) -> list:
    if len(rows) <= most:
        return rows
    step = -(-len(rows) // most)
    chosen = rows[::-1][::step][::-1]
    return chosen


def _shares(findings: Findings, shares: dict[int, float]) -> str:
    top = [(i, s) for i, s in findings.top(shares) if s >= 0.01]
    return ", ".join(f"{findings.words.person(i)} {percent(s)}" for i, s in top) or "nobody"


def verdicts(findings: Findings) -> RenderableType | None:
    """What is reproduced and what is not, by the stated thresholds."""
    if not findings.findings:
        return None
    parts: list[RenderableType] = [Text("What the model reproduces and what it does not", style="bold")]
    parts.append(
        Text(
            f"Reproduced: at least {percent(REPRODUCED)} of histories within the record's tolerance; half: from {percent(HALF)}. Tolerance:"
            f" {WIDTHS:g} widths of a date, the admitted band of a number, {percent(LIST_SHARE)} of a list's seats.",
            style=QUIET,
        )
    )
    for verdict in VERDICTS:
        found = findings.verdicts(verdict)
        table = _table("", "", "", "", "")
        table.show_header = False
        table.title = None
        for f in found:
            table.add_row(
                " ",
                upper(f.name),
                f">{percent(f.hit)}".removeprefix(">"),
                "" if verdict == VERDICTS[0] else f.why,
            )
        parts += [
            Text(f"\n{upper(verdict)} ({len(found)})", style="bold"),
            table if found else Text("  none", style=QUIET),
        ]
    return Group(*parts)


def falls(findings: Findings) -> RenderableType | None:
    """Each recorded fall against the simulated dates."""
    rows = [*findings.falls, *findings.dates]
    if not rows:
        return None
    table = _table(
        "Dates: the record and the histories", "", "on record", "evidence", ">happens in", ">10%", ">middle", ">90%", ">surprise",
        note="Months of the histories in which it happens. Surprise: how far out the record lies (1 in the middle, 0 outside all). "
        "* not used in the fit.",
    )  # fmt: skip
    for f in rows:
        table.add_row(
            upper(f.name) + ("" if f.fitted else " *"), Text(findings.shown(f, f.record), RECORD), f.evidence, percent(f.share),
            *(Text(findings.shown(f, q), MODEL) for q in (f.q10, f.q50, f.q90)), _surprise(f),
        )  # fmt: skip
    return table


def _surprise(f: Finding) -> str:
    return "-" if not np.isfinite(f.surprise) else f"{f.surprise:.2f}"


def orders(findings: Findings) -> RenderableType | None:
    """The most frequent orders of falls."""
    if not findings.orders:
        return None
    parts: list[RenderableType] = []
    for order in findings.orders:
        table = _table(
            order.question,
            ">share",
            "order",
            note=f"on record: {order.record}" if order.record else "no record",
        )
        for text, share in order.rows[:4]:
            table.add_row(percent(share), text)
        parts += [table, Text("")]
    return Group(*parts[:-1])


def lists(findings: Findings) -> RenderableType | None:
    """Recorded lists of members against how often each person sits there."""
    if not findings.seatings:
        return None
    table = _table(
        "Lists of members", "", "recorded members, share of histories in which each sits", "others who often sit there", ">of them right",
        "evidence", note="Right: recorded members who sit, middle of the histories and 80% range.",
    )  # fmt: skip
    for s in findings.seatings:
        recorded = ", ".join(
            f"{findings.words.person(i)} {percent(s.chance[i])}"
            for i in sorted(s.recorded, key=lambda i: -s.chance[i])
        )
        others = [i for i in np.argsort(-s.chance) if i not in s.recorded and s.chance[i] >= 0.2]
        table.add_row(
            upper(s.finding.name), recorded, ", ".join(f"{findings.words.person(i)} {percent(s.chance[i])}" for i in others) or "-",
            f"{s.right[1]:.0f} of {len(s.recorded)} ({s.right[0]:.0f}-{s.right[2]:.0f})", s.finding.evidence,
        )  # fmt: skip
    return table


def numbers(findings: Findings) -> RenderableType | None:
    """Votes and measures."""
    if not findings.numbers:
        return None
    table = _table(
        "Votes and measures", "", "on record", "admitted", "evidence", ">there is one in", ">10%", ">middle", ">90%", ">surprise",
        note="* not used in the fit.",
    )  # fmt: skip
    for f in findings.numbers:
        table.add_row(
            f.name + ("" if f.fitted else " *"), Text(findings.shown(f, f.record), RECORD),
            f"{findings.shown(f, f.low)} to {findings.shown(f, f.high)}", f.evidence, percent(f.share),
            *(Text(findings.shown(f, q), MODEL) for q in (f.q10, f.q50, f.q90)), _surprise(f),
        )  # fmt: skip
    return table


def facts(findings: Findings) -> RenderableType | None:
    """Yes-or-no facts and how often they hold."""
    if not findings.facts:
        return None
    table = _table("Facts", "on record", "evidence", ">holds in", note="* not used in the fit.")
    for f in findings.facts:
        table.add_row(f.name + ("" if f.fitted else " *"), f.evidence, Text(percent(f.hit), MODEL))
    return table


def spread(findings: Findings) -> RenderableType | None:
    """Where the spread of each outcome comes from, when the laboratory has taken it apart."""
    rows = findings.spread_rows
    if not rows:
        return None
    table = _table(
        "Where the spread comes from", "", ">coder error", ">parameters", ">luck", ">rest",
        note=f"Shares of the variance, each give or take {percent(rows[0][1].error)}; rest: what they do only jointly, or cannot be told apart.",
    )  # fmt: skip
    for name, s in rows:
        table.add_row(upper(name), *(percent(v) for v in (s.coding, s.parameters, s.luck, s.interaction)))
    return table


def footer(findings: Findings) -> RenderableType:
    """Closeness, and what the numbers rest on."""
    labels = findings.compiled.case.labels()
    text = (
        "Evidence of the case's values: "
        + series(f"{k} {findings.words.evidence(name)}" for name, k in labels.most_common())
        + "."
    )
    if np.isfinite(findings.closeness):
        text = f"Mean closeness to the fitted record: {findings.closeness:.2f} (0 to 1). " + text
    return Text(text, style=QUIET)


def show(findings: Findings, console: Console) -> None:
    """Print every table."""
    for part in everything(findings):
        console.print(part)
        console.print()
