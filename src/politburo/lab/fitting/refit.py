"""Refits: short searches of one fixed budget, so that mechanisms, or sets of targets, can be compared on equal terms.

Theory. A mechanism judged at parameters that were fitted with another one in its place is judged unfairly. What can be made equal is the
search: the same numbers of histories, islands, vectors and generations, the same luck, the same starting points. Half of the islands start from draws
from the prior, which no mechanism has an advantage in; the other half from the shipped ensemble widened, every particle moved by a
normal step of WIDEN times each parameter's range (reflected at its ends), which carries over what was learned with the shipped mechanism, and with it
some of its advantage. Islands never meet. In a case without an ensemble all start from the prior.

Islands climb by closeness (`lab.fitting.fit`), with bells twice as wide in the first third of the generations. Of the last generation of each kind the
better half, by closeness on luck that the search has not seen, is what the refit is; islands that ended lower are less represented, and their numbers
are kept so that intervals can draw islands anew.

What it is not: a posterior. So short a search stops below what a long one reaches (`climbed` says from where to where), and a mechanism that needs a long search is
judged too low; that is the price of an equal budget, and holds for the standard mechanism too.

Cost: the budget. The same for any number of workers; with a folder an interrupted search goes on, and a finished one is read instead of made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ...faults import Fault, Faults
from ..ensembles.provenance import Call
from . import fit as fitting
from .fit import Fit, Judge, Prior

SHIPPED, PRIOR = "shipped", "prior"
WIDEN = 0.15
#: Luck of the choice among the last vectors; the search has other histories, and what scores a refit must have others again.
CHOICE = 900_000_000
#: First history of the luck on which refits are scored.
SCORING = 600_000_000


@dataclass(frozen=True)
class Search:
    """How a budget is spent: `islands` of each of the `kinds` of start, `size` vectors each, `batch` histories a vector."""

    islands: int = 3
    size: int = 16
    batch: int = 12
    moves: int = 2
    draws: int = 2
    choice: int = 2  # batches on which the last vectors are chosen
    kinds: tuple[str, ...] = (SHIPPED, PRIOR)

    @property
    def all_islands(self) -> int:
        return self.islands * len(self.kinds)

    def generations(self, histories: int) -> int:
        """Generations that so many histories pay for, after the start, judged twice, and before the choice; raises `Faults` below one."""
        each = self.all_islands * self.size * self.batch
        fixed, generation = each * (self.draws + 1 + self.choice), each * (self.moves + 1)
        found = (histories - fixed) // generation
        if found < 1:
            allowed = f"{fixed + generation:,} or more: one generation of {self.all_islands} islands of {self.size} vectors, {self.batch} histories each"
            raise Faults([Fault("refit", 0, 0, f"{histories:,} histories", allowed)])
        return int(found)


@dataclass(frozen=True)
class Refit:
    """What a search from one kind of start found.

    values : (K, D) parameter values, columns `names`; island : (K,) where each vector comes from; score : (K,) closeness on the luck of the choice
    climbed : mean closeness of the islands' start and of their last generation
    """

    case: str
    start: str
    names: tuple[str, ...]
    values: np.ndarray = field(repr=False)
    island: np.ndarray = field(repr=False)
    score: np.ndarray = field(repr=False)
    climbed: tuple[float, float]
    histories: int

    def rows(self, parameters: tuple[str, ...], base: np.ndarray) -> np.ndarray:
        """(K, len(parameters)) full rows of a case: `base` with what was refitted in its places."""
        table = np.tile(np.asarray(base, float), (len(self.values), 1))
        for column, name in enumerate(self.names):
            if name in parameters:
                table[:, parameters.index(name)] = self.values[:, column]
        return table


def starts(prior: Prior, particles: np.ndarray | None, search: Search, seed: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Starting points (islands, draws * size, D) in the unit cube, and each island's kind of start: the prior where nothing is shipped.

    Each parameter has streams of its own, so mechanisms share the starting values of all parameters that they share. `particles`: (M, D)
    values of the shipped ensemble, or None.
    """
    count, kinds, islands = search.draws * search.size, [], []
    shipped = None if particles is None else prior.unit(particles)
    for i in range(search.all_islands):
        kind = search.kinds[i // search.islands] if shipped is not None else PRIOR
        picked = np.random.default_rng([seed, i]).integers(0, 1 if shipped is None else len(shipped), count)
        columns = []
        for column, name in enumerate(prior.names):
            rng = np.random.default_rng([seed, i, zlib.crc32(name.encode())])
            columns.append(rng.random(count) if kind == PRIOR else _folded(shipped[picked, column] + WIDEN * rng.normal(size=count)))
        islands.append(np.column_stack(columns))
        kinds.append(kind)
    return np.stack(islands), tuple(kinds)


def _folded(u: np.ndarray) -> np.ndarray:
    """Reflected at the walls of the unit interval."""
    u = np.abs(u) % 2.0
    return np.where(u > 1.0, 2.0 - u, u)


def refit(
    call: Call, histories: int, search: Search = Search(), seed: int = 7, workers: int = 2, folder: Path | None = None, left_out: frozenset[str] = frozenset(),
    tell: Callable[[str], None] | None = None, judge: Judge | None = None,
) -> dict[str, Refit]:  # fmt: skip
    """Search the parameters of a call's case anew, with its mechanisms, to its fitted targets.

    Parameters
    ----------
    histories : the budget
    folder : keeps finished searches and the state of an interrupted one, each under a name that depends on all that decides its result
    left_out : ids of targets that the search must not see
    judge : one to use again (it must be of this call)

    Returns one `Refit` for each kind of start. Raises `Faults` for a case without a fitted target or parameter, or too small a budget.
    """
    compiled = call.compiled
    generations = search.generations(histories)
    prior = Prior.of(compiled)
    faults = []
    if not any(t.fitted and t.weight > 0 and name not in left_out for name, t in call.case.targets.items()):
        faults.append(Fault(str(call.files / "targets.yaml"), 0, 0, f"no target to refit {call.case.name} to", "fitted: true and a weight above 0"))
    if not prior.names:
        faults.append(Fault(str(call.files / "parameters.yaml"), 0, 0, f"no parameter of {call.case.name} to refit", "fitted: true and low < high"))
    if faults:
        raise Faults(faults)
    key = _key(call, generations, search, seed, left_out)
    done = folder / f"refit-{call.case.name}-{key[:16]}.npz" if folder is not None else None
    if done is not None and done.exists():
        return _read(done, key)
    if judge is None:
        judge = Judge(compiled, search.batch, workers, mechanisms=call.mechanisms)
    judge.left_out = left_out
    unit, kinds = starts(prior, compiled.particles[:, prior.columns] if call.case.posterior is not None else None, search, seed)
    wide = ((2.0, generations // 3),) if generations >= 3 else ()
    state = None if done is None else done.with_suffix(".state.npz")
    if state is not None:
        folder.mkdir(parents=True, exist_ok=True)
    if state is not None and state.exists():
        fit = Fit(compiled, prior, len(kinds), search.size, search.batch, seed, search.moves, widths=wide)
        fit.load(state)
    else:
        fit = fitting.begin(compiled, judge, len(kinds), search.size, search.batch, seed, prior=prior, moves=search.moves, widths=wide, unit=unit)
    say = None if tell is None else (lambda note: tell(f"  generation {note['generation']} of {generations}: mean {note['mean']}"))
    # Widths of the first generations differ, so a climb is told in the coded width: the first generation's start is judged again.
    judge.width = 1.0
    before = judge(judge.rows(prior, prior.values(unit[:, : search.size].reshape(-1, len(prior.names)))), CHOICE).reshape(len(kinds), -1)
    fitting.run(fit, judge, generations, state, say)
    judge.width = 1.0
    rows = judge.rows(prior, fit.particles())
    fresh = np.mean([judge(rows, CHOICE + k * search.batch) for k in range(search.choice)], axis=0)
    found = _chosen(call, fit, kinds, fresh, before, histories)
    judge.left_out = frozenset()
    if done is not None:
        _write(done, key, found)
        state.unlink(missing_ok=True)
    return found


def _chosen(call: Call, fit: Fit, kinds: tuple[str, ...], fresh: np.ndarray, before: np.ndarray, histories: int) -> dict[str, Refit]:
    """The better half of each kind's last vectors, by island and place."""
    values, island = fit.particles(), np.repeat(np.arange(len(kinds)), fit.size)
    found = {}
    for kind in dict.fromkeys(kinds):
        mine = np.flatnonzero(np.array(kinds)[island] == kind)
        take = np.sort(mine[np.argsort(-fresh[mine], kind="stable")[: (len(mine) + 1) // 2]])
        start = float(before[np.array(kinds) == kind].mean())
        found[kind] = Refit(
            call.case.name, kind, fit.prior.names, values[take], island[take], fresh[take], (start, float(fresh[mine].mean())), histories
        )  # fmt: skip
    return found


# -- kept searches


def _key(call: Call, generations: int, search: Search, seed: int, left_out: frozenset[str]) -> str:
    text = json.dumps([call.identity, vars(search), generations, seed, WIDEN, sorted(left_out)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(path: Path, key: str, found: dict[str, Refit]) -> None:
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as file:
        arrays = {f"{kind}/{name}": getattr(r, name) for kind, r in found.items() for name in ("values", "island", "score")}
        about = {kind: [r.case, list(r.names), list(r.climbed), r.histories] for kind, r in found.items()}
        np.savez(file, key=key, about=json.dumps(about), **arrays)
    part.replace(path)


def _read(path: Path, key: str) -> dict[str, Refit]:
    try:
        with np.load(path) as file:
            if str(file["key"]) != key:
                raise ValueError("another key")
            about = json.loads(str(file["about"]))
            return {
                kind: Refit(case, kind, tuple(names), *(file[f"{kind}/{x}"] for x in ("values", "island", "score")), tuple(climbed), histories)
                for kind, (case, names, climbed, histories) in about.items()
            }
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise Faults([Fault(str(path), 0, 0, f"cannot be read as a refit ({error})", "a file written by politburo; delete it to search again")]) from None
