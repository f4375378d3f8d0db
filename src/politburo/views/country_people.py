"""Age pyramids: men left, women right, the model's band in blue, the census in black."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..case.country import ages as record_ages
from .country_figures import nice
from .country_findings import QUANTILES, number
from .figures import WIDTH, Figure
from .svg import Scale, Svg
from .words import MONTHS
from .words import series as listed

if TYPE_CHECKING:
    from ..lab.ensembles.results import Result


@dataclass(frozen=True, eq=False)
class Pyramid:
    """People by age group, thousands. `men`, `women`: (A, 7) quantiles of the histories, or None; `census_*`: (A,) or None."""

    title: str
    ages: Sequence[str]  # (A,) names of the groups from the youngest
    men: np.ndarray | None
    women: np.ndarray | None
    census_men: np.ndarray | None = None
    census_women: np.ndarray | None = None
    evidence: str = ""


def of_result(result: Result, most: int, dates: Sequence[str] = ("1926-12-17", "1937-01-06", "1939-01-17", "1946-01-01")) -> Figure | None:
    """The pyramids of a result's histories on the dates of the record that its years reach; None when they reach none."""
    if "men.a0_4" not in getattr(result, "yearly_names", ()):
        return None
    calendar = list(result.calendar)
    found = record_ages.read(result.case.country.path, [])
    rows = []
    for date in dates:
        there = [a for a in found if a.date == date]
        at = [a for a in there if a.kind == "census"] or there
        if not at or at[0].year_end not in calendar:
            continue
        side = {}
        for sex in ("men", "women"):
            values = np.stack([result.yearly_values(f"{sex}.{g}", most)[:, calendar.index(at[0].year_end)] for g in record_ages.GROUPS], axis=1)
            side[sex] = np.quantile(values.astype(float), QUANTILES, axis=0).T
        if not side["men"].any():
            continue
        kind = at[0].kind if at[0].kind == "census" else f"{at[0].kind}, borders of {at[0].borders}"
        day = f"{int(date[8:10])} {MONTHS[int(date[5:7]) - 1]} {date[:4]}"
        rows.append(Pyramid(f"{day} ({kind})", NAMES, side["men"], side["women"], at[0].men, at[0].women, str(at[0].evidence)))
    if not rows:
        return None
    note = " People of unknown age are left out"
    if any(r.title.startswith("6 January 1937") for r in rows):
        note += "; the ages of the census of 1937 also leave out some two million counted apart, most of them under arms or guard"
    figure = pyramids(rows)
    return replace(figure, summary=f"{figure.summary}{note}.")


NAMES = tuple(g[1:].replace("_up", " and over").replace("_", " to ") for g in record_ages.GROUPS)


def five_year_groups(single: np.ndarray, top: int = 80) -> tuple[list[str], np.ndarray]:
    """Single years of age along the last axis, 0 upwards, as groups of five with `top` and over as the last.

    >>> five_year_groups(np.ones(101))[1][[0, -1]].tolist()
    [5.0, 21.0]
    """
    single = np.asarray(single, float)
    names = [f"{a} to {a + 4}" for a in range(0, top, 5)] + [f"{top} and over"]
    parts = [single[..., a : a + 5].sum(-1) for a in range(0, top, 5)] + [single[..., top:].sum(-1)]
    return names, np.stack(parts, -1)


def pyramids(rows: Sequence[Pyramid], title: str = "People by age and sex") -> Figure:
    """Pyramids beside each other, two a line, on one scale."""
    tallest = max(len(p.ages) for p in rows)
    step, panel = 13.0, (WIDTH - 30) / 2
    block = tallest * step + 58
    svg = Svg(WIDTH, block * -(-len(rows) // 2))
    tops = [float(np.nanmax(v)) for p in rows for v in (p.men, p.women, p.census_men, p.census_women) if v is not None]
    high = nice(max(tops, default=1.0))
    table: list[tuple[str, ...]] = []
    misses = []
    for k, p in enumerate(rows):
        x0, y0 = (k % 2) * (panel + 30), 24 + (k // 2) * block
        middle = x0 + panel / 2
        sides = (
            (Scale(0, high, middle - 26, x0), p.men, p.census_men, "men"),
            (Scale(0, high, middle + 26, x0 + panel), p.women, p.census_women, "women"),
        )
        svg.text(middle, y0 - 9, p.title, "label strong", "middle")
        bottom = y0 + len(p.ages) * step
        for scale, values, census, who in sides:
            for value in (0, high / 2, high):
                svg.line(scale(value), y0, scale(value), bottom, "grid")
                at_edge = ("start" if who == "men" else "end") if value == high else "middle"
                svg.text(scale(value), bottom + 14, f"{value / 1000:g}m" if value else "0", "axis", at_edge)
            svg.text(scale(high * 0.98), y0 + 10, who, "axis", "start" if who == "men" else "end")
            outline = []
            for a in range(len(p.ages)):
                y = bottom - (a + 1) * step
                if values is not None:
                    for low, up, cls in ((0, 6, "band95"), (1, 5, "band80"), (2, 4, "band50")):
                        ends = sorted((scale(0) if low == 0 else scale(values[a, low]), scale(values[a, up])))
                        svg.rect(ends[0], y + 1, ends[1] - ends[0], step - 2, cls)
                    svg.line(scale(values[a, 3]), y + 1, scale(values[a, 3]), y + step - 1, "middle")
                if census is not None and np.isfinite(census[a]):
                    outline += [(scale(census[a]), y + step), (scale(census[a]), y)]
                    if values is not None and not values[a, 0] <= census[a] <= values[a, 6]:
                        misses.append((abs(np.log(census[a] / max(values[a, 3], 1e-9))), f"{who} of {p.ages[a]} in {p.title}"))
                table.append(
                    (
                        p.title, who, p.ages[a], number(census[a]) if census is not None else "-",
                        *((number(values[a, q]) for q in (0, 3, 6)) if values is not None else ("-", "-", "-")),
                    )
                )  # fmt: skip
            if outline:
                svg.path(outline, "outline")
        for a, name in enumerate(p.ages):
            svg.text(middle, bottom - a * step - 3, name.replace(" to ", "-").replace(" and over", "+"), "axis", "middle")
    misses.sort(reverse=True)
    groups = sum(2 * len(p.ages) for p in rows if p.census_men is not None and p.men is not None)
    text = "Thousands of people in each group of five years; black is the census, blue the model (from nought to the upper edge of 95% of the histories, with the bands of 80 and 50%)."
    if groups:
        text += f" Outside the band of 95% lie {len(misses)} of {groups} groups" + (f", farthest {listed(m for _, m in misses[:3])}." if misses else ".")
    return Figure(title, text, svg.render(title), ("census", "sex", "age", "on record, thousand", "2.5%", "middle", "97.5%"), tuple(table))
