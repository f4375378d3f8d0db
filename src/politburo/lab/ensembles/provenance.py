"""What a result was made from: enough to refuse a different run in the same place, and to make the same one again.

The identity of a run is a hash of everything that decides its bits: the content of the case with its changes, the
particles, the seed, the months, the mechanisms, the engine's sources. It holds no time, no path and no name of a machine, nor
how many histories were asked for: more of them extend the same run. `run.json` says the same in the open, and `case/`
is a copy of the files, made to stand alone, so that a result needs nothing but itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ... import cache
from ...case.compile import Compiled, compile_case
from ...case.effect import same_arrays
from ...case.country import RECORD
from ...case.kept import load_kept
from ...case.load import CASES, CONFLICTS, EXPERIMENTS, load_case, same_files
from ...case.schema import POSTERIOR, SECTIONS, Case
from ...case.values import Month
from ...engine import month
from ...engine.country.kernel import STANDARD as COUNTRY
from ...faults import Fault, Faults, listed, nearest
from ...marked import scan_yaml
from ..experiments.interventions import Intervention, apply, parse
from ..experiments.interventions import listed as mechanisms_under
from .arrow import write_text
from ..scoring.rivals import lend

FORMAT = 1
RUN = "run.json"
CASE = "case"


@dataclass(frozen=True)
class Call:
    """A checked request: everything about a run except how many histories and where they go.

    `case` has the changes in it, `files` is the directory that it was read from.
    """

    case: Case
    files: Path
    compiled: Compiled
    mechanisms: tuple[str | Path, ...]
    without: tuple[str, ...]
    seed: int
    coder_error: bool
    interventions: tuple[Intervention, ...] = ()

    @cached_property
    def identity(self) -> dict[str, Any]:
        """What decides the bits of every history."""
        particles = hashlib.sha256(json.dumps(self.compiled.parameters).encode())
        particles.update(np.ascontiguousarray(self.compiled.particles, "<f8").tobytes())
        ordered = [[one.text, *one.other] if one.kind == "mechanism" else one.text for one in self.interventions]
        return {
            "case": self.case.digest, "parameters": particles.hexdigest(), "seed": self.seed, "start": str(self.case.start),
            "months": self.compiled.months, "mechanisms": [Path(m).name for m in self.mechanisms],
            "coder_error": self.coder_error, "engine": month.source_digest(),
            **({"interventions": ordered} if ordered else {}),
        }  # fmt: skip

    @cached_property
    def id(self) -> str:
        """The identity as 64 hexadecimal digits."""
        return hashlib.sha256(json.dumps(self.identity, sort_keys=True).encode()).hexdigest()

    @property
    def name(self) -> str:
        """A folder name that no other run has."""
        return f"{self.case.name}-{self.id[:8]}"

    def particle(self, histories: np.ndarray) -> np.ndarray:
        """The particle that each history uses: its number modulo their count, the same in every run."""
        return histories % len(self.compiled.particles)

    def rows(self, histories: np.ndarray) -> np.ndarray:
        """Parameters of these histories, one row each."""
        return self.compiled.particles[self.particle(histories)]

    def provenance(self, histories: int, part: int) -> dict[str, Any]:
        """The content of run.json."""
        case = self.case
        return {
            "format": FORMAT,
            "id": self.id,
            "histories": histories,
            "part": part,
            "case": {
                "name": case.name, "title": case.title, "digest": case.digest,
                "people": len(case.people), "evidence": {str(k): v for k, v in sorted(case.labels().items())},
            },
            "changes": dict(case.changes),
            "without": list(self.without),
            "until": str(case.start + (self.compiled.months - 1)),
            "particles": len(self.compiled.particles),
            **{key: value for key, value in self.identity.items() if key != "case"},
            **({"interventions": [one.text for one in self.interventions]} if self.interventions else {}),
            "versions": versions(),
        }  # fmt: skip


def versions() -> dict[str, str]:
    """Versions of what the result was made with. Only the engine's digest decides bits; these help to find an old one."""
    import numba
    import pyarrow

    from ... import __version__

    own = {"politburo": __version__, "numba": numba.__version__, "numpy": np.__version__, "pyarrow": pyarrow.__version__}
    return {"python": ".".join(map(str, sys.version_info[:3])), **own}


