"""The hash of a line by which GitHub's code scanning knows a finding again after other lines have moved it.

`partialFingerprints.primaryLocationLineHash` is the only identity that GitHub uses (docs.github.com, "SARIF support for code scanning",
read 2026-11-27). Its action for uploads computes it where it is missing, and warns where it would be another one; so this is the same
computation (github/codeql-action, src/fingerprints.ts at f3f1edb, 2026-06-13), written anew:

- Line ends are one `\\n` each, blanks and tabs do not count, and the file ends with the code unit 0xFFFF.
- A line's hash is that of the 100 code units (UTF-16) from its first one on, zeros behind the end: a polynomial in 37, modulo 2^64.
- `:1` behind it counts the lines up to this one that have the same hash.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

_WINDOW = 100
_FACTOR = 37
_MASK = 2**64 - 1
_LINE_END = 0x0A
_LEAVING = pow(_FACTOR, _WINDOW, 2**64)
_NO_BLANKS = str.maketrans("", "", " \t")
_UTF16 = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"


def line_hashes(text: bytes) -> list[str]:
    """The bytes of a file in, the hash of each of its lines out: `271789c17abda88f:1`. An empty file has one line."""
    lines = text.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").translate(_NO_BLANKS) + "\uffff"
    units = array("H", lines.encode(_UTF16))
    starts = list(_starts(units))
    units.extend([0] * _WINDOW)
    # The polynomial of all that stands before each code unit. That of a window is the difference of two of them.
    before = array("Q", accumulate(units, lambda so_far, unit: (so_far * _FACTOR + unit) & _MASK, initial=0))
    seen: Counter[int] = Counter()
    hashes = []
    for start in starts:
        value = (before[start + _WINDOW] - before[start] * _LEAVING) & _MASK
        seen[value] += 1
        hashes.append(f"{value:x}:{seen[value]}")
    return hashes


def _starts(units: array[int]) -> Iterator[int]:
    """Where lines begin: at the first code unit, and behind every line end."""
    at = 0
    yield at
    for _ in range(units.count(_LINE_END)):
        at = units.index(_LINE_END, at) + 1
        yield at
