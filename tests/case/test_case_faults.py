"""Malformed cases: each one change to a sound case, and the fault that must be reported, there and nowhere
else.
"""

from dataclasses import dataclass

import pytest
from template_texts import HERE, template_texts

from politburo.case.load import read_case
from politburo.faults import Faults


@dataclass(frozen=True)
class Bad:
    """Replace `old` by `new` (once) in `file`: a fault there, on the line of `at` (default: the first changed
    line).
    """

    name: str
    file: str
    old: str
    new: str
    words: tuple[str, ...]
    at: str | None = None  # text on the line of the fault, in the changed file
    column: int | None = None
    where: str | None = None  # file of the fault, when it is another one
    count: int = 1  # faults in all: one mistake must not cascade


def bad(name, file, old, new, *words, **rest):
    return Bad(name, file, old, new, words, **rest)


VEREL = "verel,Anton Verel,1889-11,yes,yes,assumed,,invented: the founder"
# fmt: off
CASES = [
    # the form of the files
    bad("not yaml", "organs.yaml", "role: circle", "role: [circle", "not YAML",
        at="elected_by: central_committee"),
    bad("tab in yaml", "posts.yaml", "    name: First Secretary", "\tname: First Secretary", "not YAML"),
    bad("duplicate key", "organs.yaml", "    role: circle", "    role: circle\n    role: other",
        "'role' a second time", "first on line", at="role: other"),
    bad("duplicate id", "posts.yaml", "  chairman:", "  first_secretary:", "'first_secretary' a second time"),
    bad("anchor and alias", "rules.yaml", "value: 2/3, evidence: assumed, note: invented",
        "value: 2/3, evidence: &e assumed, note: *e", "anchors and aliases", at="\0"),
    bad("tag", "rules.yaml", "value: 2/3", "value: !secret 2/3", "tag !secret", count=2),
    bad("wrong top key", "issues.yaml", "issues:", "isues:", "unknown key 'isues'", "did you mean issues?",
        count=2),
    bad("second top key", "posts.yaml", "posts:", "extra: 1\nposts:", "unknown key 'extra'", "posts"),
    bad("list for mapping", "sources.yaml", "sources:\n  invented:", "sources:\n - invented:", "a mapping",
        at="sources:"),
    bad("entry is a word", "posts.yaml", "    powers: {appoint: 1, agenda: 0.6, expel: 0.3}",
        "    powers: all",
        "powers is 'all'"),
    bad("bad id", "posts.yaml", "  plan:", "  The Plan:", "id 'The Plan'", "lower_snake_case", column=3),
    bad("unknown column", "ties.csv", "from,to,value", "from,to,valeu", "unknown column 'valeu'",
        "did you mean value?", column=3, count=2),
    bad("semicolons", "ties.csv", "from,to,value,error,kind,evidence,source,note",
        "from;to;value;error;kind;evidence;source;note", "separated by ';'", "commas", at="from;to", column=1),
    bad("missing column", "localities.csv", "locality,name,weight,boss,strength",
        "locality,name,weight,strength,boss2",
        "unknown column 'boss2'", column=5, count=2),
    bad("doubled column", "people.csv", "person,name,born,watch", "person,name,name,watch",
        "'name' a second time",
        column=3, count=2),
    bad("ragged row", "people.csv", VEREL, VEREL + ",and more", "9 fields", "8 as in the header"),
    bad("comma in a note", "ties.csv", "karst,dasan,-0.6,0.15,rival,assumed,,invented",
        "karst,dasan,-0.6,0.15,rival,assumed,,bitter, old", "9 fields"),
    bad("open quote", "ties.csv", "tarv,dasan,-0.4,0.15,rival,assumed,,invented",
        'tarv,dasan,-0.4,0.15,rival,assumed,,"invented', "not CSV", at="\2"),
    bad("empty cell", "traits.csv", "karst,ambition,0.7,", "karst,ambition,,", "no value", "required",
        column=3),
    # types, words and ranges
    bad("unknown key", "organs.yaml", "    threshold: 1/2\n    ballot: open\n  central_committee",
        "    treshold: 1/2\n    ballot: open\n  central_committee", "unknown key 'treshold'",
        "did you mean threshold?",
        column=5, count=2),
    bad("word for number", "traits.csv", "dasan,ambition,0.9", "dasan,ambition,high", "value is 'high'",
        "between 0 and 1", column=3),
    bad("share above 1", "traits.csv", "dasan,ambition,0.9", "dasan,ambition,1.2", "value is '1.2'",
        "between 0 and 1"),
    bad("position below -1", "traits.csv", "karst,position.openness,-0.5", "karst,position.openness,-1.5",
        "value is '-1.5'", "between -1 and 1"),
    bad("not a number", "traits.csv", "dasan,ambition,0.9", "dasan,ambition,nan", "value is 'nan'",
        "a number"),
    bad("infinite", "organs.yaml", "value: 24, low: 18, high: 36", "value: 1e999, low: 18, high: 36",
        "a number above 0"),
    bad("true for a number", "posts.yaml", "appoint: 1,", "appoint: true,", "appoint is True",
        "between 0 and 1"),
    bad("number for a flag", "rules.yaml", "ban_on_factions: {value: true", "ban_on_factions: {value: 2",
        "value is 2", "yes or no"),
    bad("probability above 1", "rules.yaml", "value: 2/3", "value: 3/2", "'3/2'", "between 0 and 1"),
    bad("division by zero", "rules.yaml", "value: 2/3", "value: 2/0", "'2/0'", "between 0 and 1"),
    bad("threshold above 1", "organs.yaml", "    threshold: 1/2\n    ballot: secret",
        "    threshold: 51\n    ballot: secret",
        "threshold is 51", "between 0 and 1"),
    bad("minority carries", "organs.yaml", "    threshold: 1/2\n    ballot: secret",
        "    threshold: 0.4\n    ballot: secret", "threshold 0.4 of the assembly", "from 1/2", at="threshold: 0.4"),
    bad("unanimity", "organs.yaml", "    threshold: 1/2\n    ballot: secret",
        "    threshold: 1\n    ballot: secret", "threshold 1 of the assembly", "below 1", at="threshold: 1\n"),
    bad("retired majority", "rules.yaml", "rules:", "rules:\n  majority: {value: 1/2, evidence: assumed, note: x}",
        "'majority' is no longer a rule", "organs.ORGAN.threshold", "did you mean threshold?", at="  majority:"),
    bad("retired ballot", "rules.yaml", "rules:", "rules:\n  circle_open_ballot: {value: yes, evidence: assumed, note: x}",
        "'circle_open_ballot' is no longer a rule", "organs.ORGAN.ballot", "did you mean ballot?", at="circle_open"),
    bad("half a seat", "organs.yaml", "size: {value: 6,", "size: {value: 6.5,", "size.value is 6.5",
        "whole number"),
    bad("unknown ballot", "organs.yaml", "ballot: secret", "ballot: secrt", "ballot is 'secrt'",
        "open, secret",
        "did you mean secret?"),
    bad("unknown label", "ties.csv", "holt,ondrin,0.4,0.15,ally,assumed", "holt,ondrin,0.4,0.15,ally,asumed",
        "evidence is 'asumed'", "did you mean assumed?", column=6),
    bad("underscored label", "ties.csv", "holt,ondrin,0.4,0.15,ally,assumed,,invented",
        "holt,ondrin,0.4,0.15,ally,looked_up,invented,", "did you mean looked up?"),
    bad("unknown kind of tie", "ties.csv", "sorin,karst,-0.4,0.15,enemy", "sorin,karst,-0.4,0.15,enmy",
        "kind is 'enmy'", "did you mean enemy?"),
    bad("unknown power", "posts.yaml", "{command: 1}", "{comand: 1}", "unknown key 'comand'",
        "did you mean command?"),
    bad("unknown rule", "rules.yaml", "  ban_on_factions:", "  ban_on_faction:",
        "unknown rule 'ban_on_faction'",
        "did you mean ban_on_factions?", count=2),
    bad("missing rule", "rules.yaml", "  expulsion_majority: {value: 2/3, evidence: assumed, note: invented}\n", "",
        "no expulsion_majority", at="rules:"),
    bad("no such precedent", "rules.yaml", "rules:\n",
        "rules:\n  precedent: {value: exile, evidence: assumed, note: x}\n", "value is 'exile'",
        "did you mean exiled?",
        at="precedent"),
    bad("month 13", "case.yaml", "start: 1961-03", "start: 1961-13", "start is '1961-13'", "YYYY-MM"),
    bad("a day for a month", "case.yaml", "end: 1968-12", "end: 1968-12-31", "end is '1968-12-31'",
        "YYYY-MM"),
    bad("30 February", "people.csv", "1904-02-17", "1904-02-30", "born is '1904-02-30'", "29 days", column=3),
    bad("format 2", "case.yaml", "format: 1 ", "format: 2 ", "format is 2"),
    bad("value above high", "traits.csv", "dasan,organising,0.9,0.75,1", "dasan,organising,0.9,0.75,0.8",
        "value 0.9", "at most high, 0.8", column=3),
    bad("value below low", "signals.csv", "hardship,1964-09,0.6,0.4,0.8", "hardship,1964-09,0.3,0.4,0.8",
        "value 0.3", "at least low, 0.4"),
    bad("low above high", "organs.yaml", "low: 18, high: 36", "low: 38, high: 36", "low 38", "low <= high"),
    bad("fewer seats than least", "organs.yaml", "{value: 6, least: 5, most: 9",
        "{value: 4, least: 5, most: 9",
        "value 4", "at least least, 5"),
    # evidence and sources
    bad("assumed without note", "ties.csv", "karst,dasan,-0.6,0.15,rival,assumed,,invented",
        "karst,dasan,-0.6,0.15,rival,assumed,,", "assumed without a note", column=8),
    bad("label without source", "ties.csv", "karst,dasan,-0.6,0.15,rival,assumed,,invented",
        "karst,dasan,-0.6,0.15,rival,looked up,,invented", "looked up without a source", column=7),
    bad("unknown source", "rules.yaml", "  expulsion_majority: {value: 2/3, evidence: assumed,",
        "  expulsion_majority: {value: 2/3, evidence: recalled, source: inventd,", "unknown source 'inventd'",
        "did you mean invented?"),
    bad("no label", "posts.yaml", "    weight: 0.2\n    evidence: assumed", "    weight: 0.2", "no evidence",
        "required",
        at="  chairman:"),
    bad("no coder error", "traits.csv", "ondrin,ambition,0.5,,,0.1", "ondrin,ambition,0.5,,,0",
        "coder error 0", column=6),
    # references
    bad("unknown person in a tie", "ties.csv", "karst,dasan,-0.6", "karst,dassan,-0.6",
        "unknown person 'dassan'",
        "did you mean dasan?", column=2),
    bad("unknown holder", "posts.yaml", "holder: sorin", "holder: soren", "unknown person 'soren'",
        "did you mean sorin?"),
    bad("unknown organ", "memberships.csv", "presidium,tarv,full", "praesidium,tarv,full",
        "unknown organ 'praesidium'",
        "did you mean presidium?"),
    bad("unknown filler", "posts.yaml", "filled_by: first_secretary", "filled_by: frist_secretary",
        "unknown organ 'frist_secretary'", "did you mean first_secretary?"),
    bad("unknown locality", "posts.yaml", "locality: harbour", "locality: harbor",
        "unknown locality 'harbor'",
        "did you mean harbour?"),
    bad("unknown boss", "localities.csv", "harbour,Harbour city,0.25,holt", "harbour,Harbour city,0.25,hold",
        "unknown person 'hold'", "did you mean holt?", column=4),
    bad("unknown issue in a trait", "traits.csv", "tarv,position.tempo", "tarv,position.temp",
        "unknown trait 'position.temp'", "did you mean position.tempo?", count=2),
    bad("unknown trait", "traits.csv", "tarv,ambition", "tarv,ambitoin", "unknown trait 'ambitoin'",
        "did you mean ambition?", count=2),
    bad("missing trait", "traits.csv", "tarv,competence,0.5,,,0.1,assumed,,invented\n", "",
        "no competence for tarv",
        at="\0"),
    bad("unknown signal", "signals.csv", "war_danger,1961-01", "wardanger,1961-01",
        "unknown signal 'wardanger'",
        "did you mean war_danger?"),
    bad("signal begins late", "signals.csv", "war_danger,1961-01", "war_danger,1962-01", "begins in 1962-01",
        "1961-03"),
    bad("unknown post in a document", "calendar.yaml", "{post: first_secretary}", "{post: first_secretery}",
        "unknown post 'first_secretery'", "did you mean first_secretary?"),
    bad("unknown name in a document", "calendar.yaml", "names: {dasan: 1, karst: 0.4}",
        "names: {dasan: 1, carst: 0.4}",
        "unknown person 'carst'", "did you mean karst?"),
    bad("unknown member of a list", "targets.yaml", "[dasan, sorin, ondrin, holt, brenn]",
        "[dasan, sorin, ondrin, hollt, brenn]", "unknown person 'hollt'", "did you mean holt?"),
    bad("unknown headline", "case.yaml", "[who_rules, dasan_out", "[who_rule, dasan_out",
        "unknown outcome 'who_rule'",
        "did you mean who_rules?"),
    # duplicates
    bad("person twice", "people.csv", VEREL, VEREL + "\n" + VEREL.replace("yes,yes", "yes,no"),
        "verel a second time",
        "first on line 8", at=VEREL.replace("yes,yes", "yes,no")),
    bad("trait twice", "traits.csv", "tarv,ambition,0.6,,,0.1,assumed,,invented",
        "tarv,ambition,0.6,,,0.1,assumed,,invented\ntarv,ambition,0.7,,,0.1,assumed,,invented",
        "tarv, ambition a second",
        at="tarv,ambition,0.7"),
    bad("tie twice", "ties.csv", "tarv,dasan,-0.4", "dasan,tarv,-0.4", "dasan, tarv a second time"),
    bad("shock twice", "calendar.yaml", "id: founder_dies", "id: founder_ill", "founder_ill a second time"),
    bad("dies twice", "calendar.yaml",
        "  - id: border_crisis\n    kind: threat\n    from: 1965-04\n    to: 1965-12\n    size: 0.5",
        "  - id: border_crisis\n    kind: death\n    person: verel\n    from: 1965-04\n    size: 0.5",
        "'verel' dies a second time", at="    person: verel\n    from: 1965-04"),
    bad("signal step twice", "signals.csv", "hardship,1965-09", "hardship,1964-09",
        "hardship, 1964-09 a second time"),
    bad("member twice", "memberships.csv", "presidium,tarv,full", "presidium,karst,full",
        "presidium, karst a second time"),
    bad("tied to himself", "ties.csv", "karst,dasan,-0.6", "karst,karst,-0.6", "'karst' tied to himself"),
    bad("two arbiters", "people.csv", "yes,no,assumed,,invented: commands",
        "yes,yes,assumed,,invented: commands",
        "a second arbiter", "at most one"),
    # dates
    bad("end before start", "case.yaml", "end: 1968-12", "end: 1958-12", "end 1958-12 before start 1961-03"),
    bad("target before birth", "targets.yaml", "    person: tarv\n    rung: post\n    date: 1964-05",
        "    person: unborn\n    rung: post\n    date: 1964-05", "unknown person 'unborn'",
        at="person: unborn"),
    bad("target outside the span", "targets.yaml", "date: 1964-05", "date: 1974-05",
        "date 1974-05, outside the case",
        "1961-03 to 1968-12"),
    bad("outcome outside the span", "outcomes.yaml", "by: 1966-12", "by: 1986-12",
        "by 1986-12, outside the case"),
    bad("holder not born", "people.csv", "sorin,Lena Sorin,1911-06", "sorin,Lena Sorin,1971-06",
        "holds a post",
        "before birth (1971-06)", where="posts.yaml", at="holder: sorin", count=3),
    bad("shock before birth", "people.csv", "1889-11", "1969-11", "before verel was born",
        where="calendar.yaml",
        at="from: 1962-05", count=3 + 3),
    bad("shock ends before it begins", "calendar.yaml", "to: 1963-10", "to: 1961-10",
        "to 1961-10 before from 1962-05"),
    bad("shock is over", "calendar.yaml", "    from: 1965-04\n    to: 1965-12",
        "    from: 1955-04\n    to: 1955-12",
        "over in 1955-12", at="from: 1955-04"),
    bad("fall after death", "targets.yaml", "    person: tarv\n    rung: post\n    date: 1964-05",
        "    person: verel\n    rung: post\n    date: 1964-05", "after verel died (1963-11",
        at="date: 1964-05"),
    bad("meeting after the start", "organs.yaml", "started: 1960-02", "started: 1962-02",
        "last meeting in 1962-02"),
    bad("second document", "calendar.yaml",
        "  - id: border_crisis\n    kind: threat\n    from: 1965-04\n    to: 1965-12\n    size: 0.5",
        "  - id: other_letter\n    kind: document\n    author: karst\n    names: {dasan: 1}\n    asks: {post: plan}\n"
        "    from: 1965-04\n    to: 1965-12", "a second document", at="kind: document\n    author: karst"),
    bad("document by somebody else", "calendar.yaml", "    author: verel\n",
        "    author: verel\n    person: karst\n",
        "person 'karst' of a document", at="person: karst"),
    # institutions
    bad("ring of organs", "organs.yaml", "elected_by: localities", "elected_by: presidium",
        "a ring of elected_by",
        at="    elected_by: central_committee", count=2),
    bad("post fills itself", "posts.yaml", "    holder: ondrin\n    filled_by: presidium",
        "    holder: ondrin\n    filled_by: plan", "a ring of filled_by: plan <- plan", at="filled_by: plan"),
    bad("unknown filling organ", "posts.yaml", "    holder: ondrin\n    filled_by: presidium",
        "    holder: ondrin\n    filled_by: presidum", "unknown organ 'presidum'", "did you mean presidium?", at="presidum"),
    bad("ring of posts", "posts.yaml", "    holder: dasan\n    filled_by: central_committee",
        "    holder: dasan\n    filled_by: harbour_secretary", "a ring of filled_by",
        at="filled_by: harbour_secretary"),
    bad("no circle", "organs.yaml", "role: circle", "role: other", "no circle", at="organs:"),
    bad("two circles", "organs.yaml", "role: committee", "role: circle", "a second circle", count=3),
    bad("assembly without interval", "organs.yaml",
        "    interval: {value: 24, low: 18, high: 36, unit: months, evidence: assumed, note: invented}\n", "",
        "without 'interval'", at="  congress:"),
    bad("interval of a committee", "organs.yaml", "    elected_by: congress\n",
        "    elected_by: congress\n    started: 1960-01\n",
        "no assembly", at="started: 1960-01"),
    bad("circle elected by the assembly", "organs.yaml", "    elected_by: central_committee",
        "    elected_by: congress",
        "the circle is elected by congress", "the committee", "did you mean central_committee?"),
    bad("circle larger than most", "organs.yaml", "{value: 6, least: 5, most: 9",
        "{value: 5, least: 4, most: 5",
        "more members of presidium than seats", "at most 5", where="memberships.csv",
        at="presidium,tarv,full"),
    bad("circle beyond the engine", "organs.yaml", "least: 5, most: 9", "least: 5, most: 15",
        "a circle of up to 15",
        "at most 12"),
    bad("candidate without candidates", "organs.yaml",
        "    candidates: {value: 1, least: 0, most: 4, evidence: assumed, note: invented}\n", "",
        "has no candidates",
        where="memberships.csv", at="presidium,holt,candidate"),
    bad("organ and post", "posts.yaml", "  plan:\n", "  presidium:\n", "'presidium' is an organ and a post",
        where="organs.yaml", at="  presidium:"),
    bad("reserved word", "organs.yaml", "  congress:\n", "  localities:\n", "an organ called 'localities'",
        count=2),
    bad("two appointers", "posts.yaml", "{speak: 1, agenda: 0.4}", "{speak: 1, appoint: 1}",
        "a second post with appoint: 1"),
    # sums
    bad("weights", "localities.csv", "interior,Interior,0.3", "interior,Interior,0.2",
        "weights that sum to 0.9", "1, within",
        at="capital,Capital", column=3),
    bad("negative weight", "localities.csv", "interior,Interior,0.3", "interior,Interior,-0.3",
        "weight is '-0.3'",
        "above 0", count=2),
    bad("blocs above 1", "blocs.csv", "tarv,,0.1", "tarv,,0.7", "committee that sum to 1.1", "at most 1",
        column=3),
    bad("bloc of nothing", "blocs.csv", "karst,,0.1,0.05", "karst,,,", "neither committee nor cadres"),
    bad("committee seats in a locality", "blocs.csv", "holt,harbour,,0.5", "holt,harbour,0.1,0.5",
        "in a locality", column=3),
    # aims
    bad("unknown kind of target", "targets.yaml", "kind: vote", "kind: voting", "kind is 'voting'",
        "did you mean vote?"),
    bad("no kind", "outcomes.yaml", "    kind: ruler_date\n", "", "no kind", at="when_sole_rule"),
    bad("unknown rung", "targets.yaml", "rung: post", "rung: posts", "rung is 'posts'", "did you mean post?"),
    bad("unknown measure", "outcomes.yaml", "    kind: ruler_date\n",
        "    kind: measure\n    measure: purge_stat\n",
        "unknown measure 'purge_stat'", "did you mean purge_start?", at="measure: purge_stat"),
    bad("measure of nobody", "outcomes.yaml", "    kind: ruler_date\n",
        "    kind: measure\n    measure: rivals_dead\n",
        "rivals_dead without 'people'", at="when_sole_rule"),
    bad("a year for a month", "targets.yaml",
        "    kind: vote\n    occasion: congress\n    near: 1964-02\n    within: 12\n"
        "    measure: against_share\n    value: 0.1\n    low: 0\n    high: 0.3\n",
        "    kind: measure\n    measure: purge_start\n    value: 1963\n", "value 1963",
        "a month of the case", at="value: 1963"),
    bad("width below the label's", "targets.yaml", "width: 12", "width: 3", "width 3", "at least 12 months"),
    bad("target about somebody unwatched", "outcomes.yaml", "    person: karst", "    person: brenn",
        "'brenn' is not watched"),
    bad("low above a vote", "targets.yaml", "    value: 0.1\n    low: 0\n", "    value: 0.1\n    low: 0.2\n",
        "value 0.1",
        "at least low, 0.2", at="value: 0.1"),
    bad("field of another kind", "outcomes.yaml", "    kind: ruler_date",
        "    kind: ruler_date\n    rung: circle",
        "unknown key 'rung'", at="rung: circle"),
    bad("unknown kind of shock", "calendar.yaml", "kind: threat", "kind: threats", "kind is 'threats'",
        "did you mean threat?"),
    # parameters, posterior, mechanisms
    bad("parameter outside its range", "parameters.yaml", "value: 0.02", "value: 0.2", "value 0.2",
        "at most high, 0.08"),
    bad("empty range", "parameters.yaml", "high: 0.08", "high: 0.01", "low and high both 0.01", count=5),
    bad("log of nothing", "parameters.yaml", "low: 0.01", "low: 0", "log scale", "above 0"),
    bad("recalled parameter", "parameters.yaml", "evidence: assumed\n    note: a typical",
        "evidence: recalled\n    note: a typical",
        "evidence is 'recalled'", "assumed, derived"),
    bad("unknown posterior column", "posterior.csv", "weight,tau,delta", "weight,tau,detla",
        "unknown column 'detla'",
        "did you mean delta?", column=3, count=2),
    bad("missing posterior column", "posterior.csv",
        "weight,tau,delta\n0.5,0.02,1.0\n0.25,0.03,2.0\n0.25,0.05,2.5",
        "weight,tau\n0.5,0.02\n0.25,0.03\n0.25,0.05", "no column 'delta'"),
    bad("particle outside the prior", "posterior.csv", "0.25,0.05,2.5", "0.25,0.09,2.5", "tau is 0.09",
        "from 0.01 to 0.08",
        column=2),
    bad("particle without a number", "posterior.csv", "0.25,0.05,2.5", "0.25,,2.5", "tau is ''", "a number"),
    bad("negative weight of a particle", "posterior.csv", "0.25,0.05", "-0.25,0.05", "weight is -0.25",
        "0 or more"),
    bad("no particles", "posterior.csv", "\n0.5,0.02,1.0\n0.25,0.03,2.0\n0.25,0.05,2.5", "", "no particles",
        at="\0"),
    bad("mechanism file missing", "case.yaml", "headline:", "mechanisms: [{file: mine.py}]\nheadline:",
        "no file 'mine.py'"),
    bad("path traversal", "case.yaml", "headline:", "mechanisms: [{file: ../../etc/mine.py}]\nheadline:",
        "'../../etc/mine.py'", "plain name"),
    bad("mechanism twice", "case.yaml", "headline:", "mechanisms: [health, health]\nheadline:",
        "'health' a second time"),
    bad("unknown case for parameters", "case.yaml", "parameters: own", "parameters: usr",
        "parameters is 'usr'",
        "did you mean ussr?", count=3),
    bad("checkpoint outside", "case.yaml", "headline:", "checkpoints: [1970-01]\nheadline:",
        "1970-01, outside the case"),
]
# fmt: on


