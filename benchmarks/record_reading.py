"""Time and memory of reading: documents from 0.3 to 5 MB, and checking the shipped record.

Growth is judged by ratios within one run. Memory is the peak of the whole process, so sizes are read in rising order.
"""

from __future__ import annotations

import resource
import time

SIZES = (300_000, 600_000, 1_250_000, 2_500_000, 5_000_000)


def main(sizes: tuple[int, ...] = SIZES) -> list[dict[str, float]]:
    """Rows: characters, wall and processor seconds, processor seconds per MB, claims proposed, peak memory in MB."""
    from politburo.record.loading import load
    from politburo.record.reader import Reader

    from .record_prose import prose

    start = time.perf_counter()
    record = load()
    rows = [{"what": "load and check the shipped record", "seconds": round(time.perf_counter() - start, 3)}]
    reader = Reader(record)
    for size in sizes:
        text = prose(size)
        start, cpu = time.perf_counter(), time.process_time()
        reading = reader.read(text, "bench")
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append({"characters": len(text), "seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2), "cpu_seconds_per_mb": round(cpu / len(text) * 1e6, 2),
                     "claims": len(reading.proposals), "peak_mb": round(peak)})  # fmt: skip
    for row in rows:
        print(row)
    return rows


if __name__ == "__main__":
    main()
