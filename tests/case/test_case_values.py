"""Changing values by key, what a case tells, and its identity."""

import copy
import pickle

import numpy as np
import pytest
from template_texts import HERE, template_texts

from politburo.case import load_case
from politburo.case.edit import parse_settings
from politburo.case.load import read_case
from politburo.case.values import Month, PartialDate
from politburo.evidence import Evidence
from politburo.faults import Faults


def test_a_case_reads_well(small):
    dasan = small.people["dasan"]
    assert dasan.name == "Mirko Dasan" and dasan.born.year == 1904 and not dasan.arbiter
    assert dasan.traits["organising"].value == 0.9 and dasan.traits["organising"].evidence is Evidence.ASSUMED
    assert set(dasan.positions) == {"tempo", "openness"} == set(small.issues)
    assert small.start == Month(1961, 3) and small.months == 94
    assert small.circle.id == "presidium" and small.committee.elected_by == small.assembly.id
    assert small.members("presidium", "full") == ("verel", "dasan", "karst", "sorin", "ondrin", "tarv")
    assert small.tie("karst", "dasan") == -0.6 and small.tie("holt", "brenn") == 0.0
    assert small.posts["defence"].powers.command == 1 and small.posts["defence"].powers.arrest == 0
    assert [step.value for step in small.signal("hardship")] == [0.2, 0.6, 0.3]
    assert small.rules["expulsion_majority"].value == pytest.approx(2 / 3)
    assert small.rules["precedent"].value == "none" and small.rules["precedent"].evidence == "assumed"
    assert small.shocks["founder_letter"].names == {"dasan": 1, "karst": 0.4}
    assert (
        small.targets["tarv_loses_paper"].date == Month(1964, 5)
        and not small.targets["tarv_loses_paper"].fitted
    )
    assert small.labels() == {"assumed": 144}


def test_a_wrong_id_names_the_nearest(small):
    with pytest.raises(KeyError, match="no person 'dassan'; did you mean dasan"):
        small.people["dassan"]
    with pytest.raises(KeyError, match="no organs 'presidum'; did you mean presidium"):
        small.members("presidum")


def test_immutable(small):
    with pytest.raises(AttributeError):
        small.digest = "x"
    with pytest.raises(ValueError, match="frozen"):
        small.people["dasan"].name = "x"
    with pytest.raises(TypeError):
        small.people["x"] = small.people["dasan"]
    with pytest.raises(ValueError, match="read-only"):
        small.posterior.values[0, 0] = 1


def test_pickles_and_copies(small):
    for other in (pickle.loads(pickle.dumps(small)), copy.deepcopy(small)):
        assert other == small and other.people["dasan"].traits["ambition"].value == 0.9
        assert other.organs["presidium"].id == "presidium"
        assert other.with_values({"rules.expulsion_majority": 0.6}) == small.with_values({"rules.expulsion_majority": 0.6})


SET = {
    "end": "1969-06",
    "parameters.tau.value": 0.03,
    "parameters.delta": 2,
    "rules.ban_on_factions": False,
    "rules.seat_carry": 0.5,
    "people.dasan.traits.ambition": 0.5,
    "people.dasan.traits.position.tempo": -1,
    "people.dasan.traits.organising.error": 0.3,
    "people.brenn.watch": True,
    "posts.first_secretary.holder": "ondrin",
    "posts.plan.powers.agenda": 0.2,
    "posts.editor.holder": None,
    "organs.presidium.size.most": 11,
    "organs.congress.interval": 30,
    "organs.central_committee.ballot": "secret",
    "issues.tempo.weight": 2,
    "ties.dasan.karst": 0.5,
    "ties.holt.brenn": -0.4,
    "localities.harbour.strength": 0.1,
    "blocs.dasan.committee": 0.3,
    "blocs.brenn.cadres": 0.1,
    "blocs.holt.harbour.cadres": 0.2,
    "memberships.presidium.holt": "full",
    "memberships.presidium.brenn": "candidate",
    "memberships.presidium.tarv": None,
    "signals.hardship.1964-09": 0.5,
    "signals.opinion.tempo.1967-01": 0.9,
    "shocks.founder_dies.from": "1964-02",
    "shocks.border_crisis": False,
    "targets.congress_vote.weight": 1,
}


