"""A user's own record: reading, deciding, reading again, joining; the review loop by keys."""

import json

import pytest

from politburo.faults import Faults
from politburo.record.conflicts import find_conflicts
from politburo.record.review import review
from politburo.record.workspace import Workspace

ONE = "Bukharin was removed from the Politburo in November 1929. Kamenev was readmitted to the party in June 1928. Trotsky refused to work with Zinoviev."
TWO = "<html><p>Zinoviev was executed in 1931.</p><p>At least 2 million people died in the famine of 1932.</p></html>"
THREE = "Kirov was murdered by Nikolaev on 1 December 1934. Tomsky committed suicide on 22 August 1936."


@pytest.fixture
def files(tmp_path):
    for name, text in (("one.txt", ONE), ("two.html", TWO), ("three.md", THREE)):
        (tmp_path / name).write_text(text)
    (tmp_path / "junk.bin").write_bytes(bytes(range(256)) * 9)
    return [tmp_path / n for n in ("one.txt", "two.html", "junk.bin", "three.md")]


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "mine")


def test_three_documents_join_the_record(workspace, files, record):
    outcomes = workspace.read(files)
    assert [o.source for o in outcomes] == ["one", "two", None, "three"]
    assert "binary" in str(outcomes[2].fault) and outcomes[3].joined >= 1
    assert workspace.accept(0.6) > 5 and workspace.pending() == []
    mine = workspace.record()
    own = [c for c in mine.claims if mine.source_of[c.source].id in ("one", "two", "three")]
    joined = {c.cluster for c in own} & set(record.clusters)
    assert {
        "bukharin-removed-politburo",
        "zinoviev-executed",
        "kirov-killer",
        "kamenev-readmitted",
        "trotsky-zinoviev-alliance",
    } <= joined
    assert "one" in mine.witnesses(mine.by_cluster["bukharin-removed-politburo"])
    before = {c.id for c in find_conflicts(record)}
    conflict = next(
        c for c in find_conflicts(mine) if c.cluster == "zinoviev-executed" and not c.against_reference
    )
    assert any(k.source == "two" for p in conflict.positions for k in p.claims)
    assert len(record.claims) + len(own) == len(mine.claims) and before


def test_reading_again_asks_only_about_what_changed(workspace, files):
    workspace.read([files[0]])
    workspace.accept(0.0)
    files[0].write_text("A new preface, with nothing in it.\n\n" + ONE.replace("June 1928", "July 1928"))
    (outcome,) = workspace.read([files[0]])
    assert outcome.moved >= 2 and len(outcome.gone) == 1 and "readmitted" in outcome.gone[0]
    pending = workspace.pending()
    assert [p.date for p in pending] == ["1928-07"]
    mine = workspace.record()  # positions moved with the text: the record is whole
    text = (workspace.folder / "texts" / "one.txt").read_text()
    for c in mine.claims:
        if c.source == "one":
            assert "Bukharin" in text[c.start : c.end] or "Trotsky" in text[c.start : c.end]


def test_what_comes_back_is_asked_again_and_own_labels_stay(workspace, files):
    workspace.read([files[3]])
    workspace.accept(0.0)
    clusters = workspace.folder / "clusters.csv"
    clusters.write_text(clusters.read_text().replace("Mikhail Tomsky: killed self 1936-08-22", "The end of Tomsky"))
    workspace.rebuild()
    assert "The end of Tomsky" in clusters.read_text()
    files[3].write_text("Nothing left.")
    workspace.read([files[3]])
    assert not [c for c in workspace.record().claims if c.source == "three"]
    files[3].write_text(THREE)
    workspace.read([files[3]])
    assert len(workspace.pending()) >= 2


