"""Figures over time: who leads and who rules as stacked areas, and fans of power, seats and fear."""

from __future__ import annotations

from typing import Any

import numpy as np

from .figures import WIDTH, Figure
from .findings import Findings
from .svg import NOBODY, OTHERS, PEOPLE, Scale, Svg, year_ticks
from .words import percent, series, upper

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)  # edges of the bands of 95, 80 and 50 per cent
PANELS = 12


def colours(findings: Findings) -> dict[int, str]:
    """A colour for each of the people who lead or rule most; the same in every figure."""
    total: dict[int, float] = {}
    for year in findings.year_ends:
        for shares in (year.leads, year.rules):
            for i, s in shares.items():
                if i >= 0:
                    total[i] = total.get(i, 0.0) + s
    most = sorted(total, key=lambda i: -total[i])[: len(PEOPLE)]
    return {i: PEOPLE[k] for k, i in enumerate(most) if total[i] >= 0.02 * len(findings.year_ends)}


def areas(findings: Findings, column: str, name: str) -> Figure:
    """Shares of histories by person over time. `column`: `leader` or `ruler`."""
    words, kept = findings.words, findings.kept
    months = [findings.compiled.index(m) for m in findings.compiled.checks]
    table = getattr(kept, column)
    colour = colours(findings)
    people = [i for i in colour if (table == i).any()]
    shares = [[float(np.mean(table[:, c] == i)) for c in range(len(months))] for i in people]
    nobody = [float(np.mean(table[:, c] == -1)) for c in range(len(months))]
    others = [max(0.0, 1 - n0 - sum(s[c] for s in shares)) for c, n0 in enumerate(nobody)]
    layers = [(words.person(i), colour[i], s) for i, s in zip(people, shares, strict=True)]
    if max(others, default=0) > 0.005:
        layers.append(("others", OTHERS, others))
    if max(nobody, default=0) > 0.005:
        layers.append(("nobody", NOBODY, nobody))
    svg, height = Svg(WIDTH, 300.0), 250.0
    x = Scale(0, max(1, findings.compiled.months - 1), 48, WIDTH - 150)
    y = Scale(0, 1, 14 + height, 14)
    xs = [x(t) for t in months]
    base = np.zeros(len(months))
    ends = []
    for label, fill, values in layers:
        top = base + np.array(values)
        svg.area(xs, [y(v) for v in base], [y(v) for v in top], "layer", fill)
        ends.append([label, float((y(base[-1]) + y(top[-1])) / 2), values[-1]])
        base = top
    for t, year in year_ticks(words):
        svg.line(x(t), 14, x(t), 14 + height, "grid over")
        svg.text(x(t), 14 + height + 16, year, "axis", "middle")
    for share in (0, 0.25, 0.5, 0.75, 1):
        svg.text(42, y(share) + 4, percent(share), "axis", "end")
    places: list[float] = []
    for end in ends:  # labels at the right edge, from the bottom up, pushed apart
        places.append(min([end[1] + 4, *(place - 15 for place in places[-1:])]))
    lowest = 12.0
    for k in reversed(range(len(places))):  # and from the top down, where they would leave the picture
        places[k] = max(places[k], lowest)
        lowest = places[k] + 15
    for end, place in zip(ends, places, strict=True):
        svg.text(WIDTH - 142, place, f"{end[0]} {percent(end[2])}", "label")
    if column == "ruler":
        _mark_rule(findings, svg, x, 14, 14 + height)
    last = words.month(months[-1])
    top = sorted(
        ((v[-1], label) for label, _, v in layers if label not in ("nobody", "others")), reverse=True
    )
    doing = "leads" if column == "leader" else "rules alone"
    peak = series(f"{label} in {percent(v)}" for v, label in top[:3]) or "nobody"
    start = words.month(months[0])
    first = sorted(((v[0], label) for label, _, v in layers if label not in ("others",)), reverse=True)[0]
    summary = (
        f"Share of the {findings.n:,} histories in which each person {doing}, at each month that is kept. At the end of {last}: {peak};"
        f" in {start} most often {first[1]} ({percent(first[0])})."
    )
    head = ("month", *(label for label, _, _ in layers))
    rows = tuple(
        (words.month(t), *(percent(values[c]) for _, _, values in layers))
        for c, t in enumerate(months)
        if findings.compiled.checks[c].month == 12 or c == len(months) - 1
    )
    return Figure(name, summary, svg.render(name), head, rows)


