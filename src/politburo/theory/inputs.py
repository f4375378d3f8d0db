"""What a user gave us, made exact, or refused with a typed fault.

Numbers are exact rationals. Text and decimals are read as written ("4.6" is 23/5, "1/3" a third); a float is
read as the shortest decimal that prints like it, so 0.1 is one tenth. Nothing rounds silently: what does not
fit raises `politburo.faults.Faults`, which names the argument, what was found and what is allowed, all faults
at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from numbers import Integral, Rational, Real
from pathlib import Path
from typing import Any

from politburo.faults import Fault, Faults, listed, nearest
from politburo.marked import Row, load_csv

#: Largest integer the 64-bit kernels may meet.
INT64 = 2**63 - 1

NAME_COLUMNS = ("name", "member", "actor", "player", "group")


def reject(argument: str, found: str, allowed: str, near: str | None = None) -> Faults:
    """The fault of one argument, ready to raise."""
    return Faults([Fault(argument, 0, 0, found, allowed, near)])


def read_number(value: Any) -> Fraction | str:
    """The exact rational of a value, or, as text, why there is none."""
    if type(value) is int or type(value) is Fraction:
        return Fraction(value)
    if isinstance(value, bool) or (hasattr(value, "dtype") and str(value.dtype) == "bool"):
        return f"{value!r}, a truth value"
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, Integral):
        return Fraction(int(value))
    if isinstance(value, Decimal):
        return Fraction(value) if value.is_finite() else str(value)
    if isinstance(value, Real):
        number = float(value)
        return Fraction(repr(number)) if math.isfinite(number) else repr(number)
    if isinstance(value, str):
        text = value.strip().replace("_", "x")
        try:
            if len(text) > 60:
                return f"a number of {len(text)} characters"
            if "/" in text:
                return Fraction(text)
            number = Decimal(text)
            return Fraction(number) if number.is_finite() and -60 < number.adjusted() < 60 else repr(value)
        except ZeroDivisionError:
            return f"{value!r}, a division by zero"
        except (ValueError, InvalidOperation):
            return repr(value)
    return f"{type(value).__name__} {value!r}"[:80]


def number(
    value: Any, argument: str, allowed: str = "a finite number", low: Any = None, high: Any = None
) -> Fraction:
    """One exact number, at least `low` and at most `high`."""
    found = read_number(value)
    if isinstance(found, str):
        raise reject(argument, found, allowed)
    if (low is not None and found < low) or (high is not None and found > high):
        raise reject(argument, str(value), allowed)
    return found


def real(
    value: Any,
    argument: str,
    allowed: str = "a finite number",
    low: float = -math.inf,
    high: float = math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> float:
    """One float with `low <= value <= high` and `above < value < below`."""
    found = float(number(value, argument, allowed))
    if not (low <= found <= high and above < found < below):
        raise reject(argument, str(value), allowed)
    return found


def whole(value: Any, argument: str, low: int = 0, high: int = 10**9) -> int:
    """One whole number between `low` and `high`."""
    allowed = f"a whole number from {low} to {high:,}"
    found = number(value, argument, allowed, low, high)
    if found.denominator != 1:
        raise reject(argument, str(value), allowed)
    return int(found)


def word(value: Any, argument: str, allowed: Iterable[str]) -> str:
    """One of the allowed words."""
    words = list(allowed)
    if value not in words:
        raise reject(argument, repr(value), listed(words), nearest(value, words))
    return value


def reals(
    values: Any,
    argument: str,
    size: int | None = None,
    allowed: str = "finite numbers",
    low: float = -math.inf,
    high: float = math.inf,
) -> list[float]:
    """A list of floats in [low, high], each fault named by its place."""
    items = _items(values, argument)
    faults, out = [], []
    for place, value in enumerate(items):
        found = read_number(value)
        if isinstance(found, str) or not low <= found <= high:
            faults.append(
                Fault(f"{argument}[{place}]", 0, 0, found if isinstance(found, str) else str(value), allowed)
            )
        else:
            out.append(float(found))
    if size is not None and len(items) != size:
        faults.append(Fault(argument, 0, 0, f"{len(items)} values", f"{size} values"))
    if faults:
        raise Faults(faults)
    return out


def _items(values: Any, argument: str) -> list[Any]:
    if isinstance(values, str | bytes) or not hasattr(values, "__iter__"):
        raise reject(argument, repr(values)[:60], "a sequence of numbers")
    if hasattr(values, "ndim") and values.ndim != 1:
        raise reject(argument, f"an array of {values.ndim} dimensions", "one dimension")
    return list(values)


def rows_of(table: Any) -> list[Any]:
    """The rows of a two-dimensional table: list of rows, NumPy array or data frame (values only)."""
    if hasattr(table, "columns"):
        table = table.to_numpy()
    return table.tolist() if hasattr(table, "tolist") else list(table)


@dataclass(frozen=True)
class Measure:
    """Members with an exact, non-negative quantity each (power, weight, votes).

    `whole` are the quantities times `scale`, the least common denominator, as integers.
    """

    names: tuple[str, ...]
    exact: tuple[Fraction, ...]
    whole: tuple[int, ...]
    scale: int

    @property
    def total(self) -> Fraction:
        """The sum of all quantities."""
        return Fraction(sum(self.whole), self.scale)


def measure(
    values: Any, names: Sequence[str] | None = None, argument: str = "powers", positive: bool = True
) -> Measure:
    """Members and quantities from a sequence, a NumPy array, a mapping name -> quantity, a data frame or a
    `Measure`.

    A data frame needs a column named like the argument (singular) and may have one of names. Names default to
    A, B, C, ... Raises `Faults` for an empty set, a negative, infinite or missing value, a wrong count of
    names, or a doubled name."""
    if isinstance(values, Measure):
        return values
    if isinstance(values, Mapping):
        names, values = list(values), list(values.values())
    elif hasattr(values, "columns"):
        columns = [str(c) for c in values.columns]
        singular = argument.removesuffix("s")
        if singular not in columns:
            raise reject(
                argument,
                f"a table with columns {listed(columns)}",
                f"a column {singular!r}",
                nearest(singular, columns),
            )
        named = [c for c in columns if c in NAME_COLUMNS]
        names = list(values[named[0]]) if named and names is None else names
        values = list(values[singular])
    items = _items(values, argument)
    faults = []
    if not items:
        raise reject(argument, "an empty set", "at least one member")
    least = "positive numbers" if positive else "numbers of at least 0"
    exact = []
    for place, value in enumerate(items):
        found = read_number(value)
        if isinstance(found, str) or found.numerator < (1 if positive else 0):
            faults.append(
                Fault(f"{argument}[{place}]", 0, 0, found if isinstance(found, str) else str(value), least)
            )
        else:
            exact.append(found)
    labels = [str(n) for n in names] if names is not None else default_names(len(items))
    if len(labels) != len(items):
        faults.append(
            Fault("names", 0, 0, f"{len(labels)} names", f"{len(items)}, one for each of {argument}")
        )
    doubled = sorted({n for n in labels if labels.count(n) > 1})
    if doubled:
        faults.append(
            Fault("names", 0, 0, f"{listed(doubled)} more than once", "a different name for each member")
        )
    if faults:
        raise Faults(faults)
    scale = math.lcm(*(f.denominator for f in exact))
    return Measure(
        tuple(labels), tuple(exact), tuple(f.numerator * (scale // f.denominator) for f in exact), scale
    )


def default_names(count: int) -> list[str]:
    """A, B, ..., Z, then A1, B1, ..."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [letters[i % 26] + (str(i // 26) if i >= 26 else "") for i in range(count)]


