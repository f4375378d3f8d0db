"""The month: a case's mechanisms, in order, made into one compiled kernel.

A month is not written by hand. From the list of mechanisms we write a small module, named by a digest of that list,
of every source that these mechanisms import and of every user's file, into a cache folder, and compile its one entry. So a changed
mechanism can never meet stale machine code (Numba's own cache looks at the entry's file only), a user's mechanism runs at the same speed as ours, and
what runs can be read. Compiling takes half a minute once per list and machine; loading it again a hundredth of a second (`politburo.engine.machine_code`).
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from .. import cache
from .entry import Entry, module_from
from .kernel import COMPILED

ENGINE = Path(__file__).parent
STANDARD = (
    "interventions", "health", "opinion", "stances", "patronage", "posts", "power", "circle", "coalition", "opposition", "motions", "congress",
    "document", "rule", "purge", "fear",
)  # fmt: skip


@dataclass(frozen=True)
class Mechanism:
    """One mechanism: its name, its module, and what it declares."""

    name: str
    path: Path
    module: ModuleType

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(getattr(self.module, "PARAMETERS", ()))

    @property
    def side(self) -> str:
        """`politics`, or `country` for one that runs in the country's kernel."""
        return str(getattr(self.module, "SIDE", "politics"))


def _load(path: str) -> ModuleType:
    """A user's file as a module; an edited file is a new module, also within one process."""
    return _load_text(path, hashlib.sha256(Path(path).read_bytes()).hexdigest())


@functools.cache
def _load_text(path: str, digest: str) -> ModuleType:
    name = "politburo_user_" + hashlib.sha256((path + digest).encode()).hexdigest()[:12]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def load_step(path: str, name: str = "step"):
    """The `step` (or `begin`) of a user's mechanism file."""
    return getattr(_load(path), name)


def mechanism(entry: str | Path) -> Mechanism:
    """A mechanism by its name, or by the path of a user's Python file."""
    if isinstance(entry, Path) or str(entry).endswith(".py"):
        path = Path(entry).resolve()
        return Mechanism(path.stem, path, _load(str(path)))
    path = ENGINE / "mechanisms" / f"{entry}.py"
    return Mechanism(str(entry), path, importlib.import_module(f"politburo.engine.mechanisms.{entry}"))


def of_side(entries: Sequence[str | Path], side: str) -> tuple[str | Path, ...]:
    """Those of a list that belong to one side, "politics" or "country", in order."""
    return tuple(entry for entry in entries if (mechanism(entry).side == "country") == (side == "country"))


def names(side: str | None = None) -> list[str]:
    """Every mechanism that the engine ships, or those of one side: "politics" or "country"."""
    found = sorted(p.stem for p in (ENGINE / "mechanisms").glob("*.py") if p.stem != "__init__")
    return found if side is None else [name for name in found if mechanism(name).side == side]


@functools.cache
def source_digest() -> str:
    """Digest of the engine's sources, the array layout and the theory kernels: what a result depends on."""
    digest = hashlib.sha256()
    files = [*sorted(ENGINE.rglob("*.py")), ENGINE.parent / "case" / "arrays.py", ENGINE.parent / "theory" / "coalition_kernel.py"]
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


#: `from module import names`, on one line or in brackets. (Parsing the files takes ten times as long at every start.)
_FROM = re.compile(r"^[ \t]*from (\.*)([\w.]*) import (\([^)]*\)|[^\n]*)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*import ([\w.]+)", re.MULTILINE)


