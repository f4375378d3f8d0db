"""Accuracy on the sample annotated before any reading rule was written (accuracy_sample.jsonl).

The sample: 97 sentences drawn at random (seed 1953) from all sentences of at least 25 characters of the five sources,
by source (8, 36, 12, 32, 9), without regard to content. One slip of the annotation (two persons in sentence 57) was
put right afterwards. The rules were then adjusted with the sample in view, so the figures are those of a development
set; floors here only guard against decay.
"""

import json
from pathlib import Path

import pytest

from politburo.record.edtf import parse
from politburo.record.locate import digest

SAMPLE = Path(__file__).with_name("accuracy_sample.jsonl")


def measure(record, reader, folder):
    """Counts of right, wrong and missed for each kind of mention, and the sentences that went wrong."""
    texts = {s.id: (folder / s.file).read_bytes().decode("utf-8") for s in record.sources}
    readings = {k: reader.read(t, k) for k, t in texts.items()}
    counts = {k: [0, 0, 0] for k in ("dates", "persons", "organs", "offices", "numbers")}
    for line in SAMPLE.read_text().splitlines():
        s = json.loads(line)
        text, r = texts[s["source"]], readings[s["source"]]
        a, b = s["start"], s["start"] + s["length"]
        assert digest(text[a:b]) == s["digest"]
        inside = lambda items: [x for x in items if a <= x.start < b]
        pairs = {
            "dates": (
                [parse(d).bounds() for d in s["dates"]],
                [parse(d.edtf).bounds() for d in inside(r.dates)],
            ),
            "persons": (s["persons"], sorted({m.entity for m in inside(r.persons)})),
            "organs": (
                s["organs"],
                sorted(
                    {"congress" if m.entity.startswith("congress-") else m.entity for m in inside(r.organs) if m.kind == "organ"}
                ),
            ),
            "offices": (s["offices"], sorted({o.post for o in inside(r.offices)})),
            "numbers": ([_interval(n) for n in s["numbers"]], [(n.low, n.high) for n in inside(r.numbers)]),
        }
        for kind, (want, got) in pairs.items():
            left = list(want)
            for x in got:
                if x in left:
                    left.remove(x)
                    counts[kind][0] += 1
                else:
                    counts[kind][1] += 1
            counts[kind][2] += len(left)
    return counts


def _interval(text):
    low, high = text.split(":")[0].split("/")
    return (None if low == ".." else float(low)), (None if high == ".." else float(high))


FLOORS = {
    "dates": (0.90, 0.90),
    "persons": (0.95, 0.95),
    "organs": (0.85, 0.9),
    "offices": (0.8, 0.9),
    "numbers": (0.85, 0.9),
}


def test_precision_and_recall(record, reader, sources_folder):
    for kind, (right, wrong, missed) in measure(record, reader, sources_folder).items():
        precision, recall = right / (right + wrong), right / (right + missed)
        assert (precision, recall) >= FLOORS[kind] and recall >= FLOORS[kind][1], (kind, precision, recall)


@pytest.fixture(scope="module")
def texts(record, sources_folder):
    return {s.id: (sources_folder / s.file).read_bytes().decode("utf-8") for s in record.sources}


def test_dates_of_the_shipped_claims_are_found_by_the_reader(record, reader, texts):
    """The claims were read by a person before the rules were written: how many of their explicit dates does the reader find?"""
    found = {k: reader.read(t, k).dates for k, t in texts.items()}
    right = total = 0
    for c in record.claims:
        if c.date.basis != "explicit" or c.modality == "inferred":
            continue
        near = [d for d in found[record.source_of[c.source].id] if c.start <= d.start < c.end]
        total += 1
        want = c.date.value.bounds()
        right += any(parse(d.edtf).bounds().within(want) or want.within(parse(d.edtf).bounds()) for d in near)
    assert total > 250 and right / total > 0.93
