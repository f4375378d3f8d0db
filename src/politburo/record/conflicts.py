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
from itertools import combinations
from math import inf

from . import models as m
from .calendars import iso
from .chronology import LASTING, date_positions, prefer, reading_of, reference_bounds
from .edtf import Date, Interval, parse
from .positions import CLOSE, KINDS, NEAR, NEAR_CONTEXT, Conflict, Position, gap_days, show_value
from .reckoning import arithmetic, calendar, orders
from .store import Record
from .vocabulary import PREDICATES


def find_conflicts(record: Record) -> list[Conflict]:
    """All conflicts of a record, hard ones first, then by cluster."""
    found: list[Conflict] = []
    for cluster, claims in record.by_cluster.items():
        found += _dates(record, cluster, claims)
        found += _numbers(record, cluster, claims)
        found += _persons(record, cluster, claims)
        found += _polarity(record, cluster, claims)
        found += _outcomes(record, cluster, claims)
    found += calendar(record)
    inner = arithmetic(record)
    told = {p.text for c in inner for p in c.positions}
    found += [c for c in orders(record) if not any(t.startswith(c.positions[0].text) for t in told)]
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
    held = [
        {record.source_of[c.source].id for c in p.claims if uses[c.id] == 1} for p in positions if p.claims
    ]
    common = set.intersection(*held) if len(held) > 1 else set()
    return sorted(common)[0] if common else None


def _dates(record: Record, cluster: str, claims: list[m.Claim]) -> list[Conflict]:
    claims = [
        c for c in claims if c.type not in ("trait", "doctrine", "relation") and not _holding(c)
    ]  # states, not events
    positions = date_positions(record, claims)
    out = []
    if len(positions) > 1:
        worst = max(
            (gap_days(a.bounds, b.bounds), a.explicit and b.explicit) for a, b in combinations(positions, 2)
        )
        gap, explicit = worst
        grade = "hard" if gap > (NEAR if explicit else NEAR_CONTEXT) else "soft"
        inside = _inside(record, positions)
        if inside and gap and explicit and all(p.bounds.days == 1 for p in positions):
            grade = "hard"  # one text, two exact days
        texts = " / ".join(p.text for p in positions)
        out.append(
            Conflict("", "date", grade, cluster, positions, f"dates without a common day: {texts}", inside)
        )
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
    return c.predicate in LASTING and not (
        isinstance(value, Interval) and isinstance(value.start, Date) and isinstance(value.end, Date)
    )


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
            positions = [
                Position("yes", yes, record.witnesses(yes)),
                Position("no", no, record.witnesses(no)),
            ]
            out.append(
                Conflict(
                    "",
                    "polarity",
                    _grade(cs),
                    cluster,
                    positions,
                    "one says so, another denies it",
                    _inside(record, positions),
                )
            )
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
            sides = [
                [c for c in by[p] if any(set(c.subject) & set(d.subject) for d in by[q])]
                for p, q in ((a, b), (b, a))
            ]
            if all(sides):
                positions = [
                    Position(p.replace("_", " "), s, record.witnesses(s)) for p, s in zip((a, b), sides)
                ]
                out.append(
                    Conflict(
                        "",
                        "outcome",
                        _grade([*sides[0], *sides[1]]),
                        cluster,
                        positions,
                        "opposite outcomes",
                        _inside(record, positions),
                    )
                )
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
