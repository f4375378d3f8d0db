"""Machine code kept as plain object files, so that a warm start needs neither Numba's type system nor its compiler.

Loading a compiled function through Numba's own cache makes the compiler ready first (some hundred modules, SciPy's linear
algebra among them), gives every array a Numba type, and reads a copy of the code that only another compilation would
need: a quarter of a second for a month of politics. The code itself is a megabyte that the linker places in five
milliseconds. So what Numba has compiled is written a second time, as

    politburo machine code 1
    {"symbol": ..., "missing": [...], "sha256": ...}      one line of JSON
    ... the object file (ELF), as LLVM made it ...

named by a digest of all that it depends on: the sources (in the caller's name), the types of the arguments, Numba's and LLVM's
versions, the processor with its features, and every setting of Numba in the environment. The code is the same to the bit.

What is damaged, comes from elsewhere, or asks for a function that this process does not have is not loaded, and Numba does
the work, as it does where object files are not ELF (macOS, Windows) or the cache cannot be written to. Same trust as
Numba's cache: whoever can write into the folder can run code.

Arguments. Numba hands tuples of arrays over by value: an array is eight words and more (`passed`), so a month takes some five
hundred. That is checked against the function's own signature when the code is kept.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import json
import os
import struct
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import cache

MAGIC = b"politburo machine code 1\n"
#: ctypes hands over no more arguments than this.
MOST = 1024


def layout(value: Any) -> Any:
    """What the machine code of a function depends on in an argument: types, axes and order of arrays, names of tuples."""
    if isinstance(value, tuple):
        return (type(value).__name__, *map(layout, value))
    if isinstance(value, np.ndarray):
        flags = value.flags
        # As Numba tells them apart: an array without items is in every order, and counts as one in C's.
        order = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "A"
        return value.dtype, value.ndim, order, flags.aligned, flags.writeable
    return type(value).__name__


def passed(value: Any, words: list[int]) -> list[int]:
    """Add a value to the words of a call, as Numba passes it: an array is two owners (none), its count of items, the size of one,
    its address, its lengths and its steps; a tuple is its fields; None is nothing to look at."""
    if isinstance(value, tuple):
        for part in value:
            passed(part, words)
    elif isinstance(value, np.ndarray):
        words += (0, 0, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides)
    else:
        words.append(0 if value is None else int(value))
    return words


def _expected(value: Any) -> list[str]:
    """The types of those words."""
    if isinstance(value, tuple):
        return [kind for part in value for kind in _expected(part)]
    if isinstance(value, np.ndarray):
        return ["ptr", "ptr", "i64", "i64", "ptr", *["i64"] * (2 * value.ndim)]
    return ["ptr" if value is None else "i64"]


@functools.cache
def machine() -> str:
    """Digest of what machine code depends on beside its sources and types."""
    import llvmlite
    import llvmlite.binding as llvm
    import numba
    from numba.core import config
    from numba.core.codegen import get_host_cpu_features

    features = get_host_cpu_features() if config.CPU_FEATURES is None else config.CPU_FEATURES
    settings = sorted((name, value) for name, value in os.environ.items() if name.startswith("NUMBA_"))
    found = (numba.__version__, llvmlite.__version__, sys.implementation.cache_tag, llvm.get_process_triple(),
             config.CPU_NAME or llvm.get_host_cpu_name(), features, settings)  # fmt: skip
    return hashlib.sha256(repr(found).encode()).hexdigest()


def place(folder: Path, name: str, *depends: Any) -> Path:
    """Where the code called `name` is kept that depends on these things."""
    digest = hashlib.sha256(repr((machine(), *map(_text, depends))).encode()).hexdigest()
    return folder / f"{name}-{digest[:16]}.code"


def _text(part: Any) -> str:
    return f"({', '.join(map(_text, part))})" if isinstance(part, tuple) else str(part)


# Reading


_lock = threading.Lock()
#: Loaded code by its place: (address, the engine that owns the memory). Code is never unloaded: somebody may be running it.
_loaded: dict[Path, tuple[int, Any]] = {}


def load(path: Path) -> int | None:
    """Address of the function in a kept file; None when there is none that can be used. Some five milliseconds a megabyte."""
    with _lock:
        if path not in _loaded:
            found = _read(path)
            if found is None:
                return None
            _loaded[path] = _link(*found)
        return _loaded[path][0]


def _read(path: Path) -> tuple[str, bytes] | None:
    """Name of the function and object file, when the file is whole and this process has all that it asks for."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    magic, line, code = content[: len(MAGIC)], *_cut(content)
    if magic != MAGIC:
        return None
    try:
        about = json.loads(line)
        whole = about["sha256"] == hashlib.sha256(about["symbol"].encode() + code).hexdigest()
        # LLVM ends the process when a name is missing, so it is looked for first.
        return (about["symbol"], code) if whole and all(map(_address, about["missing"])) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _cut(content: bytes) -> tuple[bytes, bytes]:
    end = content.find(b"\n", len(MAGIC))
    return content[len(MAGIC) : end], content[end + 1 :]