def plan(
    case: Case | str | Path,
    changes: Mapping[str, Any] | None = None,
    without: Sequence[str] = (),
    until: str | Month | None = None,
    seed: int = 1922,
    coder_error: bool = True,
    interventions: Sequence[str] = (),
) -> Call:
    """Check a request and compile its arrays. Raises `Faults` with all that is wrong; nothing has been run by then.

    interventions : canonical words of `politburo.lab.experiments.interventions`
    """
    if not isinstance(case, Case):
        case = load_kept(case, mechanisms=dict.fromkeys(month.names()))
    faults: list[Fault] = []
    if changes:
        try:
            case = case.with_values(changes)
        except Faults as error:
            faults += error.faults
    last = None
    try:
        last = _until(case, until)
    except Faults as error:
        faults += error.faults
    ordered: list[Intervention] = []
    for text in sorted(set(interventions)):
        try:
            ordered.append(parse(case, text))
        except Faults as error:
            faults += error.faults
    mechanisms = _mechanisms(case, tuple(without), faults, ordered)
    if not 0 <= int(seed) < 2**64:
        faults.append(Fault("seed", 0, 0, f"seed {seed}", "a whole number from 0 to 2**64 - 1"))
    if faults:
        raise Faults(faults)
    case = lend(case, _readable(mechanisms))
    compiled = compile_case(case, until=last, seed=seed)
    if not coder_error:
        compiled = compiled.with_rule(coding=0.0)
    compiled = apply(compiled, ordered)
    _parameters(case, mechanisms, compiled)
    return Call(case, case.path, compiled, mechanisms, tuple(without), int(seed), coder_error, tuple(ordered))


def _until(case: Case, until: str | Month | None) -> Month:
    if until is None:
        return case.end
    try:
        found = until if isinstance(until, Month) else Month.parse(until)
    except ValueError:
        raise Faults([Fault("until", 0, 0, repr(until), f"a month YYYY-MM, from {case.start} to {case.last}")]) from None
    if not case.start <= found <= case.last:
        words = f"a month from {case.start} to {case.last}" + (" (set end to run further)" if found > case.last else "")
        raise Faults([Fault("until", 0, 0, str(found), words)])
    return found


def _mechanisms(
    case: Case, without: tuple[str, ...], faults: list[Fault], interventions: Sequence[Intervention] = ()
) -> tuple[str | Path, ...]:
    """The mechanisms in order, less those left out. A user's own file is taken by content, from the engine's cache folder, so
    that the same text finds its machine code again wherever it stands."""
    entries: dict[str, str | Path] = {}
    if case.mechanisms is None:
        entries = {name: name for name in month.STANDARD}
        if case.country is not None:
            entries |= {name: name for name in COUNTRY}
    else:
        for entry in case.mechanisms:
            if entry.file:
                entries[Path(entry.file).stem] = settled(entry.file, (case.path / entry.file).read_text())
            else:
                entries[entry.name] = entry.name
    sides = ("country", "politics") if case.country is not None else ()
    for name in without:
        if name in sides:  # a whole side at a word
            without = (*without, *(n for n, entry in entries.items() if (month.mechanism(entry).side == "country") == (name == "country")))
    for name in without:
        if name not in entries and name not in sides:
            faults.append(Fault(f"without {name}", 0, 0, f"no mechanism {name!r} in this case", listed(entries, 30), nearest(name, entries)))
    entries = mechanisms_under(entries, interventions)
    return tuple(entry for name, entry in entries.items() if name not in without)


def mechanisms_of(case: Case) -> tuple[str | Path, ...]:
    """The mechanisms that a run of this case has, the country's among them."""
    faults: list[Fault] = []
    found = _mechanisms(case, (), faults)
    if faults:
        raise Faults(faults)
    return found


def settled(file: str, text: str) -> Path:
    """A place for the text of a user's mechanism that depends on the text alone."""
    folder = cache.folder() / f"{Path(file).stem}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    folder.mkdir(exist_ok=True)
    path = folder / Path(file).name
    if not path.exists() or path.read_text() != text:
        write_text(path, text)
    return path


def _readable(mechanisms: Sequence[str | Path]) -> list[str | Path]:
    """Those of the politics that can be read; faults of the others are said later."""
    found = []
    for entry in mechanisms:
        try:
            if month.mechanism(entry).side == "politics":
                found.append(entry)
        except Exception:
            continue
    return found


