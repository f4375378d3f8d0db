"""`politburo theory ...` as a user meets it: answers, the author's number beside ours, faults instead of
tracebacks; doctests; charts; imports.
"""

import doctest
import importlib
import json
import pkgutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import politburo.theory
from politburo.cli import app
from politburo.cli.theory.models import ECONOMY, LEADERS, PEOPLE

runner = CliRunner()


def run(*words):
    return runner.invoke(app, ["theory", *words])


@pytest.mark.parametrize(("words", "expected"), [
    ("coalition 3 4 5 10 --majority 1/2", "ruling coalition: A, B, C"),
    ("coalition 3 4 5 12", "exact shares"),
    ("coalition 3 4 5 10 --robustness", "smallest relative move"),
    ("coalition 3 4 5 1 --fragility D", "A, B, D"),
    ("coalition 3 4 5 --game", "same for every order: yes"),
    ("coalition 3 4 5 --myopic", "foresighted"),
    ("coalition --sizes --majority 2/3", "17"),
    ("coalition --constitutions", "absolutism"),
    ("coalition 3 4 5 --tie A-B --office B=3", "derived, not published"),
    ("coalition 3 4 5 10 --self-enforcing", "A, B, C"),
    ("power-index eu27", "published"),
    ("power-index 3 2 1 --quota 4 --exact", "2/3"),
    ("power-index 1 1 1 1 1 1 1 --quota 4 --blocs A+B+C", "A+B+C"),
    ("power-index 3 2 2 1 --unions B+C", "owen"),
    ("bargain china --turns 27", "published"),
    ("bargain emission --model eu", "printed"),
    ("bargain emission --model eu --set distance=linear", "distance=linear"),
    ("bargain emission --model all", "weighted mean"),
    ("leaders", "selectorate"), ("economy", "feldman"), ("people", "convictions"), ("examples", "eu27"),
    ("reproduce sizes", "hold: 60"),
])  # fmt: skip
def test_answers(words, expected):
    found = run(*words.split())
    assert found.exit_code == 0 and expected in found.output, found.output


@pytest.mark.parametrize(
    ("family", "table"), [("leaders", LEADERS), ("economy", ECONOMY), ("people", PEOPLE)]
)
def test_every_example_of_the_lists_runs(family, table):
    for name, (_, _, _, example) in table.items():
        if "items.csv" in example:
            continue
        found = run(family, name, *example.split())
        assert found.exit_code == 0, (name, found.output)


@pytest.mark.parametrize(("words", "status", "expected"), [
    ("coalition -3 4", 1, "powers[0]: -3"), ("coalition 3 4 --majority 2", 1, "majority: 2"), ("coalition 3 4 --majorty 2", 2, "--majorty"),
    ("coalition", 2, "give powers"), ("power-index eu72", 1, "did you mean"), ("power-index 3 2 --quota 9", 1, "quota: 9"),
    ("power-index 3 nan", 1, "nan"), ("bargain nowhere.csv", 1, "nowhere.csv"), ("bargain china --model ktb", 1, "ktb"),
    ("bargain china --set risc=half", 1, "did you mean risk"), ("leaders eliminatons 10 0.2", 1, "did you mean eliminations"),
    ("leaders eliminations 10", 1, "hit_rate"), ("leaders eliminations 10 0.2 populaton=3", 1, "did you mean population"),
    ("leaders eliminations 10 x", 1, "hit_rate: 'x'"), ("reproduce everything", 1, "everything"), ("coalition 3 4 --office A", 1, "MEMBER=POWER"),
])  # fmt: skip
def test_faults_not_tracebacks(words, status, expected):
    found = run(*words.split())
    assert found.exit_code == status and expected in found.output and "Traceback" not in found.output, (
        found.output
    )


def test_own_files_and_their_faults(tmp_path):
    good, bad = tmp_path / "circle.csv", tmp_path / "bad.csv"
    good.write_text("name,power\nZinoviev,3\nKamenev,4\nStalin,5\nTrotsky,10\n")
    assert "Zinoviev, Kamenev, Stalin" in run("coalition", "--file", str(good)).output
    bad.write_text("name,power\nZinoviev,3\nKamenev,four\nStalin,5,6\n")
    found = run("coalition", "--file", str(bad))
    assert found.exit_code == 1 and "bad.csv:4" in found.output
    bad.write_text("name,power\nZinoviev,3\nKamenev,four\nStalin,-5\n")
    found = run("coalition", "--file", str(bad))
    assert "bad.csv:3:2" in found.output and "bad.csv:4:2" in found.output
    good.write_text("name,weight,bloc\nA,3,x\nB,2,x\nC,2,\nD,1,\n")
    assert "apart" in run("power-index", "--file", str(good)).output


def test_json_csv_and_chart(tmp_path):
    table, chart = tmp_path / "t.csv", tmp_path / "c.json"
    found = run("coalition", "3", "4", "5", "--json", "--csv", str(table), "--chart", str(chart))
    plain = json.loads(found.output)
    assert plain[0]["facts"]["ruling coalition"] == "A, B, C" and plain[1]["standing"] == "reference values"
    assert table.read_text().splitlines()[0] == "member,power,coalition,share"
    assert json.loads(chart.read_text())["$schema"].endswith(".json")
    assert run("coalition", "3", "4", "--chart", str(tmp_path / "c.gif")).exit_code == 1


def test_every_kind_of_result_draws_and_exports():
    import altair as alt

    from politburo import theory

    results = [
        theory.ruling_coalition([3, 4, 5]),
        theory.power_indices([3, 2, 1], 4),
        theory.spatial_model(theory.leadership("china"), turns=2),
        theory.expected_utility(theory.leadership("emission"), rounds=3),
        theory.circular_flow(),
        theory.feldman(0.5),
        theory.fragility([3, 4, 5, 1], "D"),
        theory.triad([4, 3, 2]),
    ]
    for result in results[:7]:
        assert isinstance(result.chart(), alt.TopLevelMixin)
        result.chart().to_dict()
    for result in results:
        assert (
            len(result.to_frame()) == len(result.rows)
            and json.loads(result.to_json())["title"] == result.title
        )
        assert str(result).startswith(result.title)


def test_docstring_examples():
    attempted = 0
    for info in pkgutil.iter_modules(politburo.theory.__path__):
        found = doctest.testmod(importlib.import_module(f"politburo.theory.{info.name}"))
        assert not found.failed, info.name
        attempted += found.attempted
    assert attempted >= 15


def test_every_public_function_says_what_it_is():
    for name in politburo.theory.__all__:
        thing = getattr(politburo.theory, name)
        module = importlib.import_module(thing.__module__)
        assert thing.__doc__ and len(module.__doc__) > 200, name


def test_nothing_heavy_at_import():
    script = "import sys, politburo, politburo.theory; sys.exit(any(m in sys.modules for m in ('numpy', 'numba', 'pandas', 'altair', 'rich')))"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


def test_first_call_says_that_it_compiles(capsys, monkeypatch):
    import time

    from politburo.theory import compiling

    class Slow:
        overloads: dict = {}

        def compile(self, signature):
            time.sleep(0.2)

        def __call__(self, x):
            return x

    monkeypatch.setattr(compiling, "PATIENCE", 0.05)
    compiling._said.clear()
    assert compiling.call(Slow(), 3) == 3
    assert "compiling" in capsys.readouterr().err
