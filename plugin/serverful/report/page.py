"""Lines of styled text with indents, wrapped to a width: what a terminal report is made of.

The same page comes out plain or painted, so colour never carries anything that words do not say.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from serverful.policy import Severity

if TYPE_CHECKING:
    from rich.console import Console

SEVERITY_STYLES = {Severity.HIGH: "bold red", Severity.MEDIUM: "bold yellow", Severity.LOW: "bold cyan", Severity.INFO: "bold blue"}

_QUOTED = re.compile(r"`[^`]+`")

Span = tuple[str, str]  # text, style ("" for none): "bold", "red", "bold red", "dim"


class Page:
    """Collects lines; `plain()` and `painted()` give them out. Texts come in harmless."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._lines: list[tuple[Span, ...]] = []

    def blank(self) -> None:
        """An empty line, never two in a row and never the first."""
        if self._lines and self._lines[-1]:
            self._lines.append(())

    def line(self, *spans: Span, indent: int = 0) -> None:
        """One line as it is: a heading with an address in it is better long than broken."""
        self._lines.append(((" " * indent, ""), *spans) if indent else spans)

    def text(self, text: str, style: str = "", *, indent: int = 0) -> None:
        """A paragraph, wrapped between words. Its own leading blanks deepen the indent and make it an item, whose later lines hang."""
        content = text.lstrip(" ")
        start = indent + len(text) - len(content)
        hang = "  " if content != text else ""
        room = max(self.width - start, 24)
        # What stands in backticks is to be pasted: its blanks are no place to break. NUL stands in for them, for no text holds it.
        held = _QUOTED.sub(lambda match: match[0].replace(" ", "\0"), content)
        if len(held) <= room and content.isprintable():
            wrapped = [held.rstrip(" ")]  # as textwrap would have it, in a hundredth of the time: most texts fit
        else:
            wrapped = textwrap.wrap(held, room, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
        for part in wrapped or [""]:
            self.line((part.replace("\0", " "), style), indent=start)

    def table(self, rows: Sequence[Sequence[Span]], *, indent: int = 0, gap: int = 2) -> None:
        """Columns as wide as their widest cell; the last one runs on."""
        widths = [max(len(text) for text, _ in column) for column in zip(*rows, strict=True)]
        for row in rows:
            padded = [(text.ljust(width + gap), style) for (text, style), width in zip(row[:-1], widths, strict=False)]
            self.line(*padded, row[-1], indent=indent)

    def plain(self) -> str:
        """The page without colours, without blanks at line ends, without a line break at the end."""
        return "\n".join("".join(text for text, _ in line).rstrip() for line in self._lines).rstrip("\n")

    def painted(self) -> str:
        """The same page with colours."""
        from rich.text import Text

        screen, console = _screen(self.width)
        for line in self._lines:
            text = Text.assemble(*(span if span[1] else span[0] for span in line))
            text.rstrip()
            console.print(text, soft_wrap=True)  # the lines are wrapped already
        return screen.getvalue().rstrip("\n")


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
