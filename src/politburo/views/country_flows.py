"""Flows of people held: what came into camps and settlements, what became of them, and what does not add up.

One account is one picture: on the left the opening stock and what came in, on the right what went out, who died, and the closing
stock; heights are exact numbers of persons, written beside each flow. What the books leave unexplained is a flow of its own with its sign, on the
side where it is missing; nothing is smoothed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .figures import WIDTH, Figure
from .svg import Svg
from .words import series as listed

LOST = ("death", "died", "shot", "executed")


@dataclass(frozen=True)
class Account:
    """An account of persons over a span: opening + inflows - outflows = closing, but for what the books leave open."""

    title: str
    span: str
    opening: int
    inflows: Sequence[tuple[str, int]]
    outflows: Sequence[tuple[str, int]]
    closing: int
    source: str = ""

    @property
    def residual(self) -> int:
        """What the books do not explain: closing less what should have closed; positive when more are there than came."""
        return self.closing - (self.opening + sum(n for _, n in self.inflows) - sum(n for _, n in self.outflows))


def camps_on_record(case: str | Path) -> Account | None:
    """Camps and colonies from the recorded books (`politburo.lab.books.camps`), whole span; None when the case has none.

    The books give stocks and deaths by year; who came in and who was released are known only as their difference.
    """
    from ..faults import Faults
    from ..lab import books

    try:
        book = books.camps(case)
    except Faults:
        return None
    if not book.rows:
        return None
    column = {name: [int(v) for v in book.column(name)] for name in book.columns}
    first, last = column["year"][0], column["year"][-1]
    return Account(
        "Camps and colonies", f"{first}-{last % 100:02d}", column["opening"][0],
        [("came in less released", sum(column["arrivals less releases"])), ("colonies first counted in 1935", sum(column["entered"]))],
        [("died", sum(column["deaths"]))], column["closing"][-1], book.source,
    )  # fmt: skip


def sankey(accounts: Sequence[Account], title: str = "People held: what came in, what became of them") -> Figure:
    """One band a flow, all accounts to one scale of persons."""
    sides = [_sides(a) for a in accounts]
    whole = max(sum(n for _, n, _ in left) for left, _ in sides)
    scale = 210.0 / max(whole, 1)
    heights = [max(_height(left, scale), _height(right, scale)) + 44 for left, right in sides]
    svg = Svg(WIDTH, sum(heights))
    top = 0.0
    rows: list[tuple[str, ...]] = []
    for account, (left, right), height in zip(accounts, sides, heights, strict=True):
        svg.text(WIDTH / 2, top + 16, f"{account.title}, {account.span}", "label strong", "middle")
        _draw(svg, left, right, scale, top + 30)
        top += height
        rows += [(account.title, "in", name, f"{n:,}") for name, n, _ in left]
        rows += [(account.title, "out", name, f"{n:,}") for name, n, _ in right]
    open_lines = [f"{a.residual:+,} in {a.title.lower()} {a.span}" for a in accounts if a.residual]
    dead = [f"{sum(n for name, n in a.outflows if _lost(name)):,} in {a.title.lower()} {a.span}" for a in accounts]
    text = (
        f"Persons; every band is drawn to one scale and carries its number. Died while held, by these books: {listed(dead)}. "
        + (f"The books do not close: {listed(open_lines)} is left unexplained and drawn as its own line." if open_lines else "The books close exactly.")
    )
    return Figure(title, text, svg.render(title), ("account", "side", "flow", "persons"), tuple(rows))


def _lost(name: str) -> bool:
    return any(word in name.lower() for word in LOST)


def _sides(account: Account) -> tuple[list[tuple[str, int, str]], list[tuple[str, int, str]]]:
    left = [("there at the beginning", account.opening, "stock"), *((n, v, "flow") for n, v in account.inflows if v)]
    right = [*((n, v, "flow lost" if _lost(n) else "flow") for n, v in account.outflows if v), ("there at the end", account.closing, "stock")]
    gap = account.residual
    if gap > 0:
        left.append(("not in the books", gap, "flow back"))
    elif gap < 0:
        right.insert(-1, ("not in the books", -gap, "flow back"))
    return left, right


def _height(side: Sequence[tuple[str, int, str]], scale: float) -> float:
    return sum(max(n * scale, 1.0) + 16 for _, n, _ in side)


def _draw(svg: Svg, left: Sequence[tuple[str, int, str]], right: Sequence[tuple[str, int, str]], scale: float, top: float) -> None:
    edge, bar = 232.0, 14.0
    near, far = WIDTH / 2 - bar / 2, WIDTH / 2 + bar / 2
    whole = sum(n for _, n, _ in left) * scale
    tall = max(_height(left, scale), _height(right, scale))
    middle = top + (tall - whole) / 2
    svg.rect(near, middle, bar, whole, "stock")
    for side, x0, x1, anchor in ((left, edge, near, "end"), (right, WIDTH - edge, far, "start")):
        y, at = top, middle
        for name, n, cls in side:
            thick = n * scale
            bend = (x0 + x1) / 2
            _ribbon(svg, x0, y, x1, at, thick, bend, "flow" if cls == "stock" else cls)
            if cls == "stock":
                svg.rect(min(x0, x0 - 5 if anchor == "end" else x0), y, 5, max(thick, 1.0), "stock")
            place = x0 - 10 if anchor == "end" else x0 + 10
            svg.text(place, y + max(thick, 1.0) / 2 + 4, f"{name} {n:,}", "label", anchor)
            y += max(thick, 1.0) + 16
            at += thick


def _ribbon(svg: Svg, x0: float, y0: float, x1: float, y1: float, thick: float, bend: float, cls: str) -> None:
    thick = max(thick, 0.6)
    path = (
        f"M{x0:.1f} {y0:.1f}C{bend:.1f} {y0:.1f} {bend:.1f} {y1:.1f} {x1:.1f} {y1:.1f}L{x1:.1f} {y1 + thick:.1f}"
        f"C{bend:.1f} {y1 + thick:.1f} {bend:.1f} {y0 + thick:.1f} {x0:.1f} {y0 + thick:.1f}Z"
    )
    svg.parts.append(f'<path class="{cls}" d="{path}"/>')
