"""The country of a case: what the files in its folder `country/` say, and the arrays that the engine gets.

A case may have a country or not. `read` gives `CountryFiles`, the content of the files with labels; `arrays` makes of it a
`Country`, one tuple of arrays for a start and a number of months, which stands in `World.country`. Each block (grain,
industry, terror, people, society) has a module here with `read(folder, faults)` and `empty()`, and its own files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...faults import Fault, Faults
from ...marked import read_text, validate
from ..aims import Parameter
from ..posterior import Posterior, read_posterior
from ..values import Month
from . import grain, industry, levers, people, society, terror
from .levers import LEVERS, Slope, Step

if TYPE_CHECKING:
    from .series import Record

FOLDER = "country"
BLOCKS = {"grain": grain, "industry": industry, "terror": terror, "people": people, "society": society}

#: Regions of the grain block, in order; regional series are kept under these names.
REGIONS = grain.REGIONS

#: Files that say what happened, not what is run: they do not decide the bits of a history.
RECORD = ("series.csv", "what-ifs.yaml", "sources.yaml")

SLOPE = np.dtype([("lever", "i8"), ("issue", "i8"), ("first", "i8"), ("last", "i8"), ("slope", "f8")])


class Draws(NamedTuple):
    """Parameters of the country: names, central values, and the rows that histories draw, block by block."""

    names: tuple[str, ...]
    central: np.ndarray  # (P,)
    blocks: tuple[tuple[np.ndarray, np.ndarray], ...]  # (columns (k,), rows (M, k)); M differs between blocks

    def rows(self, first: int, count: int) -> np.ndarray:
        """(count, P): history h takes row h mod M of each block, the same in every run."""
        table = np.tile(self.central, (count, 1))
        histories = np.arange(first, first + count)
        for columns, rows in self.blocks:
            table[:, columns] = rows[histories % len(rows)]
        return table

    def pinned(self, **values: float) -> Draws:
        """The same with some parameters held at one value in every history."""
        central, blocks = self.central.copy(), []
        for name, value in values.items():
            central[self.names.index(name)] = value
        for columns, rows in self.blocks:
            rows = rows.copy()
            for k, column in enumerate(columns):
                if self.names[column] in values:
                    rows[:, k] = values[self.names[column]]
            blocks.append((columns, rows))
        return Draws(self.names, central, tuple(blocks))


class Country(NamedTuple):
    """The country as arrays. T months, L levers, K issues, S slopes. `draws` never reaches a kernel."""

    first: int  # month 0 as year * 12 + month - 1
    lever: np.ndarray  # (T, L) the path to run: the recorded one, or what was set by hand
    recorded: np.ndarray  # (T, L) the recorded path
    held: np.ndarray  # (T, L) 1 where the lever was set by hand, so that no line moves it
    base: np.ndarray  # (T, signals) what differences of signals are measured from; the engine fills it in
    spread: np.ndarray  # (T, signals)
    line: np.ndarray  # (T, K) recorded line, [-1, 1]
    slope: np.ndarray  # (S,) SLOPE
    low: np.ndarray  # (L,) bounds
    high: np.ndarray  # (L,)
    grain: grain.Grain
    industry: industry.Industry
    terror: terror.Terror
    people: people.People
    society: society.Society
    draws: Draws
    recorded_draws: Draws | None = None  # before anything was set by hand


@dataclass(frozen=True)
class CountryFiles:
    """What the folder says.

    changed : levers set by hand, in order: (lever, from, to, "=" or "*", value); `*` scales the recorded path
    pinned : parameters set by hand
    """

    path: Path
    steps: tuple[Step, ...]
    line: tuple[Step, ...]
    slopes: tuple[Slope, ...]
    parameters: Mapping[str, Parameter]
    posteriors: tuple[Posterior, ...]
    blocks: Mapping[str, tuple]
    digests: Mapping[str, str]
    changed: tuple[tuple[str, Month, Month, str, float], ...] = ()
    pinned: Mapping[str, float] = field(default_factory=dict)

    @property
    def identity(self) -> dict[str, str]:
        """What of the country decides the bits of a run: the files, and what was changed by hand."""
        found = dict(self.digests)
        if self.changed:
            found["levers"] = str([(name, str(first), str(last), how, value) for name, first, last, how, value in self.changed])
        if self.pinned:
            found["pinned"] = str(sorted(self.pinned.items()))
        return found

    @cached_property
    def record(self) -> Record:
        """The quantitative record beside the model, from series.csv."""
        from .series import read as read_series

        faults: list[Fault] = []
        found = read_series(self.path, faults)
        if faults:
            raise Faults(faults)
        return found


def read(case_folder: Path, issues: list[str], faults: list[Fault]) -> CountryFiles | None:
    """Read `country/` of a case folder; None when there is none. Faults are collected, nothing is raised."""
    folder = case_folder / FOLDER
    if not folder.is_dir():
        return None
    try:
        steps = levers.read_steps(folder / "levers.csv", "lever", list(levers.NAMES), faults)
        for path in sorted(folder.glob("levers-*.csv")):
            own = levers.read_steps(path, "lever", list(levers.NAMES), faults)
            named = {step.name for step in own}
            steps = [*(step for step in steps if step.name not in named), *own]
        line = levers.read_steps(folder / "line.csv", "issue", issues, faults) if (folder / "line.csv").exists() else []
        slopes = levers.read_slopes(folder / "lines.csv", issues, faults) if (folder / "lines.csv").exists() else []
    except Faults as error:
        faults += error.faults
        return None
    parameters = _parameters(folder, faults)
    posteriors = []
    for path in sorted(folder.glob("posterior-*.csv")):
        named = path.name.removeprefix("posterior-")
        own = _own(folder, named.removesuffix(".csv"), parameters)
        try:
            posteriors.append(_posterior(path, own))
        except Faults as error:
            faults += error.faults
    blocks = {name: module.read(folder, faults) for name, module in BLOCKS.items()}
    return CountryFiles(folder, tuple(steps), tuple(line), tuple(slopes), parameters, tuple(posteriors), blocks, digests(folder))


def digests(folder: Path) -> dict[str, str]:
    """Digest of every file of the folder that decides histories."""
    return {f"{FOLDER}/{p.name}": hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir()) if p.is_file() and p.name not in RECORD}


def _parameters(folder: Path, faults: list[Fault]) -> dict[str, Parameter]:
    from ..draft import read_document
    from ..schema import SECTION

    found: dict[str, Parameter] = {}
    for path in sorted(folder.glob("parameters*.yaml")):
        document, wrong = read_document(SECTION["parameters"], str(path), read_text(path))
        faults += wrong
        inner = document.data.get("parameters") if isinstance(document.data, Mapping) else None
        for name, data in (inner or {}).items():
            if name in found:
                faults.append(document.fault(("parameters", name), f"parameter {name!r} a second time", "once in all files"))
                continue
            try:
                entry = validate(Parameter, document, ("parameters", name), dict(data) if isinstance(data, Mapping) else data)
            except Faults as error:
                faults += error.faults
                continue
            entry._id = name
            found[name] = entry
    return found


def _own(folder: Path, block: str, parameters: Mapping[str, Parameter]) -> list[str]:
    """Names that parameters-BLOCK.yaml declares."""
    from ...marked import scan_yaml

    path = folder / f"parameters-{block}.yaml"
    if not path.exists():
        return list(parameters)
    data = scan_yaml(str(path), read_text(path))[0].data
    return [name for name in (data or {}).get("parameters", {}) if name in parameters]


def _posterior(path: Path, allowed: list[str]) -> Posterior:
    """A posterior file: a column for any of the block's parameters, `weight` optional (equal when absent)."""
    text = read_text(path)
    header = next((line for line in text.splitlines() if not line.startswith("#")), "")
    columns = [cell.strip() for cell in header.split(",")]
    wrong = [name for name in columns if name not in allowed and name != "weight"]
    if wrong:
        from ...faults import listed, nearest

        raise Faults([Fault(str(path), 1, columns.index(n) + 1, f"unknown column {n!r}", listed(allowed), nearest(n, allowed)) for n in wrong])
    if "weight" not in columns:
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        text = "\n".join(["weight," + lines[0], *("1," + line for line in lines[1:])]) + "\n"
    return read_posterior(str(path), text, {name: (None, None) for name in columns if name != "weight"})


