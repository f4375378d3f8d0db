"""The quantitative record beside the model: some sixty quantities, each figure with its label and source.

`country/series.csv` holds one row a figure: `series,period,geography,value,low,high,unit,evidence,source,use,note`. A name without
a dot is a quantity that the model may have too (`coal`, `harvest`, `births`); a name with a dot is another measurement of
the same thing (`harvest.western_low`, `income.official`): competing measurements stand side by side, none is averaged away.

A period is a year (what flowed in it), a day or month (a stock then), or `A..B` (a flow over that span: a total
over whole years when both ends are years). `use` says whether the model's parameters were fitted to the figure, whether it was held out, or
whether it is only shown. An empty value with a range is a range without a central figure.

The reader reads once per case (about 10 ms); it raises nothing, faults are collected with their place in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ...evidence import Evidence
from ...faults import Fault, Faults, listed, nearest
from ...marked import Row, scan_csv
from ..values import as_number

FILE = "series.csv"
COLUMNS = ("series", "period", "geography", "value", "low", "high", "unit", "evidence", "source", "use", "note")
USES = ("fit", "held out", "shown")
WHOLE = "USSR"

_DAY = r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?"
_PERIOD = re.compile(rf"{_DAY}(?:\.\.{_DAY})?", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)?", re.ASCII)


@dataclass(frozen=True)
class Point:
    """One figure of the record.

    `start`, `end`: the span in decimal years (a stock's ends are equal). `value` is None when only a range is known; `low`
    and `high` are None when the source gives no range.
    """

    series: str
    period: str
    start: float
    end: float
    geography: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    evidence: Evidence
    source: str
    use: str
    note: str
    line: int = 0

    @property
    def quantity(self) -> str:
        """What is measured: the name before the dot."""
        return self.series.partition(".")[0]

    @property
    def stock(self) -> bool:
        """Whether the figure stands for a day and not for a span."""
        return self.end == self.start

    @property
    def years(self) -> range:
        """Calendar years that a flow covers whole; of a stock, the year at whose end it stands nearest."""
        if self.stock:
            nearest_end = int(self.start + 0.5)
            return range(nearest_end - 1, nearest_end)
        return range(int(self.start), max(int(self.start) + 1, int(self.end)))

    @property
    def middle(self) -> float | None:
        """The value, or the middle of the range when there is no central figure."""
        if self.value is not None:
            return self.value
        return None if self.low is None or self.high is None else (self.low + self.high) / 2


class Record(Mapping[str, tuple[Point, ...]]):
    """Figures by series, in the order of the file; each tuple is in the order of time."""

    def __init__(self, points: list[Point]):
        found: dict[str, list[Point]] = {}
        for point in points:
            found.setdefault(point.series, []).append(point)
        self._series = {name: tuple(sorted(rows, key=lambda p: (p.start, p.end))) for name, rows in found.items()}

    def __getitem__(self, name: str) -> tuple[Point, ...]:
        try:
            return self._series[name]
        except KeyError:
            near = nearest(name, self._series)
            words = f"unknown series {name!r}" + (f"; did you mean {near}?" if near else "")
            raise KeyError(words) from None

    def __contains__(self, name: object) -> bool:
        return name in self._series

    def __iter__(self) -> Iterator[str]:
        return iter(self._series)

    def __len__(self) -> int:
        return len(self._series)

    @property
    def quantities(self) -> tuple[str, ...]:
        """What is measured, by whatever source: names before the dot."""
        return tuple(dict.fromkeys(name.partition(".")[0] for name in self._series))

    def of(self, quantity: str, geography: str | None = None) -> tuple[Point, ...]:
        """Every figure of a quantity, by whatever source, in one geography or in all."""
        names = [name for name in self._series if name.partition(".")[0] == quantity]
        return tuple(p for name in names for p in self._series[name] if geography in (None, p.geography))


def read(folder: Path, faults: list[Fault]) -> Record:
    """Read `series.csv` of a case's folder `country/`; an empty record when there is none. Faults are added to `faults`."""
    path = Path(folder) / FILE
    if not path.exists():
        return Record([])
    try:
        rows, found = scan_csv(path, COLUMNS)
    except Faults as error:
        faults += error.faults
        return Record([])
    faults += found
    points: list[Point] = []
    units: dict[str, tuple[str, int]] = {}
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        before = len(faults)
        point = _point(row, faults)
        if point is None or row.ragged or len(faults) > before:
            continue
        unit, line = units.setdefault(point.series, (point.unit, row.line))
        if unit != point.unit:
            faults.append(row.fault("unit", f"{point.series} in {point.unit!r}", f"one unit for a series ({unit!r} on line {line})"))
        key = (point.series, point.period, point.geography)
        if key in seen:
            faults.append(row.fault("period", f"{point.series} of {point.period}, {point.geography}, a second time", f"once (first on line {seen[key]})"))
        seen.setdefault(key, row.line)
        points.append(point)
    return Record(points)


def span(text: str) -> tuple[float, float] | None:
    """Beginning and end of a period in decimal years, None when it is none.

    >>> span("1930"), span("1930-01-01"), span("1932..1934"), span("1930-07..1931-06")
    ((1930.0, 1931.0), (1930.0, 1930.0), (1932.0, 1935.0), (1930.5, 1931.5))
    """
    match = _PERIOD.fullmatch(text)
    if not match:
        return None
    a, b = match.groups()[:3], match.groups()[3:]
    if any(part and not 1 <= int(part) <= most for part, most in ((a[1], 12), (a[2], 31), (b[1], 12), (b[2], 31))):
        return None
    start = _at(a)
    if b[0] is None:
        return (start, start + 1.0) if a[1] is None else (start, start)
    end = _at(b) + (1.0 if b[1] is None else 1 / 12 if b[2] is None else 1 / 365)
    return (start, round(end, 9)) if end > start else None


def _at(parts: tuple[str | None, ...]) -> float:
    year, month, day = parts
    return int(year or 0) + ((int(month) - 1) / 12 if month else 0.0) + ((int(day) - 1) / 365 if day else 0.0)


def _point(row: Row, faults: list[Fault]) -> Point | None:
    get = row.values.get
    name, period, label, use = get("series", ""), get("period", ""), get("evidence", ""), get("use", "")
    if not _NAME.fullmatch(name):
        faults.append(row.fault("series", f"series is {name!r}", "a lower_snake_case word, with one dot before the name of another measurement"))
    when = span(period)
    if when is None:
        faults.append(row.fault("period", f"period is {period!r}", "YYYY (a flow), YYYY-MM or YYYY-MM-DD (a stock), or A..B"))
    numbers: dict[str, float | None] = {}
    for column in ("value", "low", "high"):
        text = get(column, "")
        numbers[column] = as_number(text)
        if text and numbers[column] is None:
            faults.append(row.fault(column, f"{column} is {text!r}", "a number or nothing"))
    value, low, high = numbers["value"], numbers["low"], numbers["high"]
    if not get("value", "") and (low is None or high is None):
        faults.append(row.fault("value", "no value", "a value, or low and high"))
    if low is not None and high is not None and not low <= (low if value is None else value) <= high:
        faults.append(row.fault("low", f"{low:g} to {high:g} about {get('value', '')}", "low <= value <= high"))
    labels = [str(e) for e in Evidence]
    if label not in labels:
        faults.append(row.fault("evidence", f"evidence is {label!r}", listed(labels), nearest(label, labels)))
    if use not in USES:
        faults.append(row.fault("use", f"use is {use!r}", listed(USES), nearest(use, USES)))
    for column in ("geography", "unit", "source"):
        if not get(column):
            faults.append(row.fault(column, f"no {column}", "text"))
    if when is None or label not in labels:
        return None
    return Point(
        name, period, *when, get("geography", ""), value, low, high, get("unit", ""), Evidence(label), get("source", ""), use, get("note", ""), row.line
    )  # fmt: skip


#: What the figures' quantities are called in text and figures.
WORDS: Mapping[str, str] = MappingProxyType({
    "coal": "coal", "iron": "pig iron", "steel": "steel", "oil": "oil", "electricity": "electricity", "tractor_output": "tractors made",
    "tractors": "tractors in use", "tanks": "tanks made", "income": "national income", "income_early_weights": "income in prices of 1928",
    "income_late_weights": "income in prices of 1937", "heavy_output": "heavy industry", "consumer_output": "consumer goods", "industry": "industrial output",
    "employment": "workers and employees", "urban": "townspeople", "real_wage": "real wage", "consumption_share": "households' share of income",
    "investment_share": "share of income invested", "defence_share": "share of income for defence", "cotton": "cotton cloth", "army": "men under arms",
    "harvest": "grain harvest", "procurement": "grain procured", "export": "grain exported", "quota": "procurement plan", "kolkhoz_share": "households in kolkhozy",
    "horses": "horses", "cattle": "cattle", "pigs": "pigs", "sheep": "sheep and goats", "peasant_disturbances": "peasant disturbances",
    "food_index": "food a head", "famine_deaths": "excess deaths from famine", "population": "population", "births": "births", "deaths": "deaths",
    "natural_increase": "natural increase", "birth_rate": "birth rate", "death_rate": "death rate", "infant_mortality": "deaths of infants",
    "tfr": "births a woman", "life_expectancy": "expectation of life", "convictions": "political convictions", "shot": "sentenced to death",
    "to_camp": "sentenced to camps", "to_exile": "sentenced to exile", "to_other": "other sentences", "arrests": "political arrests",
    "camps_stock": "prisoners in camps and colonies", "camp_deaths": "deaths in camps", "camp_death_rate": "death rate in camps",
    "settlers_stock": "special settlers", "settler_deaths": "deaths of settlers", "deported_kulaks": "deported as kulaks", "party_members": "party members and candidates",
    "literacy": "literate, 9 to 49", "pupils": "pupils", "students": "students", "doctors": "doctors", "churches": "open churches",
    "press_circulation": "newspapers printed at a time", "town_food": "food of townspeople", "machines": "machines made", "investment": "investment",
    "food_worst_region": "food a head in the worst region", "famine_deaths_town": "excess deaths in towns", "party_expelled": "expelled from the party",
    "army_lost": "command discharged", "army_competence": "competence of the command", "cult_index": "cult", "deported": "deported",
    "camp_releases": "released from camps", "fear_society": "fear", "village_consumption": "consumption of villagers", "town_consumption": "consumption of townspeople",
})  # fmt: skip


def word(name: str) -> str:
    """The series in words: `harvest.western_low` is `grain harvest (western low)`."""
    quantity, _, other = name.partition(".")
    text = WORDS.get(quantity, quantity.replace("_", " "))
    return f"{text} ({other.replace('_', ' ')})" if other else text
