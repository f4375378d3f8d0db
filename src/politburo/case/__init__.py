"""Cases: worlds to run, as data files. Schema, loading with places of every fault, changing values.

from politburo.case import load_case
case = load_case("ussr")
case.people["trotsky"].traits["prestige"].value
"""

from importlib import import_module as _import_module

_NAMES = {
    "Case": "schema",
    "load_case": "load",
    "read_case": "load",
    "packaged_cases": "load",
    "find_case": "load",
    "Month": "values",
    "PartialDate": "values",
    "Quantity": "values",
    "Posterior": "posterior",
    "new_case": "template",
    "json_schemas": "jsonschema",
}

__all__ = list(_NAMES)


def __getattr__(name: str):
    if name in _NAMES:
        return getattr(_import_module(f".{_NAMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
