"""Histories that are handed in instead of run."""

import numpy as np

from politburo.engine.state import keep
from politburo.lab.scoring.recorded import Recorded


def recorded_histories(call, count):
    """Histories in which everything happens as it did."""
    kept, record = keep(call.compiled.world, count), Recorded(call.compiled)
    first = call.compiled.people.index
    for (person, rung), (month, _) in record.falls.items():
        kept.first[:, first(person), rung] = month
    for at, (who, _) in record.leads.items():
        if at > 0:
            kept.leader[:, call.compiled.checks.index(call.compiled.month(at))] = first(who)
    return kept


def again(kept, count):
    """The same histories, over and over, until there are `count`."""
    rows = np.arange(count) % len(kept.first)
    return kept._replace(**{name: getattr(kept, name)[rows] for name in kept._fields if name not in ("bands", "years")})
