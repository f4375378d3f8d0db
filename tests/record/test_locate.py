"""Spans: verified, found again, reported gone; no-break spaces; characters outside the basic plane."""

from hypothesis import given
from hypothesis import strategies as st

from politburo.record.locate import Locator, digest, fold, utf16, verify

TEXT = "First line.\nIn November 1929 he was dropped from the Politburo.\nLast line."
SPAN = "In November 1929 he was dropped from the Politburo."
START = TEXT.index(SPAN)


def test_in_place_moved_and_gone():
    assert Locator(TEXT).find(START, len(SPAN), digest(SPAN)) == START
    moved = "A new beginning. " + TEXT
    assert Locator(moved).find(START, len(SPAN), digest(SPAN)) == START + 17
    assert Locator(TEXT.replace("1929", "1930")).find(START, len(SPAN), digest(SPAN)) is None


def test_no_break_spaces_do_not_matter():
    text = TEXT.replace("November 1929", "November\u00a01929").replace(" dropped", "\u202fdropped")
    assert Locator(text).find(START, len(SPAN), digest(SPAN)) == START
    assert digest(SPAN.replace(" ", "\u00a0")) == digest(SPAN)
    assert len(fold(text)) == len(text)


def test_an_emoji_before_the_span_does_not_shift_it():
    text = "\U0001f3db " + TEXT
    place = Locator(text).find(START, len(SPAN), digest(SPAN))
    assert place == START + 2 and text[place : place + len(SPAN)] == SPAN
    assert utf16(text, place) == place + 1  # a browser counts one unit more


@given(st.text(max_size=60), st.text(max_size=60))
def test_found_wherever_words_are_put_before_and_after(before, after):
    text = before + "\n" + SPAN + "\n" + after
    place = Locator(text).find(0, len(SPAN), digest(SPAN))
    assert place is not None and fold(text[place : place + len(SPAN)]) == SPAN


def test_second_span_is_found_by_the_shift_of_the_first():
    locator = Locator("xx" + TEXT)
    locator.find(START, len(SPAN), digest(SPAN))
    assert locator.find(0, 11, digest("First line.")) == 2


def test_every_shipped_span_is_where_it_should_be(record, sources_folder):
    placed, faults = verify(record.sources, record.claims, sources_folder)
    assert not faults
    assert {p.status for p in placed} == {"here"} and len(placed) == len(record.claims)


def test_absent_files_are_reported_and_nothing_else_breaks(record, tmp_path):
    placed, faults = verify(record.sources, record.claims, tmp_path)
    assert placed == [] and len(faults) == 5 and all("not found" in f.found for f in faults)


def test_a_changed_source_is_found_out(record, sources_folder, tmp_path):
    source = record.sources[0]
    text = (sources_folder / source.file).read_text(encoding="utf-8")
    (tmp_path / source.file).write_text(
        "\U0001f4dc Preface.\n" + text.replace("Kirov", "Krov"), encoding="utf-8"
    )
    own = [c for c in record.claims if record.source_of[c.source].id == source.id]
    placed, _ = verify([source], own, tmp_path)
    status = {p.claim.id: p.status for p in placed}
    assert "here" not in status.values() and set(status.values()) == {"moved", "gone"}
    moved = [p for p in placed if p.status == "moved"]
    assert all(p.start == p.claim.start + 11 for p in moved if p.claim.start < 1000)