def _parameters(case: Case, mechanisms: Sequence[str | Path], compiled: Compiled) -> None:
    """Every parameter that a mechanism reads must be in the case."""
    from . import years

    faults = []
    for file, entries in (("targets.yaml", case.targets), ("outcomes.yaml", case.outcomes)):
        for name, entry in entries.items():
            if entry.kind == "series" and entry.series not in years.SERIES:
                words, near = listed(years.SERIES, 20), nearest(entry.series, years.SERIES)
                faults.append(Fault(str(case.path / file), 0, 0, f"{name}: no series {entry.series!r}", words, near))
    where = str(case.path / "parameters.yaml")
    for entry in mechanisms:
        try:
            found = month.mechanism(entry)
        except Exception as error:  # a user's file may do anything when it is read
            faults.append(Fault(Path(entry).name, getattr(error, "lineno", 0) or 0, 0, f"cannot be read: {error}", "a Python module"))
            continue
        if not callable(getattr(found.module, "step", None)):
            faults.append(Fault(Path(entry).name, 0, 0, "no function step", "step(w, p, s), see the reference of mechanisms"))
        country = compiled.world.country if found.side == "country" else None
        known = compiled.parameters if country is None else country.draws.names
        place = where if country is None else str(case.country.path)
        for name in found.parameters if found.side != "country" or country is not None else ():
            if name not in known:
                words = f"no parameter {name!r}, which the mechanism {found.name} reads"
                faults.append(Fault(place, 0, 0, words, "every parameter of the mechanisms that run", nearest(name, known)))
    if faults:
        raise Faults(faults)


# The copy of the case


def copy_case(case_path: Path, to: Path) -> None:
    """Copy the files of a case so that they stand alone: parameters borrowed from a packaged case come along.

    The copy has the same content, hence the same digest, unless borrowed parameters cite sources that the case lacks;
    these are added to its sources.
    """
    to.mkdir(parents=True, exist_ok=True)
    header = scan_yaml(str(case_path / "case.yaml"), (case_path / "case.yaml").read_text())[0].data
    names = [section.file for section in SECTIONS] + [POSTERIOR]
    names += [entry["file"] for entry in header.get("mechanisms") or () if isinstance(entry, Mapping) and "file" in entry]
    for name in names:
        if (case_path / name).exists():
            shutil.copyfile(case_path / name, to / name)
    if (case_path / "country").is_dir():
        shutil.copytree(case_path / "country", to / "country")
    lender = header.get("parameters", "own")
    if lender == "own":
        return
    for name in ("parameters.yaml", POSTERIOR):
        if (CASES / lender / name).exists():
            shutil.copyfile(CASES / lender / name, to / name)
    text = (to / "case.yaml").read_text()
    (to / "case.yaml").write_text(re.sub(r"(?m)^parameters:.*$", f"parameters: own  # those of {lender}, copied", text))
    _lend_sources(lender, to)


def _lend_sources(lender: str, to: Path) -> None:
    def sources(path: Path) -> dict[str, Any]:
        return scan_yaml(str(path), path.read_text())[0].data["sources"]

    parameters = scan_yaml("parameters.yaml", (to / "parameters.yaml").read_text())[0].data["parameters"]
    cited = {entry["source"]: None for entry in parameters.values() if entry.get("source")}
    own, lent = sources(to / "sources.yaml"), sources(CASES / lender / "sources.yaml")
    absent = {name: lent[name] for name in cited if name not in own and name in lent}
    if absent:
        lines = "".join(f"  {name}: {json.dumps(entry, ensure_ascii=False)}\n" for name, entry in absent.items())
        text = (to / "sources.yaml").read_text().rstrip("\n") + f"\n  # cited by the parameters of {lender}\n{lines}"
        (to / "sources.yaml").write_text(text)


def shared_copy(store: Path, base: Call, call: Call, copies: dict[Path, tuple[str, str]]) -> dict[str, str]:
    """The entries of run.json that point to a copy of the case which several results of a store share.

    The copy is checked once: it must be what the calls run. `copies` remembers it.
    """
    folder = store / f"case-{base.case.digest[:20]}"
    if folder not in copies:
        if not folder.exists():
            beside = store / f".writing-{folder.name}-{os.getpid()}"
            copy_case(call.files, beside)
            try:
                beside.rename(folder)
            except OSError:  # another process was faster
                shutil.rmtree(beside, ignore_errors=True)
        if same_files(base.case, folder):  # to the letter: need not be read again
            copies[folder] = (base.case.digest, base.case.digest)
            return {"at": f"../{folder.name}", "copy": call.case.digest}
        copied = load_case(folder)
        copies[folder] = (copied.digest, base.case.digest)
        if copied.digest != base.case.digest and not same_arrays(compile_case(copied), compile_case(base.case)):
            raise Faults([Fault(str(call.files), 0, 0, "the files changed after the case was loaded", "the case as it was loaded")])
    same = copies[folder][0] == copies[folder][1]
    digest = call.case.digest if same else load_case(folder).with_values(dict(call.case.changes)).digest
    return {"at": f"../{folder.name}", "copy": digest}


