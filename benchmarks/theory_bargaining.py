"""Bargaining: the 27 turns of the Chinese leadership and ten rounds of the emission case, first call and later ones."""

from __future__ import annotations

import time


def main() -> list[dict]:
    """Rows: model, seconds of the first call in the process and of the best of five later ones."""
    from politburo.theory.bargain_eu import expected_utility
    from politburo.theory.bargain_smp import spatial_model
    from politburo.theory.examples import leadership

    rows = []
    for name, model, people in (("KTAB, 13 actors, 27 turns", spatial_model, leadership("china")),
                                ("KTAB, 34 actors, 27 turns", lambda p: spatial_model(p, turns=27, stop=0), leadership("china_competitive")),
                                ("expected utility, 10 actors, 10 rounds", expected_utility, leadership("emission"))):  # fmt: skip
        seconds = []
        for _ in range(6):
            start = time.perf_counter()
            model(people)
            seconds.append(time.perf_counter() - start)
        rows.append({"model": name, "first s": round(seconds[0], 4), "best s": round(min(seconds[1:]), 4)})
        print(rows[-1], flush=True)
    return rows


if __name__ == "__main__":
    main()
