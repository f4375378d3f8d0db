"""Luck: the published generator, keyed by what is asked, and evenly spread. Slow statistics are in
verify/luck_statistics.py.
"""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from politburo.case.compile import seed_key
from politburo.engine import luck
from politburo.engine.kernel import COMPILED

N = 200_000

# Random123's kat_vectors for philox4x32 with ten rounds: counter, key, output.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


class Keys(NamedTuple):
    """The part of a world that luck reads."""

    key: np.ndarray
    salt: np.ndarray


class When(NamedTuple):
    """The part of a state that luck reads."""

    now: np.ndarray


@njit
def compiled_philox(c0, c1, c2, c3, k0, k1):
    return luck.philox(c0, c1, c2, c3, k0, k1)


@njit
def ask(w, s, site, actors, months, histories, normal, out):
    """Draw one number for each (actor, month, history), in that nesting."""
    n = 0
    for h in range(histories):
        s.now[0].history = h
        for t in range(months):
            s.now[0].month = t
            for actor in range(actors):
                out[n] = luck.normal(w, s, site, actor) if normal else luck.uniform(w, s, site, actor)
                n += 1


def draws(
    site=luck.MOTION, actors=10, months=100, histories=200, normal=False, seed=7, salt=None
) -> np.ndarray:
    w = Keys(seed_key(seed), np.zeros(luck.SITES, np.uint64) if salt is None else salt)
    s = When(np.zeros(1, [("history", "i8"), ("month", "i8")]).view(np.recarray))
    out = np.zeros(actors * months * histories)
    ask(w, s, site, actors, months, histories, normal, out)
    return out


def words(values):
    return [np.uint64(v) for v in values]


@pytest.fixture(scope="module")
def sample():
    return draws()


def plain_philox():
    return luck.philox.py_func if COMPILED else luck.philox


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN, ids=["zeros", "ones", "pi"])
def test_published_vectors(counter, key, output):
    for philox in (compiled_philox, plain_philox()):
        assert tuple(int(x) for x in philox(*words(counter), *words(key))) == output


word = st.integers(0, 2**32 - 1)


@given(st.tuples(word, word, word, word), st.tuples(word, word))
def test_compiled_generator_is_the_plain_one(counter, key):
    given_ = (*words(counter), *words(key))
    found = tuple(int(x) for x in compiled_philox(*given_))
    assert found == tuple(int(x) for x in plain_philox()(*given_))
    assert all(0 <= x < 2**32 for x in found)


def test_the_same_key_gives_the_same_number(sample):
    assert np.array_equal(draws(), sample)
    assert len(np.unique(sample)) > N - 20  # about five pairs meet by chance among 2**32 values


def test_uniform_moments(sample):
    assert 0.0 < sample.min() < 1e-4 and 1 - 1e-4 < sample.max() < 1.0
    # Five standard errors.
    assert abs(sample.mean() - 0.5) < 5 / np.sqrt(12 * N)
    assert abs(sample.var() - 1 / 12) < 5 / np.sqrt(180 * N)
    counts = np.histogram(sample, bins=256, range=(0, 1))[0]
    chi = ((counts - N / 256) ** 2 / (N / 256)).sum()
    assert abs(chi - 255) < 5 * np.sqrt(2 * 255)


def test_normal_moments():
    z = draws(luck.JUDGEMENT, normal=True)
    assert abs(z).max() <= 2 * 3**0.5
    assert abs(z.mean()) < 5 / np.sqrt(N)
    assert abs(z.var() - 1) < 5 * np.sqrt(2 / N)
    # The fourth moment of a sum of four uniforms is 2.7, not 3.
    assert abs((z**4).mean() - 2.7) < 0.05


def test_sites_seeds_and_salts_are_independent(sample):
    sites = {number for group in luck.SOURCES.values() for number in group}
    one = np.zeros(luck.SITES, np.uint64)
    one[luck.MOTION] = 1
    others = [draws(site) for site in sorted(sites - {luck.MOTION})] + [
        draws(seed=8),
        draws(seed=7 + 2**32),
        draws(salt=one),
    ]
    for other in others:
        assert not np.any(other == sample) or (other == sample).sum() < 3
        assert abs(np.corrcoef(sample, other)[0, 1]) < 5 / np.sqrt(N)


def test_a_salt_changes_its_own_site_only():
    salt = np.zeros(luck.SITES, np.uint64)
    salt[luck.MOTION] = 99
    assert not np.array_equal(draws(luck.MOTION, salt=salt), draws(luck.MOTION))
    assert np.array_equal(draws(luck.TARGET, salt=salt), draws(luck.TARGET))


def test_neighbours_are_independent(sample):
    cube = sample.reshape(200, 100, 10) - 0.5
    for axis in range(3):
        here = np.take(cube, range(cube.shape[axis] - 1), axis)
        there = np.take(cube, range(1, cube.shape[axis]), axis)
        assert abs((here * there).mean() * 12) < 5 / np.sqrt(here.size), ("history", "month", "actor")[axis]


def test_sites_are_numbered_once():
    numbers = [number for group in luck.SOURCES.values() for number in group]
    assert len(numbers) == len(set(numbers))
    named = [v for k, v in vars(luck).items() if k.isupper() and not k.startswith("_") and isinstance(v, int)]
    decisions = sorted(v for v in named if v not in (luck.USER, luck.SITES, luck.FROZEN))
    assert decisions == sorted(numbers), "every decision site belongs to exactly one source of luck"
    assert max(numbers) < luck.USER < luck.SITES


@njit
def one(w, s, site, actor, month, history):
    s.now[0].month = month
    s.now[0].history = history
    return luck.uniform(w, s, site, actor)


def test_keys_at_the_ends_of_their_ranges_do_not_meet():
    """Month and site share a word of the counter, a history takes two: no two keys may fall together."""
    w = Keys(seed_key(3), np.zeros(luck.SITES, np.uint64))
    s = When(np.zeros(1, [("history", "i8"), ("month", "i8")]).view(np.recarray))
    keys = [
        (site, actor, month, history)
        for site in (0, 1, 2, 16, 255) for actor in (0, 1, 2**16, 2**32 - 1)
        for month in (0, 1, 255, 2**16 - 1) for history in (0, 1, 2**16, 2**32 - 1, 2**32, 2**33 + 1)
    ]  # fmt: skip
    found = [one(w, s, *key) for key in keys]
    assert len(set(found)) == len(keys)


def test_no_generator_beside_the_keyed_one(standard, ussr):
    """The interpreter's and NumPy's own generators neither move nor matter while histories run."""
    import random

    engine = standard(months=24)
    rows = np.tile(ussr.values, (3, 1))
    np.random.seed(1)
    random.seed(1)
    before = np.random.get_state()[1].copy(), random.getstate()
    first = engine.run(5, rows)[0]
    assert np.array_equal(np.random.get_state()[1], before[0]) and random.getstate() == before[1]
    np.random.seed(2)
    random.seed(2)
    second = engine.run(5, rows)[0]
    assert all(a.tobytes() == b.tobytes() for a, b in zip(first, second, strict=True))
