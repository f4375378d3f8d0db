"""The language of changes: what each word sets, and what is said of a wrong one, with file and line."""

import pytest

from politburo.case import load_case
from politburo.engine import luck
from politburo.faults import Faults
from politburo.lab.experiments import changes, interventions
from politburo.lab.experiments.arms import Arm
from politburo.lab.experiments.changes import Catalogue, read, read_all


@pytest.fixture(scope="module")
def case():
    return load_case("ussr")


def one(case, word):
    return read(case, [word])[0]


def fault(case, *words, **options) -> str:
    with pytest.raises(Faults) as caught:
        read(case, words, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("rules.ban_on_factions=off", {"rules.ban_on_factions": False}),
        ("people.stalin.organising=0.5", {"people.stalin.traits.organising": 0.5}),
        ("people.bukharin.pace = 0.5", {"people.bukharin.traits.position.pace": 0.5}),
        ("posts.general_secretary=zinoviev", {"posts.general_secretary.holder": "zinoviev"}),
        ("posts.general_secretary=zinoviev@1922-04", {"posts.general_secretary.holder": "zinoviev"}),
        ("posts.general_secretary=nobody", {"posts.general_secretary.holder": None}),
        ("ties.stalin.trotsky=0.4@1922-04", {"ties.stalin.trotsky": 0.4}),
        ("shocks.kirov_murder=off", {"shocks.kirov_murder": False}),
        ("parameters.foresight=1", {"parameters.foresight": 1}),
        ("foresight=1", {"parameters.foresight": 1}),
        ("parameters.grip=0", {"parameters.grip": 0, "parameters.grip.low": 0.0}),
        ("levers.export@1932-07..1933-06=0", {"levers.export@1932-07..1933-06": 0}),
        ("levers.export=0@1932-07..1933-06", {"levers.export@1932-07..1933-06": 0}),
    ],
)
def test_values(case, word, values):
    change = one(case, word)
    assert dict(change.values) == values and not change.interventions
    case.with_values(values)  # what it says can be set


@pytest.mark.parametrize(
    ("word", "canonical"),
    [
        ("posts.war_commissar=stalin@1925-01", None),
        ("posts.war_commissar=stalin@1925-01..1926", "posts.war_commissar=stalin@1925-01..1926-12"),
        ("posts.war_commissar=nobody@1925-01", None),
        ("ties.stalin.trotsky@1924-01=0.5", "ties.stalin.trotsky=0.5@1924-01"),
        ("alliance(left, rykov)@1928-07", "alliance(kamenev+trotsky+zinoviev,rykov)=0.8@1928-07"),
        ("testament=published@1923-04", "document=published@1923-04"),
        ("shocks.testament=buried", "document=buried"),
        ("people.lenin.health=active..1930", "people.lenin.health=active..1930-12"),
        ("people.lenin.health=active", None),
        ("people.kirov.health=dead@1926-01", None),
        ("signals.hardship=0.9@1928-01..1930-12", None),
        ("luck.health=resampled", None),
        ("luck.coalitions=resampled:1", "luck.coalitions=resampled"),
        ("luck.coding=frozen", None),
        ("mechanisms.purge=off", None),
    ],
)
def test_interventions(case, word, canonical):
    change = one(case, word)
    assert [i.text for i in change.interventions] == [canonical or word] and not change.values
    again = interventions.parse(case, change.interventions[0].text)
    assert again == change.interventions[0], "the canonical text says it all"
    assert change.effective and change.title and not change.title.startswith(change.text)


def test_every_source_of_luck_is_a_word(case):
    for source in luck.SOURCES:
        assert one(case, f"luck.{source}=resampled").effective


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["rules.ban_on_fractions=off"], ["rules.yaml:2:", "did you mean rules.ban_on_factions?"]),
        (["posts.general_secretary=zinovev"], ["people.csv:5:", "did you mean zinoviev?"]),
        (["posts.general_secretery=zinoviev@1925-01"], ["posts.yaml:", "did you mean general_secretary?"]),
        (["people.stalin.organizing=0.5"], ["traits.csv:", "did you mean people.stalin.traits.organising?"]),
        (["people.stalin.organising=1.5"], ["traits.csv:", "a number between 0 and 1"]),
        (["posts.general_secretary=zinoviev@1921-01"], ["case.yaml:", "1921-01 lies before the start"]),
        (["posts.general_secretary=zinoviev@1922-13"], ["case.yaml:", "month '1922-13'"]),
        (["posts.general_secretary=zinoviev@1999-01"], ["1999-01 lies after the end"]),
        (["signals.hardship=0.5@1930-01..1929-01"], ["a span that ends after it begins"]),
        (["posts.general_secretary=lenin@1926-01"], ["calendar.yaml:8:", "Vladimir Lenin dies in 1924-01"]),
        (["rules.ban_on_factions=off@1924-01"], ["rules.yaml", "holds from the start"]),
        (["testament=publishd@1923-04"], ["calendar.yaml:16:", "did you mean published?"]),
        (["luck.helth=resampled"], ["did you mean health?"]),
        (["mechanisms.hiden_patronage=off"], ["did you mean hidden_patronage=off?"]),
        (["hiden_patronage=off"], ["did you mean hidden_patronage=off?"]),
        (["mechanisms.coalition=nosuch"], ["allowed: off"]),
        (["alliance(left,rigt)@1928-07"], ["did you mean right?"]),
        (["alliance(left,trotsky)@1928-07"], ["trotsky on both sides"]),
        (["parameters.visibility=2"], ["parameters.yaml:", "at most high, 1"]),
        (["levers.exprt=0@1932-07"], ["did you mean export?"]),
        (["nonsense"], ["no change of this name"]),
        (["x.y=1"], ["no key 'x.y' in the case"]),
        (["rules.ban_on_factions=off", "rules.ban_on_factions=off"], ["a second time"]),
        (["posts.general_secretary=zinoviev", "posts.general_secretary=kamenev"], ["posts.yaml:7:", "both set"]),
        (["posts.war_commissar=stalin@1925-01..1925-06", "posts.war_commissar=frunze@1925-06"], ["both set posts.war_commissar"]),
        (["mechanisms.purge=off", "people.x=1", "luck.y=frozen"], ["people.x", "luck of y", "luck.y"][:1]),
    ],
)  # fmt: skip
def test_faults(case, words, parts):
    said = fault(case, *words)
    assert all(part in said for part in parts), said
    assert "Traceback" not in said


