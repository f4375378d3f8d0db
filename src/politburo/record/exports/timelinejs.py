"""TimelineJS JSON: clusters on that player's line.

TimelineJS knows no uncertainty: the bounds become start and end dates, the EDTF text is shown as `display_date`, and
inferred dates say so. Clusters with one open bound are placed at the other; those without any are left out and counted
in the title. Texts are escaped, since the player renders HTML.
Format: timeline.knightlab.com/docs/json-format.html.
"""

from __future__ import annotations

from html import escape
from typing import Any

from ..calendars import civil
from ..chronology import chronology
from ..store import Record


def _date(number: int, days: int | None) -> dict[str, int]:
    y, m, d = civil(number)
    out = {"year": y}
    if days is not None and days < 300:
        out["month"] = m
        if days < 25:
            out["day"] = d
    return out


def export(record: Record) -> dict[str, Any]:
    """`title` and `events`, with one slide per datable cluster."""
    events, left = [], 0
    for cluster, dating in chronology(record).datings.items():
        b = dating.bounds
        if b.low is None and b.high is None:
            left += 1
            continue
        low = b.low if b.low is not None else b.high
        claims = record.by_cluster[cluster]
        days = b.days if b.days is not None else 365
        shown = dating.text + (" (inferred)" if dating.inferred and dating.stated is None else "")
        count = len(dating.witnesses)
        slide: dict[str, Any] = {
            "unique_id": cluster,
            "start_date": _date(low, days),
            "display_date": shown,
            "text": {
                "headline": escape(record.label(cluster)),
                "text": escape(f"{count} witness{'es' if count != 1 else ''}: {', '.join(dating.witnesses)}"),
            },
            "group": claims[0].type,
        }
        if b.low is not None and b.high is not None and b.high > b.low:
            slide["end_date"] = _date(b.high, days)
        events.append(slide)
    events.sort(
        key=lambda e: (
            e["start_date"]["year"],
            e["start_date"].get("month", 0),
            e["start_date"].get("day", 0),
            e["unique_id"],
        )
    )
    note = f"{len(events)} clusters; {left} without any date are left out"
    return {"title": {"text": {"headline": escape(record.header.title), "text": note}}, "events": events}
