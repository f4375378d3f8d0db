"""Series of the country beside the record as tables: for the terminal, and as rows for a machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..case.country.series import Point, Record, word
from .country_findings import Band, beside, number, place, verdict

if TYPE_CHECKING:
    from rich.table import Table

    from ..lab.country import Summary


#: Units of series that the record has no figures of.
UNITS = {
    "food_index": "per head, 1928 = 1", "food_worst_region": "per head, 1928 = 1", "famine_deaths_town": "thousand", "arrests": "thousand",
    "party_expelled": "thousand", "army_lost": "share of command", "army_competence": "1922 = 1", "cult_index": "0 to 1", "deported": "thousand",
    "camp_releases": "thousand", "fear_society": "arrests per 1,000", "tractors": "thousand", "reserve": "million t", "relief": "million t",
}  # fmt: skip


def bands(found: Mapping[str, Summary], record: Record) -> dict[str, Band]:
    """Summaries of the laboratory in the form that figures take."""
    units = {name: next((p.unit for p in record.of(name)), UNITS.get(name, "")) for name in found}
    return {name: Band(name, s.years, s.values, units[name], s.totals) for name, s in found.items()}


def national(points: Sequence[Point]) -> list[Point]:
    """Figures of the whole country: what a band of the whole country may be held against."""
    return [p for p in points if p.geography.startswith(("USSR", "Former USSR"))]


def rows(name: str, band: Band | None, points: Sequence[Point]) -> list[dict[str, Any]]:
    """One series as plain rows: the model's years, then every figure of the record."""
    found: list[dict[str, Any]] = []
    if band is not None:
        for year, q in zip(band.years, band.values, strict=True):
            found.append({"series": name, "kind": "model", "period": str(int(year)), "middle": float(q[3]), "low": float(q[0]), "high": float(q[6])})
    judged = {} if band is None else {id(b.point): b for b in beside(national(points), band)}
    for p in points:
        row = {
            "series": p.series, "kind": "record", "period": p.period, "geography": p.geography, "value": p.value, "low": p.low, "high": p.high,
            "unit": p.unit, "evidence": str(p.evidence), "source": p.source, "use": p.use, "note": p.note,
        }  # fmt: skip
        if id(p) in judged:
            b = judged[id(p)]
            row |= {"model_low": float(b.band[0]), "model_middle": float(b.band[3]), "model_high": float(b.band[-1]), "outside": b.outside}
        found.append(row)
    return found


def overview(found: Mapping[str, Band], record: Record, names: Sequence[str]) -> Table:
    """Every series: what the model has, what the record has, how many figures lie outside."""
    from rich.table import Table

    table = Table(title="Series of the country", title_justify="left")
    for head, side in (("series", "left"), ("unit", "left"), ("model 1928", "right"), ("1933", "right"), ("1937", "right"), ("1950", "right"),
                       ("figures", "right"), ("outside", "right"), ("held out", "right")):  # fmt: skip
        table.add_column(head, justify=side, no_wrap=True, max_width=24)
    for name in names:
        band, points = found.get(name), record.of(name)
        judged = [] if band is None else beside([p for p in national(points) if p.series == name], band)
        held = [b for b in judged if b.held_out]
        cells = [_at(band, year) for year in (1928, 1933, 1937, 1950)]
        table.add_row(
            name, points[0].unit if points else "", *cells, str(len(points)) if points else "", str(sum(b.outside for b in judged)) if judged else "",
            f"{sum(b.outside for b in held)} of {len(held)}" if held else "",
        )  # fmt: skip
    return table


def _at(band: Band | None, year: int) -> str:
    if band is None or year not in band.years:
        return ""
    return number(float(band.values[list(band.years).index(year), 3]))


def one(name: str, band: Band | None, points: Sequence[Point]) -> tuple[Table, str]:
    """A series year by year: the model's band, the figures of the record with label and source; and the verdict in words."""
    from rich.table import Table

    unit = points[0].unit if points else ""
    table = Table(title=f"{word(name)}{', ' + unit if unit else ''}", title_justify="left")
    for head, side in (("when", "left"), ("model", "right"), ("95% of histories", "right"), ("record", "right"), ("label", "left"), ("use", "left"),
                       ("source", "left"), ("outside", "left")):  # fmt: skip
        table.add_column(head, justify=side)
    judged = {} if band is None else {id(b.point): b for b in beside(national(points), band)}
    todo = sorted(points, key=lambda p: (p.start, p.end))
    years = [] if band is None else [int(y) for y in band.years]
    for year in sorted({*years, *(int(p.start) for p in todo)}):
        here = [p for p in todo if int(p.start) == year]
        q = band.values[years.index(year)] if band is not None and year in years else None
        if q is not None and not any(not p.stock and p.end - p.start < 1.01 for p in here):
            table.add_row(str(year), number(q[3]), f"{number(q[0])} to {number(q[6])}", "", "", "", "", "")
        for p in here:
            b = judged.get(id(p))
            model = ("", "") if b is None else (number(b.band[3]), f"{number(b.band[0])} to {number(b.band[-1])}")
            value = number(p.value) if p.value is not None else ""
            if p.low is not None and p.high is not None:
                value = f"{value} ({number(p.low)} to {number(p.high)})".strip()
            other = f"{p.series.partition('.')[2].replace('_', ' ')}: " if "." in p.series else ""
            outside = "" if b is None or not b.outside else f"{100 * abs(b.miss):.0f}% {'above' if b.miss > 0 else 'below'}"
            table.add_row(place(p), *model, value, str(p.evidence), p.use, other + p.source, outside)
    judged_rows = [] if band is None else beside([p for p in national(points) if p.series == name], band)
    return table, verdict(name, judged_rows)
