"""A case as an immutable object, and the table of files that it is read from.

`Case` is what every other room works with: named, typed entries, each value with its evidence label. It is
made by `load_case` and never changed; `with_values` gives a new, validated case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, WithJsonSchema

from ..faults import nearest
from . import aims, events, people
from .aims import Outcome, Parameter, Target
from .events import Shock, SignalValue
from .institutions import Issue, Organ, Post, Source
from .people import Bloc, Locality, Membership, Person, Tie, Trait
from .values import Cited, Id, Model, Month, Text, is_case_name

if TYPE_CHECKING:
    from .country import CountryFiles
    from .draft import Draft
    from .posterior import Posterior

T = TypeVar("T")


class Named(Mapping[str, T]):
    """An immutable, ordered mapping from ids to entries; a wrong id names the nearest right one."""

    __slots__ = ("_entries", "_what")

    def __init__(self, entries: Mapping[str, T], what: str = "entry"):
        self._entries, self._what = dict(entries), what

    def __getitem__(self, key: str) -> T:
        try:
            return self._entries[key]
        except KeyError:
            near = nearest(key, self._entries)
            raise KeyError(f"no {self._what} {key!r}" + (f"; did you mean {near}?" if near else "")) from None

    def get(self, key: str, default: Any = None) -> Any:
        return self._entries.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<{len(self)} of {self._what}: {', '.join(list(self)[:4])}{', ...' if len(self) > 4 else ''}>"


class Mechanism(Model):
    """A mechanism to run: one of the engine's by name, or a Python file beside the case."""

    name: Id | None = None
    file: str | None = None


def _mechanism(value: Any) -> Any:
    if isinstance(value, Mapping):
        if set(value) & {"name", "file"} and len(value) > 1:
            raise ValueError("a mechanism's name, or {file: my_mechanism.py}")
        return value
    return {"name": value}


def _case_name(value: Any) -> str:
    if not is_case_name(value):
        raise ValueError("lower-case letters, digits, - and _ (at most 64)")
    return value


