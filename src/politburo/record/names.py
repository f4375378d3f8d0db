"""Names: one person under many spellings.

A name list is made from the record: full names, surnames that only one person bears, and the aliases of names.yaml.
Spelling is folded before comparison, so that transliterations meet: letters lose their marks, Cyrillic is
transliterated, `y`, `ii`, `iy`, `yi`, `j` become `i`, `ye` and `je` become `e`, `kh` becomes `h`, `ts` and `tz`
become `c`, `x` becomes `ks`, apostrophes vanish, double letters become single. Matching is by whole words; the longest
match wins. A given name, an initial or a patronymic before a known surname belongs to the match if it does not
contradict the given names of its bearer.

Cost: one pass over the words of a text, one dictionary look-up per word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from .store import Record

_CYRILLIC = dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziiklmnoprstufie")) | {
    "ж": "zh", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "iu", "я": "ia", "ё": "e", "і": "i", "ї": "i", "є": "e",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’ʹʼ\u0300-\u036f](?=[^\W\d_])|-(?=[^\W\d_]))*")
_RULES = [(re.compile(a), b) for a, b in (
    (r"(?<=[aeou])i(?=e)", ""), (r"[yj]", "i"), (r"i+", "i"), (r"^ie", "e"), (r"ie", "e"), (r"kh", "h"), (r"t[sz]", "c"), (r"x", "ks"),
    (r"shch|sch", "sh"), (r"(.)\1", r"\1"))]  # fmt: skip
_OF = re.compile(r"['’]s?\b")  # a description by another person ("Lenin's widow"), not a name
TITLES = {
    "comrade",
    "marshal",
    "general",
    "premier",
    "president",
    "commissar",
    "professor",
    "academician",
    "mr",
    "mrs",
    "citizen",
    "party",
    "leader",
}
MANY_HOLDERS = 3


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """The spelling key of one word."""
    word = unicodedata.normalize("NFKD", word.lower())
    word = "".join(_CYRILLIC.get(c, c) for c in word if not unicodedata.combining(c) and c not in "'’ʹʼ`")
    word = word.replace("ł", "l")
    for pattern, to in _RULES:
        word = pattern.sub(to, word)
    return word


def words_of(text: str) -> list[tuple[str, int, int]]:
    """Words of a text with their places; a possessive 's is not part of the word."""
    out = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match.group()
        for tail in ("'s", "’s"):
            if word.lower().endswith(tail):
                end -= 2
                word = word[:-2]
        out.append((word, start, end))
    return out


@dataclass(frozen=True)
class Mention:
    """A name in a text: which entity, where, how sure (0 to 1) and by which rule."""

    entity: str
    kind: str
    start: int
    end: int
    confidence: float
    rule: str


