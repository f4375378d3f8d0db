"""Figures of dates and numbers: the record's tick against the simulated distribution, and yes-or-no facts as bars.

A strip shows all histories as fifty dots, two in a hundred each; what never happens has no dot, and its share is
written beside the strip. The record is black: a tick, and the interval that its evidence allows. The model is blue.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from .findings import Finding, Findings
from .svg import Scale, Svg, axis, quantile_dots, stacked
from .words import percent, upper

WIDTH, LABEL, RIGHT = 880.0, 270.0, 96.0
DOTS, RADIUS, HIGHEST = 50, 3.0, 44.0
SHORT = 14  # characters of a cell that is never broken


@dataclass(frozen=True)
class Figure:
    """A figure with its name, its summary in two sentences, and the table that says the same."""

    name: str
    summary: str
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table(head: Sequence[str], rows: Sequence[Sequence[str]], cls: str = "") -> str:
    """An HTML table; short cells are kept on one line."""
    cells = "".join(f'<th scope="col">{escape(h)}</th>' for h in head)

    def cell(j: int, text: str) -> str:
        if j == 0:
            return f'<th scope="row">{escape(text)}</th>'
        return f"<td{' class=s' if len(text) <= SHORT else ''}>{escape(text)}</td>"

    body = "".join("<tr>" + "".join(cell(j, c) for j, c in enumerate(row)) + "</tr>" for row in rows)
    look = f' class="{cls}"' if cls else ""
    return (
        f"<div class=scroll><table{look}><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _dots(svg: Svg, values: np.ndarray, scale: Scale, base: float, total: int) -> float:
    """Draw one strip of dots standing on `base`; returns its height."""
    share = np.isfinite(values).sum() / max(1, total)
    x = scale.array(quantile_dots(values, round(DOTS * share)))
    places = stacked(np.clip(x, scale.left, scale.right), 2 * RADIUS)
    most = max((place for _, place in places), default=0)
    step = min(2 * RADIUS, (HIGHEST - 2 * RADIUS) / most) if most else 2 * RADIUS
    svg.dots(((px, base - RADIUS - place * step) for px, place in places), RADIUS, "dot")
    return most * step + 2 * RADIUS


def _height(values: np.ndarray, scale: Scale, total: int) -> float:
    return max(30.0, _dots(Svg(1, 1), values, scale, 0.0, total) + 10)


def _record(svg: Svg, f: Finding, scale: Scale, base: float) -> None:
    low, high = (min(max(v, scale.low), scale.high) for v in (f.low, f.high))
    svg.rect(scale(low), base + 1.5, scale(high) - scale(low), 3, "interval")
    svg.line(scale(f.record), base - 12, scale(f.record), base + 6, "record")


def date_strips(findings: Findings, rows: Sequence[Finding], name: str) -> Figure:
    """Strips of dates on the common axis of the case's months."""
    scale = Scale(0, max(1, findings.compiled.months - 1), LABEL, WIDTH - RIGHT)
    heights = [_height(f.values, scale, len(f.values)) for f in rows]
    svg = Svg(WIDTH, sum(heights) + 44)
    top = 14.0
    axis(svg, findings.words, scale, top, top + sum(heights) + 4)
    svg.text(WIDTH - RIGHT + 12, 10, "never", "axis")
    y = top
    for f, height in zip(rows, heights, strict=True):
        base = y + height - 6
        svg.line(LABEL, base, WIDTH - RIGHT, base, "rule")
        _label(svg, f.name, LABEL - 10, base)
        _dots(svg, f.values, scale, base, len(f.values))
        _record(svg, f, scale, base)
        svg.text(WIDTH - RIGHT + 12, base - 1, percent(1 - f.share), "label")
        y += height
    inside = sum(1 for f in rows if f.hit >= 0.5)
    often = sum(1 for f in rows if f.share >= 0.5)
    summary = (
        f"Each dot stands for 2% of the {findings.n:,} histories; the black tick is the month on record and the bar under it the width that its"
        f" evidence allows. Come about in at least half of the histories: {often} of these {len(rows)}; come close to the record in at least half:"
        f" {inside}."
    )
    head = (
        "",
        "on record",
        "evidence",
        "happens in",
        "10%",
        "middle",
        "90%",
        "surprise",
        "close to the record",
    )
    return Figure(name, summary, svg.render(name), head, tuple(date_row(findings, f) for f in rows))


def date_row(findings: Findings, f: Finding) -> tuple[str, ...]:
    """One row of the table of dates or numbers."""
    return (
        upper(f.name) + ("" if f.fitted else " *"), findings.shown(f, f.record), f.evidence, percent(f.share),
        *(findings.shown(f, q) for q in (f.q10, f.q50, f.q90)), "-" if not np.isfinite(f.surprise) else f"{f.surprise:.2f}",
        percent(f.hit),
    )  # fmt: skip


