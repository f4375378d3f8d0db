"""Mass purges: why the innocent are hit, and what violence does to effort and selection.

*Eliminations* (after Gregory, Schroeder and Sonin 2011). Of N people E are enemies; there is a revolution
when enemies exceed the share t of those who remain. Each elimination hits an enemy with probability p (the
quality of information). The least number that meets the constraint is

    x* = max(0, (E - t N) / (p - t)),   enemies hit p x*,   innocents (1 - p) x*,

because after x eliminations E - p x <= t (N - x). With p <= t no number helps: everybody would have to go (x
= N).

*Mass purges* (after Montagnes and Wolton 2019). Agents are congruent with probability c; each works hard or
not, succeeds more often when he does and more often when congruent. The principal removes a share k of all:
failures first (a *mild* purge while k is at most the failures), then successes at random (*violent*: no
record is safe). Being purged costs v. An agent works when what it adds to his safety is worth its cost, e <=
v (risk if he fails - risk if he succeeds) (gain in success).

Both are derived, not published: minimal equations that respect the abstracts ("Rational Dictators and the
Killing of Innocents", J. Comparative Economics 39; "Mass Purges", APSR 113). Cost: constant; bisection for
the second."""

from __future__ import annotations

from typing import Any

from .inputs import real, reject
from .results import DERIVED, Result


def eliminations(enemies: Any, hit_rate: Any, *, population: Any = 100, threshold: Any = 0.05) -> Result:
    """The least number eliminated, and who they are.

    Parameters
    ----------
    enemies, population : number
        E and N.
    hit_rate : number
        p, probability that an elimination hits an enemy, 0 < p <= 1.
    threshold : number
        t, revolution when enemies exceed this share of the rest.

    Returns
    -------
    Result
        One row: eliminated, enemies hit, innocents hit, enemies left as a share. Derived, not published.

    >>> [round(v, 3) for v in eliminations(10, 0.2).rows[0][:3]]
    [33.333, 6.667, 26.667]
    """
    n = real(population, "population", "a number above 0", above=0.0)
    e = real(enemies, "enemies", f"from 0 to the population of {n:g}", 0.0, n)
    p = real(hit_rate, "hit_rate", "a probability above 0, at most 1", high=1.0, above=0.0)
    t = real(threshold, "threshold", "a share from 0 to below 1", low=0.0, below=1.0)
    notes = []
    if e <= t * n:
        x = 0.0
    elif p <= t:
        x = n
        notes.append(
            "the hit rate is at or below the threshold: no selective number meets the constraint, x is capped at everybody"
        )
    else:
        x = min((e - t * n) / (p - t), n)
        if p * x > e + 1e-12:
            x = e / p
            notes.append("all enemies are hit before the constraint would ask for more")
    hit = min(p * x, e)
    left = n - x
    return Result(
        title=f"Eliminations with {e:g} enemies among {n:g}",
        source="after Gregory, Schroeder and Sonin (2011)",
        standing=DERIVED,
        columns=("eliminated", "enemies hit", "innocents hit", "enemies left, share"),
        rows=[(x, hit, x - hit, (e - hit) / left if left > 0 else 0.0)],
        facts={"revolution above": t, "hit rate": p},
        notes=notes,
    )


def mass_purge(
    quota: Any,
    violence: Any,
    *,
    congruent: Any = 0.5,
    skill: Any = 0.2,
    base: Any = 0.3,
    effort_gain: Any = 0.3,
    cost_top: Any = 1,
) -> Result:
    """A purge of the share `quota` with punishment `violence`.

    Parameters
    ----------
    quota : number
        k, share removed.
    violence : number
        v, what being purged costs.
    congruent : number
        c, share of congruent agents before.
    skill, base, effort_gain : number
        Chance of success is base + skill (congruent) + effort_gain (hard work); their sum at most 1.
    cost_top : number
        Effort costs are uniform on [0, cost_top].

    Returns
    -------
    Result
        One row: kind of purge, share who work, failures, risk after failure and after success, mean
        performance, congruent share after, and whether selection improved. Derived, not published.

    The share who work solves work = min(1, v (risk fail - risk succeed) gain / cost_top), both risks
    depending on how many fail; found by bisection (the right side falls as more work, because failures grow
    rare)."""
    k = real(quota, "quota", "a share from 0 to below 1", low=0.0, below=1.0)
    v = real(violence, "violence", "a number of at least 0", low=0.0)
    c = real(congruent, "congruent", "a share from 0 to 1", 0.0, 1.0)
    a, b, g = (
        real(z, n, "a probability from 0 to 1", 0.0, 1.0)
        for z, n in ((skill, "skill"), (base, "base"), (effort_gain, "effort_gain"))
    )
    if a + b + g > 1 + 1e-12:
        raise reject("base", f"base + skill + effort_gain = {a + b + g:g}", "a sum of at most 1")
    top = real(cost_top, "cost_top", "a number above 0", above=0.0)

    def risks(work: float) -> tuple[float, float, float]:
        good = b + c * a + g * work
        bad = 1 - good
        on_failure = min(1.0, k / bad) if bad > 0 else 0.0
        on_success = max(0.0, (k - bad) / good) if good > 0 else 0.0
        return bad, on_failure, on_success

    def reply(work: float) -> float:
        _, fail, succeed = risks(work)
        return min(1.0, v * (fail - succeed) * g / top)

    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if reply(middle) > middle:
            low = middle
        else:
            high = middle
    work = (low + high) / 2
    bad, fail, succeed = risks(work)
    good_congruent = b + a + g * work
    purged_congruent = c * ((1 - good_congruent) * fail + good_congruent * succeed)
    after = (c - purged_congruent) / (1 - k)
    kind = "none" if k == 0 else "mild" if k <= bad else "violent"
    return Result(
        title=f"Mass purge of the share {k:g}, violence {v:g}",
        source="after Montagnes and Wolton (2019)",
        standing=DERIVED,
        columns=(
            "purge",
            "work",
            "failures",
            "risk after failure",
            "risk after success",
            "performance",
            "congruent after",
        ),
        rows=[(kind, work, bad, fail, succeed, 1 - bad, after)],
        facts={"congruent before": c, "selection gain": after - c},
    )
