"""What every mechanism must be: declared in full, about nobody, lucky only by key, harmless when off.

The tests are parametrised over the mechanisms that the engine ships, so a new one inherits them. What a
mechanism does to a state is watched in the plain engine (`tests/engine/plain.py`), step by step, on the ussr
case and on random small ones.
"""

import ast
import inspect
import json
import re
import textwrap

import pytest
from test_compiled import run_plain

from politburo.case.arrays import World
from politburo.case.load import load_case, packaged_cases
from politburo.engine import luck, month
from politburo.engine.start import start
from politburo.engine.state import LOCAL, NOW, OFFICE, PEOPLE, State
from politburo.faults import Faults

NAMES = month.names("politics")
every_mechanism = pytest.mark.parametrize("name", NAMES)

PERSONS = {name for name, _ in PEOPLE}
WHOLE = {name for name, _ in NOW}
ARRAYS = set(State._fields) - {"people", "now"}

# What else moves when a word of WRITES moves: the bookkeeping of engine.standing and counts kept beside a
# value.
OFFICES = {"office.holder", "people.office", "people.force", "now.secretary", "now.force_post"}
CIRCLE = {"people.circle", "people.committee", "people.side", "now.circle_size", "now.renewed"}
DEATH = CIRCLE | OFFICES | {
    "people.alive", "people.organised", "people.seats", "people.patron", "now.free_seats", "now.leader",
    "now.ruler",
    "now.ruler_month", "clients", "local.boss", "local.strength",
}  # fmt: skip
WITH = {
    "office": OFFICES, "local": {"local.boss", "local.strength"} | OFFICES, "circle": CIRCLE, "alive": DEATH,
    "seats": {"people.seats", "now.free_seats"}, "recanted": {"people.recanted", "people.readmit"},
    "rung": DEATH | {"people.rung", "people.prestige", "first", "now.precedent"},
    "purge": {"now.purge", "now.purge_start", "now.purge_month", "now.purges", "now.chief",
    "now.chief_since", "now.chiefs"},
}  # fmt: skip
COUNTS = {"people.moved", "now.motions", "now.failed", "now.congresses", "now.last_congress", "now.events"}

# Settings of nothing, and the fields that then stand still in that mechanism's own step.
ZERO = {
    "opinion": ({"opinion_speed": 0}, ["opinion"]),
    "stances": ({"stance_speed": 0, "drift": 0}, ["stance"]),
    "patronage": ({"turnover": 0, "desertion": 0, "gratitude": 0}, ["clients"]),
    "motions": ({"motion_rate": 0}, ["people.rung", "people.side", "people.prestige", "affinity", "first",
    "now.motions", "office.holder"]),
    "opposition": ({"organise": 0, "recant": 0, "readmission": 0}, ["people.organised", "people.recanted",
    "people.rung", "affinity"]),
    "congress": ({"convene": 0}, ["people.seats", "now.committee_size", "people.circle", "people.rung",
    "affinity", "now.congresses"]),
    "circle": ({"coopt": 0}, ["people.circle", "now.circle_size", "affinity"]),
    "document": ({"document_effect": 0}, ["people.prestige"]),
    "rule": ({"rule_seats": 9}, ["now.ruler", "now.ruler_month"]),
    "fear": ({"fear": 0, "suspicion": 0}, ["now.fear", "now.suspicion"]),
    "purge": ({"purge": 0}, ["now.committee_dead", "now.army_lost"]),
    **{f"motions_{rival}": ({"motion_rate": 0}, ["people.rung", "people.prestige", "affinity", "first", "now.motions"]) for rival in ("challenge", "contest")},
    **{f"congress_{rival}": ({"convene": 0}, ["people.seats", "now.committee_size", "people.rung", "now.congresses"]) for rival in ("contest", "distance")},
    **{f"patronage_{rival}": ({"turnover": 0, "desertion": 0}, ["clients"]) for rival in ("quantal", "standing")},
    **{f"purge_{rival}": ({"purge": 0}, ["now.committee_dead", "now.army_lost"]) for rival in ("blind", "threat")},
}  # fmt: skip


