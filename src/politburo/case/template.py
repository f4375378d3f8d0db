"""`politburo new DIR`: a commented, runnable case about invented people, to be replaced file by file."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path

from ..faults import Fault, Faults
from .jsonschema import json_schemas
from .load import CASES, packaged_cases
from .values import is_case_name

TEMPLATE = CASES / "template"
SCHEMAS = ".schema"  # where the template's YAML files look for their JSON Schemas


def new_case(directory: str | Path, name: str | None = None, own_parameters: bool = False) -> Path:
    """Write the template to a new directory and give its path.

    `name`: short name of the case, by default made from the directory's. `own_parameters`: copy the
    parameters of the reference case (prior ranges and values, without its posterior) instead of borrowing
    them. Raises `Faults` when the directory holds anything, or cannot be written; then nothing is left
    behind.
    """
    directory = Path(directory)
    place = str(directory)
    if name is None:
        name = re.sub(r"[^a-z0-9_-]+", "-", directory.resolve().name.lower()).strip("-_")[:64] or "my-case"
    elif not is_case_name(name):
        words = "lower-case letters, digits, - and _ (at most 64)"
        raise Faults([Fault("--name", 0, 0, f"name {name!r}", words)])
    if name in packaged_cases():
        words = "another name (--name), so that the two cannot be confused"
        raise Faults([Fault(place, 0, 0, f"{name!r} is the name of a packaged case", words)])
    draft: Path | None = None
    try:
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise Faults([Fault(place, 0, 0, "exists already", "a new or empty directory")])
        parent = directory.resolve().parent
        parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".politburo-new-", dir=parent))
        _write(draft / "case", name, own_parameters)
        if directory.exists():
            for path in (draft / "case").iterdir():
                path.rename(directory / path.name)
        else:
            (draft / "case").rename(directory)
    except OSError as error:
        words = f"cannot be written ({error.strerror})"
        raise Faults([Fault(place, 0, 0, words, "a directory you may write")]) from None
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
    return directory


def _write(directory: Path, name: str, own_parameters: bool) -> None:
    shutil.copytree(TEMPLATE, directory)
    header = directory / "case.yaml"
    text = header.read_text(encoding="utf-8")
    text = re.sub(r"^name: template\b", f"name: {name}", text, flags=re.MULTILINE)
    if own_parameters:
        shutil.copy(CASES / "ussr" / "parameters.yaml", directory / "parameters.yaml")
        text = re.sub(r"^parameters: ussr\b", "parameters: own", text, flags=re.MULTILINE)
    header.write_text(text, encoding="utf-8")
    write_schemas(directory / SCHEMAS)


def write_schemas(directory: str | Path) -> list[Path]:
    """Write the JSON Schema of every YAML file of a case into a directory, for editors."""
    directory = Path(directory)
    written = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for stem, schema in json_schemas().items():
            path = directory / f"{stem}.json"
            path.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            written.append(path)
    except OSError as error:
        raise Faults(
            [
                Fault(
                    str(directory), 0, 0, f"cannot be written ({error.strerror})", "a directory you may write"
                )
            ]
        ) from None
    return written
