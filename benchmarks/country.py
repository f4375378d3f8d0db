"""What the country costs beside the politics: microseconds a simulated year a history, compiled, one core.

    python -m benchmarks country

Both sides run in one process, turn about, on the ussr case to March 1953; the fastest of several rounds counts. The goal
is at most 30 us a simulated year for all of the country (levers, collectivisation, grain, industry, terror, population,
society, signals).
"""

from __future__ import annotations

import time
from typing import Any

GOAL = 30.0
HISTORIES, ROUNDS = 130, 7


def _engines() -> dict[str, Any]:
    from politburo.engine import month
    from politburo.engine.ensemble import Engine
    from politburo.lab.ensembles.provenance import plan

    call = plan("ussr", until="1953-03")
    compiled = call.compiled
    politics = month.of_side(call.mechanisms, "politics")
    country = month.of_side(call.mechanisms, "country")
    lists = {"politics": politics, "politics and country": call.mechanisms, "country alone": country, "nothing": ()}
    return {name: (Engine(compiled.world, compiled.parameters, compiled.months, entries), call) for name, entries in lists.items()}


def costs() -> dict[str, float]:
    """Microseconds a simulated year a history of each list, the fastest of the rounds (processor time)."""
    import numpy as np

    engines = _engines()
    numbers = np.arange(HISTORIES)
    for engine, call in engines.values():
        engine.run(0, call.rows(numbers[:1]))
    best = dict.fromkeys(engines, float("inf"))
    for _ in range(ROUNDS):
        for name, (engine, call) in engines.items():
            rows = call.rows(numbers)
            began = time.process_time()
            engine.run(0, rows)
            best[name] = min(best[name], (time.process_time() - began) / HISTORIES / (engine.months / 12) * 1e6)
    return best


def each() -> dict[str, float]:
    """What each mechanism of the country adds to those before it, in the order of the month."""
    import numpy as np

    from politburo.engine import month
    from politburo.engine.ensemble import Engine
    from politburo.lab.ensembles.provenance import plan

    call = plan("ussr", until="1953-03")
    names = [n for n in month.of_side(call.mechanisms, "country")]
    rows = call.rows(np.arange(HISTORIES))
    found, before = {}, 0.0
    for k in range(len(names) + 1):
        engine = Engine(call.compiled.world, call.compiled.parameters, call.compiled.months, tuple(names[:k]))
        engine.run(0, rows[:1])
        best = float("inf")
        for _ in range(ROUNDS):
            began = time.process_time()
            engine.run(0, rows)
            best = min(best, (time.process_time() - began) / HISTORIES / (engine.months / 12) * 1e6)
        if k:
            found[names[k - 1]] = best - before
        before = best
    return found


def main(parts: bool = False) -> list[dict[str, Any]]:
    """Print and return the table; `parts` adds a row a mechanism (each list compiles for some seconds)."""
    found = costs()
    added = found["politics and country"] - found["politics"]
    alone = found["country alone"] - found["nothing"]
    rows = [{"what": name, "us a year": round(value, 1)} for name, value in found.items()]
    rows.append({"what": "added to the politics", "us a year": round(added, 1)})
    rows.append({"what": "country less bookkeeping", "us a year": round(alone, 1)})
    if parts:
        rows += [{"what": f"  {name}", "us a year": round(value, 1)} for name, value in each().items()]
    for row in rows:
        print(f"{row['what']:<28} {row['us a year']:>8.1f} us a simulated year a history")
    print(f"goal {GOAL:.0f}: {'met' if added <= GOAL else 'missed'}; other work may share this machine")
    return rows


if __name__ == "__main__":
    import sys

    main("--parts" in sys.argv)
