"""From a case's named entries to the arrays that the engine runs on.

The compiled case keeps the names beside the arrays (`Compiled.people[i]` is who number i is), so that whoever
reads a result can say it in the case's words; the arrays themselves know no names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from ..faults import Fault, Faults
from .arrays import DOCUMENT, FILLERS, MOST_CIRCLE, MOST_PEOPLE, NEVER, PERSON, PLACE, POST, POWERS, RULE, RUNGS, SHOCK, SHOCKS, TRAITS, World
from .schema import Case
from .values import Month

#: Errors of coding assumed where a case states none.
TIE_ERROR = 0.1


@dataclass(frozen=True)
class Compiled:
    """A case as arrays, with the names of its rows. `months` is how many months a history runs."""

    case: Case
    world: World
    months: int
    people: tuple[str, ...]
    places: tuple[str, ...]
    posts: tuple[str, ...]
    issues: tuple[str, ...]
    checks: tuple[Month, ...]
    parameters: tuple[str, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Display names of the people, in order."""
        return tuple(self.case.people[p].name for p in self.people)

    @property
    def watched(self) -> tuple[str, ...]:
        """People whose series are kept, in order."""
        return tuple(p for p in self.people if self.case.people[p].watch)

    def month(self, t: int) -> Month:
        """The calendar month of month number t."""
        return self.case.start + int(t)

    def index(self, month: Month) -> int:
        """The number of a calendar month."""
        return month - self.case.start

    @cached_property
    def values(self) -> np.ndarray:
        """The case's own parameter values, in order."""
        return np.array([self.case.parameters[p].value for p in self.parameters], float)

    @cached_property
    def particles(self) -> np.ndarray:
        """The posterior ensemble, one row a particle (parameters in order); the case's values when there is none."""
        posterior = self.case.posterior
        if posterior is None:
            return self.values[None, :]
        table = np.tile(self.values, (len(posterior), 1))
        for column, name in enumerate(self.parameters):
            if name in posterior.columns:
                table[:, column] = posterior.column(name)
        return table

    def with_seed(self, seed: int, salt: np.ndarray | None = None) -> Compiled:
        """The same case under other luck: `seed` up to 2**64 - 1, and one salt for each decision site."""
        world = self.world._replace(key=seed_key(seed), salt=self.world.salt if salt is None else salt.astype(np.uint64))
        return replace(self, world=world)

    def with_rule(self, **rules: float) -> Compiled:
        """The same case with entries of the rule record set (for example coding=0)."""
        rule = self.world.rule.copy()
        for name, value in rules.items():
            rule[name] = value
        return replace(self, world=self.world._replace(rule=rule))


def seed_key(seed: int) -> np.ndarray:
    """A 64-bit seed as the two 32-bit words of the generator's key."""
    if not 0 <= int(seed) < 2**64:
        raise Faults([Fault("seed", 0, 0, f"seed {seed}", "a whole number from 0 to 2**64 - 1")])
    return np.array([int(seed) & 0xFFFFFFFF, int(seed) >> 32], np.uint64)


def _rule(case: Case, name: str, default):
    rule = case.rules.get(name)
    return default if rule is None else rule.value


