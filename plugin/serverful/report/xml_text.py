"""Makes text from elsewhere safe in XML 1.0: in the text of an element and in the value of an attribute, in any kind of quotes.

XML cannot hold every character, not even as a reference: control characters, halves of surrogate pairs and the non-characters U+FFFE and
U+FFFF make a document that no reader may accept (Extensible Markup Language 1.0, fifth edition, section 2.2, "Characters"). They are
written out, like whatever else cannot be shown.
"""

from __future__ import annotations

import re

from serverful.report.text import harmless

# What is not in production [2] `Char`. `harmless` writes out most of it; not the non-characters.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def xml_text(text: str) -> str:
    """Text in, one line out that may stand between tags or between quotes of either kind."""
    return _ILLEGAL.sub(_written_out, harmless(text)).translate(_ENTITIES)


def _written_out(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