def _mark_rule(findings: Findings, svg: Svg, x: Scale, top: float, bottom: float) -> None:
    """The recorded month of sole rule, black, with its width."""
    for f in findings.of_kind("ruler_date"):
        low, high = max(f.low, x.low), min(f.high, x.high)
        svg.rect(x(low), bottom - 5, x(high) - x(low), 4, "interval")
        svg.line(x(f.record), top, x(f.record), bottom, "record")
        svg.text(x(f.record) - 6, top + 14, f"on record: {findings.words.month(f.record)}", "label", "end")


def fans(findings: Findings, kind: str, name: str) -> Figure | None:
    """Small multiples of a series of the people watched. `kind`: `power` or `seats`."""
    words = findings.words
    bands = {}
    for key in findings.compiled.watched:
        try:
            bands[key] = np.asarray(findings.result.band(f"{kind}.{key}", QUANTILES), float)
        except (KeyError, ValueError):
            continue
    if not bands:
        return None
    # Those with most of it over the whole span: middle of the histories first, then the upper edge.
    order = sorted(bands, key=lambda k: -(bands[k][:, 3].mean() + 0.2 * bands[k][:, 5].mean()))[:PANELS]
    high = max(float(bands[k].max()) for k in order)
    high = min(1.0, max(0.1, np.ceil(high * 10) / 10))
    panels = [(words.person(k), bands[k]) for k in order]
    what = (
        f"share of the power of the {words.circle}'s full members (0 when not one)"
        if kind == "power"
        else f"share of the {words.committee}'s seats"
    )
    top = sorted(panels, key=lambda p: -p[1][-1, 3])[:2]
    ends = [
        f"{label} {percent(float(b[-1, 3]))} (95% band {percent(float(b[-1, 0]))} to {percent(float(b[-1, 6]))})"
        for label, b in top
    ]
    summary = (
        f"Bands hold 50, 80 and 95% of the histories, the line is the middle: {what}. At the end the largest middle values are"
        f" {series(ends)}."
    )
    return _multiples(findings, panels, high, name, summary, percent)


def climate(findings: Findings, name: str) -> Figure | None:
    """Fear, grievance, suspicion and the seats that follow nobody."""
    labels = {
        "fear": "fear", "grievance": "grievance", "suspicion": "suspicion, quartered",
        "free_seats": "seats that follow nobody",
    }  # fmt: skip
    panels = []
    for key, label in labels.items():
        try:
            band = np.asarray(findings.result.band(key, QUANTILES), float)
        except (KeyError, ValueError):
            continue
        panels.append((label, band / 4 if key == "suspicion" else band))
    if not panels:
        return None
    ends = series(f"{label} {b[-1, 3]:.2f}" for label, b in panels)
    summary = (
        "Bands hold 50, 80 and 95% of the histories, the line is the middle; suspicion, which runs to 4, is divided by 4. "
        f"Middle values at the end: {ends}."
    )
    return _multiples(findings, panels, 1.0, name, summary, lambda v: f"{v:.2f}", columns=4)