def compile_case(case: Case, until: Month | None = None, seed: int = 1922) -> Compiled:
    """Arrays for `case`, run up to and including the month `until` (by default the case's end).

    Raises `Faults` when the case is larger than the engine's tables: 60 people, 12 full members, or when `until` lies
    before the start.
    """
    end = case.end if until is None else until
    months = end - case.start + 1
    faults = []
    where = str(case.path / "case.yaml")
    if months < 1:
        faults.append(Fault(where, 0, 0, f"until {end}", f"a month not before the start, {case.start}"))
    if len(case.people) > MOST_PEOPLE:
        faults.append(Fault(str(case.path / "people.csv"), 0, 0, f"{len(case.people)} people", f"at most {MOST_PEOPLE}"))
    if case.circle.size.most > MOST_CIRCLE:
        faults.append(Fault(str(case.path / "organs.yaml"), 0, 0, f"a circle of {case.circle.size.most}", f"at most {MOST_CIRCLE} full members"))
    if faults:
        raise Faults(faults)

    people, places, posts, issues = tuple(case.people), tuple(case.localities), tuple(case.posts), tuple(case.issues)
    person_of = {name: i for i, name in enumerate(people)}
    place_of = {name: i for i, name in enumerate(places)}
    n, r, k = len(people), len(places), len(issues)

    person = np.zeros(n, PERSON)
    trait, trait_error = np.full((n, len(TRAITS)), 0.5), np.zeros((n, len(TRAITS)))
    ideal, ideal_error = np.zeros((n, k)), np.zeros((n, k))
    for i, p in enumerate(case.people.values()):
        person[i] = (p.arbiter, p.watch, (p.born.year * 12 + (p.born.month or 7) - 1) - case.start.ordinal)
        for column, name in enumerate(TRAITS):
            if name in p.traits:
                trait[i, column], trait_error[i, column] = p.traits[name].value, p.traits[name].error
        for column, issue in enumerate(issues):
            coded = p.positions.get(issue)
            if coded is not None:
                ideal[i, column], ideal_error[i, column] = coded.value, coded.error

    tie, tie_error = np.zeros((n, n)), np.zeros((n, n))
    for row in case.ties:
        a, b = person_of[row.from_], person_of[row.to]
        tie[a, b], tie_error[a, b] = row.value, row.error

    place = np.zeros(r, PLACE)
    weights = np.array([p.weight for p in case.localities.values()], float)
    for i, p in enumerate(case.localities.values()):
        place[i] = (weights[i] / weights.sum(), person_of[p.boss] if p.boss else NEVER, p.strength)

    bloc, bloc_error, cadres, cadres_error = np.zeros(n), np.zeros(n), np.zeros((r, n)), np.zeros(n)
    for row in case.blocs:
        i = person_of[row.person]
        if row.committee is not None and row.locality is None:
            bloc[i], bloc_error[i] = row.committee, row.error
        if row.cadres is not None:
            cadres_error[i] = row.error
            if row.locality is None:
                cadres[:, i] = np.where(cadres[:, i] > 0, cadres[:, i], row.cadres)
            else:
                cadres[place_of[row.locality], i] = row.cadres
    # A boss is stronger at home than a nationwide share says: the place's strength is the floor of his share there.
    for j in range(r):
        if place[j]["boss"] >= 0:
            cadres[j, place[j]["boss"]] = max(cadres[j, place[j]["boss"]], 0.6 * place[j]["strength"])
        if cadres[j].sum() > 1:
            cadres[j] /= cadres[j].sum()

    circle, committee = np.zeros(n, np.int64), np.zeros(n, np.int64)
    for name in case.members(_id(case, case.circle), "full", "member"):
        circle[person_of[name]] = 2
    for name in case.members(_id(case, case.circle), "candidate"):
        circle[person_of[name]] = 1
    for name in case.members(_id(case, case.committee), "full", "member"):
        committee[person_of[name]] = 1
    committee[circle > 0] = 1

    post = np.zeros(len(posts), POST)
    for j, q in enumerate(case.posts.values()):
        post[j]["holder"] = person_of[q.holder] if q.holder else NEVER
        post[j]["place"] = place_of[q.locality] if q.locality else NEVER
        post[j]["weight"] = q.weight or 0.0
        post[j]["filled_by"], post[j]["filler"] = _filler(case, q.filled_by, posts)
        post[j]["organ"] = list(case.organs).index(q.organ) if q.organ else NEVER
        role = case.organs[q.organ].role if q.organ else None
        post[j]["in_circle"], post[j]["in_committee"] = role == "circle", role == "committee"
        for power in POWERS:
            post[j][power] = getattr(q.powers, power)

    shocks = [s for s in case.shocks.values() if s.kind != "document"]
    shock = np.zeros(len(shocks), SHOCK)
    for j, s in enumerate(shocks):
        who = getattr(s, "person", None)
        stop = getattr(s, "to", None)
        shock[j] = (
            SHOCKS.index(s.kind), person_of[who] if who else NEVER, s.from_ - case.start,
            NEVER if stop is None else stop - case.start, 1.0 if getattr(s, "size", None) is None else s.size, s.spread or 0.0,
            NEVER,
        )  # fmt: skip
    document, named = np.zeros(1, DOCUMENT), np.zeros(n)
    document[0]["ordered"] = NEVER
    for s in case.shocks.values():
        if s.kind == "document":
            asked = s.asks.post if s.asks else posts[0]
            document[0] = (1 if s.asks else 0, person_of[s.author], posts.index(asked), s.from_ - case.start, s.to - case.start, NEVER)
            for name, weight in s.names.items():
                named[person_of[name]] = weight * (1.0 if s.size is None else s.size)

    signal = np.zeros((months, k + 2))
    columns = [f"opinion.{issue}" for issue in issues] + ["hardship", "war_danger"]
    for column, name in enumerate(columns):
        steps = case.signal(name)
        for step in steps:
            signal[max(0, step.month - case.start) :, column] = step.value
        if column < k and (not steps or steps[0].month > case.start):
            first = months if not steps else max(0, steps[0].month - case.start)
            signal[:first, column] = case.issues[issues[column]].opinion.value

    rule = np.zeros(1, RULE)
    size, seats, candidates = case.circle.size, case.committee.size, case.circle.candidates
    precedent = _rule(case, "precedent", "none")
    started = case.assembly.started
    share = Fraction(case.circle.threshold).limit_denominator(1000)
    secret = [int(organ.ballot == "secret") for organ in (case.circle, case.committee, case.assembly)]
    rule[0] = (
        int(_rule(case, "ban_on_factions", False)), share.numerator, share.denominator, case.committee.threshold, case.assembly.threshold,
        *secret, float(_rule(case, "expulsion_majority", 2 / 3)),
        float(_rule(case, "committee_growth_most", 0.35)), float(_rule(case, "seat_carry", 0.75)),
        int(_rule(case, "death_penalty_for_members", False)), int(_rule(case, "committee_secret_ballot", True)),
        RUNGS.index(precedent), size.least, int((circle == 2).sum()) or size.value, size.most,
        candidates.value if candidates else 0, seats.least, seats.value, seats.most,
        int(case.assembly.interval.value) if case.assembly.interval else 12,
        started - case.start if started else 0, 1.0, 1,
    )  # fmt: skip

    checks = sorted({c for c in _checkpoints(case, end) if case.start <= c <= end} | {end})
    world = World(
        key=seed_key(seed), salt=np.zeros(256, np.uint64), person=person, trait=trait, trait_error=trait_error, ideal=ideal,
        ideal_error=ideal_error, tie=tie, tie_error=tie_error, bloc=bloc, bloc_error=bloc_error, cadres=cadres,
        cadres_error=cadres_error, circle=circle, committee=committee, place=place, post=post, shock=shock, document=document,
        named=named, signal=signal, opinion=np.array([i.opinion.value for i in case.issues.values()], float),
        issue_weight=(weight := np.array([i.weight.value for i in case.issues.values()], float)) / weight.sum(),
        voice=np.array([getattr(getattr(i, "voice", None), "value", 0.0) for i in case.issues.values()], float),
        rule=rule, check=np.array([c - case.start for c in checks], np.int64),
    )  # fmt: skip
    if case.country is not None:
        from .country import arrays

        world = world._replace(country=arrays(case.country, list(issues), case.start, months))
    return Compiled(case, world, months, people, places, posts, issues, tuple(checks), tuple(case.parameters))


def _filler(case: Case, name: str, posts: tuple[str, ...]) -> tuple[int, int]:
    """Who fills a post, as (which of FILLERS, number of the filling post or NEVER).

    Organs that the engine does not run act through those that elect them; one that is appointed, through the circle.
    """
    if name in posts:
        return FILLERS.index("post"), posts.index(name)
    while name in case.organs and case.organs[name].role == "other":
        name = case.organs[name].elected_by
    if name in case.organs:
        return FILLERS.index(case.organs[name].role), NEVER
    return FILLERS.index("assembly" if name == "localities" else "circle"), NEVER


def _id(case: Case, organ) -> str:
    return next(name for name, entry in case.organs.items() if entry is organ)


def _checkpoints(case: Case, end: Month) -> set[Month]:
    months = set(getattr(case.header, "checkpoints", ()) or ())
    for entry in [*case.targets.values(), *case.outcomes.values()]:
        for name in ("on", "by", "until"):
            found = getattr(entry, name, None)
            if found is not None:
                months.add(found)
    # One each December besides, so that "who leads at the end of 1927" can always be answered.
    for year in range(case.start.year, end.year + 1):
        months.add(Month(year, 12))
    return months
