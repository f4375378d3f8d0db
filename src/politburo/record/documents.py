"""Reading a user's files as text: plain text, HTML, PDF, .docx.

Documents are untrusted. Nothing is fetched from anywhere; no script, style or entity of a document is run or expanded;
a file, and what it unpacks to, is limited in size; a file that cannot be read is one fault and the others still go
through. The kind is judged by content first (the leading bytes), then by the name's ending.

Libraries: the standard library's parser for HTML, pypdf for PDF, python-docx for .docx. Places in
the result are code points of the text returned here, which is kept as it is (no-break spaces and all).
"""

from __future__ import annotations

import io
import logging
import zipfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from ..faults import Fault, Faults

MAX_BYTES = 64 * 1024 * 1024
MAX_TEXT = 40_000_000  # code points
MAX_UNPACKED = 256 * 1024 * 1024
MAX_PAGES = 5000
KINDS = "plain text, HTML, PDF or .docx"
_BLOCK = (
    "p",
    "div",
    "li",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "section",
    "article",
    "dd",
    "dt",
    "pre",
    "figcaption",
    "td",
    "th",
    "ul",
    "ol",
    "dl",
    "table",
    "main",
    "header",
    "footer",
    "nav",
    "aside",
    "figure",
    "hr",
)
_HIDDEN = ("script", "style", "noscript", "template", "svg", "head", "iframe", "object", "title")


@dataclass(frozen=True)
class Document:
    """A file's text and kind; `sha256` of its bytes identifies the version that was read."""

    path: Path
    kind: str
    text: str
    sha256: str
    note: str = ""


