"""`file`, `fileexists`, `templatefile` and `templatestring`: what the configuration reads from beside itself.

Only files inside the folder tree being read are opened, and none over 1 MB: a path that leads elsewhere is Undecided.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from serverful.estate.read.convert import settled
from serverful.estate.read.operators import because
from serverful.estate.read.term import Entries, Literal, Term, Undecided

if TYPE_CHECKING:
    from serverful.estate.read.follow import Scope

MAX_BYTES = 1_000_000


def text_of(path: Path, base: Path) -> str | None:
    """The text of a file inside the base; None for one elsewhere, one that is too large, no text, or not there."""
    path = path.resolve()
    try:
        if not path.is_relative_to(base.resolve()) or path.stat().st_size > MAX_BYTES:
            return None
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return None


def read(function: str, arguments: Sequence[Term], scope: Scope, text: str) -> Term:
    """What the call comes to: the text of the file, or of the template with its variables put in."""
    if not arguments:
        return Undecided(text, is_missing=True)
    if function == "templatestring":
        return _rendered(arguments[0], arguments[1:], scope, text)
    path = settled(arguments[0])
    if not isinstance(path, Literal) or not isinstance(path.value, str):
        return because(text, *arguments)
    content = scope.module.read_file(path.value)
    if function == "fileexists":
        return Literal(True) if content is not None else Undecided(text)
    if content is None:
        return Undecided(text, (path.value,))
    return Literal(content) if function == "file" else _rendered(Literal(content), arguments[1:], scope, text)


def _rendered(template: Term, arguments: Sequence[Term], scope: Scope, text: str) -> Term:
    from serverful.estate.read.follow import Scope, follow
    from serverful.estate.read.source_hcl import template_string

    source = settled(template)
    names = settled(arguments[0]) if arguments else Entries()
    if not isinstance(source, Literal) or not isinstance(source.value, str) or not isinstance(names, Entries) or names.rest:
        return because(text, template, *arguments)
    return follow(template_string(source.value), Scope(scope.module, dict(names.entries), scope.depth + 1))
