"""What is kept of a history survives its columns bit for bit; bands add up and give quantiles within their promise."""

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
from hypothesis import given, settings

from politburo.case.arrays import MOST_CONGRESSES, RUNGS
from politburo.engine.state import BINS, WHOLE, Kept
from politburo.lab.ensembles.arrow import repeated
from politburo.lab.ensembles.columns import SHARES, Layout, dense, quantiles, sparse, to_kept, to_table


def layout(people: int, checks: int, months: int) -> Layout:
    ids = tuple(f"p{i}" for i in range(people))
    return Layout(ids, tuple(f"Person {i}" for i in range(people)), ids[::2], tuple(f"19{22 + c}-12" for c in range(checks)), "1922-04", months)


def random_kept(shape: Layout, histories: int, rng: np.random.Generator) -> Kept:
    n, c = len(shape.people), len(shape.checks)
    first = rng.integers(-1, shape.months, (histories, n, len(RUNGS))).astype(np.int16)
    first[:, :, 0] = -1
    whole = rng.integers(-1, 2000, (histories, len(WHOLE))).astype(np.float32)
    for k, name in enumerate(WHOLE):
        if name in SHARES:
            whole[:, k] = rng.normal(size=histories).astype(np.float32)
    congress = rng.integers(-1, 3000, (histories, MOST_CONGRESSES, 4)).astype(np.float32)
    congress[:, :, 1] = rng.random((histories, MOST_CONGRESSES)).astype(np.float32)
    return Kept(
        first, rng.integers(0, 3, (histories, c, n)).astype(np.int8), rng.integers(0, 2, (histories, c, n)).astype(np.int8),
        rng.integers(-1, shape.months, (histories, n)).astype(np.int16), rng.integers(-1, n, (histories, c)).astype(np.int16),
        rng.integers(-1, n, (histories, c)).astype(np.int16), whole, congress,
            np.zeros((histories, 0, 0), np.float32),
        rng.poisson(0.1, (shape.months, len(shape.series), BINS)).astype(np.int64),
    )  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(people=st.integers(1, 60), checks=st.integers(1, 5), histories=st.integers(0, 9), months=st.integers(1, 12), seed=st.integers(0, 999))
def test_round_trip(people, checks, histories, months, seed):
    shape = layout(people, checks, months)
    kept = random_kept(shape, histories, np.random.default_rng(seed))
    table = to_table(shape, kept, np.arange(histories), np.zeros(histories, int))
    assert table.schema.equals(shape.schema) and table.num_rows == histories
    table.validate(full=True)
    counts = sparse(shape, kept.bands)
    counts.validate(full=True)
    again = to_kept(shape, table, dense(shape, counts))
    for name, a, b in zip(Kept._fields, kept, again, strict=True):
        assert a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b), name


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=5), min_size=1, max_size=6), st.lists(st.integers(0, 5), max_size=60))
def test_repeated_words_are_what_arrow_would_cast(names, which):
    which = np.array(which, np.int32) % len(names)
    array = repeated(tuple(names), which)
    array.validate(full=True)
    assert array.equals(pa.DictionaryArray.from_arrays(pa.array(which, pa.int32()), pa.array(names, pa.string())).cast(pa.string()))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 999), st.integers(1, 4))
def test_bands_add_up(seed, pieces):
    shape = layout(5, 1, 6)
    rng = np.random.default_rng(seed)
    tables = [random_kept(shape, 1, rng).bands for _ in range(pieces)]
    total = dense(shape, pa.concat_tables([sparse(shape, bands) for bands in tables]))
    assert np.array_equal(total, sum(tables))
    into = np.zeros_like(total)
    for bands in reversed(tables):
        dense(shape, sparse(shape, bands), into)
    assert np.array_equal(total, into)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=400), st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_quantiles_err_by_less_than_a_bin(values, at):
    values = np.array(values)
    counts = np.bincount(np.minimum((values * BINS).astype(int), BINS - 1), minlength=BINS)[None, :]
    found = quantiles(counts, np.array(at))[0]
    exact = np.quantile(values, at, method="inverted_cdf")
    assert (np.abs(found - exact) <= 1 / BINS + 1e-12).all()


def test_quantiles_of_nothing_are_unknown():
    assert np.isnan(quantiles(np.zeros((2, BINS), np.int64), np.array([0.5]))).all()


def test_masks_name_people():
    shape = layout(60, 1, 1)
    kept = random_kept(shape, 1, np.random.default_rng(1))
    kept.circle[:] = 0
    kept.circle[0, 0, 59], kept.circle[0, 0, 0] = 2, 1
    table = to_table(shape, kept, np.array([7]), np.array([3]))
    assert table["circle@1922-12"].to_pylist() == [1 << 59]
    assert table["candidates@1922-12"].to_pylist() == [1]
    assert table["history"].to_pylist() == [7] and table["particle"].to_pylist() == [3]
