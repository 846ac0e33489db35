"""Makes text from elsewhere safe in Markdown, as GitHub and GitLab read it: in paragraphs, lists, headings and table cells.

A word in which Markdown, HTML or one of the two could find more than letters is shown as code; all others stay as they are. In code nothing
is read: no link, no emphasis, no entity, and none of what is found after rendering, where `&#64;name` is as good as `@name`: mentions,
`#123`, `GH-123`, `!45`, `%milestone`, `:tada:`, `$formulas$`, addresses of pages. Nothing is added or left out, so that what is copied is
what was written; only a `|` stands between two pieces of code as an entity, because in a table it would end the cell, and parsers do not
agree on how it is kept from that (GitHub Flavored Markdown 0.29, sections 4.10 and 6.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

from serverful.report.text import harmless

# Characters with which Markdown, HTML, GitHub or GitLab begin something; a colon, a hyphen and a dot only in company.
_MEANS_MORE = re.compile(
    r"""[][`*_<>&@#~$^|\\{}]    # markup, mentions, references, formulas
    | [!:](?!$)                   # references; emoji, schemes, `main.tf:12`
    | %[\w"]                      # references
    | [^\W\d]-\d                  # GH-123, and keys of other trackers
    | \w\.[^\W\d_]{2}              # names of things, files and hosts
    | \bwww\.                     # a link without a scheme
    | (?<!\w)[0-9a-f]{7,40}(?!\w) # a commit
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What begins a block where a line begins: a list, a rule, an underlined heading, a table.
_BEGINS_PLAINLY = re.compile(r"""["'(]*[^\W\d_]|\d+$""")
_AROUND = re.compile(r"""^([("']*)(.*?)([)"'.,;:?]*)$""", re.DOTALL)
_TICKS = re.compile("`+")
_ELLIPSIS = "…"


def prose(text: str, longest: int = 1_000) -> str:
    """Text in, one line of Markdown out that shows the same; of very long text the beginning."""
    return "".join(code_span(part) if is_code else part for is_code, part in _parts(_cut(text, longest)))


def code(text: str, longest: int = 1_000) -> str:
    """Text in, one line of Markdown out that shows the same, all of it as code: names, paths, commands."""
    shown = _cut(text, longest)
    return code_span(shown) if shown.strip(" ") else ""


def html_prose(text: str, longest: int = 1_000) -> str:
    """As `prose`, for the inside of HTML tags of ours, where Markdown is not read."""
    parts = _parts(_cut(text, longest))
    return "".join(f"<code>{escape(part, quote=False)}</code>" if is_code else escape(part, quote=False) for is_code, part in parts)


def fenced(text: str, language: str = "") -> list[str]:
    """A block of code with one line in it."""
    shown = harmless(text)
    fence = "`" * max(3, 1 + _longest_ticks(shown))
    return [f"{fence}{language}", shown, fence]


def code_span(shown: str) -> str:
    """Harmless text as code; where a `|` is in it, as several pieces with that between."""
    return "&#124;".join(_span(piece) if piece else "" for piece in shown.split("|"))


def _span(text: str) -> str:
    if not text.strip(" "):
        return text  # a code span of blanks shows nothing
    ticks = "`" * (1 + _longest_ticks(text))
    # One blank at each end is taken off again where both ends have one (CommonMark 0.31, section 6.1).
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _longest_ticks(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)


def _cut(text: str, longest: int) -> str:
    shown = harmless(text).strip(" ")
    return shown if len(shown) <= longest else shown[: longest - 1] + _ELLIPSIS


def _parts(shown: str) -> Iterator[tuple[bool, str]]:
    """The text in parts, and whether each is shown as code. Neighbours that are code are one piece, with the blanks between them."""
    parts: list[tuple[bool, str]] = []
    for number, word in enumerate(re.split("( +)", shown)):
        if number % 2:
            parts.append((False, word))
        elif word and _is_code(word, is_first=not number):
            before, inner, after = _shell(word)
            parts += [(False, before), (True, inner), (False, after)]
        else:
            parts.append((False, word))
    kept = [part for part in parts if part[1]]
    for position in range(1, len(kept) - 1):
        if kept[position][1].isspace() and kept[position - 1][0] and kept[position + 1][0]:
            kept[position] = (True, kept[position][1])
    for is_code, group in groupby(kept, key=lambda part: part[0]):
        yield is_code, "".join(text for _, text in group)


def _is_code(word: str, *, is_first: bool) -> bool:
    return bool(_MEANS_MORE.search(word)) or (is_first and not _BEGINS_PLAINLY.match(word))


def _shell(word: str) -> tuple[str, str, str]:
    """`(aws_subnet.a),` -> `(`, `aws_subnet.a`, `),`: brackets and stops around a name are no part of it."""
    match = _AROUND.match(word)
    if match is None or not match[2]:
        return "", word, ""
    before, inner, after = match.groups()
    # What is opened inside is closed inside: `f(x)`.
    while after.startswith(")") and inner.count("(") > inner.count(")"):
        inner, after = inner + ")", after[1:]
    return before, inner, after
