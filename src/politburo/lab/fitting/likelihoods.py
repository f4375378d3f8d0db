"""Likelihoods of recorded facts: how probable the record is when a history happened and was recorded with error.

Theory. A history h answers a question with x_h (a month, a number, yes or no, a list, an order, or *never*). What stands in
the record is y, which is x seen through an observation error that is stated beforehand: p(y | x). The likelihood of the
record under an ensemble is the mixture over its histories,

    p(y) = (1 / H) sum_h p(y | x_h),

the kernel estimate of approximate Bayesian computation, and exact for a model that includes this error (Wilkinson 2013).
Each p(. | x) here is a proper distribution over everything that could have been recorded, *never* included, so that
log likelihoods of different models of the same fact can be compared (the logarithmic score, Good 1952).

    Date      month ~ x + Normal(0, width), cut into months and to the span; the record may be an interval of months
    Count     whole number ~ x + Normal(0, half the admitted range), cut to 0 .. most
    Share     whole per cent ~ x + Normal(0, half the admitted range), cut to 0 .. 100
    Amount    a quantity ~ x + Normal(0, half the admitted range), in cells of a quarter of that
    Happened  yes or no, taken for the other with probability slip / 2
    Never     the same, for a fact that something did not happen
    Overlap   every person is put in or left out of the list wrongly with probability `misplaced`
    Order     a neighbour pair is exchanged with probability `swap` (Mallows 1957); ties of a history are broken evenly

With probability `slip` the record has nothing to do with the history and is any answer alike (1 in 100: assumed), which
keeps one impossible history, or one wrong date, from deciding everything. A Date, Count or Share that never came about in a history is
recorded as *never*, but for the slip.

The mean closeness J (politburo.lab.targets) is the other summary of the same facts: bounded, forgiving, no probability.
Cost: one look-up a history, for lists one comparison a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import permutations
from math import erf, sqrt

import numpy as np

SLIP = 0.01
LIST_ERROR = 0.05
SWAP_ERROR = 0.2
REACH = 30.0


def log_mean(logs: np.ndarray) -> float:
    """log of the mean of exp(logs), without overflow."""
    top = float(logs.max())
    return top + float(np.log(np.exp(logs - top).mean())) if np.isfinite(top) else top


@dataclass(frozen=True)
class Fact:
    """What every likelihood knows of its target: name, question, the record in words, evidence label, coded weight."""

    id: str
    question: str = ""
    record: str = ""
    evidence: str = "assumed"
    weight: float = 1.0
    fitted: bool = True


@dataclass(frozen=True)
class Likelihood:
    """Common part: p(record | answer of a history). `x` holds one answer a history, NaN or -1 = never."""

    fact: Fact

    def log_each(self, x: np.ndarray) -> np.ndarray:
        """log p(record | x_h), shape (H,)."""
        raise NotImplementedError

    def log(self, x: np.ndarray) -> float:
        """log p(record) under the ensemble."""
        return log_mean(self.log_each(x))

    def error(self, x: np.ndarray) -> float:
        """Standard error of `log` from the number of histories (delta method)."""
        p = np.exp(self.log_each(x))
        return float(p.std(ddof=1) / sqrt(len(p)) / p.mean()) if len(p) > 1 else float("nan")

    def surprise(self, x: np.ndarray) -> float:
        """Probability that a recorded history lies at least as far out as the record, two-sided: 1 in the middle, 0 outside."""
        raise NotImplementedError

    def closeness_each(self, x: np.ndarray) -> np.ndarray:
        """Closeness of each history to the record in [0, 1], as J has it: for records that were drawn and are in no case file."""
        raise NotImplementedError

    def draw(self, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """What a recorder would write down for each history: a synthetic record, as the answer's own kind."""
        raise NotImplementedError

    def recorded(self, y) -> Likelihood:
        """The same question with another record, for example one that was drawn."""
        raise NotImplementedError

    def chart(self, x: np.ndarray):
        """An Altair chart of the record beside the ensemble. Needs the extra `plots`."""
        from .likelihood_charts import chart

        return chart(self, x)


