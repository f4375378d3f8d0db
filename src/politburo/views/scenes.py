"""One scene of a history as sentences with reasons, in the case's words and with the engine's numbers.

Every sentence is built from what the engine wrote into the trace; the words for a number follow the mechanism that
wrote it (see its docstring), and no sentence claims a motive that the mechanism does not compute.
"""

from __future__ import annotations

from collections.abc import Callable

from ..engine import events as ev
from ..engine.events import KINDS
from .replay import Scene, Standing, Vote, members
from .words import Words, count, percent, series, upper


def sentence(words: Words, scene: Scene, after: Standing) -> str:
    """The scene in one to three sentences."""
    return _SAY.get(scene.kind, _own)(words, scene, after)


def _mandate(words: Words, who: int, standing: Standing) -> str:
    posts = [words.posts[j] for j in standing.posts_of(who)]
    return series(posts)


def _death(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    name = words.person(e["actor"], full=True)
    text = f"{name} is assassinated." if e["a"] == 2.0 else f"{name} dies."
    posts = _mandate(words, int(e["actor"]), scene.before)
    if posts:
        text += f" Vacant: {posts}."
    if scene.of(ev.UNRULED):
        text += " Nobody rules alone any more."
    return text


def _illness(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    return f"{words.person(e['actor'])} falls ill and misses {percent(float(e['a']))} of what is decided."


def _coalition(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    numbered = scene.before.full()[:12]
    chosen, core = members(e["c"], numbered), members(e["d"], numbered)
    out = [i for i in numbered if i not in chosen]
    was = set(scene.before.inside())
    left, came = [i for i in out if i in was], [i for i in chosen if i not in was]
    share = percent(float(e["b"]))
    if not out:
        text = (
            f"A round of alliances ends with every full member of the {words.circle} in the ruling coalition."
        )
    else:
        text = f"A round of alliances: {words.people(chosen)} rule together, with {share} of the power that members see."
        if left and came:
            text += f" {words.people(left)} {_is(left)} shut out, {words.people(came)} {_is(came)} taken in."
        elif left:
            text += f" {words.people(left)} {_is(left)} shut out."
        elif came:
            text += (
                f" {words.people(came)} {_is(came)} taken in; {words.people(out)} {_is(out)} still outside."
            )
    if not core:
        pass  # formed by a theory that does not ask who would rule in the end
    elif set(core) == set(chosen):
        text += " The coalition is self-enforcing: no majority inside it could drop the others and hold."
    else:
        rest = [i for i in chosen if i not in core]
        text += (
            f" It is not self-enforcing: by the balance of power that members see, {words.people(core)} would in the end rule"
            f" without {words.people(rest)}."
        )
    return text


def _is(who) -> str:
    return "is" if len(who) == 1 else "are"


def _why_target(words: Words, scene: Scene, activity: float, name: str) -> str:
    if int(scene.first["target"]) in scene.before.organised:
        return f"{name} is in open opposition"
    if activity >= 0.5:
        return f"{name}, far from the officials' opinion, gives cause enough ({activity:.2f} of 1)"
    return f"{name} keeps quiet and gives little cause ({activity:.2f} of 1)"


def _blocs(words: Words, votes: tuple[Vote, ...], target: int) -> str:
    """Whose blocs vote how, with shares of the committee's seats."""
    held = [v for v in votes if v.who >= 0]
    loose = next((v for v in votes if v.who < 0), None)
    for_it = sorted((v for v in held if v.chance >= 0.5), key=lambda v: -v.seats * v.chance)
    against = sorted((v for v in held if v.chance < 0.5), key=lambda v: -v.seats)

    def named(rows: list[Vote], most: int = 3) -> str:
        shown = [f"{words.person(v.who)} ({percent(v.seats)})" for v in rows[:most]]
        more = len(rows) - len(shown)
        return series([*shown, f"{more} more"] if more else shown)

    parts = []
    if for_it:
        parts.append(f"for it the {'bloc' if len(for_it) == 1 else 'blocs'} of " + named(for_it))
    if against:
        against.sort(key=lambda v: v.who != target)  # the person concerned first
        parts.append(f"against it the {'bloc' if len(against) == 1 else 'blocs'} of " + named(against))
    if loose is not None and loose.seats > 0:
        parts.append(
            f"of the seats attached to nobody ({percent(loose.seats)}), {percent(loose.chance)} for it"
        )
    at_risk = [v.who for v in held if v.risk > 0 and v.who != target]
    text = "; ".join(parts)
    if at_risk:
        text += f". {words.people(at_risk)} would be next by the balance of power and {_vote(at_risk)} less readily"
    return upper(text)


def _vote(who) -> str:
    return "votes" if len(who) == 1 else "vote"


def _motion(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    mover, target, rung = int(e["actor"]), int(e["target"]), int(e["a"])
    name = words.person(target)
    result = next((x for x in scene.events if x["kind"] in (ev.PASSED, ev.FAILED)), None)
    text = (
        f"{words.person(mover)} moves {words.to_sanction(rung, name)}, counting on {percent(float(e['b']))} of the {words.committee}"
        f" (more than {percent(float(e['c']))} needed); {_why_target(words, scene, float(e['d']), name)}."
    )
    if result is not None:
        share = percent(float(result["b"]))
        if result["kind"] == ev.PASSED:
            text += f" Carried with {share}: {name} {words.fell(rung)}."
        else:
            text += f" It fails with {share}."
    if scene.votes:
        text += f" {_blocs(words, scene.votes, target)}."
        if words.compiled.world.rule[0]["committee_secret"]:
            text += " The ballot is secret: they know the count, not who gave it."
    allies = [int(x["target"]) for x in scene.of(ev.PASSED) if int(x["target"]) != target]
    if allies:
        text += f" The faction is charged as one: with {name} the same befalls {words.people(allies)}."
    quiet = [int(x["actor"]) for x in scene.of(ev.QUIET)]
    if quiet:
        text += f" {words.people(quiet)} {'gives' if len(quiet) == 1 else 'give'} up open opposition."
    if scene.of(ev.UNRULED):
        text += " Nobody rules alone any more."
    return text


def considered(words: Words, scene: Scene) -> str:
    """Why a motion was thought of and not put."""
    e = scene.first
    target, rung, risk = int(e["target"]), int(e["a"]), float(e["b"])
    name, before = words.person(target), scene.before
    if e["d"] < 0:
        return f"only {percent(float(e['c']))} of the {words.circle} would vote for it in secret, and more than {percent(-float(e['d']))} is needed"
    if scene.votes:
        return f"only {percent(float(e['c']))} of the {words.committee} would follow, and more than {percent(float(e['d']))} is needed"
    reasons = []
    if rung > before.precedent:
        reasons.append("nobody has suffered that before")
    if rung >= 3 and target not in before.organised:
        reasons.append(f"{name} is not in open opposition")
    if rung == 3 and risk > 0.005:
        reasons.append(f"members with {percent(risk)} of the coalition's power would be next")
    why = series(reasons)
    return (f"{why}; " if why else "") + f"the resolve to do it is {percent(float(e['c']))}"


def _considered(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    motion = words.to_sanction(int(e["a"]), words.person(e["target"]))
    return f"{words.person(e['actor'])} thinks of a motion {motion} and lets it rest: {considered(words, scene)}."


def _organised(words: Words, scene: Scene, after: Standing) -> str:
    who = [int(e["actor"]) for e in scene.events]
    chances = series(percent(float(e["a"]), 1) for e in scene.events)
    verb = "goes" if len(who) == 1 else "go"
    others = sorted(after.organised - set(who))
    text = f"{words.people(who)} {verb} into open opposition (chance in this month {chances})."
    if others:
        text += f" In opposition already: {words.people(others)}."
    return text


def _recanted(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    return f"{words.person(e['actor'])}, {words.fates[int(e['a'])]}, recants."


def _readmitted(words: Words, scene: Scene, after: Standing) -> str:
    return f"{words.person(scene.first['actor'])} is readmitted to the party after recanting."


def _congress(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.of(ev.CONGRESS)[0]
    text = f"The {words.assembly} meets."
    for fight in scene.of(ev.FIGHT):
        text += (
            f" {words.person(fight['actor'])} contests the line of {words.person(fight['target'])} and gets {percent(float(fight['a']), 1)} of the"
            f" delegates: {percent(float(fight['b']), 1)} follow the minority, and {percent(float(fight['d']))} of the"
            f" {percent(float(fight['c']))} who follow nobody."
        )
    if scene.of(ev.OVERTURNED):
        text += " That is a majority: those who ruled and those who were shut out change places."
    elif not scene.of(ev.FIGHT):
        text += " Nobody speaks against the leadership."
    text += f" It elects a {words.committee} of {int(e['b'])}; the largest bloc before it held {percent(float(e['d']))} of the seats."
    gone = [int(x["target"]) for x in scene.of(ev.UNSEATED)]
    if gone:
        text += f" {words.people(gone)} {'is' if len(gone) == 1 else 'are'} not elected to the {words.circle} again."
    return text + _seated(words, scene)


def _seated(words: Words, scene: Scene) -> str:
    full = [int(x["target"]) for x in scene.of(ev.PROMOTED)]
    new = [int(x["target"]) for x in scene.of(ev.CANDIDATE)]
    text = ""
    if full:
        text += f" {words.people(full)} {'becomes a full member' if len(full) == 1 else 'become full members'} of the {words.circle}."
    if new:
        text += f" {words.people(new)} {'becomes a candidate' if len(new) == 1 else 'become candidates'}."
    return text


def _promoted(words: Words, scene: Scene, after: Standing) -> str:
    return f"Between congresses the {words.committee} fills a vacancy." + _seated(words, scene)


def _unseated(words: Words, scene: Scene, after: Standing) -> str:
    return f"{words.people([int(e['target']) for e in scene.of(ev.UNSEATED)])} is not elected to the {words.circle} again."


def _fight(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    return f"{words.person(e['actor'])} contests the line of {words.person(e['target'])} and gets {percent(float(e['a']), 1)} of the delegates."


def _post(words: Words, scene: Scene, after: Standing) -> str:
    if scene.first["actor"] < 0:
        return " ".join(_ordered(words, e) for e in scene.events)
    organs = (words.circle, words.committee, words.assembly)
    found: dict[str, list[str]] = {}
    for e in scene.events:
        by = int(e["c"])
        if e["target"] < 0:
            found.setdefault(f"{words.person(e['actor'])} gives up", []).append(words.posts[int(e["a"])])
            continue
        who = f"{words.person(e['actor'])} appoints" if by == len(organs) else f"The {organs[by]} chooses"
        found.setdefault(who, []).append(f"{words.person(e['target'])} ({words.posts[int(e['a'])]}, regard {e['b']:.2f})")
    return " ".join(f"{who} {series(given)}." for who, given in found.items())


def _ordered(words: Words, e) -> str:
    post = words.posts[int(e["a"])]
    return f"The change under study: {post} falls vacant." if e["target"] < 0 else f"The change under study: {words.person(e['target'])} becomes {post}."


def _tied(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    a, b = words.person(e["actor"]), words.person(e["target"])
    text = f"The change under study: the affinity of {a} towards {b} goes from {e['b']:.2f} to {e['a']:.2f}"
    return text + (f", that of {b} from {e['d']:.2f} to {e['c']:.2f}." if e["c"] != e["d"] else ".")


def _boss(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    given = series(f"{words.person(x['target'])} ({words.places[int(x['a'])]})" for x in scene.events)
    return f"{words.person(e['actor'])}, who appoints, puts trusted people at the head of local organisations: {given}."


def _document(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    document = words.compiled.world.document[0]
    author, post = words.person(int(document["author"])), words.posts[int(document["post"])]
    holder = words.person(e["target"])
    text = f"What {author} left in writing comes up: it asks that {holder} be dismissed as {post}."
    dose = float(e["a"])
    if dose == 0:
        return text + " Those who rule bury it."
    text += " It is published." if dose >= 1 else " Those who rule let it be read behind closed doors."
    for vote in scene.of(ev.DISMISSAL):
        bar = float(words.compiled.world.rule[0]["committee_threshold"])
        text += f" For dismissal there is {percent(float(vote['a']))} of the {words.committee}; more than {percent(bar)} is needed"
        if vote["actor"] >= 0:
            text += f", and {words.person(vote['actor'])} would follow in the office"
        text += "."
    moved = scene.of(ev.POST)
    text += f" {words.person(moved[0]['target'])} takes the office." if moved else f" {holder} stays."
    return text


def _ruler(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    return (
        f"{words.person(e['actor'], full=True)} now rules alone: {percent(float(e['a']))} of the {words.circle} and {percent(float(e['b']))} of the"
        f" {words.committee} follow, others hold {percent(float(e['c']))}, and the independent ambition left in the {words.circle}"
        f" adds up to {e['d']:.2f}."
    )


def _unruled(words: Words, scene: Scene, after: Standing) -> str:
    return "Nobody rules alone any more."


def _ballot(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    return (
        f"The ballot shows {percent(float(e['a']), 1)} against the list; {percent(float(e['b']), 1)} think so (fear {e['c']:.2f} of 1,"
        f" suspicion {e['d']:.2f})."
    )


def _purge(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    return (
        f"{words.person(e['actor'])} begins a purge: suspicion stands at {e['a']:.2f}, fear at {e['b']:.2f}."
    )


def _purged(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    who = series(f"{words.person(x['target'])} (tie to the ruler {x['b']:+.2f})" for x in scene.events)
    return f"Executed in the purge that {words.person(e['actor'])} leads: {who}."


def _chief(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    return f"{words.person(e['target'])}, head of the security police for {count(int(e['a']), 'month')}, is removed and executed."


def _purge_end(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    text = f"The purge ends. {percent(float(e['a']))} of the {words.committee} and {percent(float(e['b']))} of the army's command are dead"
    chiefs = int(e["c"])
    return text + (f", and {count(chiefs, 'head')} of the security police." if chiefs else ".")


def _quiet(words: Words, scene: Scene, after: Standing) -> str:
    return f"{words.person(scene.first['actor'])} gives up open opposition."


def _own(words: Words, scene: Scene, after: Standing) -> str:
    e = scene.first
    named = series(words.person(int(e[x])) for x in ("actor", "target") if e[x] >= 0)
    numbers = ", ".join(f"{e[x]:.3g}" for x in "abcd")
    return (
        f"A mechanism reports '{KINDS[int(e['kind'])]}'"
        + (f" of {named}" if named else "")
        + f" ({numbers})."
    )


_SAY: dict[str, Callable[[Words, Scene, Standing], str]] = {
    "death": _death, "illness": _illness, "coalition": _coalition, "motion": _motion, "considered": _considered,
    "organised": _organised, "recanted": _recanted, "readmitted": _readmitted, "congress": _congress, "promoted": _promoted,
    "candidate": _promoted, "unseated": _unseated, "fight": _fight, "post": _post, "boss": _boss, "document": _document,
    "ruler": _ruler, "unruled": _unruled, "ballot": _ballot, "purge": _purge, "purged": _purged, "chief": _chief,
    "purge_end": _purge_end, "quiet": _quiet, "tied": _tied,
}  # fmt: skip

#: What each of the four numbers of an event means, for machines that read the trace.
NUMBERS: dict[str, tuple[str, ...]] = {
    "death": ("cause",), "illness": ("share_missed",), "coalition": ("value", "perceived_power_inside"),
    "motion": ("rung", "expected_share", "bar", "call"), "passed": ("rung", "share", "bar"), "failed": ("rung", "share", "bar"),
    "organised": ("chance",), "quiet": ("rung",), "recanted": ("rung",), "congress": ("against", "committee_size", "circle_size", "largest_bloc"),
    "fight": ("against", "followers", "unattached", "share_of_unattached"), "overturned": ("against",), "unseated": ("chance",),
    "post": ("post", "regard", "chosen_by"), "boss": ("place", "regard"), "document": ("dose", "value"), "dismissal": ("share", "dose"),
    "ruler": ("loyal_share_of_circle", "own_share_of_committee", "others", "independent_ambition"),
    "ballot": ("shown", "hidden", "fear", "suspicion"), "purge": ("suspicion", "fear"),
    "purged": ("chance", "trust", "competence", "suspicion"), "chief": ("months_in_office",),
    "purge_end": ("committee_dead", "army_lost", "chiefs"), "considered": ("rung", "risk", "resolve_or_share", "call_or_bar"),
    "user": ("a", "b", "c", "d"), "tied": ("affinity", "before", "back", "back_before"),
}  # fmt: skip
