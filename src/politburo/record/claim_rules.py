"""What a sentence claims: rules over tagged sentences.

A rule is a name, a regular expression over the tagged text (see `tagging`) whose groups `s` and `o` hold subject and
object, and the type and predicate it proposes. Rules look at wording only; who was right is no business of theirs. A
sentence may fire several. A dated sentence about somebody that fires none is proposed as an event of low confidence,
so that no date is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from .date_finder import DateMention
from .number_finder import NumberMention
from .tagging import Tagged

P1 = r"⟦P\d+⟧(?!'s?\s)"  # a possessive is no subject
AND = r"(?:,\s*(?:and\s+)?|\s+and\s+|\s*/\s*|\s*&\s*)"
PG = rf"{P1}(?:{AND}{P1})*"
A1 = r"⟦[PGO]\d+⟧(?!'s?\s)"
ANY = rf"{A1}(?:{AND}{A1})*"
SUB = rf"(?P<s>{PG}|\b[Hh]e\b|\b[Tt]hey\b|\b[Ss]he\b)"
ORG = r"(?P<o>⟦O\d+⟧)"
FILL = r"(?:,?\s+(?:⟦[DN]\d+⟧|[^⟦⟧.;:]{0,50}?)){0,3}?"
GAP = r"[^⟦⟧.;:]{0,40}?"
LONG = r"(?:[^⟦⟧.;:]|⟦D\d+⟧){0,70}?"
BE = r"(?:was|were|is|are|be|been|being|got|had\s+been|has\s+been)"
OUT = r"(?:expelled|ejected|excluded|ousted|thrown\s+out|removed|dismissed|dropped|fired|sacked|purged|suspended|relieved|stripped|struck)"
TO_OFFICE = r"(?P<o>⟦[OF]\d+⟧)"


@dataclass
class Draft:
    """A proposed reading of a sentence, before it becomes a proposal."""

    type: str
    predicate: str
    subject: list[str]
    object: str | None
    rule: str
    confidence: float
    at: int = 0  # where in the tagged text
    value: NumberMention | None = None
    date: DateMention | None = None
    dates: list[DateMention] = field(default_factory=list)
    polarity: str = "pos"
    modality: str = "asserted"


@dataclass(frozen=True)
class Rule:
    """One rule. `needs`: strings of which one must stand in the sentence, so that most rules are not even tried."""

    name: str
    pattern: re.Pattern[str]
    type: str
    predicate: str
    confidence: float
    object: str = "o"  # "o": from the group; "": none; else fixed
    needs: tuple[str, ...] = ()


# fmt: off
_OUT = ("expel", "eject", "exclu", "oust", "thrown", "remov", "dismiss", "drop", "fire", "sack", "purg", "suspend", "reliev", "strip", "struck")
_NEEDS: dict[str, tuple[str, ...]] = {
    "expelled from": _OUT, "had expelled": _OUT, "and expelled": _OUT, "expelling": (*_OUT, "firing"), "dismissing": ("dismiss", "fired", "sacked", "oust"),
    "followed by": ("followed",), "lost": ("lost",), "resigned": ("resign", "stepped"), "appointed": ("ppoint", "lected", "named", "made", "promot", "chosen", "co-opt", "elevat"),
    "appointing": ("ppoint", "lected", "promot", "made", "make", "nominat", "named", "had"), "whom promoted": ("whom",), "became": ("becom", "became"),
    "replaced by": ("replac", "succeed"), "replaced with": ("replac",), "replaced": ("replac", "succeed", "took"), "lost to": ("lost",), "office of": ("⟦F",), "in office": ("⟦F",),
    "member of": ("member",), "sat on": ("sat", "served", "joined", "entered", "belong"), "allied with": ("allied", "aligned", "alliance", "collabor", "join", "sided", "coalition"),
    "joined": ("joined",), "formed a faction": ("form",), "formed by": ("formed", "created", "founded", "made"), "faction of": ("⟧ of ⟦",),
    "refused alliance": ("refused", "declined"), "ally with": ("ally", "unite", "operate"), "considered alliance": ("alliance",), "opposed": ("oppos", "resist"), "opposed by": ("opposed by",),
    "accused": ("accus", "denounc", "condemn", "charg"), "was accused": ("accus", "denounc", "condemn"), "attacked": ("attack", "critici", "turn"), "supported": ("support", "back", "sided", "endors"),
    "arrested": ("arrest", "imprison", "jail", "detain"), "sentenced": ("sentenced",), "tried": ("trial", "tried", "convict", "guilty"), "confessed": ("confess",),
    "executed": ("execut", "shot", "hang"), "was ... and executed": ("execut", "shot", "hang"), "killed by": ("kill", "murder", "assassin"), "assassinated": ("kill", "murder", "assassin"),
    "suicide": ("suicide", "shot", "killed", "own"), "died": ("died", "dies", "perish", "passed"), "death of": ("eath", "urder", "ssassin"), "'s death": ("eath", "urder", "ssassin"),
    "exiled": ("exil", "deport", "banish", "depart"), "expel from country": ("expel", "exil", "deport"), "readmitted": ("admit", "reinstat", "allow"), "votes against": ("received",),
    "voted": ("vote",), "won a vote": ("won", "lost"), "decided": ("decid", "resolv", "approv", "adopt", "pass", "condemn"), "suffered": ("stroke", "attack", "breakdown"),
    "born": ("born",), "created": ("form", "creat", "found", "establish", "set"), "travelled": ("travel", "went", "return", "arriv", "came", "moved", "dispatch"), "sent": ("dispatch", "sent"),
    "invaded": ("inva",), "wrote": ("wrote", "publish", "dictat", "issued"), "banned": ("bann",), "ban on factions": ("an on ",),
}
# fmt: on


def _rule(
    name: str, pattern: str, type_: str, predicate: str, confidence: float = 0.8, object_: str = "o"
) -> Rule:
    return Rule(name, re.compile(pattern), type_, predicate, confidence, object_, _NEEDS[name])


# fmt: off
RULES = [
    _rule("expelled from", rf"{SUB}{LONG}\b{BE}\s+(?:\w+\s+){{0,3}}?{OUT}\s+(?:from|of|out\s+of|as)\s+(?:his\s+|their\s+|the\s+)?{GAP}{TO_OFFICE}", "expulsion", "expelled_from", 0.9),
    _rule("had expelled", rf"\b(?:hav(?:e|ing)|had|get|getting|saw)\s+(?P<s>{PG})\s+{OUT}\s+(?:from|as)\s+(?:the\s+)?{GAP}{TO_OFFICE}", "expulsion", "expelled_from", 0.9),
    _rule("and expelled", rf"\band\s+(?P<s>{PG})\s+{OUT}\s+from\s+(?:the\s+)?{GAP}{TO_OFFICE}", "expulsion", "expelled_from", 0.8),
    _rule("expelling", rf"\b(?:expel(?:led|ling)?|remov(?:e|ed|ing)|dismiss(?:ed|ing)?|oust(?:ed|ing)?|eject(?:ed|ing)?|fir(?:ed|ing))\s+(?:⟦F\d+⟧\s+)?(?P<s>{PG})\s+(?:from|out\s+of|as)\s+(?:the\s+)?{GAP}{TO_OFFICE}", "expulsion", "expelled_from", 0.85),
    _rule("dismissing", rf"\b(?:dismiss(?:ed|ing)?|fired|sacked|ousted)\s+(?:the\s+)?(?:(?P<o>⟦F\d+⟧),?\s+)?(?P<s>{PG})", "office", "removed_from", 0.75),
    _rule("followed by", rf"{OUT}\s+from\s+(?:the\s+)?{GAP}{ORG}[^⟦⟧.;]{{0,20}},?\s+followed\s+by\s+(?P<s>{PG})", "expulsion", "expelled_from", 0.75),
    _rule("lost", rf"{SUB}{LONG}\blost\s+(?:his|her|their|the)\s+(?:\w+\s+){{0,2}}(?:seat|place|post|position|leadership|job)s?\s+(?:on|in|of|at|as)\s+(?:the\s+)?{GAP}{TO_OFFICE}", "office", "removed_from", 0.8),
    _rule("resigned", rf"{SUB}{LONG}\b(?:resign(?:ed|s)?|stepped\s+down|to\s+resign)\s+(?:from|as)\s+(?:the\s+)?{GAP}{TO_OFFICE}", "office", "resigned_from", 0.85),
    _rule("appointed", rf"{SUB}{LONG}\b{BE}\s+(?:\w+\s+){{0,3}}?(?:appointed|elected|re-elected|named|made|promoted|chosen|co-opted|elevated)\s+(?:a\s+|an\s+|the\s+)?(?:(?:full|candidate)\s+)?(?:member\s+of\s+)?(?:to\s+|as\s+|into\s+|onto\s+)?(?:the\s+)?(?:post\s+of\s+)?{GAP}{TO_OFFICE}", "office", "appointed_to", 0.88),
    _rule("appointing", rf"\b(?:appoint(?:ed|s|ing)?|re-?elected|elected|promoted|made|make|nominated|named|had)\s+(?P<s>{PG})\s+(?:appointed\s+|elected\s+)?(?:to\s+|as\s+|into\s+)?(?:the\s+)?(?:post\s+of\s+)?(?:member\s+of\s+(?:the\s+)?)?{GAP}{TO_OFFICE}", "office", "appointed_to", 0.82),
    _rule("whom promoted", rf"(?P<s>{P1}),\s+whom\s+{GAP}(?:promoted|appointed|elected)\s+to\s+(?:the\s+)?{ORG}", "office", "appointed_to", 0.75),
    _rule("became", rf"{SUB}{LONG}\b(?:became|becomes|becoming|become)\s+(?:a\s+|an\s+|the\s+)?(?:(?:full|candidate)\s+)?(?:member\s+of\s+)?(?:the\s+)?{GAP}{TO_OFFICE}", "office", "appointed_to", 0.8),
    _rule("replaced by", rf"(?P<o>{P1}|\b[Hh]e\b){LONG}\b{BE}\s+(?:replaced|succeeded)\s+by\s+{GAP}(?P<s>{P1})", "office", "replaced", 0.85),
    _rule("replaced with", rf"\breplac(?:ed|ing)\s+(?P<o>{P1}|him)\s+(?:with|by)\s+{GAP}(?P<s>{P1})", "office", "replaced", 0.85),
    _rule("replaced", rf"(?P<s>{PG})\s+(?:replaced|succeeded|took\s+over\s+from)\s+(?P<o>{P1})", "office", "replaced", 0.85),
    _rule("lost to", rf"(?P<o>{P1})\s+lost\s+{GAP}(?:⟦O\d+⟧)?{GAP}\bto\s+(?P<s>{P1})", "office", "replaced", 0.7),
    _rule("office of", rf"(?P<o>⟦F\d+⟧),?\s+(?P<s>{P1})", "office", "holds_post", 0.75),
    _rule("in office", rf"(?P<s>{P1}),?\s+(?:{BE}\s+)?(?:then\s+|now\s+|as\s+|remaining\s+)?(?:the\s+|a\s+)?(?:former\s+|then\s+)?(?P<o>⟦F\d+⟧)", "office", "holds_post", 0.7),
    _rule("member of", rf"{SUB}{LONG}\b(?:members?|candidate\s+members?)\s+of\s+(?:the\s+)?{GAP}{ORG}", "membership", "member_of", 0.75),
    _rule("sat on", rf"{SUB}{LONG}\b(?:sat\s+(?:on|in)|served\s+(?:on|in)|joined|entered|belonged\s+to)\s+(?:the\s+)?{ORG}", "membership", "member_of", 0.75),
    _rule("allied with", rf"{SUB}{LONG}\b(?:allied|aligned|alliance|collaborated|joined\s+forces|sided|coalition|joining\s+forces)\s+(?:himself\s+|themselves\s+|itself\s+)?(?:now\s+)?(?:with)\s+{GAP}(?P<o>{ANY})", "alliance", "allied_with", 0.82),
    _rule("joined", rf"(?P<s>{PG}|\b[Hh]e\b)\s+joined\s+(?P<o>{PG})", "alliance", "allied_with", 0.7),
    _rule("formed a faction", rf"(?P<s>{PG}){GAP}\bform(?:ed|s)?\s+(?:a|an|the)\s+{GAP}(?P<o>⟦O\d+⟧)", "alliance", "formed", 0.85),
    _rule("formed by", rf"(?P<o>⟦O\d+⟧){GAP}\b(?:formed|created|founded|made\s+up)\s+(?:by|of)\s+(?P<s>{PG})", "alliance", "formed", 0.8),
    _rule("faction of", rf"(?P<o>⟦O\d+⟧)\s+of\s+(?P<s>{P1}{AND}{PG})", "alliance", "formed", 0.75),
    _rule("refused alliance", rf"(?P<s>{PG}|\b[Hh]e\b){GAP}\b(?:refused|declined)\s+to\s+(?:work|ally|co-?operate|join|side|unite|collaborate)\b(?:{GAP}(?P<o>{PG}|\bthem\b|\bhim\b))?", "alliance", "refused_alliance", 0.8),
    _rule("ally with", rf"\b(?:ally|unite|co-?operate)\s+with\s+(?P<o>{PG})", "alliance", "considered_alliance", 0.5),
    _rule("considered alliance", rf"(?P<s>{P1})\s+and\s+(?P<o>{P1}){GAP}\b(?:considered|discussed|contemplated)\s+(?:an\s+)?alliance", "alliance", "considered_alliance", 0.85),
    _rule("opposed", rf"{SUB}{LONG}\b(?:opposed|opposing|resisted)\s+{GAP}(?P<o>{ANY})", "relation", "opposed", 0.6),
    _rule("opposed by", rf"\bopposed\s+by\s+(?P<s>{PG})", "relation", "opposed", 0.6, ""),
    _rule("accused", rf"{SUB}{GAP}\b(?<!was\s)(?<!were\s)(?<!been\s)(?:accused|accuse|denounced|condemned|charged)\s+{GAP}(?P<o>⟦[PG]\d+⟧(?:{AND}⟦[PG]\d+⟧)*)", "relation", "accused", 0.78),
    _rule("was accused", rf"(?P<o>{PG}){LONG}\b{BE}\s+{GAP}(?:accused|denounced|condemned){LONG}\bby\s+(?P<s>{ANY})", "relation", "accused", 0.75),
    _rule("attacked", rf"{SUB}{LONG}\b(?:attacked|criticis\w+|criticiz\w+|turned\s+(?:on|against)|turns\s+on)\s+{GAP}(?P<o>{ANY})", "relation", "criticised", 0.72),
    _rule("supported", rf"{SUB}\s+(?:\w+\s+){{0,2}}(?:supported|backed|sided\s+with|endorsed)\s+{GAP}(?P<o>{ANY})", "relation", "supported", 0.65),
    _rule("arrested", rf"(?P<s>{ANY}){LONG}\b{BE}\s+(?:\w+\s+){{0,2}}?(?:arrested|imprisoned|jailed|detained)\b", "arrest", "arrested", 0.88, ""),
    _rule("sentenced", rf"(?P<s>{ANY}|\b[Tt]hey\b|\b[Hh]e\b){LONG}\b(?:sentenced)\s+to\s+(?P<o>[a-z]+|⟦N\d+⟧)", "arrest", "sentenced", 0.8),
    _rule("tried", rf"(?P<s>{ANY}){LONG}\b{BE}\s+(?:put\s+on\s+trial|tried|convicted|found\s+guilty)\b", "arrest", "tried", 0.75, ""),
    _rule("confessed", rf"(?P<s>{ANY}){LONG}\bconfess(?:ed|es|ing)?\b", "arrest", "confessed", 0.75, ""),
    _rule("executed", rf"(?P<s>{ANY}){LONG}\b(?:{BE}\s+(?:\w+\s+){{0,2}}?|and\s+(?:later|then)\s+)(?:executed|shot(?!\s+(?:himself|herself))|hanged)\b(?!\s+of)", "death", "executed", 0.85, ""),
    _rule("was ... and executed", rf"(?P<s>{PG})\s+{BE}\s+[^.;:]{{0,140}}?\b(?:and|later|then)\s+(?:later\s+|then\s+)?(?:executed|shot|hanged)\b", "death", "executed", 0.82, ""),
    _rule("killed by", rf"(?P<s>{P1}){LONG}\b{BE}\s+(?:shot\s+and\s+)?(?:killed|murdered|assassinated)\b(?:{LONG}\bby\s+{GAP}(?P<o>{P1}))?", "death", "killed_by", 0.85),
    _rule("assassinated", rf"(?P<s>{P1})\s+(?:murdered|assassinated|killed)\b(?:\s+by\s+{GAP}(?P<o>{P1}))?", "death", "killed_by", 0.75),
    _rule("suicide", rf"(?P<s>{P1})(?:,?\s*{GAP})\b(?:shot\s+(?:himself|herself)|committed\s+suicide|killed\s+(?:himself|herself)|took\s+(?:his|her)\s+own\s+life)", "death", "killed_self", 0.9, ""),
    _rule("died", rf"(?P<s>{P1}){LONG}\b(?:died|dies|perished|passed\s+away)\b", "death", "died", 0.85, ""),
    _rule("death of", rf"\b(?:[Dd]eath|[Mm]urder|[Aa]ssassination)\s+of\s+(?P<s>{P1})(?!')", "death", "died", 0.6, ""),
    _rule("'s death", r"(?P<s>⟦P\d+⟧)(?:'s|')?\s+(?:[Dd]eath|[Mm]urder|[Aa]ssassination)\s+(?:in|on)\s+⟦D\d+⟧", "death", "died", 0.8, ""),
    _rule("exiled", rf"{SUB}{LONG}\b(?:{BE}\s+(?:\w+\s+){{0,3}}?|and\s+(?:\w+\s+)?)(?:exiled|deported|banished|departed)\s+(?:itself\s+)?(?:from|to)\s+(?:the\s+)?(?P<o>[A-Z][\w/-]+(?:\s+[A-Z][\w-]+)*)", "expulsion", "exiled_from", 0.85),
    _rule("expel from country", rf"\b(?:expel(?:led)?|exiled?|deport(?:ed|s)?)\s+(?P<s>{PG})\s+(?:from|to)\s+(?:the\s+)?(?P<o>[A-Z][\w-]+(?:\s+[A-Z][\w-]+)*)", "expulsion", "exiled_from", 0.82),
    _rule("readmitted", rf"(?P<s>{PG}){LONG}\b{BE}\s+(?:re-?admitted|reinstated|allowed\s+to\s+(?:re)?join)\b", "expulsion", "readmitted_to", 0.85, "party"),
    _rule("votes against", rf"(?P<s>{PG}){GAP}\breceived{GAP}(?P<o>⟦N\d+⟧)", "vote", "votes_against", 0.7),
    _rule("voted", r"(?P<s>⟦O\d+⟧|⟦P\d+⟧)(?:[^⟦⟧.;:]|⟦D\d+⟧){0,40}?\b(?:voted|vote[sd]?)\s+(?P<o>(?:in\s+favou?r\s+of|for|against|to)\b[^.;⟦⟧]{0,40})", "vote", "voted", 0.75),
    _rule("won a vote", rf"(?P<s>{P1}|\b[Hh]e\b){LONG}\b(?:won|lost)\s+(?:a|the)\s+(?:majority|vote)", "vote", "won_vote", 0.75, ""),
    _rule("decided", r"(?P<s>⟦O\d+⟧)[^⟦⟧.;:]{0,20}?\b(?:decided|resolved|approved|adopted|passed|condemned)\b", "vote", "decided", 0.6, ""),
    _rule("suffered", rf"(?P<s>{P1}){LONG}\b(?:suffered|had|has)\s+(?:a\s+)?(?:\w+\s+)?(?P<o>stroke|heart\s+(?:a\s+)?attack|breakdown)", "health", "suffered", 0.85),
    _rule("born", rf"(?P<s>{P1}){LONG}\b(?:was\s+)?(?<!-)born\b(?=[^.;]{{0,40}}⟦D\d+⟧)", "biography", "born", 0.85, ""),
    _rule("created", rf"(?P<s>{P1}){GAP}\b(?:formed|created|founded|established|set\s+up)\s+(?:a|an|the)?\s*{GAP}(?P<o>⟦O\d+⟧)", "organ", "founded", 0.75),
    _rule("travelled", r"(?P<s>⟦P\d+⟧|\bhe\b)(?:[^⟦⟧.;:]|⟦D\d+⟧){0,40}?\b(?:travelled|traveled|went|returned|arrived|came|moved|dispatched)\s+(?:back\s+)?(?:to|in|at)\s+(?:the\s+city\s+of\s+)?(?P<o>[A-Z][\w.-]+(?:\s+[A-Z][\w-]+)?)", "event", "travelled_to", 0.75),
    _rule("sent", rf"\b(?:dispatched|sent)\s+(?P<s>{P1})\s+to\s+(?:the\s+)?(?:city\s+of\s+)?(?P<o>[A-Z][\w.-]+)", "event", "travelled_to", 0.8),
    _rule("invaded", r"(?P<s>⟦[OPG]\d+⟧)[^⟦⟧.;:]{0,20}?\b(?:invasion\s+of|invad(?:ed|es))\s+(?:the\s+)?(?P<o>[A-Z][\w-]+(?:\s+[A-Z][\w-]+)?)", "event", "invaded", 0.75),
    _rule("wrote", rf"(?P<s>{PG}){GAP}\b(?:wrote|published|dictated|issued)\b", "document", "wrote", 0.6, ""),
    _rule("banned", r"(?P<s>⟦[OP]\d+⟧)[^⟦⟧.;:]{0,30}?\bbann(?:ed|ing)\b", "policy", "banned", 0.6, ""),
    _rule("ban on factions", r"\b[Bb]an\s+on\s+[Ff]action", "policy", "banned", 0.6, "factions"),
]
# fmt: on

_NOT = re.compile(
    r"\b(?:not|never|no\s+longer|refused\s+to|failed\s+to|denied|didn't|without|neither|nor|unable\s+to|rather\s+than)\b[^⟦⟧.;]{0,25}$",
    re.IGNORECASE,
)
_ESTIMATE = re.compile(
    r"\b(?:estimat\w+|approximately|scholars|historians\s+(?:now\s+)?(?:estimate|put)|by\s+some\s+estimates|archival)\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:reportedly|allegedly|it\s+is\s+said|supposedly|according\s+to|claims?\s+that|rumou?r\w*|apparently)\b",
    re.IGNORECASE,
)
_DISPUTED = re.compile(
    r"\b(?:some\s+historians|may\s+have\s+been|is\s+disputed|debated|controvers\w+|elusive)\b", re.IGNORECASE
)
_INTENDED = re.compile(
    r"\b(?:planned\s+to|intended\s+to|wanted\s+to|tried\s+to|sought\s+to|proposed|would\s+be|were\s+to\s+be|suggested\s+that|demanded)\b",
    re.IGNORECASE,
)
PASSIVE = {
    "expelled from",
    "executed",
    "arrested",
    "tried",
    "exiled",
    "confessed",
    "appointed",
    "killed by",
    "died",
    "sentenced",
}
_HANGS_ON = re.compile(r"\b(?:of|to|with|against|by|from|for|around|about|like|including)\s+(?:the\s+)?$")
EACH = {"expelled_from", "removed_from", "resigned_from", "died", "executed", "killed_by", "arrested", "exiled_from", "deported_to", "readmitted_to",
        "appointed_to", "elected_to", "member_of", "holds_post", "sentenced", "born", "suffered"}  # fmt: skip
POSTS = {"head_communist-international": "comintern", "commissar_nationalities": "narkomnats", "war_commissar": "warcom", "commissar_military": "warcom", "leningrad_secretary": "leningrad",
         "moscow_secretary": "moscow"}  # fmt: skip
LEAVE_ORGANS = {"party", "cc"}
PLACES = {"soviet-union", "ussr", "russia", "soviet-russia", "country"}


def apply(tagged: Tagged, antecedent: list[str]) -> list[Draft]:
    """The drafts of one sentence. `antecedent`: persons a pronoun may mean (from the sentence before)."""
    out: list[Draft] = []
    for rule in RULES:
        if not any(n in tagged.text for n in rule.needs):
            continue
        for m in rule.pattern.finditer(tagged.text):
            if rule.name in PASSIVE and _hangs_on(tagged.text, m):
                continue  # "hundreds linked to Kamenev were arrested"
            subject, confidence = _subject(tagged, rule, m, antecedent)
            if subject is None:
                continue
            numbers = tagged.all("N")
            if rule.name == "sentenced" and "respectively" in tagged.text and 1 < len(numbers) <= len(subject):
                for s, n in zip(subject, numbers):
                    out.append(Draft("arrest", "sentenced", [s], None, rule.name, confidence, m.start(), value=n))
                continue
            obj = _object(tagged, m, antecedent) if rule.object == "o" else rule.object or None
            at = m.start("s") if "s" in rule.pattern.groupindex and m["s"] else m.start()
            draft = Draft(rule.type, rule.predicate, subject, obj, rule.name, confidence, at)
            out.append(_refine(tagged, draft, m))
    out += _lifespans(tagged) + _amounts(tagged)
    return _settle(tagged, out)


def _hangs_on(text: str, m: re.Match[str]) -> bool:
    """Whether the subject is only what something else hangs on: `linked to ⟦P0⟧`, `supporters of ⟦P0⟧`."""
    at = m.start("s")
    return at >= 0 and _HANGS_ON.search(text[max(0, at - 16) : at]) is not None


def _subject(tagged: Tagged, rule: Rule, m: re.Match[str], antecedent: list[str]) -> tuple[list[str] | None, float]:
    """Subject ids and confidence; a pronoun costs 0.3 of it. None if a subject is needed and there is none."""
    if "s" not in rule.pattern.groupindex:
        return [], rule.confidence
    piece = m["s"] or ""
    ids = tagged.ids(piece)
    if ids or not piece:
        return ids or None, rule.confidence
    earlier = tagged.ids(tagged.text[: m.start("s")], "P")
    single = piece.lower() in ("he", "she")
    found = earlier[:1] if single and len(earlier) == 1 else antecedent[:1] if single else antecedent
    return found or None, round(rule.confidence - 0.3, 2)


def _object(tagged: Tagged, m: re.Match[str], antecedent: list[str]) -> str | None:
    """Object id (several joined by commas), a pronoun's person, or the words as a slug."""
    piece = m["o"]
    if not piece:
        return None
    ids = tagged.ids(piece, "POGF")
    if ids:
        return ",".join(ids)
    if piece.lower() in ("him", "them"):
        before = tagged.ids(tagged.text[: m.start("o")], "P") or antecedent
        return before[-1] if before else None
    if piece.lower() in ("he", "she", "they"):
        return antecedent[0] if antecedent else None
    if "⟦" in piece:
        return None
    slug = re.sub(r"[^a-z0-9]+", "-", piece.lower()).strip("-")
    return f"{slug}-city" if slug in ("moscow", "leningrad") else slug or None


