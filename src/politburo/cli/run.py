"""`politburo run` and `politburo rerun`: an ensemble to disk, and a result made again from what it says of itself."""

from pathlib import Path

import typer


def run(
    case: str = typer.Argument(..., help="A packaged case (politburo cases) or a directory."),
    n: int = typer.Option(10_000, "-n", "--histories", help="How many histories."),
    seed: int = typer.Option(1922, help="Seed of all luck."),
    until: str = typer.Option(None, metavar="YYYY-MM", help="Last month, within the case's span."),
    set_: list[str] = typer.Option([], "--set", metavar="KEY=VALUE", help="Change a value of the case; may be repeated."),
    without: list[str] = typer.Option([], "--without", metavar="MECHANISM", help="Leave a mechanism out; may be repeated."),
    workers: int = typer.Option(None, help="Threads; by default one a core."),
    out: Path = typer.Option(None, metavar="DIR", help="Where the result goes; by default results/CASE-IDENTITY."),
    no_coder_error: bool = typer.Option(False, "--no-coder-error", help="Run on the coding as it stands, without its errors."),
    dask: str = typer.Option(None, metavar="ADDRESS", help="Run on a Dask cluster: a scheduler's address, or local:N for N processes here."),
    json_: bool = typer.Option(False, "--json", help="Say on standard output, as JSON, what was made."),
) -> None:
    """Run many histories of a case, write them to a directory, and print a summary.

    The same command again computes only what is missing; a larger -n extends the result.
    """
    from ..faults import Faults

    _no_idle_threads()
    try:
        from ..case.edit import parse_setting
        from ..lab.ensembles import provenance
        from ..lab.ensembles.cluster import perhaps
        from ..lab.ensembles.run import run_call

        changes, faults = {}, []
        for text in set_:
            try:
                key, value = parse_setting(text)
                changes[key] = value
            except Faults as error:
                faults += error.faults
        if faults:
            raise Faults(faults)
        call = provenance.plan(case, changes, without, until, seed, not no_coder_error)
        _say_unchanged(changes, call.case.changes)
        out = out or Path("results") / call.name
        again = continuing(case, out, n, seed, until, set_, without, workers, no_coder_error) + (f" --dask {dask}" if dask else "")
        with perhaps(dask) as executor, _Showing(again) as showing:
            result = run_call(call, n, workers, out, showing, executor=executor)
    except Faults as error:
        _give_up(error)
    _report(result, showing, json_)


def rerun(
    result: Path = typer.Argument(..., help="A directory written by politburo run."),
    out: Path = typer.Option(None, metavar="DIR", help="Where the new result goes; by default RESULT-again."),
    workers: int = typer.Option(None, help="Threads; by default one a core."),
    json_: bool = typer.Option(False, "--json", help="Say on standard output, as JSON, what was made."),
) -> None:
    """Make a result again from its own copy of the case, and say whether it came out the same.

    Exits with status 3 when it did not.
    """
    import shlex

    from ..faults import Faults

    _no_idle_threads()
    try:
        from ..lab.ensembles.results import compare, open_result
        from ..lab.ensembles.run import rerun as rerun_

        old = open_result(result)
        out = out or result.with_name(result.resolve().name + "-again")
        words = ["politburo", "rerun", str(result), "--out", str(out)]
        with _Showing(shlex.join(words)) as showing:
            new = rerun_(result, out, workers, showing)
        different = compare(old, new)
    except Faults as error:
        _give_up(error)
    _report(new, showing, json_, summary=False, same_as=str(result), different=different)
    if different:
        raise typer.Exit(3)


def _no_idle_threads() -> None:
    """A run does no linear algebra: without this, NumPy's library starts a thread a core for it, which spin for a while (0.08 s of processor time)."""
    import os

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def continuing(case: str, out: Path, n: int, seed: int, until: str | None, changes: list[str], without: list[str],
               workers: int | None, no_coder_error: bool) -> str:  # fmt: skip
    """The command that goes on with a run."""
    import shlex

    words = ["politburo", "run", case, "-n", str(n)]
    words += ["--seed", str(seed)] if seed != 1922 else []
    words += ["--until", until] if until else []
    for name, values in (("--set", changes), ("--without", without)):
        for value in values:
            words += [name, value]
    words += ["--workers", str(workers)] if workers else []
    words += ["--no-coder-error"] if no_coder_error else []
    return shlex.join([*words, "--out", str(out)])


def _give_up(error) -> None:
    for fault in error.faults:
        typer.echo(str(fault), err=True)
    raise typer.Exit(1)


def _say_unchanged(asked: dict, effective: dict) -> None:
    for key in asked:
        if key not in effective and key.removesuffix(".value") not in effective:
            typer.echo(f"note: {key} has this value already; setting it changes nothing", err=True)


