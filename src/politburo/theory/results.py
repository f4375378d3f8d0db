"""What a model returns: a small object that prints well, draws itself and exports.

Every result carries the model's standing, so that no screen shows a derived model as a published one, and
says which work it stands on. Columns and rows are plain Python values; nothing heavy is imported until it is
asked for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

PUBLISHED = "published model, computed here"
DERIVED = "derived, not published"
PROPOSED = "derived, not published (proposed here)"
ARITHMETIC = "arithmetic on the figures given"


def shown(value: Any, digits: int = 6) -> str:
    """One value as text: short floats, fractions as written, missing as a dash."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return str(value) if len(str(value)) <= 14 else f"{float(value):.{digits}g}"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 100_000 else str(value)
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(shown(v, digits) for v in value)
    return str(value)


def plain(value: Any) -> Any:
    """The value as JSON can hold it: fractions become strings, NumPy scalars Python ones."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and value != value:
        return None
    return value if isinstance(value, str | int | float | bool | type(None)) else str(value)


@dataclass(eq=False, kw_only=True)
class Result:
    """A table with facts above it and notes below it.

    Attributes
    ----------
    title, source, standing : str
        What was computed, the work the model is from, and whether the model is published or derived here.
    columns, rows
        The table.
    facts : dict
        Single values, printed above the table.
    notes : list of str
        What the reader must know (ties, methods, unproved answers), printed below.
    """

    title: str
    source: str
    standing: str = PUBLISHED
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def column(self, name: str) -> list[Any]:
        """The values of one column."""
        at = list(self.columns).index(name)
        return [row[at] for row in self.rows]

    def __str__(self) -> str:
        lines = [self.title, f"  model: {self.source} [{self.standing}]"]
        lines += [f"  {key}: {shown(value)}" for key, value in self.facts.items()]
        if self.rows:
            cells = [[shown(v) for v in row] for row in self.rows]
            widths = [max(len(c), *(len(r[i]) for r in cells)) for i, c in enumerate(self.columns)]
            text = [all(isinstance(r[i], str | None) for r in self.rows) for i in range(len(self.columns))]
            lines.append("")
            for line in [list(self.columns), *cells]:
                padded = [c.ljust(w) if t else c.rjust(w) for c, w, t in zip(line, widths, text)]
                lines.append("  " + "  ".join(padded).rstrip())
        lines += ["", *(f"  note: {note}" for note in self.notes)] if self.notes else []
        return "\n".join(lines)

    __repr__ = __str__

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "title": self.title,
            "source": self.source,
            "standing": self.standing,
            "facts": plain(self.facts),
            "columns": list(self.columns),
            "rows": plain(self.rows),
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """`to_dict` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_csv(self, path: str | Path | None = None) -> str:
        """The table as CSV, full precision; also written to `path` when given."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(
            [
                ["" if v is None else plain(v) if not isinstance(v, list | tuple) else shown(v) for v in row]
                for row in self.rows
            ]
        )
        if path is not None:
            Path(path).write_text(out.getvalue(), encoding="utf-8")
        return out.getvalue()

    def to_frame(self) -> Any:
        """The table as a pandas data frame."""
        import pandas as pd

        return pd.DataFrame(
            [[float(v) if isinstance(v, Fraction) else v for v in row] for row in self.rows],
            columns=list(self.columns),
        )

    def chart(self) -> Any:
        """An Altair chart of the table: bars over names, lines over numbers."""
        return chart(self.columns, self.rows, title=self.title)


def chart(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    title: str = "",
    x: str | None = None,
    series: Sequence[str] | None = None,
    mark: str | None = None,
) -> Any:
    """An Altair chart of some columns of a table; `x` defaults to the first, `series` to every numeric other
    one.
    """
    import altair as alt

    number = int | float | Fraction | None
    x = x or columns[0]
    at = list(columns).index(x)
    numeric = {
        c: all(isinstance(r[i], number) and not isinstance(r[i], bool) for r in rows)
        for i, c in enumerate(columns)
    }
    series = list(series or [c for i, c in enumerate(columns) if i != at and numeric[c]])
    values = [
        {
            x: plain(r[at]) if not isinstance(r[at], Fraction) else float(r[at]),
            "series": c,
            "value": None if r[list(columns).index(c)] is None else float(r[list(columns).index(c)]),
        }
        for r in rows
        for c in series
    ]
    line = numeric[x] if mark is None else mark == "line"
    drawn = alt.Chart(alt.Data(values=values), title=title)
    kind = "Q" if line else "N"
    drawn = drawn.mark_line(point=len(rows) < 60) if line else drawn.mark_bar()
    encoding = {
        "x": alt.X(f"{x}:{kind}", sort=None),
        "y": alt.Y("value:Q", title=series[0] if len(series) == 1 else "value"),
    }
    if len(series) > 1:
        encoding["color"] = alt.Color("series:N", title=None)
        if not line:
            encoding["xOffset"] = alt.XOffset("series:N")
    return drawn.encode(**encoding)
