"""Makes text from elsewhere (names, tags, paths, reasons) safe to show.

Terraform may hold anything: an escape sequence in a tag would recolour or rewrite a terminal, a bidirectional override would make a
line read differently from what it says ("Trojan Source", CVE-2021-42574), an invisible character would make two names look alike.
Nothing is dropped: what cannot be shown is written out, so that people see that it is there.
"""

from __future__ import annotations

import re
import unicodedata

# Control (Cc: C0, DEL, C1), format (Cf: bidirectional marks, zero-width characters, soft hyphen, language tags), surrogates that
# stand alone (Cs: bytes of a file name that are no UTF-8), private use (Co), line and paragraph separators (Zl, Zp).
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})

# Invisible too, but in categories that also hold ordinary letters and marks (Unicode, Default_Ignorable_Code_Point; and blank Braille).
_INVISIBLE = frozenset((0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810)))

_INVISIBLE_ONE = re.compile(f"[{''.join(map(chr, sorted(_INVISIBLE)))}\U000e0000-\U000e0fff]")

_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def harmless(text: str) -> str:
    r"""One line of text in, the same line out with everything that cannot be shown written out: `\x1b`, `\u202e`, `\n`.

    Text that is harmless already comes back as it is, so applying it twice changes nothing.
    """
    # What Python calls printable has nothing of `_UNSHOWN` in it; most texts are, and `translate` takes ten times as long.
    if text.isprintable() and (text.isascii() or not _INVISIBLE_ONE.search(text)):
        return text
    return text.translate(_SHOWN)


class _Shown(dict[int, str]):
    """What is shown for each character, worked out when it is first met: our own reports are full of the same few."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = _written_out(character) if _is_unshown(character) else character
        return self[code]


_SHOWN = _Shown()


def _is_unshown(character: str) -> bool:
    code = ord(character)
    return unicodedata.category(character) in _UNSHOWN or code in _INVISIBLE or 0xE0000 <= code <= 0xE0FFF


def _written_out(character: str) -> str:
    code = ord(character)
    if short := _SHORT.get(character):
        return short
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
