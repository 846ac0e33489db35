"""What a folder or a zip archive beside the configuration holds at its top: names only, nothing is unpacked."""

from __future__ import annotations

import struct
from pathlib import Path
from zipfile import BadZipFile, ZipFile

MAX_ARCHIVE = 50_000_000  # bytes; AWS takes no larger package directly (AWS Lambda Developer Guide, "Lambda quotas")

_NONE: frozenset[str] = frozenset()


def names_in(path: Path, base: Path) -> frozenset[str]:
    """The names at the top of a folder or archive inside the base; none of what is not there, lies outside, is too large or is broken."""
    try:
        path = path.resolve()
        if not path.is_relative_to(base.resolve()):
            return _NONE
        if path.is_dir():
            return frozenset(child.name for child in path.iterdir())
        if path.suffix != ".zip" or not path.is_file() or path.stat().st_size > MAX_ARCHIVE:
            return _NONE
        with ZipFile(path) as archive:
            return frozenset(name.partition("/")[0] for name in archive.namelist() if "/" in name)
    except (OSError, ValueError, RuntimeError, BadZipFile, NotImplementedError, struct.error):
        return _NONE
