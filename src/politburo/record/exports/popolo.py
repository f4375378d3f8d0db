"""Popolo JSON: persons, organizations, posts, memberships, events, motions, vote events.

Popolo's dates are cut-off ISO dates; an EDTF value that says more (approximate, open, alternative) is given beside it
as `politburo_edtf`, and no date is given where cutting would invent precision. Every object carries `sources` (Popolo's
link objects) and this project's `politburo_evidence`. Factions are organizations classified as such.
Specification: popoloproject.com/specs.
"""

from __future__ import annotations

from typing import Any

from ..edtf import Date, Interval, parse
from ..store import Record


def cut(edtf: str | None, end: bool = False) -> str | None:
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD` of an exact date or an interval's end; None where that would say too much."""
    if not edtf:
        return None
    value = parse(edtf)
    if isinstance(value, Interval):
        value = value.end if end else value.start
    if not isinstance(value, Date) or value.approximate or value.uncertain or value.precision == "season":
        return None
    text = str(value)[:10]
    return text if "X" not in text and not text.startswith(("-", "Y")) else None


def _dated(out: dict[str, Any], name: str, edtf: str | None, end: bool = False) -> None:
    if edtf:
        date = cut(edtf, end)
        if date:
            out[name] = date
        if date != edtf:
            out.setdefault("politburo_edtf", {})[name] = edtf


def _sources(record: Record, row: Any) -> list[dict[str, str]]:
    c = record.citations.get(row.citation)
    if c is None:
        return []
    return [{"url": c.url, "note": c.source}] if c.url.startswith(("http://", "https://")) else []


def _row(record: Record, row: Any, out: dict[str, Any]) -> dict[str, Any]:
    sources = _sources(record, row)
    if sources:
        out["sources"] = sources
    out["politburo_evidence"] = str(row.evidence)
    c = record.citations.get(row.citation)
    if c:
        out["politburo_citation"] = c.source
    return out


def export(record: Record) -> dict[str, Any]:
    """One document with Popolo's collections."""
    persons, organizations = [], []
    for e in record.entities.values():
        names = [{"name": a} for a in e.aliases if a != e.name]
        if e.kind == "person":
            out: dict[str, Any] = {"id": e.id, "name": e.name}
            if names:
                out["other_names"] = names
            p = record.persons.get(e.id)
            if p:
                _dated(out, "birth_date", p.born)
                _dated(out, "death_date", p.died)
                _row(record, p, out)
            persons.append(out)
        elif e.kind in ("organ", "faction"):
            o = record.organs.get(e.id)
            out = {"id": e.id, "name": e.name, "classification": o.kind if o else e.kind}
            if names:
                out["other_names"] = names
            if o:
                _dated(out, "founding_date", o.founded)
                _dated(out, "dissolution_date", o.dissolved)
                _row(record, o, out)
            organizations.append(out)
    posts = [
        {"id": p.id, "label": p.label, "role": p.role, "organization_id": p.organ}
        for p in record.posts.values()
    ]
    post_of = {(p.organ, p.role): p.id for p in record.posts.values()}
    memberships = []
    for r in record.memberships.values():
        out = {"id": r.id, "person_id": r.person, "organization_id": r.organ, "role": r.role}
        if (r.organ, r.role) in post_of:
            out["post_id"] = post_of[(r.organ, r.role)]
        _dated(out, "start_date", r.start)
        _dated(out, "end_date", r.end, end=True)
        memberships.append(_row(record, r, out))
    events = []
    for ev in record.events.values():
        out = {"id": ev.id, "name": ev.title, "classification": ev.type}
        _dated(out, "start_date", ev.date)
        if "/" in ev.date:
            _dated(out, "end_date", ev.date, end=True)
        attendees = [{"id": p, "name": record.name(p)} for p in ev.participants if p in record.persons]
        if attendees:
            out["attendees"] = attendees
        events.append(_row(record, ev, out))
    motions, vote_events = [], []
    for v in record.votes.values():
        motion: dict[str, Any] = {"id": f"motion-{v.id}", "text": v.motion}
        _dated(motion, "date", v.date)
        if v.outcome:
            motion["result"] = v.outcome
        vote: dict[str, Any] = {
            "id": f"vote-{v.id}",
            "motion_id": motion["id"],
            "identifier": v.id,
            "politburo_body": v.body,
        }
        _dated(vote, "start_date", v.date)
        counts = [{"option": o, "value": n} for o, n in (("yes", v.votes_for), ("no", v.votes_against), ("abstain", v.abstained),
                                                         ("other", v.other_count)) if n is not None]  # fmt: skip
        if counts:
            vote["counts"] = counts
        if v.outcome:
            vote["result"] = v.outcome
        motions.append(_row(record, v, motion))
        vote_events.append(_row(record, v, vote))
    return {"persons": persons, "organizations": organizations, "posts": posts, "memberships": memberships, "events": events,
            "motions": motions, "vote_events": vote_events}  # fmt: skip
