"""Many arrays behind one pointer: how country mechanisms get their world and state.

A kernel that takes tuples of arrays gets every array by value, some hundred words at each call. The country has more
arrays than the politics and calls more functions, so its tuples lie in memory once, as a block of 64-bit words, and
kernels pass one pointer. `w.country.grain.area` then loads the address and the lengths of that one array when it is
read. The block is never changed while kernels run, and says so to the compiler, so that the loads leave loops.

Layout, in words: an array is its address and then its lengths (C order); an integer is one word; a tuple is its fields,
one after the other. Uncompiled, mechanisms get the tuples themselves: the names are the same.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models, register_default
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

from ..kernel import COMPILED
from .block import PLAIN

_WORD = ir.IntType(64)


class Held(types.Type):
    """Type of a tuple that lies in memory. `fields`: (name, offset in words, type of array, int64 or Held)."""

    def __init__(self, fields: tuple[tuple[str, int, types.Type], ...]):
        self.fields = fields
        text = ";".join(f"{name}:{at}:{kind}" for name, at, kind in fields)
        super().__init__(name=f"Held({hashlib.sha256(text.encode()).hexdigest()})")

    def find(self, name: str) -> tuple[int, types.Type] | None:
        """Offset and type of a field."""
        return next(((at, kind) for field, at, kind in self.fields if field == name), None)


@register_default(Held)
class _HeldModel(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, _WORD.as_pointer())


@infer_getattr
class _HeldAttributes(AttributeTemplate):
    key = Held

    def generic_resolve(self, held, name):
        found = held.find(name)
        return None if found is None else found[1]


def _load(builder, base, at: int):
    value = builder.load(builder.gep(base, [ir.Constant(ir.IntType(32), at)]))
    value.set_metadata("invariant.load", builder.module.add_metadata([]))
    return value


@lower_getattr_generic(Held)
def _get(context, builder, held, base, name):
    at, kind = held.find(name)
    if isinstance(kind, Held):
        return builder.gep(base, [ir.Constant(ir.IntType(32), at)])
    if isinstance(kind, types.Integer):
        return _load(builder, base, at)
    item = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    if isinstance(kind.dtype, types.Record):
        item = kind.dtype.size
    shape = [_load(builder, base, at + 1 + axis) for axis in range(kind.ndim)]
    strides = [context.get_constant(types.intp, item)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    array = context.make_array(kind)(context, builder)
    data = builder.inttoptr(_load(builder, base, at), context.get_data_type(types.CPointer(kind.dtype)))
    populate_array(
        array, data=data, shape=cgutils.pack_array(builder, shape), strides=cgutils.pack_array(builder, strides),
        itemsize=context.get_constant(types.intp, item), meminfo=None,
    )  # fmt: skip
    return array._getvalue()


def kind_of(value: Any) -> Held:
    """The type of a tuple of arrays, whole numbers and such tuples."""
    return _kind(value)[0]


def _kind(value: tuple) -> tuple[Held, int]:
    from numba import typeof

    at, fields = 0, []
    for name, part in zip(value._fields, value, strict=True):
        if isinstance(part, tuple):
            kind, size = _kind(part)
        elif isinstance(part, np.ndarray):
            # Lengths are not part of an array's type, so the same machine code serves every case.
            kind, size = typeof(part).copy(layout="C", readonly=False), 1 + part.ndim
        else:
            kind, size = types.int64, 1
        fields.append((name, at, kind))
        at += size
    return Held(tuple(fields)), at


def opener(kind: Held):
    """A function for compiled code: the address of a block, as an integer, seen as a tuple of this type."""

    @intrinsic
    def opened(context, address):
        def lower(context, builder, signature, arguments):
            return builder.inttoptr(arguments[0], _WORD.as_pointer())

        return kind(types.int64), lower

    return opened


@intrinsic
def _call(context, code, data, row, begins):
    def lower(context, builder, signature, arguments):
        code, data, row, begins = arguments
        kind = ir.FunctionType(ir.VoidType(), [_WORD, _WORD, _WORD])
        builder.call(builder.inttoptr(code, kind.as_pointer()), [data, row, begins])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64, types.int64), lower


def _call_plain(code: int, data: int, row: int, begins: int) -> None:
    PLAIN[code](data, row, begins)


#: `call(code, data, row, begins)`: run the country whose machine code stands at the address `code` on the block of words at
#: `data`, with this row of the parameters; `begins` is 1 at the start of a history, 0 in a month. Uncompiled, both are numbers of `PLAIN`.
call = _call if COMPILED else _call_plain
