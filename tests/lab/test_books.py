"""The recorded books close, and where they do not the gap is a line with the number that the record gives."""

import json

import pytest

from politburo.faults import Faults
from politburo.lab import books


def test_convictions_locate_their_three_misprints():
    result = books.convictions()
    gaps = {row[0]: row[6] for row in result.rows if row[6]}
    assert gaps == {1929: -1, 1931: -180, 1941: -10}
    assert result.facts["misprints located"] == "1929 other: off by -1; 1931 camps: off by -180; 1941 death: off by -10"
    assert sum(row[1] for row in result.rows) == 4_060_306


def test_kulak_exile_does_not_close_and_says_by_how_much():
    result = books.settlers()
    assert result.column("residual") == [1_168_188]
    assert any("1,168,188" in note for note in result.notes) and any("+268" in note for note in result.notes)


def test_two_series_of_camp_deaths_stay_apart():
    registered, museum = books.camps(), books.camps(deaths="museum")
    by_year = lambda r: {row[0]: row for row in r.rows}  # noqa: E731
    assert sum(row[4] for row in registered.rows) == 1_580_750  # 1930-52; 9,628 in 1953 have no closing stock
    assert (by_year(registered)[1938][4], by_year(museum)[1938][4]) == (108_654, 126_585)
    assert max(by_year(museum)[y][4] / by_year(registered)[y][4] for y in by_year(museum)) == pytest.approx(65_301 / 44_750)
    for y, opening, entered, net, deaths, closing in registered.rows:
        assert closing == opening + entered + net - deaths, y
    assert any("1,703,095" in note for note in registered.notes)


def test_population_closes_but_for_1933():
    result = books.population()
    residual = dict(zip(result.column("period"), result.column("residual"), strict=True))
    assert residual.pop(1933) == -200 and max(map(abs, residual.values())) <= 1
    assert any("20,268" in note for note in result.notes)


def test_party_army_and_deportations():
    assert books.party().facts == {"years in which members and candidates add up": 32, "years": 32}
    assert books.army().facts["discharged 1937-39"] == books.army().facts["printed sum"] == 36_898
    rows = {row[0]: row for row in books.deportations().rows}
    chechens = rows["Chechens and Ingush"]
    assert chechens[5] == "recalled" and chechens[6] == 503_200 - 364_800 and chechens[6] < chechens[7] < chechens[8] < 503_200
    assert rows["Koreans"][6:9] == ("", "", "")
    assert books.deportations().facts["persons in all"] == sum(r[2] for r in rows.values()) - 438_700


def test_a_wrong_name_gets_the_nearest(run_cli):
    with pytest.raises(Faults, match="did you mean settlers"):
        books.book("setlers")
    with pytest.raises(Faults, match="registration, museum"):
        books.camps(deaths="both")
    with pytest.raises(Faults, match="no such table"):
        books.book("camps", "ussr-1953")


def test_the_verb(run_cli):
    shown = run_cli("accounts")
    assert shown.exit_code == 0 and "1,168,188" in shown.output and "1931 camps: off by -180" in shown.output
    whole = json.loads(run_cli("accounts", "settlers", "--json").output)
    assert whole["rows"][0][-1] == 1_168_188
    wrong = run_cli("accounts", "army_")
    assert wrong.exit_code == 1 and "did you mean army" in wrong.output and "Traceback" not in wrong.output


@pytest.fixture
def run_cli():
    from typer.testing import CliRunner

    from politburo.cli import app

    return lambda *words: CliRunner().invoke(app, list(words))
