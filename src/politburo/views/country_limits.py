"""What the record cannot tell about the country: parameters that the fit left nearly as wide as their ranges.

A claim that rests on such a parameter is an assumption with a range, and the report says so beside the figures. Measured
from the ensembles that the case ships: the share of the allowed range that the middle 80% of the fitted rows take up (of a range that says nothing
more they would take up two thirds to four fifths).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .words import percent

if TYPE_CHECKING:
    from ..case.country import CountryFiles

WIDE = 0.5  # of the range
#: What a reader will ask first, and the parameter that carries it.
ASKED = {
    "terror_drag": "what the Terror cost in output",
    "hunger_hiring": "how far hungry towns stop growing",
    "private_grain": "how much grain reached the towns past the state",
    "metal_burst": "how much of the stagnation of metals after 1937 is the coded turn of building away from them",
    "machine_mix": "how much faster machines grew in old prices",
    "grain_price": "how much more grain peasants sell for a better price",
    "grain_weather_share": "what share of a bad harvest is weather",
    "grain_answer": "how far plans would have followed another harvest",
    "grain_pass": "how far plans would have followed another export",
    "kolkhoz_sowing": "how much would have stayed unsown without the pause of 1930",
    "grain_search": "what searches and closed borders took by themselves",
    "terror_managers": "what the loss of managers cost",
}


@dataclass(frozen=True)
class Limit:
    """One parameter: the share of its range that the fitted ensemble still covers; None when it was not fitted at all."""

    name: str
    means: str
    mechanism: str
    covered: float | None
    evidence: str
    note: str


def limits(files: CountryFiles) -> list[Limit]:
    """Every parameter of the country with a range, the widest first; those not fitted come last."""
    rows: dict[str, np.ndarray] = {name: p.column(name) for p in files.posteriors for name in p.names}
    out = []
    for name, p in files.parameters.items():
        if p.low is None or p.high is None or not p.low < p.high:
            continue
        covered = None
        if name in rows and p.fitted:
            scale = np.log if p.scale == "log" else np.asarray
            low, high = np.quantile(scale(rows[name]), (0.1, 0.9))
            covered = float((high - low) / (scale(p.high) - scale(p.low)))
        out.append(Limit(name, str(p.means), str(p.mechanism), covered, str(p.evidence), str(p.note or "")))
    return sorted(out, key=lambda x: -1.0 if x.covered is None else -x.covered - 1.0)


def sentences(files: CountryFiles) -> list[str]:
    """In plain words: how many parameters the record pins down, and what it cannot say of what will be asked first."""
    found = limits(files)
    fitted = [x for x in found if x.covered is not None]
    if not found:
        return []
    wide = [x for x in fitted if (x.covered or 0.0) >= WIDE]
    free = [x for x in found if x.covered is None]
    lines = [
        f"Of {len(fitted)} fitted parameters {len(wide)} still cover half or more of the range that they were allowed; {len(free)} more are assumptions that"
        " nothing was fitted to. Whatever rests on them is what was put in."
    ]
    for x in found:
        if x.name in ASKED and (x.covered is None or x.covered >= WIDE):
            how = "was not fitted" if x.covered is None else f"the middle 80% of the fit cover {percent(x.covered)} of its range"
            lines.append(f"The record does not say {ASKED[x.name]}: {how} ({x.name}: {x.means}).")
    return lines


def rows(files: CountryFiles) -> tuple[tuple[str, ...], ...]:
    """A table: parameter, meaning, mechanism, share of the range covered, label, note."""
    return tuple((x.name, x.means, x.mechanism, "not fitted" if x.covered is None else percent(x.covered), x.evidence, x.note) for x in limits(files))


HEAD = ("parameter", "meaning", "mechanism", "range covered", "label", "note")
