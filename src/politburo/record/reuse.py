"""Who copied whom: passages that texts share, verbatim, edited or in paraphrase.

1. *Copies.* Each sentence is the set of its word trigrams. An inverted index over trigrams gives, for every sentence,
   the sentences of other texts that share some; a trigram found in more than `COMMON` sentences says nothing and is
   skipped. A pair whose overlap |A & B| / min(|A|, |B|) reaches 0.5 is a copy, and so is one from 0.25 on whose words,
   aligned, agree by 70 per cent (rapidfuzz, a normalised insertion-deletion similarity). Equal words: verbatim; else
   edited, with the changed words.
2. *Paraphrases.* Among the rest, sentences that are each other's best by the cosine of TF-IDF vectors of content words
   (stems of five letters): from 0.40 on, or from 0.25 on between two texts that have three pairs from 0.40 on. They
   are proposals to be confirmed.
3. *Passages.* Pairs that follow one another in both texts are joined.
4. *Families.* Texts (parts) of which a tenth of the shorter, or five sentences, are copies share one witness.

Growth: linear in text for the index; linear in the number of sharing pairs afterwards, so quadratic only where
everybody copies everybody. Measured in benchmarks/record_reuse.py. On measuring trigrams and thresholds: Broder, *On
the resemblance and containment of documents*, 1997; the figures for this record are in benchmarks/results/record.md.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from ..faults import Fault, Faults
from .text import Sentence, sentences, words

COMMON = 60
OVERLAP, ALIGNED_FROM, ALIGNED = 0.5, 0.25, 70.0
LEAST_SHARED = 4  # trigrams; so that a heading is not a copy of a sentence
COSINE, COSINE_ALONE, STRONG_PAIRS = 0.25, 0.40, 3
MIN_WORDS = 5
_STOP = set(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "and",
        "or",
        "but",
        "as",
        "that",
        "which",
        "who",
        "whom",
        "whose",
        "this",
        "these",
        "those",
        "it",
        "its",
        "he",
        "his",
        "him",
        "she",
        "her",
        "they",
        "their",
        "them",
        "was",
        "were",
        "is",
        "are",
        "be",
        "been",
        "being",
        "had",
        "has",
        "have",
        "having",
        "not",
        "no",
        "nor",
        "so",
        "than",
        "then",
        "also",
        "into",
        "out",
        "over",
        "under",
        "after",
        "before",
        "during",
        "until",
        "when",
        "while",
        "there",
        "here",
        "all",
        "any",
        "some",
        "such",
        "more",
        "most",
        "other",
        "only",
        "own",
        "same",
        "very",
        "can",
        "could",
        "would",
        "should",
        "will",
        "may",
        "might",
        "must",
        "did",
        "do",
        "does",
        "one",
        "two",
    ]
)


@dataclass(frozen=True)
class Change:
    """A run of words that differs: what stood in a, what stands in b (either may be empty)."""

    a: str
    b: str


@dataclass
class Passage:
    """A stretch of text `a` that recurs in text `b`; places in code points."""

    a: str
    a_start: int
    a_end: int
    b: str
    b_start: int
    b_end: int
    kind: str  # verbatim, edited, paraphrase
    similarity: float  # 0 to 1
    changes: list[Change] = field(default_factory=list)
    sentences: int = 1


@dataclass
class _Unit:
    text: str
    sentence: Sentence
    words: list[str]
    grams: frozenset[tuple[str, str, str]]
    number: int


def _units(texts: Mapping[str, str]) -> list[_Unit]:
    out = []
    for name, text in texts.items():
        for i, s in enumerate(sentences(text)):
            w = words(text[s.start : s.end])
            if len(w) >= MIN_WORDS:
                out.append(_Unit(name, s, w, frozenset(zip(w, w[1:], w[2:])), i))
    return out


def changes(a: list[str], b: list[str]) -> list[Change]:
    """The differing runs of two word lists."""
    return [
        Change(" ".join(a[i:j]), " ".join(b[k:m]))
        for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
        if tag != "equal"
    ]


def find_reuse(texts: Mapping[str, str], paraphrases: bool = True) -> list[Passage]:
    """Passages shared by different texts, in order of the first text. `texts` maps a name to its text."""
    units = _units(texts)
    pairs = _copies(units)
    if paraphrases:
        pairs += _paraphrases(units, {i for p in pairs for i in p[:2]})
    return _join(units, pairs)


def _copies(units: list[_Unit]) -> list[tuple[int, int, str, float]]:
    try:
        from rapidfuzz import fuzz
    except ImportError:
        raise Faults([Fault("reuse", 0, 0, "the package rapidfuzz is missing", "pip install politburo[read]")]) from None

    index: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for i, u in enumerate(units):
        for g in u.grams:
            index[g].append(i)
    found = []
    for i, u in enumerate(units):
        shared: Counter[int] = Counter()
        for g in u.grams:
            holders = index[g]
            if len(holders) <= COMMON:
                for j in holders:
                    if j > i and units[j].text != u.text:
                        shared[j] += 1
        for j, n in shared.items():
            v = units[j]
            overlap = n / max(1, min(len(u.grams), len(v.grams)))
            if overlap < ALIGNED_FROM or n < 2:
                continue
            if u.words == v.words:
                found.append((i, j, "verbatim", 1.0))
                continue
            ratio = fuzz.ratio(u.words, v.words)
            if (overlap >= OVERLAP and n >= LEAST_SHARED) or ratio >= ALIGNED:
                found.append((i, j, "edited", round(max(overlap, ratio / 100), 3)))
    return found


def _stem(word: str) -> str:
    return word.removesuffix("'s")[:5]


def _paraphrases(units: list[_Unit], taken: set[int]) -> list[tuple[int, int, str, float]]:
    import numpy as np

    free = [i for i in range(len(units)) if i not in taken]
    bags = [Counter(_stem(w) for w in units[i].words if w not in _STOP and len(w) > 2) for i in free]
    df = Counter(t for bag in bags for t in bag)
    n = max(1, len(free))
    limit = max(40, n // 50)
    vectors: list[dict[str, float]] = []
    postings: dict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
    for k, bag in enumerate(bags):
        weights = {t: (1 + math.log(c)) * math.log(1 + n / df[t]) for t, c in bag.items()}
        norm = math.sqrt(sum(w * w for w in weights.values())) or 1.0
        vectors.append({t: w / norm for t, w in weights.items()})
        for t, w in vectors[-1].items():
            postings[t][0].append(k)
            postings[t][1].append(w)
    arrays = {t: (np.array(p), np.array(w)) for t, (p, w) in postings.items() if 1 < len(p) <= limit}
    owner = np.array([hash(units[i].text) for i in free])
    best: dict[int, dict[int, tuple[float, int]]] = defaultdict(dict)
    for k, vector in enumerate(vectors):
        if len(vector) < 3:
            continue
        parts = [(arrays[t], w) for t, w in vector.items() if t in arrays]
        if not parts:
            continue
        places = np.concatenate([p for (p, _), _ in parts])
        values = np.concatenate([v * w for (_, v), w in parts])
        where, inverse = np.unique(places, return_inverse=True)
        score = np.bincount(inverse, weights=values)
        keep = (score >= COSINE * 0.8) & (owner[where] != owner[k])
        for j, s in zip(where[keep], score[keep]):
            if len(vectors[j]) < 3:
                continue
            full = sum(w * vectors[j].get(t, 0.0) for t, w in vector.items())
            o = int(owner[j])
            if full >= COSINE and full > best[k].get(o, (0.0, -1))[0]:
                best[k][o] = (float(full), int(j))
    out = []
    for k, others in best.items():
        for _, (s, j) in others.items():
            if k < j and best[j].get(int(owner[k]), (0, -1))[1] == k:
                shared = [t for t in vectors[k] if t in vectors[j]]
                if len(shared) >= 3:
                    out.append((free[k], free[j], "paraphrase", round(s, 3)))
    strong = Counter(frozenset((units[i].text, units[j].text)) for i, j, _, s in out if s >= COSINE_ALONE)
    return [
        x
        for x in out
        if x[3] >= COSINE_ALONE or strong[frozenset((units[x[0]].text, units[x[1]].text))] >= STRONG_PAIRS
    ]


def _join(units: list[_Unit], pairs: list[tuple[int, int, str, float]]) -> list[Passage]:
    """Runs of pairs adjacent in both texts, of the same nature (copied or paraphrased)."""
    out: list[Passage] = []
    pairs = sorted(
        ((units[i].text, units[j].text, i, j, k, s) for i, j, k, s in pairs),
        key=lambda x: (x[0], x[1], x[2], x[3]),
    )
    last: tuple | None = None
    for ta, tb, i, j, kind, score in pairs:
        a, b = units[i], units[j]
        difference = [] if kind != "edited" else changes(a.words, b.words)
        open_ = out[-1] if out else None
        if last and open_ and kind != "paraphrase" and open_.kind != "paraphrase" and (ta, tb) == last[:2]:
            if i in (last[2], last[2] + 1) and j in (last[3], last[3] + 1):
                n = open_.sentences
                open_.a_end, open_.b_end = max(open_.a_end, a.sentence.end), max(open_.b_end, b.sentence.end)
                open_.similarity = round((open_.similarity * n + score) / (n + 1), 3)
                open_.sentences += 1
                open_.changes += difference
                open_.kind = "verbatim" if open_.kind == kind == "verbatim" else "edited"
                last = (ta, tb, i, j)
                continue
        out.append(
            Passage(
                ta,
                a.sentence.start,
                a.sentence.end,
                tb,
                b.sentence.start,
                b.sentence.end,
                kind,
                score,
                difference,
            )
        )
        last = (ta, tb, i, j)
    return out


def families(
    texts: Mapping[str, str], passages: list[Passage], share: float = 0.1, least: int = 5
) -> list[list[str]]:
    """Texts grouped by copying (paraphrases do not count until confirmed): each group is one witness."""
    parent = {t: t for t in texts}

    def root(t: str) -> str:
        while parent[t] != t:
            t = parent[t]
        return t

    copied: Counter[tuple[str, str]] = Counter()
    count: Counter[tuple[str, str]] = Counter()
    for p in passages:
        if p.kind != "paraphrase":
            copied[(p.a, p.b)] += min(p.a_end - p.a_start, p.b_end - p.b_start)
            count[(p.a, p.b)] += p.sentences
    for (a, b), n in copied.items():
        shorter = max(1, min(len(texts[a]), len(texts[b])))
        if n / shorter >= share or count[(a, b)] >= least:
            parent[root(a)] = root(b)
    groups: dict[str, list[str]] = defaultdict(list)
    for t in texts:
        groups[root(t)].append(t)
    return sorted(sorted(g) for g in groups.values())


def part_texts(record, folder) -> dict[str, str]:
    """The text of every part whose source file is in `folder`, padded so that places are those of the file."""
    from .locate import source_text

    out = {}
    for s in record.sources:
        text = source_text(s, folder)
        if text is not None:
            for p in s.parts:
                out[p.id] = text[p.start : p.end]
    return out
