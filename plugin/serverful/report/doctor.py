"""What the doctor found, for people: one line each, then the commands that mend what is not well."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from serverful.doctor import Examined
from serverful.report.page import Page
from serverful.report.text import harmless


def examined_to_console(examined: Sequence[Examined], *, width: int = 100, painted: bool = False) -> str:
    """The list, and what to do."""
    page = Page(width, painted=painted)
    label = max((len(one.name) for one in examined), default=0)
    for one in examined:
        first, *rest = textwrap.wrap(harmless(" ".join(one.says.split())), max(width - label - 12, 30), break_long_words=False) or [""]
        state = ("ok".ljust(10), "bold green") if one.is_well else ("NOT WELL  ", "bold red")
        page.line(state, (harmless(one.name).ljust(label + 2), "bold"), (first, ""))
        for line in rest:
            page.line((line, ""), indent=label + 12)
    unwell = [one for one in examined if not one.is_well]
    page.blank()
    if not unwell:
        page.line(("All is well.", "bold green"))
        return str(page)
    page.line((f"{len(unwell)} of {len(examined)} things are not well.", "bold red"))
    commands = dict.fromkeys(command for one in unwell for command in one.mend)
    if commands:
        page.line(("To mend it, in this order:", ""))
        for command in commands:  # never wrapped: they are there to be pasted
            page.line((harmless(command), "bold"), indent=2)
    return str(page)
