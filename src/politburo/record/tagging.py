"""A sentence with its names, offices, dates and numbers replaced by marks, so that rules can be short.

`⟦P3⟧` is the third mention if it is a person, `O` an organ or faction, `G` a group, `F` an office, `D` a date, `N` a
number. Rules are regular expressions over that text; marks lead back to mentions. Offices are found here: General
Secretary, premier, commissar, chairman, head or editor of an organ, secretary of a place, commander.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .date_finder import DateMention
from .names import Mention
from .number_finder import NumberMention

_OFFICES: list[tuple[re.Pattern[str], str]] = [(re.compile(p), v) for p, v in (
    (r"\b(?:the\s+)?(?:post\s+of\s+)?['‘\"]?(?:[Gg]eneral\s+[Ss]ecretary|[Ss]ecretary[\s-][Gg]eneral|First\s+Secretary)\b['’\"]?", "general_secretary"),
    (r"\b(?:[Pp]remier|[Hh]ead\s+of\s+(?:the\s+)?(?:Soviet\s+)?[Gg]overnment|[Cc]hair(?:man|person)?\s+of\s+(?:the\s+)?(?:Sovnarkom|Council\s+of\s+People['’]s\s+Commissars|Council\s+of\s+Ministers))\b", "premier"),
    (r"\b(?:[Hh]ead\s+of\s+state|[Cc]hair(?:man)?\s+of\s+the\s+Presidium)\b", "head_of_state"),
    (r"\b(?:[Ww]ar\s+[Cc]ommissar|[Cc]ommissar\s+(?:of|for)\s+(?:War|Defen[cs]e|Military(?:\s+and\s+Naval)?(?:\s+Affairs)?)|Minister\s+of\s+Defen[cs]e)\b", "war_commissar"),
    (r"\b(?:People['’]s\s+)?[Cc]ommissar\s+(?:of|for)\s+(?P<x>(?:the\s+)?[A-Z][a-z]+(?:\s+(?:and\s+)?[A-Z][a-z]+)*)['’]?(?:\s+Affairs)?", "commissar"),
    (r"\b[Mm]inister\s+(?:of|for)\s+(?P<x>(?:the\s+)?[A-Z][a-z]+(?:\s+(?:and\s+)?[A-Z][a-z]+)*)", "minister"),
    (r"\b(?P<x>Moscow|Leningrad|Petrograd|Ukrainian|Kiev|Georgian)\s+[Pp]arty\s+(?:[Ss]ecretary|boss|leader|chief|head)\b", "secretary"),
    (r"\b(?:[Ff]irst\s+)?(?:[Ss]ecretary|boss|leader|head)\s+of\s+(?:the\s+)?(?P<x>Moscow|Leningrad|Petrograd|Ukrainian|Kiev|Georgian)\s+(?:[Pp]arty|organi[sz]ation)\b", "secretary"),
    (r"\b(?:[Pp]arty\s+)?[Ss]ecretary\s+of\s+(?:the\s+)?Central\s+Committee\b", "cc_secretary"),
    (r"\b(?:editor(?:-in-chief)?|responsible\s+editor)\s+of\s+(?:the\s+)?(?P<x>Pravda|Izvestia|Iskra|[A-Z][a-z]+)\b", "editor"),
    (r"\b(?:[Hh]ead|[Cc]hief|[Cc]hair(?:man|person|woman)?|[Dd]irector|[Pp]resident|[Ll]eader)\s+of\s+(?:the\s+)?(?P<x>NKVD|GPU|OGPU|Cheka|MVD|MGB|NKGB|Comintern|Gosplan|Orgburo|Secretariat|Rabkrin|VSNKh|[Ss]ecret\s+[Pp]olice|"
     r"[Pp]olitburo|[Cc]ouncil\s+of\s+Labour\s+and\s+Defence|Central\s+Control\s+Commission|(?:Moscow|Leningrad)\s+[Ss]oviet|[Tt]rade\s+[Uu]nions)\b", "head"),
    (r"\b(?:[Hh]ead|[Cc]hief|[Cc]hair(?:man|person|woman)?|[Dd]irector|[Pp]resident|[Ll]eader)\s+of\s+(?:the\s+)?(?P<x>[A-Z][\w'’-]+(?:\s+(?:of\s+(?:the\s+)?|for\s+|and\s+)?[A-Z][\w'’-]+){0,4})", "head"),
    (r"\b(?P<x>NKVD|OGPU|Cheka|GPU|secret\s+police)\s+(?:chief|head|boss)\b", "head"),
    (r"\b[Cc]ommander(?:-in-[Cc]hief)?\s+of\s+(?:the\s+)?(?P<x>[A-Za-z]+(?:\s+[A-Za-z]+)?)", "commander"),
)]  # fmt: skip


_HINT = re.compile(
    r"ecretary|remier|ead|hair|ommissar|inister|oss|eader|hief|ditor|irector|resident|ommander|SECRETARY"
)


@dataclass(frozen=True)
class OfficeMention:
    """An office in a text and the id of the post it means."""

    start: int
    end: int
    post: str


def find_offices(body: str, offset: int = 0) -> list[OfficeMention]:
    """Offices of one sentence."""
    out: list[OfficeMention] = []
    if not _HINT.search(body):
        return out
    for pattern, base in _OFFICES:
        for m in pattern.finditer(body):
            if any(m.start() + offset < o.end and o.start < m.end() + offset for o in out):
                continue
            detail = re.sub(
                r"[^a-z]+", "-", (m.groupdict().get("x") or "").lower().removeprefix("the ")
            ).strip("-")
            post = f"{detail}_secretary" if base == "secretary" else f"{base}_{detail}" if detail else base
            out.append(OfficeMention(offset + m.start(), offset + m.end(), post))
    return sorted(out, key=lambda o: o.start)


@dataclass
class Tagged:
    """A tagged sentence: `text` with marks, and what they stand for."""

    text: str
    start: int
    end: int
    items: list[tuple[str, object]] = field(default_factory=list)

    def all(self, mark: str) -> list[object]:
        """The mentions of one kind, in order."""
        return [item for kind, item in self.items if kind == mark]

    def ids(self, piece: str | None, kinds: str = "PGO") -> list[str]:
        """Entity ids (or posts) of the marks in a piece of tagged text."""
        out: list[str] = []
        for kind, n in re.findall(r"⟦([A-Z])(\d+)⟧", piece or ""):
            if kind in kinds:
                item = self.items[int(n)][1]
                name = item.post if isinstance(item, OfficeMention) else getattr(item, "entity", "")
                if name and name not in out:
                    out.append(name)
        return out

    def items_in(self, piece: str | None, kind: str) -> list[object]:
        return [self.items[int(n)][1] for k, n in re.findall(r"⟦([A-Z])(\d+)⟧", piece or "") if k == kind]


def _plain(text: str) -> str:
    """A document's own brackets of this kind must not look like marks."""
    return text.replace("⟦", "[").replace("⟧", "]")