def _report(result, showing, json_: bool, summary: bool = True, same_as: str | None = None, different: list[str] = ()) -> None:
    """What was made, where it is, and what it says."""
    import json

    about = {"path": str(result.path), "id": result.id, "histories": result.n, "there": result.done,
             "computed": showing.computed, "failed": len(result.failures), "seconds": round(showing.seconds, 2)}  # fmt: skip
    if same_as is not None:
        about |= {"of": same_as, "same": not different, "different": list(different)}
    if json_:
        typer.echo(json.dumps(about))
    else:
        _say(about, same_as, different)
        if summary:
            _summary(result)
    if result.failures:
        first = result.failures[0]
        typer.echo(
            f"{len(result.failures):,} histories failed and are left out: see {result.path / 'failures.jsonl'} "
            f"(history {first['history']}: {first['error']}). The same command tries them again.", err=True)  # fmt: skip
        if result.done == 0:
            raise typer.Exit(1)


def _say(about: dict, same_as: str | None, different: list[str]) -> None:
    had = about["there"] - about["computed"]
    words = f"{about['there']:,} histories in {about['path']}"
    words += f", {had:,} of them from before" if had > 0 else ""
    if about["computed"]:
        words += f"; {about['computed']:,} computed in {_duration(about['seconds'])}"
    typer.echo(words)
    if same_as is not None:
        verdict = "the same, bit for bit, as" if not different else f"not the same ({'; '.join(different)}) as"
        typer.echo(f"It is {verdict} {same_as}")


def _summary(result) -> None:
    """The answer in three sentences and who rules; the rest is for `politburo show`."""
    if result.done == 0:
        return
    from rich.console import Console

    from ..views import tables
    from ..views.findings import Findings

    findings, console = Findings(result), Console(highlight=False)
    for part in (tables.answer(findings), tables.rulers(findings)):
        console.print()
        console.print(part)
    console.print(f"\npolitburo show {result.path} prints the falls, the record beside them and what is not reproduced.", markup=False, soft_wrap=True)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {seconds:02d} s"


class _Showing:
    """Progress on standard error: a bar on a terminal, a line a minute otherwise. Says how to go on after Ctrl-C."""

    def __init__(self, again: str):
        from rich.console import Console

        self._again, self._console = again, Console(stderr=True, highlight=False)
        self._bar = self._task = self._status = None
        self._compiling: float | None = None
        self._said = 0.0
        self.computed, self.seconds = 0, 0.0

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace) -> None:
        self._stop()
        from ..lab.ensembles.run import Interrupted

        if isinstance(error, Interrupted):
            typer.echo(f"\nStopped. {error}. To go on:\n  {self._again}", err=True)
            raise typer.Exit(130) from None
        if isinstance(error, OSError):  # a full disk, a place taken away
            typer.echo(f"{error.filename or 'writing'}: {error.strerror or error}. What is finished is kept. To go on:\n  {self._again}", err=True)
            raise typer.Exit(1) from None
        if kind is KeyboardInterrupt:
            typer.echo(f"\nStopped. To go on:\n  {self._again}", err=True)
            raise typer.Exit(130) from None

    def _stop(self) -> None:
        for live in (self._bar, self._status):
            if live is not None:
                live.stop()
        self._bar = self._status = None

    def __call__(self, now) -> None:
        self.computed, self.seconds = now.done - now.found, now.seconds
        if now.phase == "compiling":
            self._compile(now)
        elif now.phase == "notice":
            self._console.print(f"note: {now.text}", markup=False)
        elif now.phase == "running":
            self._run(now)
        elif now.phase == "done":
            self._stop()

    def _compile(self, now) -> None:
        self._compiling = now.seconds
        words = "Making machine code for this list of mechanisms: once on this machine, typically half a minute to a minute and a half"
        if self._console.is_terminal:
            self._status = self._console.status(words)
            self._status.start()
        else:
            self._console.print(words, markup=False, soft_wrap=True)

    def _run(self, now) -> None:
        if self._compiling is not None:
            self._stop()
            self._console.print(f"Machine code made in {now.seconds - self._compiling:.0f} s", markup=False)
            self._compiling = None
        if not self._console.is_terminal:
            if now.done < now.total and now.seconds - self._said >= 60:
                self._said = now.seconds
                self._console.print(self._line(now), markup=False, soft_wrap=True)
            return
        if self._bar is None:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

            self._bar = Progress(
                TextColumn("histories"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeElapsedColumn(),
                TextColumn("left"), TimeRemainingColumn(), console=self._console, transient=True,
            )  # fmt: skip
            self._task = self._bar.add_task("", total=now.total, completed=now.found, rate="")
            self._first = now
            self._bar.start()
        rate = (now.done - self._first.done) / max(now.seconds - self._first.seconds, 1e-9)
        self._bar.update(self._task, completed=now.done, rate=f"{rate:,.0f} a second" if rate else "")

    @staticmethod
    def _line(now) -> str:
        rate = (now.done - now.found) / max(now.seconds, 1e-9)
        left = f", {_duration((now.total - now.done) / rate)} left" if rate else ""
        return f"{now.done:,} of {now.total:,} histories after {_duration(now.seconds)}{left}"
