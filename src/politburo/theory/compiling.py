"""Calling a compiled kernel, with a word to the user when the first call has to compile.

Numba compiles a kernel once for a machine and keeps the code on disk. A silent wait of several seconds looks
like a hang, so `call` compiles apart from running and says so on standard error once the wait has lasted a
second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

PATIENCE = 1.0
_MESSAGE = "politburo: compiling kernels for this machine (once; later runs read them from the cache) ..."
_said = threading.Event()
_ready: set[Any] = set()
_compiling = threading.RLock()


def _say() -> None:
    if not _said.is_set():
        _said.set()
        print(_MESSAGE, file=sys.stderr, flush=True)


def call(kernel: Callable[..., Any], *arguments: Any) -> Any:
    """`kernel(*arguments)`; compiles first, audibly, when these argument types are new.

    Under NUMBA_DISABLE_JIT=1 the kernel is a plain function and is simply called.
    """
    overloads = getattr(kernel, "overloads", None)
    if overloads is not None:
        key = (kernel, *map(_kind, arguments))
        if key not in _ready:
            from numba import typeof

            signature = tuple(typeof(a) for a in arguments)
            if signature not in overloads:
                with _compiling:
                    timer = threading.Timer(PATIENCE, _say)
                    timer.daemon = True
                    timer.start()
                    try:
                        kernel.compile(signature)
                    finally:
                        timer.cancel()
            _ready.add(key)
    return kernel(*arguments)


def _kind(argument: Any) -> Any:
    """What decides the compiled signature, found more quickly than Numba's typeof."""
    flags = getattr(argument, "flags", None)
    if flags is None:
        return type(argument)
    return argument.dtype.num, argument.ndim, flags.c_contiguous, flags.writeable
