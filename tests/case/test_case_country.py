"""The country of a case: levers set by hand, parameters held, faults with their place."""

import numpy as np
import pytest

from politburo.case.compile import compile_case
from politburo.case.country.levers import NAMES, NUMBER
from politburo.case.load import load_case
from politburo.faults import Faults


@pytest.fixture(scope="module")
def case():
    return load_case("ussr")


def path(case, name):
    return compile_case(case).world.country.lever[:, NUMBER[name]]


def test_a_lever_is_held_between_two_months(case):
    changed = case.with_values({"levers.export@1932-07..1933-06": 0})
    country = compile_case(changed).world.country
    first = 10 * 12 + 3  # 1932-07 from 1922-04
    k = NUMBER["export"]
    assert not country.lever[first : first + 12, k].any() and country.held[first : first + 12, k].all()
    assert country.held.sum() == 12
    rest = np.r_[0:first, first + 12 : len(country.lever)]
    assert np.array_equal(country.lever[rest], compile_case(case).world.country.lever[rest])
    assert np.array_equal(country.recorded, compile_case(case).world.country.lever), "differences are measured from the record"
    assert changed.digest != case.digest and changed.changes == {"levers.export@1932-07..1933-06": 0}


@pytest.mark.parametrize(
    ("span", "months"), [("", 201), ("@1933", 12), ("@1933-05", 68), ("@1933..1934", 24), ("@1938-12..", 1)]
)
def test_spans(case, span, months):
    country = compile_case(case.with_values({f"levers.search{span}": 0.5})).world.country
    assert country.held.sum() == months


def test_a_factor_scales_the_recorded_path(case):
    scaled = path(case.with_values({"levers.quota@1931-07..1932-06": "*0.85"}), "quota")
    assert scaled[9 * 12 + 3] == pytest.approx(0.85 * path(case, "quota")[9 * 12 + 3])


def test_a_parameter_of_the_country_is_held(case):
    draws = compile_case(case.with_values({"parameters.seam_strength": 0})).world.country.draws
    assert not draws.rows(0, 5)[:, draws.names.index("seam_strength")].any()


def test_values_can_be_read_back(case):
    assert case.value("levers.export@1932-07..1933-06") == path(case, "export")[10 * 12 + 3]
    assert case.with_values({"levers.export@1932..1933": 0}).value("levers.export@1932-07") == 0
    assert "parameters.line_speed" in case.keys()
    assert {case.value(f"levers.{name}@1937") is not None for name in NAMES} == {True}


def test_every_fault_at_once(case):
    wrong = {"levers.exprot": 1, "levers.export": 99, "levers.quota@1932-13": 1, "levers.drive@1933..1932": 0, "parameters.line_speed": 9}
    with pytest.raises(Faults) as caught:
        case.with_values(wrong)
    words = [str(fault) for fault in caught.value.faults]
    assert len(words) == 5 and any("did you mean export?" in word for word in words)


def test_a_case_without_a_country_says_so():
    with pytest.raises(Faults, match="no country"):
        load_case("template").with_values({"levers.export": 0})


def test_faults_of_the_files_name_their_line(tmp_path, case):
    import shutil

    shutil.copytree(case.path, tmp_path / "mine")
    folder = tmp_path / "mine" / "country"
    text = (folder / "levers-industry.csv").read_text().splitlines()
    text[2] = text[2].replace("heavy", "haevy")
    text[3] = text[3].replace("1929-01", "1929-14")
    (folder / "levers-industry.csv").write_text("\n".join(text) + "\n")
    with pytest.raises(Faults) as caught:
        load_case(tmp_path / "mine")
    words = "\n".join(map(str, caught.value.faults))
    assert "levers-industry.csv:3:1" in words and "did you mean heavy?" in words and "levers-industry.csv:4:2" in words
