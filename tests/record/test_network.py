"""The temporal network against brute force and by its own invariants."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from politburo.record.edtf import Bounds, parse
from politburo.record.network import Network

LAST = 3  # three clusters, ten spans each: a world small enough to enumerate
statements = st.one_of(
    st.tuples(st.just("before"), st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.just("during"), st.integers(0, 2), st.integers(0, 2)),
    st.tuples(
        st.just("date"), st.integers(0, 2), st.tuples(st.integers(0, LAST), st.integers(0, LAST)).map(sorted)
    ),
    st.tuples(
        st.just("gap"),
        st.integers(0, 2),
        st.integers(0, 2),
        st.tuples(st.integers(0, LAST), st.integers(0, LAST)).map(sorted),
    ),
)


def holds(s, begin, end):
    kind, a = s[0], s[1]
    if kind == "before":
        return end[a] <= begin[s[2]]
    if kind == "during":
        return begin[s[2]] <= begin[a] and end[a] <= end[s[2]]
    if kind == "date":
        return s[2][0] <= begin[a] and end[a] <= s[2][1]
    return s[3][0] <= begin[s[2]] - begin[a] <= s[3][1]


@given(st.lists(statements, max_size=5))
def test_bounds_and_consistency_equal_brute_force(given_statements):
    network = Network()
    for c in range(3):  # a closed world, so that brute force can enumerate it
        network.date(f"c{c}", Bounds(0, LAST), f"world{c}")
    for i, s in enumerate(given_statements):
        if s[0] == "date":
            network.date(f"c{s[1]}", Bounds(*s[2]), f"s{i}")
        elif s[0] == "gap":
            network.gap(f"c{s[1]}", f"c{s[2]}", *s[3], f"s{i}")
        else:
            getattr(network, s[0])(f"c{s[1]}", f"c{s[2]}", f"s{i}")
    spans = [(b, e) for b in range(LAST + 1) for e in range(b, LAST + 1)]
    worlds = []
    for choice in itertools.product(spans, repeat=3):
        begin, end = [c[0] for c in choice], [c[1] for c in choice]
        if all(holds(s, begin, end) for s in given_statements):
            worlds.append(choice)
    solution = network.solve()
    assert solution.consistent == bool(worlds)
    if worlds:
        for c in range(3):
            assert solution.bounds[f"c{c}"] == Bounds(
                min(w[c][0] for w in worlds), max(w[c][1] for w in worlds)
            )
    else:
        labels = set(solution.clash.labels)  # the named statements alone must clash
        alone = [s for i, s in enumerate(given_statements) if f"s{i}" in labels]
        worlds_named = {int(x[5:]) for x in labels if x.startswith("world")}
        wide = range(-8, LAST + 9)
        spans_of = [
            [
                (b, e)
                for b in (range(LAST + 1) if c in worlds_named else wide)
                for e in (range(LAST + 1) if c in worlds_named else wide)
                if b <= e
            ]
            for c in range(3)
        ]
        used = sorted(
            {s[1] for s in alone}
            | {s[2] for s in alone if s[0] in ("before", "during", "gap")}
            | worlds_named
        )
        if len(used) <= 2:
            for choice in itertools.product(*(spans_of[c] for c in used)):
                begin, end = dict(zip(used, (x[0] for x in choice))), dict(zip(used, (x[1] for x in choice)))
                assert not all(holds(s, begin, end) for s in alone)


def test_shortest_cycle_is_named():
    n = Network()
    n.date("a", parse("1922").bounds(), "claim a")
    n.date("d", parse("1920").bounds(), "claim d")
    for x, y in (("a", "b"), ("b", "c"), ("c", "d")):
        n.before(x, y, f"{x} before {y}")
    n.before("a", "d", "a before d")  # a shorter way to the same contradiction
    clash = n.solve().clash
    assert set(clash.labels) == {"claim a", "a before d", "claim d"}
    assert clash.excess == parse("1922").bounds().low - parse("1920").bounds().high


def test_repair_drops_the_weakest_and_keeps_the_rest():
    n = Network()
    n.date("a", parse("1922").bounds(), "da")
    n.date("b", parse("1920").bounds(), "db")
    n.before("a", "b", "rumour")
    solution, clashes = n.repair({"da": 5, "db": 5, "rumour": 1})
    assert clashes[0].labels[0] == "rumour"
    assert str(solution.bounds["a"].edtf()) == "1922"


def test_half_a_year_later():
    n = Network()
    n.date("out", parse("1927-12").bounds(), "c")
    n.gap("out", "back", 150, 220, "six months later")
    assert parse("1928-06").bounds().within(n.solve().bounds["back"])
    assert n.solve().bounds["back"].low == parse("1928-04-29").bounds().low
