"""An explanation for people: tables in the terminal, and the waterfall from nothing to the outcome as it is.

The waterfall begins at the outcome with every cause taken away and ends at the outcome as the case is coded; each bar
between is a cause's part, with its 95 % interval as a whisker. Blue raises, orange lowers, grey stands.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from ..lab.experiments.sentences import points, unit_of, weighs
from .figures import Figure
from .svg import Scale, Svg
from .tables import MODEL, QUIET, _table
from .words import upper

if TYPE_CHECKING:
    from rich.console import RenderableType

    from ..lab.experiments.disputes import Disputes
    from ..lab.experiments.explain import Explanation

RAISES, LOWERS, STANDS = "#2464a8", "#d55e00", "#9a9a94"
WIDTH, LABEL, RIGHT, ROW = 880.0, 330.0, 130.0, 26.0


def tables(found: Explanation, pairs: int = 6) -> list[RenderableType]:
    """Parts, the strongest pairs, what the parts rest on, and the sentence that may be said."""
    from rich.text import Text

    parts: list[RenderableType] = [_head(found), _parts(found)]
    if found.interactions and len(found.causes) > 1:
        parts.append(_pairs(found, pairs))
    parts += [_grounds(found), Text(found.sentence)]
    notes = [f"note: {cause.text}: {note}" for cause in found.causes for note in cause.notes]
    return [*parts, *(Text(note, style=QUIET) for note in notes)]


def _head(found: Explanation) -> RenderableType:
    from rich.text import Text

    q = found.question
    how = f"all {found.arms:,} combinations" if found.exact else f"{found.arms:,} arms of sampled orders"
    return Text.assemble(
        (q.title + "\n", "bold"),
        f"{q.shown(found.base.mean)} as the case is coded, {q.shown(found.without.mean)} without any of {len(found.causes)} causes; ",
        (f"{how}, {found.n:,} histories each" + (f", {found.run:,} of them different worlds" if found.run < found.arms else ""), QUIET),
    )


def _parts(found: Explanation) -> RenderableType:
    q = found.question
    yes = q.unit == "yes"
    note = "± parameters, coding, luck: how far the effect differs from one parameter vector, coding or luck to another (standard deviation; - = not told apart)"
    if not found.exact:
        note += f"; the interval holds the error of sampled orders, at most {points(q, max(row.order_error for row in found.rows), False)}"
    table = _table(f"Parts, in {unit_of(q)}", "cause", ">part", ">95 % interval", ">± parameters", ">± coding", ">± luck", ">removed alone",
                   *([">undone"] if yes else []), "evidence", note=note)  # fmt: skip
    for row in found.rows:
        low, high = row.interval()
        doubts = [points(q, getattr(row.effect, part), False) if not np.isnan(getattr(row.effect, part)) else "-" for part in ("parameters", "coding", "luck")]
        undone = [f"{100 * row.needed[0] / row.needed[1]:.0f}%" if row.needed[1] else "-"] if yes else []
        style = MODEL if weighs(row) else QUIET
        table.add_row(upper(row.name), f"[{style}]{points(q, row.effect.mean)}[/]", f"{points(q, low)} to {points(q, high)}", *doubts,
                      points(q, row.removed.mean), *undone, row.evidence)  # fmt: skip
    table.add_section()
    low, high = found.total.interval()
    doubts = [points(q, getattr(found.total, part), False) if not np.isnan(getattr(found.total, part)) else "-" for part in ("parameters", "coding", "luck")]
    table.add_row("Together", points(q, found.total.mean), f"{points(q, low)} to {points(q, high)}", *doubts, "", *([""] if yes else []), "")
    return table


def _pairs(found: Explanation, most: int) -> RenderableType:
    q = found.question
    table = _table("Strongest pairs", "causes", ">interaction", ">95 % interval", "", note="together: more than the sum; instead: one stands in for the other")
    ordered = sorted(found.interactions.items(), key=lambda entry: -abs(entry[1].mean))
    for (i, j), u in ordered[:most]:
        low, high = u.interval()
        how = "" if not u.clear else "together" if u.mean > 0 else "instead"
        table.add_row(f"{found.names[i]} × {found.names[j]}", points(q, u.mean), f"{points(q, low)} to {points(q, high)}", how)
    return table


def _grounds(found: Explanation) -> RenderableType:
    table = _table("What they rest on", "cause", "taken away by", "as coded, evidence", "carried by (rank correlation)")
    for column in table.columns:
        column.overflow = "fold"  # a dotted key is one long word
    for row in found.rows:
        grounds = [f"{g.key} = {g.value} ({g.evidence}{', ' + g.source if g.source else ''})" for g in row.grounds[:2]]
        more = f" and {len(row.grounds) - 2} more" if len(row.grounds) > 2 else ""
        words = row.cause.words if len(row.cause.words) < 4 else (*row.cause.words[:2], f"... ({len(row.cause.words)} words)")
        carriers = ", ".join(f"{name} {value:+.2f}" for name, value in row.carriers) if weighs(row) else ""
        table.add_row(upper(row.name), "; ".join(words), "; ".join(grounds) + more, carriers or "-")
    return table


def steps(found: Explanation) -> list[dict]:
    """The bars of the waterfall in order: name, from, to, interval of the end, kind (stands, raises, lowers)."""
    q, at = found.question, found.without.mean
    rows = [{"name": "none of them", "from": 0.0, "to": at, "low": np.nan, "high": np.nan, "kind": "stands", "shown": q.shown(at)}]
    for row in found.rows:
        low, high = row.interval()
        end = at + row.effect.mean
        kind = "raises" if row.effect.mean >= 0 else "lowers"
        rows.append({"name": row.name, "from": at, "to": end, "low": at + low, "high": at + high, "kind": kind,
                     "shown": points(q, row.effect.mean)})  # fmt: skip
        at = end
    rows.append({"name": "as it is coded", "from": 0.0, "to": found.base.mean, "low": np.nan, "high": np.nan, "kind": "stands",
                 "shown": q.shown(found.base.mean)})  # fmt: skip
    return rows


def waterfall(found: Explanation) -> Figure:
    """The waterfall as a figure of the report's kind."""
    rows, q = steps(found), found.question
    ends = [0.0, *(row[key] for row in rows for key in ("from", "to", "low", "high") if np.isfinite(row[key]))]
    top = max(ends) or 1.0
    scale = Scale(min(ends), top * 1.02, LABEL, WIDTH - RIGHT)
    svg = Svg(WIDTH, ROW * len(rows) + 44)
    bottom = ROW * len(rows) + 8
    for tick in _ticks(min(ends), top):
        svg.line(scale(tick), 6, scale(tick), bottom, "grid")
        svg.text(scale(tick), bottom + 17, f"{100 * tick + 0.0:.0f}%" if q.unit in ("yes", "share") else f"{tick:g}", "axis", "middle")
    for number, row in enumerate(rows):
        y = ROW * number + 10
        left, right = sorted((scale(row["from"]), scale(row["to"])))
        svg.text(LABEL - 10, y + 13, textwrap.shorten(upper(row["name"]), 52, placeholder=" ..."), "label", "end")
        svg.rect(left, y, max(right - left, 1.2), 16, fill={"stands": STANDS, "raises": RAISES, "lowers": LOWERS}[row["kind"]], title=f"{row['name']}: {row['shown']}")
        if number + 1 < len(rows):
            svg.line(scale(row["to"]), y + 16, scale(row["to"]), y + ROW, "rule")
        edge = right
        if np.isfinite(row["low"]):
            svg.line(scale(row["low"]), y + 8, scale(row["high"]), y + 8, "record")
            edge = max(right, scale(row["high"]))
        svg.text(edge + 7, y + 13, row["shown"], "label")
    low, high = found.total.interval()
    summary = (
        f"{q.title}: from {q.shown(found.without.mean)} with every one of {len(found.causes)} causes taken away to {q.shown(found.base.mean)} as the case is coded."
        f" Each bar is a cause's mean part over all orders, the black line its 95 % interval; together {points(q, found.total.mean)} ({points(q, low)} to {points(q, high)})."
    )
    head = ("cause", "part", "95 % interval", "removed alone", "evidence")
    body = tuple(
        (upper(r.name), points(q, r.effect.mean), f"{points(q, r.interval()[0])} to {points(q, r.interval()[1])}", points(q, r.removed.mean), r.evidence)
        for r in found.rows
    )
    return Figure(f"What {q.title[:1].lower() + q.title[1:] if q.unit != 'yes' else '“' + q.title + '”'} is made of", summary, svg.render(q.title), head, body)


