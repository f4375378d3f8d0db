"""YAML and CSV that remember where every value stood.

PyYAML's node graph carries a mark for each node; we build plain data from it ourselves, so that a duplicate key
is a fault, `no` stays a word, a date stays a string, and no tag can construct anything. The place of a value is
looked up by its path, the same tuple of keys and indices that Pydantic puts in its errors.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from .faults import Fault, Faults, listed, nearest

Key = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

_INT = re.compile(r"[-+]?(0|[1-9][0-9_]*)$")
_FLOAT = re.compile(r"[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?$")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 64


@dataclass
class Marked:
    """Plain data from a file, with the line and column of every path in it."""

    file: str
    data: Any
    marks: dict[Key, tuple[int, int]] = field(default_factory=dict)

    def at(self, path: Sequence[str | int]) -> tuple[int, int]:
        """Line and column (from 1) of the longest known prefix of `path`."""
        key = tuple(path)
        while key and key not in self.marks:
            key = key[:-1]
        return self.marks.get(key, (1, 1))

    def fault(self, path: Sequence[str | int], found: str, allowed: str = "", near: str | None = None) -> Fault:
        """A fault at the place of `path`."""
        return Fault(self.file, *self.at(path), found, allowed, near)


def read_text(path: Path, most: int = MAX_BYTES) -> str:
    """The text of a UTF-8 file; one clear fault when it cannot be had."""
    try:
        size = path.stat().st_size
        if size > most:
            raise Faults([Fault(str(path), 0, 0, f"file of {size:,} bytes", f"at most {most:,} bytes")])
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Faults([Fault(str(path), 0, 0, f"byte {error.start} is not UTF-8", "UTF-8 text")]) from None
    except OSError as error:
        raise Faults([Fault(str(path), 0, 0, f"cannot be read ({error.strerror})", "a readable file")]) from None


def _scalar(node: yaml.ScalarNode) -> Any:
    text = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if text.lower() in _WORDS and text in ("true", "false", "null", "~", "", "True", "False", "Null"):
        return _WORDS[text.lower()]
    if len(text) > 300:  # not a number anybody means; int() refuses thousands of digits
        return text
    if _INT.match(text):
        return int(text.replace("_", ""))
    if _FLOAT.match(text):
        return float(text.replace("_", ""))
    return text


def load_yaml(path: Path | str, text: str | None = None) -> Marked:
    """Read one YAML document. Raises `Faults` with every syntax fault, duplicate key, tag or alias cycle found."""
    out, faults = scan_yaml(path, text)
    if faults:
        raise Faults(faults)
    return out


def scan_yaml(path: Path | str, text: str | None = None) -> tuple[Marked, list[Fault]]:
    """As `load_yaml`, but what could be read comes back beside the faults; text that is not YAML still raises."""
    path = Path(path)
    name = str(path)
    if text is None:
        text = read_text(path)
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise Faults([Fault(name, line, column, f"not YAML: {error.problem}")]) from None
    except yaml.YAMLError as error:
        raise Faults([Fault(name, 0, 0, f"not YAML: {str(error).splitlines()[0]}")]) from None
    out = Marked(name, None)
    faults: list[Fault] = []

    def build(node: yaml.Node, path: Key) -> Any:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        out.marks.setdefault(path, (line, column))
        if len(path) > MAX_DEPTH:
            faults.append(Fault(name, line, column, "nested too deeply", f"at most {MAX_DEPTH} levels"))
            return None
        if not node.tag.startswith("tag:yaml.org,2002:"):
            faults.append(Fault(name, line, column, f"tag {node.tag}", "plain values without tags"))
            return None
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [build(child, (*path, i)) for i, child in enumerate(node.value)]
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            kline, kcolumn = key_node.start_mark.line + 1, key_node.start_mark.column + 1
            if not isinstance(key_node, yaml.ScalarNode):
                faults.append(Fault(name, kline, kcolumn, "a key that is not a word", "words as keys"))
                continue
            key = key_node.value
            if key in mapping:
                first = out.marks[(*path, key)][0]
                faults.append(Fault(name, kline, kcolumn, f"key {key!r} a second time", f"once (first on line {first})"))
                continue
            out.marks[(*path, key)] = (kline, kcolumn)
            mapping[key] = build(value_node, (*path, key))
        return mapping

    if "&" in text and "*" in text and _has_alias(text):
        faults.append(Fault(name, 0, 0, "YAML anchors and aliases", "every value written out"))
    elif node is not None:
        out.data = build(node, ())
    return out, faults


def _has_alias(text: str) -> bool:
    return any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_LOADER))


@dataclass
class Row:
    """One CSV row: values by column, the line it began on."""

    file: str
    line: int
    values: dict[str, str]
    columns: dict[str, int]
    ragged: bool = False  # more or fewer fields than the header

    def fault(self, column: str, found: str, allowed: str = "", near: str | None = None) -> Fault:
        """A fault in one cell; the fault's column is the number of the field, from 1."""
        return Fault(self.file, self.line, self.columns.get(column, 0), found, allowed, near)


