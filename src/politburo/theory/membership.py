"""Who sat when: counts of a body from membership spells.

A spell is a person, a status (full, candidate) and a half-open stretch of decimal years [start, end). Counts
at a date are exact; known dating errors of a source stay visible because nothing is smoothed. Cost: spells x
dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .inputs import number, reject
from .results import ARITHMETIC, Result


def counts(
    spells: Iterable[Mapping[str, Any]], dates: Iterable[Any], statuses: Iterable[str] = ("full", "candidate")
) -> Result:
    """Members of each status at each date.

    Parameters
    ----------
    spells : iterable of mappings with name, status, start, end (decimal years)
    dates : iterable of decimal years
    statuses : iterable of str

    Returns
    -------
    Result
        Rows (date, count of each status). A person counts once a status.
    """
    words = list(statuses)
    checked = []
    for i, spell in enumerate(spells):
        start, end = (number(spell[k], f"spells[{i}].{k}") for k in ("start", "end"))
        if end < start:
            raise reject(
                f"spells[{i}]",
                f"an end of {float(end):g} before the start of {float(start):g}",
                "start <= end",
            )
        if spell["status"] not in words:
            raise reject(f"spells[{i}].status", repr(spell["status"]), ", ".join(words))
        checked.append((spell["name"], spell["status"], start, end))
    rows = []
    for i, date in enumerate(dates):
        at = number(date, f"dates[{i}]")
        rows.append(
            (float(at), *(len({n for n, s, a, b in checked if s == word and a <= at < b}) for word in words))
        )
    return Result(
        title="Membership by date",
        source="counting of spells",
        standing=ARITHMETIC,
        columns=("date", *words),
        rows=rows,
    )
