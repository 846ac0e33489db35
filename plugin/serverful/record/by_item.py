"""Reads a large record item by item, so that its text need not be at hand as a whole: of 5,000 functions that is 150 MB.

It goes by the lines as they are written (`report/json_v1.py`), and stops where they are laid out otherwise or hold what they may not: then
the record is read as a whole, which says what is wrong. So it is quicker and smaller, and never of another opinion.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, BinaryIO

from pydantic import TypeAdapter, ValidationError

from serverful.record.v1 import EvidenceV1, FindingV1, FunctionV1, PlaceV1, RunV1

_LISTS = ("functions", "findings")  # the long ones, in the order of the record
_CHUNK = 1 << 20  # bytes


def read_by_item(stream: BinaryIO) -> RunV1 | None:
    """The record in a stream, or None where it has to be read as a whole. Raises OSError as reading does."""
    text, rest = _Text(stream), []
    items: dict[str, list[Any]] = {}
    try:
        for name in _LISTS:
            before = text.until(f'\n  "{name}": ['.encode())
            found = _items(text, _adapters()[name]) if before is not None else None
            if before is None or found is None:
                return None
            items[name] = found
            rest += [before, f'\n  "{name}": []'.encode()]
        record: RunV1 = _adapters()[""].validate_json(b"".join([*rest, text.rest()]), strict=True)
    except ValidationError:
        return None
    if any(getattr(record, name) for name in _LISTS):  # a key that stands there twice
        return None
    _share(items["findings"])
    return replace(record, functions=items["functions"], findings=items["findings"])


def _items(text: _Text, adapter: TypeAdapter[Any]) -> list[Any] | None:
    """The items of a list up to its end, each from a line `    {` to a line `    }`."""
    found: list[Any] = []
    if text.has(b"]"):
        return found
    while True:
        item = text.until(b"\n    }")
        if item is None or not item.startswith(b"\n    {"):
            return None
        found.append(adapter.validate_json(item + b"}", strict=True))
        if text.has(b"\n  ]"):
            return found
        if not text.has(b","):
            return None


def _share(findings: list[FindingV1]) -> None:
    """Lets findings have equal evidence in common, as they had it when the record was made."""
    known: dict[EvidenceV1, EvidenceV1] = {}
    places: dict[PlaceV1, PlaceV1] = {}
    for finding in findings:
        finding.path[:] = [known.setdefault(evidence, evidence) for evidence in finding.path]
        for name in ("place", "telling"):
            place = getattr(finding, name)
            object.__setattr__(finding, name, places.setdefault(place, place))  # equal, so nobody sees a difference


class _Text:
    """A stream in pieces, of which only a little is at hand."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held = bytearray()  # grows in place: a file that is laid out otherwise is looked through to its end
        self._at = 0  # what is before it was given out

    def until(self, mark: bytes) -> bytes | None:
        """What comes before the mark, which is passed over; None where it does not come."""
        begin = self._at
        while (end := self._held.find(mark, begin)) < 0:
            begin = max(self._at, len(self._held) - len(mark) + 1)
            dropped = self._at
            if not self._read():
                return None
            begin -= dropped
        given = bytes(self._held[self._at : end])
        self._at = end + len(mark)
        return given

    def has(self, mark: bytes) -> bool:
        """Whether the mark comes next; then it is passed over."""
        while len(self._held) - self._at < len(mark) and self._read():
            pass
        if not self._held.startswith(mark, self._at):
            return False
        self._at += len(mark)
        return True

    def rest(self) -> bytes:
        return bytes(self._held[self._at :]) + self._stream.read()

    def _read(self) -> bool:
        piece = self._stream.read(_CHUNK)
        if piece:
            del self._held[: self._at]
            self._held += piece
            self._at = 0
        return bool(piece)


@cache
def _adapters() -> dict[str, TypeAdapter[Any]]:
    return {"": TypeAdapter(RunV1), "functions": TypeAdapter(FunctionV1), "findings": TypeAdapter(FindingV1)}
