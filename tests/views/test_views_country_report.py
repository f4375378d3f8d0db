"""The country's part of the report: there when there is a country, in plain words, with every figure tabulated."""

import re

import pytest

from politburo.lab.ensembles.run import run
from politburo.views.country_report import sections
from politburo.views.findings import Findings
from politburo.views.report import page


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return run("ussr", n=24, until="1935-12", workers=1, out=tmp_path_factory.mktemp("country") / "r")


@pytest.fixture(scope="module")
def found(result):
    figures = []

    def picture(figure):
        figures.append(figure)
        return figure.svg

    return sections(result, picture), figures


def test_sections_are_in_the_page(result, found):
    html = page(Findings(result))
    for key, title, _ in found[0]:
        assert f'<section id="{key}"' in html and title in html
    assert {"country", "plans", "flows", "seam"} <= {key for key, _, _ in found[0]}


def test_what_fails_is_said_first_and_in_words(found):
    text = dict((key, html) for key, _, html in found[0])["country"]
    assert text.index("What fails") < text.index("<svg", text.index("What fails"))
    assert re.search(r"\d+ figures of \d+ series are laid beside the model", text)
    assert "outside the band of 95% of the histories" in text


def test_every_figure_has_rows_and_a_summary(found):
    assert len(found[1]) >= 5
    for figure in found[1]:
        assert figure.rows and figure.summary and figure.svg.startswith("<svg"), figure.name


def test_the_exile_keeps_its_residual(found):
    figure = next(f for f in found[1] if "People held" in f.name)
    assert "1,168,188" in figure.summary


def test_assumptions_are_called_so(found):
    text = dict((key, html) for key, _, html in found[0])["seam"]
    assert "assumptions" in text and "line_strength" in text


def test_nothing_without_a_country(tmp_path):
    assert sections(run("template", n=3, out=tmp_path / "r", workers=1), lambda figure: "") == []
