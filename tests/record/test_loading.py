"""Loading: the shipped record has no fault; every fault of a broken record is named with its place, all at once."""

import json
import shutil

import pytest

from politburo.evidence import Evidence
from politburo.faults import Faults
from politburo.record import models
from politburo.record.loading import SHIPPED, load

CLAIM = {"id": "c-x-1", "source": "x", "start": 0, "length": 5, "digest": "0" * 32, "paraphrase": "something happened", "type": "event", "subject": ["lenin"],
         "predicate": "happened", "date": {"edtf": "1922", "basis": "explicit"}, "cluster": "thing"}  # fmt: skip
SOURCE = """- id: x
  file: x.txt
  sha256: "{}"
  length: 100
  title: A text
  parts: [{{id: x, start: 0, end: 100, witness: x}}]
""".format("0" * 64)


def make(folder, claims=(CLAIM,), sources=SOURCE, clusters="id,label,event\nthing,A thing,\n", **files):
    folder.mkdir(exist_ok=True)
    (folder / "record.yaml").write_text("id: mine\ntitle: Mine\nbase: ussr\n")
    (folder / "sources.yaml").write_text(sources)
    (folder / "clusters.csv").write_text(clusters)
    (folder / "claims").mkdir(exist_ok=True)
    (folder / "claims" / "x.jsonl").write_text(
        "\n".join(c if isinstance(c, str) else json.dumps(c) for c in claims) + "\n"
    )
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def faults_of(folder):
    with pytest.raises(Faults) as caught:
        load(folder)
    return caught.value.faults


def test_shipped_record_is_whole(record):
    assert len(record.claims) >= 800
    assert len(record.sources) == 5
    assert {c.source for c in record.claims} == set(record.parts)
    assert len(record.memberships) == 315 and len(record.events) == 173 and len(record.votes) == 30
    assert sum(map(len, record.series.values())) > 10_000


def test_labels_are_never_raised(record):
    for table in (record.persons, record.memberships, record.events, record.votes):
        for row in table.values():
            if row.basis in ("recalled", "mixed", "seed"):
                assert row.evidence is Evidence.RECALLED
    rows = [r for rows in record.series.values() for r in rows]
    assert all(r.evidence is Evidence.RECALLED for r in rows if r.basis in ("recalled", "mixed", "seed"))
    assert {r.evidence for r in rows} == {
        Evidence.DATASET,
        Evidence.LOOKED_UP,
        Evidence.RECALLED,
        Evidence.DERIVED,
    }


def test_no_claim_holds_source_text(record):
    for line in (SHIPPED / "claims" / "s001.jsonl").read_text().splitlines()[:50]:
        assert "exact" not in json.loads(line)


def test_a_good_record_on_top_of_the_shipped_one(tmp_path, record):
    mine = load(make(tmp_path / "r"))
    assert len(mine.claims) == len(record.claims) + 1
    assert mine.claim("c-x-1").end == 5
    assert mine.witnesses([mine.claim("c-x-1")]) == ["x"]


def test_every_fault_at_once_with_places(tmp_path):
    bad = [
        {**CLAIM, "type": "evnet"},
        {**CLAIM, "id": "c-x-2", "date": {"edtf": "1922-13", "basis": "explicit"}},
        '{"id": "c-x-3", "source"',
        {**CLAIM, "id": "c-x-4", "polrity": "neg"},
        {**CLAIM, "id": "c-x-5", "start": -1},
    ]
    faults = faults_of(make(tmp_path / "r", claims=bad))
    text = "\n".join(map(str, faults))
    assert [f.line for f in faults] == [1, 2, 3, 4, 5]
    assert all(f.file.endswith("claims/x.jsonl") for f in faults)
    assert (
        "did you mean event?" in text
        and "did you mean polarity?" in text
        and "1922-13" in text
        and "not JSON" in text
    )
    assert faults[0].column == json.dumps(bad[0]).index('"type"') + 1


@pytest.mark.parametrize(("change", "found", "near"), [
    ({"source": "xx"}, "no part 'xx'", None), ({"cluster": "thign"}, "no cluster 'thign'", "thing"), ({"subject": ["lenni"]}, "'lenni'", "lenin"),
    ({"predicate": "hapened"}, "predicate is 'hapened'", "happened"), ({"start": 99}, "outside its part", None)])  # fmt: skip