def arrays(files: CountryFiles, issues: list[str], start: Month, months: int) -> Country:
    """The country of these files for `months` months from `start`."""
    lever = levers.path_of(list(files.steps), levers.NAMES, [x.rest for x in LEVERS], start, months)
    recorded, held, none = lever.copy(), np.zeros_like(lever), np.zeros((0, 0))
    for name, first, last, how, value in files.changed:
        span, k = slice(max(0, first - start), max(0, last - start + 1)), levers.NUMBER[name]
        lever[span, k] = value if how == "=" else np.clip(lever[span, k] * value, LEVERS[k].low, LEVERS[k].high)
        held[span, k] = 1.0
    line = levers.path_of(list(files.line), tuple(issues), [0.0] * len(issues), start, months)
    slope = np.zeros(len(files.slopes), SLOPE)
    for i, row in enumerate(files.slopes):
        slope[i] = (levers.NUMBER[row.lever], issues.index(row.issue), row.first - start, row.last - start, row.slope)
    names = tuple(files.parameters)
    central = np.array([p.value for p in files.parameters.values()], float)
    blocks = tuple((np.array([names.index(n) for n in p.names]), np.asarray(p.values)) for p in files.posteriors)
    draws = Draws(names, central, blocks)
    low, high = np.array([x.low for x in LEVERS]), np.array([x.high for x in LEVERS])
    own = (files.blocks[name] for name in BLOCKS)
    return Country(
        start.ordinal, lever, recorded, held, none, none, line, slope, low, high, *own, draws.pinned(**files.pinned), draws
    )  # fmt: skip


def empty(months: int = 1, issues: int = 1, start: Month | None = None) -> Country:
    """A country without data: resting levers, empty blocks, no parameters."""
    start = start or Month(1922, 4)
    rest = np.array([[x.rest for x in LEVERS]])
    low, high = np.array([x.low for x in LEVERS]), np.array([x.high for x in LEVERS])
    return Country(
        start.ordinal, *[np.repeat(rest, months, axis=0) for _ in range(2)], np.zeros((months, len(LEVERS))), np.zeros((0, 0)),
        np.zeros((0, 0)), np.zeros((months, issues)), np.zeros(0, SLOPE), low, high,
        *(module.empty() for module in BLOCKS.values()), Draws((), np.zeros(0), ()),
    )  # fmt: skip