_KIND = {"person": "P", "organ": "O", "faction": "O", "group": "G"}


def tag(text: str, start: int, end: int, names: list[Mention], dates: list[DateMention], numbers: list[NumberMention],
        offices: list[OfficeMention] | None = None) -> Tagged:  # fmt: skip
    """The tagged form of `text[start:end]`; where mentions overlap, dates win over offices, offices over names, names over numbers."""
    if offices is None:
        offices = find_offices(text[start:end], start)
    chosen: list[tuple[int, int, str, object]] = []
    for kind, found in (("D", dates), ("F", offices), ("", names), ("N", numbers)):
        for item in found:
            a, b = item.start, item.end
            if kind == "N":
                b = min(b, a + 60)
            mark = kind or _KIND.get(item.kind, "")
            if mark and a >= start and b <= end and all(b <= x or a >= y for x, y, _, _ in chosen):
                chosen.append((a, b, mark, item))
    chosen.sort(key=lambda c: c[0])
    out, at, items = [], start, []
    for a, b, mark, item in chosen:
        out.append(_plain(text[at:a]))
        out.append(f"⟦{mark}{len(items)}⟧")
        items.append((mark, item))
        at = b
    out.append(_plain(text[at:end]))
    body = "".join(out).replace("\u00a0", " ").replace("’", "'").replace("\n", " ")
    return Tagged(body, start, end, items)