def module(name):
    return month.mechanism(name).module


def source(name):
    return month.mechanism(name).path.read_text(encoding="utf-8")


def resolve(word: str) -> set[str]:
    """A word of WRITES or READS as fields of the state; empty when there is no such field."""
    found = set(WITH.get(word, ()))
    if word in PERSONS:
        found.add(f"people.{word}")
    if word in WHOLE:
        found.add(f"now.{word}")
    if word in ARRAYS:
        fields = {"local": LOCAL, "office": OFFICE}.get(word)
        found |= {f"{word}.{field}" for field, _ in fields} if fields else {word}
    return found


def plain_function(function):
    return getattr(function, "py_func", function)


def parameters_read(function, seen=None) -> set[str]:
    """Names read as `p.name` by a function and by every function of the project that it calls."""
    seen = set() if seen is None else seen
    function = plain_function(function)
    if function in seen:
        return set()
    seen.add(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    found = {
        node.attr for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "p"
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = function.__globals__.get(node.func.id)
            if callable(called) and plain_function(called).__module__.startswith("politburo."):
                found |= parameters_read(called, seen)
    return found


def code_only(text: str) -> str:
    """Source without comments and docstrings."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            body[0].value.value = ""
    return ast.unparse(tree)


# -- what it says of itself
# --------------------------------------------------------------------------------------


def test_there_are_mechanisms():
    assert set(month.STANDARD) <= set(NAMES) and len(set(month.STANDARD)) == len(month.STANDARD) > 10


@every_mechanism
def test_declares_what_it_reads_and_writes(name):
    m = module(name)
    for attribute in ("PARAMETERS", "READS", "WRITES"):
        declared = getattr(m, attribute)
        assert isinstance(declared, tuple) and (declared or attribute == "PARAMETERS"), attribute
        assert all(isinstance(word, str) for word in declared) and len(set(declared)) == len(declared), (
            attribute
        )
    assert all(resolve(word) for word in m.WRITES), "WRITES names fields of the state"
    of_the_case = set(World._fields) | {"calendar", "born", "signals", "named"}
    assert all(resolve(word) or word in of_the_case for word in m.READS), (
        "READS names fields of the state or the case"
    )
    assert callable(m.step) and m.step.__doc__


@every_mechanism
def test_docstring_tells_its_theory(name):
    text = module(name).__doc__
    assert text[0].isupper() and "." in text.split("\n\n")[0]
    for part in ("Theory.", "Reads:", "Writes:", "Parameters:", "Falsified by:"):
        assert text.count(part) == 1, f"one {part!r} in the docstring"
        after = text.split(part)[1].strip()
        assert len(after) > 2, part


@every_mechanism
def test_every_parameter_it_reads_is_declared(name):
    assert parameters_read(module(name).step) <= set(module(name).PARAMETERS)


@every_mechanism
def test_every_declared_parameter_is_read(name):
    assert set(module(name).PARAMETERS) <= parameters_read(module(name).step) | parameters_read(start)


@every_mechanism
def test_its_parameters_are_in_the_case(name, ussr):
    own = getattr(module(name), "OWN", {})  # declared by the mechanism, with a prior range
    assert not set(own) & set(ussr.parameters) and set(own) <= set(module(name).PARAMETERS)
    missing = set(module(name).PARAMETERS) - set(ussr.parameters) - set(own)
    assert not missing


def test_every_parameter_of_the_case_has_a_reader(ussr):
    """... and the mechanism that it is filed under is one of them."""
    readers = {name: parameters_read(module(name).step) for name in NAMES}
    readers["start"] = parameters_read(start)
    for name in ussr.parameters:
        assert any(name in read for read in readers.values()), f"nobody reads {name}"
        filed = ussr.case.parameters[name].mechanism
        assert filed in NAMES
        assert name in readers[filed] | readers["start"], (
            f"{name} is filed under {filed}, which does not read it"
        )


# -- what it must not do
# -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def people():
    """Ids and last names of everybody in a packaged case, in small letters."""
    found: set[str] = set()
    for name in [*packaged_cases(), "template"]:
        try:
            case = load_case(name)
        except Faults:  # a packaged record is not a case of people
            continue
        found |= set(case.people) | {person.name.split()[-1].lower() for person in case.people.values()}
    assert len(found) > 40
    return found


@every_mechanism
def test_names_no_person_and_no_date(name, people):
    text = source(name)
    # Egorov is a scholar cited in docstrings as well as a marshal; no other name may meet.
    assert not set(re.findall(r"[a-z]+", text.lower())) & people - {"egorov"}
    assert not re.search(r"\b1[89]\d\d-\d\d\b", text), "a month of the calendar"
    assert not re.search(r"\b(1[89]\d\d|20\d\d)\b", code_only(text)), "a year in the code"


@every_mechanism
def test_luck_is_keyed_luck_only(name):
    tree = ast.parse(source(name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= {"math"}
        elif isinstance(node, ast.ImportFrom):
            assert node.level > 0 or node.module == "__future__", "a mechanism imports from the engine only"
        elif isinstance(node, ast.Name):
            assert node.id not in {
                "random",
                "time",
                "os",
                "np",
                "numpy",
                "open",
                "globals",
                "eval",
                "exec",
            }, node.id
    sites = set(re.findall(r"luck\.(?:uniform|normal)\(w, s, luck\.([A-Z_]+),", source(name)))
    calls = re.findall(r"luck\.(?:uniform|normal)\(", source(name))
    known = {key for key, value in vars(luck).items() if key.isupper() and isinstance(value, int)}
    assert sites <= known and (sites or not calls), "every draw names its decision site"
    assert len(re.findall(r"luck\.(?:uniform|normal)\(w, s, (?:luck\.[A-Z_]+)", source(name))) == len(calls)


# -- what it does
# ------------------------------------------------------------------------------------------------


def exclusive() -> dict[str, list[str]]:
    """Fields that one mechanism of the standard month alone writes, by the declarations (a rival writes those of its slot)."""
    writes = {name: set().union(*(resolve(word) for word in module(name).WRITES)) for name in month.STANDARD}
    return {
        name: sorted(own - set().union(*(w for other, w in writes.items() if other != name)))
        for name, own in writes.items()
    }


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """What each mechanism changed and broke in the plain engine."""
    out = tmp_path_factory.mktemp("conform") / "found.json"
    run_plain("conform", str(out), json.dumps({"exclusive": exclusive(), "zero": ZERO}))
    return json.loads(out.read_text())


@every_mechanism
def test_changes_only_what_it_declares(name, watched):
    allowed = COUNTS.union(*(resolve(word) for word in module(name).WRITES))
    assert set(watched[name]["changed"]) <= allowed


@every_mechanism
def test_does_something(name, watched):
    assert watched[name]["changed"], "a mechanism that never changes anything was not tested here"


@every_mechanism
def test_keeps_the_books_in_every_month(name, watched):
    """Bounds and conservation after every single step, in company and alone for many months."""
    assert watched[name]["broke"] == []
    assert watched[name]["alone"] == []


@every_mechanism
def test_switched_off_it_does_nothing(name, watched):
    """Without it, what it alone writes stays as the history began."""
    assert watched[name]["off"] == []


def test_the_start_sets_everything(watched):
    """Whatever stood in the state before, a history begins the same: nothing is left of the last one."""
    assert watched["start"]["unset"] == []


def test_most_mechanisms_have_something_of_their_own():
    assert sum(bool(fields) for fields in exclusive().values()) > len(month.STANDARD) // 2


@pytest.mark.parametrize("name", sorted(ZERO))
def test_at_zero_strength_it_leaves_the_state_alone(name, watched):
    assert set(ZERO[name][1]) <= set().union(*(resolve(w) for w in module(name).WRITES)) | COUNTS, (
        "fields it does write"
    )
    assert watched[name]["zero"] == []
    assert set(ZERO[name][1]) & set(watched[name]["changed"]), "and at its usual strength it does change them"
