r"""Makes text from elsewhere safe in SARIF's plain text messages, and keeps it short.

In a message `{0}` is a placeholder and `[text](1)` a link (SARIF 2.1.0, 3.11.5 and 3.11.6, OASIS, 2023), so braces are doubled, and the
bracket that would close the text of a link gets a backslash. Brackets elsewhere stay as they are: addresses are full of them, and not
every reader takes the backslash away again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from serverful.report.text import harmless

LONGEST = 1000  # characters of one text
LONGEST_DESCRIPTION = 1024  # what GitHub takes of a rule's descriptions ("SARIF support for code scanning", read 2026-11-27)
ITEMS = 20  # of one list in a message

_BRACES = str.maketrans({"{": "{{", "}": "}}"})
_END_OF_LINK = re.compile(r"(\\*)\](?=\()")
_IN_LINK = re.compile(r"[\\\[\]]")


def plain(text: str) -> str:
    r"""One line of text for a message, harmless, without placeholders and links: `${var.a}` -> `${{var.a}}`, `[a](1)` -> `[a\](1)`."""
    shown = _without_placeholders(harmless(cut(text)))
    return _END_OF_LINK.sub(r"\1\1\\]", shown) if "](" in shown else shown  # half a million texts in a large record, and few have one


def link(text: str, to: int) -> str:
    """A link to the location of that id in the same result."""
    return f"[{_IN_LINK.sub(_escaped, _without_placeholders(harmless(cut(text))))}]({to})"


def described(text: str) -> str:
    """The same for a rule's description: escaped, it is no longer than GitHub takes."""
    shown = (plain(cut(text, longest)) for longest in (LONGEST - 50, 400, 80))
    return next((one for one in shown if len(one) <= LONGEST_DESCRIPTION), "")


def cut(text: str, longest: int = LONGEST) -> str:
    """The text, or its beginning and how much is left out; before it is escaped, so that no escape is cut in two."""
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text) - longest:,} more characters)"


def listed(items: Sequence[str], *, of: int) -> list[str]:
    """Items of a list as lines, and how many of them all are left out."""
    lines = [f"- {item}" for item in items[:ITEMS]]
    return lines if of <= ITEMS else [*lines, f"- and {of - ITEMS:,} more"]


def _without_placeholders(text: str) -> str:
    return text.translate(_BRACES) if "{" in text or "}" in text else text


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[0]}"