def _normal_rows(count: int, sd: float) -> np.ndarray:
    """Row x: Normal(x, sd) cut into unit bins around 0 .. count - 1 and made to sum to one."""
    edges = (np.arange(-count, count + 1) + 0.5) / (sd * sqrt(2))
    bins = np.diff(np.array([0.5 * (1 + erf(e)) for e in edges]))  # mass of a difference of 1 - count .. count
    difference = np.arange(count)[None, :] - np.arange(count)[:, None] + count - 1
    rows = bins[difference]
    return rows / rows.sum(axis=1, keepdims=True)


@dataclass(frozen=True)
class Grid(Likelihood):
    """A fact whose answers are 0 .. count - 1, and *never* as the last answer when `misses` (that number is `count`)."""

    low: int = 0
    high: int = 0  # the record: any answer from low to high
    sd: float = 1.0
    count: int = 2
    misses: bool = True
    slip: float = SLIP

    @property
    def never(self) -> int:
        """The number of the answer *never*."""
        return self.count

    @cached_property
    def kernel(self) -> np.ndarray:
        """p(y | x), rows sum to one; with `misses` the last row and column are *never*."""
        size = self.count + self.misses
        table = np.zeros((size, size))
        table[: self.count, : self.count] = self._rows()
        if self.misses:
            table[-1, -1] = 1.0
        return (1 - self.slip) * table + self.slip / size

    def _rows(self) -> np.ndarray:
        return _normal_rows(self.count, self.sd)

    def index(self, x: np.ndarray) -> np.ndarray:
        """Answers as numbers of rows: rounded, cut to the grid, NaN to *never*."""
        x = np.asarray(x, float)
        known = np.clip(np.where(np.isfinite(x), np.rint(self._scaled(x)), 0), 0, self.count - 1).astype(np.int64)
        return np.where(np.isfinite(x), known, self.never if self.misses else 0)

    def _scaled(self, x: np.ndarray) -> np.ndarray:
        return x

    def log_each(self, x: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):  # without a slip some histories are impossible
            return np.log(self.kernel[:, self.low : self.high + 1].sum(axis=1))[self.index(x)]

    def closeness_each(self, x: np.ndarray) -> np.ndarray:
        at = self.index(x).astype(float)
        away = np.clip(at, self.low, self.high) - at
        bell = np.exp(-((away / self.sd) ** 2) / 2)
        if self.misses:
            bell[(at == self.never) != (self.low == self.never)] = 0.0
        return bell

    def predictive(self, x: np.ndarray) -> np.ndarray:
        """Probability of every answer as it would be recorded."""
        return np.bincount(self.index(x), minlength=len(self.kernel)) @ self.kernel / max(1, len(x))

    def surprise(self, x: np.ndarray) -> float:
        p = self.predictive(x)
        return float(min(1.0, 2.0 * min(p[: self.high + 1].sum(), p[self.low :].sum())))

    def interval(self, x: np.ndarray, mass: float) -> tuple[int, int]:
        """Central interval of recorded answers that holds at least `mass`, as numbers of answers (never is the last)."""
        below = np.cumsum(self.predictive(x))
        tail = (1 - mass) / 2
        return int(np.searchsorted(below, tail + 1e-12)), int(min(np.searchsorted(below, 1 - tail - 1e-12), len(below) - 1))

    def draw(self, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        ladder = np.cumsum(self.kernel, axis=1)[self.index(x)]
        y = np.minimum((rng.random(len(ladder))[:, None] > ladder).sum(axis=1), len(self.kernel) - 1)
        return self._answers(y)

    def _answers(self, y: np.ndarray) -> np.ndarray:
        return np.where(y == self.never, np.nan, y.astype(float)) if self.misses else y.astype(float)

    def recorded(self, y) -> Grid:
        at = int(self.index(np.array([y]))[0])
        return replace(self, low=at, high=at)


@dataclass(frozen=True)
class Date(Grid):
    """A month, from 0 at the start of the case to count - 1; the record may be an interval, or `never` (low = high = count)."""

    start: int = 0  # year * 12 + month - 1 of month 0, for labels only


@dataclass(frozen=True)
class Count(Grid):
    """A whole number from 0 to count - 1; what is larger counts as the largest."""


@dataclass(frozen=True)
class Share(Grid):
    """A share in whole per cent, 0 to 100."""

    count: int = 101

    def _scaled(self, x: np.ndarray) -> np.ndarray:
        return 100.0 * x

    def _answers(self, y: np.ndarray) -> np.ndarray:
        return super()._answers(y) / 100.0


@dataclass(frozen=True)
class Amount(Grid):
    """A quantity: its answers are cells of a quarter of the observation error, out to REACH errors from the record's value.

    `origin` is the middle of cell 0 and `cell` their width; what lies beyond the ends counts as the end. Never is no answer.
    """

    origin: float = 0.0
    cell: float = 1.0
    misses: bool = False

    @classmethod
    def of(cls, fact: Fact, value: float, sd: float) -> Amount:
        """Around a recorded value with this observation error."""
        half = int(4 * REACH)
        return cls(fact, half, half, 4.0, 2 * half + 1, origin=value - half * sd / 4, cell=sd / 4)

    def _scaled(self, x: np.ndarray) -> np.ndarray:
        return (x - self.origin) / self.cell

    def _answers(self, y: np.ndarray) -> np.ndarray:
        return self.origin + self.cell * y


@dataclass(frozen=True)
class Happened(Grid):
    """Yes (1) or no (0)."""

    low: int = 1
    high: int = 1
    misses: bool = False

    def _rows(self) -> np.ndarray:
        return np.eye(2)

    def closeness_each(self, x: np.ndarray) -> np.ndarray:
        return (self.index(x) == self.low).astype(float)


@dataclass(frozen=True)
class Never(Happened):
    """That something did not happen up to a month; x is 1 in the histories in which it did not."""


@dataclass(frozen=True)
class Overlap(Likelihood):
    """A list of persons out of N. x: (H, N) booleans, who is on the list; `members`: (N,) the recorded list."""

    members: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    misplaced: float = LIST_ERROR

    def wrong(self, x: np.ndarray) -> np.ndarray:
        """How many persons are on one of the two lists only."""
        return (np.asarray(x, bool) ^ self.members).sum(axis=1)

    def log_each(self, x: np.ndarray) -> np.ndarray:
        d = self.wrong(x)
        return d * np.log(self.misplaced) + (len(self.members) - d) * np.log1p(-self.misplaced)

    def closeness_each(self, x: np.ndarray) -> np.ndarray:
        x = np.asarray(x, bool)
        return (x & self.members).sum(axis=1) / np.maximum((x | self.members).sum(axis=1), 1)

    def surprise(self, x: np.ndarray) -> float:
        """Share of histories whose list, recorded with error, is at least as far from all the others as the record is."""
        p = np.asarray(x, float).mean(axis=0)
        e = self.misplaced
        # Mean distance of a list to the ensemble; the error moves a history's own distance by this much on average.
        cost = np.where(np.asarray(x, bool), 1 - p, p)
        mine = ((1 - e) * cost + e * (1 - cost)).sum(axis=1)
        return float((mine >= np.where(self.members, 1 - p, p).sum() - 1e-9).mean())

    def draw(self, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        x = np.asarray(x, bool)
        return x ^ (rng.random(x.shape) < self.misplaced)

    def recorded(self, y) -> Overlap:
        return replace(self, members=np.asarray(y, bool))


@lru_cache(maxsize=64)
def _strict(record: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Every strict order of K things, and how many pairs of each are against the recorded order."""
    k = len(record)
    place = np.empty(k, int)
    place[list(record)] = np.arange(k)
    orders = np.array(list(permutations(range(k))))
    at = place[orders]
    a, b = np.triu_indices(k, 1)
    return orders, (at[:, a] > at[:, b]).sum(axis=1)


@lru_cache(maxsize=16384)
def _mallows(signature: tuple[int, ...], record: tuple[int, ...], odds: float) -> float:
    """p(record | weak order): mean over the orders that break its ties of odds ** distance / normaliser."""
    orders, distance = _strict(record)
    rank = np.array(signature)[orders]
    kept = (np.diff(rank, axis=1) >= 0).all(axis=1)
    whole = np.prod([sum(odds**j for j in range(i)) for i in range(1, len(record) + 1)])
    return float((odds ** distance[kept].astype(float)).mean() / whole)


@dataclass(frozen=True)
class Order(Likelihood):
    """In which order K persons (at most 7) meet something. x: (H, K) months, NaN never (later than any month).

    `order`: the recorded order, as numbers of columns. Those to whom it never happens are tied at the end.
    """

    order: tuple[int, ...] = ()
    swap: float = SWAP_ERROR
    slip: float = SLIP

    @property
    def odds(self) -> float:
        return self.swap / (1 - self.swap)

    def signatures(self, x: np.ndarray) -> list[tuple[int, ...]]:
        """The weak order of each history: its rank, ties sharing one."""
        filled = np.where(np.isfinite(x), x, np.inf)
        return [tuple(np.unique(row, return_inverse=True)[1].tolist()) for row in filled]

    def log_each(self, x: np.ndarray) -> np.ndarray:
        floor = self.slip / float(np.prod(np.arange(1, len(self.order) + 1)))
        return np.log([(1 - self.slip) * _mallows(s, self.order, self.odds) + floor for s in self.signatures(x)])

    def agreement(self, x: np.ndarray) -> np.ndarray:
        """Share of pairs that come in the recorded order, ties one half (Kendall)."""
        filled = np.where(np.isfinite(x), x, np.inf)[:, list(self.order)]
        a, b = np.triu_indices(len(self.order), 1)
        return ((filled[:, a] < filled[:, b]) + 0.5 * (filled[:, a] == filled[:, b])).mean(axis=1)

    def closeness_each(self, x: np.ndarray) -> np.ndarray:
        return self.agreement(x)

    def surprise(self, x: np.ndarray) -> float:
        """Share of histories whose order agrees with the others no better than the recorded one does."""
        filled = np.where(np.isfinite(x), x, np.inf)
        first = (filled[:, :, None] < filled[:, None, :]) + 0.5 * (filled[:, :, None] == filled[:, None, :])
        often = first.mean(axis=0) * (1 - np.eye(len(self.order)))
        mine = (first * often).sum(axis=(1, 2))
        place = np.argsort(self.order)
        return float((mine <= ((place[:, None] < place[None, :]) * often).sum() + 1e-9).mean())

    def draw(self, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        k = len(self.order)
        orders = list(permutations(range(k)))
        out = np.empty((len(x), k))
        for h, s in enumerate(self.signatures(x)):
            p = (1 - self.slip) * np.array([_mallows(s, o, self.odds) for o in orders]) + self.slip / len(orders)
            out[h] = np.argsort(orders[rng.choice(len(orders), p=p / p.sum())])
        return out

    def recorded(self, y) -> Order:
        return replace(self, order=tuple(int(i) for i in np.argsort(y, kind="stable")))


def composite(logs: np.ndarray, weights: np.ndarray) -> float:
    """Weighted sum over facts of log p(fact): each fact by itself, as if facts of a history were independent.

    logs : (H, facts) log p(record | history). Steady already with a few dozen histories; no likelihood of the whole record, because
    falls of one history hang together, so a posterior made with it is too narrow.
    """
    top = logs.max(axis=0)
    return float((weights * (top + np.log(np.exp(logs - top).mean(axis=0)))).sum())


def independence(logs: np.ndarray) -> float:
    """What a set of facts is worth, as a share of so many independent ones, in (0, 1]: the power to take a composite to.

    logs : (truths, records, vectors, facts) log p(record's fact | vector) of synthetic records, several from each true vector.
    Were facts independent given the truth, the variance over its records of what separates the vectors would be the sum of the
    facts' variances; hanging together makes it larger, and the composite too sure by that ratio (magnitude adjustment of a
    composite likelihood, Pauli, Racugno and Ventura 2011, with one ratio for all directions).
    """
    apart = logs - logs.mean(axis=2, keepdims=True)
    apart = apart - apart.mean(axis=1, keepdims=True)
    whole = float((apart.sum(axis=3) ** 2).mean())
    return float(min(1.0, (apart**2).mean(axis=(0, 1, 2)).sum() / whole)) if whole > 0 else 1.0


def joint(logs: np.ndarray) -> tuple[float, float]:
    """log p(all facts together) = log mean_h prod_f p(f | h), and the number of histories that carry it (Kish).

    The likelihood of the whole record. With many facts a handful of histories carries it, and then it is mostly luck.
    """
    sums = logs.sum(axis=1)
    p = np.exp(sums - sums.max())
    return log_mean(sums), float(p.sum() ** 2 / (p**2).sum())
