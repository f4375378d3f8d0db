"""The record of figures: what the file says, what it may not say, and that no label is firmer than the data allow."""

import csv
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from politburo.case.country import series
from politburo.evidence import FROM_BASIS, Evidence

FOLDER = Path(str(files("politburo"))) / "cases" / "ussr" / "country"
CEILINGS = Path(__file__).with_name("ceilings.csv")
ORDER = list(Evidence)


@pytest.fixture(scope="module")
def record():
    faults = []
    found = series.read(FOLDER, faults)
    assert not faults, "\n".join(map(str, faults))
    return found


@pytest.fixture(scope="module")
def allowed():
    """Leading digits of a figure (powers of ten do not count) and its year -> the firmest label that any data row gives it."""
    table = defaultdict(lambda: Evidence.ASSUMED)
    with CEILINGS.open(encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            label = FROM_BASIS[row["basis"]]
            for column in ("value", "low", "high"):
                if row[column]:
                    key = (mantissa(float(row[column])), row["period"][:4])
                    table[key] = min(table[key], label, key=ORDER.index)
    return table


def mantissa(value: float) -> str:
    """The figure without its power of ten, to five digits: 147.028 million is 147,028 thousand."""
    return f"{value:.4e}".partition("e")[0]


def test_no_label_is_firmer_than_the_data_files_allow(record, allowed):
    firm = [p for rows in record.values() for p in rows if ORDER.index(p.evidence) < ORDER.index(Evidence.DERIVED)]
    assert len(firm) > 400
    too_firm = []
    for p in firm:
        number = next(v for v in (p.value, p.low, p.high) if v is not None)
        year = str(int(p.start))
        if ORDER.index(p.evidence) < ORDER.index(allowed[mantissa(number), year]):
            too_firm.append((p.series, p.period, number, str(p.evidence), str(allowed[mantissa(number), year])))
    assert not too_firm


def test_the_check_of_labels_can_fail(record, allowed):
    coal = next(p for p in record["coal"] if p.period == "1932")  # recalled in the data
    assert ORDER.index(Evidence.LOOKED_UP) < ORDER.index(allowed[mantissa(coal.value), "1932"])


def test_what_rests_on_the_source_texts_only_is_recalled_and_says_so(record):
    rows = [p for points in record.values() for p in points if "seed text" in p.source or "seed text" in p.note]
    assert rows and all(p.evidence is Evidence.RECALLED and "seed text" in p.note for p in rows)


def test_some_forty_quantities_and_every_one_has_words(record):
    assert len(record.quantities) >= 40
    assert {q for q in record.quantities if q not in series.WORDS} == set()
    assert series.word("harvest.western_low") == "grain harvest (western low)"


def test_competing_measurements_stand_side_by_side(record):
    assert {p.series for p in record.of("harvest")} >= {"harvest", "harvest.western_low", "harvest.davies_wheatcroft"}
    assert {p.series for p in record.of("income")} >= {"income.official", "income.western", "income.low"}
    ukraine = record.of("famine_deaths", "Ukraine")
    assert len({p.series for p in ukraine}) >= 4 and all(p.geography == "Ukraine" for p in ukraine)


def test_known_figures(record):
    at = {(p.series, p.period, p.geography): p for rows in record.values() for p in rows}
    assert at["oil", "1932", "USSR"].value == 21.4 and at["oil", "1932", "USSR"].evidence == "dataset"
    assert at["coal", "1940", "USSR"].use == "held out" and at["coal", "1937", "USSR"].use == "fit"
    assert at["famine_deaths", "1932..1934", "USSR"].years == range(1932, 1935)
    assert at["population", "1934-01-01", "USSR (pre-Sept 1939 borders)"].years == range(1933, 1934)
    assert at["kolkhoz_share", "1930-03-01", "USSR"].value == pytest.approx(0.572)


def test_an_unknown_series_names_the_nearest(record):
    with pytest.raises(KeyError, match="did you mean coal"):
        record["cola"]


def test_a_folder_without_the_file_has_no_record(tmp_path):
    faults = []
    assert not series.read(tmp_path, faults) and not faults


HEADER = ",".join(series.COLUMNS) + "\n"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("coal,1930,USSR,x,,,t,recalled,s,fit,", "value is 'x'"),
        ("coal,193O,USSR,1,,,t,recalled,s,fit,", "period is '193O'"),
        ("coal,1930-13,USSR,1,,,t,recalled,s,fit,", "period is '1930-13'"),
        ("coal,1930,USSR,1,,,t,recaled,s,fit,", "did you mean recalled?"),
        ("coal,1930,USSR,1,,,t,recalled,s,held,", "did you mean held out?"),
        ("coal,1930,USSR,,,,t,recalled,s,fit,", "no value"),
        ("coal,1930,USSR,5,6,7,t,recalled,s,fit,", "low <= value <= high"),
        ("coal,1930,USSR,1,,,t,recalled,,fit,", "no source"),
        ("Coal,1930,USSR,1,,,t,recalled,s,fit,", "lower_snake_case"),
        ("coal,1930,USSR,1,,,t,recalled,s,fit,\ncoal,1930,USSR,2,,,t,recalled,s,fit,", "a second time"),
        ("coal,1930,USSR,1,,,t,recalled,s,fit,\ncoal,1931,USSR,2,,,kg,recalled,s,fit,", "one unit for a series"),
    ],
)
def test_faults_name_the_place(tmp_path, row, words):
    (tmp_path / series.FILE).write_text(HEADER + row + "\n")
    faults = []
    series.read(tmp_path, faults)
    assert len(faults) == 1 and words in str(faults[0]) and faults[0].line == row.count("\n") + 2 and faults[0].file.endswith("series.csv")


@given(st.integers(1900, 1960), st.integers(0, 30), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_spans(year, more, month):
    start, end = series.span(f"{year}..{year + more}") or (0, 0)
    assert (start, end) == (year, year + more + 1)
    assert series.span(f"{year}-{month:02}") == (year + (month - 1) / 12,) * 2
    assert series.span(f"{year}..{year - 1}") is None


@given(st.text(max_size=14))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_span_or_none(text):
    found = series.span(text)
    assert found is None or found[0] <= found[1]
