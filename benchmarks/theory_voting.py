"""Power indices against the packages that can be installed: their own small examples, the 51-unit college, a body of 190.

Peers run in a process of their own: the interpreter named by POLITBURO_PEERS, or this one, with the packages of the extra `bench`
(powerindices, powerindex, tucoopy). Each side is timed warm, on the same weights, in one run; a peer's answer is compared with
ours, because a fast wrong answer is no comparison. Times are processor seconds, so that a shared machine does not decide. Counts of Deegan-Packel, Holler and Johnston have no peer at this size.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time

import numpy as np

PEERS = r"""
import json, sys, time, resource
job = json.load(sys.stdin)
weights, quota, which, repeat = job["weights"], job["quota"], job["which"], job["repeat"]
def powerindices_banzhaf():
    import powerindices
    return powerindices.compute_pbi(quota, weights)
def powerindices_shapley():
    import powerindices
    return powerindices.compute_ssi(quota, weights)
def powerindex_banzhaf():
    import powerindex
    game = powerindex.Game(quota=quota, weights=weights); game.calc_banzhaf(); return game.banzhaf
def powerindex_shapley():
    import powerindex
    game = powerindex.Game(quota=quota, weights=weights); game.calc_shapley_shubik(); return game.shapley_shubik
def tucoopy_banzhaf():
    from tucoopy.power import banzhaf_index_weighted_voting
    return banzhaf_index_weighted_voting(weights, quota)
def tucoopy_shapley():
    from tucoopy.power import shapley_shubik_index_weighted_voting
    return shapley_shubik_index_weighted_voting(weights, quota)
try:
    function = globals()[which]
    function() if repeat > 1 else None
    best = None
    for _ in range(repeat):
        start = time.process_time(); value = function(); seconds = time.process_time() - start
        best = seconds if best is None else min(best, seconds)
    value = [float(v) for v in (value.values() if isinstance(value, dict) else value)]
    print(json.dumps({"seconds": best, "value": value, "MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
except Exception as error:
    print(json.dumps({"error": f"{type(error).__name__}: {error}"[:160]}))
"""


def peer(which: str, weights: list[int], quota: int, repeat: int, limit: float = 120) -> dict:
    """One peer's time and answer, or why there is none."""
    job = json.dumps({"weights": weights, "quota": quota, "which": which, "repeat": repeat})
    try:
        done = subprocess.run(
            [os.environ.get("POLITBURO_PEERS", sys.executable), "-c", PEERS],
            input=job,
            capture_output=True,
            text=True,
            timeout=limit,
        )
        return json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        return {"error": f"more than {limit:g} s"}
    except (IndexError, json.JSONDecodeError):
        return {"error": done.stderr.strip().splitlines()[-1][:160] if done.stderr.strip() else "no answer"}


def ours(index: str, weights: list[int], quota: int, repeat: int) -> tuple[float, list[float]]:
    """Seconds of one index alone, warm, and its values."""
    from politburo.theory.voting import power_indices

    power_indices(weights, quota, indices=[index])
    best = None
    for _ in range(repeat):
        start = time.process_time()
        found = power_indices(weights, quota, indices=[index])
        seconds = time.process_time() - start
        best = seconds if best is None else min(best, seconds)
    return best, found[index]


def kernel_alone(weights: list[int], quota: int, repeat: int = 200) -> float:
    """Processor seconds of the counting kernel behind Banzhaf, without checking input or building a result."""
    from politburo.theory.voting_counts import swing_counts

    kinds = np.array(sorted(set(weights)), np.int64)
    array = np.array(sorted(weights), np.int64)
    short = min(quota, sum(weights) - quota + 1)
    counts, without, swings = (
        np.zeros(short, np.int64),
        np.zeros(short, np.int64),
        np.zeros(kinds.size, np.int64),
    )
    swing_counts(array, kinds, short, counts, without, swings)
    start = time.process_time()
    for _ in range(repeat):
        swing_counts(array, kinds, short, counts, without, swings)
    return (time.process_time() - start) / repeat


def body(members: int, total: int, seed: int = 1) -> list[int]:
    """Lognormal weights that add up to `total`."""
    weights = np.random.default_rng(seed).lognormal(0, 1, members)
    whole = np.maximum(1, (weights / weights.sum() * total)).astype(int)
    whole[0] += total - whole.sum()
    return [int(w) for w in whole]


def main(large: bool = True) -> list[dict]:
    """Rows: game, index, ours, each peer's time, ratio to ours, and its largest error."""
    from politburo.theory.examples import game

    games = [
        ("EEC 1958", [int(w) for w in game("eec1958").weights.exact], 12, 20),
        ("EU27 votes", [int(w) for w in game("eu27").weights.exact], 255, 10),
        ("US college 1972-80", [int(w) for w in game("us1972").weights.exact], 270, 5),
    ]
    if large:
        games.append(("190 members, total 10^4", body(190, 10_000), 5_001, 1))
    rows = []
    for name, weights, quota, repeat in games:
        for index, suffix in (("banzhaf_normalised", "banzhaf"), ("shapley_shubik", "shapley")):
            seconds, values = ours(index, weights, quota, repeat)
            row = {"game": name, "index": index, "ours ms": round(1e3 * seconds, 4)}
            if suffix == "banzhaf" and len(weights) <= 62:
                row["kernel alone ms"] = round(1e3 * kernel_alone(weights, quota), 5)
            for package in ("powerindices", "powerindex", "tucoopy"):
                found = peer(f"{package}_{suffix}", weights, quota, repeat)
                if "error" in found:
                    row[package] = found["error"]
                    continue
                answer = np.array(found["value"])
                if suffix == "banzhaf" and answer.sum() > 0:
                    answer = answer / answer.sum()
                error = float(np.abs(answer - values).max()) if len(answer) == len(values) else float("nan")
                row[package] = (
                    f"{1e3 * found['seconds']:.3g} ms, {found['seconds'] / seconds:.3g} times ours, error {error:.1e}, "
                    f"{found['MiB']:.0f} MiB"
                )
            rows.append(row)
            print(row, flush=True)
    for total in (10_000, 100_000, 1_000_000):
        seconds, values = ours("shapley_shubik", body(190, total), total // 2 + 1, 1)
        rows.append(
            {
                "game": f"190 members, total {total:,}",
                "index": "shapley_shubik",
                "ours ms": round(1e3 * seconds, 1),
                "sum less 1": float(sum(values) - 1),
            }
        )
        print(rows[-1], flush=True)
    college = [int(w) for w in game("us1972").weights.exact]
    for index in ("deegan_packel", "johnston"):
        seconds, _ = ours(index, college, 270, 3)
        rows.append(
            {
                "game": "US college 1972-80",
                "index": index,
                "ours ms": round(1e3 * seconds, 2),
                "peers": "none",
            }
        )
        print(rows[-1], flush=True)
    print("peak memory of ours, MiB:", round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
    return rows


if __name__ == "__main__":
    main()