@functools.cache
def _helpers() -> bool:
    """Tell LLVM where Numba's helper functions are, and make it ready for this processor."""
    import llvmlite.binding as llvm

    try:
        from numba.core.base import _load_global_helpers
    except ImportError:  # another Numba: its own cache then serves
        return False
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    _load_global_helpers()
    return True


def _address(name: str) -> int | None:
    import llvmlite.binding as llvm

    return llvm.address_of_symbol(name) if _helpers() else None


def _link(symbol: str, code: bytes) -> tuple[int, Any]:
    """Place an object file into memory, by an engine of its own."""
    import llvmlite.binding as llvm
    from numba.core import config

    module = llvm.parse_assembly("")
    module.triple = llvm.get_process_triple()
    machine_ = llvm.Target.from_triple(module.triple).create_target_machine(
        cpu=config.CPU_NAME or llvm.get_host_cpu_name(), opt=0, reloc="static", codemodel="jitdefault", jit=True
    )
    engine = llvm.create_mcjit_compiler(module, machine_, use_lmm=config.USE_LLVMLITE_MEMORY_MANAGER)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine.get_function_address(symbol), engine


# Writing


def keep(path: Path, compiled: Any, signature: Any, values: Sequence[Any] | None = None) -> bool:
    """Keep what Numba has in its cache for a compiled function, and say whether that was possible.

    compiled : a dispatcher or a C callback with a cache
    signature : of the compiled version
    values : the arguments, when its native function is wanted, which takes them as `passed` says; None for a C callback
    """
    try:
        code, symbol = _from_cache(compiled, signature, values)
        missing = undefined(code)
        head = {"symbol": symbol, "missing": missing, "sha256": hashlib.sha256(symbol.encode() + code).hexdigest()}
        if not all(map(_address, missing)):
            return False
        cache.write(path, MAGIC + json.dumps(head).encode() + b"\n" + code)
    except (OSError, AttributeError, LookupError, TypeError, ValueError):  # no cache here, or another Numba
        return False
    return True


def _from_cache(compiled: Any, signature: Any, values: Sequence[Any] | None) -> tuple[bytes, str]:
    """Object code and name of the function out of Numba's cache."""
    import llvmlite.binding as llvm
    from numba.core.registry import cpu_target

    kept = compiled._cache
    library, description, *_ = kept._cache_file.load(kept._index_key(signature, cpu_target.target_context.codegen()))
    _, kind, (code, bitcode) = library
    if kind != "object":
        raise ValueError(kind)
    if values is None:
        return code, description.llvm_cfunc_wrapper_name
    symbol = description.llvm_func_name
    function = llvm.parse_bitcode(bitcode).get_function(symbol)
    found = ["ptr" if (kind := str(a.type)).endswith("*") else kind for a in function.arguments]
    expected = ["ptr", "ptr", *(kind for value in values for kind in _expected(value))]
    if found != expected or len(found) > MOST:
        raise ValueError("arguments are passed otherwise")
    return code, symbol


def undefined(code: bytes) -> list[str]:
    """Names that an object file asks for: the undefined symbols of a little-endian 64-bit ELF file."""
    if code[:6] != b"\x7fELF\x02\x01":
        raise ValueError("not an ELF file of this kind")
    (at,) = struct.unpack_from("<Q", code, 0x28)
    size, count = struct.unpack_from("<HH", code, 0x3A)

    def section(number: int) -> tuple[int, ...]:
        return struct.unpack_from("<IIQQQQIIQQ", code, at + number * size)

    count = count or section(0)[5]  # very many sections
    found: set[str] = set()
    for kind, start, length, link in ((s[1], s[4], s[5], s[6]) for s in map(section, range(count))):
        if kind != 2:  # not a table of symbols
            continue
        names = section(link)[4]
        for name, _, _, where, _, _ in struct.iter_unpack("<IBBHQQ", code[start : start + length]):
            if where == 0 and name:
                found.add(code[names + name : code.index(b"\0", names + name)].decode())
    return sorted(found)


# Calling


class Native:
    """A native function of Numba's at an address: returns its status, 0 when nothing was raised. Lets go of the interpreter."""

    def __init__(self, address: int):
        self._address = address
        self._of: dict[int, Any] = {}

    def __call__(self, words: Sequence[int]) -> int:
        count = len(words)
        function = self._of.get(count)
        if function is None:
            pointers = (ctypes.c_void_p, ctypes.c_void_p)
            kind = ctypes.CFUNCTYPE(ctypes.c_int32, *pointers, *(ctypes.c_int64,) * count)
            function = self._of[count] = kind(self._address)
        result, raised = ctypes.c_void_p(), ctypes.c_void_p()
        return function(ctypes.addressof(result), ctypes.addressof(raised), *words)
