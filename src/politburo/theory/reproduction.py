"""What is reproduced, to what tolerance, with which evidence: every reference value run again.

Each check sets our value beside a reference and says what kind of reference it is: *published* (printed by
the authors and read), *derived* (a regression value recomputed independently, or the value of a model derived
here), *recalled* (cited from memory of a work). The tests run these same checks, row by row; `politburo
theory reproduce` prints them; the reference page is made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from politburo.evidence import Evidence

from . import reference_models, reference_politics
from .inputs import reject
from .reference_politics import Line
from .results import Result


@dataclass(frozen=True)
class Check:
    """A group of lines from one source."""

    key: str
    title: str
    tolerance: str
    lines: Callable[[], Iterator[Line]]


CHECKS = (
    Check("coalitions", "Ultimate ruling coalitions", "exact", reference_politics.coalitions),
    Check("sizes", "Sizes of near-equal coalitions", "exact", reference_politics.sizes),
    Check("network", "Power along ties", "1e-6", reference_politics.network),
    Check("dynamics", "Juntas and constitutions", "exact", reference_politics.dynamics),
    Check("indices", "Power indices of 17 games", "exact counts, 1e-12", reference_politics.indices),
    Check("small-games", "Hand-checked voting games", "exact fractions", reference_politics.small_games),
    Check(
        "emission",
        "Expected-utility model, emission case",
        "1e-6; printed table 0.1",
        reference_politics.emission,
    ),
    Check(
        "china",
        "Spatial model, 13 Chinese actors and five actors",
        "printed digits; 1e-6",
        reference_politics.china,
    ),
    Check(
        "china-papers", "Chinese policy and competition cases", "exact sums", reference_politics.china_papers
    ),
    Check(
        "leaders",
        "Hazards, spells, selectorate, eliminations",
        "1e-4, exact, 1e-8, 1e-6",
        reference_models.leaders,
    ),
    Check(
        "small-models",
        "Circular flow, thresholds, contests, triads, balances",
        "5e-4; exact",
        reference_models.small_models,
    ),
    Check("growth", "Fel'dman-Domar and Mahalanobis", "1e-6; crossovers 5e-4", reference_models.growth),
    Check("people", "Populations, excess deaths, convictions", "1e-6; exact sums", reference_models.people),
)


def lines(key: str) -> list[Line]:
    """All lines of one check."""
    for check in CHECKS:
        if check.key == key:
            return list(check.lines())
    raise reject("check", repr(key), ", ".join(c.key for c in CHECKS))


def reproduce(keys: list[str] | None = None) -> Result:
    """Run the checks (all by default): values compared, by evidence, how many hold, and the largest error."""
    rows, failing = [], []
    for check in CHECKS:
        if keys and check.key not in keys:
            continue
        found = list(check.lines())
        kinds = {e: sum(v.evidence == e for v in found) for e in Evidence}
        errors = [v.error for v in found if v.error is not None]
        rows.append(
            (
                check.title,
                len(found),
                sum(v.holds for v in found),
                ", ".join(f"{n} {e}" for e, n in kinds.items() if n),
                check.tolerance,
                max(errors) if errors else None,
            )
        )
        failing += [
            f"{check.key}: {v.what}: ours {v.ours}, reference {v.reference}" for v in found if not v.holds
        ]
    unknown = [k for k in keys or [] if k not in {c.key for c in CHECKS}]
    if unknown:
        raise reject("check", repr(unknown[0]), ", ".join(c.key for c in CHECKS))
    return Result(
        title="What is reproduced",
        source="the works named on the model pages",
        standing="evidence is of the reference values",
        columns=("check", "values", "hold", "evidence of the references", "tolerance", "largest error"),
        rows=rows,
        facts={"values": sum(r[1] for r in rows), "hold": sum(r[2] for r in rows)},
        notes=failing,
    )


__all__ = ["CHECKS", "Check", "Line", "lines", "reproduce"]