def _refine(tagged: Tagged, d: Draft, m: re.Match[str]) -> Draft:
    """Predicates that depend on their object; polarity and modality from the words before."""
    if d.predicate == "killed_by" and not d.object:
        d.predicate = "died"
    if d.object and d.predicate not in ("holds_post", "replaced"):
        d.object = POSTS.get(d.object, re.sub(r"^(?:head|editor|commissar)_", "", d.object))
    if d.predicate == "expelled_from":
        if d.object in PLACES:
            d.predicate = "exiled_from"
        elif d.object not in LEAVE_ORGANS:
            d.predicate, d.type = "removed_from", "office"
    if d.predicate == "exiled_from" and d.object in PLACES:
        d.object = "soviet-union"
    if d.predicate == "exiled_from" and re.search(r"\bto\s+(?:the\s+)?[A-Z]\S*(?:\s+[A-Z]\S*)*$", m.group()):
        d.predicate = "deported_to"
    if d.predicate == "appointed_to":
        organ = any(k == "O" and getattr(i, "entity", "") == d.object for k, i in tagged.items)
        if organ:
            d.predicate, d.type = "elected_to", "membership"
    if d.predicate == "votes_against" and "negative" not in tagged.text and "against" not in tagged.text:
        d.predicate = "voted"
    if d.predicate in ("votes_against", "voted") and m.groupdict().get("o"):
        found = tagged.items_in(m["o"], "N")
        d.value = found[0] if found else None
    if d.predicate == "sentenced" and m.groupdict().get("o"):
        found = tagged.items_in(m["o"], "N")
        d.value, d.object = (found[0] if found else None), (None if found else d.object)
    if d.predicate == "won_vote" and re.search(r"\blost\b", m.group()):
        d.predicate = "lost_vote"
    trigger = tagged.text[: m.end()]
    if _NOT.search(re.sub(r"\s+\S+$", " ", trigger)) and d.predicate not in ("refused_alliance",):
        d.polarity = "neg"
    d.modality = _modality(tagged.text, tagged.text[max(0, m.start() - 40) : m.end()])
    return d