class NameList:
    """Finds the record's names in texts."""

    def __init__(self, record: Record):
        self.kind = {k: e.kind for k, e in record.entities.items()}
        self.given: dict[str, set[str]] = defaultdict(set)
        table: dict[tuple[str, ...], set[str]] = defaultdict(set)
        surnames: dict[str, set[str]] = defaultdict(set)
        for key, e in record.entities.items():
            if e.kind in ("place", "thing") or (e.kind == "group" and not e.aliases):
                continue
            for text in (e.name, *e.aliases):
                if text == e.name and not text[0].isupper():
                    continue  # a description ("supporters of Ryutin"), not a name
                folded = tuple(fold_word(w) for w, _, _ in words_of(text))
                if folded:
                    table[folded].add(key)
                    if e.kind == "person" and len(folded) > 1 and text[0].isupper() and not _OF.search(text):
                        surnames[folded[-1]].add(key)
                        self.given[key].update(folded[:-1])
        for surname, holders in surnames.items():
            if len(holders) <= MANY_HOLDERS:
                table.setdefault((surname,), set()).update(holders)
        self.table = dict(table)
        self.surname_of = {s: frozenset(h) for s, h in surnames.items()}
        self.longest = max(map(len, self.table), default=1)
        self.cased = {k for k, es in self.table.items() if any(self.kind[e] == "person" for e in es)}

    def lookup(self, text: str) -> list[str]:
        """Entities with exactly this name, any spelling."""
        folded = tuple(fold_word(w) for w, _, _ in words_of(text))
        return sorted(self.table.get(folded, ()))

    def find(self, text: str) -> list[Mention]:
        """Mentions in order of place; longer names before shorter, no overlaps."""
        words = words_of(text)
        folded = [fold_word(w) for w, _, _ in words]
        out: list[Mention] = []
        i = 0
        while i < len(words):
            for n in range(min(self.longest, len(words) - i), 0, -1):
                key = tuple(folded[i : i + n])
                holders = self.table.get(key) or (n == 1 and self._possessive(words[i][0]))
                if holders and self._joined(text, words, i, n) and self._case(words, i, n, key):
                    mention = self._mention(text, words, folded, i, n, holders, out)
                    if mention:
                        inner = (
                            self.table.get((folded[i],))
                            if n > 1 and words[i][2] < words[i + 1][1] and text[words[i][2]] in "'’"
                            else None
                        )
                        if inner and mention.kind == "person":  # "Lenin's widow" names Lenin too
                            who = sorted(h for h in inner if self.kind[h] == "person")[:1]
                            out += [
                                Mention(h, "person", words[i][1], words[i][2], 0.9, "possessor") for h in who
                            ]
                        out.append(mention)
                        i += n
                        break
            else:
                i += 1
        return out

    def _possessive(self, word: str) -> set[str] | None:
        """A possessive that lost its apostrophe ("Lenins funeral"), for persons only."""
        if len(word) > 4 and word.endswith("s") and word[0].isupper():
            holders = self.table.get((fold_word(word[:-1]),))
            if holders and all(self.kind[h] == "person" for h in holders):
                return holders
        return None

    @staticmethod
    def _joined(text: str, words: list, i: int, n: int) -> bool:
        """Nothing but spaces, hyphens, dots or a possessive between the words of a name."""
        for a, b in zip(words[i : i + n], words[i + 1 : i + n]):
            if len(between := text[a[2] : b[1]]) > 4 or re.sub(r"['’]s|[\s.'’-]", "", between):
                return False
        return True

    def _case(self, words: list, i: int, n: int, key: tuple[str, ...]) -> bool:
        """Names begin with a capital; organs named by common words may not ("the central committee")."""
        if words[i][0][0].isupper() or words[i + n - 1][0][0].isupper():
            return words[i + n - 1][0][0].isupper() or n > 1
        return n > 1 and key not in self.cased or (n == 1 and key in LOWER)

    def _mention(
        self, text: str, words: list, folded: list[str], i: int, n: int, holders: set[str], out: list[Mention]
    ) -> Mention | None:
        start, end = words[i][1], words[i + n - 1][2]
        if all(self.kind[h] != "person" for h in holders):
            best = sorted(holders)[0]
            return Mention(best, self.kind[best], start, end, 0.95 if n > 1 else 0.9, "organ name")
        persons = sorted(h for h in holders if self.kind[h] == "person")
        if n > 1:
            return Mention(persons[0], "person", start, end, 0.98, "full name")
        before: list[str] = []
        j, edge = i - 1, start
        while (
            j >= 0
            and len(before) < 3
            and words[j][0][0].isupper()
            and not re.sub(r"[\s.]", "", text[words[j][2] : edge])
        ):
            if out and words[j][1] < out[-1].end:
                break
            if folded[j] in TITLES or (fold_word(words[j][0]),) in self.table:
                break
            before.insert(0, folded[j])
            edge = words[j][1]
            j -= 1
        # no blank line and no sentence end between a given name and a surname
        given = [g for g in before if g not in FUNCTION]
        if given and not _broken(text[edge:start]):
            fits = [p for p in persons if any(_agrees(g, self.given[p]) for g in given)]
            if fits:
                return Mention(
                    fits[0],
                    "person",
                    edge if len(given) == len(before) else start,
                    end,
                    0.97,
                    "given name and surname",
                )
            if len(given[-1]) > 2 and any(self.given[p] for p in persons) and given[-1] in GIVEN:
                return None  # another bearer of the surname
        if len(persons) > 1:
            last = [m.entity for m in out if m.entity in persons]
            return Mention(
                last[-1] if last else persons[0],
                "person",
                start,
                end,
                0.8 if last else 0.4,
                "surname, several bearers",
            )
        return Mention(persons[0], "person", start, end, 0.9, "surname")


def _broken(text: str) -> bool:
    return bool(re.search(r"\n|[^\W\d_]{2,}\.\s", text))


def _agrees(given: str, known: set[str]) -> bool:
    return given in known or (len(given) == 1 and any(k.startswith(given) for k in known)) or any(
        len(given) > 3 and (k.startswith(given[:4]) or given.startswith(k[:4])) for k in known if len(k) > 3)  # fmt: skip


FUNCTION = {fold_word(w) for w in ("The", "In", "On", "At", "By", "After", "Before", "When", "While", "And", "But", "With", "For", "Since",
                                   "Then", "Although", "As", "Both", "That", "This", "Until", "Under", "From", "Of", "However", "Only")}  # fmt: skip
GIVEN = {fold_word(w) for w in ("Alexander", "Alexei", "Anna", "Boris", "Dmitri", "Fyodor", "Grigory", "Ivan", "Joseph", "Konstantin", "Leonid",
                                "Lev", "Maria", "Mikhail", "Natalia", "Nikolai", "Olga", "Pavel", "Pyotr", "Sergei", "Svetlana", "Vasily",
                                "Viktor", "Vladimir", "Vyacheslav", "Yakov", "Yuri", "Andrei", "Anatoly", "Valery", "Georgy", "Semyon",
                                "Nadezhda", "Vasilii", "Stepan", "Roman", "Galina", "Ekaterina")}  # fmt: skip
LOWER = {
    (fold_word(w),)
    for w in ("politburo", "triumvirs", "triumvirate", "secretariat", "presidium", "orgburo", "comintern")
}