def number_strips(findings: Findings, rows: Sequence[Finding], name: str) -> Figure:
    """Strips of votes and measures, each on its own scale."""
    label = LABEL + 60
    scales, heights = [], []
    for f in rows:
        values = f.values[np.isfinite(f.values)]
        ends = [f.record, f.low, f.high, *(np.quantile(values, (0.01, 0.99)) if len(values) else ())]
        low, high = min(ends), max(ends)
        pad = 0.04 * (high - low or 1)
        scales.append(Scale(low - pad, high + pad, label + 44, WIDTH - RIGHT - 44))
        heights.append(_height(f.values, scales[-1], len(f.values)))
    svg = Svg(WIDTH, sum(heights) + 22)
    svg.text(WIDTH - RIGHT + 12, 10, "none", "axis")
    y = 14.0
    for f, scale, height in zip(rows, scales, heights, strict=True):
        base = y + height - 6
        svg.line(scale.left, base, scale.right, base, "rule")
        _label(svg, f.name, label - 10, base)
        svg.text(scale.left - 6, base + 4, findings.shown(f, max(scale.low, 0.0)), "axis", "end")
        svg.text(scale.right + 6, base + 4, findings.shown(f, scale.high), "axis")
        _dots(svg, f.values, scale, base, len(f.values))
        _record(svg, f, scale, base)
        svg.text(WIDTH - RIGHT + 12, base - 1, percent(1 - f.share), "label")
        y += height
    inside = sum(1 for f in rows if f.hit >= 0.5)
    summary = (
        "Each dot stands for 2% of the histories, each row has its own scale; the black tick is the value on record and the bar under it what"
        f" its evidence admits. In {inside} of {len(rows)} rows at least half of the histories lie inside that bar."
    )
    head = (
        "",
        "on record",
        "evidence",
        "there is one in",
        "10%",
        "middle",
        "90%",
        "surprise",
        "inside the bar",
    )
    return Figure(name, summary, svg.render(name), head, tuple(date_row(findings, f) for f in rows))


def _label(svg: Svg, name: str, x: float, base: float) -> None:
    """A row's name, in two lines where it is long."""
    lines = textwrap.wrap(upper(name), 40)
    lines = lines if len(lines) < 3 else textwrap.wrap(upper(name), 48)
    for k, line in enumerate(reversed(lines[:2])):
        svg.text(x, base - 1 - 14 * k, line, "label", "end")


def fact_bars(findings: Findings, rows: Sequence[Finding], name: str) -> Figure:
    """Yes-or-no facts: share of histories in which each holds."""
    label = LABEL + 90
    scale = Scale(0, 1, label, WIDTH - RIGHT)
    svg = Svg(WIDTH, 24 * len(rows) + 34)
    for share in (0, 0.25, 0.5, 0.75, 1):
        svg.line(scale(share), 6, scale(share), 24 * len(rows) + 12, "grid")
        svg.text(scale(share), 24 * len(rows) + 27, percent(share), "axis", "middle")
    for k, f in enumerate(rows):
        y = 24 * k + 10
        svg.text(label - 10, y + 12, upper(f.name), "label", "end")
        svg.rect(label, y + 2, scale(f.hit) - label, 12, "bar")
        svg.text(scale(f.hit) + 6, y + 12, percent(f.hit), "label")
    holds = sum(1 for f in rows if f.hit >= 0.5)
    summary = (
        "Each bar is the share of histories in which a fact of the record holds; all of them are facts, so a full bar is agreement. "
        f"{holds} of {len(rows)} hold in at least half of the histories."
    )
    out = tuple((upper(f.name) + ("" if f.fitted else " *"), f.evidence, percent(f.hit)) for f in rows)
    return Figure(name, summary, svg.render(name), ("on record", "evidence", "holds in"), out)


CAUSES = (
    ("coding", "coder error"),
    ("parameters", "parameters"),
    ("luck", "luck"),
    ("interaction", "jointly, or not told apart"),
)


def spread_bars(findings: Findings, name: str) -> Figure | None:
    """Shares of the variance of each outcome that coder error, parameters and luck account for."""
    rows = findings.spread_rows
    if not rows:
        return None
    label = LABEL + 150
    scale = Scale(0, 1, label, WIDTH - 20)
    svg = Svg(WIDTH, 22 * len(rows) + 60)
    x = label
    for key, words in CAUSES:
        svg.rect(x, 4, 14, 11, f"cause {key}")
        svg.text(x + 19, 14, words, "label")
        x += 105
    for k, (fact, s) in enumerate(rows):
        y = 22 * k + 26
        svg.text(label - 10, y + 12, textwrap.shorten(upper(fact), 70, placeholder=" ..."), "label", "end")
        shares = [getattr(s, key) for key, _ in CAUSES]
        whole, left = max(1.0, sum(shares)), 0.0
        for (key, _), share in zip(CAUSES, shares, strict=True):
            svg.rect(scale(left), y + 2, scale(left + share / whole) - scale(left), 13, f"cause {key}")
            left += share / whole
    bottom = 22 * len(rows) + 32
    for share in (0, 0.25, 0.5, 0.75, 1):
        svg.line(scale(share), 24, scale(share), bottom, "grid over")
        svg.text(scale(share), bottom + 15, percent(share), "axis", "middle")
    means = {key: sum(getattr(s, key) for _, s in rows) / len(rows) for key, _ in CAUSES}
    summary = (
        f"Share of the variance of each outcome that would go if one of the three were known, give or take {percent(rows[0][1].error)} for the number of"
        f" histories used; the rest is what they do only jointly or what so many histories cannot tell apart. On average over {len(rows)} outcomes: coder error {percent(means['coding'])},"
        f" parameters {percent(means['parameters'])}, luck {percent(means['luck'])}."
    )
    table = tuple((upper(fact), *(percent(getattr(s, key)) for key, _ in CAUSES)) for fact, s in rows)
    return Figure(name, summary, svg.render(name), ("outcome", *(words for _, words in CAUSES)), table)
