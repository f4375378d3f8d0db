"""Exports against conformance tests written from the specifications; no path leaves the folder; no source text leaves the record."""

import json
import re

import pytest

from politburo.faults import Faults
from politburo.record.exports import KINDS, export, inside, write

jsonschema = pytest.importorskip("jsonschema")

TEXT = {"type": "string", "minLength": 1}
DATE = {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}){0,2}$"}
LINKS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["url"],
        "properties": {"url": {"type": "string", "pattern": "^https?://"}, "note": TEXT},
    },
}
NAMES = {"type": "array", "items": {"type": "object", "required": ["name"], "properties": {"name": TEXT}}}
OWN = {"^politburo_": {}}


def checker(schema):
    """Validates many items against one schema, which is itself checked once."""
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema).validate


def thing(required, **properties):
    """An object of Popolo's vocabulary; besides it only our own prefixed keys."""
    return {
        "type": "object",
        "required": required,
        "properties": {"id": TEXT, "sources": LINKS, **properties},
        "patternProperties": OWN,
        "additionalProperties": False,
    }


POPOLO = {
    "persons": thing(["id", "name"], name=TEXT, other_names=NAMES, birth_date=DATE, death_date=DATE),
    "organizations": thing(["id", "name"], name=TEXT, other_names=NAMES, classification=TEXT, founding_date=DATE, dissolution_date=DATE),
    "posts": thing(["id", "label", "role", "organization_id"], label=TEXT, role=TEXT, organization_id=TEXT),
    "memberships": thing(["id", "person_id", "organization_id"], person_id=TEXT, organization_id=TEXT, post_id=TEXT, role=TEXT, start_date=DATE, end_date=DATE),
    "events": thing(["id", "name"], name=TEXT, classification=TEXT, start_date=DATE, end_date=DATE, attendees={"type": "array", "items": thing(["id"], name=TEXT)}),
    "motions": thing(["id", "text"], text=TEXT, date=DATE, result=TEXT),
    "vote_events": thing(["id", "motion_id"], motion_id=TEXT, identifier=TEXT, start_date=DATE, result=TEXT, counts={
        "type": "array", "items": {"type": "object", "required": ["option", "value"], "properties": {"option": {"enum": ["yes", "no", "abstain", "absent", "not voting", "paired", "other"]},
                                                                                                       "value": {"type": "integer", "minimum": 0}}}}),
}  # fmt: skip


def test_popolo(record):
    data = export(record, "popolo")
    assert set(data) == set(POPOLO)
    for name, schema in POPOLO.items():
        check = checker(schema)
        for item in data[name]:
            check(item)
    ids = {name: {i["id"] for i in data[name]} for name in data}
    assert all(len(ids[n]) == len(data[n]) for n in data)
    for m in data["memberships"]:
        assert (
            m["person_id"] in ids["persons"]
            and m["organization_id"] in ids["organizations"]
            and m.get("post_id", next(iter(ids["posts"]))) in ids["posts"]
        )
    for p in data["posts"]:
        assert p["organization_id"] in ids["organizations"]
    for v in data["vote_events"]:
        assert v["motion_id"] in ids["motions"]
    assert all(m["politburo_evidence"] for m in data["memberships"])


def test_popolo_invents_no_precision(record):
    from politburo.record.exports.popolo import cut

    assert (
        cut("1929-11-17") == "1929-11-17"
        and cut("1929") == "1929"
        and cut("1929-11-10/1929-11-17", end=True) == "1929-11-17"
    )
    assert (
        cut("1929~") is None
        and cut("193X") is None
        and cut("1927-23") is None
        and cut("../1930") is None
        and cut("{1925,1927}") is None
    )


REF = {"type": "object", "required": ["@id"], "properties": {"@id": TEXT}}
STAMPS = {
    "createdBy": TEXT,
    "createdWhen": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"},
}
FACTOID_REF = {
    "type": "object",
    "required": ["@id"],
    "properties": {
        "@id": TEXT,
        "person-ref": REF,
        "source-ref": REF,
        "statement-refs": {"type": "array", "items": REF},
    },
}
WITH_REFS = {
    "type": "object",
    "required": ["@id", "factoid-refs"],
    "properties": {
        "@id": TEXT,
        "factoid-refs": {"type": "array", "minItems": 1, "items": FACTOID_REF},
        **STAMPS,
    },
}


def test_ipif(record):
    data = export(record, "ipif")
    factoid = {
        "type": "object",
        "required": ["@id", "person-ref", "source-ref", "statement-refs", "createdBy", "createdWhen"],
        "properties": {**FACTOID_REF["properties"], **STAMPS},
    }
    for name, schema in (
        ("persons", WITH_REFS),
        ("sources", WITH_REFS),
        ("statements", WITH_REFS),
        ("factoids", factoid),
    ):
        block = data[name]
        assert block["protocol"]["totalHits"] == len(block[name])
        check = checker(schema)
        for item in block[name]:
            check(item)
    ids = {n: {i["@id"] for i in data[n][n]} for n in data}
    for f in data["factoids"]["factoids"]:
        assert f["person-ref"]["@id"] in ids["persons"] and f["source-ref"]["@id"] in ids["sources"]
        assert all(s["@id"] in ids["statements"] for s in f["statement-refs"])
    for s in data["statements"]["statements"]:
        assert "date" not in s or re.fullmatch(r"-?\d{4}-\d\d-\d\d", s["date"]["sortdate"])


