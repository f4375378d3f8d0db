"""The verbs as a user meets them: output, JSON, exit codes, no traceback."""

import json

import pytest
from typer.testing import CliRunner

from politburo.cli.record import app

runner = CliRunner()


def run(*args, code=0, **kwargs):
    result = runner.invoke(app, [str(a) for a in args], **kwargs)
    assert result.exit_code == code, (result.output, result.stderr)
    assert "Traceback" not in result.output + result.stderr
    return result


def test_check_prints_no_fault():
    assert "no fault" in run("check").stdout
    assert json.loads(run("check", "--json").stdout)["faults"] == []


def test_check_with_sources(sources_folder):
    assert "833 spans verified" in run("check", "--sources", sources_folder).stdout.replace("\n", " ")


def test_check_on_a_broken_record(tmp_path):
    (tmp_path / "record.yaml").write_text("id: x\ntitle: X\nbas: ussr\n")
    result = run("check", "--record", tmp_path, code=1)
    assert (
        "record.yaml:3:1: unknown key 'bas'" in result.stderr
        and "did you mean base?" in result.stderr
        and result.stdout == ""
    )


def test_questions():
    out = run("conflicts", "--hard", "--no-reference").stdout
    assert "Trotsky refuses to work" in out and "reading:" in out and "2 witnesses" in out
    assert "witnesses" in run("person", "Bukharin").stdout
    assert "Leon Trotsky" in run("who", "Politburo", "--on", "1926-06-01").stdout
    assert "not attested" in run("who", "Politburo", "--on", "1910").stdout
    assert "(inferred)" in run("timeline", "--from", "1939", "--to", "1945").stdout
    assert "encyclopaedia" in run("sources").stdout and "recalled" in run("sources").stdout
    assert "confirmed passages" in run("reuse").stdout
    assert "c-000-009" in run("claims", "--cluster", "trotsky-zinoviev-alliance").stdout


@pytest.mark.parametrize(
    "args",
    [
        ("conflicts",),
        ("person", "Kirov"),
        ("who", "politburo", "--on", "1934"),
        ("timeline", "--person", "kirov"),
        ("sources",),
        ("reuse",),
        ("claims",),
    ],
)
def test_json_everywhere(args):
    assert json.loads(run(*args, "--json").stdout)


@pytest.mark.parametrize("args", [("person", "Bucharin"), ("who", "Politbureaux", "--on", "1926"), ("who", "Politburo", "--on", "26"), ("timeline", "--from", "x"),
                                  ("conflicts", "--kind", "dates"), ("export", "--to", "popollo"), ("check", "--record", "/nowhere"), ("schema", "claims")])  # fmt: skip
def test_bad_input_is_a_fault(args):
    result = run(*args, code=1)
    assert result.stderr.strip() and result.stdout.strip() == ""


def test_wrong_usage_exits_with_two():
    run("who", "Politburo", code=2)
    run("read", code=2)


def test_quotes_need_the_files(sources_folder):
    with_files = run("claims", "--cluster", "kirov-murdered", "--sources", sources_folder).stdout
    assert "“" in with_files and "“" not in run("claims", "--cluster", "kirov-murdered").stdout


def test_schema_is_json_schema():
    assert json.loads(run("schema", "claim").stdout)["properties"]["digest"]


def test_export_writes_files(tmp_path):
    run("export", "--to", "popolo", "--out", tmp_path / "o")
    assert json.loads((tmp_path / "o" / "popolo.json").read_text())["persons"]
    assert json.loads(run("export", "--to", "timelinejs").stdout)["events"]
    run("export", "--to", "csv", code=1)


def test_read_review_and_ask(tmp_path):
    good, bad = tmp_path / "a.txt", tmp_path / "b.bin"
    good.write_text(
        "Bukharin was removed from the Politburo in November 1929. Kamenev was executed in August 1936."
    )
    bad.write_bytes(bytes(range(256)))
    result = run("read", good, bad, "--into", tmp_path / "mine", code=1)
    assert "2 proposals" in result.stdout and "binary data" in result.stderr
    result = run("review", tmp_path / "mine", input="c\nq\n")
    assert "1 confirmed" in result.stdout and "1 left" in result.stdout
    run("read", good, "--into", tmp_path / "mine", "--accept", "0.5")
    assert "1 witness" in run("person", "Kamenev", "--record", tmp_path / "mine").stdout
    assert "no fault" in run("check", "--record", tmp_path / "mine").stdout
    found = json.loads(run("read", good, "--json").stdout)[0]["found"]
    assert {"date", "person", "organ", "claim"} <= {x["kind"] for x in found}
    run("review", tmp_path / "nowhere", code=1)
