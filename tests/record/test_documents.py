"""Documents are untrusted: kinds, sizes, damage, bombs, entities; what fuzzing found is kept here."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from politburo.faults import Faults
from politburo.record import documents
from politburo.record.documents import read_document, sniff


def one_fault(path):
    with pytest.raises(Faults) as caught:
        read_document(path)
    (fault,) = caught.value.faults
    assert fault.file == str(path)
    return str(fault)


def docx_bytes(paragraphs=("Kirov was shot in 1934.",), table=None):
    docx = pytest.importorskip("docx")
    d = docx.Document()
    for p in paragraphs:
        d.add_paragraph(p)
    if table:
        t = d.add_table(len(table), len(table[0]))
        for i, row in enumerate(table):
            for j, cell in enumerate(row):
                t.cell(i, j).text = cell
    out = io.BytesIO()
    d.save(out)
    return out.getvalue()


def pdf_bytes(text="Kirov was shot in 1934."):
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode()
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
             b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
             b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for i, p in enumerate(parts, 1):
        places.append(len(out))
        out += f"{i} 0 obj\n".encode() + p + b"\nendobj\n"
    xref = len(out)
    out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode() + b"".join(
        f"{n:010d} 00000 n \n".encode() for n in places
    )
    return out + f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF".encode()


def test_every_kind(tmp_path):
    files = {"a.txt": b"Kirov was shot in 1934.", "b.html": b"<html><script>evil()</script><p>Kirov was&nbsp;shot in <b>1934</b>.</p></html>",
             "c.docx": docx_bytes(table=[["year", "1934"]]), "d.pdf": pdf_bytes(), "e.txt": "Киров убит в 1934 году.".encode("cp1251") * 3,
             "f.txt": "Kirov, 1934".encode("utf-16")}  # fmt: skip
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        document = read_document(tmp_path / name)
        assert "1934" in document.text and "evil" not in document.text
    assert read_document(tmp_path / "b.html").text == "Kirov was\u00a0shot in 1934."
    assert "year\t1934" in read_document(tmp_path / "c.docx").text
    assert "Киров" in read_document(tmp_path / "e.txt").text


def test_kind_is_judged_by_content(tmp_path):
    (tmp_path / "x.txt").write_bytes(pdf_bytes())
    assert read_document(tmp_path / "x.txt").kind == "pdf"
    assert sniff(b"PK\x03\x04rest", ".zip") is None
    assert sniff(b"\x89PNG\r\n\x1a\n\x00\x00", ".txt") is None


@pytest.mark.parametrize(
    "name", ["junk.txt", "empty.txt", "blank.txt", "cut.docx", "cut.pdf", "nowhere.txt", "folder"]
)
def test_what_cannot_be_read_is_one_clear_fault(tmp_path, name):
    data = {
        "junk.txt": bytes(range(256)) * 20,
        "empty.txt": b"",
        "blank.txt": b" \n\n ",
        "cut.docx": docx_bytes()[:900],
        "cut.pdf": b"%PDF-1.4\n1 0 obj <<",
    }
    if name == "folder":
        (tmp_path / name).mkdir()
    elif name in data:
        (tmp_path / name).write_bytes(data[name])
    assert "allowed:" in one_fault(tmp_path / name)


def test_limits(tmp_path, monkeypatch):
    (tmp_path / "big.txt").write_text("x" * 2000)
    monkeypatch.setattr(documents, "MAX_BYTES", 1000)
    assert "at most 1,000 bytes" in one_fault(tmp_path / "big.txt")
    monkeypatch.setattr(documents, "MAX_BYTES", 10**6)
    monkeypatch.setattr(documents, "MAX_TEXT", 1000)
    assert "characters" in one_fault(tmp_path / "big.txt")


def test_zip_bombs_and_entities_are_refused(tmp_path, monkeypatch):
    bomb = io.BytesIO(docx_bytes())
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as z:
        z.writestr("word/media/zero.bin", b"\0" * 3_000_000)
    (tmp_path / "bomb.docx").write_bytes(bomb.getvalue())
    monkeypatch.setattr(documents, "MAX_UNPACKED", 1_000_000)
    assert "unpacks to" in one_fault(tmp_path / "bomb.docx")
    monkeypatch.undo()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx_bytes())) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            body = old.read(item.filename)
            if item.filename == "word/document.xml":
                body = body.replace(
                    b"?>", b'?><!DOCTYPE x [<!ENTITY lol "lol"><!ENTITY f SYSTEM "file:///etc/passwd">]>', 1
                ).replace(b"Kirov", b"&f;")
            new.writestr(item.filename, body)
    (tmp_path / "entity.docx").write_bytes(out.getvalue())
    assert "entities" in one_fault(tmp_path / "entity.docx")


def test_html_entities_of_a_document_are_not_expanded_and_nothing_is_fetched(tmp_path, monkeypatch):
    import socket

    def refuse(*args, **kwargs):
        raise AssertionError("network access")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    page = b'<!DOCTYPE html [<!ENTITY boom "boomboom">]><html><img src="http://example.org/x.png"><link href="http://example.org/a.css"><iframe src="http://example.org"></iframe><p>&boom; Kirov</p></html>'
    (tmp_path / "x.html").write_bytes(page)
    text = read_document(tmp_path / "x.html").text
    assert "boomboom" not in text and "Kirov" in text


def test_deeply_nested_html_is_read_or_refused(tmp_path):
    (tmp_path / "deep.html").write_text("<html>" + "<div>" * 20_000 + "Kirov" + "</div>" * 20_000)
    try:
        assert "Kirov" in read_document(tmp_path / "deep.html").text
    except Faults as error:
        assert len(error.faults) == 1


@settings(max_examples=60)
@given(
    st.binary(max_size=400),
    st.sampled_from([".txt", ".html", ".pdf", ".docx"]),
    st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"\xff\xfe"]),
)
def test_any_bytes_are_text_or_one_fault(tmp_path_factory, data, suffix, head):
    path = tmp_path_factory.mktemp("f") / f"x{suffix}"
    path.write_bytes(head + data)
    try:
        assert isinstance(read_document(path).text, str)
    except Faults as error:
        assert len(error.faults) == 1


@settings(max_examples=40)
@given(st.integers(0, 3000), st.integers(0, 255), st.sampled_from(["docx", "pdf"]))
def test_damaged_documents_are_text_or_one_fault(tmp_path_factory, place, byte, kind):
    data = bytearray(docx_bytes() if kind == "docx" else pdf_bytes())
    data[place % len(data)] = byte
    path = tmp_path_factory.mktemp("d") / f"x.{kind}"
    path.write_bytes(bytes(data))
    try:
        text = read_document(path).text
        text.encode("utf-8")
    except Faults as error:
        assert len(error.faults) == 1
