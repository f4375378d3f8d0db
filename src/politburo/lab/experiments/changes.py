"""The language of changes: what somebody writes after `what-if`, read into values and interventions of a case.

    changes = read(case, ["rules.ban_on_factions=off", "posts.general_secretary=zinoviev"])
    changes[1].title        # "Zinoviev, not Stalin, is General Secretary ... from the start"
    arm = changes[1].apply(Arm(case))

A change is one thing that an experimenter sets (DESIGN: an intervention on a case); everything behind it follows from the
mechanisms. Three kinds of words, all checked before anything runs, with every fault at once, at the file and line where the
case defines what was meant:

- a value of the case, by the keys of `Case.with_values`, with the abbreviations that a reader expects: `people.stalin.organising`
  for `people.stalin.traits.organising`, `posts.X` for its holder, `on` and `off` for true and false;
- what begins later, touches luck or the month: see `politburo.lab.experiments.interventions`. A month that is the case's first is a value;
- a name: changes written down in a YAML file, each with a name, several words, a title and the reason why. The laboratory has
  some (`hidden_patronage=off`), a case may have its own `experiments.yaml`, and `files` adds more.

A change that changes nothing in this case is not a fault; its `notes` say so, and it leaves every history as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...case.country import changing as country
from ...case.edit import parse_setting
from ...case.institutions import RULES
from ...case.keys import find, slots
from ...case.schema import Case
from ...case.values import as_number
from ...engine import month
from ...faults import Fault, Faults, listed, nearest
from ...marked import Marked, load_yaml, validate
from . import interventions
from .catalogue import EXPERIMENTS, Catalogue, File, Named
from .interventions import Intervention
from .names import Names
from .titles import title_of

if TYPE_CHECKING:
    from .arms import Arm

__all__ = ["EXPERIMENTS", "Catalogue", "Change", "File", "Named", "read", "read_all", "read_named"]


@dataclass(frozen=True)
class Change:
    """One change.

    text : the canonical word (a name, for a change that a file names)
    title : a sentence for people
    kind : value, appointment, tie, alliance, health, document, signal, luck, mechanism, or several
    values : values by dotted key, as `Case.with_values` takes them
    interventions : what no value can say
    why : the reason that a file gives
    cause : what it takes away, as a noun, when a file says so
    notes : what the reader should know: it changes nothing here, it lies outside the fitted range
    """

    text: str
    title: str
    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    interventions: tuple[Intervention, ...] = ()
    why: str = ""
    notes: tuple[str, ...] = ()
    effective: bool = True
    cause: str = ""

    def apply(self, arm: Arm) -> Arm:
        """The arm with this change added."""
        return arm.plus(self)

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that it sets, each as one canonical word."""
        return (*(f"{key}={_shown(value)}" for key, value in self.values.items()), *(one.text for one in self.interventions))

    def __hash__(self) -> int:
        return hash((self.text, self.words))


# Reading


def read(case: Case, words: Sequence[str], files: Iterable[str | Path] = (), apart: bool = False) -> tuple[Change, ...]:
    """The changes that these words say, in their order.

    files : YAML files of named changes
    apart : the changes will never be combined, so that two may set one thing differently

    Raises `Faults` with all that is wrong: unknown words with the nearest, impossible dates, a pair that contradicts itself.
    Cost: some 80 ms a word, for validating the changed case.
    """
    catalogue = Catalogue.of(case, files)
    faults: list[Fault] = []
    found: list[Change] = []
    for word in words:
        try:
            change = _read(case, catalogue, word)
        except Faults as error:
            faults += error.faults
            continue
        if any(change.text == other.text for other in found):
            faults.append(Fault(f"change {word}", 0, 0, "given a second time", "once"))
        else:
            found.append(change)
    faults += [fault for change in found for fault in _dead_men(case, [change])] if apart else _contradictions(case, found) + _dead_men(case, found)
    if not faults and not apart and len(found) > 1:
        faults += _together(case, found)
    if faults:
        raise Faults(faults)
    return tuple(_with_notes(case, change) for change in found)


