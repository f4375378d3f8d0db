"""check, new, schema and cases as a user meets them."""

import json

import pytest
import yaml
from typer.testing import CliRunner

from politburo.cli import app

run = CliRunner().invoke


def ok(*words):
    result = run(app, [*map(str, words)])
    assert result.exit_code == 0, result.output
    return result.stdout


def fails(*words, status=1):
    result = run(app, [*map(str, words)])
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return result


def test_new_then_check(tmp_path):
    made = tmp_path / "My Circle"
    assert "politburo check" in ok("new", made)
    assert (
        "name: my-circle\n" in (made / "case.yaml").read_text()
        or "name: my-circle " in (made / "case.yaml").read_text()
    )
    out = ok("check", made)
    assert (
        "No faults." in out
        and "1961-03 to 1968-12" in out
        and "recalled or assumed" in out
        and "invented" in out
    )
    found = json.loads(ok("check", made, "--json"))
    assert found["people"] == 8 and found["watched"] == 6 and found["labels"]["assumed"] + found["labels"].get("derived", 0) == found["values"]
    assert found["targets"] == 3 and found["fitted_targets"] == 0 and found["parameters_of"] == "ussr"


def test_every_file_of_the_template_explains_itself(tmp_path):
    ok("new", tmp_path / "x")
    for path in (tmp_path / "x").iterdir():
        if path.suffix in (".yaml", ".csv"):
            text = path.read_text()
            assert text.startswith("#") and text.count("#") >= 2, path.name
            if path.suffix == ".yaml":
                schema = text.split("$schema=")[1].split()[0]
                assert (tmp_path / "x" / schema).is_file()
                assert yaml.safe_load(text)


def test_own_parameters(tmp_path):
    ok("new", tmp_path / "x", "--own-parameters")
    found = json.loads(ok("check", tmp_path / "x", "--json"))
    assert found["parameters_of"] == "own" and found["particles"] == 0 and found["parameters"] > 10


def test_new_leaves_things_alone(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    assert "exists already" in fails("new", tmp_path / "full").stderr
    assert [p.name for p in tmp_path.iterdir()] == ["full"]
    (tmp_path / "empty").mkdir()
    ok("new", tmp_path / "empty")
    assert "packaged case" in fails("new", tmp_path / "ussr").stderr
    ok("new", tmp_path / "ussr", "--name", "ussr-mine")
    assert "'Bad Name'" in fails("new", tmp_path / "y", "--name", "Bad Name").stderr
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]
    (tmp_path / "file").write_text("")
    assert "cannot be written" in fails("new", tmp_path / "file" / "x").stderr
    fails("new", status=2)


def test_new_here_and_further_down(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    ok("new", ".")
    assert json.loads(ok("check", ".", "--json"))["name"] == "here"
    ok("new", "a/b/c")
    assert json.loads(ok("check", "a/b/c", "--json"))["name"] == "c"
    assert not list(tmp_path.rglob(".politburo-new-*"))
    assert "cannot be written" in fails("new", "x" * 300).stderr
    assert "cannot be read" in fails("check", "x" * 300).stderr


def test_check_tells_every_fault(tmp_path):
    made = tmp_path / "x"
    ok("new", made)
    for file, old, new in (
        ("ties.csv", "karst,dasan,-0.6", "karst,dassan,-1.6"),
        ("rules.yaml", "2/3", "3/2"),
    ):
        path = made / file
        path.write_text(path.read_text().replace(old, new))
    result = fails("check", made)
    lines = result.stderr.splitlines()
    assert result.stdout == "" and lines[-1] == "3 faults."
    assert f"{made}/rules.yaml:7:24: value is '3/2'; allowed: a number between 0 and 1" in lines
    assert any(
        line.startswith(f"{made}/ties.csv:12:2: unknown person 'dassan'") and "did you mean dasan?" in line
        for line in lines
    )
    told = json.loads(fails("check", made, "--json").stdout)["faults"]
    assert [fault["line"] for fault in told] == [7, 12, 12] and told[1]["nearest"] == "dasan"


def test_check_with_settings():
    plain = json.loads(ok("check", "template", "--json"))
    changed = json.loads(ok("check", "template", "--json", "--set", "people.dasan.traits.ambition=0.2"))
    assert changed["digest"] != plain["digest"]
    assert (
        "did you mean people.dasan.traits.ambition?"
        in fails("check", "template", "--set", "people.dasan.traits.ambitions=1").stderr
    )
    words = ["--set", "ties.dasan.karst.error=0.15", "--set", "organs.presidium.candidates.most=5", "--set", "organs.presidium.threshold=1/2"]
    result = run(app, ["check", "template", *words])
    assert "organs.presidium.candidates.most=5 changes nothing that the engine reads" in result.stderr
    assert "organs.presidium.threshold is 1/2 already" in result.stderr
    assert "key=value" in fails("check", "template", "--set", "nothing").stderr
    keys = dict(line.split("=", 1) for line in ok("check", "template", "--keys").splitlines())
    assert keys["rules.ban_on_factions"] == "true" and keys["posts.plan.holder"] == "ondrin"
    everything = [word for key, value in keys.items() for word in ("--set", f"{key}={value}")]
    assert json.loads(ok("check", "template", "--json", *everything))["digest"] == plain["digest"]


def test_cases_and_schema(tmp_path):
    out = ok("cases")
    assert "ussr" in out and "1922-04 to 1938-12" in out and "template" not in out
    assert json.loads(ok("cases", "--json"))[0]["name"] == "ussr"
    ok("schema", tmp_path / "s")
    assert {p.stem for p in (tmp_path / "s").iterdir()} >= {"case", "organs", "posts", "targets"}
    (tmp_path / "file").write_text("")
    assert "cannot be written" in fails("schema", tmp_path / "file").stderr


@pytest.mark.parametrize("name", ["usr", "", "/no/such/place", "../ussr2"])
def test_no_such_case(name):
    assert "no such case" in fails("check", name).stderr


def test_directory_without_a_case(tmp_path):
    result = fails("check", tmp_path)
    assert "no case here: no case.yaml" in result.stderr and "1 fault." in result.stderr


def test_packaged_name_and_directory_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ok("new", "ussr", "--name", "mine")
    assert "both a packaged case and a directory" in fails("check", "ussr").stderr
    assert json.loads(ok("check", "./ussr", "--json"))["name"] == "mine"
    (tmp_path / "ussr" / "case.yaml").unlink()
    assert json.loads(ok("check", "ussr", "--json"))["name"] == "ussr"
