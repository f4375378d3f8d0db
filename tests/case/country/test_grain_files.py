"""The grain block's files: what is read, and what is said about a wrong one."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from politburo.case.country import grain
from politburo.evidence import Evidence
from politburo.faults import Fault

FOLDER = Path(grain.__file__).resolve().parents[2] / "cases" / "ussr" / "country"
FILES = ("grain-places.csv", "grain-years.csv", "grain-weather.csv", "grain-residuals.csv", "grain-harvests.csv")


@pytest.fixture
def folder(tmp_path):
    for name in FILES:
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


def rows(name):
    with (FOLDER / name).open() as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def read(folder):
    faults: list[Fault] = []
    return grain.read(folder, faults), faults


def test_shipped_files_are_whole():
    g, faults = read(FOLDER)
    assert not faults
    assert g.place["people"].sum() == pytest.approx(120.66, abs=0.05)
    assert g.place["area"].sum() == pytest.approx(92.2, abs=0.05)
    for name in (*grain.ANIMALS, "towns"):
        assert g.place[name].sum() == pytest.approx(1)
    assert (g.place["area"] * g.place["yields"]).sum() == pytest.approx(73.3, rel=0.05), "the harvest of 1928"
    assert (g.harvest > 20).all() and (g.harvest < 130).all()
    assert g.harvest[grain.SERIES.index("revised"), 1932 - grain.FIRST] == 69.8
    assert g.harvest[grain.SERIES.index("low"), 1932 - grain.FIRST] == 56
    assert g.year["rural"][1926 - grain.FIRST] < 120.66 < g.year["rural"][1927 - grain.FIRST]
    assert g.expected.shape == (98, grain.COUNT) and (g.expected[:, 3:33] > 20).all()
    assert g.residual.shape == (98, grain.COUNT) and np.abs(g.residual[:, 3:21]).max() < 0.9


def test_looked_up_yields_are_those_of_the_table():
    """Regional anomalies of 1928-31 are the printed yields against the base: adding the base gives the printed ratio back."""
    printed = {"ukraine": (46.3, 60.8, 57.3, 51.9), "middle_volga": (50.2, 35.6, 38.9, 22.0), "urals": (66.5, 43.2, 52.1, 18.3)}
    union = (53.4, 48.7, 48.2, 38.4)
    g, _ = read(FOLDER)
    for name, yields in printed.items():
        c = list(grain.PLACES).index(name)
        base = np.log(g.place["yields"][c] / 0.8)
        for k, (own, whole) in enumerate(zip(yields, union)):
            assert g.weather[1928 - grain.FIRST + k, c] + base == pytest.approx(np.log(own / whole), abs=0.003)


def test_every_number_has_a_label_and_a_source_or_a_reason():
    for name in FILES[:3]:
        for row in rows(name):
            assert row["evidence"] in set(map(str, Evidence))
            assert row["note"] if row["evidence"] == "assumed" else row["source"]
            assert not (row["evidence"] in ("looked up", "dataset", "published") and "judgement" in row["note"])


def test_no_files_is_no_block(tmp_path):
    g, faults = read(tmp_path)
    assert not faults and len(g.place) == 0


@pytest.mark.parametrize(
    ("name", "old", "new", "words", "near"),
    [
        ("grain-places.csv", "ukraine,people", "ukrain,people", "place is 'ukrain'", "ukraine"),
        ("grain-places.csv", "ukraine,people,23.66", "ukraine,people,many", "value is 'many'", None),
        ("grain-places.csv", "ukraine,people,23.66,0.03", "ukraine,people,23.66,3", "error 3", None),
        ("grain-places.csv", "ukraine,people", "ukraine,area", "area of ukraine a second time", None),
        ("grain-years.csv", "harvest_central,1932", "harvest_central,1960", "year is 1960", None),
        ("grain-years.csv", "urban,1926", "urbam,1926", "quantity is 'urbam'", "urban"),
        ("grain-weather.csv", "1932,ukraine,-0.25,0.12,assumed", "1932,ukraine,-0.25,0.12,guessed", "evidence is 'guessed'", None),
        ("grain-weather.csv", "1932,ukraine,-0.25", "1932,ukraine,-9", "anomaly -9", None),
        ("grain-residuals.csv", "1920,1921", "1920,1920", "a second time", None),
    ],
)
def test_a_wrong_cell_is_named(folder, name, old, new, words, near):
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))
    g, faults = read(folder)
    assert len(g.place) == 0, "nothing half-read"
    found = [f for f in faults if words in str(f)]
    assert found and all(f.file.endswith(name) and f.line for f in found)
    if near:
        assert found[0].nearest == near


def test_a_missing_number_is_named(folder):
    lines = (folder / "grain-places.csv").read_text().splitlines()
    (folder / "grain-places.csv").write_text("\n".join(line for line in lines if not line.startswith("urals,feed")) + "\n")
    assert any("feed of urals" in str(f) for f in read(folder)[1])


@given(st.binary(max_size=300), st.sampled_from(FILES))
@settings(max_examples=60, deadline=None)
def test_rubbish_gives_faults_and_nothing_else(tmp_path_factory, data, name):
    folder = tmp_path_factory.mktemp("rubbish")
    for other in FILES:
        shutil.copy(FOLDER / other, folder / other)
    (folder / name).write_bytes(data)
    g, faults = read(folder)
    assert faults and len(g.place) == 0
