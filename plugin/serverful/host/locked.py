"""One at a time, also between processes: what reads a file, changes it and writes it again holds the lock beside it.

The operating system's own lock (flock(2); LockFile on Windows) ends with the process that holds it, however that ends, so nobody has to
find out whether a lock is stale. Checkov brings no library for it, and a clone is used without being installed, so two calls of the
standard library do.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from serverful.errors import UsageError

PATIENCE = 120.0  # seconds; another process may be writing the record of a very large root
_PAUSE = 0.02

# What it means that somebody else has it; anything else is a fault (a file system that knows no locks).
_TAKEN = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}


@contextmanager
def locked(file: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Holds the lock of a file, which need not exist; waits for it as long as that.

    The lock is a file of its own beside it (`.run.json.lock`), which goes with the lock. Raises UsageError where it cannot be had, and
    OSError where it cannot be made.
    """
    beside = file.with_name(f".{file.name}.lock")
    until = time.monotonic() + patience
    while (handle := _taken(beside)) is None:
        if time.monotonic() > until:
            raise UsageError(
                f"{file} is being written by another process, which has not come to an end for {patience:.0f} seconds ({beside.name})."
            )
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        with suppress(OSError):  # on Windows while another process waits for it; then that one removes it
            beside.unlink()
        os.close(handle)


def _taken(beside: Path) -> int | None:
    """The handle that holds the lock, or None where another has it."""
    handle = os.open(beside, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(handle)
        # Whoever had it has removed the file meanwhile: then the lock is one that nobody else will find.
        if not os.path.samestat(os.fstat(handle), beside.stat()):
            raise FileNotFoundError
    except OSError as error:
        os.close(handle)
        if isinstance(error, FileNotFoundError) or error.errno in _TAKEN:
            return None
        raise
    return handle


if sys.platform == "win32":

    def _lock(handle: int) -> None:
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:

    def _lock(handle: int) -> None:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
