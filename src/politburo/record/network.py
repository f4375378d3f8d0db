"""Order without dates: a simple temporal network over clusters, solved by shortest paths.

Every cluster i has two time points, its begin b_i and its end e_i, in days. A claim is a set of difference constraints
`x - y <= w`:

    date within [l, h]      z - b_i <= -l,   e_i - z <= h          (z is the origin, day 0)
    i before j              e_i - b_j <= 0                         (they may touch on one day)
    i during j              b_j - b_i <= 0,  e_i - e_j <= 0
    j between l and h days after i             b_j - b_i <= h,  b_i - b_j <= -l

The set is consistent exactly if the graph with an edge y -> x of weight w has no negative cycle; the shortest distances
from and to the origin are then the tightest bounds of every point (Dechter, Meiri and Pearl, *Temporal constraint
networks*, Artificial Intelligence 49, 1991). An inconsistent set is reported by the negative cycle with the fewest
constraints: the smallest group of claims that cannot all be true.

Cost: Bellman-Ford, at most 2n passes over m constraints, each pass one NumPy operation; the shortest cycle takes
O(k s m) for a cycle of k constraints among the s points that lie on any bad cycle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from .edtf import Bounds

FAR = 10**9


@dataclass(frozen=True)
class Constraint:
    """`x - y <= weight`, said by `label` (a claim or relation id); points are (cluster, "begin" or "end")."""

    x: tuple[str, str]
    y: tuple[str, str]
    weight: int
    label: str


ORIGIN = ("", "origin")


@dataclass
class Clash:
    """A smallest set of statements that cannot all hold; `labels` in the order of the cycle, each once."""

    labels: tuple[str, ...]
    clusters: tuple[str, ...]
    excess: int  # by how many days the cycle fails


@dataclass
class Solution:
    """Bounds of every cluster (first possible begin, last possible end), or the clash that prevents them."""

    bounds: dict[str, Bounds] = field(default_factory=dict)
    clash: Clash | None = None

    @property
    def consistent(self) -> bool:
        return self.clash is None


class Network:
    """Collects constraints, then `solve`s them. Adding is cheap; nothing is checked until solved."""

    def __init__(self) -> None:
        self.constraints: list[Constraint] = []
        self._clusters: dict[str, None] = {}

    def _add(self, x: tuple[str, str], y: tuple[str, str], weight: int, label: str) -> None:
        for point in (x, y):
            if point != ORIGIN:
                self._clusters.setdefault(point[0])
        self.constraints.append(Constraint(x, y, int(weight), label))

    def date(self, cluster: str, bounds: Bounds, label: str) -> None:
        """The cluster lies within these days."""
        self._clusters.setdefault(cluster)
        if bounds.low is not None:
            self._add(ORIGIN, (cluster, "begin"), -bounds.low, label)
        if bounds.high is not None:
            self._add((cluster, "end"), ORIGIN, bounds.high, label)

    def before(self, a: str, b: str, label: str) -> None:
        """`a` ends no later than `b` begins."""
        self._add((a, "end"), (b, "begin"), 0, label)

    def after(self, a: str, b: str, label: str) -> None:
        """`a` begins no earlier than `b` ends."""
        self.before(b, a, label)

    def during(self, a: str, b: str, label: str) -> None:
        """`a` lies inside `b`."""
        self._add((b, "begin"), (a, "begin"), 0, label)
        self._add((a, "end"), (b, "end"), 0, label)

    def gap(self, a: str, b: str, low: int, high: int, label: str) -> None:
        """`b` begins `low` to `high` days after `a` begins."""
        self._add((b, "begin"), (a, "begin"), high, label)
        self._add((a, "begin"), (b, "begin"), -low, label)

    def _arrays(
        self, skip: frozenset[str]
    ) -> tuple[list[tuple[str, str]], np.ndarray, np.ndarray, np.ndarray, list[str]]:
        points = [ORIGIN] + [(c, p) for c in self._clusters for p in ("begin", "end")]
        index = {p: i for i, p in enumerate(points)}
        kept = [c for c in self.constraints if c.label not in skip]
        kept += [Constraint((c, "begin"), (c, "end"), 0, "") for c in self._clusters]  # begin <= end
        source = np.array([index[c.y] for c in kept], dtype=np.int64)
        target = np.array([index[c.x] for c in kept], dtype=np.int64)
        weight = np.array([c.weight for c in kept], dtype=np.int64)
        return points, source, target, weight, [c.label for c in kept]

    def solve(self, skip: Iterable[str] = ()) -> Solution:
        """Bounds for all clusters, leaving out the statements named in `skip`; or the shortest clash."""
        points, source, target, weight, labels = self._arrays(frozenset(skip))
        forward, ok = _relax(len(points), source, target, weight, start=0)
        if not ok or not _relax(len(points), source, target, weight, start=None)[1]:
            return Solution(clash=_shortest_cycle(points, source, target, weight, labels))
        backward, _ = _relax(len(points), target, source, weight, start=0)
        index = {p: i for i, p in enumerate(points)}
        bounds = {}
        for c in self._clusters:
            high, low = forward[index[(c, "end")]], backward[index[(c, "begin")]]
            bounds[c] = Bounds(None if low >= FAR else int(-low), None if high >= FAR else int(high))
        return Solution(bounds)

    def repair(self, rank: dict[str, float], most: int = 200) -> tuple[Solution, list[Clash]]:
        """Drop, clash by clash, the statement of lowest `rank` (unranked: 0) until the rest is consistent.

        Returns the solution and every clash met; the dropped statement of a clash is its first label.
        """
        dropped: list[str] = []
        clashes: list[Clash] = []
        for _ in range(most):
            solution = self.solve(dropped)
            if solution.clash is None:
                return solution, clashes
            weakest = min(solution.clash.labels, key=lambda s: (rank.get(s, 0.0), s))
            rest = [s for s in solution.clash.labels if s != weakest]
            clashes.append(Clash((weakest, *rest), solution.clash.clusters, solution.clash.excess))
            dropped.append(weakest)
        raise ValueError(f"more than {most} clashes; the relations are not usable")


def _relax(
    n: int, source: np.ndarray, target: np.ndarray, weight: np.ndarray, start: int | None
) -> tuple[np.ndarray, bool]:
    """Bellman-Ford. `start=None` begins with 0 everywhere, which finds a negative cycle in any component."""
    distance = np.full(n, FAR, dtype=np.int64) if start is not None else np.zeros(n, dtype=np.int64)
    if start is not None:
        distance[start] = 0
    for _ in range(n + 1):
        offer = distance[source] + weight
        offer[distance[source] >= FAR] = FAR
        new = distance.copy()
        np.minimum.at(new, target, offer)
        if np.array_equal(new, distance):
            return distance, True
        distance = new
    return distance, False


def _shortest_cycle(points, source, target, weight, labels) -> Clash:
    """The negative cycle with the fewest edges: walks of k edges from every point at once, k = 1, 2, ..."""
    n = len(points)
    order = np.argsort(target, kind="stable")
    source, target, weight = source[order], target[order], weight[order]
    labels = [labels[i] for i in order]
    begins = np.flatnonzero(np.r_[True, target[1:] != target[:-1]])
    heads = target[begins]
    walk = np.full((n, n), FAR, dtype=np.int64)
    np.fill_diagonal(walk, 0)
    back: list[np.ndarray] = []
    for k in range(1, n + 1):
        offer = np.where(walk[:, source] >= FAR, FAR, walk[:, source] + weight)
        best = np.minimum.reduceat(offer, begins, axis=1)
        new = np.full((n, n), FAR, dtype=np.int64)
        new[:, heads] = best
        hit = offer == np.repeat(best, np.diff(np.r_[begins, len(target)]), axis=1)
        edge = np.full((n, n), -1, dtype=np.int32)
        numbers = np.where(hit, np.arange(len(target)), len(target))
        edge[:, heads] = np.minimum.reduceat(numbers, begins, axis=1)
        back.append(edge)
        walk = new
        loops = np.diagonal(walk)
        if loops.min() < 0:
            s = int(loops.argmin())
            at, used, clusters = s, [], []
            for step in reversed(back):
                e = int(step[s, at])
                used.append(labels[e])
                clusters.append(points[at][0])
                at = int(source[e])
            names = tuple(dict.fromkeys(x for x in reversed(used) if x))
            return Clash(names, tuple(dict.fromkeys(c for c in reversed(clusters) if c)), int(-loops.min()))
    raise AssertionError("Bellman-Ford found a cycle that walks did not")
