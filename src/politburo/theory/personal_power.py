"""Measures of personal power: how much of a regime is one man.

*Leader's share*: of posts, votes or power; *effective number of rulers* 1 / sum of squared shares (1 when one
man rules).

*Items* (after Geddes, Wright and Frantz). Eight yes/no codings, 1 when the leader controls: party executive
chosen by him, party a rubber stamp, offices personal, party created by him, military not tried, promotion
personal rather than by merit, paramilitary personal, security apparatus personal. A two-parameter item
response model gives the latent score: the chance of item j is 1 / (1 + exp(-a_j (z - b_j))).
`personalism_scores` fits it by marginal maximum likelihood (EM over Gauss-Hermite nodes) and returns
standardised expected scores.

*Agreement with a yardstick*: Spearman's rank correlation, ties averaged, for ordering tests against published
indices (Marquez; Gandhi and Sumner 2020).

Derived, not published: the estimator is ours; published scores are not shipped. Cost: items x units x nodes a
step."""

from __future__ import annotations

from typing import Any

import numpy as np

from .inputs import measure, reals, reject, rows_of, whole
from .results import DERIVED, Result

ITEMS = (
    "executive chosen by the leader",
    "party a rubber stamp",
    "offices personal",
    "created the party",
    "military not tried",
    "promotion personal",
    "paramilitary personal",
    "security apparatus personal",
)


def concentration(powers: Any, names: Any = None) -> Result:
    """Shares of power, the leader's share and the effective number of rulers. Exact fractions."""
    circle = measure(powers, names, "powers", positive=False)
    if not circle.total:
        raise reject("powers", "only zeros", "at least one positive power")
    shares = [p / circle.total for p in circle.exact]
    squares = sum(s * s for s in shares)
    top = max(range(len(shares)), key=shares.__getitem__)
    return Result(
        title=f"Concentration of power among {len(shares)}",
        source="share and inverse Herfindahl index",
        columns=("member", "power", "share"),
        rows=list(zip(circle.names, circle.exact, shares)),
        facts={
            "leader": circle.names[top],
            "leader's share": float(shares[top]),
            "effective number of rulers": float(1 / squares),
        },
    )


def spearman(first: Any, second: Any) -> float:
    """Rank correlation of two equally long lists, tied ranks averaged; `Faults` when a list is constant or
    too short.
    """
    a, b = reals(first, "first"), reals(second, "second", len(list(first)))
    if len(a) < 3:
        raise reject("first", f"{len(a)} values", "at least 3")

    def ranks(values: list[float]) -> np.ndarray:
        v = np.array(values)
        return np.array([(v < x).sum() + ((v == x).sum() + 1) / 2 for x in v])

    x, y = ranks(a), ranks(b)
    if not np.ptp(x) or not np.ptp(y):
        raise reject(
            "first" if not np.ptp(x) else "second", "the same value everywhere", "values that differ"
        )
    return float(np.corrcoef(x, y)[0, 1])


def personalism_scores(codings: Any, names: Any = None, *, steps: int = 200, nodes: int = 41) -> Result:
    """Latent personalism of each unit (a regime-year, a leader) from yes/no items.

    Parameters
    ----------
    codings : 2-d array or list of rows, units x items
        1 the leader controls, 0 not, NaN or None missing.
    names : names of the units, optional
    steps, nodes : int
        EM steps and quadrature nodes.

    Returns
    -------
    Result
        One row a unit: items coded, sum, score (mean 0, standard deviation 1 over the units), standard error.
        `facts` hold discriminations and difficulties.

    Derived, not published. Slopes have a weak lognormal prior (mean 1) so that perfect items stay finite.
    """
    table = np.array([[np.nan if v is None else v for v in row] for row in rows_of(codings)], float)
    if table.ndim != 2 or table.shape[0] < 2 or table.shape[1] < 2:
        raise reject("codings", f"shape {table.shape}", "at least two units and two items")
    bad = np.argwhere(~(np.isnan(table) | (table == 0) | (table == 1)))
    if len(bad):
        i, j = bad[0]
        raise reject(f"codings[{i}, {j}]", f"{table[i, j]:g}", "0, 1 or missing")
    units, items = table.shape
    labels = [str(n) for n in names] if names is not None else [str(k + 1) for k in range(units)]
    if len(labels) != units:
        raise reject("names", f"{len(labels)} names", f"{units}, one for each unit")
    z, w = np.polynomial.hermite_e.hermegauss(whole(nodes, "nodes", 5, 200))
    w = w / w.sum()
    known = ~np.isnan(table)
    ones = np.where(known, table, 0)
    slope = np.ones(items)
    share = np.clip(ones.sum(0) / np.maximum(known.sum(0), 1), 0.05, 0.95)
    cut = -np.log(share / (1 - share))  # intercept form: logit = slope z - cut
    for _ in range(whole(steps, "steps", 1, 100_000)):
        logit = slope[:, None] * z - cut[:, None]
        log_p, log_q = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
        posterior = np.exp(ones @ log_p + (known - ones) @ log_q) * w
        posterior /= posterior.sum(1, keepdims=True)
        expected, correct = known.T.astype(float) @ posterior, ones.T @ posterior
        for j in range(items):
            for _ in range(5):  # Newton on (slope, cut) of one item, with weak priors
                p = 1 / (1 + np.exp(-(slope[j] * z - cut[j])))
                residual, information = correct[j] - expected[j] * p, expected[j] * p * (1 - p)
                gradient = np.array(
                    [residual @ z - np.log(slope[j]) / slope[j], -residual.sum() - cut[j] / 9]
                )
                hessian = np.array(
                    [
                        [information @ z**2 + 1 / slope[j] ** 2, -(information @ z)],
                        [-(information @ z), information.sum() + 1 / 9],
                    ]
                )
                step = np.linalg.solve(hessian, gradient)
                slope[j] = float(np.clip(slope[j] + np.clip(step[0], -0.5, 0.5), 0.05, 8))
                cut[j] += float(np.clip(step[1], -1, 1))
    logit = slope[:, None] * z - cut[:, None]
    log_p, log_q = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
    posterior = np.exp(ones @ log_p + (known - ones) @ log_q) * w
    posterior /= posterior.sum(1, keepdims=True)
    mean = posterior @ z
    error = np.sqrt(posterior @ z**2 - mean**2)
    spread = float(mean.std())
    scale = spread if spread > 1e-12 else 1.0
    rows = [
        (
            labels[i],
            int(known[i].sum()),
            int(ones[i].sum()),
            float((mean[i] - mean.mean()) / scale),
            float(error[i] / scale),
        )
        for i in range(units)
    ]
    return Result(
        title=f"Personalism of {units} units on {items} items",
        source="after Geddes, Wright and Frantz",
        standing=DERIVED,
        columns=("unit", "items", "sum", "score", "standard error"),
        rows=rows,
        facts={
            "discriminations": [round(float(a), 4) for a in slope],
            "difficulties": [round(float(c / a), 4) for a, c in zip(slope, cut)],
        },
    )
