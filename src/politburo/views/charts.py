"""Altair figures for notebooks and papers: results, explanations, conflicts as switches, what-ifs.

    from politburo.views import charts
    charts.waterfall(explanation)                     # from nothing to the outcome as it is
    charts.interactions(explanation)                  # which causes need each other
    charts.bands(result, ["power.stalin", "power.trotsky"])
    charts.dates(result)                              # when each dated outcome comes, and in how many histories
    charts.answers(result, "rules_alone_1930")        # shares of the answers of one outcome
    charts.differences(what_if)                       # paired differences with intervals
    charts.conflicts(disputes)
    charts.save(chart, "figure.svg")                  # .svg, .png or a page without network (.html)

A chart is a Vega-Lite specification with its data inside, so it can be published and changed. Colours are those of the house:
blue raises or is the model, orange lowers or is the change, grey stands, black is the record. Nothing is drawn without its interval.
Altair is imported when a figure is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..faults import Fault, Faults, listed, nearest
from ..lab.ensembles.frames import needed
from ..lab.experiments.sentences import unit_of
from .explanation import LOWERS, RAISES, STANDS, steps
from .svg import PEOPLE
from .words import upper

if TYPE_CHECKING:
    from ..lab.experiments.disputes import Disputes
    from ..lab.experiments.explain import Explanation
    from ..lab.ensembles.results import Result
    from ..lab.experiments.comparison import WhatIf

SUFFIXES = (".svg", ".png", ".html")


def _altair() -> Any:
    return needed("altair", "figures", "plots")


def _look(chart: Any, width: int = 560) -> Any:
    """The house's look: no frame, quiet grid, room for long labels."""
    return (
        chart.properties(width=width)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight="normal", gridColor="#e3e3de", domainColor="#bdbdb6", tickColor="#bdbdb6", labelLimit=360)
        .configure_title(fontSize=14, anchor="start", fontWeight="normal")
        .configure_legend(labelFontSize=12, titleFontSize=12)
    )


def _data(rows: list[dict]) -> Any:
    return _altair().Data(values=[{k: (None if isinstance(v, float) and not np.isfinite(v) else v) for k, v in row.items()} for row in rows])


def save(chart: Any, path: str | Path) -> Path:
    """Write a chart as .svg or .png (through vl-convert) or as one .html page that needs no network."""
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise Faults([Fault(str(path), 0, 0, f"suffix {path.suffix!r}", listed(SUFFIXES), nearest(path.suffix, SUFFIXES))])
    needed("vl_convert", "figures in files", "plots")
    if path.suffix == ".html":
        chart.save(path, inline=True)
    else:
        chart.save(path, **({"scale_factor": 2} if path.suffix == ".png" else {}))
    return path


# -- explanations ------------------------------------------------------------------------------------------------


def waterfall(found: Explanation) -> Any:
    """From the outcome with every cause taken away to the outcome as it is coded; whiskers are 95 % intervals."""
    alt = _altair()
    share = found.question.unit in ("yes", "share")
    rows = [{**row, "name": upper(row["name"]), "order": i} for i, row in enumerate(steps(found))]
    order = [row["name"] for row in rows]
    base = alt.Chart(_data(rows)).encode(y=alt.Y("name:N", sort=order, title=None))
    bars = base.mark_bar(height=16).encode(
        x=alt.X("from:Q", title=None, axis=alt.Axis(format="%" if share else "~g")),
        x2="to:Q",
        color=alt.Color("kind:N", scale=alt.Scale(domain=["raises", "lowers", "stands"], range=[RAISES, LOWERS, STANDS]), legend=None),
        tooltip=["name:N", "shown:N"],
    )
    whisker = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q").transform_filter("isValid(datum.low)")
    words = base.mark_text(align="left", dx=7, fontSize=12).encode(x="edge:Q", text="shown:N").transform_calculate(
        edge="max(datum.from, datum.to, isValid(datum.high) ? datum.high : datum.to)"
    )
    return _look((bars + whisker + words).properties(title=found.question.title))