def _modality(text: str, near: str | None = None) -> str:
    """Disputed and reported hold for the sentence, intention only for the words near the rule."""
    for pattern, word, where in (
        (_DISPUTED, "disputed", text),
        (_REPORTED, "reported", text),
        (_INTENDED, "intended", text if near is None else near),
    ):
        if pattern.search(where):
            return word
    return "asserted"


def _lifespans(tagged: Tagged) -> list[Draft]:
    """'Karl Marx (1818-83)': born and died."""
    out = []
    for m in re.finditer(
        rf"(?P<s>{P1})[^⟦⟧]{{0,25}}\((?:[^()⟦⟧]{{0,20}})⟦D(?P<d>\d+)⟧(?:\s*[–—-]\s*⟦D(?P<e>\d+)⟧)?",
        tagged.text,
    ):
        first = tagged.items[int(m["d"])][1]
        if m["e"]:
            dates = (first.edtf, tagged.items[int(m["e"])][1].edtf)
        elif re.fullmatch(r"\d{4}/\d{4}", first.edtf):
            dates = tuple(first.edtf.split("/"))
        else:
            continue
        if not 10 <= int(dates[1][:4]) - int(dates[0][:4]) <= 110:
            continue
        for predicate, type_, edtf in (("born", "biography", dates[0]), ("died", "death", dates[1])):
            d = Draft(type_, predicate, tagged.ids(m["s"]), None, "lifespan", 0.9, m.start())
            d.date = DateMention(first.start, first.end, edtf, "explicit", "lifespan", 0.9)
            out.append(d)
    return out


