"""The country's years beside the histories: written once, resumed to the same bytes, read by name."""

import numpy as np
import pytest

from politburo.faults import Faults
from politburo.lab.ensembles import years
from politburo.lab.ensembles.results import compare, open_result
from politburo.lab.ensembles.run import run

UNTIL = "1925-12"


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    return run("ussr", 40, until=UNTIL, out=tmp_path_factory.mktemp("years") / "straight", part=25, workers=1)


def test_one_row_a_history_and_year(straight):
    assert straight.calendar == (1922, 1923, 1924, 1925)
    for part, rows in ((0, 25), (25, 15)):
        assert years.rows_in(straight.path, part) == 4 * rows
    values = straight.yearly_values("population")
    assert values.shape == (40, 4) and values.dtype == np.float32 and (np.diff(values, axis=1) > 0).all()
    engine = straight._engine.run(0, straight.call.rows(np.arange(40)))[0].years
    assert engine[:, :, years.column("population")].tobytes() == values.tobytes()


def test_a_run_in_pieces_leaves_the_same_bytes(straight, tmp_path):
    again = run("ussr", 11, until=UNTIL, out=tmp_path / "r", part=25, workers=1)
    again = run("ussr", 40, until=UNTIL, out=tmp_path / "r", part=25, workers=2, slice_=3)
    assert compare(straight, again) == []
    for file in straight.path.glob("*.parquet"):
        assert (again.path / file.name).read_bytes() == file.read_bytes(), file.name


def test_a_part_without_its_years_is_made_anew(straight, tmp_path):
    first = run("ussr", 25, until=UNTIL, out=tmp_path / "r", part=25, workers=1)
    years.file(first.path, 0).unlink()
    again = run("ussr", 25, until=UNTIL, out=tmp_path / "r", part=25, workers=1)
    assert years.file(again.path, 0).read_bytes() == years.file(straight.path, 0).read_bytes()


def test_without_the_country_there_are_no_years(tmp_path):
    result = run("ussr", 5, until="1923-06", without=["country"], out=tmp_path / "r", workers=1)
    assert result.calendar == () and not list(result.path.glob("years-*"))
    with pytest.raises(Faults, match="no yearly series"):
        result.yearly_values("coal")


def test_bands_and_queries(straight):
    band = straight.yearly("coal", [0.1, 0.5, 0.9])
    assert band.shape == (4, 3) and (np.diff(band, axis=1) >= 0).all() and band[0, 1] > 0
    table = straight.query("select year, avg(coal) as coal from years group by year order by year")
    assert np.allclose(table["coal"].to_numpy(), straight.yearly_values("coal").mean(axis=0), rtol=1e-5)
    with pytest.raises(Faults, match="did you mean coal"):
        straight.yearly("caol")
    assert open_result(straight.path).kept(10).years.shape == (10, 4, len(years.SERIES))


def test_a_series_can_be_asked_and_scored(straight):
    from dataclasses import replace

    from politburo.case.aims import SeriesOutcome, SeriesTarget
    from politburo.lab.targets import evaluate, outcomes

    ask = SeriesOutcome(question="How much coal?", kind="series", series="coal", year=1923, through=1925)
    aim = SeriesTarget(kind="series", series="coal", year=1924, value=16.3, low=15, high=18, evidence="recalled", source="x", fitted=False)
    case = replace(straight.case, outcomes={"coal": ask}, targets={"coal_1924": aim})
    compiled = replace(straight.compiled, case=case)
    kept = straight._engine.run(0, straight.call.rows(np.arange(40)))[0]
    answer, score = outcomes(compiled, kept)[0], evaluate(compiled, kept)[0]
    values = straight.yearly_values("coal")
    assert np.allclose(answer.values, values[:, 1:].sum(axis=1), rtol=1e-6)
    assert np.allclose(score.scores, np.exp(-(((values[:, 2].astype(float) - 16.3) / 1.5) ** 2) / 2))
