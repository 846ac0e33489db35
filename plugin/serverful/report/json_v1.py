"""The record as JSON, version 1 (`record/v1.py` says what stands in it): indented, its texts escaped to ASCII.

So a terminal shows no control character; a reader that shows the texts elsewhere escapes them for that place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from pydantic_core import to_json as encoded

from serverful.collecting import seldom_collecting
from serverful.record.v1 import RunV1

_BATCH = 200  # items that are written in one go
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def to_json(record: RunV1) -> str:
    """The record as indented JSON, without a line break at the end. Same record in, same text out."""
    return "".join(to_json_pieces(record))


def to_json_pieces(record: RunV1) -> Iterator[str]:
    """The same text in pieces to be written one after another. Of a large root it is 170 MB, which nobody needs at once."""
    with seldom_collecting():
        for number, field in enumerate(fields(RunV1)):
            yield f'{"," if number else "{"}\n  "{field.name}": '
            value = getattr(record, field.name)
            yield from _list(value) if isinstance(value, list) else (_text(value),)
        yield "\n}"


def _list(items: list[Any]) -> Iterator[str]:
    if not items:
        yield "[]"
        return
    for start in range(0, len(items), _BATCH):
        yield "," if start else "["
        yield _text(items[start : start + _BATCH])[1 : -len("\n  ]")]
    yield "\n  ]"


def _text(value: object) -> str:
    """A value of the record, as `json.dumps(record, indent=2)` has it in a hundredth of the time."""
    try:
        text = encoded({"": value}, indent=2).decode()
    except ValueError:  # a lone surrogate is no character that UTF-8 knows
        text = encoded({"": _well_formed(value)}, indent=2).decode()
    if not text.isascii():
        text = _NOT_ASCII.sub(_escaped, text)  # in JSON nothing but a text holds such a character
    return text[len('{\n  "": ') : -len("\n}")]


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def _well_formed(value: object) -> object:
    r"""A byte of a file name that is no UTF-8, which Python holds as a lone surrogate, is written out: `\\udcff`.

    Strict readers refuse a lone surrogate (RFC 8259, section 8.2).
    """
    if isinstance(value, str):
        return _LONE_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", value)
    if is_dataclass(value) and not isinstance(value, type):
        return _well_formed(asdict(value))
    if isinstance(value, list):
        return [_well_formed(item) for item in value]
    if isinstance(value, dict):
        return {_well_formed(key): _well_formed(item) for key, item in value.items()}
    return value