def _amounts(tagged: Tagged) -> list[Draft]:
    """Every number with a unit is a claim of its own; verbs near it say what happened to the persons counted."""
    out = []
    for mark in re.finditer(r"⟦N(\d+)⟧", tagged.text):
        number = tagged.items[int(mark[1])][1]
        after = tagged.text[mark.end() : mark.end() + 60]
        predicate, type_ = "amount", "number"
        if number.unit == "persons":
            for word, p, t in (("execut|shot|killed", "executed", "death"), ("arrest", "arrested", "arrest"), ("deport|exiled|resettled", "deported_to", "expulsion"),
                               ("died|dead|deaths|perish|lives", "died", "death"), ("expelled", "expelled_from", "expulsion")):  # fmt: skip
                if re.search(rf"\b(?:{word})", after) or re.search(rf"\b(?:{word})", number.what):
                    predicate, type_ = p, t
                    break
        d = Draft(
            type_,
            predicate,
            [],
            None,
            "number",
            round(number.confidence - 0.1, 2),
            mark.start(),
            value=number,
            modality=_modality(tagged.text),
        )
        if _ESTIMATE.search(tagged.text):
            d.modality = "estimated"
        near = tagged.ids(tagged.text[max(0, mark.start() - 60) : mark.end() + 60], "G")
        d.subject = near[:1]
        out.append(d)
    return out


