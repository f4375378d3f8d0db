"""Counting: months since the start. A mechanism of the tests, with state that it never sets back.

Theory. None. Reads: nothing. Writes: its own state and fear. Parameters: none. Falsified by: any use of it.
"""

from politburo.engine.kernel import kernel

PARAMETERS = ()
READS = ("people",)
WRITES = ("fear",)
STATE = {"now": ("since",)}


@kernel
def step(w, p, s):
    """One month more."""
    s.now[0].since += 1.0
    s.now[0].fear = s.now[0].since * 0.001
