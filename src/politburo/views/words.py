"""The words of every view: months, people, organs, sanctions, shares, in the language of the case.

Nothing is computed here and no file's id is ever shown: a person appears under the display name of the case, in
full where a text first names him and by the part of the name that his id repeats afterwards (`mao_zedong` has no such
part, so the whole name is used: we do not guess which word of a name is the surname).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..case.compile import Compiled
    from ..case.values import Month

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def plain(text: str) -> str:
    """Lower case without accents: `Čapek` and `capek` are the same name."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def month_name(month: Month, brief: bool = False) -> str:
    """`December 1925`; brief: `Dec 1925`."""
    name = MONTHS[month.month - 1]
    return f"{name[:3] if brief else name} {month.year}"


def percent(share: float, digits: int = 0) -> str:
    """A share in words: `87%`; never a false certainty such as `0%` for something that happened now and then."""
    if share != share:
        return "-"
    shown = round(100 * share, digits)
    if share > 0 and shown == 0:
        return f"under {10**-digits:g}%"
    if share < 1 and shown == 100:
        return f"over {100 - 10**-digits:g}%"
    return f"{shown:.{digits}f}%"


def series(items: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def upper(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 history`, `200 histories`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def interval(hits: float, trials: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval for a share seen `hits` times in `trials` (95 % by default)."""
    if trials <= 0:
        return (0.0, 1.0)
    share = hits / trials
    denominator = 1 + z * z / trials
    middle = (share + z * z / (2 * trials)) / denominator
    half = z * ((share * (1 - share) + z * z / (4 * trials)) / trials) ** 0.5 / denominator
    low = 0.0 if hits <= 0 else min(share, max(0.0, middle - half))
    high = 1.0 if hits >= trials else max(share, min(1.0, middle + half))
    return (low, high)


class Words:
    """The words of one compiled case."""

    def __init__(self, compiled: Compiled):
        self.compiled = compiled
        self.case = compiled.case
        header = self.case.header
        self.circle = header.circle_name or self.case.circle.name
        self.committee = header.committee_name or self.case.committee.name
        self.assembly = header.assembly_name or self.case.assembly.name
        self.full = compiled.names
        self.brief = tuple(
            self._brief(key, name) for key, name in zip(compiled.people, compiled.names, strict=True)
        )
        self.places = tuple(self.case.localities[key].name for key in compiled.places)
        self.posts = tuple(self.case.posts[key].name for key in compiled.posts)
        self.issues = tuple(self.case.issues[key].name for key in compiled.issues)

    @staticmethod
    def _brief(key: str, name: str) -> str:
        for word in reversed(name.split()):
            if plain(word).replace("-", "_") == key or plain(word).replace("-", "") == key:
                return word
        return name

    def person(self, who: int | str, full: bool = False) -> str:
        """Name of a person by number or id; `nobody` for -1."""
        if isinstance(who, str):
            who = self.compiled.people.index(who)
        if who < 0:
            return "nobody"
        return (self.full if full else self.brief)[int(who)]

    def people(self, who: Iterable[int | str]) -> str:
        """Several people: `Stalin, Zinoviev and Kamenev`."""
        return series(self.person(i) for i in who) or "nobody"

    def month(self, t: float, brief: bool = False) -> str:
        """Month number t in words."""
        return month_name(self.compiled.month(int(round(float(t)))), brief)

    def organ(self, key: str) -> str:
        """What an organ is called in running text."""
        organ = self.case.organs[key]
        return {"circle": self.circle, "committee": self.committee, "assembly": self.assembly}.get(
            organ.role, organ.name
        )

    def find(self, text: str) -> int | None:
        """The number of the person called `text` (id, display name or a part of it); None when nobody or several are."""
        wanted = plain(text.strip())
        exact = [
            i
            for i, key in enumerate(self.compiled.people)
            if wanted in (key, plain(self.full[i]), plain(self.brief[i]))
        ]
        if len(exact) == 1:
            return exact[0]
        part = [i for i in range(len(self.full)) if wanted in plain(self.full[i]).split()]
        return part[0] if len(part) == 1 else None

    def fell(self, rung: int) -> str:
        """What has happened to a person on a rung of the ladder, present tense: `is expelled from the party`."""
        return (
            "is untouched", "is condemned", "loses office", f"leaves the {self.circle}", f"leaves the {self.committee}",
            "is expelled from the party", "is banished", "is arrested", "is executed",
        )[rung]  # fmt: skip

    @property
    def fates(self) -> tuple[str, ...]:
        """What a person is on each rung: `out of the party`."""
        return (
            "untouched", "condemned", "without office", f"out of the {self.circle}", f"out of the {self.committee}",
            "out of the party", "banished", "arrested", "executed",
        )  # fmt: skip

    def to_sanction(self, rung: int, name: str) -> str:
        """The motion: `to remove Trotsky from the Politburo`."""
        return (
            "to leave {0} alone", "to condemn {0}", "to remove {0} from office", f"to remove {{0}} from the {self.circle}",
            f"to remove {{0}} from the {self.committee}", "to expel {0} from the party", "to banish {0}", "to have {0} arrested",
            "to have {0} executed",
        )[rung].format(name)  # fmt: skip

    def evidence(self, label: str) -> str:
        """An evidence label as it is printed."""
        return str(getattr(label, "value", label))


def ordinal_list(names: Sequence[str]) -> str:
    """An order of falls: `Trotsky, then Zinoviev, then Kamenev`."""
    return ", then ".join(names) if names else "none of them"