def read_all(case: Case, files: Iterable[str | Path], apart: bool = False) -> tuple[Change, ...]:
    """Every change that these files name."""
    names: list[str] = []
    for file in files:
        names += [named.name for named in validate(File, load_yaml(Path(file))).changes]
    return read(case, names, files, apart)


def _read(case: Case, catalogue: Catalogue, word: str) -> Change:
    text = re.sub(r"\s*([=@])\s*", r"\1", word.strip())
    named = catalogue.changes.get(text) or catalogue.changes.get(text.removeprefix("mechanisms."))
    if named is not None:
        return read_named(case, catalogue, *named)
    values, orders = _primitive(case, catalogue, text)
    made = Change("", "", orders[0].kind if orders else "value", values, tuple(orders))
    return _named(made, made.words[0], title_of(case, values, orders))


def _named(change: Change, text: str, title: str) -> Change:
    return replace(change, text=text, title=title)


def read_named(case: Case, catalogue: Catalogue, named: Named, marked: Marked, path: tuple) -> Change:
    """A named change whose words may be sound only together; faults at the line of the word (`path` is the entry's)."""
    values: dict[str, Any] = {}
    orders: list[Intervention] = []
    faults: list[Fault] = []
    for i, word in enumerate(named.words):
        try:
            more, others = _primitive(case, catalogue, word)
        except Faults as error:
            line = marked.at((*path, "words", i))
            faults += [Fault(marked.file, *line, f"in change {named.name}: {fault}") for fault in error.faults]
            continue
        values |= more
        orders += others
    if faults:
        raise Faults(faults)
    kinds = {"value"} & {"value" for _ in values} | {one.kind for one in orders}
    kind = kinds.pop() if len(kinds) == 1 else "several"
    return Change(named.name, named.title or title_of(case, values, orders), kind, values, tuple(orders), named.why, cause=named.cause)


def _primitive(case: Case, catalogue: Catalogue, word: str) -> tuple[dict[str, Any], list[Intervention]]:
    """One word as values, or as interventions."""
    left, right, when = interventions.split(word)
    head = left.split(".")[0].partition("(")[0]
    _nearly_named(case, catalogue, word, head)
    if right is None and head != "alliance":
        raise Faults([_unknown_name(case, catalogue, word)])
    if head == "alliance":
        return {}, [interventions.parse(case, _with_groups(case, catalogue, word, left, right, when), word)]
    document = Names(case, word).document
    if left in ("document", "testament", document, f"shocks.{document}") and right in (*interventions.DOSES, None) or left in ("document", "testament"):
        return {}, [interventions.parse(case, "document=" + (right or "") + (f"@{when}" if when else ""), word)]
    if head in ("luck", "mechanisms") or left.endswith(".health") or (head == "signals" and (when or not _is_step(left))):
        return {}, [interventions.parse(case, word)]
    if when is not None and head in ("posts", "ties"):
        return _from(case, word, left, right, when)
    if head == "levers" or country.belongs(left, case.country):
        return _country_word(case, word, left, right, when), []
    if when is not None:
        raise _from_the_start(case, word, left, when)
    return _value_word(case, word, left, right), []


_HEADS = (
    "people", "posts", "ties", "rules", "parameters", "localities", "blocs", "memberships", "organs", "issues", "shocks", "signals",
    "targets", "end", "luck", "mechanisms", "document", "testament", "alliance",
)  # fmt: skip


def _nearly_named(case: Case, catalogue: Catalogue, word: str, head: str) -> None:
    """Refuse a word that is nearly the name of a change and cannot be anything else."""
    if head == "mechanisms":
        name = interventions.split(word)[0].partition(".")[2]
        known = name in month.names() or any(m.file and Path(m.file).stem == name for m in case.mechanisms or ())
    else:
        known = head in _HEADS or head in case.parameters or head in RULES or head in case.shocks
    near = [] if known else get_close_matches(word.removeprefix("mechanisms."), catalogue.changes, 1, 0.8)
    if near:
        _, marked, path = catalogue.changes[near[0]]
        raise Faults([Fault(marked.file, *marked.at(path), f"change {word}: no change of this name", listed(catalogue.changes, 30), near[0])])


