"""One history of a frozen case, bit for bit as somebody last looked at it: see tests/engine/golden.py."""

import golden
import pytest

from politburo.engine.kernel import COMPILED


def test_golden_trace_stands(request):
    if COMPILED:
        ussr = request.getfixturevalue("ussr")
        standard = request.getfixturevalue("standard")
        found = golden.text(lambda world, names, months: standard(world, months), ussr.parameters)
    else:
        found = golden.text()
    kept = golden.FILE.read_text(encoding="utf-8")
    words = (
        "histories changed. If that is meant: python -m tests.engine.golden --write, and read the difference"
    )
    assert found.splitlines() == kept.splitlines(), words


def test_golden_history_is_eventful():
    """A trace in which little happens would let much change unseen."""
    lines = golden.FILE.read_text(encoding="utf-8").splitlines()
    kinds = {line.split()[1] for line in lines[lines.index(f"the first {golden.SHOWN} events:") + 1 :]}
    assert len(kinds) >= 8 and {"coalition", "congress", "vote", "passed"} <= kinds
    assert len(lines) > golden.SHOWN + 10


def test_golden_case_does_not_follow_the_packaged_ones():
    case = golden.golden_case().case
    assert case.header.parameters == "own" and case.posterior is None
    assert case.header.mechanisms is None


def test_a_missing_parameter_is_named():
    with pytest.raises(KeyError, match="lacks novelty: add it"):
        golden.row_in_order(golden.golden_case(), ("novelty",))
