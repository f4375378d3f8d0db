"""The recorded books of repression, people and party: accounts that close each year, with every residual as a named line.

A case may keep record tables in `country/record/`. Each function here closes one of them with the identities of
`politburo.theory.accounts` and returns a `Result`: a row a period, the residual last. Nothing is smoothed: where the printed figures
do not close, the line says by how much, and the notes say what would explain it.

The model's own books close by construction (`politburo.engine.country.terror`, `.people`); these are the record's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..case.load import find_case
from ..faults import Fault, Faults, listed, nearest
from ..marked import Row, scan_csv
from ..theory.accounts import check_sums, stock_flow
from ..theory.results import ARITHMETIC, Result

AGE_GROUPS = tuple(f"a{a}_{a + 4}" for a in range(0, 85, 5)) + ("a85_up",)


def record(case: str | Path, table: str) -> list[Row]:
    """Rows of `country/record/TABLE.csv` of a case."""
    folder = find_case(case) / "country" / "record"
    path = folder / f"{table}.csv"
    if not path.exists():
        names = sorted(p.stem for p in folder.glob("*.csv")) if folder.is_dir() else []
        raise Faults([Fault(str(path), 0, 0, "no such table", listed(names) if names else "a case with country/record/", nearest(table, names))])
    header = next(line for line in path.read_text().splitlines() if not line.startswith("#"))
    rows, faults = scan_csv(path, header.split(","))
    if faults:
        raise Faults(faults)
    return rows


def _whole(row: Row, name: str) -> int:
    text = row.values[name]
    return int(text) if text else 0


def convictions(case: str | Path = "ussr") -> Result:
    """Convictions by sentence: death + camps + exile + other against the printed total of each year.

    Where a year's parts do not add up, the gap is a line; a cell is located as a misprint when its year and the printed sum of
    its column fail by the same amount.
    """
    rows = record(case, "convictions")
    years = [int(r.values["year"]) for r in rows]
    parts = {name: [_whole(r, name) for r in rows] for name in ("death", "camps", "exile", "other")}
    totals = [_whole(r, "total") for r in rows]
    # Column sums of the table corrected by arithmetic: 1921-53.
    sums = {"death": 799_455, "camps": 2_631_397, "exile": 413_512, "other": 215_942}
    checked = check_sums(parts, totals, rows=years, column_sums=sums, total_sum=4_060_306)
    body = [
        (y, totals[i], *(parts[n][i] for n in parts), totals[i] - sum(parts[n][i] for n in parts), rows[i].values["note"])
        for i, y in enumerate(years)
    ]
    gaps = [row for row in body if row[6]]
    return Result(
        title="Convictions for counter-revolutionary and other especially dangerous crimes",
        source="record/convictions.csv",
        standing=ARITHMETIC,
        columns=("year", "total", "death", "camps", "exile", "other", "gap", "note"),
        rows=body,
        facts={
            "years that add up": len(body) - len(gaps),
            "years": len(body),
            "misprints located": checked.facts["misprints located"],
            "other count of death sentences": sum(_whole(r, "state_security_death") for r in rows),
        },
        notes=[f"{row[0]}: total less parts is {row[6]}; {row[7]}" for row in gaps],
    )


def camps(case: str | Path = "ussr", deaths: str = "registration") -> Result:
    """Camps and colonies: stock, deaths, and what must have come in less what went out otherwise.

    deaths : "registration" (1930-53) or "museum" (1930-39): two series that differ by up to 46 %.
    """
    if deaths not in ("registration", "museum"):
        raise Faults([Fault("deaths", 0, 0, f"deaths is {deaths!r}", "registration, museum", nearest(deaths, ("registration", "museum")))])
    rows = [r for r in record(case, "camps") if r.values[f"deaths_{deaths}"]]
    stock = {int(r.values["year"]): _whole(r, "camps") + _whole(r, "colonies") for r in record(case, "camps")}
    body, notes = [], []
    for r in rows:
        y = int(r.values["year"])
        if y + 1 not in stock:
            continue
        entered = _whole(next(x for x in record(case, "camps") if int(x.values["year"]) == y + 1), "colonies") if y == 1934 else 0
        died = _whole(r, f"deaths_{deaths}")
        net = stock[y + 1] - stock[y] + died - entered
        body.append((y, stock[y], entered, net, died, stock[y + 1]))
        if r.values["other_total"]:
            notes.append(f"{y}: camps and colonies add up to {stock[y]:,}; {int(r.values['other_total']):,} is also printed")
    notes.append("1934: colonies enter the count on 1 January 1935; the line 'entered' is a change of count, not of people")
    return Result(
        title=f"Camps and colonies, deaths of the {deaths} series",
        source="record/camps.csv",
        standing=ARITHMETIC,
        columns=("year", "opening", "entered", "arrivals less releases", "deaths", "closing"),
        rows=body,
        facts={"deaths in all": sum(row[4] for row in body), "arrivals less releases in all": sum(row[3] for row in body)},
        notes=notes,
    )


OUTFLOWS = ("released_wrongly", "released_study", "released_decree", "to_dependants", "to_organisations", "other")


def settlers(case: str | Path = "ussr") -> Result:
    """The kulak exile of 1932-40, from printed sums: it does not close, and the missing inflow is a named line."""
    rows = record(case, "settlers")
    yearly = [r for r in rows if r.values["year"].isdigit()]
    printed = next(r for r in rows if not r.values["year"].isdigit())
    stock = [_whole(r, "stock") for r in yearly]
    account = stock_flow(
        [stock[0], stock[-1]],
        {"arrivals": [489_822], "births": [_whole(printed, "births")], "recaptured": [_whole(printed, "recaptured")]},
        {"deaths": [_whole(printed, "deaths")], "escapes": [_whole(printed, "escapes")]}
        | {name: [sum(_whole(r, name) for r in yearly)] for name in OUTFLOWS},
        years=["1932-1940"],
    )
    years = sum(_whole(r, "deaths") for r in yearly)
    account.notes.append(f"unlisted inflow, or outflows counted twice: {account.column('residual')[0]:,}")
    account.notes.append(f"deaths by year add up to {years:,}, the printed sum is {_whole(printed, 'deaths'):,}: {_whole(printed, 'deaths') - years:+,}")
    return account


def population(case: str | Path = "ussr") -> Result:
    """Population on 1 January, births, deaths and what is left over, thousand; the territory of 1939 is a line of its own."""
    rows = record(case, "vital")
    take = lambda series, borders: {int(r.values["period"]): int(r.values["value"]) for r in rows if r.values["series"] == series and r.values["borders"] == borders}  # noqa: E731
    stock, births, deaths = take("population_1jan", "1938"), take("births", "1938"), take("deaths", "1938")
    years = sorted(births)
    account = stock_flow(
        [stock[y] for y in (*years, years[-1] + 1)], {"births": [births[y] for y in years]}, {"deaths": [deaths[y] for y in years]},
        years=years, tolerance=1,
    )  # fmt: skip
    wide = take("population_1jan", "1946")
    account.notes.append(f"1 January 1939: {stock[1939]:,} in the borders of 1938, {wide[1939]:,} in those of 1946: territory {wide[1939] - stock[1939]:,}")
    return account


def party(case: str | Path = "ussr") -> Result:
    """Members and candidates on 1 January, expulsions where a figure is known, and all else as one line."""
    rows = record(case, "party")
    totals = [_whole(r, "total") for r in rows]
    sums = check_sums({n: [_whole(r, n) for r in rows] for n in ("members", "candidates")}, totals, rows=[r.values["year"] for r in rows])
    out = [
        (int(r.values["year"]), totals[i], _whole(r, "expelled") or "", totals[i + 1] - totals[i] + _whole(r, "expelled"), totals[i + 1])
        for i, r in enumerate(rows[:-1])
    ]
    return Result(
        title="Communist Party, members and candidates",
        source="record/party.csv",
        standing=ARITHMETIC,
        columns=("year", "opening", "expelled", "admitted less lost otherwise", "closing"),
        rows=out,
        facts={"years in which members and candidates add up": sums.facts["rows that add up"], "years": len(rows)},
        notes=["expelled is empty where no figure is in the record; then the next column holds expulsions too"],
    )


def deportations(case: str | Path = "ussr") -> Result:
    """Deportations by people or category: persons moved, the range of the sources, and how many were counted later.

    `missing by 1949` is the count at deportation less that of January 1949, in both cases of the settlements' own books: deaths less births plus
    transfers. With births at 15 to 28 a thousand a year (special settlers of 1932-36) deaths were higher by `births added`; so the last
    two columns are the least and the most that these counts allow if nobody was transferred. Empty: no count in the record.
    """
    out = []
    for r in record(case, "deportations"):
        v = r.values
        missing = low = high = ""
        if v["counted_at_deportation"]:
            start, end = _whole(r, "counted_at_deportation"), _whole(r, "counted_1949")
            missing = start - end
            years = 1949 - int(v["period"][:4]) - (int(v["period"][5:7]) - 1) / 12
            low, high = (round(missing + rate * years * (start + end) / 2) for rate in (0.015, 0.028))
        out.append((v["people"], v["period"], _whole(r, "persons"), v["low"], v["high"], v["evidence"], missing, low, high, "in another row" if v["part"] else ""))
    whole = [row for row in out if not row[9]]
    return Result(
        title="Deportations by people",
        source="record/deportations.csv",
        standing=ARITHMETIC,
        columns=("people", "when", "persons", "low", "high", "evidence", "missing by 1949", "deaths at least", "deaths at most", "part"),
        rows=out,
        facts={"persons in all": sum(row[2] for row in whole)},
        notes=[
            "missing by 1949: counted in the settlements at deportation less in January 1949 (looked up); empty where the record has no counts",
            "deaths at least, at most: missing plus births at 15 and 28 a thousand a year, if nobody was transferred (derived on an assumption)",
        ],
    )


def army(case: str | Path = "ussr") -> Result:
    """Army command, 1936-41: discharged, taken back, and repressed by rank, with conflicting counts side by side."""
    rows = record(case, "army")
    value = {r.values["what"]: float(r.values["value"]) for r in rows}
    years = [value[f"discharged {y}"] for y in (1937, 1938, 1939)]
    return Result(
        title="Army command, 1936-41",
        source="record/army.csv",
        standing=ARITHMETIC,
        columns=("what", "value", "evidence", "note"),
        rows=[(r.values["what"], r.values["value"], r.values["evidence"], r.values["note"]) for r in rows],
        facts={
            "discharged 1937-39": int(sum(years)),
            "printed sum": int(value["discharged 1937-39, all causes"]),
            "taken back, share": round(value["command staff reinstated 1937-39"] / value["discharged 1937-39, all causes"], 3),
        },
    )


def erased(case: str | Path = "ussr") -> Result:
    """People erased from photographs and reference works: events of the record. The model counts those of its case who would be."""
    rows = record(case, "erased")
    return Result(
        title="Erased from the press",
        source="record/erased.csv",
        standing=ARITHMETIC,
        columns=("person", "what", "made", "erased", "evidence", "note"),
        rows=[tuple(r.values[c] for c in ("person", "what", "made", "erased", "evidence", "note")) for r in rows],
        facts={"events": len(rows)},
        notes=["an unsystematic few, all recalled; no count of the erased exists"],
    )


BOOKS: dict[str, Callable[..., Result]] = {
    "convictions": convictions, "camps": camps, "settlers": settlers, "deportations": deportations, "population": population,
    "party": party, "army": army, "erased": erased,
}  # fmt: skip


def book(name: str, case: str | Path = "ussr") -> Result:
    """One of the recorded books by its name."""
    if name not in BOOKS:
        raise Faults([Fault("accounts", 0, 0, f"no book {name!r}", listed(BOOKS), nearest(name, BOOKS))])
    return BOOKS[name](case)
