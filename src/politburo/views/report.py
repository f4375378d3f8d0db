"""The report: one HTML page with everything in it, for reading and for paper.

No network, no script, no font from elsewhere; figures are SVG, every figure has a name, a summary of two sentences
made from the data, and its table. What the model does not reproduce stands on the first page.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from . import figures, figures_time
from .figures import Figure
from .findings import HALF, LIST_SHARE, REPRODUCED, VERDICTS, WIDTHS, Finding, Findings
from .grounds import evidence_rows, influence_rows, parameter_rows, provenance_rows, soft_rows
from .words import count, percent, upper

ROWS_A_FIGURE = 13
FACES = (
    ("Source Serif 4", "source-serif-4-latin.woff2", "normal"),
    ("Source Sans 3", "source-sans-3-latin.woff2", "normal"),
)


def e(text: object) -> str:
    """Text made safe for HTML."""
    return html.escape(str(text), quote=True)


@cache
def style() -> str:
    """The style sheet with the type faces inside it (Source Serif 4 and Source Sans 3, SIL Open Font License)."""
    here = Path(__file__).parent
    faces = []
    for name, file, slant in FACES:
        data = base64.b64encode((here / "fonts" / file).read_bytes()).decode()
        faces.append(
            f'@font-face{{font-family:"{name}";font-style:{slant};font-weight:200 900;font-display:swap;'
            f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
        )
    return "\n".join(faces) + (here / "report.css").read_text(encoding="utf-8")


def page(findings: Findings) -> str:
    """The whole page."""
    numbers = _Numbers()
    sections = [part for part in (
        ("rules", "Who leads, who rules", _rules(findings, numbers)),
        ("dates", "When the others fall", _dates(findings, numbers)),
        ("power", "Power and seats", _power(findings, numbers)),
        ("lists", "Who sits there", _lists(findings, numbers)),
        ("votes", "Votes, sizes, facts", _votes(findings, numbers)),
        *_country(findings, numbers),
        ("spread", "Where the spread comes from", _spread(findings, numbers)),
        ("verdicts", "Every fact and its verdict", _all_verdicts(findings)),
        ("parameters", "Parameters", _parameters(findings)),
        ("evidence", "What the numbers rest on", _evidence(findings)),
        ("provenance", "How to make this page again", _provenance(findings)),
    ) if part[2]]  # fmt: skip
    title = findings.compiled.case.title
    body = "\n".join(
        f'<section id="{key}" aria-labelledby="h-{key}"><h2 id="h-{key}">{e(name)}</h2>\n{text}</section>'
        for key, name, text in sections
    )
    links = " ".join(f'<a href="#{key}">{e(name)}</a>' for key, name, _ in sections)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{e(title)}</title>\n<style>{style()}</style></head>\n<body>\n{_first(findings)}\n"
        f'<main><nav aria-label="Sections">{links}</nav>\n{body}\n</main>\n{_last(findings)}\n</body></html>\n'
    )


def picture(figure: Figure) -> str:
    """One figure as an SVG file of its own, with the page's look inside it (for a README or a slide)."""
    css = (Path(__file__).parent / "report.css").read_text(encoding="utf-8").split("@media")[0]
    rules = " ".join(line.replace("svg .", ".") for line in css.splitlines() if line.startswith("svg ."))
    rules = rules.replace("var(--model)", "#2464a8").replace("var(--quiet)", "#5c5c5c")
    head, rest = figure.svg.split(">", 1)
    text = 'font-family="Source Sans 3, Helvetica Neue, Arial, sans-serif" font-size="13" fill="#1a1a1a"'
    return f'{head} xmlns="http://www.w3.org/2000/svg" {text}><style>{rules}</style><rect width="100%" height="100%" fill="#fff"/>{rest}'


class _Numbers:
    """Numbers figures in the order in which they are made."""

    def __init__(self) -> None:
        self.last = 0

    def html(self, figure: Figure | None, cls: str = "") -> str:
        if figure is None:
            return ""
        self.last += 1
        name = f"Figure {self.last}. {figure.name}"
        wide = " wide" if cls != "half" else ""
        rows = figures.table(figure.head, figure.rows)
        return (
            f'<figure class="{(cls + wide).strip()}" aria-labelledby="f{self.last}"><figcaption id="f{self.last}"><b>{e(name)}</b>{e(figure.summary)}</figcaption>'
            f"{figure.svg}<details><summary>Table of figure {self.last}</summary>{rows}</details></figure>\n"
        )


