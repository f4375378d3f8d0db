"""The identity of a case: a hash of what it says, not of how it is written down."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .draft import Draft


def digest(draft: Draft) -> str:
    """SHA-256 of the validated content in canonical JSON.

    Comments, white space, quoting, the order of keys and of columns, `1/2` against `0.5` do not count; the
    order of entries does, because it decides the order of actors. Particles and the text of mechanism files
    are included.
    """
    content = {
        name: [
            [list(path[1:]) if len(path) > 1 else [], entry.model_dump(mode="json", by_alias=True)]
            for path, entry in entries
        ]
        for name, entries in draft.entries.items()
    }
    for _, entry in content["case"]:
        entry.pop("parameters", None)  # where they stand does not matter, what they are is below
    hasher = hashlib.sha256()
    hasher.update(
        json.dumps([content, draft.code], sort_keys=True, ensure_ascii=True, allow_nan=False).encode()
    )
    if draft.posterior is not None:
        particles = draft.posterior
        hasher.update(json.dumps(particles.names).encode())
        hasher.update(particles.values.astype("<f8").tobytes())
        hasher.update(particles.weights.astype("<f8").tobytes())
    return hasher.hexdigest()
