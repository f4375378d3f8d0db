"""JSON Schemas of the YAML files of a case: an editor completes keys and marks faults while one types.

They say what one file can say by itself; references between files, sums and dates are the loader's
(`politburo check`).
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from .aims import Outcome, Target
from .events import Shock
from .institutions import RULE_MODELS, RULES
from .schema import SECTIONS, Header
from .values import Model, Quantity

_DIALECT = "http://json-schema.org/draft-07/schema#"  # the dialect that YAML editors support in full
_REF = "#/$defs/{model}"
_UNIONS = {"shocks": Shock, "targets": Target, "outcomes": Outcome}
_ID = {"pattern": "^[a-z][a-z0-9_]*$", "maxLength": 64}
_ABOUT = {
    "case": "The front page of a case.",
    "sources": "Works that values are cited from.",
    "organs": "Bodies with seats, and who elects them.",
    "posts": "Offices, holders and powers.",
    "issues": "Lines of division, from -1 to 1.",
    "rules": "Rules of the game.",
    "shocks": "What happens to the circle from outside.",
    "parameters": "Constants of the engine with their prior ranges.",
    "targets": "What is recorded and scored against.",
    "outcomes": "Questions that every history is asked.",
}


def json_schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema (draft 7) by the stem of the YAML file: `{"case": {...}, "organs": {...}, ...}`."""
    _describe()
    return {
        section.file.removesuffix(".yaml"): _schema(section.name)
        for section in SECTIONS
        if section.shape != "rows"
    }


@cache
def _describe() -> None:
    """Give every field of every model the line that stands under it as its description."""
    todo = list(Model.__subclasses__())
    for model in todo:  # bases come before what is made of them
        todo += [kind for kind in model.__subclasses__() if kind not in todo]
        lines = _lines(model)
        for name, field in model.model_fields.items():
            if name in model.__annotations__:
                field.description = lines.get(name)
            else:
                field.description = next(base.model_fields[name].description for base in model.__mro__[1:] if name in base.model_fields)
    for model in todo:
        model.model_rebuild(force=True)


def _lines(model: type[Model]) -> dict[str, str]:
    """The strings that stand under the fields of a class, by field."""
    body = ast.parse(dedent(inspect.getsource(model))).body[0].body
    found = {}
    for field, line in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant):
            found[field.target.id] = inspect.cleandoc(str(line.value.value))
    return found


def _schema(name: str) -> dict[str, Any]:
    if name == "case":
        schema = Header.model_json_schema(by_alias=True)
        _finish(schema)
        return {"$schema": _DIALECT, **schema, "title": "case.yaml", "description": _ABOUT[name]}
    if name == "rules":
        keys, top = models_json_schema([(m, "validation") for m in RULE_MODELS.values()], ref_template=_REF)
        defs = top["$defs"]
        properties = {}
        for rule, kind in RULES.items():
            ref = keys[RULE_MODELS[kind.kind], "validation"]
            properties[rule] = {**ref, "description": kind.means}
        needed = [rule for rule, kind in RULES.items() if kind.default is None]
        inner = {
            "type": "object",
            "properties": properties,
            "required": needed,
            "additionalProperties": False,
        }
    elif name in _UNIONS:
        entry = TypeAdapter(_UNIONS[name]).json_schema(ref_template=_REF, schema_generator=GenerateJsonSchema)
        defs = entry.pop("$defs")
        entry.pop("discriminator", None)
        if name == "shocks":
            inner = {"type": "array", "items": entry}
        else:
            inner = {"type": "object", "propertyNames": _ID, "additionalProperties": entry}
    else:
        model = next(section.model for section in SECTIONS if section.name == name)
        entry = model.model_json_schema(by_alias=True, ref_template=_REF)
        defs = entry.pop("$defs", {})
        defs[entry["title"]] = entry
        inner = {
            "type": "object",
            "propertyNames": _ID,
            "additionalProperties": {"$ref": f"#/$defs/{entry['title']}"},
        }
    file = next(section.file for section in SECTIONS if section.name == name)
    schema = {
        "$schema": _DIALECT,
        "title": file,
        "description": _ABOUT[name],
        "type": "object",
        "properties": {name: inner},
        "required": [name],
        "additionalProperties": False,
        "$defs": defs,
    }
    _finish(schema, source_needed=name != "parameters")
    return schema


def _finish(schema: dict[str, Any], source_needed: bool = True) -> None:
    """Add the rule of citation to every definition with a label; drop the noise that generators leave."""
    for definition in [schema, *schema.get("$defs", {}).values()]:
        properties = definition.get("properties", {})
        if "evidence" in properties and "note" in properties:
            assumed = {"properties": {"evidence": {"const": "assumed"}}, "required": ["evidence"]}
            definition["if"] = assumed
            definition["then"] = {
                "required": ["note"],
                "properties": {"note": {"type": ["string", "number"]}},
            }
            if source_needed:
                definition["else"] = {"required": ["source"], "properties": {"source": {"type": "string"}}}
        for key, value in properties.items():
            if isinstance(value, dict):
                value.pop("title", None)
                if "description" not in value and key in Quantity.model_fields:
                    value["description"] = Quantity.model_fields[key].description
                if key == "format":
                    value["const"] = 1
