"""How a plain Python function becomes part of the compiled engine.

One function, two lives: Numba compiles it, or, with NUMBA_DISABLE_JIT=1 in the environment, Python runs it as it
stands. Both must give the same bits, so engine functions use only + - * / and square roots, comparisons, whole
numbers and our own `exp` (a library's exponential differs between machines), and sums run in a fixed order.
"""

import os

from numba import njit, types

COMPILED = os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0")


def small(function):
    """A kernel so small that it is always put into its callers' code.

    A call hands over the world and the state array by array, some four hundred words: for a function of a few operations
    that costs ten times more than the operations.
    """
    return _compile(function, forceinline=True)


#: What the month calls, each from one place: these always stand in the month's own code, however long they are.
CALLED_ONCE = ("step", "begin", "start", "forget", "keep_month", "keep_history")


def kernel(function):
    """Make `function` a part of the engine, called by other kernels only.

    Without fast-math and without Python's zero-division checks. Two things keep compiling short: no wrapper for calls
    from Python is made (unpacking some fifty arrays costs more to compile than most mechanisms), and a call
    with a constant does not make a copy of the function for that constant. Arrays are not counted (they belong to the
    caller for as long as the engine runs), so a kernel cannot make new ones: use the state's work space. From Python, use `.py_func`, or
    wrap the kernel in a function of your own under `numba.njit`.
    """
    return _compile(function, forceinline=function.__name__ in CALLED_ONCE)


def _compile(function, **options):
    if not COMPILED:
        return function
    dispatcher = njit(error_model="numpy", nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False, **options)(function)
    template = dispatcher.get_call_template

    def plain_types(args, kws):
        return template(tuple(types.unliteral(a) for a in args), {k: types.unliteral(v) for k, v in kws.items()})

    dispatcher.get_call_template = plain_types
    return dispatcher
