"""How large a term is when it is written out, and where we stop.

A few lines of Terraform can stand for more than a computer holds: `b = "${a}${a}"`, `c = "${b}${b}"`, … doubles with each line, and loops
in loops multiply. Terms share their parts, so such a term is made in no time, and kills whoever walks through it. So every term knows its
size, no term grows beyond `MAX_SIZE`, and one root may not make us work beyond `MAX_WORK`. What lies beyond is undecided. No design of
anybody comes near: the largest map in our examples has a size of a few hundred.
"""

from __future__ import annotations

from collections.abc import Iterable

from serverful.estate.read.term import Encoded, Entries, Every, Items, Literal, Ref, Term, Text, Undecided

MAX_SIZE = 200_000
"""Parts of one term, each counted as often as it would be written. Walking through so many takes a tenth of a second."""

CHARACTERS_PER_PART = 16
"""Text of that length counts as one part more."""

MAX_WORK = 10_000_000
"""Parts of what functions are given and give back, over a whole root; they take less than a minute. 5,000 functions that each merge a map
of a hundred variables come to an eighth of it."""

TOO_MUCH = "computes more than serverful follows: loops in loops, or values that grow with each name."
"""What is said of a root that wants more."""

WORK_PER_ROW = 10
"""What one turn of a loop counts for."""


class Enormous(Exception):
    """What is asked for would be larger than `MAX_SIZE`. Caught in `follow`, where it becomes undecided."""


def size(term: Term) -> int:
    """The number of parts; counted once for each term, then remembered by it."""
    if isinstance(term, Literal):
        return 1 + len(term.value) // CHARACTERS_PER_PART if isinstance(term.value, str) else 1
    if isinstance(term, Ref):
        return 1
    if not term.counted:
        object.__setattr__(term, "counted", 1 + _within(term))  # frozen for everybody else
    return term.counted


def bounded(term: Term) -> Term:
    """The term itself. Raises Enormous when it is too large."""
    if size(term) > MAX_SIZE:
        raise Enormous
    return term


def all_bounded(terms: Iterable[Term]) -> int:
    """The size of them together. Raises Enormous when that is too large."""
    total = 0
    for term in terms:
        total += size(term)
        if total > MAX_SIZE:
            raise Enormous
    return total


def _within(term: Items | Entries | Text | Encoded | Every | Undecided) -> int:
    match term:
        case Items(items, rest):
            return sum(map(size, items)) + sum(map(size, rest))
        case Entries(entries, rest):
            return sum(map(size, entries.values())) + sum(map(size, rest))
        case Text(parts):
            return sum(map(size, parts))
        case Encoded(inner):
            return size(inner)
        case Every(inner, why):
            return size(inner) + size(why)
        case Undecided(mentions=mentions):
            return sum(map(size, mentions))
