"""A history asked for by number, month and person: checked, run again, told, and printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..case.values import Month
from ..faults import Fault, Faults, listed, nearest
from .moment import Moment, details, moment, standard
from .narrate import Told, as_rows, beginning, choose, ending, tell
from .words import Words, percent, upper


@dataclass(frozen=True)
class Story:
    """One history, or one month of it, ready to be printed."""

    compiled: Any
    history: int
    beginning: str
    ending: str
    told: tuple[Told, ...]
    month: int | None = None
    person: int | None = None
    moment: Moment | None = None
    terms: bool = True  # whether the terms behind votes may be named

    @classmethod
    def of(
        cls,
        result: Any,
        history: int,
        month: str | None = None,
        person: str | None = None,
        whole: bool = False,
    ) -> Story:
        """Check what is asked, run the history again and choose from it. Raises `Faults`."""
        compiled, faults = result.compiled, []
        words = Words(compiled)
        if not 0 <= history < result.n:
            faults.append(
                Fault("--history", 0, 0, f"history {history}", f"a number from 0 to {result.n - 1}")
            )
        number = None
        if month is not None:
            try:
                number = Month.parse(month) - compiled.case.start
            except ValueError:
                faults.append(Fault("--month", 0, 0, f"month {month!r}", "a month as YYYY-MM"))
            else:
                if not 0 <= number < compiled.months:
                    span = f"a month from {compiled.month(0)} to {compiled.month(compiled.months - 1)}"
                    faults.append(Fault("--month", 0, 0, f"month {month}", span))
        who = None
        if person is not None:
            who = words.find(person)
            if who is None:
                names = list(words.full)
                near = nearest(person, [*words.brief, *names])
                faults.append(Fault("--person", 0, 0, f"person {person!r}", listed(names), near))
        if faults:
            raise Faults(faults)
        kept, events = result.trace(history)
        everything = tell(compiled, kept, events)
        months = None if number is None else (number, number)
        chosen = choose(everything, months, who, whole or number is not None)
        at, mechanisms = None, _mechanisms(result)
        if number is not None:
            at = moment(compiled, history, number, _row(result, history), mechanisms)
        return cls(
            compiled, history, beginning(compiled, history), ending(compiled, kept), tuple(chosen), number, who, at, standard(mechanisms)
        )  # fmt: skip


def _mechanisms(result: Any) -> Any:
    call = getattr(result, "call", None)
    return getattr(call, "mechanisms", None)


def _row(result: Any, history: int) -> np.ndarray:
    call = getattr(result, "call", None)
    if call is not None:
        return call.rows(np.array([history]))[0]
    return result.compiled.particles[history % len(result.compiled.particles)]


def as_json_document(story: Story) -> dict[str, Any]:
    """The story for machines."""
    words = Words(story.compiled)
    out: dict[str, Any] = {
        "case": story.compiled.case.name, "title": story.compiled.case.title, "history": story.history, "beginning": story.beginning,
        "told": as_rows(story.compiled, story.told), "ending": story.ending,
    }  # fmt: skip
    if story.moment is not None:
        out["month"] = str(story.compiled.month(story.month))
        out["circle"] = [{k: _number(v) for k, v in vars(seat).items()} for seat in story.moment.seats]
        out["facts"] = dict(story.moment.facts)
        if story.terms:
            for row, told in zip(out["told"], story.told, strict=True):
                row["terms"] = (
                    details(story.compiled, told.scene, story.moment) if told.scene is not None else []
                )
    if story.person is not None:
        out["person"] = words.person(story.person, full=True)
    return out


def _number(value: Any) -> Any:
    if isinstance(value, str | bool):
        return value
    return round(float(value), 5)


def print_story(story: Story, console: Console) -> None:
    """Print it: month on the left, sentences beside it."""
    words = Words(story.compiled)
    if story.month is None:
        console.print(Text(story.beginning))
    else:
        _print_moment(story, words, console)
    console.print()
    if not story.told:
        who = f" that touches {words.person(story.person)}" if story.person is not None else ""
        console.print(Text(f"Nothing is recorded{who}."))
    last = None
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    year = None
    for told in story.told:
        when = story.compiled.month(told.month)
        if story.month is None and when.year != year:
            if year is not None:
                grid.add_row("", "")
            year = when.year
        grid.add_row(
            Text("" if told.month == last else words.month(told.month), style="bold"), Text(told.text)
        )
        last = told.month
        if story.moment is not None and story.terms and told.scene is not None:
            for line in details(story.compiled, told.scene, story.moment):
                grid.add_row("", Padding(Text(line, style="dim"), (0, 0, 0, 2)))
    console.print(grid)
    if story.month is None and story.person is None:
        console.print()
        console.print(Text(story.ending))


def _print_moment(story: Story, words: Words, console: Console) -> None:
    at = story.moment
    console.print(Text(f"History {story.history}, {words.month(story.month)}", style="bold"))
    table = Table(
        title=f"The {words.circle} at the start of the month", title_justify="left", box=None, pad_edge=False, header_style="dim",
        caption=f"Shares of the power of all full members: as they see it, and as it is. Seats: bloc in the {words.committee}.",
        caption_justify="left", caption_style="dim",
    )  # fmt: skip
    for name in ("", "with the coalition", "seen", "true", "seats", "cadres", ""):
        table.add_column(name, justify="right" if name in ("seen", "true", "seats", "cadres") else "left")
    for s in at.seats:
        shares = (percent(s.seen), percent(s.power)) if s.full else ("-", "-")
        side = ("yes" if s.inside else "no") if s.full else f"candidate, {'yes' if s.inside else 'no'}"
        table.add_row(s.name, side, *shares, percent(s.seats), percent(s.cadres), s.remark)
    console.print(table)
    console.print()
    offices = Table.grid(padding=(0, 2, 0, 0))
    offices.add_column(no_wrap=True)
    for s in at.seats:
        if s.offices:
            offices.add_row(s.name, s.offices)
    console.print(offices)
    console.print()
    facts = Table.grid(padding=(0, 2, 0, 0))
    for name, value in at.facts:
        facts.add_row(upper(name), value)
    console.print(facts)