def test_the_same_sentence_in_two_documents_is_two_claims(workspace, tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Kamenev was executed in August 1936.")
    workspace.read([tmp_path / "a.txt", tmp_path / "b.txt"])
    workspace.accept(0.0)
    assert {c.source for c in workspace.record().claims if c.source in ("a", "b")} == {"a", "b"}


def test_rejected_once_is_not_asked_again(workspace, files):
    workspace.read([files[0]])
    for p in workspace.pending():
        workspace.decide(p, "reject")
    workspace.read([files[0]])
    assert workspace.pending() == []
    workspace.rebuild()
    assert not [c for c in workspace.record().claims if c.source == "one"]


def test_copies_among_own_documents_share_a_witness(workspace, tmp_path):
    long = " ".join(
        f"On {d} May 1930 the delegates of province number {d} heard a long report about the harvest and went home."
        for d in range(1, 12)
    )
    (tmp_path / "a.txt").write_text(long)
    (tmp_path / "b.txt").write_text(long.replace("harvest", "sowing"))
    (tmp_path / "c.txt").write_text(ONE)
    workspace.read([tmp_path / n for n in ("a.txt", "b.txt", "c.txt")])
    witness = {s["id"]: s["parts"][0]["witness"] for s in workspace.sources()}
    assert witness["a"] == witness["b"] != witness["c"]


def run(workspace, keys, answers=()):
    keys, answers, said, shown = iter(keys), iter(answers), [], []
    tally = review(
        workspace,
        workspace.record(),
        lambda: next(keys, "q"),
        lambda what, old: next(answers, old) or old,
        lambda p, n, total: shown.append(p),
        said.append,
    )
    return tally, said, shown


def test_keys(workspace, files):
    workspace.read([files[0]])
    n = len(workspace.pending())
    tally, said, shown = run(workspace, ["x", "c", "r", "u", "c", "q"])
    assert tally.confirmed == 2 and tally.rejected == 0 and tally.left == n - 2
    assert said and shown[0].key == shown[1].key  # an unknown key asks again
    tally, _, _ = run(workspace, ["s"] * n)
    assert tally.skipped == n - 2 and tally.left == n - 2


def test_editing_checks_and_keeps(workspace, files):
    workspace.read([files[0]])
    p = workspace.pending()[0]
    tally, said, _ = run(workspace, ["e", "q"], ["bucharin"])
    assert tally.edited == 0 and "nearest: bukharin" in said[0]
    tally, said, _ = run(workspace, ["e", "q"], [",".join(p.subject), p.predicate, p.object, "1929-13"])
    assert "EDTF" in said[0]
    tally, _, _ = run(
        workspace, ["e", "q"], ["rykov", "removed_from", "politburo", "1930-12-21", "Rykov leaves"]
    )
    assert tally.edited == 1
    (claim,) = [c for c in workspace.record().claims if c.source == "one"]
    assert (
        claim.subject == ["rykov"] and claim.date.edtf == "1930-12-21" and claim.paraphrase == "Rykov leaves"
    )


def test_a_new_cluster_by_hand(workspace, files):
    workspace.read([files[0]])
    run(workspace, ["j", "q"], ["my-own-cluster"])
    (claim,) = [c for c in workspace.record().claims if c.source == "one"]
    assert claim.cluster == "my-own-cluster"


def test_all_of_this_confidence(workspace, files):
    workspace.read([files[0]])
    tally, _, _ = run(workspace, ["a"])
    assert tally.confirmed >= 1


def test_a_folder_with_other_things_is_refused(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "letter.txt").write_text("private")
    with pytest.raises(Faults, match="other files"):
        Workspace(tmp_path / "x")
    assert [p.name for p in (tmp_path / "x").iterdir()] == ["letter.txt"]


def test_damaged_decisions_are_a_fault_with_a_line(workspace, files):
    workspace.read([files[0]])
    workspace.accept(0.5)
    path = workspace.folder / "decisions.jsonl"
    path.write_text(path.read_text() + "{broken\n")
    with pytest.raises(Faults) as caught:
        workspace.pending()
    assert caught.value.faults[0].line == len(path.read_text().splitlines())


def test_ids_of_files_cannot_leave_the_folder(workspace, tmp_path):
    odd = tmp_path / "..%2f..%2fetc passwd.txt"
    odd.write_text(ONE)
    (outcome,) = workspace.read([odd])
    assert (
        (workspace.folder / "texts" / f"{outcome.source}.txt").exists()
        and "/" not in outcome.source
        and ".." not in outcome.source
    )


def test_claims_on_disk_are_the_record(workspace, files):
    workspace.read([files[0]])
    workspace.accept(0.5)
    rows = [json.loads(line) for line in (workspace.folder / "claims" / "one.jsonl").read_text().splitlines()]
    assert [r["id"] for r in rows] == [c.id for c in workspace.record().claims if c.source == "one"]
    assert all("text" not in r and "exact" not in r for r in rows)
