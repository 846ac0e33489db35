"""The record as JSON, version 1 (`record/v1.py` says what stands in it): indented, its texts escaped to ASCII.

So a terminal shows no control character; a reader that shows the texts elsewhere escapes them for that place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from json.encoder import encode_basestring_ascii as _encoded
from typing import Any

from serverful.collecting import seldom_collecting
from serverful.record.v1 import RunV1

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def to_json(record: RunV1) -> str:
    """The record as indented JSON, without a line break at the end. Same record in, same text out."""
    return "".join(to_json_pieces(record))


def to_json_pieces(record: RunV1) -> Iterator[str]:
    """The same text in pieces to be written one after another. Of a large root it is 130 MB, which nobody needs at once."""
    with seldom_collecting():
        yield from _text(record)


def _text(record: RunV1) -> Iterator[str]:
    """What `json.dumps(asdict(record), indent=2)` gives, in pieces: of a root with thousands of findings that would be a long wait and,
    with its copies of everything, the most memory of the whole run.
    """
    yield "{"
    for number, name in enumerate(_names(RunV1)):
        value = getattr(record, name)
        yield f'{"," if number else ""}\n  "{name}": '
        if not isinstance(value, list):
            yield _written(value, "  ")
            continue
        opening = "["
        for item in value:
            yield f"{opening}\n    {_written(item, '    ')}"
            opening = ","
        yield "[]" if opening == "[" else "\n  ]"
    yield "\n}"


def _written(value: Any, pad: str) -> str:
    """A value that begins behind `pad`, two blanks more for each level in it."""
    # The commonest first: a large record has two million of them.
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    inner = pad + "  "
    if isinstance(value, list):
        opens, closes, rows = "[", "]", [_written(item, inner) for item in value]
    elif isinstance(value, dict):
        opens, closes, rows = "{", "}", [f"{_quoted(key)}: {_written(item, inner)}" for key, item in value.items()]
    else:
        opens, closes, rows = "{", "}", [f'"{name}": {_written(getattr(value, name), inner)}' for name in _names(value.__class__)]
    return f"{opens}\n{inner}" + f",\n{inner}".join(rows) + f"\n{pad}{closes}" if rows else opens + closes


@cache
def _names(shape: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(shape))


def _quoted(text: str) -> str:
    r"""The text as JSON; a byte of a file name that is no UTF-8, which Python holds as a lone surrogate, is written out: `\\udcff`.

    Strict readers refuse a lone surrogate (RFC 8259, section 8.2).
    """
    return _encoded(text if text.isascii() else _LONE_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text))
