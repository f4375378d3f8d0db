"""Files of terror, population and society: what is read, and every fault with file, line and the nearest word."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import politburo
from politburo.case.country import people, society, terror

USSR = Path(politburo.__file__).parent / "cases" / "ussr" / "country"


@pytest.fixture
def folder(tmp_path):
    for name in ("people.csv", "migration.csv", "opening-terror.csv", "entered-terror.csv", "opening-society.csv", "entered-society.csv"):
        shutil.copy(USSR / name, tmp_path / name)
    return tmp_path


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def words(module, folder):
    faults = []
    module.read(folder, faults)
    return [str(f).replace(str(folder) + "/", "") for f in faults]


def test_the_packaged_blocks(folder):
    faults = []
    p, t, s = (m.read(folder, faults) for m in (people, terror, society))
    assert not faults
    assert p.opening.shape == (2, 101) and p.opening.sum() == pytest.approx(134.5e6, rel=0.02)
    assert p.annexed.sum() == 20_266_999
    assert np.allclose([p.fertility_early.sum(), p.fertility_late.sum()], 1.0, atol=1e-5)
    assert (p.early[:, 0] > p.late[:, 0]).all() and (p.terror[:, :16] == 0).all()
    assert t.opening.tolist() == [20_000, 0, 528_354, 144_000] and t.entered[0].tolist() == (1934, 240_259)
    assert s.opening[3] == 38_000 and s.entered[0].tolist() == (1939, 3300.0)


def test_a_case_may_have_none_of_it(tmp_path):
    faults = []
    for module in (people, terror, society):
        for got, wanted in zip(module.read(tmp_path, faults), module.empty(), strict=True):
            assert np.array_equal(got, wanted)
    assert not faults


@pytest.mark.parametrize(
    ("module", "name", "old", "new", "said"),
    [
        (people, "people.csv", "\nmale,7,", "\nmale,6,", "male aged 6 a second time"),
        (people, "people.csv", "\nfemale,100,", "\nfemale,101,", "age is '101'"),
        (people, "people.csv", "\nmale,0,", "\nman,0,", "sex is 'man'; allowed: male, female"),
        (people, "people.csv", "\nmale,0,2", "\nmale,0,-2", "opening is '-2"),
        (people, "migration.csv", "1933,migration", "1933,migraton", "kind is 'migraton'; allowed: territory, migration"),
        (people, "migration.csv", "migration,-200000", "migration,many", "persons is 'many'"),
        (terror, "opening-terror.csv", "settlers,0", "setlers,0", "unknown name 'setlers'; allowed: camps, settlers, party, command; did you mean settlers?"),
        (terror, "opening-terror.csv", "party,528354,persons,recalled", "party,528354,persons,remembered", "evidence is 'remembered'"),
        (terror, "entered-terror.csv", "1934,camps", "1934,camp", "unknown name 'camp'; allowed: camps, peoples; did you mean camps?"),
        (society, "opening-society.csv", "literacy,0.46", "literacy,most", "literacy is 'most'"),
        (society, "opening-society.csv", "nothing in the record measures it", "", "no note"),
    ],
)
def test_faults(folder, module, name, old, new, said):
    change(folder, name, old, new)
    found = words(module, folder)
    assert any(said in f and f.startswith(f"{name}:") for f in found), found


def test_all_faults_at_once(folder):
    change(folder, "people.csv", "\nmale,7,", "\nmale,x,")
    change(folder, "people.csv", "\nfemale,9,", "\nwoman,9,")
    assert len([f for f in words(people, folder) if f.startswith("people.csv")]) >= 4  # both, and the two ages that are then missing
