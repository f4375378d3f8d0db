"""What a case holds, in a few numbers: for `politburo check` and for reports."""

from __future__ import annotations

from typing import Any

from ..evidence import Evidence
from .schema import Case

#: Labels that nobody else can check in a copy of the source.
SOFT = (Evidence.RECALLED, Evidence.ASSUMED)


def summary(case: Case) -> dict[str, Any]:
    """Counts of a case, ready for JSON; `soft_share` is the share of values that are recalled or assumed."""
    labels = case.labels()
    total = sum(labels.values())
    return {
        "name": case.name,
        "title": case.title,
        "path": str(case.path),
        "digest": case.digest,
        "start": str(case.start),
        "end": str(case.end),
        "months": case.months,
        "people": len(case.people),
        "watched": sum(person.watch for person in case.people.values()),
        "organs": len(case.organs),
        "circle": {
            "name": case.circle.name,
            "full": len(case.members(case.circle.id, "full", "member")),
            "candidates": len(case.members(case.circle.id, "candidate")),
        },
        "posts": len(case.posts),
        "vacant_posts": sum(post.holder is None for post in case.posts.values()),
        "ties": len(case.ties),
        "localities": len(case.localities),
        "issues": len(case.issues),
        "rules": len(case.rules),
        "shocks": len(case.shocks),
        "parameters": len(case.parameters),
        "fitted_parameters": sum(parameter.fitted for parameter in case.parameters.values()),
        "parameters_of": case.header.parameters,
        "particles": len(case.posterior) if case.posterior is not None else 0,
        "targets": len(case.targets),
        "fitted_targets": sum(target.fitted for target in case.targets.values()),
        "outcomes": len(case.outcomes),
        "sources": len(case.sources),
        "labels": {str(label): labels[str(label)] for label in Evidence if labels[str(label)]},
        "values": total,
        "soft_share": sum(labels[str(label)] for label in SOFT) / total if total else 0.0,
    }
