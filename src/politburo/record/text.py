"""Sentences, words and folded text, with places.

A sentence ends at `.`, `!`, `?` or `…` (with closing quotes, brackets or footnote marks) before a space and a capital,
digit or bullet, at a line that is blank or begins a list item, and at a line break after which a new capital begins a
line that stands alone; abbreviations and initials do not end one. Lines broken in the middle of a sentence, as PDF
extraction leaves them, are joined. Places are code points into the text as given. Cost: linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ABBREVIATIONS = {"mr", "mrs", "ms", "dr", "prof", "st", "gen", "col", "cf", "e.g", "i.e", "etc", "vs", "no", "vol", "p", "pp", "ch", "fig", "ed",
                 "eds", "c", "ca", "approx", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "o.s", "n.s",
                 "b", "d", "r", "ii", "al"}  # fmt: skip
LONGEST = 2000  # a "sentence" beyond this (a table, a list without stops) is cut at a line break or space
_LOOK_BACK = 24
FOOTNOTE = re.compile(r"\[(?:\d{1,4}(?:\.\d+)?|page needed|citation needed|note \d+)\]")
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?:\[[^\]\n]{1,20}\])*(?=\s|$)")
_ITEM = re.compile(r"[ \t\u00a0]*(?:[•·*▪■●◦\uf000-\uf0ff]|[-–—](?=\s)|\d{1,2}[.)](?=\s)|[a-z]\)(?=\s))")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text: `text[start:end]`, and the paragraph (counting from 0) it stands in."""

    start: int
    end: int
    paragraph: int

    @property
    def length(self) -> int:
        return self.end - self.start


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text in order; list marks and surrounding space are not part of them."""
    out: list[Sentence] = []
    for number, (start, end) in enumerate(_blocks(text)):
        at = start
        for match in _END.finditer(text, start, end):
            if _ends(text, start, match, end):
                _push(text, at, match.end(), number, out)
                at = match.end()
        _push(text, at, end, number, out)
    return out


def _push(text: str, start: int, end: int, number: int, out: list[Sentence]) -> None:
    while start < end and (
        text[start].isspace() or text[start] in "•·*▪■●◦" or "\uf000" <= text[start] <= "\uf0ff"
    ):
        start += 1
    item = _ITEM.match(text, start, end)
    if item and item.end() < end:
        start = item.end()
        while start < end and text[start].isspace():
            start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        cut = max(text.rfind("\n", start, start + LONGEST), start)
        if cut - start < LONGEST // 4:
            cut = max(text.rfind(" ", start, start + LONGEST), start)
        if cut - start < LONGEST // 4:
            cut = start + LONGEST
        stop = cut
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        if stop > start:
            out.append(Sentence(start, stop, number))
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if end > start:
        out.append(Sentence(start, end, number))


def _ends(text: str, start: int, match: re.Match[str], end: int) -> bool:
    after = match.end()
    while after < end and text[after].isspace():
        after += 1
    if after < end and not (text[after].isupper() or text[after].isdigit() or text[after] in "\"'“‘«([•·-–—"):
        return False
    if match.group()[0] == "." and len(match.group()) == 1:
        i = match.start()
        while i > max(start, match.start() - _LOOK_BACK) and not text[i - 1].isspace() and text[i - 1] not in "(\"“‘'[":
            i -= 1
        word = text[i : match.start()]
        if (
            word.lower() in ABBREVIATIONS
            or (len(word) == 1 and word.isupper())
            or re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", word)
        ):
            return False
    return True


def _blocks(text: str) -> list[tuple[int, int]]:
    """Stretches that no sentence crosses: paragraphs, list items, lines that are complete in themselves."""
    out: list[tuple[int, int]] = []
    begin, at = 0, 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        body = line.strip()
        if not body:
            out.append((begin, start))
            begin = at
        elif start > begin and (_ITEM.match(line) or not _runs_on(text[max(begin, start - 2 * _LOOK_BACK) : start], body)):
            out.append((begin, start))
            begin = start
    out.append((begin, at))
    return [(a, b) for a, b in out if text[a:b].strip()]


def _runs_on(before: str, line: str) -> bool:
    """Whether a line continues the text before it: that text has not ended, or the line is in mid-sentence."""
    last = before.rstrip()
    if not last:
        return False
    if line[0].islower():
        return True
    previous = last.rsplit("\n", 1)[-1]
    if last[-1] in '.!?:…"”’)]':
        return False
    return len(previous) >= 45 or last[-1] in ",;–-"  # a short line without an end is a heading


def words(text: str) -> list[str]:
    """Lower-case words, footnote marks left out."""
    return [w.lower().replace("’", "'") for w in _WORD.findall(FOOTNOTE.sub(" ", text))]
