"""The spatial model of politics of the KTAB toolkit: challenges, offers and votes among actors in an issue
space.

Theory. Actor i has capability c_i and, on each of K issues, a position x_ik and a salience s_ik (both on
0-100, used as 0-1); S_i is the sum of his saliences. Each turn:

1. Distance as i sees it, d_ij = sqrt(sum s_ik^2 (x_ik - x_jk)^2 / sum s_ik^2); utility (1 - d)(1 + d R).
2. k's vote for position i over j is w_k (u_ki - u_kj); C_ij = 1e-8 + the positive votes; V_ij = C_ij / (C_ij
   + C_ji).
3. Probability of a position, "conditional": p_i ~ prod over j of V_ij; or "markov": challengers come with the
   incentive C_ij V_ij.
4. Risk attitudes from the probabilities at R = 0, weights c: R_i = (3 p_i - max - 2 min) / (2 (max - min)).
5. h thinks that i's attitude is (2 R_h + R_i) / 3: n views of everybody's utilities.
6. P of i over j as h sees it, weights w = S c: the two principals add w (own utility of own - of the other's
   position) to their sides (+ 1e-10); each third party reckons the odds with his own vote added and joins the
   side that serves him better, knowing that the winner will move the losers (semi-commitment).
7. The gain of a challenge; i challenges where his own gain is largest, if above 1e-5.
8. The offer: a compromise in each issue with weights s_ik^2 P^2 and s_jk^2 (1 - P)^2, rounded to 4 decimals
   (0-1). It enters both actors' queues, where "no change" waits too.
9. Everybody votes on each actor's queue (utility: mean over all positions as changed by the offer); the most
   probable option is adopted, all actors at once. Stop when a turn's moves fall below 2 % of the first
   turn's.

Every setting that changes digits is a named argument; the defaults reproduce the authors' reference runs to
every printed digit.

Sources: C. Efird, S. Lester, B. Wise, "Analyzing Chinese oil sector reform" (KAPSARC, 2016); the KTAB source
(MIT licence), rules re-stated and re-implemented. Cost: n^4 floats a turn; 13 actors, 27 turns: under 0.1 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .inputs import real, reals, reject, rows_of, whole, word
from .results import Result

VOTING = ("proportional", "cubic")
PROBABILITY = ("conditional", "markov")
RISK = ("half", "zero_one", "minus_one_one")
ESTIMATE = ("two_thirds", "half", "own", "true")
SOURCE = "KTAB spatial model of politics (Efird, Lester and Wise 2016)"


@dataclass(frozen=True)
class Actors:
    """Actors in K issues: names, capability [n], position [n, K] and salience [n, K], positions and saliences
    on 0-100.
    """

    names: tuple[str, ...]
    capability: np.ndarray
    position: np.ndarray
    salience: np.ndarray

    @property
    def influence(self) -> np.ndarray:
        """Capability times salience as a share, for each issue."""
        return self.capability[:, None] * self.salience / 100


def actors(
    capability: Any, position: Any, salience: Any, names: Sequence[str] | None = None, top: float = 100.0
) -> Actors:
    """Checked actors; one issue may be given flat. Raises `Faults` naming every bad value."""
    from .inputs import default_names

    c = reals(capability, "capability", None, "numbers of at least 0", low=0.0)
    n = len(c)
    if n < 2:
        raise reject("capability", f"{n} actors", "at least two")
    if not sum(c):
        raise reject("capability", "only zeros", "at least one positive capability")

    def table(values: Any, argument: str, allowed: str, high: float) -> np.ndarray:
        rows = rows_of(values)
        if rows and (isinstance(rows[0], str) or not hasattr(rows[0], "__iter__")):
            rows = [[v] for v in rows]
        if len(rows) != n or len({len(r) for r in rows}) != 1:
            raise reject(
                argument,
                f"{len(rows)} rows of {sorted({len(r) for r in rows})} issues",
                f"{n} rows of equal length",
            )
        return np.array([reals(r, f"{argument}[{i}]", None, allowed, 0.0, high) for i, r in enumerate(rows)])

    x = table(position, "position", f"numbers from 0 to {top:g}", top)
    s = table(salience, "salience", f"numbers from 0 to {top:g}", top)
    if x.shape != s.shape:
        raise reject("salience", f"{s.shape[1]} issues", f"{x.shape[1]}, as in position")
    idle = [i for i in range(n) if not s[i].any()]
    if idle:
        raise reject(f"salience[{idle[0]}]", "only zeros", "at least one positive salience an actor")
    labels = tuple(map(str, names)) if names is not None else tuple(default_names(n))
    if len(labels) != n or len(set(labels)) != n:
        raise reject("names", f"{len(set(labels))} different names", f"{n}, one for each actor")
    return Actors(labels, np.array(c), x, s)


def _utility(x: np.ndarray, s: np.ndarray, risk: np.ndarray, to: np.ndarray | None = None) -> np.ndarray:
    """u[i, j] of position j (of `to`, default x) to actor i with attitude risk[i]."""
    to = x if to is None else to
    square = s**2
    d = np.sqrt(((x[:, None, :] - to[None, :, :]) ** 2 * square[:, None, :]).sum(2) / square.sum(1)[:, None])
    return (1 - d) * (1 + d * risk[:, None])


def _coalitions(u: np.ndarray, weight: np.ndarray, voting: str) -> np.ndarray:
    """C[i, j]: 1e-8 + votes for option i over option j; u[k, option]."""
    gap = u[:, :, None] - u[:, None, :]
    if voting == "cubic":
        gap = 0.5 * gap + 0.5 * gap**3
    return 1e-8 + np.maximum(weight[:, None, None] * gap, 0).sum(0)


def _probabilities(u: np.ndarray, weight: np.ndarray, voting: str, rule: str) -> np.ndarray:
    """Probability of each option."""
    c = _coalitions(u, weight, voting)
    v = c / (c + c.T)
    np.fill_diagonal(v, 0.5)
    if rule == "conditional":
        logs = np.log(v).sum(1)
        p = np.exp(logs - logs.max())
        return p / p.sum()
    incentive = c * v
    np.fill_diagonal(incentive, 1e-10)
    challenge = incentive / incentive.sum(0, keepdims=True)
    n = len(v)
    p = np.full(n, 1.0 / n)
    for _ in range(100_000):
        q = (v * (p[:, None] * challenge.T + p[None, :] * challenge)).sum(1)
        new = (p + q) / 2
        new /= new.sum()
        if np.abs(new - p).max() < 1e-8:
            return new
        p = new
    raise reject("probability", "a Markov chain that did not settle in 100,000 steps", "conditional")


def _risk(p: np.ndarray, scale: str) -> np.ndarray:
    low, high = p.min(), p.max()
    if high == low:
        return np.zeros_like(p)
    share = (p - low) / (high - low)
    return {"half": 1.5 * share - 0.5, "zero_one": share, "minus_one_one": 2 * share - 1}[scale]


def _estimate(risk: np.ndarray, rule: str) -> np.ndarray:
    """estimate[h, i]: what h takes i's attitude to be."""
    mine = {"two_thirds": 2 / 3, "half": 0.5, "own": 1.0, "true": 0.0}[rule]
    return mine * risk[:, None] + (1 - mine) * risk[None, :]


