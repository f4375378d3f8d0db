"""The compiled entry of a month: machine code from the cache where it lies there, else made by Numba and kept.

`Entry` is called like the function it stands for, `histories(w, params, s, kept, first, count, months, tracing, code, data)`.
The first call looks for kept machine code (`politburo.engine.machine_code`) for the types of its arguments. Numba and the
generated module's own function are only asked when there is none, or when a history raised: then the same call is made once
more by Numba, which knows how to say what happened.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from . import machine_code

_compiling = threading.Lock()


def module_from(path: Path) -> Any:
    """A generated module, by its file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


class Entry:
    """The entry of one list of mechanisms.

    file : the generated module. Arguments of other types get code of their own, as Numba would make it.
    """

    def __init__(self, file: Path):
        self.file = file
        self._native: dict[tuple, machine_code.Native | None] = {}
        self._made: set[tuple] = set()  # compiled in this process

    @cached_property
    def dispatcher(self) -> Callable:
        """Numba's function."""
        return module_from(self.file).histories

    @property
    def py_func(self) -> Callable:
        """The plain function."""
        return self.dispatcher.py_func

    def is_compiled(self) -> bool:
        """Whether machine code is in the cache, for whatever types."""
        if any(self._native.values()) or any(self.file.parent.glob(f"{self.file.stem}-*.code")):
            return True
        return any((self.file.parent / "__pycache__").glob(f"{self.file.stem}.*.nbi"))

    def is_ready(self, *arrays: Any) -> bool:
        """Whether a call with such arrays (w, params, s, kept) would begin at once."""
        layout = machine_code.layout(arrays)
        return layout in self._made or self._code(layout) is not None

    def compile(self, *arguments: Any) -> None:
        """Compile for these arguments (a run of no histories), at LLVM's first level of optimisation, and keep the code.

        The third level takes a quarter longer to compile and makes histories 4 % faster, with the same bits.
        """
        from numba.core import config

        layout = machine_code.layout(arguments[:4])
        with _compiling:
            if layout in self._made or self._code(layout) is not None:
                return
            level = config.OPT
            config.OPT = type(level)(1)
            try:
                self.dispatcher(*arguments)
            finally:
                config.OPT = level
            if machine_code.keep(self._place(layout), self.dispatcher, self.dispatcher.signatures[-1], arguments):
                del self._native[layout]
            self._made.add(layout)

    def _place(self, layout: tuple) -> Path:
        return machine_code.place(self.file.parent, self.file.stem, layout)

    def _code(self, layout: tuple) -> machine_code.Native | None:
        if layout not in self._native:
            address = machine_code.load(self._place(layout))
            self._native[layout] = None if address is None else machine_code.Native(address)
        return self._native[layout]

    def __call__(self, *arguments: Any) -> None:
        layout = machine_code.layout(arguments[:4])
        native = self._code(layout)
        if native is None and layout not in self._made:
            self.compile(*arguments[:5], 0, *arguments[6:])
            native = self._code(layout)
        if native is None or native(machine_code.passed(arguments, [])):
            self.dispatcher(*arguments)
