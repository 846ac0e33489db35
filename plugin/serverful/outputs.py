"""Where reports go: `--format sarif=out.sarif --format console`. One that cannot be written keeps none of the others from being written."""

from __future__ import annotations

import difflib
import os
import stat
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from serverful.errors import UsageError

STANDARD = "-"

# One line break everywhere, and nothing lost over a character that UTF-8 does not know: a file's name may hold any bytes.
_ENCODING, _STRANGE, _BREAK = "utf-8", "backslashreplace", "\n"


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
    try:
        if file.exists() and not file.is_file():
            if file.is_dir():
                raise UsageError(f"{file} is a folder, so no report can be written to it. Name a file in it.")
            with file.open("w", encoding=_ENCODING, errors=_STRANGE, newline=_BREAK) as stream:
                _write(stream, pieces)
            return
        # Beside the file, so that the two are on one file system; of a link, beside what it leads to.
        target = file.resolve()
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", suffix=".part", delete=False) as reserved:
            made = Path(reserved.name)
        try:
            with made.open("w", encoding=_ENCODING, errors=_STRANGE, newline=_BREAK) as stream:
                _write(stream, pieces)
            made.chmod(_mode(target))
            made.replace(target)
        except BaseException:
            made.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(f"The report could not be written to {file}: {error.strerror}.") from error


class _Written(Protocol):
    def write(self, text: str, /) -> object: ...


def _write(stream: _Written, pieces: Iterable[str]) -> None:
    for piece in pieces:
        stream.write(piece)
    stream.write("\n")


def _mode(target: Path) -> int:
    """What the file allows already; of a new one what the process lets new files have (`mkstemp` lets only its owner read)."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


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
