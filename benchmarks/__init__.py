"""Timings: each module has a `main()` that measures, prints a table and returns its rows. Run by `python -m benchmarks`."""
