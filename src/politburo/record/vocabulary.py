"""The words a claim may use: types, predicates, bases, polarity, modality, grades of evidence.

A predicate says which slots are at issue. `object_single`: one subject has one object per cluster, so two objects
clash ("outcome"). `subject_single`: one cluster has one doer, so two subjects clash ("person"). `opposite`: two
predicates that cannot both hold in one cluster. The words for persons, organs, posts and memberships are Popolo's.
"""

from __future__ import annotations

from dataclasses import dataclass

TYPES = ("office", "membership", "vote", "alliance", "expulsion", "arrest", "death", "health", "event", "policy",
         "number", "document", "relation", "doctrine", "trait", "biography", "organ")  # fmt: skip
BASES = ("explicit", "context", "none")
POLARITY = ("pos", "neg")
MODALITY = ("asserted", "estimated", "reported", "disputed", "intended", "inferred")
RANKS = ("preferred", "normal", "deprecated")
RELATIONS = ("before", "after", "during", "same")


@dataclass(frozen=True)
class Predicate:
    """One predicate and the type of claim it belongs to."""

    name: str
    type: str
    object_single: bool = False
    subject_single: bool = False
    opposite: tuple[str, ...] = ()


def _table() -> dict[str, Predicate]:
    rows = [
        # office and membership
        Predicate("appointed_to", "office", opposite=("removed_from",)), Predicate("holds_post", "office"),
        Predicate("removed_from", "office", object_single=False, opposite=("appointed_to", "elected_to")),
        Predicate("resigned_from", "office"), Predicate("replaced", "office"), Predicate("succeeded", "office"),
        Predicate("nominated", "office"), Predicate("kept_post", "office"), Predicate("proposed_removal_of", "office", subject_single=True),
        Predicate("member_of", "membership"), Predicate("elected_to", "membership"), Predicate("joined", "membership"),
        Predicate("founded", "organ", subject_single=False), Predicate("formed", "organ"), Predicate("size_of", "organ"),
        Predicate("elects", "organ"), Predicate("rules", "organ"), Predicate("edited", "office"), Predicate("commanded", "office"),
        # votes
        Predicate("voted", "vote"), Predicate("won_vote", "vote", opposite=("lost_vote",)), Predicate("lost_vote", "vote"),
        Predicate("votes_against", "vote"), Predicate("decided", "vote"), Predicate("banned", "policy"),
        # alliances
        Predicate("allied_with", "alliance", opposite=("refused_alliance",)),
        Predicate("refused_alliance", "alliance", opposite=("allied_with",)), Predicate("considered_alliance", "alliance"),
        Predicate("split_from", "alliance"), Predicate("opposed", "relation"), Predicate("supported", "relation"),
        Predicate("attacked", "relation"), Predicate("isolated", "relation"), Predicate("submitted_to", "relation"),
        Predicate("accused", "relation"), Predicate("criticised", "relation"), Predicate("met", "relation"),
        Predicate("defeated", "relation"), Predicate("underestimated", "relation"), Predicate("fell_out_with", "relation"),
        # expulsion, exile, arrest, death
        Predicate("expelled_from", "expulsion"), Predicate("readmitted_to", "expulsion"), Predicate("exiled_from", "expulsion"),
        Predicate("deported_to", "expulsion"), Predicate("arrested", "arrest"), Predicate("tried", "arrest"),
        Predicate("confessed", "arrest"), Predicate("sentenced", "arrest"), Predicate("convicted", "arrest"),
        Predicate("executed", "death"), Predicate("died", "death", object_single=True), Predicate("killed_by", "death", object_single=True),
        Predicate("killed_self", "death"), Predicate("ordered_killing", "death"), Predicate("suffered", "health", object_single=True),
        Predicate("wounded", "health"), Predicate("born", "biography"), Predicate("lived_in", "biography"),
        # everything else
        Predicate("happened", "event"), Predicate("began", "event"), Predicate("ended", "event"), Predicate("did", "event"),
        Predicate("travelled_to", "event"), Predicate("attended", "event"), Predicate("prevented", "event"),
        Predicate("caused", "event", subject_single=True), Predicate("invaded", "event"), Predicate("policy_of", "policy"),
        Predicate("adopted", "policy"), Predicate("abandoned", "policy"), Predicate("planned", "policy"),
        Predicate("amount", "number"), Predicate("change", "number"), Predicate("wrote", "document"),
        Predicate("published", "document"), Predicate("revealed", "document"), Predicate("suppressed", "document"),
        Predicate("read_out", "document"), Predicate("believed", "doctrine"), Predicate("stood_for", "doctrine", object_single=True),
        Predicate("advocated", "doctrine"), Predicate("defined_as", "doctrine", object_single=True), Predicate("was", "trait", object_single=True),
    ]  # fmt: skip
    return {p.name: p for p in rows}


PREDICATES = _table()
