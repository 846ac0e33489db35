"""The hash of a line by which code scanning knows it again (`line_hash.py`), read from the files that were scanned."""

from __future__ import annotations

from pathlib import Path

from serverful.estate.place import Place
from serverful.line_hash import LineHashes

# Larger ones are not read as Terraform either (estate/read/source_files.py, whose import would be a long one for this number).
MAX_FILE_BYTES = 5_000_000


class HashedLines:
    """Reads each file once, when a line of it is first asked for. `base` is what the files of places are relative to; None knows none."""

    def __init__(self, base: Path | None) -> None:
        self._base = base.resolve() if base is not None else None
        self._files: dict[str, LineHashes | None] = {}

    def of(self, place: Place) -> str | None:
        """The hash of the first line of a place; None in a plan, outside the base, and where the file cannot be read (any more)."""
        if self._base is None or not place.has_line:
            return None
        if place.file not in self._files:
            text = self._text(self._base, place.file)
            self._files[place.file] = LineHashes(text) if text is not None else None
        hashes = self._files[place.file]
        return hashes.of(place.line) if hashes is not None and place.line <= len(hashes) else None

    def _text(self, base: Path, file: str) -> bytes | None:
        try:
            path = (base / file).resolve()
            if not path.is_relative_to(base) or not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
                return None
            return path.read_bytes()
        except (OSError, ValueError):  # ValueError: a name with a NUL
            return None
