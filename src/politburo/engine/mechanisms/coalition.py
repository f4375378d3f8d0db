"""Who rules with whom: the coalition that the full members of the circle form.

Theory. A majority S of the full members, in heads and in perceived power, can rule without the others; majority means more than
the circle's own `threshold` (a half by most rules; a larger one makes blocking easier and coalitions larger). Each member i of S is
rid of rivals he fears and must live with partners he may not like:

    u_i(S) = sum_{j not in S} fear_ij - sum_{j in S} cost_ij / (n - 1)
    fear_ij = q_j (threat * h_ij * A_j / (A_i + A_j) * A_j / A_V + force * F_j)
    h_ij    = (1 + ideology * d_ij - affinity * (a_ij + a_ji) / 2) / 2, kept within [0.1, 1.5]
    cost_ij = ideology * d_ij - affinity * (a_ij + a_ji) / 2 + judgement

with A perceived power, q ambition, F control of armed force and police, and h hostility: an ambitious man threatens
those whom he would turn against, not his friends. But a partner may be the next victim. The
foresight of this is Acemoglu, Egorov and Sonin's: once S rules, the ultimate ruling coalition phi(S) of its own
members, by perceived power, will rule in the end. With `foresight` f,

    v_i(S) = (1 - f) u_i(S) + f [u_i(phi(S)) if i in phi(S), else u_i(S) - dread]
    U(S)   = sum_{i in S} (A_i / A_S) v_i(S) - narrow(S) - exclusion * |V \\ S| - inertia * |S xor S_old|

f = 0 is the myopic junta, f = 1 full foresight; phi is exact (integer powers, theory.coalition_kernel) and uses the same threshold. `judgement` is luck:
how i happens to see j this month. The cost of company
is spread over the whole circle, not over the coalition: a man is left out because of what he is, not because the others are
closer friends. The arbiter (a founder whose consent is needed) and a sole ruler belong to every S.

Reads: seen power, stances, affinity, force, ambition. Writes: side, leader.
A member who would rather stand with those shut out walks out, if the rest is still a majority (`solidarity`).

Parameters: threat, force, ideology, affinity, judgement, foresight, dread, inertia, narrow, rounds, solidarity, exclusion.
Source: Acemoglu, Egorov and Sonin (2008); the mixture with myopia and cohesion is this project's (derived).
Falsified by: coalitions whose lightest self-enforcing part leaves out members who knew the balance of power.
Cost: O(n 2^n) for n full members.
"""

from ...case.arrays import MOST_CIRCLE
from ...theory.coalition_kernel import lightest_winning, list_self_enforcing, rule_one
from .. import events, luck
from ..kernel import kernel, small
from ..numeric import clamp
from ..standing import cohesion, full_members, log

PARAMETERS = ("threat", "force", "ideology", "affinity", "judgement", "foresight", "dread", "inertia", "narrow", "rounds", "solidarity", "exclusion")
READS = ("seen", "stance", "affinity", "force", "ambition", "circle")
WRITES = ("side", "renewed")

_SCALE = 1048576.0


@small
def fear_of(p, s, i, j, total, company):
    """What i gains when j is shut out; `company` is what j's company costs i (`standing.cohesion`)."""
    m = s.people
    both = m[i].seen + m[j].seen
    share = m[j].seen / both if both > 0.0 else 0.5
    hostility = clamp(0.5 + 0.5 * company, 0.1, 1.5)
    return m[j].ambition * (p.threat * hostility * share * m[j].seen / total + p.force * m[j].force)


@small
def whole_powers(s, n):
    """Perceived powers of the n numbered members in whole units of 2**-20, so that the recursion is exact."""
    for a in range(n):
        s.whole[a] = max(1, int(s.people[s.member[a]].seen * _SCALE))


@kernel
def rule_core(w, s, n):
    """The ultimate ruling coalition of the n numbered members, as a mask."""
    whole_powers(s, n)
    return rule_one(s.whole, n, w.rule[0].circle_num, w.rule[0].circle_den, s.weight, s.best)


@small
def step(w, p, s):
    """Hold a round of alliances if one is due."""
    n = full_members(s)
    if n < 3:
        for a in range(n):
            s.people[s.member[a]].side = 1
    elif s.now[0].renewed == 1 or luck.uniform(w, s, luck.ROUND, 0) < p.rounds:
        negotiate(w, p, s, n)


