"""What is kept of the arms of an experiment, one arm after another: run in memory when it is asked for, or read from a store.

With a store, or workers elsewhere, all arms are run at once and then given one by one; without, an arm is run when its turn
comes and forgotten when nobody wants it any more, so that memory holds two arms whatever their number. A history that
fails is set aside with its traceback, and twins are compared without it.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...engine import month
from ...engine.state import Kept
from ..ensembles import years
from ..ensembles.arrow import numbers
from ..ensembles.parts import Slice
from ..ensembles.parts import joined as in_order
from ..ensembles.provenance import Call
from ..ensembles.run import Progress
from .arms import Arm, engine_of, joined, kept, run_arms

#: Histories of all arms together that are kept at hand while they are stored (some 9 kB each); of more, each arm is read again.
AT_HAND = 50_000
_NO_BANDS = np.zeros((0, 0, 0), np.int64)
#: Steps in which arms in memory are run, so that a progress bar moves.
STEP = 1000


class Runner:
    """Gives what is kept of an arm: from memory, or from a store, where all arms are run at once."""

    def __init__(self, arms: Sequence[Arm], n: int, workers: int, executor: Any, store: Any, progress: Any, began: float):
        self.n, self.workers, self._progress, self._began = n, workers, progress, began
        self._folder = tempfile.TemporaryDirectory(prefix="politburo-") if executor is not None and store is None else None
        self._results: dict[str, Any] | None = None
        self.distinct = {arm.id: arm for arm in arms}
        self._done, self._calls = 0, len(self.distinct)
        self._fresh: dict[str, list[Slice]] = {}
        self.failures: list[dict] = []
        if executor is not None or store is not None:
            place = self._folder.name if self._folder is not None else store
            few = n * len(self.distinct) <= AT_HAND
            results = run_arms(arms, n, workers, executor, place, progress, fresh=self._keep if few else None)
            self._results = {arm.id: result for arm, result in zip(arms, results, strict=True)}
            text = {arm.id: arm.text for arm in arms}
            self.failures = [{"arm": text[id_], **row} for id_, result in self._results.items() for row in result.failures]
        else:
            self._say("compiling" if not all(month.is_compiled(arm.call.mechanisms) for arm in arms) else "running")
            for call in {arm.call.mechanisms: arm.call for arm in arms}.values():
                engine_of(call).run(0, call.rows(np.arange(0)))

    def _say(self, phase: str) -> None:
        if self._progress is not None:
            self._progress(Progress(phase, self._done, self.n * self._calls, 0, 0, time.monotonic() - self._began))

    def _keep(self, id_: str, slice_: Slice) -> None:
        if slice_.kept is not None:
            self._fresh.setdefault(id_, []).append(replace(slice_, kept=slice_.kept._replace(bands=_NO_BANDS)))

    def more(self, arms: int) -> None:
        """So many arms more are to come."""
        self._calls += arms

    def kept(self, arm: Arm | Call) -> tuple[np.ndarray, Kept]:
        """Numbers of the histories that are there, and what is kept of them."""
        if self._results is not None and isinstance(arm, Arm):
            slices = self._fresh.pop(arm.id, [])
            if sum(slice_.done for slice_ in slices) == self.n:
                whole = in_order(slices)
                return whole.histories, _whole_years(arm.call, whole.kept._replace(bands=_NO_BANDS))
            return _read(self._results[arm.id])
        pieces = []
        step = STEP if self._progress is not None else self.n
        try:
            for first in range(0, self.n, step):
                stop = min(first + step, self.n)
                pieces.append(kept(arm, np.arange(first, stop), self.workers))
                self._done += stop - first
                self._say("running")
        except Exception:
            if isinstance(arm, Call):
                raise
            return self._without_failures(arm)
        return np.arange(self.n), _whole_years(arm if isinstance(arm, Call) else arm.call, joined(pieces))

    def _without_failures(self, arm: Arm) -> tuple[np.ndarray, Kept]:
        """An arm of which some history fails, run as to a store: those that fail are set aside, with their tracebacks."""
        with tempfile.TemporaryDirectory(prefix="politburo-") as folder:
            (result,) = run_arms([arm], self.n, self.workers, None, folder)
            self.failures += [{"arm": arm.text, **row} for row in result.failures]
            return _read(result)

    def close(self) -> None:
        self._say("done")
        if self._folder is not None:
            self._folder.cleanup()


def _read(result: Any) -> tuple[np.ndarray, Kept]:
    """What a stored arm has: numbers of its histories, and what is kept of them with every yearly series, so that twins can be compared."""
    found = result.kept()
    if result.yearly_names:
        every = [np.moveaxis(piece, 0, 2) for piece in years.read(result._year_files, result.yearly_names, result.calendar)]
        found = found._replace(years=np.ascontiguousarray(np.concatenate(every)))
    return numbers(result.table(["history"])["history"]), found


def _whole_years(call: Call, k: Kept) -> Kept:
    """Without a last year that is not run to its end, which has no row on disk either."""
    return k._replace(years=k.years[:, : len(years.calendar(call.compiled))]) if k.years.size else k
