"""The report and the tables: whole, self-contained, readable by machines and people, true to the numbers."""

import html
import io
from html.parser import HTMLParser
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from politburo.cli import app
from politburo.views import tables
from politburo.views.figures import date_strips
from politburo.views.findings import VERDICTS, Findings
from politburo.views.report import page, picture

VOID = {"meta", "br", "hr", "img", "input", "link", "path", "rect"}


class Page(HTMLParser):
    """Checks nesting and collects what the tests ask for."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.ids, self.links, self.named, self.attributes, self.figures, self.tables = (
            [],
            [],
            [],
            [],
            [],
            0,
            0,
        )
        self.feed(text)
        assert not self.stack, self.stack

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.attributes += [(tag, key, value) for key, value in attrs]
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given.get("href", ""))
        self.named += [given[key] for key in ("aria-labelledby",) if key in given]
        self.figures += tag == "figure"
        self.tables += tag == "table"
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.stack and self.stack.pop() == tag, tag


@pytest.fixture(scope="module")
def text(ussr):
    return page(Findings(ussr))


def test_the_page_is_whole_and_small(text):
    parsed = Page(text)
    assert len(text.encode()) < 3_000_000
    assert len(parsed.ids) == len(set(parsed.ids))
    assert set(parsed.named) <= set(parsed.ids) and {
        link[1:] for link in parsed.links if link.startswith("#")
    } <= set(parsed.ids)
    assert parsed.figures >= 10 and parsed.tables >= parsed.figures
    assert text.count("<svg") == text.count('role="img"') + text.count('aria-hidden="true"')


def test_the_page_asks_nobody_for_anything(text):
    parsed = Page(text)
    for tag, key, value in parsed.attributes:
        assert tag not in ("script", "link", "iframe", "img"), tag
        assert key not in ("src", "srcset", "onclick", "onload"), key
        assert not str(value).startswith(("http:", "https:", "//")), value
    style = text.split("<style>")[1].split("</style>")[0]
    assert "@import" not in style
    assert all(piece.startswith("data:font/woff2;base64,") for piece in style.split("url(")[1:])


def test_what_is_not_reproduced_stands_before_the_first_figure(ussr, text):
    findings = Findings(ussr)
    front = html.unescape(text.split("<main>")[0])
    assert f"Not reproduced ({len(findings.verdicts(VERDICTS[2]))})" in front
    heaviest = max((f for f in findings.verdicts(VERDICTS[2]) if f.fitted), key=lambda f: f.weight)
    assert heaviest.name in front and heaviest.why in front
    for sentence in findings.answer():
        assert sentence in front


def test_every_fact_with_its_label_and_verdict_is_on_the_page(ussr, text):
    whole = html.unescape(text)
    for f in Findings(ussr).findings:
        assert f.name[1:] in whole
    for name in ussr.compiled.parameters:
        assert f">{name.replace('_', ' ')}</th>" in text


@pytest.mark.parametrize("name", ["ussr-1953", "template", "short"])
def test_other_cases_and_short_runs_make_a_page(others, name):
    result = others[name]
    text = page(Findings(result))
    Page(text)
    assert html.escape(result.compiled.case.title) in text


def test_names_cannot_break_the_page(make, compiled, empty, monkeypatch):
    findings = make(compiled, empty)
    monkeypatch.setattr(
        type(findings.compiled.case), "title", property(lambda self: "<script>alert(1)</script> & Sons")
    )
    Page(page(findings))
    assert "<script>" not in page(findings)


def test_a_page_is_made_of_histories_in_which_nothing_happens(make, compiled, empty):
    Page(page(make(compiled, empty)))


def test_where_the_spread_comes_from_is_shown_when_known(make, compiled, empty):
    findings = make(compiled, empty)
    parts = SimpleNamespace(
        variance=1.0, coding=0.61, parameters=0.22, luck=0.07, interaction=0.1, error=0.04
    )
    findings.spread = {
        "tarv_loses_paper": parts,
        "congress_vote": SimpleNamespace(**{**vars(parts), "variance": 0.0}),
    }
    text = page(findings)
    assert "<td class=s>61%</td>" in text and text.count('class="cause coding"') == 2, "one bar and its key"
    assert "61%" in printed(findings)


def test_a_figure_can_be_a_picture_of_its_own(ussr):
    findings = Findings(ussr)
    text = picture(date_strips(findings, findings.falls[:5], "Falls"))
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg" and "var(" not in text and ".dot {" in text


def printed(findings, width=120):
    out = io.StringIO()
    tables.show(findings, Console(file=out, width=width, highlight=False))
    return out.getvalue()


def test_the_tables_print_what_the_findings_say(ussr):
    findings = Findings(ussr)
    text = " ".join(printed(findings, 400).split())
    for sentence in findings.answer():
        assert " ".join(sentence.split()) in text
    for f in findings.findings:
        assert f.name[1:] in text
    for verdict in VERDICTS:
        assert f"{verdict[1:]} ({len(findings.verdicts(verdict))})" in text
    assert f"{findings.closeness:.2f}" in text


def test_the_values_that_matter_are_those_that_move_the_outcome(ussr):
    """A value correlated by construction is found, noise is not."""
    from politburo.views.influence import draws

    found = draws(ussr, np.arange(200))
    assert found.values.shape == (200, len(found.names))
    k = found.names.index("Stalin: organising")
    person = ussr.case.people["stalin"].traits["organising"]
    assert abs(found.values[:, k].mean() - person.value) < 4 * person.error / np.sqrt(200) + 0.05
    assert 0 < found.values[:, k].std() <= person.error * 1.3
    again = draws(ussr, np.arange(100, 120))
    assert np.array_equal(again.values, found.values[100:120]), "a history draws the same whoever asks"


def test_the_verbs(ussr, tmp_path):
    call = CliRunner().invoke
    shown = call(app, ["show", str(ussr.path)])
    assert shown.exit_code == 0 and "Not reproduced" in shown.output
    target = tmp_path / "report.html"
    made = call(app, ["report", str(ussr.path), "-o", str(target), "--no-spread"])
    assert made.exit_code == 0 and target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    told = call(app, ["trace", str(ussr.path), "--history", "3"])
    assert told.exit_code == 0 and told.output.startswith("History 3:")
    month = call(app, ["trace", str(ussr.path), "--history", "3", "--month", "1924-01", "--json"])
    assert month.exit_code == 0 and '"circle"' in month.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "nowhere"], "nowhere"),
        (["report", "RESULT", "-o", "no/such/place.html"], "a directory that exists"),
        (["trace", "RESULT", "--history", "999"], "a number from 0 to 199"),
        (["trace", "RESULT", "--history", "1", "--person", "Trotzki"], "did you mean Trotsky?"),
    ],
)
def test_wrong_requests_end_with_words_and_status_1(ussr, arguments, words):
    done = CliRunner().invoke(app, [str(ussr.path) if a == "RESULT" else a for a in arguments])
    assert done.exit_code == 1 and words in done.output and "Traceback" not in done.output
