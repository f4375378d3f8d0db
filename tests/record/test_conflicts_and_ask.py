"""Conflicts, readings, chronology, timeline, who, dossier."""

import csv
import json

import pytest

from politburo.evidence import Evidence
from politburo.faults import Faults
from politburo.record.ask import covers, dossier, read_date, timeline, who
from politburo.record.chronology import chronology
from politburo.record.conflicts import KINDS, describe, find_conflicts
from politburo.record.loading import load

from .test_loading import CLAIM, make


@pytest.fixture(scope="module")
def found(record):
    return find_conflicts(record)


def test_every_kind_occurs_and_is_described(record, found):
    assert {c.kind for c in found} >= set(KINDS) - {
        "number"
    }  # the five sources give no two figures of one scope
    for c in found:
        data = describe(record, c)
        json.dumps(data)
        assert data["grade"] in ("hard", "soft") and len(data["positions"]) >= 2 and data["why"]
    assert len({c.id for c in found}) == len(found)


EXPECTED_HARD = [
    ("date", "zinoviev-executed"), ("date", "bukharin-removed-politburo"), ("date", "stalin-general-secretary"), ("date", "bukharin-speech"), ("date", "october-seizure"),
    ("calendar", "october-seizure"), ("arithmetic", "bukharin-speech"), ("arithmetic", "grain-1934"), ("arithmetic", "cc-enlarged"), ("person", "removal-of-stalin-proposed"),
    ("outcome", "trotsky-zinoviev-alliance"), ("outcome", "zinoviev-kamenev-wing"), ("outcome", "lenin-first-stroke"), ("outcome", "lenin-stalin-agreement"), ("outcome", "opposition-supporters"),
    ("outcome", "left-right-weight"), ("outcome", "stalin-origin"), ("outcome", "harvest-1932"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "cluster"), EXPECTED_HARD)
def test_known_disagreements_are_found_hard(found, kind, cluster):
    assert any(c.hard and c.kind == kind and c.cluster == cluster for c in found)


def test_disagreements_marked_by_the_reference_table_are_found(record, found):
    """assessments.csv, made by other hands before, marks statements that contradict another source or themselves."""
    marked = [
        a
        for a in record.assessments.values()
        if a.verdict in ("contradicts_other_source", "contradicts_self")
    ]
    clusters = {c.cluster for c in found if not c.against_reference}
    known = {"c004": "trotsky-zinoviev-alliance", "c018": "october-seizure", "c039": "kamenev-out-of-cc", "c085": "stalin-general-secretary", "c093": "zinoviev-executed",
             "c095": "stalin-origin", "c126": "bukharin-speech", "c133": "bukharin-removed-politburo"}  # fmt: skip
    assert {a.id for a in marked} >= set(known)
    assert all(c in clusters for c in known.values())


def test_copies_count_once(record, found):
    c = next(c for c in found if c.cluster == "removal-of-stalin-proposed")
    trotsky = next(p for p in c.positions if "Trotsky" in p.text)
    assert len(trotsky.claims) == 2 and trotsky.witnesses == ["encyclopaedia"]
    assert len({record.source_of[k.source].id for k in trotsky.claims}) == 2


def test_readings_choose_and_do_not_change_claims(record, found):
    c = next(c for c in found if c.cluster == "zinoviev-executed" and not c.against_reference)
    assert c.preferred.text == "1936-08" and c.on_file and "trial" in c.reason
    assert any(k.date.edtf == "1930" for k in record.by_cluster["zinoviev-executed"])


def test_a_vague_date_contradicts_nobody(tmp_path):
    claims = [
        {**CLAIM, "id": f"c-x-{i}", "start": i, "date": {"edtf": d, "basis": "explicit"}}
        for i, d in enumerate(("1929", "1929-02", "1928/1930", "192X"))
    ]
    r = load(make(tmp_path / "r", claims=claims))
    assert not [c for c in find_conflicts(r) if c.cluster == "thing"]


@pytest.mark.parametrize(("a", "b", "basis", "grade"), [("1929-01", "1929-02", "explicit", "soft"), ("1929-01", "1929-06", "explicit", "hard"),
                                                        ("1929-01", "1929-03-20", "context", "soft"), ("1929-01", "1929-11", "context", "hard")])  # fmt: skip
def test_grades_of_dates(tmp_path, a, b, basis, grade):
    claims = [
        {**CLAIM, "id": "c-x-1", "date": {"edtf": a, "basis": "explicit"}},
        {**CLAIM, "id": "c-x-2", "date": {"edtf": b, "basis": basis}},
    ]
    (c,) = [c for c in find_conflicts(load(make(tmp_path / "r", claims=claims))) if c.cluster == "thing"]
    assert (c.kind, c.grade, c.inside) == ("date", grade, "x")


def test_numbers_conflict_only_within_one_scope(tmp_path):
    def number(i, low, high, what="deaths", **scope):
        value = {"low": low, "high": high, "unit": "persons", "scope": {"what": what, **scope}}
        return {**CLAIM, "id": f"c-x-{i}", "predicate": "amount", "type": "number", "value": value}

    def conflicts(*claims):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        return [
            (c.kind, c.grade)
            for c in find_conflicts(load(make(folder, claims=claims)))
            if c.cluster == "thing"
        ]

    assert conflicts(number(1, 5e6, 10e6), number(2, 13e6, None)) == [("number", "hard")]
    assert conflicts(number(1, 5e6, 10e6), number(2, 10.5e6, 10.5e6)) == [("number", "soft")]
    assert conflicts(number(1, 5e6, 10e6), number(2, 7e6, 7e6)) == []
    assert conflicts(number(1, 5e6, 10e6), number(2, 13e6, None, what="arrests")) == []
    assert conflicts(number(1, 5e6, 10e6, where="Ukraine"), number(2, 13e6, None, where="Kazakhstan")) == []
    assert conflicts(number(1, 5e6, 10e6, when="1932"), number(2, 13e6, None, when="1947")) == []