def load_csv(path: Path | str, required: Sequence[str], optional: Sequence[str] = (), text: str | None = None) -> list[Row]:
    """Read a CSV file with a header row. Unknown, missing or doubled columns and ragged rows are faults.

    Lines that begin with `#` before the header are comments.
    """
    rows, faults = scan_csv(path, required, optional, text)
    if faults:
        raise Faults(faults)
    return rows


def scan_csv(
    path: Path | str, required: Sequence[str], optional: Sequence[str] = (), text: str | None = None
) -> tuple[list[Row], list[Fault]]:
    """As `load_csv`, but the rows that could be read (ragged ones marked) come back beside the faults."""
    path = Path(path)
    name = str(path)
    if text is None:
        text = read_text(path)
    stream = io.StringIO(text, newline="")
    skipped, start = 0, 0
    while stream.readline().startswith("#"):
        skipped, start = skipped + 1, stream.tell()
    stream.seek(start)
    reader = csv.reader(stream, strict=True)
    known = [*required, *optional]
    faults: list[Fault] = []
    rows: list[Row] = []
    try:
        header = next(reader, None)
        if header is None:
            return [], [Fault(name, 0, 0, "an empty file", "a header row: " + listed(known))]
        top = skipped + 1
        header = [cell.strip() for cell in header]
        if len(header) == 1 < len(known) and (mark := next((m for m in ";\t|" if m in header[0]), None)):
            return [], [Fault(name, top, 1, f"fields separated by {mark!r}", "fields separated by commas")]
        for i, column in enumerate(header):
            if column not in known:
                faults.append(Fault(name, top, i + 1, f"unknown column {column!r}", listed(known), nearest(column, known)))
            elif column in header[:i]:
                faults.append(Fault(name, top, i + 1, f"column {column!r} a second time", "once"))
        for column in required:
            if column not in header:
                faults.append(Fault(name, top, 0, f"no column {column!r}", listed(known)))
        places = {column: i + 1 for i, column in enumerate(header)}
        begin = skipped + reader.line_num + 1
        for cells in reader:
            ragged = bool(cells) and len(cells) != len(header)
            if ragged:
                faults.append(Fault(name, begin, 0, f"{len(cells)} fields", f"{len(header)} as in the header"))
            if cells:
                rows.append(Row(name, begin, {c: v.strip() for c, v in zip(header, cells)}, places, ragged))
            begin = skipped + reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(name, skipped + reader.line_num, 0, f"not CSV: {error}"))
    return rows, faults


def validate(model: type[Model], marked: Marked, path: Sequence[str | int] = (), data: Any = None) -> Model:
    """Validate `marked.data` (or `data`, which stood at `path`) as `model`; raise `Faults` with places and words."""
    value = marked.data if data is None and not path else data
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise Faults([_fault(marked, tuple(path), model, e) for e in error.errors()]) from None


def _fault(marked: Marked, prefix: Key, model: type[BaseModel], error: dict[str, Any]) -> Fault:
    loc = tuple(error["loc"])
    kind, context = error["type"], error.get("ctx", {})
    path = (*prefix, *loc)
    if kind == "extra_forbidden":
        fields = _fields(model, loc[:-1])
        return marked.fault(path, f"unknown key {loc[-1]!r}", listed(fields), nearest(loc[-1], fields))
    if kind == "missing":
        return marked.fault(path, f"no {'.'.join(map(str, loc))}", f"the key {loc[-1]!r} is required")
    if kind in ("enum", "literal_error"):
        words = re.findall(r"'([^']*)'", context.get("expected", ""))
        return marked.fault(path, f"{'.'.join(map(str, loc))} is {error['input']!r}", listed(words), nearest(error["input"], words))
    shown = repr(error["input"])
    shown = shown if len(shown) < 60 else shown[:57] + "..."
    message = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return marked.fault(path, f"{'.'.join(map(str, loc)) or 'value'} is {shown}", message)


def _fields(model: Any, loc: Sequence[str | int]) -> list[str]:
    """Field names of the model that stands at `loc` inside `model`, followed through dicts, lists and unions."""
    from typing import get_args

    def models(annotation: Any) -> list[type[BaseModel]]:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return [annotation]
        return [m for arg in get_args(annotation) for m in models(arg)]

    here: list[type[BaseModel]] = [model]
    for key in loc:
        nxt: list[type[BaseModel]] = []
        for m in here:
            by_alias = {f.alias or n: f for n, f in m.model_fields.items()}
            if key in by_alias:
                nxt += models(by_alias[key].annotation)
        here = nxt or here
    return sorted({f.alias or n for m in here for n, f in m.model_fields.items()})
