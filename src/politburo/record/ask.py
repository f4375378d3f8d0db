"""Questions put to a record: what happened when, who sat where, what became of a person.

Every answer carries what it rests on: claims with the witnesses counted (files that copy each other count once), and
rows of the reference tables with their evidence label. Where nothing is attested the answer says so.

`timeline`  clusters in order of their bounds, with inferred dates marked
`who`       members of an organ on a day; `possible` where a vague date leaves it open, and whether anything is attested
`dossier`   a person: posts, memberships, votes, alliances, expulsions, fate
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..evidence import Evidence
from ..faults import Fault, Faults, listed, nearest
from . import models as m
from .chronology import Dating, chronology
from .edtf import Bounds, EDTFError, parse
from .names import NameList
from .store import Record

MANNERS = ("office", "membership", "organ")


def entity_id(record: Record, text: str, kinds: tuple[str, ...] = ()) -> str:
    """The id that a user's word means: an id, a name or an alias; a fault with the nearest name otherwise."""
    entities = {k: e for k, e in record.entities.items() if not kinds or e.kind in kinds}
    if text in entities:
        return text
    found = [x for x in NameList(record).lookup(text) if x in entities]
    if len(found) == 1:
        return found[0]
    what = " or ".join(kinds) or "name"
    if found:
        raise Faults([Fault("query", 0, 0, f"{text!r} may be {listed(found)}", "one of these ids")])
    words = (
        {e.name: k for k, e in entities.items()}
        | {a: k for k, e in entities.items() for a in e.aliases}
        | {k: k for k in entities}
    )
    near = nearest(text, words)
    raise Faults(
        [
            Fault(
                "query",
                0,
                0,
                f"no {what} {text!r}",
                f"one of {len(entities)} in the record",
                words.get(near, near) if near else None,
            )
        ]
    )


def read_date(text: str, where: str = "query") -> Bounds:
    """Bounds of an EDTF text given by a user."""
    try:
        return parse(text.strip()).bounds()
    except EDTFError as error:
        raise Faults(
            [Fault(where, 0, 0, str(error), "an EDTF date such as 1929, 1929-11, 1929-11-17")]
        ) from None


@dataclass
class Entry:
    """One line of a timeline."""

    cluster: str
    label: str
    dating: Dating
    claims: list[m.Claim]
    witnesses: list[str]
    files: int
    persons: list[str]


def timeline(record: Record, person: str | None = None, organ: str | None = None, start: str | None = None, end: str | None = None,
             undated: bool = False) -> list[Entry]:  # fmt: skip
    """Clusters about a person or organ between two dates, in order. `undated` adds those that cannot be placed."""
    low = read_date(start).low if start else None
    high = read_date(end).high if end else None
    about = [entity_id(record, x) for x in (person, organ) if x]
    window = Bounds(low, high)
    out = []
    for cluster, dating in chronology(record).datings.items():
        claims = record.by_cluster[cluster]
        if about and not all(any(a in c.subject or a == c.object for c in claims) for a in about):
            continue
        if dating.bounds.low is None and dating.bounds.high is None:
            if not undated or start or end:
                continue
        elif not dating.bounds.meets(window):
            continue
        persons = sorted({s for c in claims for s in c.subject})
        files = len({record.source_of[c.source].id for c in claims})
        out.append(
            Entry(cluster, record.label(cluster), dating, claims, record.witnesses(claims), files, persons)
        )
    far = 10**9

    def key(e: Entry) -> tuple:
        b = e.dating.bounds
        return (
            b.high if b.low is None and b.high is not None else b.low if b.low is not None else far,
            b.high if b.high is not None else far,
            e.cluster,
        )

    return sorted(out, key=key)


@dataclass
class Seat:
    """One member of an organ on a day."""

    person: str
    name: str
    role: str
    since: str | None
    until: str | None
    certain: bool
    evidence: Evidence
    confidence: str
    row: str
    claims: list[m.Claim] = field(default_factory=list)
    witnesses: list[str] = field(default_factory=list)


@dataclass
class Sitting:
    """An organ on a day; `attested` is False where the record knows nothing of that day."""

    organ: str
    name: str
    on: str
    attested: bool
    why: str
    seats: list[Seat]


def covers(start: str | None, end: str | None, day: Bounds) -> str:
    """Whether a membership from `start` to `end` (EDTF; None open) holds on `day`: yes, perhaps or no."""
    first = parse(start).bounds() if start else Bounds(None, None)
    last = parse(end).bounds() if end else Bounds(None, None)
    if day.high is not None and first.low is not None and day.high < first.low:
        return "no"
    if day.low is not None and last.high is not None and day.low > last.high:
        return "no"
    sure_start = first.high is not None and day.low is not None and day.low >= first.high
    sure_end = end is None or (last.low is not None and day.high is not None and day.high <= last.low)
    return "yes" if sure_start and sure_end else "perhaps"


