"""When things happened, as far as the record says: dates of clusters, and bounds inferred from order.

For each cluster the *stated* date is the intersection of the dates of its preferred position (a reading from file, or
the position with most witnesses). Every cluster, dated or not, then gets *bounds* from the temporal network of stated
dates and relations. Where the two differ, or nothing was stated, the bounds are *inferred* and are shown so. The
reference chronology's date stands beside them with its evidence label and never enters the network: what cannot be
dated from the sources is said to be so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ..evidence import Evidence
from . import models as m
from .edtf import Bounds, Interval, parse
from .network import Clash, Network
from .positions import Position
from .store import Record

LASTING = ("holds_post", "member_of", "commanded", "lived_in", "kept_post", "edited")


def claim_bounds(claim: m.Claim) -> Bounds | None:
    """The days a claim dates its event to. Of a lasting state with both ends given, the beginning counts."""
    value = claim.date.value
    if value is None:
        return None
    if (
        claim.predicate in LASTING
        and isinstance(value, Interval)
        and not isinstance(value.start, str)
        and not isinstance(value.end, str)
    ):
        return value.start.bounds()
    return value.bounds()


def date_positions(record: Record, claims: list[m.Claim]) -> list[Position]:
    """Groups of dated claims that some day fits, the most precise first.

    A claim too vague to tell two groups apart (1929, where others say January or February) stands with each of them.
    """
    dated = [(b, c) for c in claims if c.polarity == "pos" and (b := claim_bounds(c)) is not None]
    dated.sort(key=lambda x: (x[0].days is None, x[0].days or 0, x[1].date.basis != "explicit", x[1].id))
    groups: list[tuple[Bounds, list[m.Claim]]] = []
    for bounds, claim in dated:
        fits = [i for i, (common, _) in enumerate(groups) if common.meets(bounds)]
        for i in fits:
            common, members = groups[i]
            groups[i] = (common.meet(bounds) if len(fits) == 1 else common, [*members, claim])
        if not fits:
            groups.append((bounds, [claim]))
    return [
        Position(str(b.edtf()), cs, record.witnesses(cs), b)
        for b, cs in groups
        if b.low is not None or b.high is not None
    ]


def reading_of(record: Record, cluster: str, reader: str = "default") -> m.Reading | None:
    """The reading on file, the last one if several (a user's record comes after its base)."""
    found = [r for r in record.readings if r.cluster == cluster and r.reader == reader]
    return found[-1] if found else None


def prefer(
    record: Record, cluster: str, positions: list[Position], reader: str = "default"
) -> tuple[Position | None, str]:
    """The chosen position and why: the reading on file, else most witnesses, then explicit, then precise."""
    positions = [p for p in positions if p.claims]
    if not positions:
        return None, ""
    reading = reading_of(record, cluster, reader)
    if reading:
        chosen = [p for p in positions if any(c.id in reading.preferred for c in p.claims)]
        if chosen:
            return chosen[0], reading.why
        left = [p for p in positions if not all(c.id in reading.deprecated for c in p.claims)]
        if left and len(left) < len(positions):
            positions = left
    if len(positions) == 1:
        return positions[0], "the only position"

    def key(p: Position) -> tuple:
        days = p.bounds.days if p.bounds and p.bounds.days is not None else 10**7
        return (-len(p.witnesses), not p.explicit, days, p.claims[0].id)

    best = sorted(positions, key=key)
    a, b = best[:2]
    if len(a.witnesses) > len(b.witnesses):
        return a, f"by rule: more witnesses ({len(a.witnesses)} against {len(b.witnesses)})"
    if a.explicit != b.explicit:
        return a, "by rule: as many witnesses, but this date is explicit"
    return a, "by rule: as many witnesses; the more precise"


@dataclass
class Dating:
    """What is known of one cluster's time."""

    cluster: str
    stated: Bounds | None  # of the preferred position
    bounds: Bounds  # after the network
    inferred: bool  # the bounds say more than the statement, or there was none
    witnesses: list[str]
    reference: str | None = None  # EDTF of the reference chronology
    reference_evidence: Evidence | None = None

    @property
    def text(self) -> str:
        if self.bounds.low is None and self.bounds.high is None:
            return "not datable"
        return str(self.bounds.edtf())


@dataclass
class Chronology:
    """Datings of all clusters, and the clashes that had to be broken to solve the network."""

    datings: dict[str, Dating]
    clashes: list[Clash]


def build_network(
    record: Record, stated: dict[str, Bounds], relations: list[m.Relation]
) -> tuple[Network, dict[str, float]]:
    """The network of these dates and relations, and the rank by which statements give way (dates last)."""
    network, rank = Network(), {}
    related = {x for r in relations for x in (r.a, r.b)}
    for cluster, bounds in stated.items():
        if cluster not in related:
            continue  # nothing to propagate: its bounds are its stated date
        label = f"date:{cluster}"
        network.date(cluster, bounds, label)
        rank[label] = 10.0
    for r in relations:
        add_relation(network, r)
        part = record.parts.get(r.source) if r.source else None
        rank[r.id] = 2.0 if r.source is None else 1.5 if part is None or part.dated else 1.0
    return network, rank


def add_relation(network: Network, r: m.Relation) -> None:
    """One relation as constraints."""
    if r.rel == "before":
        network.before(r.a, r.b, r.id)
    elif r.rel == "after":
        network.after(r.a, r.b, r.id)
    else:
        network.during(r.a, r.b, r.id)
        if r.rel == "same":
            network.during(r.b, r.a, r.id)
    if r.gap:
        network.gap(r.a, r.b, *r.gap, r.id)


def chronology(record: Record) -> Chronology:
    """Dating of every cluster. Cost: one solution of the network, plus one per clash."""
    if record.solved is None:
        record.solved = _solve(record)
    return record.solved


def _solve(record: Record) -> Chronology:
    stated: dict[str, Bounds] = {}
    by: dict[str, list[str]] = defaultdict(list)
    for cluster, claims in record.by_cluster.items():
        chosen, _ = prefer(record, cluster, date_positions(record, claims))
        if chosen and chosen.bounds:
            stated[cluster] = chosen.bounds
        by[cluster] = record.witnesses(claims)
    network, rank = build_network(record, stated, record.relations)
    solution, clashes = network.repair(rank)
    datings = {}
    for cluster in record.clusters:
        if cluster not in record.by_cluster:
            continue
        was = stated.get(cluster)
        bounds = solution.bounds.get(cluster, was or Bounds(None, None))
        event = record.events.get(record.clusters[cluster].event or "")
        datings[cluster] = Dating(cluster, was, bounds, was is None or was != bounds, by[cluster],
                                  event.date if event else None, event.evidence if event else None)  # fmt: skip
    return Chronology(datings, clashes)


def reference_bounds(record: Record, cluster: str) -> tuple[Bounds, Evidence] | None:
    """Bounds and label of the reference chronology's date for a cluster, if it has one."""
    known = record.clusters.get(cluster)
    event = record.events.get(known.event) if known and known.event else None
    return (parse(event.date).bounds(), event.evidence) if event else None
