"""Whether the blocks of an outline are made, and what decides it in the words of whoever calls the module."""

from __future__ import annotations

from collections.abc import Iterable

from serverful.estate.read.convert import settled
from serverful.estate.read.follow import Scope, follow
from serverful.estate.read.instances import Instances, count_row
from serverful.estate.read.operators import because, truth
from serverful.estate.read.source import SourceBlock
from serverful.estate.read.term import Ref, Term, Undecided

ONLY_IF = "only_if"


def only_if(source: SourceBlock, known: Instances, why: Undecided | None, scope: Scope) -> tuple[Instances, Undecided | None]:
    """The instances of a block with `only_if`, and what decides whether they are made; of any other block, what is given.

    None where it is false. Where it is undecided, their number is what it would be, so that each keeps its place and its address.
    """
    wanted = source.attributes.get(ONLY_IF)
    if wanted is None:
        return known, why
    term = follow(wanted.expression, scope)
    answer = truth(term)
    if answer is False:
        return Instances("count", ()), None
    if known.kind == "one":
        known = Instances("count", (count_row(0),))
    return known, why if answer else because(ONLY_IF, term)


def is_off(source: SourceBlock, scope: Scope) -> bool:
    """Whether `only_if` is certainly false."""
    wanted = source.attributes.get(ONLY_IF)
    return wanted is not None and truth(follow(wanted.expression, scope)) is False


def as_given(why: Undecided, given: Iterable[Term]) -> Undecided:
    """What leaves something open in an outline, as the call says it: nobody who reads a report has seen the outline's own words.

    `given` are the values of its variables. Where none of them is open as a whole, what lies deepest is told.
    """
    values = [settled(term) for term in given]
    waiting: list[Term] = [why]
    last: Undecided | Ref = why
    while waiting:
        term = waiting.pop(0)
        if isinstance(term, (Undecided, Ref)):
            last = term
            if any(term is value or term == value for value in values):
                break
        if isinstance(term, Undecided):
            waiting += term.mentions
    return Undecided(last.expression, why.names, why.mentions, why.may_be_empty)
