"""Frames and labelled arrays say the same as the arrays, in the case's words."""

import datetime
import subprocess
import sys

import numpy as np
import pytest

from politburo.faults import Faults
from politburo.lab.ensembles.frames import KINDS, LIBRARIES
from politburo.lab.ensembles.run import run


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return run("ussr", n=60, until="1927-12", out=tmp_path_factory.mktemp("frames") / "r", workers=1)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("what", KINDS)
def test_every_frame_in_every_library(result, what, library):
    found = result.frame(what, library)
    assert type(found).__module__.split(".")[0] == {"arrow": "pyarrow"}.get(library, library)
    names = found.column_names if library == "arrow" else list(found.columns)
    assert names[0] == {"histories": "history", "outcomes": "history", "targets": "target", "bands": "month"}[what]
    if what in ("histories", "outcomes"):
        assert len(found) == 60


def test_months_are_dates_and_persons_are_ids(result):
    kept, people = result.kept(), list(result.layout.people)
    frame = result.frame("histories", columns=["history", "ruler", "ruler_month", "fall.trotsky.condemned", "circle@1926-12", "document_vote"])
    assert frame["history"].to_list() == list(range(60))
    for row, who, month in zip(frame.iter_rows(named=True), kept.whole[:, 0], kept.whole[:, 1], strict=True):
        assert row["ruler"] == (people[int(who)] if who >= 0 else None)
        expected = None if month < 0 else datetime.date(1922 + (3 + int(month)) // 12, (3 + int(month)) % 12 + 1, 1)
        assert row["ruler_month"] == expected
    check = result.layout.checks.index("1926-12")
    members = [[p for i, p in enumerate(people) if kept.circle[h, check, i] == 2] for h in range(60)]
    assert frame["circle@1926-12"].to_list() == members
    assert (frame["document_vote"].is_null() == (kept.whole[:, 8] < 0)).all()


def test_outcomes_have_their_units(result):
    frame = result.frame("outcomes", "pandas")
    by_id = {o.id: o for o in result.outcomes()}
    leaves = by_id["trotsky_leaves_politburo"].values
    assert np.array_equal(frame["trotsky_leaves_politburo"].isna().to_numpy(), ~np.isfinite(leaves))
    assert str(frame["trotsky_leaves_politburo"].dtype).startswith("datetime64")


def test_bands_and_the_labelled_array_agree(result):
    frame, cube = result.frame("bands", at=(0.1, 0.5)), result.to_xarray(at=(0.1, 0.5), counts=True)
    assert frame.columns == ["month", "series", "q10", "q50"]
    one = cube["band"].sel(series="power.stalin", quantile=0.5)
    assert np.array_equal(one.values, result.band("power.stalin", [0.5])[:, 0])
    assert np.array_equal(frame.filter(frame["series"] == "power.stalin")["q50"].to_numpy(), one.values)
    assert str(one["month"].values[0])[:10] == "1922-04-01" and cube.attrs["histories"] == 60
    assert int(cube["count"].sum(dim="bin").min()) == 60


def test_what_cannot_be_had_is_said(result, monkeypatch):
    for words, options in (("did you mean histories", {"what": "history"}), ("did you mean polars", {"library": "polar"})):
        with pytest.raises(Faults, match=words):
            result.frame(**options)
    with pytest.raises(Faults, match="no column 'rular'"):
        result.frame("histories", columns=["rular"])
    for module, ask in (("polars", result.frame), ("pandas", lambda: result.frame(library="pandas")), ("xarray", result.to_xarray)):
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(Faults, match=rf"{module} is not installed; allowed: pip install 'politburo\["):
            ask()


def test_nothing_is_imported_before_it_is_asked_for():
    code = "import sys, politburo.lab.ensembles.frames; print([m for m in ('polars', 'pandas', 'xarray', 'altair') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
