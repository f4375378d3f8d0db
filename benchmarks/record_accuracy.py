"""Accuracy of reading, reuse, clustering and conflicts on the reference case. Needs the source texts (POLITBURO_SOURCES).

The mentions are measured on tests/record/accuracy_sample.jsonl; reuse on the spans of claims that stand in both copies;
clusters by B-cubed against the confirmed clusters; joining by leaving out one source at a time; conflicts against the
statements that the reference table (made by other hands) marks as contradicting another source or themselves.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

CONTRADICTIONS = {"c004": "trotsky-zinoviev-alliance", "c018": "october-seizure", "c039": "kamenev-out-of-cc", "c085": "stalin-general-secretary",
                  "c093": "zinoviev-executed", "c095": "stalin-origin", "c126": "bukharin-speech", "c133": "bukharin-removed-politburo"}  # fmt: skip


def main(folder: str | None = None) -> list[dict[str, object]]:
    """Rows: what, precision, recall, counts."""
    root = Path(__file__).resolve().parents[1]
    sys.path.insert(0, str(root))
    from politburo.record.clusters import Joiner, b_cubed, item_of, item_of_proposal, propose_clusters
    from politburo.record.conflicts import find_conflicts
    from politburo.record.loading import load
    from politburo.record.reader import Reader
    from politburo.record.workspace import NO_JOIN
    from tests.record.test_accuracy import measure

    record = load()
    rows: list[dict[str, object]] = []
    sources = Path(folder or os.environ.get("POLITBURO_SOURCES") or root.parent / "shared" / "sources")
    if sources.is_dir():
        reader = Reader(record)
        for kind, (right, wrong, missed) in measure(record, reader, sources).items():
            rows.append(
                {
                    "what": kind,
                    "precision": round(right / (right + wrong), 3),
                    "recall": round(right / (right + missed), 3),
                    "right": right,
                    "wrong": wrong,
                    "missed": missed,
                }
            )
        right = wrong = none = 0
        for s in record.sources:
            joiner = Joiner.__new__(Joiner)
            joiner.blocks = {}
            from collections import defaultdict

            joiner.blocks = defaultdict(list)
            for c in record.claims:
                if record.source_of[c.source].id != s.id:
                    joiner.add(item_of(c), c.cluster)
            own = [c for c in record.claims if record.source_of[c.source].id == s.id]
            for p in reader.read((sources / s.file).read_bytes().decode(), s.id).proposals:
                cluster = None if p.rule in NO_JOIN else joiner.join(item_of_proposal(p))[0]
                if cluster is None:
                    none += 1
                elif any(
                    c.cluster == cluster and c.start < p.start + p.length and p.start < c.end for c in own
                ):
                    right += 1
                else:
                    wrong += 1
        rows.append(
            {
                "what": "joining proposals, one source left out",
                "precision": round(right / (right + wrong), 3),
                "right": right,
                "wrong": wrong,
                "not joined": none,
            }
        )
    gold = {c.id: c.cluster for c in record.claims}
    found = propose_clusters([item_of(c) for c in record.claims])
    p, r, f = b_cubed(gold, found)
    rows.append(
        {"what": "clusters, B-cubed", "precision": round(p, 3), "recall": round(r, 3), "f": round(f, 3)}
    )
    several = {k: v for k, v in gold.items() if sum(x == v for x in gold.values()) > 1}
    p, r, f = b_cubed(several, found)
    rows.append(
        {
            "what": "clusters of two claims or more, B-cubed",
            "precision": round(p, 3),
            "recall": round(r, 3),
            "f": round(f, 3),
        }
    )
    clusters = {c.cluster for c in find_conflicts(record) if not c.against_reference}
    hit = sum(v in clusters for v in CONTRADICTIONS.values())
    rows.append(
        {
            "what": "conflicts marked beforehand and found",
            "recall": round(hit / len(CONTRADICTIONS), 3),
            "right": hit,
            "missed": len(CONTRADICTIONS) - hit,
        }
    )
    for row in rows:
        print(row)
    return rows


if __name__ == "__main__":
    main()
