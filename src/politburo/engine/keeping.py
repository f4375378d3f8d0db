"""What is kept of a history while it runs: falls, membership at checkpoints, congresses, monthly bands.

Bands are counts in 128 equal bins of [0, 1] for each month and series, so they add up in any order and are the same bits
for any number of threads; a quantile read from them errs by at most 1/128.
"""

from .kernel import kernel, small
from .state import BINS


@small
def count(kept, t, q, value):
    """Add one value in [0, 1] to the band of series q in month t."""
    b = int(value * BINS)
    if b < 0:
        b = 0
    if b >= BINS:
        b = BINS - 1
    kept.bands[t, q, b] += 1


@kernel
def keep_month(w, s, kept, h):
    """After each month."""
    m = s.people
    now = s.now[0]
    t = now.month
    for i in range(len(m)):
        if m[i].alive == 0 and kept.alive[h, i] < 0:
            kept.alive[h, i] = t
    q = 0
    if kept.bands.shape[1] > 4:  # bands of persons too
        total = 0.0
        for i in range(len(m)):
            if m[i].alive == 1 and m[i].circle == 2:
                total += m[i].power
        for i in range(len(m)):
            if w.person[i].watch == 1:
                share = 0.0
                if m[i].alive == 1 and m[i].circle == 2 and total > 0.0:
                    share = m[i].power / total
                count(kept, t, q, share)
                count(kept, t, q + 1, m[i].seats)
                q += 2
    count(kept, t, q, now.fear)
    count(kept, t, q + 1, now.grievance)
    count(kept, t, q + 2, now.suspicion * 0.25)
    count(kept, t, q + 3, now.free_seats)
    for c in range(len(w.check)):
        if w.check[c] == t:
            for i in range(len(m)):
                kept.circle[h, c, i] = m[i].circle if m[i].alive == 1 else 0
                kept.side[h, c, i] = m[i].side
            kept.leader[h, c] = now.leader
            kept.ruler[h, c] = now.ruler
    if now.last_congress == t and now.congresses > 0 and now.congresses <= kept.congress.shape[1]:
        c = now.congresses - 1
        kept.congress[h, c, 0] = t
        kept.congress[h, c, 1] = now.ballot
        kept.congress[h, c, 2] = now.committee_size
        kept.congress[h, c, 3] = now.circle_size


@kernel
def forget(kept, h):
    """Before a history."""
    for i in range(kept.alive.shape[1]):
        kept.alive[h, i] = -1
    for c in range(kept.congress.shape[1]):
        for k in range(4):
            kept.congress[h, c, k] = -1.0


@kernel
def keep_history(w, s, kept, h):
    """After the last month."""
    now = s.now[0]
    for i in range(len(s.people)):
        for rung in range(9):
            kept.first[h, i, rung] = s.first[i, rung]
    whole = kept.whole[h]
    whole[0] = now.ruler
    whole[1] = now.ruler_month
    whole[2] = now.purge_start
    whole[3] = now.purge_month
    whole[4] = now.chiefs
    whole[5] = now.committee_dead
    whole[6] = now.army_lost
    whole[7] = now.ballot
    whole[8] = now.document_vote
    whole[9] = now.motions
    whole[10] = now.failed
    whole[11] = now.congresses
    whole[12] = now.fear
    whole[13] = now.grievance
