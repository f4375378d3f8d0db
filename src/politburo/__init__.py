"""politburo: a laboratory for power inside closed ruling circles.

Nothing heavy is imported here; each name below is fetched from its room on first use.
"""

from importlib import import_module as _import_module

__version__ = "0.1.0"

# name -> the module that defines it
_ROOMS: dict[str, str] = {
    "Case": "politburo.case.schema", "load_case": "politburo.case.load", "load_record": "politburo.record.loading",
    "Result": "politburo.lab.ensembles.results", "open_result": "politburo.lab.ensembles.results", "run": "politburo.lab.ensembles.run", "rerun": "politburo.lab.ensembles.run",
    "what_if": "politburo.lab.experiments.what_if", "explain": "politburo.lab.experiments.explain", "disputes": "politburo.lab.experiments.disputes",
}  # fmt: skip

__all__ = ["__version__", *_ROOMS]


def __getattr__(name: str):
    if name in _ROOMS:
        return getattr(_import_module(_ROOMS[name]), name)
    raise AttributeError(f"module 'politburo' has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
