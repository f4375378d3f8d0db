"""A loaded case, kept between runs: the same case without reading YAML again.

Reading and checking the files of a hundred people takes a tenth of a second at every start. A case that was loaded without a
fault is therefore written to the cache folder as it stands in memory, with the digest of every file that it was read from. It
is used again only if all of that is the same to the byte: the files of its folder (a new one and a missing one count), the
packaged case that it borrows parameters from, politburo's own sources, and the versions of the libraries. A fault is
never kept: a case with one is read from its files each time, and says the same. What is damaged, or cannot be
written, is as if it were not there.

Only what a user runs by name is kept (`politburo.lab.ensembles.provenance.plan`), one file a folder, the last sixteen. Same trust as
machine code in the same folder: whoever can write there can run code.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .. import cache as cache_folder
from .load import CASES, find_case, load_case
from .schema import POSTERIOR, Case

MAGIC = b"politburo case 1\n"
MOST = 16
#: What a case may be read from, at the top of its folder; in `country/` it is every file.
_READ = (".yaml", ".yml", ".csv", ".py")


def load_kept(name: str | Path, mechanisms: Mapping[str, object] | None = None) -> Case:
    """`politburo.case.load.load_case`, from the cache where nothing has changed. Cost then: some 15 ms."""
    try:
        directory = find_case(name)
        path = _place(directory, mechanisms)
        found = _read(path, directory)
        if found is not None:
            return found
        before = digests(directory)
    except OSError:  # nothing can be read here: let it be said
        return load_case(name, mechanisms)
    case = load_case(name, mechanisms)
    try:
        lender = str(case.header.parameters)
        if before is not None and digests(directory) == before:  # nobody wrote while it was read
            _write(path, {"lender": lender, "files": digests(directory, lender)}, case)
    except OSError:
        pass
    return case


def digests(directory: Path, lender: str = "own") -> dict[str, str] | None:
    """Digest of every file that a case in this folder may be read from; None when something else than a file has such a name."""
    paths = [path for path in directory.iterdir() if path.suffix in _READ]
    if lender != "own":
        lent = (CASES / lender / name for name in ("case.yaml", "parameters.yaml", "sources.yaml", POSTERIOR))
        paths += (path for path in lent if path.exists())
    if not all(path.is_file() for path in paths):
        return None
    if (directory / "country").is_dir():
        paths += (path for path in (directory / "country").rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(paths)}


def _place(directory: Path, mechanisms: Mapping[str, object] | None) -> Path:
    words = (str(directory), str(directory.resolve()), None if mechanisms is None else sorted(mechanisms), _program())
    return cache_folder.folder() / f"case-{hashlib.sha256(repr(words).encode()).hexdigest()[:16]}.kept"


@cache
def _program() -> str:
    """Digest of the sources that read and check a case, and of the versions of what they stand on."""
    import numpy
    import pydantic
    import yaml

    root = Path(__file__).parents[1]
    files = [*root.glob("*.py"), *(root / "case").rglob("*.py"), *(root / "record").glob("*.py")]
    digest = hashlib.sha256(repr((sys.version, numpy.__version__, pydantic.VERSION, yaml.__version__)).encode())
    for path in sorted(files):
        digest.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _read(path: Path, directory: Path) -> Case | None:
    """The case, when the file is whole and all that it was read from is as it was."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if not content.startswith(MAGIC):
        return None
    end = content.find(b"\n", len(MAGIC))
    body = content[end + 1 :]
    try:
        about = json.loads(content[len(MAGIC) : end])
        if about["sha256"] != hashlib.sha256(body).hexdigest() or about["files"] != digests(directory, about["lender"]):
            return None
        return pickle.loads(body)
    except Exception:  # whatever is wrong with it, the files are there
        return None


def _write(path: Path, about: dict, case: Case) -> None:
    body = pickle.dumps(case, protocol=5)
    head = {**about, "sha256": hashlib.sha256(body).hexdigest()}
    cache_folder.write(path, MAGIC + json.dumps(head).encode() + b"\n" + body)
    others = sorted(path.parent.glob("case-*.kept"), key=lambda other: other.stat().st_mtime)
    for other in others[:-MOST]:
        other.unlink(missing_ok=True)
