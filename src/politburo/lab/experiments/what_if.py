"""`what_if`: the same histories with and without a change, twin by twin.

    answer = what_if("ussr", ["rules.ban_on_factions=off"], n=2000)
    answer.unchanged                      # share of histories that come out the same
    answer.effect("rules_alone_1930", "Joseph Stalin").difference
    answer.rows()                         # everything, for a data frame

Several changes are run in all combinations (k of them make 2^k arms), so that what two do together can be told from
the sum of what each does. `apart=True` runs each by itself.

Theory: see `politburo.lab.experiments.arms` (shared luck) and `politburo.lab.experiments.paired` (intervals). An effect says what the *model* does when one
thing in it is set otherwise; it is as good as the mechanisms, and a change far from what was fitted is marked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from ...case.kept import load_kept
from ...case.schema import Case
from ...case.values import Month
from ...engine import month
from ...faults import Fault, Faults
from ..ensembles.run import Progress, cores
from .arms import Arm
from .changes import Change, read, read_all
from .comparison import Comparison, WhatIf
from .kept_arms import Runner
from .questions import Question, read_question
from .replies import unanswerable
from .side_by_side import compare

MOST_ARMS = 64
#: Twins that come out differently of which the traces are compared, to find where they part.
TRACED = 32


def what_if(
    case: Case | str | Path,
    changes: str | Change | Sequence[str | Change] = (),
    n: int = 1000,
    until: str | Month | None = None,
    seed: int = 1922,
    *,
    files: Iterable[str | Path] = (),
    outcomes: Sequence[str] = (),
    apart: bool = False,
    coder_error: bool = True,
    without: Sequence[str] = (),
    coding: bool = False,
    traces: int = TRACED,
    workers: int | None = None,
    executor: Any = None,
    store: str | Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> WhatIf:
    """Compare a case with changed twins of itself.

    Parameters
    ----------
    case : a packaged name, a directory, or a loaded case
    changes : words (see `politburo.lab.experiments.changes`), or changes already read; with `files` and no words, all that the files name
    n : histories of each arm
    until : last month to run; an earlier one saves time, and outcomes that lie after it are left out
    files : YAML files of named changes
    outcomes : questions asked besides those of the case, as sentences (`politburo.lab.experiments.questions`)
    apart : run each change by itself, not all combinations
    coder_error, without, seed : as in `run`, for every arm
    coding : also tell coder error from luck, by running every arm a second time with other luck and the same coding
    traces : how many of the twins that come out differently are traced to find where they part
    workers, executor, progress : as in `run`
    store : a directory that keeps every arm as a result of its own; without it arms are kept in memory only

    Raises `Faults` with all that is wrong before anything runs. Memory: some 9 kB a history of two arms at a time (a third of
    it without a country), and 8 bytes for each answer. Cost: the histories of all arms, and below a tenth more.
    """
    began = time.monotonic()
    files = list(files)
    changes = [changes] if isinstance(changes, str | Change) else changes  # one word is not a list of letters
    base, given, asked = _plan(case, changes, files, until, seed, outcomes, apart, coder_error, tuple(without))
    if int(n) < 1:
        raise Faults([Fault("n", 0, 0, str(n), "at least one history")])
    arms = [base, *_arms(base, given, apart)]
    workers = workers or cores()
    runner = Runner(arms, int(n), workers, executor, store, progress, began)
    try:
        comparisons, failed = compare(runner, arms, asked, coding, min(int(traces), int(n)), workers, apart)
    finally:
        runner.close()
    warnings = _warnings(given, comparisons)
    return WhatIf(base, given, int(n), tuple(comparisons), tuple(warnings), failed, tuple(runner.failures), time.monotonic() - began, base.call.compiled)


def _plan(case, changes, files, until, seed, outcomes, apart, coder_error, without) -> tuple[Arm, tuple[Change, ...], list[Question]]:
    if not isinstance(case, Case):
        case = load_kept(case, mechanisms=dict.fromkeys(month.names()))
    faults: list[Fault] = []
    given: tuple[Change, ...] = ()
    asked: list[Question] = []
    words = [c for c in changes if isinstance(c, str)]
    ready = [c for c in changes if not isinstance(c, str)]
    try:
        if words:
            given = read(case, words, files, apart)
        elif files and not ready:
            given = read_all(case, files, apart)
    except Faults as error:
        faults += error.faults
    given = (*ready, *given)
    for text in outcomes:
        try:
            asked.append(read_question(case, text))
        except Faults as error:
            faults += error.faults
    if not given and not faults:
        faults.append(Fault("changes", 0, 0, "nothing to change", "a word such as rules.ban_on_factions=off, or --changes FILE"))
    arms = len(given) if apart else 2 ** len(given) - 1
    if arms >= MOST_ARMS:
        faults.append(Fault("changes", 0, 0, f"{len(given)} changes make {arms + 1} arms", f"at most {MOST_ARMS}; each on its own with --apart"))
    base = Arm(case, (), until, seed, coder_error, without)
    try:
        base.call
        for q in asked:
            faults += unanswerable(base.call.compiled, q)
    except Faults as error:
        faults += error.faults
    if faults:
        raise Faults(faults)
    return base, given, asked


def _arms(base: Arm, changes: Sequence[Change], apart: bool) -> list[Arm]:
    if apart:
        return [base.plus(change) for change in changes]
    return [base.plus(*chosen) for k in range(1, len(changes) + 1) for chosen in combinations(changes, k)]


def _warnings(changes: Sequence[Change], comparisons: Sequence[Comparison]) -> list[str]:
    found = [f"{change.text}: {note}" for change in changes for note in change.notes]
    for c in comparisons:
        effective = any(change.effective for change in c.arm.changes)
        if effective and c.unchanged == 1.0:
            found.append(f"{c.arm.text}: no effect anywhere: every history comes out the same")
        elif effective and not any(e.clear for e in c.effects if e.kind != "closeness"):
            found.append(f"{c.arm.text}: no outcome changes by more than its interval")
    return found
