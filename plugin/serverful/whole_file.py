"""Writes a file whole or not at all: who reads it meanwhile sees the old text or the new one, and what failed leaves the old one."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

# One line break everywhere, and nothing lost over a character that UTF-8 does not know: a file's name may hold any bytes.
ENCODING, STRANGE, BREAK = "utf-8", "backslashreplace", "\n"


def write_whole(file: Path, pieces: Iterable[str]) -> None:
    """Writes the pieces of one text, which replaces what stood there when the last of them is written. A link keeps leading to its file.

    Raises OSError where that is not possible, and whatever making the pieces raises. It keeps what a file allows; of a new one everybody
    may do what the process lets them do with new files.
    """
    target = _resolved(file)
    # Beside the file, so that the two are on one file system.
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name[:100]}.", suffix=".part", delete=False) as reserved:
        made = Path(reserved.name)
    try:
        with made.open("w", encoding=ENCODING, errors=STRANGE, newline=BREAK) as stream:
            stream.writelines(pieces)
        made.chmod(_mode(target))
        made.replace(target)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _resolved(file: Path) -> Path:
    try:
        return file.resolve()
    except RuntimeError as error:  # a circle of links, up to Python 3.12
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error


def _mode(target: Path) -> int:
    """What the file allows already; of a new one what the process lets new files have (`mkstemp` lets only its owner read)."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
