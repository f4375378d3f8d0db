"""Loading a case: read every file, collect every fault, and only then give a case or raise `Faults`.

    case = load_case("ussr")            # a packaged case
    case = load_case("./my-circle")     # a directory

Nothing is half-loaded, and a file name the format does not know is a fault too, so that a misspelt file
cannot be silently ignored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ..faults import Fault, Faults, listed, nearest
from ..marked import read_text
from .aims import MEASURES
from .checks import check
from .digest import digest
from .draft import Draft, parse, parse_posterior, read_document
from .institutions import RULE_MODELS, RULES
from .schema import POSTERIOR, SECTION, SECTIONS, Case, Named
from .values import Month

#: Words of the laboratory that may stand beside a case; no run reads them, see `politburo.lab.experiments.changes` and `lab.disputes`.
EXPERIMENTS, CONFLICTS = "experiments.yaml", "conflicts.yaml"
CASES = Path(__file__).resolve().parents[1] / "cases"


def packaged_cases() -> list[str]:
    """Names of the cases that come with politburo."""
    return sorted(path.parent.name for path in CASES.glob("*/case.yaml") if path.parent.name != "template")


def case_headers() -> list[dict[str, str]]:
    """Name, title, start and end of every packaged case, without loading the rest of it."""
    rows = []
    for name in packaged_cases():
        text = read_text(CASES / name / "case.yaml")
        data = read_document(SECTION["case"], str(CASES / name / "case.yaml"), text)[0].data
        rows.append({"name": name, **{key: str(data.get(key, "")) for key in ("title", "start", "end")}})
    return rows


def find_case(name: str | Path) -> Path:
    """The directory of a case given by path or by packaged name."""
    text = str(name)
    names = [*packaged_cases(), "template"]
    here = Path(text)
    local = (here / "case.yaml").is_file()
    if text in names:
        if isinstance(name, str) and local and here.resolve() != (CASES / text).resolve():
            words = f"./{text} for the directory, or a directory with another name"
            raise Faults([Fault(text, 0, 0, "both a packaged case and a directory here", words)])
        return here if local else CASES / text
    if text and here.is_dir():
        if not any((here / section.file).exists() for section in SECTIONS):
            raise Faults(
                [
                    Fault(
                        text,
                        0,
                        0,
                        "no case here: no case.yaml",
                        "a directory with a case.yaml (politburo new DIR)",
                    )
                ]
            )
        return here
    if text and here.exists():
        raise Faults(
            [
                Fault(
                    text, 0, 0, "a file", "a directory with a case.yaml, or a packaged case: " + listed(names)
                )
            ]
        )
    near = nearest(text, names)
    raise Faults(
        [Fault(text, 0, 0, "no such case", "a directory, or a packaged case: " + listed(names), near)]
    )


def load_case(name: str | Path, mechanisms: Mapping[str, object] | None = None) -> Case:
    """Load and validate a case.

    `name`: a directory or the name of a packaged case. `mechanisms`: the names of the engine's mechanisms,
    when the caller knows them; then a mechanism named in the case must be one of them. Raises `Faults` with
    every fault of every file. Cost: about a tenth of a second for a hundred people.
    """
    try:
        directory = find_case(name)
        texts, faults = _texts(directory)
    except OSError as error:
        raise Faults(
            [Fault(str(name), 0, 0, f"cannot be read ({error.strerror})", "a directory you may read")]
        ) from None
    return read_case(texts, directory, mechanisms, faults)


def read_case(
    texts: Mapping[str, str],
    directory: Path,
    mechanisms: Mapping[str, object] | None = None,
    faults: list[Fault] | None = None,
) -> Case:
    """A case from the text of its files, `file name -> text`; `directory` is where they (would) stand."""
    faults = list(faults or ())
    draft = Draft(directory, read={name: _sha(text) for name, text in texts.items()})
    for section in SECTIONS:
        if section.file in texts:
            document, found = read_document(section, str(directory / section.file), texts[section.file])
            draft.documents[section.name] = document
            faults += found
    if POSTERIOR in texts:
        draft.posterior_text = (str(directory / POSTERIOR), texts[POSTERIOR])
    faults += _borrow_parameters(draft)
    if (directory / "country").is_dir():
        from .country import read

        draft.country = read(directory, list(draft.known("issues") or ()), faults)
    return build(draft, faults, mechanisms)


def same_files(case: Case, folder: Path) -> bool:
    """Whether the files in `folder` say, letter for letter, what the case was read from, changes by key left aside.

    Files that decide no history (the country's record, words of the laboratory) are not compared. Cost: a few
    milliseconds, where reading the case again takes a tenth of a second.
    """
    draft, country = case._draft, case.country
    texts, faults = _texts(folder)
    if faults or {name: _sha(text) for name, text in texts.items()} != draft.read:
        return False
    if (country is not None) != (folder / "country").is_dir():
        return False
    if country is not None:
        from .country import digests

        if digests(folder / "country") != country.digests:
            return False
    files = [(folder / entry.file, draft.code[entry.file]) for entry in case.mechanisms or () if entry.file]
    return all(path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest for path, digest in files)


def moved(case: Case, folder: Path) -> Case:
    """The same case, standing in another folder that has the same files (`same_files`)."""
    country = case.country and replace(case.country, path=folder / case.country.path.name)
    draft = replace(case._draft, path=folder, country=country)
    return replace(case, path=folder, country=country, _draft=draft)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def build(draft: Draft, faults: list[Fault], mechanisms: Mapping[str, object] | None = None) -> Case:
    """Parse and check the documents of a draft; raise every fault, or give the case."""
    faults += parse(draft)
    if draft.posterior is None:
        faults += parse_posterior(draft)
    faults += check(draft, mechanisms)
    if faults:
        raise Faults(faults)
    header = next(draft.models("case"))
    _recorded_months(draft, header.start)
    for mechanism in header.mechanisms or ():
        if mechanism.file:
            draft.code[mechanism.file] = hashlib.sha256(
                (draft.path / mechanism.file).read_bytes()
            ).hexdigest()
    if draft.country is not None:
        draft.code.update(draft.country.identity)
    people = {person.person: person for person in draft.models("people")}
    traits: dict[str, dict] = {name: {} for name in people}
    for trait in draft.models("traits"):
        traits[trait.person][trait.trait] = trait
    for name, person in people.items():
        person._traits = Named(traits[name], "trait")
    named = {
        section: Named({entry.id: entry for entry in draft.models(section)}, section)
        for section in (
            "sources",
            "localities",
            "organs",
            "posts",
            "issues",
            "shocks",
            "parameters",
            "targets",
            "outcomes",
        )
    }
    return Case(
        path=draft.path,
        header=header,
        people=Named(people, "person"),
        ties=tuple(draft.models("ties")),
        blocs=tuple(draft.models("blocs")),
        memberships=tuple(draft.models("memberships")),
        signals=tuple(draft.models("signals")),
        rules=Named(_rules(draft), "rule"),
        posterior=draft.posterior,
        country=draft.country,
        digest=digest(draft),
        _draft=draft,
        **named,
    )


def _rules(draft: Draft) -> dict[str, object]:
    """The rules of the case; one that it leaves open has its default, and says so."""
    given = {path[-1]: rule for path, rule in draft.entries["rules"]}
    for name, rule in RULES.items():
        if name not in given:
            words = "default of the case format"
            given[name] = RULE_MODELS[rule.kind](value=rule.default, evidence="assumed", note=words)
    return {name: given[name] for name in RULES}


def _recorded_months(draft: Draft, start: Month) -> None:
    """Recorded dates of measures become months where they were counts from the start."""
    for i, (path, target) in enumerate(draft.entries["targets"]):
        if target.kind == "measure" and MEASURES[target.measure].kind == "month":
            dates = {
                key: start + int(value)
                for key in ("value", "low", "high")
                if isinstance(value := getattr(target, key), float)
            }
            if dates:
                draft.entries["targets"][i] = (path, target.model_copy(update=dates))


def _texts(directory: Path) -> tuple[dict[str, str], list[Fault]]:
    """Text of every file of the format in a directory; faults for missing, unreadable and unknown files."""
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    known = [section.file for section in SECTIONS] + [POSTERIOR]
    present = sorted(path.name for path in directory.iterdir())
    for name in present:
        if name in known and not (directory / name).is_file():
            faults.append(Fault(str(directory / name), 0, 0, "not a file", "a text file"))
        elif name in known:
            try:
                texts[name] = read_text(directory / name)
            except Faults as error:
                faults += error.faults
        elif name.endswith((".yaml", ".yml", ".csv")) and not name.startswith(".") and name not in (EXPERIMENTS, CONFLICTS):
            near = nearest(name, [k for k in known if k not in present])
            faults.append(
                Fault(
                    str(directory / name),
                    0,
                    0,
                    "a file that the case format does not know",
                    listed(known, 20),
                    near,
                )
            )
    return texts, faults


def _borrow_parameters(draft: Draft) -> list[Fault]:
    """Resolve `parameters: CASE_NAME`; a missing file of the case's own is a fault here as well."""
    header = draft.documents.get("case")
    wanted = (
        header.data.get("parameters", "own")
        if header is not None and isinstance(header.data, Mapping)
        else None
    )
    faults = []
    if wanted not in ("own", None):
        own = [draft.documents["parameters"].file] if "parameters" in draft.documents else []
        own += [draft.posterior_text[0]] if draft.posterior_text else []
        faults += [
            Fault(
                file, 0, 0, f"would be ignored, because case.yaml says parameters: {wanted}", "no such file"
            )
            for file in own
        ]
        faults += _read_borrowed(draft, wanted)
    for section in SECTIONS:
        if section.name not in draft.documents and (section.name != "parameters" or wanted == "own"):
            faults.append(
                Fault(str(draft.path / section.file), 0, 0, "no such file", "every case has " + section.file)
            )
    return faults


def _read_borrowed(draft: Draft, wanted: object) -> list[Fault]:
    header = draft.documents["case"]
    names = packaged_cases()
    draft.documents.pop("parameters", None)
    draft.posterior_text = None
    if wanted not in names:
        return [
            header.fault(
                ("parameters",),
                f"parameters is {wanted!r}",
                "own, or a packaged case: " + listed(names),
                nearest(wanted, ["own", *names]),
            )
        ]
    directory = CASES / str(wanted)
    texts, faults = _texts(directory)
    of = read_document(SECTION["case"], str(directory / "case.yaml"), texts.get("case.yaml", ""))[0].data
    if not isinstance(of, Mapping) or of.get("parameters", "own") != "own" or "parameters.yaml" not in texts:
        return [
            header.fault(
                ("parameters",), f"{wanted} has no parameters of its own", "a case with parameters: own"
            )
        ]
    document, faults = read_document(
        SECTION["parameters"], str(directory / "parameters.yaml"), texts["parameters.yaml"]
    )
    draft.documents["parameters"] = document
    sources, _ = read_document(
        SECTION["sources"], str(directory / "sources.yaml"), texts.get("sources.yaml", "")
    )
    inner = sources.data.get("sources") if isinstance(sources.data, Mapping) else None
    draft.parameter_sources = set(inner) if isinstance(inner, Mapping) else set()
    if POSTERIOR in texts:
        draft.posterior_text = (str(directory / POSTERIOR), texts[POSTERIOR])
    return faults
