"""The answer of a what-if in the terminal: what is changed, what follows, where twins part, what is unsure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .narrate import choose, ending, tell
from .words import count, month_name, percent, series, upper

if TYPE_CHECKING:
    from ..lab.experiments.arms import Arm
    from ..lab.experiments.paired import Difference
    from ..lab.experiments.comparison import Comparison, Effect, WhatIf

#: Rows of a table besides the headline, the clearest first.
MOST_ROWS = 6
#: Series of the country that are shown, likewise.
MOST_COUNTRY = 8
CAPTION = (
    "difference: of the means, with its 95 % interval, bold where it leaves zero out; single pairs: how many say yes only with and only without the"
    " change, or where the middle 80 % of their differences lie, which more histories do not narrow"
)
#: People of one list or question that are shown.
MOST_PEOPLE = 3
#: Arms that stand beside each other; more go below each other.
MOST_COLUMNS = 3
#: Paragraphs told of each of two twins.
TOLD = 3

#: What twins part at, in words.
DECISIONS = {
    "coalition": "a round of alliances", "motion": "a motion", "passed": "a vote", "failed": "a vote", "congress": "a congress",
    "promoted": "who is seated", "candidate": "who is seated", "unseated": "who loses a seat", "post": "who is given a post",
    "boss": "who is given a local organisation", "document": "the founder's document", "dismissal": "the vote on the document",
    "death": "a death", "illness": "an illness", "organised": "who goes into opposition", "quiet": "who gives up opposition",
    "recanted": "who recants", "readmitted": "who is readmitted", "fight": "a contested congress", "overturned": "a congress overturned",
    "ruler": "when one man rules alone", "unruled": "when sole rule ends", "purge": "when the purge begins", "purged": "who is purged",
    "chief": "the fall of a chief of police", "purge_end": "when the purge ends", "ballot": "a ballot", "user": "a mechanism of your own",
}  # fmt: skip


def show(answer: WhatIf, console: Console, everything: bool = False) -> None:
    """Print the answer."""
    for part in parts(answer, everything):
        console.print(part)


def parts(answer: WhatIf, everything: bool = False) -> list[Text | Table]:
    """All that is printed, in order."""
    found: list[Text | Table] = [heading(answer)]
    found += [Text(f"Mind: {warning}.", style="yellow") for warning in answer.warnings]
    rows = chosen(answer, everything)
    if not any(change.effective for change in answer.changes):
        return found
    if len(answer.comparisons) <= MOST_COLUMNS:
        found += [Text(), effects_table(answer, rows)]
    else:
        found += [Text(), arms_table(answer, rows)]
    if (tolls := tolls_table(answer, rows)) is not None:
        found += [Text(), tolls]
    found += [Text(), Text(closeness_line(answer))]
    for c in answer.comparisons if len(answer.comparisons) <= MOST_COLUMNS else answer.comparisons[-1:]:
        if c.partings.typical is None and c.unchanged < 1 and len(c.partings.partings):
            found += [Text(), Text(f"In none of the {count(len(c.partings.partings), 'pair')} traced does the leadership decide otherwise.")]
        if c.partings.typical is not None:
            found += [Text(), Text(parting_line(answer, c))]
    last = answer.comparisons[-1]
    if last.partings.typical is not None:
        found += [Text(), *(Text(text) for text in twin_story(answer, last))]
    found += [Text(), Text(answer.said), Text(), Text(caution(answer), style="dim")]
    return found


def short(answer: WhatIf, arm: Arm) -> str:
    """An arm by the letters of its changes, `A+B`; by its word when there is only one change."""
    if len(answer.changes) == 1:
        return arm.text
    return "+".join(ascii_uppercase[answer.changes.index(change)] for change in arm.changes)


def heading(answer: WhatIf) -> Text:
    """The changes in sentences, and how they were tried."""
    text = Text(answer.case.title + "\n", style="bold")
    for k, change in enumerate(answer.changes):
        letter = f" {ascii_uppercase[k]}" if len(answer.changes) > 1 else ""
        text.append(f"What if{letter}: {change.title}.", style="italic")
        text.append(f"  [{change.text}]\n", style="dim")
        if change.why:
            text.append(f"  Why: {change.why}.\n", style="dim")
    months = answer.compiled.months
    start = answer.case.start
    text.append(
        f"{count(answer.n, 'history', 'histories')} with and without, {month_name(start)} to {month_name(start + (months - 1))}, on the same luck. "
    )
    for c in answer.comparisons:
        who = f"With {short(answer, c.arm)} " if len(answer.comparisons) > 1 else ""
        text.append(f"{who}{percent(c.unchanged) if who else upper(percent(c.unchanged))} of the histories come out exactly the same. ")
    if answer.failed:
        text.append(f"{count(answer.failed, 'history', 'histories')} failed and are left out{_why(answer)}. ")
    return text


def _why(answer: WhatIf) -> str:
    """The first failure in a few words."""
    if not answer.failures:
        return ""
    first = answer.failures[0]
    return f" (history {first['history']} of {first['arm']}: {first['error']}; tracebacks in --json)"


@dataclass(frozen=True)
class Row:
    """One line of the table: the same answer in every arm."""

    first: bool  # of its question
    question: str
    what: str
    effects: tuple[Effect | None, ...]


def chosen(answer: WhatIf, everything: bool = False) -> list[Row]:
    """The answers worth a line: the headline, what was asked, then what changes most clearly."""
    keys: dict[tuple[str, str, str], list[Effect | None]] = {}
    for k, c in enumerate(answer.comparisons):
        for e in c.effects:
            if e.kind != "closeness":
                keys.setdefault((e.kind, e.id, e.what), [None] * len(answer.comparisons))[k] = e
    by_id: dict[tuple[str, str], list[tuple[str, list[Effect | None]]]] = {}
    for (kind, id_, what), effects in keys.items():
        by_id.setdefault((kind, id_), []).append((what, effects))

    def strength(effects: Sequence[Effect | None]) -> float:
        return max((_strength(e.difference) for e in effects if e is not None), default=0.0)

    headline = [("asked", id_) for kind, id_ in by_id if kind == "asked"]
    headline += [("outcome", id_) for id_ in answer.case.headline if ("outcome", id_) in by_id]
    others = [key for key in by_id if key not in headline]
    others.sort(key=lambda key: -max(strength(effects) for _, effects in by_id[key]))
    if not everything:
        others = [key for key in others if any(e is not None and e.clear for _, effects in by_id[key] for e in effects)]
    rows: list[Row] = []
    if not everything:
        country = [key for key in others if key[0] == "country"][:MOST_COUNTRY]
        others = [*[key for key in others if key[0] != "country"][:MOST_ROWS], *country]
    for key in [*headline, *others]:
        lines = by_id[key]
        if len(lines) > 2:  # people: those whose chance changes most
            lines = sorted(lines, key=lambda line: -strength(line[1]))
            likeliest = max(lines, key=lambda line: max(e.before for e in line[1] if e is not None))
            lines = lines if everything else [line for line in lines if strength(line[1]) > 1.0][:MOST_PEOPLE] or [likeliest]
        for j, (what, effects) in enumerate(lines):
            question = next(e.question for e in effects if e is not None)
            rows.append(Row(j == 0, question, what, tuple(effects)))
    return rows


def _strength(d: Difference) -> float:
    half = (d.high - d.low) / 2
    return abs(d.mean) / half if half > 0 and np.isfinite(half) else 0.0


def effects_table(answer: WhatIf, rows: Sequence[Row]) -> Table:
    """Rows are answers, columns the arms."""
    table = Table(box=None, pad_edge=False, header_style="dim", title="What follows", title_justify="left", title_style="bold",
                  caption=CAPTION, caption_justify="left", caption_style="dim")  # fmt: skip
    for name in ("outcome", ""):
        table.add_column(name)
    table.add_column("as it was", justify="right")
    single = len(answer.comparisons) == 1
    for c in answer.comparisons:
        if single:
            table.add_column("changed", justify="right")
        table.add_column("difference" if single else short(answer, c.arm), justify="right", no_wrap=single)
    if single:
        table.add_column("single pairs", justify="right")
    if len(answer.changes) == 2 and not single and answer.comparisons[-1].effects[0].beyond is not None:
        table.add_column("beyond the sum", justify="right")
    for row in rows:
        first = next(e for e in row.effects if e is not None)
        cells = [Text(row.question if row.first else ""), Text(row.what), Text(level(answer, first, first.before))]
        for e in row.effects:
            if single:
                cells.append(Text("" if e is None else level(answer, e, e.after)))
            cells.append(Text("") if e is None else _cell(e, single))
            if single:
                cells.append(Text("" if e is None else pairs(e)))
        if len(table.columns) > len(cells):
            last = row.effects[-1]
            cells.append(Text("" if last is None or last.beyond is None else shown(last.beyond, last.unit), "bold" if last is not None and last.beyond is not None and last.beyond.clear else ""))
        table.add_row(*cells)
    return table


def _cell(e: Effect, alone: bool = False) -> Text:
    """A mean difference with its interval; below it, where no column of its own holds it, how single pairs differ."""
    text = Text(shown(e.difference, e.unit), "bold" if e.clear else "")
    return text if alone or not pairs(e) else text.append(f"\n{pairs(e)}", "not bold")


def pairs(e: Effect) -> str:
    """How the difference goes from pair to pair: yes only with and only without the change, or the middle 80 % of differences."""
    d = e.difference
    if d.pairs == 0 or d.differ == 0:
        return ""
    if e.yes_or_no:
        return f"with {percent(d.up)}, without {percent(d.down)}"
    scale = 100 if e.unit == "share" else 1
    low, high = _signed([scale * x for x in (d.low80, d.high80)], {"share": 1, "month": 0}.get(e.unit))
    return f"{low} to {high}"


def _signed(values: Sequence[float], digits: int | None) -> list[str]:
    """Numbers with their signs: so many digits after the point, or three that count (whole numbers from a hundred on)."""
    form = f"{{:+.{digits}f}}" if digits is not None else "{:+,.0f}" if max(map(abs, values)) >= 100 else "{:+.3g}"
    return [form.format(x) if x else "0" for x in values]


def tolls_table(answer: WhatIf, rows: Sequence[Row]) -> Table | None:
    """Every toll among these rows under each harvest series: a number of dead never stands alone."""
    from ..lab.tolls import HARVEST_NAMES

    shown_rows = [row for row in rows if any(e is not None and e.harvests for e in row.effects)]
    if not shown_rows:
        return None
    table = Table(box=None, pad_edge=False, header_style="dim", title="Tolls by harvest series", title_justify="left", title_style="bold",
                  caption="middle and 90 % of the histories that drew the series; mean difference with its 95 % interval; middle 80 % of single pairs",
                  caption_justify="left", caption_style="dim")  # fmt: skip
    for name in ("toll", "harvest series"):
        table.add_column(name)
    for name in ("pairs", "as it was"):
        table.add_column(name, justify="right")
    many = len(answer.comparisons) > 1
    for c in answer.comparisons:
        for column in (short(answer, c.arm),) if many else ("changed", "difference", "single pairs"):
            table.add_column(column, justify="right")
    for row in shown_rows:
        first = next(e for e in row.effects if e is not None and e.harvests)
        for j, h in enumerate(first.harvests):
            toll = f"{row.question} {row.what if row.what != 'value' else ''}".strip() if j == 0 else ""
            cells = [toll, HARVEST_NAMES.get(h.series, h.series), f"{h.histories:,}", _band(h.before)]
            for e in row.effects:
                mine = None if e is None else next((x for x in e.harvests if x.series == h.series), None)
                three = ["", "", ""] if mine is None else [_band(mine.after), shown(mine.difference, e.unit), pairs(replace(e, difference=mine.difference))]
                cells += ["\n".join(three[1:]).rstrip()] if many else three
            table.add_row(*map(Text, cells))
    return table


def _band(three: Sequence[float]) -> str:
    low, middle, high = (f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}" for x in three)
    return f"{middle} [{low}, {high}]"


def arms_table(answer: WhatIf, rows: Sequence[Row], most: int = 4) -> Table:
    """Rows are arms, columns the first answers."""
    lead = [row for row in rows if next(e for e in row.effects if e is not None).unit != "month"][:most]
    table = Table(box=None, pad_edge=False, header_style="dim", title="What follows", title_justify="left", title_style="bold",
                  caption=CAPTION, caption_justify="left", caption_style="dim")  # fmt: skip
    table.add_column("change")
    table.add_column("same", justify="right")
    for row in lead:
        table.add_column(f"{row.question} {row.what}", justify="right")
    before = [next(e for e in row.effects if e is not None) for row in lead]
    table.add_row("as it was", "", *(level(answer, e, e.before) for e in before))
    for k, c in enumerate(answer.comparisons):
        cells = [Text("") if row.effects[k] is None else _cell(row.effects[k]) for row in lead]
        table.add_row(Text(short(answer, c.arm)), percent(c.unchanged), *cells)
    return table


def level(answer: WhatIf, e: Effect, value: float) -> str:
    """A share, a month or a number as it stands."""
    if value != value:
        return "-"
    if e.unit == "share":
        return percent(value)
    if e.unit == "month":
        return month_name(answer.case.start + round(value), brief=True)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def shown(d: Difference, unit: str) -> str:
    """A difference with its interval: percentage points, months, or the unit itself."""
    if d.pairs == 0:
        return "no pairs"
    if d.differ == 0:
        return f"none of {count(d.pairs, 'pair')} differs"
    scale, word = {"share": (100, " pp"), "month": (1, " months")}.get(unit, (1, ""))
    mean, low, high = _signed([scale * x for x in (d.mean, d.low, d.high)], 1 if unit in ("share", "month") else None)
    few = f" in {count(d.pairs, 'pair')}" if unit == "month" and d.pairs < 30 else ""
    return f"{mean}{word} [{low}, {high}]{few}"


def closeness_line(answer: WhatIf) -> str:
    """What the changes do to the closeness to the record."""
    parts_ = []
    for c in answer.comparisons:
        e = next((e for e in c.effects if e.id == "J"), None)
        if e is not None:
            name = f"with {short(answer, c.arm)} " if len(answer.comparisons) > 1 else ""
            parts_.append(f"{name}{e.before:.3f} to {e.after:.3f} ({shown(e.difference, '')})")
    return "Mean closeness to the fitted facts of the record: " + "; ".join(parts_) + "." if parts_ else ""


def parting_line(answer: WhatIf, c: Comparison) -> str:
    """When twins part, and at which decisions."""
    months = c.partings.months
    apart = months[np.isfinite(months)]
    traced = len(months)
    low, middle, high = (month_name(answer.case.start + int(np.quantile(apart, q))) for q in (0.1, 0.5, 0.9))
    kinds: dict[str, int] = {}
    for kind, times in c.partings.kinds.items():
        words = DECISIONS.get(kind, kind)
        kinds[words] = kinds.get(words, 0) + times
    at = series(f"{words} ({percent(times / len(apart))})" for words, times in sorted(kinds.items(), key=lambda kv: -kv[1])[:3])
    who = f"{short(answer, c.arm)}: " if len(answer.comparisons) > 1 else ""
    differ = count(round((1 - c.unchanged) * pairs_of(c)), "pair")
    return (
        f"{who}{upper(differ)} {'comes' if differ.startswith('1 ') else 'come'} out differently; of {traced} traced {len(apart)} part over a decision."
        f" Half of them by {middle} (80 % between {low} and {high}), most often at {at}."
    )


def pairs_of(c: Comparison) -> int:
    """Pairs of twins that were compared."""
    return len(c.seen)


def twin_story(answer: WhatIf, c: Comparison) -> list[str]:
    """One typical pair of twins, from where it parts, in sentences."""
    typical = c.partings.typical
    if typical is None:
        return []
    out = [f"A typical pair: history {typical.history}, the same until {month_name(answer.case.start + typical.month)}."]
    for name, arm in (("As it was", answer.base), (f"With {short(answer, c.arm)}", c.arm)):
        call = arm.call
        from ..lab.experiments.arms import engine_of

        kept, events = engine_of(call).trace(typical.history, call.rows(np.array([typical.history]))[0])
        told = [t for t in choose(tell(call.compiled, kept, events), (typical.month, call.compiled.months)) if t.kind not in ("tied", "pause")][:TOLD]
        out.append(f"{name}:")
        out += [f"  {month_name(answer.case.start + t.month, brief=True)}  {t.text}" for t in told] or ["  Nothing more is decided."]
        out.append("  " + ending(call.compiled, kept).split(". ")[0].rstrip(".") + ".")
    return out


def caution(answer: WhatIf) -> str:
    """What the intervals cover, and how far the posterior matters."""
    last = answer.comparisons[-1]
    clear = [e for e in last.effects if e.clear and e.unit == "share" and e.kind != "closeness"]
    text = "Intervals cover luck, coder error and the spread of the fitted parameters; not what the model leaves out."
    if clear:
        e = max(clear, key=lambda e: abs(e.difference.mean))
        d = e.difference
        text += f" Of the largest effect ({e.question} {e.what}: {shown(d, e.unit)}) luck and coding leave {100 * d.luck:.1f} pp of standard error;"
        text += f" between parameter sets it varies by {100 * d.posterior:.1f} pp."
        if d.coding == d.coding:
            text += f" Between codings it varies by {100 * d.coding:.1f} pp."
    return text
