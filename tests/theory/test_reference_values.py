"""Every reference value the library claims to reproduce, one test a check; a failing value is named with both
numbers.
"""

import pytest

from politburo.evidence import Evidence
from politburo.theory.reproduction import CHECKS, lines, reproduce

#: Values each check must at least compare, so that a check cannot pass by having lost its table.
LEAST = {
    "coalitions": 320,
    "sizes": 60,
    "network": 5,
    "dynamics": 2,
    "indices": 1100,
    "small-games": 15,
    "emission": 580,
    "china": 2300,
    "china-papers": 60,
    "leaders": 150,
    "small-models": 40,
    "growth": 70,
    "people": 50,
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.key)
def test_every_value_holds(check):
    found = lines(check.key)
    assert len(found) >= LEAST[check.key]
    failing = [f"{v.what}: ours {v.ours}, reference {v.reference}" for v in found if not v.holds]
    assert not failing, failing[:10]


def test_a_wrong_value_is_noticed(monkeypatch):
    from politburo.theory import reference_politics

    real = reference_politics.table

    def spoiled(name):
        rows = real(name)
        if name == "t3_power_index_reference":
            rows[0] = {**rows[0], "johnston": "0.25000000001"}
        return rows

    monkeypatch.setattr(reference_politics, "table", spoiled)
    assert sum(not v.holds for v in lines("indices")) == 1


def test_published_only_where_authors_printed():
    """Growth, people, leaders and coalition tables are recomputed or recalled; none may be called published."""
    for key in ("coalitions", "network", "dynamics", "leaders", "small-models", "growth", "people"):
        assert all(v.evidence is not Evidence.PUBLISHED for v in lines(key)), key


def test_summary_counts():
    found = reproduce(["sizes", "network"])
    assert found.facts["values"] == found.facts["hold"] == 65


def test_the_page_shows_the_same_counts():
    """The table on the reference page is the one the checks give."""
    from pathlib import Path

    page = (Path(__file__).parents[2] / "docs" / "reference" / "theory.md").read_text(encoding="utf-8")
    for check in CHECKS:
        found = lines(check.key)
        assert f"| {check.title} | {len(found)} | {sum(v.holds for v in found)} |" in page, check.key
