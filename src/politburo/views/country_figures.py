"""Figures of the country's series: small multiples of the record's points on the model's band, and the plans.

The record is black, its label a shape: square looked up or published, circle data set, diamond derived, open circle recalled,
cross assumed. Other measurements of the same quantity are grey. A figure that was held out has a ring. The model is blue: the bands hold
95, 80 and 50% of the histories. Nothing moves, nothing is ranked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..case.country.industry import Planned
from ..case.country.series import Point, Record, word
from ..evidence import Evidence
from .country_findings import TOLL, Band, beside, number, place, summary
from .figures import WIDTH, Figure
from .svg import Scale, Svg
from .words import percent, upper

COLUMNS = 4
CUT = "Where a band of 95% leaves its panel it is cut; the table has its edge."
TALL = 96.0
SHAPES = (
    (Evidence.LOOKED_UP, "looked up"), (Evidence.DATASET, "data set"), (Evidence.DERIVED, "derived"), (Evidence.RECALLED, "recalled"),
    (Evidence.ASSUMED, "assumed"),
)  # fmt: skip


def mark(svg: Svg, x: float, y: float, evidence: Evidence, held_out: bool = False, other: bool = False) -> None:
    """A figure of the record at a place: shape by label, grey when another measurement, ringed when held out."""
    cls = "point other" if other else "point"
    r = 2.4
    if held_out:
        svg.dots([(x, y)], 4.8, "ring")
    if evidence in (Evidence.LOOKED_UP, Evidence.PUBLISHED):
        svg.rect(x - r, y - r, 2 * r, 2 * r, cls)
    elif evidence is Evidence.DATASET:
        svg.dots([(x, y)], r + 0.3, cls)
    elif evidence is Evidence.DERIVED:
        svg.path([(x, y - r - 1), (x + r + 1, y), (x, y + r + 1), (x - r - 1, y)], cls, close=True)
    elif evidence is Evidence.RECALLED:
        svg.dots([(x, y)], r, cls + " open")
    else:
        svg.line(x - r, y - r, x + r, y + r, cls + " stroke")
        svg.line(x - r, y + r, x + r, y - r, cls + " stroke")


def key() -> str:
    """The key of shapes, one line, for the head of a section."""
    svg = Svg(WIDTH, 22)
    x = 6.0
    for evidence, name in SHAPES:
        mark(svg, x, 11, evidence)
        svg.text(x + 9, 15, name, "axis")
        x += 26 + 6.0 * len(name)
    mark(svg, x, 11, Evidence.DATASET, held_out=True)
    svg.text(x + 10, 15, "held out: not fitted", "axis")
    x += 138
    mark(svg, x, 11, Evidence.DATASET, other=True)
    svg.text(x + 9, 15, "another measurement", "axis")
    x += 134
    svg.rect(x, 5, 18, 12, "band95")
    svg.rect(x + 18, 5, 14, 12, "band80")
    svg.rect(x + 32, 5, 12, 12, "band50")
    svg.text(x + 50, 15, "95, 80, 50% of histories", "axis")
    return svg.render("Key: shapes are evidence labels of the record, blue bands are the model")


def nice(top: float) -> float:
    """The least of a few round steps times a power of ten that is not below `top`."""
    if not np.isfinite(top) or top <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(top))
    return float(next(step * power for step in (1, 1.2, 1.6, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * power >= top * 0.9999))


def multiples(record: Record | Mapping[str, Sequence[Point]], bands: Mapping[str, Band], names: Sequence[str], title: str, wide: bool = True) -> Figure:
    """Small multiples: one panel a series, in the order given, each on its own scale from nought; COLUMNS a line.

    `bands`: the model's series by name; a name without a band shows the record alone. Measurements `name.other` of the record
    are drawn grey in the panel of `name`.
    """
    names = [n for n in names if n in bands or n in record]
    first = min((int(bands[n].years[0]) for n in names if n in bands), default=1921)
    last = max((int(bands[n].years[-1]) for n in names if n in bands), default=1953)
    columns = COLUMNS if wide else COLUMNS // 2
    gap, left = 26.0, 34.0
    width = WIDTH if wide else WIDTH / 2 - 10
    each = (width - left - 8 - gap * (columns - 1)) / columns
    lines = -(-len(names) // columns) or 1
    svg = Svg(width, lines * (TALL + 52) + 6)
    rows: list[tuple[str, ...]] = []
    cut = False
    for k, name in enumerate(names):
        x0, y0 = left + (k % columns) * (each + gap), 30 + (k // columns) * (TALL + 52)
        found, over = _panel(svg, record, bands.get(name), name, x0, y0, each, first, last)
        rows += found
        cut = cut or over
    shown = {n: bands[n] for n in names if n in bands}
    head = ("series", "when", "record", "label", "use", "2.5%", "middle", "97.5%", "outside")
    text = summary(record, shown) + (f" {TOLL}" if any(n.startswith("famine_deaths") for n in shown) else "")
    text += f" {CUT}" if cut else ""
    return Figure(title, text, svg.render(title), head, tuple(rows))


def _panel(
    svg: Svg, record, band: Band | None, name: str, left: float, top: float, wide: float, first: int, last: int
) -> tuple[list[tuple[str, ...]], bool]:
    """Draw one panel; returns its rows of the table, and whether the band leaves it."""
    points = list(record[name]) if name in record else []
    others = [p for other in record if other.startswith(name + ".") for p in record[other]]
    points, others = ([p for p in group if first <= p.start and p.end <= last + 1.01 and p.end - p.start < 1.01] for group in (points, others))
    geographies = {p.geography for p in points}
    whole = {g for g in geographies if g.startswith(("USSR", "Former USSR"))} or geographies
    points, others = [p for p in points if p.geography in whole], [p for p in others if p.geography.startswith(("USSR", "Former USSR"))]
    unit = (band.unit if band and band.unit else "") or ((points or others)[0].unit if points or others else "")
    same = [p for p in others if p.unit == (points[0].unit if points else unit or p.unit)]
    tops = [v for p in points + same for v in (p.value, p.low, p.high) if v is not None]
    if band is not None:
        tops += [float(np.nanmax(band.values[:, -2])), float(np.nanmin(band.values[:, 1]))]
    high = nice(max(tops, default=1.0))
    low = -nice(-min(tops)) if tops and min(tops) < 0 else 0.0
    x, y = Scale(first, last + 1, left, left + wide), Scale(low, high, top + TALL, top)
    svg.text(left, top - 18, upper(word(name)), "label strong")
    svg.text(left, top - 5, unit, "axis")
    for value in (low, 0, high) if low < 0 else (0, high / 2, high):
        svg.line(left, y(value), left + wide, y(value), "grid")
        svg.text(left - 4, y(value) + 4, _tick(value), "axis", "end")
    for year in _years(first, last):
        svg.line(x(year + 0.5), top + TALL, x(year + 0.5), top + TALL + 3, "rule")
        svg.text(x(year + 0.5), top + TALL + 15, str(year), "axis", "middle")
    if band is not None:
        # Stocks stand at the end of their year, flows in its middle; the record says which kind the series is.
        shift = 1.0 if points and all(p.stock for p in points) else 0.5
        xs = [x(t + shift) for t in band.years]
        inside = np.clip(band.values, low, high)
        for a, b, cls in ((0, 6, "band95"), (1, 5, "band80"), (2, 4, "band50")):
            svg.area(xs, [y(v) for v in inside[:, a]], [y(v) for v in inside[:, b]], cls)
        svg.path([(px, y(v)) for px, v in zip(xs, inside[:, 3], strict=True)], "middle")
    for group, other in ((same, True), (points, False)):
        for p in group:
            at = x((p.start + p.end) / 2)
            if p.low is not None and p.high is not None and p.low < p.high:
                svg.line(at, y(min(p.low, high)), at, y(min(p.high, high)), "reach")
            if p.value is not None and p.value <= high:
                mark(svg, at, y(p.value), p.evidence, p.use == "held out", other)
    rows = []
    for r in beside(points, band) if band is not None else ():
        p = r.point
        value = number(p.value) if p.value is not None else f"{number(r.low)} to {number(r.high)}"
        miss = f"{100 * r.miss:+.0f}%" if r.outside else ""
        rows.append((word(name), place(p), value, str(p.evidence), p.use, number(r.band[0]), number(r.band[3]), number(r.band[-1]), miss))
    return rows, band is not None and bool(np.nanmax(band.values) > high)


def _tick(value: float) -> str:
    size = abs(value)
    if size >= 1e6:
        return f"{value / 1e6:g}m"
    return f"{value / 1000:g}k" if size >= 10_000 else f"{value:g}"


def _years(first: int, last: int) -> list[int]:
    step = 10 if last - first > 14 else 5
    return [t for t in range(first, last + 1) if t % step == 0]


def fulfilment(plans: Sequence[Planned], bands: Mapping[str, Band], title: str = "Three plans: result over target") -> Figure:
    """Each plan's targets: what came, on record (black) and in the model (blue), in per cent of what was planned.

    `bands`: series by the plan's name of the quantity, in the same unit; a quantity without one shows the record alone.
    """
    svg_rows, table = [], []
    for plan in sorted({p.plan for p in plans}):
        for p in (p for p in plans if p.plan == plan):
            band = bands.get(p.quantity)
            values = None
            if band is not None and p.result_year in band.years:
                values = band.values[int(np.flatnonzero(band.years == p.result_year)[0])] / p.target
            svg_rows.append((plan, p, values))
    svg = Svg(WIDTH, 21.0 * len(svg_rows) + 38 * len({p.plan for p in plans}) + 30)
    x = Scale(0, 1.6, 250, WIDTH - 70)
    y, seen = 6.0, 0
    for share in (0, 0.5, 1, 1.5):
        svg.line(x(share), 14, x(share), svg.height - 22, "rule" if share == 1 else "grid")
        svg.text(x(share), svg.height - 8, percent(share), "axis", "middle")
    for plan, p, values in svg_rows:
        if plan != seen:
            y += 30
            svg.text(0, y, f"{('First', 'Second', 'Third')[plan - 1] if plan <= 3 else plan} plan: {p.result_year} over {p.target_year}", "label strong")
            y += 8
            seen = plan
        svg.text(240, y + 13, upper(word(p.quantity)), "label", "end")
        svg.line(x(0), y + 18, x(1.6), y + 18, "grid")
        done = p.result / p.target
        if values is not None:
            for a, b, cls in ((0, 6, "band95"), (1, 5, "band80"), (2, 4, "band50")):
                svg.rect(x(min(values[a], 1.6)), y + 3, x(min(values[b], 1.6)) - x(min(values[a], 1.6)), 11, cls)
            svg.line(x(min(values[3], 1.6)), y + 3, x(min(values[3], 1.6)), y + 14, "middle")
        mark(svg, x(min(done, 1.58)), y + 8.5, p.evidence)
        svg.text(x(1.6) + 6, y + 13, percent(done), "axis")
        model = ("-", "-", "-") if values is None else tuple(percent(values[q]) for q in (0, 3, 6))
        table.append((f"{plan}", word(p.quantity), number(p.target) + " " + p.unit, number(p.result), percent(done), *model, str(p.evidence)))
        y += 21
    judged = [(p, v) for _, p, v in svg_rows if v is not None]
    inside = sum(v[0] <= p.result / p.target <= v[-1] for p, v in judged)
    volumes = sum("1926/27" in p.unit for _, p, _ in svg_rows)
    text = (
        f"What came, over what was planned for the year named: black on record, blue in the model where it has the quantity ({len(judged)} of {len(svg_rows)}). The record lies in the band of 95%"
        f" of the histories in {inside} of these. The third plan's result is that of 1940, two years before its end. {volumes} lines are official"
        " volumes in roubles of 1926/27, which overstate growth."
    )
    head = ("plan", "quantity", "target", "result", "on record", "2.5%", "middle", "97.5%", "label")
    return Figure(title, text, svg.render(title), head, tuple(table))
