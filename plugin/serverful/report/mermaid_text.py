"""Makes text from elsewhere safe inside a quoted label of a Mermaid diagram.

Mermaid reads a label several times over: its own grammar ends it at a quote and cuts the text at `%%` and `;`; entity codes (`#quot;`,
`#35;`) are put back; what comes out is read as Markdown, as HTML and for icons (`fa:fa-car`), also without being asked to. So every
character that means something to any of them is written as an entity code (Mermaid's documentation, "Entity codes to escape characters",
11.x, 2026), which all of them show as that character and none of them acts upon.
"""

from __future__ import annotations

import re
import unicodedata

from serverful.report.text import harmless

_PLAIN = frozenset(" ,.()/'+=-_:?!")
# What is plain in most places, and means something here: a list or heading at the beginning (`1. `, `- `, `+ `), the start or end of
# emphasis (`_a_`; inside a word it is none), an address that would become a link (`www.`, `://`), an icon (`fa:fa-car`), a line below
# a line, which makes that a heading (`---`, `===`), and a comment on HTML.
_MEANS_SOMETHING = re.compile(
    r"^[-+=]|^\d+[.)](?= |$)|(?<![^\W_])_|_(?![^\W_])|(?<=www)\.|:(?=[\w/])|--+|==+|^ | $|  +",
    re.IGNORECASE,
)


# An instance's number, `aws_subnet.private[0]`, stays readable: it is no link unless brackets or a colon follow.
_NUMBER = re.compile(r"\[\d+\](?![(\[:])")


def mermaid_text(text: str) -> str:
    """Text in, one line out that may stand between the quotes of a label and is shown as the text is.

    What cannot be shown is written out first, as everywhere (`report/text.py`).
    """
    shown = harmless(text)
    coded = {position for match in _MEANS_SOMETHING.finditer(shown) for position in range(*match.span())}
    left = {position for match in _NUMBER.finditer(shown) for position in (match.start(), match.end() - 1)}
    return "".join(
        c if position in left or (_is_plain(c) and (position not in coded or c.isalnum())) else _code(c) for position, c in enumerate(shown)
    )


def _is_plain(character: str) -> bool:
    # Letters and numbers of any script, and the marks that stand on them. Signs (`°`, `¶`) are not: Mermaid uses some for itself, and a
    # letter that is really two (`ﬂ`) as well.
    return character in _PLAIN or unicodedata.category(character)[0] in "LNM" and not 0xFB00 <= ord(character) <= 0xFB06


def _code(character: str) -> str:
    return f"#{ord(character)};"
