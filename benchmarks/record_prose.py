"""Made-up prose of any length for the record's benchmarks, from a fixed seed.

Sentences name persons and organs of the shipped record and carry dates, numbers and offices in the proportions met in
encyclopaedia text (about every second sentence has a date, every third a name of an organ). Not a benchmark itself.
"""

from __future__ import annotations

import random

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WORDS = ["policy", "grain", "village", "factory", "worker", "question", "line", "report", "meeting", "letter", "province", "railway", "winter", "harvest", "paper", "office", "speech", "quarrel", "debate", "figure", "measure", "season", "market", "reserve", "worker", "brigade", "delegate", "resolution", "draft", "clause"]  # fmt: skip
VERBS = [
    "discussed",
    "examined",
    "deferred",
    "reported",
    "rewrote",
    "weighed",
    "disputed",
    "ignored",
    "copied",
    "praised",
]


def sentence(rng: random.Random, persons: list[str], organs: list[str]) -> str:
    """One sentence."""
    p, q = rng.sample(persons, 2)
    o, y, m, d = rng.choice(organs), rng.randint(1917, 1953), rng.choice(MONTHS), rng.randint(1, 28)
    w = rng.sample(WORDS, 4)
    kind = rng.randrange(10)
    if kind == 0:
        return f"On {d} {m} {y} {p} was removed from the {o}."
    if kind == 1:
        return f"In {m} {y}, {p} and {q} {rng.choice(VERBS)} the {w[0]} of the {w[1]} before the {o}."
    if kind == 2:
        return f"{p} was appointed General Secretary in {y}, and the {w[0]} changed little."
    if kind == 3:
        return f"At least {rng.randint(2, 900)},{rng.randint(0, 999):03d} people died between {y} and {y + 2}, according to the {w[0]}."
    if kind == 4:
        return f"By the late {y // 10 * 10}s the {w[0]} of the {w[1]} had {rng.choice(VERBS)} every {w[2]} that the {w[3]} allowed."
    if kind == 5:
        return f"Six months later {p} accused {q} of neglecting the {w[0]}."
    return f"The {w[0]} {rng.choice(VERBS)} the {w[1]} while the {w[2]} of the {rng.choice(WORDS)} {rng.choice(VERBS)} a {w[3]} nobody had {rng.choice(VERBS)}."


def prose(length: int, seed: int = 1) -> str:
    """About `length` characters in paragraphs of eight sentences."""
    from politburo.record.loading import load

    record = load()
    rng = random.Random(seed)
    persons = [p.name for p in list(record.persons.values())[:60]]
    organs = ["Politburo", "Central Committee", "Orgburo", "Comintern", "NKVD", "party"]
    out, size = [], 0
    while size < length:
        paragraph = " ".join(sentence(rng, persons, organs) for _ in range(8))
        out.append(paragraph)
        size += len(paragraph) + 2
    return "\n\n".join(out)
