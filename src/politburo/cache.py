"""The cache folder: what can be made again at any time, named by what it was made from.

Everything in it may be deleted. Files appear whole or not at all, so two processes may write the same one.
"""

from __future__ import annotations

import functools
import os
import threading
from pathlib import Path


def folder() -> Path:
    """`politburo` in `POLITBURO_CACHE`, `XDG_CACHE_HOME` or `~/.cache`; where that cannot be written to, a folder for this process only."""
    base = os.environ.get("POLITBURO_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    path = Path(base) / "politburo"
    try:
        path.mkdir(parents=True, exist_ok=True)
        if os.access(path, os.W_OK):
            return path
    except OSError:
        pass
    return Path(_own().name)


@functools.cache
def _own():
    import tempfile

    return tempfile.TemporaryDirectory(prefix="politburo-")


def write(path: Path, content: bytes) -> None:
    """Write a file beside and move it into place. Raises OSError, and leaves nothing half-written, when that cannot be."""
    beside = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def write_module(path: Path, text: str) -> None:
    """Write a generated module where it does not stand already."""
    if not path.exists() or path.read_text() != text:
        write(path, text.encode())