def majority(value: Any, argument: str = "majority") -> Fraction:
    """A supermajority share: at least 1/2, below 1."""
    allowed = 'a share from 1/2 to below 1, such as "2/3"'
    share = number(value, argument, allowed)
    if not Fraction(1, 2) <= share < 1:
        raise reject(argument, str(value), allowed)
    return share


def fits_int64(largest: int, argument: str) -> None:
    """Refuse integers that the 64-bit kernels cannot hold."""
    if largest > INT64:
        raise reject(
            argument,
            f"numbers that need {largest.bit_length()} bits once made whole",
            "sums below 2^63 (fewer digits, or a common unit)",
        )


def read_table(
    path: str | Path,
    numbers: Sequence[str],
    optional: Sequence[str] = (),
    text: str | None = None,
    low: Fraction | int | None = None,
    required_text: Sequence[str] = (),
) -> tuple[list[Row], dict[str, list[Any]]]:
    """Rows of a CSV file and its columns as exact numbers; a name column is optional, every fault has its
    line.

    `numbers` must be there, `optional` may; both are numeric. Empty cells of optional columns become None.
    """
    from politburo.marked import read_text

    text = read_text(Path(path)) if text is None else text
    header = [c.strip() for c in (text.splitlines() or [""])[0].split(",")]
    rows = load_csv(path, [*required_text, *numbers], [*NAME_COLUMNS, *optional], text)
    present = [c for c in [*numbers, *optional] if c in header]
    columns: dict[str, list[Any]] = {c: [] for c in present}
    named = [c for c in header if c in NAME_COLUMNS]
    faults = [] if rows else [Fault(str(path), 0, 0, "no rows", "at least one member")]
    allowed = "a finite number" if low is None else f"a number of at least {low}"
    for row in rows:
        for column in present:
            cell = row.values[column]
            if cell == "" and column in optional:
                columns[column].append(None)
                continue
            found = read_number(cell)
            if isinstance(found, str) or (low is not None and found < low):
                faults.append(row.fault(column, found if isinstance(found, str) else cell, allowed))
            else:
                columns[column].append(found)
    columns["name"] = [row.values[named[0]] for row in rows] if named else default_names(len(rows))
    for column in required_text:
        columns[column] = [row.values[column] for row in rows]
    seen: dict[str, int] = {}
    for row, name in zip(rows, columns["name"]):
        if name in seen:
            faults.append(
                row.fault(named[0], f"{name!r} a second time", f"once (first on line {seen[name]})")
            )
        seen[name] = row.line
    if faults:
        raise Faults(faults)
    return rows, columns
