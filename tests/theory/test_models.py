"""The smaller models: signs, limits, round trips, invariants, independent checks of closed forms, bad input."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo.faults import Faults
from politburo.theory import (
    accounts,
    appointments,
    contests,
    cult,
    examples,
    famine,
    growth,
    leader_tenure,
    membership,
    personal_power,
    planning,
    population,
    promotions,
    purges,
    scissors,
    selectorate_theory,
    thresholds,
    triads,
    viziers,
    wedges,
)
from politburo.theory.beside import convictions, gulag_flows, hazard, population_balance
from politburo.theory.coalition_dynamics import stable_states
from politburo.theory.coalition_network import power_with_ties, ruling_coalition_with_ties
from politburo.theory.results import DERIVED

shares = st.floats(0, 1)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 1), st.floats(0.01, 1), st.integers(0, 40))
def test_circular_flow_is_its_closed_form(posts, body, rotation, lag, steps):
    row = appointments.circular_flow(posts, body, rotation=rotation, lag=lag, steps=steps).rows[-1]
    s, x = appointments.closed_form(steps, posts, body, rotation, lag)
    assert row[1] == pytest.approx(s, abs=1e-9) and row[2] == pytest.approx(x, abs=1e-9)


def test_factions_stand_still_without_advantage_and_fall_to_one_with_it():
    assert appointments.factions([3, 2, 1], steps=50).rows[-1][1:] == pytest.approx((1 / 2, 1 / 3, 1 / 6))
    assert appointments.factions({"a": 1, "b": 9}, advantage={"a": 3}, steps=200).rows[-1][1] > 0.99


@given(st.integers(1, 500), st.floats(0.01, 1), st.floats(0.1, 50), st.floats(0, 0.99))
def test_selectorate_meets_the_incumbency_condition(s, part, price, discount):
    w = part * s
    row = selectorate_theory.selectorate(s, w, price=price, discount=discount).rows[0]
    gap = selectorate_theory.incumbency_gap(s, w, row[2], price=price, discount=discount)
    assert gap == pytest.approx(0, abs=1e-6 * (1 + 1 / (1 - discount)))
    assert row[2] == pytest.approx(price * row[4] + w * row[5])  # the budget of spending


def test_selectorate_signs():
    spent = selectorate_theory.selectorate_sweep(1000, [2, 10, 100, 500, 1000])
    for column, sign in (("spent", 1), ("kept", -1), ("public share", 1)):
        assert (sign * np.diff(spent.column(column)) > 0).all()
    assert (
        selectorate_theory.selectorate(100, 10).rows[0][2]
        > selectorate_theory.selectorate(1000, 10).rows[0][2]
    )


def test_hazard_from_spells_and_the_packaged_table(tmp_path):
    rows = hazard().rows
    assert [r[3] for r in rows[:3]] == pytest.approx([0.0974, 0.0462, 0.0282], abs=1e-4)
    assert rows[0][3] > np.mean([r[3] for r in rows[9:15]])
    path = tmp_path / "spells.csv"
    path.write_text("tenure,exit\n0.5,coup\n2,natural\n2.73,coup\n9,\n")
    own = hazard(str(path), 10)
    assert own.column("at_risk")[:4] == [4, 3, 2, 1] and own.column("coup exits")[:3] == [1, 0, 1]
    assert sum(own.column("all exits")) == 3
    path.write_text("tenure,exit\n0.5,coup\n-2,natural\n")
    with pytest.raises(Faults, match="spells.csv:3:1"):
        hazard(str(path))


@given(st.floats(0, 0.9), st.floats(0.05, 0.5), st.floats(0.05, 1), st.floats(0.05, 1), st.floats(0.05, 0.9))
def test_power_sharing_conserves_probability_and_hazard_falls_with_power(
    start, step, grab, noticed, threshold
):
    found = leader_tenure.power_sharing(
        start, step=step, grab=grab, noticed=noticed, threshold=threshold, periods=60
    )
    assert all(
        0 <= r[1] <= 1 + 1e-12 and 0 <= r[2] <= 1 + 1e-12 and r[1] + r[2] <= 1 + 1e-9 for r in found.rows
    )
    long = leader_tenure.power_sharing(
        start, step=step, grab=grab, noticed=noticed, threshold=threshold, periods=4000
    ).rows[-1]
    assert long[1] + long[2] == pytest.approx(1, abs=1e-6)  # removed or established in the end
    hazards = [
        leader_tenure.removal_hazard(b, grab=grab, noticed=noticed, threshold=threshold)
        for b in np.linspace(0, 1, 21)
    ]
    assert all(b <= a + 1e-15 for a, b in zip(hazards, hazards[1:]))


def test_vizier_signs():
    base = viziers.vizier_sweep(np.linspace(0, 1, 21)).column("competence")
    assert all(b >= a - 1e-12 for a, b in zip(base, base[1:]))
    assert base[0] == 0.5
    threatened = viziers.vizier_sweep(np.linspace(0, 1, 21), survival=0.5).column("competence")
    assert all(b <= a + 1e-12 for a, b in zip(base, threatened))
    paid = viziers.vizier_sweep(np.linspace(0, 1, 21), loyalty=2).column("competence")
    assert all(b >= a - 1e-12 for a, b in zip(base, paid))


@given(st.floats(0, 100), st.floats(0.06, 1))
def test_eliminations_meet_the_constraint(enemies, p):
    row = purges.eliminations(enemies, p).rows[0]
    assert row[0] == pytest.approx(row[1] + row[2])
    assert row[3] <= 0.05 + 1e-9 or row[0] == pytest.approx(100)


def test_eliminations_rise_with_enemies_and_fall_with_information():
    assert np.all(np.diff([purges.eliminations(e, 0.5).rows[0][0] for e in range(5, 40, 5)]) > 0)
    assert np.all(np.diff([purges.eliminations(15, p).rows[0][0] for p in (0.3, 0.5, 0.8, 1)]) < 0)


def test_mass_purge_signs():
    mild, violent = purges.mass_purge(0.2, 1).rows[0], purges.mass_purge(0.7, 1).rows[0]
    assert (
        mild[0] == "mild" and mild[4] == 0 and violent[0] == "violent" and violent[3] == 1 and violent[4] > 0
    )
    performance = [purges.mass_purge(0.3, v).rows[0][5] for v in (0, 0.5, 1, 2)]
    assert np.all(np.diff(performance) > 0)
    over = [purges.mass_purge(0.4, v) for v in (0.1, 0.5, 1, 2, 5, 20, 100)]
    gains = [r.facts["selection gain"] for r in over]
    assert over[0].rows[0][0] == "mild" and over[-1].rows[0][0] == "violent"
    assert gains[1] > gains[0] and gains[-1] < max(gains)  # selection improves only while violence is low


def test_promotion_signs():
    worth = lambda **k: promotions.promotion(**{"rate": 0.1, "gap": 10, **k}).rows[0][1]  # noqa: E731
    assert (
        worth(rate=0.2) > worth()
        and worth(gap=20) > worth()
        and worth(discount=0.5) < worth()
        and worth(purge=0.3) > worth()
    )


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12))
def test_cascade_is_the_least_fixed_point(values):
    joined = thresholds.cascade(values).facts["joined"]
    assert sum(v <= joined for v in values) == joined
    assert all(sum(v <= k for v in values) != k for k in range(joined))


def test_falsification_hides_and_tips():
    quiet = thresholds.falsification([0.9] * 6 + [0.1] * 4, 0.5)
    assert quiet.facts["private opponents"] == Fraction(3, 5) and quiet.facts["public in the end"] == 0
    loud = thresholds.falsification([0.9] * 6 + [0.1] * 4, 0.5, speaking=0.5)
    assert loud.facts["public in the end"] == Fraction(3, 5)


def test_loyalty_test_separates_between_the_costs():
    assert [cult.loyalty_test(h).rows[0][2] for h in (0.5, 1.5, 2, 2.5)] == [False, True, True, False]
    levels = cult.flattery(0.3).column("display")
    assert all(b >= a for a, b in zip(levels, levels[1:])) and levels[-1] == pytest.approx(10)


def test_triads_perturbed_give_all_three():
    for _, powers in triads.TYPES[:3]:
        generic = [100 * p + k for k, p in enumerate(powers)]
        assert triads.triad(generic).column("prediction")[2] == "ABC"


@given(st.lists(st.floats(0.1, 50), min_size=2, max_size=6), st.integers(2, 30))
def test_contests_meet_first_order_conditions(values, n):
    found = contests.unequal_contest(values)
    total = found.facts["total effort"]
    for v, x in zip(found.column("valuation"), found.column("effort")):
        slope = (total - x) / total**2 * v - 1  # of the payoff in own effort
        assert slope == pytest.approx(0, abs=1e-9) if x > 1e-12 else slope <= 1e-9
    assert contests.unequal_contest([7.0] * n).facts["total effort"] == pytest.approx(
        contests.contest(n, 7).rows[0][1]
    )


def test_wintrobe_signs_and_revolt_free_riding():
    tin = [contests.dictator("tinpot", 5, loyalty_price=p).rows[0][1] for p in (1.0, 0.8)]
    total = [contests.dictator("totalitarian", 5, loyalty_price=p).rows[0][1] for p in (1.0, 0.8)]
    assert tin[1] < tin[0] and total[1] > total[0]
    assert contests.dictator("tinpot", 5, loyalty_price=0.7, elasticity=1).rows[0][2] == pytest.approx(1)
    assert contests.revolt(10, 5, 0.3, own_effect=1e-6).rows[0][2] < 1e-4


def test_personalism_recovers_an_order_and_refuses_bad_codings():
    rng = np.random.default_rng(1)
    z = rng.normal(size=150)
    codings = (
        rng.random((150, 8))
        < 1 / (1 + np.exp(-np.linspace(0.7, 2, 8) * (z[:, None] - np.linspace(-1, 1, 8))))
    ).astype(float)
    codings[0, 0] = np.nan
    scores = personal_power.personalism_scores(codings, steps=40).column("score")
    assert personal_power.spearman(scores, list(z)) > 0.7
    assert np.mean(scores) == pytest.approx(0, abs=1e-9) and np.std(scores) == pytest.approx(1)
    with pytest.raises(Faults, match="0, 1 or missing"):
        personal_power.personalism_scores([[0, 2], [1, 1]])


def test_spearman_and_marquez_ordering():
    import csv
    from pathlib import Path

    rows = list(
        csv.DictReader((Path(__file__).parent / "data" / "t4_marquez_personal_power_ussr.csv").open())
    )
    series = {int(float(r["year"])): float(r["personalism_inverted"]) for r in rows}
    assert len(series) == 92 and series[1933] == 1.3862 and series[1917] == 0.6975
    years = list(range(1922, 1934))
    assert personal_power.spearman(years, [series[y] for y in years]) > 0.9
    assert personal_power.spearman([1, 2, 3, 4], [4, 3, 2, 1]) == -1
    assert personal_power.concentration([1, 1, 1, 1]).facts["effective number of rulers"] == 4


def test_membership_counts_half_open_spells():
    spells = [
        {"name": "A", "status": "full", "start": 1920, "end": 1922},
        {"name": "A", "status": "full", "start": 1922, "end": 1923},
    ]
    assert [r[1] for r in membership.counts(spells, [1919.9, 1920, 1922, 1923]).rows] == [0, 1, 1, 0]


@given(st.floats(0.1, 0.9), st.floats(0, 30))
def test_feldman_solves_its_differential_equations(g, t):
    h = 1e-5
    (i0, c0), (i1, c1) = growth.feldman_at(t, g), growth.feldman_at(t + h, g)
    assert (i1 - i0) / h == pytest.approx(g / 3 * i0, rel=1e-3)
    assert (c1 - c0) / h == pytest.approx((1 - g) / 3 * i0, rel=1e-3)


def test_growth_signs():
    hard, soft = growth.soft_budget(1).rows
    assert soft[1] > hard[1] and soft[2] > hard[2]
    assert growth.annual_rate(100, 121, 2) == pytest.approx(0.1)
    assert growth.feldman_crossover(0.2, 0.9, horizon=1).facts["years"] is None


def test_scissors_signs():
    rows = {r[0]: r[-1] for r in scissors.price_scissors(1).rows}
    assert (
        rows["grain limits employment"][1] == "+"
    )  # dearer grain: more of it, more workers fed, more accumulation
    assert rows["employment fixed"] == "0-++"  # cheaper grain: more accumulation, poorer workers and peasants


@given(st.lists(st.integers(1, 300), min_size=2, max_size=8), st.fractions(0, 1))
def test_rigid_procurement_retains_the_ration_less_the_shock(expected, shock):
    rows = famine.procurement(expected, shock=shock, ration=100).rows
    for e, row in zip(expected, rows):
        if e >= 100 and (1 - shock) * e >= e - 100:
            assert row[4] == 100 - shock * e
        assert row[2] == row[3] + row[4]


def test_shapley_shares_add_up_and_cover_order_dependence():
    found = famine.famine_shares()
    assert sum(found.column("contribution")) == pytest.approx(found.facts["all causes"] - found.facts["none"])
    assert all(
        low <= c <= high
        for c, low, high in zip(*(found.column(k) for k in ("contribution", "least", "most")))
    )
    linear = famine.shapley_shares(["a", "b"], lambda s: 2.0 * ("a" in s) + 3.0 * ("b" in s))
    assert linear.column("contribution") == pytest.approx([2, 3])


def test_wedges_round_trip():
    rng = np.random.default_rng(5)
    years = 25
    tn, tk = np.exp(rng.normal(0.3, 0.4, years)), np.exp(rng.normal(0, 0.4, years))
    p = wedges.TwoSectors(capital_a=0.14, labour_a=0.55, capital_m=0.29, labour_m=0.71, subsistence=0.05)
    series = wedges.simulate(
        p,
        1 + 0.01 * np.arange(years),
        1 + 0.03 * np.arange(years),
        [1.0] * years,
        [0.15] * years,
        labour_wedge=tn,
        capital_wedge=tk,
    )
    back = wedges.measure_wedges(p, series)
    assert back.column("tau_N") == pytest.approx(list(tn), abs=1e-8) and back.column(
        "tau_K"
    ) == pytest.approx(list(tk), abs=1e-8)
    for t in range(years):
        assert series.column("K_A")[t] + series.column("K_M")[t] > 0
        assert series.column("N_A")[t] + series.column("N_M")[t] == pytest.approx(1)
    assert wedges.consumption_equivalent([1, 2, 3], [1, 2, 3]) == 0
    assert wedges.consumption_equivalent([1, 2, 3], [1.2, 2.4, 3.6]) == pytest.approx(0.2)
    with pytest.raises(Faults):
        wedges.simulate(p, [1e-6], [1], [1], [0.1])


@given(
    st.lists(st.floats(0, 1000), min_size=2, max_size=5), st.floats(0, 1), st.floats(0, 2), st.integers(0, 20)
)
def test_projection_accounts_for_everybody(start, survival, fertility, years):
    n = len(start)
    found = population.project(start, [survival] * (n - 1), [fertility] * n, years=years, birth_survival=0.9)
    assert found.facts["residual"] == pytest.approx(0, abs=1e-6 * (1 + max(r[-1] for r in found.rows)))


def test_projection_is_the_leslie_matrix():
    matrix = np.array([[0, 1.2, 0.5], [0.8, 0, 0], [0, 0.5, 0]])
    found = population.project([100, 80, 40], [0.8, 0.5], [0, 1.2, 0.5], years=7).rows[-1][1:4]
    assert found == pytest.approx(np.linalg.matrix_power(matrix, 7) @ [100, 80, 40])


def test_life_table_of_a_constant_rate():
    table = population.life_table([0.02] * 120 + [0.02])
    assert table.facts["life expectancy at birth"] == pytest.approx(50, abs=0.02)
    assert sum(table.column("d")) == pytest.approx(100_000)


def test_accounts_locate_a_misprint():
    rows = examples.table("t6_convictions_1921_1953")
    names = ("death", "camps_colonies_prisons", "exile", "other")
    parts = {c: [int(r[c]) for r in rows] for c in names}
    sums = {c: sum(v) for c, v in parts.items()}
    totals = [int(r["sentenced_total"]) for r in rows]
    years = [r["year"] for r in rows]
    parts["death"][years.index("1932")] = 22728  # as printed in one copy
    found = accounts.check_sums(parts, totals, rows=years, column_sums=sums)
    assert found.facts["misprints located"] == "1932 death: off by -20000"
    assert not convictions().rows
    assert population_balance().column("residual")[6] == -200
    assert sum(gulag_flows().column("net arrivals")) > 0


@given(st.lists(st.integers(0, 100), min_size=2, max_size=6), st.integers(0, 10**6))
def test_stock_flow_round_trip(stocks, seed):
    out = [int(v) for v in np.random.default_rng(seed).integers(0, 50, len(stocks) - 1)]
    net = accounts.implied_flow(stocks, out).column("net arrivals")
    assert accounts.stock_flow(stocks, {"net": net}, {"deaths": out}).column("residual") == [0] * len(out)


def test_balances_and_firms():
    found = planning.leontief([[0.2, 0.3], [0.4, 0.1]], [10, 5])
    x = np.array(found.column("gross output"))
    assert x - np.array([[0.2, 0.3], [0.4, 0.1]]) @ x == pytest.approx([10, 5])
    with pytest.raises(Faults, match="spectral radius"):
        planning.leontief([[1.2]], [1])
    income = lambda n: (2 * n**0.5 - 3) / n  # noqa: E731
    best = planning.ward_firm(2, 3).rows[0][0]
    assert income(best) > max(income(best * 0.99), income(best * 1.01))
    assert planning.ward_firm(3, 3).rows[0][0] < best  # the perverse supply response
    assert (
        planning.ratchet(1, ratchet_share=0).rows[0][0]
        == 1
        > planning.ratchet(1, ratchet_share=0.8).rows[0][0]
    )


@given(
    st.lists(st.integers(1, 30), min_size=2, max_size=6),
    st.fractions(0, Fraction(3, 4)),
    st.integers(0, 10**6),
)
def test_ties_conserve_power_and_none_is_the_plain_model(powers, transfer, seed):
    from politburo.theory.coalition import ruling_coalition

    names = [f"m{i}" for i in range(len(powers))]
    rng = np.random.default_rng(seed)
    ties = [(a, b) for i, a in enumerate(names) for b in names[:i] if rng.random() < 0.4]
    after = power_with_ties(powers, ties, transfer, names=names)
    assert after.facts["total"] == sum(powers) and all(p >= 0 for p in after.column("power"))
    plain = ruling_coalition_with_ties(powers, [], transfer, names=names)
    assert plain.facts["ruling coalition"] == ", ".join(
        ruling_coalition(powers, names=names, ties="lowest").members
    )


def test_stable_states_refuse_circles():
    with pytest.raises(Faults, match="circle"):
        stable_states({"x": {"m": 1, "n": 2}, "y": {"m": 2, "n": 1}}, {"x": [["m"]], "y": [["n"]]})


@pytest.mark.parametrize(("call", "found"), [
    (lambda: selectorate_theory.selectorate(10, 20), "20"), (lambda: selectorate_theory.selectorate(10, float("nan")), "nan"),
    (lambda: purges.eliminations(200, 0.5), "200"), (lambda: purges.mass_purge(0.2, 1, base=0.9), "sum of at most 1"),
    (lambda: growth.feldman(0), "0"), (lambda: growth.feldman(0.5, [1e9]), "1e+09|1000000000"), (lambda: contests.contest(1, 2), "1"),
    (lambda: contests.contest(3, 9, decisiveness=2), "2"), (lambda: thresholds.cascade([]), "empty"), (lambda: thresholds.cascade([-1]), "-1"),
    (lambda: triads.triad([1, 2]), "2 members"), (lambda: famine.procurement([]), "empty"), (lambda: population.leslie([[1, 2]]), "matrix"),
    (lambda: accounts.stock_flow([1], {}, {}), "1 values"), (lambda: appointments.circular_flow(1.5), "1.5"),
    (lambda: power_with_ties([1, 2], ["A-C"], 0.3), "'C'"), (lambda: power_with_ties([1, 2], ["A-B"], 1), "1"),
    (lambda: leader_tenure.hazards_from_counts([1], [2]), "2"), (lambda: examples.game("eu72"), "did you mean"),
    (lambda: population.life_expectancy("weibull"), "weibull"),
])  # fmt: skip
def test_bad_input_is_named(call, found):
    with pytest.raises(Faults) as error:
        call()
    assert any(part in str(error.value) for part in found.split("|"))


def test_derived_models_say_so():
    for result in (
        appointments.circular_flow(),
        selectorate_theory.selectorate(10, 2),
        purges.eliminations(10, 0.5),
        viziers.vizier(0.5),
        promotions.promotion(0.1, 5),
        cult.loyalty_test(1),
        cult.flattery(),
        famine.procurement([1]),
        growth.soft_budget(1),
        leader_tenure.power_sharing(),
        scissors.price_scissors(),
        planning.ratchet(1),
        power_with_ties([1, 2], [], 0),
        purges.mass_purge(0.2, 1),
        contests.dictator("totalitarian", 1),
        thresholds.falsification([1], 0),
    ):
        assert DERIVED in result.standing and DERIVED in str(result)
        module = __import__(type(result).__module__, fromlist=["x"])
        assert module


def test_tables_may_be_data_frames():
    import pandas as pd
    import polars as pl

    from politburo.theory.bargain_smp import actors

    for kind in (pd.DataFrame, pl.DataFrame):
        frame = kind({"capability": [1.0, 2.0], "position_1": [10.0, 60.0], "position_2": [20.0, 5.0]})
        people = actors(
            frame["capability"], frame[["position_1", "position_2"]], kind({"a": [30, 40], "b": [20, 10]})
        )
        assert people.position.tolist() == [[10, 20], [60, 5]] and people.salience.tolist() == [[30, 20], [40, 10]]
        assert population.leslie(kind({"a": [0.0, 0.5], "b": [2.0, 0.0]})).facts["growth factor"] == pytest.approx(1)
        assert planning.leontief(kind({"a": [0.2, 0.4], "b": [0.3, 0.1]}), [10, 5]).rows[0][2] == pytest.approx(17.5)
        scores = personal_power.personalism_scores(kind({"a": [0, 1, 1], "b": [0, 0, 1]}), steps=10)
        assert scores.column("sum") == [0, 1, 2]
