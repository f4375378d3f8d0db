"""Checks of organs, posts, memberships and rules: one circle, one committee, one assembly, no rings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..faults import Fault, listed
from .checks import _header, month, rows
from .draft import Draft
from .institutions import RULES
from .values import PartialDate, as_number

MOST_ISSUES = 16  # the engine keys the coder error of a position by 16 * person + issue

#: Who elects whom: role -> role of the elector.
CHAIN = {"circle": "committee", "committee": "assembly", "assembly": "localities"}


def check(draft: Draft) -> list[Fault]:
    """Every fault of the institutions."""
    return [
        *limits(draft),
        *organs(draft),
        *rings(draft),
        *memberships(draft),
        *posts(draft),
        *births(draft),
        *rules(draft),
    ]


def limits(draft: Draft) -> Iterator[Fault]:
    """What the engine's tables can hold."""
    from .arrays import MOST_CIRCLE, MOST_PEOPLE

    for i, (document, path, _) in enumerate(rows(draft, "people")):
        if i == MOST_PEOPLE:
            yield document.fault(path, f"person number {i + 1}", f"at most {MOST_PEOPLE} people")
    for i, (document, path, _) in enumerate(rows(draft, "issues")):
        if i == MOST_ISSUES:
            yield document.fault(path, f"issue number {i + 1}", f"at most {MOST_ISSUES} issues")
    documents = [(d, path) for d, path, data in rows(draft, "shocks") if data.get("kind") == "document"]
    for document, path in documents[1:]:
        yield document.fault((*path, "kind"), "a second document", "at most one in a case")
    for document, path, data in rows(draft, "organs"):
        size = data.get("size")
        most = as_number(size.get("most")) if isinstance(size, Mapping) else None
        if data.get("role") == "circle" and most is not None and most > MOST_CIRCLE:
            yield document.fault(
                (*path, "size", "most"), f"a circle of up to {most:g}", f"at most {MOST_CIRCLE}"
            )


def organs(draft: Draft) -> Iterator[Fault]:
    """Exactly one organ of each leading role, elected down the chain; the assembly alone has meetings."""
    document = draft.documents.get("organs")
    if document is None or document.broken:
        return
    by_role: dict[str, list[tuple]] = {}
    roles = {path[-1]: data.get("role") for _, path, data in rows(draft, "organs")}
    start = month(_header(draft).get("start"))
    for _, path, data in rows(draft, "organs"):
        role = data.get("role") if isinstance(data.get("role"), str) else None
        if role is not None:
            by_role.setdefault(role, []).append(path)
        elector = data.get("elected_by")
        if (
            role in CHAIN
            and isinstance(elector, str)
            and (elector in roles or elector in ("localities", "appointed"))
        ):
            wanted = CHAIN[role]
            right = (
                ["localities"]
                if wanted == "localities"
                else [name for name, r in roles.items() if r == wanted]
            )
            if len(right) == 1 and elector != right[0]:
                words = wanted if wanted == "localities" else f"the {wanted}"
                yield document.fault(
                    (*path, "elected_by"), f"the {role} is elected by {elector}", words, right[0]
                )
        for key in ("interval", "started"):
            if role == "assembly" and data.get(key) is None:
                yield document.fault(
                    path, f"an assembly without {key!r}", "interval and started for the assembly"
                )
            elif role != "assembly" and data.get(key) is not None:
                yield document.fault(
                    (*path, key), f"{key!r} of an organ that is no assembly", "the assembly only"
                )
        share = as_number(data.get("threshold"))
        if role in CHAIN and share is not None and 0 <= share <= 1 and not 0.5 <= share < 1:
            words = "from 1/2, so that a motion and its contrary cannot both carry, to below 1: more than this is needed"
            yield document.fault((*path, "threshold"), f"threshold {share:g} of the {role}", words)
        started = month(data.get("started"))
        if started is not None and start is not None and started > start:
            yield document.fault(
                (*path, "started"), f"last meeting in {started}", f"not after the start, {start}"
            )
    posts = draft.known("posts") or {}
    for name in roles:
        if name in posts:
            yield document.fault(("organs", name), f"{name!r} is an organ and a post", "an id of its own")
        if name in ("localities", "appointed"):
            yield document.fault(
                ("organs", name), f"an organ called {name!r}", "another id: the word is taken"
            )
    for role in CHAIN:
        found = by_role.get(role, [])
        if not found:
            yield document.fault(("organs",), f"no {role}", f"exactly one organ with role: {role}")
        for path in found[1:]:
            yield document.fault(
                (*path, "role"), f"a second {role}", f"exactly one (the first is {found[0][-1]})"
            )


