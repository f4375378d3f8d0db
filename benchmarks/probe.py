"""A mechanism that does nothing but read the processor's cycle counter: put between others, it says what each costs.

Listed as `[probe, a, probe, b, probe, ...]`, the probe at place n adds the cycles since the probe before it to row n of the
(unused) trace, its own cost with them: reading the counter twice would lose what the processor has not finished when it is
read. A stretch of more than 2**18 cycles means that the thread was interrupted, and is left out.
"""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from politburo.engine.kernel import kernel

_BITS = 0xFFFFFF  # a float32 holds whole numbers of 24 bits exactly


@intrinsic
def cycles(typing):
    """The processor's cycle counter."""

    def code(context, builder, signature, arguments):
        word = ir.IntType(64)
        return builder.call(
            builder.module.declare_intrinsic("llvm.readcyclecounter", (), ir.FunctionType(word, ())), ()
        )

    return types.int64(), code


@kernel
def step(w, p, s):
    clock = s.event[0]
    time = cycles() & _BITS
    if s.now[0].month != clock.month:
        clock.month = s.now[0].month
        clock.actor = 0
    n = clock.actor
    past = (time - int(clock.c)) & _BITS
    if n > 0 and past < 262144:
        s.event[n].a += past
        s.event[n].b += 1.0
    clock.actor = n + 1
    clock.c = time
