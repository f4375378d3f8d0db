"""Many machines: the same calls on a Dask cluster, through the `executor` argument of `run`, `run_arms` and `what_if`.

    with connect("local:2") as cluster:              # two worker processes here
        run("ussr", n=100_000, out="results/big", executor=cluster)
    with connect("tcp://scheduler:8786") as cluster: ...

Slices of histories go out as tasks that depend on nothing but their arguments, so whichever worker runs one gives the same
bytes, and one that is lost with its worker is run again by another. What the cluster cannot give back (no worker is left, the scheduler is
gone) is run on threads here, and a notice says so. The description of an arm (some 60 kB: arrays and names, a user's mechanism as text) is sent once for each
arm, as a task of its own that any worker can repeat.

Workers need the same politburo as the caller; machine code is made once on each machine. Needs dask[distributed]
(`pip install 'politburo[cluster]'`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from typing import Any

from ...faults import Fault, Faults, nearest

#: Seconds after which somebody looks whether there are workers at all.
PATIENCE = 20
_ALLOWED = "local:N (N worker processes on this machine), or the address of a scheduler, such as tcp://host:8786"


class Cluster:
    """An executor over a Dask client. Leaving the `with` block closes the client, and the local cluster that came with it."""

    def __init__(self, client: Any, owned: Any = None):
        self.client, self._owned = client, owned
        self._tasks: dict[str, Any] = {}

    @property
    def workers(self) -> int:
        """Threads of all workers that are there now."""
        return max(1, sum(self.client.nthreads().values()))

    def submit(self, function: Callable, id_: str, task: bytes, *arguments: Any) -> _Future:
        """Run `function(id_, task, *arguments)` on some worker."""
        try:
            sent = self._tasks.get(id_)
            if sent is None:
                sent = self._tasks[id_] = self.client.submit(bytes, task, key=f"politburo-arm-{id_}", pure=True)
            return _Future(self.client.submit(function, id_, sent, *arguments, pure=False, retries=2))
        except Exception as error:  # a scheduler that is gone
            raise BrokenExecutor(f"{type(error).__name__}: {error}") from error

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *error: Any) -> None:
        self._tasks.clear()
        self.client.close()
        if self._owned is not None:
            self._owned.close()


class _Future:
    """A Dask future with the manners of those of the standard library."""

    def __init__(self, future: Any):
        self._future = future

    def result(self) -> Any:
        idle = 0
        while True:
            try:
                return self._future.result(timeout=PATIENCE)
            except TimeoutError:
                if self._future.status == "error":
                    raise  # the function's own
                idle = 0 if self._anybody() else idle + 1
                if idle >= 2:
                    raise BrokenExecutor(f"no worker for {2 * PATIENCE} seconds") from None
            except Exception as error:
                if self._future.status == "error":
                    raise
                raise BrokenExecutor(f"{type(error).__name__}: {error}") from error
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt | SystemExit):
                    raise
                raise BrokenExecutor(f"{type(error).__name__}: {error}") from error  # a cancelled task

    def _anybody(self) -> bool:
        """Whether the cluster has a worker."""
        try:
            return bool(self._future.client.nthreads())
        except Exception as error:
            raise BrokenExecutor(f"{type(error).__name__}: {error}") from error

    def cancel(self) -> bool:
        self._future.cancel()
        return True

    def cancelled(self) -> bool:
        return self._future.status in ("cancelled", "lost")


@contextmanager
def perhaps(address: str | None) -> Iterator[Cluster | None]:
    """The cluster at an address for as long as the block lasts, or nothing when there is no address."""
    if address is None:
        yield None
        return
    with connect(address) as cluster:
        yield cluster


def connect(address: str) -> Cluster:
    """A cluster by its address, or a local one. Raises `Faults` when the address is wrong or nobody answers there."""
    local = re.fullmatch(r"local:(\d{1,4})", address)
    if local is None and not re.fullmatch(r"[a-z]+://\S+|[\w.-]+:\d+", address):
        raise Faults([Fault("dask", 0, 0, repr(address), _ALLOWED)])
    if local is not None and int(local[1]) < 1:
        raise Faults([Fault("dask", 0, 0, repr(address), "at least one worker: local:1")])
    if local is None and (near := nearest(address.partition(":")[0], ["local"])) and "//" not in address and not address.startswith("localhost"):
        raise Faults([Fault("dask", 0, 0, repr(address), _ALLOWED, f"{near}:{address.partition(':')[2]}")])
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise Faults([Fault("dask", 0, 0, "Dask is not installed", "pip install 'politburo[cluster]'")]) from None
    if local is not None:
        owned = LocalCluster(n_workers=int(local[1]), threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50)
        # Slices come straight from the workers: through the scheduler, which is in this process, they would be copied twice.
        return Cluster(Client(owned, direct_to_workers=True), owned)
    try:
        return Cluster(Client(address, timeout="10s"))
    except (OSError, TimeoutError, ValueError) as error:
        raise Faults([Fault("dask", 0, 0, f"no scheduler answers at {address} ({error})", _ALLOWED)]) from None
