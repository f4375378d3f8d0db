"""Tiring: everybody tires by luck of his own. A mechanism of the tests, with state that it begins itself.

Theory. None. Reads: nothing. Writes: its own state and grievance. Parameters: turnover. Falsified by: any use of it.
"""

from politburo.engine import luck
from politburo.engine.kernel import kernel

PARAMETERS = ("turnover",)
READS = ("people",)
WRITES = ("grievance",)
STATE = {"people": ("tired",), "now": ("calls",)}


@kernel
def begin(w, p, s):
    """Everybody starts at one, the count at ten."""
    s.now[0].calls = 10.0
    for i in range(len(s.people)):
        s.people[i].tired = 1.0


@kernel
def step(w, p, s):
    """One month."""
    now = s.now[0]
    now.calls += 1.0
    now.grievance = now.calls
    for i in range(len(s.people)):
        s.people[i].tired += p.turnover * luck.uniform(w, s, luck.USER, i)
