"""The reference page names every file, key and word of the format, and its examples are sound."""

import re
from pathlib import Path

import jsonschema
import pytest

from politburo.case import aims, events, institutions, people, values
from politburo.case.draft import Draft, parse, read_document
from politburo.case.jsonschema import json_schemas
from politburo.case.schema import POSTERIOR, ROW_MODELS, SECTIONS, Header
from politburo.marked import load_yaml

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "case-format.md"
TEXT = PAGE.read_text(encoding="utf-8")
CHAPTERS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
EXAMPLES = re.findall(r"^```(?:yaml|csv)\n# (\S+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
COMMON = {"evidence", "source", "note"}
MODELS = {
    "case.yaml": [Header],
    "sources.yaml": [institutions.Source],
    "organs.yaml": [institutions.Organ, values.Seats],
    "posts.yaml": [institutions.Post, institutions.Powers],
    "issues.yaml": [institutions.Issue],
    "calendar.yaml": [*events.SHOCKS.values()],
    "parameters.yaml": [aims.Parameter],
    "targets.yaml": [*aims.TARGETS.values()],
    "outcomes.yaml": [*aims.OUTCOMES.values()],
} | {section.file: [ROW_MODELS[section.name]] for section in SECTIONS if section.shape == "rows"}
WORDS = {
    "traits.csv": [*people.TRAITS],
    "memberships.csv": people.ROLES,
    "ties.csv": people.TIE_KINDS,
    "organs.yaml": institutions.ORGAN_ROLES,
    "posts.yaml": institutions.POWERS,
    "rules.yaml": [*institutions.RULES],
    "calendar.yaml": [*events.SHOCKS],
    "signals.csv": events.SIGNALS,
    "targets.yaml": [*aims.TARGETS, *aims.RUNGS, *aims.MEASURES, *aims.VOTE_MEASURES, *aims.SURVIVES_IN],
    "outcomes.yaml": [*aims.OUTCOMES],
}


def chapter(file):
    return next(text for title, text in CHAPTERS.items() if file in title)


@pytest.mark.parametrize("file", [section.file for section in SECTIONS] + [POSTERIOR])
def test_every_key_and_word_is_explained(file):
    text = chapter(file)
    keys = {field.alias or name for model in MODELS.get(file, []) for name, field in model.model_fields.items()}
    common = {"value", "low", "high", "error", "unit"} if file == "organs.yaml" else set()
    missing = [key for key in keys - COMMON - common if f"`{key}`" not in text]
    missing += [word for word in WORDS.get(file, []) if not re.search(rf"\b{word}\b", text)]
    assert not missing


def test_there_is_an_example_of_every_file():
    assert {file for file, _ in EXAMPLES} == {section.file for section in SECTIONS}


@pytest.mark.parametrize("file, text", EXAMPLES, ids=lambda part: part if len(part) < 20 else "")
def test_examples_are_sound(file, text):
    section = next(section for section in SECTIONS if section.file == file)
    document, faults = read_document(section, file, text)
    draft = Draft(PAGE.parent, {section.name: document})
    assert not faults + parse(draft)
    assert draft.entries[section.name]
    if file.endswith(".yaml"):
        validator = jsonschema.Draft7Validator(json_schemas()[file.removesuffix(".yaml")])
        validator.validate(load_yaml(file, text).data)


def test_no_word_of_the_page_is_out_of_date():
    """Keys in the tables exist."""
    for file, models in MODELS.items():
        known = {field.alias or name for model in models for name, field in model.model_fields.items()}
        rows = re.findall(r"^\| `(\w+)` \| (?:yes|no) \|", chapter(file), re.MULTILINE)
        assert set(rows) <= known, file