def read_document(path: Path | str) -> Document:
    """The text of one file. Raises `Faults` with one fault if it cannot be read."""
    import hashlib

    path = Path(path)
    try:
        if path.is_dir():
            raise _fault(path, "a folder", f"a file of {KINDS}")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _fault(path, f"file of {size:,} bytes", f"at most {MAX_BYTES:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise _fault(path, f"cannot be read ({error.strerror})", "a readable file") from None
    kind = sniff(data, path.suffix.lower())
    if kind is None:
        raise _fault(path, "binary data" if data else "an empty file", KINDS)
    try:
        text = {"text": _text, "html": _html, "pdf": _pdf, "docx": _docx}[kind](data)
    except Faults as error:
        raise _fault(path, error.faults[0].found, error.faults[0].allowed) from None
    except ImportError as error:
        raise _fault(path, f"{kind}, which needs the package {error.name}", "pip install politburo[read]") from None
    except RecursionError:
        raise _fault(path, f"{kind} nested too deeply", KINDS) from None
    except MemoryError:
        raise _fault(path, f"{kind} that needs too much memory", KINDS) from None
    except (
        Exception
    ) as error:  # the libraries raise many kinds for damaged files; none may reach the user raw
        raise _fault(path, f"damaged {kind} ({type(error).__name__})", KINDS) from None
    text = text.replace("\x00", " ")
    if any("\ud800" <= c <= "\udfff" for c in text):  # half characters, as damaged PDFs give
        text = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    if len(text) > MAX_TEXT:
        raise _fault(path, f"text of {len(text):,} characters", f"at most {MAX_TEXT:,}")
    if not text.strip():
        why = "a PDF without a text layer (scanned pages?)" if kind == "pdf" else f"{kind} without text"
        raise _fault(path, why, "a document with text")
    return Document(path, kind, text, hashlib.sha256(data).hexdigest())


def _fault(path: Path, found: str, allowed: str) -> Faults:
    return Faults([Fault(str(path), 0, 0, found, allowed)])


def sniff(data: bytes, suffix: str) -> str | None:
    """Kind of a file by its first bytes, then its ending; None for binary data."""
    if not data:
        return None
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return (
            "docx"
            if suffix == ".docx" or b"word/" in data[:4096] or b"[Content_Types].xml" in data[:4096]
            else None
        )
    text = _decode(data[:4096], partial=True)
    if text is None:
        return None
    head = text.lstrip("\ufeff \t\r\n").lower()
    if head.startswith(("<!doctype html", "<html")) or (
        suffix in (".html", ".htm", ".xhtml") and "<" in head
    ):
        return "html"
    return "text"


def _decode(data: bytes, partial: bool = False) -> str | None:
    """UTF-8, UTF-16 with a mark, else Windows-1251 or 1252 if that gives mostly letters; None if it looks binary."""
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data[: len(data) - len(data) % 2].decode(name)
            except UnicodeDecodeError:
                return None
    if b"\x00" in data:
        return None
    for cut in range(4 if partial else 1):
        try:
            text = data[: len(data) - cut].decode("utf-8-sig")
            return None if sum(c < " " and c not in "\t\n\r\f" for c in text) > len(text) / 50 else text
        except UnicodeDecodeError:
            continue
    control = sum(b < 32 and b not in (9, 10, 12, 13) for b in data)
    if control > len(data) / 100:
        return None
    high = [b for b in data if b >= 0x80]
    cyrillic = sum(b >= 0xC0 for b in high) > 0.8 * len(high) and len(high) > len(data) / 4
    text = data.decode("cp1251" if cyrillic else "cp1252", errors="replace")
    letters = sum(c.isalpha() or c.isspace() or c.isdigit() or c in ".,;:!?'\"()-–—’“”" for c in text)
    return text if letters > 0.85 * len(text) else None


def _text(data: bytes) -> str:
    text = _decode(data)
    if text is None:
        raise Faults([Fault("", 0, 0, "binary data", KINDS)])
    return text


class _Page(HTMLParser):
    """Collects the visible text of a page in one pass, without a tree: nesting of any depth costs nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "body":
            self.hidden.clear()
        elif tag in _HIDDEN:
            if len(self.hidden) < 100:
                self.hidden.append(tag)
        elif tag in _BLOCK or tag == "br":
            self.out.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN and tag in self.hidden:
            while self.hidden.pop() != tag:
                pass
        elif tag in _BLOCK:
            self.out.append("\n")

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        if tag == "br" or tag in _BLOCK:
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.out.append(data)


def _html(data: bytes) -> str:
    page = _Page()
    page.feed(_decode(data) or "")
    page.close()
    out: list[str] = []
    for line in "".join(page.out).splitlines():
        line = " ".join(line.split(" ")).strip(" \t\r\f")
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out)


def _pdf(data: bytes) -> str:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Faults([Fault("", 0, 0, "an encrypted PDF", "a PDF that opens without a password")])
    if len(reader.pages) > MAX_PAGES:
        raise Faults([Fault("", 0, 0, f"a PDF of {len(reader.pages):,} pages", f"at most {MAX_PAGES:,}")])
    pages, total = [], 0
    for page in reader.pages:
        pages.append(page.extract_text() or "")
        total += len(pages[-1])
        if total > MAX_TEXT:
            raise Faults(
                [Fault("", 0, 0, "a PDF whose text is too long", f"at most {MAX_TEXT:,} characters")]
            )
    return "\n\n".join(pages)


def _docx(data: bytes) -> str:
    from docx import Document as Docx

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(i.file_size for i in archive.infolist())
        if unpacked > MAX_UNPACKED or len(archive.infolist()) > 10_000:
            raise Faults(
                [Fault("", 0, 0, f".docx that unpacks to {unpacked:,} bytes", f"at most {MAX_UNPACKED:,}")]
            )
        for info in archive.infolist():
            if info.filename.endswith((".xml", ".rels")) and b"<!ENTITY" in archive.open(info).read(65536):
                raise Faults([Fault("", 0, 0, ".docx that declares XML entities", "a document without them")])
    document = Docx(io.BytesIO(data))
    out: list[str] = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                cells: list[str] = []
                for cell in row.cells:
                    if not cells or cells[-1] != cell.text:
                        cells.append(cell.text)
                out.append("\t".join(cells))
        else:
            out.append(block.text)
    return "\n".join(out)
