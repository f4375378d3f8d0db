"""posterior.csv: weighted particles, one column per parameter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..faults import Fault, Faults
from ..marked import scan_csv
from .values import as_number

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, eq=False)
class Posterior:
    """A calibrated ensemble of parameters.

    `names`: parameters in the order of the columns; `values`: float64, particles x parameters, read-only;
    `weights`: float64, particles, summing to one, read-only.
    """

    names: tuple[str, ...]
    values: np.ndarray
    weights: np.ndarray

    @property
    def columns(self) -> tuple[str, ...]:
        """The parameters, as the file's columns name them."""
        return self.names

    def column(self, name: str) -> np.ndarray:
        """The values of one parameter, one a particle."""
        return self.values[:, self.names.index(name)]

    def __len__(self) -> int:
        return len(self.weights)

    def mean(self) -> dict[str, float]:
        """Weighted mean of every parameter."""
        return dict(zip(self.names, (self.weights @ self.values).tolist(), strict=True))

    def pinned(self, name: str, value: float) -> Posterior:
        """The same particles with one parameter held at one value."""
        values = self.values.copy()
        values[:, self.names.index(name)] = value
        return _posterior(self.names, values, self.weights)


def _posterior(names: tuple[str, ...], values: np.ndarray, weights: np.ndarray) -> Posterior:
    values.flags.writeable = False
    weights.flags.writeable = False
    return Posterior(names, values, weights)


def read_posterior(file: str, text: str, ranges: dict[str, tuple[float | None, float | None]]) -> Posterior:
    """Read the particles. `ranges`: every parameter of the case with the ends of its prior range.

    Raises `Faults` with every unknown or missing column, every value that is not a number or lies outside its
    range.
    """
    import numpy as np

    names = tuple(ranges)
    rows, faults = scan_csv(file, ["weight", *names], text=text)
    if faults:
        raise Faults(faults)
    if not rows:
        raise Faults([Fault(file, 0, 0, "no particles", "at least one row")])
    table = np.empty((len(rows), len(names) + 1))
    limits = {"weight": (0.0, None), **ranges}
    for i, row in enumerate(rows):
        for j, column in enumerate(("weight", *names)):
            text_ = row.values.get(column, "")
            found = as_number(text_)
            low, high = limits[column]
            if found is None:
                faults.append(row.fault(column, f"{column} is {text_!r}", "a number"))
            elif (low is not None and found < low) or (high is not None and found > high):
                words = f"from {low:g} to {high:g}" if high is not None else "0 or more"
                faults.append(
                    row.fault(
                        column,
                        f"{column} is {found:g}",
                        words + " (the range in parameters.yaml)" if column != "weight" else words,
                    )
                )
            table[i, j] = np.nan if found is None else found
    total = table[:, 0].sum()
    if not faults and not total > 0:
        faults.append(Fault(file, 0, 0, "weights that sum to 0", "at least one weight above 0"))
    if faults:
        raise Faults(faults)
    return _posterior(names, np.ascontiguousarray(table[:, 1:]), table[:, 0] / total)