def _settle(tagged: Tagged, drafts: list[Draft]) -> list[Draft]:
    """One draft per statement (the surest), each with the date that stands nearest in its clause."""
    dates = [(m.start(), tagged.items[int(m[1])][1]) for m in re.finditer(r"⟦D(\d+)⟧", tagged.text)]
    side = {at for at, _ in dates if _aside(tagged.text, at)}
    drafts = [e for d in drafts for e in _each(d)]
    best: dict[tuple, Draft] = {}
    for d in sorted(drafts, key=lambda d: -d.confidence):
        key = (d.predicate, tuple(sorted(d.subject)), d.object, d.value.start if d.value else None)
        if key in best or any(_covered(d, e) for e in best.values()):
            continue
        best[key] = d
        if d.rule == "death of":  # a death mentioned in passing takes only the date that stands beside it
            d.date = next((x for at, x in dates if 0 <= at - d.at <= 40 and re.fullmatch(r"[^⟦⟧]*⟦P\d+⟧,?\s+(?:in|on)\s+", tagged.text[d.at - 14 if d.at > 14 else 0 : at][-40:] or "")), None)
            d.dates = [x for _, x in dates]
            continue
        if d.date is None and dates:
            near = [x for x in dates if x[0] not in side or abs(x[0] - d.at) <= 30]
            if near:
                d.date = min(
                    near,
                    key=lambda x: (
                        abs(x[0] - d.at)
                        + (40 if x[0] > d.at else 0)
                        + (30 if x[1].rule == "event" else 0)
                        + (60 if x[0] in side else 0)
                    ),
                )[1]
        d.dates = [x for _, x in dates]
    out = list(best.values())
    persons = tagged.ids(tagged.text, "PO")
    explicit = [
        x
        for _, x in dates
        if x.basis == "explicit" or x.rule in ("day month", "month", "that month", "anniversary")
    ]
    if not any(d.value is None for d in out) and explicit and persons:
        out.append(
            Draft(
                "event",
                "happened",
                persons[:3],
                None,
                "dated sentence",
                0.35,
                0,
                date=explicit[0],
                modality=_modality(tagged.text),
            )
        )
    return out


