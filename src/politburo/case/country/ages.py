"""People by sex and age on record: censuses and reconstructions, by five-year groups.

`country/record/ages.csv`: one row a date and sex, in persons or thousands; `kind` is `census` or `reconstruction`, `borders` the year whose borders are
meant. Reading takes some milliseconds; faults are collected with their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...evidence import Evidence
from ...faults import Fault, Faults, listed
from ...marked import scan_csv
from ..values import as_number

GROUPS = (*(f"a{k}_{k + 4}" for k in range(0, 85, 5)), "a85_up")
FILE = Path("record") / "ages.csv"
SCALE = {"thousand": 1.0, "persons": 1000.0}
COLUMNS = ("date", "borders", "kind", "sex", "unit", "all", *GROUPS, "evidence", "note")


@dataclass(frozen=True, eq=False)
class Ages:
    """People on one date: `men` and `women` by group, thousands; groups that the source does not tell apart are nan."""

    date: str
    borders: str
    kind: str
    men: np.ndarray  # (18,)
    women: np.ndarray  # (18,)
    evidence: Evidence

    @property
    def year_end(self) -> int:
        """The calendar year at whose end the date lies nearest."""
        return int(self.date[:4]) - (1 if self.date[5:7] == "01" else 0)


def read(folder: Path, faults: list[Fault]) -> tuple[Ages, ...]:
    """Dates with both sexes, in the order of the file; none without a file."""
    path = Path(folder) / FILE
    if not path.exists():
        return ()
    try:
        rows, found = scan_csv(path, COLUMNS)
    except Faults as error:
        faults += error.faults
        return ()
    faults += found
    sides: dict[tuple[str, str, str], dict[str, tuple[np.ndarray, str]]] = {}
    for row in rows:
        get = row.values.get
        values = np.array([v if (v := as_number(get(g, ""))) is not None else np.nan for g in GROUPS])
        sex = get("sex", "")
        if sex not in ("male", "female"):
            faults.append(row.fault("sex", f"sex is {sex!r}", "male, female"))
            continue
        if get("unit") not in SCALE or get("evidence") not in [str(e) for e in Evidence]:
            faults.append(row.fault("unit", f"{get('unit')!r}, {get('evidence')!r}", listed(SCALE) + ", with an evidence label"))
            continue
        values /= SCALE[get("unit", "")]
        sides.setdefault((get("date", ""), get("borders", ""), get("kind", "")), {})[sex] = (values, get("evidence", ""))
    return tuple(
        Ages(*key, both["male"][0], both["female"][0], Evidence(both["male"][1])) for key, both in sides.items() if len(both) == 2
    )
