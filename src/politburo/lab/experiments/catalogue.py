"""Changes written down: named changes, groups of people and causes in YAML files.

Three places, the later before the earlier: the laboratory's own `experiments.yaml` beside this module, a case's `experiments.yaml` and
its country's `what-ifs.yaml`, and files that somebody gives. Each change has a name, words, and the reason why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ...case.load import EXPERIMENTS
from ...case.schema import Case
from ...faults import Faults, listed, nearest
from ...marked import Marked, load_yaml, validate

#: Changes that hold in every case whose parameters these are.
COMMON = Path(__file__).with_name("experiments.yaml")
#: Changes of levers of a case's country.
WHAT_IFS = Path("country") / "what-ifs.yaml"


class Named(BaseModel):
    """One named change of a YAML file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    """What it is called; `hidden_patronage=off` is a name too."""
    words: tuple[str, ...]
    """What it sets, each a word as on the command line."""
    title: str = ""
    """A sentence for people; absent = made from the words."""
    cause: str = ""
    """What it takes away, as a noun, for explanations; absent = made from the name or the words."""
    why: str
    """The reason: what the change is meant to test."""


class File(BaseModel):
    """A file of changes: `experiments.yaml` of a case, or one given with `--changes`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    changes: tuple[Named, ...] = ()
    """Named changes."""
    groups: dict[str, tuple[str, ...]] = {}
    """Groups of people by name, for alliances."""
    causes: tuple[str, ...] = ()
    """Names of the causes that `explain` weighs when it is given none."""


@dataclass(frozen=True)
class Catalogue:
    """Named changes, groups and causes, from the laboratory, the case and files, the later before the earlier."""

    changes: Mapping[str, tuple[Named, Marked, tuple]]
    groups: Mapping[str, tuple[str, ...]]
    causes: tuple[str, ...]

    @classmethod
    def of(cls, case: Case, files: Iterable[str | Path] = ()) -> Catalogue:
        changes, groups, causes, faults = {}, {}, (), []
        paths = [COMMON, case.path / EXPERIMENTS, case.path / WHAT_IFS, *(Path(file) for file in files)]
        for number, path in enumerate(paths):
            if number in (1, 2) and not path.is_file():
                continue
            try:
                marked = load_yaml(path)
                file = validate(File, marked)
            except Faults as error:
                faults += error.faults
                continue
            for i, named in enumerate(file.changes):
                changes[named.name] = (named, marked, ("changes", i))
            for name, people in file.groups.items():
                for person in people:
                    if person not in case.people and number:
                        faults.append(marked.fault(("groups", name), f"no person {person!r}", listed(case.people, 20), nearest(person, case.people)))
                groups[name] = people
            causes = file.causes or causes
        if faults:
            raise Faults(faults)
        return cls(changes, groups, causes)
