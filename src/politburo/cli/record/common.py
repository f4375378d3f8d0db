"""What the verbs share: options, opening a record, printing faults and JSON."""

import functools
import sys
from collections.abc import Callable

import typer

RECORD = typer.Option(
    None,
    "--record",
    "-r",
    envvar="POLITBURO_RECORD",
    help="A record folder of your own; default: the shipped record.",
)
SOURCES = typer.Option(
    None,
    "--sources",
    "-s",
    envvar="POLITBURO_SOURCES",
    help="Folder with the source files, to verify and show what claims rest on.",
)
JSON = typer.Option(False, "--json", help="Print JSON.")


def honest(verb: Callable) -> Callable:
    """Print faults to stderr and exit with 1; a closed pipe is no error."""

    @functools.wraps(verb)
    def run(*args, **kwargs):
        from politburo.faults import Faults

        try:
            return verb(*args, **kwargs)
        except Faults as error:
            for fault in error.faults:
                print(fault, file=sys.stderr)
            raise typer.Exit(1) from None
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(0) from None
        except KeyboardInterrupt:
            print("interrupted; nothing half-written", file=sys.stderr)
            raise typer.Exit(130) from None
        except OSError as error:
            print(f"{error.filename or 'file'}: {error.strerror or error}", file=sys.stderr)
            raise typer.Exit(1) from None

    return run


def open_record(path: str | None):
    """The record at `path`, or the shipped one."""
    from politburo.record.loading import load

    return load(path)


def show_json(data: object) -> None:
    """Print as JSON, the same bytes on every run."""
    import json

    print(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def console():
    """A Rich console that keeps long lines whole when the output is not a terminal."""
    from rich.console import Console

    out = Console(highlight=False)
    if not out.is_terminal:
        out = Console(highlight=False, width=140)
    return out


def plain(text: str) -> str:
    """A text of a record, safe to print through Rich."""
    from rich.markup import escape

    return escape(text)


def backed(witnesses: list[str], files: int | None = None) -> str:
    """`2 witnesses (3 files)`."""
    n = len(witnesses)
    text = f"{n} witness{'' if n == 1 else 'es'}"
    return text + (f" ({files} file{'' if files == 1 else 's'})" if files is not None else "")
