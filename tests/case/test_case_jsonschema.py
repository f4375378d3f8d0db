"""The JSON Schemas are schemas, accept every packaged file and refuse what the loader refuses."""

import jsonschema
import pytest
from template_texts import template_texts

from politburo.case.jsonschema import json_schemas
from politburo.case.load import CASES, packaged_cases
from politburo.marked import load_yaml

SCHEMAS = json_schemas()
FILES = [
    (case, stem)
    for case in ["template", *packaged_cases()]
    for stem in SCHEMAS
    if (CASES / case / f"{stem}.yaml").exists()
]


def check(stem, data):
    jsonschema.Draft7Validator(SCHEMAS[stem]).validate(data)


@pytest.mark.parametrize("stem", SCHEMAS)
def test_is_a_schema(stem):
    jsonschema.Draft7Validator.check_schema(SCHEMAS[stem])
    assert SCHEMAS[stem]["description"]


@pytest.mark.parametrize("case, stem", FILES)
def test_accepts_packaged_files(case, stem):
    check(stem, load_yaml(CASES / case / f"{stem}.yaml").data)


def test_accepts_parameters():
    check("parameters", load_yaml("parameters.yaml", template_texts()["parameters.yaml"]).data)


WRONG = [
    ("case", "format: 1 ", "format: 2 "),
    ("case", "start: 1961-03", "start: 1961-13"),
    ("case", "title:", "titel:"),
    ("case", "headline: [who_rules,", "headline: [Who,"),
    ("sources", "kind: project", "kind: novel"),
    ("organs", "role: circle", "role: ring"),
    ("organs", "threshold: 1/2", "threshold: 2"),
    ("organs", "least: 5, ", ""),
    ("posts", "{command: 1}", "{comand: 1}"),
    ("posts", "holder: sorin", "holder: Sorin"),
    ("issues", "{value: 0.1, error: 0.1", "{value: 1.1, error: 0.1"),
    ("issues", "evidence: assumed, note: invented", "evidence: assumed"),
    ("rules", "evidence: assumed, note: invented", "evidence: looked up, note: invented"),
    ("rules", "ban_on_factions: {value: true", "ban_on_factions: {value: 1"),
    ("rules", "  expulsion_majority:", "  expulsion_majorty:"),
    ("calendar", "kind: threat", "kind: threats"),
    ("calendar", "size: 0.8", "size: 8"),
    ("calendar", "names: {dasan: 1,", "names: {dasan: 2,"),
    ("parameters", "scale: log", "scale: logarithmic"),
    ("parameters", "evidence: assumed", "evidence: recalled"),
    ("targets", "rung: post", "rung: posts"),
    ("targets", "    date: 1964-05\n", ""),
    ("targets", "    high: 0.3", "    high: 1.3"),
    ("outcomes", "    by: 1966-12", "    date: 1966-12"),
    ("outcomes", "people: [dasan, karst, sorin]", "people: dasan"),
]


@pytest.mark.parametrize("stem, old, new", WRONG, ids=lambda part: str(part)[:30])
def test_refuses(stem, old, new):
    text = template_texts()[f"{stem}.yaml"]
    assert old in text
    with pytest.raises(jsonschema.ValidationError):
        check(stem, load_yaml("x.yaml", text.replace(old, new, 1)).data)


def test_every_field_is_described():
    bare = []
    for stem, schema in SCHEMAS.items():
        for name, definition in {"": schema, **schema.get("$defs", {})}.items():
            for key, value in definition.get("properties", {}).items():
                described = "description" in value or key in ("kind", stem, "shocks") or "$ref" in value
                if not described:
                    bare.append(f"{stem} {name}.{key}")
    assert not bare
