"""A user's own record: a folder that grows on top of another record.

    record.yaml            base: ussr (or another folder)
    texts/<source>.txt     the text as read from the user's file; positions count in it
    sources.yaml           one entry per file, with the witness it counts as
    proposals/<s>.jsonl    what the rules propose
    decisions.jsonl        what a person decided, by key; appended to, the last line of a key holds
    claims/<s>.jsonl       the confirmed claims, made from the decisions
    clusters.csv           clusters the base does not have

Reading a changed file again keeps every decision whose sentence is still there (its key is the same), moves the
positions of those that moved, and lists those that are gone. Files are written whole and then put in place, so that an
interruption leaves the old state.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..faults import Fault, Faults
from ..marked import load_csv, load_yaml, read_text
from .clusters import Joiner, item_of, item_of_proposal
from .documents import read_document
from .loading import load
from .locate import Locator
from .models import Claim, Header
from .reader import Proposal, Reader
from .store import Record

NO_JOIN = ("dated sentence",)


@dataclass
class Outcome:
    """What reading one file gave."""

    path: str
    source: str | None
    proposals: int = 0
    joined: int = 0
    kept: int = 0
    moved: int = 0
    gone: list[str] = field(default_factory=list)
    fault: Fault | None = None


def slug(text: str, most: int = 60) -> str:
    """An id from a text."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:most].strip("-") or "x"


