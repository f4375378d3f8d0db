"""Machine code and plain Python give the same bits: whole histories of the ussr case and of random ones."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import plain
import pytest

from politburo.engine import month
from politburo.engine.kernel import COMPILED

pytestmark = pytest.mark.skipif(not COMPILED, reason="there is nothing compiled to compare with")


def run_plain(*arguments: str) -> None:
    """Run tests/engine/plain.py in a process without compiling."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    script = Path(__file__).with_name("plain.py")
    done = subprocess.run(
        [sys.executable, str(script), *arguments], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_compiled_equals_uncompiled(standard, ussr, tmp_path):
    run_plain("kept", str(tmp_path / "plain.npz"))
    compiled = plain.kept_arrays(ussr)
    with np.load(tmp_path / "plain.npz") as found:
        assert str(found["sources"]) == month.source_digest(), "the engine was edited while the tests ran"
        assert set(found.files) == {"sources", *compiled}
        for name, array in compiled.items():
            other = found[name]
            assert other.dtype == array.dtype and other.shape == array.shape, name
            assert other.tobytes() == array.tobytes(), (
                f"{name} differs first at {np.argwhere(other != array)[:1]}"
            )
    eventful = [len(array) for name, array in compiled.items() if name.endswith("trace.kind")]
    assert min(eventful) > 5 and max(eventful) > 300, "histories in which something happens"
