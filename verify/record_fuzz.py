"""Any input is a date, a text, a record or one typed fault: the parsers and readers of the record under random mutation.

The corpus of dates, sentences and document heads below is mutated at random; every place reported must lie inside the
text. With atheris (coverage-guided, CPython 3.11 on Linux; not a dependency) installed, `python -m verify.record_fuzz
RUNS` uses that instead. What fuzzing finds is kept as a test in tests/record.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from verify import Check

CORPUS = [b"1922-04-03", b"[..1929-12,1930]", b"?2004-06-~11", b"193X~/1939%", b"On 25 October (7 November) 1917, 5 to 10 million people", b"<html><p>&nbsp;1929</p>",
          b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>", b"PK\x03\x04", b"- {a: x, rel: before, b: y}", b'{"id": "c-1", "source": "x"}', b"Six months later L. D. Trotsky was 40% of the 1921 ban",
          "Троцкий 7 November [O.S. 26 October] 1879".encode()]  # fmt: skip


def one(data: bytes, state: dict = {}) -> None:  # noqa: B006 - the reader is built once
    """One input through everything; raises on any breach."""
    from politburo.faults import Faults
    from politburo.marked import load_yaml
    from politburo.record.documents import read_document
    from politburo.record.edtf import EDTFError, parse
    from politburo.record.loading import load
    from politburo.record.reader import Reader

    if not state:
        state["reader"] = Reader(load())
        state["folder"] = Path(tempfile.mkdtemp())
    text = data.decode("utf-8", "replace")
    try:
        value = parse(text)
        assert parse(str(value)) == value
        value.bounds()
    except EDTFError:
        pass
    reading = state["reader"].read(text)
    for item in (*reading.dates, *reading.names, *reading.numbers, *reading.offices):
        assert 0 <= item.start < item.end <= len(text)
    for suffix in (".txt", ".html", ".pdf", ".docx"):
        path = state["folder"] / f"x{suffix}"
        path.write_bytes(data)
        try:
            read_document(path).text.encode("utf-8")
        except Faults as error:
            assert len(error.faults) == 1
    try:
        load_yaml("x.yaml", text=text)
    except Faults:
        pass


def mutate(rng: random.Random, data: bytes) -> bytes:
    """One to eight random edits."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        kind, at = rng.randrange(5), rng.randrange(len(out) + 1)
        if kind == 0:
            out[at:at] = bytes([rng.randrange(256)])
        elif kind == 1 and out:
            del out[at : at + rng.randint(1, 4)]
        elif kind == 2 and at < len(out):
            out[at] = rng.randrange(256)
        elif kind == 3:
            out[at:at] = rng.choice(CORPUS)
        else:
            out[at:at] = out[: rng.randint(0, 12)]
    return bytes(out)


def checks(runs: int = 1500) -> Iterator[Check]:
    """One check: no breach in this many mutated inputs."""
    rng, breach = random.Random(1953), None
    for n in range(runs):
        data = mutate(rng, rng.choice(CORPUS))
        try:
            one(data)
        except Exception as error:
            breach = f"input {n}, {data!r}: {type(error).__name__} {error}"
            break
    yield Check(
        "untrusted input is a value or one fault",
        breach is None,
        breach or f"{runs} inputs without a breach",
        "no exception but Faults, every place inside the text",
    )


def main(runs: int) -> None:
    """Fuzz with atheris."""
    import atheris

    with atheris.instrument_imports(include=["politburo"]):
        import politburo.record.documents
        import politburo.record.loading
        import politburo.record.reader  # noqa: F401
    corpus = Path(tempfile.mkdtemp())
    for n, data in enumerate(CORPUS):
        (corpus / str(n)).write_bytes(data)
    atheris.Setup([sys.argv[0], f"-runs={runs}", "-max_len=600", "-len_control=0", str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