def _multiples(
    findings: Findings,
    panels: list[tuple[str, Any]],
    high: float,
    name: str,
    summary: str,
    show: Any,
    columns: int = 4,
) -> Figure:
    words = findings.words
    wide, tall, gap = (WIDTH - 34 - 14 * (columns - 1)) / columns, 92.0, 14.0
    lines = -(-len(panels) // columns)
    svg = Svg(WIDTH, lines * (tall + 42) + 6)
    months = findings.compiled.months
    step = max(1, months // 120)  # a point a month is finer than print
    chosen = np.unique(np.r_[np.arange(0, months, step), months - 1])
    rows = []
    for k, (label, band) in enumerate(panels):
        left, top = 34 + (k % columns) * (wide + gap), 20 + (k // columns) * (tall + 42)
        x, y = Scale(0, max(1, months - 1), left, left + wide), Scale(0, high, top + tall, top)
        svg.text(left, top - 6, label, "label strong")
        for t, year in year_ticks(words, 3):
            svg.line(x(t), top, x(t), top + tall, "grid")
            svg.text(x(t), top + tall + 14, year, "axis", "middle" if t > 12 else "start")
        for value in (0, high / 2, high):
            svg.line(left, y(value), left + wide, y(value), "grid")
            if k % columns == 0:
                svg.text(
                    left - 5,
                    y(value) + 4,
                    f"{100 * value:.0f}%" if show is percent else f"{value:g}",
                    "axis",
                    "end",
                )
        xs = [x(t) for t in chosen]
        for low, up, cls in ((0, 6, "band95"), (1, 5, "band80"), (2, 4, "band50")):
            svg.area(
                xs,
                [y(min(v, high)) for v in band[chosen, low]],
                [y(min(v, high)) for v in band[chosen, up]],
                cls,
            )
        svg.path([(x(t), y(min(band[t, 3], high))) for t in chosen], "middle")
        rows += [
            (label, words.month(t), *(show(float(band[t, q])) for q in (0, 2, 3, 4, 6)))
            for t in range(months)
            if words.compiled.month(t).month == 12 or t == months - 1
        ]
    head = ("", "month", "2.5%", "25%", "middle", "75%", "97.5%")
    return Figure(name, summary, svg.render(name), head, tuple(rows))


def seats(findings: Findings) -> list[Figure]:
    """The recorded lists of members against how often each person sits there."""
    out = []
    for s in findings.seatings:
        words = findings.words
        others = [int(i) for i in np.argsort(-s.chance) if i not in s.recorded and s.chance[i] >= 0.1][:10]
        rows = [*sorted(s.recorded, key=lambda i: -s.chance[i]), *others]
        svg = Svg(WIDTH / 2 - 10, 21 * len(rows) + 34)
        x = Scale(0, 1, 150, WIDTH / 2 - 86)
        for share in (0, 0.5, 1):
            svg.line(x(share), 4, x(share), 21 * len(rows) + 8, "grid")
            svg.text(x(share), 21 * len(rows) + 24, percent(share), "axis", "middle")
        for k, i in enumerate(rows):
            y = 21 * k + 8
            svg.text(128, y + 11, words.person(i), "label", "end")
            if i in s.recorded:
                svg.rect(134, y + 2, 9, 9, "mark")
            svg.rect(150, y + 1, x(s.chance[i]) - 150, 11, "bar")
            svg.text(x(s.chance[i]) + 5, y + 11, percent(s.chance[i]), "axis")
        name = f"{upper(s.organ)}, {words.month(s.month)}"
        missing = [i for i in s.recorded if s.chance[i] < 0.5]
        summary = (
            f"Share of histories in which each person is a full member; a black square marks the {len(s.recorded)} on record ({s.finding.evidence})."
            f" The middle history seats {s.right[1]:.0f} of them (80% range {s.right[0]:.0f} to {s.right[2]:.0f})"
            + (f"; mostly missing: {words.people(missing)}." if missing else ".")
        )
        table = tuple(
            (words.person(i), "yes" if i in s.recorded else "no", percent(s.chance[i])) for i in rows
        )
        out.append(Figure(name, summary, svg.render(name), ("", "on record", "share of histories"), table))
    return out