@pytest.mark.parametrize("key", SET, ids=str)
def test_each_setting(small, key):
    case = small.with_values({key: SET[key]})
    assert case.changes == {key: SET[key]} and case.digest != small.digest
    if not (key.startswith("shocks") and SET[key] is False) and not key.endswith("presidium.tarv"):
        assert case.value(key) == SET[key]
        assert case.with_values({key: SET[key]}) == case
    if small.value(key) is not None:
        back = (
            case.with_values({key: small.value(key)})
            if key in case.keys() or key.endswith(".value")
            else small
        )
        assert back.value(key) == small.value(key)


def test_all_settings_at_once(small):
    case = small.with_values(SET)
    assert case.changes == SET
    assert case.members("presidium", "full") == ("verel", "dasan", "karst", "sorin", "ondrin", "holt")
    assert "border_crisis" not in case.shocks and len(case.shocks) == len(small.shocks) - 1
    assert case.posts["editor"].holder is None and case.tie("holt", "brenn") == -0.4
    assert [(t.kind, t.value) for t in case.ties if t.from_ == "holt" and t.to == "brenn"] == [
        ("rival", -0.4)
    ]
    one_by_one = small
    for key, value in SET.items():
        one_by_one = one_by_one.with_values({key: value})
    assert one_by_one == case and one_by_one.changes == case.changes


def test_nothing_changes_nothing(small):
    same = {key: small.value(key) for key in small.keys()}
    assert len(same) > 500
    case = small.with_values(same)
    assert case == small and not case.changes
    for equal in (
        {"rules.expulsion_majority": "2/3"},
        {"rules.ban_on_factions": "yes"},
        {"ties.holt.brenn": 0},
        {"rules.precedent": "none"},
    ):
        assert small.with_values(equal) == small and not small.with_values(equal).changes


def test_a_value_set_by_hand_is_assumed():
    texts = template_texts()
    texts["traits.csv"] = texts["traits.csv"].replace(
        "dasan,ambition,0.9,,,0.1,assumed,,invented",
        "dasan,ambition,0.9,0.8,1,0.1,looked up,invented,printed there",
    )
    case = read_case(texts, HERE)
    assert case.people["dasan"].traits["ambition"].evidence == "looked up"
    changed = case.with_values({"people.dasan.traits.ambition": 0.5}).people["dasan"].traits["ambition"]
    assert changed.evidence == "assumed" and changed.source is None
    assert changed.note == "set by the user: value was 0.9 (looked up, invented)"
    assert changed.low is None and changed.high is None and changed.error == 0.1
    inside = case.with_values({"people.dasan.traits.ambition": 0.85}).people["dasan"].traits["ambition"]
    assert (inside.low, inside.high) == (0.8, 1)


def test_a_parameter_set_by_hand_is_held(small):
    case = small.with_values({"parameters.tau": 0.07})
    assert (case.posterior.values[:, 0] == 0.07).all() and case.posterior.mean()[
        "delta"
    ] == small.posterior.mean()["delta"]
    assert case.posterior.mean()["tau"] == pytest.approx(0.07)
    assert small.posterior.mean()["tau"] == pytest.approx(0.5 * 0.02 + 0.25 * 0.03 + 0.25 * 0.05)
    with pytest.raises(Faults, match="leaves out particles"):
        small.with_values({"parameters.delta.low": 1.4})
    assert small.with_values({"parameters.delta.low": 0.9}).parameters["delta"].low == 0.9


def test_numpy_values(small):
    a = small.with_values({"rules.expulsion_majority": np.float64(0.6), "organs.presidium.size.most": np.int64(8)})
    assert a == small.with_values({"rules.expulsion_majority": 0.6, "organs.presidium.size.most": 8})