def faults_of(texts):
    with pytest.raises(Faults) as caught:
        read_case(texts, HERE)
    return caught.value.faults


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_fault(case):
    texts = template_texts()
    assert case.old in texts[case.file], "the template has changed: adapt this test"
    before = texts[case.file]
    texts[case.file] = before.replace(case.old, case.new, 1)
    faults = faults_of(texts)
    where = case.where or case.file
    text = texts[where]
    if case.at == "\0":
        line = 0
    elif case.at == "\2":
        line = None  # the parser only knows at the end of the file
    elif case.at is not None:
        line = line_of(text, case.at)
    else:
        same = next((i for i, (a, b) in enumerate(zip(before, text)) if a != b), min(len(before), len(text)))
        line = text[:same].count("\n") + 1
    hits = [
        fault
        for fault in faults
        if fault.file == str(HERE / where)
        and line in (None, fault.line)
        and all(word in str(fault) for word in case.words)
    ]
    told = "\n".join(map(str, faults))
    assert hits, f"expected line {line} of {where} with {case.words}, got\n{told}"
    if case.column is not None:
        assert case.column in [fault.column for fault in hits], told
    assert len(faults) == case.count, told


def test_there_are_enough_of_them():
    assert len(CASES) >= 100 and len({case.name for case in CASES}) == len(CASES)


