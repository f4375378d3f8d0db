"""Conflicts found by reckoning: impossible orders, calendars that do not match, arithmetic that does not come out.

`orders`      sequences that the dates of the record exclude (the clashes of the temporal network)
`calendar`    old and new style of one day that do not match
`arithmetic`  anniversaries, orders and intervals inside one part, and a unit lost in a series
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from . import models as m
from .calendars import to_new_style
from .chronology import add_relation, chronology, claim_bounds
from .edtf import Bounds, Date, _shift, parse
from .network import Network
from .positions import NEAR, NEAR_CONTEXT, Conflict, Position, gap_days, show_value
from .store import Record


def orders(record: Record) -> list[Conflict]:
    out = []
    for clash in chronology(record).clashes:
        relation = next((r for r in record.relations if r.id == clash.labels[0]), None)
        if relation is None:
            continue
        named = [label.removeprefix("date:") for label in clash.labels[1:]]
        claims = [
            c
            for label in clash.labels
            if label.startswith("date:")
            for c in record.by_cluster.get(label[5:], [])
            if c.date.edtf
        ]
        said = Position(
            _say(record, relation),
            [],
            [record.parts[relation.source].witness] if relation.source else ["this project"],
        )
        against = Position("; ".join(_dated(record, n) for n in named), claims, record.witnesses(claims))
        if relation.gap:
            continue  # arithmetic inside a source: reported there
        grade = "hard" if clash.excess > NEAR_CONTEXT else "soft"
        out.append(
            Conflict(
                "",
                "order",
                grade,
                relation.a,
                [said, against],
                f"this order misses by at least {clash.excess} day{'s' if clash.excess > 1 else ''}",
            )
        )
    return out


def _say(record: Record, r: m.Relation) -> str:
    word = "at the same time as" if r.rel == "same" else r.rel
    return f"{r.source or 'us'}: “{record.label(r.a)}” {word} “{record.label(r.b)}”"


def _dated(record: Record, name: str) -> str:
    dating = chronology(record).datings.get(name)
    return f"{record.label(name)}: {dating.stated.edtf()}" if dating and dating.stated else name


def calendar(record: Record) -> list[Conflict]:
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
            positions = [
                Position(f"{old} old style is {new}", [c], record.witnesses([c])),
                Position(f"{old} old style is {text}", [], []),
            ]
            out.append(
                Conflict(
                    "",
                    "calendar",
                    "hard",
                    c.cluster,
                    positions,
                    f"the Julian {old} is {text}, not {new}",
                    record.source_of[c.source].id,
                )
            )
    return out


def arithmetic(record: Record) -> list[Conflict]:
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
    return Bounds(
        None if b.low is None else _shift(b.low, years, 0, 0),
        None if b.high is None else _shift(b.high, years, 0, 0),
    )


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
                out.append(
                    Conflict(
                        "",
                        "arithmetic",
                        "hard",
                        a.cluster,
                        positions,
                        "a ten-thousandfold step in one series: a unit is lost",
                        source,
                    )
                )
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