def _country_word(case: Case, word: str, left: str, right: str, when: str | None) -> dict[str, Any]:
    """A lever, which takes its months in its key, or a parameter of the country."""
    key, value = f"{left}@{when}" if when else left, _value(right)
    try:
        case.with_values({key: value})
    except Faults as error:
        file = case.path / "country" / ("levers.csv" if left.startswith("levers") else "")
        where = (str(file), 0, 0) if case.country is not None else ("change", 0, 0)
        raise Faults([Fault(*where, f"change {word}: {f.found}", f.allowed, f.nearest) for f in error.faults]) from None
    return {key: value}


def _is_step(left: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}", left.rpartition(".")[2]) is not None


def _from(case: Case, word: str, left: str, right: str, when: str) -> tuple[dict[str, Any], list[Intervention]]:
    """A post or a tie from a month: a value when the month is the first."""
    one = interventions.parse(case, f"{left.removesuffix('.holder')}={right}@{when}", word)
    if one.span.first == one.span.last == 0:
        if one.kind == "appointment":
            return {f"posts.{one.name}.holder": one.value}, []
        return {f"ties.{one.name}.{one.other[0]}": one.value}, []
    return {}, [one]


def _with_groups(case: Case, catalogue: Catalogue, word: str, left: str, right: str | None, when: str | None) -> str:
    """An alliance with the names of groups replaced by their people."""
    sides = re.fullmatch(r"alliance\(([^,()]*),([^,()]*)\)", left.replace(" ", ""))
    if sides is None:
        allowed = "alliance(A,B)@YYYY-MM; several people as A+B, or a group: " + (listed(catalogue.groups) or "none in this case")
        raise Names(case, word).plain("not an alliance", allowed)
    full = []
    for side in sides.groups():
        people: list[str] = []
        for part in side.split("+"):
            if part not in catalogue.groups and part not in case.people:
                near = nearest(part, [*catalogue.groups, *case.people])
                allowed = "groups: " + (listed(catalogue.groups) or "none") + "; people: " + listed(case.people, 20)
                raise Names(case, word).wrong("people", near if near in case.people else None, f"no group or person {part!r}", allowed, near)
            people += catalogue.groups.get(part, (part,))
        full.append("+".join(people))
    return f"alliance({full[0]},{full[1]})" + (f"={right}" if right else "") + (f"@{when}" if when else "")


def _value(right: str) -> Any:
    text = right.strip()
    if text.lower() in ("on", "off", "yes", "no"):
        return text.lower() in ("on", "yes")
    return parse_setting(f"x={text}")[1]


def _value_word(case: Case, word: str, left: str, right: str) -> dict[str, Any]:
    key = _full_key(case, left)
    names = Names(case, word)
    value = _value(right)
    try:
        slot = find(case._draft, key, slots(case._draft))
    except Faults:
        raise Faults([_unknown_key(case, word, key)]) from None
    key = next((name for name in (key, key.removesuffix(".value")) if name in slots(case._draft)), key)
    if slot.section == "posts" and slot.leaf == ("holder",):
        value = None if right in ("nobody", "null", "none") else names.one("people", right)
    values = {key: value, **_widened(case, slot, value)}
    from . import arms  # which needs this module

    try:
        arms.changed(case, values)
    except Faults as error:
        document = case._draft.documents[slot.section]
        where = document.at(slot.path) if slot.path[:1] != ("new",) else (1, 0)
        # A value that is wrong only by itself may be right with the others; then they are checked together.
        own = [fault for fault in error.faults if fault.file in {f"set {key}", f"set {key}.value"}]
        if own:
            raise Faults([Fault(document.file, *where, f"change {word}: {f.found}", f.allowed, f.nearest) for f in own]) from None
    return values


