"""The author's number beside ours: reference values that belong to what a user just ran, with their evidence.

Also the packaged accounts (population, convictions, camps) as ready results. Everything here reads the
packaged tables; nothing computes a reference value."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from politburo.faults import Faults
from politburo.marked import load_csv

from .accounts import check_sums, implied_flow, stock_flow
from .examples import Game, reference_indices, table
from .inputs import Measure, number, read_number, reject, word
from .leader_tenure import hazards_from_counts, leader_hazard
from .membership import counts
from .personal_power import personalism_scores
from .population import excess_deaths
from .results import ARITHMETIC, Result

NOT_A_MODEL = "reference values"


def known_coalition(circle: Measure, share: Fraction) -> Result | None:
    """The reference row of this circle at this majority, when there is one."""
    for row in table("t1_aes_urc_reference"):
        powers = [Fraction(p) for p in row["powers"].split()]
        if Fraction(row["alpha"]) == share and powers == list(circle.exact):
            members = ", ".join(
                name for k, name in enumerate(circle.names) if chr(65 + k) in row["urc_members_ABC"]
            )
            return Result(
                title="Beside it",
                source="exhaustive search by the definition",
                standing=NOT_A_MODEL,
                columns=("what", "reference", "evidence"),
                rows=[
                    ("ruling coalition", members, "derived (regression value)"),
                    (
                        "self-enforcing coalitions",
                        row["n_self_enforcing_coalitions"],
                        "derived (regression value)",
                    ),
                ],
            )
    return None


def known_indices(game: Game, found: Any) -> Result | None:
    """Reference values of a packaged game beside ours, one row a weight class."""
    rows = []
    at = 0
    for row in reference_indices(game.key):
        evidence = (
            "published"
            if "published" in row["note"] or "Banzhaf 1965" in row["note"]
            else "derived (regression value)"
        )
        for index, column in (
            ("shapley_shubik", "shapley_shubik"),
            ("banzhaf_normalised", "banzhaf_normalised"),
            ("johnston", "johnston"),
        ):
            if found.values[index] is not None:
                rows.append((row["group"], index, found.values[index][at], float(row[column]), evidence))
        at += int(row["count_in_group"])
    return Result(
        title="Beside them",
        source=row["note"] or "recomputed",
        standing=NOT_A_MODEL,
        columns=("members", "index", "ours", "reference", "evidence"),
        rows=rows,
    )


def known_bargain(example: str, model: str, found: Any) -> Result | None:
    """Printed values of a packaged leadership beside ours, when its authors printed any."""
    if example == "emission" and model == "eu":
        rows = []
        for row in table("t2_scholz_emission_rounds"):
            t = int(row["round"])
            if t < len(found.medians) and row["published_median_table2"]:
                rows.append(
                    (
                        t,
                        found.medians[t],
                        float(row["published_median_table2"]),
                        found.means[t],
                        float(row["published_mean_table2"]),
                        "published",
                    )
                )
        return Result(
            title="Beside it: the printed table",
            source="Scholz, Calbert and Smith (2011), table 2",
            standing=NOT_A_MODEL,
            columns=("round", "median", "printed", "mean", "printed mean", "evidence"),
            rows=rows,
            notes=[
                "printed to one decimal, mostly cut off; the 9.9 of round 2 is probably a misprint (recomputed 9.61)",
                "actual outcome 8.833; Bueno de Mesquita's own figures 8.35, then 9.05 (published)",
            ],
        )
    if example == "china" and model == "ktab":
        last = len(found.positions) - 1
        rows = []
        for row in table("t2_ktab_china_combined_turns"):
            if int(row["turn"]) == last:
                i = found.actors.names.index(row["actor"])
                rows.append(
                    (
                        row["actor"],
                        float(found.positions[last, i, 0]),
                        float(row["position_1_reference"]),
                        float(found.positions[last, i, 1]),
                        float(row["position_2_reference"]),
                        float(found.probabilities[last, i]),
                        float(row["winning_probability_reference"]),
                        "published",
                    )
                )
        return (
            Result(
                title=f"Beside it: the authors' log, turn {last}",
                source="KTAB reference run",
                standing=NOT_A_MODEL,
                columns=(
                    "actor",
                    "position_1",
                    "theirs",
                    "position_2",
                    "theirs ",
                    "probability",
                    "theirs  ",
                    "evidence",
                ),
                rows=rows,
            )
            if rows
            else None
        )
    if example == "five" and model == "ktab" and len(found.positions) == 1:
        printed = {
            "Alice": (1.0, 0.3154),
            "Bob": (-0.387, 0.1668),
            "Carol": (-0.5, 0.1082),
            "David": (-0.001, 0.2216),
            "Ellie": (-0.298, 0.188),
        }
        rows = [
            (
                n,
                float(found.risks[0, i]),
                printed[n][0],
                float(found.probabilities[0, i]),
                printed[n][1],
                "published",
            )
            for i, n in enumerate(found.actors.names)
        ]
        return Result(
            title="Beside it: the authors' log (Markov rule, cubic voting)",
            source="KTAB reference run",
            standing=NOT_A_MODEL,
            columns=("actor", "risk", "theirs", "probability", "theirs ", "evidence"),
            rows=rows,
        )
    return None


def _population() -> tuple[list[int], list[int], list[int], list[int]]:
    rows = table("t6_adk_ussr_1927_1939")
    births, deaths = ([int(r[c]) for r in rows[:-1]] for c in ("births_thousand", "deaths_thousand"))
    return (
        [int(r["year"]) for r in rows[:-1]],
        [int(r["population_1jan_thousand"]) for r in rows],
        births,
        deaths,
    )


def population_balance() -> Result:
    """The population account of the USSR, 1927-1939, in thousands: every residual named, 1933 left as it is."""
    years, population, births, deaths = _population()
    out = stock_flow(population, {"births": births}, {"deaths": deaths}, years=years, tolerance=1)
    out.title, out.source = (
        "Population of the USSR, 1927-1939, thousands",
        "Andreev, Darskii and Khar'kova, recalled with looked-up anchors",
    )
    out.notes.append(
        "the 200 thousand of 1933 are registered as emigration or a misprint: unresolved, reported, not smoothed"
    )
    return out


def famine_excess() -> Result:
    """Excess deaths of 1932-33 against a constant and a linear baseline, in thousands: a band, not a number."""
    years, population, _, deaths = _population()
    before, after = [1927, 1928, 1929], [1935, 1936, 1937]
    rows = []
    for crisis in ([1932, 1933], [1933]):
        for rest in (None, after):
            found = excess_deaths(years, population, deaths, crisis=crisis, before=before, after=rest)
            rows.append(
                (
                    f"{crisis[0]}-{crisis[-1]}" if len(crisis) > 1 else str(crisis[0]),
                    found.facts["baseline"],
                    found.facts["excess in all"],
                )
            )
    return Result(
        title="Excess deaths in the USSR, thousands",
        source="from the recalled balance",
        standing="derived from recalled figures",
        columns=("years", "baseline", "excess"),
        rows=rows,
        notes=["published estimates run from 5 to 10 million for the whole famine"],
    )


def convictions() -> Result:
    """Convictions for counter-revolutionary crimes 1921-1953: do the parts add up? (looked up, corrected by
    arithmetic)
    """
    rows = table("t6_convictions_1921_1953")
    names = ("death", "camps_colonies_prisons", "exile", "other")
    out = check_sums(
        {c: [int(r[c]) for r in rows] for c in names},
        [int(r["sentenced_total"]) for r in rows],
        rows=[r["year"] for r in rows],
        column_sums=dict(zip(names, (799455, 2631397, 413512, 215942))),
        total_sum=4060306,
    )
    out.title, out.source = (
        "Convictions 1921-1953",
        "summary table of the security police, corrected by arithmetic (looked up)",
    )
    out.notes += [
        "1938: 328,618 death sentences here, 328,612 in another text",
        "another total, of other coverage: 642,980 of 3,777,380 (1954)",
    ]
    return out


def gulag_flows(version: str = "A") -> Result:
    """Net arrivals in the camps implied by stocks and deaths; `version` A or B of the deaths, which differ by
    up to 46 %.
    """
    word(version, "version", ("A", "B"))
    column = "deaths_version_A_zemskov_type" if version == "A" else "deaths_version_B_gulag_museum"
    rows = [r for r in table("t6_gulag") if r[column]]
    every = table("t6_gulag")
    last = int(rows[-1]["year"]) + 1
    stocks = [int(r["prisoners_1jan_camps_and_colonies"]) for r in every if int(r["year"]) <= last]
    rows = rows[: len(stocks) - 1]
    out = implied_flow(stocks, [int(r[column]) for r in rows], years=[int(r["year"]) for r in rows])
    out.title, out.source = (
        f"Camps and colonies: net arrivals, deaths of version {version}",
        "Zemskov (A), Gulag museum (B); partly recalled",
    )
    return out


def hazard(file: str | None = None, years: Any = 26) -> Result:
    """Coup, natural and other exits by year of tenure: from a CSV with columns tenure, exit, or the packaged
    counts.

    An empty exit is a spell still running. The packaged table is counted from public leader data (698 leaders
    in their first year)."""
    if file is not None:
        rows = load_csv(file, ["tenure", "exit"], ["name"])
        faults = [
            row.fault("tenure", row.values["tenure"], "years of at least 0")
            for row in rows
            if isinstance(read_number(row.values["tenure"]), str) or read_number(row.values["tenure"]) < 0
        ]
        if faults:
            raise Faults(faults)
        exits = [row.values["exit"] for row in rows]
        kinds = sorted({e for e in exits if e})
        return leader_hazard(
            [row.values["tenure"] for row in rows], exits, kinds=kinds, years=int(number(years, "years"))
        )
    rows = table("t4_svolik_leader_hazard")
    at_risk = [int(r["leaders_at_risk"]) for r in rows]
    coups, every = [int(r["coup_exits"]) for r in rows], [int(r["all_exits"]) for r in rows]
    ours = zip(rows, hazards_from_counts(at_risk, coups), hazards_from_counts(at_risk, every))
    return Result(
        title="Leaders' hazards by year of tenure",
        source="counted from the leader data of Svolik (2012)",
        standing=ARITHMETIC,
        columns=(
            "tenure_year",
            "at_risk",
            "coups",
            "coup hazard",
            "reference",
            "any exit hazard",
            "reference ",
        ),
        rows=[
            (
                int(r["tenure_year"]),
                int(r["leaders_at_risk"]),
                int(r["coup_exits"]),
                a,
                float(r["coup_hazard"]),
                b,
                float(r["any_exit_hazard"]),
            )
            for r, a, b in ours
        ],
        notes=["evidence of the reference: derived (counted from a public data set)"],
    )


def membership(
    dates: Any = (1922.6, 1926.6, 1930.6, 1934.6, 1939.6, 1949.6), file: str | None = None
) -> Result:
    """Full and candidate members of the Politburo at some dates (decimal years), or of any body from a CSV of
    spells.

    Columns of the file: name, status, start, end. The packaged spells are a public list with known dating
    errors (Rudzutak, Tomsky; the presidium of 1952 is incomplete)."""
    if file is None:
        spells = [
            {
                "name": r["name_as_in_source"],
                "status": r["status"],
                "start": r["start_decimal_year"],
                "end": r["end_decimal_year"],
            }
            for r in table("t4_politburo_spells_1919_1953")
        ]
    else:
        spells = [row.values for row in load_csv(file, ["name", "status", "start", "end"])]
    wanted = [dates] if isinstance(dates, str) else dates
    return counts(
        spells,
        wanted,
        dict.fromkeys(s["status"] for s in sorted(spells, key=lambda s: s["status"] != "full")),
    )


def personalism(file: str) -> Result:
    """Latent personalism from a CSV: a column name (or unit) and any number of 0/1 items, empty where
    missing.
    """
    from pathlib import Path

    from politburo.marked import read_text

    text = read_text(Path(file))
    header = [c.strip() for c in (text.splitlines() or [""])[0].split(",")]
    items = [c for c in header if c not in ("name", "unit")]
    if len(items) < 2:
        raise reject(str(file), f"{len(items)} items", "a column name and at least two items")
    rows = load_csv(file, items, ["name", "unit"], text)
    faults = [
        row.fault(c, repr(row.values[c]), "0, 1 or empty")
        for row in rows
        for c in items
        if row.values[c] not in ("0", "1", "")
    ]
    if faults:
        raise Faults(faults)
    names = [row.values.get("name") or row.values.get("unit") or str(k + 1) for k, row in enumerate(rows)]
    return personalism_scores(
        [[None if row.values[c] == "" else int(row.values[c]) for c in items] for row in rows], names
    )
