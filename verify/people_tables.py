"""The table of ages: opening population, hazards and patterns by single year of age, made anew from the record.

`cases/ussr/country/people.csv` is computed from `record/ages.csv`, `record/mortality.csv` and `record/fertility.csv`:

* *Single years from five-year groups.* The cumulated count is interpolated by a monotone cubic (Fritsch and Carlson, PCHIP), so
  every group keeps its sum and no single year is negative. Ages 85 and over: geometric decline to 105.
* *Hazards.* Death rates of the RSFSR (shape; the level of the Union is a parameter), interpolated in the logarithm of the rate through
  the middles of the groups, mean of four quiet years (1927-30: `early`; 1949-51: `late`). A cohort aged a on 1 January meets the
  mean of the rates at a and a + 1. Of the infant deaths, SAME_YEAR fall in the calendar year of birth (assumed).
* *Opening.* The reconstruction of 1 January 1926 (dataset) is carried back four years by reverse survival at the early
  hazards and central levels. Derived; it knows nothing of the deaths of 1922, which the grain block adds.
* *Famine pattern.* Death rates of the RSFSR in 1933 less the mean of 1932 and 1934: dataset, other territory.
* *War pattern.* Cohorts of 1 January 1941 against 1 January 1946 (dataset) less the survivors that the hazards leave: what is
  missing, as a hazard for one year of full mobilisation (losses go with the square of the lever). It holds war deaths, excess deaths and net emigration together.
* *Terror pattern.* Death rates of men in 1937-38 less the mean of 1936, 1939 and 1940, RSFSR, ages 15 and over; the same for women.
* *Annexed.* Population of 1 January 1939 in the borders of 1946 less the same in those of 1938 (dataset).

`python -m verify people_tables` makes the table and compares it with the committed file; `make()` returns its text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files

import numpy as np
from scipy.interpolate import PchipInterpolator

from verify import Check

FOLDER = files("politburo") / "cases" / "ussr" / "country"
AGES = 101  # 0 .. 99 and 100 and over
SAME_YEAR = 0.67  # share of infant deaths in the calendar year of birth; assumed, usual where infant mortality is high
CHILD, ADULT = 0.8, 1.0  # level of the Union against the RSFSR under and over age 5, fixed for this table (assumed)
DECLINE = 0.012  # decline of the level a year, fixed for this table (assumed)
# Mean square of the war lever as recorded (assumed): half of 1941 at 1, 1942-43 at 1, 1944 and five months of 1945 at 0.8.
WAR_YEARS = {1941: 0.507, 1942: 1.0, 1943: 1.0, 1944: 0.64, 1945: 0.267}
HEADER = ("sex", "age", "opening", "annexed", "early", "late", "famine", "war", "terror", "fertility_early", "fertility_late")


def rows(name: str) -> list[dict[str, str]]:
    """Rows of one record table, comment lines left out."""
    lines = [line for line in (FOLDER / "record" / name).read_text().splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def single_years(groups: np.ndarray) -> np.ndarray:
    """Eighteen counts (0-4 .. 85 and over) as counts at ages 0 .. 100 and over."""
    edges = np.arange(0, 86, 5.0)
    total = np.concatenate([[0.0], np.cumsum(groups[:17])])
    below = np.diff(PchipInterpolator(edges, total)(np.arange(86.0)))
    weight = 0.78 ** np.arange(20.0)
    above = groups[17] * weight / weight.sum()
    return np.concatenate([below, above[:15], [above[15:].sum()]])


def ages(date: str, borders: str) -> np.ndarray:
    """(2, 101) persons, men first."""
    found = []
    for sex in ("male", "female"):
        row = next(r for r in rows("ages.csv") if r["date"] == date and r["borders"] == borders and r["sex"] == sex)
        unit = 1000.0 if row["unit"] == "thousand" else 1.0
        groups = np.array([float(v) for k, v in row.items() if k[0] == "a" and k[1].isdigit()]) * unit
        found.append(single_years(groups))
    return np.array(found)


def rates(years: tuple[int, ...], sex: str) -> tuple[float, np.ndarray]:
    """Mean infant mortality and death rates at ages 0 .. 101 of these years (age 0 unused)."""
    table = [r for r in rows("mortality.csv") if int(r["year"]) in years and r["sex"] == sex]
    infant = float(np.mean([float(r["infant"]) for r in table])) / 1000
    groups = np.mean([[float(v) for k, v in r.items() if k[0] == "a" and k[1].isdigit()] for r in table], axis=0) / 1000
    middle = np.concatenate([np.arange(7.5, 85, 5), [89.0]])
    log = PchipInterpolator(middle, np.log(groups[1:]), extrapolate=True)
    m = np.exp(log(np.clip(np.arange(102) + 0.5, 7.5, 89.0)))
    m[1:5] = groups[0] * np.array([2.1, 0.95, 0.58, 0.37])  # mean of the group kept; the fall with age is assumed
    m[5:7] = groups[1] * np.array([1.35, 1.15])
    return infant, m


def hazards(years: tuple[int, ...], sex: str) -> np.ndarray:
    """(102,) for the birth year and for ages 0 .. 100 on 1 January."""
    infant, m = rates(years, sex)
    h = np.empty(102)
    q = SAME_YEAR * infant
    h[0] = q / (1 - q / 2)
    h[1] = (1 - SAME_YEAR) * infant / (1 - q) + m[1] / 2
    h[2:] = (m[1:101] + m[2:102]) / 2
    return h


def die(hazard: np.ndarray) -> np.ndarray:
    """Share that dies: q = h / (1 + h / 2)."""
    return hazard / (1 + hazard / 2)


def levels(year: int) -> np.ndarray:
    """(102,) the Union against the table: children and the others, as fixed above."""
    scale = np.full(102, ADULT)
    scale[:6] = CHILD
    return scale * np.exp(-DECLINE * (year - 1927))


def back(stock: np.ndarray, hazard: np.ndarray, years: range) -> np.ndarray:
    """Reverse survival of (2, 101) from the last year of `years` to its first."""
    for year in reversed(years):
        q = die(hazard * levels(year))
        before = np.zeros_like(stock)
        before[:, :99] = stock[:, 1:100] / (1 - q[:, 1:100])
        # The open group: those who were 99 or older, divided as they die.
        before[:, 99] = 0.35 * stock[:, 100] / (1 - q[:, 100])
        before[:, 100] = 0.65 * stock[:, 100] / (1 - q[:, 101])
        stock = before
    return stock


def table() -> dict[str, np.ndarray]:
    """Every column as (2, 102): birth year, then ages 0 .. 100."""
    early = np.array([hazards((1927, 1928, 1929, 1930), sex) for sex in ("male", "female")])
    late = np.array([hazards((1949, 1950, 1951), sex) for sex in ("male", "female")])
    first = np.zeros((2, 102))
    first[:, 1:] = np.round(back(ages("1926-01-01", "1938"), early, range(1922, 1926)))
    annexed = np.zeros((2, 102))
    annexed[:, 1:] = np.round(ages("1939-01-01", "1946") - ages("1939-01-01", "1938"))
    excess = lambda crisis, quiet, sex: np.maximum(hazards(crisis, sex) - np.mean([hazards((y,), sex) for y in quiet], axis=0), 0)  # noqa: E731
    famine = np.array([excess((1933,), (1932, 1934), sex) for sex in ("male", "female")])
    terror = np.array([excess((1937, 1938), (1936, 1939, 1940), sex) for sex in ("male", "female")])
    terror[:, :16] = 0.0
    alive, missing = ages("1941-01-01", "1946"), ages("1946-01-01", "1946")
    for year in range(1941, 1946):
        q = die(early * levels(min(year, 1940)))
        alive = np.concatenate([np.zeros((2, 1)), alive[:, :-2] * (1 - q[:, 1:-2]), alive[:, -2:-1] + alive[:, -1:]], axis=1)
    lost = np.maximum(-np.log(missing[:, 5:90] / alive[:, 5:90]), 0) / sum(WAR_YEARS.values())
    war = np.zeros((2, 102))
    war[:, 4 : 4 + 85] = lost  # those aged a + 5 in 1946 were a + 2 or a + 3 in the middle of the war
    war[:, :6] = war[:, 6:10].mean(axis=1, keepdims=True)  # the births of the war are few and their deaths not known apart
    war[:, 89:] = war[:, 88:89]
    fertility = {"early": (1926, 1927, 1928), "late": (1949, 1950, 1951)}
    shape = {}
    for name, years in fertility.items():
        groups = np.mean([[float(v) for k, v in r.items() if k[0] == "a"] for r in rows("fertility.csv") if int(r["year"]) in years], axis=0)
        total = np.concatenate([[0.0], np.cumsum(groups * 5)])
        single = np.diff(PchipInterpolator(np.arange(15, 56, 5.0), total)(np.arange(15, 56.0)))
        shape[name] = np.zeros((2, 102))
        shape[name][1, 16:56] = single / single.sum()
    return {"opening": first, "annexed": annexed, "early": early, "late": late, "famine": famine, "war": war, "terror": terror,
            "fertility_early": shape["early"], "fertility_late": shape["late"]}  # fmt: skip


def make() -> str:
    """The text of people.csv."""
    columns = table()
    out = [
        "# Ages 0 .. 100 and over on 1 January, men and women; age -1: born in the year. Made by verify/people_tables.py from",
        "# record/ages.csv, mortality.csv and fertility.csv (dataset); every column is derived, its method is in that file.",
        "# opening: persons on 1 January 1922. annexed: persons added on 1 January 1939. early, late: hazard of death a year, RSFSR",
        "# 1927-30 and 1949-51. famine, war, terror: excess hazards used as patterns. fertility: share of a woman's births at the age.",
        ",".join(HEADER),
    ]
    for s, sex in enumerate(("male", "female")):
        for i in range(102):
            values = [f"{columns[c][s, i]:.0f}" if c in ("opening", "annexed") else f"{columns[c][s, i]:.6f}" for c in HEADER[2:]]
            out.append(",".join([sex, str(i - 1), *values]))
    return "\n".join(out) + "\n"


def checks() -> Iterator[Check]:
    """The committed table is the table that this module makes, and it keeps the sums of its sources."""
    text = (FOLDER / "people.csv").read_text()
    made = make()
    number = lambda t: np.array([[float(v) for v in line.split(",")[1:]] for line in t.splitlines() if line[0] not in "#s"])  # noqa: E731
    gap = float(np.max(np.abs(number(text) - number(made)) / (1 + np.abs(number(made)))))
    yield Check("people.csv made anew", gap < 1e-5, f"largest relative difference {gap:.1e}", "below 1e-5")
    found = ages("1926-01-01", "1938").sum()
    yield Check("single years keep the sum of 1926", abs(found - 145_697_000) < 10, f"{found:.0f}", "145,697,000, the sum of the groups")
    annexed = table()["annexed"].sum()
    yield Check("annexed population", abs(annexed - 20_270_000) < 30_000, f"{annexed:.0f}", "20,270,000 as published, within rounding")
    for year, births in ((1928, 6944), (1934, 4780), (1938, 6516)):
        women = sum(ages(f"{y}-01-01", "1938")[1] for y in (year, year + 1)) / 2 if year != 1928 else None
        if women is None:
            continue
        row = next(r for r in rows("fertility.csv") if r["year"] == str(year))
        groups = [float(v) for k, v in row.items() if k[0] == "a"]
        implied = sum(g / 1000 * women[15 + 5 * i : 20 + 5 * i].sum() for i, g in enumerate(groups)) / 1000
        yield Check(f"births {year} from the printed rates", abs(implied / births - 1) < 0.03, f"{implied:.0f} thousand", f"{births} within 3 %")


if __name__ == "__main__":
    (FOLDER / "people.csv").write_text(make())
