"""Whatever stands in the files or after --set: a sound case or faults, never another exception."""

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from template_texts import HERE, template_texts

from politburo.case.edit import parse_settings
from politburo.case.load import read_case
from politburo.case.schema import Case
from politburo.faults import Faults

TEXTS = template_texts()
YAML = [name for name in TEXTS if name.endswith(".yaml")]
ODD = st.sampled_from(
    [
        "",
        "null",
        "~",
        "[]",
        "{}",
        "[1, [2]]",
        "{a: {b: c}}",
        "true",
        "no",
        "-1",
        "0",
        "1e999",
        "nan",
        "inf",
        "2/3",
        "2/0",
        "9" * 400,
        "1_000",
        "0x1f",
        "1961-13",
        "0000-01",
        "1961-03-05",
        "'",
        '"',
        ":",
        "- a",
        "#",
        "&a",
        "*a",
        "!!str",
        "\t",
        "\x00",
        "\u2028",
        "é",
        "position.",
        "opinion.",
        "value",
        "dasan",
        "presidium",
        "tau",
        "self",
        "model_config",
        "?",
        "|",
        "template",
        "verel",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | ODD, inner, max_size=3),
    max_leaves=6,
)
quick = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))


def sound_or_faults(texts):
    try:
        case = read_case(texts, HERE)
    except Faults as error:
        assert error.faults
        for fault in error.faults:
            assert fault.file and fault.found and fault.line >= 0 and fault.column >= 0 and str(fault)
        return error.faults
    assert isinstance(case, Case) and len(case.digest) == 64
    assert abs(sum(place.weight for place in case.localities.values()) - 1) < 0.01
    assert all(trait.error >= 0 for person in case.people.values() for trait in person.traits.values())
    return case


@st.composite
def spans(draw, text):
    start = draw(st.integers(0, len(text)))
    return start, draw(st.integers(start, min(len(text), start + 12)))


@quick
@given(st.data())
def test_changed_characters(data):
    texts = dict(TEXTS)
    for _ in range(data.draw(st.integers(1, 3))):
        file = data.draw(st.sampled_from(sorted(texts)))
        start, stop = data.draw(spans(texts[file]))
        texts[file] = texts[file][:start] + data.draw(ODD | st.text(max_size=5)) + texts[file][stop:]
    sound_or_faults(texts)


@quick
@given(st.data())
def test_changed_lines(data):
    file = data.draw(st.sampled_from(sorted(TEXTS)))
    lines = TEXTS[file].splitlines(keepends=True)
    here, there = data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, len(lines) - 1))
    action = data.draw(st.sampled_from(["drop", "double", "swap", "indent"]))
    if action == "drop":
        del lines[here]
    elif action == "double":
        lines.insert(there, lines[here])
    elif action == "swap":
        lines[here], lines[there] = lines[there], lines[here]
    else:
        lines[here] = "  " + lines[here]
    sound_or_faults(TEXTS | {file: "".join(lines)})


@quick
@given(st.data())
def test_changed_fields(data):
    """One field of one row, anything in it; several faults of a row come at once."""
    file = data.draw(st.sampled_from([name for name in TEXTS if name.endswith(".csv")]))
    lines = TEXTS[file].splitlines()
    row = data.draw(
        st.integers(next(i for i, line in enumerate(lines) if not line.startswith("#")), len(lines) - 1)
    )
    cells = lines[row].split(",")
    cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(ODD)
    lines[row] = ",".join(cells)
    sound_or_faults(TEXTS | {file: "\n".join(lines) + "\n"})


def places(data, path=()):
    yield path
    if isinstance(data, dict | list):
        for key in data if isinstance(data, dict) else range(len(data)):
            yield from places(data[key], (*path, key))


@quick
@given(st.data())
def test_changed_nodes(data):
    """Any node of a YAML file replaced by any plain data, or removed, or given a wrong key."""
    file = data.draw(st.sampled_from(YAML))
    tree = yaml.load(TEXTS[file], Loader=yaml.BaseLoader)
    path = data.draw(st.sampled_from([place for place in places(tree) if place]))
    holder = tree
    for key in path[:-1]:
        holder = holder[key]
    action = data.draw(st.sampled_from(["replace", "remove", "rename"]))
    new = data.draw(JSON)
    if action == "replace" or isinstance(holder, list):
        holder[path[-1]] = new
    else:
        old = holder.pop(path[-1])
        if action == "rename":
            holder[data.draw(ODD | st.text(max_size=6))] = old
    sound_or_faults(TEXTS | {file: yaml.safe_dump(tree, allow_unicode=True)})


SMALL = read_case(TEXTS, HERE)
KEYS = SMALL.keys()


@quick
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=20), JSON, max_size=4))
def test_any_value_under_any_key(values):
    before = SMALL.digest
    try:
        case = SMALL.with_values(values)
    except Faults as error:
        assert error.faults
    else:
        assert set(case.changes) <= set(values)
        assert (case.digest == before) == (not case.changes)
    assert SMALL.digest == before and read_case(TEXTS, HERE).digest == before


@quick
@given(
    st.lists(
        st.builds("{}={}".format, st.sampled_from(KEYS) | st.text(max_size=8), ODD | st.text(max_size=6))
        | st.text()
    )
)
def test_any_setting_on_the_command_line(words):
    try:
        SMALL.with_values(parse_settings(words))
    except Faults as error:
        assert error.faults


@settings(deadline=None, max_examples=40)
@given(st.sampled_from([key for key in KEYS if ".traits." in key and key.count(".") == 3]), st.floats(0, 1))
def test_a_trait_reads_back(key, value):
    case = SMALL.with_values({key: value})
    assert case.value(key) == value
    _, person, _, trait = key.split(".")
    assert case.people[person].traits[trait].value == value
    again = case.with_values({key: SMALL.value(key)})
    assert again.value(key) == SMALL.value(key)
