"""Reference values of the smaller models, beside ours: leaders, thresholds, growth, populations, accounts.

Almost all are regression values of derived models or recalled from the works; none is called published.
"""

from __future__ import annotations

from collections.abc import Iterator

from politburo.evidence import Evidence

from .examples import table
from .reference_politics import DERIVED, RECALLED, Line


def leaders() -> Iterator[Line]:
    from .leader_tenure import hazards_from_counts
    from .membership import counts
    from .purges import eliminations
    from .selectorate_theory import selectorate

    rows = table("t4_svolik_leader_hazard")
    at_risk = [int(r["leaders_at_risk"]) for r in rows]
    for kind, hazard in (("coup_exits", "coup_hazard"), ("all_exits", "any_exit_hazard")):
        for row, ours in zip(rows, hazards_from_counts(at_risk, [int(r[kind]) for r in rows])):
            yield Line(f"{hazard}, year {row['tenure_year']}", ours, float(row[hazard]), 1e-4, DERIVED)
    spells = [
        {
            "name": r["name_as_in_source"],
            "status": r["status"],
            "start": r["start_decimal_year"],
            "end": r["end_decimal_year"],
        }
        for r in table("t4_politburo_spells_1919_1953")
    ]
    wanted = {
        1919: (5, 3),
        1922: (6, 3),
        1923: (7, 4),
        1924: (7, 6),
        1926: (9, 8),
        1927: (8, 7),
        1928: (9, 8),
        1930: (10, 5),
        1934: (10, 5),
        1937: (9, 4),
        1938: (7, 4),
        1939: (9, 2),
        1946: (10, 4),
        1949: (11, 1),
    }
    for row in counts(spells, [y + 0.6 for y in wanted]).rows:
        yield Line(f"Politburo, August {int(row[0])}", (row[1], row[2]), wanted[int(row[0])], None, DERIVED)
    for row in table("t4_selectorate_sqrt_reference"):
        ours = selectorate(row["S"], row["W"]).rows[0]
        for column, value in zip(("spent_m", "kept_R_minus_m", "public_good_x", "private_good_g"), ours[2:6]):
            yield Line(f"S={row['S']} W={row['W']}: {column}", value, float(row[column]), 1e-8, DERIVED)
        yield Line(
            f"S={row['S']} W={row['W']}: public share",
            ours[6],
            float(row["share_of_m_on_public"]),
            1e-6,
            DERIVED,
        )
    for row in table("t4_eliminations_reference"):
        ours = eliminations(
            row["enemies"],
            row["hit_rate_p"],
            population=row["population"],
            threshold=row["revolution_threshold_share"],
        ).rows[0]
        for column, value in zip(("eliminated_x", "enemies_hit", "innocents_hit"), ours):
            yield Line(
                f"E={row['enemies']} p={row['hit_rate_p']}: {column}",
                value,
                float(row[column]),
                1e-6,
                DERIVED,
            )


def small_models() -> Iterator[Line]:
    from .appointments import circular_flow
    from .contests import contest
    from .famine import procurement
    from .planning import leontief, ward_firm
    from .thresholds import cascade
    from .triads import triad_table

    for step, (ours, printed) in enumerate(
        zip(circular_flow().column("body"), (0.2, 0.2, 0.312, 0.452, 0.583, 0.693))
    ):
        yield Line(f"circular flow, step {step}", ours, printed, 5e-4, DERIVED)
    yield Line("circular flow, step 10", circular_flow().column("body")[10], 0.948, 5e-4, DERIVED)
    kuran = [0, 20, 20, 30, 40, 50, 60, 70, 80, 100]
    yield Line("Kuran, first society", str(cascade(kuran, "percent").facts["share"]), "1/10", None, RECALLED)
    yield Line(
        "Kuran, one threshold changed",
        str(cascade([0, 10, *kuran[2:]], "percent").facts["share"]),
        "9/10",
        None,
        RECALLED,
    )
    yield Line("Granovetter, 0 to 99", cascade(range(100)).facts["joined"], 100, None, RECALLED)
    yield Line("Granovetter, 2 for 1", cascade([0, 2, *range(2, 100)]).facts["joined"], 1, None, RECALLED)
    yield Line("contest of three for 9", contest(3, 9).rows[0][:2], (2.0, 6.0), None, RECALLED)
    for ours, printed in zip(
        leontief([[0.2, 0.3], [0.4, 0.1]], [10, 5]).column("gross output"), (17.5, 40 / 3)
    ):
        yield Line("Leontief balance", ours, printed, 1e-9, RECALLED)
    yield Line("Ward firm, p = 2, R = 3", ward_firm(2, 3).rows[0][0], 9.0, 1e-12, RECALLED)
    yield Line(
        "rigid procurement",
        [int(v) for v in procurement([100, 150, 200]).column("retained")],
        [70, 55, 40],
        None,
        DERIVED,
    )
    flexible = procurement([100, 150, 200], flexible=True, ration=60).column("retained")
    yield Line("flexible procurement", [int(v) for v in flexible], [60, 60, 60], None, DERIVED)
    caplow = ["AB or AC or BC", "BC", "AB or AC", "none", "AC or BC", "none", "AB or AC", "AB or AC"]
    gamson = ["AB or AC or BC", "BC", "AB or AC", "none", "BC", "none", None, "AB or AC"]
    ruling = ["AB or AC or BC", "BC", "BC", "A", "ABC", "A", "ABC", "ABC"]
    for row, c, g, r in zip(triad_table().rows, caplow, gamson, ruling):
        yield Line(f"triad {row[0]}: Caplow", row[3], c, None, RECALLED)
        if (
            g is not None
        ):  # type 7: a recalled table has AB or AC, the cheapest winning pair is AC (see the page)
            yield Line(f"triad {row[0]}: Gamson", row[4], g, None, RECALLED)
        yield Line(f"triad {row[0]}: ruling coalition", row[5], r, None, DERIVED)


