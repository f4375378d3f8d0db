"""A small SVG builder: text, lines, areas and dots in page units, and the scales that place them.

Marks carry classes, the page's style sheet gives them their look; so the same figure prints and shows. Colours that
mean a person are written into the mark. Coordinates are rounded to a tenth of a unit to keep pages small.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np

from .words import Words

#: Colours of people: at least 3:1 on white and apart under colour blindness; black is the record's, blue the model's.
PEOPLE = ("#088da5", "#d55e00", "#a463f2", "#222255", "#b2182b", "#7a6a00")
OTHERS = "#8a8a8a"
NOBODY = "#e4e4e0"


def n(value: float) -> str:
    """A coordinate as text."""
    return f"{float(value):.1f}".removesuffix(".0")


@dataclass
class Svg:
    """A drawing of `width` by `height` units; marks are added in drawing order."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, cls: str = "", anchor: str = "start") -> None:
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        c = f' class="{cls}"' if cls else ""
        self.parts.append(f'<text x="{n(x)}" y="{n(y)}"{at}{c}>{escape(words)}</text>')

    def line(self, x1: float, y1: float, x2: float, y2: float, cls: str) -> None:
        self.parts.append(f'<path class="{cls}" d="M{n(x1)} {n(y1)}L{n(x2)} {n(y2)}"/>')

    def rect(
        self, x: float, y: float, w: float, h: float, cls: str = "", fill: str = "", title: str = ""
    ) -> None:
        look = (f' class="{cls}"' if cls else "") + (f' fill="{fill}"' if fill else "")
        inner = f"<title>{escape(title)}</title>" if title else ""
        self.parts.append(
            f'<rect x="{n(x)}" y="{n(y)}" width="{n(max(w, 0))}" height="{n(h)}"{look}>{inner}</rect>'
        )

    def dots(self, points: Iterable[tuple[float, float]], radius: float, cls: str) -> None:
        """Many dots as one path."""
        r = n(radius)
        d = "".join(
            f"M{n(x - radius)} {n(y)}a{r} {r} 0 1 0 {n(2 * radius)} 0a{r} {r} 0 1 0 {n(-2 * radius)} 0"
            for x, y in points
        )
        if d:
            self.parts.append(f'<path class="{cls}" d="{d}"/>')

    def path(
        self, points: Sequence[tuple[float, float]], cls: str = "", fill: str = "", close: bool = False
    ) -> None:
        d = "M" + "L".join(f"{n(x)} {n(y)}" for x, y in points) + ("Z" if close else "")
        look = (f' class="{cls}"' if cls else "") + (f' fill="{fill}"' if fill else "")
        self.parts.append(f'<path{look} d="{d}"/>')

    def area(
        self, x: Sequence[float], low: Sequence[float], high: Sequence[float], cls: str = "", fill: str = ""
    ) -> None:
        """The band between two lines."""
        there, back = list(zip(x, high, strict=True)), list(zip(x, low, strict=True))[::-1]
        self.path([*there, *back], cls, fill, close=True)

    def render(self, label: str) -> str:
        """The SVG element; `label` is its name for screen readers."""
        return (
            f'<svg viewBox="0 0 {n(self.width)} {n(self.height)}" role="img" aria-label="{escape(label, quote=True)}"'
            f' style="max-width:{n(self.width)}px">{"".join(self.parts)}</svg>'
        )


@dataclass(frozen=True)
class Scale:
    """A linear scale from values to page units."""

    low: float
    high: float
    left: float
    right: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low or 1.0
        return self.left + (float(value) - self.low) / span * (self.right - self.left)

    def array(self, values: np.ndarray) -> np.ndarray:
        span = self.high - self.low or 1.0
        return self.left + (np.asarray(values, float) - self.low) / span * (self.right - self.left)


def year_ticks(words: Words, most: int = 8) -> list[tuple[int, str]]:
    """Januaries to label on an axis of months: (month number, year), at most `most` of them."""
    start, months = words.compiled.case.start, words.compiled.months
    first = -(start.month - 1) % 12
    years = [(t, str(words.compiled.month(t).year)) for t in range(first, months, 12)]
    step = -(-len(years) // most) or 1
    return years[::step]


def axis(svg: Svg, words: Words, scale: Scale, top: float, bottom: float) -> None:
    """Thin lines at the labelled Januaries, and their years under them."""
    for t, year in year_ticks(words):
        svg.line(scale(t), top, scale(t), bottom, "grid")
        svg.text(scale(t), bottom + 15, year, "axis", "middle")


def quantile_dots(values: np.ndarray, count: int) -> np.ndarray:
    """`count` values that stand for equal shares of a sample: its quantiles at (i + 1/2) / count."""
    values = np.sort(values[np.isfinite(values)])
    if not len(values) or count < 1:
        return np.array([])
    return np.quantile(values, (np.arange(count) + 0.5) / count)


def stacked(x: np.ndarray, width: float) -> list[tuple[float, int]]:
    """Dots at page positions `x` put into columns of `width`: (middle of the column, place in it from 0)."""
    seen: dict[int, int] = {}
    out = []
    for value in x:
        column = int(value // width)
        place = seen.get(column, 0)
        seen[column] = place + 1
        out.append(((column + 0.5) * width, place))
    return out
