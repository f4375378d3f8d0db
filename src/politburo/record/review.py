"""Reviewing proposals, one key at a time.

    c  confirm       r  reject        e  edit, then confirm
    j  change the cluster it joins    s  skip (asks again next time)
    u  take the last decision back    a  confirm the rest of this source from the confidence shown
    q  stop; everything decided so far is kept

The loop knows nothing of terminals: it is given a function that yields the next key, one that asks for a line, and one
that shows a proposal. Decisions are kept as they are made.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError

from ..faults import nearest
from .edtf import EDTFError, parse
from .reader import Proposal
from .store import Record
from .vocabulary import PREDICATES
from .workspace import Workspace, slug

KEYS = "creajsuq"


@dataclass
class Tally:
    """What a session decided."""

    confirmed: int = 0
    edited: int = 0
    rejected: int = 0
    skipped: int = 0
    left: int = 0


def review(workspace: Workspace, record: Record, key: Callable[[], str], ask: Callable[[str, str], str],
           show: Callable[[Proposal, int, int], None], say: Callable[[str], None], source: str | None = None) -> Tally:  # fmt: skip
    """Go through the pending proposals. Returns the tally; `workspace.rebuild` has been called."""
    pending = [p for p in workspace.pending() if source is None or p.source == source]
    tally, i, done = Tally(), 0, []
    while i < len(pending):
        p = pending[i]
        show(p, i + 1, len(pending))
        pressed = key().lower()
        if pressed in ("c", "\r", "\n"):
            workspace.decide(p, "confirm")
            tally.confirmed += 1
            done.append((p, "confirmed"))
        elif pressed == "r":
            workspace.decide(p, "reject")
            tally.rejected += 1
            done.append((p, "rejected"))
        elif pressed in ("e", "j"):
            changes = _edit(record, p, ask, say) if pressed == "e" else _cluster(record, p, ask, say)
            if changes is None:
                continue
            try:
                workspace.decide(p, "edit", changes)
            except ValidationError as error:
                say(error.errors()[0]["msg"])
                continue
            tally.edited += 1
            done.append((p, "edited"))
        elif pressed == "a":
            for q in [q for q in pending[i:] if q.source == p.source and q.confidence >= p.confidence]:
                workspace.decide(q, "confirm")
                tally.confirmed += 1
            decided = workspace.decisions()
            pending = pending[:i] + [q for q in pending[i:] if q.key not in decided]
            continue
        elif pressed == "s":
            tally.skipped += 1
            done.append((p, "skipped"))
        elif pressed == "u":
            if done:
                last, what = done.pop()
                workspace.undo(last.key)
                setattr(tally, what, getattr(tally, what) - 1)
                i = pending.index(last)
            continue
        elif pressed in ("q", "", "\x03", "\x04", "\x1b"):
            break
        else:
            say("keys: c confirm, r reject, e edit, j cluster, s skip, u undo, a all, q quit")
            continue
        i += 1
    tally.left = len(workspace.pending())
    workspace.rebuild()
    return tally


def _edit(
    record: Record, p: Proposal, ask: Callable[[str, str], str], say: Callable[[str], None]
) -> dict | None:
    """Ask for each field; an empty answer keeps it. None if an answer was not valid (the faults are said)."""
    changes: dict = {}
    subject = ask("subject ids, comma", ",".join(p.subject))
    ids = [s.strip() for s in subject.split(",") if s.strip()]
    for s in ids:
        if s not in record.entities:
            say(f"no person or organ {s!r}; nearest: {nearest(s, record.entities) or 'none'}")
            return None
    changes["subject"] = ids
    predicate = ask("predicate", p.predicate)
    if predicate not in PREDICATES:
        say(f"no predicate {predicate!r}; nearest: {nearest(predicate, PREDICATES) or 'none'}")
        return None
    changes["predicate"], changes["type"] = predicate, PREDICATES[predicate].type
    changes["object"] = ask("object", p.object or "") or None
    date = ask("date (EDTF, '-' for none)", p.date or "")
    if date and date != "-":
        try:
            parse(date)
        except EDTFError as error:
            say(str(error))
            return None
    if date != (p.date or ""):
        changes["date"] = "" if date == "-" else date
    changes["paraphrase"] = ask("paraphrase", p.paraphrase)
    return changes


def _cluster(
    record: Record, p: Proposal, ask: Callable[[str, str], str], say: Callable[[str], None]
) -> dict | None:
    answer = ask("cluster id ('-' for a new one)", p.cluster or "-").strip()
    if answer == "-":
        return {"cluster": ""}
    if answer not in record.clusters and slug(answer) != answer:
        say(f"no cluster {answer!r}; nearest: {nearest(answer, record.clusters) or 'none'}")
        return None
    return {"cluster": answer}


def read_key() -> str:
    """One key from the terminal without Enter; from a pipe, one line's first character."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        return line[:1] if line else "q"
    try:
        import termios
        import tty
    except ImportError:  # Windows
        import msvcrt

        return msvcrt.getwch()
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        return sys.stdin.read(1)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
