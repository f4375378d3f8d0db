"""The country's series beside the record: which figures lie outside the model's band, by how much, in plain words.

A band is seven quantiles of the histories in each year (`QUANTILES`). A figure of the record is compared with what
it measures: a flow with its year, a stock with the line between the ends of two years, a total over years with the same
total in each history where the band brings it (sums of quantiles are not quantiles of sums, so without it the figure is
shown and not judged). A figure with a range is outside only when the whole range is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..case.country.series import Point, word
from .words import count, series, upper

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
#: Said wherever a toll is shown outside the figures of the famine, which name each series.
TOLL = "The band of a toll is over every harvest series that the histories drew; the figures of the famine give it series by series."
#: Stocks whose year's value is a summer count, not one of December.
SUMMER = ("horses", "cattle", "sheep", "pigs")
#: Stocks that rose and fell within these years: a line between two Decembers does not measure a day between, so it is shown and not judged.
RESTLESS = {"kolkhoz_share": (1929.0, 1931.6)}
CLOSE = 0.02  # a figure that misses the band by less than this is as good as on its edge


@dataclass(frozen=True, eq=False)
class Band:
    """A series of the model: `values[y]` are the quantiles of the histories in year `years[y]`.

    `totals`: (first year, last year) -> the quantiles of the histories' totals over these years.
    """

    name: str
    years: np.ndarray  # (Y,)
    values: np.ndarray  # (Y, 7)
    unit: str = ""
    totals: Mapping[tuple[int, int], Sequence[float]] = field(default_factory=dict)

    def at(self, point: Point) -> np.ndarray | None:
        """Quantiles of what the figure measures, None when the model does not reach it."""
        if point.stock:
            own = self.name.partition(".")[0]
            ends = self.years + (0.5 if own in SUMMER else 1.0)  # a year's value of a stock stands at its end
            first, last = RESTLESS.get(own, (0.0, 0.0))
            if first < point.start < last and abs(point.start - round(point.start)) > 0.02:
                return None
            if not ends[0] - 0.51 <= point.start <= ends[-1] + 0.51:
                return None
            return np.array([np.interp(point.start, ends, self.values[:, q]) for q in range(self.values.shape[1])])
        years = point.years
        if point.end - point.start > 1.01:
            total = self.totals.get((years[0], years[-1]))
            return None if total is None else np.asarray(total, float)
        found = np.flatnonzero(self.years == int(point.start))
        return self.values[found[0]] if len(found) else None


@dataclass(frozen=True, eq=False)
class Beside:
    """A figure of the record beside the model's band."""

    point: Point
    band: np.ndarray  # (7,)

    @property
    def low(self) -> float:
        """The record's lower end."""
        p = self.point
        return min(v for v in (p.value, p.low) if v is not None)

    @property
    def high(self) -> float:
        """The record's upper end."""
        p = self.point
        return max(v for v in (p.value, p.high) if v is not None)

    @property
    def miss(self) -> float:
        """How far the figure lies outside the 95% band, as a share of the nearer edge; negative below, 0 inside."""
        least, most = float(self.band[0]), float(self.band[-1])
        if self.low > most:
            return (self.low - most) / max(abs(most), 1e-12)
        if self.high < least:
            return -(least - self.high) / max(abs(least), 1e-12)
        return 0.0

    @property
    def outside(self) -> bool:
        """Whether the figure is outside the band of 95% of the histories."""
        return abs(self.miss) > CLOSE

    @property
    def held_out(self) -> bool:
        """Whether the model never saw the figure."""
        return self.point.use == "held out"


def beside(points: Iterable[Point], band: Band) -> list[Beside]:
    """The figures that the model reaches."""
    rows = []
    for point in points:
        values = band.at(point)
        if values is not None and np.isfinite(values).all():
            rows.append(Beside(point, values))
    return rows


def number(value: float) -> str:
    """A figure in three digits: `17.7`, `0.58`, `8,700`."""
    if not np.isfinite(value):
        return "-"
    size = abs(value)
    if size >= 1000:
        digits = -max(0, int(np.floor(np.log10(size))) - 2)
        return f"{round(value, digits):,.0f}"
    return f"{value:.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}" if size >= 0.01 or size == 0 else f"{value:.1g}"


def place(point: Point) -> str:
    """When, and where if not in the whole country."""
    text = point.period.replace("..", " to ")
    return text if point.geography.startswith(("USSR", "Former USSR")) else f"{point.geography}, {text}"


def sentence(row: Beside) -> str:
    """One figure outside the band, in words."""
    p = row.point
    record = number(p.value) if p.value is not None else f"{number(row.low)} to {number(row.high)}"
    unit = "" if p.unit == "count" else f", {p.unit}" if "=" in p.unit else f" {p.unit}"
    model = f"{number(row.band[0])} to {number(row.band[-1])}"
    return f"{place(p)}{', held out' if row.held_out else ''}: {record}{unit} on record ({p.evidence}), {model} in the model"


def verdict(name: str, rows: Sequence[Beside]) -> str:
    """A series in one or two sentences: how many figures lie outside, and the farthest of them."""
    if not rows:
        return f"{upper(word(name))}: no figure on record that the model reaches."
    out = [r for r in rows if r.outside]
    judged = [r for r in rows if r.held_out]
    if not out:
        held = f", {count(len(judged), 'of them held out', 'of them held out')}" if judged else ""
        return f"{upper(word(name))}: all {count(len(rows), 'figure')} on record lie inside the band of 95% of the histories{held}."
    unseen = sum(r.held_out for r in out)
    worst = max(out, key=lambda r: abs(r.miss))
    text = f"{upper(word(name))}: {len(out)} of {count(len(rows), 'figure')} on record lie{'s' if len(out) == 1 else ''} outside the band of 95% of the histories"
    if judged:
        text += f" ({unseen} of {len(judged)} held out)"
    way = "above" if worst.miss > 0 else "below"
    toll = f" {TOLL}" if name.startswith("famine_deaths") else ""
    return f"{text}; the farthest, {100 * abs(worst.miss):.0f}% {way} it, is {sentence(worst)}.{toll}"


def fails(record: Mapping[str, Sequence[Point]], bands: Mapping[str, Band]) -> list[str]:
    """What fails, in plain words: one line for each series with figures outside, the worst share first."""
    lines = []
    for name, band in bands.items():
        rows = beside(record[name] if name in record else (), band)
        out = [r for r in rows if r.outside]
        if out:
            lines.append((len(out) / len(rows), verdict(name, rows)))
    return [text for _, text in sorted(lines, key=lambda line: -line[0])]


def summary(record: Mapping[str, Sequence[Point]], bands: Mapping[str, Band]) -> str:
    """The whole in two sentences: how many figures were compared, how many lie outside, fitted and held out apart."""
    rows = [r for name, band in bands.items() if name in record for r in beside(record[name], band)]
    if not rows:
        return "No figure on record that the model reaches."
    parts = []
    for use, words in (("fit", "fitted"), ("held out", "held out"), ("shown", "only shown")):
        these = [r for r in rows if r.point.use == use]
        if these:
            inside = sum(not r.outside for r in these)
            parts.append(f"{inside} of {len(these)} {words}")
    return (
        f"{count(len(rows), 'figure')} of {len({r.point.series for r in rows})} series are laid beside the model. Inside the band of 95% of the histories lie "
        f"{series(parts)}; a band that is right holds about 95 in a hundred of those held out."
    )
