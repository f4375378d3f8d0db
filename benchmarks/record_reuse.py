"""Time of reuse detection: 25, 50 and 100 documents of 50 kB, a tenth of whose sentences are copied from one another.

Algorithm: sentences as sets of word trigrams, an inverted index, overlap and alignment for pairs that share trigrams;
paraphrases by TF-IDF over an index of content words. Growth: the index is linear in text; the pairs grow with the
number of documents that share a passage, so quadratic only where all copy all. Paraphrase search is quadratic in the
documents per content word and is cut at words found in more than a fiftieth of the sentences.
"""

from __future__ import annotations

import random
import resource
import time


def collection(documents: int, size: int = 50_000, seed: int = 7) -> dict[str, str]:
    """Documents over 8,000 made-up words in Zipf's proportions; a tenth of each is taken from an earlier one, a third of that edited."""
    rng = random.Random(seed)
    parts = ["ka", "lo", "mi", "ter", "van", "sto", "pre", "nu", "gra", "del", "or", "shin", "bek", "ul", "ra", "tov"]
    vocabulary = list(dict.fromkeys("".join(rng.choice(parts) for _ in range(rng.randint(1, 4))) for _ in range(14_000)))[:8000]
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    out: dict[str, str] = {}
    earlier: list[list[str]] = []
    for n in range(documents):
        sentences, length = [], 0
        while length < size:
            words = rng.choices(vocabulary, weights, k=rng.randint(8, 28))
            sentences.append(" ".join(words).capitalize())
            length += len(sentences[-1]) + 2
        if earlier:
            origin = rng.choice(earlier)
            for _ in range(len(sentences) // 10):
                s = rng.choice(origin)
                if rng.random() < 0.33:
                    words = s.split()
                    words[rng.randrange(len(words))] = "otherwise"
                    s = " ".join(words)
                sentences[rng.randrange(len(sentences))] = s
        earlier.append(sentences)
        out[f"d{n:03d}"] = ". ".join(sentences) + "."
    return out


def main(sizes: tuple[int, ...] = (25, 50, 100)) -> list[dict[str, float]]:
    """Rows: documents, seconds (wall and processor) without and with paraphrases, passages, peak memory."""
    from politburo.record.reuse import find_reuse

    rows = []
    for n in sizes:
        texts = collection(n)
        row: dict[str, float] = {"documents": n, "characters": sum(map(len, texts.values()))}
        for name, paraphrases in (("copies", False), ("with_paraphrases", True)):
            wall, cpu = time.perf_counter(), time.process_time()
            found = find_reuse(texts, paraphrases)
            row[f"{name}_s"] = round(time.perf_counter() - wall, 1)
            row[f"{name}_cpu_s"] = round(time.process_time() - cpu, 1)
            row[f"{name}_passages"] = len(found)
        row["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        rows.append(row)
        print(row)
    return rows


if __name__ == "__main__":
    main()