def interactions(found: Explanation) -> Any:
    """Every pair of causes: blue where they help each other, orange where one stands in for the other; pale = within its interval of none."""
    alt = _altair()
    rows = []
    for (i, j), u in found.interactions.items():
        for a, b in ((i, j), (j, i)):
            rows.append({"a": upper(found.names[a]), "b": upper(found.names[b]), "interaction": u.mean, "clear": bool(u.clear)})
    most = max((abs(row["interaction"]) for row in rows), default=1.0) or 1.0
    chart = alt.Chart(_data(rows)).mark_rect().encode(
        x=alt.X("a:N", title=None, axis=alt.Axis(labelAngle=-40)),
        y=alt.Y("b:N", title=None),
        color=alt.Color("interaction:Q", scale=alt.Scale(domain=[-most, 0, most], range=[LOWERS, "#f4f4f0", RAISES]), title="interaction"),
        opacity=alt.condition("datum.clear", alt.value(1.0), alt.value(0.35)),
        tooltip=["a:N", "b:N", alt.Tooltip("interaction:Q", format=".3f")],
    )  # fmt: skip
    return _look(chart.properties(title="Pairs of causes"), 360)


def conflicts(found: Disputes) -> Any:
    """How much the outcome moves under the reading that the case does not code."""
    rows = [{"name": f"{d.label}: {d.position}", "mean": d.difference.mean, "low": d.difference.interval()[0], "high": d.difference.interval()[1]}
            for d in found.rows]  # fmt: skip
    return _intervals(rows, f"Difference in {unit_of(found.question)}: {found.question.title}", found.question.unit)


# -- what-ifs ----------------------------------------------------------------------------------------------------


def differences(answer: WhatIf, ids: Sequence[str] | None = None, unit: str = "share", most: int = 20) -> Any:
    """Paired differences of a what-if, one row an answer, the largest first; a colour an arm when there are several.

    ids : outcomes by id, questions by text; by default the case's headline and what was asked besides
    unit : "share" for shares of histories, "month" for dates: the two have no common axis
    """
    known = list(dict.fromkeys(row["id"] for row in answer.rows()))
    wrong = [name for name in ids or () if name not in known]
    if wrong:
        raise Faults([Fault("figure", 0, 0, f"no answer {name!r}", listed(known), nearest(name, known)) for name in wrong])
    wanted = set(ids) if ids is not None else {*answer.case.headline, *(row["id"] for row in answer.rows() if row["kind"] == "asked")}
    rows = [row for row in answer.rows() if row["id"] in wanted and row["unit"] == unit and np.isfinite(row["difference"])]
    if not rows:
        raise Faults([Fault("figure", 0, 0, f"no difference in unit {unit!r}", listed(dict.fromkeys(row["unit"] for row in answer.rows())))])
    largest = {}
    for row in rows:
        name = row["question"] if row["what"] == "yes" else f"{row['question'].rstrip('?')}: {row['what']}"
        row["name"] = name
        largest[name] = max(largest.get(name, 0.0), abs(row["difference"]))
    chosen = sorted(largest, key=lambda name: -largest[name])[:most]
    shown = [{"name": row["name"], "mean": row["difference"], "low": row["low"], "high": row["high"], "arm": row["arm"]} for row in rows if row["name"] in chosen]
    shown.sort(key=lambda row: chosen.index(row["name"]))
    return _intervals(shown, "Mean difference to the baseline, on the same luck", unit)


def _intervals(rows: list[dict], title: str, unit: str) -> Any:
    """Points with intervals about a line at zero."""
    alt = _altair()
    order = list(dict.fromkeys(row["name"] for row in rows))
    axis = alt.Axis(format="+%" if unit in ("yes", "share") else "+~g")
    base = alt.Chart(_data(rows)).encode(y=alt.Y("name:N", sort=order, title=None))
    arms = list(dict.fromkeys(row["arm"] for row in rows if "arm" in row))
    colour: dict[str, Any] = {"color": alt.value(RAISES)}
    if len(arms) > 1:
        legend = alt.Legend(orient="bottom", direction="vertical", labelLimit=600)
        colour = {"color": alt.Color("arm:N", title=None, scale=alt.Scale(domain=arms, range=list(PEOPLE)), legend=legend), "yOffset": alt.YOffset("arm:N", sort=arms)}
    zero = alt.Chart(_data([{"x": 0}])).mark_rule(color="#5c5c5c").encode(x="x:Q")
    rule = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", axis=axis, title=None), x2="high:Q", **colour)
    dot = base.mark_circle(size=60, opacity=1).encode(x=alt.X("mean:Q", title=None), **colour)
    return _look((zero + rule + dot).properties(title=title))


# -- results -----------------------------------------------------------------------------------------------------


