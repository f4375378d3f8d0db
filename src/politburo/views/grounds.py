"""What the numbers rest on: parameters, evidence labels, the soft facts, what matters most, and provenance."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..evidence import Evidence
from .findings import Findings
from .words import count, upper

MEANS = {
    Evidence.PUBLISHED: "printed in the cited work, which was read", Evidence.LOOKED_UP: "read in a copy of the page named",
    Evidence.DATASET: "extracted from a public data set", Evidence.DERIVED: "computed from other labelled values",
    Evidence.RECALLED: "cited from memory of the named work, not opened", Evidence.ASSUMED: "a judgement of this project",
}  # fmt: skip
DRAWN = 2000  # histories whose draws are looked at
STRONG = 4.0  # a correlation is shown from this many of its own standard errors


def parameter_rows(findings: Findings) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Every parameter: value, range, fitted 10, 50 and 90%, evidence, meaning. Returns (head, rows)."""
    compiled = findings.compiled
    table = compiled.particles
    several = len(table) > 1
    head = (
        "parameter",
        "mechanism",
        "value",
        "range",
        *(("10%", "middle", "90%") if several else ()),
        "evidence",
        "meaning",
    )
    rows = []
    for k, name in enumerate(compiled.parameters):
        p = compiled.case.parameters[name]
        band = tuple(f"{v:.3g}" for v in np.quantile(table[:, k], (0.1, 0.5, 0.9))) if several else ()
        unit = "" if p.unit == "1" else f" ({p.unit})"
        fixed = "" if p.fitted else "; not fitted"
        rows.append(
            (
                name.replace("_", " "),
                p.mechanism,
                f"{p.value:.3g}",
                f"{p.low:.3g} to {p.high:.3g}",
                *band,
                findings.words.evidence(p.evidence) + fixed,
                p.means + unit,
            )
        )
    return head, rows


def evidence_rows(findings: Findings) -> list[tuple[str, ...]]:
    """Counts a label: values of the case, and facts compared."""
    labels = {findings.words.evidence(k): v for k, v in findings.compiled.case.labels().items()}
    facts: dict[str, int] = {}
    for f in findings.findings:
        facts[f.evidence] = facts.get(f.evidence, 0) + 1
    return [
        (label.value, f"{labels.get(label.value, 0):,}", str(facts.get(label.value, 0)), MEANS[label])
        for label in Evidence
        if labels.get(label.value) or facts.get(label.value)
    ]


def soft_rows(findings: Findings) -> list[tuple[str, ...]]:
    """Recorded facts that are recalled or assumed: they count in the comparison, and nobody has looked them up."""
    case, rows = findings.compiled.case, []
    for f in findings.findings:
        if f.evidence in (Evidence.RECALLED.value, Evidence.ASSUMED.value):
            target = case.targets[f.id]
            source = case.sources[target.source].citation if target.source else "-"
            rows.append(
                (
                    upper(f.name) + ("" if f.fitted else " *"),
                    findings.shown(f, f.record),
                    f.evidence,
                    source,
                    target.note or "-",
                )
            )
    return rows


def influence_rows(findings: Findings) -> tuple[str, list[tuple[str, ...]]]:
    """What goes with the main outcome from history to history. Returns (a sentence about it, rows).

    The outcome is whether the person who most often rules alone (or, failing that, leads) does so at the end. A coded value
    differs between histories by its coder error; a parameter by the fitted ensemble. Shown are correlations of at
    least four standard errors.
    """
    from .influence import draws

    top = findings.top(findings.end.rules, 1) or findings.top(findings.end.leads, 1)
    if not top:
        return "", []
    who, share = top[0]
    ruling = bool(findings.top(findings.end.rules, 1))
    column = findings.kept.ruler if ruling else findings.kept.leader
    hit = (column[:, -1] == who).astype(float)
    if not 0.02 <= hit.mean() <= 0.98:
        return "", []
    found = draws(findings.result, findings.histories[:DRAWN])
    if found is None:
        return "", []
    y = hit[: len(found.values)]
    y = y - y.mean()
    x = found.values - found.values.mean(0)
    norm = np.sqrt((x**2).sum(0) * (y**2).sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        r = np.where(norm > 0, (x * y[:, None]).sum(0) / norm, 0.0)
    noise = 1.0 / np.sqrt(len(y))
    strong = [k for k in np.argsort(-np.abs(r)) if abs(r[k]) >= STRONG * noise][:15]
    doing = "rules alone" if ruling else "leads"
    name = findings.words.person(who)
    about = (
        f"Which of the soft values matter: correlation of each, over the first {count(len(y), 'history', 'histories')}, with whether {name} {doing} at the end."
        f" {len(found.names)} values vary; chance alone gives correlations of about {noise:.2f}, and only those of {STRONG * noise:.2f} or more are listed"
        + ("." if strong else ": there is none.")
    )
    return about, [
        (found.names[k], found.coded[k], found.error[k], found.evidence[k], f"{r[k]:+.2f}") for k in strong
    ]


def provenance_rows(findings: Findings) -> tuple[list[tuple[str, str]], str]:
    """What identifies the run, and the commands that make it and this page again."""
    made: dict[str, Any] = dict(getattr(findings.result, "provenance", {}) or {})
    labels = {
        "id": "run", "seed": "seed", "histories": "histories asked for", "months": "months", "engine": "digest of the engine", "created": "made",
        "parameters": "digest of the parameters",
    }  # fmt: skip
    rows = [(label, str(made[key])) for key, label in labels.items() if made.get(key) is not None]
    case = made.get("case")
    if isinstance(case, dict):
        rows += [(f"case: {k}", str(v)) for k, v in case.items() if isinstance(v, str | int | float)]
    for key in ("changes", "without", "mechanisms"):
        if made.get(key):
            value = made[key]
            shown = (
                ", ".join(f"{k} = {v}" for k, v in value.items())
                if isinstance(value, dict)
                else ", ".join(map(str, value))
            )
            rows.append((key, shown))
    versions = made.get("versions")
    if isinstance(versions, dict):
        rows.append(("versions", ", ".join(f"{k} {v}" for k, v in versions.items())))
    done = getattr(findings.result, "done", findings.n)
    if made.get("histories") and done != made["histories"]:
        rows.append(("histories there", f"{done:,}"))
    return rows, _command(findings, made)


def _command(findings: Findings, made: dict[str, Any]) -> str:
    name = findings.compiled.case.name
    parts = [f"politburo run {name} -n {made.get('histories', findings.n)}"]
    if made.get("seed") is not None:
        parts.append(f"--seed {made['seed']}")
    parts += (
        [f"--set {k}={v}" for k, v in (made.get("changes") or {}).items()]
        if isinstance(made.get("changes"), dict)
        else []
    )
    parts += [f"--without {mechanism}" for mechanism in made.get("without") or []]
    if made.get("until") and made["until"] != str(findings.compiled.case.end):
        parts.append(f"--until {made['until']}")
    if made.get("coder_error") is False:
        parts.append("--no-coder-error")
    return (
        " ".join(parts) + f" --out results/{name}\npolitburo report results/{name} -o report.html\n"
        f"politburo rerun RESULT      # from the copy of the case that the result keeps\npolitburo trace RESULT --history 0"
    )