def growth() -> Iterator[Line]:
    from .growth import feldman, feldman_crossover, mahalanobis

    for row in table("t5_feldman_reference"):
        ours = feldman(row["gamma"], [row["t_years"]]).rows[0]
        for column, value in zip(("investment", "consumption", "income"), ours[1:]):
            yield Line(
                f"Fel'dman {row['gamma']}, year {row['t_years']}: {column}",
                value,
                float(row[column]),
                1e-6,
                DERIVED,
            )
    for first, second, years in ((0.3, 0.5, 8.518), (0.2, 0.7, 9.574)):
        yield Line(
            f"crossover {first} and {second}",
            feldman_crossover(first, second).facts["years"],
            years,
            5e-4,
            DERIVED,
        )
    for share, wanted in (
        (0.3, (1.171931, 1.402014, 2.121961, 3.411275)),
        (0.1, (1.174335, 1.366816, 1.813962, 2.359031)),
    ):
        for t, ours, value in zip(
            (5, 10, 20, 30), mahalanobis(share, (5, 10, 20, 30)).column("income"), wanted
        ):
            yield Line(f"Mahalanobis {share}, year {t}", ours, value, 1e-6, DERIVED)


def people() -> Iterator[Line]:
    from .accounts import check_sums, stock_flow
    from .population import excess_deaths, leslie, life_expectancy, project

    matrix = leslie([[0, 1.2, 0.5], [0.8, 0, 0], [0, 0.5, 0]])
    yield Line("Leslie growth factor", matrix.facts["growth factor"], 1.0708706373, 1e-9, DERIVED)
    for ours, value in zip(matrix.column("stable share"), (0.477130, 0.356443, 0.166427)):
        yield Line("Leslie stable share", ours, value, 1e-6, DERIVED)
    for ours, value in zip(
        project([100, 80, 40], [0.8, 0.5], [0, 1.2, 0.5]).rows[-1][1:4], (205.978, 155.620, 71.637)
    ):
        yield Line("Leslie after ten steps", ours, value, 5e-4, DERIVED)
    yield Line(
        "Gompertz life expectancy", life_expectancy("gompertz", rate=5e-5, slope=0.1), 70.277, 1e-3, DERIVED
    )
    yield Line("constant hazard 1/50", life_expectancy(lambda age: 0.02), 50.0, 1e-6, DERIVED)
    rows = table("t6_adk_ussr_1927_1939")
    population = [int(r["population_1jan_thousand"]) for r in rows]
    births, deaths = ([int(r[c]) for r in rows[:-1]] for c in ("births_thousand", "deaths_thousand"))
    years = [int(r["year"]) for r in rows[:-1]]
    account = stock_flow(population, {"births": births}, {"deaths": deaths}, years=years)
    for year, ours, row in zip(years, account.column("residual"), rows):
        yield Line(f"residual of {year}", ours, int(row["implied_residual_thousand"]), None, RECALLED)
    for row, p, b, d, p2 in zip(rows, population, births, deaths, population[1:]):
        yield Line(
            f"birth rate {row['year']}", 2000 * b / (p + p2), float(row["crude_birth_rate"]), 0.051, RECALLED
        )
        yield Line(
            f"death rate {row['year']}", 2000 * d / (p + p2), float(row["crude_death_rate"]), 0.051, RECALLED
        )
    before, after = [1927, 1928, 1929], [1935, 1936, 1937]
    for crisis, rest, value in (
        ([1932, 1933], None, 7800),
        ([1932, 1933], after, 8800),
        ([1933], None, 7280),
        ([1933], after, 7810),
    ):
        ours = excess_deaths(years, population, deaths, crisis=crisis, before=before, after=rest).facts[
            "excess in all"
        ]
        yield Line(
            f"excess {crisis[0]}-{crisis[-1]}, {'linear' if rest else 'constant'}", ours, value, 50, DERIVED
        )
    rows = table("t6_convictions_1921_1953")
    names = ("death", "camps_colonies_prisons", "exile", "other")
    parts = {c: [int(r[c]) for r in rows] for c in names}
    totals = [int(r["sentenced_total"]) for r in rows]
    sums = check_sums(parts, totals)
    if len(rows) == 33:
        sums = check_sums(
            parts, totals, column_sums=dict(zip(names, (799455, 2631397, 413512, 215942))), total_sum=4060306
        )
    yield Line("convictions: rows and columns that fail", len(sums.rows), 0, None, Evidence.LOOKED_UP)
    gulag = {int(r["year"]): r for r in table("t6_gulag")}
    yield Line(
        "Gulag deaths 1930-53, version A",
        sum(int(r["deaths_version_A_zemskov_type"]) for r in gulag.values()),
        1590378,
        None,
        RECALLED,
    )
