"""Makes text from elsewhere safe inside a quoted label of a Mermaid diagram.

Mermaid reads a label several times over: its own grammar ends it at a quote and cuts the text at `%%` and `;`; entity codes (`#quot;`,
`#35;`) are put back; what comes out is read as Markdown, as HTML and for icons (`fa:fa-car`), also without being asked to. So every
character that means something to any of them is written as an entity code (Mermaid's documentation, "Entity codes to escape characters"),
which is shown as that character and acted upon by none. What is acted upon even so is written with a sign that looks alike.
All of it was tried with Mermaid 11.17 in Chromium (2026-11).
"""

from __future__ import annotations

import re
import unicodedata

from serverful.report.text import harmless

_PLAIN = frozenset(" ,.()/'+=-_:?!")
# What is plain in most places, and means something here: a list at the beginning (`1. `, `- `, `+ `), the start or end of emphasis (`_a_`;
# inside a word it is none), an address that would become a link (`www.`, `://`), a line below a line, which makes that a heading
# (`---`, `===`), blanks that would be swallowed, and the words at which Mermaid takes the last `;` of a line away (`encodeEntities`).
_MEANS_SOMETHING = re.compile(
    r"^[-+=]|^\d+[.)](?= |$)|(?<![^\W_])_|_(?![^\W_])|(?<=www)\.|:(?=[\w/])|--+|==+|^ | $|  +|s(?=tyle)|c(?=lassDef)",
    re.IGNORECASE,
)
# An instance's number, `aws_subnet.private[0]`, stays readable: it is no link unless brackets or a colon follow.
_NUMBER = re.compile(r"\[\d+\](?![(\[:])")

# Acted upon after entity codes are put back: `\n` breaks the line, `$$` is mathematics, `fa:fa-` an icon, and `ﬂ°`, `¶ß` are how Mermaid
# writes entity codes to itself.
_ALIKE = (
    (re.compile(r"\\(?=n)"), "\N{SET MINUS}"),
    (re.compile(r"\$(?=\$)|(?<=\$)\$"), "\N{FULLWIDTH DOLLAR SIGN}"),
    (re.compile(r":(?=fa-)", re.IGNORECASE), "\N{RATIO}"),
    (re.compile("\N{LATIN SMALL LIGATURE FL}"), r"\\ufb02"),
    (re.compile("\N{PILCROW SIGN}"), r"\\xb6"),
)


def mermaid_text(text: str) -> str:
    """Text in, one line out that may stand between the quotes of a label and is shown as the text is.

    What cannot be shown is written out first, as everywhere (`report/text.py`).
    """
    shown = harmless(text)
    for pattern, alike in _ALIKE:
        shown = pattern.sub(alike, shown)
    coded = {position for match in _MEANS_SOMETHING.finditer(shown) for position in range(*match.span()) if not shown[position].isdigit()}
    left = {position for match in _NUMBER.finditer(shown) for position in (match.start(), match.end() - 1)}
    return "".join(
        character if position in left or (_is_plain(character) and position not in coded) else f"#{ord(character)};"
        for position, character in enumerate(shown)
    )


def _is_plain(character: str) -> bool:
    # Letters and numbers of any script, and the marks that stand on them; no other signs.
    return character in _PLAIN or unicodedata.category(character)[0] in "LNM"
