"""Markdown as people see it: rendered by markdown-it (CommonMark with GitHub's tables, strike-through and links, raw HTML kept)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from markdown_it import MarkdownIt

VOID = {"br", "hr", "img", "input"}

# What GitHub or GitLab find in the text that is left after rendering, outside of code: mentions, references, emoji, formulas, links.
FOUND_LATER = re.compile(r"@\w|#\d|\bGH-\d|[!&]\d|[~^%]\w|%\"|\$|:[\w+-]+:|://|\bwww\.|\b[A-Z]+-\d|\[\[|\{\{", re.IGNORECASE)


@dataclass
class Rendered(HTMLParser):
    """`tags` are those of the structure, in order, with attributes, without `code`; `text` is all that is shown, `plain` are the texts that
    are not code.
    """

    tags: list[str] = field(default_factory=list)
    text: str = ""
    plain: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "code":
            self.tags.append(" ".join([tag, *(f"{name}={value}" for name, value in attrs)]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()
        if tag != "code":
            self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.text += data
        if "code" not in self.open:
            self.plain.append(data)

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.tags.append("declaration")

    def unknown_decl(self, data: str) -> None:
        self.tags.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.tags.append("instruction")


@cache
def renderer() -> MarkdownIt:
    return MarkdownIt("gfm-like", {"html": True, "linkify": True})


def html(markdown: str) -> str:
    return str(renderer().render(markdown))


def rendered(markdown: str) -> Rendered:
    """Raises where a tag is not closed."""
    return of_html(html(markdown))


def of_html(text: str) -> Rendered:
    made = Rendered()
    made.feed(text)
    made.close()
    assert made.open == [], made.open
    return made
