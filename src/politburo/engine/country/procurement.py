"""What the state undertakes to take, in July.

Market (quota below 0): V = mu surplus tau^eps, surplus = harvest and stock less seed, food and feed, tau the terms of trade.
The record cannot tell an elasticity eps of 0.2 from one of 1.6, so it is drawn from that range in every history.

Quota: the nation's plan Q is shared by contract norms and by what is expected of a place,

    plan = Q norm (normal + kappa (harvest - normal)) / sum

kappa 0 is rigid on the forecast (Meng, Qian and Yared 2015), 1 proportional to the harvest, above 1 progressive; never more
than 55 per cent of a harvest. A change of exports against the recorded path changes the plan by `grain_pass` of it: grain
that need not be exported need not be taken. The rest stays with the state. Plans also follow the nation's harvest: a harvest that
is not the recorded one changes the recorded plan by `grain_answer` of the difference, since plans were cut when harvests failed.
How far, nobody can tell from one path: it is drawn.

The state's book closes each agricultural year: opening + taken = exported + supplied + relief + lent + towns + other + closing,
where other is what it holds over its reserve in June: industry, horses of the towns, army, waste.
"""

from __future__ import annotations

from ...case.country.levers import NUMBER
from ..kernel import kernel, small
from ..numeric import clamp, exp
from .curves import ln
from .grain import crop_year

EXPORT = NUMBER["export"]
CAP = 0.55
LEAST = 0.15  # of a harvest counts for a plan, however bad the harvest

#: Share of a year's procurement taken in each calendar month, January to December (assumed: three quarters by December).
TAKEN = (0.07, 0.04, 0.0, 0.0, 0.0, 0.0, 0.05, 0.15, 0.22, 0.2, 0.15, 0.12)


@small
def need_of(p, b, potatoes, plots):
    """Grain that a place's people need in a year, million t: the diet less animals, potatoes and gardens."""
    other = b.animals + p.grain_potatoes * b.garden * potatoes + p.grain_plots * plots
    return 0.001 * b.people * max(p.grain_need - other, 0.15 * p.grain_need)


@kernel
def plan(w, p, s):
    """Every place's plan, and what the state undertakes to supply to it."""
    x = s.country.grain
    n = x.nation[0]
    lever = s.country.lever[0]
    n.plan_left = 0.0
    if lever.quota < 0.0:
        terms = exp(p.grain_price * ln(max(lever.price, 0.05)))
        for c in range(len(x.place)):
            b = x.place[c]
            surplus = b.harvest + b.stock - b.seed - need_of(p, b, n.potatoes, lever.plots) - b.want_feed
            b.plan = min(max(p.grain_market * surplus * terms, 0.0), CAP * b.harvest)
            n.plan_left += b.plan
    else:
        quota = max(lever.quota + p.grain_pass * (lever.export - w.country.recorded[s.now[0].month, EXPORT]), 0.0)
        g = w.country.grain
        row = int(p.grain_row)
        expected = g.expected[row if row < g.expected.shape[0] else g.expected.shape[0] - 1, crop_year(w, s)]
        if expected > 0.0 and g.mode[0] == 0:
            harvest = 0.0
            for c in range(len(x.place)):
                harvest += x.place[c].harvest
            quota *= clamp(1.0 + p.grain_answer * (harvest / expected - 1.0), 0.3, 1.5)
        answer = max(p.grain_response - lever.rigidity, 0.0)
        total = 0.0
        for c in range(len(x.place)):
            b = x.place[c]
            b.plan = b.norm * max(b.normal + answer * (b.harvest - b.normal), LEAST * b.harvest)
            total += b.plan
        for c in range(len(x.place)):
            b = x.place[c]
            b.plan = min(quota * b.plan / total, CAP * b.harvest) if total > 0.0 else 0.0
            n.plan_left += b.plan
    n.procured = n.plan_left
    for c in range(len(x.place)):
        b = x.place[c]
        # Places that cannot feed themselves in a normal year are supplied; herders get grain for animals while they have them.
        lacking = b.seed + need_of(p, b, n.potatoes, lever.plots) + 0.5 * b.want_feed - b.normal * (1.0 - b.norm)
        claim = 1.0
        if w.country.grain.place[c].pastoral > 0.5:
            claim = clamp(max(2.0 * b.units / b.units_base - 0.6, b.settled), 0.0, 1.0)
        b.supply = max(lacking, 0.0) * claim