def _victory(u: np.ndarray, w: np.ndarray) -> np.ndarray:
    """P[i, j]: probability that i defeats j, for one view u[m, position]."""
    n = len(w)
    own = np.diag(u)
    mine = w[:, None] * (own[:, None] - u) + 1e-10  # i's side from i, against j
    his = mine.T
    vote = w[:, None, None] * (u[:, :, None] - u[:, None, :])  # m, i, j
    for_i, for_j = np.maximum(vote, 0), np.maximum(-vote, 0)
    odds = (mine[None] + for_i) / (mine[None] + for_i + his[None] + for_j)
    # helping i: odds (2 u_mi + u_mm) + (1 - odds) 3 u_mj; helping j: odds 3 u_mi + (1 - odds)(2 u_mj + u_mm)
    help_i = odds * (2 * u[:, :, None] + own[:, None, None]) + (1 - odds) * 3 * u[:, None, :]
    help_j = odds * 3 * u[:, :, None] + (1 - odds) * (2 * u[:, None, :] + own[:, None, None])
    swing = w[:, None, None] * (help_i - help_j)
    index = np.arange(n)
    swing[index, index, :] = 0
    swing[index, :, index] = 0
    plus = mine + np.maximum(swing, 0).sum(0)
    minus = his + np.maximum(-swing, 0).sum(0)
    return plus / (plus + minus)