WRONG = [
    ({"people.dasann.traits.ambitoin": 1}, "no key", "did you mean people.dasan.traits.ambition?"),
    ({"people.dasan": 1}, "allowed: born, watch, arbiter, traits"),
    ({"rule.expulsion_majority": 1}, "did you mean rules.expulsion_majority?"),
    ({"rules.majority": 0.6}, "every organ has its own threshold", "did you mean organs.central_committee.threshold?"),
    ({"rules.circle_open_ballot": False}, "every organ has its own ballot", "did you mean organs.presidium.ballot?"),
    ({"organs.presidium.threshold": 0.4}, "threshold 0.4 of the circle", "from 1/2"),
    ({"posts.plan.filled_by": "plan"}, "a ring of filled_by: plan <- plan"),
    ({"nothing": 1}, "allowed: end, people, ties"),
    ({"": 1}, "no key ''"),
    ({"people.dasan.traits.ambition.more": 1}, "no key"),
    (
        {"people.dasan.traits.ambition": 1.5},
        "set people.dasan.traits.ambition: value is 1.5",
        "between 0 and 1",
    ),
    ({"people.dasan.traits.ambition": None}, "set people.dasan.traits.ambition: no value"),
    (
        {"posts.plan.holder": "ondrim"},
        "set posts.plan.holder: unknown person 'ondrim'",
        "did you mean ondrin?",
    ),
    ({"parameters.tau": 5}, "set parameters.tau: value 5", "at most high, 0.08"),
    ({"localities.capital.weight": 0.5}, "set localities.capital.weight: weights that sum to 1.2"),
    ({"ties.dasan.dasan": 1}, "no key"),
    ({"ties.dasan.nobody": 1}, "no key"),
    ({"ties.dasan.holt": 2}, "set ties.dasan.holt: value is 2", "between -1 and 1"),
    ({"shocks.founder_dies": "maybe"}, "true (it happens) or false"),
    ({"signals.hardship.1961-13": 0.1}, "no key"),
    ({"rules.expulsion_majority": [1]}, "set rules.expulsion_majority: a list"),
    ({"memberships.presidium.dasan": "chief"}, "role is 'chief'"),
    ({"shocks.border_crisis.to": "1964-01"}, "set shocks.border_crisis.to: to 1964-01 before from 1965-04"),
    ({"organs.congress.elected_by": "presidium"}, "a ring of elected_by"),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: str(wrong[0])[1:-1])
def test_wrong_settings(small, wrong):
    change, *words = wrong
    with pytest.raises(Faults) as caught:
        small.with_values(change)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_wrong_settings_come_at_once(small):
    with pytest.raises(Faults) as caught:
        small.with_values(
            {"rules.expulsion_majority": 2, "rules.expulsion_majorty": 1, "posts.plan.holder": "x", "ties.dasan.holt": 0.1}
        )
    assert {fault.file for fault in caught.value.faults} == {
        "set rules.expulsion_majority",
        "set rules.expulsion_majorty",
        "set posts.plan.holder",
    }


def test_settings_from_the_command_line(small):
    found = parse_settings(
        [
            "rules.ban_on_factions=false",
            "posts.editor.holder=null",
            "parameters.tau = 0.03",
            "rules.expulsion_majority=3/4",
            "memberships.presidium.tarv=none",
        ]
    )
    assert found == {
        "rules.ban_on_factions": False,
        "posts.editor.holder": None,
        "parameters.tau": 0.03,
        "rules.expulsion_majority": "3/4",
        "memberships.presidium.tarv": "none",
    }
    case = small.with_values(found)
    assert case.rules["expulsion_majority"].value == 0.75 and "tarv" not in case.members("presidium")
    with pytest.raises(Faults) as caught:
        parse_settings(["a", "b=1", "b=2", "=3"])
    assert len(caught.value.faults) == 3


# identity


