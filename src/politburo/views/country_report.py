"""The country's part of the report: what fails in plain words, small multiples, plans, famine by region, flows, years of a line.

Nothing is computed here but quantiles of what a result kept; figures come from the other modules of the country.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import numpy as np

from ..case.country.grain import SERIES as HARVESTS
from ..case.country.industry import plans as read_plans
from ..case.country.series import Record
from ..lab import country
from ..lab.ensembles import years
from ..lab.tolls import HARVEST_NAMES
from . import country_famine, country_figures, country_limits, country_people
from .country_findings import QUANTILES, Band, fails, number, summary
from .country_series import bands as bands_of
from .country_series import national
from .figures import Figure, table

if TYPE_CHECKING:
    from ..lab.ensembles.results import Result

#: Histories that the bands are quantiles of.
MOST = 20_000
FAMINE = (1930, 1934)
GROUPS = (
    ("Land and food", ("kolkhoz_share", "peasant_disturbances", "harvest", "procurement", "export", "horses", "cattle", "sheep", "pigs",
                       "food_index", "food_worst_region", "famine_deaths")),
    ("Industry and income", ("coal", "iron", "steel", "oil", "electricity", "tractors", "income", "income_early_weights", "income_late_weights",
                             "employment", "urban", "real_wage", "consumer_output", "town_consumption", "village_consumption", "town_food")),
    ("Terror", ("arrests", "convictions", "shot", "to_camp", "to_exile", "camps_stock", "camp_deaths", "settlers_stock", "settler_deaths",
                "party_members", "party_expelled", "army_lost")),
    ("People and society", ("population", "births", "deaths", "natural_increase", "tfr", "literacy", "pupils", "doctors", "churches",
                            "press_circulation", "cult_index")),
)  # fmt: skip


def sections(result: Result, picture) -> list[tuple[str, str, str]]:
    """(key, title, HTML) of every section; none without a country. `picture(figure)` puts a figure into the page."""
    names = getattr(result, "yearly_names", ())
    if not names:
        return []
    record = Record([p for x in result.case.country.record.values() for p in national(x)])
    wanted = [n for _, group in GROUPS for n in group if n in names]
    bands = bands_of(country.summaries(result, wanted, MOST), record)
    bands = {n: b for n, b in bands.items() if np.any(b.values != 0)}
    if not bands:
        return []
    found = [("country", "The country beside the record", _beside(record, bands, picture))]
    plans = _plans(result, bands)
    if plans:
        found.append(("plans", "Plans and results", picture(plans)))
    ages = country_people.of_result(result, MOST)
    if ages:
        found.append(("ages", "People by age and sex", picture(ages)))
    famine = _famine(result, picture)
    if famine:
        found.append(("famine", "Famine by region", famine))
    flows = _flows(result)
    if flows:
        found.append(("flows", "People held", picture(flows)))
    cannot = _limits(result)
    if cannot:
        found.append(("limits", "What the record cannot tell", cannot))
    found.append(("seam", "Politics and country", _seam(result)))
    return found


def _beside(record: Record, bands: dict[str, Band], picture) -> str:
    """What fails first, then the panels."""
    lines = fails(record, bands)
    text = f"<p>{_e(summary(record, bands))}</p>{country_figures.key()}"
    text += "<h3>What fails</h3><ul>" + "".join(f"<li>{_e(line)}</li>" for line in lines) + "</ul>" if lines else "<p>No figure lies outside.</p>"
    for title, names in GROUPS:
        present = [n for n in names if n in bands]
        if present:
            text += picture(country_figures.multiples(record, bands, present, title))
    return text


def _limits(result: Result) -> str:
    """What the fits left open, in words, with the table of every parameter."""
    files = result.case.country
    lines = country_limits.sentences(files)
    if not lines:
        return ""
    first, rest = lines[0], lines[1:]
    items = f"<ul>{''.join(f'<li>{_e(line)}</li>' for line in rest)}</ul>" if rest else ""
    return f"<p>{_e(first)}</p>{items}<details><summary>Table of every parameter of the country</summary>{table(country_limits.HEAD, country_limits.rows(files))}</details>"


def _plans(result: Result, bands: dict[str, Band]) -> Figure | None:
    """Results of the plans in the model: the same quantities, in the plan's units."""
    plans = read_plans(result.case.country.path, [])
    usable = {p.quantity: bands[p.quantity] for p in plans if p.quantity in bands and p.quantity in PLANS_IN_UNITS}
    return country_figures.fulfilment(plans, usable) if plans else None


#: Quantities of plans whose unit is that of the series.
PLANS_IN_UNITS = ("coal", "iron", "steel", "oil", "electricity", "employment")