@kernel
def negotiate(w, p, s, n):
    """A round of alliances among the n numbered full members."""
    m = s.people
    now = s.now[0]
    now.renewed = 0
    num, den = w.rule[0].circle_num, w.rule[0].circle_den
    total = 0.0
    for a in range(n):
        total += m[s.member[a]].seen
    if total <= 0.0:
        return

    must, old = 0, 0
    each = 1.0 / (n - 1)
    # move[b, a]: what it changes for a that b joins. Rows are as long as the tables' so that the loops below are of fixed
    # length; the places behind n stay zero.
    move, cost = s.pair[:MOST_CIRCLE], s.pair[MOST_CIRCLE:]
    for a in range(MOST_CIRCLE):
        s.worth[0, a] = 0.0
        for b in range(MOST_CIRCLE):
            move[b, a] = 0.0
    for a in range(n):
        i = s.member[a]
        if i == now.ruler or (w.person[i].arbiter == 1 and m[i].attendance > 0.2):
            must |= 1 << a
        if m[i].side == 1:
            old |= 1 << a
        for b in range(n):
            j = s.member[b]
            cost[a, b] = 0.0
            if a != b:
                company = cohesion(w, p, s, i, j)
                fear = fear_of(p, s, i, j, total, company)
                cost[a, b] = company + p.judgement * luck.normal(w, s, luck.JUDGEMENT, luck.pair(s, i, j))
                move[b, a] = fear + each * cost[a, b]
                s.worth[0, a] += fear

    whole_powers(s, n)
    stable = list_self_enforcing(s.whole, n, num, den, s.weight, s.best, s.sorted)
    size = 1 << n
    everything = s.weight[size - 1]
    # worth[S, a] = u_a(S), by adding one member at a time.
    top = 0
    for mask in range(1, size):
        if mask == 1 << (top + 1):
            top += 1
        before = mask ^ (1 << top)
        for a in range(MOST_CIRCLE):
            s.worth[mask, a] = s.worth[before, a] - move[top, a]
    # First the self-enforcing coalitions, whose worth is what it is today. They also bound what anybody can hope for in
    # the end, so that most of the others need not be looked through to their ultimate ruling coalition.
    best, chosen = -1e300, size - 1
    for a in range(n):
        s.bound[a] = -1e300
    for k in range(stable):
        mask = int(s.sorted[k])
        heads = _heads(mask)
        value = 0.0
        for a in range(n):
            if (mask >> a) & 1:
                here = s.worth[mask, a]
                value += s.whole[a] * here
                if here > s.bound[a]:
                    s.bound[a] = here
        if mask & must != must or den * s.weight[mask] <= num * everything or den * heads <= num * n:
            continue
        value = value / s.weight[mask] - _price(p, s.weight[mask] / everything, num / den, heads, n, _heads(mask ^ old))
        if value > best or (value == best and mask < chosen):
            best = value
            chosen = mask
    for mask in range(1, size):
        if mask & must != must or den * s.weight[mask] <= num * everything or s.best[mask] == s.weight[mask]:
            continue
        heads = _heads(mask)
        if den * heads <= num * n:
            continue
        price = _price(p, s.weight[mask] / everything, num / den, heads, n, _heads(mask ^ old))
        most = 0.0
        for a in range(n):
            if (mask >> a) & 1:
                here = s.worth[mask, a]
                most += s.whole[a] * (here + p.foresight * max(0.0, s.bound[a] - here))
        if most / s.weight[mask] - price < best:
            continue
        core = lightest_winning(mask, num, den, s.weight, s.sorted, stable)
        value = 0.0
        for a in range(n):
            if (mask >> a) & 1:
                here = s.worth[mask, a]
                if (core >> a) & 1:
                    there = s.worth[core, a]
                    value += s.whole[a] * (here + p.foresight * (there - here))
                else:
                    value += s.whole[a] * (here - p.foresight * p.dread)
        value = value / s.weight[mask] - price
        if value > best or (value == best and mask < chosen):
            best = value
            chosen = mask
    chosen = walk_out(w, s, p, n, chosen, must, everything)
    stay = 0.0
    for a in range(n):
        i = s.member[a]
        m[i].side = (chosen >> a) & 1
        if m[i].side == 1:
            stay += m[i].seen
    if chosen != old:
        log(s, events.COALITION, now.leader, -1, best, stay / total, float(chosen), float(lightest_winning(chosen, num, den, s.weight, s.sorted, stable)))


@kernel
def walk_out(w, s, p, n, chosen, must, everything):
    """Members who would rather stand with friends who are shut out leave, as long as the rest is still a majority.

    A friend is somebody whose company costs less than nothing. A member leaves when the good company outside outweighs
    that inside by `solidarity`.
    """
    cost = s.pair[MOST_CIRCLE:]
    num, den = w.rule[0].circle_num, w.rule[0].circle_den
    full = (1 << n) - 1
    for a in range(n):
        bit = 1 << a
        outside = full & ~chosen
        if outside == 0 or (chosen & bit) == 0 or (must & bit) != 0:
            continue
        rest = chosen & ~bit
        if den * _heads(rest) <= num * n or den * s.weight[rest] <= num * everything:
            continue
        pull = 0.0
        for b in range(n):
            if (rest >> b) & 1:
                pull -= max(0.0, -cost[a, b])
            elif (outside >> b) & 1:
                pull += max(0.0, -cost[a, b])
        if pull > p.solidarity:
            chosen = rest
    return chosen


@small
def _price(p, share, bar, heads, n, changed):
    """What a coalition costs as such: a narrow margin, people left outside, change."""
    price = p.inertia * changed
    if heads < n:
        price += p.narrow * 0.05 / (0.05 + share - bar) + p.exclusion * (n - heads)
    return price


@small
def _heads(mask):
    """How many members a mask has."""
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count
