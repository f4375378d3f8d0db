"""A hand-made result whose every number is known, and one small run of each packaged case."""

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from politburo.case import Month, load_case
from politburo.case.compile import compile_case
from politburo.engine.state import keep
from politburo.lab.ensembles.run import run
from politburo.views.findings import Findings


class Made:
    """A result made by hand: `kept` is what the test says, bands are empty or given."""

    def __init__(self, compiled, kept, bands=None):
        self.compiled, self._kept, self._bands = compiled, kept, bands or {}
        self.n = self.done = len(kept.first)
        self.provenance = {"id": "0123456789abcdef", "seed": 7, "histories": self.n}
        self.call = SimpleNamespace(
            mechanisms=None, rows=lambda numbers: compiled.particles[numbers % len(compiled.particles)]
        )

    def kept(self, most=None, bands=True):
        return self._kept

    def band(self, series, at):
        if series not in self._bands:
            raise ValueError(series)
        return self._bands[series]

    def table(self, columns=None, most=None):
        return pa.table({"history": np.arange(self.n)})


@pytest.fixture(scope="session")
def compiled():
    """The template, with a checkpoint for every question."""
    return compile_case(load_case("template"))


@pytest.fixture
def empty(compiled):
    """Twenty histories in which nothing happens."""
    return keep(compiled.world, 20)


@pytest.fixture(scope="session")
def make():
    """Findings of hand-made histories."""
    return lambda compiled, kept, bands=None: Findings(Made(compiled, kept, bands))


@pytest.fixture(scope="session")
def ussr(tmp_path_factory):
    """Two hundred histories of the reference case."""
    return run("ussr", n=200, workers=1, out=tmp_path_factory.mktemp("views") / "ussr")


@pytest.fixture(scope="session")
def others(tmp_path_factory):
    """The other packaged cases, and the reference case cut short."""
    folder = tmp_path_factory.mktemp("views-others")
    return {
        "ussr-1953": run("ussr-1953", n=60, workers=1, out=folder / "1953"),
        "template": run("template", n=60, workers=1, out=folder / "template"),
        "short": run("ussr", n=40, until=Month(1923, 3), workers=1, out=folder / "short"),
    }