def test_all_files_are_reported_at_once(texts):
    changes = {
        "people.csv": ("1889-11", "1889-15"),
        "ties.csv": (",rival,", ",rivl,"),
        "organs.yaml": ("threshold: 1/2\n", "threshold: 7/2\n"),
        "targets.yaml": ("kind: vote", "kind: poll"),
        "posterior.csv": ("0.02", "2"),
    }
    for file, (old, new) in changes.items():
        texts[file] = texts[file].replace(old, new, 1)
    faults = faults_of(texts)
    assert {fault.file for fault in faults} == {str(HERE / file) for file in changes}
    assert faults == sorted(faults)


@pytest.mark.parametrize("file", sorted(set(template_texts()) - {"posterior.csv"}))
def test_missing_file(texts, file):
    del texts[file]
    faults = faults_of(texts)
    assert any(fault.file == str(HERE / file) and "no such file" in fault.found for fault in faults)
    if file != "case.yaml":
        extra = [fault for fault in faults if fault.file != str(HERE / file)]
        assert not extra, extra


@pytest.mark.parametrize("file", sorted(set(template_texts())))
@pytest.mark.parametrize("content", ["", "\n\n", "{}", "[]", "null", "a", "a: 1", '"', "a,b\n1,2\n"])
def test_emptied_or_foreign_file(texts, file, content):
    texts[file] = content
    assert all(fault.file for fault in faults_of(texts))