MechanismEntry = Annotated[
    Mechanism,
    BeforeValidator(_mechanism),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
                {
                    "type": "object",
                    "properties": {"file": {"type": "string", "pattern": r"^[A-Za-z_][A-Za-z0-9_]*\.py$"}},
                    "required": ["file"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
CaseName = Annotated[
    str,
    BeforeValidator(_case_name),
    WithJsonSchema({"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$"}),
]


class Header(Model):
    """case.yaml: what the case is, its span, where its parameters are."""

    format: Literal[1]
    """Version of the case format."""
    name: CaseName
    """Short name of the case."""
    title: Text
    """Title for reports."""
    about: Text
    """What the case is and what it is not."""
    start: Month
    """First month simulated."""
    end: Month
    """Last month simulated by default."""
    last: Month | None = None
    """How far the files reach: the last month that --until may ask for; absent = end."""
    parameters: CaseName = "own"
    """`own`, or the packaged case whose parameters.yaml and posterior.csv are used."""
    mechanisms: tuple[MechanismEntry, ...] | None = None
    """Mechanisms to run, in order; absent = the engine's standard month."""
    headline: tuple[Id, ...] = ()
    """Outcomes to print first."""
    checkpoints: tuple[Month, ...] = ()
    """Months at which membership is kept, besides those that targets and outcomes need."""
    circle_name: Text | None = None
    """What the circle is called in running text; absent = the name of the organ."""
    committee_name: Text | None = None
    """What the committee is called in running text."""
    assembly_name: Text | None = None
    """What the assembly is called in running text."""


@dataclass(frozen=True)
class Section:
    """One file of a case: name, section, model of an entry, and in a CSV file what makes a row unique."""

    file: str
    name: str
    model: type[BaseModel] | Callable[[Any], type[BaseModel] | None]
    shape: Literal["one", "map", "list", "rows"]
    unique: tuple[str, ...] = ()
    required: bool = True
    allowed: tuple[str, ...] = field(default=())  # words that the choice of model turns on

    @property
    def path(self) -> tuple[str, ...]:
        return () if self.shape in ("one", "rows") else (self.name,)


def _trait(row: Mapping[str, Any]) -> type[BaseModel]:
    return people.Position if str(row.get("trait", "")).startswith("position.") else people.ShareTrait


def _signal(row: Mapping[str, Any]) -> type[BaseModel]:
    return events.OpinionSignal if str(row.get("signal", "")).startswith("opinion.") else events.ShareSignal


def _by_kind(table: Mapping[str, Any]) -> Callable[[Any], type[BaseModel] | None]:
    return lambda entry: table.get(entry.get("kind"))


SECTIONS: tuple[Section, ...] = (
    Section("case.yaml", "case", Header, "one"),
    Section("sources.yaml", "sources", Source, "map"),
    Section("people.csv", "people", Person, "rows", ("person",)),
    Section("traits.csv", "traits", _trait, "rows", ("person", "trait")),
    Section("ties.csv", "ties", Tie, "rows", ("from", "to")),
    Section("localities.csv", "localities", Locality, "rows", ("locality",)),
    Section("blocs.csv", "blocs", Bloc, "rows", ("person", "locality")),
    Section("organs.yaml", "organs", Organ, "map"),
    Section("memberships.csv", "memberships", Membership, "rows", ("organ", "person")),
    Section("posts.yaml", "posts", Post, "map"),
    Section("issues.yaml", "issues", Issue, "map"),
    Section("rules.yaml", "rules", Cited, "map"),  # each rule has its own model, see institutions.RULES
    Section("calendar.yaml", "shocks", _by_kind(events.SHOCKS), "list", ("id",), True, tuple(events.SHOCKS)),
    Section("signals.csv", "signals", _signal, "rows", ("signal", "month")),
    Section("parameters.yaml", "parameters", Parameter, "map"),
    Section("targets.yaml", "targets", _by_kind(aims.TARGETS), "map", (), True, tuple(aims.TARGETS)),
    Section("outcomes.yaml", "outcomes", _by_kind(aims.OUTCOMES), "map", (), True, tuple(aims.OUTCOMES)),
)
SECTION = {section.name: section for section in SECTIONS}
POSTERIOR = "posterior.csv"

#: What decides the columns of a CSV file whose rows have several models.
ROW_MODELS = {
    "people": Person,
    "traits": Trait,
    "ties": Tie,
    "localities": Locality,
    "blocs": Bloc,
    "memberships": Membership,
    "signals": SignalValue,
}


@dataclass(frozen=True, eq=False)
class Case:
    """A runnable world. Two cases are equal when their content is (`digest`), whatever their files look like.

    `people['trotsky'].traits['prestige'].value` reads a value; `.evidence`, `.source`, `.note` say where it
    comes from. `organs`, `posts`, `issues`, `rules`, `localities`, `parameters`, `targets`, `outcomes`,
    `sources` and `shocks` are mappings by id; `ties`, `blocs`, `memberships` and `signals` are rows in file
    order.
    """

    path: Path
    header: Header
    sources: Mapping[str, Source]
    people: Mapping[str, Person]
    ties: tuple[Tie, ...]
    localities: Mapping[str, Locality]
    blocs: tuple[Bloc, ...]
    memberships: tuple[Membership, ...]
    organs: Mapping[str, Organ]
    posts: Mapping[str, Post]
    issues: Mapping[str, Issue]
    rules: Mapping[str, Any]
    shocks: Mapping[str, Shock]
    signals: tuple[SignalValue, ...]
    parameters: Mapping[str, Parameter]
    posterior: Posterior | None
    targets: Mapping[str, Target]
    outcomes: Mapping[str, Outcome]
    digest: str
    country: CountryFiles | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    _draft: Draft | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.header.name

    @property
    def title(self) -> str:
        return self.header.title

    @property
    def about(self) -> str:
        return self.header.about

    @property
    def start(self) -> Month:
        return self.header.start

    @property
    def end(self) -> Month:
        return self.header.end

    @property
    def last(self) -> Month:
        """The last month that a run may be asked for."""
        return max(self.header.last or self.end, self.end)

    @property
    def mechanisms(self) -> tuple[Mechanism, ...] | None:
        return self.header.mechanisms

    @property
    def headline(self) -> tuple[str, ...]:
        return self.header.headline

    @property
    def months(self) -> int:
        """Number of months from start to end, both included."""
        return self.end - self.start + 1

    def organ(self, role: str) -> Organ:
        """The first organ with this role; circle, committee and assembly are unique."""
        return next(organ for organ in self.organs.values() if organ.role == role)

    @property
    def circle(self) -> Organ:
        return self.organ("circle")

    @property
    def committee(self) -> Organ:
        return self.organ("committee")

    @property
    def assembly(self) -> Organ:
        return self.organ("assembly")

    def members(self, organ: str, *roles: str) -> tuple[str, ...]:
        """Ids of the people in an organ at the start, in file order; with `roles`, those in these roles."""
        if organ not in self.organs:
            self.organs[organ]  # raises with the nearest id
        return tuple(
            m.person for m in self.memberships if m.organ == organ and (not roles or m.role in roles)
        )

    def tie(self, a: str, b: str) -> float:
        """Affinity of `a` towards `b`; 0 when the case says nothing."""
        return next((tie.value for tie in self.ties if (tie.from_, tie.to) == (a, b)), 0.0)

    def signal(self, name: str) -> tuple[SignalValue, ...]:
        """The steps of one signal in order of month."""
        return tuple(sorted((s for s in self.signals if s.signal == name), key=lambda s: s.month))

    def labels(self) -> Counter:
        """How many values (rows and quantities) carry each evidence label."""
        from .draft import labels

        return labels(self._draft)

    def keys(self) -> list[str]:
        """Every dotted key that `with_values` understands, in the order of the files."""
        from .edit import keys

        return keys(self)

    def value(self, key: str) -> Any:
        """The present value under a dotted key."""
        from .edit import value

        return value(self, key)

    def with_values(self, values: Mapping[str, Any]) -> Case:
        """A new case with these values set, validated like a file; see `politburo.case.edit`."""
        from .edit import with_values

        return with_values(self, values)

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Case) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        changed = f", {len(self.changes)} changes" if self.changes else ""
        return f"<Case {self.name}: {self.start} to {self.end}, {len(self.people)} people{changed}>"
