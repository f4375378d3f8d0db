"""Where the accounts disagree.

A conflict is a cluster with two positions that cannot both hold, of one of these kinds:

    date         dates without a common day (also against the reference chronology, whose label is shown)
    number       disjoint intervals of the same unit and scope
    person       different doers of what one person did
    polarity     one says it happened, another that it did not
    outcome      opposite predicates, or different objects where only one can be
    order        a sequence that the dates or another sequence exclude
    calendar     old and new style of one day that do not match
    arithmetic   a count, an anniversary or an interval that does not come out inside one source

and is *hard* (no reading of both texts as careful can be true) or *soft* (a difference an approximate, disputed or
inferred statement may explain). A date conflict is soft if the gap is at most 31 days, or at most 92 days when one
date was inferred from context; a number conflict is soft within 10 per cent, or where a side is disputed.

Positions count witnesses, not files. `inside` names the source when a text contradicts itself. Cost: quadratic in the
claims of one cluster, linear in clusters.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from math import inf

from . import models as m
from .calendars import iso, to_new_style
from .chronology import (
    LASTING,
    Position,
    add_relation,
    chronology,
    claim_bounds,
    date_positions,
    prefer,
    reading_of,
    reference_bounds,
)
from .edtf import Bounds, Date, Interval, parse
from .network import Network
from .store import Record
from .vocabulary import PREDICATES

KINDS = ("date", "number", "person", "polarity", "outcome", "order", "calendar", "arithmetic")
NEAR, NEAR_CONTEXT, CLOSE = 31, 92, 0.10


@dataclass
class Conflict:
    """Two or more positions on one question, why they clash, how hard, and which is preferred."""

    id: str
    kind: str
    grade: str
    cluster: str
    positions: list[Position]
    why: str
    inside: str | None = None
    against_reference: bool = False
    preferred: Position | None = None
    reason: str = ""
    on_file: bool = False

    @property
    def hard(self) -> bool:
        return self.grade == "hard"


def find_conflicts(record: Record) -> list[Conflict]:
    """All conflicts of a record, hard ones first, then by cluster."""
    found: list[Conflict] = []
    for cluster, claims in record.by_cluster.items():
        found += _dates(record, cluster, claims)
        found += _numbers(record, cluster, claims)
        found += _persons(record, cluster, claims)
        found += _polarity(record, cluster, claims)
        found += _outcomes(record, cluster, claims)
    found += _calendar(record)
    inner = _arithmetic(record)
    told = {p.text for c in inner for p in c.positions}
    found += [c for c in _orders(record) if not any(t.startswith(c.positions[0].text) for t in told)]
    found += inner
    for c in found:
        c.preferred, c.reason = _choice(record, c)
        c.on_file = reading_of(record, c.cluster) is not None
    found.sort(key=lambda c: (c.grade != "hard", c.against_reference, KINDS.index(c.kind), c.cluster))
    seen: dict[str, int] = defaultdict(int)
    for c in found:
        base = f"{c.kind}-{c.cluster}"
        seen[base] += 1
        c.id = base if seen[base] == 1 else f"{base}-{seen[base]}"
    return found


def _choice(record: Record, conflict: Conflict) -> tuple[Position | None, str]:
    """The preferred position among those shown; none where the preferred claims lie outside the conflict."""
    if conflict.kind in ("order", "calendar", "arithmetic"):  # nothing to choose between: a reckoning fails
        reading = reading_of(record, conflict.cluster)
        return None, reading.why if reading else "no reading yet"
    if all(p.claims for p in conflict.positions):
        return prefer(record, conflict.cluster, conflict.positions)
    reading = reading_of(record, conflict.cluster)
    if reading is None:
        return None, "no reading yet"
    chosen = [p for p in conflict.positions if any(c.id in reading.preferred for c in p.claims)]
    return (chosen[0] if chosen else None), reading.why


def _inside(record: Record, positions: list[Position]) -> str | None:
    """The source that holds all positions alone, if there is one that holds at least two of them."""
    uses: dict[str, int] = defaultdict(int)
    for p in positions:
        for c in p.claims:
            uses[c.id] += 1  # a vague claim that fits several positions contradicts nobody
    held = [{record.source_of[c.source].id for c in p.claims if uses[c.id] == 1} for p in positions if p.claims]
    common = set.intersection(*held) if len(held) > 1 else set()
    return sorted(common)[0] if common else None


def gap_days(a: Bounds, b: Bounds) -> int:
    """Days between two intervals; 0 if they meet."""
    if a.high is not None and b.low is not None and a.high < b.low:
        return b.low - a.high
    if b.high is not None and a.low is not None and b.high < a.low:
        return a.low - b.high
    return 0


def _dates(record: Record, cluster: str, claims: list[m.Claim]) -> list[Conflict]:
    claims = [c for c in claims if c.type not in ("trait", "doctrine", "relation") and not _holding(c)]  # states, not events
    positions = date_positions(record, claims)
    out = []
    if len(positions) > 1:
        worst = max((gap_days(a.bounds, b.bounds), a.explicit and b.explicit) for a, b in combinations(positions, 2))
        gap, explicit = worst
        grade = "hard" if gap > (NEAR if explicit else NEAR_CONTEXT) else "soft"
        inside = _inside(record, positions)
        if inside and gap and explicit and all(p.bounds.days == 1 for p in positions):
            grade = "hard"  # one text, two exact days
        texts = " / ".join(p.text for p in positions)
        out.append(Conflict("", "date", grade, cluster, positions, f"dates without a common day: {texts}", inside))
    reference = reference_bounds(record, cluster)
    if reference and positions:
        bounds, evidence = reference
        off = [p for p in positions if gap_days(p.bounds, bounds)]
        if off:
            event = record.events[record.clusters[cluster].event]
            ref = Position(event.date, [], [f"reference {event.id}"], bounds, evidence)
            gap = max(gap_days(p.bounds, bounds) for p in off)
            explicit = any(p.explicit for p in off)
            grade = "hard" if gap > (NEAR if explicit else NEAR_CONTEXT) else "soft"
            why = f"{' / '.join(p.text for p in off)} against the reference chronology's {event.date} ({evidence})"
            out.append(Conflict("", "date", grade, cluster, [*off, ref], why, None, True))
    return out


def _holding(c: m.Claim) -> bool:
    """A post or place held at some time, without a stated beginning: it does not date an appointment."""
    value = c.date.value
    return c.predicate in LASTING and not (isinstance(value, Interval) and isinstance(value.start, Date) and isinstance(value.end, Date))


def _span(v: m.Value) -> tuple[float, float]:
    return (-inf if v.low is None else v.low), (inf if v.high is None else v.high)


def _same_scope(a: m.Value, b: m.Value) -> bool:
    if a.unit != b.unit or a.scope.what != b.scope.what:
        return False
    for x, y in ((a.scope.who, b.scope.who), (a.scope.where, b.scope.where)):
        if x and y and x != y:
            return False
    if a.scope.when and b.scope.when:
        return parse(a.scope.when).bounds().meets(parse(b.scope.when).bounds())
    return True


def show_value(v: m.Value) -> str:
    """The interval in words."""
    low, high = (None if x is None else f"{x:,.10g}" for x in (v.low, v.high))
    number = low if low == high else f"at least {low}" if high is None else f"at most {high}" if low is None else f"{low} to {high}"
    scope = ", ".join(s for s in (v.scope.what, v.scope.who, v.scope.where, v.scope.when or "") if s)
    return f"{number} {v.unit} ({scope})"


def _numbers(record: Record, cluster: str, claims: list[m.Claim]) -> list[Conflict]:
    groups: list[list[m.Claim]] = []
    for c in claims:
        if c.value is None or c.polarity == "neg":
            continue
        for g in groups:
            if _same_scope(g[0].value, c.value) and _span(g[0].value) == _span(c.value):
                g.append(c)
                break
        else:
            groups.append([c])
    out = []
    for a, b in combinations(groups, 2):
        if not _same_scope(a[0].value, b[0].value):
            continue
        (al, ah), (bl, bh) = _span(a[0].value), _span(b[0].value)
        if ah < bl or bh < al:
            near, far = (ah, bl) if ah < bl else (bh, al)
            ratio = abs(far - near) / max(abs(far), abs(near), 1e-12)
            disputed = any(c.modality in ("disputed", "reported") for c in (*a, *b))
            grade = "soft" if ratio <= CLOSE or disputed else "hard"
            positions = [Position(show_value(g[0].value), g, record.witnesses(g)) for g in (a, b)]
            out.append(Conflict("", "number", grade, cluster, positions,
                                f"intervals of the same scope {ratio:.0%} apart", _inside(record, positions)))  # fmt: skip
    return out


def _grade(claims: list[m.Claim]) -> str:
    return "soft" if any(c.modality in ("disputed", "reported", "inferred") for c in claims) else "hard"


def _grouped(record: Record, claims: list[m.Claim], key) -> list[Position]:
    groups: dict[object, list[m.Claim]] = {}
    for c in claims:
        groups.setdefault(key(c), []).append(c)
    return [Position(str(k), cs, record.witnesses(cs)) for k, cs in groups.items()]


def _persons(record: Record, cluster: str, claims: list[m.Claim]) -> list[Conflict]:
    out = []
    by: dict[tuple, list[m.Claim]] = defaultdict(list)
    for c in claims:
        if PREDICATES[c.predicate].subject_single and c.subject and c.polarity == "pos":
            by[(c.predicate, c.object)].append(c)
    for (predicate, _), cs in by.items():
        positions = _grouped(record, cs, lambda c: ", ".join(record.name(s) for s in sorted(c.subject)))
        if len(positions) > 1 and not set.intersection(*(set(c.subject) for c in cs)):
            out.append(Conflict("", "person", _grade(cs), cluster, positions, f"different persons: {predicate.replace('_', ' ')}",
                                _inside(record, positions)))  # fmt: skip
    return out


def _polarity(record: Record, cluster: str, claims: list[m.Claim]) -> list[Conflict]:
    by: dict[tuple, list[m.Claim]] = defaultdict(list)
    for c in claims:
        by[(c.predicate, c.object)].append(c)
    out = []
    for cs in by.values():
        yes = [c for c in cs if c.polarity == "pos"]
        no = [c for c in cs if c.polarity == "neg"]
        if yes and no and set(s for c in yes for s in c.subject) & set(s for c in no for s in c.subject):
            positions = [Position("yes", yes, record.witnesses(yes)), Position("no", no, record.witnesses(no))]
            out.append(Conflict("", "polarity", _grade(cs), cluster, positions, "one says so, another denies it", _inside(record, positions)))
    return out


def _outcomes(record: Record, cluster: str, claims: list[m.Claim]) -> list[Conflict]:
    out = []
    pos = [c for c in claims if c.polarity == "pos"]
    single: dict[tuple, list[m.Claim]] = defaultdict(list)
    for c in pos:
        if PREDICATES[c.predicate].object_single and c.object:
            single[(c.predicate, tuple(sorted(c.subject)))].append(c)
    for (predicate, _), cs in single.items():
        positions = _grouped(record, cs, lambda c: (c.object or "").replace("_", " "))
        if len(positions) > 1:
            out.append(Conflict("", "outcome", _grade(cs), cluster, positions, f"only one can hold: {predicate.replace('_', ' ')}",
                                _inside(record, positions)))  # fmt: skip
    by: dict[str, list[m.Claim]] = defaultdict(list)
    for c in pos:
        by[c.predicate].append(c)
    for a, b in combinations(by, 2):
        if b in PREDICATES[a].opposite or a in PREDICATES[b].opposite:
            sides = [[c for c in by[p] if any(set(c.subject) & set(d.subject) for d in by[q])] for p, q in ((a, b), (b, a))]
            if all(sides):
                positions = [Position(p.replace("_", " "), s, record.witnesses(s)) for p, s in zip((a, b), sides)]
                out.append(Conflict("", "outcome", _grade([*sides[0], *sides[1]]), cluster, positions, "opposite outcomes", _inside(record, positions)))
    return out


def _orders(record: Record) -> list[Conflict]:
    out = []
    for clash in chronology(record).clashes:
        relation = next((r for r in record.relations if r.id == clash.labels[0]), None)
        if relation is None:
            continue
        named = [label.removeprefix("date:") for label in clash.labels[1:]]
        claims = [c for label in clash.labels if label.startswith("date:") for c in record.by_cluster.get(label[5:], []) if c.date.edtf]
        said = Position(_say(record, relation), [], [record.parts[relation.source].witness] if relation.source else ["this project"])
        against = Position("; ".join(_dated(record, n) for n in named), claims, record.witnesses(claims))
        if relation.gap:
            continue  # arithmetic inside a source: reported there
        grade = "hard" if clash.excess > NEAR_CONTEXT else "soft"
        out.append(Conflict("", "order", grade, relation.a, [said, against], f"this order misses by at least {clash.excess} day{'s' if clash.excess > 1 else ''}"))
    return out


def _say(record: Record, r: m.Relation) -> str:
    word = "at the same time as" if r.rel == "same" else r.rel
    return f"{r.source or 'us'}: “{record.label(r.a)}” {word} “{record.label(r.b)}”"


def _dated(record: Record, name: str) -> str:
    dating = chronology(record).datings.get(name)
    return f"{record.label(name)}: {dating.stated.edtf()}" if dating and dating.stated else name


def _calendar(record: Record) -> list[Conflict]:
    out, told = [], set()
    for c in record.claims:
        new = c.date.value
        old = parse(c.date.old_style) if c.date.old_style else None
        if not (isinstance(new, Date) and isinstance(old, Date) and old.day and new.day):
            continue
        right = to_new_style(int(old.year), int(old.month), int(old.day))
        stated = (int(new.year), int(new.month), int(new.day))
        place = (record.source_of[c.source].id, c.date.old_style)
        if right != stated and place not in told:
            told.add(place)
            text = f"{right[0]:04d}-{right[1]:02d}-{right[2]:02d}"
            positions = [Position(f"{old} old style is {new}", [c], record.witnesses([c])), Position(f"{old} old style is {text}", [], [])]
            out.append(Conflict("", "calendar", "hard", c.cluster, positions, f"the Julian {old} is {text}, not {new}", record.source_of[c.source].id))
    return out


def _arithmetic(record: Record) -> list[Conflict]:
    out = []
    datings = chronology(record).datings
    for c in record.claims:
        bounds = claim_bounds(c)
        anchor = datings.get(c.date.anniversary_of or "")
        if c.date.anniversary_of and bounds and anchor and anchor.stated:
            due = _years_later(anchor.stated, c.date.years or 0)
            if gap_days(bounds, due):
                positions = [Position(c.date.edtf, [c], record.witnesses([c]), bounds),
                             Position(f"{due.edtf()}, {c.date.years} years after {record.label(anchor.cluster)}", [], [])]  # fmt: skip
                out.append(Conflict("", "arithmetic", "hard", c.cluster, positions,
                                    f"an anniversary of {c.date.years} years does not fall on {c.date.edtf}", record.source_of[c.source].id))  # fmt: skip
    out += _scales(record)
    out += _inner_orders(record)
    return out


def _years_later(b: Bounds, years: int) -> Bounds:
    from .edtf import _shift

    return Bounds(None if b.low is None else _shift(b.low, years, 0, 0), None if b.high is None else _shift(b.high, years, 0, 0))


def _scales(record: Record) -> list[Conflict]:
    """The same thing in the same unit, ten thousand times larger in the same source: a lost 'million'."""
    out = []
    by: dict[tuple, list[m.Claim]] = defaultdict(list)
    for c in record.claims:
        if c.value and c.value.low and c.value.high and c.value.low == c.value.high:
            s = c.value.scope
            by[(record.source_of[c.source].id, c.value.unit, s.what, s.who, s.where)].append(c)
    for (source, *_), cs in by.items():
        for a, b in combinations(sorted(cs, key=lambda c: c.value.low), 2):
            if b.value.low / a.value.low >= 1e4:
                positions = [Position(show_value(c.value), [c], record.witnesses([c])) for c in (a, b)]
                out.append(Conflict("", "arithmetic", "hard", a.cluster, positions, "a ten-thousandfold step in one series: a unit is lost", source))
    return out


def _inner_orders(record: Record) -> list[Conflict]:
    """Each part's own dates and order, alone: does the part contradict itself? Missing dates come from the record."""
    out = []
    datings = chronology(record).datings
    for part in record.parts.values():
        relations = [r for r in record.relations if r.source == part.id]
        if not relations:
            continue
        network = Network()
        claims = [c for c in record.claims if c.source == part.id and c.polarity == "pos"]
        needed = {x for r in relations for x in (r.a, r.b)}
        own: dict[str, list[m.Claim]] = defaultdict(list)
        for c in claims:
            if c.cluster in needed and claim_bounds(c):
                own[c.cluster].append(c)
        for cs in own.values():
            for c in cs:
                network.date(c.cluster, claim_bounds(c), c.id)
        for r in relations:
            add_relation(network, r)
            for x in (r.a, r.b):
                if x not in own and part.dated and datings.get(x) and datings[x].stated:
                    network.date(x, datings[x].stated, f"date:{x}")
        ranks = {r.id: 1.0 for r in relations}
        _, clashes = network.repair({**ranks, **{c.id: 5.0 for c in claims}})
        for clash in clashes:
            relation = next((r for r in relations if r.id == clash.labels[0]), None)
            if relation is None or clash.excess <= 1:
                continue
            cs = [c for c in claims if c.id in clash.labels]
            positions = [Position(_say(record, relation) + (f" ({relation.why})" if relation.why else ""), [], [part.witness]),
                         Position("; ".join(f"{record.label(c.cluster)}: {c.date.edtf}" for c in cs), cs, record.witnesses(cs))]  # fmt: skip
            grade = "hard" if clash.excess > NEAR else "soft"
            out.append(Conflict("", "arithmetic", grade, relation.b, positions,
                                f"the part's own dates and order miss by {clash.excess} days", record.source_of[part.id].id))  # fmt: skip
    return out


def describe(record: Record, conflict: Conflict) -> dict:
    """A conflict as plain data, for JSON."""
    return {
        "id": conflict.id, "kind": conflict.kind, "grade": conflict.grade, "cluster": conflict.cluster,
        "label": record.label(conflict.cluster), "why": conflict.why, "inside": conflict.inside,
        "against_reference": conflict.against_reference,
        "positions": [
            {"text": p.text, "witnesses": p.witnesses, "claims": [c.id for c in p.claims], "evidence": str(p.evidence) if p.evidence else None,
             "bounds": [None if x is None else iso(x) for x in (p.bounds.low, p.bounds.high)] if p.bounds else None,
             "preferred": p is conflict.preferred}
            for p in conflict.positions],
        "reason": conflict.reason, "reading_on_file": conflict.on_file,
    }  # fmt: skip
