"""Pictures and tables of explanations: they say the numbers, and every Altair figure is a sound specification."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from rich.console import Console

from politburo.faults import Faults
from politburo.lab.experiments.explain import explain
from politburo.lab.ensembles.run import run
from politburo.lab.experiments.what_if import what_if
from politburo.views import charts
from politburo.views.explanation import steps, tables, waterfall
from politburo.views.report import picture


@pytest.fixture(scope="module")
def found():
    return explain("template", "dasan leads in 1964-12", ["posts.first_secretary.powers.appoint=0", "myopia=off", "ban_on_factions=off"], n=60, workers=1)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return run("template", n=60, until="1966-12", out=tmp_path_factory.mktemp("charts") / "r", workers=1)


def ask():
    return what_if("template", ["posts.first_secretary=karst", "ban_on_factions=off"], n=30, until="1966-12", traces=2, workers=1)


def test_a_what_if_as_a_frame_and_what_it_cannot_draw():
    answer = ask()
    frame = answer.frame("pandas")
    assert len(frame) == len(answer.rows()) and {"difference", "low", "high"} <= set(frame.columns)
    assert charts.differences(answer, ["karst_out"], unit="month").to_dict()["layer"]
    for options, words in (({"ids": ["karst_ou"]}, "did you mean karst_out"), ({"unit": "yards"}, "no difference in unit")):
        with pytest.raises(Faults, match=words):
            charts.differences(answer, **options)


def test_the_waterfall_goes_from_nothing_to_the_outcome(found):
    rows = steps(found)
    assert rows[0]["to"] == pytest.approx(found.without.mean) and rows[-1]["to"] == pytest.approx(found.base.mean)
    for before, after in zip(rows[:-2], rows[1:-1], strict=True):
        assert after["from"] == pytest.approx(before["to"])
    assert rows[-2]["to"] == pytest.approx(found.base.mean)
    assert [abs(r["to"] - r["from"]) for r in rows[1:-1]] == sorted((abs(r["to"] - r["from"]) for r in rows[1:-1]), reverse=True)
    assert all((r["kind"] == "raises") == (r["to"] >= r["from"]) for r in rows[1:-1])


def test_the_picture_is_an_svg_with_its_words(found):
    figure = waterfall(found)
    text = picture(figure)
    root = ET.fromstring(text)
    words = " ".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))
    for row in found.rows:
        assert row.name[1:30] in words
    assert len(figure.rows) == 3 and "95 % interval" in figure.summary
    width = float(root.attrib["viewBox"].split()[2])
    for node in root.iter("{http://www.w3.org/2000/svg}rect"):
        if "x" in node.attrib:
            assert 0 <= float(node.attrib["x"]) <= width


def test_the_tables_say_the_numbers(found):
    console = Console(record=True, width=160)
    for part in tables(found):
        console.print(part)
    text = console.export_text()
    assert f"{100 * found.rows[0].effect.mean:+.1f}" in text and "Together" in text and "Strongest pairs" in text
    assert all(row.name[1:] in text for row in found.rows) and found.question.title in text


@pytest.mark.parametrize("make", [
    lambda found, result: charts.waterfall(found),
    lambda found, result: charts.interactions(found),
    lambda found, result: charts.bands(result, ["power.dasan", "fear"]),
    lambda found, result: charts.dates(result),
    lambda found, result: charts.answers(result, "who_rules"),
    lambda found, result: charts.differences(ask()),
], ids=["waterfall", "interactions", "bands", "dates", "answers", "differences"])  # fmt: skip
def test_every_figure_is_drawn(found, result, make, tmp_path):
    chart = make(found, result)
    path = charts.save(chart, tmp_path / "figure.svg")
    assert len(list(ET.fromstring(path.read_text()).iter("{http://www.w3.org/2000/svg}path"))) > 3


def test_a_page_needs_no_network(found, tmp_path):
    text = charts.save(charts.waterfall(found), tmp_path / "figure.html").read_text()
    assert "<script src=" not in text and "cdn." not in text.split("vegaEmbed")[0][:2000]


def test_figures_say_what_they_cannot_draw(result, tmp_path, monkeypatch):
    for ask, words in (
        (lambda: charts.bands(result, ["power.dasam"]), "did you mean power.dasan"),
        (lambda: charts.answers(result, "who_rule"), "did you mean who_rules"),
        (lambda: charts.dates(result, ["dasan_ou"]), "did you mean dasan_out"),
        (lambda: charts.save(None, tmp_path / "f.gif"), "did you mean|.svg"),
    ):
        with pytest.raises(Faults, match=words):
            ask()
    monkeypatch.setitem(__import__("sys").modules, "altair", None)
    with pytest.raises(Faults, match=r"altair is not installed; allowed: pip install 'politburo\[plots\]'"):
        charts.answers(result, "who_rules")


def test_never_a_number_that_is_not_one(result):
    for chart in (charts.dates(result), charts.bands(result, ["fear"])):
        for layer in chart.to_dict()["datasets"].values() if "datasets" in chart.to_dict() else []:
            assert all(not (isinstance(v, float) and not np.isfinite(v)) for row in layer for v in row.values())
