"""Lines of styled text with indents, wrapped to a width: what a terminal report is made of.

The same page comes out plain or painted, so colour never carries anything that words do not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING

from serverful.policy import Severity

if TYPE_CHECKING:
    from rich.console import Console

SEVERITY_STYLES = {Severity.HIGH: "bold red", Severity.MEDIUM: "bold yellow", Severity.LOW: "bold cyan", Severity.INFO: "bold blue"}

_QUOTED = re.compile(r"`[^`]+`")
_NARROWEST = 24  # columns of a paragraph, however deep it is indented

Span = tuple[str, str]  # text, style ("" for none): "bold", "red", "bold red", "dim"


class Page:
    """Collects lines, plain or with colours. Texts come in harmless. One that `folds` wraps headings too."""

    def __init__(self, width: int, *, painted: bool = False, folds: bool = False) -> None:
        self.width = width
        self._folds = folds
        self._lines: list[str] = []  # as they are shown: of a large run there are half a million
        self._brush = _Brush(width) if painted else None

    def blank(self) -> None:
        """An empty line, never two in a row and never the first."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def line(self, *spans: Span, indent: int = 0) -> None:
        """One line as it is, without blanks at its end: a heading with an address in it is better long than broken."""
        if self._brush is not None and any(style for _, style in spans):
            self._lines.append(" " * indent + self._brush.painted(spans))
        else:
            self._lines.append((" " * indent + "".join([text for text, _ in spans])).rstrip())

    def heading(self, *spans: Span, indent: int = 0) -> None:
        """Words of ours in one line, so that a log can be searched for them; at a terminal, which would break them anywhere, wrapped."""
        whole = "".join([text for text, _ in spans])
        if not self._folds or indent + len(whole) <= self.width:
            self.line(*spans, indent=indent)
            return
        styles = [style for text, style in spans for _ in text]
        room, start = max(self.width - indent, _NARROWEST), 0
        for number, part in enumerate(_wrapped(whole, room, room - 2)):
            start = whole.index(part, start)
            runs = groupby(zip(part, styles[start:], strict=False), key=lambda pair: pair[1])
            self.line(*(("".join(letter for letter, _ in run), style) for style, run in runs), indent=indent + (2 if number else 0))
            start += len(part)

    def text(self, text: str, style: str = "", *, indent: int = 0) -> None:
        """A paragraph, wrapped between words. Its own leading blanks deepen the indent and make it an item, whose later lines hang."""
        content = text.lstrip(" ")
        start = indent + len(text) - len(content)
        hang = 2 if content != text else 0
        room = max(self.width - start, _NARROWEST)
        if len(content) <= room:
            self.line((content, style), indent=start)
            return
        # What stands in backticks is to be pasted: its blanks are no place to break. NUL stands in for them, for no text holds it.
        held = _QUOTED.sub(lambda match: match[0].replace(" ", "\0"), content) if "`" in content else content
        for number, part in enumerate(_wrapped(held, room, room - hang)):
            self.line((part.replace("\0", " "), style), indent=start + hang if number else start)

    def table(self, rows: Sequence[Sequence[Span]], *, indent: int = 0, gap: int = 2) -> None:
        """Columns as wide as their widest cell; the last one runs on."""
        widths = [max(len(text) for text, _ in column) for column in zip(*rows, strict=True)]
        for row in rows:
            padded = [(text.ljust(width + gap), style) for (text, style), width in zip(row[:-1], widths, strict=False)]
            self.line(*padded, row[-1], indent=indent)

    def __str__(self) -> str:
        """The page as it is shown, without a line break at the end."""
        return "\n".join(self._lines).rstrip("\n")


def _wrapped(text: str, first: int, others: int) -> Iterator[str]:
    """Lines of at most so many characters, broken at blanks alone: a path or an address that is longer than a line stays whole.

    `textwrap` does the same in ten times the time, and a large run has hundreds of thousands of paragraphs.
    """
    line, room = "", first
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if len(longer) <= room or not line:
            line = longer
        else:
            yield line.rstrip(" ")
            line, room = word, others
    yield line.rstrip(" ")


class _Brush:
    """Paints lines with rich, which is imported only when somebody does."""

    def __init__(self, width: int) -> None:
        self._screen, self._console = _screen(width)

    def painted(self, spans: Sequence[Span]) -> str:
        from rich.text import Text

        text = Text.assemble(*(span if span[1] else span[0] for span in spans))
        text.rstrip()
        self._console.print(text, soft_wrap=True, end="")  # the lines are wrapped already
        line = self._screen.getvalue()
        self._screen.seek(0)
        self._screen.truncate()
        return line


def paint_markdown(markdown: str, width: int) -> str:
    """A page of Markdown as a terminal shows it best."""
    from rich.markdown import Markdown

    screen, console = _screen(width)
    console.print(Markdown(markdown, code_theme="ansi_dark"))
    return screen.getvalue()


def _screen(width: int) -> tuple[StringIO, Console]:
    """Something to paint on. rich is imported only when somebody does."""
    from rich.console import Console

    # Sixteen colours, so that the reader's own palette decides; no markup and no highlighting, so that nothing read from Terraform is
    # taken for an instruction.
    screen = StringIO()
    return screen, Console(
        file=screen,
        force_terminal=True,
        color_system="standard",
        width=width,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