class Workspace:
    """A user's record folder. Nothing is written before there is something to write."""

    def __init__(self, folder: Path | str, base: str = "ussr"):
        self.folder = Path(folder)
        header = self.folder / "record.yaml"
        if not header.exists():
            if self.folder.exists() and any(self.folder.iterdir()):
                raise Faults(
                    [
                        Fault(
                            str(self.folder),
                            0,
                            0,
                            "a folder with other files and no record.yaml",
                            "an empty or new folder",
                        )
                    ]
                )
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write(
                "record.yaml",
                yaml.safe_dump(
                    {
                        "id": slug(self.folder.resolve().name),
                        "title": f"Record in {self.folder.resolve().name}",
                        "base": base,
                    },
                    sort_keys=False,
                ),
            )

    # ---- files
    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, path)

    def _jsonl(self, name: str) -> list[dict[str, Any]]:
        path = self.folder / name
        if not path.exists():
            return []
        out, faults = [], []
        for n, line in enumerate(read_text(path).split("\n"), 1):
            if line.strip():
                try:
                    out.append(json.loads(line))
                except ValueError:
                    faults.append(Fault(str(path), n, 1, "not JSON", "one JSON object per line"))
        if faults:
            raise Faults(faults)
        return out

    def _dump(self, name: str, rows: Sequence[dict[str, Any]]) -> None:
        self._write(name, "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows))

    def record(self) -> Record:
        """The record as it stands, base included."""
        return load(self.folder)

    def sources(self) -> list[dict[str, Any]]:
        path = self.folder / "sources.yaml"
        return (load_yaml(path).data or []) if path.exists() else []

    def proposals(self) -> list[Proposal]:
        """All proposals on file."""
        folder = self.folder / "proposals"
        return (
            [
                Proposal(**row)
                for f in sorted(folder.glob("*.jsonl"))
                for row in self._jsonl(f"proposals/{f.name}")
            ]
            if folder.is_dir()
            else []
        )

    def decisions(self) -> dict[str, dict[str, Any]]:
        """The decision in force for each key. What went out of the text is undecided again, should it come back."""
        last = {d["key"]: d for d in self._jsonl("decisions.jsonl")}
        return {k: d for k, d in last.items() if d["verdict"] != "gone"}

    def pending(self) -> list[Proposal]:
        """Proposals nobody has decided on, the surest first within a source."""
        decided = self.decisions()
        return [p for p in self.proposals() if p.key not in decided]

    # ---- reading
    def read(
        self, files: Sequence[Path | str], progress: Callable[[str, int, int], None] | None = None
    ) -> list[Outcome]:
        """Read files into the workspace. A file that cannot be read is one fault in its outcome; the others go through."""
        record = self.record()
        reader, joiner = Reader(record), Joiner(record)
        outcomes = []
        for file in files:
            path = Path(file)
            try:
                document = read_document(path)
            except Faults as error:
                outcomes.append(Outcome(str(path), None, fault=error.faults[0]))
                continue
            source = self._source_id(path)
            tell = (lambda done, total, name=path.name: progress(name, done, total)) if progress else None
            reading = reader.read(document.text, source, tell)
            for p in reading.proposals:
                if p.rule not in NO_JOIN:
                    p.cluster = joiner.join(item_of_proposal(p))[0]
            outcome = Outcome(
                str(path),
                source,
                len(reading.proposals),
                sum(p.cluster is not None for p in reading.proposals),
            )
            decided = self.decisions()
            outcome.kept = sum(p.key in decided for p in reading.proposals)
            self._keep(source, document.text, reading.proposals, path, outcome)
            outcomes.append(outcome)
        if any(o.source for o in outcomes):
            self._witnesses()
            self.rebuild()
        return outcomes

    def _origin(self, path: Path) -> str:
        """Where a file lies, as seen from the folder: what makes it the same document next time."""
        return os.path.relpath(path.resolve(), self.folder.resolve())

    def _source_id(self, path: Path) -> str:
        for s in self.sources():
            if s.get("origin") == self._origin(path):
                return s["id"]
        taken = {s["id"] for s in self.sources()} | {s.id for s in self.record().sources}
        base = slug(path.stem, 40)
        name, n = base, 2
        while name in taken:
            name, n = f"{base}-{n}", n + 1
        return name

    def _keep(self, source: str, text: str, proposals: list[Proposal], path: Path, outcome: Outcome) -> None:
        self._write(f"texts/{source}.txt", text)
        self._dump(f"proposals/{source}.jsonl", [asdict(p) for p in proposals])
        entries = [s for s in self.sources() if s["id"] != source]
        witness = next((s["parts"][0]["witness"] for s in self.sources() if s["id"] == source), source)
        stored = (self.folder / "texts" / f"{source}.txt").read_bytes()
        entries.append({"id": source, "file": f"{source}.txt", "sha256": hashlib.sha256(stored).hexdigest(), "length": len(text), "title": path.name, "origin": self._origin(path),
                        "parts": [{"id": source, "start": 0, "end": max(1, len(text)), "witness": witness, "title": path.name}]})  # fmt: skip
        self._write("sources.yaml", yaml.safe_dump(entries, sort_keys=False, allow_unicode=True))
        locator = Locator(text)
        log = []
        for key, d in self.decisions().items():
            claim = d.get("claim")
            if not claim or claim["source"] != source:
                continue
            here = locator.find(claim["start"], claim["length"], claim["digest"])
            if here is None:
                outcome.gone.append(claim["paraphrase"])
                log.append({**d, "verdict": "gone"})
            elif here != claim["start"]:
                outcome.moved += 1
                log.append({**d, "claim": {**claim, "start": here}})
        if log:
            self._dump("decisions.jsonl", [*self._jsonl("decisions.jsonl"), *log])

    def _witnesses(self) -> None:
        """Texts that copy one another count as one witness (families by `reuse`)."""
        from .reuse import families, find_reuse

        entries = self.sources()
        texts = {
            s["id"]: read_text(self.folder / "texts" / s["file"])
            for s in entries
            if (self.folder / "texts" / s["file"]).exists()
        }
        if len(texts) < 2:
            return
        groups = families(texts, find_reuse(texts, paraphrases=False))
        family = {t: g[0] for g in groups for t in g if len(g) > 1}
        changed = False
        for s in entries:
            for part in s["parts"]:
                want = family.get(s["id"])
                if want and part["witness"] == s["id"] != want:
                    part["witness"], changed = want, True
        if changed:
            self._write("sources.yaml", yaml.safe_dump(entries, sort_keys=False, allow_unicode=True))

    # ---- deciding
    def decide(self, proposal: Proposal, verdict: str, changes: dict[str, Any] | None = None) -> None:
        """Keep a decision: confirm, edit (with `changes` to claim fields) or reject. Checked before it is kept."""
        row: dict[str, Any] = {"key": proposal.key, "verdict": verdict}
        if verdict in ("confirm", "edit"):
            row["claim"] = claim_data(proposal, changes or {})
            Claim.model_validate({**row["claim"], "id": "check", "cluster": row["claim"]["cluster"] or "new"})
        with open(self.folder / "decisions.jsonl", "a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")

    def undo(self, key: str) -> None:
        """Take a decision back."""
        self._dump("decisions.jsonl", [d for d in self._jsonl("decisions.jsonl") if d["key"] != key])

    def accept(self, least: float) -> int:
        """Confirm every pending proposal of at least this confidence; how many."""
        chosen = [p for p in self.pending() if p.confidence >= least]
        for p in chosen:
            self.decide(p, "confirm")
        self.rebuild()
        return len(chosen)

    def rebuild(self) -> None:
        """Write claims and clusters from the decisions."""
        by_source: dict[str, list[dict[str, Any]]] = {}
        for d in self.decisions().values():
            if d["verdict"] in ("confirm", "edit"):
                by_source.setdefault(d["claim"]["source"], []).append(d["claim"])
        where = self._base()
        base = load(where) if where else Record(self.folder, Header(id="none", title="none"))
        known = set(base.clusters)
        joiner = Joiner(base)
        own: dict[str, str] = {}
        labels = self._labels()
        for source in sorted(by_source):
            rows = sorted(by_source[source], key=lambda c: (c["start"], c["predicate"], c["subject"]))
            for i, c in enumerate(rows, 1):
                c["id"] = f"c-{source}-{i:04d}"
                claim = Claim.model_validate({**c, "cluster": c.get("cluster") or "none"})
                if not c.get("cluster"):
                    c["cluster"] = joiner.join(item_of(claim))[0] or self._new_cluster(
                        claim, known | set(own)
                    )
                if c["cluster"] not in known:
                    own.setdefault(c["cluster"], labels.get(c["cluster"]) or claim.paraphrase)
                joiner.add(item_of(claim), c["cluster"])
            self._dump(
                f"claims/{source}.jsonl",
                [{"id": c["id"], **{k: v for k, v in c.items() if k != "id"}} for c in rows],
            )
        for file in (self.folder / "claims").glob("*.jsonl") if (self.folder / "claims").is_dir() else []:
            if file.stem not in by_source:
                file.unlink()
        lines = ["id,label,event"] + [f"{k},{_csv(v)}," for k, v in own.items()]
        self._write("clusters.csv", "\n".join(lines) + "\n")

    def _labels(self) -> dict[str, str]:
        """Labels in clusters.csv, which a person may have improved."""
        path = self.folder / "clusters.csv"
        if not path.exists():
            return {}
        return {row.values["id"]: row.values["label"] for row in load_csv(path, ("id", "label", "event"), ("confirmed",))}

    def _base(self) -> Path | None:
        from .loading import SHIPPED

        header = load_yaml(self.folder / "record.yaml").data or {}
        base = header.get("base")
        return SHIPPED if base == "ussr" else (self.folder / base) if base else None

    @staticmethod
    def _new_cluster(claim: Claim, taken: set[str]) -> str:
        base = slug(
            " ".join([*claim.subject[:2], claim.predicate, claim.object or "", (claim.date.edtf or "")[:4]]),
            60,
        )
        name, n = base, 2
        while name in taken:
            name, n = f"{base}-{n}", n + 1
        return name


def _csv(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def claim_data(p: Proposal, changes: dict[str, Any]) -> dict[str, Any]:
    """The fields of a claim, without id, from a proposal and a person's changes."""
    date: dict[str, Any] = {"basis": "none"}
    if p.date:
        date = {"edtf": p.date, "basis": p.basis}
        if p.old_style:
            date["old_style"] = p.old_style
    out: dict[str, Any] = {
        "source": p.source, "start": p.start, "length": min(p.length, 4000), "digest": p.digest, "paraphrase": p.paraphrase, "type": p.type,
        "subject": list(p.subject), "predicate": p.predicate, "object": p.object, "date": date, "value": p.value,
        "polarity": p.polarity, "modality": p.modality, "cluster": p.cluster,
    }  # fmt: skip
    for key, value in changes.items():
        if key == "date":
            out["date"] = {"edtf": value, "basis": "explicit"} if value else {"basis": "none"}
        else:
            out[key] = value
    if out["cluster"] is None:
        out["cluster"] = ""
    return {k: v for k, v in out.items() if v is not None}
