"""Places as SARIF's locations: percent-encoded URIs relative to the repository, and one line of them.

Decisions:
- The region is the first line only, never a whole block: GitHub shows a finding in a pull request only where all of its lines are in the
  diff (docs.github.com, "SARIF support for code scanning", read 2026-11-27).
- What was read in a plan has no line, and gets no region: it is about the whole file, as CodeQL says it too. Line 1 would be a lie.
- The base is named and not located, for no path of this machine belongs into a report.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from serverful.record.v1 import PlaceV1
from serverful.report.sarif_text import plain

SOURCE_ROOT = "%SRCROOT%"  # GitHub's and CodeQL's name for the top of the repository

_DRIVE = re.compile(r"[A-Za-z]:[/\\]")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")  # RFC 3986, 2.3, and the slash
_BYTES = [chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in range(256)]


def location(file: str, line: int, *, id: int | None = None, says: str | None = None, address: str | None = None) -> dict[str, Any]:
    """A spot in a file; `line` 0 means all of it. `says` is a message, escaped already."""
    physical: dict[str, Any] = {"artifactLocation": artifact(file)}
    if line:
        physical["region"] = {"startLine": line, "endLine": line}
    made: dict[str, Any] = {} if id is None else {"id": id}
    made["physicalLocation"] = physical
    if address:
        made["logicalLocations"] = [{"fullyQualifiedName": plain(address), "kind": "resource"}]
    if says is not None:
        made["message"] = {"text": says}
    return made


@lru_cache(maxsize=10_000)  # many places, few files
def artifact(file: str) -> dict[str, str]:
    """The address of a file: relative to the repository, or absolute where the file is."""
    if _DRIVE.match(file):
        return {"uri": f"file:///{file[0]}:{_encoded(file[2:].replace(chr(92), '/'))}"}
    if file.startswith("/"):
        return {"uri": f"file://{_encoded('/' + file.lstrip('/'))}"}
    return {"uri": _encoded(file) or ".", "uriBaseId": SOURCE_ROOT}


def is_inside(place: PlaceV1) -> bool:
    """Whether the file stands below the base: in the repository, where people can be shown it."""
    return not (place.file.startswith(("/", "../")) or place.file == ".." or _DRIVE.match(place.file))


def _encoded(path: str) -> str:
    # A byte of a name that is no UTF-8 is the lone surrogate 0xDC00 + byte in Python, and itself in a URI.
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "surrogatepass")
    return "".join([_BYTES[byte] for byte in raw])