def rings(draft: Draft) -> Iterator[Fault]:
    """Organs must not elect each other in a ring, nor posts fill each other."""
    for section, key in (("organs", "elected_by"), ("posts", "filled_by")):
        ends = {"localities", "appointed"} if section == "organs" else {*(draft.known("organs") or ())}
        above = {path[-1]: data.get(key) for _, path, data in rows(draft, section) if path[-1] not in ends}
        seen: set[str] = set()
        for name in above:
            trail: list[str] = []
            here: Any = name
            while isinstance(here, str) and here in above and here not in trail and here not in seen:
                trail.append(here)
                here = above[here]
            if here in trail:
                ring = trail[trail.index(here) :] + [here]
                document = draft.documents[section]
                yield document.fault(
                    (section, here, key), f"a ring of {key}: {' <- '.join(ring)}", "an end to the chain"
                )
            seen.update(trail)


def memberships(draft: Draft) -> Iterator[Fault]:
    """Roles that the organ has, and no more members than seats."""
    seats: dict[tuple[str, str], int] = {}
    found = {path[-1]: data for _, path, data in rows(draft, "organs")}
    for document, path, data in rows(draft, "memberships"):
        organ, role = data.get("organ"), data.get("role")
        if not isinstance(organ, str) or organ not in found or role not in ("full", "candidate", "member"):
            continue
        of, kind = found[organ], "candidates" if role == "candidate" else "size"
        if role == "candidate" and of.get("candidates") is None:
            yield document.fault(
                (*path, "role"), f"a candidate of {organ}, which has no candidates", "full or member"
            )
            continue
        most = as_number(of[kind].get("most")) if isinstance(of.get(kind), Mapping) else None
        seats[organ, kind] = seats.get((organ, kind), 0) + 1
        if most is not None and seats[organ, kind] == most + 1:
            words = "candidates" if kind == "candidates" else "members"
            yield document.fault(
                (*path, "organ"), f"more {words} of {organ} than seats", f"at most {most:g} (organs.yaml)"
            )


def posts(draft: Draft) -> Iterator[Fault]:
    """One appointer at most."""
    first = None
    for document, path, data in rows(draft, "posts"):
        powers = data.get("powers")
        if isinstance(powers, Mapping) and as_number(powers.get("appoint")) == 1:
            if first is not None:
                yield document.fault(
                    (*path, "powers", "appoint"),
                    "a second post with appoint: 1",
                    f"at most one (the first is {first})",
                )
            else:
                first = path[-1]


def births(draft: Draft) -> Iterator[Fault]:
    """Nobody holds a post, a seat, a following or a locality before birth."""
    start = month(_header(draft).get("start"))
    born = born_of(draft)
    if start is None:
        return
    for section, key in (
        ("posts", "holder"),
        ("memberships", "person"),
        ("blocs", "person"),
        ("localities", "boss"),
    ):
        for document, path, data in rows(draft, section):
            name = data.get(key)
            if isinstance(name, str) and name in born and born[name].earliest > start:
                words = {
                    "posts": "holds a post",
                    "memberships": "has a seat",
                    "blocs": "has a following",
                    "localities": "leads a locality",
                }[section]
                yield document.fault(
                    (*path, key),
                    f"{name!r} {words} in {start}, before birth ({born[name]})",
                    f"people born by {start}",
                )


def born_of(draft: Draft) -> dict[str, PartialDate]:
    """Dates of birth that can be read."""
    born = {}
    for _, _, data in rows(draft, "people"):
        try:
            born[str(data.get("person"))] = PartialDate.parse(data.get("born"))
        except ValueError:
            continue
    return born


def rules(draft: Draft) -> Iterator[Fault]:
    """Every rule must be settled."""
    document = draft.documents.get("rules")
    if document is None or document.broken:
        return
    have = draft.known("rules") or {}
    wanted = [name for name, rule in RULES.items() if rule.default is None]
    missing = [name for name in wanted if name not in have]
    if missing:
        yield document.fault(("rules",), f"no {', '.join(missing)}", "every rule: " + listed(wanted, 20))
