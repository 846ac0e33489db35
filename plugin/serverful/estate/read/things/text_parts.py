"""Texts with unknown parts, such as names and ARNs: what they are made of, and where they are cut.

`"${var.stage}-orders:live"` is a name of two parts, of which one is unknown, and a qualifier. Two texts made of equal parts are equal,
whatever their unknown parts come to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from serverful.estate.read import convert
from serverful.estate.read.term import Encoded, Entries, Every, Items, Literal, Ref, Term, Text, Undecided, shown, sources

HOLE = "\ufffc"  # stands for an unknown part; the object replacement character, which no name and no ARN has


def flat(term: Term) -> Iterator[Term]:
    """The parts of a text; references to what is written somewhere are opened, null is no part."""
    inner = convert.settled(term)
    match inner:
        case Literal(None):
            return
        case Literal(value):
            yield Literal(str(value))
        case Text(parts):
            for part in parts:
                yield from flat(part)
        case Items(items=(only,), rest=()) | Every(only, _):
            yield from flat(only)
        case Undecided():
            yield inner
        case _:
            yield term


def rendered(parts: Sequence[Term]) -> str:
    return "".join(str(part.value) if isinstance(part, Literal) else HOLE for part in parts)


def key(parts: Sequence[Term]) -> str:
    """What a text is made of: equal for two texts that Terraform makes equal, whatever their unknown parts come to."""
    return "".join(str(part.value) if isinstance(part, Literal) else f"\0{_identity(part)}\0" for part in parts)


def _identity(term: Term) -> str:
    if isinstance(term, Ref):
        return term.expression
    if not isinstance(term, Undecided):
        return shown(term)
    # The same words may be written in every block that repeats, and `var.it.name` in every call of a module. The first name is where it
    # comes from; what it passes through on its way is added behind.
    is_repeated = term.expression.startswith(("each.", "count.", "key of "))
    own = term.names if is_repeated else term.names[:1]
    return "|".join([term.expression, *own, *sources(term), *_leaves(term)])


def _leaves(term: Term) -> Iterator[str]:
    """The known texts and references that an unknown part is computed of: `substr("${var.env}-${var.name}", 0, 64)` is written alike in
    every call of a module, and comes to as many names."""
    match term:
        case Literal():
            yield shown(term)
        case Ref():
            yield term.expression
        case Text(parts) | Undecided(mentions=parts):
            for part in parts:
                yield from _leaves(part)
        case Items(items, rest):
            for part in (*items, *rest):
                yield from _leaves(part)
        case Entries(entries, rest):
            for part in (*entries.values(), *rest):
                yield from _leaves(part)
        case Encoded(inner) | Every(inner, _):
            yield from _leaves(inner)


def after(parts: Sequence[Term], separator: re.Pattern[str]) -> tuple[Term, ...]:
    """What stands behind the first match in a known part; nothing where there is none."""
    for position, part in enumerate(parts):
        match = separator.search(str(part.value)) if isinstance(part, Literal) else None
        if match is not None and isinstance(part, Literal):
            return tuple(_known(str(part.value)[match.end() :])) + tuple(parts[position + 1 :])
    return ()


def before(parts: Sequence[Term], separator: re.Pattern[str]) -> tuple[Term, ...]:
    """What stands before the first match in a known part; everything where there is none."""
    for position, part in enumerate(parts):
        match = separator.search(str(part.value)) if isinstance(part, Literal) else None
        if match is not None and isinstance(part, Literal):
            return tuple(parts[:position]) + tuple(_known(str(part.value)[: match.start()]))
    return tuple(parts)


def split(parts: Sequence[Term]) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """Name and qualifier, at the first colon."""
    colon = re.compile(":")
    return before(parts, colon), after(parts, colon)


def _known(text: str) -> Iterator[Literal]:
    if text:
        yield Literal(text)