@functools.cache
def _users(module: str) -> Path | None:
    """The file of a user's own module, one that neither Python nor an installed package brings."""
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return None
    if spec is None or not str(spec.origin).endswith(".py"):
        return None
    import sysconfig

    path = Path(spec.origin).resolve()
    installed = (Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    return None if any(path.is_relative_to(place) for place in installed) else path


@functools.cache
def _imported(path: Path) -> frozenset[Path]:
    """The files that a file imports, however far down: the package's own, and of a user's file the user's too."""
    found: set[Path] = set()
    text = path.read_text()
    ours = path.is_relative_to(ENGINE.parent)
    if not ours:
        modules = set(_IMPORT.findall(text))
        for dots, module, names in _FROM.findall(text):
            if not dots:
                modules |= {module, *(f"{module}.{name}" for name in re.findall(r"\w+", names))}
        found |= {file for module in modules if not module.startswith("politburo") and (file := _users(module)) is not None}
    for dots, module, names in _FROM.findall(text):
        if not dots and not module.startswith("politburo."):
            continue
        base = path.parents[len(dots) - 1] if dots else ENGINE.parent.parent
        base = base.joinpath(*module.split("."))
        candidates = [base.with_suffix(".py"), base / "__init__.py", *(base / f"{name}.py" for name in re.findall(r"\w+", names))]
        found |= {file for file in candidates if file.exists()}
    return frozenset(found)


@functools.cache
def _machine_digest(mechanisms: tuple[Path, ...], around: tuple[str, ...] = ("keeping.py", "start.py", "state.py", "month.py")) -> str:
    """Digest of every source that the machine code of these mechanisms is made from.

    A mechanism that is not in the list does not count, so adding one leaves the machine code of the others valid. `around`: the
    engine's files that every list needs.
    """
    todo = {*mechanisms, ENGINE / "country" / "held.py", *(ENGINE / name for name in around)}
    seen: set[Path] = set()
    while todo:
        path = todo.pop()
        seen.add(path)
        todo |= _imported(path) - seen
    digest = hashlib.sha256()
    for path in sorted(seen):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


_HEAD = '''"""Generated by politburo.engine.month from a case's list of mechanisms. Do not edit; delete freely."""
from numba import njit
from politburo.engine.country.held import call
from politburo.engine.keeping import forget, keep_history, keep_month
from politburo.engine.month import load_step
from politburo.engine.start import start
'''

_TAIL = '''

@njit(error_model="numpy", nogil=True, cache=True, _nrt=False)
def histories(w, params, s, kept, first, count, months, tracing, code, data):
    """Run histories first .. first + count - 1 for `months` months; parameters row h belongs to history first + h.

    `code`, `data`: addresses of the country's machine code and its block of words; 0 when there is no country.
    """
    for h in range(count):
        p = params[h]
        s.now[0].tracing = tracing
        start(w, p, s, first + h)
@BEGIN@        if code != 0:
            call(code, data, h, 1)
        forget(kept, h)
        for t in range(months):
            s.now[0].month = t
@MONTH@            if code != 0:
                call(code, data, h, 0)
            keep_month(w, s, kept, h)
        keep_history(w, s, kept, h)
'''


def source(entries: Sequence[str | Path]) -> str:
    """The text of the module for this list of mechanisms."""
    lines, calls, begins = [], [], []
    for number, entry in enumerate(entries):
        mech = mechanism(entry)
        if mech.path.parent == ENGINE / "mechanisms":
            lines.append(f"from politburo.engine.mechanisms.{mech.name} import step as step_{number}  # {mech.name}")
        else:
            lines.append(f"step_{number} = load_step({str(mech.path)!r})  # {mech.name}")
        # A user's own state is zero at the start of every history, whatever his `begin` does then.
        added = getattr(mech.module, "STATE", {})
        begins += [f"for i in range(len(s.people)): s.people[i].{name} = 0.0" for name in added.get("people", ())]
        begins += [f"s.now[0].{name} = 0.0" for name in added.get("now", ())]
        if hasattr(mech.module, "begin"):
            lines.append(f"begin_{number} = load_step({str(mech.path)!r}, 'begin')")
            begins.append(f"begin_{number}(w, p, s)")
        calls.append(f"step_{number}(w, p, s)")
    # The calls stand in the loop itself: one level of functions less to optimise.
    tail = _TAIL.replace("@BEGIN@", "".join(f"        {call}\n" for call in begins))
    return _HEAD + "\n".join(lines) + tail.replace("@MONTH@", "".join(f"            {call}\n" for call in calls))


@functools.cache
def _entry(entries: tuple[str, ...], digest: str):
    text = source(entries)
    name = "month_" + hashlib.sha256((text + digest).encode()).hexdigest()[:16]
    path = cache.folder() / f"{name}.py"
    cache.write_module(path, text)
    return Entry(path) if COMPILED else module_from(path).histories


def histories(entries: Sequence[str | Path]):
    """The compiled entry `histories(w, params, s, kept, first, count, months, tracing, code, data)` for a list of mechanisms.

    Those of the country are left out: they have a kernel of their own.
    """
    plain: list[str] = []
    listed = [mech for entry in entries if (mech := mechanism(entry)).side != "country"]
    digest = hashlib.sha256(_machine_digest(tuple(mech.path for mech in listed)).encode())
    for mech in listed:
        inside = mech.path.parent == ENGINE / "mechanisms"
        plain.append(mech.name if inside else str(mech.path))
        if not inside:
            digest.update(mech.path.read_bytes())
    return _entry(tuple(plain), digest.hexdigest())


def extra_state(entries: Sequence[str | Path]) -> tuple[list, list]:
    """State that users' mechanisms add: lists of (name, type) for persons and for the whole, from their STATE."""
    people, now = [], []
    for entry in entries:
        added = getattr(mechanism(entry).module, "STATE", {})
        people += [(name, "f8") for name in added.get("people", ())]
        now += [(name, "f8") for name in added.get("now", ())]
    return people, now


def is_compiled(entries: Sequence[str | Path]) -> bool:
    """Whether machine code for this list is in the cache (so that a first run can say that it compiles)."""
    if not COMPILED:
        return True
    return histories(entries).is_compiled()