def _famine(result: Result, picture) -> str:
    """Deaths by region and year, with the band over every harvest series; and the toll under each of them."""
    calendar = list(result.calendar)
    at = [k for k, year in enumerate(calendar) if FAMINE[0] <= year <= FAMINE[1]]
    if len(at) < FAMINE[1] - FAMINE[0] + 1:
        return ""
    whole = result.yearly_values("famine_deaths", MOST)
    if not whole.any():
        return ""
    record = result.case.country.record
    inputs = result.compiled.world.country.grain
    regions = []
    for r, name in enumerate(years.REGIONS):
        values = result.yearly_values(f"famine_deaths.{name}", MOST)[:, at].astype(float)
        villagers = float(inputs.place["people"][inputs.place["region"] == r].sum())
        points = [p for x in record for p in record[x] if x.partition(".")[0] == "famine_deaths" and p.geography.lower().replace(" ", "_") == name]
        regions.append(country_famine.Region(
            name, np.array(calendar)[at], np.quantile(values, QUANTILES, axis=0).T, np.quantile(values.sum(axis=1), QUANTILES), villagers, points,
        ))  # fmt: skip
    said = "every harvest series in the posterior, each weighted by its rows"
    text = picture(country_famine.by_region(regions, said)) + picture(country_famine.tile_map(regions, said))
    tolls = _tolls(result, whole[:, at].sum(axis=1))
    points = [p for x in record for p in national(record[x]) if x.partition(".")[0] == "famine_deaths" and FAMINE[0] <= p.start and p.end <= FAMINE[1] + 1]
    if tolls:
        text += picture(country_famine.by_series(tolls, points))
    return text + (
        "<p>No toll is given without its harvest series and its band. The dispute over the harvest of 1932 is wider than the change of harvest that"
        " halves or doubles the deaths of the model; what the model says of causes rests on assumptions named in the page on grain and famine.</p>"
    )


def _tolls(result: Result, toll: np.ndarray) -> dict[str, np.ndarray]:
    """Quantiles of the toll under each harvest series."""
    draws = result.compiled.world.country.draws
    if "grain_series" not in draws.names:
        return {}
    series = draws.rows(0, len(toll))[:, draws.names.index("grain_series")].round().astype(int)
    return {
        HARVEST_NAMES.get(name, name): np.quantile(toll[series == k].astype(float), QUANTILES) for k, name in enumerate(HARVESTS) if (series == k).sum() >= 8
    }  # fmt: skip


def _flows(result: Result) -> Figure | None:
    """The kulak exile of 1932-40 as the recorded books have it, residual and all."""
    from ..marked import scan_csv
    from .country_flows import Account, camps_on_record, sankey

    path = result.case.country.path / "record" / "settlers.csv"
    if not path.exists():
        return None
    header = next(line for line in path.read_text().splitlines() if not line.startswith("#"))
    rows, _ = scan_csv(path, header.split(","))
    sums = next((row.values for row in rows if not row.values["year"].isdigit()), None)
    stocks = {row.values["year"]: row.values["stock"] for row in rows}
    if sums is None or "1932" not in stocks or "1941" not in stocks:
        return None

    def whole(name: str) -> int:
        """The printed sum, or what the years that were printed add up to."""
        return int(sums[name] or sum(int(row.values[name] or 0) for row in rows))

    outward = (("deaths", "died"), ("escapes", "escaped"), ("released_wrongly", "released as wrongly exiled"), ("released_study", "released to study"),
               ("released_decree", "released by decree, 1938"), ("to_dependants", "to dependants"), ("to_organisations", "handed to organisations"),
               ("other", "other losses"))  # fmt: skip
    account = Account(
        "Kulak exile", "1932-40", int(stocks["1932"]), [("arrivals", ARRIVALS), ("births", whole("births")), ("recaptured", whole("recaptured"))],
        [(words, whole(name)) for name, words in outward], int(stocks["1941"]), "V. N. Zemskov",
    )  # fmt: skip
    camps = camps_on_record(result.case.country.path.parent)
    return sankey([account, *([camps] if camps else [])])


#: Printed sum of arrivals 1932-40 (looked up); the file has no column for them, because no year is printed.
ARRIVALS = 489_822


def _seam(result: Result) -> str:
    """How far the line was from the recorded one, and what that says."""
    moved = result.yearly_values("line_moved", MOST)
    rows = "".join(
        f"<tr><td>{year}</td><td>{number(100 * float((moved[:, k] > 0).mean()))}%</td></tr>" for k, year in enumerate(result.calendar) if year % 3 == 0
    )
    off = float((moved.max(axis=1) > 0.5).mean())
    return (
        f"<p>In {number(100 * off)}% of the histories the ruling coalition's line was, for at least half of some year, so far from the line of histories like"
        " the record that levers moved. The recorded levers, the table from lines to levers and the sizes of the signals back to the struggle are"
        " assumptions: the record shows one path. They are parameters with ranges (line_strength, seam_strength), and 0 cuts either direction.</p>"
        f"<details><summary>Share of histories whose levers moved, by year</summary><table><thead><tr><th>year</th><th>share</th></tr></thead><tbody>{rows}</tbody></table></details>"
    )


def _e(text: object) -> str:
    return html.escape(str(text), quote=True)