def _unique(x: np.ndarray, near: float) -> np.ndarray:
    """Index of the first actor with (nearly) the same position, for each actor."""
    first = np.arange(len(x))
    for i in range(len(x)):
        for j in range(i):
            if first[j] == j and np.sqrt(((x[i] - x[j]) ** 2).sum()) < near:
                first[i] = j
                break
    return first


@dataclass(eq=False, kw_only=True, repr=False)
class SpatialRun(Result):
    """A run of the spatial model.

    Attributes
    ----------
    actors : Actors
    positions : float array [turns + 1, n, K]
        On 0-100.
    probabilities : float array [turns + 1, n]
        Probability of each actor's position among the different positions.
    risks : float array [turns + 1, n]
    targets : list of lists
        For each turn and actor the index of his target, or None.
    victory, gains : float arrays of the first turn
        victory[h, i, j]: P of i over j as h sees it; gains[h, k, i, j]: gain to k of i challenging j as h
        sees it.
    offers : list of lists
        For each turn, (initiator, target, initiator's new position, target's new position).
    changes : list of float
        Moves of each turn relative to the first turn's plus 1e-4, as the toolkit prints them.
    weighted_mean, weighted_median : float array [turns + 1, K]
        The baselines: influence x salience.
    """

    actors: Actors
    positions: np.ndarray
    probabilities: np.ndarray
    risks: np.ndarray
    targets: list[list[int | None]]
    victory: np.ndarray
    gains: np.ndarray
    offers: list[list[tuple[int, int, tuple[float, ...], tuple[float, ...]]]]
    changes: list[float]
    weighted_mean: np.ndarray
    weighted_median: np.ndarray

    def paths(self) -> Result:
        """Every actor's position in every turn, one row a turn and actor."""
        issues = self.positions.shape[2]
        rows = [
            (t, name, *map(float, self.positions[t, i]), float(self.probabilities[t, i]))
            for t in range(len(self.positions))
            for i, name in enumerate(self.actors.names)
        ]
        return Result(
            title=self.title,
            source=self.source,
            standing=self.standing,
            columns=("turn", "actor", *(f"position_{k + 1}" for k in range(issues)), "probability"),
            rows=rows,
        )

    def chart(self) -> Any:
        """Positions over turns, one panel an issue, one line an actor."""
        import altair as alt

        values = [
            {"turn": t, "actor": name, "issue": f"issue {k + 1}", "position": float(self.positions[t, i, k])}
            for t in range(len(self.positions))
            for i, name in enumerate(self.actors.names)
            for k in range(self.positions.shape[2])
        ]
        return (
            alt.Chart(alt.Data(values=values), title=self.title)
            .mark_line()
            .encode(
                x="turn:Q",
                y=alt.Y("position:Q", scale=alt.Scale(zero=False)),
                color="actor:N",
                column=alt.Column("issue:N", title=None),
            )
        )


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """The first value, in ascending order, at which the weights reach half of their sum."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2 - 1e-12 * reached[-1])])


def spatial_model(
    people: Actors,
    *,
    turns: int = 100,
    stop: Any = 0.02,
    voting: str = "proportional",
    probability: str = "conditional",
    risk: str = "half",
    estimate: str = "two_thirds",
    adoption: str = "likeliest",
    seed: int = 0,
    digits: int = 4,
) -> SpatialRun:
    """Run the spatial model.

    Parameters
    ----------
    people : Actors
        From `actors(...)` or a file (`politburo.theory.bargain.read_actors`).
    turns : int
        Most turns.
    stop : number
        Stop when a turn's moves fall below this share of the first turn's; 0: never.
    voting : {"proportional", "cubic"}
        "cubic" is the toolkit's PropCbc: half the difference of utilities and half its cube.
    probability : {"conditional", "markov"}
    risk : {"half", "zero_one", "minus_one_one"}
        Attitudes scaled to [-1/2, 1] (reference runs), [0, 1] (the paper's wording) or [-1, 1].
    estimate : {"two_thirds", "half", "own", "true"}
        How much of his own attitude h sees in others: 2/3 (reference runs), 1/2 (the paper), all, none.
    adoption : {"likeliest", "drawn"}
        Adopt the most probable option, or draw one (with `seed`).
    digits : int
        Decimals to which offers are rounded on the 0-1 scale; 16: not at all.

    Returns
    -------
    SpatialRun
        Prints the opening and final positions beside the weighted mean, the baseline that bargaining must
        beat.
    """
    word(voting, "voting", VOTING)
    word(probability, "probability", PROBABILITY)
    word(risk, "risk", RISK)
    word(estimate, "estimate", ESTIMATE)
    word(adoption, "adoption", ("likeliest", "drawn"))
    turns = whole(turns, "turns", 0, 100_000)
    digits = whole(digits, "digits", 0, 16)
    share = real(stop, "stop", "a share from 0 to below 1", low=0.0, below=1.0)
    rng = np.random.Generator(np.random.Philox(whole(seed, "seed")))
    x, s, c = people.position / 100, people.salience / 100, people.capability
    n = len(c)
    total_salience = s.sum(1)
    if (total_salience > 1 + 1e-9).any():
        i = int(np.argmax(total_salience))
        raise reject(
            f"salience of {people.names[i]}",
            f"a sum of {100 * total_salience[i]:g}",
            "at most 100 over all issues",
        )
    w = total_salience * c
    positions, probabilities, risks = [], [], []
    targets: list[list[int | None]] = []
    offers: list[list[tuple]] = []
    moves: list[float] = []
    first_victory = first_gains = None

    def report(attitude: np.ndarray) -> None:
        keep = _unique(x, 1e-3)
        kept = np.unique(keep)
        p = _probabilities(_utility(x, s, attitude, x[kept]), c, voting, probability)
        positions.append(100 * x)
        probabilities.append(p[np.searchsorted(kept, keep)])
        risks.append(attitude)

    for turn in range(turns + 1):
        attitude = _risk(_probabilities(_utility(x, s, np.zeros(n)), c, voting, probability), risk)
        report(attitude)
        if turn == turns:
            break
        view = _estimate(attitude, estimate)
        base = _utility(x, s, np.zeros(n))
        d = 1 - base  # at R = 0 utility is 1 - d
        seen = [(1 - d) * (1 + d * view[h][:, None]) for h in range(n)]
        victory = np.stack([_victory(u, w) for u in seen])
        sal = total_salience[None, :]  # of the target
        own_gain = np.empty((n, n))
        for i in range(n):
            u, p = seen[i], victory[i, i]
            own_gain[i] = (
                (1 - sal[0]) * 2 * u[i, i]
                + sal[0] * (p * 2 * u[i, i] + (1 - p) * 2 * u[i])
                - (u[i, i] + u[i])
            )
        if first_victory is None:
            first_victory = victory
            first_gains = np.stack(
                [
                    (1 - sal[None]) * 2 * u[:, :, None]
                    + sal[None]
                    * (victory[h][None] * 2 * u[:, :, None] + (1 - victory[h])[None] * 2 * u[:, None, :])
                    - (u[:, :, None] + u[:, None, :])
                    for h, u in enumerate(seen)
                ]
            )
        np.fill_diagonal(own_gain, -np.inf)
        queues: list[list[np.ndarray]] = [[] for _ in range(n)]
        made, chosen = [], []
        for i in range(n):
            j = int(np.argmax(own_gain[i]))
            if own_gain[i, j] <= 1e-5:
                chosen.append(None)
                continue
            chosen.append(j)
            p = victory[i, i, j]
            a, b = s[i] ** 2 * p**2, s[j] ** 2 * (1 - p) ** 2
            mine = np.round(((a + 1e-6) * x[i] + b * x[j]) / (a + 1e-6 + b), digits)
            his = np.round((a * x[i] + (b + 1e-6) * x[j]) / (a + b + 1e-6), digits)
            made.append((i, j, tuple(map(float, 100 * mine)), tuple(map(float, 100 * his))))
            changed = x.copy()
            changed[i], changed[j] = mine, his
            queues[i].append(changed)
            queues[j].append(changed)
        targets.append(chosen)
        offers.append(made)
        new = x.copy()
        for i in range(n):
            if not queues[i]:
                continue
            options = [x, *queues[i]]
            u = np.stack([_utility(x, s, attitude, to).mean(1) for to in options], axis=1)
            p = _probabilities(u, c, voting, probability)
            pick = (
                int(np.argmax(p))
                if adoption == "likeliest"
                else int(np.searchsorted(np.cumsum(p), rng.random()))
            )
            new[i] = options[min(pick, len(options) - 1)][i]
        moves.append(float(np.sqrt(((new - x) ** 2).sum(1)).sum()))
        x = new
        if share and (moves[0] == 0 or moves[-1] < share * moves[0]):
            attitude = _risk(_probabilities(_utility(x, s, np.zeros(n)), c, voting, probability), risk)
            report(attitude)
            break
    weights = people.influence
    mean = np.array([(weights * at).sum(0) / weights.sum(0) for at in positions])
    median = np.array(
        [[weighted_median(at[:, k], weights[:, k]) for k in range(at.shape[1])] for at in positions]
    )
    changes = [m / (moves[0] + 1e-4) for m in moves]
    issues = range(x.shape[1])
    rows = [
        (
            name,
            *map(float, positions[0][i]),
            *map(float, positions[-1][i]),
            float(probabilities[0][i]),
            float(probabilities[-1][i]),
        )
        for i, name in enumerate(people.names)
    ]
    columns = (
        "actor",
        *(f"start_{k + 1}" for k in issues),
        *(f"end_{k + 1}" for k in issues),
        "probability at start",
        "probability at end",
    )
    facts = {
        "turns": len(moves),
        "weighted mean at start (baseline)": [float(v) for v in mean[0]],
        "weighted median at start": [float(v) for v in median[0]],
        "weighted mean at end": [float(v) for v in mean[-1]],
        "expected position at end": [float(v) for v in _expected(positions[-1], probabilities[-1])],
    }
    return SpatialRun(
        title=f"Spatial model, {n} actors, {x.shape[1]} issue(s), {len(moves)} turns",
        source=SOURCE,
        columns=columns,
        rows=rows,
        facts=facts,
        notes=["actors who share a position show its probability, so that column need not add up to 1"],
        actors=people,
        positions=np.array(positions),
        probabilities=np.array(probabilities),
        risks=np.array(risks),
        targets=targets,
        victory=first_victory if first_victory is not None else np.zeros((0,)),
        gains=first_gains if first_gains is not None else np.zeros((0,)),
        offers=offers,
        changes=changes,
        weighted_mean=mean,
        weighted_median=median,
    )


def _expected(x: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Mean position under the probabilities of the different positions."""
    kept = np.unique(_unique(x / 100, 1e-3))
    return (p[kept, None] * x[kept]).sum(0) / p[kept].sum()