def _widened(case: Case, slot, value: Any) -> dict[str, Any]:
    """The end of a parameter's range moved to a value beyond it, as far as its unit allows: what-ifs may leave what was fitted."""
    number = as_number(value)
    if slot.section != "parameters" or slot.leaf != ("value",) or number is None:
        return {}
    name = slot.entry[-1]
    parameter = case.parameters[name]
    possible = number <= 1 or parameter.unit != "share"
    if parameter.low <= number <= parameter.high or (number < 0 <= parameter.low) or not possible:
        return {}
    return {f"parameters.{name}.{'low' if number < parameter.low else 'high'}": number}


def _full_key(case: Case, left: str) -> str:
    """The case's own key for what people write."""
    head, *rest = left.split(".")
    if head == "people" and len(rest) >= 2 and rest[1] not in ("traits", "born", "watch", "arbiter"):
        name = ".".join(rest[1:])
        name = f"position.{name}" if name in case.issues else name.replace("positions.", "position.")
        return f"people.{rest[0]}.traits.{name}"
    if head == "posts" and len(rest) == 1:
        return f"{left}.holder"
    if head in ("parameters", "rules") or head not in case.parameters and head not in RULES:
        return left
    return f"{'parameters' if head in case.parameters else 'rules'}.{left}" if not rest else left


def _from_the_start(case: Case, word: str, left: str, when: str) -> Faults:
    """Something that cannot begin later."""
    names = Names(case, word)
    section = left.split(".")[0]
    known = section if section in case._draft.documents else "case"
    if not re.fullmatch(r"[\d.-]+", when):
        return names.wrong("case", "start", f"month {when!r}", f"a month YYYY-MM from {case.start} to {case.end}")
    allowed = "without a month. From a month: posts, ties, alliance(A,B), signals, document, people.PERSON.health"
    return names.wrong(known, None, f"{left} holds from the start, not from {when}", allowed)


def _unknown_name(case: Case, catalogue: Catalogue, word: str) -> Fault:
    near = nearest(word, [*catalogue.changes, *(f"{key}=..." for key in slots(case._draft))])
    allowed = "a word such as rules.ban_on_factions=off, or a named change: " + listed(catalogue.changes, 20)
    if near is not None and near in catalogue.changes:
        _, marked, path = catalogue.changes[near]
        return Fault(marked.file, *marked.at(path), f"change {word}: no change of this name", allowed, near)
    return Fault(f"change {word}", 0, 0, "no value, and no change of this name", allowed, near)


def _unknown_key(case: Case, word: str, key: str) -> Fault:
    """What is allowed where a key goes wrong, the nearest key, and where that stands."""
    table = slots(case._draft)
    short = {k.replace(".traits.", ".").removesuffix(".holder"): k for k in table}
    try:
        find(case._draft, key, table)
    except Faults as error:
        fault = error.faults[0]
    near = fault.nearest or nearest(key, table) or short.get(nearest(key, short) or "")
    section = key.split(".")[0]
    heads = [head if head != "alliance" else "alliance(A,B)" for head in _HEADS]
    if section not in heads and near is None:
        near = nearest(section, heads)
    allowed = fault.allowed if section in heads else ", ".join(heads)
    found = f"change {word}: no key {key!r} in the case"
    if near in table:
        document = case._draft.documents[table[near].section]
        return Fault(document.file, *document.at(table[near].path), found, allowed, near)
    document = case._draft.documents.get({"people": "traits"}.get(section, section))
    return Fault(document.file if document else str(case.path / "case.yaml"), 1 if document else 0, 0, found, allowed, near)


# Together


