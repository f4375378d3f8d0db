"""Dates, numbers, names and offices in sentences written for these tests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo.record.date_finder import OTHER_EVENTS, find_dates, known_events
from politburo.record.names import NameList, fold_word
from politburo.record.number_finder import find_numbers
from politburo.record.tagging import find_offices

EVENTS = known_events([("Lenin", "1924-01-21"), ("Stalin", "1953-03-05")], OTHER_EVENTS)

DATES = [
    ("He arrived on 14 March 1931.", ["1931-03-14"]), ("He arrived on March 14th, 1931.", ["1931-03-14"]), ("the 3rd of April 1922", ["1922-04-03"]),
    ("Signed 1922-04-03 in Moscow.", ["1922-04-03"]), ("Signed 3.4.1922 in Moscow.", ["1922-04-03"]), ("In Sept. 1926 they met.", ["1926-09"]),
    ("From 17 to 25 April 1923 it sat.", ["1923-04-17/1923-04-25"]), ("It sat from 26 June to 13 July 1930.", ["1930-06-26/1930-07-13"]),
    ("between August 1937 and November 1938", ["1937-08/1938-11"]), ("in the spring of 1929", ["1929-21"]), ("in the winter of 1932-33", ["1932-24"]),
    ("in the late 1930s", ["1937/1939"]), ("during the 1920s", ["192X"]), ("in the 1930s and 1940s", ["1930/1949"]), ("in mid-1928", ["1928-05/1928-08"]),
    ("in early June 1930", ["1930-06-01/1930-06-10"]), ("the first half of 1931", ["1931-40"]), ("the years 1932-33", ["1932/1933"]), ("in 1936-8", ["1936/1938"]),
    ("by March 1930", ["../1930-03"]), ("before 1917", ["../1917"]), ("since 1921", ["1921/.."]), ("after 1953", ["1953/.."]), ("until 1938 it went on", ["../1938"]),
    ("He did not join until 1917.", ["1917"]), ("It was not reached until after 1953.", ["1953/.."]), ("about 1929", ["1929~"]), ("perhaps in 1929", ["1929?"]),
    ("Trials were held in 1937 and 1938.", ["1937", "1938"]), ("in the economic year 1927/28", ["1927-10/1928-09"]), ("in the nineteenth century", ["18XX"]),
    ("born 27 March [O.S. 15 March] 1886", ["1886-03-27"]), ("on 10(23) October 1917", ["1917-10-23"]), ("On 25 October (7 November) 1917 it fell.", ["1917-11-07"]),
    ("On 3 April 1922 he took office. That August he fell ill.", ["1922-04-03", "1922-08"]),
    ("It began in December 1927. In January he was deported.", ["1927-12", "1928-01"]),
    ("It was voted in October 1927. On 14 November he was expelled.", ["1927-10", "1927-11-14"]),
    ("He was expelled in December 1927. Six months later he was back.", ["1927-12", "1928-06"]),
    ("He was shot on 1 December 1934. The next day the law appeared.", ["1934-12-01", "1934-12-02"]),
    ("He was shot on 1 December 1934. Three days later he was buried.", ["1934-12-01", "1934-12-04"]),
    ("He was elected in 1922. Two years earlier he had been unknown.", ["1922", "1920"]),
    ("On the fifth anniversary of Lenin's death he spoke.", ["1929-01-21"]), ("On the tenth anniversary of the October Revolution they marched.", ["1927-11-07"]),
    ("After Lenin's death they quarrelled.", ["1924-01-21/.."]), ("Before the death of Stalin nobody spoke.", ["../1953-03-05"]),
    ("On 5 May they met.", ["XXXX-05-05"]),
]  # fmt: skip

NO_DATES = ["You may march or you may not.", "Article 58 was used.", "See p. 1923 and pp. 1917-1919.", "There were 1929 delegates and 1,934 guests.", "The 13th congress met.",
            "521 factories were built.", "It cost 1500 roubles.", "Mayakovsky and Marchenko left.", "ISBN 978-0-330-41913-0"]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates(text, expected):
    assert [d.edtf for d in find_dates(text, EVENTS)] == expected


@pytest.mark.parametrize("text", NO_DATES)
def test_no_dates_where_there_are_none(text):
    assert find_dates(text, EVENTS) == []


def test_old_style_is_kept_beside_new():
    (d,) = find_dates("It came on October 25, 1917 (November 8, 1917, new style), they say.", EVENTS)
    assert (d.edtf, d.old_style) == ("1917-11-08", "1917-10-25")  # as printed, wrong or not
    (d,) = find_dates("In 1917 the days were long.", EVENTS)
    assert d.old_style is None


def test_basis_is_honest():
    found = find_dates("He fell ill on 25 May 1922. That August he rested.", EVENTS)
    assert [d.basis for d in found] == ["explicit", "context"]
    assert found[1].confidence < found[0].confidence


@given(st.text(max_size=200))
def test_dates_of_any_text_lie_inside_it(text):
    for d in find_dates(text, EVENTS):
        assert 0 <= d.start < d.end <= len(text)


NUMBERS = [
    ("41,207 people were shot.", (41207, 41207, "persons")), ("at least 13 million peasants died", (13e6, None, "persons")),
    ("nearly 3.3 million were deported", (3.3e6, 3.3e6, "persons")), ("between 5 and 10 million people", (5e6, 10e6, "persons")),
    ("120,000 to 150,000 deaths", (120000, 150000, "persons")), ("from 3.1 million to 6 to 7 million lives", (3.1e6, 7e6, "persons")),
    ("up to 43% of them died", (None, 43, "percent")), ("40 per cent of the population", (40, 40, "percent")), ("only three negative votes", (3, 3, "votes")),
    ("twenty-six countries signed", (26, 26, "countries")), ("no more than ten days", (None, 10, "days")), ("tens of thousands of priests", (20000, 99999, "persons")),
    ("1.8 million tonnes of grain", (1.8e6, 1.8e6, "tonnes")), ("half of the officers were shot", (50, 50, "percent")), ("a committee of 40 members", (40, 40, "members")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_numbers(text, expected):
    (n,) = find_numbers(text)
    assert (n.low, n.high, n.unit) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the two quarrelled",
        "one of them left",
        "the Five-Year Plan",
        "Article 58 was applied",
        "the first two plans",
        "see p. 42",
        "1. Reasons",
        "order no. 447",
    ],
)
def test_what_is_no_number(text):
    assert find_numbers(text) == []


def test_numbers_with_asides_and_pairs():
    found = find_numbers(
        "No fewer than 61,000 (17,500 of them Koreans) were deported, and 4,230 (900 Koreans) were executed."
    )
    assert [(n.low, n.high) for n in found] == [(61000, None), (17500, 17500), (4230, 4230), (900, 900)]
    assert {n.unit for n in found} == {"persons"}
    found = find_numbers("The brothers got three and eight years respectively.")
    assert [(n.low, n.unit) for n in found] == [(3, "years"), (8, "years")]
    found = find_numbers("Forty-two of the fifty delegates walked out.")
    assert [n.low for n in found] == [42, 50]


def test_nested_asides_do_not_exhaust_the_stack():
    find_numbers("5 " + "(a)" * 5000 + " men")


@given(st.text(max_size=200))
def test_numbers_of_any_text_lie_inside_it(text):
    for n in find_numbers(text):
        assert 0 <= n.start < n.end <= len(text)
        assert n.low is None or n.high is None or n.low <= n.high


@pytest.fixture(scope="module")
def names(record):
    return NameList(record)


@pytest.mark.parametrize(("text", "expected"), [
    ("Ezhov, Yezhov and Nikolai Ezhov", ["yezhov"] * 3), ("Zinov'ev, Zinovyev, Zinoviev", ["zinoviev"] * 3), ("Trotskii, Trotskiy, Trotsky", ["trotsky"] * 3),
    ("Троцкий и Зиновьев", ["trotsky", "zinoviev"]), ("Lev Davidovich Trotsky", ["trotsky"]), ("L. D. Trotsky", ["trotsky"]), ("Grigory Yevseyevich Zinoviev", ["zinoviev"]),
    ("Stalin’s men", ["stalin"]), ("Lenins funeral", ["lenin"]), ("the Politburo and the central committee", ["politburo", "cc"]), ("Dzerzhinskii and Ordjonikidze", ["dzerzhinsky"]),
    ("Svetlana Stalin wrote", []), ("the stalinist line", []), ("Lenin's widow spoke", ["lenin", "krupskaya"]), ("Martemyan Riutin", ["ryutin"]),
])  # fmt: skip
def test_names(names, text, expected):
    assert [m.entity for m in names.find(text)] == expected


def test_ambiguous_surname_takes_the_given_name(names):
    assert [m.entity for m in names.find("Vasily Kuznetsov and Alexei Kuznetsov")] == [
        "kuznetsov_vv",
        "kuznetsov_aa",
    ]
    assert names.find("Kuznetsov spoke")[0].confidence < 0.5


@given(st.text(max_size=100))
def test_mentions_of_any_text_lie_inside_it(names, text):
    for m in names.find(text):
        assert 0 <= m.start < m.end <= len(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzабвгджзиклмнопрстуфхцчшыэюяàéñ", max_size=30))
def test_folding_ignores_case_and_is_stable(word):
    assert fold_word(word) == fold_word(word.upper()) == fold_word(word.title())
    assert fold_word(fold_word(word)) == fold_word(fold_word(fold_word(word)))


@pytest.mark.parametrize(("text", "post"), [("the General Secretary", "general_secretary"), ("Premier Rykov", "premier"), ("head of the NKVD", "head_nkvd"), ("as NKVD chief", "head_nkvd"),
                                            ("editor of Pravda", "editor_pravda"), ("the Moscow Party Secretary", "moscow_secretary"), ("People's Commissar for Foreign Affairs", "commissar_foreign-affairs"),
                                            ("commander of the southern front", "commander_southern-front"), ("Leningrad party boss", "leningrad_secretary")])  # fmt: skip
def test_offices(text, post):
    assert [o.post for o in find_offices(text)] == [post]
