"""Words: shares that never lie, names that are never ids."""

import re

from hypothesis import given
from hypothesis import strategies as st

from politburo.case import load_case
from politburo.case.compile import compile_case
from politburo.views.words import Words, count, interval, month_name, percent, series


@given(st.floats(0, 1))
def test_a_share_that_happens_is_never_shown_as_none_or_all(share):
    for digits in (0, 1):
        shown = percent(share, digits)
        assert (shown in ("0%", "0.0%")) == (share == 0)
        assert (shown in ("100%", "100.0%")) == (share == 1)
        number = float(re.search(r"[\d.]+", shown)[0])
        assert abs(number - 100 * share) <= (0.5 if digits == 0 else 0.05) + 1e-9 or shown.startswith(
            ("under", "over")
        )


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_holds_the_share_and_narrows(pair):
    hits, trials = pair
    low, high = interval(hits, trials)
    assert 0 <= low <= hits / trials <= high <= 1
    wider = interval(hits, trials, z=2.58)
    assert wider[0] <= low and high <= wider[1]


def test_lists_counts_months(compiled):
    assert (
        series([]) == ""
        and series(["a"]) == "a"
        and series(["a", "b"]) == "a and b"
        and series("abc") == "a, b and c"
    )
    assert (
        count(1, "history", "histories") == "1 history"
        and count(2000, "history", "histories") == "2,000 histories"
    )
    assert month_name(compiled.month(0)) == "March 1961" and month_name(compiled.month(0), True) == "Mar 1961"


def test_people_are_called_by_their_names_and_found_by_them():
    words = Words(compile_case(load_case("ussr")))
    assert words.person("trotsky") == "Trotsky" and words.person("trotsky", full=True) == "Leon Trotsky"
    assert words.person(-1) == "nobody"
    for text in ("trotsky", "Trotsky", "leon trotsky", "  TROTSKY "):
        assert words.find(text) == words.compiled.people.index("trotsky")
    assert words.find("Nikolai") is None  # several of them
    assert words.find("nobody at all") is None


def test_a_name_of_which_no_word_is_the_id_is_used_whole():
    assert Words._brief("mao_zedong", "Mao Zedong") == "Mao Zedong"
    assert Words._brief("mao", "Mao Zedong") == "Mao"
    assert Words._brief("capek", "Karel Čapek") == "Čapek"


def test_every_rung_has_its_words(compiled):
    words = Words(compiled)
    assert len({words.fell(r) for r in range(9)}) == 9 == len(set(words.fates))
    assert words.to_sanction(3, "Sorin") == "to remove Sorin from the Presidium"