def _contradictions(case: Case, found: Sequence[Change]) -> list[Fault]:
    faults = []
    for n, one in enumerate(found):
        for other in found[:n]:
            for key in one.values.keys() & other.values.keys():
                if one.values[key] != other.values[key]:
                    slot = slots(case._draft).get(key)
                    where = ("case.yaml", 0, 0)
                    if slot is not None:
                        document = case._draft.documents[slot.section]
                        where = (document.file, *document.at(slot.path))
                    faults.append(Fault(*where, f"changes {other.text} and {one.text} both set {key}", "one of them, or each on its own (--apart)"))
            for a in one.interventions:
                for b in other.interventions:
                    if a.clashes(b) and a.text != b.text:
                        names = Names(case, f"{other.text} and {one.text}")
                        section = {"appointment": "posts", "health": "people", "document": "shocks", "tie": "people", "signal": "signals"}.get(a.kind, "case")
                        faults += names.wrong(section, a.name, f"both set {a.place}", "one of them, or each on its own (--apart)").faults
    return faults


def _dead_men(case: Case, found: Sequence[Change]) -> list[Fault]:
    """Appointments of people whom the calendar has dead by then."""
    faults = []
    healthy = {one.name for change in found for one in change.interventions if one.kind in ("health", "luck")}
    healthy |= {"everybody"} if "health" in healthy else set()
    for change in found:
        for one in change.interventions:
            who = one.value if one.kind == "appointment" else None
            if who is None or who in healthy or "everybody" in healthy:
                continue
            for shock in case.shocks.values():
                if shock.kind in ("death", "assassination") and shock.person == who and shock.from_ - case.start <= one.span.first:
                    if any(c.values.get(f"shocks.{shock.id}") is False for c in found):
                        continue
                    names = Names(case, change.text)
                    allowed = f"a month before {shock.from_}, or people.{who}.health=active..MONTH beside it"
                    faults += names.wrong("shocks", shock.id, f"{case.people[who].name} dies in {shock.from_}", allowed).faults
    return faults


def _together(case: Case, found: Sequence[Change]) -> list[Fault]:
    """Faults of the values set all at once."""
    values = {key: value for change in found for key, value in change.values.items()}
    from . import arms

    try:
        if values:
            arms.changed(case, values)
    except Faults as error:
        return [Fault(f.file.replace("set ", "change ", 1), f.line, f.column, f.found, f.allowed, f.nearest) for f in error.faults]
    return []


# Notes


def _with_notes(case: Case, change: Change) -> Change:
    from .arms import Arm, same_world

    notes = []
    arm, base = Arm(case, (change,), case.last), Arm(case, (), case.last)
    effective = not same_world(base.call, arm.call)
    if not effective:
        notes.append("changes nothing in this case: the histories are those of the baseline, bit for bit")
    notes += _outside(case, change)
    return replace(change, notes=tuple(notes), effective=effective)


def _outside(case: Case, change: Change) -> list[str]:
    """Where a value lies outside what the fit has seen."""
    notes = []
    for key, value in change.values.items():
        head, *rest = key.split(".")
        number = as_number(value)
        if head == "parameters" and len(rest) == 1 and number is not None and case.posterior is not None and rest[0] in case.posterior.columns:
            column = case.posterior.column(rest[0])
            if not column.min() <= number <= column.max():
                notes.append(f"{rest[0]} = {number:g} lies outside the fitted range, {column.min():.3g} to {column.max():.3g}")
        if head == "people" and len(rest) > 2 and rest[1] == "traits" and number is not None and (trait := case.people[rest[0]].traits.get(".".join(rest[2:]))):
            if trait.error and abs(number - trait.value) > 2 * trait.error:
                notes.append(f"{number:g} is {abs(number - trait.value) / trait.error:.1f} coder errors from the coding, {trait.value:g}")
    for one in change.interventions:
        if one.kind in ("alliance", "tie") and abs(one.value) > 0.95:
            notes.append(f"ties of {one.value:g} hardly occur in the coding")
        if one.kind == "health" and one.value == "active":
            notes.append("the fit has seen no history in which he lives on; what the model says of it is extrapolation")
    return notes


def _shown(value: Any) -> str:
    if value is None:
        return "nobody"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


