"""Likelihoods draw themselves: what histories answer, as it would be recorded, and the record on it (Altair).

Blue is the ensemble, seen through the observation error; black is the record and the answers that its evidence does not tell
apart. What never came about is written in the title. The heights are probabilities, so a wide flat chart is a weak
prediction and a bar beside the black line a wrong one.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...faults import Fault, Faults, listed
from .likelihoods import Amount, Date, Grid, Happened, Likelihood, Order, Overlap, Share

BLUE, BLACK, WIDTH, HEIGHT = "#3b6fb6", "#111111", 420, 70
FORMATS = ("html", "svg", "png", "json")


def _altair():
    try:
        import altair
    except ImportError:
        raise Faults([Fault("charts", 0, 0, "Altair is not installed", "pip install 'politburo[plots]'")]) from None
    return altair


def _month(likelihood: Date, t: int) -> str:
    ordinal = likelihood.start + t
    return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"


def rows(likelihood: Likelihood, x: np.ndarray) -> tuple[list[dict], str, str]:
    """The chart's data: (rows with `answer`, `probability`, `record`; the field's type; words on what is not drawn)."""
    if isinstance(likelihood, Overlap):
        wrong = likelihood.wrong(x)
        shares = np.bincount(wrong, minlength=wrong.max() + 1) / len(wrong)
        # The record differs from itself in nothing; a recorded copy of it would differ by error alone.
        return [{"answer": int(d), "probability": float(p), "record": d == 0} for d, p in enumerate(shares)], "quantitative", "names that differ"
    if isinstance(likelihood, Order):
        agree = np.rint(10 * likelihood.agreement(x)).astype(int)
        shares = np.bincount(agree, minlength=11) / len(agree)
        return [{"answer": k / 10, "probability": float(p), "record": k == 10} for k, p in enumerate(shares)], "quantitative", "pairs in the recorded order"
    assert isinstance(likelihood, Grid)
    p = likelihood.predictive(x)
    data = []
    for k in range(likelihood.count):
        answer: object = k
        if isinstance(likelihood, Date):
            answer = _month(likelihood, k)
        elif isinstance(likelihood, Share):
            answer = k / 100
        elif isinstance(likelihood, Amount):
            answer = float(likelihood.origin + k * likelihood.cell)
        elif isinstance(likelihood, Happened):
            answer = ("no", "yes")[k]
        data.append({"answer": answer, "probability": float(p[k]), "record": likelihood.low <= k <= likelihood.high})
    if isinstance(likelihood, Amount):  # thirty errors are a long way: draw what has any weight, and the record
        seen = [k for k, row in enumerate(data) if row["probability"] > 2e-4 or row["record"]]
        data = data[min(seen) : max(seen) + 1]
    kind = "temporal" if isinstance(likelihood, Date) else "nominal" if isinstance(likelihood, Happened) else "quantitative"
    return data, kind, f"never {p[-1]:.0%}" if likelihood.misses else ""


def chart(likelihood: Likelihood, x: np.ndarray):
    """One fact: an Altair layer chart."""
    alt = _altair()
    data, kind, words = rows(likelihood, x)
    fact = likelihood.fact
    size = max(1.5, 0.8 * WIDTH / len(data)) if kind != "nominal" else 30
    title = alt.TitleParams(
        fact.question or fact.id, anchor="start", fontSize=12,
        subtitle=[
            textwrap.shorten(f"record: {fact.record} ({fact.evidence})", 78, placeholder=" ..."),
            f"log likelihood {likelihood.log(x):.2f}, surprise {likelihood.surprise(x):.2f}; {words}".rstrip("; "),
        ],
    )  # fmt: skip
    axis = alt.Axis(title=None, grid=False, format="%Y" if kind == "temporal" else ".0%" if isinstance(likelihood, Share | Order) else ".3~s" if isinstance(likelihood, Amount) else "d")
    if kind == "nominal":
        axis = alt.Axis(title=None, labelAngle=0)
    at = alt.X("answer", type=kind, axis=axis, scale=alt.Undefined if kind == "nominal" else alt.Scale(nice=False, zero=False))
    base = alt.Chart(alt.InlineData(data))
    bars = base.mark_bar(color=BLUE, size=size).encode(
        x=at, y=alt.Y("probability", type="quantitative", axis=alt.Axis(title=None, format=".0%", tickCount=2, grid=False)),
        tooltip=[alt.Tooltip("answer", type=kind, format="%Y-%m") if kind == "temporal" else alt.Tooltip("answer", type=kind), alt.Tooltip("probability", type="quantitative", format=".3f")],
    )  # fmt: skip
    # One answer: a line; an interval: a band of lines.
    several = sum(row["record"] for row in data) > 1
    mark = base.transform_filter("datum.record").mark_rule(
        color=BLACK, strokeWidth=size if several else 2.0, opacity=0.25 if several else 1.0
    ).encode(x=at)  # fmt: skip
    return (bars + mark).properties(width=WIDTH, height=HEIGHT, title=title)


def panel(pairs: Sequence[tuple[Likelihood, np.ndarray]], columns: int = 2):
    """Many facts under one another."""
    alt = _altair()
    return alt.concat(*(chart(likelihood, x) for likelihood, x in pairs), columns=columns).resolve_scale(x="independent", y="independent")


def save(figure, path: Path) -> None:
    """Write a chart: .html (whole, no network needed), .svg, .png or .json."""
    kind = path.suffix.removeprefix(".")
    if kind not in FORMATS:
        raise Faults([Fault(str(path), 0, 0, f"a figure as {kind or 'nothing'}", listed("." + f for f in FORMATS))])
    try:
        figure.save(str(path), inline=True) if kind == "html" else figure.save(str(path))
    except OSError as error:
        raise Faults([Fault(str(path), 0, 0, f"cannot be written ({error.strerror})", "a place to write to")]) from None