def case_folder(path: Path, found: Mapping[str, Any]) -> Path:
    """Where a result's copy of its case is."""
    return path / found["case"].get("at", CASE)


# run.json


def read_provenance(path: Path) -> dict[str, Any]:
    """run.json of a result, or a fault that says what the directory is instead."""
    file = path / RUN
    if not file.is_file():
        what = "no such directory" if not path.exists() else "not a result: it has no run.json"
        raise Faults([Fault(str(path), 0, 0, what, "a directory written by politburo run")])
    try:
        found = json.loads(file.read_text())
        form = found["format"]
    except (ValueError, KeyError, TypeError):
        raise Faults([Fault(str(file), 0, 0, "cannot be read", "a run.json as politburo run writes it")]) from None
    if form != FORMAT:
        raise Faults([Fault(str(file), 0, 0, f"format {form}", f"format {FORMAT}; read it with the politburo that wrote it")])
    return found


def write_provenance(path: Path, content: Mapping[str, Any]) -> None:
    """Write run.json in one step."""
    write_text(path / RUN, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def call_of(path: Path, provenance: Mapping[str, Any] | None = None) -> Call:
    """The call that a result answers, from its own copy of the case."""
    found = provenance or read_provenance(path)
    call = plan(
        load_case(case_folder(path, found)), found["changes"], found["without"], found["until"], found["seed"], found["coder_error"],
        found.get("interventions", ()),
    )  # fmt: skip
    return call


def differences(there: Mapping[str, Any], here: Mapping[str, Any], there_case: Path, here_case: Path) -> list[str]:
    """What differs between the run in a directory (`there`) and the one asked for (`here`), in words."""
    words = []
    if there["case"]["name"] != here["case"]["name"]:
        words.append(f"case {there['case']['name']} there, {here['case']['name']} asked for")
    elif there["case"]["digest"] != here["case"]["digest"]:
        files = _changed_files(there_case, here_case)
        if files:
            words.append(f"files of the case changed since: {', '.join(files)}")
    if there["changes"] != here["changes"]:
        keys = sorted({*there["changes"], *here["changes"]})
        absent = object()
        for key in keys:
            a, b = there["changes"].get(key, absent), here["changes"].get(key, absent)
            if a != b:
                words.append(f"{key} {_said(a, absent)} there, {_said(b, absent)} asked for")
    for one in sorted({*there.get("interventions", ())} ^ {*here.get("interventions", ())}):
        words.append(f"{one} only {'there' if one in there.get('interventions', ()) else 'in what is asked for'}")
    for key, said in (("seed", "seed"), ("until", "until"), ("start", "start"), ("coder_error", "coder error")):
        if there[key] != here[key]:
            words.append(f"{said} {there[key]} there, {here[key]} asked for")
    if there["mechanisms"] != here["mechanisms"]:
        more, less = (_less(a["mechanisms"], b["mechanisms"]) for a, b in ((there, here), (here, there)))
        parts = [f"{', '.join(names)} only {where}" for names, where in ((more, "there"), (less, "in what is asked for")) if names]
        words.append("mechanisms: " + ("; ".join(parts) or "another order"))
    if there["engine"] != here["engine"]:
        words.append(f"engine {there['engine'][:8]} (politburo {there['versions']['politburo']}) there, {here['engine'][:8]} now")
    if there["parameters"] != here["parameters"] and not words:
        words.append("other parameters or particles")
    return words or ["the same files, which this version of politburo reads otherwise"]


def _said(value: Any, absent: object) -> str:
    return "as in the case" if value is absent else json.dumps(value, ensure_ascii=False)


def _less(a: Sequence[str], b: Sequence[str]) -> list[str]:
    return [name for name in a if name not in b]


def _changed_files(there: Path, here: Path) -> list[str]:
    names = {path.name for folder in (there, here) for path in folder.iterdir() if path.is_file() and path.suffix in (".yaml", ".csv", ".py")}
    names |= {f"country/{path.name}" for folder in (there, here) for path in (folder / "country").glob("*") if path.is_file() and path.name not in RECORD}
    return sorted(name for name in names - {EXPERIMENTS, CONFLICTS} if _bytes(there / name) != _bytes(here / name))


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
