"""`politburo series` as a user meets it: tables, rows for a machine, faults without tracebacks."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from politburo.cli import app

RUN = CliRunner()


def call(*words):
    return RUN.invoke(app, ["series", *words])


def test_a_series_beside_the_record_as_json():
    done = call("ussr", "steel", "-n", "8", "--json")
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    model = [row for row in rows if row["kind"] == "model"]
    record = [row for row in rows if row["kind"] == "record" and row["series"] == "steel"]
    assert [row["period"] for row in model] == [str(y) for y in range(1922, 1953)]
    assert all(row["low"] <= row["middle"] <= row["high"] for row in model)
    assert all(row["evidence"] and row["source"] for row in record)
    assert {row["use"] for row in record} >= {"fit", "held out"}
    assert any("outside" in row for row in record)


def test_the_same_as_csv():
    done = call("ussr", "steel", "-n", "8", "--csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len([row for row in rows if row["kind"] == "model"]) == 31


def test_a_table_says_labels_verdict_and_what_it_is_of():
    done = call("ussr", "steel", "-n", "8")
    assert "held out" in done.stdout and "recalled" in done.stdout
    assert "Steel:" in done.stdout and "8 histories of the country alone" in done.stdout


def test_a_toll_never_stands_without_its_caveat():
    done = call("ussr", "famine_deaths", "-n", "8")
    assert "A toll depends on the harvest series" in done.stdout


def test_all_series_in_one_table():
    done = call("ussr", "-n", "8")
    assert done.exit_code == 0
    for name in ("coal", "harvest", "population", "shot", "literacy"):
        assert name in done.stdout


@pytest.mark.parametrize(("words", "said"), [(("ussr", "steal"), "did you mean steel?"), (("template",), "no country"), (("nowhere",), "no such case")])
def test_faults(words, said):
    done = call(*words)
    assert done.exit_code == 1 and said in done.output and "Traceback" not in done.output
