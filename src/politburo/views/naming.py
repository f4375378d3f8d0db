"""A recorded fact in words: what a target says, in the present tense, with the organ and the month."""

from __future__ import annotations

from typing import Any

from ..case.arrays import RUNGS
from .words import Words, upper


def fact_name(words: Words, target: Any) -> str:
    """`Trotsky leaves the Politburo`, `Politburo of February 1926`, ...; the case's own question when it has one."""
    kind, start = target.kind, words.case.start
    who = words.person(target.person) if getattr(target, "person", None) else ""
    if getattr(target, "question", None):
        return target.question
    if kind == "fall":
        return f"{who} {words.fell(RUNGS.index(target.rung))}"
    if kind == "members":
        return f"{upper(words.organ(target.organ))} of {words.month(target.on - start)}"
    if kind == "ruler":
        return f"{who} rules alone by {words.month(target.by - start)}"
    if kind == "leads":
        return f"{who} leads in {words.month(target.on - start)}"
    if kind == "ruler_date":
        return "One person comes to rule alone"
    if kind == "vote":
        near = words.month(target.near - start)
        where = (
            f"at the {words.assembly} of {near}"
            if target.occasion == "congress"
            else f"over the document, {near}"
        )
        return f"Share against the leadership {where}"
    if kind == "survives":
        where = {
            "circle": f"sits in the {words.circle}", "committee": f"is in the {words.committee}", "party": "is in the party",
            "alive": "is alive",
        }[target.in_]  # fmt: skip
        return f"{who} {where} in {words.month(target.until - start)}"
    return _measure(words, target)


def _measure(words: Words, target: Any) -> str:
    on = words.month(target.on - words.case.start) if target.on is not None else ""
    at, c = f", {on}" if on else "", words.committee
    return {
        "committee_turnover": f"Share of the {c} that is gone by {on}", "committee_dead_share": f"Share of the {c} of {on} dead by the end",
        "committee_size": f"Seats of the {c}{at}", "purge_start": "The purge begins", "assembly_date": f"The {words.assembly} nearest to {on} meets",
        "assemblies": f"Meetings of the {words.assembly} up to {on}", "first_fall": "The first of the leaders falls", "second_fall": "The second of the leaders falls",
        "chiefs_purged": "Heads of the security police removed", "loyalists_alive": f"Share of the loyal still alive{at}",
        "rivals_dead": f"Share of the rivals dead{at}",
    }.get(target.measure, upper(target.measure.replace("_", " ")) + at)  # fmt: skip
