"""The famine by region: small multiples, a tile map, and the toll under every harvest series.

A toll is never drawn alone: it stands with the harvest series that it was reckoned on and with the band of the histories. The map
is a grid of tiles, one a region, roughly where the region lies: no set of boundaries of 1932 that may be shipped freely was found, and a
map with the boundaries of another time would put the deaths into the wrong places. Tiles are shaded by deaths for each thousand
villagers, lighter for fewer; the numbers stand in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..case.country.series import Point
from .country_figures import CUT, mark, nice
from .country_findings import number
from .figures import WIDTH, Figure
from .svg import Scale, Svg
from .words import upper

#: Column and row of each region's tile, roughly as on a map.
TILES = {
    "ukraine": (0, 2), "black_earth": (1, 1), "rest_europe": (1, 0), "north_caucasus": (1, 3), "lower_volga": (2, 2), "middle_volga": (2, 1),
    "urals": (3, 0), "kazakhstan": (3, 2), "west_siberia": (4, 1), "rest_asia": (4, 3),
}  # fmt: skip
NAMES = {
    "ukraine": "Ukraine", "black_earth": "Central Black Earth", "rest_europe": "rest of Europe", "north_caucasus": "North Caucasus",
    "lower_volga": "Lower Volga", "middle_volga": "Middle Volga", "urals": "Urals, Bashkiria", "kazakhstan": "Kazakhstan",
    "west_siberia": "West Siberia", "rest_asia": "rest of Asia",
}  # fmt: skip
SHADES = ("#f1efe9", "#dedad0", "#c3bdb0", "#a19a8c", "#7b7468", "#544f46", "#2f2c27")
STEPS = (1, 5, 10, 25, 50, 100)  # deaths for each thousand villagers


@dataclass(frozen=True, eq=False)
class Region:
    """Excess deaths of one region: `values[y]` are seven quantiles of the histories, in thousands, in year `years[y]`.

    `total`: quantiles of the sum over the years; `villagers`: millions. `record`: figures for the region, of one year or of a span.
    """

    name: str
    years: np.ndarray
    values: np.ndarray  # (Y, 7)
    total: np.ndarray  # (7,)
    villagers: float
    record: Sequence[Point] = ()

    @property
    def label(self) -> str:
        """The region's name in words."""
        return NAMES.get(self.name, self.name.replace("_", " "))

    @property
    def share(self) -> float:
        """Deaths for each thousand villagers, in the middle of the histories, over all the years."""
        return float(self.total[3]) / max(self.villagers, 1e-9) / 1.0


