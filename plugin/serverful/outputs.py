"""Where reports go: `--format sarif=out.sarif --format console`. One that cannot be written keeps none of the others from being written."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from serverful.errors import UsageError
from serverful.whole_file import BREAK, ENCODING, STRANGE, write_whole

STANDARD = "-"


@dataclass(frozen=True, slots=True)
class Output:
    """One report: its format, and the file it goes to; None is standard output."""

    format: str
    file: Path | None = None


def outputs_of(words: Sequence[str], formats: Sequence[str]) -> tuple[Output, ...]:
    """`("sarif=out.sarif", "console")` -> two outputs, in that order.

    Raises UsageError for a format that is not among `formats`, for two that would be mixed on standard output, and for two that go to one
    file.
    """
    outputs = [_output(word, formats) for word in words]
    printed = [output.format for output in outputs if output.file is None]
    if len(printed) > 1:
        raise UsageError(
            f"--format {' and --format '.join(printed)} would be mixed on standard output. Give all but one a file: {printed[0]}=FILE"
        )
    files = [os.path.realpath(output.file) for output in outputs if output.file is not None]
    for file in files:
        if files.count(file) > 1:
            raise UsageError(f"Two reports would be written to {file}, one over the other. Give each a file of its own.")
    return tuple(outputs)


def write(file: Path, pieces: Iterable[str]) -> None:
    """Writes a text to a file, whole or not at all: what stood there stays until the new text is complete. Ends it with a line break.

    Raises UsageError where it cannot be written. A file that is no ordinary one (`/dev/stdout`, a pipe) is written as it is.
    """
    lines = chain(pieces, ("\n",))
    try:
        if not file.exists() or file.is_file():
            write_whole(file, lines)
            return
        if file.is_dir():
            raise UsageError(f"{file} is a folder, so nothing can be written to it. Name a file in it.")
        with file.open("w", encoding=ENCODING, errors=STRANGE, newline=BREAK) as stream:
            stream.writelines(lines)
    except OSError as error:
        raise UsageError(f"{file} could not be written: {error.strerror}.") from error


def _output(word: str, formats: Sequence[str]) -> Output:
    name, equals, file = word.partition("=")
    if name not in formats:
        near = difflib.get_close_matches(name, formats, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise UsageError(
            f"--format {word}: there is no format {name!r}.{hint} There are {', '.join(formats)}; to a file goes {formats[0]}=FILE."
        )
    if equals and not file:
        raise UsageError(f"--format {word}: the file is missing. Write {name}=FILE, or {name} for standard output.")
    return Output(name, Path(file) if file and file != STANDARD else None)