def test_polarity_and_outcome(tmp_path):
    yes = {**CLAIM, "predicate": "allied_with", "type": "alliance", "object": "trotsky"}
    no = {**yes, "id": "c-x-2", "polarity": "neg"}
    refused = {**yes, "id": "c-x-3", "predicate": "refused_alliance"}
    kinds = lambda *cs: [
        c.kind
        for c in find_conflicts(load(make(tmp_path / str(len(list(tmp_path.iterdir()))), claims=cs)))
        if c.cluster == "thing"
    ]
    assert kinds(yes, no) == ["polarity"]
    assert kinds(yes, refused) == ["outcome"]
    assert kinds(yes, {**yes, "id": "c-x-4"}) == []


def test_silence_is_not_denial(tmp_path):
    other = {**CLAIM, "id": "c-x-2", "predicate": "did", "object": "something-else"}
    assert not [
        c for c in find_conflicts(load(make(tmp_path / "r", claims=[CLAIM, other]))) if c.cluster == "thing"
    ]


def test_undated_events_get_bounds_marked_as_inferred(record):
    d = chronology(record).datings["german-invasion"]
    assert d.inferred and d.stated is None
    assert d.bounds.low is not None and d.bounds.high is not None
    assert d.reference_evidence is Evidence.RECALLED and read_date(d.reference).within(d.bounds)
    d = chronology(record).datings["kirov-murdered"]
    assert d.text == "1934-12-01" and not d.inferred and len(d.witnesses) == 2


def test_reference_dates_never_enter_the_network(record):
    datings = chronology(record).datings
    assert datings["world-war-begins"].text != datings["world-war-begins"].reference


def test_timeline_is_ordered_and_filtered(record):
    entries = timeline(record, person="Bukharin", start="1929", end="1929")
    assert entries and all(
        "bukharin" in e.persons or any(c.object == "bukharin" for c in e.claims) for e in entries
    )
    window = read_date("1929")
    assert all(e.dating.bounds.meets(window) for e in entries)
    whole = [e.dating.bounds for e in timeline(record)]
    keys = [b.high if b.low is None else b.low for b in whole]
    assert keys == sorted(keys)
    assert len(timeline(record, undated=True)) > len(whole)


def test_who_agrees_with_the_published_sizes(record):
    """organ_sizes.csv (looked up) gives sizes of the Politburo; memberships counted on those days must equal them."""
    checked = 0
    for row in record.organ_sizes:
        if (
            row["organ"] == "politburo"
            and len(row["date"]) == 10
            and row["measure"] in ("full members", "candidate members")
        ):
            sitting = who(record, "politburo", row["date"])
            role = row["measure"].split()[0]
            assert sum(s.role == role for s in sitting.seats) == int(float(row["value"])), row
            checked += 1
    assert checked >= 2


def test_who_says_not_attested(record):
    assert not who(record, "politburo", "1910").attested and "founded" in who(record, "politburo", "1910").why
    assert not who(record, "orgburo", "1930").attested
    assert not who(record, "komsomol", "1930").attested
    seats = who(record, "Politburo", "1926-06-01").seats
    assert {"trotsky", "stalin", "zinoviev"} <= {s.person for s in seats} and all(s.evidence for s in seats)


@pytest.mark.parametrize(("start", "end", "day", "answer"), [("1924", "1929-11-17", "1926", "yes"), ("1924", "1929-11-17", "1924", "perhaps"), ("1924-06-02", None, "1924-06-02", "yes"),
                                                            ("1924", "1929", "1930", "no"), ("1924", None, "1923", "no"), ("1924", "1929", "1929-05", "perhaps")])  # fmt: skip
def test_membership_cover(start, end, day, answer):
    assert covers(start, end, read_date(day)) == answer


def test_dossier_of_bukharin(record):
    d = dossier(record, "Nikolai Bukharin")
    assert d.fate == "executed" and {i.section for i in d.items} >= {
        "posts",
        "memberships",
        "votes",
        "alliances",
        "fate",
    }
    out = next(i for i in d.items if i.claims and i.claims[0].cluster == "bukharin-removed-politburo")
    assert (
        len(out.witnesses) == 4
        and len({record.source_of[c.source].id for c in out.claims}) == 5
        and out.conflict
    )
    assert all(i.evidence or i.witnesses for i in d.items)


def test_unknown_names_are_faults_with_the_nearest(record):
    with pytest.raises(Faults, match="did you mean bukharin"):
        dossier(record, "Bucharin")
    with pytest.raises(Faults, match="EDTF"):
        timeline(record, start="yesterday")


def test_reference_rows_are_never_shown_firmer_than_they_are(record):
    with open(record.folder / "memberships.csv", encoding="utf-8") as file:
        basis = {r["id"]: r["basis"] for r in csv.DictReader(file)}
    for s in who(record, "politburo", "1935").seats:
        if basis[s.row] in ("recalled", "mixed"):
            assert s.evidence is Evidence.RECALLED
