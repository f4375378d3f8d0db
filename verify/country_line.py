"""The recorded line: that line.csv of the ussr case is still where the fitted politics have it.

    python -m verify country_line            compare
    python -m verify.country_line            write cases/ussr/country/line.csv anew (after a new calibration)

Levers answer to the distance of the prevailing line from the recorded one. Both must be measured alike, so the recorded line
is the median line of the fitted ensemble in histories like the record: those in which the recorded leader leads in December
1929. Practice follows a line with a lag; the line kept each December is the lagged one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from verify import Check

LEADER, WHEN = "stalin", "1929-12"
HISTORIES = 1950
_NOTE = (
    "median over the histories of the fitted ensemble (1,950, run to 1953-03, seam off) in which the recorded leader leads in "
    "December 1929; practice follows the stances of the coalition with a lag"
)


def lines() -> tuple[tuple[str, ...], np.ndarray, float]:
    """Issues, median line each December (years, issues), share of histories like the record."""
    from politburo.engine.country.year import NAMES
    from politburo.engine.ensemble import Engine
    from politburo.engine.month import STANDARD
    from politburo.lab.ensembles.provenance import plan

    compiled = plan("ussr", until="1953-03").compiled
    country = compiled.world.country
    world = compiled.world._replace(country=country._replace(draws=country.draws.pinned(seam_strength=0.0)))
    engine = Engine(world, compiled.parameters, compiled.months, (*STANDARD, "levers", "signals"))
    rows = compiled.particles[np.arange(HISTORIES) % len(compiled.particles)]
    kept, _ = engine.run(0, rows)
    like = kept.leader[:, [str(m) for m in compiled.checks].index(WHEN)] == compiled.people.index(LEADER)
    at = NAMES.index("line_1")
    found = np.median(kept.years[like][:, :-1, at : at + len(compiled.issues)], axis=0)
    return compiled.issues, found, float(like.mean())


def checks() -> Iterator[Check]:
    """The distance between the file and the ensemble."""
    from politburo.lab.ensembles.provenance import plan

    issues, found, share = lines()
    path = plan("ussr", until="1953-03").compiled.world.country.line
    december = path[8::12][: len(found)]
    for k, issue in enumerate(issues):
        gap = float(np.abs(december[:, k] - found[:, k]).max())
        yield Check(f"recorded line on {issue}", gap < 0.05, f"{gap:.3f} at most", "0.05")
    yield Check("histories like the record", share > 0.5, f"{share:.3f}", "above 0.5")


def main() -> None:
    """Write the file."""
    import politburo

    issues, found, share = lines()
    path = Path(politburo.__file__).parent / "cases" / "ussr" / "country" / "line.csv"
    text = (
        "# Where the prevailing line stands in histories like the record, -1 to 1: what the recorded levers belong to.\n"
        "# Made by verify/country_line.py from the fitted politics; make it again after a new calibration.\n"
        "issue,month,value,low,high,evidence,source,note\n"
    )
    for k, issue in enumerate(issues):
        steps = [("1922-04", found[0, k])]
        for y in range(len(found)):
            steps.append((f"{1922 + y}-07", found[y, k]))
            if y + 1 < len(found):
                steps.append((f"{1923 + y}-01", 0.5 * (found[y, k] + found[y + 1, k])))
        text += "".join(f'{issue},{month},{value:.3f},,,derived,this project: politburo run ussr,"{_NOTE}"\n' for month, value in steps)
    path.write_text(text)
    print(f"wrote {path.name}: {share:.3f} of {HISTORIES} histories are like the record")


if __name__ == "__main__":
    main()