def _ticks(low: float, high: float) -> list[float]:
    step = 10.0 ** np.floor(np.log10(max(high - low, 1e-9)))
    step = next(s for s in (step / 5, step / 4, step / 2, step, 2 * step) if (high - low) / s <= 6)
    return [float(t) + 0.0 for t in np.arange(np.ceil(low / step - 1e-9) * step, high + 1e-9, step)]


def conflict_tables(found: Disputes) -> list[RenderableType]:
    """Conflicts as switches: ranked, compared only, untouched, and the sentence."""
    from rich.text import Text

    q = found.question
    parts: list[RenderableType] = [Text.assemble((q.title + "\n", "bold"), f"{q.shown(found.base)} as the case is coded; {found.n:,} histories a reading")]
    table = _table(f"How much the choice matters, in {unit_of(q)}", "the accounts differ about", "coded", "read instead", ">difference", ">95 % interval",
                   ">answers changed", "mapping", note="paired differences on the same luck, one reading at a time")  # fmt: skip
    for d in found.rows:
        low, high = d.difference.interval()
        table.add_row(d.label, _position(d.coded, d.witnesses[0]), _position(d.position, d.witnesses[1]), points(q, d.difference.mean),
                      f"{points(q, low)} to {points(q, high)}", f"{100 * d.changed:.1f}%", d.evidence)  # fmt: skip
    parts.append(table)
    if found.compared:
        table = _table("Only what histories are compared with", "the accounts differ about", "coded", "read instead", ">closeness as coded", ">as read",
                       note="weighted mean closeness over all targets; histories do not change")  # fmt: skip
        for d in found.compared:
            table.add_row(d.label, d.coded, d.position, f"{d.closeness[0]:.4f}", f"{d.closeness[1]:.4f}")
        parts.append(table)
    table = _table("Nothing that the case codes", "the accounts differ about", "why it is not a switch")
    for _, label, why in sorted(found.untouched, key=lambda row: not row[2]):
        table.add_row(label, why or "-")
    return [*parts, table, Text(found.sentence)]


def _position(text: str, witnesses: tuple[str, ...]) -> str:
    return f"{text} ({len(witnesses)})" if witnesses else text
