"""The trace told: one history as dated sentences, one month in full, or everything that touches one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..case.arrays import FILLERS
from ..case.compile import Compiled
from ..engine.events import KINDS
from .replay import Scene, members, opening, replay
from .scenes import NUMBERS, considered, sentence
from .words import Words, series

#: Shown in a whole history only on request: small steps that fill pages.
MINOR = ("considered", "boss", "illness", "candidate")


@dataclass(frozen=True)
class Told:
    """One paragraph of a story."""

    month: int
    kind: str
    text: str
    people: tuple[int, ...]
    scene: Scene | None = None
    minor: bool = False


def tell(compiled: Compiled, kept: Any, events: np.ndarray) -> list[Told]:
    """The whole history, a paragraph a scene, in order; motions weighed and let rest are gathered as well.

    kept : what is kept of this one history, which knows who was condemned with the loser of a congress
    """
    words, told = Words(compiled), []
    for scene, after in replay(compiled, events):
        text, people = sentence(words, scene, after), _people(scene)
        condemned = _condemned(scene, kept)
        if condemned:
            text += f" {words.people(condemned)} {'is' if len(condemned) == 1 else 'are'} condemned."
            people += tuple(i for i in condemned if i not in people)
        told.append(Told(scene.month, scene.kind, text, people, scene, scene.kind in MINOR))
    return _gather(words, told)


def _condemned(scene: Scene, kept: Any) -> tuple[int, ...]:
    """Whom a congress condemns: its loser and the full members who stood with him, for the first time."""
    if scene.kind != "congress" or int(scene.events[-1]["target"]) < 0:
        return ()
    shut_out = [
        i
        for i in scene.before.full()
        if scene.before.side.get(i, 1) == 0 and scene.before.rung.get(i, 0) == 0
    ]
    return tuple(i for i in shut_out if kept.first[0, i, 1] == scene.month)


def _people(scene: Scene) -> tuple[int, ...]:
    found: list[int] = []
    for e in scene.events:
        for x in (int(e["actor"]), int(e["target"])):
            if x >= 0 and x not in found:
                found.append(x)
    if scene.kind == "coalition":
        found += [i for i in scene.before.full() if i not in found]
    return tuple(found)


def _gather(words: Words, told: list[Told]) -> list[Told]:
    """Put a summary before each run of three or more occasions on which the same motion was let rest."""
    runs: dict[tuple[int, int], list[Told]] = {}
    extra: list[tuple[int, Told]] = []

    def close(key: tuple[int, int]) -> None:
        run = runs.pop(key, [])
        if len(run) < 3:
            return
        first, last = run[0], run[-1]
        target, rung = key
        movers = sorted({int(t.scene.first["actor"]) for t in run})
        motion = words.to_sanction(rung, words.person(target))
        text = (
            f"From now until {words.month(last.month)} a motion {motion} is thought of {len(run)} times and let rest"
            f" ({words.people(movers)} leading): {considered(words, last.scene)}."
        )
        extra.append((told.index(first), Told(first.month, "pause", text, (*movers, target))))

    for item in told:
        if item.kind == "considered":
            key = (int(item.scene.first["target"]), int(item.scene.first["a"]))
            for other in [k for k in runs if k[0] == key[0] and k != key]:
                close(other)
            runs.setdefault(key, []).append(item)
        else:
            for who in item.people:
                if item.kind in ("motion", "death", "purged", "chief", "unseated", "congress"):
                    fell = [int(e["target"]) for e in item.scene.events] if item.kind != "death" else [who]
                    for key in [k for k in runs if k[0] in fell]:
                        close(key)
    for key in list(runs):
        close(key)
    for place, item in sorted(extra, key=lambda pair: -pair[0]):
        told.insert(place, item)
    return told


def choose(
    told: Sequence[Told],
    months: tuple[int, int] | None = None,
    person: int | None = None,
    whole: bool = False,
) -> list[Told]:
    """The paragraphs asked for: between two months, about one person, with or without the small steps."""
    return [
        t
        for t in told
        if (whole or not t.minor)
        and not (whole and t.kind == "pause")
        and (months is None or months[0] <= t.month <= months[1])
        and (person is None or person in t.people)
    ]


def beginning(compiled: Compiled, history: int) -> str:
    """What stands at the start, in a paragraph."""
    words, start = Words(compiled), opening(compiled)
    full, candidates = start.full(), [i for i, seat in start.seat.items() if seat == 1]
    text = (
        f"History {history}: {compiled.case.title}, {words.month(0)} to {words.month(compiled.months - 1)}."
    )
    text += f" Full members of the {words.circle}: {_names(words, full)}."
    if candidates:
        text += f" Candidates: {_names(words, candidates)}."
    world = compiled.world
    for j in range(len(words.posts)):
        if world.post[j]["appoint"] >= 0.99 and start.holder[j] >= 0:
            text += f" {words.person(start.holder[j])}, {words.posts[j]}, fills the local posts."
            break
    particles = len(compiled.particles)
    if particles > 1:
        text += f" Parameters: member {history % particles + 1} of the {particles} of the fitted ensemble."
    return text


def _names(words: Words, who: Sequence[int]) -> str:
    return series(words.person(i, full=True) for i in who)


def ending(compiled: Compiled, kept: Any) -> str:
    """How it ends: who rules, and what became of the people watched."""
    words = Words(compiled)
    last = compiled.months - 1
    ruler = int(kept.ruler[0, -1])
    leader = int(kept.leader[0, -1])
    text = f"At the end of {words.month(last)} "
    if ruler >= 0:
        text += f"{words.person(ruler, full=True)} rules alone."
    elif leader >= 0:
        text += f"nobody rules alone; the strongest man in the ruling coalition is {words.person(leader, full=True)}."
    else:
        text += "nobody leads."
    fates, untouched = [], []
    for key in compiled.watched:
        i = compiled.people.index(key)
        if i == ruler:
            continue
        first = np.asarray(kept.first[0, i])
        worst = max((r for r in range(1, 9) if first[r] >= 0), default=0)
        dead = int(kept.alive[0, i])
        if dead >= 0 and worst < 8:
            fates.append(
                f"{words.person(i)}{', ' + words.fates[worst] + ',' if worst else ''} dead in {words.month(dead)}"
            )
        elif worst:
            fates.append(
                f"{words.person(i)} {words.fates[worst]} since {words.month(first[worst])}".replace(
                    "executed since", "executed in"
                )
            )
        else:
            untouched.append(words.person(i))
    if fates:
        text += " " + "; ".join(fates) + "."
    if untouched:
        text += f" Untouched: {series(untouched)}."
    return text


def as_rows(compiled: Compiled, told: Sequence[Told]) -> list[dict[str, Any]]:
    """The story for machines: month, kind, names, the sentence, and the numbers of each event."""
    words = Words(compiled)
    rows = []
    for t in told:
        row: dict[str, Any] = {
            "month": str(compiled.month(t.month)), "kind": t.kind, "people": [words.person(i, full=True) for i in t.people],
            "text": t.text,
        }  # fmt: skip
        if t.scene is not None:
            row["events"] = [_event(words, t.scene, e) for e in t.scene.events]
            if t.scene.votes:
                row["votes"] = [
                    {
                        "bloc": words.person(v.who, full=True) if v.who >= 0 else None,
                        "for": round(v.chance, 4),
                        "seats": round(v.seats, 4),
                    }
                    for v in t.scene.votes
                ]
        rows.append(row)
    return rows


def _event(words: Words, scene: Scene, e: np.void) -> dict[str, Any]:
    kind = KINDS[int(e["kind"])]
    out: dict[str, Any] = {"kind": kind}
    for column in ("actor", "target"):
        if e[column] >= 0:
            out[column] = words.person(int(e[column]), full=True)
    for column, name in zip("abcd", NUMBERS.get(kind, ()), strict=False):
        value = round(float(e[column]), 6)
        if name == "post":
            out[name] = words.posts[int(value)]
        elif name == "chosen_by":
            if value >= 0:  # below: an experimenter's order
                out[name] = FILLERS[int(value)]
        elif name == "place":
            out[name] = words.places[int(value)]
        else:
            out[name] = value
    if kind == "coalition":
        numbered = scene.before.full()[:12]
        out["inside"] = [words.person(i, full=True) for i in members(e["c"], numbered)]
        out["self_enforcing_part"] = [words.person(i, full=True) for i in members(e["d"], numbered)]
    return out