def test_all_faults_at_once(case):
    said = fault(case, "rules.ban_on_fractions=off", "posts.general_secretary=zinovev", "luck.helth=frozen")
    assert said.count("did you mean") == 3


def test_contradictions_may_stand_apart(case):
    words = ["posts.general_secretary=zinoviev", "posts.general_secretary=kamenev"]
    assert len(read(case, words, apart=True)) == 2
    assert len(read(case, ["posts.war_commissar=stalin@1925-01", "posts.war_commissar=voroshilov@1926-01"])) == 2


def test_a_dead_man_may_live_on(case):
    assert read(case, ["posts.general_secretary=lenin@1926-01", "people.lenin.health=active..1930"])


def test_changes_that_change_nothing_say_so(case):
    for word in ("rules.ban_on_factions=on", "posts.general_secretary=stalin", "people.tukhachevsky.health=active"):
        change = one(case, word)
        assert not change.effective and "changes nothing" in change.notes[0], word
        assert Arm(case, (change,)).call.compiled.world.shock.tobytes() == Arm(case).call.compiled.world.shock.tobytes()


def test_outside_the_fitted_range(case):
    assert "outside the fitted range" in one(case, "parameters.grip=0").notes[0]
    assert "coder errors" in one(case, "people.stalin.organising=0.1").notes[0]
    assert not one(case, "parameters.grip=0.6").notes


def test_named_changes(case, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("changes:\n  - name: both\n    words: [rules.ban_on_factions=off, 'posts.war_commissar=stalin@1925-01']\n    why: a test\n")
    change = read(case, ["both"], [file])[0]
    assert change.kind == "several" and change.why == "a test" and len(change.words) == 2
    assert read_all(case, [file]) == (change,)
    assert one(case, "mechanisms.hidden_patronage=off").values == {"parameters.visibility": 1}
    file.write_text("changes:\n  - name: both\n    words: [rules.ban_on_fractions=off]\n    why: a test\n    wy: 1\n")
    with pytest.raises(Faults, match="mine.yaml:5:.*did you mean why"):
        read(case, ["both"], [file])
    file.write_text("changes:\n  - name: both\n    words: [rules.ban_on_fractions=off]\n    why: a test\n")
    with pytest.raises(Faults, match="mine.yaml:3:.*did you mean rules.ban_on_factions"):
        read(case, ["both"], [file])


def test_every_named_change_of_the_packaged_cases_can_be_read():
    """Without the notes, which compile the case anew for each of them."""
    for name in ("ussr",):
        loaded = load_case(name)
        catalogue = Catalogue.of(loaded)
        for word in catalogue.changes:
            assert changes._read(loaded, catalogue, word).title


def test_the_order_of_changes_decides_nothing(case):
    a, b, c = read(case, ["rules.ban_on_factions=off", "posts.war_commissar=stalin@1925-01", "ties.trotsky.kirov=0.3"])
    assert Arm(case, (a, b, c)).id == Arm(case, (c, b, a)).id != Arm(case, (a, b)).id


def test_a_mechanism_of_ones_own(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quiet.py").write_text("PARAMETERS = ()\n\n\ndef step(w, p, s):\n    pass\n")
    change = one(case, "mechanisms.purge=quiet.py")
    call = Arm(case, (change,)).call
    assert [str(m).endswith("quiet.py") for m in call.mechanisms].count(True) == 1 and "purge" not in call.mechanisms
    before = call.id
    (tmp_path / "quiet.py").write_text("PARAMETERS = ()\n\n\ndef step(w, p, s):\n    s.now[0].fear = 0.0\n")
    assert Arm(case, (one(case, "mechanisms.purge=quiet.py"),)).call.id != before, "the text of the file counts, not its name"