def test_unknown_ids_name_the_nearest(tmp_path, change, found, near):
    (fault,) = faults_of(make(tmp_path / "r", claims=[{**CLAIM, **change}]))
    assert found in fault.found and fault.line == 1
    assert near is None or fault.nearest == near


def test_duplicate_ids_and_ids_of_the_base(tmp_path):
    faults = faults_of(make(tmp_path / "r", claims=[CLAIM, CLAIM]))
    assert "a second time" in faults[0].found and faults[0].line == 2
    faults = faults_of(make(tmp_path / "s", claims=[{**CLAIM, "id": "c-000-001"}]))
    assert "of the base record" in faults[0].found


def test_tables_name_line_and_column(tmp_path):
    table = "id,name,born,died,fate,citation,basis,confidence\nivanov,Ivan Ivanov,1880-13,,natural,nowhere,looked_upp,high\n"
    faults = faults_of(make(tmp_path / "r", persons__csv=table))
    assert {(f.line, f.column) for f in faults} == {(2, 3)}
    table = table.replace("1880-13", "1880")
    faults = faults_of(make(tmp_path / "s", persons__csv=table))
    assert {(f.line, f.column) for f in faults} == {(2, 6), (2, 7)}
    assert next(f for f in faults if f.column == 7).nearest == "looked_up"


def test_yaml_cannot_construct_anything(tmp_path):
    faults = faults_of(make(tmp_path / "r", relations__yaml="- !!python/object/apply:os.system [echo]\n"))
    assert "['echo']" in faults[0].found  # plain data, nothing was called
    faults = faults_of(make(tmp_path / "t", relations__yaml="- !thing {a: thing, rel: before, b: thing}\n"))
    assert "tag" in faults[0].found
    faults = faults_of(make(tmp_path / "s", relations__yaml="- &a {a: thing, rel: before, b: thing}\n- *a\n"))
    assert "anchors" in faults[0].found


def test_readings_may_only_name_claims_of_their_cluster(tmp_path):
    faults = faults_of(
        make(tmp_path / "r", readings__yaml="- {cluster: thing, preferred: [c-000-001], why: because}\n")
    )
    assert "belongs to" in faults[0].found


def test_a_record_that_extends_itself(tmp_path):
    folder = tmp_path / "r"
    folder.mkdir()
    (folder / "record.yaml").write_text("id: me\ntitle: Me\nbase: .\n")
    assert "extends itself" in faults_of(folder)[0].found


def test_missing_folder_is_one_fault(tmp_path):
    (fault,) = faults_of(tmp_path / "nowhere")
    assert "no such folder" in fault.found


def test_shipped_record_copied_and_damaged(tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(SHIPPED, folder)
    path = folder / "claims" / "s000.jsonl"
    lines = path.read_text().splitlines()
    data = json.loads(lines[3])
    data["cluster"] = "nowhere"
    lines[3] = json.dumps(data)
    path.write_text("\n".join(lines))
    (fault,) = faults_of(folder)
    assert fault.line == 4 and fault.file.endswith("s000.jsonl")


def test_json_schemas_accept_what_the_models_accept(record):
    jsonschema = pytest.importorskip("jsonschema")
    for model, item in (
        (models.Claim, record.claims[0]),
        (models.Source, record.sources[0]),
        (models.Reading, record.readings[0]),
        (models.Relation, record.relations[0]),
    ):
        schema = model.model_json_schema()
        jsonschema.validate(item.model_dump(mode="json", exclude_none=True), schema)
        broken = {**item.model_dump(mode="json", exclude_none=True), "surprise": 1}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema)


def test_frames(record):
    table = record.frame("claims")
    assert table.num_rows == len(record.claims) and "witness" in table.column_names
    assert record.frame("economy").num_rows == len(record.series["economy"])
    with pytest.raises(KeyError, match="there are"):
        record.frame("nothing")
    polars = pytest.importorskip("polars")
    assert isinstance(record.frame("memberships", "polars"), polars.DataFrame)
