"""The engine as plain Python, for the tests: `python plain.py (kept|conform) OUT`, NUMBA_DISABLE_JIT=1.

`kept` runs histories and writes everything that is kept of them, to be compared bit for bit with the compiled
engine. `conform` runs the months step by step, mechanism by mechanism, and writes what each of them changed
and broke: only the plain engine can be stopped between two mechanisms.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from random_cases import Sizes, random_row, random_world  # noqa: E402

from politburo.case.compile import Compiled, compile_case  # noqa: E402
from politburo.engine import kernel, month  # noqa: E402
from politburo.engine.ensemble import Engine, parameter_table  # noqa: E402
from politburo.engine.start import start  # noqa: E402
from politburo.engine.state import State, allocate, for_kernel  # noqa: E402
from politburo.lab.ensembles.provenance import plan  # noqa: E402
from politburo.lab.scoring.rivals import lend  # noqa: E402

#: The trace and the work space behind it in the state, which carry nothing from one step to the next.
WORK = set(State._fields[State._fields.index("event") :])
SMALL = [Sizes(people=n, places=r, posts=p, months=m, seed=seed) for n, r, p, m, seed in [
    (9, 4, 5, 60, 11), (5, 2, 3, 60, 12), (13, 5, 6, 48, 13), (12, 3, 5, 60, 14), (8, 1, 2, 36, 15),
]]  # fmt: skip
WHOLE_HISTORIES = (3, 4711)  # of the ussr case, to its end


def cases(compiled: Compiled) -> list[tuple[Sizes, object, np.ndarray]]:
    """Small random cases with a row of parameters each."""
    return [(sizes, random_world(sizes), random_row(compiled, sizes.seed)) for sizes in SMALL]


def kept_arrays(compiled: Compiled) -> dict[str, np.ndarray]:
    """All that is kept, and the trace, of two whole histories of the ussr case and one of each small case."""
    found = {}
    jobs = [
        (f"ussr-{h}", compiled.world, compiled.particles[h % len(compiled.particles)], compiled.months, h)
        for h in WHOLE_HISTORIES
    ]
    jobs += [
        (f"small-{sizes.seed}", world, row, sizes.months, 2**33 + 7) for sizes, world, row in cases(compiled)
    ]
    for name, world, row, months, history in jobs:
        engine = Engine(world, compiled.parameters, months)
        kept, rows = engine.trace(history, row)
        found |= {f"{name}/{field}": array for field, array in zip(kept._fields, kept, strict=True)}
        found |= {f"{name}/trace.{field}": np.array(rows[field]) for field in rows.dtype.names}
    return found


# -- step by step
# ------------------------------------------------------------------------------------------------


def snapshot(s: State) -> dict[str, list]:
    """Every field of the state as plain lists, work space left out."""
    found: dict[str, list] = {}
    for name, part in zip(s._fields, s, strict=True):
        if name in WORK:
            continue
        if isinstance(part, list):
            for field in vars(part[0]) if part else ():
                found[f"{name}.{field}"] = [getattr(row, field) for row in part]
        else:
            found[name] = part.tolist()
    return found


def broken(w, s: State) -> list[str]:
    """Which of the things that must hold at all times do not."""
    m, now = s.people, s.now[0]
    dead = [i for i, p in enumerate(m) if p.alive == 0]
    near = 1e-9
    rules = {
        "seats sum to one": abs(sum(p.seats for p in m) + now.free_seats - 1) < near,
        "clients sum to one": np.abs(s.clients.sum(axis=1) - 1).max() < near,
        "no negative shares": min(p.seats for p in m) >= -near
        and s.clients.min() >= -near
        and now.free_seats >= -near,
        "size of the circle": now.circle_size == sum(p.circle == 2 for p in m) <= w.rule[0].circle_most,
        "affinity, stance and opinion in [-1, 1]": all(
            np.abs(a).max() <= 1 + near for a in (s.affinity, s.stance, s.opinion)
        ),
        "fear in [0, 1]": 0 <= now.fear <= 1,
        "prestige above 0": min(p.prestige for p in m) > 0,
        "the dead hold nothing": not any(
            m[i].circle
            or m[i].committee
            or m[i].seats
            or m[i].organised
            or m[i].side
            or m[i].office
            or m[i].force
            for i in dead
        ),
        "no dead holder, boss or ruler": not set(dead)
        & {*(o.holder for o in s.office), *(x.boss for x in s.local), now.ruler, now.secretary},
        "finite": all(np.isfinite(v) for row in [*m, now] for v in vars(row).values()),
    }
    return [name for name, held in rules.items() if not held]


def walk(
    compiled: Compiled, world, row: np.ndarray, months: int, entries: Sequence[str],
    look: Callable[[str, dict, dict, object, State], None] | None = None, check: Callable[[str, object,
    State], None] | None = None,
    history: int = 1, **values: float,
) -> tuple[dict, dict]:  # fmt: skip
    """Run a history of `entries`. Returns the first and the last state.

    `look(name, before, after, w, s)` is called around every step, `check(name, w, s)` after it (cheaper:
    nothing is copied).
    """
    row = row.copy()
    for name, value in values.items():
        row[compiled.parameters.index(name)] = value
    p = parameter_table(compiled.parameters, row[None, :])[0]
    w, s = for_kernel(world), allocate(world)
    steps = [(name, month.mechanism(name).module.step) for name in entries]
    s.now[0].tracing = 0
    start(w, p, s, history)
    first = before = snapshot(s)
    for t in range(months):
        s.now[0].month = t
        before["now.month"] = [t]
        for name, step in steps:
            step(w, p, s)
            if check is not None:
                check(name, w, s)
            if look is not None:
                after = snapshot(s)
                look(name, before, after, w, s)
                before = after
    return first, snapshot(s)


def unset(compiled: Compiled) -> list[str]:
    """Fields of the state that the start of a history leaves as they were: two rooms full of different
    rubbish, compared after it.
    """
    p = parameter_table(compiled.parameters, compiled.values[None, :])[0]
    w, found = for_kernel(compiled.world), []
    for rubbish in (3, 5):
        s = allocate(compiled.world)
        for part in s:
            if isinstance(part, list):
                for row in part:
                    vars(row).update(dict.fromkeys(vars(row), rubbish))
            elif part.dtype.names is None:
                part.fill(rubbish)
        s.now[0].tracing = 0  # set by the caller
        start(w, p, s, 1)
        found.append(snapshot(s))
    return sorted(changed(*found))


def changed(before: dict, after: dict) -> set[str]:
    return {name for name in before if before[name] != after[name]}


def same(first: dict, last: dict, names: Iterable[str]) -> list[str]:
    """Those of the fields that are not as they were."""
    return [name for name in names if first[name] != last[name]]


def lineup(*names: str) -> list[str]:
    """The standard month with these mechanisms in the places that they can take: a rival is named after its slot."""
    found = list(month.STANDARD)
    for name in names:
        slot = name if name in found else next(s for s in found if name.startswith(f"{s}_"))
        found[found.index(slot)] = name
    return found


def lineups() -> list[list[str]]:
    """Months in which every rival has its turn: the first of all slots together, then the second, and so on."""
    waiting: dict[str, list[str]] = {}
    for name in month.names("politics"):
        if name not in month.STANDARD:
            waiting.setdefault(next(s for s in month.STANDARD if name.startswith(f"{s}_")), []).append(name)
    turns = max((len(names) for names in waiting.values()), default=0)
    return [lineup(*(names[k % len(names)] for names in waiting.values())) for k in range(turns)]


def conform(
    compiled: Compiled, exclusive: dict[str, list[str]], zero: dict[str, tuple[dict, list[str]]]
) -> dict:
    """What each mechanism changed, what it broke, and what changed though nobody should have touched it.

    exclusive : mechanism -> fields that no other mechanism writes; zero : mechanism -> (parameters, fields
    that then stand still).
    """
    found: dict[str, dict] = {
        name: {"changed": set(), "broke": set(), "alone": set(), "off": [], "zero": []}
        for name in month.names("politics")
    }
    jobs = [(compiled.world, compiled.particles[0], compiled.months)] + [
        (world, row, z.months) for z, world, row in cases(compiled)
    ]

    def watch(name, before, after, w, s):
        found[name]["changed"] |= changed(before, after)
        found[name]["broke"] |= set(broken(w, s))

    def alone(name, w, s):
        found[name]["alone"] |= set(broken(w, s))

    standard, small = list(month.STANDARD), jobs[1:3]
    for world, row, months in jobs:
        walk(compiled, world, row, months, standard, watch)
    for entries in lineups():
        for world, row, months in jobs[1:]:
            # What was never done before is dared at once and sole rule is easy and suspicious, so that rare steps happen in a short history.
            walk(compiled, world, row, months, entries, watch, dare=1.0, rule_condemned=0.0, rule_seats=0.0, rule_rivals=9.0, suspicion=0.4)
    for name in month.names("politics"):
        for world, row, months in small:
            walk(compiled, world, row, months, [name], check=alone)
            if name in standard:
                first, last = walk(compiled, world, row, months, [n for n in standard if n != name])
                found[name]["off"] += same(first, last, exclusive.get(name, ()))
        values, fields = zero.get(name, ({}, []))
        if fields:

            def still(which, before, after, w, s, name=name, fields=fields):
                if which == name:
                    found[name]["zero"] += same(before, after, fields)

            for world, row, months in small:
                walk(compiled, world, row, months, lineup(name), still, **values)
    answer = {
        name: {key: sorted(set(value)) for key, value in entry.items()} for name, entry in found.items()
    }
    return answer | {"start": {"unset": unset(compiled)}}


def main(what: str, out: str, given: str = "{}") -> None:
    assert not kernel.COMPILED, "run with NUMBA_DISABLE_JIT=1"
    compiled = plan("ussr").compiled
    if what == "kept":
        np.savez(out, **kept_arrays(compiled), sources=np.array(month.source_digest()))
    else:
        asked = json.loads(given)
        # With the parameters that rival mechanisms bring along.
        compiled = compile_case(lend(compiled.case, month.names("politics")))
        Path(out).write_text(json.dumps(conform(compiled, asked["exclusive"], asked["zero"])))


if __name__ == "__main__":
    main(*sys.argv[1:])
