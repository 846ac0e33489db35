"""What the command line says to people: the only module that prints."""

from __future__ import annotations

import os
import shutil
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from serverful.errors import UsageError

if TYPE_CHECKING:
    from serverful.progress import Watcher

WIDE = 100  # columns, where no terminal says how many


def say(text: str) -> None:
    """Prints a text to stdout."""
    say_all((text,))


def say_all(pieces: Iterable[str]) -> None:
    """Prints the pieces of one text to stdout, each as it is made.

    A reader who has seen enough (`| head`) ends the printing, not the verdict: the exit code stays what it is. Raises UsageError where
    there is nowhere to print to.
    """
    if sys.stdout is None:  # closed by whoever started us (`>&-`); print would pass over it
        raise UsageError("The report could not be written: standard output is closed.")
    try:
        for piece in pieces:
            print(piece, end="")
        print(flush=True)
    except BrokenPipeError:
        # What is still buffered would fail again when the interpreter ends, and say so.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise UsageError(f"The report could not be written: {error.strerror}.") from error


def complain(text: str) -> None:
    print(text, file=sys.stderr)


def own_fault(error: Exception) -> str:
    """What a fault of ours is, where it happened, and whose it is."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" ({Path(last[0].filename).name}:{last[0].lineno})" if last else ""
    from serverful.report.text import harmless

    return (
        f"serverful itself failed{where}: {type(error).__name__}: {harmless(str(error))}\n"
        "This is a fault of serverful, not of your Terraform; `serverful --debug ...` shows where it happened."
    )


def is_painted() -> bool:
    """Colours only for a person at a terminal who did not refuse them (no-color.org), and for whoever asks for them (force-color.org)."""
    if os.environ.get("NO_COLOR") or sys.stdout is None:
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def at_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def width() -> int:
    """As wide as the terminal, within what reads well; 100 in a log."""
    if not at_terminal():
        return WIDE
    return max(60, min(shutil.get_terminal_size().columns, 110))


@contextmanager
def watching() -> Iterator[Watcher]:
    """A progress bar for a person at a terminal, who may look at stderr while stdout goes elsewhere; nothing for anybody else."""
    from serverful.progress import nobody

    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield nobody
        return
    from serverful.report.progress_bar import ProgressBar

    with ProgressBar(sys.stderr) as bar:
        yield bar