def _first(findings: Findings) -> str:
    """Title, question, answer, and what is not reproduced."""
    case, words = findings.compiled.case, findings.words
    made = (
        findings.result.provenance if isinstance(getattr(findings.result, "provenance", None), dict) else {}
    )
    there = getattr(findings.result, "done", findings.n)
    sample = f" (shares over the first {findings.n:,})" if there > findings.n else ""
    meta = [
        count(there, "history", "histories") + sample,
        f"{words.month(0)} to {words.month(findings.compiled.months - 1)}",
    ]
    if made.get("seed") is not None:
        meta.append(f"seed {made['seed']}")
    if len(findings.compiled.particles) > 1:
        meta.append(f"{len(findings.compiled.particles)} fitted parameter sets")
    else:
        meta.append("one parameter set, not fitted to the record")
    if made.get("id"):
        meta.append(f"run {str(made['id'])[:12]}")
    question = "Who ends up ruling, when do the others fall, how often, and where does the model disagree with the record?"
    text = [
        f"<header><h1>{e(case.title)}</h1><p class=question>{question}</p><p class=meta>{e(' · '.join(meta))}</p>"
    ]
    text.append('<div class="answer">' + "".join(f"<p>{e(s)}</p>" for s in findings.answer()) + "</div>")
    if findings.findings:
        text.append(_front_verdicts(findings))
    text.append(_key())
    return "\n".join(text) + "</header>"


def _front_verdicts(findings: Findings) -> str:
    """The most important of each verdict: fitted facts first, the heavier first."""

    def chosen(verdict: str, most: int) -> tuple[list[Finding], int]:
        rows = sorted(findings.verdicts(verdict), key=lambda f: (not f.fitted, -f.weight))
        return rows[:most], len(rows) - min(most, len(rows))

    def listed(verdict: str, most: int, why: bool) -> str:
        rows, more = chosen(verdict, most)
        total = len(rows) + more
        items = "".join(
            f"<li>{e(upper(f.name))}{': ' if why else ' '}<span>{e(f.why if why else percent(f.hit))}</span></li>"
            for f in rows
        )
        if more:
            items += f'<li><span>and {more} more, <a href="#verdicts">all listed below</a></span></li>'
        return f"<h3>{upper(verdict)} ({total})</h3><ul>{items or '<li><span>none</span></li>'}</ul>"

    return (
        '<div class="verdicts"><div>' + listed(VERDICTS[2], 10, True) + "</div><div>" + listed(VERDICTS[0], 6, False)
        + listed(VERDICTS[1], 4, False) + f'</div></div><p class="small">{e(_thresholds())}</p>'
    )  # fmt: skip


def _thresholds() -> str:
    return (
        f"Reproduced means that at least {percent(REPRODUCED)} of the histories come within the record's own tolerance, half reproduced at least"
        f" {percent(HALF)}. Tolerance: {WIDTHS:g} times the width of a date either side, the band that the evidence admits for a number,"
        f" {percent(LIST_SHARE)} of the seats of a list, the fact itself otherwise. The percentage is the share of histories that do."
    )


def _key() -> str:
    dot = '<svg viewBox="0 0 34 16" aria-hidden="true"><path class="dot" d="M2 11a3 3 0 1 0 6 0a3 3 0 1 0 -6 0M9 11a3 3 0 1 0 6 0a3 3 0 1 0 -6 0M9 5a3 3 0 1 0 6 0a3 3 0 1 0 -6 0M16 11a3 3 0 1 0 6 0a3 3 0 1 0 -6 0"/></svg>'
    band = '<svg viewBox="0 0 34 16" aria-hidden="true"><path class="band95" d="M0 1H34V15H0Z"/><path class="band80" d="M0 4H34V12H0Z"/><path class="band50" d="M0 6H34V10H0Z"/><path class="middle" d="M0 8H34"/></svg>'
    record = '<svg viewBox="0 0 34 16" aria-hidden="true"><path class="record" d="M17 1V13"/><path class="interval" d="M6 11H28V14H6Z"/></svg>'
    return f'<ul class="key"><li>{record}the record, with its width</li><li>{dot}the model, a dot for 2% of the histories</li><li>{band}the model, bands of 50, 80 and 95%</li></ul>'


def _country(findings: Findings, numbers: _Numbers) -> list[tuple[str, str, str]]:
    """Sections of the country, where the result has one."""
    from .country_report import sections

    return sections(findings.result, numbers.html)


def _rules(findings: Findings, numbers: _Numbers) -> str:
    return numbers.html(figures_time.areas(findings, "ruler", "Who rules alone")) + numbers.html(
        figures_time.areas(findings, "leader", "Who is strongest in the ruling coalition")
    )


