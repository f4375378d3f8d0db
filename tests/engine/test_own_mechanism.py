"""A user's own mechanisms: named in the case, compiled with the engine, state begun in every history."""

from pathlib import Path

import numpy as np
import pytest
from test_luck import Keys, When, one

from politburo.case.load import CASES, read_case
from politburo.engine import luck, month
from politburo.engine.ensemble import Engine
from politburo.engine.kernel import COMPILED
from politburo.engine.state import WHOLE
from politburo.faults import Faults
from politburo.lab.ensembles.provenance import plan

pytestmark = pytest.mark.skipif(not COMPILED, reason="reads the compiled state's arrays")

OWN = Path(__file__).with_name("data") / "own"
LINE = "\nmechanisms: [opinion, {file: tiring.py}, {file: counting.py}]\n"


def own_case(line: str = LINE):
    """The template with this line of mechanisms, as if it stood beside the tests' own files."""
    folder = CASES / "template"
    texts = {p.name: p.read_text(encoding="utf-8") for p in [*folder.glob("*.yaml"), *folder.glob("*.csv")]}
    texts["case.yaml"] += line
    return read_case(texts, OWN, dict.fromkeys(month.names()))


@pytest.fixture(scope="module")
def call():
    return plan(own_case(), until="1963-02", seed=31)


@pytest.fixture(scope="module")
def run(call):
    engine = Engine(call.compiled.world, call.compiled.parameters, call.compiled.months, call.mechanisms)
    return lambda first, count: engine.run(first, call.rows(np.arange(first, first + count)))


def test_the_case_names_them(call):
    assert [Path(m).name for m in call.mechanisms] == ["opinion", "tiring.py", "counting.py"]
    assert call.identity["mechanisms"] == ["opinion", "tiring.py", "counting.py"]
    text = month.source(call.mechanisms)
    assert text.index("step_0(w, p, s)") < text.index("step_1(w, p, s)") < text.index("step_2(w, p, s)")
    assert month.extra_state(call.mechanisms) == ([("tired", "f8")], [("calls", "f8"), ("since", "f8")])


def test_state_is_begun_for_each_history(call, run):
    """After three histories in a row the state is that of the third alone, with the keyed luck of its own
    site.
    """
    months = call.compiled.months
    kept, state = run(4, 3)
    assert state.now[0].calls == 10 + months
    w = Keys(call.compiled.world.key.copy(), np.zeros(luck.SITES, np.uint64))
    s = When(np.zeros(1, [("history", "i8"), ("month", "i8")]).view(np.recarray))
    row = call.rows(np.array([6]))[0]
    turnover = row[call.compiled.parameters.index("turnover")]
    drawn = [sum(one(w, s, luck.USER, i, t, 6) for t in range(months)) for i in range(len(state.people))]
    np.testing.assert_allclose(state.people.tired, 1 + turnover * np.array(drawn), rtol=1e-12)
    assert (kept.whole[:, WHOLE.index("grievance")] == 10 + months).all()


def test_state_that_nobody_begins_is_zero_in_each_history(call, run):
    kept, state = run(0, 3)
    assert state.now[0].since == call.compiled.months
    np.testing.assert_allclose(kept.whole[:, WHOLE.index("fear")], 0.001 * call.compiled.months, rtol=1e-6)


def test_alone_is_in_a_batch(run):
    batch = run(0, 3)[0]
    for h in range(3):
        alone = run(h, 1)[0]
        for name, x, y in zip(batch._fields, batch, alone, strict=True):
            assert name == "bands" or x[h].tobytes() == y[0].tobytes(), name


def test_what_is_not_named_does_not_run(call, run):
    """Only opinion and the two files ran: nobody moved, spoke, voted or died."""
    kept, state = run(0, 2)
    assert (kept.first == -1).all() and (kept.alive == -1).all() and (kept.ruler == -1).all()
    assert kept.whole[:, WHOLE.index("motions")].max() == 0
    assert not np.array_equal(state.opinion, call.compiled.world.opinion)


def test_an_edited_file_is_a_new_mechanism(tmp_path):
    """Within one process too: neither the old step nor old machine code may answer for the new text."""
    file = tmp_path / "mine.py"
    found = []
    for number in (1, 2):
        file.write_text((OWN / "counting.py").read_text().replace("0.001", str(number)))
        found.append((month.load_step(str(file)), month.histories([file])))
    assert found[0][0] is not found[1][0] and found[0][1] is not found[1][1]
    assert month.load_step(str(file)) is found[1][0]
    assert month.histories([file]) is found[1][1], "and an unchanged one is the same"
    step = getattr(found[1][0], "py_func", found[1][0])
    assert "* 2" in Path(step.__code__.co_filename).read_text()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("\nmechanisms: [opinion, {file: tirring.py}]\n", "tiring.py"),
        ("\nmechanisms: [opinion, opinoin]\n", "opinion"),
        ("\nmechanisms: [{file: ../tiring.py}]\n", "plain name"),
        ("\nmechanisms: [{file: tiring.py}, {file: tiring.py}]\n", "a second time"),
    ],
)
def test_wrong_names_are_faults(line, words):
    with pytest.raises(Faults) as error:
        own_case(line)
    assert words in str(error.value) and "case.yaml" in str(error.value)


def test_machine_code_depends_on_the_listed_mechanisms_only():
    """A mechanism that is not in the list leaves the machine code of the others valid; what a listed one imports counts."""
    from politburo.engine import month

    folder = month.ENGINE / "mechanisms"
    reached = month._imported(folder / "rule.py")
    assert folder / "congress.py" in reached and folder.parent / "standing.py" in reached
    assert folder / "purge.py" not in reached
    assert month._machine_digest((folder / "rule.py",)) != month._machine_digest((folder / "rule.py", folder / "purge.py"))


def test_machine_code_depends_on_what_a_users_file_imports(tmp_path, monkeypatch):
    """A module of the user's own that a mechanism takes a constant from: changed, it may not meet the machine code of before."""
    from politburo.engine import month

    (tmp_path / "users_numbers.py").write_text("from users_places import PLACE\nSPEED = 1.0\n")
    (tmp_path / "users_places.py").write_text("PLACE = 3\n")
    rule = tmp_path / "users_rule.py"
    rule.write_text("import math\nimport numpy as np\nfrom users_numbers import SPEED\n\ndef step(w, p, s):\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)

    def digest():
        for found in (month._users, month._imported, month._machine_digest):
            found.cache_clear()
        return month._machine_digest((rule,))

    assert month._imported(rule) == {tmp_path / "users_numbers.py"}  # neither NumPy nor Python's own
    before = digest()
    assert digest() == before
    (tmp_path / "users_places.py").write_text("PLACE = 4\n")
    assert digest() != before
