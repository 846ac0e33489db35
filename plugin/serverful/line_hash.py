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
from itertools import accumulate

_WINDOW = 100
_FACTOR = 37
_MASK = 2**64 - 1
_NO_BLANKS = str.maketrans("", "", " \t")
_UTF16 = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"


class LineHashes:
    """The hashes of a file's lines, each worked out when it is asked for: few lines have a finding. An empty file has one line."""

    def __init__(self, text: bytes) -> None:
        kept = text.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").translate(_NO_BLANKS) + "\uffff"
        units = _units(kept)
        self._starts = [0, *accumulate(len(line) + 1 for line in units.split("\n")[:-1])]
        self._units = units + "\0" * _WINDOW
        # Lines have one hash where they have one window; that two windows have the same is left to chance, which is one in 2^64.
        seen: Counter[str] = Counter()
        self._numbers = array("L")
        for start in self._starts:
            window = self._units[start : start + _WINDOW]
            seen[window] += 1
            self._numbers.append(seen[window])

    def __len__(self) -> int:
        return len(self._starts)

    def of(self, line: int) -> str:
        """The hash of a line, counted from 1: `271789c17abda88f:1`. Raises IndexError where there is no such line."""
        start, value = self._starts[line - 1], 0
        for unit in map(ord, self._units[start : start + _WINDOW]):
            value = (value * _FACTOR + unit) & _MASK
        return f"{value:x}:{self._numbers[line - 1]}"


def _units(text: str) -> str:
    """The text with a character for each UTF-16 code unit; what is beyond the first plane has two."""
    return text if max(text) <= "\uffff" else "".join(map(chr, array("H", text.encode(_UTF16))))
