"""Which claims are about the same thing: proposals, to be confirmed by file.

Two claims are joined when they say the same *kind* of thing (predicates are grouped: leaving an office, entering one,
dying, ...) of a common *person*, about a compatible *object*, and their times allow it. What can happen only once
(birth, death, the founding of an organ, the disaster of a year) ignores dates, because there a difference is a
conflict and not a second event; everything else may differ by two years at most, since a slip in a date is seldom
larger and a second removal seldom sooner. Numbers are joined on unit, what is counted, who and where, when their years
overlap. A claim joins the cluster to which most of its partners belong (average linkage, threshold one half).

Cost: quadratic in the claims of one person and kind.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .edtf import Bounds, parse
from .models import Claim
from .store import Record
from .vocabulary import PREDICATES

GROUPS = {
    "leave": ("removed_from", "resigned_from", "expelled_from"), "enter": ("appointed_to", "elected_to", "joined", "promoted_to", "member_of", "holds_post"),
    "replace": ("replaced", "succeeded"), "die": ("died", "executed", "killed_by", "killed_self"), "alliance": ("allied_with", "refused_alliance", "formed"),
    "exile": ("exiled_from", "deported_to"), "blame": ("accused",), "criticise": ("criticised", "attacked", "opposed"), "ill": ("suffered",),
    "withhold": ("suppressed",), "show": ("revealed", "read_out", "published"), "support": ("supported",),
}  # fmt: skip
GROUP_OF = {p: g for g, ps in GROUPS.items() for p in ps}
ONCE = {"die", "born"}
OBJECT_FREE = {
    "die",
    "born",
    "suffered",
    "ill",
    "arrested",
    "confessed",
    "tried",
    "won_vote",
    "lost_vote",
    "happened",
}
YEARS = 2 * 366
STOP_OBJECT = {"leader"}


@dataclass(frozen=True)
class Item:
    """What clustering looks at in a claim or proposal."""

    key: str
    predicate: str
    subject: tuple[str, ...]
    object: str | None
    bounds: Bounds | None
    value: tuple | None
    polarity: str = "pos"

    @property
    def group(self) -> str:
        return GROUP_OF.get(self.predicate, self.predicate)


def item_of(c: Claim) -> Item:
    """A claim as clustering sees it."""
    value = None
    if c.value:
        s = c.value.scope
        value = (c.value.unit, s.what, s.who, s.where, s.when)
    return Item(
        c.id,
        c.predicate,
        tuple(sorted(c.subject)),
        c.object,
        c.date.value.bounds() if c.date.value else None,
        value,
        c.polarity,
    )


def item_of_proposal(p) -> Item:
    """A proposal as clustering sees it."""
    value = None
    if p.value:
        s = p.value["scope"]
        value = (p.value["unit"], s.get("what", ""), s.get("who", ""), s.get("where", ""), s.get("when"))
    obj = p.object.split(",")[0] if p.object else None
    return Item(
        p.key,
        p.predicate,
        tuple(sorted(p.subject)),
        obj,
        parse(p.date).bounds() if p.date else None,
        value,
        p.polarity,
    )


def _gap(a: Bounds | None, b: Bounds | None) -> int:
    if a is None or b is None:
        return 0
    if a.high is not None and b.low is not None and a.high < b.low:
        return b.low - a.high
    if b.high is not None and a.low is not None and b.high < a.low:
        return a.low - b.high
    return 0


def likeness(a: Item, b: Item) -> float:
    """0 to 1: how likely the two are about the same thing."""
    if (a.value is None) != (b.value is None):
        return 0.0
    if a.value is not None and b.value is not None:
        return _numbers(a, b)
    if a.group != b.group:
        return 0.0
    shared = set(a.subject) & set(b.subject)
    if (
        not shared
        and a.predicate == b.predicate
        and a.object == b.object
        and a.object
        and PREDICATES[a.predicate].subject_single
    ):
        return 0.6 if _gap(a.bounds, b.bounds) == 0 else 0.0  # who did it is the question
    crossed = a.group in ("alliance", "criticise") and (b.object in a.subject and a.object in b.subject)
    if not shared and not crossed and (a.subject or b.subject):
        return 0.0
    if not a.subject and not b.subject and a.object != b.object:
        return 0.0
    if a.group in ONCE:
        return 0.95 if a.predicate == b.predicate else 0.85
    if a.group not in OBJECT_FREE:
        same = (
            a.object == b.object
            or a.group in ("alliance", "exile", "replace")
            and (a.object in b.subject or b.object in a.subject or None in (a.object, b.object))
        )
        if not same and not (a.group == "exile"):
            return 0.0
    elif a.object != b.object and a.group not in ("die", "ill") and None not in (a.object, b.object):
        return 0.0
    gap = _gap(a.bounds, b.bounds)
    if gap > YEARS or (a.group == "ill" and gap > 60):
        return 0.0
    jaccard = len(shared) / max(1, len(set(a.subject) | set(b.subject))) if a.subject or b.subject else 0.6
    score = 0.55 + 0.3 * max(jaccard, 0.5 if crossed else 0.0) - 0.2 * (gap / YEARS)
    if a.group in OBJECT_FREE - ONCE and (a.bounds is None or b.bounds is None):
        score -= 0.15
    return score


def _numbers(a: Item, b: Item) -> float:
    (u1, w1, who1, where1, when1), (u2, w2, who2, where2, when2) = a.value, b.value
    if u1 != u2 or (where1 and where2 and where1 != where2):
        return 0.0
    t1 = parse(when1).bounds() if when1 else a.bounds
    t2 = parse(when2).bounds() if when2 else b.bounds
    if _gap(t1, t2) > 0 or (bool(when1) != bool(when2) and a.subject != b.subject):
        return 0.0
    if (
        when1
        and when2
        and t1 != t2
        and not (t1.within(t2) and t2.within(t1))
        and (t1.days or 10**6) * 3 < (t2.days or 10**6)
    ):
        return 0.0
    words1, words2 = set((w1 + " " + who1).split()), set((w2 + " " + who2).split())
    overlap = len(words1 & words2) / max(1, min(len(words1), len(words2)))
    same = GROUP_OF.get(a.predicate, a.predicate) == GROUP_OF.get(b.predicate, b.predicate)
    subjects = bool(set(a.subject) & set(b.subject)) or not a.subject or not b.subject
    return overlap * (0.8 if same else 0.5) * (1.0 if subjects else 0.4)


def propose_clusters(items: Sequence[Item], threshold: float = 0.5) -> dict[str, int]:
    """A cluster number for every item's key."""
    blocks: dict[tuple, list[int]] = defaultdict(list)
    for i, x in enumerate(items):
        if x.value is not None:
            blocks[("number", x.value[0])].append(i)
        elif x.subject:
            if PREDICATES[x.predicate].subject_single:
                blocks[(x.predicate, "", x.object)].append(i)
            for s in x.subject:
                blocks[(x.group, s)].append(i)
            if x.group in ("alliance", "criticise") and x.object:
                blocks[(x.group, x.object)].append(i)
        else:
            blocks[(x.group, "", x.object)].append(i)
    links: dict[int, dict[int, float]] = defaultdict(dict)
    for members in blocks.values():
        for n, i in enumerate(members):
            for j in members[n + 1 :]:
                if j not in links[i]:
                    score = likeness(items[i], items[j])
                    if score >= threshold:
                        links[i][j] = links[j][i] = score
    cluster = list(range(len(items)))
    groups = {i: [i] for i in cluster}
    for score, i, j in sorted(
        ((s, i, j) for i, to in links.items() for j, s in to.items() if i < j),
        key=lambda x: (-x[0], x[1], x[2]),
    ):
        a, b = cluster[i], cluster[j]
        if a == b:
            continue
        total = sum(links[x].get(y, 0.0) for x in groups[a] for y in groups[b])
        if total / (len(groups[a]) * len(groups[b])) >= threshold:
            for y in groups[b]:
                cluster[y] = a
            groups[a] += groups.pop(b)
    return {items[i].key: cluster[i] for i in range(len(items))}