def _each(d: Draft) -> list[Draft]:
    """What happened to several persons happened to each; an alliance is with each."""
    if d.predicate in EACH and len(d.subject) > 1:
        return [replace(d, subject=[s]) for s in d.subject]
    if d.predicate in ("allied_with", "accused", "criticised") and d.object and "," in d.object:
        return [replace(d, object=o) for o in d.object.split(",")]
    return [d]


def _aside(text: str, at: int) -> bool:
    """A date that belongs to a thing mentioned ("the 1921 ban", "Lenin's 1921 ban", "(banned since 1921)"), not to the event."""
    before, after = text[:at], text[at:]
    attributive = (
        re.search(r"(?:\bthe|'s|⟧)\s+$", before)
        and re.match(r"⟦D\d+⟧\s+[A-Za-z']+", after)
        and not re.match(r"⟦D\d+⟧\s+(?:and|to|by|when|he|she|they|with|but|was|were|,)\b", after)
    )
    inside = before.rfind("(") > before.rfind(")")
    return bool(attributive or inside)


def _covered(d: Draft, e: Draft) -> bool:
    """A weaker reading of the same words: fewer subjects, the same object and family."""
    family = {
        "killed_by": "death",
        "executed": "death",
        "died": "death",
        "removed_from": "out",
        "expelled_from": "out",
        "appointed_to": "in",
        "elected_to": "in",
        "holds_post": "in",
        "founded": "form",
        "formed": "form",
    }
    same = family.get(d.predicate, d.predicate) == family.get(e.predicate, e.predicate)
    return (
        same
        and set(d.subject) <= set(e.subject)
        and (d.object == e.object or d.object is None)
        and d.value is e.value
    )