def test_file_with_unknown_name(tmp_path, texts):
    from politburo.case import load_case

    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "ties.csv").rename(tmp_path / "tie.csv")
    (tmp_path / "README.md").write_text("free text is welcome")
    with pytest.raises(Faults) as caught:
        load_case(tmp_path)
    told = str(caught.value)
    assert "tie.csv: a file that the case format does not know" in told and "did you mean ties.csv?" in told
    assert "README" not in told


def test_not_utf8_and_not_there(tmp_path, texts):
    from politburo.case import load_case

    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "ties.csv").write_bytes(b"from,to\n\xff\xfe")
    with pytest.raises(Faults, match="ties.csv: byte 8 is not UTF-8"):
        load_case(tmp_path)
    with pytest.raises(Faults, match="no such case; .*did you mean ussr"):
        load_case("usrr")
    with pytest.raises(Faults, match="a file; allowed: a directory"):
        load_case(tmp_path / "ties.csv")


def test_mechanism_file_must_stay_inside(tmp_path, texts):
    from politburo.case import load_case

    folder = tmp_path / "case"
    folder.mkdir()
    texts["case.yaml"] += "mechanisms: [health, {file: mine.py}]\n"
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "mine.py").write_text("STRENGTH = 1\n")
    case = load_case(folder)
    assert [m.file or m.name for m in case.mechanisms] == ["health", "mine.py"]
    first = case.digest
    (folder / "mine.py").write_text("STRENGTH = 2\n")
    assert load_case(folder).digest != first, "the text of a mechanism belongs to the case"
    with pytest.raises(Faults, match="unknown mechanism 'health'; .*did you mean wealth"):
        load_case(folder, mechanisms={"wealth": None, "patronage": None, "coalition": None})
    path = folder / "parameters.yaml"
    path.write_text(path.read_text().replace("mechanism: patronage", "mechanism: mine"), encoding="utf-8")
    assert load_case(folder, mechanisms={"health": None, "coalition": None}).parameters["tau"].mechanism == "mine"
    with pytest.raises(Faults, match="parameters.yaml:19:5: unknown mechanism 'coalition'"):
        load_case(folder, mechanisms={"health": None})
    (folder / "mine.py").unlink()
    (tmp_path / "outside.py").write_text("")
    (folder / "mine.py").symlink_to(tmp_path / "outside.py")
    with pytest.raises(Faults, match="no file 'mine.py' in the case"):
        load_case(folder)


def test_borrowed_parameters_exclude_own(texts):
    texts["case.yaml"] = texts["case.yaml"].replace("parameters: own", "parameters: ussr")
    told = "\n".join(map(str, faults_of(texts)))
    assert "parameters.yaml: would be ignored" in told and "posterior.csv: would be ignored" in told