def by_region(regions: Sequence[Region], harvest: str, title: str = "Excess deaths by region") -> Figure:
    """Small multiples, all on one scale; `harvest` names the harvest series (or says that all are drawn)."""
    columns, tall, gap, left = 5, 92.0, 18.0, 40.0
    each = (WIDTH - left - 6 - gap * (columns - 1)) / columns
    lines = -(-len(regions) // columns) or 1
    svg = Svg(WIDTH, lines * (tall + 50) + 6)
    first, last = int(min(r.years[0] for r in regions)), int(max(r.years[-1] for r in regions))
    high = nice(max(float(r.values[:, -2].max()) for r in regions))
    rows = []
    for k, region in enumerate(regions):
        x0, y0 = left + (k % columns) * (each + gap), 22 + (k // columns) * (tall + 50)
        x, y = Scale(first, last + 1, x0, x0 + each), Scale(0, high, y0 + tall, y0)
        svg.text(x0, y0 - 7, region.label, "label strong")
        for value in (0, high / 2, high):
            svg.line(x0, y(value), x0 + each, y(value), "grid")
            if k % columns == 0:
                svg.text(x0 - 5, y(value) + 4, f"{value:,.0f}", "axis", "end")
        for year in range(first, last + 1):
            if (year - first) % 2 == 0:
                svg.text(x(year + 0.5), y0 + tall + 14, f"{year % 100:02d}", "axis", "middle")
        for t, row in zip(region.years, np.minimum(region.values, high), strict=True):
            for a, b, cls in ((0, 6, "band95"), (1, 5, "band80"), (2, 4, "band50")):
                svg.rect(x(t) + 1.5, y(row[b]), x(t + 1) - x(t) - 3, y(row[a]) - y(row[b]), cls)
            svg.line(x(t) + 1.5, y(row[3]), x(t + 1) - 1.5, y(row[3]), "middle")
        rows.append((region.label, f"{region.villagers:.1f}", *(number(v) for v in (region.total[0], region.total[3], region.total[-1])), _records(region.record)))
    shares = [r.share for r in regions]
    text = (
        f"Thousands of excess deaths in each calendar year, reckoned on {harvest}. Blue holds 95, 80 and 50% of the histories, the line is the middle; all panels share one"
        f" scale. The middle values over all years lie between {min(shares):.0f} and {max(shares):.0f} for each thousand villagers of a region; the table has every band."
    ) + (f" {CUT}" if max(float(r.values.max()) for r in regions) > high else "")
    head = ("region", "villagers, million", "2.5%, thousand", "middle", "97.5%", "on record")
    return Figure(title, text, svg.render(title), head, tuple(rows))


def _records(points: Sequence[Point]) -> str:
    out = []
    for p in points:
        value = number(p.value) if p.value is not None else f"{number(p.low or 0)} to {number(p.high or 0)}"
        out.append(f"{p.period.replace('..', ' to ')}: {value} ({p.evidence})")
    return "; ".join(out) or "none"


def _people(total: np.ndarray) -> str:
    """A number of people with its band, from thousands: in millions where they are."""
    low, middle, high = (float(total[k]) for k in (0, 3, 6))
    if middle >= 1000:
        return f"{middle / 1000:.2g} million ({low / 1000:.2g} to {high / 1000:.2g})"
    return f"{_few(middle)} thousand ({_few(low)} to {_few(high)})"


def _few(value: float) -> str:
    """A number in words that do not pretend to fractions of a person: `under 1`, `12`, `1,730`."""
    return "under 1" if 0 < value < 1 else number(value) if value >= 1000 else f"{value:.0f}"


def shade(share: float) -> str:
    """The tone of a tile for so many deaths for each thousand villagers."""
    return SHADES[int(np.searchsorted(STEPS, share, side="right"))]


def tile_map(regions: Sequence[Region], harvest: str, title: str = "The famine by region, on a grid of tiles") -> Figure:
    """One tile a region, roughly where it lies: deaths for each thousand villagers, with the band."""
    wide, tall = WIDTH / 5, 98.0
    svg = Svg(WIDTH, 4 * tall + 46)
    rows = []
    for region in regions:
        column, line = TILES.get(region.name, (len(rows) % 5, 3))
        x, y = column * wide, line * tall
        tone = shade(region.share)
        svg.rect(x, y, wide, tall, "tile", tone, f"{region.label}: {region.share:.0f} for each thousand villagers")
        cls = "light" if SHADES.index(tone) >= 4 else ""
        low, high = region.total[0] / region.villagers, region.total[-1] / region.villagers
        svg.text(x + 10, y + 22, region.label, f"label strong {cls}".strip())
        svg.text(x + 10, y + 43, f"{_few(region.share)} per 1,000 ({_few(low)} to {_few(high)})", cls or "label")
        people, _, band = _people(region.total).partition(" (")
        svg.text(x + 10, y + 64, people, cls or "label")
        svg.text(x + 10, y + 82, f"({band}", cls or "label")
        rows.append((region.label, f"{region.share:.0f}", f"{low:.0f}", f"{high:.0f}", *(number(v) for v in region.total[[0, 3, 6]])))
    y = 4 * tall + 14
    x = 0.0
    for k, tone in enumerate(SHADES):
        words = f"under {STEPS[0]}" if k == 0 else f"{STEPS[-1]} and more" if k == len(STEPS) else f"{STEPS[k - 1]} to {STEPS[k]}"
        svg.rect(x, y, 18, 12, "", tone)
        svg.text(x + 23, y + 10, words, "axis")
        x += 36 + 6.5 * len(words)
    years = f"{int(regions[0].years[0])} to {int(regions[0].years[-1])}"
    text = (
        f"Excess deaths from {years} for each thousand villagers, middle of the histories with the band of 95%, reckoned on {harvest}. A grid of tiles, not a map: no"
        " boundaries of 1932 that may be shipped freely were found. Regions are wide; what happened inside them differed."
    )
    head = ("region", "per 1,000 villagers", "2.5%", "97.5%", "2.5%, thousand", "middle", "97.5%")
    return Figure(title, text, svg.render(title), head, tuple(rows))


def by_series(tolls: Mapping[str, np.ndarray], record: Sequence[Point], title: str = "The toll under each harvest series") -> Figure:
    """`tolls`: harvest series in words -> seven quantiles of the toll in thousands, over the same years as the record's figures."""
    top = nice(max([float(v[-1]) for v in tolls.values()] + [v for p in record for v in (p.value, p.high) if v is not None]))
    svg = Svg(WIDTH, 24.0 * (len(tolls) + len(record)) + 60)
    x = Scale(0, top, 290, WIDTH - 130)
    y, rows = 6.0, []
    for value in np.linspace(0, top, 5):
        svg.line(x(value), 4, x(value), 24.0 * (len(tolls) + len(record)) + 34, "grid")
        svg.text(x(value), 24.0 * (len(tolls) + len(record)) + 50, f"{value:,.0f}", "axis", "middle")
    svg.text(0, y + 10, "in the model, by harvest series", "label strong")
    y += 18
    for name, v in tolls.items():
        svg.text(280, y + 12, name, "label", "end")
        for a, b, cls in ((0, 6, "band95"), (1, 5, "band80"), (2, 4, "band50")):
            svg.rect(x(v[a]), y + 2, x(v[b]) - x(v[a]), 12, cls)
        svg.line(x(v[3]), y + 2, x(v[3]), y + 14, "middle")
        svg.text(x(v[6]) + 6, y + 12, f"{number(v[3])} ({number(v[0])} to {number(v[6])})", "axis")
        rows.append((name, *(number(w) for w in v[[0, 3, 6]]), "model"))
        y += 24
    svg.text(0, y + 10, "estimates on record", "label strong")
    y += 16
    for p in record:
        name = p.note or p.series.partition(".")[2].replace("_", " ")
        author = "a source text" if "seed text" in p.source else p.source.split(",")[0].split(" <")[0][:34]
        svg.text(280, y + 12, f"{author}, {p.period.replace('..', '-')}", "label", "end")
        if p.low is not None and p.high is not None:
            svg.line(x(p.low), y + 8, x(p.high), y + 8, "reach")
        if p.value is not None:
            mark(svg, x(p.value), y + 8, p.evidence)
        value = number(p.value) if p.value is not None else f"{number(p.low or 0)} to {number(p.high or 0)}"
        svg.text(x(max(v for v in (p.value, p.high) if v is not None)) + 9, y + 12, value, "axis")
        rows.append((f"{author}, {p.period}: {name}", number(p.low) if p.low else "-", value, number(p.high) if p.high else "-", str(p.evidence)))
        y += 24
    lows, middles, highs = ([float(v[k]) for v in tolls.values()] for k in (0, 3, 6))
    known = [v for p in record for v in (p.value, p.low, p.high) if v is not None]
    text = f"{upper('thousands')} of excess deaths. Across {len(tolls)} harvest series the bands of 95% run from {number(min(lows))} to {number(max(highs))}"
    if known and max(middles) / max(min(middles), 1e-9) > max(known) / max(min(known), 1e-9):
        text += f", and the middle values differ by more than the estimates on record ({number(min(known))} to {number(max(known))}) do"
    text += ": no toll is given without its harvest series."
    return Figure(title, text, svg.render(title), ("", "low", "middle", "high", "label"), tuple(rows))
