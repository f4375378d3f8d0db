"""Figures: every dot, tick and share on the page is the number it stands for."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo.case.arrays import RUNGS
from politburo.views import figures, figures_time
from politburo.views.findings import Findings
from politburo.views.svg import Scale, quantile_dots, stacked, year_ticks
from politburo.views.words import Words

values = st.lists(st.one_of(st.floats(0, 200), st.just(float("nan"))), min_size=1, max_size=80)


@given(values, st.integers(1, 60))
def test_quantile_dots_are_the_sample(sample, dots):
    sample = np.array(sample)
    found = quantile_dots(sample, dots)
    there = sample[np.isfinite(sample)]
    if len(there):
        assert len(found) == dots and (np.diff(found) >= 0).all()
        assert there.min() <= found[0] and found[-1] <= there.max()
        assert abs(np.median(found) - np.median(there)) <= np.ptp(there)
    else:
        assert len(found) == 0


@given(st.lists(st.floats(0, 500), max_size=60), st.floats(1, 10))
def test_stacking_keeps_every_dot_and_leaves_no_gap(x, width):
    places = stacked(np.array(x), width)
    assert len(places) == len(x)
    for column in {p[0] for p in places}:
        assert sorted(place for c, place in places if c == column) == list(
            range(sum(1 for c, _ in places if c == column))
        )
    for (middle, _), value in zip(places, x, strict=True):
        assert abs(middle - value) <= width / 2 + 1e-6


def dots(svg):
    return sum(d.count("M") for d in re.findall(r'class="dot" d="([^"]*)"', svg))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_a_strip_has_a_dot_for_two_in_a_hundred_and_writes_the_rest(make, compiled, empty, share):
    who, record = (
        compiled.people.index("tarv"),
        compiled.case.targets["tarv_loses_paper"].date - compiled.case.start,
    )
    empty.first[: int(20 * share), who, RUNGS.index("post")] = record
    findings = make(compiled, empty)
    figure = figures.date_strips(findings, findings.falls, "Dates")
    assert dots(figure.svg) == round(50 * share)
    never = f"{100 * (1 - share):.0f}%"
    assert f">{never}</text>" in figure.svg
    assert figure.rows[0][3] == f"{100 * share:.0f}%"
    # the record's tick stands at its month
    scale = Scale(0, compiled.months - 1, figures.LABEL, figures.WIDTH - figures.RIGHT)
    x = float(re.search(r'class="record" d="M([\d.]+) ', figure.svg)[1])
    assert x == pytest.approx(scale(record), abs=0.06)


def test_areas_fill_the_whole_and_name_everybody(ussr):
    findings = Findings(ussr)
    figure = figures_time.areas(findings, "leader", "Who leads")
    for row in figure.rows:
        shares = [float(re.search(r"[\d.]+", cell)[0]) for cell in row[1:]]
        assert sum(shares) == pytest.approx(100, abs=len(shares))
    for label in figure.head[1:]:
        assert f">{label} " in figure.svg


def test_fans_show_the_bands_of_the_result(ussr):
    findings = Findings(ussr)
    figure = figures_time.fans(findings, "power", "Power")
    assert figure.svg.count('class="band95"') == figure.svg.count('class="middle"') == figures_time.PANELS
    last = [row for row in figure.rows if row[0] == "Stalin"][-1]
    band = ussr.band("power.stalin", (0.025, 0.5, 0.975))[-1]
    assert [float(re.search(r"[\d.]+", last[k])[0]) for k in (2, 4, 6)] == pytest.approx(100 * band, abs=1)


def test_lists_mark_the_recorded_members(ussr):
    for figure in figures_time.seats(Findings(ussr)):
        assert figure.svg.count('class="mark"') == sum(1 for row in figure.rows if row[1] == "yes")


def test_facts_are_bars_of_their_share(ussr):
    findings = Findings(ussr)
    figure = figures.fact_bars(findings, findings.facts, "Facts")
    widths = [float(w) for w in re.findall(r'width="([\d.]+)" height="12" class="bar"', figure.svg)]
    full = figures.WIDTH - figures.RIGHT - figures.LABEL - 90
    assert widths == pytest.approx([f.hit * full for f in findings.facts], abs=0.1)


def test_at_most_eight_years_are_labelled(ussr, others):
    for result in (ussr, *others.values()):
        ticks = year_ticks(Words(result.compiled))
        assert len(ticks) <= 8
        assert all(result.compiled.month(t).month == 1 for t, _ in ticks)


def test_table_cells_are_escaped():
    assert "&lt;b&gt;" in figures.table(("<b>",), [("<b>", "<b>")]) and "<b>" not in figures.table(
        ("<b>",), [("<b>",)]
    )