def bands(result: Result, series: Sequence[str], at: tuple[float, float, float] = (0.1, 0.5, 0.9)) -> Any:
    """Monthly series: the middle of the histories as a line, their 80 % (by `at`) as a band, one panel each."""
    alt = _altair()
    wrong = [name for name in series if name not in result.series]
    if wrong or not series:
        raise Faults([Fault("series", 0, 0, f"no series {name!r}", listed(result.series), nearest(name, result.series)) for name in wrong or [""]])
    start = result.case.start
    rows = []
    for name in series:
        for t, (low, middle, high) in enumerate(result.band(name, at)):
            month = start + t
            rows.append({"month": f"{month}-01", "series": name, "low": float(low), "middle": float(middle), "high": float(high)})
    base = alt.Chart(_data(rows)).encode(x=alt.X("month:T", title=None))
    band = base.mark_area(opacity=0.3, color=RAISES).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    line = base.mark_line(color=RAISES, strokeWidth=1.6).encode(y="middle:Q")
    share = f"{100 * (at[2] - at[0]):g}"
    title = f"Middle and {share} % of {result.done:,} histories"
    return (
        (band + line).properties(width=520, height=110).facet(row=alt.Row("series:N", title=None, sort=list(series))).properties(title=title)
        .configure_view(stroke=None).configure_axis(gridColor="#e3e3de").configure_title(fontSize=14, anchor="start", fontWeight="normal")
    )  # fmt: skip


def dates(result: Result, names: Sequence[str] | None = None) -> Any:
    """Dated outcomes of the case: the middle month and the months that hold 80 % of the histories in which it comes, the record's tick in black."""
    alt = _altair()
    found = [o for o in result.outcomes() if o.unit == "month" and (names is None or o.id in names)]
    if not found:
        known = [o.id for o in result.outcomes() if o.unit == "month"]
        raise Faults([Fault("outcomes", 0, 0, f"no dated outcome among {list(names or ())}", listed(known), nearest((list(names or ("",)))[0], known))])
    recorded = {(t.target.kind, getattr(t.target, "person", None), getattr(t.target, "rung", None)): t.observed for t in result.targets() if t.unit == "month"}
    rows, ticks = [], []
    for o in found:
        known = o.values[np.isfinite(o.values)]
        name = f"{o.question.rstrip('?')} ({100 * len(known) / max(1, len(o.values)):.0f}%)"
        if len(known):
            low, middle, high = (str(result.compiled.month(round(float(q)))) + "-01" for q in np.quantile(known, (0.1, 0.5, 0.9)))
            rows.append({"name": name, "low": low, "middle": middle, "high": high})
        record = recorded.get((o.outcome.kind, getattr(o.outcome, "person", None), getattr(o.outcome, "rung", None)))
        if record is not None and np.isfinite(record):
            ticks.append({"name": name, "record": str(result.compiled.month(round(float(record)))) + "-01"})
    y = alt.Y("name:N", title=None, sort=[row["name"] for row in rows])
    base = alt.Chart(_data(rows)).encode(y=y)
    rule = base.mark_rule(strokeWidth=5, color=RAISES, opacity=0.35).encode(x=alt.X("low:T", title=None), x2="high:T")
    dot = base.mark_circle(size=70, color=RAISES, opacity=1).encode(x="middle:T")
    layers = rule + dot
    if ticks:
        layers += alt.Chart(_data(ticks)).mark_tick(thickness=2.4, size=18, color="#000").encode(x="record:T", y=y)
    return _look(layers.properties(title=f"When, in {result.done:,} histories (share in which it comes at all); black: on record"))


def answers(result: Result, name: str, most: int = 10) -> Any:
    """Shares of the answers of one outcome, with 95 % intervals."""
    from .words import interval

    alt = _altair()
    known = {o.id: o for o in result.outcomes()}
    if name not in known or not known[name].shares:
        with_words = [key for key, o in known.items() if o.shares]
        raise Faults([Fault("outcome", 0, 0, f"no answers in words to {name!r}", listed(with_words), nearest(name, with_words))])
    o = known[name]
    rows = []
    for words, share in list(o.shares.items())[:most]:
        low, high = interval(share * len(o.values), len(o.values))
        rows.append({"answer": words, "share": share, "low": low, "high": high})
    base = alt.Chart(_data(rows)).encode(y=alt.Y("answer:N", sort=[row["answer"] for row in rows], title=None))
    bar = base.mark_bar(height=16, color=RAISES).encode(x=alt.X("share:Q", title=None, axis=alt.Axis(format="%")))
    rule = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
    return _look((bar + rule).properties(title=o.question))
