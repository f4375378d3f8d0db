"""Accuracy of reading, joining, clustering and conflicts on the reference case, held against floors.

The sample, the measures and what they can and cannot show are described in benchmarks/results/record.md. Needs the five
source texts for the first group of figures; without them only clusters and conflicts are checked.
"""

from __future__ import annotations

from collections.abc import Iterator

from verify import Check

FLOORS = {"dates": (0.90, 0.93), "persons": (0.97, 0.97), "organs": (0.88, 0.95), "offices": (0.75, 0.95), "numbers": (0.88, 0.95),
          "joining proposals, one source left out": (0.78, None), "clusters, B-cubed": (0.92, 0.90), "clusters of two claims or more, B-cubed": (0.92, 0.85),
          "conflicts marked beforehand and found": (None, 1.0)}  # fmt: skip


def checks() -> Iterator[Check]:
    """One check per measure."""
    from benchmarks.record_accuracy import main

    for row in main():
        low_p, low_r = FLOORS[row["what"]]
        p, r = row.get("precision"), row.get("recall")
        good = (low_p is None or p >= low_p) and (low_r is None or r >= low_r)
        yield Check(str(row["what"]), good, f"precision {p}, recall {r}", f"at least {low_p}, {low_r}")
