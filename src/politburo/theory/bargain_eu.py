"""Bueno de Mesquita's expected-utility model of group decisions, as reconstructed in public.

Theory. Actor i has capability c_i, position x_i on a line of length R, salience s_i in [0, 1]; m is the
weighted median (weights c s). With risk exponent r and d = |x_i - x_j| / R, i values a won challenge of j, a
lost one and the status quo

    U_s = 2 - 4 (1/2 - d/2)^r,   U_f = 2 - 4 (1/2 + d/2)^r,   U_q = 2 - 4 (1/2)^r,

and the expected utility of challenging j, who resists with probability s_j and loses with probability P, is

    E_i(ij) = s_j (P U_s + (1 - P) U_f) + (1 - s_j) U_s - Q U_q - (1 - Q)(T U_b + (1 - T) U_w).

Risk exponents come from security: actors whom others gain little by challenging take more risk. Signs and
sizes of E_i(ij) and of i's reckoning of E_j(ji) decide between confrontation, compromise, capitulation and
stalemate; each actor accepts one offer; all move at once.

The printed equations do not reproduce the printed table. Six conventions do, and each is an argument of
`expected_utility`; the defaults are those that reproduce it:

1. `denominator="all pairs"`: P divides by the votes over all ordered pairs of actors, not only the pair at
   stake ("pair").
2. `distance="own risk"`: in the second pass each voter's distances are raised to his own exponent ("linear":
   never).
3. `exponent="own"`: a mover reckons his opponent's utility with his own exponent ("opponent's": with the
   other's).
4. `choice="combined target"`: confrontation before compromise before capitulation, and among compromises the
   smallest (|E_i| x_i + |E_j| x_j) / (|E_i| + |E_j|) ("least move": the nearest in every category).
5. `security="challengers"`: security sums what the others expect from challenging him ("own": what he expects
   himself).
6. `q=1`: the chance of the status quo.

Sources: B. Bueno de Mesquita, "A decision making model", International Interactions 23 (1997), and *European
Community Decision Making* (1994); J. Scholz, G. Calbert, G. Smith, "Unravelling Bueno de Mesquita's group
decision model" (2011). What would falsify it: forecasts no better than the weighted mean, printed beside
them; on published benchmarks they are not. Cost: n^3 a round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .bargain_smp import Actors, weighted_median
from .inputs import real, reject, whole, word
from .results import Result

SOURCE = "Bueno de Mesquita (1994, 1997) as reconstructed by Scholz, Calbert and Smith (2011)"
CONVENTIONS = {
    "denominator": ("all pairs", "pair"),
    "distance": ("own risk", "linear"),
    "exponent": ("own", "opponent's"),
    "choice": ("combined target", "least move"),
    "security": ("challengers", "own"),
}
_KINDS = ("confrontation", "compromise", "capitulation")


@dataclass(frozen=True)
class Move:
    """One accepted offer: in which round, who moves, how, toward whom, the two utilities in his view, and
    where to.
    """

    round: int
    mover: str
    kind: str
    toward: str
    eu_mover: float
    eu_other: float
    position: float


@dataclass(eq=False, kw_only=True, repr=False)
class ExpectedUtilityRun(Result):
    """A run of the expected-utility model.

    Attributes
    ----------
    actors : Actors
    positions : float array [rounds + 1, n]
    medians, means : float array [rounds + 1]
        Weighted by capability x salience: the model's forecast, and the baseline.
    moves : list of Move
    security, risk, exponents : float arrays [n]
        Of the first round: the security sums, R_i and r_i.
    utilities : float array [3, n, n]
        Of the first round: E_i(ij), i's reckoning of E_j(ji), and E_j(ji) in j's own view.
    """

    actors: Actors
    positions: np.ndarray
    medians: np.ndarray
    means: np.ndarray
    moves: list[Move]
    security: np.ndarray
    risk: np.ndarray
    exponents: np.ndarray
    utilities: np.ndarray

    def first_round(self) -> Result:
        """All ordered pairs of the first round with their three expected utilities."""
        names = self.actors.names
        rows = [
            (names[i], names[j], *(float(self.utilities[k, i, j]) for k in range(3)))
            for i in range(len(names))
            for j in range(len(names))
            if i != j
        ]
        return Result(
            title="Expected utilities of the first round",
            source=self.source,
            standing=self.standing,
            columns=("i", "j", "E_i of i against j", "E_i of j against i", "E_j of j against i"),
            rows=rows,
        )

    def move_table(self) -> Result:
        """Every move."""
        rows = [(m.round, m.mover, m.kind, m.toward, m.eu_mover, m.eu_other, m.position) for m in self.moves]
        return Result(
            title="Moves",
            source=self.source,
            standing=self.standing,
            columns=("round", "mover", "kind", "toward", "eu_mover", "eu_other", "position"),
            rows=rows,
        )

    def chart(self) -> Any:
        """Median and mean over rounds."""
        from .results import chart

        rows = [(t, float(a), float(b)) for t, (a, b) in enumerate(zip(self.medians, self.means))]
        return chart(("round", "weighted median", "weighted mean"), rows, title=self.title)


def _defeat(c, x, s, exponents, denominator, distance, length):
    """P[i, j]: probability that i defeats j; 0 where positions coincide."""
    d = np.abs(x[:, None] - x[None, :]) / length
    if distance == "own risk":
        d = d ** exponents[:, None]
    vote = (c * s)[:, None, None] * (d[:, None, :] - d[:, :, None])  # voter k, position i over position j
    plus = np.maximum(vote, 0).sum(0)
    whole_sum = np.abs(vote).sum() if denominator == "all pairs" else plus + plus.T
    with np.errstate(invalid="ignore", divide="ignore"):
        p = np.where(whole_sum > 0, plus / whole_sum, 0.0)
    p[x[:, None] == x[None, :]] = 0.0
    return p


def _utilities(c, x, s, r, p, q, exponent, length):
    """E[0][i, j] = E_i(ij); E[1][i, j] = i's reckoning of E_j(ji); E[2][i, j] = E_j(ji) in j's view."""
    d = np.abs(x[:, None] - x[None, :]) / length
    median = weighted_median(x, c * s)
    far = np.abs(x - median) / length

    def challenge(power, resist, success, own_far, toward):
        """Expected utility of a challenger with exponent `power` against one who resists with `resist`."""
        u_s = 2 - 4 * (0.5 - 0.5 * d) ** power
        u_f = 2 - 4 * (0.5 + 0.5 * d) ** power
        u_q = 2 - 4 * 0.5**power
        value = resist * (success * u_s + (1 - success) * u_f) + (1 - resist) * u_s - q * u_q
        if q < 1:
            bend = 0.25 * (own_far + d)
            u_b = 2 - 4 * np.maximum(0.5 - bend, 0) ** power
            u_w = 2 - 4 * (0.5 + bend) ** power
            value = value - (1 - q) * (toward * u_b + (1 - toward) * u_w)
        return value

    # does the drift of j to the median bring him nearer to i?
    helps = (np.sign(median - x)[None, :] == np.sign(x[:, None] - x[None, :])) & (x[:, None] != x[None, :])
    mine = challenge(r[:, None], s[None, :], p, far[:, None], helps)
    power = r[:, None] if exponent == "own" else r[None, :]
    his = challenge(power, s[:, None], p.T, far[None, :], helps.T)
    same = x[:, None] == x[None, :]
    mine, his = np.where(same, 0.0, mine), np.where(same, 0.0, his)
    return np.stack([mine, his, mine.T])


def expected_utility(
    people: Actors,
    *,
    rounds: int = 10,
    denominator: str = "all pairs",
    distance: str = "own risk",
    exponent: str = "own",
    choice: str = "combined target",
    security: str = "challengers",
    q: Any = 1,
) -> ExpectedUtilityRun:
    """Run the expected-utility model on one issue.

    Parameters
    ----------
    people : Actors
        From `bargain_smp.actors(capability, position, salience)`, salience on 0-100, or
        `bargain.read_actors`. Positions may be on any scale: only their range matters.
    rounds : int
        Most rounds; a round without an accepted offer ends the run.
    denominator, distance, exponent, choice, security, q
        The six conventions (see the module).

    Returns
    -------
    ExpectedUtilityRun

    Raises `Faults` for several issues, equal positions everywhere, an unknown convention (nearest word
    named), q outside [0, 1]."""
    for argument, value in (
        ("denominator", denominator),
        ("distance", distance),
        ("exponent", exponent),
        ("choice", choice),
        ("security", security),
    ):
        word(value, argument, CONVENTIONS[argument])
    status_quo = real(q, "q", "a probability from 0 to 1", low=0.0, high=1.0)
    rounds = whole(rounds, "rounds", 0, 100_000)
    if people.position.shape[1] != 1:
        raise reject(
            "position", f"{people.position.shape[1]} issues", "one issue (use the spatial model for several)"
        )
    c, x, s = people.capability, people.position[:, 0].copy(), people.salience[:, 0] / 100
    n = len(c)
    if not np.ptp(x):
        raise reject("position", "the same value for everybody", "at least two different positions")
    weights = c * s
    positions, moves = [x.copy()], []
    first: dict[str, np.ndarray] = {}
    for turn in range(1, rounds + 1):
        length = float(np.ptp(x))
        if length == 0:
            break
        neutral = np.ones(n)
        p = _defeat(c, x, s, neutral, denominator, "linear", length)
        e = _utilities(c, x, s, neutral, p, status_quo, exponent, length)
        sums = (e[2] if security == "challengers" else e[0]).sum(1)
        low, high = sums.min(), sums.max()
        risk = (2 * sums - high - low) / (high - low) if high > low else np.zeros(n)
        r = (1 - risk / 3) / (1 + risk / 3)
        p = _defeat(c, x, s, r, denominator, distance, length)
        e = _utilities(c, x, s, r, p, status_quo, exponent, length)
        if not first:
            first = {"security": sums, "risk": risk, "exponents": r, "utilities": e}
        new = x.copy()
        for i in range(n):
            best = _accepted(i, x, e[0, i], e[1, i], choice)
            if best is None:
                continue
            kind, j, target = best
            new[i] = target
            moves.append(
                Move(
                    turn,
                    people.names[i],
                    kind,
                    people.names[j],
                    float(e[0, i, j]),
                    float(e[1, i, j]),
                    float(target),
                )
            )
        if (new == x).all():
            break
        x = new
        positions.append(x.copy())
    track = np.array(positions)
    medians = np.array([weighted_median(at, weights) for at in track])
    means = (track * weights).sum(1) / weights.sum()
    if not first:
        first = {
            "security": np.zeros(n),
            "risk": np.zeros(n),
            "exponents": np.ones(n),
            "utilities": np.zeros((3, n, n)),
        }
    rows = [(t, float(a), float(b)) for t, (a, b) in enumerate(zip(medians, means))]
    used = {
        "denominator": denominator,
        "distance": distance,
        "exponent": exponent,
        "choice": choice,
        "security": security,
    }
    changed = [f"{k}={v}" for k, v in used.items() if v != CONVENTIONS[k][0]] + (
        [f"q={status_quo:g}"] if status_quo != 1 else []
    )
    return ExpectedUtilityRun(
        title=f"Expected-utility model, {n} actors, {len(track) - 1} rounds",
        source=SOURCE,
        columns=("round", "weighted median (forecast)", "weighted mean"),
        rows=rows,
        facts={
            "weighted mean at start (baseline)": float(means[0]),
            "weighted median at start": float(medians[0]),
            "conventions changed": ", ".join(changed) or "none",
        },
        notes=["the weighted mean of the opening positions is the baseline that bargaining must beat"],
        actors=people,
        positions=track,
        medians=medians,
        means=means,
        moves=moves,
        **first,
    )


def _accepted(
    i: int, x: np.ndarray, mine: np.ndarray, his: np.ndarray, choice: str
) -> tuple[str, int, float] | None:
    """The offer that actor i accepts: (kind, from whom, new position), or None."""
    offers: dict[str, list[tuple[float, int, float]]] = {kind: [] for kind in _KINDS}
    for j in range(len(x)):
        if x[j] == x[i] or his[j] <= 0:
            continue
        if mine[j] > 0:
            if mine[j] < his[j]:
                offers["confrontation"].append((abs(x[j] - x[i]), j, x[j]))
        elif mine[j] < 0:
            if -mine[j] < his[j]:
                target = x[i] + (x[j] - x[i]) * -mine[j] / his[j]
                combined = (-mine[j] * x[i] + his[j] * x[j]) / (-mine[j] + his[j])
                key = combined if choice == "combined target" else abs(target - x[i])
                offers["compromise"].append((key, j, target))
            else:
                offers["capitulation"].append((abs(x[j] - x[i]), j, x[j]))
    for kind in _KINDS:
        if offers[kind]:
            _, j, target = min(offers[kind], key=lambda o: (o[0], o[1]))
            return kind, j, float(target)
    return None
