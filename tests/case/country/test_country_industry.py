"""Files of the industry block: what they say, and faults with their place."""

import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from politburo.case.country import industry

FOLDER = Path(str(files("politburo"))) / "cases" / "ussr" / "country"


def test_the_case_reads_without_a_fault():
    faults = []
    block = industry.read(FOLDER, faults)
    assert not faults and block.base[0, 0] == 35.5 and block.since[0] == 1921
    assert block.path.shape[1] == len(industry.PATHS) and np.isfinite(block.path).all()


def test_targets_lie_on_the_way_from_base_to_target():
    faults = []
    block = industry.read(FOLDER, faults)
    steel = block.target[:, industry.PLANNED.index("steel")]
    assert steel[1932 - 1921] == pytest.approx(10.4) and steel[1937 - 1921] == pytest.approx(17.0)
    growth = steel[1929 - 1921 : 1933 - 1921] / np.r_[4.0, steel[1929 - 1921 : 1932 - 1921]]
    assert growth == pytest.approx(growth[0]) and steel[1927 - 1921] == 0.0


def test_three_plans_with_their_results():
    plans = industry.plans(FOLDER, [])
    assert {p.plan for p in plans} == {1, 2, 3} and len(plans) == 35
    iron = next(p for p in plans if p.plan == 1 and p.quantity == "iron")
    assert (iron.target, iron.result, str(iron.evidence)) == (10.0, 6.2, "recalled")


def test_a_folder_without_the_files_has_an_empty_block(tmp_path):
    faults = []
    block = industry.read(tmp_path, faults)
    assert not faults and not block.base.any() and industry.plans(tmp_path, faults) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("industry-branches.csv", "coal,million t,35.5", "cole,million t,35.5", "did you mean coal?"),
        ("industry-branches.csv", "coal,million t,35.5", "coal,million t,-3", "a number above 0"),
        ("industry-branches.csv", "iron,million t", "coal,million t", "a second time"),
        ("industry-years.csv", "build,1929,1.1", "biuld,1929,1.1", "did you mean build?"),
        ("industry-years.csv", "build,1929,1.1", "build,1829,1.1", "a year from 1921"),
        ("industry-years.csv", "build,1929,1.1", "build,1928,1.1", "a second time"),
        ("industry-years.csv", "build,1929,1.1", "build,1929,lots", "value is 'lots'"),
        ("industry-plans.csv", "1,coal,million tons,1928", "1,coal,million tons,1938", "a target year after the base year"),
    ],
)
def test_faults_name_the_place(tmp_path, name, old, new, words):
    for file in FOLDER.glob("industry-*.csv"):
        shutil.copy(file, tmp_path)
    text = (tmp_path / name).read_text()
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new, 1))
    faults = []
    industry.read(tmp_path, faults)
    assert any(words in str(f) and f.file.endswith(name) for f in faults), "\n".join(map(str, faults))
    assert all(f.line > 0 for f in faults if words in str(f))


def test_an_assumption_must_say_why(tmp_path):
    for file in FOLDER.glob("industry-*.csv"):
        shutil.copy(file, tmp_path)
    lines = (tmp_path / "industry-years.csv").read_text().splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("build,1929"))
    lines[at] = "build,1929,1.1,0.15,1928 = 1,assumed,,"
    (tmp_path / "industry-years.csv").write_text("\n".join(lines) + "\n")
    faults = []
    industry.read(tmp_path, faults)
    assert len(faults) == 1 and "no note" in str(faults[0]) and faults[0].line == at + 1
