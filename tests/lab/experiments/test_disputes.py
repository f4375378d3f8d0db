"""Conflicts of the record as switches: the mapping is sound, the differences are those of twins, faults stand at their line."""

import shutil

import numpy as np
import pytest
import yaml

from politburo.case import load_case
from politburo.faults import Faults
from politburo.lab.experiments.arms import Arm
from politburo.lab.experiments.disputes import disputes, read_file
from politburo.lab.ensembles.provenance import plan
from politburo.lab.experiments.questions import read_question
from politburo.record.conflicts import find_conflicts
from politburo.record.loading import load as load_record

OUTCOME = "stalin leads in 1924-12"


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The ussr case with a mapping of three conflicts that need no mechanism of their own."""
    folder = tmp_path_factory.mktemp("cases") / "ussr"
    shutil.copytree(load_case("ussr").path, folder)
    whole = yaml.safe_load((folder / "conflicts.yaml").read_text())
    wanted = ("lenin-trusts-stalin", "removal-of-stalin-proposed", "kamenev-executed")
    whole["conflicts"] = [entry for entry in whole["conflicts"] if entry["cluster"] in wanted]
    (folder / "conflicts.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True))
    return folder


@pytest.fixture(scope="module")
def found(copy, standard):
    return disputes(copy, OUTCOME, n=60, workers=1)


def test_the_shipped_mapping_is_sound():
    """Every cluster and position is the record's, every word a change of the case, and each coded position is what the case has."""
    ussr = load_case("ussr")
    record, entries, reasons = read_file(ussr)
    assert len(entries) >= 14 and len({entry.cluster for (_, entry), _, _ in entries}) == len(entries)
    clusters = {c.cluster for c in find_conflicts(record)}
    assert set(reasons) <= clusters and not set(reasons) & {entry.cluster for (_, entry), _, _ in entries}
    for (_, entry), reading, change in entries:
        assert reading.why and change.words and entry.coded != reading.position
    values = {entry.cluster: entry.coded for (_, entry), _, _ in entries}
    assert ussr.posts["general_secretary"].holder == "stalin" and values["stalin-general-secretary"] == f"{ussr.start}-03"
    assert ussr.tie("lenin", "stalin") > 0 and values["lenin-trusts-stalin"] == "yes"
    assert str(ussr.targets["bukharin_out_of_politburo"].date) == values["bukharin-removed-politburo"]
    assert str(ussr.targets["kamenev_executed"].date) == values["kamenev-executed"]


def test_every_conflict_of_the_record_is_somewhere(found, copy):
    told = {d.cluster for d in found.found} | {cluster for cluster, _, _ in found.untouched}
    assert told == {c.cluster for c in find_conflicts(load_record())}
    assert {d.cluster for d in found.rows} == {"lenin-trusts-stalin", "removal-of-stalin-proposed"}
    assert [d.cluster for d in found.compared] == ["kamenev-executed"]


def test_differences_are_those_of_twins(found, copy, standard):
    case = load_case(copy)
    question = read_question(case, OUTCOME)
    answers = []
    for values in ({}, {"ties.lenin.stalin": 0}):
        call = plan(case, values, until="1924-12")
        kept, _ = standard(call.compiled.world, call.compiled.months).run(0, call.rows(np.arange(60)))
        answers.append(question.values(call.compiled, kept))
    row = next(d for d in found.rows if d.cluster == "lenin-trusts-stalin")
    assert row.difference.mean == pytest.approx((answers[1] - answers[0]).mean()) and row.changed == (answers[1] != answers[0]).mean()
    assert found.base == answers[0].mean()
    assert [abs(d.difference.mean) for d in found.rows] == sorted((abs(d.difference.mean) for d in found.rows), reverse=True)


def test_a_reading_of_a_target_moves_the_closeness_and_no_history(found):
    row = found.compared[0]
    assert row.difference is None and row.closeness[0] != row.closeness[1] and 0 < row.closeness[0] < 1


def test_what_may_be_said_and_data(found):
    assert "Nothing here says who is right" in found.sentence and f"{len(found.untouched)} nothing that the case codes" in found.sentence
    data = found.as_dict()
    assert len(data["ranked"]) == 2 and len(data["untouched"]) == len(found.untouched)
    assert found.frame(library="pandas").shape[0] == 2


@pytest.mark.parametrize("old, new, words", [
    ("cluster: lenin-trusts-stalin", "cluster: lenin-trust-stalin", ["no conflict about 'lenin-trust-stalin'", "did you mean lenin-trusts-stalin"]),
    ("position: 'no'", "position: nope", ["no position 'nope'", "yes, no"]),
    ("ties.lenin.stalin=0", "ties.lenin.stallin=0", ["stallin"]),
    ("record: ussr-record", "record: ussr-recort", ["did you mean ussr-record"]),
    ("coded: 'yes'", "koded: 'yes'", ["unknown key 'koded'"]),
])  # fmt: skip
def test_a_wrong_mapping_is_told_at_its_line(copy, tmp_path, old, new, words):
    folder = tmp_path / "ussr"
    shutil.copytree(copy, folder)
    text = (folder / "conflicts.yaml").read_text()
    assert old in text
    (folder / "conflicts.yaml").write_text(text.replace(old, new))
    with pytest.raises(Faults) as error:
        disputes(folder, OUTCOME, n=10)
    line = next(i for i, row in enumerate(text.replace(old, new).splitlines(), 1) if new.split("=")[0] in row)
    assert f"conflicts.yaml:{line}:" in str(error.value) or "conflicts.yaml:" in str(error.value)
    for word in words:
        assert word in str(error.value), str(error.value)


def test_a_case_without_a_mapping():
    with pytest.raises(Faults, match=r"conflicts\.yaml: no such file"):
        disputes("template", "dasan leads in 1964-12", n=10)
    assert Arm(load_case("template")).text == "baseline"
