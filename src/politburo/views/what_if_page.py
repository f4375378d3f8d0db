"""A what-if as one HTML page, and its picture: dots with their intervals, one for each arm and answer."""

from __future__ import annotations

from string import ascii_uppercase

import numpy as np

from .figures import Figure, table
from .report import e, picture, style
from .svg import PEOPLE, Scale, Svg
from .what_if import CAPTION, DECISIONS, Row, caution, chosen, closeness_line, level, pairs, parting_line, short, shown, tolls_table, twin_story
from .words import count, month_name, percent, upper

WIDTH, LABEL, RIGHT = 880.0, 330.0, 150.0
ROW, GAP = 17.0, 9.0


def figure(answer, unit: str = "share") -> Figure | None:
    """Differences of one unit (shares in percentage points, or months) with their 95 % intervals, arm by arm."""
    rows = [r for r in chosen(answer) if next(x for x in r.effects if x is not None).unit == unit]
    rows = [r for r in rows if any(x is not None and x.difference.pairs > 0 for x in r.effects)][:12]
    if not rows:
        return None
    factor, word = (100.0, "percentage points") if unit == "share" else (1.0, "months")
    spread = unit != "share"  # single pairs of a yes or no are nothing, one or minus one
    ends = [factor * v for r in rows for x in r.effects if x is not None for v in _ends(x.difference, spread) if np.isfinite(v)]
    low, high = min(0.0, *ends), max(0.0, *ends)
    pad = 0.04 * (high - low or 1.0)
    many = len(answer.comparisons)
    legend = 18.0 * many + 6 if many > 1 else 0.0
    height = legend + sum(GAP + ROW * many for _ in rows) + 34
    svg = Svg(WIDTH, height)
    scale = Scale(low - pad, high + pad, LABEL, WIDTH - RIGHT)
    bottom = height - 26
    for tick in _ticks(low, high):
        svg.line(scale(tick), legend, scale(tick), bottom, "grid" if tick else "record")
        svg.text(scale(tick), bottom + 15, f"{tick:+g}" if tick else "0", "axis", "middle")
    for k, c in enumerate(answer.comparisons if many > 1 else ()):
        svg.rect(LABEL, 18.0 * k + 3, 10, 10, fill=PEOPLE[k % len(PEOPLE)])
        svg.text(LABEL + 16, 18.0 * k + 12, _cut(f'{short(answer, c.arm)}: {c.arm.text}', 80))
    y = legend
    for r in rows:
        y += GAP
        svg.text(LABEL - 12, y + ROW * many / 2 + 4, _cut(_label(r), 52), "", "end")
        for k, x in enumerate(r.effects):
            middle = y + ROW * (k + 0.5)
            if x is None or x.difference.pairs == 0:
                continue
            d, colour = x.difference, PEOPLE[k % len(PEOPLE)] if many > 1 else "#2464a8"
            a, b = scale(factor * d.low), scale(factor * d.high)
            if spread and d.differ:
                ends_ = scale(factor * d.low80), scale(factor * d.high80)
                svg.rect(ends_[0], middle - 0.5, max(ends_[1] - ends_[0], 1.0), 1, fill="#9a9a9a", title=f"the middle 80 % of single pairs: {pairs(x)}")
            svg.rect(a, middle - 1.5, max(b - a, 1.0), 3, fill=colour, title=f"{short(answer, answer.comparisons[k].arm)}: {shown(d, unit)}")
            svg.rect(scale(factor * d.mean) - 4, middle - 4, 8, 8, fill=colour)
            svg.text(WIDTH - RIGHT + 8, middle + 4, shown(d, unit).replace(" months", "").replace(" pp", ""), "axis")
        y += ROW * many
    clear = sum(any(x is not None and x.clear for x in r.effects) for r in rows)
    summary = f"{clear} of {len(rows)} answers change by more than their interval. Squares are mean differences in {word}, bars 95 % intervals of the mean."
    if spread:
        summary += " Thin grey lines hold the middle 80 % of single pairs."
    head = ("answer", *(short(answer, c.arm) for c in answer.comparisons))
    cells = tuple((_label(r), *("" if x is None else shown(x.difference, unit) for x in r.effects)) for r in rows)
    name = "What follows: shares of histories" if unit == "share" else "What follows: when"
    return Figure(name, summary, svg.render(f"{name}. {summary}"), head, cells)


def _ends(d, spread: bool) -> tuple[float, ...]:
    """What the axis has to hold of a difference."""
    return (d.low, d.high, d.low80, d.high80) if spread else (d.low, d.high)


def _label(r: Row) -> str:
    question = next(x.question for x in r.effects if x is not None).rstrip("?")
    if r.what == "happens":
        return f"{question} (at all)"
    return question if r.what in ("yes", "value", "month") else f"{question}: {r.what}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."


def _ticks(low: float, high: float) -> list[float]:
    span = high - low or 1.0
    step = next(s * 10.0**p for p in range(-3, 4) for s in (1, 2, 5) if span / (s * 10.0**p) <= 8)
    return [round(t * step, 6) for t in range(int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9)) + 1)]