class Joiner:
    """Finds the cluster of a record that a new claim belongs to."""

    def __init__(self, record: Record):
        self.blocks: dict[tuple, list[tuple[Item, str]]] = defaultdict(list)
        for c in record.claims:
            self.add(item_of(c), c.cluster)

    def add(self, item: Item, cluster: str) -> None:
        """Make a claim known under its cluster."""
        for key in self._keys(item):
            self.blocks[key].append((item, cluster))

    @staticmethod
    def _keys(item: Item) -> list[tuple]:
        if item.value is not None:
            return [("number", item.value[0])]
        keys = [(item.group, s) for s in item.subject]
        if item.group in ("alliance", "criticise") and item.object:
            keys.append((item.group, item.object))
        return keys or [(item.group, "", item.object)]

    def join(self, item: Item, threshold: float = 0.5) -> tuple[str | None, float]:
        """The best cluster by average likeness over its claims, or None."""
        total: Counter[str] = Counter()
        size: Counter[str] = Counter()
        seen: set[tuple[str, str]] = set()
        for key in self._keys(item):
            for other, cluster in self.blocks.get(key, ()):
                if (other.key, cluster) not in seen:
                    seen.add((other.key, cluster))
                    total[cluster] += likeness(item, other)
                    size[cluster] += 1
        best = max(total, key=lambda c: (total[c] / size[c], c), default=None)
        if best is None or total[best] / size[best] < threshold:
            return None, 0.0
        return best, total[best] / size[best]


def b_cubed(gold: dict[str, object], found: dict[str, object]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F of `found` against `gold` (Bagga and Baldwin, 1998); keys in both are compared."""
    keys = [k for k in gold if k in found]
    by_gold, by_found = defaultdict(set), defaultdict(set)
    for k in keys:
        by_gold[gold[k]].add(k)
        by_found[found[k]].add(k)
    p = r = 0.0
    for k in keys:
        both = len(by_gold[gold[k]] & by_found[found[k]])
        p += both / len(by_found[found[k]])
        r += both / len(by_gold[gold[k]])
    n = max(1, len(keys))
    p, r = p / n, r / n
    return p, r, (2 * p * r / (p + r) if p + r else 0.0)
