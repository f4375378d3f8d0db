"""Settings without effect are named, and so are entries that nothing uses."""

import re
from pathlib import Path

from template_texts import HERE, template_texts

from politburo.case.arrays import POST, RULE
from politburo.case.effect import UNREAD, remarks, without_effect
from politburo.case.load import read_case
from politburo.engine import month


def test_settings_without_effect(small):
    values = {
        "organs.presidium.candidates.most": 5,
        "organs.presidium.threshold": 0.6,
        "organs.central_committee.threshold": 0.6,
        "organs.congress.threshold": 0.6,
        "organs.presidium.ballot": "secret",
        "organs.central_committee.ballot": "secret",
        "organs.congress.ballot": "open",
        "posts.plan.filled_by": "first_secretary",
        "posts.plan.organ": "central_committee",
        "posts.plan.powers.agenda": 0.4,
        "posts.plan.powers.command": 0.4,
        "posts.plan.locality": "capital",
        "organs.presidium.size.least": 4,
        "organs.presidium.size.most": 8,
        "people.dasan.traits.organising.low": 0.5,
        "ties.dasan.karst.error": 0.2,
        "rules.expulsion_majority": 0.6,
        "people.dasan.traits.ambition": 0.4,
        "posts.first_secretary.holder": "ondrin",
        "parameters.tau": 0.03,
        "targets.congress_vote.weight": 1,
        "people.dasan.watch": False,
        "localities.capital.weight": 0.35,  # sound only with another weight
    }
    assert without_effect(small, values) == [
        "organs.presidium.candidates.most", "posts.plan.powers.agenda", "posts.plan.locality", "organs.presidium.size.least",
        "people.dasan.traits.organising.low",
    ]  # fmt: skip
    assert without_effect(small, {"organs.presidium.threshold": 0.5}) == ["organs.presidium.threshold"]


def test_what_no_mechanism_reads_is_what_is_said():
    engine = Path(month.__file__).parent
    text = "\n".join(path.read_text() for path in engine.rglob("*.py"))
    for table, dtype in (("post", POST), ("rule", RULE)):
        read = {name for name in dtype.names if re.search(rf"\bw\.{table}\[[^]]*\]\.{name}\b", text)}
        assert set(dtype.names) - read == set(UNREAD[table])


def test_remarks():
    texts = template_texts()
    assert remarks(read_case(texts, HERE)) == [
        "Sources that nothing cites: invented.",
        "No target has a weight, so nothing is scored.",
    ]
    texts["people.csv"] += "lone,Lone Wolf,1900,no,no,assumed,,invented\n"
    texts["traits.csv"] += "".join(
        f"lone,{trait},0.5,,,0.1,assumed,,invented\n"
        for trait in ("prestige", "flexibility", "ambition", "organising", "competence", "position.tempo", "position.openness")
    )
    texts["issues.yaml"] += (
        "  peace:\n    name: Peace\n    minus: war\n    plus: peace\n"
        "    weight: {value: 1, evidence: assumed, note: x}\n    opinion: {value: 0, evidence: assumed, note: x}\n"
    )
    people = [line.split(",")[0] for line in texts["people.csv"].splitlines() if "," in line and not line.startswith("#")][1:]
    texts["traits.csv"] += "".join(f"{name},position.peace,1,,,0.1,assumed,,x\n" for name in people)
    texts["calendar.yaml"] += "  - {id: late, kind: threat, from: 1970-01, size: 1, evidence: recalled, source: invented}\n"
    texts["targets.yaml"] = "targets: {}\n"
    texts["case.yaml"] = texts["case.yaml"].replace("headline: [", "headline: [] #")
    told = "\n".join(remarks(read_case(texts, HERE)))
    for words in ("People without seat, post, tie or following: lone", "Everybody agrees on peace", "Shocks after the end: late",
                  "No headline", "No targets"):  # fmt: skip
        assert words in told
    assert "Sources" not in told