def reworded(texts):
    """The same content, written differently."""
    texts = dict(texts)
    texts["rules.yaml"] = (
        texts["rules.yaml"].replace("1/2", "0.5").replace("{value: true,", "{value:   yes,  # why not\n     ")
    )
    texts["organs.yaml"] = "# another comment\n\n" + texts["organs.yaml"].replace("open", '"open"').replace(
        "1/2", "0.50"
    )
    texts["issues.yaml"] = texts["issues.yaml"].replace(
        "{value: 1, evidence: assumed, note: invented}",
        "\n      note: 'invented'\n      value: 1.0\n      evidence: assumed",
    )
    rows = [line.split(",") for line in texts["blocs.csv"].splitlines() if not line.startswith("#")]
    order = [0, 3, 2, 1, 4, 7, 5, 6]
    texts["blocs.csv"] = (
        "\r\n".join(",".join(f' "{row[i]}"'.strip() for i in order) for row in rows) + "\r\n,,,,,,,\r\n"
    )
    texts["people.csv"] = "\ufeff".encode().decode("utf-8-sig") + texts["people.csv"] + "\n\n"
    texts["parameters.yaml"] = texts["parameters.yaml"].replace("0.02\n", "2.0e-2\n")
    texts["posterior.csv"] = texts["posterior.csv"].replace("1.0", "1").replace("weight", "weight ")
    return texts


def test_digest_ignores_how_it_is_written(small, texts):
    changed = reworded(texts)
    assert sum(changed[name] != texts[name] for name in texts) == 7
    assert read_case(changed, HERE / "elsewhere").digest == small.digest


def test_digest_sees_content(small, texts):
    changes = {
        "people.csv": ("1904-02-17", "1904-02-18"),
        "ties.csv": ("-0.6", "-0.61"),
        "rules.yaml": ("2/3", "0.6666"),
        "posterior.csv": ("2.5", "2.4"),
        "sources.yaml": ("nothing", "something"),
        "case.yaml": ("1968-12", "1968-11"),
        "calendar.yaml": ("size: 0.8", "size: 0.7"),
    }
    seen = {small.digest}
    for file, (old, new) in changes.items():
        assert old in texts[file]
        seen.add(read_case(texts | {file: texts[file].replace(old, new)}, HERE).digest)
    assert len(seen) == len(changes) + 1
    lines = texts["people.csv"].splitlines()
    lines[-1], lines[-2] = lines[-2], lines[-1]
    assert read_case(texts | {"people.csv": "\n".join(lines)}, HERE).digest not in seen, (
        "the order of people numbers them"
    )


def test_posterior(texts):
    case = read_case(texts, HERE)
    assert case.posterior.names == ("tau", "delta") and len(case.posterior) == 3
    assert case.posterior.weights.sum() == pytest.approx(1)
    scaled = texts["posterior.csv"].replace("0.25,", "25,").replace("0.5,0.02", "50,0.02")
    assert read_case(texts | {"posterior.csv": scaled}, HERE) == case, "weights need no scale"
    del texts["posterior.csv"]
    assert read_case(texts, HERE).posterior is None


def test_measures_of_dates_become_months(texts):
    by_month = (
        "  x:\n    kind: measure\n    measure: purge_start\n    value: 1962-03\n    high: 1963-03\n    width: 12\n"
        + ("    evidence: assumed\n    note: invented\n")
    )
    first = read_case(texts | {"targets.yaml": texts["targets.yaml"] + by_month}, HERE)
    by_count = by_month.replace("1962-03", "12").replace("1963-03", "24")
    second = read_case(texts | {"targets.yaml": texts["targets.yaml"] + by_count}, HERE)
    assert first == second and (first.targets["x"].value, first.targets["x"].high) == (Month(1962, 3), Month(1963, 3))


def test_months():
    start = Month.parse("1922-11")
    assert str(start + 3) == "1923-02" and start + 3 - start == 3 and start - 11 == Month(1921, 12)
    assert start < Month(1923, 1) <= Month(1923, 1) and sorted([start + 1, start])[0] == start
    assert PartialDate.parse("1879~").mark == "~" and str(PartialDate.parse("1879-11-07")) == "1879-11-07"
    assert PartialDate.parse("1879-11").years_until(Month(1922, 11)) == 43
    for wrong in ("1922", "1922-00", "22-01", "1922-1", "", None, 1922, "0000-01"):
        with pytest.raises(ValueError, match="YYYY-MM"):
            Month.parse(wrong)


def test_packaged_cases_load():
    from politburo.case import packaged_cases

    names = packaged_cases()
    assert "ussr" in names and "template" not in names
    for name in [*names, "template"]:
        case = load_case(name)
        assert case.with_values({key: case.value(key) for key in case.keys()}) == case
        assert case.name == name