def partings_figure(answer) -> Figure | None:
    """When the traced twins part, by month, for all changes together."""
    c = answer.comparisons[-1]
    months = c.partings.months
    apart = np.sort(months[np.isfinite(months)])
    if not len(apart):
        return None
    total = answer.compiled.months
    height, base = 130.0, 96.0
    svg = Svg(WIDTH, height)
    scale = Scale(0, total, 40, WIDTH - 20)
    start = answer.case.start
    for t in range(-(start.month - 1) % 12, total, 12 * max(1, total // 120 + 1)):
        svg.line(scale(t), 8, scale(t), base, "grid")
        svg.text(scale(t), base + 15, str((start + t).year), "axis", "middle")
    columns = np.bincount((apart // 3).astype(int), minlength=-(-total // 3))
    step = min(6.0, 84.0 / max(1, columns.max()))
    for k, times in enumerate(columns):
        svg.dots([(scale(3 * k + 1.5), base - 3 - j * step) for j in range(times)], 2.6, "dot")
    kinds: dict[str, int] = {}
    for kind, times in c.partings.kinds.items():
        kinds[DECISIONS.get(kind, kind)] = kinds.get(DECISIONS.get(kind, kind), 0) + times
    rows = tuple((name, str(times), percent(times / len(apart))) for name, times in sorted(kinds.items(), key=lambda kv: -kv[1]))
    summary = parting_line(answer, c)
    return Figure("Where twins part", summary, svg.render(f"Where twins part. {summary}"), ("decision", "pairs", "share"), rows)


def page(answer) -> str:
    """The whole page: no network, no script."""
    title = "; ".join(change.title for change in answer.changes)
    last = answer.case.start + (answer.compiled.months - 1)
    meta = f"{count(answer.n, 'history', 'histories')} of each arm · {month_name(answer.case.start)} to {month_name(last)} · seed {answer.base.seed} · baseline {answer.base.id[:12]}"
    body = [f"<header><h1>What if: {e(title)}?</h1><p class=question>{e(answer.case.title)}</p><p class=meta>{e(meta)}</p>"]
    same = "".join(f"<p>{e(c.arm.title)}: {e(percent(c.unchanged))} of the histories come out exactly the same.</p>" for c in answer.comparisons)
    whys = "".join(f"<p class=small>{e(c.text)}: {e(c.why)}.</p>" for c in answer.changes if c.why)
    warnings = "".join(f"<li>{e(w)}</li>" for w in answer.warnings)
    body.append(f'<div class="answer">{same}</div>{whys}' + (f'<h3>Mind</h3><ul class="small">{warnings}</ul>' if warnings else "") + "</header><main>")
    number = 0
    for made in (figure(answer), figure(answer, "month"), partings_figure(answer)):
        if made is not None:
            number += 1
            rows = table(made.head, made.rows)
            body.append(
                f'<section><figure class="wide" aria-labelledby="f{number}"><figcaption id="f{number}"><b>Figure {number}. {e(made.name)}</b>{e(made.summary)}</figcaption>'
                f"{made.svg}<details><summary>Table of figure {number}</summary>{rows}</details></figure></section>"
            )
    head = ("outcome", "", "as it was", *(("changed", "difference", "single pairs") if len(answer.comparisons) == 1 else [short(answer, c.arm) for c in answer.comparisons]))
    rows = []
    for r in chosen(answer):
        first = next(x for x in r.effects if x is not None)
        cells = [r.question if r.first else "", r.what, level(answer, first, first.before)]
        for x in r.effects:
            if len(answer.comparisons) == 1:
                cells.append("" if x is None else level(answer, x, x.after))
            spread = "" if x is None else pairs(x)
            if len(answer.comparisons) == 1:
                cells += ["" if x is None else shown(x.difference, x.unit), spread]
            else:
                cells.append("" if x is None else f"{shown(x.difference, x.unit)}{'; ' if spread else ''}{spread}")
        rows.append(cells)
    legend = CAPTION.replace(", bold where it leaves zero out", "")
    body.append(
        f"<section><h2>In numbers</h2><p>{e(answer.said)}</p>{table(head, rows)}<p class=small>{e(upper(legend))}.</p>"
        f"{_tolls(answer)}<p>{e(closeness_line(answer))}</p></section>"
    )
    story = twin_story(answer, answer.comparisons[-1])
    if story:
        body.append("<section><h2>A typical pair of twins</h2>" + "".join(f"<p>{e(text.strip())}</p>" for text in story) + "</section>")
    words = [(f"{ascii_uppercase[k]}: " * (len(answer.changes) > 1) + change.text, upper(change.title), "; ".join(change.words)) for k, change in enumerate(answer.changes)]
    body.append(f"<section><h2>What was set</h2>{table(('change', 'in words', 'sets'), words)}<p class=small>{e(caution(answer))}</p></section></main>")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>What if: {e(title)}</title>\n<style>{style()}</style></head>\n<body>\n" + "\n".join(body) + "</body></html>\n"
    )


def _tolls(answer) -> str:
    """The tolls by harvest series, as the terminal has them."""
    made = tolls_table(answer, chosen(answer))
    if made is None:
        return ""
    columns = [[str(cell).replace("\n", "; ") for cell in column.cells] for column in made.columns]
    rows = list(zip(*columns, strict=True))
    return f"<h3>{e(made.title)}</h3>{table([str(c.header) for c in made.columns], rows)}<p class=small>{e(upper(made.caption))}.</p>"


def svg_file(answer, unit: str = "share") -> str | None:
    """The picture as an SVG file of its own."""
    made = figure(answer, unit)
    return None if made is None else picture(made)