def who(record: Record, organ: str, on: str) -> Sitting:
    """Members and holders of posts of an organ on a date."""
    organ_id = entity_id(record, organ, ("organ", "faction"))
    day = read_date(on, "--on")
    rows = [r for r in record.memberships.values() if r.organ == organ_id]
    known = record.organs.get(organ_id)
    texts = [
        c for c in record.claims if c.type in MANNERS and (c.object == organ_id or organ_id in c.subject)
    ]
    name = record.name(organ_id)
    for word, edge, after in (
        ("founded", known.founded if known else None, False),
        ("dissolved", known.dissolved if known else None, True),
    ):
        if edge:
            b = parse(edge).bounds()
            if (not after and day.high < b.low) or (after and day.low > b.high):
                return Sitting(
                    organ_id,
                    name,
                    on,
                    False,
                    f"not attested: {name} was {word} {edge} ({known.evidence})",
                    [],
                )
    seats = []
    for r in rows:
        holds = covers(r.start, r.end, day)
        if holds == "no" or (
            r.end is None and r.exit_mode == "lapsed" and day.low > parse(r.start).bounds().high + 31
        ):
            continue
        claims = [c for c in texts if r.person in c.subject]
        seats.append(Seat(r.person, record.name(r.person), r.role, r.start, r.end, holds == "yes", r.evidence, r.confidence,
                          r.id, claims, record.witnesses(claims)))  # fmt: skip
    seats.sort(key=lambda s: (s.role != "full", s.role, not s.certain, s.name))
    if not rows:
        return Sitting(
            organ_id, name, on, False, f"not attested: the record holds no memberships of {name}", []
        )
    if not seats:
        starts = [parse(r.start).bounds().low for r in rows if r.start]
        why = f"not attested: no membership of {name} covers {on}"
        if starts and day.high < min(starts):
            why += "; the earliest known begins later"
        return Sitting(organ_id, name, on, False, why, [])
    return Sitting(organ_id, name, on, True, "", seats)


@dataclass
class Item:
    """One line of a dossier: what, when, on whose word."""

    section: str
    text: str
    date: str
    inferred: bool
    witnesses: list[str]
    claims: list[m.Claim]
    evidence: Evidence | None = None  # of a reference row
    confidence: str = ""
    conflict: bool = False


@dataclass
class Dossier:
    """A person as the record has them."""

    person: str
    name: str
    born: str | None
    died: str | None
    fate: str
    evidence: Evidence | None
    items: list[Item]

    def section(self, name: str) -> list[Item]:
        return [i for i in self.items if i.section == name]


SECTIONS = ("posts", "memberships", "votes", "alliances", "expulsion and exile", "arrest and trial", "fate", "relations",
            "positions and writings", "other")  # fmt: skip
_SECTION = {"office": "posts", "membership": "memberships", "vote": "votes", "alliance": "alliances", "expulsion": "expulsion and exile",
            "arrest": "arrest and trial", "death": "fate", "health": "fate", "biography": "other", "relation": "relations",
            "doctrine": "positions and writings", "document": "positions and writings"}  # fmt: skip


def dossier(record: Record, person: str) -> Dossier:
    """Everything said of a person, by section; text claims joined by cluster with witnesses counted, then reference rows."""
    from .conflicts import find_conflicts

    pid = entity_id(record, person, ("person",))
    disputed = {c.cluster for c in find_conflicts(record)}
    datings = chronology(record).datings
    items: list[Item] = []
    for cluster, claims in record.by_cluster.items():
        own = [c for c in claims if pid in c.subject or c.object == pid]
        if not own:
            continue
        section = _SECTION.get(own[0].type, "other")
        d = datings[cluster]
        text = own[0].paraphrase if len(own) == 1 else record.label(cluster)
        items.append(
            Item(
                section,
                text,
                d.text,
                d.inferred and d.stated is None,
                record.witnesses(own),
                own,
                conflict=cluster in disputed,
            )
        )
    for r in record.memberships.values():
        if r.person == pid:
            section = "memberships" if r.role in ("full", "candidate", "member") else "posts"
            end = f", {r.exit_mode}" if r.exit_mode else ""
            items.append(Item(section, f"{record.name(r.organ)}: {r.role}{end}", f"{r.start or '..'}/{r.end or '..'}", False, [], [],
                              r.evidence, r.confidence))  # fmt: skip
    events = {e.id for e in record.events.values() if pid in e.participants}
    surname = record.name(pid).split()[-1]
    for v in record.votes.values():
        if v.event in events or surname in v.motion or surname in v.note:
            counts = ", ".join(
                f"{n} {w}"
                for n, w in ((v.votes_for, "for"), (v.votes_against, "against"), (v.abstained, "abstaining"))
                if n is not None
            )
            items.append(Item("votes", f"{v.body}: {v.motion}" + (f" ({counts})" if counts else "") + (f"; {v.outcome}" if v.outcome else ""),
                              v.date, False, [], [], v.evidence, v.confidence))  # fmt: skip
    row = record.persons.get(pid)
    order = {s: i for i, s in enumerate(SECTIONS)}
    items.sort(key=lambda i: (order[i.section], _first(i.date), i.text))
    return Dossier(pid, record.name(pid), row.born if row else None, row.died if row else None, row.fate if row else "unknown",
                   row.evidence if row else None, items)  # fmt: skip


def _first(text: str) -> int:
    try:
        b = parse(text).bounds()
    except EDTFError:
        return 10**9
    return b.low if b.low is not None else b.high if b.high is not None else 10**9