def test_web_annotation(record):
    data = export(record, "annotation")
    assert (
        data["@context"][0] == "http://www.w3.org/ns/anno.jsonld" and data["type"] == "AnnotationCollection"
    )
    page = data["first"]
    assert (
        page["type"] == "AnnotationPage"
        and page["partOf"] == data["id"]
        and data["total"] == len(page["items"]) == len(record.claims)
    )
    motivations = {
        "assessing",
        "bookmarking",
        "classifying",
        "commenting",
        "describing",
        "editing",
        "highlighting",
        "identifying",
        "linking",
        "moderating",
        "questioning",
        "replying",
        "tagging",
    }
    selector = {
        "type": "object",
        "required": ["type", "start", "end"],
        "properties": {
            "type": {"const": "TextPositionSelector"},
            "start": {"type": "integer", "minimum": 0},
            "end": {"type": "integer", "minimum": 1},
        },
    }
    check = checker(selector)
    for a in page["items"]:
        assert (
            a["type"] == "Annotation"
            and re.match(r"^(urn|https?):", a["id"])
            and a["motivation"] in motivations
        )
        assert all(
            b["type"] in ("TextualBody", "SpecificResource") and ("value" in b or "source" in b)
            for b in a["body"]
        )
        assert a["target"]["type"] == "SpecificResource" and a["target"]["source"]
        check(a["target"]["selector"])
        assert a["target"]["selector"]["start"] < a["target"]["selector"]["end"]
    assert len({a["id"] for a in page["items"]}) == data["total"]


PROV = {"used": ("prov:activity", "prov:entity"), "wasGeneratedBy": ("prov:entity", "prov:activity"), "wasDerivedFrom": ("prov:generatedEntity", "prov:usedEntity"),
        "wasAttributedTo": ("prov:entity", "prov:agent"), "wasAssociatedWith": ("prov:activity", "prov:agent")}  # fmt: skip


def test_prov_json(record):
    data = export(record, "prov")
    known = {"entity": set(data["entity"]), "activity": set(data["activity"]), "agent": set(data["agent"])}
    assert set(data) <= {"prefix", *known, *PROV} and set(data["prefix"]) >= {"pb"}
    kind = {
        "prov:entity": "entity",
        "prov:generatedEntity": "entity",
        "prov:usedEntity": "entity",
        "prov:activity": "activity",
        "prov:agent": "agent",
    }
    qualified = re.compile(r"^(_|pb|prov):[\w.-]+$")
    for relation, slots in PROV.items():
        for key, row in data[relation].items():
            assert qualified.match(key)
            for slot in slots:
                assert row[slot] in known[kind[slot]]
    for group in known.values():
        assert all(qualified.match(name) for name in group)
    prov = pytest.importorskip("prov.model", reason="the prov package is not a dependency")
    assert prov.ProvDocument.deserialize(content=json.dumps(data)).get_records()


def test_timelinejs(record):
    data = export(record, "timelinejs")
    date = {"type": "object", "required": ["year"], "additionalProperties": False,
            "properties": {"year": {"type": "integer"}, "month": {"type": "integer", "minimum": 1, "maximum": 12}, "day": {"type": "integer", "minimum": 1, "maximum": 31}}}  # fmt: skip
    slide = {"type": "object", "required": ["start_date", "text"], "additionalProperties": False,
             "properties": {"start_date": date, "end_date": date, "display_date": TEXT, "group": TEXT, "unique_id": {"type": "string", "pattern": "^[^\\s]+$"},
                            "text": {"type": "object", "required": ["headline"], "properties": {"headline": TEXT, "text": {"type": "string"}}}}}  # fmt: skip
    assert set(data) == {"title", "events"} and data["events"]
    check = checker(slide)
    for e in data["events"]:
        check(e)
        a, b = e["start_date"], e.get("end_date")
        assert b is None or (a["year"], a.get("month", 1), a.get("day", 1)) <= (
            b["year"],
            b.get("month", 12),
            b.get("day", 31),
        )
    assert len({e["unique_id"] for e in data["events"]}) == len(data["events"])
    shown = {e["unique_id"]: e["display_date"] for e in data["events"]}
    assert "(inferred)" in shown["german-invasion"] and "inferred" not in shown["kirov-murdered"]


def test_csv_is_written_and_read_back(record, tmp_path):
    import csv

    paths = write(record, "csv", tmp_path / "out")
    assert {p.name for p in paths} >= {"claims.csv", "memberships.csv", "economy.csv"}
    with open(tmp_path / "out" / "claims.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["id"] for r in rows] == [c.id for c in record.claims]
    with open(tmp_path / "out" / "memberships.csv", encoding="utf-8", newline="") as file:
        assert all(r["evidence"] for r in csv.DictReader(file))


def test_spreadsheet_formulas_are_defused():
    from politburo.record.exports import _cell

    assert (
        _cell("=1+1") == "'=1+1"
        and _cell("@SUM(A1)") == "'@SUM(A1)"
        and _cell("plain") == "plain"
        and _cell(-3.5) == -3.5
    )


@pytest.mark.parametrize("name", ["../x.json", "/etc/x", "a/b.json", "..", "", "x/../../y"])
def test_no_name_leaves_the_folder(tmp_path, name):
    with pytest.raises(Faults, match="leaves the folder"):
        inside(tmp_path, name)


def test_unknown_kind_names_the_nearest(record):
    with pytest.raises(Faults, match="did you mean popolo"):
        export(record, "popollo")


@pytest.mark.parametrize("kind", KINDS)
def test_exports_hold_no_run_of_twelve_words_of_a_source(record, sources_folder, kind):
    word = re.compile(r"\w+")
    runs = set()
    for s in record.sources:
        words = word.findall((sources_folder / s.file).read_text(encoding="utf-8").lower())
        runs.update(zip(*(words[i:] for i in range(12))))
    data = export(record, kind)
    words = word.findall(
        "\n".join(data.values()).lower() if kind == "csv" else json.dumps(data, ensure_ascii=False).lower()
    )
    assert not runs.intersection(zip(*(words[i:] for i in range(12))))
