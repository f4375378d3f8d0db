"""Arms laid over each other are those compiled from the files, bit for bit."""

import numpy as np
import pytest

from politburo.case import load_case
from politburo.lab.experiments.answers import other_luck, world_key
from politburo.lab.experiments.arms import Arm
from politburo.lab.experiments.changes import Catalogue, read
from politburo.lab.experiments.compose import Composer, subsets

TEMPLATE = [
    "posts.first_secretary.powers.appoint=0", "people.dasan.organising=0.3", "parameters.foresight=1", "parameters.visibility=1",
    "signals.hardship=0.9@1962-01..1963-01", "rules.ban_on_factions=off",
]  # fmt: skip


@pytest.mark.parametrize("words, overlaid", [
    (TEMPLATE, 5),  # a rule is compiled from the files
    (["ties.dasan.karst=0.5", "ties.karst.dasan=-0.5", "people.sorin.ambition=0.9", "document=buried"], 4),
    # two that fill the same locality beyond the whole, which are scaled down together: never overlaid
    (["localities.capital.strength=1", "people.dasan.prestige=0.1"], 1),
    (["luck.motions=resampled", "luck.health=resampled", "mechanisms.fear=off", "people.dasan.prestige=0.1"], 2),
], ids=["values", "ties", "localities", "luck"])  # fmt: skip
def test_every_combination_is_the_compiled_one(words, overlaid):
    case = load_case("template")
    known = {key.split(".")[1] for key in case.keys() if key.startswith("localities.")}
    words = [word.replace("capital", sorted(known)[0]) for word in words]
    if "document=buried" in words and not any(s.kind == "document" for s in case.shocks.values()):
        words.remove("document=buried")
        overlaid -= 1
    changes = read(case, words)
    arms = Composer(case, changes, "1964-12")
    assert len(arms.overlays) == overlaid
    for numbers in subsets(len(changes)):
        real = Arm(case, tuple(changes[i] for i in numbers), "1964-12").call
        made = arms.call(numbers)
        assert world_key(made) == world_key(real), numbers
        assert world_key(other_luck(made)) == world_key(other_luck(real))
        assert np.array_equal(made.rows(np.arange(90)), real.rows(np.arange(90))) and made.mechanisms == real.mechanisms


def test_the_causes_of_the_reference_case():
    """All nine, and some combinations of them; the base is not written to."""
    case = load_case("ussr")
    changes = read(case, Catalogue.of(case).causes)
    arms = Composer(case, changes, "1930-12")
    before = world_key(arms.base)
    assert len(arms.overlays) == len(changes) - 1  # all but the rule
    for numbers in ((), (0,), (0, 1, 2, 3, 4, 5, 6, 7, 8), (1, 3, 5, 7), (2, 8), (4, 5, 6)):
        assert world_key(arms.call(numbers)) == world_key(Arm(case, tuple(changes[i] for i in numbers), "1930-12").call)
    assert world_key(arms.base) == before


def test_what_two_changes_alter_is_compiled():
    """Two steps of one signal, the later inside the span of the earlier, alter the same months."""
    case = load_case("template")
    changes = read(case, ["signals.hardship=0.9@1962-01..1964-12", "signals.war_danger=0.9@1962-01", "people.dasan.prestige=0.1"])
    assert set(Composer(case, changes, "1964-12").overlays) == {0, 1, 2}
    a, b = read(case, ["people.dasan.prestige=0.1"])[0], read(case, ["people.dasan.prestige=0.2"])[0]
    assert Composer(case, (a, b), "1964-12").overlays == {}