def _cut(rows: Sequence[Finding], most: int = ROWS_A_FIGURE) -> Iterable[Sequence[Finding]]:
    """Rows in groups of nearly equal size, none above `most`."""
    if not rows:
        return []
    groups = -(-len(rows) // most)
    size = -(-len(rows) // groups)
    return [rows[k : k + size] for k in range(0, len(rows), size)]


def _dates(findings: Findings, numbers: _Numbers) -> str:
    text = ""
    rows = [*findings.falls, *findings.dates]
    for fitted, name in ((True, "Dates used in the fit"), (False, "Dates not used in the fit")):
        groups = list(_cut([f for f in rows if f.fitted == fitted]))
        for k, group in enumerate(groups):
            if group:
                label = name if len(groups) == 1 else f"{name} ({k + 1} of {len(groups)})"
                text += numbers.html(figures.date_strips(findings, group, label))
    parts = []
    for order in findings.orders:
        record = f"On record: {order.record}." if order.record else "No order on record."
        first = "; ".join(f"{name} {percent(s)}" for name, s in order.first)
        block = f'<div><h3>{e(order.question)}</h3><p class="small">{e(record)} First: {e(first)}.</p>'
        parts.append(
            block
            + figures.table(("order in the histories", "share"), [(o, percent(s)) for o, s in order.rows])
            + "</div>"
        )
    return text + (f'<div class="pair">{"".join(parts)}</div>' if parts else "")


def _power(findings: Findings, numbers: _Numbers) -> str:
    words = findings.words
    return (
        numbers.html(figures_time.fans(findings, "power", f"Power in the {words.circle}"))
        + numbers.html(figures_time.fans(findings, "seats", f"Followings in the {words.committee}"))
        + numbers.html(figures_time.climate(findings, "Fear, grievance, suspicion, and who follows nobody"))
    )


def _lists(findings: Findings, numbers: _Numbers) -> str:
    made = figures_time.seats(findings)
    return '<div class="pair">' + "".join(numbers.html(f, "half") for f in made) + "</div>" if made else ""


def _votes(findings: Findings, numbers: _Numbers) -> str:
    text = ""
    for group in _cut(findings.numbers):
        if group:
            text += numbers.html(figures.number_strips(findings, group, "Votes and measures"))
    if findings.facts:
        text += numbers.html(figures.fact_bars(findings, findings.facts, "Facts that hold or do not"))
    return text


def _spread(findings: Findings, numbers: _Numbers) -> str:
    text = (
        numbers.html(figures.spread_bars(findings, "Coder error, parameters, luck"))
        if findings.spread
        else ""
    )
    about, rows = influence_rows(findings)
    if about:
        text += f"<p>{e(about)}</p>"
    if rows:
        text += figures.table(
            ("coded value or parameter", "as coded", "coder error or range", "evidence", "correlation"), rows
        )
    return text


def _all_verdicts(findings: Findings) -> str:
    text = (
        f"<p class=small>{e(_thresholds())} A star marks facts that the fit did not use.</p>"
        if findings.findings
        else ""
    )
    for verdict in reversed(VERDICTS):
        rows = [
            (
                upper(f.name) + ("" if f.fitted else " *"),
                f.evidence,
                percent(f.hit),
                f"{f.closeness:.2f}",
                f.why,
            )
            for f in findings.verdicts(verdict)
        ]
        if rows:
            text += f"<h3>{upper(verdict)} ({len(rows)})</h3>" + figures.table(
                ("on record", "evidence", "within tolerance", "closeness", "the rest"), rows
            )
    return text


def _parameters(findings: Findings) -> str:
    head, rows = parameter_rows(findings)
    fitted = len(findings.compiled.particles) > 1
    text = (
        f"<p>{len(findings.compiled.particles)} fitted parameter sets; for each parameter the 10%, middle and 90% of them.</p>"
        if fitted
        else "<p>The case has no fitted ensemble: every history ran with the values below.</p>"
    )
    return text + figures.table(head, rows)


def _evidence(findings: Findings) -> str:
    text = "<p>Every value of the case carries a label that says how it came to be there, from the firmest to the softest.</p>"
    text += figures.table(
        ("label", "values of the case", "recorded facts compared", "what it means"), evidence_rows(findings)
    )
    soft = soft_rows(findings)
    if soft:
        text += "<h3>Recalled or assumed, and compared with the model</h3>"
        text += figures.table(("recorded fact", "value", "label", "source", "remark"), soft)
    return text


def _provenance(findings: Findings) -> str:
    rows, command = provenance_rows(findings)
    text = figures.table(("", ""), rows)
    return text + f"<pre>{e(command)}</pre>"


def _last(findings: Findings) -> str:
    from .. import __version__

    made = getattr(findings.result, "provenance", {}) or {}
    return (
        f"<footer>politburo {e(made.get('versions', {}).get('politburo', __version__))}, case {e(findings.compiled.case.name)}, run"
        f" {e(str(made.get('id', ''))[:12])}. A number without a band is not a forecast; what the model says is not what happened.</footer>"
    )
