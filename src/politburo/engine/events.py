"""The trace: what can happen in a history, one kind a constant, and the row that records it.

A row says what happened, who did it to whom (numbers of persons, -1 nobody), and up to four numbers behind it; what
those numbers are is said where the event is written, and put into words by the views.
"""

import numpy as np

KINDS = (
    "start", "death", "illness", "coalition", "motion", "vote", "passed", "failed", "organised", "quiet",
    "recanted", "readmitted", "congress", "fight", "overturned", "promoted", "candidate",
    "unseated", "post", "boss", "document", "dismissal", "ruler", "unruled", "ballot", "purge", "purged",
    "chief", "purge_end", "considered", "user", "tied",
)  # fmt: skip

# The same as constants that compiled code can read.
(
    START, DEATH, ILLNESS, COALITION, MOTION, VOTE, PASSED, FAILED, ORGANISED, QUIET, RECANTED, READMITTED,
    CONGRESS, FIGHT, OVERTURNED, PROMOTED, CANDIDATE, UNSEATED, POST, BOSS, DOCUMENT, DISMISSAL,
    RULER, UNRULED, BALLOT, PURGE, PURGED, CHIEF, PURGE_END, CONSIDERED, USER, TIED,
) = range(len(KINDS))  # fmt: skip

MOST_EVENTS = 6000  # a traced history of two hundred months writes some two thousand

EVENT = np.dtype(
    [("month", "i2"), ("kind", "i2"), ("actor", "i2"), ("target", "i2"), ("a", "f4"), ("b", "f4"), ("c", "f4"), ("d", "f4")]
)
